"""The draft as visitors would see it, for editors and for reviewers with a link."""

import re
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, Group, Permission
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import get_script_prefix, reverse
from django.utils import translation
from django.utils.formats import localize
from django.utils.timezone import localtime
from django_htmx.middleware import HtmxDetails

from guide import models, previewing, publishing
from guide.admin.preview import visitors_address
from guide.compiling import compile_draft
from guide.previewing import Preview, draft_edition, read_link, show, sign_link
from tests.cases import CASES
from tests.conftest import LANGUAGES

pytestmark = pytest.mark.django_db

STAFF = "/admin/preview/today"
HTMX = {"HX-Request": "true"}
PAGES = [
    *("", "guide/", "guide/?goal=stop", "guide/goal/?goal=stop", "operators/"),
    *("operators/base/", "faq/", "faq/written-proof/", "sources/", "about/"),
    "accessibility/",
]


@pytest.fixture
def user() -> AbstractBaseUser:
    return get_user_model().objects.get(username="editor")


@pytest.fixture
def editor(user: AbstractBaseUser) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def shared(user: AbstractBaseUser) -> str:
    """The prefix of a reviewer's link that works."""
    return f"/preview/{sign_link(days=7, as_of=None, by=user)}"


def member_of(group: str) -> Client:
    """Sign in somebody who is in one of the groups, and nothing else."""
    user = get_user_model().objects.create_user(username=group, is_staff=True)
    if group != "nobody":
        user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


def query_of(case: str, **more: str) -> str:
    return urlencode([*CASES[case].items(), *more.items()], doseq=True, safe=":")


def html_of(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, (response.status_code, dict(response.headers))
    return response.content.decode()


def without_banner(html: str) -> str:
    return re.sub(r'<aside id="draft".*?</aside>', "", html, flags=re.DOTALL)


# Every page


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["staff", "reviewer"])
def test_page_is_marked_as_a_draft_and_stays_in_the_preview(
    editor: Client, client: Client, shared: str, page: str, who: str
) -> None:
    prefix, viewer = (STAFF, editor) if who == "staff" else (shared, client)
    number = models.Publication.objects.newest_number()

    response = viewer.get(f"{prefix}/en/{page}")

    html = response.content.decode()
    assert response.status_code == 200
    assert "<title>Draft: " in html
    assert html.count('<aside id="draft"') == 1
    assert '<meta name="robots" content="noindex">' in html
    assert f"Edition {number}" not in html
    assert "not published. General information" in html
    local = re.findall(r'(?:href|action|hx-get)="(/[^"]*)"', without_banner(html))
    outside = {a for a in local if not a.startswith(("/static/", f"{prefix}/"))}
    assert local
    assert outside == set()
    canonical = re.findall(r'rel="(?:canonical|alternate)"[^>]* href="([^"]*)"', html)
    assert all(f"http://testserver{prefix}/" in address for address in canonical)


@pytest.mark.parametrize("page", ["", "guide/", "operators/base/", "about/"])
def test_page_has_the_headers_of_a_draft(
    client: Client, shared: str, page: str
) -> None:
    response = client.get(f"{shared}/en/{page}", headers={"if-none-match": "*"})

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store, private"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "ETag" not in response
    assert "Last-Modified" not in response
    assert response["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Content-Language"] == "en"


def test_page_of_staff_is_not_kept_either(editor: Client) -> None:
    response = editor.get(f"{STAFF}/en/")

    kept = {part.strip() for part in response["Cache-Control"].split(",")}
    assert {"no-store", "private"} <= kept
    assert "public" not in kept
    assert "ETag" not in response


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_opens_in_every_language_with_links_to_the_others(
    client: Client, shared: str, language: str
) -> None:
    html = html_of(client, f"{shared}/{language}/guide/?goal=stop")

    html_language = "zh-Hans" if language == "zh-hans" else language
    assert f'<html lang="{html_language}">' in html
    for other in LANGUAGES:
        assert f'href="{shared}/{other}/guide/?goal=stop"' in html


def test_banner_is_in_the_language_of_the_reader(client: Client, shared: str) -> None:
    html = html_of(client, f"{shared}/zh-hans/", **{"accept-language": "en"})

    assert 'class="draft" lang="en"' in html
    assert "Draft, not published." in html


