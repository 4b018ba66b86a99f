"""What visitors report: kept without a trace of them, and settled at the desk."""

import logging
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client, RequestFactory
from django.utils import timezone

from guide import publishing, reports, spam
from guide.flow.content import Guide
from guide.models import (
    Channel,
    FaqEntry,
    GlossaryEntry,
    Operator,
    OperatorFact,
    Publication,
    Report,
    ReportState,
    Step,
)
from guide.reports import Kind

pytestmark = pytest.mark.django_db

LANGUAGES = ("zh-hans", "en", "nl", "fr", "de")
STEP = "first-six-months"
FACT = "proximus-notice"
CHANNEL = "proximus-cancel-online"
FAQ = "stop-direct-debit"  # also the code of a step
TEXT = "The fee is lower since May, their site says."
BACK = "/en/checklist/?goal=stop&line=prepaid"
IN_PLACE = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _nobody_has_sent_anything() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def address(language: str = "en", **query: str) -> str:
    return f"/{language}/report/" + (f"?{urlencode(query)}" if query else "")


def stamp_of(seconds_ago: int) -> str:
    return spam.SIGNER.sign(str(int(time.time()) - seconds_ago))


def send(
    client: Client, where: str | None = None, *, text: str = TEXT, **more: object
) -> object:
    """Send a report as a person does who had the form open for a minute."""
    opened = stamp_of(more.pop("seconds", 60))
    data = {"text": text, "website": "", "opened": opened}
    headers = more.pop("headers", {})
    extra = {k: more.pop(k) for k in list(more) if k.isupper()}
    return client.post(
        where or address(step=STEP), data | more, headers=headers, **extra
    )


def page_of(response: object) -> str:
    return " ".join(response.content.decode().split())


def make_report(**fields: object) -> Report:
    defaults = {"text": TEXT, "language": "en", "publication_number": 1}
    return Report.objects.create(**defaults | fields)


def make_user(name: str, *groups: str) -> User:
    user = get_user_model().objects.create_user(name, password="p", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


# Where visitors are asked


def test_each_step_and_fact_of_a_checklist_can_be_reported(
    client: Client, seed_guide: Guide
) -> None:
    from tests.cases import CASES
    from tests.test_views import address_of

    response = client.get(address_of(CASES["proximus"], "checklist"), follow=True)
    html = response.content.decode()
    result = response.context_data["checklist"]

    wanted = {("step", item.step.slug) for item in result.steps}
    wanted |= {
        ("fact", fact.slug)
        for item in result.steps
        for topic in item.topics
        if not topic.shown_in
        for fact in topic.facts
    }
    found = set(re.findall(r'form="report-from" name="(\w+)" value="([\w-]+)"', html))
    assert len(wanted) > 20
    assert wanted <= found
    assert len(re.findall('id="report-from"', html)) == 1
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("page", "kinds"),
    [
        ("/en/operators/proximus/", {"operator", "channel", "fact"}),
        ("/en/faq/", {"faq"}),
        ("/en/glossary/", {"glossary"}),
    ],
)
def test_pages_ask_whether_something_is_wrong(
    client: Client, page: str, kinds: set[str]
) -> None:
    html = client.get(page).content.decode()

    assert set(re.findall(r'form="report-from" name="(\w+)"', html)) == kinds
    assert f'name="back" value="{page}"' in html


def test_the_way_back_of_a_checklist_holds_its_answers_and_no_notices(
    client: Client,
) -> None:
    from tests.cases import CASES
    from tests.test_views import address_of

    where = address_of(CASES["base"], "checklist", v="1")
    html = client.get(f"{where}&dropped=goal.unknown").content.decode()

    back = re.search(r'name="back" value="([^"]*)"', html)[1].replace("&amp;", "&")
    assert back == where


def test_a_preview_asks_for_no_reports(rf: RequestFactory) -> None:
    from dataclasses import replace

    from guide import views

    request = rf.get("/en/faq/")
    request.htmx = None
    request.edition = replace(publishing.current_publication(), is_draft=True)

    html = views.faq(request).render().content.decode()

    assert "report-from" not in html
    assert "report-open" not in html


