"""Answers and the query string that carries them."""

from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import parse_qsl, urlencode

Answers = Mapping[str, tuple[str, ...]]

# Parameters of an address that are no answers; no question may have such a code.
RESERVED = frozenset({"ask", "changed", "dropped", "in", "page", "q", "v"})


def parse(query: str) -> dict[str, tuple[str, ...]]:
    """
    Read answers from a query string, whatever it holds.

    Args:
        query: The part of an address after "?", percent-encoded.

    Returns:
        Codes by question, in the order in which they stand, each once; blank ones and
        the reserved parameters are left out. Nothing is known yet about their meaning.
    """
    answers: dict[str, tuple[str, ...]] = {}
    for name, value in parse_qsl(query, errors="replace"):
        # Links that were escaped once too often, or built by a form library.
        key = name.removeprefix("amp;").removesuffix("[]")
        code = value.strip()
        if not code or key in RESERVED or code in answers.get(key, ()):
            continue
        answers[key] = (*answers.get(key, ()), code)
    return answers


def to_query(answers: Answers) -> str:
    """Return the query string of *answers*, in their own order, "" for none."""
    return urlencode([(key, code) for key, codes in answers.items() for code in codes])


def without(answers: Answers, questions: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return *answers* less those to *questions*."""
    left_out = frozenset(questions)
    return {key: codes for key, codes in answers.items() if key not in left_out}


def as_day(code: str) -> date | None:
    """Return the day that an ISO date such as "2027-01-15" names, or None."""
    try:
        day = date.fromisoformat(code)
    except ValueError:
        return None
    # Python also reads 20270115 and 2027-W02-5: a day shall have one code.
    return day if day.isoformat() == code else None
