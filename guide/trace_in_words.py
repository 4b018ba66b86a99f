"""Why a step is on a checklist or not, in an editor's sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guide.conditions_in_words import term_in_words
from guide.flow.answers import as_day
from guide.flow.content import Guide, Step
from guide.flow.trace import Dangling, Ground, Requirement, StepTrace, TermTrace


@dataclass(frozen=True, kw_only=True)
class Why:
    """What the preview says about one step."""

    step: Step
    conditions: tuple[tuple[bool, str], ...]  # whether each holds, and why
    failing: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    form: str  # address of the step's form, "" for who may not change it


@dataclass(frozen=True, kw_only=True)
class Whys:
    """What the preview says about all steps of the guide, for one checklist."""

    shown: Mapping[str, Why]  # by the step's code
    left_out: tuple[Why, ...]


def in_words(
    traces: Iterable[StepTrace], guide: Guide, forms: Mapping[str, str]
) -> Whys:
    """
    Return *traces* in the words of the language in force.

    Args:
        traces: All steps, held against one visitor's answers.
        guide: The guide whose questions and answers they speak of.
        forms: Addresses of the steps' forms by code, as far as the reader may use them.
    """
    shown: dict[str, Why] = {}
    left_out = []
    for trace in traces:
        why = Why(
            step=trace.step,
            conditions=tuple(
                (term.holds, condition_in_words(term, guide)) for term in trace.terms
            ),
            failing=tuple(condition_in_words(term, guide) for term in trace.failing),
            requirements=trace.requirements,
            form=forms.get(trace.step.slug, ""),
        )
        if trace.is_shown:
            shown[trace.step.slug] = why
        else:
            left_out.append(why)
    return Whys(shown=shown, left_out=tuple(left_out))


def condition_in_words(trace: TermTrace, guide: Guide) -> str:
    """
    Return one demand and the answer that decides about it.

    Returns:
        Such as “It needs that the card is eSIM; you answered “SIM card”.”
    """
    values = {
        "condition": term_in_words(trace.term, guide),
        "answers": _answers(trace, guide),
    }
    if trace.ground is Ground.GIVEN:
        sentence = _("It needs that %(condition)s; you answered %(answers)s.")
    elif trace.ground is Ground.IMPLIED:
        sentence = _(
            "It needs that %(condition)s; here %(answers)s is the only possible "
            "answer, so it is not asked."
        )
    else:
        sentence = _("It needs that %(condition)s; this is not asked in this case.")
    return sentence % values


def dangling_in_words(found: Dangling, guide: Guide) -> str:
    """Return what a condition speaks of that is gone, and where."""
    question = guide.question(found.term.question)
    title = question.title.read(_language()) if question else ""
    values = {
        "name": _name(found, guide),
        "question": title or found.term.question,
        "answers": ", ".join(found.codes),
    }
    if found.codes:
        return (
            _(
                "“%(name)s” depends on answers that the question “%(question)s” does "
                "not have: %(answers)s."
            )
            % values
        )
    return (
        _("“%(name)s” depends on the question “%(question)s”, which does not exist.")
        % values
    )


def _answers(trace: TermTrace, guide: Guide) -> str:
    question = guide.question(trace.term.question)
    labels = []
    for code in trace.codes:
        choice = question.choice(code) if question else None
        day = as_day(code)
        label = choice.label.read(_language()) if choice else ""
        labels.append(label or (date_format(day) if day else code))
    return _(" and ").join(_("“%(answer)s”") % {"answer": label} for label in labels)


def _name(found: Dangling, guide: Guide) -> str:
    """Return the title of the row, so that an editor knows it again; else its code."""
    if found.kind == "step":
        step = guide.step(found.slug)
        title = step.title.read(_language()) if step else ""
    else:
        slug, _colon, code = found.slug.partition(":")
        question = guide.question(slug)
        choice = question.choice(code) if question else None
        title = question.title.read(_language()) if question else ""
        if choice:
            title = choice.label.read(_language())
    return title or found.slug


def _language() -> str:
    return get_language() or "en"
