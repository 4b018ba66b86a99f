"""Who is asked what, and what do they get: the guide as a map shows it."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from guide.flow.answers import Answers
from guide.flow.conditions import Outcomes
from guide.flow.content import Choice, Guide, Kind, Phase, Question, Step, Term
from guide.flow.engine import PHASES, in_order

# So many steps whose conditions differ in one question only stand under one heading.
FAMILY = 3


class Meeting(StrEnum):
    """How visitors meet a question."""

    ASKED = "asked"
    PARTLY = "partly"  # asked of some; for others the only possible answer counts
    IMPLIED = "implied"  # the only possible answer counts, nobody is asked
    NEVER = "never"


class Answer(msgspec.Struct, frozen=True):
    """One answer, or several that nothing in the guide tells apart."""

    choices: tuple[Choice, ...]
    when: tuple[Term, ...]  # who of those asked can choose it
    is_met: bool


class Asked(msgspec.Struct, frozen=True):
    """One question and its answers."""

    question: Question
    number: int  # its place in the guide, from 1
    meeting: Meeting
    when: tuple[Term, ...]
    answers: tuple[Answer, ...]


class Given(msgspec.Struct, frozen=True):
    """One step on somebody's checklist."""

    step: Step
    number: int  # its place among all steps, from 1
    when: tuple[Term, ...]
    own: tuple[Term, ...]  # the part of `when` that its group does not share
    is_met: bool


class Group(msgspec.Struct, frozen=True):
    """Steps of one phase for the same visitors, or for those of one answer each."""

    when: tuple[Term, ...]  # what all of them share
    steps: tuple[Given, ...]


class Part(msgspec.Struct, frozen=True):
    """One phase of the checklist."""

    phase: Phase
    groups: tuple[Group, ...]

    @property
    def steps(self) -> tuple[Given, ...]:
        """All steps of the phase, group by group."""
        return tuple(step for group in self.groups for step in group.steps)


class Link(msgspec.Struct, frozen=True):
    """One question depends on the answer to an earlier one."""

    source: str
    target: str
    is_asking: bool  # whether it is asked at all; else which answers it offers


class FlowGraph(msgspec.Struct, frozen=True):
    """What some visitors, or all, are asked and get."""

    questions: tuple[Asked, ...]
    parts: tuple[Part, ...]
    is_possible: bool  # False: no visitor can give these answers together

    @property
    def links(self) -> tuple[Link, ...]:
        """
        Return which question depends on which earlier one.

        Sorted by target, then by source; only those of which both are on the map.
        """
        places = {asked.question.slug: i for i, asked in enumerate(self.questions)}
        found = []
        for place, asked in enumerate(self.questions):
            offering = [term for answer in asked.answers for term in answer.when]
            for is_asking, terms in ((True, asked.when), (False, offering)):
                sources = {term.question for term in terms}
                found += [
                    Link(source, asked.question.slug, is_asking)
                    for source in sorted(sources, key=lambda s: places.get(s, 0))
                    if places.get(source, place) < place
                ]
        return tuple(found)

    def asked(self, slug: str) -> Asked | None:
        """Return the question of that code, None when it is not on the map."""
        return next((a for a in self.questions if a.question.slug == slug), None)

    def in_few_words(self, term: Term, *, is_met: bool = True) -> Term:
        """
        Return a term that says the same with fewer answers, if there is one.

        Args:
            term: A term of a condition on the map.
            is_met: Whether these visitors meet what the condition is about; then it
                need only be the same for them.

        “Any but the travel eSIM” instead of five kinds of line; excluding nothing
        means any answer. Where a day, or several answers at once, can be given, the
        others would not say the same.
        """
        asked = self.asked(term.question)
        if asked is None or asked.question.kind is Kind.DATE:
            return term
        if not all(asked.question.choice(code) for code in term.codes):
            return term
        rest = tuple(
            choice
            for answer in asked.answers
            for choice in answer.choices
            if choice.slug not in term.codes and (answer.is_met or not is_met)
        )
        is_many = asked.question.kind is Kind.MANY
        if is_many and not all(choice.exclusive for choice in rest):
            return term
        if len(rest) >= len(term.codes) or (term.excluding and not rest):
            return term
        codes = tuple(choice.slug for choice in rest)
        return Term(term.question, codes, excluding=not term.excluding)


