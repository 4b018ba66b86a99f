"""The proof that a guide is sound, over conditions and not over samples."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import product

import msgspec

from guide.flow.answers import RESERVED
from guide.flow.conditions import Outcomes, longest
from guide.flow.content import (
    Guide,
    Kind,
    Phase,
    Question,
    Role,
    Sourcing,
    Step,
    Term,
    Text,
)
from guide.flow.engine import (
    GOAL_QUESTION,
    KEEP_NUMBER,
    OPERATOR_QUESTION,
    PHASES,
    in_order,
)

MOST_QUESTIONS = 9
PLACEHOLDERS = frozenset({"{operator}"})
LANGUAGES_COMPLETE = ("en", "zh-hans")  # these texts may not be missing

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


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing that is wrong: errors stop a publication, warnings do not."""

    code: str  # stable; E…: error, W…: warning
    kind: str  # what sort of row: question, choice, step, fact, …
    slug: str  # which one; a choice is "question:choice"
    message: str

    @property
    def is_error(self) -> bool:
        """Tell whether this stops a publication."""
        return self.code.startswith("E")


def audit(guide: Guide, today: date) -> tuple[Problem, ...]:
    """
    Prove that a guide leads every visitor to a sound checklist.

    Args:
        guide: The guide, as it would be published.
        today: The day against which facts are overdue.

    Returns:
        What is wrong, errors first; empty for a sound guide. When conditions speak of
        what does not exist, only that is returned: nothing can be proven before.
    """
    broken = tuple(sorted(_references(guide)))
    if broken:
        return broken
    outcomes = Outcomes(guide)
    proofs = (_reach, _actions, _requirements, _order)
    problems = {problem for proof in proofs for problem in proof(guide, outcomes)}
    problems.update(_length(guide), _texts(guide), _sourcing(guide, today))
    return tuple(sorted(problems))


def _conditionals(guide: Guide) -> Iterator[tuple[str, str, tuple[Term, ...]]]:
    """Yield kind, slug and full condition of all that visitors reach by answers."""
    for question in guide.questions:
        yield "question", question.slug, question.when
        for choice in question.choices:
            slug = f"{question.slug}:{choice.slug}"
            yield "choice", slug, question.when + choice.when
    for step in guide.steps:
        yield "step", step.slug, step.when
    for entry in guide.faq:
        yield "faq entry", entry.slug, entry.when
    for letter in guide.letters:
        yield "letter", letter.slug, letter.when
    for operator in guide.operators:
        here = Term(OPERATOR_QUESTION, (operator.slug,))
        for channel in operator.channels:
            yield "channel", channel.slug, (here, *channel.when)
        for fact in operator.facts:
            yield "fact", fact.slug, (here, *fact.when)


def _references(guide: Guide) -> Iterator[Problem]:
    positions = {question.slug: i for i, question in enumerate(guide.questions)}
    for kind, slug, when in _conditionals(guide):
        for term in when:
            question = guide.question(term.question)
            if question is None:
                yield Problem(
                    "E101", kind, slug, f"It depends on “{term.question}”: no question."
                )
                continue
            for code in term.codes:
                if question.choice(code) is None:
                    message = f"It depends on “{term.question}: {code}”: no answer."
                    yield Problem("E102", kind, slug, message)
            if kind in {"question", "choice"}:
                own = positions[slug.partition(":")[0]]
                if positions[term.question] >= own:
                    message = f"It depends on “{term.question}”, which comes later."
                    yield Problem("E103", kind, slug, message)
    yield from _unique(guide)
    steps = {step.slug: step for step in guide.steps}
    for step in guide.steps:
        for slug in step.requires:
            if slug not in steps:
                message = f"It requires “{slug}”: no step."
                yield Problem("E104", "step", step.slug, message)
            elif PHASES.index(steps[slug].phase) > PHASES.index(step.phase):
                message = f"It requires “{slug}”, which stands in a later phase."
                yield Problem("E105", "step", step.slug, message)
        if _is_in_circle(step.slug, steps):
            message = "It requires itself, by way of the steps that it requires."
            yield Problem("E106", "step", step.slug, message)


