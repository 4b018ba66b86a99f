"""From rows to the guide that visitors read: the only door between them."""

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    connection,
    transaction,
)
from django.db import models as db
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide import models
from guide.compiling import compile_draft
from guide.days_off import public_holidays
from guide.flow import engine
from guide.flow.audit import Problem, audit
from guide.flow.content import DOCUMENT_VERSION, Guide
from guide.flow.differences import Change, Difference, Rows, compare_rows
from guide.rows import ROW_MODELS, dump_rows, fingerprint, restore_rows, rows_by_key

logger = logging.getLogger(__name__)

# How long whoever publishes waits for another one to finish.
LOCK_SECONDS = 5

# Earlier publications that a process keeps in memory, some megabytes each.
EARLIER_KEPT = 4
# How many publications are read to see whether one of them holds a draft.
MOST_COMPARED = 50


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a publication stores: what visitors read, and the rows it was made of."""

    guide: Guide
    rows: msgspec.Raw

    def read_rows(self) -> Rows:
        """
        Return the rows, as `guide.rows.restore_rows` takes them.

        Raises:
            UnreadableDocumentError: If they have not even the shape of rows.
        """
        try:
            return msgspec.json.decode(self.rows, type=dict[str, list[dict]])
        except msgspec.DecodeError as error:
            raise UnreadableDocumentError(NOT_A_GUIDE) from error


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The whole draft as it stood at one moment."""

    guide: Guide
    rows: Rows

    @cached_property
    def sha256(self) -> str:
        """The fingerprint by which it is known again."""
        return fingerprint(self.rows)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What somebody had in sight when deciding: only that may be acted upon."""

    number: int | None  # the publication in force then
    sha256: str  # of the draft


class NothingPublishedError(Exception):
    """There is no publication yet: run manage.py bootstrap or publish."""


class AuditFailedError(Exception):
    """The draft has errors and was not published."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} errors")


class ChangedMeanwhileError(Exception):
    """Somebody published or changed the draft since it was looked at."""


class BusyError(Exception):
    """Somebody else is writing just now; nothing was changed, trying again helps."""


class SecondPersonNeededError(Exception):
    """Nobody may publish alone here, and nobody else has asked for this draft."""


class UnreadableDocumentError(Exception):
    """A stored or imported document is damaged or made by another version."""


DAMAGED = gettext_lazy(
    "The stored text does not match its checksum, so it was damaged or changed by hand."
)
NOT_A_GUIDE = gettext_lazy("The text is not a guide that this program can read.")
OTHER_VERSION = gettext_lazy(
    "The guide has version %(found)s, and this program reads version %(known)s. Use "
    "the program with which it was made."
)


def today() -> date:
    """Return the day in Belgium, whatever the server's clock is set to."""
    return datetime.now(ZoneInfo("Europe/Brussels")).date()


# The draft and the documents


def read_draft() -> Draft:
    """Return the draft, all of it as of one moment."""
    with _one_moment():
        return Draft(guide=compile_draft(), rows=dump_rows())


def to_document(guide: Guide, rows: Rows) -> str:
    """Return the text that a publication stores."""
    return msgspec.json.encode({"guide": guide, "rows": rows}).decode()


