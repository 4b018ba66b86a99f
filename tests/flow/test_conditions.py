"""Conditions hold or not, and all ways in which they come out are known."""

import pytest

from guide.flow.conditions import ANY_DAY, Outcomes, holds, longest, offered, outcomes
from guide.flow.content import Kind, Term
from tests.flow.factories import (
    make_choice,
    make_choices,
    make_guide,
    make_question,
    make_sound_guide,
)

STOP = Term("goal", ("stop",))
LOST = Term("goal", ("lost",))
NOT_STOP = Term("goal", ("stop",), excluding=True)
PREPAID = Term("line", ("prepaid",))


@pytest.mark.parametrize(
    ("when", "answers", "expected"),
    [
        pytest.param((), {}, True, id="always"),
        pytest.param((STOP,), {"goal": ("stop",)}, True, id="listed"),
        pytest.param((STOP,), {"goal": ("lost",)}, False, id="not-listed"),
        pytest.param((STOP,), {}, False, id="not-answered"),
        pytest.param((STOP,), {"goal": ()}, False, id="answered-with-nothing"),
        pytest.param(
            (Term("goal", ("lost", "stop")),), {"goal": ("stop",)}, True, id="either"
        ),
        pytest.param((STOP,), {"goal": ("lost", "stop")}, True, id="one-of-many"),
        pytest.param((Term("goal", ()),), {"goal": ("stop",)}, False, id="no-codes"),
        pytest.param((NOT_STOP,), {"goal": ("lost",)}, True, id="excluding-another"),
        pytest.param((NOT_STOP,), {"goal": ("stop",)}, False, id="excluding-this"),
        pytest.param((NOT_STOP,), {}, False, id="excluding-not-answered"),
        pytest.param(
            (NOT_STOP,), {"goal": ("lost", "stop")}, False, id="excluding-one-of-many"
        ),
        pytest.param(
            (Term("goal", (), excluding=True),),
            {"goal": ("stop",)},
            True,
            id="excluding-nothing",
        ),
        pytest.param(
            (STOP, PREPAID),
            {"goal": ("stop",), "line": ("prepaid",)},
            True,
            id="both",
        ),
        pytest.param(
            (STOP, PREPAID),
            {"goal": ("stop",), "line": ("pack",)},
            False,
            id="one-of-two",
        ),
    ],
)
def test_holds(
    when: tuple[Term, ...], answers: dict[str, tuple[str, ...]], expected: bool
) -> None:
    assert holds(when, answers) is expected


@pytest.mark.parametrize(
    ("line", "slugs"),
    [
        pytest.param("subscription", ["meadow", "other"], id="subscription"),
        pytest.param("prepaid", ["meadow", "harbour", "other"], id="prepaid"),
        pytest.param("data-only", ["orbit"], id="data-only"),
    ],
)
def test_offered_filters_choices(line: str, slugs: list[str]) -> None:
    question = make_sound_guide().question("operator")

    choices = offered(question, {"line": (line,)})

    assert [choice.slug for choice in choices] == slugs


def test_offered_has_nothing_conditional_before_the_answer() -> None:
    question = make_sound_guide().question("operator")

    assert offered(question, {}) == ()


def test_outcomes_of_one_question() -> None:
    found = outcomes(make_guide(), [STOP, LOST, NOT_STOP])

    assert found == {frozenset({STOP}), frozenset({LOST, NOT_STOP})}


def test_outcomes_of_no_terms() -> None:
    assert outcomes(make_guide(), []) == {frozenset()}


def test_outcomes_of_no_questions() -> None:
    assert outcomes(make_guide(questions=()), [STOP]) == {frozenset()}


def test_outcomes_of_a_question_that_is_not_there() -> None:
    weather = Term("weather", ("rain",), excluding=True)

    assert outcomes(make_guide(), [weather]) == {frozenset()}


def test_outcomes_of_a_question_that_is_not_always_asked() -> None:
    guide = make_guide(
        questions=(
            make_question(),
            make_question(
                slug="line",
                choices=make_choices(slugs=("prepaid", "pack")),
                when=(STOP,),
            ),
        )
    )
    not_prepaid = Term("line", ("prepaid",), excluding=True)

    found = outcomes(guide, [STOP, PREPAID, not_prepaid])

    assert found == {
        frozenset(),
        frozenset({STOP, PREPAID}),
        frozenset({STOP, not_prepaid}),
    }


def test_outcomes_of_a_question_without_a_possible_choice() -> None:
    guide = make_guide(
        questions=(
            make_question(),
            make_question(
                slug="line", choices=(make_choice(slug="prepaid", when=(STOP,)),)
            ),
        )
    )

    assert outcomes(guide, [STOP, PREPAID]) == {
        frozenset(),
        frozenset({STOP, PREPAID}),
    }


def test_outcomes_of_many_answers() -> None:
    bank, chat = Term("linked", ("bank",)), Term("linked", ("chat",))
    none = Term("linked", ("none",))
    guide = make_guide(
        questions=(
            make_question(
                slug="linked",
                kind=Kind.MANY,
                choices=(
                    *make_choices(slugs=("bank", "chat", "shop", "post")),
                    make_choice(slug="none", exclusive=True),
                ),
            ),
        )
    )

    found = outcomes(guide, [bank, chat, none])

    assert found == {
        frozenset(),
        frozenset({bank}),
        frozenset({chat}),
        frozenset({bank, chat}),
        frozenset({none}),
    }


def test_outcomes_of_a_date() -> None:
    skip = Term("end", ("skip",))
    has_day = Term("end", ("skip",), excluding=True)
    any_day = Term("end", (ANY_DAY,))
    guide = make_guide(
        questions=(
            make_question(
                slug="end", kind=Kind.DATE, choices=make_choices(slugs=("skip",))
            ),
        )
    )

    found = outcomes(guide, [skip, has_day, any_day])

    assert found == {frozenset({skip}), frozenset({has_day, any_day})}


def test_outcomes_of_a_question_that_depends_on_others_from_afar() -> None:
    guide = make_guide(
        questions=(
            make_question(),
            make_question(
                slug="line",
                choices=make_choices(slugs=("prepaid", "pack")),
                when=(STOP,),
            ),
            make_question(slug="card", when=(PREPAID,)),
        )
    )
    card = Term("card", ("stop",))

    assert outcomes(guide, [card, LOST]) == {
        frozenset(),
        frozenset({LOST}),
        frozenset({card}),
    }


def test_outcomes_are_remembered() -> None:
    known = Outcomes(make_sound_guide())

    first = known.of([STOP, PREPAID])

    assert known.of(iter([PREPAID, STOP])) is first
    assert known.of([STOP]) == {frozenset(), frozenset({STOP})}


@pytest.mark.parametrize(
    ("answers", "start", "count"),
    [
        pytest.param({}, 0, 9, id="from-the-start"),
        pytest.param({"goal": ("lost",)}, 1, 7, id="lost-has-no-end-date"),
        pytest.param({"goal": ("keep-number",)}, 1, 7, id="kept-numbers-stay-linked"),
        pytest.param(
            {"goal": ("stop",), "line": ("data-only",)}, 2, 3, id="most-is-implied"
        ),
        pytest.param(
            {"goal": ("stop",), "line": ("prepaid",), "operator": ("harbour",)},
            3,
            4,
            id="card-is-implied",
        ),
        pytest.param({}, 9, 0, id="at-the-end"),
    ],
)
def test_longest(answers: dict[str, tuple[str, ...]], start: int, count: int) -> None:
    assert longest(make_sound_guide(), answers, start) == count
