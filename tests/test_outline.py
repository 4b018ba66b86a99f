"""What stands in a document, before it becomes one."""

import json
from datetime import date

import msgspec
import pytest

from guide.days_off import public_holidays
from guide.documents.as_json import to_json
from guide.documents.as_page import to_page
from guide.documents.as_text import to_text
from guide.documents.outline import Page, outline
from guide.flow.content import Guide
from guide.flow.engine import checklist, resolve
from tests.cases import CASES
from tests.conftest import LANGUAGES
from tests.flow.factories import make_channel, make_sourcing, make_text
from tests.outlines import LONG, TODAY, outline_of
from tests.test_documents import words_in

pytestmark = pytest.mark.django_db

LATE = CASES["proximus"] | {"linked": ["bank"], "end": ["2026-12-05"]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", [*CASES, "long"])
def test_every_text_is_filled_in(seed_guide: Guide, case: str, language: str) -> None:
    found = outline_of(seed_guide, (CASES | {"long": LONG})[case], language=language)

    text = msgspec.json.encode(found).decode()

    assert "{" not in "".join(strings_in(found))
    assert "%(" not in text
    assert "<p>" not in text
    assert all(step.title and step.body for step in found.steps)
    assert all(step.backing.sources for step in found.steps)


def test_steps_are_those_of_the_checklist(seed_guide: Guide) -> None:
    position = resolve(seed_guide, LONG, TODAY)

    found = outline_of(seed_guide, LONG)

    days_off = public_holidays(TODAY.year)
    expected = checklist(seed_guide, position, TODAY, days_off=days_off).steps
    assert [(s.code, s.number) for s in found.steps] == [
        (item.step.slug, item.number) for item in expected
    ]
    assert [s.due and s.due.on for s in found.steps] == [
        item.due and item.due.on for item in expected
    ]


def test_days_are_said_in_words(seed_guide: Guide) -> None:
    later = outline_of(seed_guide, CASES["proximus"])
    late = outline_of(seed_guide, CASES["proximus"], today=date(2027, 1, 10))
    undated = outline_of(seed_guide, CASES["base"])

    due = later.dated[0].due
    assert due.words == f"by {due.on:%A} {due.on.day} {due.on:%B %Y}"
    missed = next(step.due for step in late.dated if step.due.is_late)
    assert missed.words.startswith("as soon as you can")
    assert undated.dated == ()
    assert any(step.due and "the end" in step.due.words for step in undated.steps)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("2027-01-24", "not on Friday 25 December 2026: public holiday"),
        ("2027-01-25", "not on Saturday 26 December 2026: weekend"),
    ],
)
def test_a_day_off_is_told(seed_guide: Guide, end: str, words: str) -> None:
    found = outline_of(seed_guide, CASES["proximus"] | {"end": [end]})

    (bank,) = (step for step in found.dated if step.code == "unlink-bank")
    assert bank.due.words == f"by Thursday 24 December 2026; {words}"


def test_an_end_that_has_passed_is_told(seed_guide: Guide) -> None:
    over = outline_of(seed_guide, CASES["proximus"], today=date(2027, 1, 16))
    ahead = outline_of(seed_guide, CASES["proximus"])

    (notice,) = over.notices
    assert "has passed" in notice.words
    assert ahead.notices == ()


def test_what_is_late_is_told_with_a_day_that_fits(seed_guide: Guide) -> None:
    late = outline_of(seed_guide, LATE)

    (notice,) = late.notices
    steps = [step for step in late.to_do if step.due and step.due.is_late]
    assert notice.lines == (
        f"{sum(step.must for step in steps)} steps are late for your date. "
        "Do what is still possible now, in the order of the list. "
        "With Wednesday 23 December 2026 or a later day as end date, nothing is late.",
    )
    fitting = outline_of(seed_guide, LATE | {"end": ["2026-12-23"]})
    assert fitting.notices == ()


