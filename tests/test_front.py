"""The front page tells each editor what waits, and nobody more than that."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from guide import agenda, models
from guide.admin.front import SHOWN_WARNINGS
from guide.compiling import compile_draft
from guide.flow.audit import audit, sourced
from guide.publishing import publish, read_document, today
from guide.uses import sourced_models

pytestmark = pytest.mark.django_db

FRONT, CHANGES = "/admin/", "/admin/changes/"
MOST_QUERIES = 110  # compiling the draft alone takes some sixty


def sign_in(client: Client, *groups: str, name: str = "mina") -> Client:
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    client.force_login(user)
    return client


@pytest.fixture
def editor(client: Client) -> Client:
    return sign_in(client, "Editors")


def page(client: Client, address: str = FRONT, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def log(row: object, flag: int, *, message: str = "") -> LogEntry:
    """Note in Django's log what somebody did to *row*, as forms do."""
    user = get_user_model().objects.get(username="editor")
    return LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(row),
        object_id=row.pk,
        object_repr=str(row),
        action_flag=flag,
        change_message=message,
    )


def report(**values: object) -> models.Report:
    fields = {"publication_number": 1, "language": "en", "text": "This is wrong."}
    return models.Report.objects.create(**(fields | values))


def broken_link(url: str) -> models.LinkCheck:
    return models.LinkCheck.objects.create(
        url=url, failures=2, status=404, message="failed", checked_at=timezone.now()
    )


# What to do first


def test_draft_like_the_publication_is_said_to_be_the_same(editor: Client) -> None:
    number = models.Publication.objects.newest_number()

    assert f"The draft is the same as publication {number}" in page(editor)


def test_changed_draft_is_said_to_differ(editor: Client) -> None:
    models.Operator.objects.filter(slug="base").update(name="Basis")

    shown = page(editor)

    assert "The draft has no errors and differs from publication" in shown
    assert "Go to publishing" not in shown


def test_publishers_are_led_to_publishing(client: Client) -> None:
    models.Operator.objects.filter(slug="base").update(name="Basis")

    assert "Go to publishing" in page(sign_in(client, "Publishers"))


def test_errors_come_first(editor: Client) -> None:
    report()
    models.Step.objects.get(slug="port").sources.clear()

    one = page(editor)
    models.Step.objects.get(slug="cancel-line").sources.clear()
    two = page(editor)

    assert "One error stops the next publication: mend it first." in one
    assert "2 errors stop the next publication: mend them first." in two
    assert '<a href="/admin/audit/">Show the audit</a>' in two


def test_reports_come_before_publishing(editor: Client) -> None:
    models.Operator.objects.filter(slug="base").update(name="Basis")
    report()

    assert "One visitor says that something is wrong" in page(editor)


def test_nothing_published_is_said_plainly(client: Client) -> None:
    models.Publication.objects.all().delete()

    shown = page(sign_in(client, "Publishers"))

    assert "Nothing is published yet, so visitors see no guide." in shown
    assert "Changed so far" in shown
    assert "Go to publishing" in shown


def test_draft_that_cannot_be_put_together_names_the_field(editor: Client) -> None:
    step = models.Step.objects.get(slug="port")
    models.Step.objects.filter(pk=step.pk).update(phase="never")

    shown = page(editor)

    assert "The draft cannot be put together: mend that first." in shown
    assert f'<a href="/admin/guide/step/{step.pk}/change/">Step: {step}</a>' in shown
    assert "Phase: Value 'never' is not a valid choice." in shown.replace("&#x27;", "'")


def test_empty_guide_has_a_front_page(editor: Client) -> None:
    models.RetiredCode.objects.all().delete()
    for model in (models.Step, models.FaqEntry, models.Letter, models.Channel):
        model.objects.all().delete()
    for model in (models.OperatorFact, models.Choice, models.Question):
        model.objects.all().delete()

    assert "One error stops the next publication" in page(editor)


# What the audit says


def audit_block(shown: str) -> str:
    return shown.partition('<h2 id="front-audit">')[2].partition("</section>")[0]