def read_document(text: str | msgspec.Raw) -> Document:
    """
    Read what a publication stores.

    Raises:
        UnreadableDocumentError: If *text* is no document of this version.
    """
    try:
        version = msgspec.json.decode(text, type=_AnyDocument).guide.version
        if version != DOCUMENT_VERSION:
            values = {"found": version, "known": DOCUMENT_VERSION}
            raise UnreadableDocumentError(OTHER_VERSION % values)
        return msgspec.json.decode(text, type=Document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableDocumentError(NOT_A_GUIDE) from error


class _AnyGuide(msgspec.Struct):
    version: int


class _AnyDocument(msgspec.Struct):
    guide: _AnyGuide


def sha256_of(text: str) -> str:
    """Return the checksum with which a document is sealed."""
    return hashlib.sha256(text.encode()).hexdigest()


def document_of(publication: models.Publication) -> Document:
    """
    Return what a publication holds, after a look at its seal.

    Raises:
        UnreadableDocumentError: If it is damaged or of another version.
    """
    if sha256_of(publication.document) != publication.sha256:
        raise UnreadableDocumentError(DAMAGED)
    return read_document(publication.document)


# Publishing


def publish(
    *,
    note: str = "",
    by: AbstractBaseUser | None = None,
    seen: Seen | None = None,
    alone: bool = False,
) -> tuple[models.Publication, tuple[Problem, ...]]:
    """
    Put the draft in force as the next publication.

    Where `PUBLISH_NEEDS_SECOND_PERSON` is set, somebody else must have asked for just
    this draft; only the very first publication needs nobody.

    Args:
        note: What changed and why, in a sentence; empty: that of the one who asked.
        by: Who publishes; None for a command.
        seen: What the person had in sight; None: whatever the draft is now.
        alone: Do without a second person.

    Returns:
        The publication and the warnings of the audit.

    Raises:
        AuditFailedError: If the audit finds errors.
        ChangedMeanwhileError: If the draft or the publication in force is another one
            than *seen*, or changed while we looked.
        SecondPersonNeededError: See above.
        BusyError: If somebody else is writing.

    Nothing has changed after any of these.
    """
    # The long part is done before others have to wait.
    draft = read_draft()
    problems = audit(draft.guide, today())
    errors = [problem for problem in problems if problem.is_error]
    if errors:
        raise AuditFailedError(errors)
    document = to_document(draft.guide, draft.rows)

    with _one_writer():
        newest = models.Publication.objects.newest_number()
        if seen and seen != Seen(number=newest, sha256=draft.sha256):
            raise ChangedMeanwhileError
        if fingerprint(dump_rows()) != draft.sha256:
            raise ChangedMeanwhileError
        proposal = _proposal_of(draft, by)
        is_first = newest is None
        if second_person_needed() and not (alone or is_first or proposal):
            raise SecondPersonNeededError
        publication = models.Publication.objects.create(
            number=(newest or 0) + 1,
            published_by=by,
            note=note or (proposal.note if proposal else ""),
            document=document,
            sha256=sha256_of(document),
        )
        if proposal:
            name = proposal.proposed_by.get_username()
            said = _("Published; %(name)s had asked for it.") % {"name": name}
        else:
            said = _("Published.")
        _log(by, publication, ADDITION, said)
        models.Proposal.objects.all().delete()
    return publication, problems


def publish_again(
    number: int, *, note: str, by: AbstractBaseUser | None, newest: int
) -> models.Publication:
    """
    Put an earlier publication in force once more; the draft stays as it is.

    Its errors do not stop this: visitors have read it before, and whoever rolls back is
    in a hurry. Where two people are needed to publish, one is enough to take back the
    last publication, that is for the one just before it; two have published that one.

    Args:
        number: The publication that comes back.
        note: Why.
        by: Who publishes.
        newest: The publication in force when the person decided.

    Raises:
        UnreadableDocumentError: If it is damaged or of another version.
        ChangedMeanwhileError: If somebody has published since.
        SecondPersonNeededError: If it is older than the one before the last.
        BusyError: If somebody else is writing.
    """
    with _one_writer():
        if models.Publication.objects.newest_number() != newest:
            raise ChangedMeanwhileError
        if not may_publish_again_alone(number, newest=newest):
            raise SecondPersonNeededError
        old = models.Publication.objects.get(number=number)
        document_of(old)
        publication = models.Publication.objects.create(
            number=newest + 1,
            published_by=by,
            note=_("Publication %(number)s again: %(note)s")
            % {"number": number, "note": note},
            document=old.document,
            sha256=old.sha256,
        )
        said = _("Published; it is publication %(number)s again.") % {"number": number}
        _log(by, publication, ADDITION, said)
    return publication


def may_publish_again_alone(number: int, *, newest: int) -> bool:
    """Tell whether one person may bring back a publication."""
    if not second_person_needed():
        return True
    earlier = models.Publication.objects.filter(number__lt=newest)
    return number == earlier.newest_number()


def restore(
    number: int, *, by: AbstractBaseUser | None, draft_sha256: str
) -> Difference:
    """
    Make a publication the draft again; visitors notice nothing.

    Args:
        number: The publication.
        by: Who restores it.
        draft_sha256: The draft that the person agreed to lose.

    Returns:
        What has changed in the draft.

    Raises:
        UnreadableDocumentError: If the publication is damaged or of another version.
        RowsError: If its rows do not fit this version.
        ChangedMeanwhileError: If the draft is another one by now.
        BusyError: If somebody else is writing.
    """
    with _one_writer():
        publication = models.Publication.objects.get(number=number)
        rows = document_of(publication).read_rows()
        before = dump_rows()
        if fingerprint(before) != draft_sha256:
            raise ChangedMeanwhileError
        difference = replace_draft(
            rows,
            before=before,
            by=by,
            why=_("Restored from publication %(number)s.") % {"number": number},
        )
        _log(by, publication, CHANGE, _("Restored as the draft."))
    return difference


def replace_draft(
    rows: Rows, *, before: Rows, by: AbstractBaseUser | None, why: str
) -> Difference:
    """
    Make *rows* the draft and note each row that changes in Django's log.

    Raises:
        RowsError: If they do not fit; nothing has changed then.
    """
    with transaction.atomic():
        restore_rows(rows)
        difference = compare_rows(before, dump_rows())
        if by:
            log_rows(difference, by=by, why=why)
    return difference


def held_by(rows: Rows) -> models.Publication | None:
    """
    Return the newest publication that was made of just these rows, None if none was.

    The one in force need not be it: an earlier one may have been published again since.
    Only the newest ones are looked at; those that cannot be read hold nothing.
    """
    looked_at = set()
    newest = models.Publication.objects.all()[:MOST_COMPARED]
    for publication in newest.iterator(chunk_size=1):
        if publication.sha256 in looked_at:
            continue
        looked_at.add(publication.sha256)
        with suppress(UnreadableDocumentError):
            if not compare_rows(document_of(publication).read_rows(), rows):
                return publication
    return None


# Two people


def second_person_needed() -> bool:
    """Tell whether publishing takes two people here."""
    return settings.PUBLISH_NEEDS_SECOND_PERSON


def propose(*, note: str, by: AbstractBaseUser, seen: Seen) -> models.Proposal:
    """
    Ask somebody else to publish the draft; an earlier request is replaced.

    Raises:
        AuditFailedError: If the audit finds errors: nobody could publish it.
        ChangedMeanwhileError: If the draft or the publication in force is another one
            than *seen*.
        BusyError: If somebody else is writing.
    """
    problems = audit(read_draft().guide, today())
    errors = [problem for problem in problems if problem.is_error]
    if errors:
        raise AuditFailedError(errors)
    with _one_writer():
        newest = models.Publication.objects.newest_number()
        if seen != Seen(number=newest, sha256=fingerprint(dump_rows())):
            raise ChangedMeanwhileError
        models.Proposal.objects.all().delete()
        proposal = models.Proposal.objects.create(
            note=note, sha256=seen.sha256, proposed_by=by
        )
        _log(by, proposal, ADDITION, _("Asked for publication."))
    return proposal


def decline(proposal: models.Proposal, *, by: AbstractBaseUser, reason: str) -> None:
    """Turn a request down; the reason stays in Django's log."""
    with transaction.atomic():
        _log(by, proposal, CHANGE, _("Declined: %(reason)s") % {"reason": reason})
        proposal.delete()


def withdraw(proposal: models.Proposal, *, by: AbstractBaseUser) -> None:
    """Take one's own request back."""
    with transaction.atomic():
        _log(by, proposal, DELETION, _("Withdrawn."))
        proposal.delete()


def last_declined() -> LogEntry | None:
    """Return why the last request was turned down, unless something came after it."""
    entry = (
        LogEntry.objects.filter(content_type=_type_of(models.Proposal))
        .select_related("user")
        .first()
    )
    newest = models.Publication.objects.first()
    if entry is None or entry.action_flag != CHANGE:
        return None
    return None if newest and newest.published_at > entry.action_time else entry


def _type_of(model: type[db.Model]) -> ContentType:
    return ContentType.objects.get_for_model(model)


def _proposal_of(draft: Draft, by: AbstractBaseUser | None) -> models.Proposal | None:
    """Return somebody else's request to publish just this draft."""
    asked = models.Proposal.objects.filter(sha256=draft.sha256)
    return asked.exclude(proposed_by=by).first() if by else None


# Transactions


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read all inside as of one moment, and hold up nobody who writes."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # Django's own transactions are IMMEDIATE ones: those of writers.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


@contextmanager
def _one_writer() -> Iterator[None]:
    """
    Write in one transaction, and alone among those who publish or restore.

    On SQLite a transaction is the only writer from its begin on. On PostgreSQL whoever
    comes second waits for the lock and reads only then.
    """
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                _lock_publications()
            yield
    except IntegrityError as error:
        raise ChangedMeanwhileError from error
    except OperationalError as error:
        if not _is_busy(error):
            raise
        raise BusyError from error


def _lock_publications() -> None:
    with connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        # Readers go on; the snapshot is taken with the first look after this.
        table = connection.ops.quote_name(models.Publication._meta.db_table)
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def _is_busy(error: OperationalError) -> bool:
    """Tell whether others were in the way, and not a broken disk or line."""
    state = getattr(error.__cause__, "sqlstate", "")
    return "is locked" in str(error) or state in {"40001", "40P01", "55P03"}


# Django's log


def _log(by: AbstractBaseUser | None, row: db.Model, flag: int, said: str) -> None:
    if by:
        LogEntry.objects.log_actions(by.pk, [row], flag, said, single_object=True)


def log_rows(difference: Difference, *, by: AbstractBaseUser, why: str) -> None:
    """Note in Django's log each row of the draft that is new or different."""
    for model in ROW_MODELS:
        label = model._meta.label_lower
        for flag, change in ((ADDITION, Change.ADDED), (CHANGE, Change.CHANGED)):
            keys = {
                row.key
                for row in difference.rows
                if row.model == label and row.change is change
            }
            rows = rows_by_key(model) if keys else {}
            found = [rows[key] for key in keys]
            if found:
                LogEntry.objects.log_actions(by.pk, found, flag, why)


# What is in force


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A guide as pages show it: a publication in memory, or the draft in a preview."""

    number: int
    published_at: datetime
    guide: Guide
    is_draft: bool = False
    as_of: date | None = None  # in a preview: the day to take for today

    @property
    def today(self) -> date:
        """The day for which pages are made."""
        return self.as_of or today()

    def checklist(self, position: engine.Position) -> engine.Checklist:
        """Return a visitor's checklist as of today."""
        return engine.checklist(
            self.guide,
            position,
            self.today,
            days_off=public_holidays(self.today.year),
        )


def edition_of(publication: models.Publication) -> Edition:
    """Return the guide of *publication*, ready to be shown."""
    return Edition(
        number=publication.number,
        published_at=publication.published_at,
        guide=document_of(publication).guide,
    )


class Current:
    """
    The publication in force, loaded once a process.

    The database is asked for a newer number at most every
    `PUBLICATION_RECHECK_SECONDS`. When it cannot be asked, the guide in memory goes on.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._published: Edition | None = None
        self._checked_at = 0.0

    def get(self) -> Edition:
        """
        Return the publication in force.

        Raises:
            NothingPublishedError: Before the first publication.
        """
        fresh = self._fresh()
        if fresh is not None:
            return fresh
        with self._lock:
            # Whoever waited finds what the first one has fetched.
            return self._fresh() or self._refreshed()

    def forget(self) -> None:
        """Ask the database again at the next request."""
        with self._lock:
            self._published, self._checked_at = None, 0.0

    def _fresh(self) -> Edition | None:
        age = time.monotonic() - self._checked_at
        return self._published if age < settings.PUBLICATION_RECHECK_SECONDS else None

    def _refreshed(self) -> Edition:
        try:
            number = models.Publication.objects.newest_number()
        except DatabaseError:
            if self._published is None:
                raise
            logger.warning("The database does not answer; the guide in memory goes on.")
            self._checked_at = time.monotonic()
            return self._published
        if number is None:
            self._published = None
            raise NothingPublishedError
        if self._published is None or self._published.number != number:
            self._published = self._loaded(number)
        self._checked_at = time.monotonic()
        return self._published

    def _loaded(self, number: int) -> Edition:
        try:
            return edition_of(models.Publication.objects.get(number=number))
        except UnreadableDocumentError:
            if self._published is None:
                raise
            logger.exception("Publication %s: the guide in memory goes on.", number)
            return self._published


@cache
def current() -> Current:
    """Return this process's hold on the publication in force."""
    return Current()


class Earlier:
    """
    Guides of earlier publications, with which people's links were made.

    Publications never change, so the database is asked for each of them at most once a
    process, by the first visitor who comes with such a link, as long as no more than
    `EARLIER_KEPT` are in use. A link from this week asks for nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._guides: OrderedDict[int, Guide | None] = OrderedDict()

    def get(self, number: int) -> Guide | None:
        """
        Return the guide of publication *number*.

        Returns:
            None where there is none, where this program cannot read it, and for as
            long as the database does not answer: nobody can say then what changed.
        """
        # One at a time: reading a document takes more than a page does.
        with self._lock:
            if number in self._guides:
                self._guides.move_to_end(number)
                return self._guides[number]
            try:
                guide = self._loaded(number)
            except DatabaseError:
                logger.warning("The database does not answer; a link stays unread.")
                return None
            self._guides[number] = guide
            if len(self._guides) > EARLIER_KEPT:
                self._guides.popitem(last=False)
            return guide

    def forget(self) -> None:
        """Ask the database again."""
        with self._lock:
            self._guides.clear()

    def _loaded(self, number: int) -> Guide | None:
        found = models.Publication.objects.filter(number=number).first()
        try:
            return document_of(found).guide if found else None
        except UnreadableDocumentError:
            logger.exception("Publication %s cannot be compared with.", number)
            return None


@cache
def earlier() -> Earlier:
    """Return this process's hold on earlier publications."""
    return Earlier()


def current_publication() -> Edition:
    """Return the publication in force; see `Current.get`."""
    return current().get()


def edition_for(request: HttpRequest) -> Edition:
    """Return the guide to show: the one in force, or in a preview the draft."""
    return getattr(request, "edition", None) or current_publication()


def current_guide() -> Guide:
    """Return the guide in force; see `Current.get`."""
    return current().get().guide