def _unique(guide: Guide) -> Iterator[Problem]:
    rows = {
        "question": [question.slug for question in guide.questions],
        "step": [step.slug for step in guide.steps],
        "operator": [operator.slug for operator in guide.operators],
        "source": [source.slug for source in guide.sources],
    }
    for kind, slugs in rows.items():
        for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
            yield Problem("E110", kind, slug, "There are two of this code.")
    for question in guide.questions:
        if question.slug in RESERVED:
            message = "This code is a parameter of our own addresses: choose another."
            yield Problem("E107", "question", question.slug, message)
        codes = [choice.slug for choice in question.choices]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            message = "Two answers to one question have the same code."
            yield Problem("E108", "choice", f"{question.slug}:{code}", message)
        for old, new in question.replacements:
            if question.choice(new) is None or question.choice(old) is not None:
                message = f"A retired code must lead to an answer in use, not “{new}”."
                yield Problem("E109", "choice", f"{question.slug}:{old}", message)


def _is_in_circle(slug: str, steps: dict[str, Step]) -> bool:
    seen: set[str] = set()
    waiting = list(steps[slug].requires)
    while waiting:
        current = waiting.pop()
        if current == slug:
            return True
        if current not in seen and current in steps:
            seen.add(current)
            waiting += steps[current].requires
    return False


def _reach(guide: Guide, outcomes: Outcomes) -> Iterator[Problem]:
    codes = {"question": "E201", "choice": "E202", "step": "E203"}
    for kind, slug, when in _conditionals(guide):
        terms = frozenset(when)
        if terms and not any(terms <= state for state in outcomes.of(terms)):
            message = "No visitor can get here: its conditions exclude each other."
            yield Problem(codes.get(kind, "E204"), kind, slug, message)


def _actions(guide: Guide, outcomes: Outcomes) -> Iterator[Problem]:
    """Every complete answer needs a step that ends the line or moves the number."""
    many = {q.slug for q in guide.questions if q.kind is Kind.MANY}
    conditions = [
        frozenset(step.when)
        for step in guide.steps
        if step.phase is Phase.CANCEL
        and step.must
        and step.role in {Role.PORT, Role.CANCEL}
    ]
    # Steps that hang on a list of ticks cannot be there for whoever ticks nothing
    # of it; leaving them out keeps the proof small and can only make it stricter.
    conditions = [
        terms for terms in conditions if all(t.question not in many for t in terms)
    ]
    every_term = frozenset[Term]().union(*conditions) | _case_terms(guide)
    cases = set()
    for state in outcomes.of(every_term):
        if not any(terms <= state for terms in conditions):
            cases.add(_case(state & _case_terms(guide)))
    for case in sorted(cases):
        message = f"These answers lead to no step that ends the line: {case}."
        yield Problem("E301", "guide", "checklist", message)


def _case_terms(guide: Guide) -> frozenset[Term]:
    """Return one term for each choice of the first two questions: to name a case."""
    return frozenset(
        Term(question.slug, (choice.slug,))
        for question in guide.questions[:2]
        for choice in question.choices
    )


def _case(state: frozenset[Term]) -> str:
    answers = sorted(f"{term.question} = {term.codes[0]}" for term in state)
    return ", ".join(answers) or "any"


def _requirements(guide: Guide, outcomes: Outcomes) -> Iterator[Problem]:
    for step in guide.steps:
        for slug in step.requires:
            needed = guide.step(slug)
            assert needed is not None  # E104
            mine, its = frozenset(step.when), frozenset(needed.when)
            if any(
                mine <= state and not its <= state for state in outcomes.of(mine | its)
            ):
                message = f"It requires “{slug}”, which is missing from some lists."
                yield Problem("E302", "step", step.slug, message)


def _order(guide: Guide, outcomes: Outcomes) -> Iterator[Problem]:
    steps = in_order(guide.steps)
    place = {step.slug: number for number, step in enumerate(steps)}
    for earlier_role, later_role in ROLE_ORDER:
        earlier = [step for step in steps if step.role is earlier_role]
        later = [step for step in steps if step.role is later_role]
        for first, second in product(earlier, later):
            if place[first.slug] < place[second.slug]:
                continue
            both = frozenset(first.when) | frozenset(second.when)
            if any(both <= state for state in outcomes.of(both)):
                message = f"It must stand behind “{first.slug}”: {earlier_role} first."
                yield Problem("E303", "step", second.slug, message)

    keeps = Term(GOAL_QUESTION, (KEEP_NUMBER,))
    goal = guide.question(GOAL_QUESTION)
    if goal is None or goal.choice(KEEP_NUMBER) is None:
        return
    ports = [frozenset(step.when) for step in steps if step.role is Role.PORT]
    wanted = frozenset({keeps}).union(*ports)
    for state in outcomes.of(wanted):
        if keeps in state and not any(terms <= state for terms in ports):
            message = "Somebody who keeps the number gets no step that moves it."
            yield Problem("E304", "guide", "checklist", message)


