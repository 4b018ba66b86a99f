"""What a page says first about one operator, and what it leads on to."""

from datetime import date

import msgspec

from guide.flow.conditions import holds
from guide.flow.content import (
    Channel,
    FaqEntry,
    Guide,
    Operator,
    OperatorFact,
    Sourcing,
    Term,
)
from guide.flow.coverage import CLOSED, TRAVEL_KINDS
from guide.flow.engine import (
    FALLBACK_PURPOSES,
    GOAL_QUESTION,
    LINE_QUESTION,
    OPERATOR_QUESTION,
    TRAVEL,
)

# Codes that stand for the ordinary case, about which people ask most.
STOP = "stop"
PREPAID = "prepaid"
CONTRACTS = ("subscription", "pack")

# Belgian operators by how many people know them: who runs a network comes first.
BELGIAN_KINDS = ("network", "brand", "mvno")
NETWORK, ACTIVE = "network", "active"


class Short(msgspec.Struct, frozen=True):
    """How an operator's lines of one kind end, as shortly as it can be said."""

    line: str  # code of the kind of line; "" where the guide does not tell them apart
    channel: Channel | None  # where to begin; None: no way is known, or none is needed
    facts: tuple[OperatorFact, ...]

    @property
    def is_contract(self) -> bool:
        """Whether bills go on until somebody ends the line."""
        return self.line in CONTRACTS

    @property
    def is_travel(self) -> bool:
        """Whether the only thing that may have to be ended is a renewal."""
        return self.line == TRAVEL

    @property
    def sourcing(self) -> Sourcing:
        """What all of it rests on, as fresh as the stalest part."""
        channels = (self.channel,) if self.channel else ()
        parts = [part.sourcing for part in (*channels, *self.facts)]
        sources = dict.fromkeys(slug for part in parts for slug in part.sources)
        if not parts:
            return Sourcing()
        stalest = min(parts, key=_trusted_until)
        return Sourcing(tuple(sources), stalest.checked_on, stalest.review_days)


def lines_of(guide: Guide, operator: Operator) -> tuple[str, ...]:
    """Return the kinds of line for which the guide offers an operator, in order."""
    line = guide.question(LINE_QUESTION)
    if line is None:
        return ()
    terms = _terms_of(guide, operator, LINE_QUESTION)
    return tuple(
        choice.slug
        for choice in line.choices
        if holds(terms, {LINE_QUESTION: (choice.slug,)})
    )


def answers_about(guide: Guide, operator: Operator) -> dict[str, tuple[str, ...]]:
    """
    Return the answers that somebody has given who asks about one operator.

    Returns:
        The operator, behind those answers without which the guide does not offer it,
        in the order of the questions.
    """
    answers: dict[str, tuple[str, ...]] = {}
    for question in guide.questions:
        if question.slug == OPERATOR_QUESTION:
            answers[question.slug] = (operator.slug,)
            break
        for term in _terms_of(guide, operator, question.slug):
            if len(term.codes) == 1 and not term.excluding:
                answers[question.slug] = term.codes
    return answers


def in_short(guide: Guide, operator: Operator) -> tuple[Short, ...]:
    """
    Return how an operator's lines end, one entry for each way in which they do.

    Returns:
        One entry for contracts and one for prepaid cards where the operator has both;
        a single one for a travel eSIM. Each holds the first channel, and of each topic
        the first fact, that hold for somebody who stops an ordinary line.
    """
    if operator.kind in TRAVEL_KINDS:
        return (_short(operator, TRAVEL, ("renewal",), "renewal"),)
    lines = lines_of(guide, operator)
    contract = next((line for line in CONTRACTS if line in lines), None)
    found = []
    if contract is not None or PREPAID not in lines:
        line = contract or next(iter(lines), "")
        found.append(_short(operator, line, ("notice", "effective"), "cancel"))
    if PREPAID in lines:
        topics = ("prepaid-stop", "prepaid-expiry")
        found.append(_short(operator, PREPAID, topics, "cancel"))
    return tuple(found)


