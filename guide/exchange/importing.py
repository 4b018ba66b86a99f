"""What an import would change, why it leaves out what it leaves out, and doing it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import models as db
from django.db import transaction
from django.utils.translation import gettext as _

from guide.exchange.checks import problems_of
from guide.exchange.files import (
    MOST_BYTES,
    FileRefusedError,
    Line,
    TranslationFile,
    version_of,
)
from guide.exchange.po import read_po
from guide.exchange.xlsx import read_xlsx
from guide.translations import (
    KINDS,
    State,
    Translation,
    column,
    keep_track,
    texts_of,
    tidy,
    translations,
)

MayChange = Callable[[type[db.Model]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One translation that the import would write."""

    translation: Translation  # as it is in the draft
    line: Line  # as the file has it
    text: str  # as it will be

    @property
    def is_confirmation(self) -> bool:
        """Tell whether the text stays, and only counts as right from now on."""
        return self.text == tidy(self.translation.text)

    @property
    def is_outdated(self) -> bool:
        """Tell whether it was made from another source text than that of now."""
        return tidy(self.line.source) != tidy(self.translation.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """One line of the file that changes nothing, although somebody may expect it."""

    line: Line
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import would do."""

    language: str
    changes: tuple[Change, ...]
    skipped: tuple[Skipped, ...]
    unchanged: int  # texts that are in the draft as they are in the file


def read_file(data: bytes) -> TranslationFile:
    """
    Return what a translators' file says; its format shows in its first bytes.

    Raises:
        FileRefusedError: If it cannot be used; the message says why and what to do.
    """
    if len(data) > MOST_BYTES:
        raise FileRefusedError(
            _("The file is larger than %(size)s MB. Split it.")
            % {"size": MOST_BYTES // 1024**2}
        )
    if not data.strip():
        raise FileRefusedError(_("The file is empty."))
    if data.startswith(b"PK"):
        return read_xlsx(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefusedError(
            _("This is an old Excel file, or one with a password. Save it as .xlsx.")
        )
    # Twice, as UTF-16 puts a zero beside each letter.
    if b"msgid" not in data and b"msgid" not in data.replace(b"\0", b""):
        raise FileRefusedError(
            _("This is neither a PO file nor an Excel workbook (.xlsx).")
        )
    return read_po(data)


def plan(
    lines: Iterable[Line],
    language: str,
    *,
    replaces_newer: bool = False,
    may_change: MayChange = lambda model: True,
) -> Plan:
    """
    Return what an import of *lines* would do; nothing is written.

    Args:
        lines: What a file says.
        language: Of the translations in it.
        replaces_newer: Whether what was edited in the file goes before what was edited
            in the guide since the export.
        may_change: Whether whoever imports may change texts of a model.
    """
    known = {one.identity: one for one in translations(language)}
    changes, skipped = [], []
    unchanged = 0
    for line in _each_once(lines, skipped):
        translation = known.get(line.identity)
        outcome = _outcome(line, translation, may_change, replaces_newer=replaces_newer)
        if isinstance(outcome, Change):
            changes.append(outcome)
        elif outcome:
            skipped.append(Skipped(line=line, reason=outcome))
        else:
            unchanged += 1
    return Plan(
        language=language,
        changes=tuple(changes),
        skipped=tuple(skipped),
        unchanged=unchanged,
    )


@transaction.atomic
def carry_out(
    lines: Iterable[Line],
    language: str,
    *,
    by: AbstractBaseUser | None = None,
    replaces_newer: bool = False,
    may_change: MayChange = lambda model: True,
) -> Plan:
    """
    Write what *lines* change: all of it or, if something fails, nothing.

    Args:
        lines: What a file says.
        language: Of the translations in it.
        by: Who imports, for Django's log; None logs nothing.
        replaces_newer: As in `plan`.
        may_change: Whether whoever imports may change texts of a model.

    Returns:
        What was done, and what was skipped.
    """
    for model in KINDS.values():
        # Holds off who edits the same texts, until these are written.
        list(model._default_manager.order_by().select_for_update().values_list("pk"))
    done = plan(lines, language, replaces_newer=replaces_newer, may_change=may_change)
    by_row: dict[tuple[str, int], list[Change]] = {}
    for change in done.changes:
        by_row.setdefault((change.translation.kind, change.translation.pk), []).append(
            change
        )
    entries = []
    for kind, model in KINDS.items():
        here = {pk: found for (name, pk), found in by_row.items() if name == kind}
        for pk, row in model._default_manager.in_bulk(list(here)).items():
            _write(row, language, here[pk])
            if by is not None:
                entries.append(_log_entry(row, language, here[pk], by))
    LogEntry.objects.bulk_create(entries)
    return done


def confirm(translation: Translation, *, by: AbstractBaseUser) -> None:
    """Note that an outdated translation is right for the source text of now."""
    line = Line(
        identity=translation.identity,
        source=translation.source,
        text=translation.text,
        place="",
        version=version_of(translation.text),
        is_checked=True,
    )
    carry_out([line], translation.language, by=by)


def seen(change: Change) -> Line:
    """Return the line of a change with the version that was shown beside it."""
    return replace(
        change.line, text=change.text, version=version_of(change.translation.text)
    )


def _each_once(lines: Iterable[Line], skipped: list[Skipped]) -> Iterator[Line]:
    """Yield the lines whose text stands once in the file, or always the same."""
    by_identity: dict[str, list[Line]] = {}
    for line in lines:
        by_identity.setdefault(line.identity, []).append(line)
    for identity, same in by_identity.items():
        if identity and len({tidy(line.text) for line in same if line.text}) > 1:
            reason = _("It stands in the file twice, with different translations.")
            skipped += [Skipped(line=line, reason=reason) for line in same]
        elif identity:
            yield next((line for line in same if line.text), same[0])
        else:
            yield from same


def _outcome(
    line: Line,
    translation: Translation | None,
    may_change: MayChange,
    *,
    replaces_newer: bool,
) -> Change | str:
    """Return the change that a line makes, or why it makes none; "" if it asks none."""
    if line.problem:
        return line.problem
    if translation is None:
        return _("The guide has no text of this code.")
    text, now = tidy(line.text), tidy(translation.text)
    if not text:
        if not now:
            return ""
        return _("The file has no translation here. The one in the guide stays.")
    if not tidy(line.source):
        if text == now:
            return ""
        return _(
            "The English text is missing in the file, so nobody can tell what this "
            "translation was made from."
        )
    change = Change(translation=translation, line=line, text=text)
    if text == now:
        is_confirmed = line.is_checked and not change.is_outdated
        if translation.state != State.OUTDATED or not is_confirmed:
            return ""
    elif line.version and line.version == version_of(text):
        # Nobody has touched it since the export, but somebody did in the guide.
        return ""
    elif line.is_unsure:
        return _(
            "It is marked “fuzzy” (needs work). Take the mark away when it is right."
        )
    elif line.version not in {"", version_of(now)} and not replaces_newer:
        return _(
            "Somebody has changed this translation in the guide since the export. "
            "Compare the two, then change it in its form, or import again and choose "
            "to replace newer translations."
        )
    if not may_change(KINDS[translation.kind]):
        return _("You may not change texts of this kind.")
    problems = problems_of(
        line.source,
        line.text,
        is_markdown=translation.is_markdown,
        is_letter=translation.kind == "letter",
        max_length=translation.max_length,
    )
    return " ".join(problems) or change


def _write(row: db.Model, language: str, changes: list[Change]) -> None:
    before = texts_of(row)
    for change in changes:
        setattr(row, column(change.translation.field, language), change.text)
    keep_track(
        row,
        before,
        still_right=[
            (change.translation.field, language)
            for change in changes
            if change.is_confirmation
        ],
    )
    for change in changes:
        if change.is_outdated:
            noted = row.outdated.setdefault(change.translation.field, {})
            noted[language] = tidy(change.line.source)
    columns = [column(change.translation.field, language) for change in changes]
    row.save(update_fields=[*columns, "outdated"])


def _log_entry(
    row: db.Model, language: str, changes: list[Change], by: AbstractBaseUser
) -> LogEntry:
    names = [
        str(
            row._meta.get_field(column(change.translation.field, language)).verbose_name
        )
        for change in changes
    ]
    return LogEntry(
        user_id=by.pk,
        content_type=ContentType.objects.get_for_model(row, for_concrete_model=False),
        object_id=str(row.pk),
        object_repr=str(row)[:200],
        action_flag=CHANGE,
        change_message=json.dumps([{"changed": {"fields": names}}]),
    )
