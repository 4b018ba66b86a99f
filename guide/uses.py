"""What speaks of a row of the draft, and what becomes of it when the row goes."""

from collections.abc import Collection, Iterable, Sequence

from django.db import models as db

from guide import models
from guide.compiling import CARD_QUESTION
from guide.flow.content import Term
from guide.flow.engine import OPERATOR_QUESTION

Answer = tuple[str, str]  # the codes of a question and of an answer to it

# By which fields conditions name a row: those that demand it, then those that exclude.
DEMANDED: dict[type[db.Model], str] = {
    models.Operator: "operators",
    models.CardType: "card_types",
    models.Choice: "answers",
}
EXCLUDED: dict[type[db.Model], str] = {models.Operator: "except_operators"}


def conditional_models() -> tuple[type[db.Model], ...]:
    """Return the models of rows with conditions."""
    return _children_of(models.Conditional)


def sourced_models() -> tuple[type[db.Model], ...]:
    """Return the models of rows that rest on sources."""
    return _children_of(models.Sourced)


def _children_of(parent: type[db.Model]) -> tuple[type[db.Model], ...]:
    every = models.Source._meta.apps.get_models()
    return tuple(model for model in every if issubclass(model, parent))


def answer_of(row: db.Model) -> Answer:
    """Return under which name conditions speak of an operator, card type or choice."""
    if isinstance(row, models.Operator):
        return (OPERATOR_QUESTION, row.slug)
    if isinstance(row, models.CardType):
        return (CARD_QUESTION, row.slug)
    return (row.question.slug, row.slug)


def rows_naming(rows: Sequence[db.Model]) -> list[models.Conditional]:
    """
    Return the rows whose conditions speak of any of *rows*.

    Args:
        rows: Operators, card types or choices: all of one model.

    Returns:
        Rows of every model, with all that `guide.compiling.when_of` reads.
    """
    if not rows:
        return []
    kind = type(rows[0])
    fields = [DEMANDED[kind], *([EXCLUDED[kind]] if kind in EXCLUDED else [])]
    found: list[models.Conditional] = []
    for model in conditional_models():
        named = db.Q()
        for field in fields:
            link = model._meta.get_field(field)
            here, there = link.m2m_field_name(), link.m2m_reverse_field_name()
            links = link.remote_field.through.objects.filter(**{f"{there}__in": rows})
            named |= db.Q(pk__in=links.values(here))
        parents = [f.name for f in model._meta.fields if f.many_to_one]
        matching = model.objects.filter(named).prefetch_related(
            *models.CONDITION_FIELDS
        )
        found += matching.select_related(*parents) if parents else matching
    return found


# Conditions


def without(when: Iterable[Term], gone: Collection[Answer]) -> tuple[Term, ...]:
    """Return what is left of a condition when these answers are no more."""
    left = []
    for term in when:
        codes = tuple(code for code in term.codes if (term.question, code) not in gone)
        if codes:
            left.append(Term(term.question, codes, term.excluding))
    return tuple(left)


def is_widened(when: Iterable[Term], gone: Collection[Answer]) -> bool:
    """Tell whether a condition loses a whole demand, so that more people match."""
    return any(
        not term.excluding and all((term.question, code) in gone for code in term.codes)
        for term in when
    )


def replaced(when: Iterable[Term], old: Answer, new: str) -> tuple[Term, ...]:
    """
    Return a condition in which another answer stands for *old*.

    Exceptions for *old* end: whoever gives the new answer goes on seeing what they saw.
    """
    question, code = old
    changed = []
    for term in when:
        if term.question != question or code not in term.codes:
            changed.append(term)
            continue
        codes = {c for c in term.codes if c != code}
        if not term.excluding:
            codes.add(new)
        if codes:
            changed.append(Term(question, tuple(sorted(codes)), term.excluding))
    return tuple(changed)
