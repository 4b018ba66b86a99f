"""Conditions: whether they hold, and every way in which they can come out."""

from collections.abc import Iterable, Iterator, Sequence
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


class Outcomes:
    """
    Every way in which conditions of one guide can come out, over all visitors' answers.

    This is a walk over conditions, not over answers: only questions that bear on the
    terms are walked, and at each of them answers that no later condition tells apart
    count as one. What was walked once is remembered.
    """

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._bearing = _bearing(guide)
        self._found: dict[frozenset[Term], frozenset[frozenset[Term]]] = {}

    def of(self, terms: Iterable[Term]) -> frozenset[frozenset[Term]]:
        """
        Return every way in which *terms* can come out.

        Args:
            terms: The terms in question, about questions of the guide.

        Returns:
            Sets of those of *terms* that hold together for some complete answers.
        """
        wanted = frozenset(terms)
        if wanted not in self._found:
            slugs = {term.question for term in wanted}
            slugs |= {s for slug in slugs for s in self._bearing.get(slug, ())}
            questions = [q for q in self._guide.questions if q.slug in slugs]
            states = _walk(questions, wanted, {})
            self._found[wanted] = frozenset(state & wanted for state in states)
        return self._found[wanted]


def outcomes(guide: Guide, terms: Iterable[Term]) -> frozenset[frozenset[Term]]:
    """Return every way in which *terms* can come out; see `Outcomes.of`."""
    return Outcomes(guide).of(terms)


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
    return max(_walk(guide.questions[start:], frozenset(), answers).values())


def _term_holds(term: Term, codes: tuple[str, ...]) -> bool:
    if not codes:
        return False
    return any(code in term.codes for code in codes) is not term.excluding


def _terms(question: Question) -> frozenset[Term]:
    """Return the terms on which asking a question and its choices depend."""
    conditions = (question.when, *(choice.when for choice in question.choices))
    return frozenset(term for when in conditions for term in when)


def _bearing(guide: Guide) -> dict[str, frozenset[str]]:
    """Return for each question the earlier ones on which it depends, however far."""
    bearing: dict[str, frozenset[str]] = {}
    for question in guide.questions:
        direct = {term.question for term in _terms(question)}
        further = (bearing.get(slug, frozenset()) for slug in direct)
        bearing[question.slug] = frozenset(direct).union(*further)
    return bearing


def _walk(
    questions: Sequence[Question], wanted: frozenset[Term], answers: Answers
) -> dict[frozenset[Term], int]:
    """Return the reachable sets of true terms, each with the most questions asked."""
    later = [wanted]
    for question in reversed(questions):
        later.insert(0, later[0] | _terms(question))
    known = frozenset(
        term for term in later[0] if _term_holds(term, answers.get(term.question, ()))
    )
    states = {known: 0}
    for index, question in enumerate(questions):
        needed = later[index + 1]
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
        # Answers that no term names come out alike: one stands for all of them.
        named = {code for term in terms for code in term.codes}
        unnamed: list[str] = []
        for choice in possible:
            if choice.slug in named:
                yield (choice.slug,)
            else:
                unnamed.append(choice.slug)
        yield from ((code,) for code in unnamed[:1])
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
