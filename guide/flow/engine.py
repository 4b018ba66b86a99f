"""Where a visitor stands, and the checklist that the answers lead to."""

from collections.abc import Collection, Set
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby, takewhile

import msgspec

from guide.flow.answers import Answers, as_day
from guide.flow.conditions import holds, longest, offered
from guide.flow.content import (
    Channel,
    Choice,
    Guide,
    Kind,
    Letter,
    Operator,
    OperatorFact,
    Phase,
    Question,
    Role,
    Step,
)
from guide.flow.schedule import Due, Task, schedule

# Codes that the engine itself reads. They are public and never renamed.
OPERATOR_QUESTION = "operator"
PLACE_QUESTION, ABROAD, LEAVING = "place", "abroad", "leaving"
LINE_QUESTION, TRAVEL = "line", "travel-esim"
GOAL_QUESTION, LOST, KEEP_NUMBER = "goal", "lost", "keep-number"
DECEASED = "deceased"

# An end date is of use for about a year after it, and for plans of three years.
PAST_DAYS = 366
FUTURE_DAYS = 3 * 366

# Where an operator has no channel for a purpose, the next best ones.
FALLBACK_PURPOSES: dict[str, tuple[str, ...]] = {
    "cancel": ("contact",),
    "withdraw": ("cancel", "contact"),
    "renewal": ("cancel", "contact"),
    "refund": ("contact", "cancel"),
    "lost": ("contact", "cancel"),
    "privacy": ("contact", "cancel"),
    "contact": ("cancel",),
}

# The ways that a letter can take. They need hours or days: a lost card cannot wait.
WRITTEN_KINDS = frozenset({"post", "email", "form"})

# Nothing stays of what is said here.
SPOKEN_KINDS = frozenset({"phone", "shop"})

# Heirs cannot log in as the holder.
LOGIN_KINDS = frozenset({"online", "app"})

# These ways are open on working days only.
OFFICE_KINDS = frozenset({"shop", "phone", "post"})

# What must come before what, on every list on which both stand.
ROLE_ORDER: tuple[tuple[Role, Role], ...] = (
    (Role.PORT, Role.CANCEL),
    (Role.UNLINK, Role.PORT),
    (Role.UNLINK, Role.CANCEL),
    (Role.UNLINK, Role.ERASE),
    (Role.PORT, Role.ERASE),
    (Role.CANCEL, Role.ERASE),
    (Role.CONFIRM, Role.ERASE),
)

# How far behind the first guess to look for an end date that leaves time for all.
LATER_DAYS = 31

# Topics that an operator may well have nothing to say about.
OPTIONAL_TOPICS = frozenset({"surprise"})

# The rank of a way that does not work in a case; one in doubt has 1.
FAILS = 2

PHASES = tuple(Phase)
AFTER_THE_END = frozenset({Phase.AFTER, Phase.WRONG})


class Reason(StrEnum):
    """Why an answer in an address was not used."""

    UNKNOWN = "unknown"  # no such code
    IMPOSSIBLE = "impossible"  # not with the answers before it
    REPEATED = "repeated"  # one answer is wanted, several were given
    EXCLUSIVE = "exclusive"  # "none of these" beside one of these
    NOT_A_DATE = "not-a-date"
    PAST = "past"
    FAR = "far"
    REPLACED = "replaced"  # retired: its replacement was used
    MISSING = "missing"  # the form was sent without an answer


class Dropped(msgspec.Struct, frozen=True):
    """An answer that was not used as it stood."""

    question: str
    reason: Reason


class Answered(msgspec.Struct, frozen=True):
    """A question on the path with its answer: choices, or a day."""

    question: Question
    choices: tuple[Choice, ...] = ()
    day: date | None = None