def test_each_error_leads_to_the_row_that_causes_it(editor: Client) -> None:
    steps = models.Step.objects.filter(slug__in=["port", "cancel-line"])
    for step in steps:
        step.sources.clear()

    block = audit_block(page(editor))

    assert '<span class="desk-number desk-error">2 errors</span>' in block
    for step in steps:
        address = f"/admin/guide/step/{step.pk}/change/#id_sources"
        assert f'<a href="{address}">Step: ' in block
    assert block.count("It has no source. Add at least one source.") == 2
    assert block.index("No source") < block.index("<details>")


def test_warnings_are_folded_counted_and_cut(editor: Client) -> None:
    models.Operator.objects.update(checked_on=today())
    undated = audit(compile_draft(), today())
    number = sum(problem.code == "W401" for problem in undated)

    block = audit_block(page(editor))
    fold = block.partition("No date of the last check")[2].partition("</details>")[0]

    assert number > SHOWN_WARNINGS
    assert f"{number} warnings</span>" in fold
    assert fold.count("<li>") == SHOWN_WARNINGS
    assert fold.count("/change/#id_checked_on") == SHOWN_WARNINGS
    assert '<a href="/admin/audit/?code=W401">All ' in fold


def test_few_warnings_are_all_shown(editor: Client) -> None:
    for model in sourced_models():
        model.objects.update(checked_on=today())
    late = models.Step.objects.get(slug="port")
    late.checked_on = date(2001, 1, 1)
    late.save()

    block = audit_block(page(editor))

    assert "1 warning</span>" in block
    assert f'<a href="/admin/guide/step/{late.pk}/change/#id_checked_on">' in block
    assert "on the audit page" not in block


def test_audit_that_had_to_leave_something_out_says_so(editor: Client) -> None:
    step = models.Step.objects.get(slug="port")
    complete = page(editor)
    step.requires.add(step)

    assert "This list is not complete." not in complete
    assert "This list is not complete." in audit_block(page(editor))


# What must be looked up again


def due_in(days: int, fact: models.OperatorFact) -> None:
    fact.review_days = 100
    fact.checked_on = today() + timedelta(days=days - 100)
    fact.save()


@pytest.mark.parametrize(
    ("days", "found"),
    [(-1, "overdue"), (0, "soon"), (30, "soon"), (31, None)],
    ids=["day-after", "last-day", "in-a-month", "later"],
)
def test_checks_are_overdue_the_day_after_their_last_day(
    days: int, found: str | None
) -> None:
    fact = models.OperatorFact.objects.first()
    due_in(days, fact)

    draft = agenda.look_at_draft(today())

    lists = {
        "overdue": agenda.overdue(draft.guide, today()),
        "soon": agenda.due_soon(draft.guide, today()),
    }
    for name, checks in lists.items():
        is_in = ("fact", fact.slug) in {(c.kind, c.slug) for c in checks}
        assert is_in == (name == found)


def test_overdue_checks_are_those_of_the_audit() -> None:
    draft = agenda.look_at_draft(today())

    late = {(c.kind, c.slug) for c in agenda.overdue(draft.guide, today())}

    assert late == {(p.kind, p.slug) for p in draft.problems if p.code == "W402"}
    assert late


def test_the_longest_overdue_comes_first(editor: Client) -> None:
    fact = models.OperatorFact.objects.order_by("slug").first()
    due_in(-9999, fact)

    shown = page(editor)
    guide = agenda.look_at_draft(today()).guide
    total = len(agenda.overdue(guide, today()))
    undated = sum(s.checked_on is None for _, _, s in sourced(guide))

    first = shown.partition(f"{total} entries are overdue")[2]
    assert f"/admin/guide/operatorfact/{fact.pk}/change/" in first.partition("</li>")[0]
    assert f"{undated} entries have no date at all" in shown
    assert '<a href="/admin/audit/?code=W402">All that is overdue</a>' in shown


def test_a_guide_that_was_all_checked_today_is_calm(editor: Client) -> None:
    for model in sourced_models():
        model.objects.update(checked_on=today(), review_days=365)

    shown = page(editor)

    assert "Nothing is overdue, and nothing will be within 30 days." in shown
    assert "have no date at all" not in shown
    assert "No report of a visitor waits." in shown
    assert "Nobody has worked on the draft since." in shown
    assert "The links have not been checked yet." in shown


# What changed


