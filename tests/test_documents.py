"""Documents parsed back: the same steps in the same order, and nothing that runs."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from datetime import date, timedelta
from html import escape, unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import icalendar
import jsonschema
import msgspec
import pypdf
import pytest
import vobject
from django.test import Client

from guide.documents import pdf
from guide.documents.as_calendar import NoDatesError, to_calendar
from guide.documents.as_contact import NoContactsError, to_contact
from guide.documents.as_json import to_json
from guide.documents.as_page import to_page
from guide.documents.as_text import to_text
from guide.documents.markup import as_lines, paragraph
from guide.documents.outline import Notice, Outline, Part, Passage, When
from guide.documents.packing import packed
from guide.documents.pdf import PdfError, characters, presentable, to_pdf
from guide.documents.qr import qr_png
from guide.flow.content import Guide
from guide.reaching import short_address
from tests.cases import CASES
from tests.conftest import LANGUAGES
from tests.outlines import LONG, SITE, TODAY, outline_of
from tests.test_people import PEOPLE, Person
from tests.test_views import address_of

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).resolve().parents[1] / "docs"
SCHEMA = json.loads((DOCS / "checklist.schema.json").read_text(encoding="utf-8"))

each_case = pytest.mark.parametrize("case", CASES)
each_language = pytest.mark.parametrize("language", LANGUAGES)


# The same steps in the same order


@each_language
@each_case
def test_json_has_the_steps_of_the_page(
    client: Client, case: str, language: str
) -> None:
    page = address_of(CASES[case], "checklist", v="1").replace("/en/", f"/{language}/")

    document = client.get(page.replace("checklist/", "checklist.json")).json()

    html = client.get(page).content.decode()
    codes = [
        step["code"]
        for section in document["sections"]
        for step in section["steps"]
        if step["number"] is not None
    ]
    assert codes == re.findall(r'data-step="([\w-]+)"', html)
    assert len(codes) > 3


@each_language
@each_case
def test_documents_have_the_letters_of_the_page(
    client: Client, case: str, language: str
) -> None:
    page = address_of(CASES[case], "checklist", v="1").replace("/en/", f"/{language}/")

    document = client.get(page.replace("checklist/", "checklist.json")).json()
    file = client.get(page.replace("checklist/", "checklist.html")).content.decode()

    html = client.get(page).content.decode()
    listed = re.search(r'<section class="section letters">.*?</section>', html, re.S)
    links = re.findall(r'<a href="([^"]+)">([^<]+)<', listed[0]) if listed else []
    assert bool(links) == (case != "airalo")
    letters = document["letters"]
    assert [letter["address"] for letter in letters] == [
        f"http://testserver{unescape(address)}" for address, _title in links
    ]
    assert [letter["title"] for letter in letters] == [unescape(t) for _a, t in links]
    assert re.findall(r'<details class="letter" id="letter-([\w-]+)"', file) == [
        letter["code"] for letter in letters
    ]
    text = squeezed(words_in(file))
    for letter in letters:
        both = [letter, letter["gloss"] or letter]
        paragraphs = [
            *zip(*([one["subject"]] for one in both), strict=True),
            *zip(*(one["body"] for one in both), strict=True),
        ]
        if not letter["gloss"]:
            paragraphs = [(own,) for own, _same in paragraphs]
        assert in_order(
            text, [squeezed(words) for pair in paragraphs for words in pair]
        )
        assert in_order(file, [f'href="{escape(letter["address"])}"'])
    # Every place to write on has its name.
    assert not re.search(r"[{}]|\[\]", text)


@each_language
@each_case
def test_letters_say_what_the_guide_says(
    seed_guide: Guide, case: str, language: str
) -> None:
    found = outline_of(seed_guide, CASES[case], language=language)

    for letter in json.loads(to_json(found))["letters"]:
        content = seed_guide.letter(letter["code"])
        shown = [letter, letter["gloss"] or letter]
        assert shown[1]["language"].casefold() == language
        assert (letter["gloss"] is None) == (letter["language"].casefold() == language)
        for one in shown:
            code = one["language"].lower()
            expected = content.body.read(code)
            for identifier in seed_guide.identifiers:
                blank = f"{{{identifier.slug}}}"
                name = identifier.name.read(code)
                expected = expected.replace(blank, f"[{name}]")
            expected = expected.replace("{operator}", found.operator_name)
            assert squeezed("".join(one["body"])) == squeezed(expected)
            assert len(one["body"]) > 4


@each_language
@each_case
def test_json_is_what_its_schema_says(
    seed_guide: Guide, case: str, language: str
) -> None:
    found = outline_of(seed_guide, CASES[case], language=language)

    document = json.loads(to_json(found))

    jsonschema.Draft202012Validator(
        SCHEMA, format_checker=jsonschema.FormatChecker()
    ).validate(document)
    steps = [step for section in document["sections"] for step in section["steps"]]
    assert [step["title"] for step in steps] == [step.title for step in found.steps]
    codes = {contact["code"] for contact in document["contacts"]}
    numbers = {source["number"] for source in document["sources"]}
    letters = {letter["code"] for letter in document["letters"]}
    assert {code for step in steps for code in step["letters"]} <= letters
    for letter in document["letters"]:
        assert set(letter["contacts"]) <= codes
        assert letter["backing"]["sources"]
        assert set(letter["backing"]["sources"]) <= numbers
    done: set[str] = set()
    for step in steps:
        assert set(step["contacts"]) <= codes
        assert set(step["requires"]) <= done
        assert step["backing"]["sources"]
        assert set(step["backing"]["sources"]) <= numbers
        done.add(step["code"])


def test_schema_refuses_what_is_no_checklist(seed_guide: Guide) -> None:
    document = json.loads(to_json(outline_of(seed_guide, CASES["base"])))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    for wrong in (
        document | {"version": 1},
        document | {"made_on": None},
        document | {"more": 1},
        document | {"sections": []},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, SCHEMA)


@each_language
@each_case
def test_pdf_has_all_steps_in_order(
    seed_guide: Guide, case: str, language: str
) -> None:
    found = outline_of(seed_guide, CASES[case], language=language)

    document = to_pdf(found)

    # Readers of PDFs drop hyphens at the ends of lines.
    text = squeezed(pdf_text(document)).replace("-", "")
    for titles in (
        [squeezed(step.heading).replace("-", "") for step in found.steps],
        [squeezed(section.title).replace("-", "") for section in found.sections],
        [squeezed(letter.title).replace("-", "") for letter in found.letters],
    ):
        assert in_order(text, titles)
    for step in found.dated:
        assert squeezed(step.due.words) in text
    assert pdf.MISSING not in text
    assert len(document) < 200_000


@each_language
@each_case
def test_text_has_all_steps_in_order(
    seed_guide: Guide, case: str, language: str
) -> None:
    found = outline_of(seed_guide, CASES[case], language=language)

    text = to_text(found)

    assert in_order(text, [step.heading for step in found.steps])
    for step in found.dated:
        assert f"☐ {step.heading}\n   {step.due.words}\n" in text
    assert found.page.address in text.splitlines()
    titles = [f"• {letter.title}" for letter in found.letters]
    assert text.splitlines().count(found.letters_address) == bool(titles)
    assert in_order(text, [*titles, found.letters_address] if titles else [])
    # Telegram takes no more in one message.
    assert len(text) <= 4096
    assert not re.search(r"<\w|\*\*|\{\w+\}", text)


@each_language
@each_case
def test_file_has_all_steps_in_order(
    seed_guide: Guide, case: str, language: str
) -> None:
    found = outline_of(seed_guide, CASES[case], language=language)

    page = to_page(found)

    boxes = re.findall(r'<input[^>]* data-step="([\w-]+)"', page)
    assert boxes == [step.code for step in found.to_do]
    text = squeezed(words_in(page))
    assert in_order(text, [squeezed(step.heading) for step in found.steps])
    for step in found.steps:
        for block in step.body:
            assert all(squeezed(run.text) in text for run in block.runs)
    for contact in found.contacts:
        assert squeezed(contact.whole) in text
    assert len(page.encode()) < 150_000


@each_language
@pytest.mark.parametrize("case", ["proximus", "telenet"])
def test_calendar_has_all_dated_steps_in_order(
    seed_guide: Guide, case: str, language: str
) -> None:
    found = outline_of(seed_guide, CASES[case], language=language)

    calendar = icalendar.Calendar.from_ical(to_calendar(found))

    events = calendar.walk("VEVENT")
    assert [code_of(event) for event in events] == [step.code for step in found.dated]
    assert len(events) > 5
    for event, step in zip(events, found.dated, strict=True):
        assert str(event["summary"]).endswith(step.title)
        assert event["dtstart"].dt == step.due.on
        assert event["dtend"].dt == step.due.on + timedelta(days=1)
        assert str(event["url"]).endswith(f"#step-{step.number}")
        assert step.due.words in str(event["description"])
        assert len(event.walk("VALARM")) == 2


@each_language
@each_case
def test_contact_holds_the_numbers_of_the_operator(
    seed_guide: Guide, case: str, language: str
) -> None:
    found = outline_of(seed_guide, CASES[case], language=language)

    card = vobject.readOne(to_contact(found).decode())

    assert card.version.value == "3.0"
    assert card.fn.value == found.operator_name
    phones = [line.value for line in card.contents.get("tel", [])]
    expected = [
        contact.link.removeprefix("tel:")
        for contact in found.contacts
        if contact.link.startswith("tel:")
    ]
    assert {phone.replace(" ", "") for phone in phones} == set(expected)
    assert len(phones) == len(set(phones))
    for contact in found.contacts:
        if contact.whole:
            assert contact.whole in card.note.value
    assert found.page.address in card.note.value


def test_what_works_from_abroad_comes_first(seed_guide: Guide) -> None:
    found = outline_of(seed_guide, CASES["base"])

    card = vobject.readOne(to_contact(found).decode())

    phones = card.contents["tel"]
    works = {contact.whole: contact.works_abroad for contact in found.contacts}
    assert works[phones[0].value] is True
    assert works[phones[-1].value] is False
    assert "PREF" in phones[0].params["TYPE"]
    assert "PREF" not in phones[-1].params["TYPE"]


@pytest.mark.parametrize(
    ("value", "dialled"),
    [
        ("0800 49 811", "+32 800 49 811"),
        ("+32 (0)2 123 45 67", "+32 2 123 45 67"),
        ("0486/19.19.99", "+32 486191999"),
        ("1999", "1999"),
    ],
)
def test_numbers_of_a_contact_can_be_dialled_from_anywhere(
    seed_guide: Guide, value: str, dialled: str
) -> None:
    (base,) = (one for one in seed_guide.operators if one.slug == "base")
    phone = next(one for one in base.channels if one.kind == "phone")
    phone = msgspec.structs.replace(phone, value=value, purpose="contact", when=())
    operator = msgspec.structs.replace(base, channels=(phone,))
    guide = msgspec.structs.replace(seed_guide, operators=(operator,))
    found = outline_of(guide, CASES["base"])

    card = vobject.readOne(to_contact(found).decode())

    assert [line.value for line in card.contents["tel"]] == [dialled]
    for document in (to_text(found), words_in(to_page(found)), card.note.value):
        assert short_address(value) in document
        assert value in short_address(value) or value not in document


# Calendars


def test_calendar_keeps_to_its_standard(seed_guide: Guide) -> None:
    document = to_calendar(outline_of(seed_guide, CASES["proximus"]))

    assert document.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in document.replace(b"\r\n", b"")
    for line in document.split(b"\r\n"):
        assert len(line) <= 75
    text = document.decode().replace("\r\n ", "")
    for name in ("UID", "DTSTAMP", "SEQUENCE", "LAST-MODIFIED", "DTSTART", "SUMMARY"):
        assert text.count(f"\n{name}") == text.count("BEGIN:VEVENT")
    uids = re.findall(r"\nUID:(\S+)", text)
    assert len(uids) == len(set(uids))
    assert "\nMETHOD:PUBLISH\r" in text


def test_calendar_loaded_again_updates(seed_guide: Guide) -> None:
    answers = CASES["proximus"]
    older = outline_of(seed_guide, answers)
    newer = (
        outline_of(seed_guide, answers | {"end": ["2027-02-01"]}, publication=2),
        outline_of(seed_guide, answers, today=TODAY + timedelta(days=1)),
        outline_of(seed_guide, answers, language="nl", publication=2),
    )

    before = events_of(older)

    for found in newer:
        after = events_of(found)
        assert after.keys() == before.keys()
        for uid, event in after.items():
            assert event["sequence"] > before[uid]["sequence"]
            assert event["dtstamp"].dt >= before[uid]["dtstamp"].dt
    other = outline_of(seed_guide, answers | {"linked": ["bank"]})
    assert not events_of(other).keys() & before.keys()


def test_calendar_asks_for_nothing_on_a_day_that_has_passed(seed_guide: Guide) -> None:
    today = date(2027, 1, 10)
    found = outline_of(seed_guide, CASES["proximus"], today=today)

    days = [event["dtstart"].dt for event in events_of(found).values()]

    assert min(step.due.on for step in found.dated) < today
    assert min(days) == today


@pytest.mark.parametrize("case", ["base", "airalo", "mobile-vikings"])
def test_a_calendar_without_dates_is_not_made(seed_guide: Guide, case: str) -> None:
    with pytest.raises(NoDatesError):
        to_calendar(outline_of(seed_guide, CASES[case]))


def test_a_contact_without_an_operator_is_not_made(seed_guide: Guide) -> None:
    answers = CASES["base"] | {"operator": ["unknown"]}

    with pytest.raises(NoContactsError):
        to_contact(outline_of(seed_guide, answers))


def test_lines_of_a_contact_are_folded_between_characters(seed_guide: Guide) -> None:
    document = to_contact(outline_of(seed_guide, CASES["base"], language="zh-hans"))

    lines = document.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)
    assert any(line.startswith(b" ") for line in lines)


# Paper


def test_pdf_is_tagged_and_named(seed_guide: Guide) -> None:
    found = outline_of(seed_guide, CASES["proximus"], language="zh-hans")

    reader = pypdf.PdfReader(BytesIO(to_pdf(found)), strict=True)

    root = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == found.title
    assert "pdfuaid:part>1<" in root["/Metadata"].get_data().decode()
    width, height = reader.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842)  # A4
    kinds = kinds_of(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/Link", "/Figure"} <= kinds


def test_pdf_embeds_all_its_fonts(seed_guide: Guide) -> None:
    found = outline_of(seed_guide, CASES["proximus"], language="zh-hans")

    reader = pypdf.PdfReader(BytesIO(to_pdf(found)))

    fonts = {
        font.get_object()["/BaseFont"]: font.get_object()["/DescendantFonts"][0]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any("NotoSansSC" in name for name in fonts)
    for font in fonts.values():
        descriptor = font.get_object()["/FontDescriptor"]
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


@each_language
def test_the_longest_pdf_of_a_person_is_small(seed_guide: Guide, language: str) -> None:
    def outline_for(person: Person) -> Outline:
        answers = {slug: list(codes) for slug, codes in person.answers.items()}
        return outline_of(seed_guide, answers, language=language)

    longest = max(map(outline_for, PEOPLE), key=lambda found: len(found.to_do))

    assert len(longest.to_do) > 20
    assert len(to_pdf(longest)) < 200_000


@each_language
def test_a_long_pdf_is_small(seed_guide: Guide, language: str) -> None:
    found = outline_of(seed_guide, LONG, language=language)

    assert len(found.to_do) > 25
    # Nobody's case has so much in it.
    assert len(to_pdf(found)) < 220_000
    assert len(to_page(found).encode()) < 150_000


@each_language
@pytest.mark.parametrize("operator", ["base", "mobile-vikings", "telenet"])
def test_the_longest_files_are_small(
    seed_guide: Guide, operator: str, language: str
) -> None:
    # German and Chinese readers get these letters twice: to send, and to understand.
    found = outline_of(seed_guide, LONG | {"operator": [operator]}, language=language)

    assert len(found.letters) > 5
    assert len(to_page(found).encode()) < 150_000


def test_letters_in_a_pdf_lead_to_their_pages(seed_guide: Guide) -> None:
    found = outline_of(seed_guide, CASES["proximus"])

    reader = pypdf.PdfReader(BytesIO(to_pdf(found)))

    links = {
        annotation.get_object()["/A"]["/URI"]
        for page in reader.pages
        for annotation in page.get("/Annots", ())
        if "/URI" in annotation.get_object().get("/A", {})
    }
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    for letter in found.letters:
        assert letter.address in links
        assert f"{SITE}/en/letters/{letter.code}/" in text


def test_pdf_is_the_same_each_time(seed_guide: Guide) -> None:
    found = outline_of(seed_guide, CASES["base"])

    assert to_pdf(found) == to_pdf(found)


@each_language
def test_every_character_of_the_content_has_a_picture(
    seed_guide: Guide, language: str
) -> None:
    texts = [
        text
        for text in texts_in(seed_guide, language)
        # Addresses are percent-encoded before they are shown.
        if not text.startswith("https://")
        and presentable(text).count(pdf.MISSING) > text.count(pdf.MISSING)
    ]

    assert texts == []


def test_every_character_that_is_promised_can_be_set(
    seed_guide: Guide,
) -> None:
    found = outline_of(seed_guide, CASES["airalo"])
    # Blank in every font; Typst has its own ideas about them.
    blank = {"\n", " ", "\u00a0", "\u3000", "\u00ad"}
    text = "".join(sorted(characters() - blank))
    assert len(text) > 6000

    document = to_pdf(msgspec.structs.replace(found, case_words=text))

    assert document.startswith(b"%PDF")


def test_a_character_without_a_picture_stops_nothing(seed_guide: Guide) -> None:
    found = outline_of(seed_guide, CASES["airalo"])
    words = "Ж 🙂 อ a\u200bb c\u2011d"

    document = to_pdf(msgspec.structs.replace(found, case_words=words))

    assert "ab" in pdf_text(document)
    assert "c-d" in pdf_text(document)
    assert "🙂" not in pdf_text(document)


def test_a_pdf_that_cannot_be_made_says_so_once(
    seed_guide: Guide,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = tmp_path / "broken.typ"
    words = "#panic(json(bytes(sys.inputs.data)).title)"
    broken.write_text(words, encoding="utf-8")
    monkeypatch.setattr(pdf, "TEMPLATE", broken)
    monkeypatch.setattr(pdf, "HERE", tmp_path)

    with pytest.raises(PdfError) as caught:
        to_pdf(outline_of(seed_guide, CASES["base"]))

    assert caught.value.__cause__ is None
    assert "No PDF could be made" in caplog.text
    assert "BASE" not in caplog.text


@pytest.mark.parametrize(
    "wrong", [b"", b"%PDF-1.7\n", b"%PDF-1.7\nstartxref\n4\n%%EOF"]
)
def test_only_a_whole_pdf_is_packed(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="The PDF"):
        packed(wrong)


def test_qr_code_on_paper_is_a_picture_of_dots() -> None:
    assert qr_png(SITE).startswith(b"\x89PNG")


# What is late


@pytest.fixture(params=LANGUAGES)
def late(seed_guide: Guide, request: pytest.FixtureRequest) -> Outline:
    """An outline whose first steps should have been done by now."""
    answers = CASES["proximus"] | {"end": ["2026-12-05"]}
    found = outline_of(seed_guide, answers, language=request.param)
    page = msgspec.structs.replace(found.page, change_end=f"{SITE}/end/")
    return msgspec.structs.replace(found, page=page)


def test_what_is_late_is_said_in_each_document(late: Outline) -> None:
    (notice,) = late.notices
    first, *others = events_of(late).values()

    assert squeezed(notice.words) in squeezed(pdf_text(to_pdf(late)))
    assert squeezed(notice.words) in squeezed(words_in(to_page(late)))
    assert notice.words in to_text(late).splitlines()
    assert json.loads(to_json(late))["notices"] == [notice.words]
    assert notice.words in first["description"]
    assert not [event for event in others if notice.words in event["description"]]


def test_a_plan_b_is_called_one_in_each_document(late: Outline) -> None:
    plans = [step for step in late.to_do if step.plan_b]
    events = [str(event["description"]) for event in events_of(late).values()]
    text = squeezed(pdf_text(to_pdf(late))).replace("-", "")
    page = squeezed(words_in(to_page(late)))
    document = json.loads(to_json(late))
    steps = {s["code"]: s for part in document["sections"] for s in part["steps"]}

    assert len(plans) > 3
    for step in plans:
        opening = as_lines(step.plan_b)[0].removeprefix("• ")[:20]
        told = "\n".join(events).replace("• ", "")
        assert f"{step.plan_b_words}\n{opening}" in told
        told = squeezed(step.plan_b_words + opening)
        assert told in page
        assert told.replace("-", "") in text.replace("•", "")
        assert steps[step.code]["plan_b_words"] == step.plan_b_words
    without = next(step for step in late.to_do if not step.plan_b)
    assert steps[without.code]["plan_b_words"] is None
    missed = [step for step in plans if step.due.is_late]
    lines = to_text(late).splitlines()
    after = {lines[lines.index(f"☐ {step.heading}") + 2] for step in missed}
    assert len(after) == 1
    assert lines.count(after.pop()) == len(missed)


# Nothing that runs


HOSTILE = (
    '#panic("x") $x$ *bold* _em_ `code` @ref <label> // \\ '
    "<script>alert(1)</script> <b>&amp; {{ title }} {% now %} ; , : \"'"
)


@pytest.fixture
def hostile(seed_guide: Guide) -> Outline:
    """An outline whose every text tries to be read as something else."""
    found = outline_of(seed_guide, CASES["proximus"])
    section = found.sections[1]
    due = When(words=HOSTILE, days=1, on=TODAY, until=None, is_late=False)
    step = msgspec.structs.replace(
        section.steps[0], title=HOSTILE, why=HOSTILE, skip=HOSTILE, due=due
    )
    section = msgspec.structs.replace(section, title=HOSTILE, steps=(step,))
    contact = msgspec.structs.replace(
        found.contacts[0],
        value=HOSTILE,
        label=HOSTILE,
        whole=HOSTILE,
        link="",
        notes=(HOSTILE,),
    )
    parts = ((Part(HOSTILE), Part(HOSTILE, code=HOSTILE)),)
    letter = msgspec.structs.replace(
        found.letters[0],
        title=HOSTILE,
        purpose=HOSTILE,
        address=f"{SITE}/{HOSTILE}",
        body=(Passage(lines=parts, gloss=parts),),
        contacts=(contact,),
    )
    return msgspec.structs.replace(
        found,
        letters=(letter,),
        title=HOSTILE,
        case_words=HOSTILE,
        operator_name=HOSTILE,
        notices=(Notice(words=HOSTILE, body=paragraph(HOSTILE)),),
        sections=(section,),
        contacts=(contact,),
    )


def test_nothing_is_markup_in_a_pdf(hostile: Outline) -> None:
    document = to_pdf(hostile)

    assert squeezed(HOSTILE) in squeezed(pdf_text(document))
    assert pypdf.PdfReader(BytesIO(document)).metadata.title == HOSTILE


def test_nothing_is_markup_in_a_file(hostile: Outline) -> None:
    page = to_page(hostile)

    assert page.count("<script>") == 1
    assert "alert(1)</script>" not in page
    assert squeezed(HOSTILE) in squeezed(words_in(page))


def test_nothing_is_syntax_in_a_calendar(hostile: Outline) -> None:
    (event,) = events_of(hostile).values()

    assert str(event["summary"]).endswith(HOSTILE)
    assert HOSTILE in str(event["description"])


def test_nothing_is_syntax_in_a_contact(hostile: Outline) -> None:
    card = vobject.readOne(to_contact(hostile).decode())

    assert card.fn.value == HOSTILE
    assert HOSTILE in card.note.value


def test_nothing_is_syntax_in_json(hostile: Outline) -> None:
    assert json.loads(to_json(hostile))["title"] == HOSTILE


# One file


def test_the_file_needs_nothing_but_itself(seed_guide: Guide) -> None:
    page = to_page(outline_of(seed_guide, CASES["proximus"]))

    assert not re.search(r"\b(?:src|srcset|poster)=", page)
    assert "<link" not in page
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src &#x27;none&#x27;" in page
    numbers = set(re.findall(r'href="#(source-\d+)"', page))
    assert numbers <= set(re.findall(r'id="(source-\d+)"', page))


# Reading back


def in_order(text: str, wanted: Iterable[str]) -> bool:
    place = 0
    for words in wanted:
        place = text.find(words, place)
        if place < 0:
            return False
        place += len(words)
    return True


def squeezed(text: str) -> str:
    return "".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def pdf_text(document: bytes) -> str:
    if not shutil.which("pdftotext"):
        reader = pypdf.PdfReader(BytesIO(document))
        return "\n".join(page.extract_text() for page in reader.pages)
    command = ["pdftotext", "-enc", "UTF-8", "-", "-"]
    done = subprocess.run(command, input=document, capture_output=True, check=True)
    return done.stdout.decode()


def events_of(found: Outline) -> dict[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(to_calendar(found))
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def code_of(event: icalendar.Event) -> str:
    return str(event["uid"]).partition("@")[0].rpartition("-")[0]


def kinds_of(element: pypdf.generic.PdfObject) -> set[str]:
    """Return the kinds of all elements of a tagged document."""
    element = element.get_object()
    found = set()
    if isinstance(element, list):
        return set().union(*(kinds_of(child) for child in element))
    if isinstance(element, dict):
        found |= {element["/S"]} if "/S" in element else set()
        found |= kinds_of(element["/K"]) if "/K" in element else set()
    return found


def texts_in(value: object, language: str) -> Iterable[str]:
    """Return every text of a guide in a language, and all that has none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts_in(value.get(language, ""), language)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one, language)
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from texts_in(getattr(value, field), language)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.is_code = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.is_code = tag in {"style", "script"}

    def handle_endtag(self, tag: str) -> None:
        self.is_code = False

    def handle_data(self, data: str) -> None:
        if not self.is_code:
            self.words.append(data)


def words_in(page: str) -> str:
    reader = _Words()
    reader.feed(page)
    return "".join(reader.words)
