"""Where everything stands in the picture of the flow: boxes, lines of text, wires."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

import msgspec

WIDTH = 1200  # of the picture, in its own units; a page scales it

# Sizes of letters, and the height of a line of each.
TITLE, BODY, SMALL = 15, 13, 12
LINE = {TITLE: 20, BODY: 17, SMALL: 16}

LANE = 12  # between two wires that run down beside the questions, at the most
LANES = 240  # width of all of them, at the most
SLOT = 12  # between two wires that end at the same question
QUESTION_GAP = 26
QUESTION_TEXT = 330  # width of the part of a question beside its answers
CHIP_WIDTH = 236
BADGE = 20  # room for the number of a question before a condition
PHASE_COLUMNS = 3
PHASE_HEAD = 34
PHASE_GAP = 30
GAP = 10
PAD = 9
STEP_INDENT = 32  # room for the number of a step

# Widths of letters, in ems, a little more than those of Arial and the like.
NARROW, WIDE, CAPITAL, OTHER, FULL = 0.32, 0.88, 0.74, 0.565, 1.0
BOLD = 1.08
NARROW_LETTERS = frozenset("ijltfrI .,:;!'’‘|()[]{}-/·“”\"")
WIDE_LETTERS = frozenset("mwMW@%—…")
# Chinese lines do not begin with these.
CLOSING = frozenset("，。、；：？！）》」』】〕’”…")


# What is to be drawn


class Mark(msgspec.Struct, frozen=True):
    """A demand on the answer to one question, named by the question's number."""

    number: int
    text: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a box; the last fields are only passed on to the page."""

    name: str
    title: str
    note: str = ""
    marks: tuple[Mark, ...] = ()
    is_quiet: bool = False
    is_optional: bool = False
    address: str = ""
    hint: str = ""
    depends_on: str = ""
    shown_by: str = ""


class QuestionCard(Card, frozen=True, kw_only=True):
    """A question and its answers."""

    number: int
    answers: tuple[Card, ...] = ()


class StepCard(Card, frozen=True, kw_only=True):
    """A step; its marks are those that its group does not share."""

    number: int


class GroupCard(Card, frozen=True, kw_only=True):
    """Steps for the same visitors."""

    steps: tuple[StepCard, ...] = ()


class PhaseCard(Card, frozen=True, kw_only=True):
    """A phase of the checklist."""

    groups: tuple[GroupCard, ...] = ()


class Dependence(msgspec.Struct, frozen=True):
    """A wire to draw from one question to a later one."""

    source: str  # names of cards
    target: str
    is_dashed: bool


# What was drawn


class Rect(msgspec.Struct, frozen=True):
    """A rectangle; y runs down."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    def meets(self, other: "Rect") -> bool:
        """Tell whether the two share more than an edge."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def holds(self, other: "Rect") -> bool:
        """Tell whether *other* lies within."""
        return (
            self.x <= other.x
            and other.right <= self.right
            and self.y <= other.y
            and other.bottom <= self.bottom
        )


class Line(msgspec.Struct, frozen=True):
    """One line of text."""

    text: str
    x: int
    baseline: int
    size: int
    is_bold: bool
    rect: Rect  # the room that it takes, by estimate


class MarkBox(msgspec.Struct, frozen=True):
    """A mark: the number of a question in a circle, and words."""

    mark: Mark
    rect: Rect
    lines: tuple[Line, ...]
    circle_x: int
    circle_y: int


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A card in its place."""

    card: Card
    rect: Rect
    lines: tuple[Line, ...] = ()
    notes: tuple[Line, ...] = ()
    marks: tuple[MarkBox, ...] = ()


class QuestionBox(Box, frozen=True, kw_only=True):
    """A question in its place."""

    card: QuestionCard
    circle_x: int
    circle_y: int
    head: Rect  # what leads to the form: the question without its answers
    answers: tuple[Box, ...]


class StepBox(Box, frozen=True, kw_only=True):
    """A step in its place."""

    card: StepCard
    number_x: int


