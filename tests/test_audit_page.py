"""The audit page names what is wrong, and leads to where it is mended."""

import re
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from guide import agenda, models
from guide.admin.addresses import row_addresses
from guide.admin.audit import TASKS, address_of, task_of
from guide.flow.audit import Problem
from guide.publishing import today
from guide.rows import ROW_MODELS
from guide.translations import column
from tests.conftest import LANGUAGES
from tests.test_problems_in_words import CODES

pytestmark = pytest.mark.django_db

AUDIT = "/admin/audit/"


@pytest.fixture
def editor(client: Client) -> Client:
    return sign_in(client, "Editors")


def sign_in(client: Client, *groups: str) -> Client:
    user = get_user_model().objects.create_user("mina", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    client.force_login(user)
    return client


def page(client: Client, query: str = "") -> str:
    response = client.get(AUDIT + query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def form_of(row: object) -> str:
    return f"/admin/guide/{row._meta.model_name}/{row.pk}/change/"


def identities(shown: str) -> list[str]:
    return re.findall(r'<p class="desk-id">([^<]+)</p>', shown)


def headings(shown: str) -> list[str]:
    return [" ".join(h.split()) for h in re.findall(r"<h2>([^<]+) <span", shown)]


@pytest.fixture
def broken() -> models.Step:
    """A draft with two errors, both in one step."""
    step = models.Step.objects.get(slug="port")
    step.sources.clear()
    step.title_zh_hans = ""
    step.save()
    return step


def test_each_problem_has_its_name_sentence_and_form(
    editor: Client, broken: models.Step
) -> None:
    shown = page(editor)

    assert "2 errors stop the next publication." in shown
    assert '<li id="e401-step-port">' in shown
    assert f'<a href="{form_of(broken)}#id_sources">Step: ' in shown
    assert "It has no source. Add at least one source." in shown
    assert f'<a href="{form_of(broken)}#id_title_zh_hans">Step: ' in shown
    assert "“title” has no text in Simplified Chinese." in shown
    assert "E502 step port title zh-hans" in identities(shown)


def test_errors_stand_before_warnings(editor: Client, broken: models.Step) -> None:
    shown = page(editor)

    titles = headings(shown)
    assert titles[:2] == ["Add sources", "Write what visitors must read"]
    assert titles[2] == "Look up what is overdue"
    assert shown.count("desk-errors") == 2


def test_a_list_that_is_not_complete_says_so(
    editor: Client, broken: models.Step
) -> None:
    sound = page(editor)
    question = models.Question.objects.get(slug="goal")
    question.operators.add(models.Operator.objects.get(slug="base"))

    shown = page(editor)

    assert "This list is not complete." not in sound
    assert "This list is not complete." in shown
    assert "E103 question goal operator" in identities(shown)
    assert "E401 step port" in identities(shown)
    assert "E502 step port title zh-hans" in identities(shown)


def test_what_has_no_hurry_is_folded_with_its_count(editor: Client) -> None:
    models.OperatorFact.objects.update(text_fr="")
    problems = agenda.look_at_draft(today()).problems
    undated = sum(problem.code == "W401" for problem in problems)

    shown = page(editor)

    folded = re.findall(r"<details.*?</details>", shown)
    assert len(folded) == 2
    assert f"({undated} warnings)" in folded[0]
    # Only some of them, and where the others are.
    assert len(identities(folded[0])) == 20
    assert (
        f'<a href="?task=undated"> All {undated} under “Find out when it was last true”'
        in folded[0]
    )


def test_the_longest_overdue_comes_first(editor: Client) -> None:
    models.Letter.objects.filter(slug="cancellation").update(
        checked_on=date(1999, 1, 1)
    )

    assert identities(page(editor, "?code=W402"))[0] == "W402 letter cancellation"


def test_a_draft_without_errors_says_so(editor: Client) -> None:
    assert "No error stops the next publication." in page(editor)


def in_all_languages(**texts: str) -> dict[str, str]:
    return {
        column(field, language): words
        for field, words in texts.items()
        for language in LANGUAGES
    }


def leave_nothing_but_a_small_sound_draft() -> None:
    for model in reversed(ROW_MODELS):
        model.objects.all().delete()
    question = models.Question.objects.create(
        slug="goal", kind="one", **in_all_languages(title="What?")
    )
    for slug in ("stop", "lost"):
        models.Choice.objects.create(
            question=question, slug=slug, **in_all_languages(label=slug)
        )
    step = models.Step.objects.create(
        slug="cancel",
        phase="cancel",
        role="cancel",
        checked_on=today(),
        **in_all_languages(title="Cancel", body="Write."),
    )
    step.sources.add(
        models.Source.objects.create(
            slug="site", title="Site", publisher="Meadow", confidence="official"
        )
    )


def test_a_draft_without_problems_is_calm(editor: Client) -> None:
    leave_nothing_but_a_small_sound_draft()

    shown = page(editor)

    assert "Nothing is wrong with the draft." in shown
    assert "<select" not in shown.partition("desk-audit")[2]


# Choosing


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        pytest.param("?code=W402", lambda p: p.code == "W402", id="code"),
        pytest.param("?kind=letter", lambda p: p.kind == "letter", id="kind"),
        pytest.param(
            "?kind=step&code=W402",
            lambda p: p.code == "W402" and p.kind == "step",
            id="both",
        ),
        pytest.param("?task=overdue", lambda p: task_of(p).key == "overdue", id="task"),
        pytest.param(
            "?operator=base&code=W402",
            lambda p: p.code == "W402" and p.slug.startswith("base-"),
            id="operator",
        ),
        pytest.param("?code=E000", lambda p: False, id="unknown-code"),
    ],
)
def test_problems_can_be_chosen(editor: Client, query: str, fits: object) -> None:
    problems = agenda.look_at_draft(today()).problems
    wanted = {problem.identity for problem in problems if fits(problem)}

    shown = page(editor, query)

    assert set(identities(shown)) == wanted
    assert f"{len(wanted)} of {len(problems)} problems." in shown
    assert "<details" not in shown or "code" not in query
    assert "Show everything" in shown


