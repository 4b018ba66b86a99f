"""Differences in an editor's words: what a page shows of guide.flow.differences."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import models as db
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guide import models
from guide.conditions_in_words import in_words
from guide.flow.content import Guide, Term
from guide.flow.differences import (
    Change,
    Difference,
    FieldChange,
    Fields,
    Key,
    Move,
    Piece,
    RowChange,
    Rows,
    compare_words,
    key_of,
)
from guide.languages import html_language
from guide.rows import LAST, fields_in_order, text_columns
from guide.translations import SOURCE_LANGUAGE, column

# In the order in which editors think of them.
SECTIONS: tuple[type[db.Model], ...] = (
    models.Question,
    models.Choice,
    models.RetiredCode,
    models.Step,
    models.Operator,
    models.Channel,
    models.OperatorFact,
    models.CardType,
    models.FaqEntry,
    models.GlossaryEntry,
    models.Letter,
    models.Identifier,
    models.Source,
)
CONDITIONS = ("operators", "except_operators", "card_types", "answers")
# Which rows a field of codes speaks of.
SPOKEN_OF: dict[str, type[db.Model]] = {
    "operator": models.Operator,
    "question": models.Question,
    "operators": models.Operator,
    "except_operators": models.Operator,
    "card_types": models.CardType,
    "answers": models.Choice,
    "sources": models.Source,
    "requires": models.Step,
    "letters": models.Letter,
}
# What a row is called: the first of these fields that has a text.
NAMED_BY = ("name", "title", "label", "question", "term", "purpose")
# More rows than this are shown folded, and longer rows too.
MOST_OPEN_ROWS = 15
LONGEST_OPEN_ROW = 1500
# Of a longer stretch without a change only the ends are shown.
LONGEST_STRETCH = 240
LEFT_AT_AN_END = 90

Names = Mapping[tuple[str, Key], str]
# Addresses of rows' forms by the name of the model and the natural key.
Addresses = Mapping[tuple[str, Key], str]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two versions that are compared."""

    rows: Rows
    guide: Guide


@dataclass(frozen=True, kw_only=True)
class FieldShown:
    """One field: either a text piece by piece, or what a list lost and got."""

    label: str
    language: str = ""  # its name; empty: no translated text
    language_code: str = ""
    pieces: tuple[Piece, ...] = ()
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RowShown:
    """One row with its changed fields."""

    change: Change
    kind: str
    name: str
    code: str
    address: str
    fields: tuple[FieldShown, ...]
    shown_before: str  # its condition as a sentence; empty: the same before and after
    shown_after: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class Section:
    """All changes to one kind of row."""

    title: str
    rows: tuple[RowShown, ...]
    moves: tuple[str, ...]
    counts: Mapping[Change, int]


def sections(
    difference: Difference,
    *,
    before: Side,
    after: Side,
    addresses: Addresses | None = None,
) -> list[Section]:
    """
    Return what differs, ready to be shown.

    Args:
        difference: Of the rows of both sides.
        before: The older side.
        after: The newer side.
        addresses: Where rows can be edited; rows that are gone have no address.
    """
    names = names_of(before.rows) | names_of(after.rows)
    is_short = difference.count(Change.CHANGED) <= MOST_OPEN_ROWS
    found = []
    for model in SECTIONS:
        label = model._meta.label_lower
        changes = [row for row in difference.rows if row.model == label]
        moves = [move for move in difference.moves if move.model == label]
        rows = tuple(
            _row_shown(
                row,
                model,
                before=before.guide,
                after=after.guide,
                names=names,
                address=(addresses or {}).get((label, row.key), ""),
                may_open=is_short,
            )
            for row in changes
        )
        if rows or moves:
            found.append(
                Section(
                    title=capfirst(str(model._meta.verbose_name_plural)),
                    rows=rows,
                    moves=tuple(_move_in_words(move, names) for move in moves),
                    counts={
                        change: sum(row.change is change for row in rows)
                        for change in Change
                    },
                )
            )
    return found


