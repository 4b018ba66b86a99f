"""A checklist that was opened once opens again when the line is dead."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.conftest import ROOT
from tests.browser.visitor import address_of, heading, walk
from tests.cases import CASES

CHECKLIST = address_of(CASES["telenet"], "checklist")
OTHER = address_of(CASES["base"], "checklist")
NETWORK_IS_GONE = re.compile(
    r"^You are off line\. What you see here is as of \d+ \w+ 20\d\d, \d\d:\d\d\.$"
)
KEPT_NAMES = "caches.open('sim-exit pages').then(pages => pages.keys())"


@pytest.fixture
def context(open_context: Callable[..., BrowserContext]) -> BrowserContext:
    """A visitor's browser with JavaScript."""
    return open_context()


def kept(page: Page) -> list[str]:
    """Return the addresses of the pages that the device keeps, the oldest first."""
    return page.evaluate(
        f"{KEPT_NAMES}.then(keys => keys.map(key => key.url.replace(origin, '')))"
    )


def wait_until(page: Page, script: str, wanted: object) -> None:
    """Wait until an asynchronous script gives what is wanted."""
    for _ in range(100):
        found = page.evaluate(script)
        if found == wanted:
            return
        page.wait_for_timeout(100)
    assert found == wanted


def wait_until_kept(page: Page, count: int) -> None:
    wait_until(page, f"{KEPT_NAMES}.then(keys => keys.length)", count)


def open_and_keep(context: BrowserContext, address: str = CHECKLIST) -> Page:
    page = context.new_page()
    page.goto(address)
    wait_until_kept(page, 1)
    return page


def manage(site_folder: Path, *command: str) -> None:
    """Run a command of manage.py on the site of the browser tests."""
    environment = {
        "DATABASE_URL": f"sqlite://{site_folder / 'guide.sqlite3'}",
        "SECRET_KEY": "only-for-tests-0123456789abcdefghijklmnopqrstuvwxyz",
        "HTTPS": "0",
        "PATH": "",
    }
    subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
    )


# Off line


def test_checklist_opens_again_with_its_ticks(context: BrowserContext) -> None:
    page = open_and_keep(context)
    box = page.locator("li.step input:visible:not([aria-disabled])").first
    box.check()
    title = heading(page).inner_text()
    address = page.url
    page.close()
    context.set_offline(True)

    page = context.new_page()
    page.goto(address)

    expect(heading(page)).to_have_text(title)
    expect(page.locator("[data-off-line] [data-words]")).to_have_text(NETWORK_IS_GONE)
    expect(page.locator(".tick :checked")).to_have_count(1)
    rule = page.locator("h1").evaluate("h1 => getComputedStyle(h1).fontWeight")
    assert rule == "600"  # as the stylesheet has it


def test_what_is_ticked_off_line_is_there_on_line(context: BrowserContext) -> None:
    page = open_and_keep(context)
    context.set_offline(True)
    page.reload()
    page.locator("li.step input:visible:not([aria-disabled])").first.check()
    page.get_by_text("Continue on another device").click()
    expect(page.locator(".code svg")).to_be_visible()

    context.set_offline(False)
    page.get_by_role("link", name="The network is back: load this page again").click()

    expect(page.locator("[data-off-line]")).to_be_hidden()
    expect(page.locator(".tick :checked")).to_have_count(1)


def test_checklist_reached_through_the_questions_is_kept(
    context: BrowserContext,
) -> None:
    page = context.new_page()
    walk(page, CASES["telenet"])
    wait_until_kept(page, 1)
    context.set_offline(True)

    page.reload()

    # A whole page, and not the fragment that htmx had asked for.
    expect(page.get_by_role("contentinfo")).to_be_visible()
    expect(page.locator("[data-off-line] [data-words]")).to_have_text(NETWORK_IS_GONE)


def test_link_without_edition_opens_off_line(context: BrowserContext) -> None:
    page = open_and_keep(context)
    context.set_offline(True)

    page.goto(CHECKLIST + "&v=999#ticks=AAAA")

    expect(page.locator("[data-off-line] [data-words]")).to_have_text(NETWORK_IS_GONE)


@pytest.mark.parametrize("path", ["/", "/en/operators/", OTHER])
def test_what_is_not_kept_leads_to_what_is(context: BrowserContext, path: str) -> None:
    page = open_and_keep(context)
    name = heading(page).inner_text()
    context.set_offline(True)

    page.goto(path)

    expect(heading(page)).to_have_text("Kept on this device")
    expect(page.get_by_text("the page you want is not kept")).to_be_visible()
    page.get_by_role("link", name=name).click()
    expect(page.locator("[data-off-line] [data-words]")).to_have_text(NETWORK_IS_GONE)


@pytest.mark.parametrize("language", ["zh-hans", "nl", "fr", "de"])
def test_list_of_what_is_kept_opens_in_every_language(
    context: BrowserContext, language: str
) -> None:
    page = open_and_keep(context)
    context.set_offline(True)

    page.goto(f"/{language}/faq/")

    html = page.locator("html")
    expect(html).to_have_attribute("lang", re.compile(language, re.I))
    expect(page.locator("[data-kept-list] a")).to_have_count(1)


