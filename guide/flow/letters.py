"""Letters: what they consist of, for whom they are, in which language they begin."""

import re
from collections.abc import Iterator

import msgspec

from guide.flow.answers import Answers
from guide.flow.conditions import holds
from guide.flow.content import Channel, Guide, Identifier, Letter, Operator
from guide.flow.engine import WRITTEN_KINDS, Position, channels_for

# Belgian operators and the Ombudsman read these; Dutch is the language that each
# operator of whom we know it reads.
LETTER_LANGUAGES = ("nl", "fr", "de", "en")
# What the guide fills in itself when it knows the operator.
OPERATOR = "operator"
# What it suggests where it can: the end date of the case, and the day of writing.
END_DATE = "end-date"
LETTER_DATE = "letter-date"

_CODE = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_BLANK = re.compile(rf"\{{({_CODE})\}}")
_BETWEEN_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")


class Piece(msgspec.Struct, frozen=True):
    """A stretch of a letter: words, or a blank with the code of what goes into it."""

    text: str = ""
    code: str = ""  # empty: words


def paragraphs(body: str) -> tuple[str, ...]:
    """Return the paragraphs of a text, which blank lines divide; "" has none."""
    body = body.strip()
    return tuple(_BETWEEN_PARAGRAPHS.split(body)) if body else ()


def pieces(words: str) -> tuple[Piece, ...]:
    """Return words and blanks of one paragraph, in order."""
    parts = _BLANK.split(words)
    found = (
        Piece(code=part) if number % 2 else Piece(text=part)
        for number, part in enumerate(parts)
    )
    return tuple(piece for piece in found if piece.code or piece.text)


def codes_in(words: str) -> tuple[str, ...]:
    """Return the codes of all blanks in a text, each once, in order."""
    return tuple(dict.fromkeys(_BLANK.findall(words)))


def differing_paragraphs(source: str, text: str) -> Iterator[tuple[int, str, str]]:
    """
    Yield the paragraphs of a translation that leave other blanks than its source.

    Args:
        source: The text it was made from.
        text: The translation.

    Returns:
        Number (from 1), paragraph of the source, paragraph of the translation, in
        order, as far as both texts go: whether they go equally far is told by the
        number of their `paragraphs`.
    """
    pairs = zip(paragraphs(source), paragraphs(text), strict=False)
    for number, (theirs, mine) in enumerate(pairs, start=1):
        if set(codes_in(theirs)) != set(codes_in(mine)):
            yield number, theirs, mine


def codes_of(letter: Letter) -> frozenset[str]:
    """Return the codes of all that a letter leaves to be filled in by its sender."""
    texts = (
        words
        for text in (letter.subject, letter.body)
        for words in text.by_language.values()
    )
    return frozenset(code for words in texts for code in codes_in(words)) - {OPERATOR}


def asks_operator(letter: Letter) -> bool:
    """Tell whether a letter names the operator to whom it goes."""
    return any(OPERATOR in codes_in(t) for t in letter.body.by_language.values())


def identifiers_of(guide: Guide, letter: Letter) -> tuple[Identifier, ...]:
    """Return what somebody must have at hand for a letter, in the guide's order."""
    codes = codes_of(letter)
    return tuple(one for one in guide.identifiers if one.slug in codes)


def fits(letter: Letter, known: Answers) -> bool:
    """Tell whether nothing that is known of the case speaks against a letter."""
    return holds((term for term in letter.when if term.question in known), known)


def languages_of(letter: Letter, operator: Operator | None = None) -> tuple[str, ...]:
    """Return the languages in which a letter can be sent, the operator's own first."""
    own = operator.letter_languages if operator else ()
    ordered = dict.fromkeys((*own, *LETTER_LANGUAGES))
    return tuple(code for code in ordered if code in letter.body.by_language)


def default_language(letter: Letter, operator: Operator | None, reader: str) -> str:
    """
    Return the language in which a letter is shown when nobody has chosen one.

    Nobody should sign what they cannot read: the reader's own language comes first,
    where the operator works in it. Else it is the operator's first one, as it will be
    understood there; and Dutch where nothing is known.

    Args:
        letter: The letter; a draft may not have it in all languages.
        operator: To whom the letter goes, None when that is not known.
        reader: The code of the page's language, such as "zh-hans".
    """
    possible = languages_of(letter) or LETTER_LANGUAGES
    named = operator.letter_languages if operator else ()
    known = [code for code in named if code in possible] or possible
    return reader if reader in known else known[0]


def ways_to_send(
    letter: Letter, operator: Operator | None, position: Position
) -> tuple[tuple[Channel, ...], bool]:
    """Return the operator's channels for a letter, and whether they are general."""
    return channels_for(letter.shows_channels, operator, position, kinds=WRITTEN_KINDS)
