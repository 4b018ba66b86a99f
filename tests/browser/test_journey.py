"""The way through the questionnaire: forward, back, sideways and again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.visitor import (
    CHECKLIST,
    address_of,
    begin,
    choice,
    expect_whole_page,
    give_answer,
    heading,
    title_of,
    walk,
)
from tests.cases import CASES

LINES = "/en/guide/?goal=stop"
OPERATORS = "/en/guide/?goal=stop&line=subscription"


@pytest.fixture
def scripted(open_context: Callable[..., BrowserContext]) -> Page:
    """A visitor's phone with JavaScript."""
    return open_context().new_page()


def first_of(case: str, count: int) -> dict[str, list[str]]:
    """Return the first answers of a case."""
    return dict(list(CASES[case].items())[:count])


def change(page: Page, question: str) -> None:
    """Go to an answer from the list of answers on the page."""
    answers = page.get_by_role("group").filter(has_text="Your answers")
    link = answers.get_by_role("link", name=f"Change – {title_of(question)}")
    if not link.is_visible():
        page.get_by_text("Your answers", exact=True).click()
    link.click()


def narrowed(page: Page, text: str) -> list[str]:
    """Return the operators still on offer after typing *text*."""
    page.get_by_label("Type to narrow the list").fill(text)
    return page.locator(".choice:visible b").all_inner_texts()


def results(page: Page) -> list[str]:
    return page.locator("#results").get_by_role("listitem").all_inner_texts()


# Forward


def test_answer_moves_on_without_loading_a_page(scripted: Page) -> None:
    answers = CASES["proximus"]
    begin(scripted)
    scripted.evaluate("window.stillHere = true")

    for number, (question, codes) in enumerate(answers.items(), start=1):
        before = scripted.title()
        give_answer(scripted, question, codes)
        expect(heading(scripted)).not_to_have_text(title_of(question))

        expect(heading(scripted)).to_be_focused()
        assert scripted.title() != before
        assert scripted.title().startswith(heading(scripted).inner_text())
        given = first_of("proximus", number)
        if number < len(answers):
            expect(scripted).to_have_url(address_of(given))
        else:
            expect(scripted).to_have_url(address_of(given, "checklist") + "&v=1")
        assert scripted.evaluate("window.stillHere")


def test_answer_moves_on_to_the_canonical_address(phone: Page) -> None:
    begin(phone)

    give_answer(phone, "goal", ["stop"])
    give_answer(phone, "line", ["subscription"])

    expect(heading(phone)).to_have_text(title_of("operator"))
    expect(phone).to_have_url(OPERATORS)
    canonical = phone.locator("link[rel=canonical]")
    expect(canonical).to_have_count(1)
    expect_whole_page(phone)


def test_nothing_chosen_is_said_to_be_missing(phone: Page) -> None:
    phone.goto("/en/guide/?goal=stop&ask=line")

    expect(heading(phone)).to_have_text(title_of("line"))
    message = phone.get_by_role("alert")
    expect(message).to_have_text("Please choose an answer before you go on.")
    question = phone.get_by_role("main").locator("fieldset")
    expect(question).to_have_attribute("aria-describedby", "errors")


def test_unticked_boxes_are_said_to_be_missing(phone: Page) -> None:
    phone.goto(address_of(first_of("proximus", 5)))
    expect(heading(phone)).to_have_text(title_of("situation"))

    phone.get_by_role("button", name="Continue").click()

    message = phone.get_by_role("alert")
    expect(message).to_have_text("Please choose an answer before you go on.")
    expect(heading(phone)).to_have_text(title_of("situation"))


# Back, forward, again


