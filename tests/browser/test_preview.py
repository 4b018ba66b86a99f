"""The preview of the draft in a real browser."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.visitor import (
    CHECKLIST,
    address_of,
    give_answer,
    heading,
    title_of,
)
from tests.cases import CASES

DESK = {"viewport": {"width": 1280, "height": 900}}
CASE = CASES["base"]


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """
    Wait longer than for a visitor's page.

    Each page compiles the draft, and an answer takes two: the form and its redirect.
    """
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def desk(
    request: pytest.FixtureRequest,
    open_context: Callable[..., BrowserContext],
    site_password: str,
) -> Page:
    """An editor who has signed in; a test may ask for one without JavaScript."""
    is_scripted = getattr(request, "param", True)
    page = open_context(**DESK, java_script_enabled=is_scripted).new_page()
    page.goto("/admin/preview/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(site_password)
    page.get_by_role("button", name="Log in").click()
    expect(heading_of_desk(page)).to_be_visible()
    return page


@pytest.fixture
def problems(desk: Page) -> Iterator[list[str]]:
    """What the browser's console complains about; nothing, in the end."""
    found: list[str] = []
    desk.on("console", lambda m: found.append(m.text) if m.type == "error" else None)
    yield found
    assert found == []


def heading_of_desk(page: Page) -> object:
    return page.get_by_role("heading", name="Preview of the draft")


def banner(page: Page) -> object:
    return page.get_by_role("complementary", name="Draft")


def open_draft(page: Page, **fields: str) -> None:
    """Fill in the desk's form and look at the draft."""
    page.goto("/admin/preview/")
    form = page.get_by_role("region", name="Look at the draft")
    for label, value in fields.items():
        form.get_by_label(label.replace("_", " ")).fill(value)
    form.get_by_role("button", name="Show the draft").click()
    expect(page).to_have_title(re.compile(r"^Draft: "))


def rename(page: Page, title: str) -> str:
    """Give the first step another title; return the old one."""
    page.goto("/admin/guide/step/?q=cancel-line")
    page.locator("#result_list tbody th a").first.click()
    field = page.locator("[name=title_en]")
    old = field.input_value()
    field.fill(title)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    return old


def test_editor_sees_a_change_in_the_preview_and_visitors_do_not(
    desk: Page, problems: list[str], site: str
) -> None:
    proximus = address_of(CASES["proximus"], "checklist")
    old = rename(desk, "Say goodbye to {operator} today")
    try:
        open_draft(desk, Link_to_a_page=site + proximus)
        draft = desk.get_by_role("heading", name="Say goodbye to Proximus today")
        expect(draft).to_be_visible()

        desk.get_by_role("link", name="Leave the draft").click()

        expect(desk).to_have_url(re.compile(r"^http://[^/]+/en/checklist/\?"))
        expect(heading(desk)).to_be_visible()
        expect(draft).to_have_count(0)
        expect(banner(desk)).to_have_count(0)
    finally:
        rename(desk, old)


@pytest.mark.parametrize(
    "desk", [True, False], ids=["javascript", "no-javascript"], indirect=True
)
def test_editor_walks_the_questionnaire_within_the_preview(
    desk: Page, problems: list[str]
) -> None:
    open_draft(desk)
    desk.locator(".actions").get_by_role("link").click()

    for question, codes in CASE.items():
        give_answer(desk, question, codes)
        expect(desk).to_have_title(re.compile(r"^Draft: "))
        expect(banner(desk)).to_have_count(1)

    expect(desk).to_have_url(re.compile(r"/admin/preview/today/en/checklist/\?"))
    expect(heading(desk)).to_have_text("End your line with BASE")
    desk.get_by_role("link", name="Nederlands").click()
    expect(desk).to_have_url(re.compile(r"/admin/preview/today/nl/checklist/\?"))
    desk.go_back()
    desk.go_back()
    expect(heading(desk)).to_have_text(title_of("end"))
    # With a script it is left at the address that holds its answer.
    expect(desk).to_have_url(re.compile(r"/admin/preview/today/en/guide/(end/)?\?"))