def flow_graph(
    guide: Guide,
    chosen: Answers,
    *,
    folds_operators: bool = True,
    shows_rest: bool = False,
) -> FlowGraph:
    """
    Return what the visitors who give some answers are asked and get.

    Args:
        guide: The guide, sound or not.
        chosen: Answers by question; empty: all visitors.
        folds_operators: Whether operators that nothing tells apart count as one.
        shows_rest: Whether what these visitors cannot meet stays on the map.

    Returns:
        Questions, answers and steps that at least one of these visitors meets, proven
        over conditions; of each condition what is still left to tell apart. Without
        *chosen* everything, conditions as they stand; what nobody meets is marked.
    """
    visitors = _Visitors(guide, chosen)
    if not visitors.exist():
        return FlowGraph((), (), is_possible=False)
    keeps_all = shows_rest or not chosen
    questions = tuple(
        asked
        for number, question in enumerate(guide.questions, start=1)
        for asked in [
            _asked(guide, visitors, question, number, is_folded=folds_operators)
        ]
        if keeps_all or asked.meeting is not Meeting.NEVER
    )
    if not keeps_all:
        questions = tuple(_without_unmet(asked) for asked in questions)
    steps = [
        node
        for number, step in enumerate(in_order(guide.steps), start=1)
        for node in [_given(visitors, step, number)]
        if keeps_all or node.is_met
    ]
    parts = (
        Part(phase, _groups(guide, [n for n in steps if n.step.phase is phase]))
        for phase in PHASES
    )
    return FlowGraph(
        questions, tuple(part for part in parts if part.groups), is_possible=True
    )


class _Visitors:
    """Those who give some answers, and what they can meet."""

    def __init__(self, guide: Guide, chosen: Answers) -> None:
        self._outcomes = Outcomes(guide)
        self._given = frozenset(Term(slug, codes) for slug, codes in chosen.items())
        self.met: dict[str, frozenset[str]] = {}  # by question, for told_apart

    def states(self, terms: Iterable[Term]) -> list[frozenset[Term]]:
        """Return the ways in which *terms* come out for these visitors."""
        states = self._outcomes.of(self._given.union(terms))
        return [state for state in states if self._given <= state]

    def exist(self) -> bool:
        return bool(self.states(()))

    def meet(self, when: Iterable[Term]) -> bool:
        wanted = frozenset(when)
        return any(wanted <= state for state in self.states(wanted))

    def told_apart(
        self, when: tuple[Term, ...], context: tuple[Term, ...] = ()
    ) -> tuple[Term, ...]:
        """
        Return the part of a condition that these visitors may or may not meet.

        Args:
            when: A condition that some of them meet.
            context: What holds for all who come so far as to be told apart by it.
        """
        if not self._given:
            return when
        around = frozenset(context)
        states = [s for s in self.states(around.union(when)) if around <= s]
        kept = list(when)
        for term in when:
            others = frozenset(kept) - {term}
            if all(term in state for state in states if others <= state):
                kept.remove(term)
        return tuple(self._shortened(term) for term in kept)

    def _shortened(self, term: Term) -> Term:
        """Return *term* less the answers that these visitors cannot give."""
        met = self.met.get(term.question, frozenset())
        codes = tuple(code for code in term.codes if code in met)
        return Term(term.question, codes or term.codes, term.excluding)


def _asked(
    guide: Guide,
    visitors: _Visitors,
    question: Question,
    number: int,
    *,
    is_folded: bool,
) -> Asked:
    meeting = _meeting(visitors, question)
    answers = []
    for choice in question.choices:
        own = Term(question.slug, (choice.slug,))
        is_met = visitors.meet((*question.when, *choice.when, own))
        when = choice.when
        if is_met:
            when = visitors.told_apart(choice.when, question.when)
        answers.append(Answer((choice,), when, is_met))
    visitors.met[question.slug] = frozenset(
        choice.slug for a in answers if a.is_met for choice in a.choices
    )
    if is_folded and question.kind is Kind.OPERATOR:
        answers = _folded(guide, question.slug, answers)
    when = question.when
    if meeting is not Meeting.NEVER:
        when = visitors.told_apart(question.when)
    return Asked(question, number, meeting, when, tuple(answers))


