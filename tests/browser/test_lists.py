"""Lists, search, deleting and retiring in a real browser; nothing is changed here."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def desk(
    request: pytest.FixtureRequest,
    open_context: Callable[..., BrowserContext],
    site_password: str,
) -> Iterator[Page]:
    """The desk, signed in, once with JavaScript and once without it."""
    page = open_context(
        viewport={"width": 1280, "height": 900}, java_script_enabled=request.param
    ).new_page()
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.goto("/admin/login/?next=/admin/search/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(site_password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Search")).to_be_visible()
    yield page
    assert problems == []


def needs_no_sideways_scrolling(page: Page) -> bool:
    page.set_viewport_size({"width": 400, "height": 740})
    needed = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    return needed <= 400


def violations(page: Page) -> str:
    """Return what axe finds in our part of the page, not in Django's frame."""
    found = Axe().run(page, context="#content")
    return found.generate_report() if found.violations_count else ""


def test_editor_finds_a_fact_by_a_word_in_any_language(desk: Page) -> None:
    box = desk.get_by_role("searchbox", name="Search the whole guide")
    box.fill("lycamobile")
    box.press("Enter")

    expect(desk).to_have_url(re.compile(r"/admin/search/\?q=lycamobile"))
    found = desk.get_by_role("region", name="Operators")
    expect(found.locator("mark").first).to_have_text(re.compile("lycamobile", re.I))
    found.get_by_role("link", name="Lycamobile", exact=True).click()
    expect(desk).to_have_url(re.compile(r"/admin/guide/operator/\d+/change/"))


def test_editor_narrows_a_list_down_and_reads_a_long_condition(desk: Page) -> None:
    desk.goto("/admin/guide/step/")
    desk.get_by_role("link", name="Show the filters").click()
    desk.get_by_label("Operator of the visitor").select_option(index=3)
    desk.locator("form", has=desk.locator("#filter-operator")).get_by_role(
        "button", name="Show"
    ).click()

    expect(desk).to_have_url(re.compile(r"operator=[a-z]"))
    summary = desk.locator("#result_list summary").first
    expect(summary).to_contain_text("more")
    summary.press("Enter")
    whole = desk.locator("#result_list details[open]").first
    expect(whole).to_be_visible()

    desk.goto("/admin/guide/step/?operator=proximus&q=nothing-like-this")
    expect(desk.get_by_text("Nothing in this list goes with")).to_be_visible()
    desk.get_by_role("link", name="Show the whole list").click()
    expect(desk.locator("#result_list tbody tr").first).to_be_visible()


def test_editor_learns_why_an_operator_cannot_be_deleted(desk: Page) -> None:
    desk.goto("/admin/guide/operator/?q=proximus")
    desk.get_by_role("link", name="Proximus", exact=True).first.click()
    desk.goto(desk.url.split("?")[0].replace("change", "delete"))

    expect(desk.get_by_text("cannot be deleted as things are")).to_be_visible()
    expect(desk.get_by_role("button", name="Delete it")).to_have_count(0)
    desk.get_by_role("link", name=re.compile("^Retire “Proximus”")).click()

    expect(desk.get_by_role("heading", name="Retire “Proximus”")).to_be_visible()
    desk.get_by_label("Answer in its place").select_option(label="Scarlet")
    desk.get_by_role("button", name="Show what changes").press("Enter")
    expect(desk.get_by_text("Links with “Proximus” lead to “Scarlet”.")).to_be_visible()
    desk.get_by_role("button", name="Retire “Proximus”").press("Enter")

    # Nothing was agreed to, so nothing has happened, and the choice is kept.
    expect(desk.get_by_role("alert")).to_contain_text("Agree to")
    expect(desk.get_by_label("Answer in its place")).to_have_value("scarlet")
    desk.goto("/en/operators/proximus/")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Proximus")


def test_a_published_code_is_read_and_not_changed(desk: Page) -> None:
    desk.goto("/admin/guide/step/?q=cancel-line")
    desk.locator("#result_list tbody th a").first.click()

    code = desk.get_by_label("Code", exact=True)
    expect(code).to_be_disabled()
    expect(code).to_have_accessible_description(
        re.compile("Published since publication 1")
    )


@pytest.mark.parametrize("desk", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit_a_phone(desk: Page, scheme: str) -> None:
    desk.emulate_media(color_scheme=scheme)
    desk.goto("/admin/guide/choice/?q=undo")
    desk.locator("#result_list tbody th a").first.click()
    form = desk.url.split("?")[0]
    row = re.search(r"/(\d+)/change/", form)[1]
    for address in (
        "/admin/search/",
        "/admin/search/?q=esim",
        "/admin/search/?q=nothing-like-this",
        "/admin/guide/step/?all=",
        "/admin/guide/step/?q=nothing-like-this",
        form.replace("change", "delete"),
        f"/admin/retire/choice/{row}/",
        f"/admin/retire/choice/{row}/?by=stop",
    ):
        desk.goto(address)
        desk.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        assert violations(desk) == "", address
        assert needs_no_sideways_scrolling(desk), address


def test_the_widest_lists_show_what_matters_beside_the_menu(desk: Page) -> None:
    for kind in ("step", "operator"):
        desk.goto(f"/admin/guide/{kind}/")
        for name in ("Shown when", "Languages", "Checked", "Weakest source"):
            column = desk.get_by_role("columnheader", name=name).bounding_box()
            assert column["x"] + column["width"] <= 1280 - 40, (kind, name)


def test_filters_unfold_above_the_list_on_a_phone_without_a_script(
    open_context: Callable[..., BrowserContext], site_password: str
) -> None:
    phone = {"width": 400, "height": 800}
    page = open_context(viewport=phone, java_script_enabled=False).new_page()
    page.goto("/admin/login/?next=/admin/guide/step/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(site_password)
    page.get_by_role("button", name="Log in").click()
    filters = page.get_by_role("navigation", name="Filter")
    table = page.locator("#result_list")
    expect(filters).to_be_hidden()

    page.get_by_role("link", name="Show the filters").click()

    expect(filters).to_be_visible()
    assert filters.bounding_box()["y"] < table.bounding_box()["y"]
    page.get_by_role("link", name="Hide the filters").click()
    expect(filters).to_be_hidden()
    page.get_by_role("link", name="Show the filters").click()
    filters.get_by_role("link", name="Before").click()
    expect(
        page.get_by_role("link", name="Show the filters (some are chosen)")
    ).to_be_visible()
