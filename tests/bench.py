"""How long things take, as ratios within one run: make bench."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django
from django.core.management import call_command

django.setup()

from guide.compiling import compile_draft  # noqa: E402
from guide.documents.as_calendar import to_calendar  # noqa: E402
from guide.documents.as_page import to_page  # noqa: E402
from guide.documents.pdf import to_pdf  # noqa: E402
from guide.flow import content  # noqa: E402
from guide.flow.answers import parse  # noqa: E402
from guide.flow.audit import audit  # noqa: E402
from guide.flow.content import Guide  # noqa: E402
from guide.flow.engine import checklist, resolve  # noqa: E402
from tests.outlines import LONG, outline_of  # noqa: E402

TODAY = date(2026, 11, 22)
CASE = (
    "goal=stop&line=subscription&operator=proximus&card=esim&phone=iphone"
    "&situation=none&linked=bank&place=leaving&end=2027-01-15"
)


@dataclass
class Measured:
    name: str
    seconds: float


def measure(
    name: str, work: Callable[[], object], *, at_least: float = 0.5
) -> Measured:
    """Return the best of repeated runs; the best is the least disturbed."""
    best = float("inf")
    until = time.perf_counter() + at_least
    while time.perf_counter() < until or best == float("inf"):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return Measured(name, best)


def enlarged(guide: Guide, times: int) -> Guide:
    """Return a guide with so many times the operators and steps."""
    operators, questions = list(guide.operators), []
    for number in range(1, times):
        operators += [
            msgspec.structs.replace(
                operator,
                slug=f"{operator.slug}-copy-{number}",
                channels=tuple(renamed(c, number) for c in operator.channels),
                facts=tuple(renamed(f, number) for f in operator.facts),
            )
            for operator in guide.operators
        ]
    # Copies stand beside their step, or they would break the order of steps.
    steps = [
        msgspec.structs.replace(
            renamed(step, number),
            requires=tuple(f"{slug}-copy-{number}" for slug in step.requires),
        )
        if number
        else step
        for step in guide.steps
        for number in range(times)
    ]
    for question in guide.questions:
        if question.slug == "operator":
            known = {operator.slug for operator in guide.operators}
            more = tuple(
                renamed(choice, number)
                for number in range(1, times)
                for choice in question.choices
                if choice.slug in known
            )
            question = msgspec.structs.replace(
                question, choices=question.choices + more
            )
        questions.append(question)
    return msgspec.structs.replace(
        guide,
        operators=tuple(operators),
        steps=tuple(steps),
        questions=tuple(questions),
    )


def renamed(row: msgspec.Struct, number: int) -> msgspec.Struct:
    return msgspec.structs.replace(row, slug=f"{row.slug}-copy-{number}")


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("bootstrap", verbosity=0)
    guide = compile_draft()
    ten = enlarged(guide, 10)
    assert not any(p.is_error for p in audit(ten, TODAY)), "The audit stops early."
    position = resolve(guide, parse(CASE), TODAY)
    document = content.encode(guide)
    long = outline_of(guide, LONG, language="zh-hans")
    results = [
        measure("resolve one address", lambda: resolve(guide, parse(CASE), TODAY)),
        measure("make one checklist", lambda: checklist(guide, position, TODAY)),
        measure("read the document", lambda: content.decode(document)),
        measure("outline a long checklist", lambda: outline_of(guide, LONG)),
        measure("put it on paper (PDF)", lambda: to_pdf(long)),
        measure("put it into one file", lambda: to_page(long)),
        measure("put it into a calendar", lambda: to_calendar(long)),
        measure("compile the rows", compile_draft),
        measure("audit", lambda: audit(guide, TODAY)),
        measure("audit of 10 x the content", lambda: audit(ten, TODAY)),
    ]
    unit = results[0].seconds
    print(f"{'':28}{'ratio':>12}{'seconds here':>16}")
    for result in results:
        ratio = result.seconds / unit
        print(f"{result.name:28}{ratio:12.1f}{result.seconds:16.6f}")


if __name__ == "__main__":
    main()
