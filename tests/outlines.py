"""Checklists of the cases, as documents are made of them."""

from datetime import date
from urllib.parse import urlencode

from guide.days_off import public_holidays
from guide.documents.outline import Outline, Page, outline
from guide.flow.content import Guide
from guide.flow.engine import checklist, resolve
from tests.cases import CASES

TODAY = date(2026, 11, 22)
SITE = "https://sim-exit.example"

# Nearly everything that can be ticked is ticked.
LONG = CASES["proximus"] | {
    "linked": [
        *("bank", "itsme", "whatsapp", "wechat", "alipay"),
        *("apple", "google", "other-apps"),
    ],
    "situation": [
        *("discounted-phone", "first-six-months", "unpaid-bill"),
        *("direct-debit", "rented-equipment"),
    ],
    "place": ["abroad"],
}


def outline_of(
    guide: Guide,
    answers: dict[str, list[str]],
    *,
    language: str = "en",
    today: date = TODAY,
    publication: int = 1,
) -> Outline:
    """Return the outline of a complete set of answers."""
    position = resolve(guide, answers, today)
    assert position.question is None, position.question.slug
    query = urlencode([*answers.items(), ("v", "1")], doseq=True)
    page = Page(
        address=f"{SITE}/{language}/checklist/?{query}",
        change_end="",
        publication=publication,
        published_on=date(2026, 11, 20),
        today=today,
    )
    days_off = public_holidays(today.year)
    result = checklist(guide, position, today, days_off=days_off)
    return outline(guide, position, result, language=language, page=page)
