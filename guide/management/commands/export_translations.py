"""Write a translators' file without the desk."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from guide.exchange.exporting import export
from guide.exchange.files import FORMATS, FileRefusedError
from guide.translations import TARGET_LANGUAGES


class Command(BaseCommand):
    help = (
        "Writes the texts of the draft that are to be translated, with what is there "
        "already, to a file. Its ending decides: .po or .xlsx."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("language", choices=TARGET_LANGUAGES)
        parser.add_argument("file", type=Path, help="ends with .po or .xlsx")
        parser.add_argument(
            "--all",
            action="store_true",
            help="everything; without it, only what is missing or outdated",
        )

    def handle(
        self, *args: object, language: str, file: Path, **options: object
    ) -> None:
        file_format = file.suffix.lower().removeprefix(".")
        if file_format not in FORMATS:
            msg = f"“{file}” must end with .po or .xlsx."
            raise CommandError(msg)
        scope = "everything" if options["all"] else "to-do"
        try:
            found = export(
                language, file_format, scope=scope, exported_at=timezone.localtime()
            )
            file.write_bytes(found.data)
        except (FileRefusedError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file}: {found.count} texts, {language}.")