# The form


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("query", "model", "field"),
    [
        ({"step": STEP}, Step, "title"),
        ({"fact": FACT}, OperatorFact, None),
        ({"channel": CHANNEL}, Channel, "value"),
        ({"faq": FAQ}, FaqEntry, "question"),
        ({"glossary": "puk"}, GlossaryEntry, "term"),
        ({"operator": "proximus"}, Operator, "name"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_the_page_shows_what_the_report_is_about(
    client: Client, language: str, query: dict, model: type, field: str | None
) -> None:
    response = client.get(address(language, **query))

    assert response.status_code == 200
    subject = response.context_data["subject"]
    kind, code = next(iter(query.items()))
    assert (subject.kind, subject.code) == (kind, code)
    row = model.objects.get(slug=code)
    if field in {"value", "name"}:
        assert getattr(row, field) in page_of(response)
    elif field:
        column = f"{field}_{language.replace('-', '_')}"
        shown = getattr(row, column) or getattr(row, f"{field}_en")
        assert shown in response.content.decode().replace("&#x27;", "'")
    else:
        assert "<blockquote" in page_of(response)


def test_the_form_asks_only_what_is_wrong(client: Client) -> None:
    html = page_of(client.get(address(step=STEP, back=BACK)))

    names = re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', html)
    assert names == ["text", "website", "opened"]
    assert 'tabindex="-1" autocomplete="off"' in html
    assert "Please do not write names" in html
    assert 'content="noindex"' in html


@pytest.mark.parametrize("in_place", [False, True])
def test_nothing_is_kept_of_who_opens_the_form(
    client: Client, django_assert_num_queries: object, settings: object, in_place: bool
) -> None:
    settings.PUBLICATION_RECHECK_SECONDS = 3600
    publishing.current_publication()

    with django_assert_num_queries(0):
        response = client.get(address(step=STEP), headers=IN_PLACE if in_place else {})

    assert not response.cookies
    assert "Cookie" not in response["Vary"]
    assert "HX-Request" in response["Vary"]
    assert "no-store" in response["Cache-Control"]
    assert cache.get(f"reports:key:{int(time.time()) // spam.DAY_SECONDS}") is None


def test_in_place_there_is_only_the_form(client: Client) -> None:
    html = page_of(client.get(address(step=STEP), headers=IN_PLACE))

    assert html.startswith("<form")
    assert "<main" not in html
    assert f'hx-post="/en/report/?step={STEP}"' in html
    assert "data-report-close" in html


def test_going_back_in_history_gives_the_whole_page(client: Client) -> None:
    headers = IN_PLACE | {"HX-History-Restore-Request": "true"}

    assert "<main" in page_of(client.get(address(step=STEP), headers=headers))


@pytest.mark.parametrize(
    "query", [{"step": "nothing"}, {"fact": STEP}, {"step": "x" * 999}, {"step": "\0"}]
)
def test_an_unknown_code_leads_to_a_report_on_the_guide(
    client: Client, query: dict[str, str]
) -> None:
    html = page_of(client.get(address(back=BACK, **query)))

    assert "The guide has no such step or fact" in html
    assert 'action="/en/report/?back=' in html


def test_robots_leave_the_form_alone(client: Client) -> None:
    robots = client.get("/robots.txt").content.decode().splitlines()

    for language in LANGUAGES:
        assert f"Disallow: /{language}/report/" in robots
    assert "/report/" not in client.get("/sitemap.xml").content.decode()


def test_other_methods_are_not_answered(client: Client) -> None:
    assert client.put(address()).status_code == 405


# What is kept


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({"step": STEP}, (STEP, "")),
        ({"fact": FACT}, ("", FACT)),
        ({"channel": CHANNEL}, ("", f"channel:{CHANNEL}")),
        ({"faq": FAQ}, ("", f"faq:{FAQ}")),
        ({"glossary": "puk"}, ("", "glossary:puk")),
        ({"operator": "base"}, ("", "operator:base")),
        ({}, ("", "")),
    ],
    ids=["step", "fact", "channel", "faq", "glossary", "operator", "guide"],
)
def test_a_report_keeps_what_it_is_about_and_nothing_more(
    client: Client, query: dict[str, str], kept: tuple[str, str]
) -> None:
    send(
        client,
        address("zh-hans", back=BACK, **query),
        text="  费用变了。\r\n见官网。 ",
        REMOTE_ADDR="203.0.113.7",
        headers={"User-Agent": "Phone 1", "Referer": f"http://testserver{BACK}"},
    )

    report = Report.objects.get()
    assert (report.step_slug, report.fact_slug) == kept
    assert report.text == "费用变了。\n见官网。"
    assert report.language == "zh-hans"
    assert report.publication_number == 1
    assert report.state == ReportState.OPEN
    everything = str(Report.objects.values().get())
    for trace in ("203.0.113.7", "Phone", "goal", "prepaid"):
        assert trace not in everything