class Position(msgspec.Struct, frozen=True):
    """
    Where a visitor stands.

    `answers` are the canonical ones: those on the path in the order of the questions,
    then those kept for questions behind the open one. `known` holds the answers on the
    path and the implied ones: what conditions are held against.
    """

    answers: dict[str, tuple[str, ...]]
    known: dict[str, tuple[str, ...]]
    answered: tuple[Answered, ...]
    question: Question | None  # the next open one; None: complete
    choices: tuple[Choice, ...]  # offered for it
    dropped: tuple[Dropped, ...]
    at_most: int  # questions on this path, at the most

    @property
    def number(self) -> int:
        """Number of the open question, from 1; of the last one when complete."""
        return len(self.answered) + (self.question is not None)

    @property
    def ends_on(self) -> date | None:
        """The day on which the line should end, if the visitor named one."""
        return next((a.day for a in self.answered if a.day is not None), None)

    def chosen(self, question: str) -> tuple[str, ...]:
        """Return the codes chosen for *question*, given or implied."""
        return self.known.get(question, ())


class TopicFacts(msgspec.Struct, frozen=True):
    """What is known of one operator on one topic; no facts: unknown."""

    topic: str
    facts: tuple[OperatorFact, ...]
    shown_in: int | None = None  # number of an earlier step that shows the same


class ChecklistStep(msgspec.Struct, frozen=True):
    """A step with all that this visitor's case adds to it."""

    step: Step
    number: int | None  # None in the phase that is only to be read
    part: int | None  # which part of the step of that number; None: all of it
    due: Due | None
    reasons: tuple[Answered, ...]
    topics: tuple[TopicFacts, ...]
    channels: tuple[Channel, ...]
    channels_are_general: bool  # none for the purpose itself: the next best
    first: tuple[int, ...]  # numbers of the steps that must be done before
    letters: tuple[Letter, ...] = ()  # those of the step that fit the case
    wants_plan_b: bool = False  # too late for it, or too far away


class ChecklistPhase(msgspec.Struct, frozen=True):
    """The steps of one phase; those of one number are parts of one step."""

    phase: Phase
    steps: tuple[ChecklistStep, ...]

    @property
    def shown(self) -> tuple[ChecklistStep, ...]:
        """The steps up to the last one that must be done."""
        return self.steps[: len(self.steps) - len(self.folded)]

    @property
    def folded(self) -> tuple[ChecklistStep, ...]:
        """The steps behind that one: worth doing, and no harm when they are not."""
        rest = takewhile(lambda item: not item.step.must, reversed(self.steps))
        return tuple(rest)[::-1]


class CalendarEntry(msgspec.Struct, frozen=True):
    """A step on one day of the calendar."""

    item: ChecklistStep
    is_last_day: bool = False  # the operator takes nothing later than this


class CalendarDay(msgspec.Struct, frozen=True):
    """One day, and what falls on it."""

    day: date | None  # None: now, the days of the plan have passed
    entries: tuple[CalendarEntry, ...]
    is_end: bool = False


class Checklist(msgspec.Struct, frozen=True):
    """What to do, in the order in which to do it."""

    phases: tuple[ChecklistPhase, ...]
    operator: Operator | None
    ends_on: date | None
    fits_from: date | None = None  # first end date that leaves time for all; if late
    letters: tuple[Letter, ...] = ()  # all that fit the case

    @property
    def steps(self) -> tuple[ChecklistStep, ...]:
        """All steps, in order."""
        return tuple(step for phase in self.phases for step in phase.steps)

    @property
    def late(self) -> tuple[ChecklistStep, ...]:
        """The steps that must be done, and whose day has passed, in order."""
        return tuple(
            step
            for step in self.steps
            if step.step.must and step.due and step.due.is_missed
        )


