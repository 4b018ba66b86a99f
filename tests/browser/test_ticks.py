"""Ticks: kept in the browser, handed over by link, never sent to the server."""

import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import segno
import segno.encoder
from playwright.sync_api import BrowserContext, Locator, Page, Request, expect

from tests.browser.visitor import address_of, rows, walk
from tests.cases import CASES

CASE = CASES["telenet"]
CHECKLIST = address_of(CASE, "checklist")
COUNT = re.compile(r"^(\d+) of (\d+) steps done$")


@pytest.fixture
def context(open_context: Callable[..., BrowserContext]) -> BrowserContext:
    """A visitor's browser with JavaScript."""
    return open_context()


@pytest.fixture
def checklist(context: BrowserContext) -> Page:
    """A checklist on which nothing is ticked."""
    page = context.new_page()
    page.goto(CHECKLIST)
    expect(progress(page)).to_have_text(COUNT)
    return page


def boxes(page: Page) -> Locator:
    return page.locator("li.step").get_by_role("checkbox")


def free_boxes(page: Page) -> Locator:
    """Return the boxes that may be ticked now."""
    return page.locator("li.step input[type=checkbox]:not([aria-disabled]):visible")


def waiting_step(page: Page) -> Locator:
    """Return the first step that must wait for another one."""
    waits = page.locator("input[aria-disabled]:visible")
    return page.locator("li.step[id]").filter(has=waits).first


def press(box: Locator) -> None:
    """Press a box that waits, and that Playwright therefore takes for disabled."""
    box.focus()
    box.press("Space")


def progress(page: Page) -> Locator:
    return page.get_by_role("region", name="Your progress").locator(".count")


def done(page: Page) -> int:
    return int(COUNT.match(progress(page).inner_text())[1])


def ticked(page: Page) -> list[str]:
    """Return the codes of the steps that are ticked."""
    return page.locator("li[data-step]:has(> .tick :checked)").evaluate_all(
        "steps => steps.map(step => step.dataset.step)"
    )


def open_hand_over(page: Page) -> str:
    """Unfold the part for another device; return the link in it."""
    page.get_by_text("Continue on another device").click()
    field = page.get_by_label("Or send yourself the link:")
    expect(field).to_have_value(re.compile("checklist"))
    return field.input_value()


# On one device


def test_tick_is_still_there_after_a_reload(checklist: Page) -> None:
    free_boxes(checklist).first.check()
    codes = ticked(checklist)

    checklist.reload()

    expect(progress(checklist)).to_have_text(re.compile("^1 of"))
    assert ticked(checklist) == codes
    assert len(codes) == 1


def test_tick_taken_back_is_gone_after_a_reload(checklist: Page) -> None:
    free_boxes(checklist).first.check()
    checklist.locator(".tick :checked").uncheck()

    checklist.reload()

    expect(progress(checklist)).to_have_text(re.compile("^0 of"))
    assert checklist.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("case", ["telenet", "proximus"])
def test_progress_counts_the_steps_that_nobody_hopes_to_need_apart(
    checklist: Page, case: str
) -> None:
    checklist.goto(address_of(CASES[case], "checklist"))
    listed = checklist.locator("li[id^=step-]").count()
    in_trouble = checklist.locator("[data-phase=wrong] li[id^=step-]").count()

    bar = checklist.get_by_role("progressbar")
    free_boxes(checklist).first.check()

    assert in_trouble
    expect(progress(checklist)).to_have_text(f"1 of {listed - in_trouble} steps done")
    expect(bar).to_have_attribute("max", str(listed - in_trouble))
    assert bar.evaluate("bar => bar.value") == 1
    expect(progress(checklist)).to_have_role("status")


def test_accounts_count_as_one_step_that_is_done_with_the_last_of_them(
    context: BrowserContext,
) -> None:
    page = context.new_page()
    page.goto(address_of(CASES["proximus"], "checklist"))
    accounts = page.locator("li.group").get_by_role("checkbox")
    assert accounts.count() == 2

    accounts.first.check()
    expect(progress(page)).to_have_text(re.compile("^0 of"))
    accounts.last.check()
    expect(progress(page)).to_have_text(re.compile("^1 of"))


def test_other_case_has_ticks_of_its_own(checklist: Page) -> None:
    free_boxes(checklist).first.check()

    checklist.goto(address_of(CASES["base"], "checklist"))
    expect(progress(checklist)).to_have_text(re.compile("^0 of"))
    free_boxes(checklist).first.check()
    checklist.goto(CHECKLIST)

    expect(progress(checklist)).to_have_text(re.compile("^1 of"))


