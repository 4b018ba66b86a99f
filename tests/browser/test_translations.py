"""A translator at work: out as a file, back as a file, all of it seen before."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import polib
import pytest
from playwright.sync_api import BrowserContext, Page, expect

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a-password-of-a-test"
CODE = "translated-in-a-test"
IDENTITY = f"faq-entry/{CODE}/question"
ENGLISH = "May I translate this?"
DUTCH = "Mag ik dit vertalen?"

MAKE = f"""
from django.contrib.auth.models import Group, User
from guide.models import FaqEntry
user = User.objects.create_user("translator", password="{PASSWORD}", is_staff=True)
user.groups.add(Group.objects.get(name="Translators"))
FaqEntry.objects.create(slug="{CODE}", question_en="{ENGLISH}", position=9999)
"""
REMOVE = f"""
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from guide.models import FaqEntry
LogEntry.objects.filter(user__username="translator").delete()
User.objects.filter(username="translator").delete()
FaqEntry.objects.filter(slug="{CODE}").delete()
"""


@pytest.fixture
def own_rows(site: str, site_folder: Path) -> Iterator[None]:
    """A translator, and a text that no other test looks at."""

    def run(code: str) -> None:
        environment = os.environ | {
            "DATABASE_URL": f"sqlite://{site_folder / 'guide.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "only-for-tests-0123456789abcdefghijklmnopqrstuvwxyz",
            "HTTPS": "0",
        }
        subprocess.run(
            [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", code],
            cwd=ROOT,
            env=environment,
            check=True,
        )

    run(MAKE)
    yield
    run(REMOVE)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
@pytest.mark.usefixtures("own_rows")
def test_translator_exports_edits_and_imports(
    open_context: Callable[..., BrowserContext], tmp_path: Path, *, javascript: bool
) -> None:
    context = open_context(
        viewport={"width": 1280, "height": 900}, java_script_enabled=javascript
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.goto("/admin/")
    page.get_by_label("Username").fill("translator")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()

    page.goto("/admin/translations/")
    page.get_by_role("link", name="Dutch").click()
    path = translated(download(page), tmp_path / "dutch.po")
    page.get_by_label("Translated file").set_input_files(path)
    page.get_by_role("button", name="Show what changes").click()

    expect(page.get_by_role("heading", name="What the file changes")).to_be_visible()
    expect(page.locator("ins").get_by_text(DUTCH)).to_be_visible()
    expect(page.get_by_text("Dutch: 1 translation changes.")).to_be_visible()
    page.get_by_role("button", name="Save 1 translation").click()

    expect(page.get_by_text("1 translation is saved.")).to_be_visible()
    page.get_by_label("State").select_option("Done")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_label("Kind of text").select_option("faq-entry")
    page.get_by_role("button", name="Show", exact=True).click()
    # It is the last of a long list.
    page.get_by_role("link", name="Next page").click()
    entry = page.get_by_role("listitem").filter(has_text=DUTCH)
    expect(entry.get_by_text("done")).to_be_visible()
    expect(entry.get_by_role("link", name=ENGLISH)).to_be_visible()
    assert problems == []


def download(page: Page) -> str:
    """Export what is to do as PO; return the file."""
    page.get_by_label("File", exact=True).select_option("po")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download").click()
    assert started.value.suggested_filename.startswith("sim-exit-nl-to-do-")
    return started.value.path().read_text(encoding="utf-8")


def translated(exported: str, path: Path) -> Path:
    """Fill in one text, as a translator's program would, and save the file."""
    catalogue = polib.pofile(exported)
    (entry,) = (one for one in catalogue if one.msgctxt == IDENTITY)
    assert entry.msgid == ENGLISH
    assert "FAQ entry" in entry.comment
    entry.msgstr = DUTCH
    catalogue.save(str(path))
    return path
