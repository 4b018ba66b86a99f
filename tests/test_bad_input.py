"""Whatever the address holds: a notice and a useful page, never an error."""

from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guide.flow.engine import Reason
from guide.wording import REASONS

pytestmark = pytest.mark.django_db

BASE = "goal=stop&line=subscription&operator=proximus&card=physical&situation=none"
BEFORE_END = f"{BASE}&linked=none&place=belgium"


def follow(client: Client, address: str) -> tuple[str, str]:
    response = client.get(address, follow=True)
    assert response.status_code == 200
    path = response.redirect_chain[-1][0] if response.redirect_chain else address
    return path, response.content.decode()


@pytest.mark.parametrize(
    ("query", "kept", "reason"),
    [
        ("goal=nonsense", "", Reason.UNKNOWN),
        ("goal=stop&line=nonsense", "goal=stop", Reason.UNKNOWN),
        ("goal=keep-number&line=travel-esim", "goal=keep-number", Reason.IMPOSSIBLE),
        ("goal=stop&goal=lost", "goal=stop", Reason.REPEATED),
        (f"{BASE}&linked=none&linked=bank", f"{BASE}&linked=bank", Reason.EXCLUSIVE),
        (f"{BEFORE_END}&end=tomorrow", BEFORE_END, Reason.NOT_A_DATE),
        (f"{BEFORE_END}&end=2027-02-30", BEFORE_END, Reason.NOT_A_DATE),
        (f"{BEFORE_END}&end=1999-01-01", BEFORE_END, Reason.PAST),
        (f"{BEFORE_END}&end=2999-01-01", BEFORE_END, Reason.FAR),
        ("goal=stop&ask=line", "goal=stop", Reason.MISSING),
        ("goal=stop&line=prepaid&operator=nobody", "goal=stop&line=prepaid", "unknown"),
    ],
)
def test_a_wrong_answer_is_named_and_the_others_stay(
    client: Client, query: str, kept: str, reason: str
) -> None:
    path, html = follow(client, f"/en/guide/?{query}")

    answers = path.partition("?")[2].partition("dropped=")[0].rstrip("&")
    assert answers == kept
    assert str(REASONS[reason])[:40] in html


@pytest.mark.parametrize("page", ["guide", "checklist"])
@pytest.mark.parametrize(
    "query",
    [
        "goal=stop&junk=" + "x" * 10_000,
        "&".join(f"p{i}=1" for i in range(1500)),
        "goal=stop&" + "&" * 500,
        "goal=%00%ff%fe&line=%F0%9F%92%A9",
        "goal=<script>alert(1)</script>",
        "%%%&&&===;;;",
        "goal[]=stop&goal[0]=stop",
        "dropped=goal.unknown&dropped=x.y&dropped=goal.nonsense",
        "ask=nonsense",
        "v=abc",
    ],
    ids=[
        *("long", "many", "ampersands", "bytes", "script", "percent", "brackets"),
        *("notices", "ask", "version"),
    ],
)
def test_junk_leads_to_a_question(client: Client, page: str, query: str) -> None:
    path, html = follow(client, f"/en/{page}/?{query}")

    assert path.startswith("/en/guide/")
    assert "<h1" in html
    assert "<script>alert" not in html


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=st.text(alphabet=st.characters(codec="latin-1"), max_size=200))
def test_any_query_ends_in_a_page(client: Client, query: str) -> None:
    response = client.get(f"/en/guide/?{quote(query, safe='%&=;+')}", follow=True)

    assert response.status_code == 200
    assert len(response.redirect_chain) <= 2


@pytest.mark.parametrize(
    ("address", "accept", "sentence"),
    [
        ("/en/operators/nobody/", "", "There is no such page"),
        ("/en/guide/nonsense/", "", "There is no such page"),
        ("/en/nowhere/at/all", "", "There is no such page"),
        ("/xx/nowhere/", "en", "There is no such page"),
        ("/en/favicon.ico", "en", "There is no such page"),
        ("/wp-login.php", "en", "There is no such page"),
    ],
)
def test_a_missing_page_is_answered_kindly(
    client: Client, address: str, accept: str, sentence: str
) -> None:
    response = client.get(address, headers={"accept-language": accept}, follow=True)

    assert response.status_code == 404
    assert sentence in response.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "nl", "fr", "de"])
def test_a_missing_page_is_answered_in_the_visitors_language(
    client: Client, language: str
) -> None:
    by_address = client.get(f"/{language}/nowhere/")
    by_browser = client.get(
        "/x.php", headers={"accept-language": language}, follow=True
    )

    for response in (by_address, by_browser):
        html = response.content.decode()
        assert response.status_code == 404
        assert f'lang="{language.replace("hans", "Hans")}"' in html
        assert "There is no such page" not in html


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/en/guide?goal=stop", "/en/guide/?goal=stop"),
        ("/nl/operators/proximus", "/nl/operators/proximus/"),
        ("/xx/guide/?goal=stop", "/de/guide/?goal=stop"),
        ("/zh-tw/guide?goal=stop", "/zh-hans/guide/?goal=stop"),
        ("/guide/?goal=stop", "/de/guide/?goal=stop"),
    ],
    ids=["no-slash", "no-slash-operator", "language", "both", "no-language"],
)
def test_an_address_nearly_right_leads_to_the_page_with_its_answers(
    client: Client, address: str, page: str
) -> None:
    response = client.get(address, headers={"accept-language": "de"})

    assert response.status_code == 302
    assert response["Location"] == page


@pytest.mark.parametrize(
    "query", ["goal=stop&amp;line=prepaid", "goal[]=stop&line[]=prepaid"]
)
def test_a_link_escaped_once_too_often_keeps_its_answers(
    client: Client, query: str
) -> None:
    path, _ = follow(client, f"/en/guide/?{query}")

    assert path == "/en/guide/?goal=stop&line=prepaid"


def test_an_unknown_answer_beside_a_good_one_is_said_to_be_left_out(
    client: Client,
) -> None:
    path, html = follow(client, "/en/guide/?goal=nonsense&goal=stop")

    assert "goal=stop" in path
    assert "We left it out and kept the others" in html


def test_a_form_from_elsewhere_is_refused_in_the_visitors_language() -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/fr/guide/")

    assert response.status_code == 403
    assert 'lang="fr"' in response.content.decode()


def test_a_fault_of_ours_is_said_to_be_ours(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False

    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr("guide.publishing.current_publication", fail)
    response = client.get("/en/guide/?goal=stop")

    assert response.status_code == 500
    assert "wrong on our side" in response.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_can_only_be_read(client: Client, method: str) -> None:
    assert getattr(client, method)("/en/guide/").status_code == 405
