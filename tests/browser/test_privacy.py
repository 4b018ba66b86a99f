"""Nothing is kept of a visitor, and what is taken along is on paper."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_plus, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.recording import Wire
from tests.browser.visitor import address_of, heading, title_of, walk
from tests.cases import CASES

A4 = (595, 842)  # in points
PRINTED = address_of(CASES["proximus"], "checklist")


@pytest.fixture
def context(open_context: Callable[..., BrowserContext]) -> BrowserContext:
    """A visitor's browser with JavaScript."""
    return open_context()


def stored(page: Page) -> list[str]:
    """Return the names of all that the page has put into the browser's stores."""
    return page.evaluate(
        "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
    )


def boxes_of(pdf: bytes) -> set[tuple[int, int]]:
    """Return the sizes of the pages of a PDF, in whole points."""
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return {(round(float(width)), round(float(height))) for width, height in found}


def test_whole_case_asks_nothing_of_other_hosts(
    context: BrowserContext, site: str
) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()

    walk(page, CASES["proximus"])
    page.get_by_role("link", name="Operators", exact=True).click()
    page.get_by_role("searchbox").press_sequentially("base")
    expect(page).to_have_url("/en/operators/?q=base")

    assert len(asked) > len(CASES["proximus"])
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith("data:")}
    assert hosts == {urlsplit(site).netloc}


def test_whole_case_leaves_nothing_in_the_browser(context: BrowserContext) -> None:
    page = context.new_page()

    walk(page, CASES["proximus"])
    on_checklist = stored(page)
    page.go_back()
    expect(heading(page)).to_have_text(title_of("end"))

    assert on_checklist == []
    assert stored(page) == []
    assert context.cookies() == []


def test_tick_is_all_that_the_stores_hold(context: BrowserContext) -> None:
    page = context.new_page()

    walk(page, CASES["proximus"])
    page.locator("li.step").get_by_role("checkbox").first.check()

    (name,) = stored(page)
    assert name.startswith("sim-exit ticks goal=stop&")
    assert context.cookies() == []


def test_whole_case_leaves_no_cookie_without_scripts(phone: Page) -> None:
    walk(phone, CASES["base"])

    phone.get_by_role("link", name="中文").click()

    assert phone.context.cookies() == []


def test_answers_are_told_to_no_site_that_is_linked(phone: Page) -> None:
    response = phone.goto(PRINTED)

    assert response is not None
    assert response.headers["referrer-policy"] == "same-origin"
    external = phone.locator("main a[href^=http]").all()
    assert external
    for link in external:
        assert "noreferrer" in (link.get_attribute("rel") or "").split()


# What leaves the page

TYPED = {
    "name": "Zyxwvut Qrstuv",
    "mobile-number": "0470998877",
    "customer-number": "K-5544332211",
    "address": "Kwakkelstraat 987",
}


@pytest.fixture
def wire(site: str) -> Iterator[Wire]:
    wire = Wire(site)
    yield wire
    wire.cut()