def test_draft_is_seen_in_the_preview_and_not_by_visitors(
    client: Client, editor: Client, shared: str
) -> None:
    models.Operator.objects.filter(slug="base").update(name="Renamed")

    assert "Renamed" in html_of(editor, f"{STAFF}/en/operators/base/")
    assert "Renamed" in html_of(client, f"{shared}/en/operators/base/")
    assert "Renamed" not in html_of(client, "/en/operators/base/")


def test_new_operator_is_only_in_the_preview(client: Client, editor: Client) -> None:
    models.Operator.objects.create(slug="meadow", name="Meadow", kind="brand")

    assert "Meadow" in html_of(editor, f"{STAFF}/en/operators/meadow/")
    assert client.get("/en/operators/meadow/").status_code == 404


@pytest.mark.parametrize("case", CASES, ids=CASES)
def test_case_leads_to_the_checklist_within_the_preview(
    client: Client, shared: str, case: str
) -> None:
    response = client.get(f"{shared}/en/guide/?{query_of(case)}")

    number = models.Publication.objects.newest_number()
    wanted = f"{shared}/en/checklist/?{query_of(case, v=str(number))}"
    assert response["Location"] == wanted
    assert response["Cache-Control"] == "no-store, private"


def test_questionnaire_redirects_to_its_own_canonical_address(
    client: Client, shared: str
) -> None:
    response = client.get(f"{shared}/en/guide/?line=prepaid&goal=stop&x=1")

    assert response["Location"] == f"{shared}/en/guide/?goal=stop&line=prepaid"


def test_fragments_carry_the_banner_and_the_title_along(
    client: Client, shared: str
) -> None:
    html = html_of(client, f"{shared}/en/guide/?goal=stop", **HTMX)

    assert "<html" not in html
    assert "<title>Draft: " in html
    assert re.search(r'<aside id="draft"[^>]*hx-swap-oob="true"', html)
    assert f'hx-get="{shared}/en/guide/"' in html


def test_operators_narrow_within_the_preview(client: Client, shared: str) -> None:
    html = html_of(
        client, f"{shared}/en/operators/?q=base", **HTMX, **{"HX-Target": "results"}
    )

    assert html.strip().startswith('<div id="results"')
    assert f'href="{shared}/en/operators/base/"' in html


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/", "/nl/"),
        ("/zh-cn/faq/", "/zh-hans/faq/"),
        ("/en/faq", "/en/faq/"),
        ("/xx/faq/?a=b", "/nl/faq/?a=b"),
        ("/nowhere/", "/nl/nowhere/"),
    ],
)
def test_nearly_right_addresses_lead_on_within_the_preview(
    client: Client, shared: str, asked: str, leads_to: str
) -> None:
    response = client.get(shared + asked, headers={"accept-language": "nl"})

    assert response.status_code == 302
    assert response["Location"] == shared + leads_to


@pytest.mark.parametrize(
    "page",
    [
        *("admin/", "admin/guide/step/", "healthz", "robots.txt", "sitemap.xml"),
        *("favicon.ico", "admin/preview/today/en/", "en/nowhere/", "en/operators/x/"),
        *("preview/x/en/", "/evil.example/"),
    ],
)
@pytest.mark.parametrize("who", ["staff", "reviewer"])
def test_only_visitors_pages_are_below_the_prefix(
    editor: Client, client: Client, shared: str, page: str, who: str
) -> None:
    prefix, viewer = (STAFF, editor) if who == "staff" else (shared, client)

    response = viewer.get(f"{prefix}/{page}", follow=True)

    assert response.status_code == 404
    assert "no-store" in response["Cache-Control"]
    assert response.request["PATH_INFO"].startswith(f"{prefix}/")
    html = response.content.decode()
    assert "There is no such page" in html
    assert "<title>Draft" in html
    assert f'href="{prefix}/en/guide/"' in html


def test_preview_needs_no_publication(editor: Client) -> None:
    models.Publication.objects.all().delete()

    html = html_of(editor, f"{STAFF}/en/checklist/?{query_of('base', v='0')}")

    assert "End your line with BASE" in html


def test_preview_compiles_the_draft_once(client: Client, shared: str) -> None:
    with CaptureQueriesContext(
        connection,
    ) as compiling:
        compile_draft()

    with CaptureQueriesContext(connection) as shown:
        client.get(f"{shared}/en/checklist/?{query_of('base', v='1')}")

    # Beside that: the maker of the link, and the newest publication.
    assert len(shown) == len(compiling) + 2


