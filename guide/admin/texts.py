"""What a text may hold, and in which columns it stands."""

import re
from collections.abc import Iterator, Sequence, Set
from difflib import get_close_matches
from urllib.parse import urlsplit

from django.db import models as db
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from modeltranslation.manager import get_translatable_fields_for_model

from guide.conditions_in_words import any_of
from guide.flow.audit import PLACEHOLDERS
from guide.translations import (
    KINDS,
    MARKDOWN_FIELDS,
    SOURCE_LANGUAGE,
    TARGET_LANGUAGES,
    column,
)

LANGUAGES = (SOURCE_LANGUAGE, *TARGET_LANGUAGES)
# The ways a link may lead; publishing drops all others.
SCHEMES = ("https", "http", "mailto", "tel")
# Texts that publishing reads as Markdown; all others are shown as they stand.
MARKDOWN_TEXTS = frozenset(
    (KINDS[kind]._meta.model_name, field) for kind, field in MARKDOWN_FIELDS
)
# What would be markup elsewhere, and is none in texts shown as they stand.
HTML = re.compile(r"</?[a-zA-Z][^<>]*>?|<!--")
BOLD = re.compile(r"\*\*[^\s*][^*\n]*\*\*")  # no code such as **21*number#


def _markdown_reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": True})
    # Publishing shows links that it refuses as plain text; here they must be found.
    reader.validateLink = lambda _url: True
    return reader


READER = _markdown_reader()


def fields_of(model: type[db.Model]) -> tuple[str, ...]:
    """Return the names of the translated fields of a model, in their own order."""
    return tuple(get_translatable_fields_for_model(model) or ())


def columns_of(model: type[db.Model]) -> dict[str, tuple[str, str]]:
    """Return field and language of each column that holds a translated text."""
    return {
        column(field, language): (field, language)
        for field in fields_of(model)
        for language in LANGUAGES
    }


def problems_in(
    text: str,
    *,
    is_markdown: bool,
    known: Set[str] = PLACEHOLDERS,
    elsewhere: Set[str] = frozenset(),
) -> list[str]:
    """
    Return what an editor must mend in a text.

    Args:
        text: One text in one language.
        is_markdown: Whether publishing reads it as Markdown.
        known: What may stand in braces.
        elsewhere: What may stand in braces in other texts of the same row only.

    Returns:
        Sentences that say what is wrong and what to do; none for a good text.
    """
    look = _markdown if is_markdown else _plain
    return [*_placeholders(text, known, elsewhere), *look(text)]


def folds_in(text: str) -> int:
    """Return how many lines a Markdown text has at which it may fold."""
    return sum(token.type == "hr" for token in READER.parse(text))


def fold_problem(source: str, text: str) -> str:
    """Return what is wrong where a translation folds, "" if nothing is."""
    wanted, found = folds_in(source), folds_in(text)
    if found < wanted:
        return _(
            "The English text has a line “---”, at which it folds; this translation "
            "has none there. Put that line at the same place, with an empty line "
            "before and after."
        )
    if found > wanted:
        return _(
            "This translation has a line “---”, at which it folds, where the English "
            "text has none. Take that line out."
        )
    return ""


def _placeholders(text: str, known: Set[str], elsewhere: Set[str]) -> Iterator[str]:
    found = set(re.findall(r"\{[^}]*\}?", text))
    if found & elsewhere:
        yield _(
            "%(found)s can only stand in the subject and the paragraphs of the letter. "
            "Write here in words what is meant."
        ) % {"found": ", ".join(sorted(found & elsewhere))}
    wrong = sorted(found - known - elsewhere)
    if wrong and known > PLACEHOLDERS:
        yield _no_identifiers(wrong, known)
        return
    for one in wrong:
        yield _(
            "Nothing can fill in “%(found)s”. Use %(known)s, or write it without "
            "curly brackets."
        ) % {"found": one, "known": ", ".join(sorted(known))}


def _no_identifiers(wrong: Sequence[str], known: Set[str]) -> str:
    """Name what is no identifier, and what was perhaps meant: there are many."""
    meant = list(dict.fromkeys(filter(None, (_nearest(one, known) for one in wrong))))
    said = [_("Nothing can fill in %(found)s.") % {"found": ", ".join(wrong)}]
    if meant:
        said.append(_("Did you mean %(meant)s?") % {"meant": any_of(meant)})
    said.append(_("Use the code of an identifier, or write it without curly brackets."))
    return format_html(
        '{} <a href="{}" target="_blank">{}</a>',
        " ".join(said),
        reverse("admin:guide_identifier_changelist"),
        _("All identifiers (opens a new window)"),
    )


def _nearest(found: str, known: Set[str]) -> str:
    """Return what was perhaps meant, "" when nothing is near."""
    wanted = "".join(found.lower().split())
    near = get_close_matches(wanted, sorted(known), n=1)
    return near[0] if near else ""


def _plain(text: str) -> Iterator[str]:
    if html := HTML.search(text):
        yield _(
            "“%(found)s” is HTML, which visitors would see as it stands. Take it out."
        ) % {"found": html[0][:60]}
    if bold := BOLD.search(text):
        yield _(
            "This text is shown as it stands: visitors would see the asterisks of "
            "“%(found)s”. Take them out."
        ) % {"found": bold[0][:60]}


def _markdown(text: str) -> Iterator[str]:
    has_html = False
    tokens = READER.parse(text)
    for token, inside in zip(tokens, [*tokens[1:], None], strict=False):
        if token.type == "heading_open" and inside:
            yield _heading(inside.content, token.markup)
        for part in (token, *(token.children or ())):
            if part.type in {"html_block", "html_inline"} and not has_html:
                has_html = True
                yield _(
                    "“%(found)s” is HTML, which visitors would see as it stands. Write "
                    "**bold**, *emphasis*, lists with - and links as [text](address)."
                ) % {"found": part.content.strip()[:60]}
            if part.type == "link_open":
                address = str(part.attrGet("href") or "")
                if urlsplit(address).scheme.lower() not in SCHEMES:
                    yield _(
                        "The link to “%(address)s” leads nowhere. Begin it with "
                        "https://, http://, mailto: or tel:."
                    ) % {"address": address[:60]}


def _heading(words: str, markup: str) -> str:
    """Return what to do about words that Markdown takes for a heading."""
    if markup.startswith("#"):
        return _(
            "“%(sign)s %(words)s” would be a heading, and texts have none: take out "
            "“%(sign)s”."
        ) % {"sign": markup, "words": words[:60]}
    return _(
        "“%(sign)s” right below “%(words)s” would make a heading of it, and texts have "
        "none. Leave an empty line between the two, or take “%(sign)s” out."
    ) % {"sign": markup * 3, "words": words.splitlines()[-1][-60:]}
