"""The file for a browser without a network: opened from disk, its letters filled in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.visitor import address_of
from tests.cases import CASES

TITLE = "手机号码注销信"


@pytest.fixture
def file(
    open_context: Callable[..., BrowserContext], site: str, tmp_path: Path
) -> Path:
    """The file of a Chinese reader whose operator reads Dutch, saved on a device."""
    address = address_of(CASES["proximus"], "checklist", "zh-hans")
    address = address.replace("checklist/", "checklist.html") + "&v=1"
    response = open_context().request.get(site + address)
    assert response.ok
    path = tmp_path / "checklist.html"
    path.write_bytes(response.body())
    return path


def open_letter(page: Page, file: Path) -> Locator:
    """Open the file from disk, then its first letter; give the letter."""
    page.goto(file.as_uri())
    page.get_by_text(TITLE, exact=True).last.click()
    letter = page.locator("details").filter(has=page.get_by_role("article")).first
    expect(letter.get_by_role("article")).to_be_visible()
    return letter


def test_a_letter_is_filled_in_and_copied_with_no_network(
    open_context: Callable[..., BrowserContext], file: Path
) -> None:
    context = open_context(offline=True)
    page = context.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    letter = open_letter(page, file)
    article = letter.get_by_role("article")

    number = article.get_by_role("textbox", name="手机号码")
    expect(number).to_have_count(2)
    # Who types hears the own language; what stands there is the letter's.
    expect(number.first).to_have_attribute("lang", "zh-Hans")
    expect(number.first).to_have_text("[gsm-nummer]")
    expect(number.first.get_by_text("[gsm-nummer]")).to_have_attribute("lang", "nl")
    number.first.click()
    page.keyboard.type("0470 12 34 56")
    page.keyboard.press("Enter")
    article.get_by_role("textbox", name="地址").click()
    page.keyboard.type("Rue de la Loi 1")
    page.keyboard.press("Enter")
    page.keyboard.type("1000 Bruxelles")
    name = article.get_by_role("textbox", name="姓名", exact=True)
    name.click()
    page.keyboard.type("王")
    page.keyboard.press("Backspace")
    letter.locator("summary").focus()

    expect(number.last).to_have_text("0470 12 34 56")
    expect(name).to_have_text("[naam]")
    gloss = article.locator("[lang=zh-Hans]")
    expect(gloss.first).to_contain_text("0470 12 34 56")
    expect(gloss.last).to_contain_text("[姓名]")
    expect(gloss.last).to_contain_text("1000 Bruxelles")
    # Another letter has its own words.
    other = page.locator("details article").nth(1)
    expect(other).not_to_contain_text("0470")

    # Without a clipboard the text stands there, selected.
    page.evaluate(
        """() => {
          navigator.clipboard.writeText = () => Promise.reject(new Error("no"));
          document.execCommand = () => false;
        }"""
    )
    copy = letter.get_by_role("button").first
    copy.click()
    field = letter.get_by_role("textbox", name=copy.inner_text())
    expect(field).to_be_focused()
    text = field.input_value()
    assert text.startswith("Onderwerp: Opzegging van het contract voor gsm-nummer 0470")
    assert "\n\nHierbij zeg ik mijn contract op" in text
    assert "[naam]\nRue de la Loi 1\n1000 Bruxelles\n[datum van de brief]" in text
    assert "本人" not in text
    assert field.evaluate("one => one.selectionEnd") == len(text)
    expect(letter.get_by_text("已复制。")).to_be_hidden()

    assert asked == [file.as_uri()]
    assert errors == []
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    expect(page.locator("article").first).not_to_contain_text("0470")


def test_a_letter_can_be_copied_from_a_file(
    open_context: Callable[..., BrowserContext], file: Path
) -> None:
    context = open_context(offline=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    letter = open_letter(page, file)

    letter.get_by_role("button").first.click()

    expect(letter.get_by_text("已复制。")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Onderwerp: ")
    assert copied.endswith("[datum van de brief]")
    expect(letter.locator("textarea")).to_have_count(0)


def test_one_letter_is_printed_alone(
    open_context: Callable[..., BrowserContext], file: Path
) -> None:
    page = open_context(offline=True).new_page()
    letter = open_letter(page, file)
    page.evaluate("window.print = () => {}")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(letter.get_by_text("[姓名]")).to_be_visible()

    page.emulate_media(media="screen")
    letter.get_by_role("button", name="打印信件").click()
    page.emulate_media(media="print")

    expect(letter.get_by_text("[naam]")).to_be_visible()
    expect(letter.get_by_text("[姓名]")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_hidden()
    expect(page.locator("article").nth(1)).to_be_hidden()

    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_step_leads_to_its_letter(
    open_context: Callable[..., BrowserContext], file: Path
) -> None:
    page = open_context(offline=True).new_page()
    page.goto(file.as_uri())
    article = page.get_by_role("article").first
    expect(article).to_be_hidden()

    step = page.locator("li.step").filter(has=page.get_by_text(TITLE, exact=True))
    step.first.locator("summary").click()
    step.first.get_by_role("link", name=TITLE).click()

    expect(article).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_file(
    open_context: Callable[..., BrowserContext], file: Path, scheme: str
) -> None:
    page = open_context(offline=True, color_scheme=scheme).new_page()
    open_letter(page, file)

    results = Axe().run(page)

    assert results.violations_count == 0, results.generate_report()


def test_a_letter_can_be_read_without_a_script(
    open_context: Callable[..., BrowserContext], file: Path
) -> None:
    page = open_context(offline=True, java_script_enabled=False).new_page()
    letter = open_letter(page, file)

    expect(letter.get_by_role("article")).to_contain_text("[gsm-nummer]")
    expect(letter.get_by_role("textbox")).to_have_count(0)
    expect(letter.get_by_role("button")).to_have_count(0)
