"""Problems of the audit as sentences that an editor understands and can act on."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guide.flow.audit import Problem

Words = str | Promise

# Names of rows by kind and code, as `guide.names.names_in` makes them.
Names = Mapping[tuple[str, str], str]

KINDS: dict[str, Words] = {
    "guide": gettext_lazy("Guide"),
    "question": pgettext_lazy("kind of content", "Question"),
    "choice": pgettext_lazy("kind of content", "Answer"),
    "step": pgettext_lazy("kind of content", "Step"),
    "operator": pgettext_lazy("kind of content", "Operator"),
    "channel": pgettext_lazy("kind of content", "Channel"),
    "fact": pgettext_lazy("kind of content", "Fact"),
    "faq entry": pgettext_lazy("kind of content", "FAQ entry"),
    "glossary entry": pgettext_lazy("kind of content", "Glossary entry"),
    "letter": pgettext_lazy("kind of content", "Letter"),
    "identifier": pgettext_lazy("kind of content", "Identifier in letters"),
    "source": pgettext_lazy("kind of content", "Source"),
}

# What the fields of forms are called, by kind; None: of any kind.
FIELDS: dict[tuple[str | None, str], Words] = {
    ("question", "title"): gettext_lazy("question"),
    ("question", "help"): gettext_lazy("help"),
    ("question", "how"): gettext_lazy("how to find out"),
    ("choice", "label"): gettext_lazy("answer"),
    ("choice", "hint"): gettext_lazy("hint"),
    ("step", "title"): gettext_lazy("title"),
    ("step", "body"): gettext_lazy("what to do"),
    ("step", "why"): gettext_lazy("why"),
    ("step", "skip"): gettext_lazy("what happens if you skip it"),
    ("step", "plan_b"): gettext_lazy("when it is too late, or from abroad"),
    ("operator", "name"): gettext_lazy("name"),
    ("operator", "status_note"): gettext_lazy("what became of it"),
    ("channel", "detail"): gettext_lazy("what to do"),
    ("fact", "text"): gettext_lazy("text"),
    ("faq entry", "question"): gettext_lazy("question"),
    ("faq entry", "answer"): gettext_lazy("answer"),
    ("letter", "title"): gettext_lazy("title"),
    ("glossary entry", "term"): gettext_lazy("word"),
    ("glossary entry", "meaning"): gettext_lazy("what it means"),
    ("letter", "purpose"): gettext_lazy("what it is for"),
    ("letter", "subject"): gettext_lazy("subject"),
    ("letter", "body"): gettext_lazy("paragraphs"),
    ("letter", "enclose"): gettext_lazy("what to enclose"),
    ("letter", "send"): gettext_lazy("how to send it, and what to keep"),
    ("identifier", "name"): gettext_lazy("name"),
    ("identifier", "where"): gettext_lazy("where to find it"),
    ("identifier", "hint"): gettext_lazy("example or form"),
}

ROLES: dict[str, Words] = {
    "unlink": gettext_lazy("Moves an account off the number"),
    "port": gettext_lazy("Moves the number"),
    "cancel": gettext_lazy("Ends the line"),
    "confirm": gettext_lazy("Makes sure that the line has ended"),
}

# For each code a few words, to count and to choose by.
TITLES: dict[str, Words] = {
    "E101": gettext_lazy("Depends on a question that does not exist"),
    "E102": gettext_lazy("Depends on an answer that does not exist"),
    "E103": gettext_lazy("Depends on a later question"),
    "E104": gettext_lazy("Comes after a step that does not exist"),
    "E105": gettext_lazy("Comes after a step of a later phase"),
    "E106": gettext_lazy("Waits for itself"),
    "E107": gettext_lazy("Code that our own addresses use"),
    "E108": gettext_lazy("Answers with the same code"),
    "E109": gettext_lazy("Retired code that leads nowhere"),
    "E110": gettext_lazy("Code that is there twice"),
    "E111": gettext_lazy("Step with a letter that does not exist"),
    "E201": gettext_lazy("Question that nobody is asked"),
    "E202": gettext_lazy("Answer that nobody is offered"),
    "E203": gettext_lazy("Step that nobody gets"),
    "E204": gettext_lazy("Entry to which nobody is led"),
    "E205": gettext_lazy("Question without answers"),
    "E301": gettext_lazy("Checklist that does not end the line"),
    "E302": gettext_lazy("Step without the step that it comes after"),
    "E303": gettext_lazy("Step in the wrong order"),
    "E304": gettext_lazy("Number that is not moved"),
    "E305": gettext_lazy("Too many questions"),
    "E306": gettext_lazy("Due in the wrong order"),
    "E307": gettext_lazy("Account that stays on the number"),
    "E401": gettext_lazy("No source"),
    "E402": gettext_lazy("Source that does not exist"),
    "E501": gettext_lazy("Text missing"),
    "E502": gettext_lazy("Text missing in English or Chinese"),
    "E503": gettext_lazy("Placeholder that nothing fills in"),
    "E601": gettext_lazy("Letter that names an unknown identifier"),
    "E602": gettext_lazy("Letter with other paragraphs in one language"),
    "E603": gettext_lazy("Letter that leaves other things to fill in"),
    "W301": gettext_lazy("No answer for “none of these”"),
    "W401": gettext_lazy("No date of the last check"),
    "W402": gettext_lazy("Overdue for a check"),
    "W501": gettext_lazy("Text missing in Dutch, French or German"),
    "W601": gettext_lazy("Identifier that no letter names"),
    "W602": gettext_lazy("Step that never offers one of its letters"),
}

# For each code: what is wrong, and what to do next.
SENTENCES: dict[str, Words] = {
    "E101": gettext_lazy(
        "It depends on a question with the code “%(question)s”, which does not exist. "
        "Take the answers to it out of its conditions, or add that question."
    ),
    "E102": gettext_lazy(
        "It depends on the answer “%(choice)s”, which the question “%(question)s” "
        "does not have. Take it out of its conditions, or add that answer."
    ),
    "E103": gettext_lazy(
        "It depends on “%(question)s”, which is asked at the same time or later. Take "
        "that out of its conditions, or put the questions into another order."
    ),
    "E104": gettext_lazy(
        "It comes only after the step “%(step)s”, which does not exist. Take that "
        "step off its list “only after these steps”."
    ),
    "E105": gettext_lazy(
        "It comes only after “%(step)s”, but that step stands in a later phase. "
        "Change the phase of one of them, or take the step off “only after these "
        "steps”."
    ),
    "E106": gettext_lazy(
        "It waits for itself, by way of the steps that it comes after. Take one of "
        "them off the lists “only after these steps”."
    ),
    "E107": gettext_lazy(
        "Its code means something else in our own addresses. Choose another code."
    ),
    "E108": gettext_lazy(
        "Two answers to this question have the same code. Give one of them another "
        "code."
    ),
    "E109": gettext_lazy(
        "This retired code must lead to an answer that is still in use, and "
        "“%(choice)s” is none, or the code itself is in use again. Correct the "
        "retired code."
    ),
    "E110": gettext_lazy("There are two of this code. Give one of them another code."),
    "E111": gettext_lazy(
        "It offers the letter “%(letter)s”, which does not exist. Take that letter off "
        "its list “letters for this step”."
    ),
    "E201": gettext_lazy(
        "Nobody is ever asked this: its conditions exclude each other. Loosen its "
        "conditions, or delete it."
    ),
    "E202": gettext_lazy(
        "Nobody is ever offered this answer: its conditions exclude each other or "
        "those of its question. Loosen its conditions, or delete it."
    ),
    "E203": gettext_lazy(
        "Nobody ever gets this step: its conditions exclude each other. Loosen its "
        "conditions, or delete it."
    ),
    "E204": gettext_lazy(
        "Nobody is ever led to it: its conditions exclude each other. Loosen its "
        "conditions, or delete it."
    ),
    "E205": gettext_lazy(
        "This question has no answers, so nobody is asked it. Add at least two "
        "answers, or delete the question."
    ),
    "E301": gettext_lazy(
        "Visitors who answer %(case)s get no step that ends the line or moves the "
        "number. Add such a step in the phase “End the line”, or loosen the "
        "conditions of one that is there. It must be marked as “must be done”, and "
        "must not depend on a question with several answers."
    ),
    "E302": gettext_lazy(
        "It comes only after “%(step)s”, but some visitors get it without that step. "
        "Give both the same conditions, or take the step off “only after these "
        "steps”."
    ),
    "E303": gettext_lazy(
        "It stands before “%(step)s” (%(role)s), which must come first. Move it "
        "behind that step, or put that step on its list “only after these steps”."
    ),
    "E304": gettext_lazy(
        "Some visitors who keep their number get no step that moves it. Add such a "
        "step in the phase “End the line”, marked as “must be done”, or loosen its "
        "conditions."
    ),
    "E305": gettext_lazy(
        "Some visitors are asked %(count)s questions; nine are the most. Add "
        "conditions to questions, so that not everybody gets all of them, or delete "
        "one."
    ),
    "E306": gettext_lazy(
        "It is due before “%(step)s”, which must be done first. Correct “due (days "
        "from the end)” in one of them."
    ),
    "E307": gettext_lazy(
        "Some visitors who choose this account get no step that moves it off the "
        "number before the line ends. Add such a step, or loosen the conditions of "
        "its step."
    ),
    "E401": gettext_lazy("It has no source. Add at least one source."),
    "E402": gettext_lazy(
        "Its source “%(source)s” does not exist. Choose another source."
    ),
    "E501": gettext_lazy("“%(field)s” is empty. Write it."),
    "E502": gettext_lazy(
        "“%(field)s” has no text in %(language)s. Add it: these visitors would get "
        "another language."
    ),
    "E503": gettext_lazy(
        "“%(field)s” in %(language)s holds %(placeholder)s, which nothing fills in. "
        "Write {operator} for the name of the operator, or leave out the braces."
    ),
    "E601": gettext_lazy(
        "“%(field)s” in %(language)s names %(placeholder)s, which is none of the "
        "identifiers in letters. Correct the code between the braces, or add an "
        "identifier with this code."
    ),
    "E602": gettext_lazy(
        "“%(field)s” in %(language)s has %(found)s paragraphs, and %(wanted)s in "
        "%(other)s. Visitors read both side by side: write the same paragraphs, with "
        "a blank line between them."
    ),
    "E603": gettext_lazy(
        "In %(language)s, paragraph %(paragraph)s of “%(field)s” leaves other things "
        "to fill in (%(found)s) than in %(other)s (%(wanted)s). Write the same codes "
        "in braces."
    ),
    "W301": gettext_lazy(
        "Several answers may be chosen, but some visitors cannot say that none "
        "applies. Add an answer such as “None of these” that excludes the others."
    ),
    "W401": gettext_lazy(
        "Nobody knows when this was last true. Look it up again, then fill in "
        "“checked on”."
    ),
    "W402": gettext_lazy(
        "This was last checked on %(checked_on)s and is overdue. Look it up again, "
        "then fill in “checked on”."
    ),
    "W501": gettext_lazy(
        "Not translated into %(language)s: %(fields)s. These visitors read another "
        "language. Add the translation."
    ),
    "W601": gettext_lazy(
        "No letter names it, so nobody sees it. Write {%(identifier)s} in a letter, or "
        "delete it."
    ),
    "W602": gettext_lazy(
        "It has the letter “%(letter)s” on its list, but nobody who gets this step "
        "gets that letter: their conditions exclude each other. Take it off “letters "
        "for this step”, or loosen the conditions of one of them."
    ),
}


def problem_in_words(problem: Problem, names: Names | None = None) -> str:
    """
    Return what is wrong and what to do next, in the language of the desk.

    Args:
        problem: One problem of the audit.
        names: What rows are called, from `guide.names.names_in`; else their codes.
    """
    sentence = SENTENCES.get(problem.code)
    if sentence is None:
        return problem.message
    values = dict(problem.about)
    known = names or {}
    for kind in ("step", "question", "source", "letter"):
        if kind in values:
            values[kind] = known.get((kind, values[kind]), values[kind])
    if "choice" in values:
        question = dict(problem.about).get("question", problem.slug.partition(":")[0])
        slug = f"{question}:{values['choice']}"
        values["choice"] = known.get(("choice", slug), values["choice"])
    if "field" in values:
        values["field"] = field_in_words(problem.kind, values["field"])
    if "fields" in values:
        fields = values["fields"].split(", ")
        values["fields"] = _(", ").join(field_in_words(problem.kind, f) for f in fields)
    for name in ("language", "other"):
        if name in values:
            values[name] = language_in_words(values[name])
    for name in ("found", "wanted"):
        if values.get(name) == "":
            values[name] = _("nothing")
    if "role" in values:
        values["role"] = str(ROLES.get(values["role"], values["role"]))
    if "checked_on" in values:
        values["checked_on"] = date_format(date.fromisoformat(values["checked_on"]))
    if "case" in values:
        values["case"] = _case_in_words(values["case"], known)
    return str(sentence) % values


def problem_place(problem: Problem, names: Names) -> str:
    """Return what a problem is about, such as “Step: Move your number”."""
    kind = str(KINDS.get(problem.kind, problem.kind))
    name = names.get((problem.kind, problem.slug))
    if name is None:
        name = problem.slug if problem.kind != "guide" else _("the guide as a whole")
    return _("%(kind)s: %(name)s") % {"kind": kind, "name": name}


def field_in_words(kind: str, field: str) -> str:
    """Return what a field is called in the form of its kind."""
    return str(FIELDS.get((kind, field), field))


def language_in_words(code: str) -> str:
    """Return the name of a language."""
    names = dict(settings.LANGUAGES)
    return _(names[code]) if code in names else code


def _case_in_words(case: str, names: Names) -> str:
    """Return the answers that a case consists of, such as “End my line” and “Pack”."""
    answers = []
    for part in case.split(", "):
        question, is_answer, code = part.partition(" = ")
        if is_answer:
            label = names.get(("choice", f"{question}:{code}"), f"{question}: {code}")
            answers.append(_("“%(answer)s”") % {"answer": label})
    return _(" and ").join(answers) or _("anything at all")