# Nothing comes in


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("who", ["staff", "reviewer"])
def test_preview_takes_nothing_in(
    user: AbstractBaseUser, shared: str, who: str, method: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    prefix = shared
    if who == "staff":
        client.force_login(user)
        prefix = STAFF
    before = models.Report.objects.count()

    response = getattr(client, method)(f"{prefix}/en/report/", {"text": "Wrong."})

    html = response.content.decode()
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert "nothing was sent and nothing was stored" in html
    assert f'href="{prefix}/en/"' in html
    assert models.Report.objects.count() == before


def test_preview_says_so_in_place_too(client: Client, shared: str) -> None:
    response = client.post(f"{shared}/en/report/", headers=HTMX)

    html = response.content.decode()
    assert response.status_code == 200
    assert response["HX-Retarget"] == "#content"
    assert response["HX-Reswap"] == "outerHTML"
    assert "<html" not in html
    assert "nothing was stored" in html


# Nothing leaks


def request_for(address: str) -> object:
    request = RequestFactory().get(address)
    request.htmx = HtmxDetails(request)
    request.LANGUAGE_CODE = "en"
    return request


def test_visitors_see_the_same_after_a_preview_in_the_same_thread(
    client: Client, shared: str
) -> None:
    models.Operator.objects.filter(slug="base").update(name="Renamed")
    before = publishing.current_publication()
    page = html_of(client, "/en/operators/base/")

    client.get(f"{shared}/nl/operators/base/")

    assert get_script_prefix() == "/"
    assert publishing.current_publication() is before
    assert html_of(client, "/en/operators/base/") == page
    assert reverse("guide:faq") == "/en/faq/"


def test_exception_in_a_preview_restores_prefix_and_language() -> None:
    preview = Preview(edition=draft_edition(as_of=None), language="en")
    # Without what the middleware adds for htmx, the view breaks down.
    request = RequestFactory().get("/preview/x/nl/")

    with translation.override("fr"):
        with pytest.raises(AttributeError, match="htmx"):
            show(request, preview, "nl/")
        language = translation.get_language()

    assert get_script_prefix() == "/"
    assert language == "fr"
    assert request.preview is None


def test_previews_and_visitors_do_not_meet_in_threads(settings: object) -> None:
    settings.PUBLICATION_RECHECK_SECONDS = 3600
    publishing.current_publication()
    models.Operator.objects.filter(slug="base").update(name="Renamed")
    edition = draft_edition(as_of=None)
    wrong: list[str] = []
    together = threading.Barrier(4)

    def preview(name: str) -> None:
        together.wait()
        for _ in range(15):
            address = f"/preview/{name}/en/operators/base/"
            shown = Preview(edition=edition, language="en")
            response = show(request_for(address), shown, "en/operators/base/")
            html = response.content.decode()
            if "Renamed" not in html or f'href="/preview/{name}/en/faq/"' not in html:
                wrong.append(name)

    def visit() -> None:
        client = Client()
        together.wait()
        for _ in range(15):
            html = client.get("/en/operators/base/").content.decode()
            if "Renamed" in html or "/preview/" in html or "Draft" in html:
                wrong.append("visitor")

    threads = [
        *(threading.Thread(target=preview, args=(name,)) for name in ("one", "two")),
        *(threading.Thread(target=visit) for _ in range(2)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


# Why this step


def test_trace_says_of_each_step_why_it_is_there(editor: Client) -> None:
    response = editor.get(f"{STAFF}/en/checklist/?{query_of('base', v='1')}")

    html = response.content.decode()
    listed = response.context_data["checklist"].steps
    trace = response.context_data["trace"]
    assert html.count("Why this step?") == len(listed)
    assert set(trace.shown) == {item.step.slug for item in listed}
    steps = len(compile_draft().steps)
    assert f"{steps - len(listed)} steps are not on this checklist" in " ".join(
        html.split()
    )
    assert all(why.failing for why in trace.left_out)
    assert "; you answered “Physical SIM card”." in html


def test_trace_speaks_of_answers_that_were_not_asked(editor: Client) -> None:
    asked = f"{STAFF}/en/checklist/?{query_of('airalo', v='1')}"

    html = html_of(editor, asked)

    # A travel eSIM is an eSIM: nobody is asked; nor what the number is used for.
    assert "this is not asked in this case." in html


def test_trace_names_only_possible_answers_and_required_steps(editor: Client) -> None:
    card = models.Question.objects.get(slug="card")
    card.choices.exclude(slug="esim").delete()
    models.CardType.objects.exclude(slug="esim").delete()
    cancel = models.Step.objects.get(slug="cancel-line")
    other = models.Step.objects.exclude(pk=cancel.pk).filter(phase="wrong").first()
    cancel.requires.add(other)
    cancel.card_types.set(models.CardType.objects.filter(slug="esim"))
    response = editor.get(f"{STAFF}/en/guide/?{query_of('proximus')}", follow=True)

    html = " ".join(response.content.decode().split())

    assert response.status_code == 200
    assert "is the only possible answer, so it is not asked." in html
    assert "It comes after “" in html


def test_trace_links_to_forms_for_who_may_change_steps(
    editor: Client, client: Client, shared: str
) -> None:
    page = f"en/checklist/?{query_of('base', v='1')}"
    step = models.Step.objects.get(slug="cancel-line")
    form = f'href="/admin/guide/step/{step.pk}/change/"'

    assert form in html_of(editor, f"{STAFF}/{page}")
    assert form in html_of(member_of("Editors"), f"{STAFF}/{page}")
    for other in (
        html_of(member_of("Translators"), f"{STAFF}/{page}"),
        html_of(client, f"{shared}/{page}"),
    ):
        assert "Why this step?" in other
        assert "/admin/guide/" not in other


def test_trace_is_not_on_visitors_pages(client: Client) -> None:
    html = html_of(client, f"/en/checklist/?{query_of('base', v='1')}")

    assert "Why this step?" not in html
    assert "draft" not in html.lower()


# As of a day


def test_preview_shows_what_is_overdue_on_its_day(editor: Client) -> None:
    models.OperatorFact.objects.all().update(
        checked_on=date(2026, 11, 1), review_days=90
    )
    models.Channel.objects.all().update(checked_on=date(2026, 11, 1), review_days=900)
    overdue = "Last checked on 1 November 2026. Overdue"

    before = html_of(editor, "/admin/preview/2027-01-30/en/operators/base/")
    after = html_of(editor, "/admin/preview/2027-01-31/en/operators/base/")

    assert overdue not in " ".join(before.split())
    assert overdue in " ".join(after.split())
    assert "as it would be on 31 January 2027" in " ".join(after.split())


def test_preview_counts_due_dates_from_its_day(editor: Client) -> None:
    page = f"en/checklist/?{query_of('proximus', v='1')}"

    early = html_of(editor, f"/admin/preview/2026-06-01/{page}")
    late = html_of(editor, f"/admin/preview/2027-03-01/{page}")

    assert "was due by" not in early
    assert "The end date you gave has passed" not in early
    assert "was due by" in late
    assert "The end date you gave has passed" in late
    assert "Printed from a draft of SIM Exit as of 1 March 2027" in late


def test_reviewers_link_keeps_its_day(client: Client, user: AbstractBaseUser) -> None:
    token = sign_link(days=1, as_of=date(2027, 3, 1), by=user)

    html = html_of(client, f"/preview/{token}/en/")

    assert "as it would be on 1 March 2027" in " ".join(html.split())


@pytest.mark.parametrize("day", ["2027-02-30", "tomorrow", "20270101", "0001-01-01"])
def test_bad_day_in_an_address_is_explained_and_loses_nothing(
    editor: Client, day: str
) -> None:
    response = editor.get(f"/admin/preview/{day}/nl/guide/?goal=stop", follow=True)

    html = response.content.decode()
    assert response.status_code == 400
    assert f"“{day}” is" in html
    assert f'value="{day}"' in html
    assert 'value="/nl/guide/?goal=stop"' in html
    assert '<option value="nl" selected>' in html


# The page of the desk


def shown_at(client: Client, **asked: object) -> str:
    """Ask the desk's page for a preview; return where it leads."""
    query = urlencode({"show": "1", "language": "en"} | asked, doseq=True)
    response = client.get(f"/admin/preview/?{query}")
    assert response.status_code == 302, response.context_data["form"].errors
    return response["Location"]


def test_desk_opens_the_draft_in_a_language_and_as_of_a_day(editor: Client) -> None:
    assert shown_at(editor, language="fr") == f"{STAFF}/fr/"
    assert shown_at(editor, as_of="2027-05-01") == "/admin/preview/2027-05-01/en/"
    assert shown_at(editor, link="https://guide.example/") == f"{STAFF}/"


def test_desk_jumps_to_the_answers_that_were_chosen(editor: Client) -> None:
    answers = {
        "answer-goal": "stop",
        "answer-line": "prepaid",
        "answer-linked": ["bank", "wechat"],
        "answer-end-day": "2027-01-15",
    }

    address = shown_at(editor, **answers)

    chosen = "goal=stop&line=prepaid&linked=bank&linked=wechat&end=2027-01-15"
    assert address == f"{STAFF}/en/guide/?{chosen}"


def test_desk_offers_each_answer_of_the_draft(editor: Client) -> None:
    models.Operator.objects.create(slug="meadow", name="Meadow", kind="brand")

    html = html_of(editor, "/admin/preview/")

    assert '<option value="meadow">Meadow</option>' in html
    for question in compile_draft().questions:
        assert f'name="answer-{question.slug}"' in html


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://guide.example/en/faq/", "/en/faq/"),
        ("http://localhost:8000/nl/guide/?goal=stop", "/nl/guide/?goal=stop"),
        ("guide.example/en/checklist/?goal=stop", "/en/checklist/?goal=stop"),
        ("/de/operators/base/#x", "/de/operators/base/"),
        ("fr/faq/", "/fr/faq/"),
        ("https://guide.example/", "/"),
        ("https://guide.example", "/"),
        ("localhost:8000/en/faq/", "/en/faq/"),
        (f"https://guide.example{STAFF}/en/guide/?goal=stop", "/en/guide/?goal=stop"),
        ("https://guide.example/preview/abc.def/en/faq/", "/en/faq/"),
    ],
)
def test_visitors_address_is_found_in_a_link(link: str, address: str) -> None:
    assert visitors_address(f"  {link} ") == address


@pytest.mark.parametrize(
    "link",
    [
        *("https://guide.example/admin/", "https://guide.example/nowhere/", "hello"),
        *("https://[::1/en/", "/healthz", "/en/nowhere/", "javascript:alert(1)"),
        *("/admin/preview/", "/sitemap.xml"),
    ],
)
def test_visitors_address_is_none_where_no_page_is(link: str) -> None:
    assert visitors_address(link) is None


def test_desk_takes_a_link_with_retired_codes(editor: Client) -> None:
    question = models.Question.objects.get(slug="goal")
    models.RetiredCode.objects.create(
        question=question, slug="end-it", replacement="stop"
    )
    link = "https://guide.example/en/guide/?goal=end-it"

    response = editor.get(shown_at(editor, link=link), follow=True)

    assert response.redirect_chain == [
        (f"{STAFF}/en/guide/?goal=stop&dropped=goal.replaced", 302)
    ]
    assert "We used the one that took its place" in response.content.decode()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"as_of": "31/01/2027"}, "“31/01/2027” is no day."),
        ({"as_of": "1999-12-31"}, "“1999-12-31” is too far away."),
        ({"link": "https://elsewhere.example/x/"}, "No page of the guide"),
    ],
)
def test_desk_explains_bad_input_and_loses_nothing(
    editor: Client, asked: dict[str, str], says: str
) -> None:
    typed = {
        "show": "1",
        "language": "nl",
        "as_of": "2027-05-01",
        "link": "/nl/faq/",
        "answer-goal": "lost",
    } | asked

    response = editor.get("/admin/preview/", typed)

    html = response.content.decode()
    assert response.status_code == 400
    assert says in html
    for value in (typed["as_of"], typed["link"]):
        assert f'value="{value}"' in html
    assert '<option value="nl" selected>' in html
    assert '<option value="lost" selected>' in html


