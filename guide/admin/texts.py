"""What a text may hold, and in which columns it stands."""

import re
from collections.abc import Iterator, Set
from urllib.parse import urlsplit

from django.db import models as db
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from modeltranslation.manager import get_translatable_fields_for_model

from guide.flow.audit import PLACEHOLDERS
from guide.translations import SOURCE_LANGUAGE, TARGET_LANGUAGES, column

LANGUAGES = (SOURCE_LANGUAGE, *TARGET_LANGUAGES)
# The ways a link may lead; publishing drops all others.
SCHEMES = ("https", "http", "mailto", "tel")
# Texts that publishing reads as Markdown; all others are shown as they stand.
MARKDOWN_TEXTS = frozenset(
    {
        ("operator", "status_note"),
        ("channel", "detail"),
        ("operatorfact", "text"),
        ("question", "help"),
        ("question", "how"),
        ("step", "body"),
        ("step", "plan_b"),
        ("faqentry", "answer"),
        ("letter", "enclose"),
        ("letter", "send"),
        ("identifier", "where"),
        ("glossaryentry", "meaning"),
    }
)


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
    text: str, *, is_markdown: bool, known: Set[str] = PLACEHOLDERS
) -> list[str]:
    """
    Return what an editor must mend in a text.

    Args:
        text: One text in one language.
        is_markdown: Whether publishing reads it as Markdown.
        known: What may stand in braces.

    Returns:
        Sentences that say what is wrong and what to do; none for a good text.
    """
    return [*_placeholders(text, known), *(_markdown(text) if is_markdown else ())]


def _placeholders(text: str, known: Set[str]) -> Iterator[str]:
    for found in sorted(set(re.findall(r"\{[^}]*\}?", text))):
        if found not in known:
            yield _(
                "Nothing can fill in “%(found)s”. Use %(known)s, or write it without "
                "curly brackets."
            ) % {"found": found, "known": ", ".join(sorted(known))}


def _markdown(text: str) -> Iterator[str]:
    has_html = False
    for token in READER.parse(text):
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
