"""The editors' desk in a real browser."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect


def test_editor_signs_in_and_opens_a_step(
    open_context: Callable[..., BrowserContext], site_password: str
) -> None:
    page = open_context(viewport={"width": 1280, "height": 900}).new_page()
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)

    page.goto("/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(site_password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="The desk", exact=True)).to_be_visible()
    page.goto("/admin/guide/step/")
    page.locator("#result_list tbody th a").first.click()

    expect(page).to_have_url(re.compile(r"/admin/guide/step/\d+/change/"))
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    assert problems == []
