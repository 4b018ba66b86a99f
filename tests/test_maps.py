"""The flow map and the coverage map of the desk."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.html import escape

from guide import models
from guide.admin.addresses import row_addresses
from guide.admin.coverage import as_text, free_code
from guide.admin.flow_map import Sheet
from guide.compiling import compile_draft
from guide.coverage import coverage_of_draft, outdated_languages
from guide.flow.content import Guide
from guide.flow.coverage import State, as_data, tally
from guide.flow.flow_graph import flow_graph
from guide.translations import keep_track, texts_of
from tests.conftest import LANGUAGES
from tests.flow.factories import make_guide, make_question, make_step
from tests.flow.geometry import assert_tidy

pytestmark = pytest.mark.django_db

FLOW = "/admin/flow-map/"
COVERAGE = "/admin/coverage/"
TODAY = date(2026, 11, 22)
FILTERS = [
    {},
    {"goal": "stop"},
    {"operator": "airalo"},
    {"operator": "proximus", "goal": "keep-number", "card": "esim"},
    {"line": "prepaid", "card": "unsure"},
    {"operator": "ortel-mobile"},
]


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.get(username="editor"))
    return client


def member_of(group: str) -> Client:
    user = get_user_model().objects.create_user(group.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


def picture_in(html: str) -> str:
    """Return the flow map on a page, "" if there is none."""
    found = re.search(r'<svg [^>]*class="flow-map".*?</svg>', html, re.DOTALL)
    return found[0] if found else ""


def links_in(html: str) -> set[str]:
    """Return the addresses of forms and lists of the guide's rows."""
    found = re.findall(r'href="(/admin/guide/[^"]+)"', html)
    return {address.replace("&amp;", "&") for address in found}


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def queries_to_compile() -> int:
    with CaptureQueriesContext(connection) as asked:
        compile_draft()
    return len(asked)


# Who may see them


