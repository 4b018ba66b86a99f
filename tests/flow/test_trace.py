"""Why steps are on a checklist, or are not."""

import pytest

from guide.flow.content import Guide, Kind, Phase, Role, Term
from guide.flow.engine import Position, checklist, resolve
from guide.flow.trace import Dangling, Ground, StepTrace, TermTrace, dangling, trace
from tests.flow.factories import (
    TODAY,
    make_choice,
    make_choices,
    make_guide,
    make_question,
    make_sound_guide,
    make_step,
)

PREPAID = {
    "goal": ("stop",),
    "line": ("prepaid",),
    "operator": ("meadow",),
    "card": ("physical",),
    "situation": ("credit-left", "direct-debit"),
    "linked": ("none",),
    "place": ("belgium",),
    "end": ("skip",),
}
SUBSCRIPTION = PREPAID | {
    "line": ("subscription",),
    "situation": ("direct-debit",),
    "card": ("esim",),
    "phone": ("iphone",),
}


def position_of(guide: Guide, answers: dict[str, tuple[str, ...]]) -> Position:
    position = resolve(guide, answers, TODAY)
    assert position.question is None
    assert position.dropped == ()
    return position


def trace_of(guide: Guide, answers: dict[str, tuple[str, ...]], slug: str) -> StepTrace:
    traces = trace(guide, position_of(guide, answers))
    return next(found for found in traces if found.step.slug == slug)


def make_guide_with_step(*terms: Term) -> Guide:
    """Make a guide of three questions and one step that depends on *terms*."""
    return make_guide(
        questions=(
            make_question(choices=make_choices(slugs=("stop", "lost"))),
            make_question(
                slug="linked",
                kind=Kind.MANY,
                choices=make_choices(slugs=("bank", "messenger", "other")),
                when=(Term("goal", ("stop",)),),
            ),
            make_question(
                slug="card",
                choices=(
                    make_choice(slug="physical"),
                    make_choice(slug="esim", when=(Term("goal", ("stop",)),)),
                ),
            ),
        ),
        steps=(make_step(role=Role.CANCEL, when=terms),),
    )


STOP = {"goal": ("stop",), "linked": ("bank", "other"), "card": ("esim",)}
LOST = {"goal": ("lost",)}


@pytest.mark.parametrize(
    ("term", "answers", "expected"),
    [
        pytest.param(
            Term("goal", ("stop",)),
            STOP,
            (True, Ground.GIVEN, ("stop",)),
            id="the answer is listed",
        ),
        pytest.param(
            Term("goal", ("lost",)),
            STOP,
            (False, Ground.GIVEN, ("stop",)),
            id="the answer is not listed",
        ),
        pytest.param(
            Term("linked", ("messenger", "bank")),
            STOP,
            (True, Ground.GIVEN, ("bank",)),
            id="of two answers the listed one decides",
        ),
        pytest.param(
            Term("linked", ("messenger",)),
            STOP,
            (False, Ground.GIVEN, ("bank", "other")),
            id="neither of two answers is listed",
        ),
        pytest.param(
            Term("linked", ("bank",), excluding=True),
            STOP,
            (False, Ground.GIVEN, ("bank",)),
            id="one of two answers is excluded",
        ),
        pytest.param(
            Term("card", ("physical",), excluding=True),
            STOP,
            (True, Ground.GIVEN, ("esim",)),
            id="the answer is not excluded",
        ),
        pytest.param(
            Term("card", ("physical",)),
            LOST,
            (True, Ground.IMPLIED, ("physical",)),
            id="the only possible answer is listed",
        ),
        pytest.param(
            Term("card", ("esim",)),
            LOST,
            (False, Ground.IMPLIED, ("physical",)),
            id="the only possible answer is not listed",
        ),
        pytest.param(
            Term("linked", ("bank",)),
            LOST,
            (False, Ground.NOT_ASKED, ()),
            id="nothing was asked",
        ),
        pytest.param(
            Term("linked", ("bank",), excluding=True),
            LOST,
            (False, Ground.NOT_ASKED, ()),
            id="nothing was asked, and an exception does not hold either",
        ),
    ],
)
def test_trace_says_which_answer_decides(
    term: Term,
    answers: dict[str, tuple[str, ...]],
    expected: tuple[bool, Ground, tuple[str, ...]],
) -> None:
    guide = make_guide_with_step(term)

    (found,) = trace(guide, position_of(guide, answers))

    assert found.terms == (TermTrace(term, *expected),)
    assert found.is_shown is expected[0]
    assert found.failing == (() if expected[0] else found.terms)


