"""A visitor says what is wrong, in place or on a page; an editor settles it."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect

from guide.spam import SHORTEST_SECONDS
from tests.browser.visitor import address_of
from tests.cases import CASES

CHECKLIST = address_of(CASES["proximus"], "checklist", "en")
# From one address five reports an hour are taken: all tests together send three.
WAIT = SHORTEST_SECONDS * 1000 + 500

Open = Callable[..., BrowserContext]


@pytest.fixture
def page(open_context: Open) -> Iterator[Page]:
    """A phone with scripts on a checklist; no complaint may reach its console."""
    page = open_context().new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if "CSP" in m.text else None)
    page.goto(CHECKLIST)
    unfold(page)
    yield page
    assert complaints == []


def unfold(page: Page) -> None:
    """Open what unfolds: the buttons stand beside sources and details."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


def asks(page: Page) -> Locator:
    """Return the buttons of the steps that must be done, facts and all."""
    return page.locator("li.step").get_by_role("button", name="Something wrong here?")


def words(page: Page) -> Locator:
    return page.get_by_label("What is wrong?")


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


# In place


def test_a_report_is_sent_in_place_with_nothing_of_the_visitor(page: Page) -> None:
    sent: list[Request] = []
    page.on("request", lambda r: sent.append(r) if "/report/" in r.url else None)
    ask = asks(page).nth(4)
    code = ask.get_attribute("value")
    before = page.url

    ask.click()
    expect(words(page)).to_be_focused()
    words(page).fill("费用变了。")
    press(page, "Send")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("very quick")
    expect(words(page)).to_have_value("费用变了。")
    page.wait_for_timeout(WAIT)
    press(page, "Send")

    thanks = page.get_by_text("A person reads every report.")
    expect(thanks).to_be_focused()
    assert page.url == before
    assert [request.method for request in sent] == ["GET", "POST", "POST"]
    for request in sent:
        query = parse_qs(urlsplit(request.url).query)
        assert query == {"fact": [code]}
        assert "cookie" not in request.all_headers()
    assert sorted(parse_qs(sent[-1].post_data)) == ["opened", "text"]
    assert page.context.cookies() == []
    stores = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
    assert page.evaluate(stores) == []

    press(page, "Close")
    expect(thanks).to_have_count(0)
    expect(ask).to_be_focused()


def test_by_keyboard_the_form_opens_closes_and_keeps_the_words(page: Page) -> None:
    ask = asks(page).first
    ask.focus()
    page.keyboard.press("Enter")
    expect(words(page)).to_be_focused()
    expect(ask).to_have_attribute("aria-expanded", "true")
    page.keyboard.type("The shop")

    page.keyboard.press("Escape")
    expect(words(page)).to_be_hidden()
    expect(ask).to_be_focused()
    expect(ask).to_have_attribute("aria-expanded", "false")

    page.keyboard.press("Enter")
    expect(words(page)).to_be_focused()
    expect(words(page)).to_have_value("The shop")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(words(page)).to_be_hidden()
    expect(ask).to_be_focused()


def test_the_button_closes_what_it_has_opened(page: Page) -> None:
    ask = asks(page).first
    ask.click()
    expect(words(page)).to_be_visible()

    ask.click()

    expect(words(page)).to_be_hidden()


def test_an_error_is_shown_in_place(page: Page) -> None:
    asks(page).first.click()
    press(page, "Send")

    expect(page.get_by_text("Please write what is wrong.")).to_be_visible()
    expect(words(page)).to_be_focused()
    expect(words(page)).to_have_accessible_description(
        re.compile("Please write what is wrong.")
    )
    expect(page).to_have_url(re.compile("/checklist/"))


@pytest.mark.parametrize("failure", ["no network", "server error", "server away"])
def test_what_was_typed_survives_when_sending_fails(page: Page, failure: str) -> None:
    asks(page).first.click()
    words(page).fill("The shop in Liège is gone")

    def fail(route: Route) -> None:
        if failure == "no network":
            route.abort()
        else:
            status = 500 if failure == "server error" else 502
            route.fulfill(status=status, body="<h1>Sorry</h1>")

    page.route("**/report/**", fail)
    press(page, "Send")

    expect(page.get_by_text("Your report could not be sent.")).to_be_focused()
    expect(words(page)).to_have_value("The shop in Liège is gone")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    expect(page).to_have_url(re.compile("/checklist/"))


