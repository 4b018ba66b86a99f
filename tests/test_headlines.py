"""Titles and descriptions: what fits, and what may be said."""

import msgspec
import pytest
from django.utils import translation

from guide import headlines
from guide.flow.content import Guide, Kind, Operator, Term, Text
from guide.flow.in_short import in_short
from guide.headlines import beginning, columns, first_paragraphs, fitting, paragraphs
from tests.flow.factories import (
    make_channel,
    make_choice,
    make_choices,
    make_fact,
    make_faq_entry,
    make_guide,
    make_operator,
    make_question,
)

LINES = ("subscription", "prepaid", "data-only", "pack", "employer")


def guide_of(operator: Operator, *, lines: tuple[str, ...] = LINES) -> Guide:
    questions = (
        make_question(slug="line", choices=make_choices(slugs=(*LINES, "travel-esim"))),
        make_question(
            slug="operator",
            kind=Kind.OPERATOR,
            choices=(
                make_choice(slug=operator.slug, when=(Term("line", lines),)),
                make_choice(slug="other"),
            ),
        ),
    )
    return make_guide(questions=questions, operators=(operator,))


def an_operator(**fields: object) -> Operator:
    return msgspec.structs.replace(make_operator(), **fields)


def a_text(html: str, language: str = "en") -> Text:
    return Text({language: html})


# Operators


@pytest.mark.parametrize(
    ("lines", "esim", "heading"),
    [
        (LINES, None, "subscription, prepaid, data card, pack"),
        (("subscription",), True, "subscription, eSIM"),
        (("subscription",), False, "subscription"),
        (("prepaid", "employer"), None, "prepaid"),
    ],
    ids=["all", "esim", "no-esim", "prepaid"],
)
def test_operator_heading_names_only_the_lines_that_it_has(
    lines: tuple[str, ...], esim: bool | None, heading: str
) -> None:
    operator = an_operator(esim=esim)

    found = headlines.of_operator(guide_of(operator, lines=lines), operator)

    assert found.heading == f"Cancel Meadow in Belgium: {heading}"


def test_operator_heading_without_lines_has_none() -> None:
    operator = an_operator()

    found = headlines.of_operator(make_guide(operators=(operator,)), operator)

    assert found.title == found.heading == "Cancel Meadow in Belgium"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Meadow", "Cancel Meadow in Belgium: subscription, prepaid"),
        ("Meadow and Sons", "Cancel Meadow and Sons in Belgium: subscription"),
        ("Meadow (Belgium)", "Cancel Meadow in Belgium: subscription, prepaid"),
        (
            "Meadow, Hill and Harbour Ltd",
            "Cancel Meadow, Hill and Harbour Ltd in Belgium",
        ),
        (
            "Meadow, Hill and Harbour Telecom Ltd",
            "Cancel Meadow, Hill and Harbour Telecom Ltd",
        ),
    ],
)
def test_operator_title_names_as_many_lines_as_fit(name: str, title: str) -> None:
    operator = an_operator(name=name)

    found = headlines.of_operator(guide_of(operator), operator)

    assert found.title == title
    assert found.heading.startswith(f"Cancel {name.partition(' (')[0]} in Belgium: ")


@pytest.mark.parametrize(
    ("fields", "description"),
    [
        (
            {
                "channels": (
                    make_channel(),
                    make_channel(slug="second-page"),
                    make_channel(slug="letter", kind="post"),
                    make_channel(slug="refund", kind="form", purpose="refund"),
                ),
                "facts": (make_fact(text=a_text("<p>Ends <b>at once</b>.</p>")),),
            },
            "How to cancel Meadow in Belgium: online, by letter. Ends at once.",
        ),
        (
            {"channels": (make_channel(kind="shop"),)},
            "How to cancel Meadow in Belgium: in a shop. "
            "What is known and what is not, with sources and dates.",
        ),
        (
            {},
            "We found no confirmed way to cancel Meadow in Belgium. "
            "What is known and what is not, with sources and dates.",
        ),
        (
            {"status": "unknown"},
            "We could not confirm that Meadow is still in business in Belgium. "
            "What is known and what is not, with sources and dates.",
        ),
    ],
    ids=["ways-and-fact", "ways", "nothing", "unconfirmed"],
)
def test_operator_description_says_what_is_known(
    fields: dict[str, object], description: str
) -> None:
    operator = an_operator(**fields)

    found = headlines.of_operator(guide_of(operator, lines=("pack",)), operator)

    assert found.description == description


def test_operator_description_says_for_which_line_a_fact_holds() -> None:
    fact = make_fact(topic="prepaid-stop", text=a_text("<p>Stop topping up.</p>"))
    operator = an_operator(channels=(make_channel(),), facts=(fact,))

    found = headlines.of_operator(guide_of(operator), operator)

    assert found.description.endswith(": online. prepaid: Stop topping up.")


@pytest.mark.parametrize(
    ("kind", "value", "way"),
    [
        ("phone", "0800 49 811", "by phone (+32 800 49 811)"),
        ("online", "https://www.meadow.example/stop", "online (meadow.example)"),
        ("email", "stop@meadow.example", "by e-mail (stop@meadow.example)"),
        ("post", "Box 12, 1000 Brussels", "by letter"),
        ("shop", "", "in a shop"),
    ],
)
def test_first_way_is_shown_as_everywhere(kind: str, value: str, way: str) -> None:
    channel = msgspec.structs.replace(make_channel(kind=kind), value=value)
    operator = an_operator(channels=(channel,))
    guide = guide_of(operator, lines=("subscription",))
    (short,) = in_short(guide, operator)

    assert headlines.way_of(short) == way


