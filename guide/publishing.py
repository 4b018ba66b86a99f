"""From rows to the guide that visitors read: the only door between them."""

import hashlib
import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, transaction
from django.http import HttpRequest

from guide import models
from guide.compiling import compile_draft
from guide.flow.audit import Problem, audit
from guide.flow.content import Guide
from guide.rows import Rows, dump_rows

logger = logging.getLogger(__name__)


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a publication stores: what visitors read, and the rows it was made of."""

    guide: Guide
    rows: msgspec.Raw

    def read_rows(self) -> Rows:
        """Return the rows, as `guide.rows.restore_rows` takes them."""
        return msgspec.json.decode(self.rows)


class NothingPublishedError(Exception):
    """There is no publication yet: run manage.py bootstrap or publish."""


class AuditFailedError(Exception):
    """The draft has errors and was not published."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} errors")


def today() -> date:
    """Return the day in Belgium, whatever the server's clock is set to."""
    return datetime.now(ZoneInfo("Europe/Brussels")).date()


# Publishing


def publish(
    *, note: str = "", by: AbstractBaseUser | None = None
) -> tuple[models.Publication, tuple[Problem, ...]]:
    """
    Put the draft in force as the next publication.

    Args:
        note: What changed and why, in a sentence.
        by: Who publishes; None for a command.

    Returns:
        The publication and the warnings of the audit.

    Raises:
        AuditFailedError: If the audit finds errors; nothing has changed then.
    """
    with transaction.atomic():
        guide = compile_draft()
        problems = audit(guide, today())
        errors = [problem for problem in problems if problem.is_error]
        if errors:
            raise AuditFailedError(errors)
        document = to_document(guide, dump_rows())
        publication = models.Publication.objects.create(
            number=(models.Publication.objects.newest_number() or 0) + 1,
            published_by=by,
            note=note,
            document=document,
            sha256=hashlib.sha256(document.encode()).hexdigest(),
        )
    return publication, problems


def to_document(guide: Guide, rows: Rows) -> str:
    """Return the text that a publication stores."""
    return msgspec.json.encode({"guide": guide, "rows": rows}).decode()


def read_document(text: str) -> Document:
    """
    Read what a publication stores.

    Raises:
        msgspec.ValidationError: If *text* is no document of this version.
    """
    return msgspec.json.decode(text, type=Document)


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


def edition_of(publication: models.Publication) -> Edition:
    """Return the guide of *publication*, ready to be shown."""
    return Edition(
        number=publication.number,
        published_at=publication.published_at,
        guide=read_document(publication.document).guide,
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
            self._published = edition_of(models.Publication.objects.get(number=number))
        self._checked_at = time.monotonic()
        return self._published


@cache
def current() -> Current:
    """Return this process's hold on the publication in force."""
    return Current()


def current_publication() -> Edition:
    """Return the publication in force; see `Current.get`."""
    return current().get()


def edition_for(request: HttpRequest) -> Edition:
    """Return the guide to show: the one in force, or in a preview the draft."""
    return getattr(request, "edition", None) or current_publication()


def current_guide() -> Guide:
    """Return the guide in force; see `Current.get`."""
    return current().get().guide
