"""The guide that comes along, walked over nearly all answers."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest

from guide.flow.answers import Answers, parse, to_query
from guide.flow.content import Guide, Kind, Phase, Role
from guide.flow.engine import Checklist, Position, checklist, resolve

TODAY = date(2026, 11, 22)

pytestmark = pytest.mark.django_db


def ways_on(position: Position) -> list[tuple[str, ...]]:
    """Return answers to the open question: each one, or of many none and all."""
    question = position.question
    assert question is not None
    codes = [choice.slug for choice in position.choices]
    if question.kind is Kind.MANY:
        exclusive = [c.slug for c in position.choices if c.exclusive]
        return [tuple(exclusive), tuple(c for c in codes if c not in exclusive)]
    if question.kind is Kind.DATE:
        return [("2027-01-15",)]
    # Where a visitor is changes the order of channels only, and one step.
    return [("leaving",)] if question.slug == "place" else [(code,) for code in codes]


def walks(guide: Guide, answers: Answers) -> Iterator[Position]:
    position = resolve(guide, answers, TODAY)
    if position.question is None:
        yield position
        return
    for codes in ways_on(position):
        yield from walks(guide, {**position.answers, position.question.slug: codes})


@pytest.fixture(scope="module")
def lists(seed_guide: Guide) -> list[tuple[Position, Checklist]]:
    return [
        (position, checklist(seed_guide, position, TODAY))
        for position in walks(seed_guide, {})
    ]


def test_every_answer_leads_to_something_that_ends_the_line(
    lists: list[tuple[Position, Checklist]],
) -> None:
    without = [
        position.answers
        for position, result in lists
        if not any(s.step.role in {Role.PORT, Role.CANCEL} for s in result.steps)
    ]

    assert len(lists) > 5000
    assert without == []


def test_no_path_is_longer_than_promised(
    lists: list[tuple[Position, Checklist]],
) -> None:
    assert max(len(position.answered) for position, _ in lists) == 9


def test_who_keeps_the_number_ports_and_never_cancels_first(
    lists: list[tuple[Position, Checklist]],
) -> None:
    for position, result in lists:
        if "keep-number" in position.chosen("goal"):
            slugs = [step.step.slug for step in result.steps]
            roles = [step.step.role for step in result.steps]
            cancels = [s for s in result.steps if s.step.role is Role.CANCEL]
            assert "port" in slugs
            # Of a closed brand there is only said that nothing is left to cancel.
            assert {s.step.slug for s in cancels} <= {"closed-brand"}
            if cancels:
                assert roles.index(Role.PORT) < roles.index(Role.CANCEL)


def test_accounts_come_before_the_line_dies_and_the_esim_goes_after(
    lists: list[tuple[Position, Checklist]],
) -> None:
    for _, result in lists:
        roles = [step.step.role for step in result.steps]
        ends = [i for i, r in enumerate(roles) if r in {Role.CANCEL, Role.PORT}]
        unlinks = [i for i, role in enumerate(roles) if role is Role.UNLINK]
        erases = [i for i, role in enumerate(roles) if role is Role.ERASE]
        confirms = [i for i, role in enumerate(roles) if role is Role.CONFIRM]
        assert all(i < min(ends) for i in unlinks)
        assert all(i > max(ends + confirms) for i in erases)


def test_dates_do_not_run_backwards_within_a_phase(
    lists: list[tuple[Position, Checklist]],
) -> None:
    backwards = set()
    for _, result in lists:
        for phase in result.phases:
            if phase.phase is Phase.CANCEL:
                continue  # the steps of this phase are alternatives and their proof
            for steps in (phase.shown, phase.folded):
                days = [(s.due.days, s.step.slug) for s in steps if s.due]
                backwards |= {
                    (earlier[1], later[1])
                    for earlier, later in pairwise(days)
                    if earlier[0] > later[0]
                }

    assert backwards == set()


def test_required_steps_stand_before_those_that_require_them(
    lists: list[tuple[Position, Checklist]],
) -> None:
    for _, result in lists:
        seen: set[str] = set()
        for step in result.steps:
            assert set(step.step.requires) <= seen
            seen.add(step.step.slug)


def test_every_address_is_its_own_canonical_one(
    seed_guide: Guide, lists: list[tuple[Position, Checklist]]
) -> None:
    for position, _ in lists[::7]:
        again = resolve(seed_guide, parse(to_query(position.answers)), TODAY)

        assert again.answers == position.answers
        assert again.dropped == ()


def test_closed_brands_send_nobody_to_cancel(
    lists: list[tuple[Position, Checklist]],
) -> None:
    for position, result in lists:
        if position.chosen("operator")[0] in {"ortel-mobile", "colruyt-mobile"}:
            slugs = {step.step.slug for step in result.steps}
            assert "closed-brand" in slugs
            assert slugs.isdisjoint({"cancel-line", "stop-prepaid", "ask-confirmation"})