def size_in_words(difference: Difference) -> str:
    """Return how much differs, such as “3 changed, 1 added”."""
    parts = [
        (difference.count(Change.CHANGED), _("%(count)d changed")),
        (difference.count(Change.ADDED), _("%(count)d added")),
        (difference.count(Change.REMOVED), _("%(count)d removed")),
        (len(difference.moves), _("%(count)d moved")),
    ]
    said = [words % {"count": count} for count, words in parts if count]
    return ", ".join(said) or _("no difference")


# Rows


def _row_shown(
    row: RowChange,
    model: type[db.Model],
    *,
    before: Guide,
    after: Guide,
    names: Names,
    address: str,
    may_open: bool,
) -> RowShown:
    fields = tuple(
        _field_shown(field, model, row.change, names) for field in _readable(row, model)
    )
    length = sum(len(piece.text) for field in fields for piece in field.pieces)
    shown_before = in_words(terms_of(row.before), before) if row.before else ""
    shown_after = in_words(terms_of(row.after), after) if row.after else ""
    if not any(field.name in CONDITIONS for field in row.fields):
        shown_before = shown_after = ""
    return RowShown(
        change=row.change,
        kind=capfirst(str(model._meta.verbose_name)),
        name=names[row.model, row.key],
        code=": ".join(row.key),
        address="" if row.after is None else address,
        fields=fields,
        shown_before=shown_before,
        shown_after=shown_after,
        is_open=may_open and row.change is Change.CHANGED and length < LONGEST_OPEN_ROW,
    )


def _readable(row: RowChange, model: type[db.Model]) -> Iterator[FieldChange]:
    """Yield fields in the order in which people read them, less what says nothing."""
    order = {name: i for i, name in enumerate(fields_in_order(model))}
    # Publications of earlier days may have fields that are no more.
    known = [field for field in row.fields if field.name in order]
    for field in sorted(known, key=lambda field: order[field.name]):
        declared = model._meta.get_field(field.name)
        is_usual = field.name in LAST and declared.get_default() in (
            field.before,
            field.after,
        )
        # The heading names the code, and a sentence the conditions of a new row.
        said = field.name == "slug" or field.name in CONDITIONS or is_usual
        if row.change is Change.CHANGED or not said:
            yield field


def terms_of(fields: Fields) -> tuple[Term, ...]:
    """Return the condition of a row, as `guide.compiling` would make it."""
    codes: dict[str, list[str]] = {}
    for name, question in (("operators", "operator"), ("card_types", "card")):
        for (code,) in fields.get(name) or ():
            codes.setdefault(question, []).append(code)
    for question, code in fields.get("answers") or ():
        codes.setdefault(question, []).append(code)
    terms = [Term(question, tuple(listed)) for question, listed in codes.items()]
    excluded = tuple(code for (code,) in fields.get("except_operators") or ())
    if excluded:
        terms.append(Term("operator", excluded, excluding=True))
    return tuple(terms)


def names_of(rows: Rows) -> dict[tuple[str, Key], str]:
    """Return what each row is called, by model and natural key."""
    found: dict[tuple[str, Key], str] = {}
    for label in (model._meta.label_lower for model in SECTIONS):
        for fields in rows.get(label, ()):
            found[label, key_of(fields)] = _name(label, fields)
    for name in ("channel", "operatorfact"):
        for fields in rows.get(f"guide.{name}", ()):
            operator = found.get(("guide.operator", tuple(fields["operator"])), "")
            key = f"guide.{name}", key_of(fields)
            found[key] = f"{operator}: {found[key]}"
    for fields in rows.get("guide.choice", ()):
        question = found.get(("guide.question", tuple(fields["question"])), "")
        key = "guide.choice", key_of(fields)
        found[key] = f"{question} {found[key]}"
    return found


