"""What has changed for one visitor since the publication with which a link was made."""

from collections.abc import Iterable, Iterator, Set
from datetime import date
from enum import StrEnum

import msgspec

from guide.flow.answers import Answers
from guide.flow.content import Channel, Guide, OperatorFact, Step
from guide.flow.engine import (
    Checklist,
    ChecklistStep,
    Position,
    checklist,
    resolve,
)


class Aspect(StrEnum):
    """What about a step is another than it was."""

    TEXT = "text"
    DATE = "date"
    FACTS = "facts"
    CHANNELS = "channels"


class StepChange(msgspec.Struct, frozen=True):
    """A step that is on both lists and says something else."""

    item: ChecklistStep
    aspects: tuple[Aspect, ...]
    topics: tuple[str, ...] = ()  # of the facts that are new, gone or different


class Changes(msgspec.Struct, frozen=True):
    """What differs between a checklist as it was and as it is."""

    added: tuple[ChecklistStep, ...] = ()
    removed: tuple[Step, ...] = ()
    changed: tuple[StepChange, ...] = ()
    operator_status: bool = False

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.operator_status)

    @property
    def count(self) -> int:
        """How many steps are new, gone or different."""
        return len(self.added) + len(self.removed) + len(self.changed)


def changes_since(
    before: Guide,
    after: Guide,
    position: Position,
    new: Checklist,
    *,
    today: date,
    language: str,
) -> Changes | None:
    """
    Return what has changed for a visitor between two publications.

    Args:
        before: The guide with which the link was made.
        after: The guide of today.
        position: Where the visitor stands in it, with all questions answered.
        new: The checklist there.
        today: The day for both: dates that only time has moved are no change.
        language: The reader's: what changed in other languages is no change.

    Returns:
        None when the answers lead to no checklist in *before*, because its questions
        were others: then nothing can be said about single steps.
    """
    answers = as_asked_before(before, after, position.answers)
    then = resolve(before, answers, today)
    if then.question is not None:
        return None
    old = checklist(before, then, today)
    old_facts, new_facts = _facts(old, language), _facts(new, language)
    other_facts = {t for t in new_facts if new_facts[t] != old_facts.get(t)}
    old_steps = {item.step.slug: item for item in old.steps}
    new_steps = {item.step.slug: item for item in new.steps}
    return Changes(
        added=tuple(item for slug, item in new_steps.items() if slug not in old_steps),
        removed=tuple(
            item.step for slug, item in old_steps.items() if slug not in new_steps
        ),
        changed=tuple(
            change
            for slug, item in new_steps.items()
            if slug in old_steps
            for change in _changed(old_steps[slug], item, other_facts, language)
        ),
        operator_status=_status(old) != _status(new),
    )


def as_asked_before(
    before: Guide, after: Guide, answers: Answers
) -> dict[str, tuple[str, ...]]:
    """
    Return *answers* in the codes of an earlier guide.

    A code that has taken the place of others since is turned back into the one that it
    replaced, the first where there were several: a link says no more.
    """
    found: dict[str, tuple[str, ...]] = {}
    for slug, codes in answers.items():
        old, new = before.question(slug), after.question(slug)
        if old is None or new is None:
            continue
        known = {choice.slug for choice in old.choices}
        retired = {
            now: code for code, now in reversed(new.replacements) if code in known
        }
        found[slug] = tuple(
            code if code in known else retired.get(code, code) for code in codes
        )
    return found


def _changed(
    old: ChecklistStep, new: ChecklistStep, other_facts: Set[str], language: str
) -> Iterator[StepChange]:
    # Facts that several steps show are told of once, as they are shown once.
    topics = tuple(
        topic.topic
        for topic in new.topics
        if topic.topic in other_facts and topic.shown_in is None
    )
    differs = {
        Aspect.TEXT: _texts(old.step, language) != _texts(new.step, language),
        Aspect.DATE: _days(old) != _days(new),
        Aspect.FACTS: bool(topics),
        Aspect.CHANNELS: _ways(old.channels, language) != _ways(new.channels, language),
    }
    aspects = tuple(aspect for aspect, is_so in differs.items() if is_so)
    if aspects:
        yield StepChange(new, aspects, topics)


def _texts(step: Step, language: str) -> tuple[object, ...]:
    texts = (step.title, step.body, step.why, step.skip, step.plan_b)
    return (step.must, *(text.read(language) for text in texts))


def _days(item: ChecklistStep) -> tuple[int | None, int | None]:
    due = item.due
    return (due.days, due.until_days) if due else (None, None)


def _facts(result: Checklist, language: str) -> dict[str, list[str]]:
    """Return what a checklist says of the operator, by topic."""
    return {
        topic.topic: _words(topic.facts, language)
        for item in result.steps
        for topic in item.topics
    }


def _words(facts: Iterable[OperatorFact], language: str) -> list[str]:
    return sorted(fact.text.read(language) for fact in facts)


def _ways(channels: Iterable[Channel], language: str) -> set[tuple[object, ...]]:
    return {
        (
            channel.kind,
            channel.value,
            channel.screen_path,
            channel.works_abroad,
            channel.works_without_sim,
            channel.detail.read(language),
        )
        for channel in channels
    }


def _status(result: Checklist) -> str:
    return result.operator.status if result.operator else ""
