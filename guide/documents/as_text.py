"""The checklist as a message: short lines that any messenger shows as they are."""

from django.utils import translation
from django.utils.translation import gettext as _

from guide.documents.outline import Contact, Outline, Step


def to_text(outline: Outline) -> str:
    """
    Return the checklist as plain text.

    It says what to do and when, and where to turn to; the rest stands behind the link.
    Telegram cuts a message at 4096 characters, the others later.
    """
    with translation.override(outline.language):
        lines = [outline.title, outline.case_words]
        for notice in outline.notices:
            lines += ["", *notice.lines]
        for section in outline.sections:
            lines += ["", section.title.upper()]
            for step in section.steps:
                lines += _step(step)
        contacts = _contacts(outline)
        if contacts:
            operator = {"operator": outline.operator_name}
            lines += ["", _("Ways to reach %(operator)s") % operator, *contacts]
        if outline.letters:
            lines += ["", _("Letters for your case").upper()]
            lines += [f"• {letter.title}" for letter in outline.letters]
            lines += [outline.letters_address]
        lines += [
            "",
            _("How to do each step, and the sources of it:"),
            outline.page.address,
            outline.made_words,
        ]
    return "\n".join(lines).strip() + "\n"


def _step(step: Step) -> list[str]:
    if step.number is None:
        return [f"• {step.title}"]
    lines = [f"☐ {step.heading}"]
    if step.due:
        lines.append(f"   {step.due.words}")
        if step.due.is_late and step.plan_b:
            lines.append("   " + _("Too late? The page below says what to do."))
    return lines


def _contacts(outline: Outline) -> list[str]:
    """Return each number and address once, with what to know before using it."""
    lines: dict[str, None] = {}
    for contact in outline.contacts:
        value = _value(contact)
        if value:
            lines.setdefault(
                " ".join((f"{contact.kind_name}: {value}", *contact.notes))
            )
    return list(lines)


def _value(contact: Contact) -> str:
    return contact.whole.replace("\n", ", ")