def _name(label: str, fields: Fields) -> str:
    if label == "guide.source":
        return f"{fields.get('publisher')}: {fields.get('title')}"
    if label == "guide.channel":
        purpose = _choice_in_words(models.Channel, "purpose", fields.get("purpose"))
        return (
            f"{purpose}, {_choice_in_words(models.Channel, 'kind', fields.get('kind'))}"
        )
    if label == "guide.operatorfact":
        return _choice_in_words(models.OperatorFact, "topic", fields.get("topic"))
    if label == "guide.retiredcode":
        return f"{fields['slug']} → {fields.get('replacement')}"
    languages = dict.fromkeys((get_language() or SOURCE_LANGUAGE, SOURCE_LANGUAGE))
    for field in NAMED_BY:
        for name in (*(column(field, language) for language in languages), field):
            if isinstance(fields.get(name), str) and fields[name]:
                return str(fields[name])
    return str(fields["slug"])


# Fields


def _field_shown(
    field: FieldChange, model: type[db.Model], change: Change, names: Names
) -> FieldShown:
    name, language = text_columns(model).get(field.name, (field.name, ""))
    declared = model._meta.get_field(name)
    label = capfirst(str(declared.verbose_name))
    if language or _is_text(declared):
        return FieldShown(
            label=label,
            language=str(dict(settings.LANGUAGES).get(language, "")),
            language_code=html_language(language),
            pieces=_pieces(field, change),
        )
    removed = _values(declared, field.before, names)
    added = _values(declared, field.after, names)
    return FieldShown(
        label=label,
        removed=tuple(value for value in removed if value not in added),
        added=tuple(value for value in added if value not in removed),
    )


def _is_text(field: db.Field) -> bool:
    return isinstance(field, db.CharField | db.TextField) and not field.choices


def _pieces(field: FieldChange, change: Change) -> tuple[Piece, ...]:
    if change is Change.CHANGED:
        pieces = compare_words(str(field.before or ""), str(field.after or ""))
        return tuple(_shortened(pieces))
    # The whole row is new or gone: marking each word would only be noise.
    text = field.after if change is Change.ADDED else field.before
    return (Piece(Change.SAME, str(text)),)


def _shortened(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Yield pieces; of what stayed the same only what stands beside a change."""
    for i, piece in enumerate(pieces):
        if piece.change is not Change.SAME or len(piece.text) <= LONGEST_STRETCH:
            yield piece
            continue
        start = "" if i == 0 else piece.text[:LEFT_AT_AN_END]
        end = "" if i == len(pieces) - 1 else piece.text[-LEFT_AT_AN_END:]
        yield Piece(Change.SAME, f"{start} … {end}")


def _values(field: db.Field, value: object, names: Names) -> list[str]:
    """Return a value as the words that a form shows for it, one or several."""
    if value is None:
        return []
    if field.name in SPOKEN_OF:
        label = SPOKEN_OF[field.name]._meta.label_lower
        keys = value if field.many_to_many else [value]
        return [names.get((label, tuple(key)), ": ".join(key)) for key in keys]
    if field.name == "outdated":
        return [
            f"{dict(settings.LANGUAGES).get(language, language)}: "
            f"{field.model._meta.get_field(text).verbose_name}"
            for text, languages in value.items()
            for language in languages
        ]
    if field.name == "topics":
        return [str(dict(models.Topic.choices).get(topic, topic)) for topic in value]
    if isinstance(value, list):
        return [str(item) for item in value]
    return [_value_in_words(field, value)]


def _value_in_words(field: db.Field, value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, db.DateField):
        return date_format(parse_date(str(value)))
    return str(dict(field.flatchoices).get(value, value))


def _choice_in_words(model: type[db.Model], name: str, value: object) -> str:
    return _value_in_words(model._meta.get_field(name), value)


# Order


def _move_in_words(move: Move, names: Names) -> str:
    name = names[move.model, move.key]
    if move.behind is None:
        return _("“%(name)s” now comes first.") % {"name": name}
    behind = names[move.model, move.behind]
    return _("“%(name)s” now comes after “%(other)s”.") % {
        "name": name,
        "other": behind,
    }
