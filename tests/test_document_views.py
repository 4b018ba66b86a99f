"""The documents at their addresses."""

import json
import logging
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guide import publishing
from guide.document_views import FORMS
from tests.cases import CASES
from tests.test_views import address_of

pytestmark = pytest.mark.django_db

each_form = pytest.mark.parametrize("ending", FORMS)


def address_for(ending: str, case: str = "proximus", **more: str) -> str:
    page = address_of(CASES[case], "checklist", **{"v": "1", **more})
    return page.replace("checklist/", f"checklist.{ending}")


@each_form
def test_document_comes_with_its_kind_and_name(client: Client, ending: str) -> None:
    response = client.get(address_for(ending))

    assert response.status_code == 200
    assert response["Content-Type"] == FORMS[ending].media_type
    kind, _semicolon, name = response["Content-Disposition"].partition("; ")
    assert kind == ("attachment" if ending == "html" else "inline")
    assert name == f'filename="SIM Exit checklist Proximus.{ending}"'
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Cache-Control"] == "public, no-cache"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@each_form
def test_document_is_not_sent_twice(client: Client, ending: str) -> None:
    etag = client.get(address_for(ending))["ETag"]

    again = client.get(address_for(ending), headers={"if-none-match": etag})

    assert again.status_code == 304


@each_form
def test_incomplete_answers_lead_to_the_questions(client: Client, ending: str) -> None:
    response = client.get(f"/en/checklist.{ending}?goal=stop&line=prepaid")

    assert response.status_code == 302
    assert response["Location"] == "/en/guide/?goal=stop&line=prepaid"
    assert response["X-Robots-Tag"] == "noindex"


@each_form
@pytest.mark.parametrize("query", ["", "?goal=%00&x[]=1&goal=%ff", "?v=x&end=never"])
def test_mangled_answers_lead_to_the_questions(
    client: Client, ending: str, query: str
) -> None:
    response = client.get(f"/en/checklist.{ending}{query}")

    assert response.status_code == 302
    assert response["Location"].startswith("/en/guide/")


@each_form
def test_document_has_one_address(client: Client, ending: str) -> None:
    response = client.get(address_for(ending) + "&foreign=1&operator=")

    assert response.status_code == 302
    assert response["Location"] == address_for(ending)


@each_form
def test_document_is_only_read(client: Client, ending: str) -> None:
    assert client.post(address_for(ending)).status_code == 405
    assert client.head(address_for(ending)).status_code == 200


def test_checklist_links_to_its_documents(client: Client) -> None:
    html = client.get(address_of(CASES["proximus"], "checklist", v="1"))

    for ending in FORMS:
        address = address_for(ending).replace("&", "&amp;")
        assert f'href="{address}"' in html.content.decode()


def test_links_to_documents_carry_no_notices(client: Client) -> None:
    page = address_of(CASES["proximus"], "checklist", v="1")

    html = client.get(f"{page}&dropped=end.past").content.decode()

    assert "This date is more than a year ago." in html
    links = re.findall(r'href="(/en/checklist\.[^"]+)"', html)
    assert len(links) >= len(FORMS)
    assert not [link for link in links if "dropped" in link]


def test_checklist_without_a_day_offers_no_calendar(client: Client) -> None:
    html = client.get(address_of(CASES["base"], "checklist", v="1")).content.decode()

    assert "/en/checklist.ics" not in html
    assert "/en/guide/end/?goal=stop" in html
    assert "Choose an end date" in html


def test_checklist_without_an_operator_offers_no_contact(client: Client) -> None:
    answers = CASES["base"] | {"operator": ["unknown"]}
    html = client.get(address_of(answers, "checklist", v="1")).content.decode()

    assert "/en/checklist.vcf" not in html
    assert "/en/checklist.pdf" in html


def test_calendar_without_a_day_says_what_to_do(client: Client) -> None:
    response = client.get(address_for("ics", "base"))

    html = response.content.decode()
    assert response.status_code == 404
    assert "Choose an end date first." in html
    assert 'href="/en/guide/end/?goal=stop' in html
    assert 'href="/en/checklist/?goal=stop' in html


def test_calendar_of_a_lost_card_says_why_there_is_none(client: Client) -> None:
    response = client.get(address_for("ics", "mobile-vikings"))

    html = response.content.decode()
    assert response.status_code == 404
    assert "as soon as you can" in html
    assert "/en/guide/end/" not in html


def test_contact_without_an_operator_says_why_there_is_none(client: Client) -> None:
    answers = CASES["base"] | {"operator": ["unknown"]}
    page = address_of(answers, "checklist", v="1")

    response = client.get(page.replace("checklist/", "checklist.vcf"))

    assert response.status_code == 404
    assert "We do not know how to reach your operator" in response.content.decode()


def test_a_pdf_that_fails_shows_a_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr("guide.documents.pdf.TEMPLATE", tmp_path / "missing.typ")

    response = client.get(address_for("pdf"))

    assert response.status_code == 503
    assert response["Cache-Control"] == "no-store"
    assert "Print the checklist from your browser" in response.content.decode()


def test_documents_name_whole_addresses(client: Client) -> None:
    document = json.loads(client.get(address_for("json")).content)

    page = address_of(CASES["proximus"], "checklist", v="1")
    assert document["address"] == f"http://testserver{page}"


def test_names_of_files_are_plain(client: Client) -> None:
    address = address_for("txt").replace("/en/", "/zh-hans/")

    name = client.get(address)["Content-Disposition"]

    assert "Proximus.txt" in name
    assert not set("/\\:*?<>|") & set(name.partition("filename")[2].strip('*="'))


def test_robots_leave_documents_out(client: Client) -> None:
    assert "Disallow: /nl/checklist." in client.get("/robots.txt").content.decode()


@each_form
def test_documents_ask_no_database_and_log_nothing(
    client: Client,
    ending: str,
    settings: object,
    caplog: pytest.LogCaptureFixture,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.PUBLICATION_RECHECK_SECONDS = 3600
    publishing.current_publication()

    with django_assert_num_queries(0), caplog.at_level(logging.INFO):
        client.get(address_for(ending))

    assert caplog.records == []
