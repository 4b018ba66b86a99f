"""Put the draft in force."""

from argparse import ArgumentParser
from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from guide.flow.audit import Problem, is_partial
from guide.publishing import (
    AuditFailedError,
    BusyError,
    ChangedMeanwhileError,
    SecondPersonNeededError,
    publish,
)

PARTIAL = (
    "This list is not complete: codes or conditions are wrong, so other checks wait "
    "until these are mended."
)
ALONE_HELP = "publish alone although PUBLISH_NEEDS_SECOND_PERSON is set"


class Command(BaseCommand):
    help = "Audits the draft and, if it has no errors, publishes it to visitors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--note", default="", help="what changed, in a sentence")
        parser.add_argument(
            "--warnings", action="store_true", help="list every warning, not a count"
        )
        parser.add_argument(
            "--without-second-person", action="store_true", help=ALONE_HELP
        )

    def handle(
        self,
        *args: object,
        note: str,
        warnings: bool,
        without_second_person: bool,
        **options: object,
    ) -> None:
        try:
            publication, problems = publish(note=note, alone=without_second_person)
        except (
            AuditFailedError,
            BusyError,
            ChangedMeanwhileError,
            SecondPersonNeededError,
        ) as failure:
            before = "Nothing was published; visitors still read the last publication."
            raise refused(failure, before) from failure
        self.stdout.write(f"Publication {publication} is in force.")
        if warnings:
            for problem in problems:
                self.stdout.write(f"  {in_words(problem)}")
        elif problems:
            counts = Counter(problem.code for problem in problems)
            summary = ", ".join(f"{code}: {n}" for code, n in sorted(counts.items()))
            self.stdout.write(f"Warnings ({summary}); --warnings lists them.")


def refused(failure: Exception, before: str) -> CommandError:
    """Return why nothing was published and what to do next."""
    match failure:
        case AuditFailedError():
            listed = "\n".join(f"  {in_words(p)}" for p in failure.problems)
            why = f"Mend these in the editors' desk, then publish again:\n{listed}"
            if is_partial(failure.problems):
                why += f"\n{PARTIAL}"
        case SecondPersonNeededError():
            why = (
                "PUBLISH_NEEDS_SECOND_PERSON is set: one person asks in the desk, and "
                "another one publishes there. In an emergency repeat the command with "
                "--without-second-person; the publication then names nobody."
            )
        case ChangedMeanwhileError():
            why = "Somebody changed the draft or published at this moment. Try again."
        case _:
            why = "Somebody else is writing just now. Try again in a few seconds."
    return CommandError(f"{before} {why}")


def in_words(problem: Problem) -> str:
    """Return one line about a problem."""
    return f"{problem.code} {problem.kind} “{problem.slug}”: {problem.message}"