def test_editor_changes_the_day_and_stays_on_the_page(
    desk: Page, problems: list[str], site: str
) -> None:
    open_draft(desk)
    desk.locator(".actions").get_by_role("link").click()
    give_answer(desk, "goal", CASE["goal"])
    expect(heading(desk)).to_have_text(title_of("line"))

    banner(desk).get_by_label("Show it as of").fill("2028-05-01")
    banner(desk).get_by_role("button", name="Show").click()

    expect(heading(desk)).to_have_text(title_of("line"))
    expect(desk).to_have_url(f"{site}/admin/preview/2028-05-01/en/guide/?goal=stop")
    expect(banner(desk)).to_contain_text("1 May 2028")
    desk.get_by_role("link", name="Operators", exact=True).click()
    desk.get_by_role("link", name="BASE", exact=True).click()
    expect(desk.get_by_text("Overdue").first).to_be_visible()


def test_editor_reads_why_a_step_is_there_and_goes_to_its_form(
    desk: Page, problems: list[str], site: str
) -> None:
    open_draft(desk, Link_to_a_page=site + address_of(CASE, "checklist"))

    step = desk.locator("li.step:visible").first
    step.get_by_text("Why this step?").click()
    expect(step.get_by_text("you answered “Prepaid card”").first).to_be_visible()
    left_out = desk.get_by_text(re.compile(r"\d+ steps are not on this checklist"))
    left_out.click()
    expect(desk.get_by_text("you answered “Physical SIM card”").last).to_be_visible()

    assert Axe().run(desk).violations_count == 0
    step.get_by_role("link", name="Edit this step").click()
    expect(desk).to_have_url(re.compile(r"/admin/guide/step/\d+/change/"))


def test_reviewer_looks_at_the_draft_without_a_login(
    desk: Page,
    problems: list[str],
    open_context: Callable[..., BrowserContext],
) -> None:
    desk.get_by_role("button", name="Make a link").click()
    field = desk.get_by_label("Link for the reviewer")
    expect(field).to_have_value(re.compile(r"/preview/[^/]+/en/$"))
    visit = open_context()
    page = visit.new_page()

    page.goto(field.input_value())
    expect(banner(page)).to_contain_text("Your link works until")
    page.locator(".actions").get_by_role("link").click()
    for question, codes in CASE.items():
        give_answer(page, question, codes)

    expect(page).to_have_url(CHECKLIST)
    expect(page).to_have_url(re.compile(r"/preview/[^/]+/en/checklist/"))
    expect(page).to_have_title("Draft: End your line with BASE – SIM Exit")
    expect(page.get_by_role("link", name="Edit this step")).to_have_count(0)
    assert visit.cookies() == []
    page.goto("/admin/")
    expect(page.get_by_label("Password")).to_be_visible()


def test_draft_is_marked_on_paper(desk: Page, problems: list[str], site: str) -> None:
    open_draft(desk, Link_to_a_page=site + address_of(CASE, "checklist"))
    expect(desk.get_by_role("link", name="Back to the desk")).to_be_visible()

    desk.emulate_media(media="print")

    expect(desk.get_by_text("Draft, not published.")).to_be_visible()
    expect(desk.locator(".watermark")).to_be_visible()
    expect(desk.get_by_text("Printed from a draft of SIM Exit")).to_be_visible()
    expect(desk.get_by_text("Back to the desk")).to_be_hidden()
    expect(desk.get_by_text("Why this step?").first).to_be_hidden()


def test_link_is_copied(desk: Page, problems: list[str], site: str) -> None:
    clipboard = ["clipboard-read", "clipboard-write"]
    desk.context.grant_permissions(clipboard, origin=site)
    desk.get_by_role("button", name="Make a link").click()

    desk.get_by_role("button", name="Copy").click()

    expect(desk.get_by_role("button", name="Copied")).to_be_visible()
    link = desk.get_by_label("Link for the reviewer").input_value()
    assert desk.evaluate("navigator.clipboard.readText()") == link