def resolve(guide: Guide, answers: Answers, today: date) -> Position:
    """
    Replay *answers* from the first question on.

    Args:
        guide: The guide.
        answers: Codes by question, as they came: anything may stand in them.
        today: The day in Belgium; it only decides which dates are too far off.

    Returns:
        The next open question or a complete path. Never raises for bad answers: what
        cannot be used is left out and named in `dropped`.
    """
    known: dict[str, tuple[str, ...]] = {}
    kept: dict[str, tuple[str, ...]] = {}
    answered: list[Answered] = []
    dropped: list[Dropped] = []
    open_question: Question | None = None
    open_index = len(guide.questions)

    for index, question in enumerate(guide.questions):
        given, replaced = _in_force(question, answers.get(question.slug, ()))
        if replaced:
            dropped.append(Dropped(question.slug, Reason.REPLACED))
        if open_question is not None:
            # Nothing can be said yet about answers behind the open question, but
            # that they could be answers at all.
            codes = tuple(code for code in given if _exists(question, code))
            if len(codes) < len(given):
                dropped.append(Dropped(question.slug, Reason.UNKNOWN))
            if codes:
                kept[question.slug] = codes
            continue

        choices = offered(question, known)
        if not holds(question.when, known) or not _is_choosable(question, choices):
            if given:
                dropped.append(Dropped(question.slug, Reason.IMPOSSIBLE))
            continue
        if question.kind is not Kind.DATE and len(choices) == 1:
            known[question.slug] = (choices[0].slug,)
            if given and given != known[question.slug]:
                dropped.append(Dropped(question.slug, Reason.IMPOSSIBLE))
            continue

        codes, reasons = _usable(question, choices, given, today)
        dropped += [Dropped(question.slug, reason) for reason in reasons]
        if not codes:
            open_question, open_index = question, index
            continue
        known[question.slug] = kept[question.slug] = codes
        answered.append(
            Answered(
                question,
                tuple(choice for choice in choices if choice.slug in codes),
                as_day(codes[0]) if question.kind is Kind.DATE else None,
            )
        )

    return Position(
        answers=kept,
        known=known,
        answered=tuple(answered),
        question=open_question,
        choices=offered(open_question, known) if open_question else (),
        dropped=tuple(dropped),
        at_most=len(answered) + longest(guide, known, open_index),
    )


def checklist(
    guide: Guide,
    position: Position,
    today: date,
    *,
    days_off: Collection[date] = frozenset(),
) -> Checklist:
    """
    Return the checklist of a visitor.

    Who leaves Belgium names one day, the last one there: until then all is planned that
    needs a counter, and the line may end on that day or later.

    Args:
        guide: The guide.
        position: Where the visitor stands; only its known answers count.
        today: The day on which the checklist is read.
        days_off: Public holidays in Belgium.

    Returns:
        The steps whose conditions hold, by phase, in an order that respects
        `requires`; phases without a step are left out.
    """
    operator = guide.operator(next(iter(position.chosen(OPERATOR_QUESTION)), ""))
    steps = [s for s in in_order(guide.steps) if holds(s.when, position.known)]
    to_do = [step for step in steps if step.phase is not Phase.KNOW]
    confirming = {step.slug for step in to_do if step.role is Role.CONFIRM}
    numbers, parts = _numbers(to_do)
    is_dated = any(a.question.kind is Kind.DATE for a in position.answered)
    ends_on = position.ends_on
    is_over = ends_on is not None and ends_on < today
    is_away = is_abroad(position, is_over=is_over)
    found = {
        step.slug: channels_for(
            step.shows_channels,
            operator,
            position,
            in_writing=bool(step.letters),
            # Then the line has ended, and who was leaving has left.
            is_over=is_over or step.phase in AFTER_THE_END,
        )
        for step in steps
    }
    tasks = (
        [_task(step, to_do, found[step.slug][0], operator, position) for step in to_do]
        if is_dated
        else []
    )
    dues = schedule(tasks, ends_on=ends_on, today=today, days_off=days_off)
    letters = tuple(one for one in guide.letters if holds(one.when, position.known))
    shown: dict[str, int] = {}  # topic: number of the first step that shows it

    def fill(step: Step) -> ChecklistStep:
        channels, are_general = found[step.slug]
        due = dues.get(step.slug)
        topics = _topics(step, operator, position, shown)
        if step.slug in numbers:
            for topic in topics:
                shown.setdefault(topic.topic, numbers[step.slug])
        return ChecklistStep(
            step=step,
            number=numbers.get(step.slug),
            part=parts.get(step.slug),
            due=due,
            reasons=_reasons(step, position),
            topics=topics,
            channels=channels,
            channels_are_general=are_general,
            letters=tuple(one for one in letters if one.slug in step.letters),
            first=tuple(
                sorted(
                    {
                        numbers[slug]
                        for slug in (
                            *step.requires,
                            # Nothing is destroyed before the line is known to have
                            # ended.
                            *(confirming if step.role is Role.ERASE else ()),
                        )
                        if slug in numbers
                    }
                )
            ),
            wants_plan_b=bool(step.plan_b)
            and (is_away or (due is not None and due.is_missed)),
        )

    filled = [fill(step) for step in steps]
    phases = (
        ChecklistPhase(phase, tuple(s for s in filled if s.step.phase is phase))
        for phase in PHASES
    )
    result = Checklist(
        phases=tuple(phase for phase in phases if phase.steps),
        operator=operator,
        ends_on=ends_on,
        letters=letters,
    )
    if ends_on is None or is_over or not result.late:
        return result
    late = {item.step.slug for item in result.late}
    fits_from = _fits_from(tasks, late, ends_on, today, days_off)
    return msgspec.structs.replace(result, fits_from=fits_from)


