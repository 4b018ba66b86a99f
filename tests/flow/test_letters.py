"""Letters are taken apart, offered to whom they fit, in a language that is read."""

import pytest

from guide.flow.content import Operator, Term, Text
from guide.flow.engine import resolve
from guide.flow.letters import (
    Piece,
    codes_in,
    codes_of,
    default_language,
    fits,
    identifiers_of,
    languages_of,
    paragraphs,
    pieces,
    ways_to_send,
)
from tests.flow.factories import (
    TODAY,
    make_channel,
    make_guide,
    make_identifier,
    make_letter,
    make_operator,
    make_operator_guide,
    make_same,
)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("", (), id="nothing"),
        pytest.param(" \n \n", (), id="blanks"),
        pytest.param("One.", ("One.",), id="one"),
        pytest.param("One.\n\nTwo.", ("One.", "Two."), id="two"),
        pytest.param("One.\n \t\nTwo.", ("One.", "Two."), id="a-line-of-blanks"),
        pytest.param("One.\n\n\n\nTwo.\n", ("One.", "Two."), id="many-lines"),
        pytest.param("One\ntwo.", ("One\ntwo.",), id="one-line-end"),
    ],
)
def test_paragraphs_are_divided_by_blank_lines(
    body: str, found: tuple[str, ...]
) -> None:
    assert paragraphs(body) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("", (), id="nothing"),
        pytest.param("Sir", (Piece(text="Sir"),), id="words"),
        pytest.param("{name}", (Piece(code="name"),), id="blank"),
        pytest.param(
            "I, {name}, end {mobile-number}.",
            (
                Piece(text="I, "),
                Piece(code="name"),
                Piece(text=", end "),
                Piece(code="mobile-number"),
                Piece(text="."),
            ),
            id="both",
        ),
        pytest.param("{Name} {} {", (Piece(text="{Name} {} {"),), id="no-codes"),
    ],
)
def test_pieces_are_words_and_blanks(words: str, found: tuple[Piece, ...]) -> None:
    assert pieces(words) == found


def test_codes_are_named_once_in_order() -> None:
    assert codes_in("{b} and {a-1}, {b}") == ("b", "a-1")


def test_a_letter_leaves_blanks_of_all_languages_but_the_operator() -> None:
    letter = make_letter(
        subject=Text({"en": "{mobile-number}"}),
        body=Text({"en": "{operator}: {name}", "nl": "{iban}"}),
    )

    assert codes_of(letter) == {"mobile-number", "name", "iban"}


def test_identifiers_stand_in_the_order_of_the_guide() -> None:
    letter = make_letter(body=make_same("{name}, {mobile-number}, {unknown}"))
    guide = make_guide(
        letters=(letter,),
        identifiers=tuple(
            make_identifier(slug=slug) for slug in ("mobile-number", "iban", "name")
        ),
    )

    found = identifiers_of(guide, letter)

    assert [identifier.slug for identifier in found] == ["mobile-number", "name"]


@pytest.mark.parametrize(
    ("known", "is_fitting"),
    [
        pytest.param({}, True, id="nothing-known"),
        pytest.param({"goal": ("stop",)}, True, id="as-far-as-known"),
        pytest.param({"goal": ("stop",), "line": ("pack",)}, True, id="all-known"),
        pytest.param({"goal": ("lost",)}, False, id="another-goal"),
        pytest.param({"line": ("prepaid",)}, False, id="another-line"),
    ],
)
def test_a_letter_fits_unless_an_answer_speaks_against_it(
    known: dict[str, tuple[str, ...]], is_fitting: bool
) -> None:
    when = (Term("goal", ("stop",)), Term("line", ("pack",)))

    assert fits(make_letter(when=when), known) is is_fitting


def operator_writing(*languages: str) -> Operator:
    return Operator(
        slug="meadow",
        name="Meadow",
        kind="brand",
        status="active",
        sourcing=make_operator().sourcing,
        letter_languages=languages,
    )


@pytest.mark.parametrize(
    ("operator", "reader", "language"),
    [
        pytest.param(None, "fr", "fr", id="nobody-known"),
        pytest.param(None, "zh-hans", "nl", id="nobody-known-and-chinese"),
        pytest.param(operator_writing(), "de", "de", id="no-language-known"),
        pytest.param(operator_writing("fr", "en"), "en", "en", id="own-language"),
        pytest.param(operator_writing("fr", "nl"), "en", "fr", id="not-read-there"),
        pytest.param(operator_writing("fr", "nl"), "zh-hans", "fr", id="chinese"),
        pytest.param(operator_writing("tr"), "en", "en", id="none-of-ours"),
    ],
)
def test_a_letter_begins_in_a_language_that_both_read(
    operator: Operator | None, reader: str, language: str
) -> None:
    letter = make_letter()

    assert default_language(letter, operator, reader) == language


def test_a_letter_is_offered_only_in_languages_that_it_has() -> None:
    letter = make_letter(body=Text({"en": "Dear", "zh-hans": "尊敬", "fr": "Cher"}))

    assert languages_of(letter) == ("fr", "en")
    assert default_language(letter, operator_writing("nl", "en"), "nl") == "en"


def test_a_letter_without_any_text_still_has_a_language() -> None:
    assert default_language(make_letter(body=Text({})), None, "zh-hans") == "nl"


@pytest.mark.parametrize(
    ("purpose", "kinds", "found", "are_general"),
    [
        pytest.param("", ("post",), [], False, id="not-to-the-operator"),
        pytest.param("cancel", ("phone", "email"), ["cancel-email"], False, id="own"),
        pytest.param("cancel", ("phone",), ["contact-post"], True, id="general"),
        pytest.param("lost", ("phone",), ["contact-post"], True, id="nothing-at-all"),
    ],
)
def test_letters_are_sent_in_writing(
    purpose: str, kinds: tuple[str, ...], found: list[str], are_general: bool
) -> None:
    channels = (
        *(make_channel(slug=f"cancel-{k}", purpose="cancel", kind=k) for k in kinds),
        make_channel(slug="contact-post", purpose="contact", kind="post"),
    )
    operator = make_operator(channels=channels)
    guide = make_operator_guide(operator=operator)
    position = resolve(guide, {"goal": ("stop",), "operator": ("meadow",)}, TODAY)
    letter = make_letter(shows_channels=purpose)

    ways, general = ways_to_send(letter, operator, position)

    assert [channel.slug for channel in ways] == found
    assert general is are_general
    assert ways_to_send(letter, None, position) == ((), False)
