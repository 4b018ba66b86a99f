"""Each page, on a small phone and on a wide screen, in light and in dark."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.visitor import address_of, heading
from tests.cases import CASES

LONGEST = CASES["proximus"]  # the only case that is asked all nine questions
TARGET = 44  # pixels that a finger needs

QUESTIONS = {
    f"question-{question}": address_of(dict(list(LONGEST.items())[:number]))
    for number, question in enumerate(LONGEST)
}
CHECKLISTS = {
    f"checklist-{case}": address_of(answers, "checklist")
    for case, answers in CASES.items()
}
PAGES = {
    "start": "/en/",
    **QUESTIONS,
    "question-missing": "/en/guide/?ask=goal",
    "question-again": address_of(CASES["base"], "guide/line"),
    **CHECKLISTS,
    "operators": "/en/operators/",
    "operators-none": "/en/operators/?q=nobody",
    "operator": "/en/operators/base/",
    "operator-closed": "/en/operators/ortel-mobile/",
    "operator-travel": "/en/operators/holafly/",
    "faq": "/en/faq/",
    "faq-entry": "/en/faq/written-proof/",
    "sources": "/en/sources/",
    "about": "/en/about/",
    "accessibility": "/en/accessibility/",
    "not-found": "/en/nowhere/",
}
EACH_PAGE = pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())

# What a finger must hit. Links in running text are excepted, as in WCAG 2.5.8.
TARGETS = (
    "button, summary, label.choice, input[type=search], input[type=date], nav a, "
    ".name, .actions a, .take a, .recap a, .rows a, .names a, .links a"
)


@pytest.fixture(scope="module")
def screens(browser: Browser, site: str) -> Iterator[dict[str, Page]]:
    """A small phone in light and one in dark, kept open for all pages."""
    contexts = {
        scheme: browser.new_context(
            viewport={"width": 360, "height": 740}, color_scheme=scheme, base_url=site
        )
        for scheme in ("light", "dark")
    }
    yield {scheme: context.new_page() for scheme, context in contexts.items()}
    for context in contexts.values():
        context.close()


def open_all(page: Page, address: str) -> None:
    """Open a page and all that is folded on it."""
    response = page.goto(address)
    assert response is not None
    assert response.ok or "nowhere" in address
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    expect(heading(page)).to_be_visible()


def language_for(address: str, scheme: str) -> str:
    """Return a language: each page has both, and each of them light and dark."""
    is_even = list(PAGES.values()).index(address) % 2 == 0
    return "en" if is_even == (scheme == "light") else "zh-hans"


@EACH_PAGE
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(screens: dict[str, Page], scheme: str, address: str) -> None:
    page = screens[scheme]
    language = language_for(address, scheme)

    open_all(page, address.replace("/en/", f"/{language}/", 1))
    found = Axe().run(page)

    assert found.response["passes"]
    assert found.violations_count == 0, found.generate_report()


@EACH_PAGE
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page_needs_no_sideways_scrolling(
    open_context: Callable[..., BrowserContext], language: str, address: str
) -> None:
    page = open_context().new_page()
    open_all(page, address.replace("/en/", f"/{language}/", 1))

    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 740})

        needed = page.evaluate("document.documentElement.scrollWidth")
        assert needed <= width


@EACH_PAGE
def test_targets_are_large_enough_for_a_finger(
    screens: dict[str, Page], address: str
) -> None:
    page = screens["light"]
    open_all(page, address)

    sizes = page.locator(TARGETS).evaluate_all(
        """found => found
            .filter((e) => e.checkVisibility())
            .map((e) => [e.textContent.trim(), e.getBoundingClientRect().height])"""
    )

    assert sizes
    assert [(text, height) for text, height in sizes if height < TARGET] == []
