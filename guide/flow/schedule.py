"""Dates of steps, counted from the day on which the line should end."""

from datetime import date, timedelta

import msgspec


class Due(msgspec.Struct, frozen=True):
    """When a step is due: on a day, or so many days from an end not yet chosen."""

    days: int  # from the end date; negative: before it
    on: date | None = None
    is_late: bool = False  # the day of the plan has passed


def due(*, due_days: int, ends_on: date | None, today: date) -> Due:
    """
    Return when a step is due.

    Args:
        due_days: Calendar days from the end date; negative ones lie before it.
        ends_on: The day on which the line should end; None while it is not chosen.
        today: The day on which the checklist is read.

    Returns:
        A day when *ends_on* is known and the calendar reaches so far; `is_late` tells
        that this day lies before *today*.
    """
    if ends_on is None:
        return Due(days=due_days)
    try:
        on = ends_on + timedelta(days=due_days)
    except OverflowError:
        return Due(days=due_days)
    return Due(days=due_days, on=on, is_late=on < today)