def test_log_since_the_publication_says_who_did_what(editor: Client) -> None:
    before = log(models.Step.objects.get(slug="port"), CHANGE)
    publish()
    step = models.Step.objects.get(slug="cancel-line")
    log(step, CHANGE, message="Changed the title.")
    operator = models.Operator.objects.get(slug="base")
    log(operator, ADDITION)
    log(operator, DELETION)
    log(get_user_model().objects.get(username="mina"), CHANGE)
    LogEntry.objects.filter(pk=before.pk).update(
        action_time=timezone.now() - timedelta(days=1)
    )

    shown = page(editor).partition("Changed since publication")[2]
    entries = shown.partition('<ul class="desk-log">')[2].partition("</ul>")[0]

    assert [
        words
        for words in ("deleted by editor", "added by editor", "changed by editor")
        if words in entries
    ] == ["deleted by editor", "added by editor", "changed by editor"]
    assert entries.index("deleted by") < entries.index("added by")
    assert entries.index("added by") < entries.index("changed by")
    assert "Changed the title." in entries
    assert f'<a href="/admin/guide/step/{step.pk}/change/">' in entries
    assert entries.count("<li>") == 3


def test_log_is_cut_and_goes_on_elsewhere(editor: Client) -> None:
    step = models.Step.objects.get(slug="port")
    for number in range(9):
        log(step, CHANGE, message=f"Change {number}.")

    front, all_of_it = page(editor), page(editor, CHANGES)

    assert "Change 8." in front
    assert "Change 0." not in front
    assert f'<a href="{CHANGES}">All changes</a>' in front
    assert "Change 0." in all_of_it


def change_the_draft() -> None:
    models.Step.objects.filter(slug="port").update(title_nl="Neem uw nummer mee")
    models.FaqEntry.objects.first().delete()
    models.Source.objects.create(
        slug="new-page", title="New page", publisher="Meadow", confidence="official"
    )
    models.Choice.objects.filter(question__slug="goal", slug="stop").update(
        hint_en="For good."
    )
    models.CardType.objects.filter(slug="esim").update(position=99)


def test_rows_that_differ_are_found() -> None:
    publication, _ = publish()
    gone = models.FaqEntry.objects.first().slug
    change_the_draft()
    # What the desk notes about rows is no change of theirs.
    models.Letter.objects.update(outdated={"body": {"nl": "Old."}})

    rows = read_document(publication.document).read_rows()

    assert agenda.changes_since(rows) == [
        agenda.Change(
            model="guide.cardtype", code="esim", how="changed", fields=("position",)
        ),
        agenda.Change(
            model="guide.choice", code="goal:stop", how="changed", fields=("hint_en",)
        ),
        agenda.Change(model="guide.faqentry", code=gone, how="removed"),
        agenda.Change(model="guide.source", code="new-page", how="added"),
        agenda.Change(
            model="guide.step", code="port", how="changed", fields=("title_nl",)
        ),
    ]


def test_changes_are_listed_with_their_forms(editor: Client) -> None:
    gone = models.FaqEntry.objects.first()
    change_the_draft()
    question = models.Question.objects.get(slug="goal")
    models.RetiredCode.objects.create(
        question=question, slug="quit", replacement="stop"
    )

    shown = page(editor, CHANGES)

    assert "6 entries of the draft differ from publication" in shown
    assert "2 added, 3 changed, 1 removed" in shown
    for row in (
        models.Step.objects.get(slug="port"),
        models.Source.objects.get(slug="new-page"),
        models.Choice.objects.get(question=question, slug="stop"),
        models.CardType.objects.get(slug="esim"),
        question,
    ):
        assert f"/admin/guide/{row._meta.model_name}/{row.pk}/change/" in shown
    assert "Title (Dutch)" in shown
    assert gone.slug in shown
    assert f"/admin/guide/faqentry/{gone.pk}/change/" not in shown


def test_fields_of_older_publications_go_by_their_old_names(editor: Client) -> None:
    publication = models.Publication.objects.first()
    # Only the rows are meant; the guide in front of them keeps its own names.
    head, middle, rows = publication.document.partition('"rows":')
    document = head + middle + rows.replace('"must":', '"urgent":')
    models.Publication.objects.filter(pk=publication.pk).update(document=document)

    assert "Must be done, urgent" in page(editor, CHANGES)