def test_the_edition_is_the_one_in_force(client: Client) -> None:
    publishing.publish(note="again")
    publishing.current().forget()

    send(client)

    assert Report.objects.get().publication_number == 2


def test_subject_and_fields_lead_to_each_other(seed_guide: Guide) -> None:
    for kind, code in [
        (Kind.STEP, FAQ),
        (Kind.FAQ, FAQ),
        (Kind.GLOSSARY, "puk"),
        (Kind.FACT, FACT),
        (Kind.CHANNEL, CHANNEL),
        (Kind.OPERATOR, "base"),
    ]:
        report = make_report(**reports.kept_as(kind, code))

        assert reports.named_in(report) == (kind, code)
        assert reports.find_subject(seed_guide, kind, code).thing.slug == code


def test_a_code_too_long_to_be_kept_is_no_subject(seed_guide: Guide) -> None:
    assert reports.can_be_kept(Kind.STEP, "x" * 80)
    assert not reports.can_be_kept(Kind.CHANNEL, "x" * 80)
    assert reports.find_subject(seed_guide, "channel", "x" * 80) is None
    assert reports.find_subject(seed_guide, "letter", STEP) is None


def test_nothing_of_a_report_is_logged_and_no_cookie_is_set(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        responses = [send(client), send(client, text=""), send(client, website="x")]

    assert [r for r in caplog.records if r.name != "django.request"] == []
    assert TEXT not in caplog.text
    for response in responses:
        assert not response.cookies


def test_the_same_text_about_the_same_thing_is_kept_once(client: Client) -> None:
    for _ in range(2):
        assert send(client).status_code == 302
    assert Report.objects.count() == 1

    send(client, address(fact=FACT))
    assert Report.objects.count() == 2

    Report.objects.update(state=ReportState.HANDLED)
    send(client)
    assert Report.objects.count() == 3


# After sending


def test_without_scripts_the_visitor_is_sent_on_and_can_go_back(
    client: Client,
) -> None:
    response = send(client, address(step=STEP, back=BACK))
    assert response.status_code == 302
    thanks = client.get(response["Location"])

    html = page_of(thanks)
    assert "A person reads every report." in html
    assert f'href="{BACK.replace("&", "&amp;")}#report-step-{STEP}"' in html
    assert "<form" not in html
    assert 'content="noindex"' in html


def test_in_place_the_visitor_is_thanked_in_place(client: Client) -> None:
    response = send(client, headers=IN_PLACE)

    assert response.status_code == 200
    html = page_of(response)
    assert html.startswith('<div class="report-form">')
    assert "A person reads every report." in html
    assert 'tabindex="-1"' in html


def test_whoever_came_from_nowhere_gets_to_the_start_page(client: Client) -> None:
    html = page_of(client.get(send(client, address())["Location"]))

    assert 'class="button" href="/en/"' in html


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("/en/faq/", "/en/faq/"),
        ("/nl/faq/", "/en/faq/"),
        ("/zh-hans/operators/base/", "/en/operators/base/"),
        ("/en/checklist/?goal=stop&x=%22%3E", "/en/checklist/?goal=stop&x=%22%3E"),
    ],
)
def test_the_way_back_is_a_page_of_ours_in_the_language_at_hand(
    client: Client, back: str, leads_to: str
) -> None:
    response = client.get(address(back=back))

    assert response.context_data["back"] == leads_to


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/en/faq/",
        "//evil.example/en/faq/",
        "/\\evil.example/en/faq/",
        "///evil.example/en/faq/",
        "/en//evil.example/faq/",
        "javascript:alert(1)",
        "/\tjavascript:alert(1)",
        "/en/report/?step=x",
        "/admin/",
        "/en/nowhere/",
        "/xx/faq/",
        "en/faq/",
        "/en/checklist/?" + "x" * 2000,
        "http://[/",
    ],
)
def test_the_way_back_never_leads_elsewhere(client: Client, back: str) -> None:
    response = client.get(address(back=back))

    assert response.status_code == 200
    assert response.context_data["back"] == ""
    assert "evil" not in re.sub(r'action="[^"]*"', "", "".join(hrefs(response)))
    assert send(client, address(back=back))["Location"].startswith("/en/report/?sent=1")


