"""Letters in a browser: side by side, stacked on a phone, alone on paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.visitor import address_of, heading, walk
from tests.cases import CASES

LETTER = address_of(CASES["proximus"], "letters/cancellation", "zh-hans")


@pytest.fixture
def without_script(open_context: Callable[..., BrowserContext]) -> Page:
    return open_context(java_script_enabled=False).new_page()


def boxes(page: Page) -> tuple[dict, dict]:
    """Return where the third paragraph of the letter and its gloss stand."""
    row = page.get_by_role("article").locator(".row").nth(3)
    return row.locator(".own").bounding_box(), row.locator(".gloss").bounding_box()


def test_the_readers_language_stands_below_on_a_phone_and_beside_on_a_screen(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context().new_page()
    page.goto(LETTER)

    page.set_viewport_size({"width": 360, "height": 740})
    own, gloss = boxes(page)
    assert gloss["y"] >= own["y"] + own["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.set_viewport_size({"width": 1280, "height": 900})
    own, gloss = boxes(page)
    assert gloss["x"] >= own["x"] + own["width"]
    assert abs(gloss["y"] - own["y"]) < 8

    row = page.get_by_role("article").locator(".row").nth(3)
    expect(row.locator(".own")).to_have_attribute("lang", "nl")
    expect(row.locator(".own")).to_contain_text("zeg ik mijn contract op")
    expect(row.locator(".gloss")).to_have_attribute("lang", "zh-Hans")
    expect(row.locator(".gloss")).to_contain_text("本人特此终止手机号码 [手机号码]")


def test_a_visitor_takes_a_letter_from_the_checklist(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context().new_page()
    walk(page, CASES["proximus"])

    step = page.locator("[data-step=write-request]")
    step.get_by_role("link", name="Cancellation letter for a mobile line").click()
    expect(heading(page)).to_have_text("Cancellation letter for a mobile line")
    expect(page.get_by_role("article")).to_contain_text("I hereby end my contract")
    expect(page.get_by_role("article")).to_contain_text("Proximus")

    page.get_by_role("link", name="Français").last.click()
    article = page.get_by_role("article")
    expect(article).to_contain_text("je résilie mon contrat")
    expect(article).to_contain_text("I hereby end my contract")

    page.get_by_role("link", name="Back to your checklist").click()
    expect(page.locator("[data-step=write-request]")).to_be_visible()


def test_letters_work_without_a_script(without_script: Page) -> None:
    page = without_script
    page.goto("/zh-hans/letters/")
    page.locator("main .rows a").first.click()
    page.locator(".letter-languages").get_by_role("link", name="Deutsch").click()

    expect(page.get_by_role("article")).to_contain_text("hiermit kündige ich")
    expect(page.locator("main [data-print]")).to_be_hidden()


def test_a_letter_is_printed_alone_with_lines_to_write_on(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(LETTER)
    page.emulate_media(media="print")

    expect(page.get_by_role("article").locator(".own").first).to_be_visible()
    expect(page.locator(".gloss").first).to_be_hidden()
    for name in ("banner", "contentinfo"):
        expect(page.get_by_role(name, include_hidden=True)).to_be_hidden()
    expect(heading(page)).to_be_hidden()
    lines = page.get_by_role("article").locator(".own .blank .rule").all()
    assert lines
    assert all(line.bounding_box()["width"] > 100 for line in lines)