def calendar(result: Checklist, today: date) -> tuple[CalendarDay, ...]:
    """
    Return the days of a checklist in order; none while no end date is known.

    What should have been done or begun before *today* stands first, without a day.
    """
    days: dict[date, list[CalendarEntry]] = {}
    now = []
    for item in result.steps:
        if item.due is None or item.due.on is None:
            continue
        if item.due.on < today:
            now.append(CalendarEntry(item))
        else:
            days.setdefault(item.due.on, []).append(CalendarEntry(item))
        until = item.due.until
        if until is not None and until >= today and until > item.due.on:
            days.setdefault(until, []).append(CalendarEntry(item, is_last_day=True))
    if result.ends_on is not None and result.ends_on >= today:
        days.setdefault(result.ends_on, [])
    dated = [
        CalendarDay(day, tuple(days[day]), is_end=day == result.ends_on)
        for day in sorted(days)
    ]
    return (CalendarDay(None, tuple(now)), *dated) if now else tuple(dated)


def is_abroad(position: Position, *, is_over: bool) -> bool:
    """Tell whether a visitor is out of Belgium: who was leaving is, after the day."""
    place = position.chosen(PLACE_QUESTION)
    return ABROAD in place or (LEAVING in place and is_over)


def _task(
    step: Step,
    to_do: list[Step],
    channels: tuple[Channel, ...],
    operator: Operator | None,
    position: Position,
) -> Task:
    """Return what the schedule must know of *step* among all that is to do."""
    earlier_roles = {first for first, second in ROLE_ORDER if second is step.role}
    is_office = bool(channels) and all(c.kind in OFFICE_KINDS for c in channels)
    last_days = [
        fact.days
        for fact in (operator.facts if operator else ())
        if step.phase in AFTER_THE_END
        and fact.topic in step.topics
        and fact.days is not None
        and holds(fact.when, position.known)
    ]
    return Task(
        slug=step.slug,
        due_days=step.due_days,
        lead_days=step.lead_days,
        requires=step.requires,
        behind=tuple(s.slug for s in to_do if s.role in earlier_roles),
        needs_working_day=step.needs_working_day or is_office,
        until_days=min(last_days, default=None),
    )


