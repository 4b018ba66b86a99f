"""The flow map and the coverage map in a real browser."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 400, "height": 800}
ADDRESSES = ["/admin/flow-map/", "/admin/flow-map/?view=list", "/admin/coverage/"]

OpenDesk = Callable[..., Page]


@pytest.fixture
def open_desk(
    open_context: Callable[..., BrowserContext], site_password: str
) -> OpenDesk:
    """Open an editor's browser, signed in; errors on its console fail the test."""

    def open_one(**options: object) -> Page:
        page = open_context(**options).new_page()
        page.goto("/admin/login/?next=/admin/audit/")
        page.get_by_label("Username").fill("editor")
        page.get_by_label("Password").fill(site_password)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/admin/audit/")
        return page

    return open_one


def complaints_of(page: Page) -> list[str]:
    found: list[str] = []
    page.on("console", lambda m: found.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def violations_of(page: Page) -> list[str]:
    """Return what axe finds wrong in the part of the page that is ours."""
    results = Axe().run(page, context="#content")
    return [
        f"{found['id']}: {node['target']}"
        for found in results.response["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_maps_open_without_a_complaint(open_desk: OpenDesk, scheme: str) -> None:
    page = open_desk(viewport=WIDE, color_scheme=scheme)
    complaints = complaints_of(page)

    for address in ADDRESSES:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        assert violations_of(page) == []
    assert complaints == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_overflows_a_narrow_page(open_desk: OpenDesk, address: str) -> None:
    page = open_desk(viewport=NARROW)

    page.goto(address)

    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_the_keyboard_reaches_a_question_and_opens_it(open_desk: OpenDesk) -> None:
    page = open_desk(viewport=WIDE)
    page.goto("/admin/flow-map/?operator=airalo")
    picture = page.get_by_role("region", name="The flow as a picture")

    picture.focus()
    page.keyboard.press("Tab")
    question = picture.get_by_role("link").first
    expect(question).to_be_focused()
    expect(question).to_contain_text("What would you like to do?")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/admin/guide/question/\d+/change/"))


def test_an_answer_shows_what_it_brings_and_rules_out(open_desk: OpenDesk) -> None:
    page = open_desk(viewport=WIDE)
    page.goto("/admin/flow-map/")
    picture = page.get_by_role("region", name="The flow as a picture")

    picture.get_by_role(
        "link", name="Change operator, but keep my number"
    ).first.focus()

    expect(page.locator("[data-node='s-port']")).to_have_class(re.compile("lit"))
    ruled_out = page.locator("[data-node='s-lost-block']")
    expect(ruled_out).to_have_class(re.compile("ruled-out"))
    page.get_by_role("button", name="Show", exact=True).focus()
    expect(ruled_out).not_to_have_class(re.compile("ruled-out"))


@pytest.mark.parametrize("locale", ["en", "de", "zh-CN"])
def test_texts_keep_within_their_boxes(open_desk: OpenDesk, locale: str) -> None:
    page = open_desk(viewport=WIDE, locale="en")
    page.set_extra_http_headers({"Accept-Language": locale})
    page.goto("/admin/flow-map/?each=1")

    outside = page.evaluate(
        """() => [...document.querySelectorAll(".flow-map [data-node] text")]
          .filter((text) => {
            const box = text.closest("[data-node]").querySelector("rect");
            const [inner, outer] = [text.getBBox(), box.getBBox()];
            return inner.x < outer.x || inner.x + inner.width > outer.x + outer.width
              || inner.y < outer.y || inner.y + inner.height > outer.y + outer.height;
          })
          .map((text) => text.textContent.trim())"""
    )

    assert page.locator(".flow-map [data-node] text").count() > 200
    assert outside == []


def test_a_hole_leads_to_the_form_with_what_is_known(open_desk: OpenDesk) -> None:
    page = open_desk(viewport=WIDE)
    page.goto("/admin/coverage/?kind=network")

    hole = page.get_by_role("link", name=re.compile("^Proximus – Confirmation"))
    hole.focus()
    expect(page.locator("[data-cell-words]")).to_contain_text("Proximus – Confirmation")
    hole.press("Enter")

    expect(page).to_have_url(re.compile(r"/admin/guide/operatorfact/add/\?"))
    expect(page.locator("[name=slug]")).to_have_value("proximus-confirmation")
    expect(page.locator("[name=topic]")).to_have_value("confirmation")


def test_the_coverage_map_keeps_its_heads_in_sight(open_desk: OpenDesk) -> None:
    page = open_desk(viewport=NARROW)
    page.goto("/admin/coverage/")
    box = page.get_by_role("region", name="Coverage map")

    box.evaluate("box => box.scrollTo(400, 400)")

    edges = box.evaluate(
        """box => {
          const place = (found) => found.getBoundingClientRect();
          return {
            box: [place(box).left, place(box).top],
            name: place(box.querySelector("tbody tr:nth-child(15) th")).left,
            head: place(box.querySelector(".groups th")).top,
          };
        }"""
    )
    assert abs(edges["name"] - edges["box"][0]) <= 2
    assert abs(edges["head"] - edges["box"][1]) <= 2
