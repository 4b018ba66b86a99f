"""Phone numbers can be dialled from where the visitor is, or the page says so."""

import re

import msgspec
import pytest
from django.template.loader import render_to_string

from guide.flow.content import Channel, Guide
from guide.reaching import link_of, short_address
from tests.flow.factories import TODAY, make_channel, make_guide

SHORT = re.compile(r"tel:\d{3,5}")
LONG = re.compile(r"tel:\+\d{8,15}")


def phone(value: str, **fields: object) -> Channel:
    return msgspec.structs.replace(make_channel(kind="phone", **fields), value=value)


@pytest.mark.parametrize(
    ("value", "link", "shown"),
    [
        ("+32 2 275 27 27", "tel:+3222752727", "+32 2 275 27 27"),
        ("02 275 27 27", "tel:+3222752727", "+32 2 275 27 27"),
        ("0032 2 275 27 27", "tel:+3222752727", "+32 2 275 27 27"),
        ("+32 (0)2 275 27 27", "tel:+3222752727", "+32 2 275 27 27"),
        ("0800 55 800", "tel:+3280055800", "+32 800 55 800"),
        ("0486/19.19.99", "tel:+32486191999", "+32 486/19.19.99"),
        ("1999", "tel:1999", "1999"),
        ("+86 10086", "tel:+8610086", "+86 10086"),
    ],
)
def test_numbers_are_dialled_in_international_form(
    value: str, link: str, shown: str
) -> None:
    assert link_of(phone(value)) == link
    assert short_address(value) == shown


@pytest.mark.parametrize(
    "value", ["https://www.example.be/1", "help@example.be", "Box 12, 1000 Brussels"]
)
def test_other_addresses_are_no_numbers(value: str) -> None:
    assert "+32" not in short_address(value)


@pytest.mark.parametrize(
    ("works_abroad", "words"),
    [
        (False, "May not work from abroad."),
        (None, "We could not confirm that this number works from abroad."),
        (True, ""),
    ],
)
def test_a_number_says_whether_it_works_from_abroad(
    works_abroad: bool | None, words: str
) -> None:
    channel = phone("1999", works_abroad=works_abroad)
    context = {"channels": [channel], "today": TODAY, "guide": make_guide()}

    html = render_to_string("guide/_channels.html", context)

    assert words in html
    assert ("abroad" in html) is bool(words)


@pytest.mark.django_db
def test_every_number_of_the_guide_can_be_dialled(seed_guide: Guide) -> None:
    phones = [
        channel
        for operator in seed_guide.operators
        for channel in operator.channels
        if channel.kind == "phone" and channel.value
    ]

    assert phones
    for channel in phones:
        link = link_of(channel)
        assert LONG.fullmatch(link) or SHORT.fullmatch(link), channel.slug
        # Nobody has a short number outside Belgium.
        assert not (SHORT.fullmatch(link) and channel.works_abroad), channel.slug
