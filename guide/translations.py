"""Translated texts: which there are, which are missing, which are outdated."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from django.conf import settings
from django.db import models as db
from django.utils.translation import gettext as _
from modeltranslation.manager import get_translatable_fields_for_model

from guide import models

LANGUAGES = settings.LANGUAGES
SOURCE_LANGUAGE = settings.MODELTRANSLATION_DEFAULT_LANGUAGE
TARGET_LANGUAGES = tuple(code for code, _name in LANGUAGES if code != SOURCE_LANGUAGE)

# The first part of a text's identity, in the order in which visitors meet the texts.
KINDS: dict[str, type[db.Model]] = {
    "question": models.Question,
    "answer": models.Choice,
    "card-type": models.CardType,
    "step": models.Step,
    "operator": models.Operator,
    "channel": models.Channel,
    "fact": models.OperatorFact,
    "faq-entry": models.FaqEntry,
    "glossary-entry": models.GlossaryEntry,
    "letter": models.Letter,
    "identifier": models.Identifier,
}

# Fields that guide.compiling turns into HTML; the others are shown as they are.
MARKDOWN_FIELDS = frozenset(
    {
        ("question", "help"),
        ("question", "how"),
        ("step", "body"),
        ("step", "plan_b"),
        ("operator", "status_note"),
        ("channel", "detail"),
        ("fact", "text"),
        ("faq-entry", "answer"),
        ("letter", "enclose"),
        ("letter", "send"),
        ("identifier", "where"),
        ("glossary-entry", "meaning"),
    }
)

# What a text on the screen has no use for; some of it no XML file can hold.
INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")

# By language: how many are missing, how many are outdated, and of how many.
Counts = dict[str, tuple[int, int, int]]


class State(StrEnum):
    """How far a translation is."""

    MISSING = "missing"
    OUTDATED = "outdated"  # made from an older source text
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """One text of the draft and its translation into one language."""

    kind: str
    code: str  # of its row; an answer's is "question:answer"
    field: str
    language: str
    pk: int  # of its row
    source: str
    text: str  # "" while it is missing
    made_from: str | None  # the older source text of an outdated translation
    name: str  # of its row, in the source language
    about: tuple[tuple[str, str], ...]  # what else tells where it stands
    label: str  # of its field
    max_length: int | None

    @property
    def identity(self) -> str:
        """Return the name of the text in translators' files; it never changes."""
        return f"{self.kind}/{self.code}/{self.field}"

    @property
    def state(self) -> State:
        """Return how far the translation is."""
        return state_of(self.source, self.text, self.made_from)

    @property
    def is_markdown(self) -> bool:
        """Tell whether visitors see it with paragraphs, lists and links."""
        return (self.kind, self.field) in MARKDOWN_FIELDS


def column(field: str, language: str) -> str:
    """Return the attribute that holds *field* in *language*."""
    return f"{field}_{language.replace('-', '_')}"


def fields_of(model: type[db.Model]) -> list[str]:
    """Return the translated fields of a model, in the order of the model."""
    translated = set(get_translatable_fields_for_model(model) or ())
    return [field.name for field in model._meta.fields if field.name in translated]


def texts_of(row: db.Model) -> dict[tuple[str, str], str]:
    """Return all texts of a row by field and language; "" where there is none."""
    return {
        (field, language): getattr(row, column(field, language)) or ""
        for field in fields_of(type(row))
        for language, _name in LANGUAGES
    }


