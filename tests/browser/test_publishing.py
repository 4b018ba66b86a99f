"""An editor publishes and rolls back; a visitor sees it."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

SHOWN_WITHIN_MS = 5_000
PATIENCE_MS = 30_000  # publishing takes a moment on a busy machine
WIDE = {"viewport": {"width": 1280, "height": 900}}
NEW_TITLE = "A page that an editor has named anew"


@pytest.fixture
def desk(open_context: Callable[..., BrowserContext], site_password: str) -> Page:
    """The desk, with the editor signed in."""
    page = open_context(**WIDE).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(site_password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    return page


@contextmanager
def without_sources(database: Path, slug: str) -> Iterator[None]:
    """Take a step's sources away for a while: the audit calls that an error."""
    where = "step_id = (SELECT id FROM guide_step WHERE slug = ?)"
    with closing(sqlite3.connect(database)) as rows:
        columns = "id, step_id, source_id"
        kept = rows.execute(
            f"SELECT {columns} FROM guide_step_sources WHERE {where}",  # noqa: S608
            [slug],
        ).fetchall()
        rows.execute(f"DELETE FROM guide_step_sources WHERE {where}", [slug])  # noqa: S608
        rows.commit()
        yield
        rows.executemany(
            f"INSERT INTO guide_step_sources ({columns}) VALUES (?, ?, ?)",  # noqa: S608
            kept,
        )
        rows.commit()


def expect_title(visitor: Page, *, is_new: bool) -> None:
    """Wait until a visitor reads the new title, or no longer does."""
    title = visitor.get_by_text(NEW_TITLE)
    for _ in range(10):
        visitor.goto("/en/sources/")
        if (title.count() > 0) is is_new:
            return
        visitor.wait_for_timeout(SHOWN_WITHIN_MS / 10)
    raise AssertionError(visitor.url)


def expect_in_force(desk: Page) -> None:
    said = desk.get_by_text("is in force. Visitors see it")
    expect(said).to_be_visible(timeout=PATIENCE_MS)


def test_editor_publishes_is_stopped_by_an_error_and_rolls_back(
    desk: Page, open_context: Callable[..., BrowserContext], site_folder: Path
) -> None:
    problems: list[str] = []
    desk.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    visitor = open_context().new_page()
    database = site_folder / "guide.sqlite3"
    with closing(sqlite3.connect(database)) as rows:
        (source,) = rows.execute(
            "SELECT id FROM guide_source WHERE slug = 'law-s1'"
        ).fetchone()
        (first,) = rows.execute(
            "SELECT id FROM guide_publication ORDER BY number DESC LIMIT 1"
        ).fetchone()

    # Nothing to publish; then something.
    desk.goto("/admin/publish/")
    expect(desk.get_by_text("There is nothing to publish.").first).to_be_visible()
    desk.goto(f"/admin/guide/source/{source}/change/")
    desk.get_by_label("Title", exact=True).fill(NEW_TITLE)
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.goto("/admin/publish/")
    expect(desk.get_by_text("In all: 1 changed.")).to_be_visible()
    expect(desk.locator("ins", has_text=NEW_TITLE)).to_be_visible()

    # An error stops it, and leads to the row.
    with without_sources(database, "port"):
        desk.reload()
        expect(desk.get_by_text("1 error stops the publication.")).to_be_visible()
        expect(desk.get_by_role("button", name="Publish")).to_have_count(0)
        desk.locator(".problem-group a").first.click()
        expect(desk).to_have_url(re.compile(r"/admin/guide/step/\d+/change/"))
    expect_title(visitor, is_new=False)

    # Mended, it is published, with the keyboard alone, and visitors see it.
    desk.goto("/admin/publish/")
    note = desk.get_by_label("What has changed, and why")
    note.focus()
    desk.keyboard.type("The page has another name.")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect_in_force(desk)
    expect(desk.get_by_text("The page has another name.").first).to_be_visible()
    expect_title(visitor, is_new=True)

    # It was a mistake: the one before comes back at once.
    desk.goto(f"/admin/guide/publication/{first}/change/")
    desk.get_by_role("link", name="Publish this one again at once").click()
    desk.get_by_label("What has changed, and why").fill("The name was wrong.")
    desk.get_by_role("button", name="Publish this one again at once").click()
    expect_in_force(desk)
    expect_title(visitor, is_new=False)

    # The draft still has the name, which a publication holds: nothing would be lost.
    desk.goto(f"/admin/guide/publication/{first}/change/")
    desk.get_by_role("link", name="Restore as draft").click()
    expect(desk.get_by_text("Nothing is lost: publication")).to_be_visible()
    expect(desk.get_by_role("checkbox")).to_have_count(0)

    # What no publication holds is lost only with consent.
    desk.goto(f"/admin/guide/source/{source}/change/")
    desk.get_by_label("Title", exact=True).fill("A name that nobody published")
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.goto(f"/admin/guide/publication/{first}/change/")
    desk.get_by_role("link", name="Restore as draft").click()
    desk.get_by_role("button", name="Restore as draft").click()
    expect(desk.get_by_role("alert")).to_contain_text("Tick the box")
    desk.get_by_label("The changes that were never published may be lost").check()
    desk.get_by_role("button", name="Restore as draft").click()
    expect(desk.get_by_text("There is nothing to publish.").first).to_be_visible()
    assert [problem for problem in problems if "409" not in problem] == []