class GroupBox(Box, frozen=True, kw_only=True):
    """A group of steps in its place; a line divides its marks from its steps."""

    card: GroupCard
    divider_y: int
    steps: tuple[StepBox, ...]


class PhaseBox(Box, frozen=True, kw_only=True):
    """The heading of a phase in its place, and its groups below."""

    card: PhaseCard
    groups: tuple[GroupBox, ...]


class Wire(msgspec.Struct, frozen=True):
    """A line from one box to another: from corner to corner, all right angles."""

    source: str
    target: str
    points: tuple[tuple[int, int], ...]
    number: int  # of the question where it begins
    is_dashed: bool = False

    @property
    def path(self) -> str:
        """The line as an SVG path, corners rounded."""
        (x, y), *rest = self.points
        parts = [f"M{x} {y}"]
        for (cx, cy), (nx, ny) in pairwise(rest):
            into, out = _towards(cx, cy, x, y), _towards(cx, cy, nx, ny)
            parts.append(f"L{into[0]} {into[1]}Q{cx} {cy} {out[0]} {out[1]}")
            x, y = cx, cy
        end_x, end_y = self.points[-1]
        parts.append(f"L{end_x} {end_y}")
        return "".join(parts)

    @property
    def head(self) -> str:
        """The arrow at its end, as an SVG path."""
        (x, _), (end_x, end_y) = self.points[-2:]
        if x == end_x:
            return f"M{end_x} {end_y}l-4 -7h8z"
        return f"M{end_x} {end_y}l-7 -4v8z"


class Drawing(msgspec.Struct, frozen=True):
    """The whole picture."""

    width: int
    height: int
    questions: tuple[QuestionBox, ...]
    phases: tuple[PhaseBox, ...]
    wires: tuple[Wire, ...]


