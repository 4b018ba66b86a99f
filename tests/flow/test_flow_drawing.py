"""The picture of the flow is tidy, whatever it shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.flow.content import Guide, Term
from guide.flow.flow_drawing import (
    BODY,
    LANES,
    SMALL,
    TITLE,
    WIDTH,
    Card,
    Dependence,
    Drawing,
    GroupCard,
    Mark,
    PhaseCard,
    QuestionCard,
    Rect,
    StepCard,
    Wire,
    draw,
    measure,
    wrap,
)
from guide.flow.flow_graph import FlowGraph, flow_graph
from tests.flow.factories import make_guide, make_sound_guide
from tests.flow.geometry import assert_tidy
from tests.flow.test_properties import few, guides

WORDS = {
    "none": "",
    "short": "Stop",
    "long": "Sign the number transfer at the new operator, and keep the old SIM in it",
    "unbroken": "Kraftfahrzeughaftpflichtversicherungsvertragsänderung" * 4,
    "chinese": "您用的是实体 SIM 卡还是 eSIM？（看“手机设置”——不确定，选“不知道”。）",
}


# Text


@pytest.mark.parametrize(
    ("text", "size", "at_least", "at_most"),
    [
        pytest.param("", BODY, 0, 0, id="nothing"),
        pytest.param("Wie ist das", BODY, 55, 80, id="latin"),
        pytest.param("停号之后", 12, 48, 48, id="chinese"),
        pytest.param("“", 10, 3, 4, id="quote-in-latin"),
        pytest.param("“停", 10, 20, 20, id="quote-in-chinese"),
        pytest.param("MWM", 10, 24, 30, id="wide"),
        pytest.param("VOO", 10, 20, 24, id="capitals"),
    ],
)
def test_measure(text: str, size: int, at_least: int, at_most: int) -> None:
    assert at_least <= measure(text, size) <= at_most


def test_bold_letters_are_wider() -> None:
    assert measure("Which operator?", BODY, is_bold=True) > measure(
        "Which operator?", BODY
    )


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        pytest.param("", 100, (), id="nothing"),
        pytest.param("  ", 100, (), id="only-spaces"),
        pytest.param("Stop now", 200, ("Stop now",), id="fits"),
        pytest.param("Stop now", 40, ("Stop", "now"), id="at-a-space"),
        pytest.param("  Stop   now ", 40, ("Stop", "now"), id="spaces-at-the-break"),
        pytest.param("abcdef", 25, ("abc", "def"), id="too-long-a-word"),
        pytest.param("a bcdefgh", 25, ("a", "bcd", "efg", "h"), id="word-then-longer"),
        pytest.param("停号之后", 26, ("停号", "之后"), id="chinese"),
        pytest.param("停号，之后", 39, ("停号，", "之后"), id="no-sign-at-the-start"),
        pytest.param("停号 SIM 卡", 26, ("停号", "SIM", "卡"), id="mixed"),
        pytest.param("停号", 1, ("停", "号"), id="one-letter-at-least"),
    ],
)
def test_wrap(text: str, width: int, lines: tuple[str, ...]) -> None:
    assert wrap(text, width, BODY) == lines


@few
@given(
    st.text(alphabet="ab MW.，停号“”-é\n", max_size=60),
    st.integers(60, 300),
    st.sampled_from([SMALL, BODY, TITLE]),
)
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int, size: int) -> None:
    lines = wrap(text, width, size)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(measure(line, size) <= width for line in lines)


# Rectangles


def test_rectangles_that_touch_do_not_meet() -> None:
    one = Rect(0, 0, 10, 10)

    assert not one.meets(Rect(10, 0, 5, 5))
    assert not one.meets(Rect(0, 10, 5, 5))
    assert one.meets(Rect(9, 9, 5, 5))
    assert one.holds(Rect(0, 0, 10, 10))
    assert not one.holds(Rect(5, 5, 6, 5))


# Whole pictures


def marks_of(when: tuple[Term, ...], text: str) -> tuple[Mark, ...]:
    return tuple(Mark(7, f"{term.question} {text}") for term in when)


def drawing_of(graph: FlowGraph, text: str) -> Drawing:
    """Draw a map with *text* wherever words can stand."""
    questions = [
        QuestionCard(
            name=f"q-{asked.question.slug}",
            title=text,
            note=text,
            number=asked.number,
            marks=marks_of(asked.when, text),
            answers=tuple(
                Card(name="a", title=text, note=text, marks=marks_of(a.when, text))
                for a in asked.answers
            ),
        )
        for asked in graph.questions
    ]
    phases = [
        PhaseCard(
            name=f"p-{part.phase}",
            title=text,
            groups=tuple(
                GroupCard(
                    name=f"g-{part.phase}-{number}",
                    title="",
                    note="" if group.when else text,
                    marks=marks_of(group.when, text),
                    steps=tuple(
                        StepCard(
                            name="s",
                            number=n.number,
                            title=text,
                            marks=marks_of(n.own, text),
                        )
                        for n in group.steps
                    ),
                )
                for number, group in enumerate(part.groups)
            ),
        )
        for part in graph.parts
    ]
    dependences = [
        Dependence(f"q-{link.source}", f"q-{link.target}", not link.is_asking)
        for link in graph.links
    ]
    return draw(questions, phases, dependences)


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS)
@pytest.mark.parametrize(
    "chosen", [{}, {"operator": ("meadow",)}, {"goal": ("lost",)}], ids=str
)
def test_pictures_of_a_sound_guide_are_tidy(
    chosen: dict[str, tuple[str, ...]], text: str
) -> None:
    drawing = drawing_of(flow_graph(make_sound_guide(), chosen), text)

    assert drawing.width == WIDTH
    assert_tidy(drawing)


@few
@given(guides(), st.sampled_from(list(WORDS.values())))
def test_pictures_of_all_guides_are_tidy(guide: Guide, text: str) -> None:
    assert_tidy(drawing_of(flow_graph(guide, {}), text))


def test_an_empty_picture_has_almost_no_height() -> None:
    drawing = drawing_of(flow_graph(make_guide(questions=(), steps=()), {}), "")

    assert drawing == Drawing(WIDTH, 1, (), (), ())


def test_a_phase_without_groups_is_a_heading() -> None:
    drawing = draw([], [PhaseCard(name="p-know", title="Know this first")], [])

    assert_tidy(drawing)
    assert drawing.phases[0].groups == ()


def test_questions_run_down_and_answers_to_the_right() -> None:
    drawing = drawing_of(flow_graph(make_sound_guide(), {}), "Stop")

    tops = [box.rect.y for box in drawing.questions]
    assert tops == sorted(tops)
    goal = drawing.questions[0]
    lefts = [answer.rect.x for answer in goal.answers]
    assert lefts == sorted(lefts)
    assert len({answer.rect.y for answer in goal.answers}) == 1


def test_groups_are_read_column_by_column() -> None:
    groups = tuple(
        GroupCard(
            name=f"g-{number}",
            title="",
            note="Everybody",
            steps=(StepCard(name="s", number=number, title="Wait"),),
        )
        for number in range(7)
    )
    (phase,) = draw([], [PhaseCard(name="p", title="Know", groups=groups)], []).phases

    places = [(group.rect.x, group.rect.y) for group in phase.groups]
    assert places == sorted(places)
    assert len({x for x, _ in places}) == 3


def test_steps_say_only_once_what_they_share() -> None:
    mark = (Mark(1, "Stop"),)
    steps = tuple(
        StepCard(name=f"s-{number}", number=number, title="Wait", marks=marks)
        for number, marks in enumerate([mark, mark, (Mark(1, "Lost"),)])
    )
    group = GroupCard(name="g", title="", note="Everybody", steps=steps)
    (phase,) = draw([], [PhaseCard(name="p", title="Know", groups=(group,))], []).phases

    assert [len(box.marks) for box in phase.groups[0].steps] == [1, 0, 1]


def test_very_many_questions_leave_room_for_answers() -> None:
    questions = [
        QuestionCard(
            name=f"q-{number}",
            number=number,
            title="Where?",
            answers=(Card(name="a", title="In Belgium, and staying"),),
        )
        for number in range(1, 61)
    ]
    dependences = [
        Dependence(f"q-{number}", f"q-{number + 1}", is_dashed=False)
        for number in range(1, 60)
    ]

    drawing = draw(questions, [], dependences)

    assert drawing.questions[0].rect.x <= LANES
    assert_tidy(drawing)


def test_dashed_wires_lie_below_whole_ones() -> None:
    drawing = drawing_of(flow_graph(make_sound_guide(), {}), "Stop")

    dashed = [wire.is_dashed for wire in drawing.wires]
    assert dashed == sorted(dashed, reverse=True)
    assert set(dashed) == {True, False}


def test_a_wire_turns_round_corners_and_ends_in_an_arrow() -> None:
    beside = Wire("a", "b", ((50, 10), (5, 10), (5, 80), (50, 80)), number=1)
    down = Wire("a", "b", ((10, 0), (10, 20)), number=0)

    assert beside.path == "M50 10L10 10Q5 10 5 15L5 75Q5 80 10 80L50 80"
    assert beside.head == "M50 80l-7 -4v8z"
    assert down.path == "M10 0L10 20"
    assert down.head == "M10 20l-4 -7h8z"