def _length(guide: Guide) -> Iterator[Problem]:
    length = longest(guide, {}, 0)
    if length > MOST_QUESTIONS:
        message = f"Some visitors are asked {length} questions, more than nine."
        yield Problem("E305", "guide", "questions", message)


def _sourcing(guide: Guide, today: date) -> Iterator[Problem]:
    known = {source.slug for source in guide.sources}
    for kind, slug, sourcing in _sourced(guide):
        if not sourcing.sources:
            yield Problem("E401", kind, slug, "It has no source.")
        for source in sourcing.sources:
            if source not in known:
                message = f"Its source “{source}” is not there."
                yield Problem("E402", kind, slug, message)
        if sourcing.checked_on is None:
            message = "Nobody knows when it was last true: its source has no date."
            yield Problem("W401", kind, slug, message)
        elif sourcing.is_overdue(today):
            message = f"It was checked on {sourcing.checked_on} and is overdue."
            yield Problem("W402", kind, slug, message)


def _sourced(guide: Guide) -> Iterator[tuple[str, str, Sourcing]]:
    for step in guide.steps:
        yield "step", step.slug, step.sourcing
    for entry in guide.faq:
        yield "faq entry", entry.slug, entry.sourcing
    for letter in guide.letters:
        yield "letter", letter.slug, letter.sourcing
    for operator in guide.operators:
        yield "operator", operator.slug, operator.sourcing
        for channel in operator.channels:
            yield "channel", channel.slug, channel.sourcing
        for fact in operator.facts:
            yield "fact", fact.slug, fact.sourcing


def _texts(guide: Guide) -> Iterator[Problem]:
    for kind, slug, text, is_needed in _all_texts(guide):
        if is_needed and not text:
            yield Problem("E501", kind, slug, "It has no text at all.")
        elif text:
            for language in LANGUAGES_COMPLETE:
                if language not in text.by_language:
                    message = f"It is not translated into {language}."
                    yield Problem("E502", kind, slug, message)
        for language, words in sorted(text.by_language.items()):
            for placeholder in sorted(set(re.findall(r"\{[^}]*\}?", words))):
                if placeholder not in PLACEHOLDERS:
                    message = f"Nothing can fill {placeholder} ({language})."
                    yield Problem("E503", kind, slug, message)


def _all_texts(guide: Guide) -> Iterator[tuple[str, str, Text, bool]]:
    """Yield kind, slug, text, and whether it may not be empty."""
    for question in guide.questions:
        yield from _question_texts(question)
    for step in guide.steps:
        yield "step", step.slug, step.title, True
        yield "step", step.slug, step.body, True
        yield "step", step.slug, step.why, False
        yield "step", step.slug, step.skip, False
    for entry in guide.faq:
        yield "faq entry", entry.slug, entry.question, True
        yield "faq entry", entry.slug, entry.answer, True
    for letter in guide.letters:
        yield "letter", letter.slug, letter.purpose, True
        yield "letter", letter.slug, letter.subject, True
        yield "letter", letter.slug, letter.body, True
    for operator in guide.operators:
        yield "operator", operator.slug, operator.status_note, False
        for channel in operator.channels:
            yield "channel", channel.slug, channel.detail, True
        for fact in operator.facts:
            yield "fact", fact.slug, fact.text, True


def _question_texts(question: Question) -> Iterator[tuple[str, str, Text, bool]]:
    yield "question", question.slug, question.title, True
    yield "question", question.slug, question.help, False
    yield "question", question.slug, question.how, False
    for choice in question.choices:
        slug = f"{question.slug}:{choice.slug}"
        yield "choice", slug, choice.label, True
        yield "choice", slug, choice.hint, False
