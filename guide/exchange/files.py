"""What a translators' file says, whatever its format."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext as _

from guide.flow.audit import PLACEHOLDERS
from guide.flow.letters import codes_in
from guide.translations import (
    KINDS,
    SOURCE_LANGUAGE,
    TARGET_LANGUAGES,
    Translation,
    tidy,
)

Format = Literal["po", "xlsx"]
FORMATS: tuple[Format, ...] = ("po", "xlsx")
Scope = Literal["to-do", "everything"]
SCOPES: tuple[Scope, ...] = ("to-do", "everything")
CONTENT_TYPES: dict[Format, str] = {
    "po": "text/x-gettext-translation; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LANGUAGE_NAMES = dict(settings.LANGUAGES)

MOST_BYTES = 5 * 1024 * 1024
MOST_TEXTS = 20_000

# What other programs write for our languages.
OTHER_NAMES = {"zh": "zh-hans", "zh-cn": "zh-hans", "zh-sg": "zh-hans"}


class FileRefusedError(Exception):
    """A file as a whole cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a file says about one text."""

    identity: str
    source: str  # from which the translation was made
    text: str
    place: str  # where in the file, in words
    version: str = ""  # of the translation at the export; "" if the file does not say
    is_unsure: bool = False  # "fuzzy" in PO
    is_checked: bool = False  # somebody says that it is right for this source
    problem: str = ""  # why this line cannot be read


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationFile:
    """What a translators' file says."""

    language: str | None  # None if it does not say
    lines: tuple[Line, ...]


def language_named(name: str) -> str | None:
    """Return the language that a file calls *name*, such as "nl_BE", or None."""
    code = name.strip().partition(".")[0].replace("_", "-").lower()
    if code.startswith("zh-hans"):
        return "zh-hans"
    code = OTHER_NAMES.get(code, code)
    if code not in LANGUAGE_NAMES:
        code = code.partition("-")[0]
    return code if code in LANGUAGE_NAMES else None


def check_language(named: str) -> str:
    """
    Return the target language that a file names.

    Raises:
        FileRefusedError: If it is none of ours.
    """
    language = language_named(named)
    if language in TARGET_LANGUAGES:
        return language
    if language == SOURCE_LANGUAGE:
        raise FileRefusedError(
            _(
                "This file is for English. English is the language that the others are "
                "made from: change it in the forms."
            )
        )
    raise FileRefusedError(
        _("This file is for “%(language)s”, a language that the guide does not have.")
        % {"language": named[:40]}
    )


def version_of(text: str) -> str:
    """Return a short mark by which a changed translation is noticed."""
    return sha256(tidy(text).encode()).hexdigest()[:12]


def in_scope(translations: list[Translation], scope: Scope) -> list[Translation]:
    """Return what is to be done, or everything."""
    if scope == "everything":
        return translations
    return [one for one in translations if one.state != "done"]


def file_name(language: str, scope: Scope, today: date, file_format: Format) -> str:
    """Return a name that says language, scope and date."""
    return f"sim-exit-{language}-{scope}-{today:%Y-%m-%d}.{file_format}"


def rules_of(translation: Translation) -> list[str]:
    """Return what a translator must keep to, in sentences."""
    rules = []
    if translation.is_markdown:
        rules.append(
            _("Markdown is allowed: keep paragraphs, lists and links as they are.")
        )
    elif "\n" in tidy(translation.source):
        rules.append(_("Keep the blank lines between the paragraphs."))
    for placeholder in sorted(PLACEHOLDERS):
        if placeholder in translation.source:
            rules.append(
                _("%(placeholder)s stays as it is: the guide puts a name there.")
                % {"placeholder": placeholder}
            )
    codes = {f"{{{code}}}" for code in codes_in(translation.source)} - PLACEHOLDERS
    if codes:
        rules.append(
            _(
                "%(codes)s: keep these codes as they are, each in its paragraph. "
                "Visitors fill something in there."
            )
            % {"codes": ", ".join(sorted(codes))}
        )
    if translation.max_length:
        rules.append(
            _("At most %(count)s characters.") % {"count": translation.max_length}
        )
    return rules


def context_of(translation: Translation) -> list[str]:
    """Return where a text stands, in short lines."""
    kind = str(KINDS[translation.kind]._meta.verbose_name)
    named = f"{kind[:1].upper()}{kind[1:]}: {translation.name}"
    lines = [named, *(f"{label}: {value}" for label, value in translation.about)]
    lines.append(_("This text: %(label)s") % {"label": translation.label})
    # One line each, whatever an editor has typed.
    return [" ".join(tidy(line).split()) for line in lines]
