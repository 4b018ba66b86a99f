"""What visitors say is wrong: what it is about, how it is kept and settled."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from guide.flow import content
from guide.models import Report, ReportState

# All visitors together: what the people at the desk can still read.
LIMIT = 200
LIMIT_WINDOW = timedelta(hours=1)

Thing = (
    content.Step
    | content.OperatorFact
    | content.Channel
    | content.FaqEntry
    | content.GlossaryEntry
    | content.Operator
)


class Kind(StrEnum):
    """What a report can be about; also the name of the parameter in addresses."""

    STEP = "step"
    FACT = "fact"
    CHANNEL = "channel"
    FAQ = "faq"
    GLOSSARY = "glossary"
    OPERATOR = "operator"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The part of a guide that a report is about."""

    kind: Kind
    code: str
    thing: Thing
    operator: content.Operator | None = None


class TooManyReportsError(Exception):
    """So many reports came in the last hour that no more are taken for a while."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(f"Too many reports, wait {wait}")


# What a report is about


def find_subject(guide: content.Guide, kind: str, code: str) -> Subject | None:
    """
    Return the part of *guide* that a report speaks of.

    Returns:
        None when the guide has no such part, or when its code cannot be kept.
    """
    if kind not in list(Kind) or not can_be_kept(Kind(kind), code):
        return None
    for thing, operator in _things_of(guide, Kind(kind)):
        if thing.slug == code:
            return Subject(kind=Kind(kind), code=code, thing=thing, operator=operator)
    return None


def _things_of(
    guide: content.Guide, kind: Kind
) -> list[tuple[Thing, content.Operator | None]]:
    if kind is Kind.STEP:
        return [(step, None) for step in guide.steps]
    if kind is Kind.FAQ:
        return [(entry, None) for entry in guide.faq]
    if kind is Kind.GLOSSARY:
        return [(entry, None) for entry in guide.glossary]
    if kind is Kind.OPERATOR:
        return [(operator, operator) for operator in guide.operators]
    parts = "facts" if kind is Kind.FACT else "channels"
    return [(part, o) for o in guide.operators for part in getattr(o, parts)]


def kept_as(kind: Kind, code: str) -> dict[str, str]:
    """
    Return the fields of a report that name its subject.

    Codes are unique only within a kind. What is neither a step nor a fact is kept with
    its kind before it, such as "channel:base-cancel-shop".
    """
    if kind is Kind.STEP:
        return {"step_slug": code, "fact_slug": ""}
    kept = code if kind is Kind.FACT else f"{kind}:{code}"
    return {"step_slug": "", "fact_slug": kept}


def can_be_kept(kind: Kind, code: str) -> bool:
    """Tell whether the fields of a report are long enough for a code."""
    return all(
        len(value) <= Report._meta.get_field(field).max_length
        for field, value in kept_as(kind, code).items()
    )


def named_in(report: Report) -> tuple[Kind, str] | None:
    """Return kind and code of what a report is about, None for the whole guide."""
    if report.step_slug:
        return Kind.STEP, report.step_slug
    kind, colon, code = report.fact_slug.partition(":")
    if colon and kind in list(Kind):
        return Kind(kind), code
    return (Kind.FACT, report.fact_slug) if report.fact_slug else None


# Keeping and settling


@transaction.atomic
def file_report(
    *, subject: Subject | None, text: str, language: str, publication_number: int
) -> Report:
    """
    Keep what a visitor says is wrong, and nothing about the visitor.

    The same text about the same thing is kept once, as long as it is open.

    Args:
        subject: What it is about; None for the guide in general.
        text: The visitor's words.
        language: The language of the page, in which the visitor probably wrote.
        publication_number: The publication that the visitor read.

    Returns:
        The report, new or already there.

    Raises:
        TooManyReportsError: If all visitors together sent too many.
    """
    about = kept_as(subject.kind, subject.code) if subject else kept_as(Kind.STEP, "")
    same = Report.objects.filter(text=text, state=ReportState.OPEN, **about).first()
    if same:
        return same
    wait = _time_to_wait(timezone.now())
    if wait:
        raise TooManyReportsError(wait)
    return Report.objects.create(
        text=text, language=language, publication_number=publication_number, **about
    )


def _time_to_wait(now: datetime) -> timedelta:
    recent = Report.objects.filter(reported_at__gt=now - LIMIT_WINDOW)
    times = recent.order_by("-reported_at").values_list("reported_at", flat=True)
    last_that_counts = times[LIMIT - 1 : LIMIT].first()
    return last_that_counts + LIMIT_WINDOW - now if last_that_counts else timedelta(0)


def mark_handled(report: Report, *, by: AbstractBaseUser) -> bool:
    """Settle a report; tell whether it was still open: the first one is named."""
    changed = Report.objects.filter(pk=report.pk, state=ReportState.OPEN).update(
        state=ReportState.HANDLED, handled_by=by, handled_at=timezone.now()
    )
    return bool(changed)


def open_again(report: Report) -> bool:
    """Put a report back among the open ones; tell whether it was handled."""
    changed = Report.objects.filter(pk=report.pk, state=ReportState.HANDLED).update(
        state=ReportState.OPEN, handled_by=None, handled_at=None
    )
    return bool(changed)
