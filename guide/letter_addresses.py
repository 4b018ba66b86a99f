"""The addresses of letters, with the case for which they are."""

from collections.abc import Iterable, Sequence

from django.urls import reverse

from guide.case_addresses import with_query
from guide.flow.content import Letter
from guide.flow.engine import Position


def letter_address(
    slug: str, position: Position, more: Sequence[tuple[str, str]] = ()
) -> str:
    """Return the address of a letter for a case; without answers that of the letter."""
    return with_query(reverse("guide:letter-detail", args=[slug]), position, [*more])


def letters_of(found: Iterable[Letter], position: Position) -> list[tuple[Letter, str]]:
    """Return letters with their addresses for a case."""
    return [(letter, letter_address(letter.slug, position)) for letter in found]