def test_desk_page_opens_without_any_question(editor: Client) -> None:
    models.RetiredCode.objects.all().delete()
    models.Step.objects.all().delete()
    remove_questions()

    assert "The draft has no questions yet." in html_of(editor, "/admin/preview/")


def remove_questions() -> None:
    for model in (models.Operator, models.CardType, models.Channel, models.Letter):
        for row in model.objects.all():
            row.answers.clear()
    for model in (models.OperatorFact, models.FaqEntry, models.Question):
        for row in model.objects.all():
            row.answers.clear()
    for row in models.Choice.objects.all():
        row.answers.clear()
    models.Choice.objects.all().delete()
    models.Question.objects.all().delete()


# Links for reviewers


def date_format(moment: datetime) -> str:
    return localize(localtime(moment).date())


def make_link(client: Client, **asked: str) -> object:
    typed = {"share-days": "7", "share-language": "en"} | {
        f"share-{name}": value for name, value in asked.items()
    }
    return client.post("/admin/preview/", typed)


@pytest.mark.parametrize("days", [1, 7, 30])
def test_link_works_for_as_long_as_was_chosen(
    editor: Client, client: Client, days: int
) -> None:
    response = make_link(editor, days=str(days), language="nl")

    found = response.context_data["shared"]
    left = found["until"] - datetime.now(UTC)
    assert timedelta(days=days, minutes=-1) < left <= timedelta(days=days)
    assert re.fullmatch(r"http://testserver/preview/[\w.-]+/nl/", found["address"]), (
        found
    )
    html = " ".join(response.content.decode().split())
    assert f"It works until {date_format(found['until'])}, " in html
    opened = " ".join(html_of(client, found["address"]).split())
    assert f"Your link works until {date_format(found['until'])}, " in opened


