"""The front page and the audit, as an editor uses them."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

Open = Callable[..., BrowserContext]

# The stock admin's own: links that only their colour tells from the text.
NOT_OURS = [".breadcrumbs"]


def sign_in(context: BrowserContext, password: str) -> Page:
    page = context.new_page()
    page.goto("/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="The desk", exact=True)).to_be_visible()
    return page


@pytest.mark.parametrize("width", [400, 1280])
def test_editor_finds_what_waits(
    open_context: Open, site_password: str, width: int
) -> None:
    page = sign_in(
        open_context(viewport={"width": width, "height": 900}), site_password
    )
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.reload()

    # The comparison comes by itself.
    compared = page.get_by_role("status")
    expect(compared).to_contain_text(re.compile("publication \\d+"))
    navigation = page.get_by_role("navigation", name="Pages of the desk")
    expect(navigation.get_by_role("link", name="Front page")).to_have_attribute(
        "aria-current", "page"
    )

    page.get_by_role("link", name="All that is overdue").click()
    expect(page.get_by_label("What is wrong")).to_have_value("W402")
    page.get_by_role("link", name="Show everything").click()
    folded = page.get_by_text(re.compile("^Find out when it was last true"))
    first = page.get_by_text("Nobody knows when this was last true").first
    expect(first).to_be_hidden()
    folded.click()
    expect(first).to_be_visible()
    page.locator(".desk-problems").get_by_role("link").first.click()

    expect(page).to_have_url(re.compile(r"/admin/guide/\w+/\d+/change/"))
    assert problems == []


def test_audit_is_chosen_with_the_keyboard(
    open_context: Open, site_password: str
) -> None:
    page = sign_in(open_context(), site_password)
    page.goto("/admin/audit/")

    page.get_by_label("In which kind of content").focus()
    page.keyboard.type("Letter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("kind=letter"))
    expect(page.get_by_role("status")).to_contain_text(" problems.")


def test_comparison_is_a_link_without_scripts(
    open_context: Open, site_password: str
) -> None:
    page = sign_in(open_context(java_script_enabled=False), site_password)

    page.get_by_role("link", name="Compare the draft with it").click()

    expect(
        page.get_by_role("heading", name="What changed since the last publication")
    ).to_be_visible()


def test_language_is_chosen_for_the_desk_alone(
    open_context: Open, site_password: str, site: str
) -> None:
    context = open_context(viewport={"width": 1280, "height": 900})
    page = sign_in(context, site_password)
    page.goto("/admin/audit/")

    page.get_by_label("Language of the desk").select_option("de")
    page.get_by_role("button", name="Change", exact=True).click()

    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page).to_have_url(re.compile("/admin/audit/$"))
    names = {cookie["name"] for cookie in context.cookies(f"{site}/en/")}
    assert "django_language" not in names


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/admin/", "/admin/audit/", "/admin/changes/"])
def test_pages_have_no_barriers(
    open_context: Open, site_password: str, address: str, scheme: str
) -> None:
    page = sign_in(
        open_context(viewport={"width": 400, "height": 900}, color_scheme=scheme),
        site_password,
    )
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    found = Axe().run(page, context={"exclude": [[part] for part in NOT_OURS]})

    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
