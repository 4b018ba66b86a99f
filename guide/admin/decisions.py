"""What deciding about publications has in common: forms, refusals, the audit."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django import forms
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide import models, publishing
from guide.admin.addresses import MODELS, row_addresses
from guide.differences import Addresses, Names
from guide.flow.audit import Problem
from guide.publishing import Draft, Seen
from guide.rows import ROW_MODELS
from guide.wording import problem_in_words

PUBLISH = "guide.publish_guide"
LOOK = "guide.view_publication"
ASK = "guide.add_proposal"
MOST_ENTRIES = 20  # of other people's changes

NOTE_MISSING = gettext_lazy(
    "Say in a sentence what has changed and why. The note stands in the history."
)
REASON_MISSING = gettext_lazy("Say in a sentence why not, so that it can be mended.")
BUSY = gettext_lazy(
    "Somebody else is saving just now, so nothing was changed. Please try again in a "
    "few seconds."
)
AGREE = gettext_lazy(
    "The draft has changes that were never published. Tick the box if they may be lost."
)


# Forms


class SeenForm(forms.Form):
    """What the person had in sight; nothing else may be acted upon."""

    number = forms.IntegerField(required=False, widget=forms.HiddenInput)
    sha256 = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    seen_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    @property
    def seen(self) -> Seen:
        """What was in sight; after somebody tampered with it, nothing that fits."""
        return Seen(
            number=self.cleaned_data.get("number"),
            sha256=self.cleaned_data.get("sha256", ""),
        )


class NoteForm(SeenForm):
    """A decision with a reason."""

    note = forms.CharField(
        label=gettext_lazy("What has changed, and why"),
        help_text=gettext_lazy("A sentence or two. It stands in the history for good."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "cols": 60}),
        error_messages={"required": NOTE_MISSING},
    )


class DeclineForm(forms.Form):
    """A refusal with a reason."""

    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=1000,
        widget=forms.Textarea({"rows": 2, "cols": 60}),
        error_messages={"required": REASON_MISSING},
    )


class RestoreForm(SeenForm):
    """Consent to losing what was never published."""

    lose = forms.BooleanField(
        label=gettext_lazy("The changes that were never published may be lost"),
        required=False,
    )


def seen_now(draft: Draft, newest: models.Publication | None) -> dict[str, object]:
    """Return the hidden fields of a form about *draft*."""
    return {
        "number": newest.number if newest else None,
        "sha256": draft.sha256,
        "seen_at": timezone.now().isoformat(),
    }


# What to say


@dataclass(kw_only=True)
class Trouble:
    """Why a decision was not carried out."""

    message: str
    details: list[str] = field(default_factory=list)
    more: int = 0  # details that are left out
    status: int = 409


@dataclass(frozen=True, kw_only=True)
class ProblemShown:
    """One problem of the audit, with the way to the row that causes it."""

    kind: str
    name: str
    address: str
    message: str


@dataclass(frozen=True, kw_only=True)
class ProblemGroup:
    """All problems of one code."""

    code: str
    is_error: bool
    title: str
    problems: tuple[ProblemShown, ...]


def problem_groups(
    problems: Iterable[Problem], names: Names, addresses: dict[tuple[str, str], str]
) -> list[ProblemGroup]:
    """Return problems by code, errors first, each with the name of its row."""
    by_code: dict[str, list[Problem]] = {}
    for problem in sorted(problems):
        by_code.setdefault(problem.code, []).append(problem)
    groups = []
    for code, alike in by_code.items():
        said = Counter(problem_in_words(problem) for problem in alike)
        ((title, _count),) = said.most_common(1)
        groups.append(
            ProblemGroup(
                code=code,
                is_error=alike[0].is_error,
                title=title
                if len(said) == 1
                else _("%(example)s And others like it.") % {"example": title},
                problems=tuple(
                    _problem_shown(problem, names, addresses) for problem in alike
                ),
            )
        )
    return groups


def _problem_shown(
    problem: Problem, names: Names, addresses: dict[tuple[str, str], str]
) -> ProblemShown:
    model = MODELS.get(problem.kind)
    label = model._meta.label_lower if model else ""
    key = tuple(problem.slug.split(":"))
    first, *rest = key
    if problem.kind == "choice" and rest:
        # Operators and card types answer questions too.
        stand_in = {"operator": models.Operator, "card": models.CardType}.get(first)
        other = (stand_in._meta.label_lower, tuple(rest)) if stand_in else None
        if other in names and (label, key) not in names:
            label, key = other
    return ProblemShown(
        kind=capfirst(str(model._meta.verbose_name)) if model else "",
        name=names.get((label, key), problem.slug),
        address=addresses.get((problem.kind, problem.slug), ""),
        message=problem_in_words(problem),
    )


def form_addresses() -> Addresses:
    """Return where each row is edited, by the name of its model and natural key."""
    found = {}
    for (kind, code), address in row_addresses().items():
        key = tuple(code.split(":"))
        found.setdefault((MODELS[kind]._meta.label_lower, key), address)
        if kind == "choice" and key[0] == "card":
            found.setdefault((models.CardType._meta.label_lower, key[1:]), address)
    return found


def publishers(*, other_than: AbstractBaseUser | None = None) -> list[str]:
    """Return the names of those who may publish."""
    users = get_user_model().objects.filter(is_active=True, is_staff=True)
    return [
        user.get_full_name() or user.get_username()
        for user in users.order_by("username")
        if user.has_perm(PUBLISH) and user != other_than
    ]


def changed_meanwhile(form: SeenForm) -> Trouble:
    """Return who did what since the page was opened."""
    seen_at = form.cleaned_data.get("seen_at")
    number = form.cleaned_data.get("number") or 0
    details = [
        _("%(time)s, %(name)s: publication %(number)s, “%(note)s”")
        % {
            "time": _moment(publication.published_at),
            "name": publication.published_by or _("a command"),
            "number": publication.number,
            "note": publication.note,
        }
        for publication in models.Publication.objects.defer("document")
        .filter(number__gt=number)
        .select_related("published_by")[:MOST_ENTRIES]
    ]
    entries = _changes_since(seen_at) if seen_at else LogEntry.objects.none()
    details += [_entry_in_words(entry) for entry in entries[:MOST_ENTRIES]]
    if not details:
        details = [_("The change was not made in the desk; perhaps by a command.")]
    return Trouble(
        message=_(
            "Nothing was done: somebody has changed the draft or published since you "
            "opened this page. Below is how things stand now. Please look again, then "
            "confirm again."
        ),
        details=details,
        more=max(0, entries.count() - MOST_ENTRIES),
    )


def _changes_since(seen_at: datetime) -> QuerySet[LogEntry]:
    types = ContentType.objects.get_for_models(*ROW_MODELS).values()
    return LogEntry.objects.filter(
        action_time__gte=seen_at, content_type__in=types
    ).select_related("user", "content_type")


def _entry_in_words(entry: LogEntry) -> str:
    return _("%(time)s, %(name)s: %(kind)s “%(row)s”. %(change)s") % {
        "time": _moment(entry.action_time),
        "name": entry.user.get_username(),
        "kind": entry.content_type.name,
        "row": entry.object_repr,
        "change": entry.get_change_message(),
    }


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


# Rights and results


def refuse_without(request: HttpRequest, permission: str) -> None:
    """Let nobody on who may not do this."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def tell_in_force(request: HttpRequest, publication: models.Publication) -> None:
    """Say so to who has published, and show it to them at once."""
    publishing.current().forget()
    messages.success(
        request,
        _("Publication %(number)s is in force. Visitors see it within five seconds.")
        % {"number": publication.number},
    )
