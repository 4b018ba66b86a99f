"""Pages and fragments, canonical addresses and notices."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import translation

from guide import publishing
from guide.flow.content import Text
from guide.placeholders import filled
from tests.cases import CASES
from tests.conftest import LANGUAGES

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def address_of(case: dict[str, list[str]], page: str = "guide", **more: str) -> str:
    query = urlencode([*case.items(), *more.items()], doseq=True, safe=":")
    return f"/en/{page}/?{query}"


def text_of(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, response.headers.get("Location")
    return response.content.decode()


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("zh-CN,zh;q=0.9", "zh-hans"),
        ("zh-TW", "zh-hans"),
        ("nl-BE", "nl"),
        ("fr", "fr"),
        ("de-AT", "de"),
        ("pt", "en"),
        ("", "en"),
    ],
)
def test_front_door_leads_to_the_visitors_language(
    client: Client, wanted: str, language: str
) -> None:
    response = client.get("/", headers={"accept-language": wanted})

    assert response["Location"] == f"/{language}/"
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "page",
    [
        *("", "guide/", "operators/", "operators/base/", "operators/holafly/", "faq/"),
        *("faq/written-proof/", "sources/", "about/", "accessibility/"),
        *("letters/", "letters/reminder/", "glossary/"),
    ],
)
def test_pages_open_in_every_language(client: Client, page: str, language: str) -> None:
    html = text_of(client, f"/{language}/{page}")

    html_language = "zh-Hans" if language == "zh-hans" else language
    assert f'<html lang="{html_language}">' in html
    assert html.count("<h1") == 1
    for other in LANGUAGES:
        assert f'href="/{other}/{page}"' in html


@pytest.mark.parametrize("case", CASES, ids=CASES)
def test_questionnaire_asks_each_question_of_a_case_in_turn(
    client: Client, case: str
) -> None:
    given: dict[str, list[str]] = {}
    asked = []
    for slug, codes in CASES[case].items():
        response = client.get(address_of(given) if given else "/en/guide/")
        asked.append(response.context_data["question"].slug)
        given[slug] = codes
    last = client.get(address_of(given))

    assert asked == list(CASES[case])
    number = publishing.current_publication().number
    assert last["Location"] == address_of(given, "checklist", v=str(number))


def test_questionnaire_says_how_far_the_visitor_is(client: Client) -> None:
    first = text_of(client, "/en/guide/")
    third = text_of(client, "/en/guide/?goal=stop&line=travel-esim")

    assert "Question 1 of at most 9" in first
    assert "Question 3 of at most 6" in third


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("line=prepaid&goal=stop", "goal=stop&line=prepaid"),
        ("goal=stop&line=", "goal=stop"),
        ("goal=stop&utm_source=x", "goal=stop"),
        ("goal=stop&goal=stop", "goal=stop"),
        ("goal=stop&ask=goal", "goal=stop"),
        ("goal=%73top&line=prepaid", "goal=stop&line=prepaid"),
    ],
    ids=["order", "empty", "foreign", "twice", "asked", "escaped"],
)
def test_questionnaire_redirects_to_the_canonical_address(
    client: Client, query: str, canonical: str
) -> None:
    response = client.get(f"/en/guide/?{query}")

    assert response.status_code == 302
    assert response["Location"] == f"/en/guide/?{canonical}"
    assert client.get(response["Location"]).status_code == 200


def test_a_changed_answer_keeps_what_still_fits_and_names_what_does_not(
    client: Client,
) -> None:
    changed = CASES["proximus"] | {"card": ["physical"]}

    response = client.get(address_of(changed))
    html = text_of(client, response["Location"])

    assert "phone=" not in response["Location"]
    assert "linked=bank&linked=whatsapp" in response["Location"]
    assert "On which device is the eSIM" in html or "Which device" in html
    assert "does not go with your other answers" in html


def test_question_shows_the_answer_that_was_given(client: Client) -> None:
    response = client.get(address_of(CASES["proximus"], "guide/linked"))

    assert response.context_data["chosen"] == ("bank", "whatsapp")
    assert "linked" not in response.context_data["hidden"]
    assert response.content.decode().count(" checked") == 2


def test_question_that_is_not_asked_leads_to_the_open_one(client: Client) -> None:
    response = client.get("/en/guide/phone/?goal=stop")

    assert response["Location"] == "/en/guide/?goal=stop"


def test_checklist_without_all_answers_leads_to_the_open_question(
    client: Client,
) -> None:
    response = client.get("/en/checklist/?goal=stop&line=prepaid")

    assert response["Location"] == "/en/guide/?goal=stop&line=prepaid"


def test_checklist_of_an_older_publication_says_so(client: Client) -> None:
    publishing.publish()
    publishing.current().forget()

    old = text_of(client, address_of(CASES["base"], "checklist", v="1"))
    new = text_of(client, address_of(CASES["base"], "checklist", v="2"))

    assert "earlier edition" in old
    assert "earlier edition" not in new


@pytest.mark.parametrize("number", ["0", "99", "x", "-1", "1" * 400, "²"])
def test_checklist_with_a_wrong_publication_leads_to_the_present_one(
    client: Client, number: str
) -> None:
    response = client.get(address_of(CASES["base"], "checklist", v=number))

    assert response["Location"] == address_of(CASES["base"], "checklist", v="1")


def test_checklist_tells_what_is_unknown_and_what_is_overdue(client: Client) -> None:
    html = text_of(client, address_of(CASES["proximus"], "checklist", v="1"))

    assert "The confirmation: we have not been able to confirm this" in html
    assert "No date on the source" in html
    assert "Checked on 5 June 2026." in html


def test_checklist_whose_end_has_passed_says_so(client: Client) -> None:
    case = CASES["base"] | {"end": ["2026-09-01"]}

    html = text_of(client, address_of(case, "checklist", v="1"))

    assert "The end date you gave has passed" in html
    assert "as soon as you can" in html


def test_checklist_of_a_closed_brand_says_what_became_of_it(client: Client) -> None:
    case = {
        "goal": ["stop"],
        "line": ["prepaid"],
        "operator": ["ortel-mobile"],
        "place": ["belgium"],
        "end": ["skip"],
    }

    html = text_of(client, address_of(case, "checklist", v="1"))

    assert 'data-step="closed-brand"' in html
    assert "31 March 2018" in html
    assert 'data-step="stop-prepaid"' not in html


def test_fragments_hold_the_content_with_title_and_languages_only(
    client: Client,
) -> None:
    html = text_of(client, "/en/guide/?goal=stop", **HTMX)

    assert "<html" not in html
    assert "<title>What kind of line is it? – SIM Exit</title>" in html
    assert 'id="languages"' in html
    assert 'hx-swap-oob="true"' in html
    assert html.count('<main id="content"') == 1


def test_history_restoration_gets_a_whole_page(client: Client) -> None:
    html = text_of(
        client, "/en/guide/", **HTMX, **{"HX-History-Restore-Request": "true"}
    )

    assert "<html" in html


@pytest.mark.parametrize(
    "address", ["/en/", "/en/guide/", "/en/operators/", "/en/faq/"]
)
def test_addresses_with_two_bodies_say_so(client: Client, address: str) -> None:
    assert "HX-Request" in client.get(address)["Vary"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("viking", {"mobile-vikings", "jim-mobile"}),
        ("Mobistar", {"orange"}),
        ("HEY", {"hey"}),
        ("turk", {"turk-telekom-mobile"}),
        ("xyzzy", set()),
        ("---", set()),
        ("中国移动", {"china-mobile-roaming-pack"}),
    ],
)
def test_operator_list_finds_names_and_aliases(
    client: Client, search: str, found: set[str]
) -> None:
    response = client.get("/en/operators/", {"q": search})

    slugs = {operator.slug for operator in response.context_data["operators"]}
    assert slugs == found
    assert ("no operator by that name" in response.content.decode()) is not bool(found)


def test_operator_list_answers_typing_with_the_results_only(client: Client) -> None:
    response = client.get(
        "/en/operators/?q=base", headers={**HTMX, "HX-Target": "results"}
    )

    html = response.content.decode()
    assert html.strip().startswith('<div id="results"')
    assert "<h1" not in html
    assert response["Cache-Control"] == "public, no-cache"
    assert {"HX-Request", "HX-Target"} <= set(response["Vary"].split(", "))


def test_operator_page_names_what_is_not_known(client: Client) -> None:
    html = text_of(client, "/en/operators/proximus/")

    assert "cancel-your-subscription.html" in html
    unknown = html.partition("What we could not confirm")[2]
    assert "<li>The confirmation</li>" in unknown


def test_language_aliases_lead_to_the_language_they_mean(client: Client) -> None:
    response = client.get("/zh-CN/guide/?goal=stop")

    assert response["Location"] == "/zh-hans/guide/?goal=stop"


def test_texts_without_a_translation_are_english_and_marked(
    client: Client, only_english_and_chinese: None
) -> None:
    publishing.publish(note="Only English and Chinese.")

    html = text_of(client, "/fr/guide/")

    assert '<span lang="en">' in html


def test_texts_in_the_pages_language_are_not_marked(client: Client) -> None:
    html = text_of(client, "/zh-hans/guide/")

    assert '<span lang="en">' not in html
    assert '<div lang="en">' not in html


def test_operator_name_in_chinese_has_spaces_only_around_latin(
    client: Client,
) -> None:
    case = address_of(CASES["proximus"], "checklist", v="1").replace(
        "/en/", "/zh-hans/"
    )
    known = text_of(client, case)
    unknown = text_of(
        client,
        case.replace("operator=proximus", "operator=unknown"),
    )

    assert "{operator}" not in known + unknown
    assert "和 Proximus 的合同" in known
    with translation.override("zh-hans"):
        assert " 您的运营商 " not in unknown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Proximus", "Proximus 没有确认。请问 Proximus。"),
        ("您的运营商", "您的运营商没有确认。请问您的运营商。"),
        ("Youfone (Belgium)", "Youfone (Belgium) 没有确认。请问 Youfone (Belgium)。"),
    ],
)
def test_a_name_that_opens_a_chinese_sentence_is_spaced_alike(
    name: str, shown: str
) -> None:
    text = Text({"zh-hans": "{operator} 没有确认。请问 {operator} 。"})

    found = filled(text, language="zh-hans", name=name)

    assert found == shown


def test_healthz_names_the_publication(client: Client) -> None:
    assert client.get("/healthz").content == b"ok, publication 1\n"


def test_robots_leave_cases_alone(client: Client) -> None:
    assert "Disallow: /zh-hans/checklist/" in text_of(client, "/robots.txt")


def test_links_to_keep_do_without_the_notices(client: Client) -> None:
    html = text_of(client, "/en/guide/?goal=stop&dropped=line.unknown")

    assert "dropped=" not in html
    assert 'href="/nl/guide/?goal=stop"' in html
