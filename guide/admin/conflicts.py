"""Two people at the same row: what a form showed, and who changed it since."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import AbstractUser
from django.contrib.contenttypes.models import ContentType
from django.db import models as db
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override


def digest(value: object) -> str:
    """
    Return a short text that differs when the value of a field differs.

    Args:
        value: A plain value, a row, or several rows or codes (their order and how
            often one occurs do not count).
    """
    if isinstance(value, list | tuple | set | db.QuerySet):
        plain: object = sorted({str(getattr(item, "pk", item)) for item in value})
    elif isinstance(value, db.Model):
        plain = str(value.pk)
    elif value is None or value == "":
        plain = ""
    else:
        plain = str(value).replace("\r\n", "\n").strip()
    return blake2b(json.dumps(plain).encode(), digest_size=6).hexdigest()


def value_of(row: db.Model, name: str) -> object:
    """Return the value of one field of a row; of several rows their numbers."""
    model_field = row._meta.get_field(name)
    if model_field.many_to_many:
        return (
            [] if row.pk is None else [other.pk for other in getattr(row, name).all()]
        )
    return model_field.value_from_object(row)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a form showed when it was opened."""

    at: datetime | None = None
    digests: Mapping[str, str] = field(default_factory=dict)
    code: str = ""  # browsers do not send it where it may not be changed


def fingerprint(opened: Opened) -> str:
    """Return what a form keeps hidden: what it showed, and when."""
    found = {"at": opened.at, "of": opened.digests, "code": opened.code}
    return json.dumps(found, separators=(",", ":"), default=str)


def read_fingerprint(text: str) -> Opened:
    """Return when a form was opened and what it showed; nothing if unreadable."""
    try:
        found = json.loads(text)
        opened_at = parse_datetime(found["at"])
        digests = {str(name): str(value) for name, value in found["of"].items()}
        code = str(found.get("code", ""))
    except (ValueError, TypeError, KeyError, AttributeError):
        return Opened()
    if opened_at is None or timezone.is_naive(opened_at):
        return Opened()
    return Opened(at=opened_at, digests=digests, code=code)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What somebody else made of one field."""

    label: str
    now: str
    is_mine_too: bool  # both changed it: what was typed stays, theirs is shown
    is_shown: bool = True  # False: not a field of this form, such as the source text


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """What happened to a row while its form was open."""

    row: str
    people: str  # who changed it and when, as a sentence
    changes: tuple[Change, ...] = field(default=())
    is_deleted: bool = False


def people_in_words(
    row: db.Model,
    *,
    since: datetime | None,
    reader: AbstractUser,
    parent: db.Model | None = None,
) -> str:
    """Return who changed a row since then, by Django's own log."""
    entries = [*_entries(type(row), row.pk, since)]
    if parent is not None and parent.pk is not None:
        entries += [
            entry
            for entry in _entries(type(parent), parent.pk, since)
            if _speaks_of(entry, type(row))
        ]
    return _in_words(
        sorted(
            (e for e in entries if not e.is_deletion()), key=lambda e: e.action_time
        ),
        reader,
    )


def deletion_in_words(model: type[db.Model], pk: object, reader: AbstractUser) -> str:
    """Return who deleted a row and when, by Django's own log."""
    entries = [e for e in _entries(model, pk, None) if e.action_flag == DELETION]
    return _in_words(entries[-1:], reader, is_deleted=True)


def _entries(
    model: type[db.Model], pk: object, since: datetime | None
) -> Iterable[LogEntry]:
    found = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id=str(pk)
    )
    if since is not None:
        found = found.filter(action_time__gte=since)
    return found.select_related("user").order_by("action_time", "pk")


def _speaks_of(entry: LogEntry, model: type[db.Model]) -> bool:
    """Tell whether the log of a whole form names rows of this kind inside it."""
    with override(None):
        name = str(model._meta.verbose_name)
    try:
        parts = json.loads(entry.change_message)
    except ValueError:
        return False
    return any(
        isinstance(what, dict) and what.get("name") == name
        for part in (parts if isinstance(parts, list) else [])
        for what in part.values()
    )


def _in_words(
    entries: Iterable[LogEntry], reader: AbstractUser, *, is_deleted: bool = False
) -> str:
    sentences = list(dict.fromkeys(_sentences(entries, reader, is_deleted=is_deleted)))
    if sentences:
        return " ".join(sentences[-3:])
    if is_deleted:
        return _("We cannot tell who deleted it.")
    return _("We cannot tell who changed it: perhaps an import.")


def _sentences(
    entries: Iterable[LogEntry], reader: AbstractUser, *, is_deleted: bool
) -> Iterator[str]:
    for entry in entries:
        values = {
            "person": entry.user.get_full_name() or entry.user.get_username(),
            "time": date_format(
                timezone.localtime(entry.action_time), "SHORT_DATETIME_FORMAT"
            ),
        }
        is_reader = entry.user_id == reader.pk
        if is_deleted and is_reader:
            yield _("You deleted it yourself in another window (%(time)s).") % values
        elif is_deleted:
            yield _("%(person)s deleted it (%(time)s).") % values
        elif is_reader:
            yield _("You changed it yourself in another window (%(time)s).") % values
        else:
            yield _("%(person)s changed it (%(time)s).") % values
