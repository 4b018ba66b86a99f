"""A guide is a value that can be read, searched, compared and stored."""

import json
from datetime import date, timedelta

import pytest

from guide.flow.content import (
    DOCUMENT_VERSION,
    Guide,
    Sourcing,
    Text,
    decode,
    encode,
)
from tests.flow.factories import (
    TODAY,
    make_guide,
    make_operator,
    make_question,
    make_sound_guide,
)


@pytest.mark.parametrize(
    ("languages", "wanted", "found"),
    [
        pytest.param(("en", "nl"), "nl", "nl", id="its-own"),
        pytest.param(("nl", "en"), "de", "en", id="english-before-others"),
        pytest.param(("nl", "fr"), "de", "nl", id="any-rather-than-none"),
        pytest.param((), "de", "", id="no-text"),
    ],
)
def test_text_language_for(languages: tuple[str, ...], wanted: str, found: str) -> None:
    text = Text({language: f"in {language}" for language in languages})

    assert text.language_for(wanted) == found
    assert text.read(wanted) == (f"in {found}" if found else "")


def test_text_is_false_without_a_language() -> None:
    assert not Text({})
    assert Text({"en": "Stop"})


def test_text_hash_ignores_the_order_of_languages() -> None:
    one = Text({"en": "Stop", "nl": "Stoppen"})
    other = Text({"nl": "Stoppen", "en": "Stop"})

    assert one == other
    assert hash(one) == hash(other)


@pytest.mark.parametrize(
    ("checked_on", "is_overdue"),
    [
        pytest.param(TODAY, False, id="checked-today"),
        pytest.param(TODAY - timedelta(days=30), False, id="last-day"),
        pytest.param(TODAY - timedelta(days=31), True, id="a-day-late"),
        pytest.param(None, True, id="never-dated"),
    ],
)
def test_sourcing_is_overdue(checked_on: date | None, is_overdue: bool) -> None:
    sourcing = Sourcing(sources=(), checked_on=checked_on, review_days=30)

    assert sourcing.is_overdue(TODAY) is is_overdue


def test_question_choice_by_code() -> None:
    question = make_question()

    found = question.choice("lost")

    assert found is not None
    assert found.slug == "lost"
    assert question.choice("dance") is None


@pytest.mark.parametrize(
    ("look_up", "slug"),
    [
        pytest.param(Guide.question, "situation", id="question"),
        pytest.param(Guide.step, "port-number", id="step"),
        pytest.param(Guide.operator, "harbour", id="operator"),
        pytest.param(Guide.source, "operator-site", id="source"),
        pytest.param(Guide.letter, "cancellation", id="letter"),
        pytest.param(Guide.identifier, "mobile-number", id="identifier"),
    ],
)
def test_guide_look_up(look_up, slug: str) -> None:
    guide = make_sound_guide()

    found = look_up(guide, slug)

    assert found.slug == slug
    assert look_up(guide, "nowhere") is None


def test_guide_cannot_be_changed() -> None:
    guide = make_guide()

    with pytest.raises(AttributeError):
        guide.steps = ()


def test_guide_can_be_compared_and_hashed() -> None:
    one, same, other = make_sound_guide(), make_sound_guide(), make_guide()

    assert one == same
    assert hash(one) == hash(same)
    assert one != other


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        pytest.param("", ["meadow", "prairie", "harbour"], id="nothing-typed"),
        pytest.param("  ", ["meadow", "prairie", "harbour"], id="blank"),
        pytest.param("mead", ["meadow"], id="part-of-the-name"),
        pytest.param("MEADOW", ["meadow"], id="case"),
        pytest.param("prairie", ["prairie"], id="without-accents"),
        pytest.param("PRÁIRIE", ["prairie"], id="wrong-accents"),
        pytest.param("har bour", ["harbour"], id="spaces"),
        pytest.param("har-bour!", ["harbour"], id="signs"),
        pytest.param("green", ["meadow", "prairie"], id="company-and-alias"),
        pytest.param("ａｌｌｏ", ["prairie"], id="full-width-letters"),
        pytest.param("绿", ["harbour"], id="chinese-alias"),
        pytest.param("zebra", [], id="nobody"),
        pytest.param("!?", [], id="only-signs"),
    ],
)
def test_guide_operators_named_like(text: str, slugs: list[str]) -> None:
    guide = make_guide(
        operators=(
            make_operator(company="Green Fields"),
            make_operator(
                slug="prairie", name="Prâirie", aliases=("Allo", "Ever-Green")
            ),
            make_operator(slug="harbour", name="Harbour", aliases=("绿港",)),
        )
    )

    found = guide.operators_named_like(text)

    assert [operator.slug for operator in found] == slugs


def test_guide_document_round_trips() -> None:
    guide = make_sound_guide()

    document = encode(guide)

    assert decode(document) == guide
    assert json.loads(document)["version"] == DOCUMENT_VERSION
    assert encode(decode(document)) == document


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param("[]", "Expected `object`", id="no-object"),
        pytest.param('{"questions": []}', "missing .* `steps`", id="no-steps"),
        pytest.param('{"questions": 1, "steps": []}', "Expected `array`", id="no-list"),
        pytest.param(
            '{"questions": [{"slug": "a", "kind": "two"}], "steps": []}',
            "Invalid enum value 'two'",
            id="no-such-kind",
        ),
        pytest.param("{", "truncated", id="no-json"),
        pytest.param(
            '{"questions": [], "steps": [], "colour": "red"}',
            "unknown field `colour`",
            id="unknown-key",
        ),
    ],
)
def test_decode_refuses_what_is_no_guide(document: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decode(document)


def test_decode_refuses_another_version() -> None:
    document = json.loads(encode(make_guide()))
    document["version"] = DOCUMENT_VERSION + 1

    with pytest.raises(ValueError, match="version 2, not 1"):
        decode(json.dumps(document))


def test_decode_reads_letters_of_earlier_days() -> None:
    document = json.loads(encode(make_sound_guide()))
    (letter,) = document["letters"]
    for field in ("title", "enclose", "send", "shows_channels"):
        del letter[field]
    letter["identifiers"] = ["mobile-number"]
    del document["identifiers"]
    for step in document["steps"]:
        del step["letters"]

    (found,) = decode(json.dumps(document)).letters

    assert found.name == found.purpose
    assert found.identifiers == ("mobile-number",)


def test_a_letter_is_called_by_its_title() -> None:
    letter = make_sound_guide().letters[0]

    assert letter.name == letter.title