def test_no_tick_and_no_typed_word_ever_leaves_the_page(
    open_context: Callable[..., BrowserContext], wire: Wire
) -> None:
    context = open_context(base_url=wire.address)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()

    # From the first question to a tick, which goes to another device.
    walk(page, CASES["proximus"])
    boxes = page.locator("li.step input[type=checkbox]:not([aria-disabled]):visible")
    for box in boxes.all():
        box.check()
    ticked = page.locator("li[data-step]:has(> .tick :checked)").evaluate_all(
        "steps => steps.map(step => step.dataset.step)"
    )
    assert len(ticked) > 3
    page.get_by_text("Continue on another device").click()
    field = page.get_by_label("Or send yourself the link:")
    expect(field).to_have_value(re.compile("#ticks="))
    link = field.input_value()
    fragment = link.partition("#ticks=")[2]
    assert len(fragment) == 4 * len(ticked)
    other = context.browser.new_context(base_url=wire.address).new_page()
    other.goto(link)
    expect(other.locator(".tick :checked")).to_have_count(len(ticked))
    other.context.close()

    # A letter: typed, remembered, in another language, copied, saved, printed, mailed.
    page.locator("[data-step=write-request] .letters a").click()
    for code, words in TYPED.items():
        page.locator(f"#fill-{code}").press_sequentially(words)
    page.get_by_role("checkbox", name="Remember on this device").check()
    page.locator(".letter-languages").get_by_role("link", name="Nederlands").click()
    expect(page.get_by_role("article")).to_contain_text(TYPED["customer-number"])
    page.evaluate("window.print = () => {}")
    with page.expect_download():
        page.get_by_role("button", name="Download as text").click()
    for name in ("Copy the letter", "Print it with blank lines", "Change the words"):
        page.get_by_role("button", name=name).click()
    page.locator("article .own").nth(3).press_sequentially("Changedbyhand")
    page.get_by_role("link", name="Put it into an e-mail").click()
    page.reload()
    expect(page.get_by_label("customer number")).to_have_value(TYPED["customer-number"])

    # What was remembered, kept and ticked meets the server's programs again.
    page.goto("/zh-hans/kept/")
    page.goto(address_of(CASES["proximus"], "checklist", "nl"))
    expect(page.locator(".tick :checked")).to_have_count(len(ticked))

    heard = wire.heard()
    text = unquote_plus(heard.decode("utf-8", "replace"))
    assert "goal=stop" in text  # answers do travel: the wire has heard the visit
    assert "/letters/cancellation/" in text
    for secret in (*TYPED.values(), "Changedbyhand", fragment, "#ticks"):
        assert secret not in text
    for code in ticked:
        assert code not in text
    hosts = {urlsplit(url).netloc for url in asked if url.startswith("http")}
    assert hosts == {urlsplit(wire.address).netloc}


# On paper


def test_print_shows_what_paper_needs(phone: Page) -> None:
    phone.goto(PRINTED)
    useless = [
        phone.locator("#languages").get_by_text("English", exact=True),
        phone.get_by_text("Start again", exact=True),
        phone.get_by_text("Accessibility", exact=True),
    ]
    for on_screen in useless:
        expect(on_screen).to_be_visible()

    phone.emulate_media(media="print")

    for on_screen in useless:
        expect(on_screen).to_be_hidden()
    expect(phone.get_by_text("Sources are at the end.")).to_be_visible()
    ticks = phone.locator("li.step").get_by_role("checkbox")
    expect(ticks).to_have_count(phone.locator("li.step").count())
    for tick in ticks.all():
        expect(tick).to_be_visible()


def test_print_opens_what_is_folded(phone: Page) -> None:
    phone.goto(PRINTED)
    listed = phone.locator("section").filter(has_text="Sources of this checklist")
    source = listed.get_by_text("How hard is it to cancel Proximus?")
    warning = phone.get_by_text("Numbers are used again.")
    expect(source).to_be_hidden()
    expect(warning).to_be_hidden()

    phone.emulate_media(media="print")

    expect(source).to_be_visible()
    expect(warning).to_be_visible()


def test_print_gives_the_whole_address_of_each_channel(phone: Page) -> None:
    phone.goto(PRINTED)
    address = (
        "https://www.proximus.be/en/id_cr_cancelsub/personal/orphans/"
        "cancel-your-subscription.html"
    )
    step = phone.locator("[data-step=cancel-line]")
    expect(step.get_by_text(address, exact=True)).to_be_hidden()

    phone.emulate_media(media="print")

    expect(step.get_by_text(address, exact=True)).to_be_visible()


def test_print_is_on_a4(phone: Page) -> None:
    phone.goto(PRINTED)

    pdf = phone.pdf(prefer_css_page_size=True)

    assert boxes_of(pdf) == {A4}
