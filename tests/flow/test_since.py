"""An old link says what has changed since, for the case that it holds."""

import msgspec
import pytest

from guide.flow.answers import Answers
from guide.flow.content import Guide, Kind, Phase, Role, Step, Term, Text
from guide.flow.engine import checklist, resolve
from guide.flow.since import Aspect, Changes, as_asked_before, changes_since
from tests.flow.factories import (
    TODAY,
    make_channel,
    make_choices,
    make_fact,
    make_guide,
    make_operator,
    make_operator_guide,
    make_question,
    make_step,
)

ANSWERS = {"goal": ("stop",), "operator": ("meadow",), "place": ("belgium",)}


def since(
    before: Guide, after: Guide, answers: Answers = ANSWERS, language: str = "en"
) -> Changes | None:
    position = resolve(after, answers, TODAY)
    new = checklist(after, position, TODAY)
    return changes_since(before, after, position, new, today=TODAY, language=language)


def of_steps(*steps: Step) -> Guide:
    return make_guide(steps=steps)


def a_step(**fields: object) -> Step:
    return make_step(
        role=Role.CANCEL,
        topics=("notice",),
        shows_channels="cancel",
        **fields,  # type: ignore[arg-type]
    )


def test_nothing_has_changed_where_nothing_has() -> None:
    guide = make_operator_guide(step=a_step())

    changes = since(guide, guide)

    assert changes is not None
    assert not changes
    assert changes.count == 0


def test_steps_that_came_and_went_are_named() -> None:
    kept = make_step()
    before = of_steps(kept, make_step(slug="fax", phase=Phase.AFTER))
    after = of_steps(kept, make_step(slug="write", phase=Phase.BEFORE))

    changes = since(before, after)

    assert changes
    assert [item.step.slug for item in changes.added] == ["write"]
    assert changes.added[0].number == 1
    assert [step.slug for step in changes.removed] == ["fax"]
    assert changes.changed == ()
    assert changes.count == 2


def test_steps_of_other_cases_are_not_named() -> None:
    kept = make_step()
    other = make_step(slug="block", when=(Term("goal", ("lost",)),))

    changes = since(of_steps(kept), of_steps(kept, other))

    assert not changes


@pytest.mark.parametrize(
    ("fields", "aspect"),
    [
        pytest.param({"title": Text({"en": "New"})}, Aspect.TEXT, id="title"),
        pytest.param({"body": Text({"en": "New"})}, Aspect.TEXT, id="body"),
        pytest.param({"skip": Text({"en": "New"})}, Aspect.TEXT, id="skip"),
        pytest.param({"must": False}, Aspect.TEXT, id="must"),
    ],
)
def test_what_a_step_says_is_compared(fields: dict, aspect: Aspect) -> None:
    before, after = make_step(), make_step(**fields)

    changes = since(of_steps(before), of_steps(after))

    assert changes is not None
    assert [(c.item.step, c.aspects) for c in changes.changed] == [(after, (aspect,))]


def test_another_day_is_a_change() -> None:
    asked = (make_question(), make_question(slug="end", kind=Kind.DATE, choices=()))
    before, after = (
        make_guide(questions=asked, steps=(make_step(due_days=days),))
        for days in (-7, -14)
    )

    changes = since(before, after, {"goal": ("stop",), "end": ("2027-02-10",)})

    assert changes is not None
    assert changes.changed[0].aspects == (Aspect.DATE,)


def test_only_the_readers_language_is_compared() -> None:
    before = of_steps(make_step(title=Text({"en": "End it", "fr": "Finir"})))
    after = of_steps(make_step(title=Text({"en": "End it", "fr": "Terminer"})))

    assert not since(before, after, language="en")
    assert since(before, after, language="fr")


def test_new_sources_and_dates_of_checks_are_no_change() -> None:
    step = make_step()
    checked = msgspec.structs.replace(
        step, sourcing=msgspec.structs.replace(step.sourcing, checked_on=TODAY)
    )

    assert not since(of_steps(step), of_steps(checked))


