"""The content that comes with the guide."""

import io
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.serializers import serialize

from guide import models
from guide.flow.audit import audit
from guide.flow.content import Guide
from guide.management.commands.bootstrap import FIXTURES, RETIRED

FOLDER = Path(__file__).resolve().parents[1] / "fixtures"
TODAY = date(2026, 11, 22)
COMPLETE = ("en", "zh_hans")
TRANSLATED = {
    "card_type": ("name", "recognise"),
    "channel": ("detail",),
    "operator_fact": ("text",),
    "question": ("title",),
    "choice": ("label",),
    "step": ("title", "body", "why", "skip"),
    "faq_entry": ("question", "answer"),
    "letter": ("title", "purpose", "subject", "body", "send"),
    "identifier": ("name", "where"),
    "glossary_entry": ("term", "meaning"),
}
MODELS = (
    models.Source,
    models.CardType,
    models.Operator,
    models.Channel,
    models.OperatorFact,
    models.Question,
    models.Choice,
    models.Step,
    models.FaqEntry,
    models.GlossaryEntry,
    models.Letter,
    models.Identifier,
)
# Every operator and brand of the facts; these codes are in people's links.
OPERATORS = {
    *("proximus", "scarlet", "mobile-vikings", "jim-mobile", "base", "telenet"),
    *("tadaam", "orange", "hey", "voo", "digi", "lycamobile", "edpnet-mobile"),
    *("undo", "youfone", "carrefour-mobile", "turk-telekom-mobile", "aldi-talk"),
    *("ortel-mobile", "colruyt-mobile", "airalo", "holafly", "ubigi", "saily"),
    *("nomad-esim", "orange-travel", "roamless", "china-mobile-roaming-pack"),
}
CODES = {
    "goal": "stop keep-number withdraw lost deceased",
    "line": "subscription prepaid data-only pack employer travel-esim",
    "operator": "other unknown",
    "card": "unsure",
    "phone": "iphone samsung pixel huawei other-android watch laptop router other",
    "situation": "discounted-phone first-six-months unpaid-bill direct-debit "
    "rented-equipment credit-left auto-top-up none",
    "linked": "bank itsme whatsapp wechat alipay apple google other-apps none",
    "place": "belgium leaving abroad",
    "end": "skip",
}


def rows(name: str) -> list[dict[str, object]]:
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return [row["fields"] for row in yaml.safe_load(text)]


def key_of(fields: dict[str, object]) -> str:
    return f"{fields.get('question', '')}{fields['slug']}"


@pytest.mark.django_db
def test_fixtures_loaded_twice_change_nothing() -> None:
    before = [serialize("json", model.objects.order_by("pk")) for model in MODELS]

    call_command("loaddata", *FIXTURES, stdout=io.StringIO())

    after = [serialize("json", model.objects.order_by("pk")) for model in MODELS]
    assert after == before


def test_fixtures_have_one_file_a_model() -> None:
    found = {path.stem for path in FOLDER.glob("*.yaml")}

    assert found - {RETIRED} == set(FIXTURES)


def test_fixtures_hold_every_operator() -> None:
    assert {row["slug"] for row in rows("operator")} == OPERATORS


@pytest.mark.parametrize("question", CODES)
def test_fixtures_hold_every_public_code(question: str) -> None:
    found = {r["slug"] for r in rows("choice") if r["question"] == [question]}

    assert found == set(CODES[question].split())


@pytest.mark.parametrize("name", TRANSLATED)
def test_fixtures_are_complete_in_english_and_chinese(name: str) -> None:
    missing = [
        f"{key_of(row)} {field}_{language}"
        for row in rows(name)
        for field in TRANSLATED[name]
        for language in COMPLETE
        if not str(row.get(f"{field}_{language}", "")).strip()
    ]

    assert missing == []


@pytest.mark.parametrize("name", [*TRANSLATED, "operator"])
def test_chinese_texts_are_chinese_and_english_ones_are_not(name: str) -> None:
    wrong = []
    for row in rows(name):
        for field, value in row.items():
            if re.fullmatch("[0-9x ]+", str(value)):
                continue  # how a number is written
            if field.endswith("_zh_hans") and not re.search("[\u4e00-\u9fff]", value):
                wrong.append((key_of(row), field))
            if field.endswith("_en") and is_mostly_chinese(value):
                wrong.append((key_of(row), field))

    # Names that are the same in every language.
    allowed = {"eSIM", "iPhone", "Google", "Apple", "WhatsApp", "itsme", "SEPA"}
    assert [
        (key, field)
        for key, field in wrong
        if not any(name.casefold() in key.casefold() for name in allowed)
    ] == []


def is_mostly_chinese(text: str) -> bool:
    return len(re.findall("[\u4e00-\u9fff]", text)) * 2 > len(text)