def hrefs(response: object) -> list[str]:
    main = response.content.decode().partition("<main")[2].partition("</main")[0]
    return re.findall(r'href="([^"]*)"', main)


# What is refused, with the text kept


@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"text": " \n"}, "Please write what is wrong."),
        ({"text": "x" * 2001}, "Your text has 2001 characters; at most 2000 fit."),
        ({"text": "https://a.example/x www.b.example"}, "A link alone is not enough."),
        ({"text": "me@a.example"}, "A link alone is not enough."),
        ({"website": "https://a.example"}, "A hidden field was filled in"),
        ({"seconds": 1}, "That was very quick."),
        ({"seconds": 90_000}, "This form was open for a long time."),
        ({"opened": "1:forged"}, "This form was open for a long time."),
        ({"opened": ""}, "This form was open for a long time."),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_is_wrong_is_said_and_the_text_is_kept(
    client: Client, sent: dict[str, str], sentence: str, in_place: bool
) -> None:
    response = send(client, headers=IN_PLACE if in_place else {}, **sent)

    assert response.status_code == 422
    html = response.content.decode()
    errors = re.search(
        r'<div id="([\w-]+)" class="error" role="alert">(.*?)</div>', html, re.S
    )
    assert sentence in errors[2]
    assert f" {errors[1]}" in re.search(r'aria-describedby="([^"]*)"', html)[1]
    assert f">\n{sent.get('text', TEXT)}</textarea>" in html
    assert ("<main" in html) != in_place
    assert Report.objects.count() == 0


@pytest.mark.parametrize("sent", [{"seconds": 90_000}, {"opened": "1:forged"}])
def test_after_a_refusal_for_time_sending_again_is_enough(
    client: Client, sent: dict[str, object]
) -> None:
    html = send(client, **sent).content.decode()
    again = re.search(r'name="opened" value="([^"]*)"', html)[1]

    assert send(client, opened=again).status_code == 302
    assert Report.objects.count() == 1


def test_a_form_sent_too_soon_keeps_its_stamp(client: Client) -> None:
    opened = stamp_of(0)

    html = send(client, opened=opened).content.decode()

    assert re.search(r'name="opened" value="([^"]*)"', html)[1] == opened


def test_the_ends_of_lines_do_not_make_a_text_too_long(client: Client) -> None:
    text = ("x" * 9 + "\r\n") * 199 + "x" * 10

    assert send(client, text=text).status_code == 302
    assert len(Report.objects.get().text) == 2000


def test_words_with_a_link_are_taken(client: Client) -> None:
    assert send(client, text="See https://a.example/new").status_code == 302


def test_markup_is_shown_as_text(client: Client) -> None:
    html = send(client, text="</textarea><b>x", opened="").content.decode()

    assert "&lt;/textarea&gt;&lt;b&gt;x" in html
    assert "<b>x" not in html


def test_a_body_of_megabytes_is_refused_in_words(client: Client) -> None:
    response = send(client, text="x" * 3_000_000)

    assert response.status_code == 422
    assert "Your text is much too long" in page_of(response)


def test_a_thing_that_has_gone_is_not_taken_for_the_whole_guide(
    client: Client,
) -> None:
    response = send(client, address(step="gone", back=BACK))

    assert response.status_code == 422
    html = page_of(response)
    assert "The guide has no such step or fact" in html
    assert TEXT in html
    assert Report.objects.count() == 0
    action = re.search(r'action="(/en/report/[^"]*)"', html)[1].replace("&amp;", "&")
    assert send(client, action).status_code == 302
    assert Report.objects.get().step_slug == ""


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 302),
        ({"Sec-Fetch-Site": "none"}, 302),
        ({"Origin": "http://testserver"}, 302),
        ({}, 302),
    ],
)
def test_other_sites_cannot_send_reports(
    client: Client, headers: dict[str, str], status: int
) -> None:
    response = send(client, headers=headers)

    assert response.status_code == status
    assert Report.objects.count() == (1 if status == 302 else 0)
    if status == 403:
        assert "This form could not be accepted" in page_of(response)