def test_when_the_form_cannot_be_fetched_its_page_opens(page: Page) -> None:
    asked: list[str] = []

    def fail_once(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(status=500, body="Sorry")
        else:
            route.continue_()

    page.route("**/report/**", fail_once)
    asks(page).first.click()

    expect(page.get_by_role("heading", name="Report a mistake")).to_be_visible()
    page.get_by_role("link", name="Cancel and go back").click()
    expect(page).to_have_url(re.compile("/checklist/"))


# As a page


def test_a_report_is_sent_and_the_visitor_gets_back_without_scripts(
    open_context: Open,
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(CHECKLIST)
    unfold(page)
    ask = asks(page).nth(3)
    code = ask.get_attribute("value")

    ask.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Report a mistake")
    words(page).fill("Not a month any more.")
    press(page, "Send")
    expect(page.get_by_role("alert")).to_contain_text("very quick")
    expect(words(page)).to_have_value("Not a month any more.")
    page.wait_for_timeout(WAIT)
    press(page, "Send")

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.reload()  # sends nothing again
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.get_by_role("link", name="Back to where you were").click()
    expect(page).to_have_url(re.compile(re.escape(CHECKLIST) + f".*#report-.*{code}"))
    assert page.context.cookies() == []


def test_the_page_keeps_the_way_back_in_another_language(phone: Page) -> None:
    phone.goto("/en/faq/")
    phone.get_by_role("contentinfo").get_by_role(
        "link", name="Report a mistake"
    ).click()
    expect(words(phone)).to_be_visible()
    phone.goto("/en/report/?faq=credit-record&back=%2Fen%2Ffaq%2F")
    phone.get_by_role("link", name="Nederlands").click()

    back = phone.locator("main a[href^='/nl/faq/']")
    expect(back).to_be_visible()
    back.click()
    expect(phone).to_have_url(re.compile("/nl/faq/#report-faq-credit-record"))


# How it looks


def test_paper_shows_no_button(page: Page) -> None:
    asks(page).first.click()
    expect(words(page)).to_be_visible()

    page.emulate_media(media="print")

    expect(asks(page)).to_have_count(0)  # roles are only of what can be seen
    expect(words(page)).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_open_form_is_accessible_and_fits(
    open_context: Open, scheme: str, width: int
) -> None:
    viewport = {"width": width, "height": 740}
    page = open_context(color_scheme=scheme, viewport=viewport).new_page()
    page.goto("/zh-hans/operators/proximus/")
    for number in (0, 4):
        page.locator(".report-open").nth(number).click()
        expect(page.locator(".report-form")).to_have_count(1 if number == 0 else 2)
    page.locator(".report-form [type=submit]").first.click()
    expect(page.get_by_role("alert").filter(visible=True)).to_be_visible()

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.locator(".report-form button, .report-open").evaluate_all(
        "all => all.map((e) => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44


@pytest.mark.parametrize(
    "address", ["/en/report/?operator=base", "/en/report/?step=gone", "/de/report/"]
)
def test_the_page_is_accessible_and_fits(phone: Page, address: str) -> None:
    phone.goto(address)

    if phone.evaluate("document.documentElement.classList.contains('scripted')"):
        found = Axe().run(phone)
        assert found.violations_count == 0, found.generate_report()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


# The desk


def test_an_editor_reads_a_report_and_settles_it_with_one_click(
    page: Page, open_context: Open, site_password: str
) -> None:
    text = "Somebody should look at this step."
    ask = page.locator("li.step .report-open[name=step]").first
    title = page.locator("li.step").first.get_by_role("heading").text_content()
    ask.click()
    words(page).fill(text)
    page.wait_for_timeout(WAIT)
    press(page, "Send")
    expect(page.get_by_text("A person reads every report.")).to_be_visible()

    desk = open_context(viewport={"width": 1280, "height": 900}).new_page()
    problems: list[str] = []
    desk.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    desk.goto("/admin/guide/report/?state__exact=open")
    desk.get_by_label("Username").fill("editor")
    desk.get_by_label("Password").fill(site_password)
    desk.get_by_role("button", name="Log in").click()
    line = desk.get_by_role("row").filter(has_text=text)
    about = line.get_by_role("link").last
    assert about.text_content() in title
    expect(about).to_have_attribute(
        "href", re.compile(r"/admin/guide/step/\d+/change/")
    )
    button = line.get_by_role("button", name="Handled")
    button.focus()
    desk.keyboard.press("Enter")

    expect(desk.get_by_text("The report is marked as handled.")).to_be_visible()
    expect(desk).to_have_url(re.compile("state__exact=open"))
    expect(line).to_have_count(0)
    desk.goto("/admin/guide/report/")
    expect(line).to_contain_text("Handled by editor")
    line.get_by_role("link", name=text).click()
    press(desk, "Open again – " + text)
    expect(desk.get_by_text("The report is open again.")).to_be_visible()
    assert problems == []