def test_comparison_comes_as_a_fragment(editor: Client) -> None:
    number = models.Publication.objects.newest_number()

    same = page(editor, CHANGES, hx_request="true")
    models.Operator.objects.filter(slug="base").update(name="Basis")
    one = page(editor, CHANGES, hx_request="true")

    assert same.startswith('<p id="draft-differs"')
    assert f"The draft is the same as publication {number}." in same
    assert f"One entry of the draft differs from publication {number}:" in one
    assert f'<a href="{CHANGES}">0 added, 1 changed, 0 removed</a>' in one


def test_changes_name_kinds_as_they_are_written(editor: Client) -> None:
    models.FaqEntry.objects.create(slug="new", question_en="?", answer_en="!")

    html = editor.get("/admin/changes/").content.decode()

    assert "FAQ entry:" in html


def test_changes_before_the_first_publication(editor: Client) -> None:
    models.Publication.objects.all().delete()

    assert "Nothing is published yet: all of the draft is new." in page(editor, CHANGES)
    assert 'id="draft-differs"' not in page(editor)


def test_changes_of_a_draft_that_cannot_be_put_together(editor: Client) -> None:
    models.Step.objects.filter(slug="port").update(phase="never")

    assert "One entry of the draft differs" in page(editor, CHANGES)


# Translations


def test_translations_are_counted_by_language(editor: Client) -> None:
    step = models.Step.objects.get(slug="port")
    step.title_nl, step.skip_nl = "", ""
    step.save()
    before = {g.language: g for g in agenda.translation_gaps()}
    step.title_zh_hans, step.why_zh_hans = "", "  "
    step.outdated = {"body": {"zh-hans": "Old."}, "title": {"zh-hans": "Old."}}
    # A text without a source needs no translation.
    step.skip_en = ""
    step.save()

    after = {g.language: g for g in agenda.translation_gaps()}

    assert set(after) == {"zh-hans", "nl", "fr", "de"}
    assert (before["zh-hans"].missing, before["zh-hans"].outdated) == (0, 0)
    assert (after["zh-hans"].missing, after["zh-hans"].outdated) == (2, 1)
    assert after["nl"].missing == before["nl"].missing - 1
    assert '<a href="/admin/translations/?language=zh-hans">' in page(editor)


# Reports and links


def test_open_reports_lead_to_report_and_entry(editor: Client) -> None:
    step = models.Step.objects.get(slug="port")
    fact = models.OperatorFact.objects.first()
    about_step = report(step_slug="port", text="No such <b>office</b>.")
    about_fact = report(step_slug="port", fact_slug=fact.slug)
    report(step_slug="long-gone", text="Of a step that is gone.")
    done = report(text="All done.", state=models.ReportState.HANDLED)

    shown = page(editor)

    for row in (about_step, about_fact):
        assert f"/admin/guide/report/{row.pk}/change/" in shown
    assert f"/admin/guide/step/{step.pk}/change/" in shown
    assert f"/admin/guide/operatorfact/{fact.pk}/change/" in shown
    assert "No such &lt;b&gt;office" in shown
    assert "long-gone –" in shown
    assert done.text not in shown
    assert "All 3 open reports" in shown


def test_broken_links_name_what_uses_them(editor: Client) -> None:
    operator = models.Operator.objects.get(slug="base")
    operator.website = "https://gone.example/base"
    operator.save()
    row = broken_link("https://gone.example/base")
    broken_link("https://gone.example/unused")

    shown = page(editor)

    assert f"/admin/guide/linkcheck/{row.pk}/change/" in shown
    assert f'<a href="/admin/guide/operator/{operator.pk}/change/">BASE</a>' in shown
    assert "All 2 broken links" in shown


def test_working_links_are_a_calm_sentence(editor: Client) -> None:
    models.LinkCheck.objects.create(
        url="https://meadow.example/", status=200, checked_at=timezone.now()
    )

    assert "No link is broken." in page(editor)


# Who sees what

BLOCKS = {
    "reports": 'id="front-reports"',
    "audit": 'id="front-audit"',
    "changes": 'id="front-changes"',
    "checks": 'id="front-checks"',
    "translations": 'id="front-translations"',
    "links": 'id="front-links"',
}