def test_no_token_is_asked_of_visitors() -> None:
    assert send(Client(enforce_csrf_checks=True)).status_code == 302


def test_a_database_that_fails_loses_no_text(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(execute: object, sql: str, *rest: object) -> object:
        if sql.startswith("INSERT"):
            raise OperationalError(f"database is locked: {rest}")
        return execute(sql, *rest)

    with connection.execute_wrapper(fail):
        response = send(client)

    assert response.status_code == 503
    assert "the fault is ours" in page_of(response)
    assert TEXT in page_of(response)
    assert TEXT not in caplog.text


def test_a_preview_sends_nothing(rf: RequestFactory) -> None:
    from dataclasses import replace

    from guide import report_views

    request = rf.post(address(step=STEP), {"text": TEXT, "opened": stamp_of(60)})
    request.htmx = None
    request.edition = replace(publishing.current_publication(), is_draft=True)

    response = report_views.report(request).render()

    assert response.status_code == 422
    assert "nothing was sent" in response.content.decode()
    assert Report.objects.count() == 0


# Limits


def test_from_one_address_only_so_many_reports_are_taken(client: Client) -> None:
    for number in range(spam.LIMIT):
        assert send(client, text=f"Mistake {number}").status_code == 302

    response = send(client, text="One more")

    assert response.status_code == 429
    wait = int(response["Retry-After"])
    assert 0 < wait <= spam.WINDOW_SECONDS
    assert f"again in {max(1, -(-wait // 60))} minute" in page_of(response)
    assert "One more</textarea>" in page_of(response)
    assert Report.objects.count() == spam.LIMIT
    assert send(client, text="Me", REMOTE_ADDR="198.51.100.1").status_code == 302


def test_a_refused_text_does_not_count(client: Client) -> None:
    for _ in range(spam.LIMIT + 1):
        send(client, text="")

    assert send(client).status_code == 302


def test_all_together_only_so_many_reports_are_taken(client: Client) -> None:
    Report.objects.bulk_create(
        Report(text=f"{n}", language="en", publication_number=1)
        for n in range(reports.LIMIT)
    )
    half_an_hour_ago = timezone.now() - timedelta(minutes=30)
    Report.objects.update(reported_at=half_an_hour_ago)

    response = send(client)

    assert response.status_code == 429
    assert 1790 < int(response["Retry-After"]) <= 1800
    assert "again in 30 minutes" in page_of(response)
    assert TEXT in page_of(response)
    Report.objects.update(reported_at=half_an_hour_ago - timedelta(minutes=30))
    assert send(client).status_code == 302


def test_no_address_is_kept_in_clear(client: Client) -> None:
    send(client, REMOTE_ADDR="203.0.113.7")

    kept = str(cache._cache) + str(cache._expire_info)
    assert "reports:" in kept
    assert "203.0.113.7" not in kept


def test_the_mark_of_an_address_changes_each_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = time.time()
    first = spam._mark_of("203.0.113.7")
    assert spam._mark_of("203.0.113.7") == first
    assert spam._mark_of("203.0.113.8") != first

    monkeypatch.setattr(time, "time", lambda: now + spam.DAY_SECONDS)

    assert spam._mark_of("203.0.113.7") != first


@pytest.mark.parametrize(
    ("proxies", "forwarded", "sender"),
    [
        (0, "198.51.100.9", "10.0.0.1"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "1.1.1.1, 198.51.100.9", "198.51.100.9"),
        (2, "1.1.1.1, 198.51.100.9, 10.0.0.2", "198.51.100.9"),
        (2, "198.51.100.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_a_forwarded_address_is_believed_only_of_our_own_proxies(
    rf: RequestFactory, settings: object, proxies: int, forwarded: str, sender: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)

    assert spam.sender_of(request) == sender


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "[2001:db8::2]:443", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7:5000", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("unix:", "unix:", True),
    ],
)
def test_one_household_counts_as_one(one: str, other: str, is_same: bool) -> None:
    assert (spam._mark_of(one) == spam._mark_of(other)) is is_same


# The desk

LIST = "/admin/guide/report/"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("an-editor", "Editors"))
    return client


