"""What must hold for every picture of the flow."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from guide.flow.flow_drawing import (
    Box,
    Drawing,
    GroupBox,
    PhaseBox,
    QuestionBox,
    Rect,
    StepBox,
)


def assert_tidy(drawing: Drawing) -> None:
    """Nothing overlaps, every text keeps within its box, wires end at boxes."""
    paper = Rect(0, 0, drawing.width, drawing.height)
    outer = list(outer_boxes(drawing))
    assert_apart([box.rect for box in outer])
    for box in outer:
        assert paper.holds(box.rect)
        assert_inside(box)
    assert_wires(drawing)


def outer_boxes(drawing: Drawing) -> Iterator[Box]:
    yield from drawing.questions
    for phase in drawing.phases:
        yield phase
        yield from phase.groups


def assert_inside(box: Box) -> None:
    parts = [line.rect for line in (*box.lines, *box.notes)]
    parts += [mark.rect for mark in box.marks]
    inner: tuple[Box, ...] = ()
    if isinstance(box, QuestionBox):
        badge = Rect(box.circle_x - 14, box.circle_y - 14, 28, 28)
        assert box.rect.holds(box.head)
        parts += [badge, *(answer.rect for answer in box.answers)]
        inner = box.answers
    elif isinstance(box, GroupBox):
        inner = box.steps
        for line in (*box.notes, *box.marks):
            assert line.rect.bottom <= box.divider_y
        for step in box.steps:
            assert step.rect.y >= box.divider_y
        parts += [step.rect for step in box.steps]
    elif isinstance(box, StepBox):
        assert box.rect.x <= box.number_x - 20
        assert all(box.number_x < line.x for line in box.lines)
    else:
        assert isinstance(box, Box | PhaseBox)
    assert_apart(parts)
    for part in parts:
        assert box.rect.holds(part)
    for mark in box.marks:
        assert all(mark.rect.holds(line.rect) for line in mark.lines)
        assert mark.rect.x + 8 == mark.circle_x
        assert mark.rect.y + 8 == mark.circle_y
    for line in (*box.lines, *box.notes):
        assert line.rect.y < line.baseline < line.rect.bottom
    for one in inner:
        assert_inside(one)


def assert_apart(rects: Sequence[Rect]) -> None:
    for one, other in combinations(rects, 2):
        assert not one.meets(other), (one, other)


def assert_wires(drawing: Drawing) -> None:
    boxes = {box.card.name: box.rect for box in outer_boxes(drawing)}
    ends = set()
    for wire in drawing.wires:
        start, end = boxes[wire.source], boxes[wire.target]
        (x, y), (to_x, to_y) = wire.points[0], wire.points[-1]
        if wire.number:
            # Beside the boxes, from left edge to left edge.
            assert x == start.x
            assert start.y < y < start.bottom
            assert to_x == end.x
            assert end.y < to_y < end.bottom
            assert (wire.target, to_y) not in ends
            ends.add((wire.target, to_y))
            for corner_x, _ in wire.points[1:-1]:
                assert 0 <= corner_x < min(start.x, end.x)
        else:
            assert (y, to_y) == (start.bottom, end.y)
            assert start.x <= x <= start.right
            assert end.x <= to_x <= end.right
        for (ax, ay), (bx, by) in zip(wire.points, wire.points[1:], strict=False):
            assert ax == bx or ay == by
        for box in drawing.questions:
            for (ax, ay), (bx, by) in zip(wire.points, wire.points[1:], strict=False):
                stretch = Rect(min(ax, bx), min(ay, by), abs(ax - bx), abs(ay - by))
                assert not box.rect.meets(stretch)