@pytest.mark.parametrize(
    ("groups", "blocks"),
    [
        pytest.param(["Editors"], set(BLOCKS), id="editors"),
        pytest.param(["Publishers"], {"audit", "changes"}, id="publishers"),
        pytest.param(["Translators"], {"translations"}, id="translators"),
        pytest.param([], set(), id="nobody"),
    ],
)
def test_blocks_are_for_those_who_can_act(
    client: Client, groups: list[str], blocks: set[str]
) -> None:
    shown = page(sign_in(client, *groups))

    assert {name for name, mark in BLOCKS.items() if mark in shown} == blocks


def test_who_may_do_nothing_is_told_nothing(client: Client) -> None:
    models.Step.objects.get(slug="port").sources.clear()

    shown = page(sign_in(client))

    assert "stops the next publication" not in shown


def test_who_may_only_change_facts_sees_no_audit(client: Client) -> None:
    sign_in(client)
    user = get_user_model().objects.get(username="mina")
    user.user_permissions.add(Permission.objects.get(codename="change_operatorfact"))

    shown = page(client)

    assert BLOCKS["checks"] in shown
    assert BLOCKS["audit"] not in shown


@pytest.mark.parametrize("hx_request", ["", "true"])
def test_changes_are_refused_to_others(client: Client, hx_request: str) -> None:
    sign_in(client)
    headers = {"hx_request": hx_request} if hx_request else {}

    assert client.get(CHANGES, headers=headers).status_code == 403


def test_changes_ask_strangers_to_sign_in(client: Client) -> None:
    assert client.get(CHANGES)["Location"].startswith("/admin/login/")


def test_changes_cannot_be_posted_to(editor: Client) -> None:
    assert editor.post(CHANGES).status_code == 405


def test_front_page_asks_no_more_of_the_database_for_more_rows(
    editor: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        report(step_slug="port", text=f"Report {number}.")
        broken_link(f"https://gone.example/{number}")
        log(models.Step.objects.get(slug="port"), CHANGE)

    with django_assert_max_num_queries(MOST_QUERIES):
        page(editor)


# Language and navigation


def test_language_of_the_desk_is_kept_on_the_desk_only(editor: Client) -> None:
    response = editor.post("/admin/language/", {"language": "nl", "next": FRONT})

    assert response["Location"] == FRONT
    cookie = response.cookies["django_language"]
    assert (cookie.value, cookie["path"]) == ("nl", "/admin/")
    assert cookie["httponly"]
    assert "django_language" not in Client().get("/en/").cookies
    assert 'lang="nl"' in page(editor)


def test_language_can_be_chosen_before_signing_in(client: Client) -> None:
    login = "/admin/login/?next=/admin/audit/"
    shown = page(client, login)

    response = client.post("/admin/language/", {"language": "fr", "next": login})

    assert 'action="/admin/language/"' in shown
    assert f'name="next" value="{login}"' in shown
    assert response["Location"] == login
    assert '<html lang="fr"' in page(client, login)
    assert '<option value="fr" lang="fr" selected>' in page(client, login)


def test_language_is_changed_by_a_form_with_a_token(client: Client) -> None:
    guarded = sign_in(Client(enforce_csrf_checks=True), "Editors")

    assert guarded.get("/admin/language/").status_code == 405
    assert guarded.post("/admin/language/", {"language": "nl"}).status_code == 403


def test_language_menu_leads_to_no_other_site(editor: Client) -> None:
    response = editor.post(
        "/admin/language/", {"language": "nl", "next": "https://evil.example/"}
    )

    assert "evil" not in response["Location"]


def test_languages_go_by_their_own_names(editor: Client) -> None:
    shown = page(editor)

    for name in ("简体中文", "English", "Nederlands", "français", "Deutsch"):
        assert f">{name}</option>" in shown


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (FRONT, "Front page"),
        ("/admin/audit/", "Audit"),
        ("/admin/guide/publication/", "History"),
    ],
)
def test_navigation_marks_the_current_page(
    editor: Client, address: str, name: str
) -> None:
    shown = page(editor, address)
    nav = shown.partition('class="desk-pages"')[2].partition("</nav>")[0]

    assert nav.count("aria-current") == 1
    assert f'aria-current="page">{name}</a>' in nav


def test_popups_have_no_navigation(editor: Client) -> None:
    shown = page(editor, "/admin/guide/source/add/?_popup=1")

    assert 'class="desk-pages"' not in shown
    assert 'class="desk-language"' not in shown
