"""Translated texts: which there are, which are missing, which are outdated."""

from collections.abc import Iterator, Mapping

from django.conf import settings
from django.db import models as db
from modeltranslation.manager import get_translatable_fields_for_model

SOURCE_LANGUAGE = settings.MODELTRANSLATION_DEFAULT_LANGUAGE
TARGET_LANGUAGES = tuple(
    code for code, _ in settings.LANGUAGES if code != SOURCE_LANGUAGE
)


def column(field: str, language: str) -> str:
    """Return the attribute that holds *field* in *language*."""
    return f"{field}_{language.replace('-', '_')}"


def texts_of(row: db.Model) -> dict[tuple[str, str], str]:
    """Return all texts of a row by field and language; "" where there is none."""
    return {
        (field, language): getattr(row, column(field, language)) or ""
        for field in get_translatable_fields_for_model(type(row)) or ()
        for language, _name in settings.LANGUAGES
    }


def keep_track(
    row: db.Model,
    before: Mapping[tuple[str, str], str],
    still_right: Iterator[tuple[str, str]] | tuple = (),
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
        if language == SOURCE_LANGUAGE or not text.strip():
            continue
        source_now = after[field, SOURCE_LANGUAGE]
        made_from = row.outdated.get(field, {}).get(
            language, before.get((field, SOURCE_LANGUAGE), source_now)
        )
        is_new = text != before.get((field, language), "")
        if is_new or (field, language) in checked or made_from == source_now:
            continue
        outdated.setdefault(field, {})[language] = made_from
    row.outdated = outdated