def _meeting(visitors: _Visitors, question: Question) -> Meeting:
    when = frozenset(question.when)
    terms = when.union(*(choice.when for choice in question.choices))
    counts = {
        sum(state.issuperset(choice.when) for choice in question.choices)
        for state in visitors.states(terms)
        if when <= state
    }
    if question.kind is Kind.DATE:
        return Meeting.ASKED if counts else Meeting.NEVER
    counts.discard(0)
    if not counts:
        return Meeting.NEVER
    if counts == {1}:
        return Meeting.IMPLIED
    return Meeting.PARTLY if 1 in counts else Meeting.ASKED


def _folded(guide: Guide, slug: str, answers: list[Answer]) -> list[Answer]:
    """Return *answers* with those in one that no condition of the guide tells apart."""
    terms = [term for term in _all_terms(guide) if term.question == slug]
    alike: dict[object, Answer] = {}
    for answer in answers:
        (choice,) = answer.choices
        kind = _kind_of(guide, choice.slug)
        behaviour = tuple(choice.slug in term.codes for term in terms)
        key = (answer.is_met, answer.when, frozenset(choice.when), kind, behaviour)
        same = alike.get(key)
        choices = (*same.choices, choice) if same else (choice,)
        alike[key] = Answer(choices, answer.when, answer.is_met)
    return list(alike.values())


def _kind_of(guide: Guide, slug: str) -> bool:
    """Tell whether an answer is an operator, not “another one” or “I don't know”."""
    return guide.operator(slug) is not None


def _all_terms(guide: Guide) -> list[Term]:
    """Return all terms on which questions, answers and steps depend, each once."""
    conditions: list[tuple[Term, ...]] = [step.when for step in guide.steps]
    for question in guide.questions:
        conditions.append(question.when)
        conditions += [choice.when for choice in question.choices]
    return list(dict.fromkeys(term for when in conditions for term in when))


def _without_unmet(asked: Asked) -> Asked:
    answers = tuple(answer for answer in asked.answers if answer.is_met)
    return msgspec.structs.replace(asked, answers=answers)


def _given(visitors: _Visitors, step: Step, number: int) -> Given:
    is_met = visitors.meet(step.when)
    when = visitors.told_apart(step.when) if is_met else step.when
    return Given(step, number, when, own=(), is_met=is_met)


def _groups(guide: Guide, steps: Sequence[Given]) -> tuple[Group, ...]:
    """Return *steps* by what they depend on, in the order of their first ones."""
    places = {question.slug: i for i, question in enumerate(guide.questions)}

    def last_question(node: Given) -> str:
        slugs = {term.question for term in node.when}
        return max(slugs, key=lambda s: (places.get(s, len(places)), s), default="")

    families: dict[object, list[Given]] = {}
    for node in steps:
        last = last_question(node)
        rest = frozenset(term for term in node.when if term.question != last)
        families.setdefault((node.is_met, last, rest), []).append(node)

    groups = []
    for family in families.values():
        last = last_question(family[0])
        alike: dict[frozenset[Term], list[Given]] = {}
        for node in family:
            alike.setdefault(frozenset(node.when), []).append(node)
        if len(alike) >= FAMILY:
            shared = tuple(t for t in family[0].when if t.question != last)
            rows = [_apart(node, last) for same in alike.values() for node in same]
            groups.append(Group(shared, tuple(rows)))
        else:
            groups += [Group(same[0].when, tuple(same)) for same in alike.values()]
    return tuple(sorted(groups, key=lambda group: group.steps[0].number))


def _apart(node: Given, question: str) -> Given:
    own = tuple(term for term in node.when if term.question == question)
    return msgspec.structs.replace(node, own=own)
