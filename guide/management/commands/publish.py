"""Put the draft in force."""

from argparse import ArgumentParser
from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from guide.flow.audit import Problem
from guide.publishing import AuditFailedError, publish


class Command(BaseCommand):
    help = "Audits the draft and, if it has no errors, publishes it to visitors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--note", default="", help="what changed, in a sentence")
        parser.add_argument(
            "--warnings", action="store_true", help="list every warning, not a count"
        )

    def handle(
        self, *args: object, note: str, warnings: bool, **options: object
    ) -> None:
        try:
            publication, problems = publish(note=note)
        except AuditFailedError as failure:
            listed = "\n".join(f"  {in_words(p)}" for p in failure.problems)
            msg = (
                "Nothing was published; visitors still read the last publication. "
                f"Mend these in the editors' desk, then publish again:\n{listed}"
            )
            raise CommandError(msg) from failure
        self.stdout.write(f"Publication {publication} is in force.")
        if warnings:
            for problem in problems:
                self.stdout.write(f"  {in_words(problem)}")
        elif problems:
            counts = Counter(problem.code for problem in problems)
            summary = ", ".join(f"{code}: {n}" for code, n in sorted(counts.items()))
            self.stdout.write(f"Warnings ({summary}); --warnings lists them.")


def in_words(problem: Problem) -> str:
    """Return one line about a problem."""
    return f"{problem.code} {problem.kind} “{problem.slug}”: {problem.message}"