def test_link_opens_the_page_and_the_day_that_were_chosen(
    editor: Client, client: Client
) -> None:
    page = f"/en/checklist/?{query_of('base', v='1')}"

    response = make_link(editor, as_of="2027-05-01", link=f"https://x.example{page}")

    address = response.context_data["shared"]["address"]
    assert address.endswith(page)
    html = " ".join(html_of(client, address).split())
    assert "as it would be on 1 May 2027" in html
    assert "It shows the draft as of 1 May 2027." in response.content.decode()


def test_link_may_open_the_front_door(editor: Client, client: Client) -> None:
    response = make_link(editor, link="https://guide.example")

    opened = client.get(response.context_data["shared"]["address"])

    assert opened["Location"] == opened.request["PATH_INFO"] + "en/"


def test_link_shows_the_draft_as_it_is_when_opened(client: Client, shared: str) -> None:
    html_of(client, f"{shared}/en/operators/base/")

    models.Operator.objects.filter(slug="base").update(name="Renamed")

    assert "Renamed" in html_of(client, f"{shared}/en/operators/base/")


def test_link_is_not_made_from_bad_input(editor: Client) -> None:
    response = make_link(editor, days="365", as_of="soon")

    html = response.content.decode()
    assert response.status_code == 400
    assert response.context_data["shared"] is None
    assert "No link was made." in html
    assert "“soon” is no day." in html
    assert 'value="soon"' in html