def test_ticks_outlive_another_language_edition_and_end_date(checklist: Page) -> None:
    free_boxes(checklist).first.check()
    codes = ticked(checklist)
    moved = {**CASE, "end": ["2027-02-28"]}

    for address in (
        address_of(CASE, "checklist", "zh-hans"),
        address_of(moved, "checklist"),
        address_of({**CASE, "end": ["skip"]}, "checklist"),
    ):
        checklist.goto(address)
        expect(checklist.locator(".tick :checked")).to_have_count(1)
        assert ticked(checklist) == codes


def test_ticks_come_with_a_checklist_that_htmx_brings(context: BrowserContext) -> None:
    page = context.new_page()
    walk(page, CASE)
    expect(progress(page)).to_have_text(re.compile("^0 of"))
    free_boxes(page).first.check()
    page.go_back()
    page.locator("main form").get_by_role("button").wait_for()

    page.go_forward()

    expect(progress(page)).to_have_text(re.compile("^1 of"))


def test_other_tab_shows_the_tick_at_once(
    checklist: Page, context: BrowserContext
) -> None:
    other = context.new_page()
    other.goto(CHECKLIST)

    free_boxes(checklist).first.check()

    expect(progress(other)).to_have_text(re.compile("^1 of"))


def test_ticks_can_be_forgotten_and_taken_back(checklist: Page) -> None:
    forget = checklist.get_by_role("button", name="Forget my ticks on this device")
    expect(forget).to_be_hidden()
    free_boxes(checklist).first.check()

    forget.click()

    expect(progress(checklist)).to_have_text(re.compile("^0 of"))
    expect(checklist.get_by_text("Your ticks are forgotten.")).to_be_visible()
    assert checklist.evaluate("localStorage.length") == 0
    back = checklist.get_by_role("button", name="Take my ticks back")
    expect(back).to_be_focused()
    back.press("Enter")
    expect(progress(checklist)).to_have_text(re.compile("^1 of"))
    checklist.reload()
    expect(progress(checklist)).to_have_text(re.compile("^1 of"))


def test_boxes_tick_for_the_visit_without_a_store(context: BrowserContext) -> None:
    page = context.new_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage',"
        " { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(CHECKLIST)

    free_boxes(page).first.check()

    expect(progress(page)).to_have_text(re.compile("^1 of"))
    expect(page.get_by_text("This browser keeps nothing")).to_be_visible()
    assert errors == []


