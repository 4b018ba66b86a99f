"""Steps are due so many days from the day on which the line ends."""

from datetime import date

import pytest

from guide.flow.schedule import Due, due
from tests.flow.factories import TODAY


@pytest.mark.parametrize(
    ("due_days", "ends_on", "expected"),
    [
        pytest.param(-7, None, Due(days=-7), id="no-end-chosen"),
        pytest.param(
            0, date(2027, 3, 1), Due(days=0, on=date(2027, 3, 1)), id="on-the-day"
        ),
        pytest.param(
            -7, date(2027, 3, 1), Due(days=-7, on=date(2027, 2, 22)), id="before"
        ),
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
            0, TODAY, Due(days=0, on=TODAY, is_late=False), id="today-is-in-time"
        ),
        pytest.param(
            -1,
            TODAY,
            Due(days=-1, on=date(2027, 1, 14), is_late=True),
            id="yesterday-is-late",
        ),
        pytest.param(
            0,
            date(2026, 12, 31),
            Due(days=0, on=date(2026, 12, 31), is_late=True),
            id="the-end-has-passed",
        ),
        pytest.param(1, date.max, Due(days=1), id="behind-the-calendar"),
        pytest.param(-1, date.min, Due(days=-1), id="before-the-calendar"),
        pytest.param(10**12, TODAY, Due(days=10**12), id="beyond-counting"),
    ],
)
def test_due(due_days: int, ends_on: date | None, expected: Due) -> None:
    assert due(due_days=due_days, ends_on=ends_on, today=TODAY) == expected
