"""Steps are planned backwards from the end, around days off and each other."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.flow.schedule import (
    LONGEST_CLOSURE,
    Due,
    Task,
    is_working_day,
    schedule,
)
from tests.flow.factories import TODAY

END = date(2027, 3, 1)  # a Monday; TODAY is a Friday, 15 January 2027
CHRISTMAS = frozenset({date(2026, 12, 25), date(2027, 1, 1), date(2027, 12, 25)})


def only(task: Task, *, ends_on: date | None = END, today: date = TODAY) -> Due:
    return schedule((task,), ends_on=ends_on, today=today, days_off=CHRISTMAS)["it"]


def task(slug: str = "it", **fields: object) -> Task:
    return Task(slug, **fields)  # type: ignore[arg-type]


def days_of(tasks: Sequence[Task], *, ends_on: date | None = END) -> dict[str, int]:
    found = schedule(tasks, ends_on=ends_on, today=TODAY)
    if ends_on is None:
        return {slug: due.days for slug, due in found.items()}
    return {slug: (due.on - ends_on).days for slug, due in found.items() if due.on}


@pytest.mark.parametrize(
    ("due_days", "ends_on", "expected"),
    [
        pytest.param(-7, None, Due(days=-7), id="no-end-chosen"),
        pytest.param(0, END, Due(days=0, on=END), id="on-the-day"),
        pytest.param(-7, END, Due(days=-7, on=date(2027, 2, 22)), id="before"),
        pytest.param(
            10, date(2027, 2, 25), Due(days=10, on=date(2027, 3, 7)), id="after"
        ),
        pytest.param(
            -1,
            date(2028, 3, 1),
            Due(days=-1, on=date(2028, 2, 29)),
            id="over-a-leap-day",
        ),
        pytest.param(
            1,
            date(2027, 12, 31),
            Due(days=1, on=date(2028, 1, 1)),
            id="over-the-year-end",
        ),
        pytest.param(0, TODAY, Due(days=0, on=TODAY), id="today-is-in-time"),
        pytest.param(
            -1,
            TODAY,
            Due(days=-1, on=date(2027, 1, 14), is_late=True),
            id="yesterday-is-late",
        ),
        pytest.param(1, date.max, Due(days=1), id="behind-the-calendar"),
        pytest.param(-1, date.min, Due(days=-1), id="before-the-calendar"),
        pytest.param(10**12, TODAY, Due(days=10**12), id="beyond-counting"),
    ],
)
def test_schedule_counts_from_the_end(
    due_days: int, ends_on: date | None, expected: Due
) -> None:
    assert only(task(due_days=due_days), ends_on=ends_on) == expected


def test_schedule_leaves_out_what_has_no_day() -> None:
    assert schedule((task(),), ends_on=END, today=TODAY) == {}
    assert schedule((task(),), ends_on=None, today=TODAY) == {}


@pytest.mark.parametrize(
    ("due_days", "ends_on", "on", "off_weekend"),
    [
        pytest.param(0, date(2027, 2, 27), date(2027, 2, 26), True, id="saturday"),
        pytest.param(-1, END, date(2027, 2, 26), True, id="sunday"),
        pytest.param(1, date(2027, 2, 26), END, True, id="forward-from-saturday"),
        pytest.param(
            0, date(2027, 1, 1), date(2026, 12, 31), False, id="new-year-goes-back"
        ),
        pytest.param(
            1, date(2026, 12, 31), date(2027, 1, 4), False, id="new-year-goes-on"
        ),
        pytest.param(
            2, date(2026, 12, 24), date(2026, 12, 28), True, id="behind-christmas"
        ),
    ],
)
def test_schedule_moves_to_a_working_day(
    due_days: int, ends_on: date, on: date, off_weekend: bool
) -> None:
    due = only(task(due_days=due_days, needs_working_day=True), ends_on=ends_on)

    assert due.on == on
    assert due.days == due_days
    assert due.moved_from == ends_on + timedelta(days=due_days)
    assert due.moved_off_weekend is off_weekend


def test_schedule_leaves_alone_what_needs_no_counter() -> None:
    due = only(task(due_days=0), ends_on=date(2027, 2, 27))

    assert due == Due(days=0, on=date(2027, 2, 27))
    assert not due.moved_off_weekend


def test_schedule_gives_up_where_every_day_is_off() -> None:
    days_off = {END - timedelta(days=n) for n in range(LONGEST_CLOSURE + 1)}

    found = schedule(
        (task(due_days=0, needs_working_day=True),),
        ends_on=END,
        today=TODAY,
        days_off=days_off,
    )

    assert found["it"] == Due(days=0, on=END)


def test_schedule_stops_looking_at_the_end_of_the_calendar() -> None:
    # The first of January of the year 1 is a Monday, the last day of all a Friday.
    found = schedule(
        (task(due_days=0, needs_working_day=True),),
        ends_on=date.min,
        today=TODAY,
        days_off={date.min},
    )

    assert found["it"].on == date.min


def test_schedule_counts_from_a_result_before_the_end() -> None:
    assert only(task(due_days=-7, lead_days=5)).days == -12


def test_schedule_puts_what_is_required_before() -> None:
    tasks = (
        task("send", due_days=-14, requires=("write",)),
        task("write", due_days=-7, lead_days=2, requires=("nowhere",)),
    )

    assert days_of(tasks) == {"send": -14, "write": -16}
    assert days_of(tasks, ends_on=None) == {"send": -14, "write": -16}


def test_schedule_takes_what_is_required_along_to_a_working_day() -> None:
    tasks = (
        task("send", due_days=-1, needs_working_day=True, requires=("write",)),
        task("write", due_days=-1),
    )

    assert days_of(tasks) == {"send": -3, "write": -3}


def test_schedule_puts_off_what_waits_after_the_end() -> None:
    tasks = (
        task("bill", due_days=5, lead_days=14, needs_working_day=True),
        task("debit", due_days=7, requires=("bill",)),
    )

    assert days_of(tasks) == {"bill": 7, "debit": 21}


def test_schedule_gives_what_is_required_a_day() -> None:
    tasks = (
        task("read"),
        task("write", requires=("read",)),
        task("send", due_days=-14, requires=("write",)),
        task("look", due_days=9, requires=("read",)),
        task("ask", lead_days=1),
        task("wait", due_days=9, requires=("ask",)),
    )

    days = days_of(tasks)

    assert days["read"] == days["write"] == days["send"] == -14
    assert days["ask"] == 8


def test_schedule_gives_no_day_for_the_sake_of_order_alone() -> None:
    tasks = (task("end"), task("erase", due_days=31, behind=("end",)))

    assert days_of(tasks) == {"erase": 31}


def test_schedule_keeps_the_order_of_roles() -> None:
    tasks = (
        task("bank", due_days=-7),
        task("cancel", due_days=-10, behind=("bank",)),
    )

    assert days_of(tasks) == {"bank": -10, "cancel": -10}


def test_schedule_lets_what_follows_before_the_end_win() -> None:
    tasks = (task("late", due_days=5), task("early", due_days=0, requires=("late",)))

    assert days_of(tasks) == {"late": 0, "early": 0}


def test_schedule_cuts_a_circle() -> None:
    tasks = (
        task("a", due_days=-1, requires=("b",)),
        task("b", due_days=-2, requires=("c", "b")),
        task("c", due_days=-3, requires=("a",)),
    )

    assert set(days_of(tasks)) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("today", "is_late", "is_missed"),
    [
        pytest.param(END, False, False, id="before"),
        pytest.param(date(2027, 3, 20), False, False, id="between"),
        pytest.param(date(2027, 4, 2), True, True, id="behind-the-limit"),
    ],
)
def test_schedule_knows_an_operators_last_day(
    today: date, is_late: bool, is_missed: bool
) -> None:
    due = only(task(due_days=7, until_days=31), today=today)

    assert due.until == date(2027, 4, 1)
    assert due.is_after
    assert (due.is_late, due.is_missed) == (is_late, is_missed)


def test_schedule_moves_an_operators_last_day_back() -> None:
    due = only(task(due_days=7, until_days=33, needs_working_day=True))

    assert due.until == date(2027, 4, 2)


def test_schedule_names_an_operators_limit_without_a_date() -> None:
    due = only(task(due_days=7, until_days=31), ends_on=None)

    assert due == Due(days=7, until_days=31)


def test_what_waited_after_the_end_is_late_but_not_missed() -> None:
    due = only(task(due_days=1), ends_on=date(2027, 1, 1))

    assert due.is_late
    assert not due.is_missed


# Properties

SLUGS = "abcdef"
LITTLE = st.integers(min_value=-60, max_value=90)
AROUND = st.dates(min_value=date(2023, 12, 1), max_value=date(2029, 3, 31))
ENDS = st.one_of(
    AROUND,
    st.sampled_from(
        [date(2028, 2, 29), date(2027, 12, 31), date(2028, 1, 1), date(2027, 2, 28)]
    ),
)


@st.composite
def task_lists(draw: st.DrawFn) -> list[Task]:
    """Draw tasks that require only tasks before them, in any order on the list."""
    tasks = []
    for place, slug in enumerate(SLUGS[: draw(st.integers(1, len(SLUGS)))]):
        earlier = st.lists(st.sampled_from(SLUGS[:place] or "z"), max_size=3)
        tasks.append(
            Task(
                slug,
                due_days=draw(st.none() | LITTLE),
                lead_days=draw(st.integers(0, 20)),
                requires=tuple(draw(earlier)),
                behind=tuple(draw(earlier)),
                needs_working_day=draw(st.booleans()),
                until_days=draw(st.none() | st.integers(0, 90)),
            )
        )
    return draw(st.permutations(tasks))


@given(tasks=task_lists(), ends_on=ENDS, today=AROUND, days_off=st.sets(AROUND))
def test_what_is_required_is_never_due_later(
    tasks: list[Task], ends_on: date, today: date, days_off: set[date]
) -> None:
    found = schedule(tasks, ends_on=ends_on, today=today, days_off=days_off)

    for one in tasks:
        for slug in (*one.requires, *one.behind):
            if one.slug in found and slug in found:
                assert found[slug].on <= found[one.slug].on
                assert found[slug].days <= found[one.slug].days


@given(tasks=task_lists(), ends_on=ENDS, today=AROUND, days_off=st.sets(AROUND))
def test_no_day_before_today_is_named_without_saying_so(
    tasks: list[Task], ends_on: date, today: date, days_off: set[date]
) -> None:
    for due in schedule(
        tasks, ends_on=ends_on, today=today, days_off=days_off
    ).values():
        last_day = due.until or due.on
        assert due.is_late == (last_day < today)


@given(tasks=task_lists(), ends_on=ENDS, days_off=st.sets(AROUND, max_size=5))
def test_a_counter_is_open_on_its_day(
    tasks: list[Task], ends_on: date, days_off: set[date]
) -> None:
    found = schedule(tasks, ends_on=ends_on, today=TODAY, days_off=days_off)

    for one in tasks:
        if one.needs_working_day and one.slug in found:
            assert is_working_day(found[one.slug].on, days_off)


@given(tasks=task_lists(), ends_on=ENDS, days_off=st.sets(AROUND))
def test_what_is_before_the_end_moves_only_back(
    tasks: list[Task], ends_on: date, days_off: set[date]
) -> None:
    found = schedule(tasks, ends_on=ends_on, today=TODAY, days_off=days_off)

    for one in tasks:
        if one.due_days is None:
            continue
        stated = ends_on + timedelta(days=one.due_days)
        if one.due_days <= 0:
            assert found[one.slug].on <= stated


@given(
    tasks=st.lists(
        st.builds(
            Task,
            st.sampled_from(SLUGS),
            due_days=st.none() | st.integers(),
            lead_days=st.integers(),
            requires=st.lists(st.sampled_from(SLUGS)).map(tuple),
            behind=st.lists(st.sampled_from(SLUGS)).map(tuple),
            needs_working_day=st.booleans(),
            until_days=st.none() | st.integers(),
        )
    ),
    ends_on=st.none() | st.dates(),
    today=st.dates(),
    days_off=st.sets(st.dates()),
)
def test_schedule_never_raises(
    tasks: list[Task], ends_on: date | None, today: date, days_off: set[date]
) -> None:
    found = schedule(tasks, ends_on=ends_on, today=today, days_off=days_off)

    assert set(found) <= {one.slug for one in tasks}
