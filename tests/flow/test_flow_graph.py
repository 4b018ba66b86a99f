"""Who is asked what and gets what: for all visitors, and for some."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.flow.answers import Answers
from guide.flow.conditions import holds
from guide.flow.content import Guide, Kind, Phase, Term
from guide.flow.engine import Position, checklist
from guide.flow.flow_graph import FlowGraph, Link, Meeting, flow_graph
from tests.flow.factories import (
    TODAY,
    make_choice,
    make_choices,
    make_guide,
    make_operator,
    make_question,
    make_sound_guide,
    make_step,
)
from tests.flow.test_properties import all_positions, few, guides

SOUND = make_sound_guide()
STOP = Term("goal", ("stop",))
LOST = Term("goal", ("lost",))


def meetings(graph: FlowGraph) -> dict[str, str]:
    return {asked.question.slug: asked.meeting.value for asked in graph.questions}


def answers_of(graph: FlowGraph, slug: str) -> list[tuple[str, ...]]:
    asked = graph.asked(slug)
    assert asked is not None
    return [tuple(c.slug for c in answer.choices) for answer in asked.answers]


def steps_of(graph: FlowGraph) -> dict[str, tuple[Term, ...]]:
    return {n.step.slug: n.when for part in graph.parts for n in part.steps}


# All visitors


def test_everything_is_on_the_map_of_all_visitors() -> None:
    graph = flow_graph(SOUND, {})

    assert graph.is_possible
    assert [asked.number for asked in graph.questions] == list(range(1, 10))
    assert set(steps_of(graph)) == {step.slug for step in SOUND.steps}
    assert [part.phase for part in graph.parts] == list(Phase)
    assert all(answer.is_met for asked in graph.questions for answer in asked.answers)


def test_conditions_of_all_visitors_stand_as_they_were_written() -> None:
    graph = flow_graph(SOUND, {})

    assert steps_of(graph) == {step.slug: step.when for step in SOUND.steps}
    for asked in graph.questions:
        assert asked.when == asked.question.when


def test_what_nobody_meets_stays_on_the_map_of_all_visitors() -> None:
    guide = make_guide(
        questions=(
            make_question(),
            make_question(slug="line", when=(STOP, LOST)),
        ),
        steps=(make_step(slug="never", when=(STOP, LOST)), make_step(slug="always")),
    )

    graph = flow_graph(guide, {})

    assert meetings(graph) == {"goal": "asked", "line": "never"}
    assert not any(answer.is_met for answer in graph.questions[1].answers)
    assert [n.is_met for part in graph.parts for n in part.steps] == [False, True]


def test_numbers_of_steps_are_those_of_the_checklist() -> None:
    graph = flow_graph(SOUND, {})

    numbers = {n.step.slug: n.number for part in graph.parts for n in part.steps}
    assert numbers["know-the-notice"] == 1
    assert numbers["port-number"] < numbers["end-what-remains"]
    assert sorted(numbers.values()) == list(range(1, len(SOUND.steps) + 1))


# Meeting a question


@pytest.mark.parametrize(
    ("chosen", "question", "meeting"),
    [
        pytest.param({}, "card", Meeting.PARTLY, id="some-have-one-answer"),
        pytest.param(
            {"operator": ("harbour",)}, "card", Meeting.IMPLIED, id="one-answer"
        ),
        pytest.param({"operator": ("meadow",)}, "card", Meeting.ASKED, id="several"),
        pytest.param({"line": ("data-only",)}, "card", None, id="condition-fails"),
        pytest.param({"goal": ("lost",)}, "end", None, id="date-not-asked"),
        pytest.param({"goal": ("stop",)}, "end", Meeting.ASKED, id="date"),
        pytest.param(
            {"operator": ("orbit",)}, "line", Meeting.ASKED, id="one-answer-leads-there"
        ),
        pytest.param(
            {"line": ("data-only",)}, "operator", Meeting.IMPLIED, id="only-orbit"
        ),
    ],
)
def test_meeting(chosen: Answers, question: str, meeting: Meeting | None) -> None:
    graph = flow_graph(SOUND, chosen)

    assert meetings(graph).get(question) == (meeting and meeting.value)


def test_a_question_without_a_possible_answer_is_never_met() -> None:
    guide = make_guide(
        questions=(
            make_question(),
            make_question(slug="line", choices=(make_choice(when=(STOP, LOST)),)),
        )
    )

    assert meetings(flow_graph(guide, {}))["line"] == "never"


# Some visitors


def test_only_what_they_can_meet_is_left() -> None:
    graph = flow_graph(SOUND, {"operator": ("orbit",)})

    assert answers_of(graph, "line") == [("data-only",)]
    assert answers_of(graph, "operator") == [("orbit",)]
    assert graph.asked("phone") is None
    assert "stop-the-direct-debit" not in steps_of(graph)


def test_the_rest_stays_on_request() -> None:
    graph = flow_graph(SOUND, {"operator": ("orbit",)}, shows_rest=True)

    assert len(graph.questions) == 9
    assert meetings(graph)["phone"] == "never"
    steps = {n.step.slug: n for part in graph.parts for n in part.steps}
    assert not steps["stop-the-direct-debit"].is_met
    assert steps["stop-the-direct-debit"].when == (
        Term("situation", ("direct-debit",)),
    )
    line = graph.asked("line")
    assert line is not None
    assert [answer.is_met for answer in line.answers] == [False, False, True]


def test_what_holds_for_all_of_them_need_not_be_told_apart() -> None:
    graph = flow_graph(SOUND, {"goal": ("stop",)})

    assert steps_of(graph)["send-cancellation"] == ()
    assert steps_of(graph)["erase-the-profile"] == (Term("card", ("esim", "unsure")),)


def test_answers_that_they_cannot_give_are_left_out_of_conditions() -> None:
    graph = flow_graph(SOUND, {"line": ("prepaid",)})

    situation = graph.asked("situation")
    assert situation is not None
    assert [answer.when for answer in situation.answers] == [(), (), ()]
    meadow = flow_graph(SOUND, {"operator": ("meadow",)}).asked("situation")
    assert meadow is not None
    assert [a.when for a in meadow.answers] == [
        (Term("line", ("subscription",)),),
        (),
        (Term("line", ("prepaid",)),),
        (),
    ]


def test_answers_that_exclude_each_other_are_impossible() -> None:
    graph = flow_graph(SOUND, {"line": ("data-only",), "operator": ("meadow",)})

    assert graph == FlowGraph((), (), is_possible=False)


def test_an_empty_guide_has_an_empty_map() -> None:
    graph = flow_graph(make_guide(questions=(), steps=()), {})

    assert graph == FlowGraph((), (), is_possible=True)
    assert graph.links == ()


# Operators


def operators_guide(*, except_codes: tuple[str, ...] = ("north",)) -> Guide:
    slugs = ("meadow", "harbour", "north", "other", "unknown")
    return make_guide(
        questions=(
            make_question(
                slug="operator",
                kind=Kind.OPERATOR,
                choices=make_choices(slugs=slugs),
            ),
        ),
        operators=tuple(make_operator(slug=slug) for slug in slugs[:3]),
        steps=(
            make_step(slug="a", when=(Term("operator", except_codes, excluding=True),)),
        ),
    )


def test_operators_that_nothing_tells_apart_count_as_one() -> None:
    graph = flow_graph(operators_guide(), {})

    assert answers_of(graph, "operator") == [
        ("meadow", "harbour"),
        ("north",),
        ("other", "unknown"),
    ]


def test_operators_can_stand_on_their_own() -> None:
    graph = flow_graph(operators_guide(), {}, folds_operators=False)

    assert len(answers_of(graph, "operator")) == 5


def test_thirty_operators_make_few_answers() -> None:
    slugs = tuple(f"operator-{number}" for number in range(30))
    guide = make_guide(
        questions=(
            make_question(
                slug="operator",
                kind=Kind.OPERATOR,
                choices=make_choices(slugs=(*slugs, "other")),
            ),
        ),
        operators=tuple(make_operator(slug=slug) for slug in slugs),
        steps=(make_step(when=(Term("operator", slugs[:7]),)),),
    )

    sizes = [len(codes) for codes in answers_of(flow_graph(guide, {}), "operator")]

    assert sizes == [7, 23, 1]


# Groups


def test_steps_for_the_same_visitors_stand_together() -> None:
    guide = make_guide(
        steps=(
            make_step(slug="a", when=(STOP,)),
            make_step(slug="b"),
            make_step(slug="c", when=(STOP,)),
        )
    )

    (part,) = flow_graph(guide, {}).parts

    assert [(g.when, [n.step.slug for n in g.steps]) for g in part.groups] == [
        ((STOP,), ["a", "c"]),
        ((), ["b"]),
    ]


def test_steps_for_one_answer_each_stand_under_what_they_share() -> None:
    line = make_question(slug="line", choices=make_choices(slugs=("a", "b", "c")))
    guide = make_guide(
        questions=(make_question(), line),
        steps=tuple(
            make_step(slug=f"step-{number}", when=(Term("line", (code,)), STOP))
            for number, code in enumerate(("a", "b", "a", "c"))
        ),
    )

    ((group,),) = [part.groups for part in flow_graph(guide, {}).parts]

    assert group.when == (STOP,)
    assert [(n.step.slug, n.own) for n in group.steps] == [
        ("step-0", (Term("line", ("a",)),)),
        ("step-2", (Term("line", ("a",)),)),
        ("step-1", (Term("line", ("b",)),)),
        ("step-3", (Term("line", ("c",)),)),
    ]


def test_steps_that_depend_on_a_missing_question_are_out_of_reach() -> None:
    weather = Term("weather", ("rain",))
    guide = make_guide(steps=(make_step(when=(STOP, weather)),))

    graph = flow_graph(guide, {})

    (group,) = graph.parts[0].groups
    assert not group.steps[0].is_met
    assert graph.in_few_words(weather) == weather


# Links


def test_links_lead_from_questions_to_those_that_depend_on_them() -> None:
    graph = flow_graph(SOUND, {})

    assert graph.links == (
        Link("line", "operator", is_asking=False),
        Link("line", "card", is_asking=True),
        Link("operator", "card", is_asking=False),
        Link("card", "phone", is_asking=True),
        Link("line", "situation", is_asking=False),
        Link("goal", "linked", is_asking=True),
        Link("goal", "end", is_asking=True),
        Link("situation", "end", is_asking=False),
    )


def test_links_never_lead_backwards_or_nowhere() -> None:
    guide = make_guide(
        questions=(
            make_question(when=(Term("line", ("prepaid",)), Term("sky", ("blue",)))),
            make_question(slug="line", choices=make_choices(slugs=("prepaid", "b"))),
        )
    )

    assert flow_graph(guide, {}).links == ()


# Fewer words


@pytest.mark.parametrize(
    ("chosen", "term", "expected"),
    [
        pytest.param({}, STOP, STOP, id="short-already"),
        pytest.param(
            {},
            Term("goal", ("stop", "lost")),
            Term("goal", ("keep-number",), excluding=True),
            id="the-others-are-fewer",
        ),
        pytest.param(
            {},
            Term("goal", ("stop", "lost"), excluding=True),
            Term("goal", ("keep-number",)),
            id="all-but-one-excluded",
        ),
        pytest.param(
            {},
            Term("goal", ("stop", "lost", "keep-number")),
            Term("goal", (), excluding=True),
            id="any",
        ),
        pytest.param(
            {},
            Term("goal", ("stop", "lost", "keep-number"), excluding=True),
            Term("goal", ("stop", "lost", "keep-number"), excluding=True),
            id="none",
        ),
        pytest.param(
            {},
            Term("linked", ("bank", "messenger")),
            Term("linked", ("none",), excluding=True),
            id="many-but-one-that-excludes-the-others",
        ),
        pytest.param(
            {},
            Term("linked", ("bank", "none")),
            Term("linked", ("bank", "none")),
            id="many-at-once",
        ),
        pytest.param(
            {},
            Term("end", ("skip", "contract-end")),
            Term("end", ("skip", "contract-end")),
            id="a-day-is-an-answer-too",
        ),
        pytest.param(
            {},
            Term("goal", ("stop", "lost", "gone")),
            Term("goal", ("stop", "lost", "gone")),
            id="no-such-answer",
        ),
        pytest.param(
            {"operator": ("meadow",)},
            Term("line", ("subscription", "prepaid")),
            Term("line", (), excluding=True),
            id="of-those-that-are-left",
        ),
    ],
)
def test_in_few_words(chosen: Answers, term: Term, expected: Term) -> None:
    assert flow_graph(SOUND, chosen).in_few_words(term) == expected


def test_in_few_words_of_what_they_do_not_meet_speaks_of_everybody() -> None:
    graph = flow_graph(SOUND, {"operator": ("meadow",)}, shows_rest=True)
    term = Term("line", ("subscription", "prepaid"))

    assert graph.in_few_words(term, is_met=False) == Term(
        "line", ("data-only",), excluding=True
    )


# What holds for every guide


@st.composite
def guides_and_answers(draw: st.DrawFn) -> tuple[Guide, Answers]:
    guide = draw(guides())
    chosen = {}
    for question in guide.questions:
        codes = [choice.slug for choice in question.choices]
        if codes and draw(st.booleans()):
            chosen[question.slug] = (draw(st.sampled_from(codes)),)
    return guide, chosen


def positions_of(guide: Guide, chosen: Answers) -> list[Position]:
    terms = [Term(question, codes) for question, codes in chosen.items()]
    return [p for p in all_positions(guide) if holds(terms, p.known)]


@few
@given(guides_and_answers())
def test_the_map_shows_just_what_walking_finds(case: tuple[Guide, Answers]) -> None:
    guide, chosen = case
    positions = positions_of(guide, chosen)

    graph = flow_graph(guide, chosen, shows_rest=True)

    assert graph.is_possible is bool(positions)
    for asked in graph.questions:
        slug = asked.question.slug
        is_asked = {
            any(answer.question.slug == slug for answer in p.answered)
            for p in positions
            if slug in p.known or any(a.question.slug == slug for a in p.answered)
        }
        expected = {
            frozenset(): Meeting.NEVER,
            frozenset({True}): Meeting.ASKED,
            frozenset({False}): Meeting.IMPLIED,
            frozenset({True, False}): Meeting.PARTLY,
        }[frozenset(is_asked)]
        assert asked.meeting is expected
        for answer in asked.answers:
            (choice,) = answer.choices
            found = any(choice.slug in p.known.get(slug, ()) for p in positions)
            assert answer.is_met is found
    on_lists = {
        step.step.slug for p in positions for step in checklist(guide, p, TODAY).steps
    }
    met = {n.step.slug for part in graph.parts for n in part.steps if n.is_met}
    assert met == on_lists


@few
@given(guides_and_answers())
def test_shorter_conditions_say_the_same_of_these_visitors(
    case: tuple[Guide, Answers],
) -> None:
    guide, chosen = case
    positions = positions_of(guide, chosen)

    graph = flow_graph(guide, chosen)

    def assert_same(
        short: tuple[Term, ...], full: tuple[Term, ...], known: Answers
    ) -> None:
        assert holds(short, known) is holds(full, known)
        in_words = [graph.in_few_words(term) for term in short]
        assert holds(in_words, known) is holds(full, known)

    for position in positions:
        for part in graph.parts:
            for group in part.groups:
                for node in group.steps:
                    if not node.is_met:
                        continue
                    assert_same(node.when, node.step.when, position.known)
                    if node.own:
                        assert set(group.when + node.own) == set(node.when)
                    else:
                        assert set(group.when) == set(node.when)
        for asked in graph.questions:
            if asked.meeting is Meeting.NEVER:
                continue
            assert_same(asked.when, asked.question.when, position.known)
            if holds(asked.question.when, position.known):
                for answer in asked.answers:
                    if answer.is_met:
                        full = answer.choices[0].when
                        assert_same(answer.when, full, position.known)
