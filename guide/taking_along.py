"""The ways in which a visitor can take a checklist along."""

from collections.abc import Iterator

import msgspec
from django.utils.translation import gettext as _

from guide.case_addresses import Case, case_address, question_address
from guide.flow.content import Kind
from guide.flow.engine import Checklist
from guide.reaching import channels_of_case
from guide.wording import Words


class Way(msgspec.Struct, frozen=True):
    """One document: what to follow for it, and what it is good for."""

    ending: str  # "": not a document but a question to be answered first
    address: str
    name: Words
    good_for: Words


def ways_to_take(case: Case, checklist: Checklist) -> tuple[Way, ...]:
    """Return the documents that can be made of a case, the most useful first."""
    return tuple(_ways(case, checklist))


def end_question_address(case: Case) -> str:
    """Return where the end date of a case is chosen, "" where none is asked for."""
    for answer in case.position.answered:
        if answer.question.kind is Kind.DATE:
            return question_address(answer.question.slug, case.position)
    return ""


def _ways(case: Case, checklist: Checklist) -> Iterator[Way]:
    def way(ending: str, name: Words, good_for: Words) -> Way:
        # Notices of a redirect are for the visitor it led here, not for the file.
        page = f"guide:checklist-{ending}"
        address = case_address(page, case.position, (), case.made_with)
        return Way(ending, address, name, good_for)

    yield way(
        "pdf",
        _("PDF for paper"),
        _("Boxes to tick with a pen, dates in the margin, and a code that leads back."),
    )
    dated = any(step.due and step.due.on for step in checklist.steps)
    question = end_question_address(case)
    if dated:
        yield way(
            "ics",
            _("Dates for your calendar"),
            _("Each step on its day, with a reminder. Load it again after a change."),
        )
    elif question:
        yield Way(
            "",
            question,
            _("Choose an end date"),
            _("Then each step gets its day, for your calendar too."),
        )
    if channels_of_case(checklist, case.position):
        yield way(
            "vcf",
            _("Contact for your phone"),
            _("Its numbers and addresses; what works from abroad comes first."),
        )
    yield way(
        "html",
        _("File that opens with no network"),
        _("All of this checklist in one file: keep it on your phone."),
    )
    yield way(
        "txt",
        _("Text for a message"),
        _("Short lines to send to yourself or to somebody who helps you."),
    )
    yield way(
        "json",
        _("Data for a program"),
        _("Steps, dates and sources in a documented form."),
    )
