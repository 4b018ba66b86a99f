"""How an address or a number of an operator is shown, dialled and followed."""

import re

from guide.flow.content import Channel

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