def test_back_and_forward_show_whole_pages(phone: Page) -> None:
    begin(phone)
    give_answer(phone, "goal", ["stop"])
    give_answer(phone, "line", ["subscription"])
    expect(heading(phone)).to_have_text(title_of("operator"))

    for move, question in (
        (phone.go_back, "line"),
        (phone.go_back, "goal"),
        (phone.go_forward, "line"),
        (phone.go_forward, "operator"),
    ):
        move()

        expect(heading(phone)).to_have_text(title_of(question))
        expect(phone).to_have_title(f"{title_of(question)} – SIM Exit")
        expect_whole_page(phone)


def test_back_and_forward_keep_the_answers(scripted: Page) -> None:
    answers = CASES["proximus"] | {"situation": ["unpaid-bill", "direct-debit"]}
    asked = list(answers)
    place = asked.index("situation")
    given = [dict(list(answers.items())[:count]) for count in range(len(answers) + 1)]
    scripted.goto(address_of(given[place - 1]))
    for question in asked[place - 1 : place + 1]:
        give_answer(scripted, question, answers[question])
    expect(heading(scripted)).to_have_text(title_of(asked[place + 1]))

    for move, number in (
        (scripted.go_back, place),
        (scripted.go_back, place - 1),
        (scripted.go_forward, place),
    ):
        move()

        question = asked[number]
        expect(heading(scripted)).to_have_text(title_of(question))
        expect(heading(scripted)).to_be_focused()
        for code in answers[question]:
            expect(choice(scripted, question, code)).to_be_checked()
        page = f"guide/{question}"
        expect(scripted).to_have_url(address_of(given[number + 1], page))

    scripted.go_forward()
    expect(heading(scripted)).to_have_text(title_of(asked[place + 1]))
    expect(heading(scripted)).to_be_focused()
    expect(scripted).to_have_url(address_of(given[place + 1]))


def test_back_from_the_checklist_keeps_the_day(scripted: Page) -> None:
    walk(scripted, CASES["proximus"])

    scripted.go_back()

    expect(heading(scripted)).to_have_text(title_of("end"))
    expect(scripted.get_by_label("Day", exact=True)).to_have_value("2027-01-15")


def test_back_to_a_question_without_an_answer_has_none(scripted: Page) -> None:
    scripted.goto(address_of(first_of("proximus", 5)))
    scripted.get_by_role("button", name="Continue").click()
    expect(scripted.get_by_role("alert")).to_be_visible()

    scripted.go_back()

    expect(scripted.get_by_role("alert")).to_have_count(0)
    expect(heading(scripted)).to_have_text(title_of("situation"))
    expect(scripted).to_have_url(address_of(first_of("proximus", 5)))
    expect(scripted.get_by_role("checkbox", checked=True)).to_have_count(0)


def test_back_to_a_question_lets_the_visitor_go_on(phone: Page) -> None:
    begin(phone)
    give_answer(phone, "goal", ["stop"])
    expect(heading(phone)).to_have_text(title_of("line"))

    phone.go_back()
    give_answer(phone, "goal", ["lost"])

    expect(heading(phone)).to_have_text(title_of("line"))
    expect(phone).to_have_url("/en/guide/?goal=lost")


def test_back_from_elsewhere_shows_a_whole_page(phone: Page) -> None:
    begin(phone)
    give_answer(phone, "goal", ["stop"])
    expect(heading(phone)).to_have_text(title_of("line"))

    phone.goto("/robots.txt")
    phone.go_back()

    expect(heading(phone)).to_have_text(title_of("line"))
    expect_whole_page(phone)


def test_back_link_shows_the_answer_given(phone: Page) -> None:
    phone.goto(OPERATORS)

    phone.get_by_role("link", name="Back", exact=True).click()

    expect(heading(phone)).to_have_text(title_of("line"))
    expect(choice(phone, "line", "subscription")).to_be_checked()


def test_reload_shows_a_whole_page(phone: Page) -> None:
    begin(phone)
    give_answer(phone, "goal", ["stop"])
    expect(heading(phone)).to_have_text(title_of("line"))

    phone.reload()

    expect(heading(phone)).to_have_text(title_of("line"))
    expect_whole_page(phone)