def test_one_late_step_is_one_step(seed_guide: Guide) -> None:
    (step,) = (one for one in seed_guide.steps if one.slug == "unlink-bank")
    step = msgspec.structs.replace(step, requires=())
    guide = msgspec.structs.replace(seed_guide, steps=(step,))

    (notice,) = outline_of(guide, LATE).notices

    assert notice.words.startswith("1 step is late for your date. ")


@pytest.mark.parametrize("closed_on", [None, date(2026, 3, 2)])
def test_an_operator_out_of_business_is_told_with_its_source(
    seed_guide: Guide, closed_on: date | None
) -> None:
    note = make_text(words="<p>Its customers went to Meadow.</p>")
    (source,) = (one for one in seed_guide.sources if one.slug == "law-s22")
    sourcing = make_sourcing(sources=(source.slug,))
    guide = with_base(
        seed_guide,
        status="closed",
        closed_on=closed_on,
        status_note=note,
        sourcing=sourcing,
    )

    found = outline_of(guide, CASES["base"])

    (notice,) = found.notices
    assert notice.lines == (
        "BASE: Closed (2 March 2026)" if closed_on else "BASE: Closed",
        "Its customers went to Meadow.",
        f"Source: {source.publisher} · Checked on 4 January 2027.",
    )
    (number,) = notice.backing.sources
    assert found.sources[number - 1].code == source.slug
    for document in (
        to_text(found),
        "\n".join(json.loads(to_json(found))["notices"]),
        words_in(to_page(found)),
    ):
        assert "Its customers went to Meadow." in document
        assert source.publisher in document


def test_a_draft_is_called_a_draft(seed_guide: Guide) -> None:
    position = resolve(seed_guide, CASES["base"], TODAY)
    page = Page(
        address="https://example.be/",
        change_end="",
        publication=1,
        published_on=TODAY,
        today=TODAY,
        is_draft=True,
    )
    result = checklist(seed_guide, position, TODAY)

    found = outline(seed_guide, position, result, language="en", page=page)

    assert found.made_words == ("Made from a draft of SIM Exit as of 22 November 2026.")


def test_the_unknown_is_said(seed_guide: Guide) -> None:
    topics = [
        topic
        for case in CASES.values()
        for step in outline_of(seed_guide, case).steps
        for topic in step.topics
    ]

    for topic in topics:
        assert (
            bool(topic.facts) + bool(topic.see_words) + bool(topic.unknown_words) == 1
        )
    assert any("not been able to confirm" in topic.unknown_words for topic in topics)


def test_a_case_without_an_operator_has_a_checklist(seed_guide: Guide) -> None:
    found = outline_of(seed_guide, CASES["base"] | {"operator": ["unknown"]})

    assert found.operator_code == ""
    assert found.operator_name == "your operator"
    assert found.contacts == ()
    assert found.to_do


@pytest.mark.parametrize(
    ("kind", "works_abroad", "notes"),
    [
        ("phone", True, ()),
        ("phone", False, ("May not work from abroad.",)),
        (
            "phone",
            None,
            ("We could not confirm that this number works from abroad.",),
        ),
        ("email", None, ()),
    ],
)
def test_a_contact_says_what_may_not_work(
    seed_guide: Guide, kind: str, works_abroad: bool | None, notes: tuple[str, ...]
) -> None:
    channel = make_channel(kind=kind, works_abroad=works_abroad)

    found = outline_of(with_base(seed_guide, channels=(channel,)), CASES["base"])

    assert [contact.notes for contact in found.contacts] == [notes]


def test_ways_to_withdraw_are_for_who_withdraws(seed_guide: Guide) -> None:
    channels = (make_channel(slug="form", purpose="withdraw"), make_channel())
    guide = with_base(seed_guide, channels=channels)
    answers = CASES["base"] | {"line": ["subscription"], "situation": ["none"]}

    stopping = outline_of(guide, answers)
    undoing = outline_of(guide, answers | {"goal": ["withdraw"]})

    assert [contact.purpose for contact in stopping.contacts] == ["cancel"]
    assert [contact.purpose for contact in undoing.contacts] == ["cancel", "withdraw"]