def draw(
    questions: Sequence[QuestionCard],
    phases: Sequence[PhaseCard],
    dependences: Sequence[Dependence],
) -> Drawing:
    """
    Place the questions below each other, and below them the steps by phase.

    Args:
        questions: In their order; each becomes a box with its answers inside.
        phases: In their order; their groups stand in columns, read column by column.
        dependences: From earlier questions to later ones, by name: wires on the left.

    Returns:
        Boxes of which no two overlap but those that hold others, texts that keep
        within their boxes by estimate, and wires from edge to edge.
    """
    used = {dependence.source for dependence in dependences}
    sources = [card.name for card in questions if card.name in used]
    lane = max(1, min(LANE, LANES // (len(sources) + 1)))
    left = lane * (len(sources) + 1) if sources else 0
    y = 1
    question_boxes: list[QuestionBox] = []
    for card in questions:
        ends = sum(d.target == card.name for d in dependences)
        box = _question(card, left, y, WIDTH - left - 1, wires=ends)
        question_boxes.append(box)
        y = box.rect.bottom + QUESTION_GAP
    phase_boxes: list[PhaseBox] = []
    for phase in phases:
        placed = _phase(phase, 1, y)
        phase_boxes.append(placed)
        y = max(b.rect.bottom for b in (placed, *placed.groups)) + PHASE_GAP
    boxes: list[Box] = [*question_boxes, *phase_boxes]
    height = max((b.rect.bottom for b in _all_boxes(boxes)), default=0) + 1
    wires = [
        *_dependence_wires(question_boxes, dependences, sources, lane),
        *_order_wires(question_boxes, phase_boxes, left),
    ]
    # Where two share a lane, the whole line is drawn over the dashed one.
    wires.sort(key=lambda wire: not wire.is_dashed)
    return Drawing(
        WIDTH, height, tuple(question_boxes), tuple(phase_boxes), tuple(wires)
    )


# Text


def measure(text: str, size: int, *, is_bold: bool = False) -> int:
    """Return how wide a text will be at the most, by estimate."""
    has_full = any(_is_full(letter) for letter in text)
    ems = sum(_ems(letter, has_full=has_full) for letter in text)
    # Half a unit more, so that rounding never makes it smaller.
    return int(ems * size * (BOLD if is_bold else 1.0) + 0.999)


def wrap(text: str, width: int, size: int, *, is_bold: bool = False) -> tuple[str, ...]:
    """
    Break a text into lines of at most *width*.

    Latin words stay whole where they fit at all; Chinese breaks between any two
    characters, but not before closing signs. At least one character stands on a line.
    """
    has_full = any(_is_full(letter) for letter in text)
    ems = width / size / (BOLD if is_bold else 1.0)
    lines: list[str] = []
    line, taken = "", 0.0

    for token in _tokens(text):
        wide = sum(_ems(letter, has_full=has_full) for letter in token)
        if taken + wide > ems and not token.isspace():
            lines.append(line.rstrip())
            line, taken = "", 0.0
        if token.isspace():
            # It may reach over the edge: at the end of a line nobody sees it.
            line, taken = (line + token, taken + wide) if line else ("", 0.0)
        elif wide <= ems:
            line, taken = line + token, taken + wide
        else:
            for letter in token:
                step = _ems(letter, has_full=has_full)
                if line and taken + step > ems:
                    lines.append(line)
                    line, taken = "", 0.0
                line, taken = line + letter, taken + step
    return tuple(line for line in (*lines, line.rstrip()) if line)


def _tokens(text: str) -> Iterator[str]:
    """Yield the parts of a text between which a line may break, spaces on their own."""
    waiting = ""
    for letter in text:
        if waiting and letter not in CLOSING and _may_break(waiting[-1], letter):
            yield waiting
            waiting = ""
        waiting += letter
    if waiting:
        yield waiting


def _may_break(before: str, after: str) -> bool:
    if before.isspace() or after.isspace():
        return not (before.isspace() and after.isspace())
    return _is_full(before) or _is_full(after)


def _is_full(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in {"W", "F"}


def _ems(letter: str, *, has_full: bool) -> float:
    width = unicodedata.east_asian_width(letter)
    # Quotes and dashes are as wide as the letters that they stand among.
    if width in {"W", "F"} or (width == "A" and has_full):
        return FULL
    if letter in NARROW_LETTERS:
        return NARROW
    if letter in WIDE_LETTERS:
        return WIDE
    return CAPITAL if letter.isupper() else OTHER


def _lines(
    text: str, x: int, y: int, width: int, size: int, *, is_bold: bool = False
) -> tuple[Line, ...]:
    return tuple(
        Line(
            text=words,
            x=x,
            baseline=y + LINE[size] * number + size,
            size=size,
            is_bold=is_bold,
            rect=Rect(
                x,
                y + LINE[size] * number,
                measure(words, size, is_bold=is_bold),
                LINE[size],
            ),
        )
        for number, words in enumerate(wrap(text, width, size, is_bold=is_bold))
    )


# Boxes


class _Placed(Protocol):
    @property
    def rect(self) -> Rect: ...


PlacedT = TypeVar("PlacedT", bound=_Placed)


def _flow(
    makers: Sequence[Callable[[int, int, int], PlacedT]],
    x: int,
    y: int,
    width: int,
    gap: int,
) -> tuple[PlacedT, ...]:
    """Place things beside each other, and below where there is no more room."""
    placed: list[PlacedT] = []
    here, row_bottom = x, y
    for make in makers:
        if here > x and here + make(x, y, width).rect.width > x + width:
            here, y = x, row_bottom + gap
        one = make(here, y, x + width - here)
        placed.append(one)
        here = one.rect.right + gap
        row_bottom = max(row_bottom, one.rect.bottom)
    return tuple(placed)


def _mark(mark: Mark, x: int, y: int, width: int) -> MarkBox:
    lines = _lines(mark.text, x + BADGE, y, width - BADGE, SMALL)
    wide = max((line.rect.width for line in lines), default=0)
    return MarkBox(
        mark=mark,
        rect=Rect(x, y, BADGE + wide, LINE[SMALL] * max(1, len(lines))),
        lines=lines,
        circle_x=x + 8,
        circle_y=y + 8,
    )


def _marks(
    marks: Sequence[Mark], x: int, y: int, width: int
) -> tuple[tuple[MarkBox, ...], int]:
    """Return marks in a row, and where they end."""

    def maker(mark: Mark) -> Callable[[int, int, int], MarkBox]:
        return lambda x, y, width: _mark(mark, x, y, width)

    placed = _flow([maker(mark) for mark in marks], x, y, width, gap=4)
    return placed, max((box.rect.bottom for box in placed), default=y)


def _answer(card: Card, x: int, y: int, width: int) -> Box:
    room = min(width, CHIP_WIDTH) - 2 * PAD
    lines = _lines(card.title, x + PAD, y + 5, room, BODY)
    below = _bottom(lines, y + 5)
    notes = _lines(card.note, x + PAD, below, room, SMALL)
    below = _bottom(notes, below)
    marks, bottom = _marks(card.marks, x + PAD, below + 2, room)
    inside = [line.rect for line in (*lines, *notes)] + [mark.rect for mark in marks]
    right = max((rect.right for rect in inside), default=x + PAD)
    below = bottom if marks else below
    rect = Rect(x, y, right - x + PAD, below - y + 6)
    return Box(card=card, rect=rect, lines=lines, notes=notes, marks=marks)


def _question(
    card: QuestionCard, x: int, y: int, width: int, *, wires: int
) -> QuestionBox:
    indent = x + PAD + 34
    room = QUESTION_TEXT - 34 - 2 * PAD
    lines = _lines(card.title, indent, y + PAD, room, TITLE, is_bold=True)
    below = _bottom(lines, y + PAD)
    notes = _lines(card.note, indent, below, room, SMALL)
    below = _bottom(notes, below)
    marks, below = _marks(card.marks, indent, below + 4, room)

    def maker(answer: Card) -> Callable[[int, int, int], Box]:
        return lambda x, y, width: _answer(answer, x, y, width)

    answers = _flow(
        [maker(answer) for answer in card.answers],
        x + QUESTION_TEXT,
        y + PAD,
        width - QUESTION_TEXT - PAD,
        gap=8,
    )
    bottom = max([below, *(box.rect.bottom for box in answers)]) + PAD
    # Room for the ends of all wires, and for the beginning of one.
    bottom = max(bottom, y + 14 + SLOT * (wires + 1), y + 2 * PAD + 28)
    return QuestionBox(
        card=card,
        rect=Rect(x, y, width, bottom - y),
        head=Rect(x, y, QUESTION_TEXT - PAD, bottom - y),
        lines=lines,
        notes=notes,
        marks=marks,
        answers=answers,
        circle_x=x + PAD + 14,
        circle_y=y + PAD + 12,
    )


def _group(card: GroupCard, x: int, y: int, width: int) -> GroupBox:
    room = width - 2 * PAD
    notes = _lines(card.note, x + PAD, y + 7, room, SMALL)
    marks, below = _marks(card.marks, x + PAD, _bottom(notes, y + 7), room)
    divider = below + 6
    y_step = divider + 5
    steps: list[StepBox] = []
    before: tuple[Mark, ...] = ()
    for step in card.steps:
        # What was just said need not be said again.
        shown = step.marks if step.marks != before else ()
        before = step.marks
        box = _step(step, shown, x + 1, y_step, width - 2)
        steps.append(box)
        y_step = box.rect.bottom
    return GroupBox(
        card=card,
        rect=Rect(x, y, width, y_step + 5 - y),
        notes=notes,
        marks=marks,
        divider_y=divider,
        steps=tuple(steps),
    )


def _step(
    card: StepCard, shown: tuple[Mark, ...], x: int, y: int, width: int
) -> StepBox:
    inner = x + PAD - 1
    marks, below = _marks(shown, inner, y + 3, width - 2 * PAD + 2)
    top = below + 1 if marks else y + 2
    lines = _lines(
        card.title, inner + STEP_INDENT, top, width - 2 * PAD + 2 - STEP_INDENT, BODY
    )
    return StepBox(
        card=card,
        rect=Rect(x, y, width, _bottom(lines, top) + 3 - y),
        lines=lines,
        marks=marks,
        number_x=inner + STEP_INDENT - 7,
    )


def _phase(card: PhaseCard, x: int, y: int) -> PhaseBox:
    whole = WIDTH - 2 * x
    width = (whole - GAP * (PHASE_COLUMNS - 1)) // PHASE_COLUMNS
    heights = [_group(group, 0, 0, width).rect.height + GAP for group in card.groups]
    top = y + PHASE_HEAD + GAP
    groups: list[GroupBox] = []
    position = iter(card.groups)
    for number, count in enumerate(_columns(heights, PHASE_COLUMNS)):
        below = top
        for _ in range(count):
            box = _group(next(position), x + number * (width + GAP), below, width)
            groups.append(box)
            below = box.rect.bottom + GAP
    room = whole - 4 * PAD
    return PhaseBox(
        card=card,
        rect=Rect(x, y, whole, PHASE_HEAD),
        lines=_lines(card.title, x + 2 * PAD, y + 7, room, TITLE, is_bold=True)[:1],
        groups=tuple(groups),
    )


def _columns(heights: Sequence[int], most: int) -> list[int]:
    """Return how many of a list go into each column, so that the tallest is low."""
    low, high = max(heights, default=0), sum(heights)
    while low < high:
        middle = (low + high) // 2
        if len(_filled(heights, middle)) <= most:
            high = middle
        else:
            low = middle + 1
    return _filled(heights, low)


def _filled(heights: Sequence[int], limit: int) -> list[int]:
    counts = [0]
    height = 0
    for one in heights:
        if counts[-1] and height + one > limit:
            counts.append(0)
            height = 0
        counts[-1] += 1
        height += one
    return counts


def _bottom(lines: Sequence[Line], otherwise: int) -> int:
    return lines[-1].rect.bottom if lines else otherwise


def _all_boxes(boxes: Sequence[Box]) -> Iterator[Box]:
    for box in boxes:
        yield box
        if isinstance(box, PhaseBox):
            yield from box.groups


# Wires


def _dependence_wires(
    boxes: Sequence[QuestionBox],
    dependences: Sequence[Dependence],
    sources: Sequence[str],
    lane_width: int,
) -> Iterator[Wire]:
    """Yield a wire for each dependence; each source has a lane of its own."""
    by_name = {box.card.name: box for box in boxes}
    taken: dict[str, int] = {}
    for dependence in dependences:
        start, end = by_name[dependence.source], by_name[dependence.target]
        lane = 1 + lane_width * sources.index(dependence.source)
        slot = taken.get(dependence.target, 0)
        taken[dependence.target] = slot + 1
        y_start = start.rect.bottom - 10
        y_end = end.rect.y + 14 + SLOT * slot
        yield Wire(
            source=dependence.source,
            target=dependence.target,
            points=(
                (start.rect.x, y_start),
                (lane, y_start),
                (lane, y_end),
                (end.rect.x, y_end),
            ),
            number=start.card.number,
            is_dashed=dependence.is_dashed,
        )


def _order_wires(
    questions: Sequence[QuestionBox], phases: Sequence[PhaseBox], left: int
) -> Iterator[Wire]:
    """Yield the arrows from each question to the next, and on to the steps."""
    x = left + PAD + 14
    boxes: list[Box] = [*questions, *phases[:1]]
    for box, following in pairwise(boxes):
        yield Wire(
            source=box.card.name,
            target=following.card.name,
            points=((x, box.rect.bottom), (x, following.rect.y)),
            number=0,
        )


def _towards(x: int, y: int, to_x: int, to_y: int) -> tuple[int, int]:
    """Return the point a few units away from a corner, on the way to another one."""
    step = 5
    dx = max(-step, min(step, to_x - x))
    dy = max(-step, min(step, to_y - y))
    return x + dx, y + dy