def well_known(guide: Guide) -> tuple[Operator, ...]:
    """Return Belgian operators in business: networks, their brands, then the others."""
    found = [
        operator
        for operator in guide.operators
        if operator.status == ACTIVE and operator.kind in BELGIAN_KINDS
    ]
    return tuple(sorted(found, key=lambda found: BELGIAN_KINDS.index(found.kind)))


def travel_operators(guide: Guide) -> tuple[Operator, ...]:
    """Return the sellers of travel eSIMs and roaming packs in business."""
    return tuple(
        operator
        for operator in guide.operators
        if operator.status == ACTIVE and operator.kind in TRAVEL_KINDS
    )


def related(guide: Guide, operator: Operator) -> tuple[Operator, ...]:
    """Return the other operators on the same network, or the other travel eSIMs."""
    networks = {other.network for other in guide.operators if other.kind == NETWORK}

    def is_related(other: Operator) -> bool:
        if operator.kind in TRAVEL_KINDS:
            return other.kind in TRAVEL_KINDS
        return operator.network in networks and other.network == operator.network

    return tuple(
        other
        for other in guide.operators
        if other.slug != operator.slug and is_related(other)
    )


def questions_about(guide: Guide, operator: Operator) -> tuple[FaqEntry, ...]:
    """
    Return the common questions that concern customers of an operator.

    Returns:
        Those whose conditions on operator and line can hold, the most particular ones
        first. What else a condition demands depends on the visitor. Nobody is a
        customer of a closed operator.
    """
    if operator.status == CLOSED:
        return ()
    lines = lines_of(guide, operator)

    def concerns(term: Term) -> bool:
        if term.question == OPERATOR_QUESTION:
            return holds((term,), {OPERATOR_QUESTION: (operator.slug,)})
        if term.question == LINE_QUESTION:
            return any(holds((term,), {LINE_QUESTION: (line,)}) for line in lines)
        return True

    found = [entry for entry in guide.faq if all(map(concerns, entry.when))]
    return tuple(sorted(found, key=lambda entry: not entry.when))


def _terms_of(guide: Guide, operator: Operator, question: str) -> tuple[Term, ...]:
    """Return the terms about one question on which the guide offers an operator."""
    asked = guide.question(OPERATOR_QUESTION)
    choice = asked.choice(operator.slug) if asked else None
    when = choice.when if choice else ()
    return tuple(term for term in when if term.question == question)


def _short(
    operator: Operator, line: str, topics: tuple[str, ...], purpose: str
) -> Short:
    known: dict[str, tuple[str, ...]] = {
        GOAL_QUESTION: (STOP,),
        LINE_QUESTION: (line,),
        OPERATOR_QUESTION: (operator.slug,),
    }
    facts = [
        next(
            (f for f in operator.facts if f.topic == topic and holds(f.when, known)),
            None,
        )
        for topic in topics
    ]
    found = tuple(fact for fact in facts if fact is not None)
    if line == PREPAID:
        # How it lapses is only worth a word where nothing is known about ending it.
        found = found[:1]
    is_channel_needed = line != PREPAID or not found
    return Short(
        line,
        _first_channel(operator, purpose, known) if is_channel_needed else None,
        found,
    )


def _first_channel(
    operator: Operator, purpose: str, known: dict[str, tuple[str, ...]]
) -> Channel | None:
    for wanted in (purpose, *FALLBACK_PURPOSES[purpose]):
        for channel in operator.channels:
            if channel.purpose == wanted and holds(channel.when, known):
                return channel
    return None


def _trusted_until(sourcing: Sourcing) -> int:
    """Return a number that is the smaller, the sooner a fact must be checked again."""
    checked_on = sourcing.checked_on or date.min
    return checked_on.toordinal() + sourcing.review_days
