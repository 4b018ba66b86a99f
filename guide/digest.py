"""An e-mail to those who keep the guide true, with only what they can act on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guide import agenda, models
from guide.links import outcome_in_words
from guide.names import names_in
from guide.problems_in_words import (
    Names,
    language_in_words,
    problem_in_words,
    problem_place,
)

GROUPS = ("Editors", "Publishers")
SINCE_DAYS = 7  # what became overdue within these days is new
SHOWN = 10  # of each list; the desk has all of it


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading, lines below it, and where on the desk all of it is."""

    title: str
    lines: tuple[str, ...]
    address: str
    note: str = ""  # below the lines
    for_publishers: bool = False  # else only for those who may change content
    is_news: bool = True  # else no reason for an e-mail, only told along with one


def recipients() -> QuerySet:
    """Return those who get the digest: active, of a group, with an address."""
    return (
        get_user_model()
        .objects.filter(is_active=True, groups__name__in=GROUPS)
        .exclude(email="")
        .distinct()
        .order_by("pk")
    )


def messages(
    today: date, *, language: str, since_days: int = SINCE_DAYS
) -> list[EmailMessage]:
    """
    Return the e-mails to send; none to who has nothing to do.

    Args:
        today: The day against which checks are due.
        language: The language to write in.
        since_days: What became overdue within so many days is new.
    """
    with translation.override(language):
        sections = list(_sections(today, since_days=since_days))
        found = ((user, _for(user, sections)) for user in recipients())
        return [
            EmailMessage(
                subject=_subject(mine),
                body=_body(mine),
                to=[user.email],
            )
            for user, mine in found
            if any(section.is_news for section in mine)
        ]


def _for(user: AbstractBaseUser, sections: Iterable[Section]) -> list[Section]:
    edits = user.has_perm("guide.change_step")
    publishes = user.has_perm("guide.publish_guide")
    return [
        section
        for section in sections
        if edits or (publishes and section.for_publishers)
    ]


def _sections(today: date, *, since_days: int) -> Iterable[Section]:
    """Yield what is to be done, the most urgent first, leaving out what is empty."""
    draft = agenda.look_at_draft(today)
    if draft.guide is None:
        yield Section(
            title=_("The draft cannot be put together"),
            lines=(_("The audit page says which field is wrong."),),
            address=reverse("admin:desk-audit"),
            for_publishers=True,
        )
        names: Names = {}
    else:
        names = names_in(draft.guide)
        yield from _audit_section(draft, names)
    yield from _report_section()
    if draft.guide is not None:
        late = agenda.overdue(draft.guide, today)
        new_since = today - timedelta(days=since_days)
        new = [check for check in late if check.due_on >= new_since]
        if new:
            yield Section(
                title=ngettext(
                    "%(count)d entry has become overdue",
                    "%(count)d entries have become overdue",
                    len(new),
                )
                % {"count": len(new)},
                lines=_check_lines(new, names),
                address=reverse("admin:desk-audit") + "?code=W402",
            )
        yield from _older_section(len(late) - len(new))
        soon = agenda.due_soon(draft.guide, today)
        if soon:
            yield Section(
                title=ngettext(
                    "%(count)d entry is due within %(days)d days",
                    "%(count)d entries are due within %(days)d days",
                    len(soon),
                )
                % {"count": len(soon), "days": agenda.DUE_SOON_DAYS},
                lines=_check_lines(soon, names),
                address=reverse("admin:index"),
            )
    yield from _link_section()
    yield from _translation_section()


def _audit_section(draft: agenda.Draft, names: Names) -> Iterable[Section]:
    errors = [problem for problem in draft.problems if problem.is_error]
    if errors:
        yield Section(
            title=ngettext(
                "%(count)d error stops the next publication",
                "%(count)d errors stop the next publication",
                len(errors),
            )
            % {"count": len(errors)},
            lines=tuple(
                f"{problem_place(problem, names)}. {problem_in_words(problem, names)}"
                for problem in errors
            ),
            note=_(
                "This list is not complete: codes or conditions are wrong, so other "
                "checks wait until these errors are mended."
            )
            if draft.is_partial
            else "",
            address=reverse("admin:desk-audit"),
            for_publishers=True,
        )


def _older_section(count: int) -> Iterable[Section]:
    if count:
        yield Section(
            title=ngettext(
                "%(count)d older entry remains overdue",
                "%(count)d older entries remain overdue",
                count,
            )
            % {"count": count},
            lines=(),
            address=reverse("admin:desk-audit") + "?code=W402",
            is_news=False,
        )


def _report_section() -> Iterable[Section]:
    reports = list(models.Report.objects.filter(state=models.ReportState.OPEN))
    if reports:
        yield Section(
            title=ngettext(
                "%(count)d report of a visitor waits",
                "%(count)d reports of visitors wait",
                len(reports),
            )
            % {"count": len(reports)},
            lines=tuple(" ".join(report.text.split())[:160] for report in reports),
            address=reverse("admin:guide_report_changelist") + "?state__exact=open",
        )


def _link_section() -> Iterable[Section]:
    broken = list(models.LinkCheck.objects.broken())
    if broken:
        yield Section(
            title=ngettext(
                "%(count)d link is broken",
                "%(count)d links are broken",
                len(broken),
            )
            % {"count": len(broken)},
            lines=tuple(f"{row.url}: {outcome_in_words(row)}" for row in broken),
            address=reverse("admin:guide_linkcheck_changelist") + "?found=broken",
        )


def _translation_section() -> Iterable[Section]:
    gaps = [found for found in agenda.translation_gaps() if found.outdated]
    if gaps:
        count = sum(found.outdated for found in gaps)
        yield Section(
            title=ngettext(
                "%(count)d translation is older than the English",
                "%(count)d translations are older than the English",
                count,
            )
            % {"count": count},
            lines=tuple(
                f"{language_in_words(found.language)}: {found.outdated}"
                for found in gaps
            ),
            address=reverse("admin:desk-translations"),
        )


def _check_lines(checks: Iterable[agenda.Check], names: Names) -> tuple[str, ...]:
    return tuple(
        _("%(day)s: %(name)s")
        % {
            "day": date_format(check.due_on),
            "name": names.get((check.kind, check.slug), check.slug),
        }
        for check in checks
    )


def _subject(sections: list[Section]) -> str:
    first = next(section for section in sections if section.is_news)
    return _("SIM Exit: %(first)s") % {"first": first.title}


def _body(sections: list[Section]) -> str:
    parts = [_("This waits for you at the editors' desk.")]
    for section in sections:
        lines = [section.title]
        if section.lines:
            lines.append("-" * len(section.title))
        lines += [f"- {line}" for line in section.lines[:SHOWN]]
        more = len(section.lines) - SHOWN
        if more > 0:
            words = ngettext("- and %(count)d more", "- and %(count)d more", more)
            lines.append(words % {"count": more})
        if section.note:
            lines.append(section.note)
        lines.append(settings.SITE_URL + section.address)
        parts.append("\n".join(lines))
    parts.append(
        _("The desk: %(address)s")
        % {"address": settings.SITE_URL + reverse("admin:index")}
    )
    return "\n\n".join(parts) + "\n"
