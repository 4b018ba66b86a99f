"""What a visitor does: read a question, choose by its label, go on."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import yaml
from playwright.sync_api import Locator, Page, expect

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
CHECKLIST = re.compile(r"/checklist/\?")

Answers = Mapping[str, Sequence[str]]


@cache
def rows(name: str) -> list[dict]:
    """Return the fields of each row that the fixtures hold of one model."""
    text = (FIXTURES / f"{name}.yaml").read_text(encoding="utf-8")
    return [row["fields"] for row in yaml.safe_load(text)]


def words(row: Mapping[str, str], field: str, language: str) -> str:
    """Return a text in *language*, spaced as a browser shows it."""
    return " ".join(row.get(f"{field}_{language.replace('-', '_')}", "").split())


def title_of(question: str, language: str = "en") -> str:
    """Return the heading under which a question is asked."""
    row = next(row for row in rows("question") if row["slug"] == question)
    return words(row, "title", language)


def label_of(question: str, code: str, language: str = "en") -> str:
    """Return how a screen reader reads a choice: its label, then its hint."""
    choices = [row for row in rows("choice") if row["question"] == [question]]
    for row in choices:
        if row["slug"] == code:
            parts = words(row, "label", language), words(row, "hint", language)
            return " ".join(part for part in parts if part)
    if question == "card":
        row = next(row for row in rows("card_type") if row["slug"] == code)
        return f"{words(row, 'name', language)} {words(row, 'recognise', language)}"
    return next(row["name"] for row in rows("operator") if row["slug"] == code)


def address_of(answers: Answers, page: str = "guide", language: str = "en") -> str:
    """Return the address that holds *answers*."""
    query = urlencode(answers, doseq=True)
    return f"/{language}/{page}/" + (f"?{query}" if query else "")


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def choice(page: Page, question: str, code: str, language: str = "en") -> Locator:
    """Return the radio button or the tick box with the label of a choice."""
    label = label_of(question, code, language)
    inside = page.get_by_role("main")
    radio = inside.get_by_role("radio", name=label, exact=True)
    return radio.or_(inside.get_by_role("checkbox", name=label, exact=True))


def give_answer(
    page: Page, question: str, codes: Sequence[str], language: str = "en"
) -> None:
    """Wait for a question, answer it and go on."""
    expect(heading(page)).to_have_text(title_of(question, language))
    if question == "end" and list(codes) != ["skip"]:
        page.locator("input[type=date]").fill(codes[0])
    else:
        for code in codes:
            choice(page, question, code, language).check()
    page.locator("main form").get_by_role("button").click()


def begin(page: Page, language: str = "en") -> None:
    """Open the start page and begin."""
    page.goto(f"/{language}/")
    page.locator(".actions").get_by_role("link").click()


def walk(page: Page, answers: Answers, language: str = "en") -> None:
    """Go from the start page to the checklist, question by question."""
    begin(page, language)
    for question, codes in answers.items():
        give_answer(page, question, codes, language)
    expect(page).to_have_url(CHECKLIST)


def expect_whole_page(page: Page) -> None:
    """Expect a page with all its parts, each of them once."""
    for role in ("banner", "main", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)
    expect(heading(page)).to_have_count(1)
    expect(page.locator("#languages")).to_have_count(1)
    expect(page.locator("link[rel=stylesheet]")).to_have_count(1)