def test_letters_of_the_checklist_open_off_line(context: BrowserContext) -> None:
    page = open_and_keep(context)
    links = page.locator(".section.letters a")
    names = links.all_inner_texts()
    count = "caches.open('sim-exit letters').then(c => c.keys()).then(k => k.length)"
    wait_until(page, count, len(names))
    # An opened letter is no checklist: its links are not fetched.
    page.goto(page.locator(".section.letters a").first.get_attribute("href"))
    wait_until_kept(page, 2)
    page.wait_for_timeout(500)
    assert page.evaluate(count) == len(names)
    page.go_back()
    context.set_offline(True)

    page.get_by_role("link", name=names[-1], exact=True).last.click()

    expect(heading(page)).to_have_text(names[-1])
    expect(page.locator("[data-off-line] [data-words]")).to_have_text(NETWORK_IS_GONE)
    page.get_by_label("mobile number").fill("0470 12 34 56")
    expect(page.get_by_role("article")).to_contain_text("0470 12 34 56")
    page.goto("/en/kept/")
    # The checklist, and the letter that was opened; the checklist leads to the others.
    expect(page.locator("[data-kept-list] a")).to_have_count(2)


def test_question_cannot_be_answered_off_line_and_says_so(
    context: BrowserContext,
) -> None:
    page = open_and_keep(context)
    context.set_offline(True)

    page.get_by_text("Your answers", exact=True).click()
    page.get_by_role("link", name=re.compile("^Change")).first.click()

    expect(page.get_by_text("the page you want is not kept")).to_be_visible()


# With a network


def test_new_publication_replaces_what_is_kept(
    context: BrowserContext, site_folder: Path, same_content_after: None
) -> None:
    page = open_and_keep(context)
    second = context.new_page()
    second.goto(OTHER)
    wait_until_kept(second, 2)
    title = "A step that an editor has named anew"
    with closing(sqlite3.connect(site_folder / "guide.sqlite3", timeout=30)) as base:
        base.execute("UPDATE guide_step SET title_en = ?", [title])
        base.commit()
    manage(site_folder, "publish")
    page.wait_for_timeout(2500)  # PUBLICATION_RECHECK_SECONDS

    # The network answers: what was kept is not shown.
    page.reload()
    expect(page.get_by_role("heading", name=title).first).to_be_visible()
    # And the other checklist is fetched again in the background.
    wait_until(
        page,
        """async () => {
            const pages = await caches.open('sim-exit pages');
            const found = await Promise.all(
                (await pages.keys()).map(key => pages.match(key)));
            const texts = await Promise.all(found.map(page => page.text()));
            return texts.map(text => text.includes('named anew'));
        }""",
        [True, True],
    )
    context.set_offline(True)
    second.reload()

    expect(second.get_by_role("heading", name=title).first).to_be_visible()
    expect(second.locator("[data-off-line] [data-words]")).to_have_text(NETWORK_IS_GONE)


def test_only_own_cases_are_kept(context: BrowserContext) -> None:
    page = open_and_keep(context)

    for path in ("/en/", "/en/report/", "/en/operators/?q=base", "/admin/", "/en/faq/"):
        page.goto(path)
    page.goto(CHECKLIST)

    assert kept(page) == [CHECKLIST]


def test_fragments_are_not_kept_as_pages(context: BrowserContext) -> None:
    page = open_and_keep(context)

    length = page.evaluate(
        """async () => {
            const fragment = await fetch(location.href, {
                headers: { 'HX-Request': 'true' } });
            await fragment.text();
            const pages = await caches.open('sim-exit pages');
            const found = await pages.match((await pages.keys())[0]);
            return (await found.text()).includes('</html>');
        }"""
    )

    assert length is True
    assert kept(page) == [CHECKLIST]


def test_oldest_pages_make_room(context: BrowserContext) -> None:
    page = open_and_keep(context)
    page.evaluate(
        """async () => {
            const pages = await caches.open('sim-exit pages');
            for (let i = 0; i < 30; i++) {
                await pages.put(`/en/checklist/?old=${i}`, new Response('old'));
            }
        }"""
    )

    page.goto(OTHER)
    wait_until_kept(page, 20)

    assert kept(page)[-1] == OTHER
    assert CHECKLIST not in kept(page)


def test_nothing_is_kept_of_those_who_only_look_around(
    context: BrowserContext,
) -> None:
    asked: list[Request] = []
    context.on("request", lambda request: asked.append(request))
    page = context.new_page()

    for path in ("/en/", "/en/operators/", "/en/guide/?goal=stop", "/en/about/"):
        page.goto(path)
    page.wait_for_timeout(500)

    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
    assert not [request for request in asked if request.url.endswith("/sw.js")]


# Off the device again


@pytest.mark.parametrize("path", ["/en/about/", "/en/kept/"])
def test_everything_can_be_forgotten(context: BrowserContext, path: str) -> None:
    page = open_and_keep(context)
    page.locator("li.step input:visible:not([aria-disabled])").first.check()
    page.goto(path)

    page.get_by_role("button", name="Forget everything on this device").click()
    page.get_by_role("button", name="No, keep it").click()
    assert kept(page) == [CHECKLIST]
    page.get_by_role("button", name="Forget everything on this device").click()
    page.get_by_role("button", name="Yes, forget everything").click()

    expect(page.get_by_text("Everything is forgotten.")).to_be_visible()
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("localStorage.length") == 0
    assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []


def test_list_says_what_is_kept(context: BrowserContext) -> None:
    page = open_and_keep(context)
    name = heading(page).inner_text()

    page.goto("/en/kept/")

    entry = page.get_by_role("main").get_by_role("listitem")
    expect(entry).to_contain_text(re.compile(r"As of \d+ \w+ 20\d\d"))
    expect(page.get_by_text("You are off line")).to_be_hidden()
    entry.get_by_role("link", name=name).click()
    expect(heading(page)).to_have_text(name)


def test_page_works_where_the_browser_keeps_nothing(context: BrowserContext) -> None:
    page = context.new_page()
    page.add_init_script(
        "navigator.serviceWorker.register = async () => { throw new Error('no'); };"
    )
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    page.goto(CHECKLIST)
    page.locator("li.step input:visible:not([aria-disabled])").first.check()

    expect(page.locator(".count")).to_have_text(re.compile("^1 of"))
    assert errors == []
