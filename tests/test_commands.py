"""What hosts run."""

import io
import re
from pathlib import Path

import polib
import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from guide import models

pytestmark = pytest.mark.django_db


def run(name: str, *args: str) -> str:
    out = io.StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


def test_publish_puts_the_draft_in_force() -> None:
    out = run("publish", "--note", "Corrected a number.")

    publication = models.Publication.objects.first()
    assert f"Publication {publication.number} is in force." in out
    assert publication.note == "Corrected a number."


def test_publish_counts_warnings_and_lists_them_on_request() -> None:
    counted = run("publish")
    listed = run("publish", "--warnings")

    assert re.search(r"Warnings \(W401: \d+", counted)
    assert "W401 operator “" in listed


def test_publish_refuses_a_draft_with_errors_and_lists_them() -> None:
    models.Step.objects.get(slug="port").sources.clear()
    closed = models.Operator.objects.get(slug="ortel-mobile")
    models.Step.objects.get(slug="closed-brand").except_operators.add(closed)
    before = models.Publication.objects.count()

    with pytest.raises(CommandError) as failure:
        run("publish")

    assert "visitors still read the last publication" in str(failure.value)
    assert "E401 step “port”" in str(failure.value)
    assert "E301 guide “checklist”" in str(failure.value)
    assert models.Publication.objects.count() == before


def test_publish_says_when_other_checks_have_to_wait() -> None:
    models.Step.objects.get(slug="port").sources.clear()
    with pytest.raises(CommandError) as complete:
        run("publish")
    first, last = models.Step.objects.get(slug="port"), models.Step.objects.last()
    first.requires.add(last)
    last.requires.add(first)
    with pytest.raises(CommandError) as partial:
        run("publish")

    assert "This list is not complete" not in str(complete.value)
    assert "E106 step “port”" in str(partial.value)
    assert "E401 step “port”" in str(partial.value)
    assert "This list is not complete" in str(partial.value)


def test_bootstrap_leaves_a_filled_installation_alone() -> None:
    models.Operator.objects.filter(slug="base").update(name="Edited")
    before = models.Publication.objects.count()

    out = run("bootstrap")

    assert out == ""
    assert models.Operator.objects.get(slug="base").name == "Edited"
    assert models.Publication.objects.count() == before


def test_bootstrap_makes_a_login_only_when_there_is_none() -> None:
    get_user_model().objects.all().delete()

    first = run("bootstrap")
    second = run("bootstrap")

    password = re.search(r"password “([^”]+)”", first)[1]
    assert get_user_model().objects.get(username="editor").check_password(password)
    assert "password" not in second


def test_compile_catalogues_makes_what_django_reads(
    tmp_path: Path, settings: object
) -> None:
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="Start", msgstr="Beginnen"))
    catalogue.save(str(folder / "django.po"))
    settings.LOCALE_PATHS = [tmp_path]

    run("compile_catalogues")

    compiled = polib.mofile(str(folder / "django.mo"))
    assert [(entry.msgid, entry.msgstr) for entry in compiled] == [
        ("Start", "Beginnen")
    ]
