"""Conditions as a sentence that an editor reads at a glance."""

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guide.flow.content import Guide, Term
from guide.flow.engine import OPERATOR_QUESTION

CARD_QUESTION = "card"


def in_words(when: Iterable[Term], guide: Guide) -> str:
    """
    Return for whom something is shown, as one sentence.

    Args:
        when: The terms of a condition.
        guide: The guide whose questions and answers they speak of.

    Returns:
        Such as “Shown when the operator is Proximus or Scarlet and the card is eSIM.”
    """
    parts = [term_in_words(term, guide) for term in when]
    if not parts:
        return _("Shown to everybody.")
    return _("Shown when %(conditions)s.") % {"conditions": _(" and ").join(parts)}


def term_in_words(term: Term, guide: Guide) -> str:
    """Return one demand, such as “the operator is Proximus or Scarlet”."""
    question = guide.question(term.question)
    labels = []
    for code in term.codes:
        choice = question.choice(code) if question else None
        label = choice.label.read(get_language() or "en") if choice else ""
        labels.append(label or code)
    quoted = _(" or ").join(labels)
    values = {"subject": subject(term.question, guide), "answers": quoted}
    if term.excluding:
        return _("%(subject)s is not %(answers)s") % values
    return _("%(subject)s is %(answers)s") % values


def subject(slug: str, guide: Guide) -> str:
    """Return what a question asks about, to begin a sentence with."""
    if slug == OPERATOR_QUESTION:
        return _("the operator")
    if slug == CARD_QUESTION:
        return _("the card")
    question = guide.question(slug)
    title = question.title.read(get_language() or "en") if question else slug
    return _("the answer to “%(question)s”") % {"question": title}
