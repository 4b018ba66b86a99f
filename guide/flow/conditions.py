"""Conditions: whether they hold, and every way in which they can come out."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from guide.flow.answers import Answers
from guide.flow.content import Choice, Guide, Kind, Question, Term

# Stands for "some day" where a walk needs an answer to a date question.
ANY_DAY = "<day>"


def holds(when: Iterable[Term], answers: Answers) -> bool:
    """
    Tell whether all terms hold for *answers*.

    A term about a question without an answer does not hold. No terms: always.
    """
    return all(_term_holds(term, answers.get(term.question, ())) for term in when)


def offered(question: Question, answers: Answers) -> tuple[Choice, ...]:
    """Return the choices of *question* that are possible after *answers*."""
    return tuple(choice for choice in question.choices if holds(choice.when, answers))


def outcomes(guide: Guide, terms: Iterable[Term]) -> frozenset[frozenset[Term]]:
    """
    Return every way in which *terms* can come out, over all visitors' answers.

    This is a walk over conditions, not over answers: at each question, answers that no
    later condition tells apart count as one.

    Args:
        guide: The guide, sound or not.
        terms: The terms in question.

    Returns:
        Sets of those of *terms* that hold together for some complete set of answers.
    """
    wanted = frozenset(terms)
    return frozenset(state & wanted for state in _walk(guide, wanted, {}, 0))


def longest(guide: Guide, answers: Answers, start: int) -> int:
    """
    Return how many questions can still be asked at the most.

    Args:
        guide: The guide.
        answers: Answers to the questions before *start*, implied ones too.
        start: Index of the first question that counts.

    Returns:
        The greatest number of questions that any continuation asks.
    """
    return max(_walk(guide, frozenset(), answers, start).values())


def _term_holds(term: Term, codes: tuple[str, ...]) -> bool:
    if not codes:
        return False
    return any(code in term.codes for code in codes) is not term.excluding


def _walk(
    guide: Guide, wanted: frozenset[Term], answers: Answers, start: int
) -> dict[frozenset[Term], int]:
    """Return the reachable sets of true terms, each with the most questions asked."""
    later = [
        frozenset(
            term
            for question in guide.questions[index:]
            for when in (question.when, *(choice.when for choice in question.choices))
            for term in when
        )
        for index in range(len(guide.questions) + 1)
    ]
    known = frozenset(
        term
        for term in later[start] | wanted
        if _term_holds(term, answers.get(term.question, ()))
    )
    states = {known: 0}
    for index in range(start, len(guide.questions)):
        question = guide.questions[index]
        needed = later[index + 1] | wanted
        following: dict[frozenset[Term], int] = {}
        for state, asked in states.items():
            for gained, is_asked in _ways_on(question, state, needed):
                reached = (state & needed) | gained
                count = asked + is_asked
                following[reached] = max(count, following.get(reached, 0))
        states = following
    return states


def _ways_on(
    question: Question, state: frozenset[Term], needed: frozenset[Term]
) -> set[tuple[frozenset[Term], bool]]:
    """Return what each class of answers makes true, and whether it was asked for."""
    if not state.issuperset(question.when):
        return {(frozenset(), False)}
    possible = [choice for choice in question.choices if state.issuperset(choice.when)]
    if question.kind is not Kind.DATE and not possible:
        return {(frozenset(), False)}

    terms = [term for term in needed if term.question == question.slug]
    is_asked = question.kind is Kind.DATE or len(possible) > 1
    return {
        (frozenset(term for term in terms if _term_holds(term, codes)), is_asked)
        for codes in _classes(question, possible, terms)
    }


def _classes(
    question: Question, possible: list[Choice], terms: list[Term]
) -> Iterator[tuple[str, ...]]:
    """Yield one answer for each class of answers that *terms* tell apart."""
    if question.kind is not Kind.MANY:
        yield from ((choice.slug,) for choice in possible)
        if question.kind is Kind.DATE:
            yield (ANY_DAY,)
        return

    yield from ((choice.slug,) for choice in possible if choice.exclusive)
    alike = {
        frozenset(term for term in terms if choice.slug in term.codes): choice.slug
        for choice in possible
        if not choice.exclusive
    }
    for size in range(1, len(alike) + 1):
        yield from combinations(alike.values(), size)
