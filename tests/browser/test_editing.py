"""Forms and lists of the desk in a real browser: dragging, keyboard, two windows."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

Opener = Callable[..., Page]


@pytest.fixture
def open_desk(
    open_context: Callable[..., BrowserContext],
    site_password: str,
    same_content_after: None,
) -> Iterator[Opener]:
    """Sign in as an editor; no page may report an error."""
    problems: list[str] = []

    def sign_in(**options: object) -> Page:
        size = {"viewport": {"width": 1280, "height": 900}}
        page = open_context(**(size | options)).new_page()
        page.on(
            "console",
            lambda m: problems.append(m.text) if m.type == "error" else None,
        )
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto("/admin/login/?next=/admin/guide/question/")
        page.get_by_label("Username").fill("editor")
        page.get_by_label("Password").fill(site_password)
        page.get_by_role("button", name="Log in").click()
        expect(page).to_have_url(re.compile("/admin/guide/question/$"))
        return page

    yield sign_in
    assert problems == []


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".success")).to_be_visible()


def titles(page: Page) -> list[str]:
    return page.locator("#result_list tbody th a").all_inner_texts()


def row_of(page: Page, title: str) -> Locator:
    return page.locator("#result_list tbody tr").filter(has_text=title)


def drag(page: Page, row: Locator, onto: Locator, *, lower_half: bool) -> None:
    handle = row.locator(".drag-handle")
    handle.scroll_into_view_if_needed()
    start, end = handle.bounding_box(), onto.bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    height = end["height"] * (0.8 if lower_half else 0.2)
    page.mouse.move(start["x"] + 5, end["y"] + height, steps=12)
    page.mouse.up()


def add_question(page: Page, title: str) -> None:
    page.goto("/admin/guide/question/add/")
    page.get_by_label("Code").first.fill("pin")
    page.get_by_label("Kind").select_option(label="One answer")
    page.get_by_label("Question: English").fill(title)
    page.get_by_role("radio", name="Nederlands").check()
    page.get_by_label("Question: Nederlands").fill("Kent u de pincode?")
    answers = page.locator(".row-inside")
    expect(answers.filter(visible=True)).to_have_count(0)
    for count in (1, 2):
        page.get_by_role("button", name="Add another answer").click()
        expect(answers.filter(visible=True)).to_have_count(count)
        expect(answers.nth(count - 1).locator("summary")).to_be_focused()
    for number, (code, label) in enumerate((("yes", "Yes"), ("no", "No"))):
        answers.nth(number).get_by_label("Code").fill(code)
        answers.nth(number).get_by_label("Answer: English").fill(label)
        answers.nth(number).get_by_label("Answer: Nederlands").fill(f"{label} (nl)")
    save(page)


def test_question_with_two_answers_goes_between_two_others_by_dragging(
    open_desk: Opener,
) -> None:
    page = open_desk()
    add_question(page, "Do you know the PIN?")
    page.goto("/admin/guide/question/")
    assert titles(page)[-1] == "Do you know the PIN?"

    with page.expect_response(re.compile("/move/")):
        drag(
            page,
            row_of(page, "Do you know the PIN?"),
            row_of(page, "What kind of line is it?"),
            lower_half=True,
        )

    expect(page.locator("[data-said]")).to_contain_text("now stands at place 3 of 10")
    wanted = ["What kind of line is it?", "Do you know the PIN?"]
    assert titles(page)[1:3] == wanted
    page.reload()
    assert titles(page)[1:3] == wanted
    page.get_by_role("link", name="Do you know the PIN?").click()
    expect(page.locator(".row-inside summary").filter(visible=True)).to_contain_text(
        ["Yes · yes", "No · no"]
    )


def test_question_moves_with_the_keyboard_and_says_where_it_stands(
    open_desk: Opener,
) -> None:
    page = open_desk()
    button = page.get_by_role("button", name="Move “Where are you?” up")

    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_contain_text("at place 7 of 9")
    expect(button).to_be_focused()
    page.keyboard.press("Space")

    expect(page.locator("[data-said]")).to_contain_text("at place 6 of 9")
    page.reload()
    assert titles(page)[5] == "Where are you?"


def test_answers_move_inside_their_question_and_are_kept_by_saving(
    open_desk: Opener,
) -> None:
    page = open_desk()
    page.get_by_role("link", name="Where are you?").click()
    answers = page.locator(".row-inside:not(.row-inside-new) summary")
    expect(answers).to_have_count(3)
    before = [text.split("·")[0].strip() for text in answers.all_inner_texts()]
    first, second, third = before

    page.get_by_role("button", name=re.compile(f"Move .*{first}.* down")).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#choices-group [data-said]")).to_contain_text("place 2 of")
    rows = page.locator(".row-inside")
    drag(
        page,
        rows.filter(has_text=third).first,
        rows.filter(has_text=second).first,
        lower_half=False,
    )
    save(page)

    page.get_by_role("link", name="Where are you?").first.click()
    expect(answers).to_contain_text([third, second, first])


def test_one_language_stands_beside_english_and_is_remembered(
    open_desk: Opener,
) -> None:
    page = open_desk()
    page.get_by_role("link", name="Where are you?").click()
    dutch = page.get_by_label("Question: Nederlands")
    chinese = page.get_by_label("Question: 简体中文")
    expect(chinese).to_be_visible()
    expect(dutch).to_be_hidden()

    page.get_by_role("radio", name="简体中文").focus()
    page.keyboard.press("ArrowRight")

    expect(dutch).to_be_visible()
    expect(chinese).to_be_hidden()
    expect(page.get_by_label("Question: English")).to_be_visible()
    page.reload()
    expect(dutch).to_be_visible()
    page.get_by_role("radio", name="All").check()
    for name in ("简体中文", "Nederlands", "Français", "Deutsch"):
        expect(page.get_by_label(f"Question: {name}")).to_be_visible()


def test_a_wrong_text_is_shown_even_in_a_hidden_language(open_desk: Opener) -> None:
    page = open_desk()
    page.get_by_role("link", name="Where are you?").click()
    page.get_by_role("radio", name="Deutsch").check()
    page.get_by_label("Question: Deutsch").fill("Wo ist {wer}?")
    page.get_by_role("radio", name="Nederlands").check()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_label("Question: Deutsch")).to_be_visible()
    expect(page.get_by_text("Nothing can fill in “{wer}”")).to_be_visible()
    expect(page.get_by_label("Question: Deutsch")).to_have_value("Wo ist {wer}?")


def test_condition_is_read_out_while_it_is_chosen(open_desk: Opener) -> None:
    page = open_desk()
    page.goto("/admin/guide/faqentry/add/")
    sentence = page.locator(".condition-sentence")
    expect(sentence).to_have_text("Shown to everybody.")

    only = page.get_by_role("group", name="Only for operators")
    only.get_by_label("Find").fill("scar")
    expect(only.get_by_label("Proximus")).to_be_hidden()
    only.get_by_label("Scarlet").check()

    expect(sentence).to_have_text(re.compile("^Shown when the operator is .?Scarlet"))
    sources = page.get_by_role("group", name="Sources")
    sources.get_by_label("Add").fill("law-s49")
    page.keyboard.press("Enter")
    expect(sources.get_by_role("checkbox")).to_be_checked()
    expect(page).to_have_url(re.compile("/add/$"))


def test_a_source_is_found_by_several_words_with_the_keyboard(
    open_desk: Opener,
) -> None:
    page = open_desk()
    page.goto("/admin/guide/step/add/")
    sources = page.get_by_role("group", name="Sources")
    box = sources.get_by_label("Add")

    box.press_sequentially("consumer porting")
    options = sources.get_by_role("listbox").get_by_role("option")
    expect(options).to_have_count(1)
    expect(options).to_contain_text("Consumer FAQ - number porting")
    page.keyboard.press("ArrowDown")
    expect(options).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(sources.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    ticked = sources.get_by_role("checkbox", name="Consumer FAQ - number porting")
    expect(ticked).to_be_checked()
    expect(box).to_have_value("")
    expect(page).to_have_url(re.compile("/add/$"))


def test_a_new_source_comes_back_from_its_window(open_desk: Opener) -> None:
    page = open_desk()
    page.goto("/admin/guide/step/add/")
    sources = page.get_by_role("group", name="Sources")

    with page.expect_popup() as opened:
        sources.get_by_role("link", name=re.compile("New source")).click()
    window = opened.value
    window.get_by_label("Title").fill("Terms, and conditions")
    window.get_by_label("Publisher").fill("Testel")
    window.get_by_label("Confidence").select_option("Official")
    with window.expect_event("close"):
        window.get_by_role("button", name="Save", exact=True).click()

    added = sources.get_by_role("checkbox", name="Testel: Terms, and conditions")
    expect(added).to_be_checked()
    expect(sources.get_by_label("Add")).to_have_value("")


def test_two_windows_at_the_same_row_lose_nothing(open_desk: Opener) -> None:
    first, second = open_desk(), open_desk()
    for page in (first, second):
        page.get_by_role("link", name="Where are you?").click()
        page.get_by_role("radio", name="Nederlands").check()
    second.get_by_label("Question: English").fill("Where do you live?")
    save(second)

    first.get_by_label("Question: English").fill("Where are you now?")
    first.get_by_label("Question: Nederlands").fill("Waar bent u nu?")
    first.get_by_role("button", name="Save", exact=True).click()

    said = first.get_by_role("group", name="What somebody else changed")
    expect(said).to_contain_text("You changed it yourself in another window")
    expect(said).to_contain_text("Where do you live?")
    expect(first.get_by_label("Question: Nederlands")).to_have_value("Waar bent u nu?")
    save(first)
    assert "Where are you now?" in titles(first)


def test_the_form_of_a_big_operator_opens_soon_and_saves(open_desk: Opener) -> None:
    page = open_desk()
    page.goto("/admin/guide/operator/")

    page.get_by_role("link", name="Proximus", exact=True).click()
    page.locator("#facts-group summary").first.click()
    fact = page.locator("#facts-0")
    expect(fact.get_by_label("Text: English")).to_be_visible()
    fact.get_by_label("Text: 简体中文").fill("一个新的说明。")
    save(page)


def test_all_works_without_a_script(open_desk: Opener) -> None:
    page = open_desk(java_script_enabled=False)
    page.get_by_role("button", name="Move “Where are you?” up").click()
    expect(page.locator(".success")).to_contain_text("at place 7 of 9")

    page.get_by_role("link", name="Where are you?").first.click()
    for name in ("English", "简体中文", "Nederlands", "Français", "Deutsch"):
        expect(page.get_by_label(f"Question: {name}")).to_be_visible()
    page.get_by_label("Question: Deutsch").fill("Wo sind Sie?")
    page.locator(".row-inside-new summary").click()
    new = page.locator(".row-inside-new")
    new.get_by_label("Code").fill("moon")
    new.get_by_label("Answer: English").fill("On the moon")
    page.get_by_role("button", name=re.compile("Move .* down")).first.click()

    expect(page.locator(".success").first).to_be_visible()
    expect(page.locator(".row-inside summary").last).to_contain_text("New answer")
    expect(page.get_by_label("Question: Deutsch")).to_have_value("Wo sind Sie?")
    expect(page.locator(".rows-inside-list")).to_contain_text("On the moon")
