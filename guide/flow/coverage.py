"""What is known of each operator on each topic, and where the holes are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum

import msgspec

from guide.flow.conditions import Outcomes
from guide.flow.content import (
    Channel,
    Confidence,
    Guide,
    Operator,
    OperatorFact,
    Step,
    Term,
)
from guide.flow.engine import FALLBACK_PURPOSES, OPERATOR_QUESTION, OPTIONAL_TOPICS

TRAVEL_KINDS = frozenset({"travel-esim", "roaming-pack"})
CLOSED = "closed"


class State(StrEnum):
    """How well something is known, the worst first."""

    UNKNOWN = "unknown"  # expected, and nothing is there
    NO_DATE = "no-date"
    OVERDUE = "overdue"
    THIRD_PARTY = "third-party"  # neither the operator nor a regulator says so
    UNTRANSLATED = "untranslated"
    STAND_IN = "stand-in"  # no channel for this: visitors get the next best one
    CONFIRMED = "confirmed"  # official or regulator, in date
    NOT_EXPECTED = "not-expected"  # nothing is there, and nobody misses it


STATES = tuple(State)


class Subject(StrEnum):
    """What a column is about."""

    TOPIC = "topic"  # facts
    PURPOSE = "purpose"  # channels


class Column(msgspec.Struct, frozen=True):
    """One topic of facts, or one purpose of channels."""

    subject: Subject
    code: str


class Entry(msgspec.Struct, frozen=True):
    """One fact or channel, and how good it is."""

    slug: str
    states: tuple[State, ...]
    languages: tuple[str, ...]  # in which its text is missing or outdated


class Cell(msgspec.Struct, frozen=True):
    """What is known of one operator in one column."""

    column: Column
    entries: tuple[Entry, ...]
    states: tuple[State, ...]  # the worst first, never empty

    @property
    def worst(self) -> State:
        """The state that most needs somebody."""
        return self.states[0]


class Row(msgspec.Struct, frozen=True):
    """What is known of one operator."""

    operator: Operator
    cells: tuple[Cell, ...]


class Tally(msgspec.Struct, frozen=True):
    """How many cells are how good."""

    good: int  # confirmed, and nothing else to be done
    expected: int  # all but those where nobody misses anything
    by_state: dict[State, int]  # a cell of two states counts in both


class Coverage(msgspec.Struct, frozen=True):
    """Operators × topics and purposes."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def column_cells(self, index: int) -> tuple[Cell, ...]:
        """Return the cells of one column, operator by operator."""
        return tuple(row.cells[index] for row in self.rows)

    def all_cells(self) -> tuple[Cell, ...]:
        """Return all cells, row by row."""
        return tuple(cell for row in self.rows for cell in row.cells)


def coverage(
    guide: Guide,
    *,
    topics: Sequence[str],
    purposes: Sequence[str],
    languages: Sequence[str],
    today: date,
    outdated: Mapping[str, frozenset[str]],
) -> Coverage:
    """
    Return what is known of each operator.

    Args:
        guide: The guide.
        topics: Codes of the topics that facts can have: the first columns.
        purposes: Codes of the purposes that channels can have: the other columns.
        languages: Those in which texts shall exist.
        today: The day against which facts are overdue.
        outdated: Languages in which the translation of a fact or channel, named by
            its code, is older than its source.

    Returns:
        One row an operator and one cell a column, in the order in which they came.
    """
    columns = (
        *(Column(Subject.TOPIC, code) for code in topics),
        *(Column(Subject.PURPOSE, code) for code in purposes),
    )
    expected = expectations(guide)

    def entry(row: OperatorFact | Channel) -> Entry:
        text = row.text if isinstance(row, OperatorFact) else row.detail
        missing = tuple(
            language
            for language in languages
            if language not in text.by_language
            or language in outdated.get(row.slug, frozenset())
        )
        return Entry(row.slug, _entry_states(guide, row, missing, today), missing)

    def cell(operator: Operator, column: Column) -> Cell:
        found: tuple[OperatorFact | Channel, ...]
        if column.subject is Subject.TOPIC:
            found = tuple(f for f in operator.facts if f.topic == column.code)
        else:
            found = tuple(c for c in operator.channels if c.purpose == column.code)
        entries = tuple(entry(row) for row in found)
        states = {state for one in entries for state in one.states}
        if not entries:
            is_expected = column in expected[operator.slug]
            states = {_state_without_entries(operator, column, is_expected=is_expected)}
        return Cell(column, entries, _worst_first(states))

    return Coverage(
        columns,
        tuple(
            Row(operator, tuple(cell(operator, column) for column in columns))
            for operator in guide.operators
        ),
    )


