"""Texts of letters taken apart for display: paragraphs, lines, blanks and the gloss."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from guide.flow import content, letters
from guide.placeholders import filled


@dataclass(frozen=True, kw_only=True)
class Blank:
    """A part of a line: words, or a place to write on with what belongs there."""

    text: str
    code: str = ""  # of what belongs there; empty: these are words
    lines: range = range(1)  # to write on


Line = tuple[Blank, ...]


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph of a letter, and the same in the reader's own language."""

    lines: tuple[Line, ...]
    gloss: tuple[Line, ...]  # empty where the reader's language is the letter's


def paragraphs_of(
    guide: content.Guide,
    text: content.Text,
    language: str,
    operator: content.Operator | None,
) -> list[Paragraph]:
    """Return a text in the letter's language with that of the reader beside it."""
    reader = translation.get_language() or "en"
    own = paragraphs_in(guide, text, language, operator)
    if not gloss_language(text, language):
        return [Paragraph(lines=lines, gloss=()) for lines in own]
    # The audit proves that there are as many; a draft may not have been audited.
    gloss = [*paragraphs_in(guide, text, reader, operator), *([()] * len(own))]
    return [
        Paragraph(lines=lines, gloss=beside)
        for lines, beside in zip(own, gloss, strict=False)
    ]


def paragraphs_in(
    guide: content.Guide,
    text: content.Text,
    language: str,
    operator: content.Operator | None,
) -> list[tuple[Line, ...]]:
    """Return a text in one language, paragraph by paragraph and line by line."""
    used = text.language_for(language)
    words = (
        filled(text, language=used, name=operator.name) if operator else text.read(used)
    )
    return [
        tuple(line_of(guide, line, used) for line in paragraph.split("\n"))
        for paragraph in letters.paragraphs(words)
    ]


def line_of(guide: content.Guide, words: str, language: str) -> Line:
    """Return the words and blanks of one line."""
    return tuple(
        blank_of(guide, piece.code, language) if piece.code else Blank(text=piece.text)
        for piece in letters.pieces(words)
    )


def blank_of(guide: content.Guide, code: str, language: str) -> Blank:
    """Return a place to write on, labelled in *language*."""
    identifier = guide.identifier(code)
    if identifier:
        name = identifier.name.read(language)
        return Blank(text=name, code=code, lines=range(identifier.lines))
    if code == letters.OPERATOR:
        with translation.override(language):
            return Blank(text=_("operator"), code=code)
    # Only in a draft that has not been audited.
    return Blank(text=code, code=code)


def gloss_language(text: content.Text, language: str) -> str:
    """Return the language beside that of the letter, "" where both are the same."""
    used = text.language_for(translation.get_language() or "en")
    return "" if used == text.language_for(language) else used
