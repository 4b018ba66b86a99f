"""Bring a translators' file back without the desk."""

from argparse import ArgumentParser
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from guide.exchange.files import FileRefusedError
from guide.exchange.importing import carry_out, plan, read_file
from guide.translations import TARGET_LANGUAGES


class Command(BaseCommand):
    help = (
        "Writes the translations of a PO file or spreadsheet to the draft, and says "
        "what it skipped and why. An empty translation deletes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would change"
        )
        parser.add_argument(
            "--language",
            choices=TARGET_LANGUAGES,
            help="needed only if the file does not say it",
        )
        parser.add_argument(
            "--replace-newer",
            action="store_true",
            help="also replace translations changed in the guide since the export, "
            "as when the same file is imported again after more work on it",
        )
        parser.add_argument(
            "--user", help="who imports, for the log of the desk; nobody: no log"
        )

    def handle(self, *args: object, file: Path, **options: object) -> None:
        by = _user(options["user"])
        try:
            content = read_file(file.read_bytes())
        except (FileRefusedError, OSError) as error:
            raise CommandError(str(error)) from error
        language = content.language or options["language"]
        if language is None:
            msg = "The file does not say its language: add --language."
            raise CommandError(msg)
        if options["language"] not in {None, language}:
            msg = f"The file is for {language}, not for {options['language']}."
            raise CommandError(msg)
        replaces_newer = options["replace_newer"]
        if options["dry_run"]:
            done = plan(content.lines, language, replaces_newer=replaces_newer)
        else:
            done = carry_out(
                content.lines, language, by=by, replaces_newer=replaces_newer
            )
        if options["verbosity"] > 1:
            for change in done.changes:
                self.stdout.write(f"  changed {change.translation.identity}")
        for skipped in done.skipped:
            line = skipped.line
            self.stdout.write(
                f"  skipped {line.place}, {line.identity}: {skipped.reason}"
            )
        verb = "would change" if options["dry_run"] else "changed"
        self.stdout.write(
            f"{language}: {verb} {len(done.changes)}, skipped {len(done.skipped)}, "
            f"unchanged {done.unchanged}."
        )


def _user(name: str | None) -> object:
    if name is None:
        return None
    users = get_user_model()
    try:
        return users.objects.get_by_natural_key(name)
    except users.DoesNotExist as error:
        msg = f"There is no user “{name}”."
        raise CommandError(msg) from error
