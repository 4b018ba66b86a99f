"""Letters that a visitor fills in: what is typed stays in the page."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pypdf import PdfReader

from tests.browser.test_offline import wait_until_kept
from tests.browser.visitor import address_of, heading
from tests.cases import CASES

LETTER = address_of(CASES["proximus"], "letters/cancellation", "zh-hans")
ENGLISH = address_of(CASES["proximus"], "letters/cancellation")
WITH_MAILBOX = address_of(CASES["mobile-vikings"], "letters/cancellation")
REFUND = "/en/letters/prepaid-refund/"
STORED = "localStorage.getItem('sim-exit letters')"


@pytest.fixture
def context(open_context: Callable[..., BrowserContext]) -> BrowserContext:
    """A visitor's browser with JavaScript, which lets pages use the clipboard."""
    context = open_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A cancellation letter in Dutch with Chinese beside it."""
    page = context.new_page()
    page.goto(LETTER)
    return page


def letter(page: Page) -> Locator:
    return page.locator("article.letter")


def expect_words(part: Locator, words: str) -> None:
    """Expect words as they are seen: labels of filled blanks are hidden."""
    expect(part).to_contain_text(words, use_inner_text=True)


def own(page: Page, containing: str) -> Locator:
    """Return the paragraph of the letter itself that holds these words."""
    return letter(page).locator(".own").filter(has_text=containing)


def fill(page: Page) -> None:
    page.get_by_label("姓名").fill("Li Na")
    page.get_by_label("地址").fill("Bondgenotenlaan 1\n3000 Leuven")
    page.get_by_label("手机号码").fill("0470 12 34 56")
    page.get_by_label("客户号").fill("K-99 & 7")
    page.get_by_label("结束日期").fill("2027-03-01")
    page.get_by_label("写信日期").fill("2027-01-02")


def clipboard(page: Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def button(page: Page, words: str) -> Locator:
    return page.get_by_role("main").get_by_role("button", name=words)


# Filling in


def test_what_is_typed_appears_in_both_languages(page: Page) -> None:
    fill(page)

    expect_words(letter(page), "Mijn klantnummer is K-99 & 7.")
    subject = letter(page).locator(".subject")
    expect_words(subject.locator(".own"), "0470 12 34 56 op 1 maart 2027")
    expect_words(subject.locator(".gloss"), "2027年3月1日")
    expect_words(own(page, "Li Na"), "Li Na\nBondgenotenlaan 1\n3000 Leuven")
    expect(letter(page).locator(".blank:not(.filled)")).to_have_count(0)


def test_emptied_fields_leave_blanks_again(page: Page) -> None:
    fill(page)
    page.get_by_label("姓名").fill("  ")

    rule = letter(page).locator(".own [data-identifier=name] .rule")
    expect(rule).to_be_visible()


@pytest.mark.parametrize(
    ("language", "written"),
    [("fr", "1er mars 2027"), ("de", "1. März 2027"), ("en", "1 March 2027")],
)
def test_days_are_written_as_the_letters_language_has_them(
    page: Page, language: str, written: str
) -> None:
    page.goto(f"{LETTER}&in={language}")
    page.get_by_label("结束日期").fill("2027-03-01")

    expect_words(letter(page).locator(".subject .own"), written)


def test_the_case_and_the_clock_suggest_days(context: BrowserContext) -> None:
    page = context.new_page()
    page.clock.set_fixed_time("2026-12-31T23:30:00")
    page.goto(ENGLISH)

    expect(page.get_by_label("end date")).to_have_value("2027-01-15")
    expect(page.get_by_label("date of the letter")).to_have_value("2026-12-31")
    expect_words(letter(page), "31 December 2026")


def test_what_is_still_empty_is_said_and_leads_there(page: Page) -> None:
    page.goto(ENGLISH)
    page.get_by_label("name", exact=False).first.fill("Li Na")

    empty = page.get_by_role("status").filter(has_text="Still empty")
    expect(empty.get_by_role("link")).to_have_text(
        ["address", "mobile number", "customer number"]
    )
    empty.get_by_role("link", name="customer number").click()
    expect(page.get_by_label("customer number")).to_be_focused()
    assert page.url.endswith(ENGLISH)


@pytest.mark.parametrize(
    ("account", "is_right"),
    [
        ("BE68 5390 0754 7034", True),
        ("be68-5390-0754-7034", True),
        ("DE89 3704 0044 0532 0130 00", True),
        ("BE68 5390 0754 7043", False),
        ("BE68", False),
        ("my bank", False),
        ("", True),
    ],
)
def test_a_mistyped_account_is_told_and_kept(
    context: BrowserContext, account: str, is_right: bool
) -> None:
    page = context.new_page()
    page.goto(REFUND)
    field = page.get_by_label("bank account (IBAN)")

    field.fill(account)
    field.press("Tab")

    warning = page.get_by_text("This account number cannot be right")
    expect(warning).to_have_count(0 if is_right else 1)
    if not is_right:
        expect(field).to_have_attribute("aria-invalid", "true")
        described = field.get_attribute("aria-describedby").split()
        assert warning.get_attribute("id") in described
    expect(field).to_have_value(account)


def test_the_operator_is_typed_where_no_case_names_it(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/en/letters/cancellation/?in=en")

    page.get_by_label("Your operator").fill("Klein & Co")

    expect_words(letter(page).locator(".own").nth(1), "Klein & Co")


# Nothing is lost


def test_another_language_takes_over_what_was_typed(page: Page) -> None:
    fill(page)
    page.locator(".letter-languages").get_by_role("link", name="Français").click()

    expect_words(letter(page), "Mon numéro de client est le K-99 & 7.")
    expect(page.get_by_label("姓名")).to_have_value("Li Na")
    expect_words(letter(page), "2 janvier 2027")


def test_changed_words_come_back_with_their_language(page: Page) -> None:
    fill(page)
    button(page, "Change the words").or_(button(page, "修改")).click()
    pack = own(page, "deel uitmaakt van een pack")
    pack.fill("Ik zeg het hele pack op.")
    languages = page.locator(".letter-languages")

    languages.get_by_role("link", name="Français").click()
    expect_words(letter(page), "Mon numéro de client")
    languages.get_by_role("link", name="Nederlands").click()

    expect(own(page, "Ik zeg het hele pack op.")).to_be_visible()
    page.locator("[data-copy-letter]").click()
    expect(page.locator("[data-said]")).not_to_be_empty()
    assert "Ik zeg het hele pack op." in clipboard(page)
    assert "deel uitmaakt van een pack" not in clipboard(page)


def test_new_lines_that_were_typed_stay_on_screen_and_on_paper(page: Page) -> None:
    button(page, "Change the words").or_(button(page, "修改")).click()
    pack = own(page, "deel uitmaakt van een pack")
    pack.fill("Een.")
    pack = own(page, "Een.")
    pack.press("End")
    pack.press("Enter")
    pack.press_sequentially("Twee.")
    lines = "el => [...el.getClientRects()].length && el.getBoundingClientRect().height"
    height = pack.evaluate(lines)

    page.locator("[data-edit]").click()

    assert abs(pack.evaluate(lines) - height) < 2
    expect_words(letter(page), "Een.\nTwee.")
    page.locator("[data-edit]").click()
    page.emulate_media(media="print")
    expect(pack).to_have_css("outline-width", "0px")


def test_changed_words_are_not_given_up_for_remembered_ones(page: Page) -> None:
    page.locator("[data-remember]").check()
    page.locator("[data-edit]").click()
    own(page, "deel uitmaakt van een pack").press_sequentially("Anders.")
    page.get_by_label("姓名").press_sequentially("Li")

    assert leave(page) == ["beforeunload"]


def leave(page: Page) -> list[str]:
    """Go to another page and accept; return the questions that the browser asked."""
    asked: list[str] = []

    def accept(dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.goto("/en/faq/")
    expect(heading(page)).to_be_visible()
    return asked


def test_the_browser_asks_before_typed_words_are_lost(page: Page) -> None:
    page.get_by_label("姓名").press_sequentially("Li")

    assert leave(page) == ["beforeunload"]


def test_nobody_is_asked_who_typed_nothing(page: Page) -> None:
    page.get_by_label("姓名").click()

    assert leave(page) == []


def test_nobody_is_asked_who_has_taken_the_letter(page: Page) -> None:
    page.get_by_label("姓名").press_sequentially("Li")
    page.locator("[data-copy-letter]").click()
    expect(page.locator("[data-said]")).not_to_be_empty()

    assert leave(page) == []


def test_emptied_fields_can_be_taken_back(page: Page) -> None:
    page.goto(ENGLISH)
    page.get_by_label("customer number").fill("K-99")
    button(page, "Empty all fields").click()
    expect(page.get_by_label("customer number")).to_have_value("")
    expect(page.get_by_label("end date")).to_have_value("")

    button(page, "Take them back").click()

    expect(page.get_by_label("customer number")).to_have_value("K-99")
    expect_words(letter(page), "K-99")


# Remembering


def test_nothing_is_kept_unless_it_is_asked_for(page: Page) -> None:
    fill(page)
    page.locator("[data-copy-letter]").click()
    expect(page.locator("[data-said]")).not_to_be_empty()

    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.reload()
    expect(page.get_by_label("姓名")).to_have_value("")


def test_what_is_remembered_is_there_for_other_letters(page: Page) -> None:
    page.goto(ENGLISH)
    page.get_by_label("customer number").fill("K-99")
    page.get_by_label("date of the letter").fill("2027-01-02")
    remember = page.get_by_role("checkbox", name="Remember on this device")
    remember.check()
    page.get_by_label("mobile number").fill("0470 12 34 56")

    # The day of writing is another one next time.
    assert json.loads(page.evaluate(STORED)) == {
        "customer-number": "K-99",
        "mobile-number": "0470 12 34 56",
    }
    page.goto(REFUND)
    expect(page.get_by_label("mobile number")).to_have_value("0470 12 34 56")
    expect(remember).to_be_checked()

    remember.uncheck()
    assert page.evaluate(STORED) is None
    expect(page.get_by_label("mobile number")).to_have_value("0470 12 34 56")
    page.goto(ENGLISH)
    expect(page.get_by_label("mobile number")).to_have_value("")


def test_emptying_a_letter_keeps_what_others_have_remembered(page: Page) -> None:
    page.goto(REFUND)
    page.get_by_label("bank account (IBAN)").fill("BE68 5390 0754 7034")
    page.get_by_role("checkbox", name="Remember on this device").check()
    page.goto(ENGLISH)
    page.get_by_label("customer number").fill("K-99")

    button(page, "Empty all fields").click()

    assert json.loads(page.evaluate(STORED)) == {"iban": "BE68 5390 0754 7034"}


def test_two_tabs_remember_together(page: Page, context: BrowserContext) -> None:
    page.goto(ENGLISH)
    page.get_by_role("checkbox", name="Remember on this device").check()
    other = context.new_page()
    other.goto(REFUND)
    other.get_by_label("mobile number").fill("0470 12 34 56")

    page.get_by_label("customer number").fill("K-99")

    assert json.loads(page.evaluate(STORED)) == {
        "mobile-number": "0470 12 34 56",
        "customer-number": "K-99",
    }


def test_the_date_of_this_case_counts_more_than_a_remembered_one(page: Page) -> None:
    page.goto(ENGLISH)
    page.get_by_label("end date").fill("2027-03-01")
    page.get_by_role("checkbox", name="Remember on this device").check()

    page.goto(ENGLISH.replace("2027-01-15", "2027-02-20"))

    expect(page.get_by_label("end date")).to_have_value("2027-02-20")


def test_a_browser_that_keeps_nothing_says_so(context: BrowserContext) -> None:
    context.add_init_script(
        "Storage.prototype.setItem = () => { throw new Error('full'); };"
    )
    page = context.new_page()
    page.goto(ENGLISH)
    page.get_by_label("customer number").fill("K-99")

    # Playwright’s own check() would wait for a tick that does not stay.
    page.get_by_role("checkbox", name="Remember on this device").click()

    expect(page.get_by_text("This browser keeps nothing.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Remember")).not_to_be_checked()
    expect(page.get_by_label("customer number")).to_have_value("K-99")


@pytest.mark.parametrize("kept", ["nonsense", "[1]", '{"name": 7}', "null", '"x"'])
def test_what_others_have_written_there_breaks_nothing(
    context: BrowserContext, kept: str
) -> None:
    context.add_init_script(f"localStorage.setItem('sim-exit letters', {kept!r});")
    page = context.new_page()
    page.goto(ENGLISH)

    page.get_by_label("customer number").fill("K-99")

    expect_words(letter(page), "K-99")


# Taking it


TEXT = """Onderwerp: Opzegging van het contract voor gsm-nummer 0470 12 34 56 \
op 1 maart 2027

