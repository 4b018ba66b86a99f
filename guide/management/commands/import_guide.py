"""Make the guide in a file the draft."""

from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from guide import models, publishing, transfer
from guide.compiling import compile_draft
from guide.flow.audit import audit
from guide.flow.differences import Change, Difference, compare_rows
from guide.management.commands.publish import ALONE_HELP, in_words, refused
from guide.publishing import Document
from guide.rows import ROW_MODELS, RowsError, dump_rows

MOST_FAULTS = 10


class Command(BaseCommand):
    help = (
        "Makes the guide in a file that export_guide has written the draft, all of it "
        "or nothing, and says what changes. Visitors notice nothing without --publish."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="even if changes that were never published are lost",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would change"
        )
        parser.add_argument(
            "--publish", action="store_true", help="put it in force at once"
        )
        parser.add_argument("--note", default="", help="for --publish: what changes")
        parser.add_argument(
            "--without-second-person", action="store_true", help=ALONE_HELP
        )

    def handle(
        self,
        *args: object,
        file: str,
        replace: bool,
        dry_run: bool,
        publish: bool,
        note: str,
        without_second_person: bool,
        **options: object,
    ) -> None:
        if publish and not note:
            msg = "--publish needs --note: what changes, in a sentence."
            raise CommandError(msg)
        parcel, document = read_file(file)
        what = f"publication {parcel.number}" if parcel.number else "a draft"
        made = parcel.made_at.date()
        self.stdout.write(f"{file} holds {what}, exported on {made}.")
        publication = None
        try:
            with transaction.atomic():
                lost = unpublished()
                difference = take_over(document)
                self._say(difference)
                if lost and difference and not (replace or dry_run):
                    msg = (
                        "Nothing was changed: the draft has changes that were never "
                        f"published ({counted(lost)}), and they would be lost. Export "
                        "them with export_guide --draft, or repeat with --replace."
                    )
                    raise CommandError(msg)
                if publish and not dry_run:
                    publication, _problems = publishing.publish(
                        note=note, alone=without_second_person
                    )
                if dry_run:
                    transaction.set_rollback(True)
        except publishing.AuditFailedError as failure:
            raise refused(failure, "Nothing was changed.") from failure
        except publishing.SecondPersonNeededError as failure:
            raise refused(failure, "Nothing was changed.") from failure
        if dry_run:
            self.stdout.write("Nothing was changed: this was a dry run.")
        elif publication:
            self.stdout.write(f"Publication {publication} is in force.")
        else:
            self.stdout.write("It is the draft now; visitors notice nothing yet.")
            self._warn()

    def _say(self, difference: Difference) -> None:
        if not difference:
            self.stdout.write("The draft is the same already.")
        for model in ROW_MODELS:
            rows = [
                row for row in difference.rows if row.model == model._meta.label_lower
            ]
            if rows:
                said = counted(Difference(tuple(rows), ()))
                self.stdout.write(f"  {model._meta.verbose_name_plural}: {said}")
        if difference.moves:
            self.stdout.write(f"  in another place: {len(difference.moves)}")

    def _warn(self) -> None:
        """Say which errors stand between the draft and a publication."""
        problems = audit(compile_draft(), publishing.today())
        errors = [problem for problem in problems if problem.is_error]
        if errors:
            self.stdout.write("These errors stop a publication:")
        for problem in errors:
            self.stdout.write(f"  {in_words(problem)}")


def read_file(file: str) -> tuple[transfer.Parcel, Document]:
    """Return what a file holds, or say why it cannot be taken over."""
    try:
        return transfer.unpack(Path(file).read_bytes())
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}."
        raise CommandError(msg) from error
    except publishing.UnreadableDocumentError as error:
        msg = f"Nothing was changed. {error}"
        raise CommandError(msg) from error


def unpublished() -> Difference:
    """Return what the draft holds that is in no publication."""
    rows = dump_rows()
    if not models.Publication.objects.exists():
        return compare_rows({}, rows)
    if publishing.held_by(rows):
        return Difference((), ())
    newest = models.Publication.objects.first()
    try:
        return compare_rows(publishing.document_of(newest).read_rows(), rows)
    except publishing.UnreadableDocumentError:
        return compare_rows({}, rows)


def take_over(document: Document) -> Difference:
    """Make a document the draft and prove that it is, word for word."""
    wanted = document.read_rows()
    try:
        difference = publishing.replace_draft(
            wanted, before=dump_rows(), by=None, why=""
        )
    except RowsError as error:
        msg = f"Nothing was changed: the content does not fit this program. {error}"
        raise CommandError(msg) from error
    faults = transfer.faults_of_draft()
    if faults:
        listed = "\n".join(f"  {fault}" for fault in faults[:MOST_FAULTS])
        more = f"\n  and {len(faults) - MOST_FAULTS} more" * (len(faults) > MOST_FAULTS)
        msg = f"Nothing was changed: the desk would refuse these.\n{listed}{more}"
        raise CommandError(msg)
    left = compare_rows(wanted, dump_rows())
    if left:
        msg = (
            "Nothing was changed: not all of the content would be taken over "
            f"({counted(left)}). The file was made by another version of the program."
        )
        raise CommandError(msg)
    compile_draft()
    return difference


def counted(difference: Difference) -> str:
    """Return how much differs, such as “3 changed, 1 added”."""
    counts = Counter(row.change for row in difference.rows)
    parts = [
        f"{counts[change]} {change}"
        for change in (Change.ADDED, Change.REMOVED, Change.CHANGED)
        if counts[change]
    ]
    if difference.moves:
        parts.append(f"{len(difference.moves)} moved")
    return ", ".join(parts) or "no difference"
