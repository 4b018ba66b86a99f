"""How an operator is reached: which ways fit a case, and how each is shown."""

import re

from guide import wording
from guide.flow.conditions import holds
from guide.flow.content import Channel
from guide.flow.engine import Checklist, Position, doubt

WITHDRAW = "withdraw"
BELGIUM = "+32"
PHONE = re.compile(r"\+?[\d ./()-]{3,}")


def link_of(channel: Channel) -> str:
    """Return the link that a channel's value makes, "" if none."""
    value = channel.value
    if value.startswith(("https://", "http://")):
        return value
    if channel.kind == "phone" and value:
        return "tel:" + re.sub(r"[^\d+]", "", in_international_form(value))
    if "@" in value and " " not in value:
        return f"mailto:{value}"
    return ""


def short_address(address: str) -> str:
    """Return what a reader needs of an address: the site, the number to dial."""
    if PHONE.fullmatch(address):
        return in_international_form(address)
    if not address.startswith(("https://", "http://")):
        return address
    site = address.partition("//")[2].partition("/")[0]
    return site.removeprefix("www.")


def in_international_form(number: str) -> str:
    """
    Return a phone number as it is dialled from anywhere.

    Args:
        number: As an editor wrote it: +32 2 …, 02 …, 0032 2 …, +32 (0)2 …, or a short
            number such as 1999, for which there is no other form.
    """
    number = " ".join(number.replace("(0)", " ").split())
    if number.startswith("00"):
        return "+" + number[2:].lstrip()
    if number.startswith("0"):
        return f"{BELGIUM} {number[1:].lstrip()}"
    return number


def channels_of_case(checklist: Checklist, position: Position) -> tuple[Channel, ...]:
    """
    Return all ways to reach the operator that fit a case, by purpose.

    What works from abroad leads its purpose. A form to withdraw ends no line: it is
    there only where a step or a letter of the checklist speaks of withdrawing.
    """
    if checklist.operator is None:
        return ()
    told = {item.step.shows_channels for item in checklist.steps}
    told |= {letter.shows_channels for letter in checklist.letters}
    purposes = list(wording.PURPOSES)
    found = [
        channel
        for channel in checklist.operator.channels
        if holds(channel.when, position.known)
        and (channel.purpose != WITHDRAW or WITHDRAW in told)
    ]
    return tuple(
        sorted(found, key=lambda c: (purposes.index(c.purpose), doubt(c.works_abroad)))
    )