Proximus
Klantendienst

"""


def test_the_letter_is_copied_as_it_is_read(page: Page) -> None:
    fill(page)
    page.get_by_label("客户号").fill("")

    page.locator("[data-copy-letter]").click()
    expect(page.locator("[data-said]")).not_to_be_empty()

    text = clipboard(page)
    assert text.startswith(TEXT)
    assert "Mijn klantnummer is [klantnummer]." in text
    assert text.endswith("Li Na\nBondgenotenlaan 1\n3000 Leuven\n2 januari 2027\n")
    assert not re.search(r"[\u4e00-\u9fff]", text)


def mail_of(page: Page) -> tuple[str, dict[str, list[str]]]:
    """Press the link for an e-mail; return to whom it is, and what stands in it."""
    page.evaluate(
        """() => document.addEventListener("click", (event) => {
          if (!event.target.matches("[data-mail]")) return;
          window.mail = event.target.href;
          event.preventDefault();
        })"""
    )
    page.locator("[data-mail]").click()
    expect(page.locator("[data-said]")).not_to_be_empty()
    found = urlsplit(page.evaluate("window.mail"))
    assert found.scheme == "mailto"
    return found.path, parse_qs(found.query, strict_parsing=True)


def test_an_email_goes_to_the_operators_address(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(WITH_MAILBOX)
    page.get_by_label("mobile number").fill("0470 12 34 56 & more?")

    address, mail = mail_of(page)

    assert page.locator(f'.channels a[href="mailto:{address}"]').count() == 1
    assert mail["subject"][0].startswith("End of the contract")
    assert "0470 12 34 56 & more?" in mail["subject"][0]
    begin = "Mobile Vikings\r\nCustomer service\r\n\r\nDear Sir"
    assert mail["body"][0].startswith(begin)
    # What was typed does not stay in the link.
    expect(page.locator("[data-mail]")).to_have_attribute("href", f"mailto:{address}")


def test_a_letter_too_long_for_a_mail_link_is_pasted(
    open_context: Callable[..., BrowserContext],
) -> None:
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
    context = open_context(user_agent=windows)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/en/letters/complaint/")
    page.get_by_label("what went wrong").fill("Long. " * 400)

    _address, mail = mail_of(page)

    assert list(mail) == ["subject"]
    expect(page.get_by_text("paste it if the e-mail is empty")).to_be_visible()
    assert "Long. Long." in clipboard(page)


def test_the_letter_is_downloaded_as_text(page: Page, tmp_path: Path) -> None:
    fill(page)
    with page.expect_download() as caught:
        page.locator("[data-download]").click()

    assert caught.value.suggested_filename == "Opzegbrief voor een gsm-lijn.txt"
    path = tmp_path / "letter.txt"
    caught.value.save_as(path)
    text = path.read_bytes().decode()
    assert text.replace("\r\n", "\n").startswith(TEXT)
    assert "\r\n" in text


def printed_text(page: Page) -> str:
    pdf = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    return re.sub(r"\s+", " ", " ".join(one.extract_text() for one in pdf.pages))


def test_a_dutch_letter_with_chinese_beside_is_printed_alone(page: Page) -> None:
    fill(page)
    expect(letter(page).locator(".gloss").first).to_be_visible()

    printed = printed_text(page)

    wanted = "voor gsm-nummer 0470 12 34 56 op 1 maart 2027 Proximus Klantendienst"
    assert wanted in printed
    assert "Li Na Bondgenotenlaan 1 3000 Leuven 2 januari 2027" in printed
    assert "Mijn klantnummer is K-99 & 7." in printed
    assert not re.search(r"[\u4e00-\u9fff]", printed)
    assert "[" not in printed


def test_the_letter_is_printed_with_blank_lines_too(page: Page) -> None:
    fill(page)
    page.evaluate("window.print = () => {}")

    page.locator("[data-print-blank]").click()

    printed = printed_text(page)
    assert "[klantnummer]" in printed
    assert "K-99" not in printed
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert "K-99 & 7" in printed_text(page)


def test_without_a_script_there_are_lines_and_no_fields(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(ENGLISH)

    expect(page.get_by_role("main").get_by_role("textbox")).to_have_count(0)
    expect(button(page, "Copy the letter")).to_have_count(0)
    expect(page.get_by_text("with lines to write on by hand")).to_be_visible()
    rules = letter(page).locator(".own .rule")
    assert rules.count() > 4
    for rule in rules.all():
        expect(rule).to_be_visible()


# Off line


def test_a_letter_that_was_opened_can_be_filled_in_off_line(
    context: BrowserContext,
) -> None:
    page = context.new_page()
    page.goto(ENGLISH)
    wait_until_kept(page, 1)

    context.set_offline(True)
    page.reload()

    expect(page.get_by_text("You are off line.")).to_be_visible()
    page.get_by_label("customer number").fill("K-99")
    expect_words(letter(page), "K-99")
    page.locator("[data-copy-letter]").click()
    expect(page.get_by_text("Copied: paste it")).to_be_visible()
    assert "K-99" in clipboard(page)