@pytest.mark.parametrize("address", [FLOW, COVERAGE])
def test_maps_are_for_those_who_may_read_the_rows(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302
    client.force_login(get_user_model().objects.create_user("new", is_staff=True))
    assert client.get(address).status_code == 403
    for group in ("Editors", "Translators", "Publishers"):
        assert member_of(group).get(address).status_code == 200


@pytest.mark.parametrize("address", [FLOW, COVERAGE])
def test_maps_change_nothing(editor: Client, address: str) -> None:
    assert editor.post(address).status_code == 405


# The flow map


@pytest.mark.parametrize(
    "query",
    [{}, {"operator": "airalo", "rest": "1"}, {"goal": "stop", "each": "1"}],
    ids=str,
)
def test_the_picture_is_whole_xml(editor: Client, query: dict[str, str]) -> None:
    html = editor.get(FLOW, query).content.decode()

    picture = picture_in(html)
    root = ElementTree.fromstring(picture)  # noqa: S314 - our own
    assert root.find("{*}title").text
    assert root.find("{*}desc").text.strip()
    assert "style=" not in picture


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", FILTERS, ids=str)
def test_pictures_of_the_whole_content_are_tidy(
    seed_guide: Guide, query: dict[str, str], language: str
) -> None:
    chosen = {slug: (code,) for slug, code in query.items()}
    with translation.override(language):
        for is_folded in (True, False):
            graph = flow_graph(
                seed_guide, chosen, folds_operators=is_folded, shows_rest=not is_folded
            )
            assert_tidy(Sheet(seed_guide, graph, chosen, {}).drawing())


def test_every_box_of_the_picture_leads_to_its_form(editor: Client) -> None:
    html = editor.get(FLOW, {"each": "1"}).content.decode()

    found = links_in(picture_in(html))
    addresses = row_addresses()
    for slug in models.Question.objects.values_list("slug", flat=True):
        assert addresses["question", slug] in found
    for slug in models.Step.objects.values_list("slug", flat=True):
        assert addresses["step", slug] in found
    for (kind, _slug), address in addresses.items():
        if kind in {"choice", "operator"}:
            assert address in found
    assert found <= set(addresses.values())


def test_operators_in_one_box_lead_to_a_list_of_them(editor: Client) -> None:
    html = editor.get(FLOW).content.decode()

    lists = [address for address in links_in(picture_in(html)) if "slug__in" in address]
    assert len(lists) > 3
    for address in lists:
        response = editor.get(address)
        assert response.status_code == 200
        assert response.context["cl"].result_count > 1


def test_the_map_can_be_read_as_a_list(editor: Client, seed_guide: Guide) -> None:
    html = editor.get(FLOW, {"view": "list"}).content.decode()

    assert picture_in(html) == ""
    for question in seed_guide.questions:
        assert escape(question.title.read("en")) in html
        for choice in question.choices:
            assert escape(choice.label.read("en")) in html
    for step in seed_guide.steps:
        title = step.title.read("en").replace("{operator}", "the operator")
        assert escape(title) in html
    assert "Shown when the operator is Airalo" not in html
    assert "Shown when the operator is China Mobile outbound data pack." in html


def test_only_what_an_operators_visitors_meet_is_shown(editor: Client) -> None:
    html = editor.get(FLOW, {"operator": "airalo", "view": "list"}).content.decode()

    assert "They can be asked 6 of 9 questions" in html
    assert "only “eSIM” is possible, so it counts" in html
    assert "What do you use this number for?" not in html
    assert "Cut" not in html
    assert "Switch automatic renewal off" in html


def test_the_rest_stays_in_grey(editor: Client) -> None:
    query = {"operator": "airalo", "rest": "1"}

    picture = editor.get(FLOW, query).content.decode()
    listed = editor.get(FLOW, {**query, "view": "list"}).content.decode()

    assert 'class="group quiet"' in picture
    assert "These visitors are not asked this." in listed
    assert "Not for these visitors." in listed


def test_titles_name_the_only_operator(editor: Client) -> None:
    html = editor.get(FLOW, {"operator": "base"}).content.decode()

    assert "End the line with BASE" in html
    assert "{operator}" not in html


def test_impossible_answers_are_explained(editor: Client) -> None:
    response = editor.get(FLOW, {"operator": "airalo", "goal": "keep-number"})

    html = response.content.decode()
    assert "No visitor can give these answers together" in html
    assert picture_in(html) == ""
    assert '<option value="airalo" selected>' in html
    download = editor.get(
        FLOW, {"operator": "airalo", "goal": "keep-number", "download": "svg"}
    )
    assert download["Content-Type"].startswith("text/html")


def test_unknown_answers_are_named_and_left_out(editor: Client) -> None:
    html = editor.get(FLOW, {"operator": "<b>", "goal": "stop"}).content.decode()

    assert "There is no answer “&lt;b&gt;”" in html
    assert '<option value="stop" selected>' in html


def test_the_picture_can_be_downloaded_as_a_file_of_its_own(editor: Client) -> None:
    response = editor.get(FLOW, {"operator": "airalo", "download": "svg"})

    assert response["Content-Type"].startswith("image/svg+xml")
    assert "attachment" in response["Content-Disposition"]
    text = response.content.decode()
    root = ElementTree.fromstring(text)  # noqa: S314 - our own
    assert ".flow-map .card" in root.find("{*}style").text
    assert "Airalo" in text
    assert "href=" not in text


def test_a_draft_that_speaks_of_what_does_not_exist_still_has_a_map(
    editor: Client,
) -> None:
    step = models.Step.objects.get(slug="papers")
    step.answers.set(models.Choice.objects.filter(question__slug="goal"))
    step.operators.set(models.Operator.objects.filter(slug="airalo"))
    question = models.Question.objects.get(slug="goal")
    question.answers.add(models.Choice.objects.get(question__slug="end", slug="skip"))

    html = editor.get(FLOW).content.decode()

    assert "Nobody is asked this." in html
    assert "Nobody gets here." in html


def test_an_empty_draft_says_what_to_do(editor: Client) -> None:
    empty_the_draft()

    html = editor.get(FLOW).content.decode()

    assert "There is nothing to show yet" in html
    assert 'href="/admin/guide/question/add/"' in html
    assert "no operators" in editor.get(COVERAGE).content.decode()


def test_a_step_without_texts_shows_its_code() -> None:
    guide = make_guide(
        questions=(make_question(title=make_question().help, slug="goal"),),
        steps=(make_step(title=make_question().help, slug="call-them"),),
    )
    sheet = Sheet(guide, flow_graph(guide, {}), {}, {})

    assert sheet.questions()[0].title == "goal"
    assert sheet.phases()[0].groups[0].steps[0].title == "call-them"


def test_the_flow_map_takes_one_compilation(editor: Client) -> None:
    # The session, the user and the numbers of thirteen kinds of row.
    more = 2 + 13

    assert queries(editor, FLOW) == queries_to_compile() + more
    address = f"{FLOW}?operator=airalo&view=list"
    assert queries(editor, address) == queries_to_compile() + more


# The coverage map


def cells_in(html: str) -> list[tuple[str, str, str]]:
    """Return state, address and words of each cell."""
    return [
        (state, address.replace("&amp;", "&"), words)
        for state, address, words in re.findall(
            r'<td class="cell state-([\w-]+)[^"]*">\s*<(?:a href="([^"]*)"|span'
            r' class="plain") title="([^"]*)"',
            html,
        )
    ]


def test_each_operator_has_a_cell_for_each_topic_and_purpose(editor: Client) -> None:
    html = editor.get(COVERAGE).content.decode()

    cells = cells_in(html)
    columns = len(models.Topic.choices) + len(models.Purpose.choices)
    assert len(cells) == models.Operator.objects.count() * columns
    for _value, label in (*models.Topic.choices, *models.Purpose.choices):
        assert f"<span>{escape(label)}</span>" in html


def test_cells_lead_to_the_fact_the_facts_or_the_empty_form(editor: Client) -> None:
    cells = cells_in(editor.get(COVERAGE, {"kind": "network"}).content.decode())
    addresses = {words: address for _, address, words in cells}

    def address_of(beginning: str) -> str:
        return next(a for words, a in addresses.items() if words.startswith(beginning))

    one = models.OperatorFact.objects.get(slug="proximus-withdrawal")
    assert address_of("Proximus – Withdrawal within").endswith(f"/{one.pk}/change/")
    several = editor.get(address_of("Proximus – Notice"))
    assert {row.topic for row in several.context["cl"].queryset} == {"notice"}
    assert {row.operator.slug for row in several.context["cl"].queryset} == {"proximus"}
    form = editor.get(address_of("Proximus – Confirmation"))
    initial = form.context["adminform"].form.initial
    proximus = models.Operator.objects.get(slug="proximus")
    assert initial["topic"] == "confirmation"
    assert initial["slug"] == "proximus-confirmation"
    assert str(initial["operator"]) == str(proximus.pk)


def test_every_cell_leads_somewhere_that_opens(editor: Client) -> None:
    query = {"kind": "roaming-pack", "state": "overdue"}
    cells = cells_in(editor.get(COVERAGE, query).content.decode())

    assert len(cells) > 4
    for _state, address, _words in cells:
        assert editor.get(address).status_code == 200


def test_a_channel_is_added_with_its_purpose(editor: Client) -> None:
    cells = cells_in(editor.get(COVERAGE, {"kind": "mvno"}).content.decode())
    address = next(
        a for _, a, w in cells if w.startswith("Youfone (Belgium) – Ending the")
    )

    initial = editor.get(address).context["adminform"].form.initial

    assert (initial["purpose"], initial["slug"]) == ("cancel", "youfone-cancel")


def test_who_may_not_add_is_not_led_to_the_form() -> None:
    html = member_of("Translators").get(COVERAGE).content.decode()

    assert "/add/" not in html.partition('id="content"')[2]
    assert {state for state, address, _ in cells_in(html) if not address} == {
        "unknown",
        "stand-in",
        "not-expected",
    }
    assert "Add this fact" not in html


def test_kinds_of_operators_can_be_chosen(editor: Client) -> None:
    html = editor.get(COVERAGE, {"kind": "travel-esim"}).content.decode()

    assert ">Airalo</a>" in html
    assert ">Proximus</a>" not in html


def test_a_state_leaves_only_rows_and_columns_with_it(editor: Client) -> None:
    html = editor.get(COVERAGE, {"state": "overdue"}).content.decode()

    cells = cells_in(html)
    assert any("Overdue" in words for _, _, words in cells)
    assert ">Airalo</a>" not in html
    assert "<span>Rented equipment</span>" not in html
    assert "faded" in html


def test_a_state_that_nothing_has_says_so(editor: Client) -> None:
    html = editor.get(COVERAGE, {"state": "confirmed"}).content.decode()

    assert "No operator has a cell like this." in html


def test_one_language_can_be_looked_at(editor: Client) -> None:
    without = {"text_nl": "", "text_fr": "", "text_de": ""}
    models.OperatorFact.objects.update(**without)
    query = {"kind": "network"}
    every = editor.get(COVERAGE, query).content.decode()
    english = editor.get(COVERAGE, {**query, "language": "en"}).content.decode()

    assert "To translate: Dutch, French, German." in every
    assert "To translate" not in english


def test_all_states_of_a_cell_are_shown_on_request(editor: Client) -> None:
    query = {"kind": "network"}
    worst = editor.get(COVERAGE, query).content.decode()
    every = editor.get(COVERAGE, {**query, "all": "1"}).content.decode()

    assert 'class="others"' not in worst
    assert 'class="others"' in every


def test_what_does_not_exist_is_no_filter(editor: Client) -> None:
    query = {"kind": "ship", "state": "<b>", "language": "xx"}

    response = editor.get(COVERAGE, query)

    assert len(cells_in(response.content.decode())) > 500


def test_the_coverage_map_takes_one_compilation(editor: Client) -> None:
    # The session, the user, outdated translations, and the numbers of rows.
    more = 2 + 2 + 3

    assert queries(editor, COVERAGE) == queries_to_compile() + more
    address = f"{COVERAGE}?kind=travel-esim"
    assert queries(editor, address) == queries_to_compile() + more


def test_the_coverage_can_be_taken_to_a_spreadsheet(editor: Client) -> None:
    without = {"text_nl": "", "text_fr": "", "text_de": ""}
    models.OperatorFact.objects.update(**without)
    response = editor.get(COVERAGE, {"kind": "travel-esim", "download": "csv"})

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    count = models.Operator.objects.filter(kind="travel-esim").count()
    assert len(rows) == count * 26
    (row,) = [
        r
        for r in rows
        if (r["Code"], r["Topic or purpose"]) == ("airalo", "Automatic renewal")
    ]
    assert row["Operator"] == "Airalo"
    assert row["What"] == "Fact"
    assert row["State"] == "No date"
    assert row["Facts or channels"].startswith("airalo-renewal")
    assert row["Languages to do"] == "nl fr de"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("Airalo", "Airalo"), ("", "")],
)
def test_no_spreadsheet_takes_a_text_for_a_formula(value: str, expected: str) -> None:
    assert as_text(value) == expected