@pytest.mark.parametrize("name", TRANSLATED)
def test_links_are_the_same_in_both_languages(name: str) -> None:
    different = []
    for row in rows(name):
        for field in TRANSLATED[name]:
            english = str(row.get(f"{field}_en", ""))
            chinese = str(row.get(f"{field}_zh_hans", ""))
            if links(english) != links(chinese):
                different.append((key_of(row), field))

    assert different == []


def links(text: str) -> list[str]:
    return sorted(re.findall(r"\]\(([^)]+)\)", text))


def test_no_fact_is_newer_than_its_sources() -> None:
    dated = {row["slug"]: row.get("dated_on") for row in rows("source")}
    wrong = [
        row["slug"]
        for name in (
            "step",
            "channel",
            "operator_fact",
            "faq_entry",
            "glossary_entry",
            "operator",
        )
        for row in rows(name)
        if row.get("checked_on")
        and not any(
            dated[slug] is None or row["checked_on"] <= dated[slug]
            for (slug,) in row["sources"]
        )
    ]

    assert wrong == []


def test_no_source_marks_are_left_in_texts() -> None:
    mark = re.compile(r"[\[(][strS]\d+[a-z]?[\])]|unsourced", re.IGNORECASE)
    left = [
        (key_of(row), field)
        for name in (*TRANSLATED, "operator")
        for row in rows(name)
        for field, value in row.items()
        if isinstance(value, str) and mark.search(value)
    ]

    assert left == []


@pytest.mark.django_db
def test_the_audit_of_the_fixtures_is_clean_of_errors(seed_guide: Guide) -> None:
    problems = audit(seed_guide, TODAY)

    assert [problem for problem in problems if problem.is_error] == []


@pytest.mark.django_db
def test_forms_accept_every_row_as_it_comes() -> None:
    """What the desk would refuse could neither be edited nor be imported."""
    refused = []
    for model in MODELS:
        for row in model.objects.all():
            try:
                row.full_clean()
            except ValidationError as error:
                refused.append((model.__name__, str(row), error.message_dict))

    assert refused == []


LETTERS = {
    *("cancellation", "withdrawal", "confirmation-request", "prepaid-refund"),
    *("reminder", "complaint", "ombudsman", "death-notice", "erasure"),
    "prepaid-end",
}


def test_fixtures_hold_every_letter() -> None:
    assert {row["slug"] for row in rows("letter")} == LETTERS


def test_letters_exist_in_every_language() -> None:
    missing = [
        (row["slug"], f"{field}_{language}")
        for row in rows("letter")
        for field in ("title", "purpose", "subject", "body", "enclose", "send")
        for language in ("en", "zh_hans", "nl", "fr", "de")
        if not row.get(f"{field}_{language}", "").strip()
    ]

    assert missing == []


def test_letters_name_all_who_sign_and_when() -> None:
    for row in rows("letter"):
        last = row["body_en"].split("\n\n")[-1]
        assert last.split() == ["{name}", "{address}", "{letter-date}"], row["slug"]


def test_letters_cite_the_law_only_where_it_was_read() -> None:
    """What cites an act or a decree must rest on the source that carries it."""
    carried = {"111/3": "law-s1", "30 July 2022": "law-s28"}
    for row in rows("letter"):
        cited = re.findall(r"[Aa]rticle [\d/]+|\d+ \w+ \d{4}", row["body_en"])
        assert {c for c in cited if "13 June 2005" not in c} <= {
            "article 111/3",
            "30 July 2022",
        }
        for mark, source in carried.items():
            if mark in row["body_en"]:
                assert [source] in row["sources"], row["slug"]


def test_each_letter_is_offered_by_a_step() -> None:
    offered = {slug for row in rows("step") for (slug,) in row.get("letters", ())}

    assert offered == LETTERS


def test_letters_go_the_ways_that_their_steps_show() -> None:
    wanted = {row["slug"]: row.get("shows_channels") for row in rows("letter")}
    different = [
        (row["slug"], letter)
        for row in rows("step")
        for (letter,) in row.get("letters", ())
        if row.get("shows_channels") and wanted[letter] != row["shows_channels"]
    ]

    assert different == []


def test_an_esim_is_deleted_alike_whatever_was_paid_ahead() -> None:
    """Two steps for one phone differ in when they are due, not in what they say."""
    steps = {row["slug"]: row for row in rows("step")}
    ahead = [slug for slug in steps if slug.startswith("delete-prepaid-esim-")]
    texts = [
        f"{field}_{language}"
        for field in ("title", "body", "why", "skip", "plan_b")
        for language in ("en", "zh_hans", "nl", "fr", "de")
    ]

    assert len(ahead) == 9
    for slug in ahead:
        other = steps[slug.replace("-prepaid", "")]
        assert [t for t in texts if steps[slug].get(t) != other.get(t)] == []