def _fits_from(
    tasks: list[Task],
    late: Collection[str],
    ends_on: date,
    today: date,
    days_off: Collection[date],
) -> date | None:
    """Return the first end date behind *ends_on* with which nothing is late."""
    days = [
        due.days
        for slug, due in schedule(tasks, ends_on=None, today=today).items()
        if slug in late
    ]
    first = max(ends_on, today - timedelta(days=min(days)))

    def fits(day: date) -> bool:
        dues = schedule(tasks, ends_on=day, today=today, days_off=days_off)
        return not any(dues[slug].is_late for slug in late)

    # The first guess knows nothing of days off.
    days_to_try = (first + timedelta(days=later) for later in range(LATER_DAYS))
    return next(filter(fits, days_to_try), None)


def channels_for(
    wanted: str,
    operator: Operator | None,
    position: Position,
    *,
    kinds: Set[str] | None = None,
    in_writing: bool = False,
    is_over: bool = False,
) -> tuple[tuple[Channel, ...], bool]:
    """
    Return the ways to reach an operator for one purpose.

    Args:
        wanted: The purpose; "": none.
        operator: Whom to reach.
        position: Where the visitor stands: what holds for this case comes first.
        kinds: Only these kinds of channel; None: all.
        in_writing: It is to be written: ways for that come first, and those of a next
            best purpose stand before a purpose at which one can only speak.
        is_over: The end date has passed by then: the line is dead, and who was leaving
            has left.

    Returns:
        Channels, best first, and whether they are general ones, as there is none for
        the purpose itself.
    """
    if operator is None or not wanted:
        return (), False
    is_away = is_abroad(position, is_over=is_over)
    is_dead = is_over or LOST in position.chosen(GOAL_QUESTION)
    is_deceased = DECEASED in position.chosen(GOAL_QUESTION)

    def rank(channel: Channel) -> tuple[bool, bool, bool, int, int]:
        doubts = (
            doubt(channel.works_abroad) if is_away else 0,
            doubt(channel.works_without_sim) if is_dead else 0,
        )
        is_written = channel.kind in WRITTEN_KINDS
        return (
            wanted == "lost" and is_written,
            is_deceased and channel.kind in LOGIN_KINDS,
            in_writing and (not is_written or FAILS in doubts),
            *doubts,
        )

    found = {
        purpose: [
            channel
            for channel in operator.channels
            if channel.purpose == purpose
            and (kinds is None or channel.kind in kinds)
            and holds(channel.when, position.known)
        ]
        for purpose in (wanted, *FALLBACK_PURPOSES.get(wanted, ()))
    }
    usable = [purpose for purpose, channels in found.items() if channels]
    if not usable:
        return (), False
    ways = found[usable[0]]
    if in_writing and all(channel.kind in SPOKEN_KINDS for channel in ways):
        written = (
            other
            for other in usable
            if any(channel.kind in WRITTEN_KINDS for channel in found[other])
        )
        ways = [*found.get(next(written, ""), ()), *ways]
    return tuple(sorted(ways, key=rank)), usable[0] != wanted


def doubt(works: bool | None) -> int:
    """Rank what works before what is not known, and that before what does not."""
    return 1 if works is None else FAILS * (not works)