def test_an_operator_stands_for_all_that_belongs_to_it(editor: Client) -> None:
    base = models.Operator.objects.get(slug="base")
    models.Operator.objects.filter(pk=base.pk).update(checked_on=date(2001, 1, 1))
    base.channels.update(checked_on=date(2001, 1, 1))
    base.facts.update(checked_on=date(2001, 1, 1))

    shown = page(editor, "?operator=base&task=overdue")

    assert {identity.split()[1] for identity in identities(shown)} == {
        "operator",
        "channel",
        "fact",
    }
    assert len(identities(shown)) == 1 + base.channels.count() + base.facts.count()


def test_what_was_chosen_stays_chosen(editor: Client) -> None:
    shown = page(editor, "?code=W402&operator=base")

    assert '<option value="W402" selected>' in shown
    assert '<option value="base" selected>BASE</option>' in shown


def test_nothing_that_fits_is_said(editor: Client) -> None:
    assert "Nothing is wrong here." in page(editor, "?code=E000")


def test_long_lists_have_pages(editor: Client) -> None:
    models.OperatorFact.objects.update(text_fr="")
    problems = agenda.look_at_draft(today()).problems
    wanted = [problem.identity for problem in problems if problem.code == "W501"]

    first = page(editor, "?code=W501")
    second = page(editor, "?code=W501&page=2")
    beyond = page(editor, "?code=W501&page=9999")

    assert identities(first) == wanted[:100]
    assert identities(second) == wanted[100:200]
    assert identities(beyond)[-1] == wanted[-1]
    assert 'href="?code=W501&amp;page=2" rel="next"' in first
    assert 'rel="prev"' not in first
    assert 'href="?code=W501&amp;page=1" rel="prev"' in second


# Where problems are mended


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_code_is_part_of_one_task(code: str) -> None:
    assert sum(code.startswith(task.codes) for task in TASKS) == 1


def test_addresses_lead_to_the_row_or_the_next_best(db: None) -> None:
    addresses = row_addresses()
    goal = models.Question.objects.get(slug="goal")
    stop = models.Choice.objects.get(question=goal, slug="stop")
    base = models.Operator.objects.get(slug="base")
    esim = models.CardType.objects.get(slug="esim")

    def address(kind: str, slug: str, code: str = "E202", **about: str) -> str:
        problem = Problem(code, kind, slug, "", tuple(about.items()))
        return address_of(problem, addresses)

    assert address("choice", "goal:stop") == form_of(stop)
    assert address("choice", "operator:base") == form_of(base)
    assert address("choice", "card:esim") == form_of(esim)
    assert (
        address("choice", "card:esim", "E502", field="hint", language="zh-hans")
        == form_of(esim) + "#id_recognise_zh_hans"
    )
    assert (
        address("choice", "goal:stop", "W501", language="nl", fields="hint, label")
        == form_of(stop) + "#id_hint_nl"
    )
    assert address("choice", "goal:retired", "E109") == form_of(goal)
    assert address("choice", "gone:retired") == "/admin/guide/choice/"
    assert address("question", "gone") == "/admin/guide/question/"
    assert address("guide", "checklist", "E301") == "/admin/guide/step/"
    assert address("guide", "questions", "E305") == "/admin/guide/question/"
    assert address("operator", "base", "W402") == form_of(base) + "#id_checked_on"


def test_every_problem_of_the_draft_has_an_address(
    editor: Client, broken: models.Step
) -> None:
    addresses = row_addresses()
    forms = re.compile(r"/admin/guide/\w+/\d+/change/(#id_\w+)?")

    for problem in agenda.look_at_draft(today()).problems:
        assert forms.fullmatch(address_of(problem, addresses)), problem


# A draft that cannot be put together


def test_a_draft_that_cannot_be_put_together_is_explained(editor: Client) -> None:
    step = models.Step.objects.get(slug="port")
    models.Step.objects.filter(pk=step.pk).update(role="dance")

    shown = page(editor)

    assert "The draft cannot be put together" in shown
    assert f'<a href="{form_of(step)}">Step: {step}</a>' in shown
    assert "What it does to the line: " in shown


def test_a_draft_that_no_field_explains_says_whom_to_ask(editor: Client) -> None:
    # A number instead of a list: the field itself takes both.
    models.Step.objects.filter(slug="port").update(topics=5)

    assert "Ask whoever looks after this site" in page(editor)


# Who may see it


@pytest.mark.parametrize("group", ["Editors", "Publishers", "Translators"])
def test_all_groups_may_read_the_audit(client: Client, group: str) -> None:
    assert sign_in(client, group).get(AUDIT).status_code == 200


def test_others_are_refused(client: Client) -> None:
    assert client.get(AUDIT)["Location"].startswith("/admin/login/")
    assert sign_in(client).get(AUDIT).status_code == 403


def test_audit_is_only_read(editor: Client) -> None:
    assert editor.post(AUDIT).status_code == 405