@pytest.mark.parametrize(
    ("wanted", "taken", "expected"),
    [
        pytest.param("base-notice", [], "base-notice", id="free"),
        pytest.param("base-notice", ["base-notice"], "base-notice-2", id="taken"),
        pytest.param(
            "base-notice",
            ["base-notice", "base-notice-2"],
            "base-notice-3",
            id="taken-twice",
        ),
        pytest.param("x" * 90, ["x" * 80], "x" * 78 + "-2", id="too-long"),
    ],
)
def test_a_free_code_is_suggested(wanted: str, taken: list[str], expected: str) -> None:
    assert free_code(wanted, taken) == expected


def test_outdated_translations_count_as_untranslated(seed_guide: Guide) -> None:
    row = models.OperatorFact.objects.get(slug="proximus-withdrawal")
    before = texts_of(row)
    row.text_en = "Something else."
    keep_track(row, before)
    row.save()

    every = frozenset({"zh-hans", "nl", "fr", "de"})
    assert outdated_languages() == {"proximus-withdrawal": every}
    found = coverage_of_draft(seed_guide, today=TODAY, languages=["zh-hans"])
    assert tally(found.all_cells()).by_state[State.UNTRANSLATED] == 1


def test_the_coverage_is_there_as_plain_data(seed_guide: Guide) -> None:
    rows = as_data(coverage_of_draft(seed_guide, today=TODAY))

    by_code = {row["operator"]: row for row in rows}
    assert by_code["airalo"]["topics"]["porting"] == ["not-expected"]
    assert by_code["proximus"]["topics"]["confirmation"] == ["unknown"]
    assert by_code["youfone"]["purposes"]["cancel"] == ["unknown"]


def empty_the_draft() -> None:
    for model in in_order_of_deletion():
        model.objects.all().delete()


def in_order_of_deletion() -> Iterator[type]:
    yield models.OperatorFact
    yield models.Channel
    yield models.Step
    yield models.RetiredCode
    yield models.Choice
    yield models.Question
    yield models.Operator
