"""What an editor does from the desk alone, from the first word to rolling back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

WIDE = {"viewport": {"width": 1280, "height": 900}}
PATIENCE_MS = 60_000  # the desk puts the whole draft together; machines are busy
OLD_LINK = (
    "/en/checklist/?goal=stop&line=prepaid&operator=base&card=physical"
    "&situation=credit-left&linked=none&place=belgium&end=skip&v=1"
)

pytestmark = pytest.mark.usefixtures("same_content_after")


@pytest.fixture
def desk(open_context: Callable[..., BrowserContext], site_password: str) -> Page:
    page = open_context(**WIDE).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(site_password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    return page


def go(desk: Page, name: str) -> None:
    """Choose a page of the desk in its bar."""
    bar = desk.get_by_role("navigation", name="Pages of the desk")
    bar.get_by_role("link", name=name, exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_be_visible()


def save(desk: Page) -> None:
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist .success")).to_be_visible(timeout=PATIENCE_MS)


def publish(desk: Page, note: str) -> None:
    go(desk, "Publish")
    desk.get_by_label("What has changed, and why").fill(note)
    desk.get_by_role("button", name="Publish", exact=True).click()
    said = desk.get_by_text("is in force. Visitors see it")
    expect(said).to_be_visible(timeout=PATIENCE_MS)


def read(visitor: Page, address: str, text: str, *, is_there: bool) -> None:
    """Open a page until a publication has arrived: within five seconds."""
    for _ in range(10):
        visitor.goto(address)
        if (visitor.get_by_text(text).count() > 0) is is_there:
            return
        visitor.wait_for_timeout(500)
    raise AssertionError((address, text, is_there))


def inside(desk: Page, region: str) -> Locator:
    """Ask for a new row in a part of the form, and return it."""
    part = desk.get_by_role("region", name=region)
    part.get_by_role("button", name="Add another").click()
    return part.locator(".row-inside").filter(visible=True).last


def in_two_languages(desk: Page, row: Page | Locator, field: str, words: str) -> None:
    row.get_by_label(f"{field}: English").fill(words)
    row.get_by_label(f"{field}: 简体中文").fill(f"中文：{words}")


def add_source(row: Page | Locator, code: str = "law-s1") -> None:
    sources = row.get_by_role("group", name="Sources")
    sources.get_by_label("Add").fill(code)
    sources.get_by_label("Add").press("Enter")
    expect(sources.get_by_role("checkbox")).to_be_checked()


def test_editor_adds_an_operator_publishes_it_and_rolls_back(
    desk: Page, open_context: Callable[..., BrowserContext]
) -> None:
    visitor = open_context().new_page()

    # An operator with a channel and a fact, in two languages; one source forgotten.
    desk.goto("/admin/guide/operator/add/")
    desk.get_by_label("Code", exact=True).first.fill("meermobiel")
    desk.get_by_label("Name", exact=True).fill("Meermobiel")
    desk.get_by_label("Kind", exact=True).first.select_option(
        "Operator without a network"
    )
    desk.get_by_label("Status", exact=True).select_option("Active")
    add_source(desk.get_by_role("group", name="Sources and checks").first)
    channel = inside(desk, "Channels")
    channel.get_by_label("What it is for").select_option("Ending the line")
    channel.get_by_label("Kind", exact=True).select_option("E-mail")
    channel.get_by_label("Address or number").fill("stop@meermobiel.example")
    in_two_languages(desk, channel, "What to do", "Write that the line must end.")
    add_source(channel)
    fact = inside(desk, "Facts about operators")
    fact.get_by_label("Topic").select_option("Notice")
    in_two_languages(desk, fact, "Text", "You pay two mnths more.")
    save(desk)

    # The preview shows it; visitors do not see it.
    go(desk, "Preview")
    desk.get_by_role("button", name="Show the draft").click()
    desk.get_by_role("link", name="Operators", exact=True).click()
    desk.get_by_role("link", name="Meermobiel").click()
    # In the short answer, and among all that is known.
    expect(desk.get_by_text("You pay two mnths more.")).to_have_count(2)
    expect(desk.get_by_text("Draft, not published.")).to_be_visible()
    visitor.goto("/en/operators/")
    expect(visitor.get_by_text("Meermobiel")).to_have_count(0)

    # The audit names what is missing, and leads to it.
    desk.goto("/admin/")
    go(desk, "Audit")
    problem = desk.get_by_role("listitem").filter(has_text="E401")
    expect(problem).to_have_count(1)
    problem.get_by_role("link").click()
    expect(desk.get_by_label("Text: English")).to_have_value("You pay two mnths more.")
    add_source(desk)
    save(desk)
    go(desk, "Audit")
    expect(desk.get_by_text("E401")).to_have_count(0)

    publish(desk, "Meermobiel is new.")
    read(visitor, "/en/operators/meermobiel/", "You pay two mnths more.", is_there=True)
    visitor.goto("/zh-hans/operators/meermobiel/")
    expect(visitor.get_by_text("中文：You pay two mnths more.")).to_have_count(2)

    # A mistake: back to what was before, in one step.
    go(desk, "History")
    desk.get_by_role("link", name="1", exact=True).click()
    desk.get_by_role("link", name="Publish this one again").click()
    desk.get_by_label("What has changed, and why").fill("Meermobiel was wrong.")
    desk.get_by_role("button", name="Publish this one again").click()
    said = desk.get_by_text("is in force")
    expect(said).to_be_visible(timeout=PATIENCE_MS)
    read(visitor, "/en/operators/", "Meermobiel", is_there=False)


def test_editor_adds_a_question_between_two_others_and_a_step_for_one_answer(
    desk: Page, open_context: Callable[..., BrowserContext]
) -> None:
    visitor = open_context().new_page()
    visitor.goto(OLD_LINK)
    expect(visitor.get_by_role("heading", name="cut it up, last")).to_be_visible()

    desk.goto("/admin/guide/question/add/")
    desk.get_by_label("Code", exact=True).first.fill("pin")
    desk.get_by_label("Kind", exact=True).select_option("One answer")
    in_two_languages(desk, desk, "Question", "Do you know the PIN?")
    # Whoever has an eSIM is asked nine questions already, and that is the most.
    card = "Is it a physical SIM card or an eSIM?"
    desk.get_by_label("Stands after").select_option(card)
    types = desk.get_by_role("group", name="Only for card types")
    types.get_by_label("Physical SIM card").first.check()
    answers = desk.locator(".row-inside")
    for number, (code, label) in enumerate((("known", "I do"), ("lost", "I do not"))):
        desk.get_by_role("button", name="Add another answer").click()
        answers.nth(number).get_by_label("Code").fill(code)
        in_two_languages(desk, answers.nth(number), "Answer", label)
    save(desk)

    desk.goto("/admin/guide/step/add/")
    desk.get_by_label("Code", exact=True).first.fill("find-pin")
    desk.get_by_label("Phase", exact=True).select_option("Before")
    in_two_languages(desk, desk, "Title", "Find the PIN on the card holder")
    in_two_languages(desk, desk, "What to do", "Look at the plastic around the card.")
    only = desk.get_by_role("group", name="Only for answers")
    only.get_by_label("Find").fill("I do not")
    only.get_by_label("I do not", exact=True).check()
    add_source(desk)
    save(desk)
    publish(desk, "People asked for the PIN.")

    # A link from before asks for nothing but the new question.
    read(visitor, OLD_LINK, "Do you know the PIN?", is_there=True)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Do you know the PIN?")
    visitor.get_by_role("radio", name="I do not").check()
    visitor.locator("main form").get_by_role("button").click()
    expect(visitor).to_have_url(re.compile(r"/checklist/\?.*pin=lost"))
    step = visitor.get_by_role("heading", name="Find the PIN on the card holder")
    expect(step).to_be_visible()
    visitor.goto(visitor.url.replace("pin=lost", "pin=known"))
    expect(visitor.get_by_role("heading", name="cut it up, last")).to_be_visible()
    expect(step).to_have_count(0)