def test_link_needs_the_form_of_the_desk(user: AbstractBaseUser) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)

    assert make_link(client).status_code == 403


def test_expired_link_says_so(client: Client, user: AbstractBaseUser) -> None:
    token = sign_link(days=-1, as_of=None, by=user)

    response = client.get(f"/preview/{token}/en/faq/")

    html = " ".join(response.content.decode().split())
    assert response.status_code == 410
    assert response["Cache-Control"] == "no-store, private"
    assert "it worked until" in html
    assert "Ask the person who sent you the link for a new one" in html


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1],
        lambda token: token[1:],
        lambda token: "x" + token,
        lambda token: token.partition(".")[0],
        lambda token: "WzE3OTUsIiIsMV0." + token.partition(".")[2],
        lambda token: "hello",
    ],
)
def test_forged_link_says_so(
    client: Client, shared: str, change: Callable[[str], str]
) -> None:
    token = change(shared.rpartition("/")[2])

    response = client.get(f"/preview/{token}/en/")

    html = response.content.decode()
    assert response.status_code == 403
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "Copy the whole link from your message" in html
    assert "<title>Draft" not in html
    assert 'href="/en/"' in html


def test_new_secret_ends_all_links(
    client: Client, shared: str, settings: object
) -> None:
    assert client.get(f"{shared}/en/").status_code == 200

    settings.SECRET_KEY = "another-secret-0123456789abcdefghijklmnopqrstuvwxyz"

    assert client.get(f"{shared}/en/").status_code == 403


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_link_ends_with_the_account_of_its_maker(
    client: Client, shared: str, user: AbstractBaseUser, change: dict[str, bool]
) -> None:
    get_user_model().objects.filter(pk=user.pk).update(**change)

    response = client.get(f"{shared}/en/")

    assert response.status_code == 410
    assert "can no longer show the draft" in response.content.decode()