def in_order(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """
    Return *steps* by phase, each behind the steps of its phase that it requires.

    In a phase what must be done comes before what is only worth doing. Steps that need
    no other order keep the one in which they stand. A circle of
    requirements, which the audit reports, is cut where it closes.
    """
    by_slug = {step.slug: step for step in steps}
    placed: dict[str, Step] = {}

    def place(step: Step, waiting: frozenset[str]) -> None:
        if step.slug in placed:
            return
        for slug in step.requires:
            needed = by_slug.get(slug)
            is_here = needed is not None and needed.phase is step.phase
            if needed is not None and is_here and slug not in waiting:
                place(needed, waiting | {step.slug})
        placed[step.slug] = step

    for phase in PHASES:
        here = [step for step in steps if step.phase is phase]
        for step in sorted(here, key=lambda step: not step.must):
            place(step, frozenset({step.slug}))
    return tuple(placed.values())


def _numbers(steps: list[Step]) -> tuple[dict[str, int], dict[str, int]]:
    """
    Number *steps* from 1, and the parts of those that have parts.

    Several accounts to take off the number are one step with a part for each: a long
    row of them would hide what else there is to do.
    """
    numbers: dict[str, int] = {}
    parts: dict[str, int] = {}
    together = groupby(
        steps,
        key=lambda step: (
            (step.phase, step.must) if step.role is Role.UNLINK else step.slug
        ),
    )
    for number, (_, group) in enumerate(together, start=1):
        slugs = [step.slug for step in group]
        numbers.update(dict.fromkeys(slugs, number))
        if len(slugs) > 1:
            parts.update((slug, part) for part, slug in enumerate(slugs, start=1))
    return numbers, parts


def _in_force(
    question: Question, codes: tuple[str, ...]
) -> tuple[tuple[str, ...], bool]:
    """Return *codes* with retired ones replaced, and whether there were any."""
    replacements = dict(question.replacements)
    mapped = dict.fromkeys(replacements.get(code, code) for code in codes)
    return tuple(mapped), any(code in replacements for code in codes)


def _exists(question: Question, code: str) -> bool:
    if question.choice(code) is not None:
        return True
    return question.kind is Kind.DATE and as_day(code) is not None


def _is_choosable(question: Question, choices: tuple[Choice, ...]) -> bool:
    return bool(choices) or question.kind is Kind.DATE


def _usable(
    question: Question, choices: tuple[Choice, ...], given: tuple[str, ...], today: date
) -> tuple[tuple[str, ...], list[Reason]]:
    """Return those of the *given* codes that answer the question, and what is wrong."""
    possible = {choice.slug: choice for choice in choices}
    reasons: list[Reason] = []
    codes: list[str] = []
    for code in given:
        reason = None
        if code not in possible:
            reason = _refusal(question, code, today)
        if reason is None:
            codes.append(code)
        else:
            reasons.append(reason)

    if question.kind is Kind.MANY:
        exclusive = [code for code in codes if possible[code].exclusive]
        others = [code for code in codes if code not in exclusive]
        if exclusive and len(codes) > 1:
            # The safe way: who names a case has it, whatever else is ticked.
            codes = others or exclusive[:1]
            reasons.append(Reason.EXCLUSIVE)
        order = list(possible)
        return tuple(sorted(codes, key=order.index)), _once(reasons)
    if len(codes) > 1:
        reasons.append(Reason.REPEATED)
    return tuple(codes[:1]), _once(reasons)


def _refusal(question: Question, code: str, today: date) -> Reason | None:
    """Return why *code*, which is no possible choice, cannot be the answer."""
    if question.choice(code) is not None:
        return Reason.IMPOSSIBLE
    if question.kind is not Kind.DATE:
        return Reason.UNKNOWN
    day = as_day(code)
    if day is None:
        return Reason.NOT_A_DATE
    if day < today - timedelta(days=PAST_DAYS):
        return Reason.PAST
    if day > today + timedelta(days=FUTURE_DAYS):
        return Reason.FAR
    return None


def _once(reasons: list[Reason]) -> list[Reason]:
    return list(dict.fromkeys(reasons))


def _reasons(step: Step, position: Position) -> tuple[Answered, ...]:
    """Return the given answers because of which *step* is on the list."""
    codes = {term.question: term.codes for term in step.when if not term.excluding}
    return tuple(
        Answered(
            answer.question,
            tuple(c for c in answer.choices if c.slug in codes[answer.question.slug]),
        )
        for answer in position.answered
        if answer.question.slug in codes
    )


def _topics(
    step: Step, operator: Operator | None, position: Position, shown: dict[str, int]
) -> tuple[TopicFacts, ...]:
    if operator is None:
        return ()
    found = (
        TopicFacts(
            topic,
            tuple(
                fact
                for fact in operator.facts
                if fact.topic == topic and holds(fact.when, position.known)
            ),
            shown.get(topic),
        )
        for topic in step.topics
    )
    return tuple(t for t in found if t.facts or t.topic not in OPTIONAL_TOPICS)