def test_reload_of_a_checklist_shows_a_whole_page(phone: Page) -> None:
    walk(phone, CASES["airalo"])

    phone.reload()

    expect_whole_page(phone)
    expect(phone.locator("li.step")).not_to_have_count(0)


# Another language


def test_language_switch_keeps_the_answers_of_a_question(phone: Page) -> None:
    begin(phone)
    give_answer(phone, "goal", ["stop"])
    expect(heading(phone)).to_have_text(title_of("line"))

    phone.get_by_role("link", name="中文").click()

    expect(phone).to_have_url("/zh-hans/guide/?goal=stop")
    expect(heading(phone)).to_have_text(title_of("line", "zh-hans"))
    expect_whole_page(phone)


def test_language_switch_keeps_the_answers_of_a_checklist(phone: Page) -> None:
    answers = CASES["base"]
    walk(phone, answers)
    steps = phone.locator("li.step").count()

    phone.get_by_role("link", name="中文").click()

    address = address_of(answers, "checklist", "zh-hans")
    expect(phone).to_have_url(f"{address}&v=1")
    expect(phone.locator("li.step")).to_have_count(steps)
    expect(phone.locator("html")).to_have_attribute("lang", "zh-Hans")


# A change of mind


def changed_answers(page: Page) -> Locator:
    """Return the notice about answers that were changed, one among other notices."""
    notices = page.get_by_role("status")
    return notices.filter(has_text="Some answers were changed")


def test_changed_answer_keeps_the_later_ones(phone: Page) -> None:
    walk(phone, CASES["base"])

    change(phone, "place")
    give_answer(phone, "place", ["abroad"])

    changed = CASES["base"] | {"place": ["abroad"]}
    expect(phone).to_have_url(address_of(changed, "checklist") + "&v=1")
    expect(changed_answers(phone)).to_have_count(0)


def test_changed_answer_asks_again_what_no_longer_fits(phone: Page) -> None:
    walk(phone, CASES["base"])

    # Credit is only left on a prepaid card.
    change(phone, "line")
    expect(choice(phone, "line", "prepaid")).to_be_checked()
    give_answer(phone, "line", ["subscription"])

    expect(heading(phone)).to_have_text(title_of("situation"))
    expect(phone.get_by_role("alert")).to_have_text(
        "This answer does not go with your other answers, so it was left out."
    )
    give_answer(phone, "situation", ["none"])
    changed = CASES["base"] | {"line": ["subscription"], "situation": ["none"]}
    expect(phone).to_have_url(address_of(changed, "checklist") + "&v=1")


def test_changed_answer_names_those_that_were_dropped(phone: Page) -> None:
    walk(phone, CASES["proximus"])

    # Who keeps the number need not move the accounts.
    change(phone, "goal")
    give_answer(phone, "goal", ["keep-number"])

    expect(phone).to_have_url(CHECKLIST)
    notice = changed_answers(phone)
    expect(notice.get_by_role("listitem")).to_have_text(
        f"{title_of('linked')} This answer does not go with your other answers, "
        "so it was left out."
    )
    assert "linked=" not in phone.url
    assert "end=2027-01-15" in phone.url


# What scripts make easier


def test_none_unticks_the_others(scripted: Page) -> None:
    scripted.goto(address_of(first_of("proximus", 6)))
    expect(heading(scripted)).to_have_text(title_of("linked"))

    choice(scripted, "linked", "bank").check()
    choice(scripted, "linked", "whatsapp").check()
    choice(scripted, "linked", "none").check()

    expect(scripted.get_by_role("checkbox", checked=True)).to_have_count(1)
    expect(choice(scripted, "linked", "none")).to_be_checked()


def test_others_untick_none(scripted: Page) -> None:
    scripted.goto(address_of(first_of("proximus", 6)))

    choice(scripted, "linked", "none").check()
    choice(scripted, "linked", "bank").check()
    choice(scripted, "linked", "whatsapp").check()

    expect(scripted.get_by_role("checkbox", checked=True)).to_have_count(2)
    expect(choice(scripted, "linked", "none")).not_to_be_checked()


