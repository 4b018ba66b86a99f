"""What a visitor's case is called, and what it rests on."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from guide import wording
from guide.flow import content, engine
from guide.flow.engine import Position


def headings(
    position: Position,
) -> tuple[Mapping[str, wording.Words], Mapping[str, wording.Words]]:
    """Return titles by goal, and headings by phase, that suit a visitor's line."""
    if engine.KEEP_NUMBER in position.chosen(engine.GOAL_QUESTION):
        return wording.TITLES, wording.PHASES_KEEPING
    if engine.TRAVEL in position.chosen(engine.LINE_QUESTION):
        return wording.TITLES_TRAVEL, wording.PHASES_TRAVEL
    return wording.TITLES, wording.PHASES


def name_of_operator(operator: content.Operator | None) -> str:
    """Return what to call the operator in a sentence."""
    return operator.name if operator else _("your operator")


def sources_of(guide: content.Guide, result: engine.Checklist) -> list[content.Source]:
    """Return the sources of all that stands on a checklist, each once."""
    slugs: dict[str, None] = {}
    for step in result.steps:
        facts = [fact for topic in step.topics for fact in topic.facts]
        for sourced in (step.step, *step.channels, *facts):
            slugs.update(dict.fromkeys(sourced.sourcing.sources))
    found = [guide.source(slug) for slug in slugs]
    return sorted(
        (source for source in found if source), key=lambda s: s.publisher.casefold()
    )


def title_of(position: Position, operator_name: str) -> str:
    """Return the title of a visitor's checklist."""
    goal = next(iter(position.chosen(engine.GOAL_QUESTION)), "")
    titles, _phases = headings(position)
    title = titles.get(goal) or _("Your checklist")
    return str(title) % {"operator": operator_name}


def telling_choices(position: Position) -> list[content.Choice]:
    """Return the choices that tell one case from another, "none of these" left out."""
    return [
        choice
        for answer in position.answered
        for choice in answer.choices
        if not choice.exclusive and answer.question.kind is not content.Kind.DATE
    ]