def tally(cells: Iterable[Cell]) -> Tally:
    """Return how many of *cells* are how good."""
    listed = tuple(cells)
    found = Counter(state for cell in listed for state in cell.states)
    return Tally(
        good=sum(cell.worst is State.CONFIRMED for cell in listed),
        expected=len(listed) - found[State.NOT_EXPECTED],
        by_state={state: found[state] for state in STATES},
    )


def as_data(found: Coverage) -> list[dict[str, object]]:
    """
    Return the coverage as plain values, for tables and documents.

    Returns:
        For each operator its code ("operator"), "name", "kind" and "status"; "topics"
        and "purposes": for each code the states, the worst first; "good" of "expected"
        cells.
    """
    return [
        {
            "operator": row.operator.slug,
            "name": row.operator.name,
            "kind": row.operator.kind,
            "status": row.operator.status,
            "topics": _states_by_code(row, Subject.TOPIC),
            "purposes": _states_by_code(row, Subject.PURPOSE),
            "good": tally(row.cells).good,
            "expected": tally(row.cells).expected,
        }
        for row in found.rows
    ]


# What is expected


def topics_to_expect(operator: Operator) -> tuple[str, ...]:
    """Return the topics on which a visitor expects to read something."""
    if operator.kind in TRAVEL_KINDS:
        return ("renewal", "refund", "prepaid-expiry", "esim")
    if operator.status == CLOSED:
        return ()
    return ("notice", "effective", "identity", "costs", "confirmation", "porting")


def expectations(guide: Guide) -> dict[str, frozenset[Column]]:
    """
    Return for each operator in which columns visitors miss something.

    Those are the topics that its page names, and the topics and purposes of all steps
    that can stand on a checklist for it: there the guide would have to say that it
    does not know.
    """
    found = {
        operator.slug: {
            Column(Subject.TOPIC, topic) for topic in topics_to_expect(operator)
        }
        for operator in guide.operators
    }
    outcomes = Outcomes(guide)
    here = {slug: Term(OPERATOR_QUESTION, (slug,)) for slug in found}
    for step in guide.steps:
        columns = _columns_of(step)
        if not columns:
            continue
        when = frozenset(step.when)
        states = outcomes.of(when.union(here.values()))
        met = frozenset[Term]().union(*(state for state in states if when <= state))
        for slug, term in here.items():
            if term in met:
                found[slug] |= columns
    return {
        slug: frozenset(
            column
            for column in columns
            if column.subject is Subject.PURPOSE or column.code not in OPTIONAL_TOPICS
        )
        for slug, columns in found.items()
    }


def _columns_of(step: Step) -> set[Column]:
    columns = {Column(Subject.TOPIC, topic) for topic in step.topics}
    if step.shows_channels:
        columns.add(Column(Subject.PURPOSE, step.shows_channels))
    return columns


# How good something is


def _entry_states(
    guide: Guide,
    row: OperatorFact | Channel,
    missing: tuple[str, ...],
    today: date,
) -> tuple[State, ...]:
    states = set()
    sources = [guide.source(slug) for slug in row.sourcing.sources]
    if row.sourcing.checked_on is None:
        states.add(State.NO_DATE)
    elif row.sourcing.is_overdue(today):
        states.add(State.OVERDUE)
    if all(
        source is None or source.confidence is Confidence.THIRD_PARTY
        for source in sources
    ):
        states.add(State.THIRD_PARTY)
    if not states:
        states.add(State.CONFIRMED)
    if missing:
        states.add(State.UNTRANSLATED)
    return _worst_first(states)


def _state_without_entries(
    operator: Operator, column: Column, *, is_expected: bool
) -> State:
    if not is_expected:
        return State.NOT_EXPECTED
    if column.subject is Subject.PURPOSE:
        others = FALLBACK_PURPOSES.get(column.code, ())
        if any(channel.purpose in others for channel in operator.channels):
            return State.STAND_IN
    return State.UNKNOWN


def _worst_first(states: Iterable[State]) -> tuple[State, ...]:
    return tuple(sorted(states, key=STATES.index))


def _states_by_code(row: Row, subject: Subject) -> dict[str, list[str]]:
    return {
        cell.column.code: [state.value for state in cell.states]
        for cell in row.cells
        if cell.column.subject is subject
    }
