"""
The day of each step, planned backwards from the day on which the line should end.

Up to the end a step has a latest safe day: weekends and holidays, and whatever must
come after it, only move it back. After the end it has a day from which on it makes
sense; there the same things move it forward.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

import msgspec

SATURDAY = 5  # as `date.weekday` counts
# Never so many days without a working day: behind them the calendar itself is wrong.
LONGEST_CLOSURE = 14


class Due(msgspec.Struct, frozen=True):
    """When a step is due: on a day, or so many days from an end not yet chosen."""

    days: int  # from the end date, weekends apart; negative: before it
    on: date | None = None
    is_late: bool = False  # the day of the plan has passed
    moved_from: date | None = None  # a weekend or holiday on which it would have been
    until_days: int | None = None  # the operator's own last day, from the end date
    until: date | None = None  # the same as a day

    @property
    def is_after(self) -> bool:
        """Tell whether the step comes after the end: not before its day, that is."""
        return self.days > 0

    @property
    def is_missed(self) -> bool:
        """Tell whether it is too late; after the end only an operator can say so."""
        return self.is_late and (not self.is_after or self.until is not None)

    @property
    def moved_off_weekend(self) -> bool:
        """Tell whether it was moved because of a weekend, and not of a holiday."""
        return self.moved_from is not None and self.moved_from.weekday() >= SATURDAY


class Task(msgspec.Struct, frozen=True):
    """What the schedule has to know about a step."""

    slug: str
    due_days: int | None = None  # from the end date, to be finished; None: no day
    lead_days: int = 0  # from doing it to its result
    requires: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()  # not before these, where both have a day
    needs_working_day: bool = False
    until_days: int | None = None


def schedule(
    tasks: Sequence[Task],
    *,
    ends_on: date | None,
    today: date,
    days_off: Collection[date] = frozenset(),
) -> dict[str, Due]:
    """
    Return when each task is due.

    Args:
        tasks: The steps of one checklist. They may require what is not among them, or
            each other in a circle: both count as nothing.
        ends_on: The last day of the line; None while it is not chosen.
        today: The day on which the checklist is read.
        days_off: Public holidays; weekends are known.

    Returns:
        The due dates by code, without tasks that have no day. A task that others
        require is due no later than they are, less the days until its result; one
        without a day of its own gets its day from them. Where `on` or `until` lies
        before *today*, `is_late` says so. Days that no calendar reaches are left out.
    """
    order = _in_order(tasks)
    nominal = _planned(order, lambda day, _step: day)
    if ends_on is None:
        return {
            task.slug: Due(days=nominal[task.slug], until_days=task.until_days)
            for task in tasks
            if task.slug in nominal
        }

    def moved(day: int, step: int) -> int:
        return _to_working_day(ends_on, day, step, days_off)

    planned = _planned(order, moved)
    found = {}
    for task in tasks:
        if task.slug not in planned:
            continue
        on = _date(ends_on, planned[task.slug])
        until = None
        if task.until_days is not None:
            last = task.until_days
            if task.needs_working_day:
                last = moved(last, -1)
            until = _date(ends_on, last)
        last_day = until or on
        found[task.slug] = Due(
            days=nominal[task.slug],
            on=on,
            is_late=last_day is not None and last_day < today,
            moved_from=_day_left(task, nominal, planned, ends_on, days_off),
            until_days=task.until_days,
            until=until,
        )
    return found


def is_working_day(day: date, days_off: Collection[date]) -> bool:
    """Tell whether counters are open on *day*: no weekend, no holiday."""
    return day.weekday() < SATURDAY and day not in days_off


def _planned(order: Sequence[Task], moved: Callable[[int, int], int]) -> dict[str, int]:
    """
    Return the day of each task, counted from the end.

    Args:
        order: The tasks, each behind those that it waits for.
        moved: Moves a day to a working day, forward (1) or back (-1).
    """
    places = {task.slug: place for place, task in enumerate(order)}
    followers: dict[str, list[Task]] = {task.slug: [] for task in order}
    for task in order:
        for slug in _waits_for(task, places):
            followers[slug].append(task)

    days: dict[str, int] = {}
    deadlines: set[str] = set()  # of these the day is the latest one
    for task in reversed(order):
        day, is_deadline = _latest(task, followers[task.slug], days, deadlines)
        if day is None:
            continue
        if is_deadline:
            deadlines.add(task.slug)
            day = moved(day, -1) if task.needs_working_day else day
        days[task.slug] = day

    leads = {task.slug: task.lead_days for task in order}
    for task in order:
        if task.slug in days and task.slug not in deadlines:
            needed = [s for s in _waits_for(task, places) if s in days]
            day = max([days[task.slug], *(days[s] + leads[s] for s in needed)])
            days[task.slug] = moved(day, 1) if task.needs_working_day else day
    return days


def _latest(
    task: Task,
    followers: Iterable[Task],
    days: Mapping[str, int],
    deadlines: Collection[str],
) -> tuple[int | None, bool]:
    """Return the latest day of a task, and whether it may not be any later."""
    dated = [follower for follower in followers if follower.slug in days]
    limits = [days[f.slug] - task.lead_days for f in dated if f.slug in deadlines]
    if task.due_days is None:
        # What only stands behind it gives it no day: that would be a guess.
        needing = [f for f in dated if task.slug in f.requires]
        if not needing:
            return None, False
        day = min([*(days[f.slug] - task.lead_days for f in needing), *limits])
        return day, day <= 0 or bool(limits)
    if task.due_days > 0:
        return min([task.due_days, *limits]), bool(limits)
    return min([task.due_days - task.lead_days, *limits]), True


def _in_order(tasks: Sequence[Task]) -> list[Task]:
    """Return *tasks*, each behind those that it waits for; a circle is cut."""
    by_slug = {task.slug: task for task in tasks}
    placed: dict[str, Task] = {}
    begun: set[str] = set()
    waiting = [(task, False) for task in reversed(tasks)]
    while waiting:
        task, is_ready = waiting.pop()
        if is_ready:
            placed[task.slug] = task
        elif task.slug not in begun:
            begun.add(task.slug)
            waiting.append((task, True))
            needed = (by_slug.get(slug) for slug in (*task.behind, *task.requires))
            waiting += [(n, False) for n in needed if n and n.slug not in begun]
    return list(placed.values())


def _waits_for(task: Task, places: Mapping[str, int]) -> list[str]:
    """Return the tasks on the list that stand before *task* because it needs them."""
    own = places[task.slug]
    needed = dict.fromkeys((*task.requires, *task.behind))
    return [slug for slug in needed if places.get(slug, own) < own]


def _day_left(
    task: Task,
    nominal: Mapping[str, int],
    planned: Mapping[str, int],
    ends_on: date,
    days_off: Collection[date],
) -> date | None:
    """Return the weekend or holiday from which a task was moved, if that is why."""
    day = _date(ends_on, nominal[task.slug])
    was_moved = planned[task.slug] != nominal[task.slug]
    if not was_moved or day is None or not task.needs_working_day:
        return None
    return None if is_working_day(day, days_off) else day


def _to_working_day(
    ends_on: date, day: int, step: int, days_off: Collection[date]
) -> int:
    """Return the nearest working day in the direction of *step*."""
    for distance in range(LONGEST_CLOSURE + 1):
        found = _date(ends_on, day + step * distance)
        if found is None:
            break
        if is_working_day(found, days_off):
            return day + step * distance
    return day


def _date(ends_on: date, days: int) -> date | None:
    try:
        return ends_on + timedelta(days=days)
    except OverflowError:
        return None
