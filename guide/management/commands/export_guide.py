"""Write a whole guide to a file, for another installation."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guide import models, publishing, transfer


class Command(BaseCommand):
    help = (
        "Writes the publication in force, another one or the draft to a file that "
        "import_guide reads. Without a file it goes to standard output."
    )

    def add_arguments(self, parser: CommandParser | ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="default: -")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--publication", type=int, metavar="N", help="not the last")
        what.add_argument("--draft", action="store_true", help="what is in the desk")

    def handle(
        self,
        *args: object,
        file: str,
        publication: int | None,
        draft: bool,
        **options: object,
    ) -> None:
        content = packed_draft() if draft else packed(publication)
        if file == "-":
            self.stdout.write(content.decode(), ending="")
            return
        try:
            Path(file).write_bytes(content)
        except OSError as error:
            msg = f"{file} cannot be written: {error.strerror}."
            raise CommandError(msg) from error
        self.stdout.write(f"Written to {file}.")


def packed_draft() -> bytes:
    """Return the draft as a file."""
    return transfer.pack_draft(publishing.read_draft())


def packed(number: int | None) -> bytes:
    """Return a publication as a file; None: the one in force."""
    found = models.Publication.objects.all()
    publication = (found.filter(number=number) if number else found).first()
    if publication is None:
        msg = (
            f"There is no publication {number}."
            if number
            else "Nothing has been published yet; --draft exports the draft."
        )
        raise CommandError(msg)
    try:
        return transfer.pack_publication(publication)
    except publishing.UnreadableDocumentError as error:
        msg = f"Publication {publication} cannot be read. {error}"
        raise CommandError(msg) from error