def test_facts_are_told_of_where_they_are_shown() -> None:
    steps = (
        a_step(),
        make_step(slug="wait", phase=Phase.AFTER, topics=("notice", "costs")),
    )
    before, after = (
        msgspec.structs.replace(
            make_operator_guide(operator=make_operator(facts=facts)), steps=steps
        )
        for facts in (
            (make_fact(),),
            (make_fact(text=Text({"en": "A month."})),),
        )
    )

    changes = since(before, after)

    assert changes is not None
    assert [(c.item.step.slug, c.aspects, c.topics) for c in changes.changed] == [
        (steps[0].slug, (Aspect.FACTS,), ("notice",))
    ]


@pytest.mark.parametrize(
    "channels",
    [
        pytest.param((make_channel(works_abroad=False),), id="flag"),
        pytest.param((make_channel(detail=Text({"en": "Else"})),), id="detail"),
        pytest.param((make_channel(), make_channel(slug="b", kind="app")), id="added"),
        pytest.param((), id="gone"),
    ],
)
def test_ways_to_the_operator_are_compared(channels: tuple) -> None:
    before, after = (
        make_operator_guide(step=a_step(), operator=make_operator(channels=ways))
        for ways in ((make_channel(),), channels)
    )

    changes = since(before, after)

    assert changes is not None
    assert [change.aspects for change in changes.changed] == [(Aspect.CHANNELS,)]


def test_the_order_of_channels_is_no_change() -> None:
    ways = (make_channel(), make_channel(slug="b", kind="app"))
    before, after = (
        make_operator_guide(step=a_step(), operator=make_operator(channels=found))
        for found in (ways, ways[::-1])
    )

    assert not since(before, after)


def test_an_operator_that_has_closed_is_a_change() -> None:
    open_one = make_operator()
    closed = msgspec.structs.replace(open_one, status="closed")

    changes = since(
        make_operator_guide(operator=open_one), make_operator_guide(operator=closed)
    )

    assert changes
    assert changes.operator_status
    assert changes.count == 0


def test_a_question_that_is_gone_leaves_nothing_to_compare() -> None:
    before = make_guide(
        questions=(
            make_question(),
            make_question(slug="card", choices=make_choices(slugs=("sim", "esim"))),
        )
    )

    assert since(before, make_guide()) is None


def test_a_question_that_is_new_does_no_harm() -> None:
    after = make_guide(
        questions=(
            make_question(),
            make_question(slug="card", choices=make_choices(slugs=("sim", "esim"))),
        )
    )

    changes = since(make_guide(), after, {"goal": ("stop",), "card": ("sim",)})

    assert changes is not None
    assert not changes


def test_retired_codes_are_turned_back() -> None:
    before = make_guide(
        questions=(make_question(choices=make_choices(slugs=("end", "quit", "lost"))),),
        steps=(make_step(when=(Term("goal", ("end",)),)),),
    )
    after = make_guide(
        questions=(
            make_question(
                choices=make_choices(slugs=("stop", "lost")),
                replacements=(("end", "stop"), ("quit", "stop"), ("old", "lost")),
            ),
        ),
        steps=(make_step(when=(Term("goal", ("stop",)),)),),
    )

    assert as_asked_before(before, after, {"goal": ("stop",)}) == {"goal": ("end",)}
    assert as_asked_before(before, after, {"goal": ("lost",)}) == {"goal": ("lost",)}
    assert as_asked_before(before, after, {"goal": ("new",)}) == {"goal": ("new",)}
    changes = since(before, after, {"goal": ("end",)})
    assert changes is not None
    assert not changes


def test_answers_to_unknown_questions_are_left_out() -> None:
    guide = make_guide()

    assert as_asked_before(guide, guide, {"colour": ("red",)}) == {}
