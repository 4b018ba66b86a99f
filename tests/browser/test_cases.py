"""Whole cases, walked from the start page to the checklist."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import rows, walk
from tests.cases import CASES


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What one person must find on the checklist, and what must not be there."""

    steps: tuple[str, ...]
    channels: dict[str, tuple[str, ...]]  # links of a step, in order
    shown: dict[str, str]  # words of a step that hold in every language
    never: tuple[str, ...]  # steps that would harm this person


EXPECTED = {
    "proximus": Expected(
        steps=(
            "check-contract",
            "unlink-bank",
            "unlink-whatsapp",
            "before-you-leave",
            "papers",
            "save-bills",
            "backup",
            "write-request",
            "cancel-line",
            "ask-confirmation",
            "check-ended",
            "final-bill",
            "delete-esim-iphone",
            "keep-papers",
            "erase-data",
            "reminder",
            "billed-after-end",
            "ombudsman",
        ),
        channels={
            "cancel-line": (
                "https://www.proximus.be/en/id_cr_cancelsub/personal/orphans/"
                "cancel-your-subscription.html",
                "tel:+3280055800",
            )
        },
        shown={"cancel-line": "MyProximus > My Products"},
        # The day is chosen: there is nothing left to choose.
        never=(
            "choose-end-date",
            "destroy-card",
            "delete-esim-samsung",
            "port",
            "stop-prepaid",
        ),
    ),
    "base": Expected(
        steps=(
            "use-up-credit",
            "backup",
            "stop-prepaid",
            "check-ended-prepaid",
            "destroy-prepaid-card",
            "erase-prepaid-data",
            "ombudsman",
        ),
        channels={
            "stop-prepaid": (
                "https://www.base.be/en/support/account-personal-data/"
                "subscription-tariffs/"
                "how-do-you-cancel-your-base-subscription-or-prepaid-card.html",
                "tel:1999",
                "tel:+32486191999",
            )
        },
        shown={"stop-prepaid": "+32 486 19 19 99"},
        never=("cancel-line", "check-contract", "final-bill", "delete-esim-iphone"),
    ),
    "telenet": Expected(
        steps=(
            "check-contract",
            "port-prepare",
            "save-bills",
            "backup",
            "port",
            "check-ported",
            "final-bill",
            "destroy-card",
            "keep-papers",
            "port-trouble",
            "billed-after-end",
            "ombudsman",
        ),
        # The new operator ends the line: no way to end it is offered.
        channels={"port-prepare": (), "port": ()},
        shown={"port": "Telenet"},
        never=("write-request", "cancel-line", "ask-confirmation", "erase-data"),
    ),
    "airalo": Expected(
        steps=(
            "travel-renewal-off",
            "travel-refund",
            "check-travel-ended",
            "delete-prepaid-esim-iphone",
            "travel-account",
            "travel-dispute",
        ),
        channels={
            "travel-renewal-off": ("https://www.airalo.com",),
            "travel-refund": ("https://www.airalo.com",),
        },
        shown={"travel-renewal-off": "My eSIMs > DETAILS > RENEWALS"},
        never=("cancel-line", "port", "destroy-card", "ombudsman", "unlink-bank"),
    ),
    "mobile-vikings": Expected(
        steps=(
            # A thief does not wait until the papers are together.
            "lost-block",
            "lost-replace",
            "unlink-bank",
            "papers",
            "write-request",
            "cancel-line",
            "ask-confirmation",
            "check-ended",
            "final-bill",
            "keep-papers",
            "reminder",
            "billed-after-end",
            "ombudsman",
        ),
        channels={
            "lost-block": ("tel:1976",),
            "cancel-line": (
                "https://mobilevikings.be",
                "mailto:info@mobilevikings.be",
            ),
        },
        shown={"lost-block": "1976"},
        # The card that would be cut up is the one that is gone.
        never=("destroy-card", "backup", "delete-esim-iphone", "port"),
    ),
}

# Steps after which nothing can be undone: only when the line is known to have ended.
LAST = (
    *("destroy-card", "destroy-prepaid-card"),
    *("delete-esim-iphone", "delete-prepaid-esim-iphone"),
)
CHECKS = (
    "check-ported",
    "check-ended",
    "check-ended-prepaid",
    "check-travel-ended",
)


def steps_of(page: Page) -> list[str]:
    steps = page.locator("li.step").all()
    return [step.get_attribute("data-step") or "" for step in steps]


def channels_of(page: Page, step: str) -> tuple[str, ...]:
    """Return the links with which a step reaches the operator."""
    links = page.locator(f"[data-step={step}] .channels a.value").all()
    return tuple(link.get_attribute("href") or "" for link in links)


def all_channels(page: Page) -> set[str]:
    """Return each number and address on the page, as shown and as linked."""
    links = page.locator(".channels a.value").all()
    addresses = {link.get_attribute("href") or "" for link in links}
    return addresses | set(page.locator(".channels .value").all_text_contents())


def channels_of_others(operator: str) -> set[str]:
    """Return the numbers and addresses that only other operators have."""
    own, others = set(), set()
    for row in rows("channel"):
        known = own if row["operator"] == [operator] else others
        known.add(row.get("value", ""))
    return others - own


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("case", CASES)
def test_case_leads_to_its_own_checklist(phone: Page, case: str, language: str) -> None:
    expected = EXPECTED[case]

    walk(phone, CASES[case], language)

    steps = steps_of(phone)
    assert steps == list(expected.steps)
    assert not set(expected.never) & set(steps)
    for check in set(CHECKS) & set(steps):
        for last in set(LAST) & set(steps):
            assert steps.index(check) < steps.index(last)
    for step, links in expected.channels.items():
        assert channels_of(phone, step) == links
    for step, text in expected.shown.items():
        expect(phone.locator(f"[data-step={step}]")).to_contain_text(text)
    assert not all_channels(phone) & channels_of_others(*CASES[case]["operator"])