def test_open_reports_come_first_with_all_an_editor_needs(editor: Client) -> None:
    make_report(text="Old one", step_slug=STEP, state=ReportState.HANDLED)
    make_report(text="Fact wrong", fact_slug=FACT, language="zh-hans")
    make_report(text="Shop closed", fact_slug=f"channel:{CHANNEL}")
    make_report(text="Bad answer", fact_slug=f"faq:{FAQ}")
    make_report(text="Bad meaning", fact_slug="glossary:puk")
    make_report(text="Gone", step_slug="gone")
    make_report(text="Whole guide")
    Report.objects.filter(state=ReportState.HANDLED).update(
        reported_at=timezone.now() + timedelta(days=1)
    )

    html = page_of(editor.get(LIST))

    order = [html.index(t) for t in ("Whole guide", "Fact wrong", "Old one")]
    assert order == sorted(order)
    for model, slug in [
        (Step, STEP),
        (OperatorFact, FACT),
        (Channel, CHANNEL),
        (FaqEntry, FAQ),
        (GlossaryEntry, "puk"),
    ]:
        pk = model.objects.get(slug=slug).pk
        name = model._meta.model_name
        assert f'href="/admin/guide/{name}/{pk}/change/"' in html
    assert Step.objects.get(slug=STEP).title_en in html
    assert "gone <em>(no longer in the draft)</em>" in html
    assert "(no longer in the guide)" in html
    assert "(unchanged)" in html
    assert "The guide in general" in html
    assert "Simplified Chinese" in html


def test_the_list_asks_no_more_for_more_reports(
    editor: Client, django_assert_max_num_queries: object
) -> None:
    steps = list(Step.objects.values_list("slug", flat=True))
    for slug in steps[:3]:
        make_report(step_slug=slug)
    publishing.current_publication()
    editor.get(LIST)  # from here on Django knows its content types
    with django_assert_max_num_queries(20) as few:
        editor.get(LIST)
    for slug in steps[3:30]:
        make_report(step_slug=slug)
    with django_assert_max_num_queries(20) as many:
        editor.get(LIST)

    assert len(many) == len(few)


def test_the_list_says_what_has_changed_since(editor: Client) -> None:
    make_report(step_slug=STEP)
    make_report(step_slug=FAQ)
    make_report(fact_slug=FACT, publication_number=999)
    make_report(fact_slug="operator:proximus")
    step = Step.objects.get(slug=STEP)
    step.title_en = "Look up the fee for leaving early"
    step.save()
    # A fact of an operator does not change the operator.
    fact = OperatorFact.objects.get(slug=FACT)
    fact.text_en += " Really."
    fact.save()
    assert page_of(editor.get(LIST)).count("(unchanged)") == 3

    publishing.publish(note="mended")
    publishing.current().forget()
    html = page_of(editor.get(LIST))

    assert html.count("(changed since)") == 1
    assert html.count("(unchanged)") == 2
    assert html.count("(not known whether it has changed)") == 1
    assert "Look up the fee for leaving early" in html


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("state__exact=open", {"a step", "a fact", "a channel", "the guide"}),
        ("state__exact=handled", {"handled"}),
        ("kind=step", {"a step", "handled"}),
        ("kind=fact", {"a fact"}),
        ("kind=channel", {"a channel"}),
        ("kind=guide", {"the guide"}),
        ("kind=nonsense", set()),
        ("language=nl", {"a fact"}),
        ("q=fact", {"a fact"}),
        ("q=proximus", {"a fact", "a channel"}),
    ],
)
def test_the_list_can_be_narrowed(editor: Client, query: str, texts: set[str]) -> None:
    make_report(text="a step", step_slug=STEP)
    make_report(text="handled", step_slug=STEP, state=ReportState.HANDLED)
    make_report(text="a fact", fact_slug=FACT, language="nl")
    make_report(text="a channel", fact_slug=f"channel:{CHANNEL}")
    make_report(text="the guide")

    response = editor.get(f"{LIST}?{query}")

    found = {report.text for report in response.context_data["cl"].result_list}
    assert found == texts


def test_one_click_settles_a_report_and_another_opens_it_again(
    editor: Client,
) -> None:
    report = make_report(step_slug=STEP)
    html = page_of(editor.get(f"{LIST}?language=en"))
    handled = re.search(r'formaction="([^"]*)"', html)[1].replace("&amp;", "&")
    assert handled.startswith(f"{LIST}{report.pk}/handled/")

    response = editor.post(handled)

    assert response["Location"] == f"{LIST}?language=en"
    report.refresh_from_db()
    assert report.state == ReportState.HANDLED
    assert report.handled_by.username == "an-editor"
    assert timezone.now() - report.handled_at < timedelta(minutes=1)
    assert "Handled by an-editor" in page_of(editor.get(LIST))
    assert "Marked as handled." in LogEntry.objects.first().change_message

    editor.post(f"{LIST}{report.pk}/open/")

    report.refresh_from_db()
    assert report.state == ReportState.OPEN
    assert report.handled_by is None
    assert report.handled_at is None


