"""Ask whether the addresses in the draft still work."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from guide import models
from guide.agenda import put_together
from guide.links import (
    TIMEOUT_SECONDS,
    Summary,
    check,
    outcome_in_words,
    uses_in,
)

# Exit codes. With the second one, nothing is known about any link.
BROKEN, OFFLINE = 1, 2
ADDRESSES_A_LINE = 25  # between two lines that tell how far it is


class Command(BaseCommand):
    help = (
        "Asks for every web address in the draft. A link counts as broken after two "
        f"failures in a row. Ends with {BROKEN} when links are broken, and with "
        f"{OFFLINE} when no site answered at all."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--timeout",
            type=float,
            default=TIMEOUT_SECONDS,
            help="seconds that a site has to answer (default: %(default)s)",
        )
        parser.add_argument(
            "--older-than",
            type=int,
            default=0,
            metavar="DAYS",
            help="only addresses not asked for within so many days",
        )
        parser.add_argument(
            "--limit", type=int, help="at most so many, the longest unasked ones first"
        )

    def handle(
        self,
        *args: object,
        timeout: float,
        older_than: int,
        limit: int | None,
        verbosity: int,
        **options: object,
    ) -> None:
        guide = put_together()
        if guide is None:
            msg = (
                "The draft cannot be put together. The editors' desk says which field "
                "is wrong."
            )
            raise CommandError(msg, returncode=OFFLINE)
        uses = uses_in(guide)
        summary = check(
            uses,
            timeout=timeout,
            older_than_days=older_than,
            limit=limit,
            tell_progress=self._tell if verbosity else lambda done, total: None,
        )
        if summary.is_offline:
            self.stderr.write(
                "No site answered, so nothing was stored. Is this machine connected? "
                "When it is, start the check again."
            )
            sys.exit(OFFLINE)
        if verbosity:
            self.stdout.write(in_words(summary, addresses=len(uses)))
        broken = list(models.LinkCheck.objects.broken())
        for row in broken:
            users = ", ".join(
                f"{use.kind} “{use.slug}”" for use in uses.get(row.url, ())
            )
            self.stdout.write(f"{row.url}\n  {outcome_in_words(row)} Used by: {users}")
        if broken:
            sys.exit(BROKEN)

    def _tell(self, done: int, total: int) -> None:
        # A short run ends before anybody wonders.
        if total > ADDRESSES_A_LINE and done % ADDRESSES_A_LINE == 0 and done < total:
            self.stdout.write(f"{done} of {total} addresses asked for …")
            self.stdout.flush()


def in_words(summary: Summary, *, addresses: int) -> str:
    """Return what a run has done, in one line."""
    parts = [
        f"Asked for {summary.asked} of {addresses} addresses",
        f"{summary.working} work",
        f"{summary.failed} failed",
        f"{summary.unknown} refused to say",
        f"{summary.moved} have moved for good",
        f"{summary.forgotten} are no longer used",
    ]
    return "; ".join(parts) + "."
