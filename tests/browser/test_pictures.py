"""The pictures of the start page, as browsers load and show them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.conftest import LANGUAGES

Open = Callable[..., BrowserContext]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_load_and_fit_a_phone(open_context: Open, language: str) -> None:
    page = open_context().new_page()
    page.goto(f"/{language}/")
    height = page.evaluate("document.documentElement.scrollHeight")
    pictures = page.get_by_role("main").get_by_role("img")

    expect(pictures).to_have_count(3)
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_be_in_viewport()
        loaded = "picture => picture.decode().then(() => picture.naturalWidth)"
        # A phone has two or three dots for each pixel that it lays out.
        assert picture.evaluate(loaded) >= 2 * picture.bounding_box()["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # Room was kept for them: nothing below has moved.
    assert page.evaluate("document.documentElement.scrollHeight") == height


def test_pictures_stand_beside_each_other_on_a_wide_screen(open_context: Open) -> None:
    page = open_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto("/en/")
    links = page.get_by_role("listitem").get_by_role("link")
    boxes = [
        link.bounding_box() for link in links.filter(has=page.get_by_role("img")).all()
    ]

    assert len(boxes) == 3
    assert len({round(box["y"]) for box in boxes}) == 1
    assert len({round(box["height"]) for box in boxes}) == 1
    assert boxes[-1]["x"] + boxes[-1]["width"] < 1280


def test_start_button_stays_in_sight_of_a_phone(open_context: Open) -> None:
    page = open_context().new_page()
    page.goto("/en/")

    expect(page.get_by_role("link", name="Start", exact=True)).to_be_in_viewport(
        ratio=1
    )


def test_picture_opens_alone_where_it_can_be_made_larger(open_context: Open) -> None:
    page = open_context().new_page()
    page.goto("/en/")

    with page.expect_navigation() as opened:
        page.get_by_role("link").filter(has=page.get_by_role("img")).first.click()

    assert opened.value.headers["content-type"] == "image/webp"
    assert page.get_by_role("img").bounding_box()["width"] > 200
