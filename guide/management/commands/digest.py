"""Tell editors and publishers by e-mail what waits for them."""

from argparse import ArgumentParser
from smtplib import SMTPException

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from guide import digest
from guide.publishing import today


class Command(BaseCommand):
    help = (
        "Sends an e-mail to active editors and publishers, with only what they can act "
        "on. Who has nothing to do gets none."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="print the e-mails, send none"
        )
        parser.add_argument(
            "--language",
            default=settings.LANGUAGE_CODE,
            choices=[code for code, _ in settings.LANGUAGES],
            help="the language of the e-mails (default: %(default)s)",
        )
        parser.add_argument(
            "--since-days",
            type=int,
            default=digest.SINCE_DAYS,
            metavar="DAYS",
            help=(
                "what became overdue within so many days is new: the days between two "
                "digests (default: %(default)s)"
            ),
        )

    def handle(
        self,
        *args: object,
        dry_run: bool,
        language: str,
        since_days: int,
        verbosity: int,
        **options: object,
    ) -> None:
        messages = digest.messages(today(), language=language, since_days=since_days)
        if dry_run:
            for message in messages:
                self.stdout.write(
                    f"To: {', '.join(message.to)}\nSubject: {message.subject}\n\n"
                    f"{message.body}"
                )
            if not messages:
                self.stdout.write("Nobody has anything to do: no e-mail.")
            return
        failed = []
        for message in messages:
            try:
                message.send()
            except (SMTPException, OSError) as failure:
                # The others still get theirs.
                failed.append(f"{', '.join(message.to)}: {failure}")
        if failed:
            listed = "\n".join(f"  {line}" for line in failed)
            msg = f"These e-mails were not sent; look at EMAIL_URL:\n{listed}"
            raise CommandError(msg)
        if verbosity:
            self.stdout.write(f"E-mails sent: {len(messages)}.")
