"""A visitor's case in addresses: reading it, and the one address of each page of it."""

from urllib.parse import parse_qsl, urlencode

import msgspec
from django.http import HttpRequest
from django.urls import reverse

from guide.flow.answers import parse, to_query, without
from guide.flow.content import Kind
from guide.flow.engine import Dropped, Position, Reason, resolve
from guide.publishing import Edition, edition_for


class Case(msgspec.Struct, frozen=True):
    """What the address of a page says about a visitor."""

    edition: Edition
    position: Position
    notices: tuple[Dropped, ...]  # what to tell about answers that were not used
    made_with: int  # the publication with which the link was made

    @property
    def is_older(self) -> bool:
        """Tell whether the link was made with an earlier publication."""
        return self.made_with < self.edition.number

    def address_of(self, page: str) -> str:
        """
        Return the one address of a page for this case; see `case_address`.

        An old link that leaves a new question open keeps its publication, so that the
        page behind that question can say what else has changed.
        """
        if self.position.question is not None and self.is_older:
            return questionnaire_address(self.position, self.notices, self.made_with)
        return case_address(page, self.position, self.notices, self.made_with)


def case_of(request: HttpRequest) -> Case:
    """Return the case in an address, whatever it holds."""
    edition = edition_for(request)
    position = resolve(edition.guide, answers_of(request), edition.today)
    return Case(
        edition=edition,
        position=position,
        notices=notices_of(request, position),
        made_with=publication_of(request, edition),
    )


def answers_of(request: HttpRequest) -> dict[str, tuple[str, ...]]:
    """Return the answers in the address, known and unknown ones."""
    return parse(request.META.get("QUERY_STRING", ""))


def request_value(request: HttpRequest, name: str) -> str:
    """Return the last value of a parameter of the address, "" without one."""
    return value_in(request.META.get("QUERY_STRING", ""), name)


def value_in(query: str, name: str) -> str:
    """
    Return the last value of a parameter, "" without one.

    `request.GET` refuses an address of a thousand parameters; a visitor with a mangled
    link shall still get a page.
    """
    values = [value for key, value in parse_qsl(query, errors="replace") if key == name]
    return values[-1].strip() if values else ""


def notices_of(request: HttpRequest, position: Position) -> tuple[Dropped, ...]:
    """
    Return what the visitor must be told about answers that were not used.

    That is what the engine has just left out, or what the address says was left out by
    the redirect that led here.
    """
    fresh = list(position.dropped)
    asked = request_value(request, "ask")
    is_open = position.question is not None and position.question.slug == asked
    if is_open and not any(dropped.question == asked for dropped in fresh):
        fresh.append(Dropped(asked, Reason.MISSING))
    if fresh:
        return tuple(dict.fromkeys(fresh))

    guide = edition_for(request).guide
    told = []
    query = request.META.get("QUERY_STRING", "")
    for key, value in parse_qsl(query, errors="replace"):
        slug, _colon, reason = value.partition(".")
        if key == "dropped" and guide.question(slug) and reason in list(Reason):
            told.append(Dropped(slug, Reason(reason)))
    return tuple(dict.fromkeys(told))


def with_query(address: str, position: Position, more: list[tuple[str, str]]) -> str:
    """Return an address with the canonical answers and some parameters of ours."""
    parts = [to_query(position.answers), urlencode(more)]
    query = "&".join(part for part in parts if part)
    return f"{address}?{query}" if query else address


def questionnaire_address(
    position: Position, notices: tuple[Dropped, ...], made_with: int | None = None
) -> str:
    """Return the one address of the next open question; an old link says how old."""
    more = [] if made_with is None else [("v", str(made_with))]
    more += as_query(notices)
    return with_query(reverse("guide:questionnaire"), position, more)


def question_address(
    slug: str, position: Position, notices: tuple[Dropped, ...] = ()
) -> str:
    """Return the one address at which an answer is changed."""
    address = reverse("guide:question", args=[slug])
    return with_query(address, position, as_query(notices))


def case_address(
    page: str, position: Position, notices: tuple[Dropped, ...], number: int
) -> str:
    """
    Return the one address of a page made of a complete case.

    Args:
        page: The name of the page, such as "guide:checklist".
        position: The answers; not complete, they lead to the next open question.
        notices: What the visitor must be told there.
        number: The publication with which the case was made.
    """
    if position.question is not None:
        return questionnaire_address(position, notices)
    more = [("v", str(number)), *as_query(notices)]
    return with_query(reverse(page), position, more)


def as_query(notices: tuple[Dropped, ...]) -> list[tuple[str, str]]:
    """Return the parameters that carry *notices* over a redirect."""
    return [("dropped", f"{notice.question}.{notice.reason}") for notice in notices]


def query_less_notices(request: HttpRequest) -> str:
    """Return the query of a page with "?", less the notices that a redirect carried."""
    query = request.META.get("QUERY_STRING", "")
    parts = [p for p in query.split("&") if p and not p.startswith("dropped=")]
    return "?" + "&".join(parts) if parts else ""


def same_case(position: Position) -> str:
    """
    Return what is the same for the same case: its answers without the end date.

    Ticks and calendars are known again by it, in every language and edition. Whoever
    moves the date has still done what is ticked.
    """
    days = [a.question.slug for a in position.answered if a.question.kind is Kind.DATE]
    return to_query(without(position.answers, days))


def publication_of(request: HttpRequest, edition: Edition) -> int:
    """Return the publication with which the link was made; the present one if none."""
    number = request_value(request, "v")
    if number.isascii() and number.isdigit() and 0 < int(number[:9]) < edition.number:
        return int(number[:9])
    return edition.number
