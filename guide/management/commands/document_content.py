"""Write the state of each operator's content into docs/content.md."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from guide.compiling import compile_draft
from guide.content_state import NoPlaceError, with_state

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "content.md"


class Command(BaseCommand):
    help = (
        "Writes the table at the end of docs/content.md anew: for each operator how "
        "much of the draft is official, from third parties, undated or not known."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to",
            metavar="FILE",
            type=Path,
            default=DOCUMENT,
            help="default: docs/content.md of the program",
        )

    def handle(self, *args: object, to: Path, **options: object) -> None:
        try:
            old = to.read_text(encoding="utf-8")
            new = with_state(old, compile_draft())
            to.write_text(new, encoding="utf-8")
        except OSError as error:
            msg = f"{to} cannot be read and written: {error.strerror}."
            raise CommandError(msg) from error
        except NoPlaceError as error:
            msg = f"{to} was left as it was. {error}"
            raise CommandError(msg) from error
        self.stdout.write(
            f"{to}: {'unchanged' if new == old else 'brought up to date'}."
        )