def test_operator_description_never_cuts_a_fact() -> None:
    long = "You may leave at once. " + "But not in these and those cases. " * 5
    facts = (make_fact(text=a_text(f"<p>{long}</p>")),)
    operator = an_operator(channels=(make_channel(),), facts=facts)

    found = headlines.of_operator(guide_of(operator, lines=("pack",)), operator)

    assert "leave at once" not in found.description
    assert "What is known" in found.description


def test_operator_description_quotes_no_other_language() -> None:
    facts = (make_fact(text=a_text("<p>Ends at once.</p>")),)
    operator = an_operator(channels=(make_channel(),), facts=facts)

    with translation.override("fr"):
        guide = guide_of(operator, lines=("pack",))
        found = headlines.of_operator(guide, operator)

    assert "Ends at once" not in found.description


@pytest.mark.parametrize(
    ("kind", "name", "heading"),
    [
        ("travel-esim", "Trip", "Does your Trip eSIM need cancelling?"),
        ("roaming-pack", "Roam pack", "Does your Roam pack need cancelling?"),
    ],
)
def test_travel_esim_is_asked_about_as_people_do(
    kind: str, name: str, heading: str
) -> None:
    operator = an_operator(kind=kind, name=name)

    found = headlines.of_operator(guide_of(operator), operator)

    assert found.heading == found.title == heading
    assert found.description.startswith(f"Does {name} renew by itself")


@pytest.mark.parametrize(
    ("html", "description"),
    [
        ("<p>Nothing renews.</p><p>More.</p>", "Meadow: Nothing renews."),
        ("<p>Meadow renews nothing.</p>", "Meadow renews nothing."),
    ],
)
def test_travel_description_names_the_seller_once(html: str, description: str) -> None:
    facts = (make_fact(topic="renewal", text=a_text(html)),)
    operator = an_operator(kind="travel-esim", facts=facts)

    found = headlines.of_operator(guide_of(operator), operator)

    assert found.description == description


@pytest.mark.parametrize("note", ["", "<ul>\n<li>Sold.</li>\n</ul>"])
def test_closed_operator_without_a_note_to_quote_and_a_day(note: str) -> None:
    operator = an_operator(status="closed", status_note=a_text(note))

    found = headlines.of_operator(guide_of(operator), operator)

    assert found.heading == "Meadow no longer exists: what became of your line"
    assert found.description.startswith("Meadow no longer exists. What is known")


# Common questions


def test_question_is_described_by_the_beginning_of_its_answer() -> None:
    html = "<p>No, ask {operator}.</p>\n<ul>\n<li>Or not.</li>\n</ul>\n<p>More.</p>"
    entry = make_faq_entry(answer=a_text(html))

    found = headlines.of_faq_entry(entry)

    assert found.title == found.heading == "Is it free?"
    assert found.description == "No, ask your operator."


def test_question_whose_answer_is_a_list_has_no_description() -> None:
    entry = make_faq_entry(answer=a_text("<ul>\n<li>Yes.</li>\n</ul>"))

    assert headlines.of_faq_entry(entry).description == ""


# What fits


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("SIM", 3), ("注销 SIM", 8), ("é–“", 3)]
)
def test_columns_count_chinese_twice(text: str, width: int) -> None:
    assert columns(text) == width


def test_fitting_is_the_first_that_is_not_too_wide() -> None:
    assert fitting(["abcd", "abc", "ab"], 3) == "abc"
    assert fitting(["注销", "abcde", "abcd"], 3) == "abcd"
    assert fitting([], 3) == ""


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [
        ("", 10, ""),
        ("One. Two. Three.", 9, "One. Two."),
        ("One. Two. Three.", 8, "One."),
        ("Am 1. April ist Schluss. Ende.", 28, "Am 1. April ist Schluss."),
        ("可以。不用去门店。", 10, "可以。"),
        ("Stop e.g. here. Then go.", 16, "Stop e.g. here."),
        ("One long sentence without end", 12, "One long…"),
        ("比利时号码注销以后会怎样", 9, "比利时号…"),
    ],
)
def test_beginning_keeps_whole_sentences(text: str, most: int, kept: str) -> None:
    assert beginning(text, most) == kept
    assert columns(kept) <= most


def test_paragraphs_are_words_without_markup_and_lists() -> None:
    html = (
        "<p>A <strong>b</strong>\nc &amp; <a href='#'>d</a></p>\n"
        "<ul>\n<li>\n<p>e</p>\n</li>\n</ul>\n<p>f</p>"
    )

    assert paragraphs(html) == ["A b c & d", "f"]


def test_first_paragraphs_leave_out_what_begins_with_a_list() -> None:
    texts = [
        a_text("<ul><li>x</li></ul><p>y</p>"),
        a_text("<p>With {operator}.</p><p>z</p>"),
        a_text("<p>Avec.</p>", language="fr"),
    ]

    assert first_paragraphs(texts, make_operator()) == ["With Meadow."]
