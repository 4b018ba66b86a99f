"""Take an answer out of the guide while links that hold it go on working."""

from dataclasses import dataclass

from django.db import models as db
from django.db import transaction
from django.utils.translation import gettext as _

from guide import models
from guide.compiling import when_of
from guide.flow.conditions import Outcomes
from guide.flow.content import Guide, Term
from guide.flow.engine import (
    ABROAD,
    GOAL_QUESTION,
    KEEP_NUMBER,
    LINE_QUESTION,
    LOST,
    PLACE_QUESTION,
    TRAVEL,
)
from guide.uses import DEMANDED, EXCLUDED, answer_of, replaced, rows_naming

RETIRABLE = (models.Choice, models.Operator, models.CardType)

# The engine reads these answers: without them it could not do its work.
ENGINE_ANSWERS = frozenset(
    {
        (GOAL_QUESTION, KEEP_NUMBER),
        (GOAL_QUESTION, LOST),
        (LINE_QUESTION, TRAVEL),
        (PLACE_QUESTION, ABROAD),
    }
)


class CannotRetireError(Exception):
    """Something must be done or agreed to first; the text says what."""


@dataclass(frozen=True, kw_only=True)
class Rewriting:
    """One condition that speaks of the old answer."""

    row: models.Conditional
    before: tuple[Term, ...]
    after: tuple[Term, ...]


def questions_of(row: db.Model) -> list[models.Question]:
    """Return the questions that *row* answers."""
    if isinstance(row, models.Choice):
        return [row.question]
    kind = (
        models.QuestionKind.OPERATOR
        if isinstance(row, models.Operator)
        else models.QuestionKind.CARD
    )
    return list(models.Question.objects.filter(kind=kind))


def replacements_for(row: db.Model, guide: Guide) -> list[db.Model]:
    """Return the other answers to the same question that some visitor is offered."""
    found: list[db.Model] = []
    for question in questions_of(row):
        offered = _offered(question.slug, guide)
        found += [one for one in answers_to(question) if one.slug in offered]
    return [one for one in dict.fromkeys(found) if one != row]


def answers_to(question: models.Question) -> list[db.Model]:
    """Return the operators, card types and choices that answer *question*."""
    found: list[db.Model] = []
    if question.kind == models.QuestionKind.OPERATOR:
        found += models.Operator.objects.all()
    if question.kind == models.QuestionKind.CARD:
        found += models.CardType.objects.all()
    return [*found, *question.choices.select_related("question")]


def _offered(slug: str, guide: Guide) -> set[str]:
    """Return the codes of the answers to a question that some visitor can choose."""
    question = guide.question(slug)
    if question is None:
        return set()
    outcomes = Outcomes(guide)
    offered = set()
    for choice in question.choices:
        terms = frozenset(question.when + choice.when)
        if not terms or any(terms <= state for state in outcomes.of(terms)):
            offered.add(choice.slug)
    return offered


def rewritings(row: db.Model, replacement: db.Model) -> list[Rewriting]:
    """Return what becomes of the conditions that speak of *row*."""
    old = answer_of(row)
    return [
        Rewriting(
            row=named,
            before=when_of(named),
            after=replaced(when_of(named), old, replacement.slug),
        )
        for named in rows_naming([row])
        if named != row
    ]


def own_content(row: db.Model) -> list[db.Model]:
    """Return the channels and facts that go with an operator."""
    if not isinstance(row, models.Operator):
        return []
    return [*row.channels.all(), *row.facts.all()]


@transaction.atomic
def retire(
    *,
    row: db.Model,
    replacement: db.Model,
    may_rewrite: bool,
    may_delete_content: bool,
) -> list[Rewriting]:
    """
    Delete *row* and let links that hold it lead to *replacement*.

    Args:
        row: An operator, card type or choice.
        replacement: Another answer to the same question.
        may_rewrite: Whether conditions that name *row* are rewritten to *replacement*.
        may_delete_content: Whether channels and facts of an operator go with it.

    Returns:
        The conditions that were rewritten.

    Raises:
        CannotRetireError: If something stands in the way; nothing has changed then.
    """
    for one in (row, replacement):
        # Somebody else may have deleted or retired it meanwhile.
        if not type(one).objects.select_for_update().filter(pk=one.pk).exists():
            raise CannotRetireError(
                _("“%(code)s” is not there any more: open the page again.")
                % {"code": one.slug}
            )
    questions = questions_of(row)
    if replacement == row or questions_of(replacement) != questions:
        raise CannotRetireError(
            _("Choose another answer to the same question to stand in its place.")
        )
    if answer_of(row) in ENGINE_ANSWERS:
        raise CannotRetireError(
            _("The guide itself works with this answer, so it cannot be retired.")
        )
    changes = rewritings(row, replacement)
    if changes and not may_rewrite:
        raise CannotRetireError(
            _(
                "Conditions name this answer. Agree to rewrite them, or change them "
                "first."
            )
        )
    content = own_content(row)
    if content and not may_delete_content:
        raise CannotRetireError(
            _(
                "This operator has channels and facts. Agree to delete them, or delete "
                "them first."
            )
        )
    for change in changes:
        _rewrite(change.row, row, replacement)
    for one in content:
        one.delete()
    for question in questions:
        # Whoever led here goes straight on to the new answer: no chains.
        question.retired_codes.filter(replacement=row.slug).update(
            replacement=replacement.slug
        )
        question.retired_codes.update_or_create(
            slug=row.slug, defaults={"replacement": replacement.slug}
        )
    row.delete()
    return changes


def _rewrite(named: models.Conditional, row: db.Model, replacement: db.Model) -> None:
    demanded = getattr(named, DEMANDED[type(row)])
    if demanded.filter(pk=row.pk).exists():
        demanded.remove(row)
        getattr(named, DEMANDED[type(replacement)]).add(replacement)
    if type(row) in EXCLUDED:
        getattr(named, EXCLUDED[type(row)]).remove(row)