def test_none_beside_others_is_not_believed(phone: Page) -> None:
    address = address_of(first_of("proximus", 6))

    phone.goto(f"{address}&linked=none&linked=bank")

    expect(heading(phone)).to_have_text(title_of("place"))
    expect(phone.get_by_role("status")).to_contain_text("We kept the other answers.")
    assert "linked=bank" in phone.url
    assert "linked=none" not in phone.url


def test_date_and_not_known_exclude_each_other(scripted: Page) -> None:
    scripted.goto(address_of(first_of("proximus", 8)))
    day = scripted.get_by_label("Day", exact=True)

    day.fill("2027-01-15")
    choice(scripted, "end", "skip").check()

    expect(day).to_have_value("")
    day.fill("2027-01-15")
    day.blur()
    expect(choice(scripted, "end", "skip")).not_to_be_checked()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("mobistar", "Orange", id="former-name"),
        pytest.param("MOBILE VIKINGS", "Mobile Vikings", id="capitals"),
        pytest.param("heytelecom", "hey!", id="no-space"),
    ],
)
def test_operators_narrow_by_any_of_their_names(
    scripted: Page, typed: str, found: str
) -> None:
    scripted.goto(OPERATORS)
    all_of_them = scripted.locator(".choice:visible").count()

    offered = narrowed(scripted, typed)

    assert found in offered
    assert len(offered) < all_of_them / 2
    scripted.get_by_label("Type to narrow the list").clear()
    expect(scripted.locator(".choice:visible")).to_have_count(all_of_them)


def test_operators_narrowed_to_nothing_still_offer_a_way_on(scripted: Page) -> None:
    scripted.goto(OPERATORS)

    narrowed(scripted, "no such operator")

    # Whoever finds no name must not be left with an empty list.
    expect(choice(scripted, "operator", "proximus")).to_be_hidden()
    expect(choice(scripted, "operator", "other")).to_be_visible()
    expect(choice(scripted, "operator", "unknown")).to_be_visible()


def test_operator_chosen_stays_in_sight_when_the_list_narrows(scripted: Page) -> None:
    scripted.goto(OPERATORS)
    choice(scripted, "operator", "proximus").check()

    offered = narrowed(scripted, "telenet")

    assert "Proximus" in offered
    assert "Telenet" in offered


# The operators


def test_operator_search_narrows_and_survives_back(scripted: Page) -> None:
    scripted.goto("/en/operators/")
    everyone = len(results(scripted))
    search = scripted.get_by_role("searchbox", name="Operator or brand")

    search.press_sequentially("mobistar")
    expect(scripted).to_have_url("/en/operators/?q=mobistar")
    expect(search).to_be_focused()
    found = results(scripted)
    scripted.locator("#results").get_by_role("link", name="Orange").click()
    expect(heading(scripted)).to_contain_text("Cancel Orange in Belgium")
    scripted.go_back()

    assert 0 < len(found) < everyone
    expect(scripted.get_by_role("searchbox")).to_have_value("mobistar")
    expect_whole_page(scripted)
    assert results(scripted) == found


def test_operator_search_works_as_a_form(phone: Page) -> None:
    phone.goto("/en/operators/")

    phone.get_by_role("searchbox", name="Operator or brand").fill("mobistar")
    phone.get_by_role("button", name="Search").click()

    expect(phone).to_have_url("/en/operators/?q=mobistar")
    expect(phone.locator("#results").get_by_role("link")).to_have_text(["Orange"])
    expect_whole_page(phone)


def test_operator_search_without_a_find_leads_on(phone: Page) -> None:
    phone.goto("/en/operators/?q=nobody-by-that-name")

    phone.locator("#results").get_by_role("link").click()

    expect(heading(phone)).to_have_text(title_of("goal"))