def test_boxes_tick_for_the_visit_without_scripts(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(CHECKLIST)

    page.locator("li.step input:visible").first.check()

    expect(page.locator(".tick :checked")).to_have_count(1)
    expect(page.get_by_role("progressbar")).to_be_hidden()
    expect(page.get_by_role("button", name="Forget my ticks")).to_be_hidden()
    page.emulate_media(media="print")
    # A border: backgrounds are left off the paper.
    drawn = page.locator(".tick input").evaluate_all(
        "boxes => boxes.map(box => getComputedStyle(box, '::before').borderBottomStyle)"
    )
    assert drawn.count("solid") == 1


def test_code_without_scripts_is_a_picture_of_the_server(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(CHECKLIST)

    page.get_by_text("Continue on another device").click()

    picture = page.get_by_role("img", name="QR code of the link to this checklist")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.bounding_box()["width"] == 220


# Steps that come after others


def test_step_that_must_wait_says_for_which(checklist: Page) -> None:
    step = waiting_step(checklist)
    box = step.get_by_role("checkbox").first

    press(box)

    expect(box).not_to_be_checked()
    message = step.get_by_role("alert")
    expect(message).to_contain_text("Not yet. First do, and tick:")
    number = step.locator("[data-first] a").first.get_attribute("href")
    first = checklist.locator(number)
    link = message.get_by_role("link", name=first.locator("h3").inner_text().strip())
    link.click()
    expect(first).to_be_in_viewport()
    assert checklist.evaluate("localStorage.length") == 0


def test_step_can_be_ticked_once_those_before_it_are(checklist: Page) -> None:
    step = waiting_step(checklist)
    identifier = step.get_attribute("id")
    press(step.get_by_role("checkbox").first)
    expect(step.get_by_role("alert")).to_be_visible()

    # Those before it may wait for others in turn.
    for _ in range(30):
        own = checklist.locator(f"#{identifier} > .tick input")
        if own.get_attribute("aria-disabled") is None:
            break
        free = free_boxes(checklist).and_(checklist.locator(":not(:checked)"))
        free.first.check()
    checklist.locator(f"#{identifier}").get_by_role("checkbox").first.check()

    expect(checklist.get_by_role("alert")).to_have_count(0)
    expect(checklist.locator(f"#{identifier} > .tick input")).to_be_checked()


# To another device


def test_link_takes_the_ticks_to_another_device(
    checklist: Page, open_context: Callable[..., BrowserContext]
) -> None:
    free_boxes(checklist).first.check()
    free_boxes(checklist).and_(checklist.locator(":not(:checked)")).first.check()
    link = open_hand_over(checklist)
    other = open_context().new_page()
    other.goto(address_of(CASE, "checklist"))
    free_boxes(other).last.check()
    kept = ticked(other)

    # The page is open already: only what stands behind the # changes.
    other.goto(link)

    told = other.get_by_text("The ticks from your other device are here.")
    expect(told).to_be_visible()
    assert set(ticked(other)) == {*kept, *ticked(checklist)}
    assert urlsplit(other.url).fragment == ""
    other.reload()
    assert set(ticked(other)) == {*kept, *ticked(checklist)}
    expect(told).to_be_hidden()


def test_link_with_ticks_opens_on_a_fresh_device(
    checklist: Page, open_context: Callable[..., BrowserContext]
) -> None:
    free_boxes(checklist).first.check()
    link = open_hand_over(checklist)
    other = open_context().new_page()

    # Another edition, and no canonical address: the fragment outlives the redirect.
    other.goto(re.sub(r"&v=\d+", "", link))

    expect(progress(other)).to_have_text(re.compile("^1 of"))
    assert ticked(other) == ticked(checklist)
    assert "#" not in other.url


@pytest.mark.parametrize(
    "fragment", ["", "AAAA", "AAA", "A" * 4001, "%3Cb%3E", "__proto__"]
)
def test_broken_ticks_in_a_link_do_no_harm(
    context: BrowserContext, fragment: str
) -> None:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    page.goto(f"{CHECKLIST}#ticks={fragment}")

    expect(progress(page)).to_have_text(re.compile("^0 of"))
    assert errors == []


@pytest.mark.parametrize("rest", ["AA", "AAAA", "%E4%BD%A0"])
def test_ticks_that_fit_no_step_are_told(
    checklist: Page, open_context: Callable[..., BrowserContext], rest: str
) -> None:
    free_boxes(checklist).first.check()
    link = open_hand_over(checklist)
    other = open_context().new_page()

    other.goto(link + rest)

    expect(progress(other)).to_have_text(re.compile("^1 of"))
    expect(other.get_by_text("Some ticks in the link fit no step here")).to_be_visible()
    expect(other.get_by_text("ticks from your other device are here")).to_be_visible()
    assert "#" not in other.url


def test_link_leaves_out_what_was_told_here(checklist: Page) -> None:
    checklist.goto(CHECKLIST + "&dropped=operator.unknown#ticks=")

    assert "dropped" not in open_hand_over(checklist)


def test_link_is_copied(checklist: Page, context: BrowserContext, site: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    free_boxes(checklist).first.check()
    link = open_hand_over(checklist)

    checklist.get_by_role("button", name="Copy the link").click()

    expect(checklist.get_by_text("Copied.")).to_be_visible()
    assert checklist.evaluate("navigator.clipboard.readText()") == link
    assert "#ticks=" in link


def test_codes_in_links_differ_for_all_steps(checklist: Page) -> None:
    codes = [row["slug"] for row in rows("step")]

    short = checklist.evaluate(
        """async codes => {
            const address = document.querySelector('script[type=module]').src;
            return codes.map((await import(address)).short);
        }""",
        codes,
    )

    assert len(set(short)) == len(codes)
    assert all(re.fullmatch(r"[\w-]{4}", code) for code in short)


# The QR codes of the browser


def encoded(page: Page, texts: list[str], mask: int | None = None) -> list[dict]:
    """Return what the encoder of the page makes of *texts*."""
    return page.evaluate(
        """async ([texts, mask]) => {
            const address = document.getElementById('ticks').dataset.encoder;
            const { encode } = await import(address);
            return texts.map(text => encode(text, mask ?? undefined));
        }""",
        [texts, mask],
    )


def as_rows(code: segno.QRCode) -> list[list[int]]:
    return [list(row) for row in code.matrix]


@pytest.fixture
def strict_segno(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make segno pad as the standard asks: it adds a byte of zeros too many."""
    monkeypatch.setattr(
        segno.encoder,
        "write_padding_bits",
        lambda buffer, version, length: buffer.extend([0] * (-length % 8)),
    )


@pytest.mark.usefixtures("strict_segno")
def test_code_is_the_one_that_segno_draws(checklist: Page) -> None:
    link = "https://sim-exit.example/nl/checklist/?goal=stop&v=1#ticks=Ab_-"
    texts = [(link * 40)[:length] for length in (1, 17, 18, 78, 155, 231, 460, 1400)]
    texts += [link, "短信 é"]

    for mask in range(8):
        for text, code in zip(texts, encoded(checklist, texts, mask), strict=True):
            wanted = segno.make_qr(
                text,
                error="l",
                mode="byte",
                encoding="utf-8",
                mask=mask,
                boost_error=False,
            )
            assert code["version"] == wanted.version
            assert code["rows"] == as_rows(wanted), (mask, text)


@pytest.mark.usefixtures("strict_segno")
def test_code_has_every_version(checklist: Page) -> None:
    full = [17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586]
    full += [644, 718, 792, 858, 929, 1003, 1091, 1171, 1273, 1367, 1465, 1528, 1628]
    full += [1732, 1840, 1952, 2068, 2188, 2303, 2431, 2563, 2699, 2809, 2953]
    texts = ["x" * length for length in full]

    codes = encoded(checklist, texts, 3)

    assert [code["version"] for code in codes] == list(range(1, 41))
    for text, code in zip(texts, codes, strict=True):
        wanted = segno.make_qr(text, error="l", mode="byte", mask=3, boost_error=False)
        assert code["rows"] == as_rows(wanted), len(text)
    assert encoded(checklist, ["x" * 2954]) == [None]


@pytest.mark.usefixtures("strict_segno")
def test_code_on_the_page_holds_the_link(checklist: Page) -> None:
    free_boxes(checklist).first.check()
    link = open_hand_over(checklist)
    picture = checklist.get_by_role("img", name="QR code of the link to this checklist")
    drawn = picture.locator("path").last.get_attribute("d")

    (code,) = encoded(checklist, [link])
    wanted = segno.make_qr(
        link, error="l", mode="byte", mask=code["mask"], boost_error=False
    )

    dark = {
        (x + 4, y + 4)
        for y, row in enumerate(wanted.matrix)
        for x, bit in enumerate(row)
        if bit
    }
    found = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawn)}
    assert found == dark


# What leaves the page


def test_no_tick_ever_leaves_the_page(
    context: BrowserContext, open_context: Callable[..., BrowserContext]
) -> None:
    asked: list[Request] = []
    context.on("request", lambda request: asked.append(request))
    page = context.new_page()
    walk(page, CASE)
    expect(progress(page)).to_have_text(COUNT)
    before = len(asked)

    for _ in range(3):
        free_boxes(page).and_(page.locator(":not(:checked)")).first.check()
    link = open_hand_over(page)
    expect(page.locator(".code svg")).to_be_visible()
    press(waiting_step(page).get_by_role("checkbox").first)
    page.reload()
    expect(progress(page)).to_have_text(re.compile("^3 of"))
    other = open_context()
    other.on("request", lambda request: asked.append(request))
    second = other.new_page()
    second.goto(link)
    expect(progress(second)).to_have_text(re.compile("^3 of"))
    second.get_by_role("link", name="中文").click()
    expect(second.locator(".tick :checked")).to_have_count(3)

    codes = ticked(second)
    fragment = urlsplit(link).fragment.partition("=")[2]
    assert len(codes) == 3
    assert len(fragment) == 12
    assert len(asked) > before
    secrets = [fragment, *(fragment[i : i + 4] for i in (0, 4, 8)), "ticks="]
    secrets += [code for code in codes if code not in CHECKLIST]
    for request in asked:
        assert request.method == "GET"
        assert request.post_data is None
        # Playwright shows the fragment too, which no browser sends.
        sent = json.dumps([request.url.partition("#")[0], request.all_headers()])
        assert not [secret for secret in secrets if secret in sent], sent