def tidy(text: str) -> str:
    """
    Return *text* as texts are compared and carried in files.

    Browsers, spreadsheets and editors change line ends, the blanks around a text and
    how "é" is put together; nobody who reads the text sees any of it.
    """
    text = INVISIBLE.sub("", LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip()


def state_of(source: str, text: str, made_from: str | None) -> State:
    """
    Return how far a translation is.

    Args:
        source: The source text of now.
        text: The translation.
        made_from: The source text noted for an outdated translation, or None.
    """
    if not tidy(text):
        return State.MISSING
    if made_from is None or tidy(made_from) == tidy(source):
        return State.DONE
    return State.OUTDATED


def keep_track(
    row: db.Model,
    before: Mapping[tuple[str, str], str],
    still_right: Iterable[tuple[str, str]] = (),
) -> None:
    """
    Note on *row*, not yet saved, which of its translations its source has left behind.

    Args:
        row: The row with its new texts.
        before: Its texts before, as `texts_of` returned them; empty for a new row.
        still_right: Field and language of translations that somebody has compared with
            the new source and left as they are.
    """
    checked = set(still_right)
    after = texts_of(row)
    outdated: dict[str, dict[str, str]] = {}
    for (field, language), text in after.items():
        if language == SOURCE_LANGUAGE or not tidy(text):
            continue
        source_now = after[field, SOURCE_LANGUAGE]
        made_from = row.outdated.get(field, {}).get(
            language, before.get((field, SOURCE_LANGUAGE), source_now)
        )
        is_new = tidy(text) != tidy(before.get((field, language), ""))
        # Without an older source there is nothing that the translation fell behind.
        is_current = not tidy(made_from) or tidy(made_from) == tidy(source_now)
        if is_new or (field, language) in checked or is_current:
            continue
        outdated.setdefault(field, {})[language] = made_from
    row.outdated = outdated


def counts() -> Counts:
    """
    Count the translations of the draft; one query a kind.

    Returns:
        For each target language how many are missing, how many are outdated, and how
        many texts there are to translate.
    """
    missing = dict.fromkeys(TARGET_LANGUAGES, 0)
    outdated = dict.fromkeys(TARGET_LANGUAGES, 0)
    total = 0
    for model in KINDS.values():
        fields = fields_of(model)
        columns = [column(field, code) for field in fields for code, _name in LANGUAGES]
        rows = model._default_manager.order_by().values(*columns, "outdated")
        for row, field in product(rows, fields):
            source = row[column(field, SOURCE_LANGUAGE)] or ""
            if not tidy(source):
                continue
            total += 1
            for language in TARGET_LANGUAGES:
                text = row[column(field, language)] or ""
                made_from = row["outdated"].get(field, {}).get(language)
                state = state_of(source, text, made_from)
                missing[language] += state == State.MISSING
                outdated[language] += state == State.OUTDATED
    return {lang: (missing[lang], outdated[lang], total) for lang in TARGET_LANGUAGES}


def translations(language: str) -> list[Translation]:
    """Return all texts of the draft that have a source, with their translations."""
    return [
        translation
        for kind in KINDS
        for row in rows_of(kind)
        for translation in _translations_of(kind, row, language)
    ]


def rows_of(kind: str) -> db.QuerySet:
    """Return the rows of a kind, in the order in which editors put them."""
    model = KINDS[kind]
    parents = [field.name for field in model._meta.fields if field.many_to_one]
    rows = model._default_manager.all()
    return rows.select_related(*parents) if parents else rows


def code_of(row: db.Model) -> str:
    """Return the code that stands for a row in the identity of its texts."""
    return ":".join(row.natural_key())


def find(identity: str, language: str) -> Translation | None:
    """Return the text of that identity; None if there is none."""
    kind, _slash, rest = identity.partition("/")
    if kind not in KINDS:
        return None
    try:
        key = rest.rpartition("/")[0].split(":")
        row = KINDS[kind]._default_manager.get_by_natural_key(*key)
    except (KINDS[kind].DoesNotExist, TypeError):
        return None
    found = _translations_of(kind, row, language)
    return next((one for one in found if one.identity == identity), None)


def _translations_of(kind: str, row: db.Model, language: str) -> Iterator[Translation]:
    name, about = None, ()
    for field in fields_of(type(row)):
        source = getattr(row, column(field, SOURCE_LANGUAGE)) or ""
        if not tidy(source):
            continue
        if name is None:
            name, about = _describe(kind, row)
        noted = type(row)._meta.get_field(field)
        text = getattr(row, column(field, language)) or ""
        made_from = row.outdated.get(field, {}).get(language)
        is_outdated = state_of(source, text, made_from) == State.OUTDATED
        yield Translation(
            kind=kind,
            code=code_of(row),
            field=field,
            language=language,
            pk=row.pk,
            source=source,
            text=text,
            made_from=made_from if is_outdated else None,
            name=name,
            about=about,
            label=str(noted.verbose_name),
            max_length=noted.max_length,
        )


def _describe(kind: str, row: db.Model) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the name of a row and what tells a translator where it stands."""
    match kind:
        case "question":
            return row.title_en, ()
        case "answer":
            return row.label_en, ((_("Answer to"), row.question.title_en),)
        case "card-type":
            return row.name_en, ()
        case "step":
            return row.title_en, ((_("Phase"), row.get_phase_display()),)
        case "operator":
            return row.name, ()
        case "channel":
            about = [(_("What it is for"), row.get_purpose_display())]
            if row.screen_path:
                about.append((_("Labels on the screen"), row.screen_path))
            return f"{row.operator.name}: {row.get_kind_display()}", tuple(about)
        case "fact":
            return f"{row.operator.name}: {row.get_topic_display()}", ()
        case "faq-entry":
            return row.question_en, ()
        case "glossary-entry":
            words = ", ".join(filter(None, (row.dutch, row.french, row.german)))
            return row.term_en, (((_("On bills and screens"), words),) if words else ())
        case "letter":
            return row.title_en or row.subject_en, ()
        case "identifier":
            return row.name_en, ((_("In letters"), f"{{{row.slug}}}"),)
    msg = f"“{kind}” is no kind of text."
    raise ValueError(msg)
