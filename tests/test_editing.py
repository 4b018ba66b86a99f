"""Editors' and translators' forms: what they save, refuse, and never lose."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from guide import models
from guide.admin import ordering
from guide.admin.choosing import CONDITIONS, Directory, listed_by
from guide.admin.editing import RowEditing
from guide.admin.picking import MODELS, SHOWN
from guide.admin.texts import MARKDOWN_TEXTS, columns_of, problems_in
from guide.compiling import when_of
from guide.flow.audit import FILLED_IN, PLACEHOLDERS
from guide.rows import dump_rows
from guide.translations import KINDS, TARGET_LANGUAGES
from tests.forms import FormData, form_id, opened, read_form, sent

pytestmark = pytest.mark.django_db


def make_client(name: str, *groups: str) -> Client:
    user, _ = get_user_model().objects.get_or_create(username=name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(db: None) -> Client:
    return make_client("anna", "Editors")


@pytest.fixture
def other_editor(db: None) -> Client:
    return make_client("boris", "Editors")


@pytest.fixture
def translator(db: None) -> Client:
    return make_client("tina", "Translators")


def address(row: object, end: str = "change") -> str:
    return f"/admin/guide/{row._meta.model_name}/{row.pk}/{end}/"


def words(response: HttpResponse) -> str:
    """Return what a page says, without its markup."""
    html = re.sub(
        r"<template>.*?</template>", "", response.content.decode(), flags=re.S
    )
    text = re.sub(r"<[^>]+>", " ", html)
    return re.sub(r"\s+", " ", unescape(text))


def errors_at(response: HttpResponse, name: str) -> str:
    """Return what stands next to one field."""
    pattern = rf'<ul class="errorlist[^"]*" id="id_{name}_error">(.*?)</ul>'
    found = re.search(pattern, response.content.decode(), re.S)
    return unescape(re.sub(r"<[^>]+>", " ", found[1])).strip() if found else ""


def shown_again(response: HttpResponse, at: str) -> FormData:
    assert response.status_code == 200
    return read_form(response.content.decode(), form_id(at)).data


def prefix_of(data: FormData, group: str, row: object) -> str:
    """Return how the fields of a row inside another begin."""
    return next(
        key.removesuffix("-id")
        for key, value in data.items()
        if re.fullmatch(rf"{group}-\d+-id", key) and value == [str(row.pk)]
    )


def new_prefix(data: FormData, group: str) -> str:
    return f"{group}-{int(data[f'{group}-TOTAL_FORMS'][0]) - 1}"


# Nothing changed


@pytest.mark.parametrize(
    "model",
    [
        *(models.Source, models.CardType, models.Question, models.Choice),
        *(models.Channel, models.OperatorFact, models.Step, models.FaqEntry),
        *(models.GlossaryEntry, models.Letter, models.Identifier),
    ],
    ids=lambda model: model._meta.model_name,
)
def test_saving_an_untouched_form_changes_nothing(editor: Client, model: type) -> None:
    before = dump_rows()

    rows = list(model.objects.all())
    for row in rows[:: len(rows) // 4 or 1]:
        response = sent(editor, address(row), opened(editor, address(row)))
        assert response.status_code == 302, words(response)

    assert dump_rows() == before


@pytest.mark.parametrize("slug", ["proximus", "holafly", "colruyt-mobile"])
def test_saving_an_untouched_operator_changes_none_of_its_rows(
    editor: Client, slug: str
) -> None:
    row = models.Operator.objects.get(slug=slug)
    before = dump_rows()

    response = sent(editor, address(row), opened(editor, address(row)))

    assert response.status_code == 302
    assert dump_rows() == before
    assert LogEntry.objects.latest("pk").change_message == "[]"


def test_operator_form_needs_few_queries(
    editor: Client, django_assert_max_num_queries
) -> None:
    row = models.Operator.objects.get(slug="proximus")

    with django_assert_max_num_queries(50):
        editor.get(address(row))


# Texts


def test_changed_source_text_marks_its_translations_and_shows_the_old_text(
    editor: Client,
) -> None:
    row = models.Question.objects.get(slug="goal")
    data = opened(editor, address(row))
    data["title_en"] = ["What do you want?"]

    sent(editor, address(row), data)

    row.refresh_from_db()
    old = "What would you like to do?"
    assert row.outdated == {"title": dict.fromkeys(TARGET_LANGUAGES, old)}
    page = words(editor.get(address(row)))
    assert "older than the English text" in page
    assert f"the English text said: {old}" in page


def test_still_right_clears_the_mark(editor: Client) -> None:
    row = models.Question.objects.get(slug="goal")
    data = opened(editor, address(row))
    sent(editor, address(row), data | {"title_en": ["What do you want?"]})

    data = opened(editor, address(row))
    sent(
        editor,
        address(row),
        data | {"still_right": [f"title:{t}" for t in TARGET_LANGUAGES]},
    )

    row.refresh_from_db()
    assert row.outdated == {}


def test_still_right_alone_is_saved_for_a_row_inside_another(editor: Client) -> None:
    row = models.Question.objects.get(slug="goal")
    choice = row.choices.get(slug="stop")
    data = opened(editor, address(row))
    prefix = prefix_of(data, "choices", choice)
    sent(editor, address(row), data | {f"{prefix}-label_en": ["Stop it"]})
    choice.refresh_from_db()
    old = dict.fromkeys(TARGET_LANGUAGES, "Stop the line for good")
    assert choice.outdated == {"label": old}

    data = opened(editor, address(row))
    data[f"{prefix}-still_right"] = [f"label:{code}" for code in TARGET_LANGUAGES]
    sent(editor, address(row), data)

    choice.refresh_from_db()
    assert choice.outdated == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ask {operator}.", ""),
        ("See [the site](https://example.org) or <https://example.org>.", ""),
        ("3 < 4 and 5 > 4, **bold**, `code`", ""),
        ("Ask {name}.", "“{name}”"),
        ("Ask {operator.", "“{operator.”"),
        ("A <b>bold</b> word", "is HTML"),
        ("<div>\nblock\n</div>", "is HTML"),
        ("See [it](javascript:alert(1)).", "“javascript:alert(1)” leads nowhere"),
        ("See [it](/en/faq/).", "“/en/faq/” leads nowhere"),
        ("See [it](data:text/html,x).", "leads nowhere"),
        ("See [it](mailto:a@example.org) or [call](tel:+3225550100).", ""),
        ("What to do.\n\n---\n\nWhy.", ""),
        ("What to do.\n---\n\nWhy.", "“---” right below “What to do.” would make"),
        ("What to do.\n===", "“===” right below “What to do.” would make"),
        ("## What to do", "take out “##”"),
        ("#1 of the list", ""),
    ],
)
def test_texts_are_checked(text: str, said: str) -> None:
    found = " ".join(problems_in(text, is_markdown=True))

    assert bool(found) == bool(said)
    assert said in found


def test_a_wrong_text_is_named_next_to_it_and_nothing_typed_is_lost(
    editor: Client,
) -> None:
    row = models.Step.objects.first()
    data = opened(editor, address(row))
    data |= {"body_nl": ["Bel <b>{naam}</b>."], "title_fr": ["Mon titre"]}

    response = sent(editor, address(row), data)

    assert "is HTML" in errors_at(response, "body_nl")
    assert "{naam}" in errors_at(response, "body_nl")
    again = shown_again(response, address(row))
    assert again["body_nl"] == ["Bel <b>{naam}</b>."]
    assert again["title_fr"] == ["Mon titre"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3 < 4 and 5 > 4: dial **21*0470000000#", ""),
        ("A [link](x) and `code` stay as they are", ""),
        ("A <b>bold</b> word", "“<b>” is HTML"),
        ("The end</p", "“</p” is HTML"),
        ("A **bold** word", "the asterisks of “**bold**”"),
    ],
)
def test_plain_texts_have_no_markup(text: str, said: str) -> None:
    found = " ".join(problems_in(text, is_markdown=False))

    assert bool(found) == bool(said)
    assert said in found


def test_no_text_of_the_guide_is_refused(seed_guide: object) -> None:
    codes = {f"{{{row.slug}}}" for row in models.Identifier.objects.all()}

    found = {}
    for model in KINDS.values():
        name = model._meta.model_name
        for row in model.objects.all():
            for column_name, (field, _language) in columns_of(model).items():
                is_filled_in = (name, field) in FILLED_IN
                problems = problems_in(
                    getattr(row, column_name) or "",
                    is_markdown=(name, field) in MARKDOWN_TEXTS,
                    known=PLACEHOLDERS | codes if is_filled_in else PLACEHOLDERS,
                )
                if problems:
                    found[str(row), column_name] = problems

    assert found == {}


def test_the_form_of_a_step_says_how_its_text_folds(editor: Client) -> None:
    page = editor.get(address(models.Step.objects.first())).content.decode()

    assert page.count("A line with only --- in it") == 1


@pytest.mark.parametrize(
    ("english", "dutch", "said"),
    [
        ("Do it.\n\n---\n\nWhy.", "Doe het. Waarom.", "this translation has none"),
        ("Do it. Why.", "Doe het.\n\n---\n\nWaarom.", "the English text has none"),
        ("Do it.\n\n---\n\nWhy.", "Doe het.\n\n---\n\nWaarom.", ""),
    ],
    ids=["missing", "too many", "same"],
)
def test_a_translation_that_folds_elsewhere_is_not_still_right(
    editor: Client, english: str, dutch: str, said: str
) -> None:
    row = models.Step.objects.create(
        slug="foldable",
        phase="after",
        title_en="Fold",
        body_en=english,
        body_nl=dutch,
        outdated={"body": {"nl": "Do it!"}},
    )
    row.sources.add(models.Source.objects.first())
    data = opened(editor, address(row)) | {"still_right": ["body:nl"]}

    response = sent(editor, address(row), data)

    row.refresh_from_db()
    assert bool(row.outdated) == bool(said)
    if said:
        assert said in errors_at(response, "body_nl")


def test_a_changed_translation_folds_where_the_english_text_does(
    translator: Client,
) -> None:
    row = models.Step.objects.filter(body_en__contains="\n---\n").first()
    data = opened(translator, address(row)) | {"body_nl": ["Doe het."]}

    response = sent(translator, address(row), data)

    assert "this translation has none there" in errors_at(response, "body_nl")


def test_steps_of_one_name_are_told_apart_where_one_follows_another(
    editor: Client,
) -> None:
    for slug in ("one-twin", "other-twin"):
        models.Step.objects.create(slug=slug, phase="after", title_en="Twin")

    page = editor.get("/admin/guide/step/add/").content.decode()

    for slug in ("one-twin", "other-twin"):
        assert f">Twin ({slug})</option>" in page
    assert "Destroy the card (" not in page


# What models and the guide demand


def test_dates_to_come_are_refused(editor: Client) -> None:
    row = models.Step.objects.first()
    tomorrow = timezone.localdate() + timedelta(days=1)
    data = opened(editor, address(row)) | {"checked_on": [tomorrow.isoformat()]}

    response = sent(editor, address(row), data)

    assert "still to come" in errors_at(response, "checked_on")


def test_constraints_speak_next_to_their_field(editor: Client) -> None:
    operator = models.Operator.objects.get(slug="base")
    channel = operator.channels.first()
    data = opened(editor, address(operator)) | {"status": ["closed"]}
    prefix = prefix_of(data, "channels", channel)
    data |= {f"{prefix}-screen_path": ["A > B"], f"{prefix}-screen_language": [""]}

    response = sent(editor, address(operator), data)

    assert "Give the closing date" in errors_at(response, "closed_on")
    assert "in which language" in errors_at(response, f"{prefix}-screen_language")


def test_two_answers_of_one_code_are_refused(editor: Client) -> None:
    row = models.Question.objects.get(slug="place")
    data = opened(editor, address(row))
    prefix = new_prefix(data, "choices")
    data |= {f"{prefix}-slug": ["abroad"], f"{prefix}-label_en": ["Away"]}

    response = sent(editor, address(row), data)

    assert "duplicate" in words(response)
    assert row.choices.filter(slug="abroad").count() == 1


def test_a_step_may_not_require_a_later_phase_or_itself(editor: Client) -> None:
    first, second = models.Step.objects.filter(phase="before")[:2]
    later = models.Step.objects.filter(phase="wrong").first()
    second.requires.set([first])
    data = opened(editor, address(first))

    response = sent(editor, address(first), data | {"requires": [second.pk, later.pk]})

    said = errors_at(response, "requires") or words(response)
    assert f"“{later}” stands in a later phase" in said
    assert f"“{second}” itself comes only after this step" in said


def test_a_step_needed_earlier_cannot_move_to_a_later_phase(editor: Client) -> None:
    first, second = models.Step.objects.filter(phase="before")[:2]
    second.requires.set([first])
    data = opened(editor, address(first)) | {"phase": ["wrong"]}

    response = sent(editor, address(first), data)

    assert f"“{second}” comes only after this step" in errors_at(response, "phase")


def test_a_question_cannot_depend_on_a_later_one_or_itself(editor: Client) -> None:
    row = models.Question.objects.get(slug="line")
    answers = models.Choice.objects.filter(question__slug__in=["line", "place"])
    data = opened(editor, address(row))
    data["answers"] = [str(choice.pk) for choice in answers]

    response = sent(editor, address(row), data)

    said = words(response)
    assert "“What kind of line is it?” is not asked before this one" in said
    assert "“Where are you?” is not asked before this one" in said
    again = shown_again(response, address(row))
    assert set(again["answers"]) == set(data["answers"])


def test_an_answer_cannot_depend_on_its_own_question(editor: Client) -> None:
    row = models.Question.objects.get(slug="goal")
    choice = row.choices.first()
    data = opened(editor, address(row))
    prefix = prefix_of(data, "choices", choice)
    data[f"{prefix}-answers-add"] = ["goal:lost, operator:other"]

    response = sent(editor, address(row), data)

    assert "“What would you like to do?” is not asked before" in words(response)
    assert "“Which operator is it?” is not asked before" in words(response)


def test_a_question_cannot_move_behind_who_depends_on_it(editor: Client) -> None:
    card = models.Question.objects.get(slug="card")
    end = models.Question.objects.get(slug="end")
    data = opened(editor, address(card)) | {"place": [str(end.pk)]}

    response = sent(editor, address(card), data)

    assert "depends on this question" in errors_at(response, "place")


def test_an_unknown_code_is_named_and_stays_in_its_box(editor: Client) -> None:
    row = models.Step.objects.first()
    data = opened(editor, address(row)) | {"sources-add": ["law-s49, nonsense"]}

    response = sent(editor, address(row), data)

    assert "has the name or code “nonsense”" in words(response)
    assert shown_again(response, address(row))["sources-add"] == ["nonsense"]


# Choosing


def test_sources_are_added_by_code_and_taken_out(editor: Client) -> None:
    row = models.Step.objects.filter(sources__isnull=False).first()
    kept, *_others = row.sources.all()
    added = models.Source.objects.exclude(pk__in=row.sources.all()).first()
    data = opened(editor, address(row))

    sent(editor, address(row), data | {"sources": [kept.pk], "sources-add": added.slug})

    assert set(row.sources.all()) == {kept, added}


def make_source(slug: str, *, title: str, publisher: str = "Testel") -> models.Source:
    return models.Source.objects.create(
        slug=slug, title=title, publisher=publisher, confidence="official"
    )


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("testel-terms", {"testel-terms"}),
        ("testel-terms testel-faq", {"testel-terms", "testel-faq"}),
        ("testel-terms,testel-faq ; ", {"testel-terms", "testel-faq"}),
        ("Terms, and conditions", {"testel-terms"}),
        ("  terms, and  CONDITIONS ", {"testel-terms"}),
        ("Testel: Terms, and conditions", {"testel-terms"}),
        ("Terms, and conditions, testel-faq", {"testel-terms", "testel-faq"}),
        ("testel-faq, Terms, and conditions", {"testel-terms", "testel-faq"}),
        ("Testel: Questions", {"testel-faq"}),
    ],
)
def test_sources_are_added_by_what_was_typed(
    editor: Client, typed: str, codes: set[str]
) -> None:
    make_source("testel-terms", title="Terms, and conditions")
    make_source("testel-faq", title="Questions")
    make_source("other-faq", title="Questions", publisher="Other")
    row = models.Step.objects.get(slug="port")
    data = opened(editor, address(row)) | {"sources": [], "sources-add": [typed]}

    sent(editor, address(row), data)

    assert {source.slug for source in row.sources.all()} == codes


def test_a_name_of_several_sources_is_refused_and_stays(editor: Client) -> None:
    make_source("testel-faq", title="Questions")
    make_source("other-faq", title="Questions", publisher="Other")
    row = models.Step.objects.first()
    data = opened(editor, address(row)) | {"sources-add": ["questions"]}

    response = sent(editor, address(row), data)

    assert "more than one, has the name or code “questions”" in words(response)
    assert shown_again(response, address(row))["sources-add"] == ["questions"]


def found_by_picker(editor: Client, kind: str, **query: str) -> list[str]:
    response = editor.get(f"/admin/pick/{kind}/", query)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    numbers = re.findall(r'data-pk="(\d+)"', response.content.decode())
    rows = MODELS[kind].objects.in_bulk(numbers)
    return [rows[int(number)].slug for number in numbers]


@pytest.mark.parametrize(
    "words_typed",
    ["testel terms", "CONDITIÓNS testel", "testel-terms", "ondit ermS tes"],
    ids=["publisher-and-title", "case-and-accents", "code", "part"],
)
def test_a_picker_finds_what_was_just_added(editor: Client, words_typed: str) -> None:
    make_source("testel-terms", title="Our conditions and terms")

    assert "testel-terms" in found_by_picker(editor, "source", q=words_typed)
    assert found_by_picker(editor, "source", q=f"{words_typed} nonsense") == []


def test_a_picker_cuts_long_lists_and_says_so(editor: Client) -> None:
    shown = editor.get("/admin/pick/source/", {"q": ""}).content.decode()

    more = models.Source.objects.count() - SHOWN
    assert shown.count("data-pk") == SHOWN
    assert f"{more} more: type another word." in shown


def test_a_picker_finds_answers_by_their_question(editor: Client) -> None:
    question = models.Question.objects.get(slug="goal")
    answer = question.choices.first()
    typed = f"{question.title} {answer.label}".replace("'", " ").replace('"', " ")

    assert answer.slug in found_by_picker(editor, "choice", q=typed)


def test_a_picker_takes_numbers_codes_and_names_as_they_are(editor: Client) -> None:
    source = make_source("testel-terms", title="Our terms")

    for text in (str(source.pk), "testel-terms", "our terms"):
        assert found_by_picker(editor, "source", exactly=text) == ["testel-terms"]
    assert found_by_picker(editor, "source", exactly="terms") == []


def test_a_picker_finds_letters(editor: Client) -> None:
    assert found_by_picker(editor, "letter", q="cancellation") == ["cancellation"]


def test_every_kind_that_a_form_lets_pick_is_found(editor: Client) -> None:
    offered = set()
    for row_admin in admin.site._registry.values():
        if not isinstance(row_admin, RowEditing):
            continue
        shown = editor.get(f"/admin/guide/{row_admin.opts.model_name}/add/")
        offered |= set(re.findall(r"/admin/pick/(\w+)/", shown.content.decode()))

    assert {"letter", "step", "source"} <= offered
    assert offered <= set(MODELS)


def test_a_picker_needs_the_right_to_see(editor: Client, client: Client) -> None:
    assert editor.get("/admin/pick/question/", follow=True).status_code == 404
    assert editor.post("/admin/pick/source/").status_code == 405

    client.force_login(get_user_model().objects.create_user("nobody", is_staff=True))

    assert client.get("/admin/pick/source/").status_code == 403


def test_topics_keep_their_order_and_new_ones_follow(editor: Client) -> None:
    row = models.Step.objects.first()
    models.Step.objects.filter(pk=row.pk).update(topics=["refund", "costs", "notice"])
    data = opened(editor, address(row))
    assert set(data["topics"]) == {"refund", "costs", "notice"}

    sent(editor, address(row), data | {"topics": ["notice", "esim", "refund"]})

    row.refresh_from_db()
    assert row.topics == ["refund", "notice", "esim"]


def test_languages_of_letters_are_stored_as_before(editor: Client) -> None:
    row = models.Operator.objects.get(slug="telenet")
    data = opened(editor, address(row))
    assert row.letter_languages == "nl, fr"

    sent(editor, address(row), data | {"letter_languages": ["fr", "en", "nl"]})

    row.refresh_from_db()
    assert row.letter_languages == "nl, fr, en"


def test_conditions_read_like_those_of_saved_rows(seed_guide) -> None:
    directory = Directory()
    rows = [*models.Step.objects.for_guide(), *models.FaqEntry.objects.for_guide()]

    for row in rows:
        assert directory.terms(listed_by(row)) == when_of(row)


def test_condition_is_told_in_words_while_it_changes(editor: Client) -> None:
    proximus = models.Operator.objects.get(slug="proximus")

    response = editor.get(
        "/admin/guide/step/in-words/",
        {"operators": proximus.pk, "card_types": "esim", "answers": "goal:stop"},
    )

    assert response.content.decode() == (
        "Shown when the goal is “Stop the line for good”, the operator is “Proximus”, "
        "and the card is an eSIM."
    )


def test_condition_in_words_needs_the_right_to_see(client: Client) -> None:
    stranger = make_client("sven")

    assert stranger.get("/admin/guide/step/in-words/").status_code == 403
    assert client.get("/admin/guide/step/in-words/").status_code == 302


# Rows inside rows


def new_question(editor: Client, after: models.Question) -> models.Question:
    data = opened(editor, "/admin/guide/question/add/")
    data |= {
        "slug": ["pin"],
        "kind": ["one"],
        "title_en": ["Do you know the PIN?"],
        "place": [str(after.pk)],
        "choices-TOTAL_FORMS": ["2"],
    }
    for number, code in enumerate(("yes", "no")):
        data |= {
            f"choices-{number}-slug": [code],
            f"choices-{number}-label_en": [code.title()],
            f"choices-{number}-label_fr": [f"{code} (fr)"],
        }
    response = sent(editor, "/admin/guide/question/add/", data)
    assert response.status_code == 302, words(response)
    return models.Question.objects.get(slug="pin")


def test_a_new_question_with_two_answers_goes_between_two_others(
    editor: Client,
) -> None:
    line = models.Question.objects.get(slug="line")

    row = new_question(editor, line)

    codes = list(models.Question.objects.values_list("slug", flat=True))
    assert codes[codes.index("line") : codes.index("line") + 3] == [
        *("line", "pin", "operator"),
    ]
    assert [c.slug for c in row.choices.all()] == ["yes", "no"]
    assert row.choices.get(slug="no").label_fr == "no (fr)"


def test_a_new_question_goes_last_when_no_place_is_chosen(editor: Client) -> None:
    data = opened(editor, "/admin/guide/question/add/")
    data |= {"slug": ["pin"], "kind": ["one"], "title_en": ["The PIN?"]}

    sent(editor, "/admin/guide/question/add/", data)

    assert models.Question.objects.last().slug == "pin"


def test_a_new_fact_is_added_inside_its_operator(editor: Client) -> None:
    row = models.Operator.objects.get(slug="proximus")
    data = opened(editor, address(row))
    prefix = new_prefix(data, "facts")
    data |= {
        f"{prefix}-slug": ["proximus-new"],
        f"{prefix}-topic": ["costs"],
        f"{prefix}-text_en": ["It costs nothing."],
        f"{prefix}-sources-add": ["law-s49"],
        f"{prefix}-answers-add": ["line:prepaid"],
    }

    response = sent(editor, address(row), data)

    assert response.status_code == 302, words(response)
    fact = row.facts.last()
    assert fact.slug == "proximus-new"
    assert [source.slug for source in fact.sources.all()] == ["law-s49"]
    assert [choice.slug for choice in fact.answers.all()] == ["prepaid"]


def test_a_new_answer_is_put_between_two_others(editor: Client) -> None:
    row = models.Question.objects.get(slug="place")
    data = opened(editor, address(row))
    prefix = new_prefix(data, "choices")
    assert data[f"{prefix}-position"] == [""]
    data |= {
        f"{prefix}-slug": ["moon"],
        f"{prefix}-label_en": ["On the moon"],
        f"{prefix}-position": [str(row.choices.first().position + 1)],
    }

    sent(editor, address(row), data)

    assert row.choices.all()[1].slug == "moon"


def test_a_position_alone_makes_no_new_row(editor: Client) -> None:
    row = models.Question.objects.get(slug="place")
    data = opened(editor, address(row))
    data[f"{new_prefix(data, 'choices')}-position"] = ["15"]

    assert sent(editor, address(row), data).status_code == 302


def test_a_fact_given_to_another_operator_goes_behind_its_facts(
    editor: Client,
) -> None:
    fact = models.OperatorFact.objects.filter(operator__slug="proximus").first()
    scarlet = models.Operator.objects.get(slug="scarlet")
    data = opened(editor, address(fact)) | {"operator": [str(scarlet.pk)]}

    sent(editor, address(fact), data)

    assert scarlet.facts.last() == fact


def test_a_new_row_that_was_left_out_is_not_saved(editor: Client) -> None:
    row = models.Question.objects.get(slug="place")
    data = opened(editor, address(row))
    prefix = new_prefix(data, "choices")
    data |= {f"{prefix}-slug": ["moon"], f"{prefix}-left_out": ["1"]}

    response = sent(editor, address(row), data)

    assert response.status_code == 302
    assert not row.choices.filter(slug="moon").exists()


def test_an_answer_moves_up_by_its_button(editor: Client) -> None:
    row = models.Question.objects.get(slug="place")
    first, second, *_others = row.choices.all()
    data = opened(editor, address(row))
    prefix = prefix_of(data, "choices", second)
    data |= {"help_en": ["Typed before moving."], "_move": [f"{prefix}:up"]}

    response = editor.post(address(row), data, follow=True)

    assert [*row.choices.all()][:2] == [second, first]
    assert response.redirect_chain[-1][0] == address(row)
    assert "now stands at place 1 of" in words(response)
    row.refresh_from_db()
    assert row.help_en == "Typed before moving."


def test_answers_are_put_in_order_by_their_positions(editor: Client) -> None:
    row = models.Question.objects.get(slug="place")
    choices = list(row.choices.all())
    data = opened(editor, address(row))
    for number, choice in enumerate(reversed(choices), 1):
        data[f"{prefix_of(data, 'choices', choice)}-position"] = [str(number * 10)]

    sent(editor, address(row), data)

    assert list(row.choices.all()) == choices[::-1]


# Order in lists


def move(client: Client, row: object, place: str, **headers: str) -> HttpResponse:
    return client.post(address(row, "move"), {"place": place}, headers=headers)


def order(model: type) -> list[str]:
    return list(model.objects.values_list("slug", flat=True))


def test_rows_of_a_list_move_without_a_script(editor: Client) -> None:
    first, second = models.FaqEntry.objects.all()[:2]
    page = editor.get("/admin/guide/faqentry/").content.decode()
    assert f'value="before:{first.pk}" formaction="{address(second, "move")}"' in page

    response = editor.post(address(second, "move"), {"place": f"before:{first.pk}"})

    assert response.url == "/admin/guide/faqentry/"
    assert order(models.FaqEntry)[:2] == [second.slug, first.slug]
    assert "now stands at place 1 of" in words(editor.get(response.url))
    assert LogEntry.objects.latest("pk").object_id == str(second.pk)


def test_moving_back_and_forth_changes_one_row_at_a_time(editor: Client) -> None:
    before = dict(models.FaqEntry.objects.values_list("slug", "position"))
    first, second, third = models.FaqEntry.objects.all()[:3]

    move(editor, third, f"before:{second.pk}")

    after = dict(models.FaqEntry.objects.values_list("slug", "position"))
    assert {slug for slug in after if after[slug] != before[slug]} == {third.slug}
    assert order(models.FaqEntry)[:3] == [first.slug, third.slug, second.slug]


def test_rows_of_equal_position_can_be_moved(editor: Client) -> None:
    models.FaqEntry.objects.update(position=0)
    codes = order(models.FaqEntry)
    last = models.FaqEntry.objects.last()
    second = models.FaqEntry.objects.all()[1]

    move(editor, last, f"before:{second.pk}")

    assert order(models.FaqEntry) == [codes[0], codes[-1], *codes[1:-1]]


def test_the_answer_to_a_script_says_where_the_row_stands(editor: Client) -> None:
    first, second = models.FaqEntry.objects.all()[:2]

    response = move(editor, first, f"after:{second.pk}", accept="application/json")

    assert "now stands at place 2 of" in response.json()["message"]
    assert response.json()["positions"][str(first.pk)] > second.position


def test_a_filtered_list_keeps_its_filter_and_places_in_the_whole(
    editor: Client,
) -> None:
    page = editor.get("/admin/guide/operator/?kind__exact=network")
    assert "You see a part of the list" in words(page)
    rows = list(models.Operator.objects.filter(kind="network"))
    found = re.search(
        rf'value="before:{rows[0].pk}" formaction="([^"]+)"', page.content.decode()
    )

    response = editor.post(unescape(found[1]), {"place": f"before:{rows[0].pk}"})

    assert response.url == "/admin/guide/operator/?kind__exact=network"
    codes = order(models.Operator)
    assert codes.index(rows[1].slug) == codes.index(rows[0].slug) - 1


def test_a_list_sorted_otherwise_cannot_be_moved_and_says_so(editor: Client) -> None:
    page = editor.get("/admin/guide/step/?o=1")

    assert "nothing can be moved" in words(page)
    assert b"formaction" not in page.content


def test_steps_are_listed_by_phase_and_move_within_it(editor: Client) -> None:
    page = editor.get("/admin/guide/step/")
    shown = [row.phase for row in page.context_data["cl"].result_list]
    assert list(dict.fromkeys(shown)) == ["know", "before", "cancel", "after", "wrong"]
    first = models.Step.objects.filter(phase="before").first()
    foreign = models.Step.objects.filter(phase="know").last()
    before = dump_rows()

    response = move(editor, first, f"before:{foreign.pk}", accept="application/json")

    assert response.status_code == 400
    assert "within its phase" in response.json()["message"]
    assert dump_rows() == before


@pytest.mark.parametrize("place", ["", "before:", "before:0", "into:1", "after:x"])
def test_a_senseless_move_changes_nothing(editor: Client, place: str) -> None:
    row = models.FaqEntry.objects.first()
    before = dump_rows()

    response = move(editor, row, place, accept="application/json")

    assert response.status_code == 400
    assert dump_rows() == before


def test_a_question_moved_before_what_it_needs_is_pointed_out(editor: Client) -> None:
    phone = models.Question.objects.get(slug="phone")
    goal = models.Question.objects.get(slug="goal")

    response = move(editor, phone, f"before:{goal.pk}", accept="application/json")

    assert "depends on the answer to" in response.json()["message"]


def test_moving_needs_the_right_to_change(translator: Client, client: Client) -> None:
    first, second = models.FaqEntry.objects.all()[:2]

    assert move(translator, second, f"before:{first.pk}").status_code == 403
    assert move(client, second, f"before:{first.pk}").status_code == 302
    assert make_client("anna", "Editors").get(address(first, "move")).status_code == 405
    assert b"formaction" not in translator.get("/admin/guide/faqentry/").content
    assert models.FaqEntry.objects.first() == first


def test_a_step_put_into_another_phase_goes_behind_its_steps(editor: Client) -> None:
    row = models.Step.objects.filter(phase="wrong").first()
    data = opened(editor, address(row)) | {"phase": ["after"]}

    response = sent(editor, address(row), data)

    assert response.status_code == 302, words(response)
    assert models.Step.objects.filter(phase="after").last() == row


def test_a_step_stands_only_after_steps_of_its_phase(editor: Client) -> None:
    row = models.Step.objects.filter(phase="wrong").last()
    foreign = models.Step.objects.filter(phase="know").first()
    data = opened(editor, address(row)) | {"place": [str(foreign.pk)]}

    response = sent(editor, address(row), data)

    assert "stands in the phase" in errors_at(response, "place")


def test_shifting_stops_at_both_ends() -> None:
    rows = list(models.FaqEntry.objects.all())

    ordering.shift(rows[0], up=True)
    ordering.shift(rows[-1], up=False)

    assert list(models.FaqEntry.objects.all()) == rows


# Two at the same row


def test_saving_over_somebody_else_saves_nothing_and_says_what_changed(
    editor: Client, other_editor: Client
) -> None:
    row = models.Question.objects.get(slug="goal")
    mine = opened(editor, address(row))
    theirs = opened(other_editor, address(row))
    sent(
        other_editor,
        address(row),
        theirs | {"title_en": ["Their title"], "help_en": ["Their help"]},
    )

    response = sent(
        editor, address(row), mine | {"title_en": ["My title"], "how_en": ["My how"]}
    )

    row.refresh_from_db()
    assert (row.title_en, row.how_en or "") == ("Their title", "")
    said = words(response)
    assert "boris changed it" in said
    assert "Question (English) : you both changed it" in said
    assert "Their title" in said
    assert "Help (English) : only they changed it" in said
    again = shown_again(response, address(row))
    assert again["title_en"] == ["My title"]
    assert again["how_en"] == ["My how"]
    assert again["help_en"] == ["Their help"]

    assert sent(editor, address(row), again).status_code == 302
    row.refresh_from_db()
    assert (row.title_en, row.help_en, row.how_en) == (
        *("My title", "Their help", "My how"),
    )


def test_a_change_of_conditions_by_somebody_else_is_noticed(
    editor: Client, other_editor: Client
) -> None:
    row = models.FaqEntry.objects.first()
    mine = opened(editor, address(row))
    theirs = opened(other_editor, address(row))
    row.operators.clear()
    scarlet = models.Operator.objects.get(slug="scarlet")
    sent(other_editor, address(row), theirs | {"operators": [str(scarlet.pk)]})

    response = sent(editor, address(row), mine | {"question_en": ["Mine?"]})

    assert "Only for operators : only they changed it" in words(response)
    again = shown_again(response, address(row))
    assert again["operators"] == [str(scarlet.pk)]
    assert sent(editor, address(row), again).status_code == 302
    row.refresh_from_db()
    assert row.question_en == "Mine?"
    assert list(row.operators.all()) == [scarlet]


def test_a_third_change_between_two_attempts_is_noticed_too(
    editor: Client, other_editor: Client
) -> None:
    row = models.FaqEntry.objects.first()
    mine = opened(editor, address(row)) | {"question_en": ["Mine?"]}
    for title in ("One?", "Two?"):
        theirs = opened(other_editor, address(row))
        sent(other_editor, address(row), theirs | {"question_en": [title]})
        response = sent(editor, address(row), mine)
        assert title in words(response)
        mine = shown_again(response, address(row))

    assert sent(editor, address(row), mine).status_code == 302


def test_two_at_different_rows_inside_one_form_do_not_disturb_each_other(
    editor: Client, other_editor: Client
) -> None:
    row = models.Question.objects.get(slug="goal")
    first, second = row.choices.all()[:2]
    mine = opened(editor, address(row))
    theirs = opened(other_editor, address(row))
    sent(
        other_editor,
        address(row),
        theirs | {f"{prefix_of(theirs, 'choices', first)}-label_en": ["Their answer"]},
    )

    response = sent(
        editor,
        address(row),
        mine | {f"{prefix_of(mine, 'choices', second)}-label_en": ["My answer"]},
    )

    assert response.status_code == 302, words(response)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.label_en, second.label_en) == ("Their answer", "My answer")


def test_the_same_row_inside_a_form_is_a_conflict(
    editor: Client, other_editor: Client
) -> None:
    fact = models.OperatorFact.objects.filter(operator__slug="scarlet").first()
    at = address(fact.operator)
    mine = opened(editor, at)
    prefix = prefix_of(mine, "facts", fact)
    theirs = opened(other_editor, address(fact))
    sent(other_editor, address(fact), theirs | {"text_en": ["Their text"]})

    changed = {f"{prefix}-text_en": ["My text"], "company": ["My company"]}
    response = sent(editor, at, mine | changed)

    fact.refresh_from_db()
    assert fact.text_en == "Their text"
    assert models.Operator.objects.get(slug="scarlet").company != "My company"
    assert "boris changed it" in words(response)
    assert "Text (English) : you both changed it" in words(response)
    again = shown_again(response, at)
    assert again[f"{prefix}-text_en"] == ["My text"]
    assert sent(editor, at, again).status_code == 302
    fact.refresh_from_db()
    assert fact.text_en == "My text"


def test_reordering_by_somebody_else_is_kept_and_no_conflict(
    editor: Client, other_editor: Client
) -> None:
    row = models.Question.objects.get(slug="place")
    mine = opened(editor, address(row))
    first, second, *rest = row.choices.all()
    ordering.shift(second, up=True)

    changed = {f"{prefix_of(mine, 'choices', first)}-label_en": ["My answer"]}
    response = sent(editor, address(row), mine | changed)

    assert response.status_code == 302, words(response)
    assert list(row.choices.all()) == [second, first, *rest]


def log_deletion(row: object, name: str) -> None:
    LogEntry.objects.create(
        user=get_user_model().objects.get(username=name),
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=str(row),
        action_flag=DELETION,
    )


def test_a_row_deleted_meanwhile_keeps_what_was_typed(
    editor: Client, other_editor: Client
) -> None:
    row = models.FaqEntry.objects.first()
    at, slug = address(row), row.slug
    mine = opened(editor, at) | {"question_en": ["Mine?"]}
    other_editor.post(address(row, "delete"), {"post": "yes"})
    assert not models.FaqEntry.objects.filter(slug=slug).exists()

    response = sent(editor, at, mine)

    assert "boris deleted it" in words(response)
    assert not models.FaqEntry.objects.filter(slug=slug).exists()
    again = shown_again(response, at)
    assert again["question_en"] == ["Mine?"]
    assert sent(editor, "/admin/guide/faqentry/add/", again).status_code == 302
    assert models.FaqEntry.objects.get(slug=slug).question_en == "Mine?"


def test_a_question_deleted_with_its_answers_can_be_made_anew(
    editor: Client, other_editor: Client
) -> None:
    row = new_question(editor, models.Question.objects.get(slug="line"))
    mine = opened(editor, address(row)) | {"title_en": ["The PIN?"]}
    log_deletion(row, "boris")
    row.choices.all().delete()
    at = address(row)
    row.delete()

    again = shown_again(sent(editor, at, mine), at)
    response = sent(editor, "/admin/guide/question/add/", again)

    assert response.status_code == 302, words(response)
    row = models.Question.objects.get(slug="pin")
    assert row.title_en == "The PIN?"
    assert [choice.slug for choice in row.choices.all()] == ["yes", "no"]


@pytest.mark.parametrize("is_wanted", [True, False], ids=["anew", "left-out"])
def test_a_row_inside_a_form_deleted_meanwhile_is_told_and_offered_anew(
    editor: Client, other_editor: Client, *, is_wanted: bool
) -> None:
    row = new_question(editor, models.Question.objects.get(slug="line"))
    gone, kept = row.choices.all()
    mine = opened(editor, address(row))
    mine |= {
        f"{prefix_of(mine, 'choices', gone)}-label_en": ["Yes, I do"],
        f"{prefix_of(mine, 'choices', kept)}-label_en": ["No, I do not"],
    }
    log_deletion(gone, "boris")
    gone.delete()

    response = sent(editor, address(row), mine)

    said = words(response)
    assert "was deleted while your form was open" in said
    assert "boris deleted it" in said
    assert row.choices.get().label_en == "No"
    again = shown_again(response, address(row))
    prefix = next(k for k, v in again.items() if v == ["Yes, I do"]).rpartition("-")[0]
    if is_wanted:
        again[f"{prefix}-make_anew"] = ["on"]
    assert sent(editor, address(row), again).status_code == 302
    texts = {choice.slug: choice.label_en for choice in row.choices.all()}
    wanted = {"yes": "Yes, I do"} if is_wanted else {}
    assert texts == {"no": "No, I do not"} | wanted


def test_a_code_that_the_browser_does_not_send_comes_back_too(
    editor: Client, other_editor: Client
) -> None:
    row = new_question(editor, models.Question.objects.get(slug="line"))
    mine = opened(editor, address(row)) | {"title_en": ["The PIN?"]}
    # Fields that are switched off are not sent.
    mine = {name: value for name, value in mine.items() if not name.endswith("slug")}
    at = address(row)
    row.choices.all().delete()
    row.delete()

    again = shown_again(sent(editor, at, mine), at)

    assert again["slug"] == ["pin"]
    assert [again[f"choices-{n}-slug"][0] for n in (1, 2)] == ["yes", "no"]


def test_an_untouched_row_that_was_deleted_meanwhile_stays_deleted(
    editor: Client,
) -> None:
    row = new_question(editor, models.Question.objects.get(slug="line"))
    mine = opened(editor, address(row)) | {"title_en": ["The PIN?"]}
    row.choices.get(slug="yes").delete()

    response = sent(editor, address(row), mine)

    assert response.status_code == 302, words(response)
    assert [choice.slug for choice in row.choices.all()] == ["no"]


@pytest.mark.parametrize("text", ["x", "{}", '{"at": 1, "of": 2}', "[]", "null"])
def test_a_spoiled_fingerprint_does_no_harm(editor: Client, text: str) -> None:
    row = models.FaqEntry.objects.first()
    data = opened(editor, address(row)) | {"fingerprint": [text]}

    response = sent(editor, address(row), data | {"question_en": ["Mine?"]})

    assert response.status_code == 302
    row.refresh_from_db()
    assert row.question_en == "Mine?"


# Translators


def test_translators_change_target_languages_only(translator: Client) -> None:
    row = models.Question.objects.get(slug="goal")
    data = opened(translator, address(row))
    texts = {name for name in data if re.search(r"_(zh_hans|nl|fr|de)$", name)}
    management = {n for n in data if "_FORMS" in n or n.endswith(("-id", "-question"))}
    rest = set(data) - texts - management
    assert {"title_nl", "choices-0-label_fr"} <= texts
    assert all(
        name.rpartition("-")[2] in {"fingerprint", "gone"}
        for name in rest - {"csrfmiddlewaretoken"}
    )
    data |= {"title_nl": ["Wat wilt u doen?"], "choices-0-label_nl": ["Stoppen"]}

    response = sent(translator, address(row), data)

    assert response.status_code == 302, words(response)
    row.refresh_from_db()
    assert row.title_nl == "Wat wilt u doen?"
    assert row.choices.first().label_nl == "Stoppen"
    assert LogEntry.objects.latest("pk").user.username == "tina"


def test_nothing_else_is_saved_even_from_a_forged_form(
    translator: Client, editor: Client
) -> None:
    row = models.Question.objects.get(slug="place")
    before = dump_rows()
    forged = opened(editor, address(row))
    last = models.Question.objects.last()
    prefix = new_prefix(forged, "choices")
    forged |= {
        "slug": ["hacked"],
        "kind": ["many"],
        "title_en": ["Hacked"],
        "operators": [str(models.Operator.objects.first().pk)],
        "answers": ["goal:stop"],
        "place": [str(last.pk)],
        "position": ["1"],
        "choices-0-slug": ["hacked"],
        "choices-0-label_en": ["Hacked"],
        "choices-0-exclusive": ["on"],
        "choices-0-position": ["999"],
        "choices-0-answers-add": ["goal:stop"],
        "choices-0-DELETE": ["on"],
        f"{prefix}-slug": ["new"],
        f"{prefix}-label_en": ["New"],
        f"{prefix}-label_nl": ["Nieuw"],
        "_move": ["choices-1:up"],
    }

    response = sent(translator, address(row), forged)

    assert response.status_code == 302, words(response)
    assert dump_rows() == before


def test_translators_neither_add_nor_delete_nor_act_on_lists(
    translator: Client,
) -> None:
    row = models.FaqEntry.objects.first()

    assert translator.get("/admin/guide/faqentry/add/").status_code == 403
    assert translator.post("/admin/guide/faqentry/add/", {}).status_code == 403
    assert translator.post(address(row, "delete"), {"post": "yes"}).status_code == 403
    source = models.Source.objects.first()
    assert translator.post(address(source), {"title": "x"}).status_code == 403
    assert b'name="_save"' not in translator.get(address(source)).content


def test_translators_see_all_else_in_words(translator: Client) -> None:
    step = models.Step.objects.exclude(topics=[]).first()

    page = words(translator.get(address(step)))

    assert "You can change the translations" in page
    assert str(models.Topic(step.topics[0]).label) in page
    assert json.dumps(step.topics) not in page
    assert "Shown " in page


def test_translators_hear_of_a_changed_source_text(
    translator: Client, editor: Client
) -> None:
    row = models.FaqEntry.objects.first()
    mine = opened(translator, address(row)) | {"question_nl": ["Vraag?"]}
    theirs = opened(editor, address(row)) | {"question_en": ["A new question?"]}
    sent(editor, address(row), theirs)

    response = sent(translator, address(row), mine)

    assert "Question (English) now is: A new question?" in words(response)
    again = shown_again(response, address(row))
    assert sent(translator, address(row), again).status_code == 302
    row.refresh_from_db()
    assert row.question_nl == "Vraag?"


def test_what_a_translator_typed_for_a_deleted_row_is_shown(
    translator: Client, editor: Client
) -> None:
    row = models.FaqEntry.objects.first()
    mine = opened(translator, address(row)) | {"question_nl": ["Mijn vraag?"]}
    editor.post(address(row, "delete"), {"post": "yes"})

    response = sent(translator, address(row), mine)

    assert "anna deleted it" in words(response)
    assert "Mijn vraag?" in words(response)
    assert not models.FaqEntry.objects.filter(slug=row.slug).exists()


def test_what_was_saved_is_called_by_its_name(editor: Client) -> None:
    row = models.OperatorFact.objects.get(slug="proximus-notice")
    named = f"{row.operator}: {row.get_topic_display()}"
    response = sent(editor, address(row), opened(editor, address(row)))

    assert named in words(editor.get(response["Location"]))


def test_who_may_only_look_sees_a_form_without_fields() -> None:
    reader = make_client("petra", "Publishers")
    row = models.Operator.objects.get(slug="proximus")

    page = reader.get(address(row))

    assert page.status_code == 200
    assert b"<textarea" not in page.content
    assert reader.post(address(row), {}).status_code == 403


def test_every_condition_field_is_known_to_the_directory() -> None:
    names = {field.name for field in models.Conditional._meta.many_to_many}

    assert set(CONDITIONS) == names