def test_trace_of_a_step_for_everybody_has_no_terms() -> None:
    guide = make_guide_with_step()

    (found,) = trace(guide, position_of(guide, LOST))

    assert found.is_shown
    assert found.terms == found.failing == ()


def test_trace_names_only_the_terms_that_fail() -> None:
    guide = make_guide_with_step(Term("goal", ("stop",)), Term("card", ("physical",)))

    (found,) = trace(guide, position_of(guide, STOP))

    assert not found.is_shown
    assert [term.term.question for term in found.terms] == ["goal", "card"]
    assert [term.term.question for term in found.failing] == ["card"]


@pytest.mark.parametrize("answers", [PREPAID, SUBSCRIPTION], ids=["sim", "esim"])
def test_trace_agrees_with_the_checklist(answers: dict[str, tuple[str, ...]]) -> None:
    guide = make_sound_guide()
    position = position_of(guide, answers)

    traces = trace(guide, position)

    listed = [item.step.slug for item in checklist(guide, position, TODAY).steps]
    assert [found.step.slug for found in traces if found.is_shown] == listed
    assert len(traces) == len(guide.steps)


def test_trace_names_required_steps_and_whether_they_are_shown() -> None:
    guide = make_sound_guide()

    shown = trace_of(guide, PREPAID, "stop-the-direct-debit")
    missing = trace_of(guide, PREPAID, "end-what-remains")
    free = trace_of(guide, PREPAID, "complain")

    assert [(r.step.slug, r.is_shown) for r in shown.requirements] == [
        ("await-confirmation", True)
    ]
    assert [(r.step.slug, r.is_shown) for r in missing.requirements] == [
        ("port-number", False)
    ]
    assert free.requirements == ()


def test_trace_lets_nothing_be_erased_before_the_confirmation() -> None:
    erase = make_step(slug="erase", phase=Phase.AFTER, role=Role.ERASE)
    confirm = make_step(slug="confirm", phase=Phase.AFTER, role=Role.CONFIRM)
    when_lost = make_step(
        slug="confirm-lost",
        phase=Phase.AFTER,
        role=Role.CONFIRM,
        when=(Term("goal", ("lost",)),),
    )
    guide = make_guide(steps=(make_step(role=Role.CANCEL), confirm, when_lost, erase))

    found = trace_of(guide, {"goal": ("stop",)}, "erase")
    other = trace_of(guide, {"goal": ("stop",)}, "send-cancellation")

    assert [r.step.slug for r in found.requirements] == ["confirm"]
    assert other.requirements == ()


def test_trace_leaves_out_a_required_step_that_does_not_exist() -> None:
    guide = make_guide(steps=(make_step(requires=("gone",)),))

    (found,) = trace(guide, position_of(guide, {"goal": ("stop",)}))

    assert found.requirements == ()


def test_dangling_finds_nothing_in_a_sound_guide() -> None:
    assert dangling(make_sound_guide()) == ()


def test_dangling_names_rows_that_speak_of_what_is_gone() -> None:
    no_question = Term("network", ("proximus",))
    no_answer = Term("goal", ("stop", "withdraw"))
    guide = make_guide(
        questions=(
            make_question(),
            make_question(
                slug="card",
                when=(no_question,),
                choices=(make_choice(slug="esim", when=(no_answer,)),),
            ),
        ),
        steps=(make_step(when=(Term("goal", ("stop",)), no_answer)),),
    )

    assert dangling(guide) == (
        Dangling("question", "card", no_question, ()),
        Dangling("choice", "card:esim", no_answer, ("withdraw",)),
        Dangling("step", "send-cancellation", no_answer, ("withdraw",)),
    )
