"""What waits at the desk: for its front page, its audit page and the digest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models as db
from django.utils.functional import Promise

from guide import models
from guide.compiling import compile_draft
from guide.flow.audit import Problem, audit, is_partial, sourced
from guide.flow.content import Guide
from guide.rows import ROW_MODELS, Rows, dump_rows
from guide.translations import counts

# How long before its day a check is announced.
DUE_SOON_DAYS = 30

# Kept by the desk about rows, not written by editors.
BOOKKEEPING = frozenset({"outdated"})


# The draft and its audit


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """A field that keeps the draft from being put together."""

    model: type[db.Model]
    pk: int
    name: str
    field: str | Promise
    message: str


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The draft with what the audit says; no guide when it cannot be put together."""

    guide: Guide | None
    problems: tuple[Problem, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def errors(self) -> int:
        """How many problems stop the next publication."""
        return sum(problem.is_error for problem in self.problems)

    @property
    def warnings(self) -> int:
        """How many problems do not."""
        return len(self.problems) - self.errors

    @property
    def is_partial(self) -> bool:
        """Whether other checks wait until errors in codes and conditions are mended."""
        return is_partial(self.problems)


def put_together() -> Guide | None:
    """Return the draft as a guide, None when it holds what no guide can hold."""
    try:
        return compile_draft()
    except (TypeError, ValueError, AttributeError):
        # Values that no form of the desk lets through, such as from an import.
        return None


def look_at_draft(today: date) -> Draft:
    """Put the draft together and audit it; say why not when that cannot be done."""
    guide = put_together()
    if guide is None:
        return Draft(guide=None, unreadable=tuple(_unreadable()))
    return Draft(guide=guide, problems=audit(guide, today))


def _unreadable() -> Iterable[Unreadable]:
    for model in ROW_MODELS:
        for row in model._default_manager.all():
            try:
                row.clean_fields()
            except ValidationError as failure:
                for field, messages in failure.message_dict.items():
                    yield Unreadable(
                        model=model,
                        pk=row.pk,
                        name=str(row),
                        field=model._meta.get_field(field).verbose_name,
                        message=" ".join(messages),
                    )


# What must be looked up again


@dataclass(frozen=True, kw_only=True, order=True)
class Check:
    """Something that rests on sources, and the last day on which it may be trusted."""

    due_on: date
    kind: str
    slug: str


def checks_until(guide: Guide, last_day: date) -> list[Check]:
    """
    Return what must be checked again by *last_day* at the latest.

    Returns:
        The oldest first. What carries no date is not among them: nobody can tell since
        when it is overdue.
    """
    checks = []
    for kind, slug, sourcing in sourced(guide):
        if sourcing.checked_on is not None:
            due_on = sourcing.checked_on + timedelta(days=sourcing.review_days)
            if due_on <= last_day:
                checks.append(Check(due_on=due_on, kind=kind, slug=slug))
    return sorted(checks)


def due_soon(guide: Guide, today: date) -> list[Check]:
    """Return what becomes overdue within the next days, the first one first."""
    checks = checks_until(guide, today + timedelta(days=DUE_SOON_DAYS))
    return [check for check in checks if check.due_on >= today]


def overdue(guide: Guide, today: date) -> list[Check]:
    """Return what is overdue, the longest first."""
    return checks_until(guide, today - timedelta(days=1))


# Translations


@dataclass(frozen=True, kw_only=True)
class Gaps:
    """How many texts one language still needs."""

    language: str
    missing: int
    outdated: int


def translation_gaps() -> list[Gaps]:
    """Return for each language but the source how many texts it lacks."""
    return [
        Gaps(language=language, missing=missing, outdated=outdated)
        for language, (missing, outdated, _total) in counts().items()
    ]


# What changed since the last publication


@dataclass(frozen=True, kw_only=True, order=True)
class Change:
    """A row that differs between the draft and a publication."""

    model: str  # such as "guide.step"
    code: str  # a choice is "question:choice"
    how: str  # added, removed, changed
    fields: tuple[str, ...] = ()


def log_since(publication: models.Publication | None) -> db.QuerySet[LogEntry]:
    """Return who changed which row of the draft since *publication*, newest first."""
    types = ContentType.objects.get_for_models(*ROW_MODELS).values()
    entries = LogEntry.objects.filter(content_type__in=[kind.pk for kind in types])
    if publication is not None:
        entries = entries.filter(action_time__gt=publication.published_at)
    return entries.select_related("user", "content_type").order_by("-action_time")


def changes_since(published: Rows) -> list[Change]:
    """Return the rows in which the draft differs from those of a publication."""
    # As they would be stored, so that a date is the same as its text.
    draft = msgspec.json.decode(msgspec.json.encode(dump_rows()))
    changes = []
    for model in (model._meta.label_lower for model in ROW_MODELS):
        before = _by_code(published.get(model, ()))
        after = _by_code(draft[model])
        changes += [
            Change(model=model, code=code, how="added")
            for code in after.keys() - before.keys()
        ]
        changes += [
            Change(model=model, code=code, how="removed")
            for code in before.keys() - after.keys()
        ]
        for code in after.keys() & before.keys():
            names = after[code].keys() | before[code].keys()
            fields = [
                name
                for name in sorted(names - BOOKKEEPING)
                if after[code].get(name) != before[code].get(name)
            ]
            if fields:
                change = Change(
                    model=model, code=code, how="changed", fields=tuple(fields)
                )
                changes.append(change)
    return sorted(changes)


def _by_code(
    rows: Sequence[Mapping[str, object]],
) -> dict[str, Mapping[str, object]]:
    """Return rows by their code, that of an answer with its question's before it."""
    found = {}
    for row in rows:
        question = row.get("question")
        parts = [*question] if isinstance(question, list | tuple) else []
        found[":".join([*parts, str(row["slug"])])] = row
    return found