def test_who_handled_a_report_first_stays_named(editor: Client) -> None:
    colleague = make_user("a-colleague", "Editors")
    report = make_report()
    reports.mark_handled(report, by=colleague)

    response = editor.post(f"{LIST}{report.pk}/handled/", follow=True)

    assert "Somebody has handled this report already." in page_of(response)
    report.refresh_from_db()
    assert report.handled_by == colleague


def test_several_reports_are_settled_at_once(editor: Client) -> None:
    found = [make_report(text=str(n)) for n in range(3)]
    action = {"action": "settle_chosen", "_selected_action": [r.pk for r in found[:2]]}

    response = editor.post(LIST, action, follow=True)

    assert "2 reports are marked as handled." in page_of(response)
    assert Report.objects.filter(state=ReportState.OPEN).get() == found[2]


def test_the_form_shows_the_words_as_text_and_settles(editor: Client) -> None:
    report = make_report(text="<script>alert(1)</script>\nLine two", fact_slug=FACT)

    html = page_of(editor.get(f"{LIST}{report.pk}/change/"))

    assert "&lt;script&gt;alert(1)&lt;/script&gt; Line two" in html
    assert f'formaction="{LIST}{report.pk}/handled/"' in html
    assert "csrfmiddlewaretoken" in html
    assert not re.search(r'<(textarea|input type="text") [^>]*name="text"', html)


def test_nobody_writes_or_rewrites_a_report(client: Client) -> None:
    client.force_login(get_user_model().objects.get(username="editor"))
    report = make_report()

    assert client.get(f"{LIST}add/").status_code == 403
    response = client.post(f"{LIST}{report.pk}/change/", {"text": "Another"})

    assert response.status_code == 403
    report.refresh_from_db()
    assert report.text == TEXT


@pytest.mark.parametrize("group", ["Translators", "Publishers"])
def test_who_may_not_settle_reports_can_read_them(client: Client, group: str) -> None:
    client.force_login(make_user("reader", group))
    report = make_report()

    for page in (LIST, f"{LIST}{report.pk}/change/"):
        html = page_of(client.get(page))
        assert TEXT in html
        assert "formaction" not in html
    for verb in ("handled", "open"):
        assert client.post(f"{LIST}{report.pk}/{verb}/").status_code == 403
    client.post(LIST, {"action": "settle_chosen", "_selected_action": [report.pk]})
    report.refresh_from_db()
    assert report.state == ReportState.OPEN


@pytest.mark.parametrize("verb", ["handled", "open"])
def test_settling_needs_a_post_a_token_and_a_login(client: Client, verb: str) -> None:
    where = f"{LIST}{make_report().pk}/{verb}/"

    assert client.post(where)["Location"].startswith("/admin/login/")
    strict = Client(enforce_csrf_checks=True)
    user = make_user("an-editor", "Editors")
    strict.force_login(user)
    assert strict.post(where).status_code == 403
    client.force_login(user)
    assert client.get(where).status_code == 405
    gone = client.post(f"{LIST}999999/{verb}/", follow=True)
    assert "This report has been deleted." in page_of(gone)
    assert Report.objects.get().state == ReportState.OPEN


def test_only_who_has_the_right_deletes_reports(client: Client) -> None:
    report = make_report()
    client.force_login(make_user("an-editor", "Editors"))
    assert client.post(f"{LIST}{report.pk}/delete/", {"post": "yes"}).status_code == 403

    client.force_login(get_user_model().objects.get(username="editor"))
    client.post(f"{LIST}{report.pk}/delete/", {"post": "yes"})

    assert Report.objects.count() == 0


def test_the_list_works_before_the_first_publication(editor: Client) -> None:
    make_report(step_slug=STEP)
    Publication.objects.all().delete()
    publishing.current().forget()

    html = page_of(editor.get(LIST))

    assert TEXT in html
    assert STEP in html
