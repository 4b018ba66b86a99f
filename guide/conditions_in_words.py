"""Conditions as a sentence that an editor reads at a glance."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from guide.flow.content import Guide, Kind, Question, Term
from guide.flow.engine import OPERATOR_QUESTION

CARD_QUESTION = "card"

# What the guide's own questions ask about. Others are named by their title.
SUBJECTS: Mapping[str, Promise] = {
    "goal": gettext_lazy("the goal"),
    "line": gettext_lazy("the line"),
    OPERATOR_QUESTION: gettext_lazy("the operator"),
    CARD_QUESTION: gettext_lazy("the card"),
    "phone": gettext_lazy("the device"),
    "place": gettext_lazy("the place"),
}

# Answers that need no quotation marks.
ANSWERS: Mapping[tuple[str, str], Promise] = {
    (OPERATOR_QUESTION, "other"): gettext_lazy("another operator"),
    (OPERATOR_QUESTION, "unknown"): gettext_lazy("not known"),
    (CARD_QUESTION, "physical"): gettext_lazy("a physical card"),
    (CARD_QUESTION, "esim"): gettext_lazy("an eSIM"),
    (CARD_QUESTION, "unsure"): gettext_lazy("not known"),
}


@dataclass(frozen=True, kw_only=True)
class QuestionNames:
    """What a sentence says of one question; answers stand in the editors' order."""

    title: str
    takes_many: bool
    answers: Mapping[str, str]  # by code; operators by their name
    operators: frozenset[str] = frozenset()  # codes of answers that are operators


# Questions by code, in the order in which they are asked.
Names = Mapping[str, QuestionNames]


def in_words(
    when: Iterable[Term], guide: Guide | Names, *, at_most: int | None = None
) -> str:
    """
    Return for whom something is shown, as one sentence.

    Args:
        when: The terms of a condition.
        guide: The guide, or the names alone, of whose questions and answers they speak.
        at_most: How many answers of one question are named before “and 12 more”;
            None: all of them.

    Returns:
        Such as “Shown when the operator is Proximus or Scarlet, and the card is an
        eSIM.”
    """
    terms = list(when)
    if not terms:
        return _("Shown to everybody.")
    names = names_of(guide, terms) if isinstance(guide, Guide) else guide
    places = {slug: place for place, slug in enumerate(names)}
    terms.sort(key=lambda term: places.get(term.question, len(places)))
    parts = [_in_words(term, names, at_most) for term in terms]
    return _("Shown when %(conditions)s.") % {"conditions": all_of(parts)}


def names_of(guide: Guide, terms: Iterable[Term]) -> Names:
    """Return the names of those questions of *guide* of which *terms* speak."""
    wanted = {term.question for term in terms}
    return {
        question.slug: _names_of_question(question, guide)
        for question in guide.questions
        if question.slug in wanted
    }


def term_in_words(term: Term, guide: Guide) -> str:
    """Return one demand, such as “the operator is Proximus or Scarlet”."""
    return _in_words(term, names_of(guide, [term]), None)


def subject(slug: str, guide: Guide) -> str:
    """Return what a question asks about, to begin a sentence with."""
    return _subject(slug, names_of(guide, [Term(slug, ())]))


def all_of(parts: Sequence[str]) -> str:
    """Return demands that all must hold, such as “A, B, and C”."""
    *others, last = parts
    if not others:
        return last
    joined = others[0]
    for part in others[1:]:
        joined = _("%(demands)s, %(demand)s") % {"demands": joined, "demand": part}
    return _("%(demands)s, and %(last)s") % {"demands": joined, "last": last}


def any_of(answers: Sequence[str], *, at_most: int | None = None) -> str:
    """Return answers of which one is enough, such as “A, B or C”."""
    # One more name is as short as “and one more”.
    if at_most is not None and len(answers) > at_most + 1:
        count = len(answers) - at_most
        return ngettext(
            "one of %(answers)s and %(count)d more",
            "one of %(answers)s and %(count)d more",
            count,
        ) % {"answers": _listed(answers[:at_most]), "count": count}
    *others, last = answers
    if not others:
        return last
    return _("%(answers)s or %(last)s") % {"answers": _listed(others), "last": last}


def is_shortened(when: Iterable[Term], *, at_most: int) -> bool:
    """Tell whether `in_words` leaves out answers when it names *at_most*."""
    return any(len(term.codes) > at_most + 1 for term in when)


def _listed(answers: Sequence[str]) -> str:
    joined = answers[0]
    for answer in answers[1:]:
        joined = _("%(answers)s, %(answer)s") % {"answers": joined, "answer": answer}
    return joined


def _names_of_question(question: Question, guide: Guide) -> QuestionNames:
    language = get_language() or "en"
    return QuestionNames(
        title=question.title.read(language),
        takes_many=question.kind is Kind.MANY,
        answers={c.slug: c.label.read(language) for c in question.choices},
        operators=(
            frozenset(operator.slug for operator in guide.operators)
            if question.kind is Kind.OPERATOR
            else frozenset()
        ),
    )


def _subject(slug: str, names: Names) -> str:
    if slug in SUBJECTS:
        return str(SUBJECTS[slug])
    title = names[slug].title if slug in names else ""
    return _("the answer to “%(question)s”") % {"question": title or slug}


def _answer(term: Term, code: str, names: QuestionNames | None) -> str:
    if (term.question, code) in ANSWERS:
        return str(ANSWERS[term.question, code])
    label = (names.answers.get(code) if names else "") or code
    if names and code in names.operators:
        return label
    return _("“%(answer)s”") % {"answer": label}


def _in_words(term: Term, names: Names, at_most: int | None) -> str:
    question = names.get(term.question)
    order = list(question.answers) if question else []
    codes = sorted(
        term.codes, key=lambda c: order.index(c) if c in order else len(order)
    )
    values = {
        "subject": _subject(term.question, names),
        "answers": any_of(
            [_answer(term, code, question) for code in codes], at_most=at_most
        ),
    }
    if question and question.takes_many:
        if term.excluding:
            return _("%(subject)s does not include %(answers)s") % values
        return _("%(subject)s includes %(answers)s") % values
    if term.excluding:
        return _("%(subject)s is not %(answers)s") % values
    return _("%(subject)s is %(answers)s") % values