def test_link_ends_with_the_right_of_its_maker(client: Client) -> None:
    member_of("Translators")
    maker = get_user_model().objects.get(username="Translators")
    token = sign_link(days=1, as_of=None, by=maker)
    assert client.get(f"/preview/{token}/en/").status_code == 200

    maker.groups.clear()

    assert client.get(f"/preview/{token}/en/").status_code == 410


def test_link_opens_nothing_else_and_sets_no_cookie(
    client: Client, shared: str
) -> None:
    for page in ("en/", f"en/checklist/?{query_of('base', v='1')}", "en/nowhere/"):
        response = client.get(f"{shared}/{page}")
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")
        assert "/admin/" not in response.content.decode()

    for address in ("/admin/", "/admin/preview/", f"{STAFF}/en/"):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/?next=")


def test_read_link_returns_what_was_signed(user: AbstractBaseUser) -> None:
    link = read_link(sign_link(days=30, as_of=date(2027, 1, 2), by=user))

    assert link.as_of == date(2027, 1, 2)
    assert link.made_by == user.pk


def test_links_of_other_signers_are_forged(user: AbstractBaseUser) -> None:
    from django.core import signing

    value = [int(datetime.now(UTC).timestamp()) + 1000, "", user.pk]
    foreign = signing.Signer(sep=".", salt="another").sign_object(value)
    too_short = signing.Signer(sep=".", salt="guide.previewing").sign_object([1])

    for token in (foreign, too_short):
        with pytest.raises(previewing.ForgedError):
            read_link(token)


# Who may


def test_preview_asks_for_a_login(client: Client) -> None:
    response = client.get(f"{STAFF}/en/guide/?goal=stop")

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/?next=/admin/preview/today/")


def test_page_that_was_open_too_long_is_loaded_again(client: Client) -> None:
    # guide.js loads the whole page at an error; then the login is asked for.
    assert client.get(f"{STAFF}/en/guide/", headers=HTMX).status_code == 401


@pytest.mark.parametrize("group", ["Editors", "Translators", "Publishers"])
def test_each_group_may_preview_and_share(group: str) -> None:
    client = member_of(group)

    assert client.get("/admin/preview/").status_code == 200
    assert client.get(f"{STAFF}/en/").status_code == 200
    assert make_link(client).context_data["shared"]


def test_staff_without_rights_may_not(client: Client) -> None:
    client = member_of("nobody")
    user = get_user_model().objects.get(username="nobody")
    user.user_permissions.add(Permission.objects.get(codename="view_step"))

    for response in (
        client.get("/admin/preview/"),
        client.get(f"{STAFF}/en/"),
        make_link(client),
    ):
        html = response.content.decode()
        assert response.status_code == 403
        assert "Your account may not see the draft" in html
        assert "/preview/W" not in html


# A draft that cannot be shown


def test_draft_without_questions_says_so_and_leads_to_the_audit(
    editor: Client, client: Client, shared: str
) -> None:
    models.Step.objects.all().delete()
    remove_questions()

    for_staff = editor.get(f"{STAFF}/en/guide/")
    for_reviewer = client.get(f"{shared}/zh-hans/")

    for response in (for_staff, for_reviewer):
        assert response.status_code == 409
        assert "It has no questions" in response.content.decode()
        assert "no-store" in response["Cache-Control"]
    assert 'href="/admin/audit/"' in for_staff.content.decode()
    assert "/admin/" not in for_reviewer.content.decode()
    assert client.get("/en/guide/").status_code == 200


def test_draft_with_conditions_on_what_is_gone_says_which(editor: Client) -> None:
    models.Question.objects.filter(slug="card").update(slug="kaart")
    models.Question.objects.filter(slug="operator").update(kind="one")

    response = editor.get(f"{STAFF}/en/")

    html = response.content.decode()
    assert response.status_code == 409
    assert "depends on the question “card”, which does not exist." in html
    assert "depends on answers that the question “Which operator is it?” does" in html
    assert 'href="/admin/audit/"' in html
