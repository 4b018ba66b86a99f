"""The table of docs/content.md."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from guide import models
from guide.compiling import compile_draft
from guide.content_state import BEGIN, END, state_table
from guide.management.commands.document_content import DOCUMENT

pytestmark = pytest.mark.django_db


def line_of(operator: str) -> list[str]:
    table = state_table(compile_draft())
    line = next(one for one in table.splitlines() if one.startswith(f"| {operator} "))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_document_is_up_to_date() -> None:
    """Run manage.py document_content when it is not."""
    assert state_table(compile_draft()) in DOCUMENT.read_text(encoding="utf-8")


def test_the_table_has_a_line_an_operator() -> None:
    table = state_table(compile_draft())

    assert len(table.splitlines()) == 2 + models.Operator.objects.count()


def test_entries_are_counted_by_who_says_so() -> None:
    name, _status, official, third_party, undated, _unknown = line_of("BASE")
    assert name == "BASE"
    fact = models.OperatorFact.objects.filter(
        operator__slug="base", sources__confidence="official", checked_on=None
    ).first()
    rumour = models.Source.objects.create(
        slug="rumour", title="Rumour", publisher="A forum", confidence="third-party"
    )

    fact.sources.set([rumour])
    fact.checked_on = "2026-01-01"
    fact.save()

    _, _, *after = line_of("BASE")
    assert after[:3] == [
        str(int(official) - 1),
        str(int(third_party) + 1),
        str(int(undated) - 1),
    ]


def test_what_visitors_miss_is_named() -> None:
    models.OperatorFact.objects.filter(operator__slug="base", topic="notice").delete()

    assert "Notice period" in line_of("BASE")[-1]


def test_only_the_table_is_written(tmp_path: Path) -> None:
    path = tmp_path / "content.md"
    path.write_text(f"Before.\n\n{BEGIN}\n\nold\n\n{END}\n\nAfter.\n", encoding="utf-8")
    told = io.StringIO()

    call_command("document_content", to=path, stdout=told)

    text = path.read_text(encoding="utf-8")
    assert "brought up to date" in told.getvalue()
    assert text.startswith("Before.\n")
    assert text.endswith("After.\n")
    assert "| Proximus |" in text
    assert "\nold\n" not in text


def test_a_document_without_marks_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "content.md"
    path.write_text(f"{END}\n{BEGIN}\n", encoding="utf-8")

    with pytest.raises(CommandError, match="was left as it was"):
        call_command("document_content", to=path)

    assert path.read_text(encoding="utf-8") == f"{END}\n{BEGIN}\n"


def test_a_document_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read and written"):
        call_command("document_content", to=tmp_path / "none.md")