def test_a_letter_without_an_operator_leaves_its_name_open(seed_guide: Guide) -> None:
    answers = CASES["base"] | {"operator": ["unknown"]}

    letters = outline_of(seed_guide, answers, language="zh-hans").letters

    complaint = next(letter for letter in letters if letter.code == "complaint")
    assert complaint.body[0].plain.startswith("[operator]\n")
    assert complaint.body[0].plain_gloss.startswith("[运营商]\n")
    assert (complaint.language, complaint.gloss_language) == ("nl", "zh-Hans")
    assert complaint.contacts == ()
    assert complaint.contacts_words == ""


def test_a_letter_in_the_readers_language_stands_alone(seed_guide: Guide) -> None:
    for letter in outline_of(seed_guide, CASES["proximus"], language="fr").letters:
        assert (letter.language, letter.gloss_language) == ("fr", "")
        assert all(passage.gloss == () for passage in letter.body)
        assert all(passage.plain_gloss == "" for passage in letter.subject)


def test_a_letter_says_how_it_can_be_sent(seed_guide: Guide) -> None:
    case = CASES["proximus"]
    (proximus,) = (one for one in seed_guide.operators if one.slug == "proximus")
    special = next(
        letter
        for letter in outline_of(seed_guide, case).letters
        if letter.code == "cancellation"
    )
    assert {contact.kind for contact in special.contacts} <= {"post", "email", "form"}
    assert special.contacts
    assert special.contacts_words == ""

    post = next(one for one in proximus.channels if one.kind == "post")
    post = msgspec.structs.replace(post, purpose="contact", when=())
    for channels, words in (
        ((post,), "We found no special way for this at Proximus."),
        ((), "We could not find a confirmed address or form of Proximus"),
    ):
        operator = msgspec.structs.replace(proximus, channels=channels)
        guide = msgspec.structs.replace(seed_guide, operators=(operator,))
        letter = next(
            letter
            for letter in outline_of(guide, case).letters
            if letter.code == "cancellation"
        )
        assert len(letter.contacts) == len(channels)
        assert letter.contacts_words.startswith(words)


def test_steps_name_letters_of_the_case(seed_guide: Guide) -> None:
    found = outline_of(seed_guide, CASES["proximus"])

    titles = {letter.code: letter.title for letter in found.letters}
    named = {one.code: one.title for step in found.steps for one in step.letters}
    assert named
    assert named.items() <= titles.items()


def test_a_case_is_known_again_by_its_answers(seed_guide: Guide) -> None:
    first = outline_of(seed_guide, CASES["proximus"])
    moved = outline_of(seed_guide, CASES["proximus"] | {"end": ["2027-03-01"]})
    other = outline_of(seed_guide, CASES["proximus"] | {"linked": ["none"]})

    assert first.case_code == moved.case_code
    assert first.case_code != other.case_code


def test_sources_are_numbered_from_one(seed_guide: Guide) -> None:
    found = outline_of(seed_guide, LONG)

    numbers = [source.number for source in found.sources]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(source.url.isascii() for source in found.sources)


def with_base(guide: Guide, **fields: object) -> Guide:
    """Return a guide that knows nothing but BASE, and of it what is given."""
    (base,) = (one for one in guide.operators if one.slug == "base")
    operator = msgspec.structs.replace(base, **fields)
    return msgspec.structs.replace(guide, operators=(operator,))


def strings_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for one in value for text in strings_in(one)]
    if isinstance(value, msgspec.Struct):
        fields = (getattr(value, name) for name in value.__struct_fields__)
        return [text for one in fields for text in strings_in(one)]
    return []
