"""Why a step is on a checklist, or why it is not."""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from guide.flow.conditions import holds
from guide.flow.content import Guide, Role, Step, Term
from guide.flow.engine import Position, in_order


class Ground(StrEnum):
    """From where the answer comes that decides about a demand."""

    GIVEN = "given"  # the visitor chose it
    IMPLIED = "implied"  # the only possible answer: it counts without being asked
    NOT_ASKED = "not-asked"  # there is no answer in this case


class TermTrace(msgspec.Struct, frozen=True):
    """One demand of a condition, held against one visitor's answers."""

    term: Term
    holds: bool
    ground: Ground
    codes: tuple[str, ...]  # the answers that decide; empty: not asked


class Requirement(msgspec.Struct, frozen=True):
    """A step that must be done before."""

    step: Step
    is_shown: bool  # on the same checklist


class StepTrace(msgspec.Struct, frozen=True):
    """One step of the guide, held against one visitor's answers."""

    step: Step
    terms: tuple[TermTrace, ...]  # empty: shown to everybody
    requirements: tuple[Requirement, ...]

    @property
    def is_shown(self) -> bool:
        """Tell whether the step is on this visitor's checklist."""
        return all(term.holds for term in self.terms)

    @property
    def failing(self) -> tuple[TermTrace, ...]:
        """The demands that keep the step off the checklist."""
        return tuple(term for term in self.terms if not term.holds)


class Dangling(msgspec.Struct, frozen=True):
    """A demand on a question or on answers that are not in the guide."""

    kind: str  # what sort of row makes it: question, choice or step
    slug: str  # which one; a choice is "question:choice"
    term: Term
    codes: tuple[str, ...]  # the answers that are gone; empty: the question is


def trace(guide: Guide, position: Position) -> tuple[StepTrace, ...]:
    """
    Hold every step of a guide against one visitor's answers.

    Args:
        guide: The guide.
        position: Where the visitor stands; only known answers count, as they do for
            the checklist.

    Returns:
        All steps, on the checklist or not, in the order in which checklists show them.
    """
    given = frozenset(answer.question.slug for answer in position.answered)
    steps = in_order(guide.steps)
    shown = {step.slug for step in steps if holds(step.when, position.known)}
    return tuple(
        StepTrace(
            step=step,
            terms=tuple(_term(term, position, given) for term in step.when),
            requirements=tuple(_requirements(step, steps, shown)),
        )
        for step in steps
    )


def dangling(guide: Guide) -> tuple[Dangling, ...]:
    """
    Return the demands that speak of what is gone, so that no checklist can be right.

    Args:
        guide: The guide, sound or not.

    Returns:
        Demands of questions, choices and steps, in the guide's order; empty for a
        guide that can be shown.
    """
    return tuple(
        Dangling(kind, slug, term, gone)
        for kind, slug, when in _conditions(guide)
        for term, gone in _gone(guide, when)
    )


def _term(term: Term, position: Position, given: frozenset[str]) -> TermTrace:
    chosen = position.chosen(term.question)
    does_hold = holds((term,), position.known)
    # Of several answers only the listed ones make a demand hold, or an exception fail.
    deciding = tuple(code for code in chosen if code in term.codes)
    if term.question in given:
        ground = Ground.GIVEN
    else:
        ground = Ground.IMPLIED if chosen else Ground.NOT_ASKED
    return TermTrace(term, does_hold, ground, deciding or chosen)


def _requirements(
    step: Step, steps: tuple[Step, ...], shown: set[str]
) -> Iterator[Requirement]:
    for other in steps:
        is_shown = other.slug in shown
        # As on the checklist: nothing is destroyed before the end is confirmed.
        confirms = step.role is Role.ERASE and other.role is Role.CONFIRM and is_shown
        if other.slug in step.requires or confirms:
            yield Requirement(other, is_shown)


def _conditions(guide: Guide) -> Iterator[tuple[str, str, tuple[Term, ...]]]:
    for question in guide.questions:
        yield "question", question.slug, question.when
        for choice in question.choices:
            yield "choice", f"{question.slug}:{choice.slug}", choice.when
    for step in guide.steps:
        yield "step", step.slug, step.when


def _gone(
    guide: Guide, when: tuple[Term, ...]
) -> Iterator[tuple[Term, tuple[str, ...]]]:
    for term in when:
        question = guide.question(term.question)
        if question is None:
            yield term, ()
            continue
        gone = tuple(code for code in term.codes if question.choice(code) is None)
        if gone:
            yield term, gone
