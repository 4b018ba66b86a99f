"""Codes are kept for good, suggested for new rows, and retired with a replacement."""

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import models as db
from django.test import Client, RequestFactory
from modeltranslation.admin import TranslationStackedInline

from guide import models
from guide.admin.codes import CodedInline, free_code, problem_with
from guide.admin.deleting import GuardedInline
from guide.compiling import compile_draft
from guide.flow.answers import RESERVED
from guide.flow.audit import audit
from guide.flow.engine import Reason, resolve
from guide.published_codes import first_published, published_since
from guide.publishing import publish
from guide.retiring import CannotRetireError, replacements_for, retire

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.get(username="editor"))
    return client


def choice(question: str, slug: str) -> models.Choice:
    return models.Choice.objects.get(question__slug=question, slug=slug)


def make_choice(question: str, slug: str) -> models.Choice:
    return models.Choice.objects.create(
        question=models.Question.objects.get(slug=question),
        slug=slug,
        label_en=slug.title(),
        label_zh_hans=slug.title(),
        position=900,
    )


def make_operator(slug: str) -> models.Operator:
    operator = models.Operator.objects.create(
        slug=slug, name=slug.title(), kind="brand", status="active"
    )
    operator.sources.add(models.Source.objects.first())
    return operator


def make_step(slug: str) -> models.Step:
    return models.Step.objects.create(
        slug=slug, phase="after", title_en=slug, body_en="Do it."
    )


def retire_address(row: db.Model) -> str:
    return f"/admin/retire/{row._meta.model_name}/{row.pk}/"


def exists(row: db.Model) -> bool:
    return type(row).objects.filter(pk=row.pk).exists()


def references() -> list[str]:
    """Return the codes of what the audit says of retired codes and conditions."""
    problems = audit(compile_draft(), TODAY)
    return [p.code for p in problems if p.code.startswith("E1")]


# What was published


def test_codes_are_known_from_the_publication_in_which_they_first_stood() -> None:
    make_step("second")
    step = models.Step.objects.get(slug="second")
    assert published_since(step) is None
    assert published_since(choice("goal", "stop")) == 1
    models.Publication.objects.create(
        number=2,
        sha256="2" * 64,
        document='{"guide": {}, "rows": {"guide.step": [{"slug": "second"}]}}',
    )

    assert published_since(step) == 2
    models.Publication.objects.get(number=2).delete()
    assert published_since(step) is None


def test_publications_are_read_once(django_assert_num_queries: object) -> None:
    first_published()

    with django_assert_num_queries(1):
        first_published()


# The code in forms


@pytest.mark.parametrize(
    "model",
    [
        *(models.Source, models.Step, models.FaqEntry, models.Letter),
        models.Identifier,
        models.GlossaryEntry,
        *(models.Operator, models.Channel, models.OperatorFact),
        *(models.Question, models.Choice, models.CardType),
    ],
    ids=lambda model: model._meta.model_name,
)
def test_a_published_code_is_settled(editor: Client, model: type[db.Model]) -> None:
    row = model.objects.first()
    page = editor.get(f"/admin/guide/{model._meta.model_name}/{row.pk}/change/")

    form = page.context_data["adminform"].form

    assert form.fields["slug"].disabled
    assert "Published since publication 1" in form.fields["slug"].help_text
    assert "Published since publication 1" in page.content.decode()


def test_a_published_code_stays_whatever_is_posted(editor: Client) -> None:
    row = choice("place", "leaving")

    editor.post(
        f"/admin/guide/choice/{row.pk}/change/",
        {
            "question": models.Question.objects.get(slug="goal").pk,
            "slug": "renamed",
            "label_en": "Leaving Belgium",
            "position": 1,
        },
    )

    row.refresh_from_db()
    assert (row.slug, row.question.slug) == ("leaving", "place")
    assert row.label_en == "Leaving Belgium"


def test_a_published_answer_leads_to_its_retirement(editor: Client) -> None:
    for row in (
        choice("place", "leaving"),
        models.Operator.objects.first(),
        models.CardType.objects.first(),
    ):
        address = f"/admin/guide/{row._meta.model_name}/{row.pk}/change/"
        page = editor.get(address).content.decode()
        assert page.count(f'href="{retire_address(row)}"') == 2


def test_an_unpublished_code_can_be_changed(editor: Client) -> None:
    row = make_choice("place", "moon")

    editor.post(
        f"/admin/guide/choice/{row.pk}/change/",
        {
            "question": row.question_id,
            "slug": "mars",
            "label_en": "Mars",
            "position": 1,
        },
    )

    row.refresh_from_db()
    assert row.slug == "mars"


@pytest.mark.parametrize(
    ("model", "data", "expected"),
    [
        (
            "question",
            {
                "kind": "one",
                "title_en": "Which colour is it?",
                "choices-TOTAL_FORMS": 0,
                "choices-INITIAL_FORMS": 0,
            },
            "which-colour-is-it",
        ),
        (
            "source",
            {"title": "New terms", "publisher": "Us", "confidence": "official"},
            "new-terms",
        ),
        ("cardtype", {"name_en": "Nano SIM", "position": 1}, "nano-sim"),
        # Taken already:
        ("cardtype", {"name_en": "eSIM", "position": 1}, "esim-2"),
    ],
    ids=["question", "source", "card-type", "taken"],
)
def test_a_code_left_empty_is_made_from_the_words(
    editor: Client, model: str, data: dict[str, object], expected: str
) -> None:
    response = editor.post(f"/admin/guide/{model}/add/", {"slug": "", **data})

    assert response.status_code == 302
    found = models.Step._meta.apps.get_model("guide", model)
    assert found.objects.order_by("pk").last().slug == expected


def test_a_code_of_a_fact_names_operator_and_topic(editor: Client) -> None:
    operator = make_operator("new")
    data = {"slug": "", "operator": operator.pk, "topic": "costs", "text_en": "Free."}

    for expected in ("new-costs", "new-costs-2"):
        editor.post(
            "/admin/guide/operatorfact/add/",
            data | {"review_days": 365, "position": 1},
        )
        assert operator.facts.order_by("pk").last().slug == expected


def test_words_without_letters_need_a_code(editor: Client) -> None:
    page = editor.post(
        "/admin/guide/cardtype/add/", {"slug": "", "name_en": "卡", "position": 1}
    )

    form = page.context_data["adminform"].form
    (said,) = form.errors["slug"]
    assert said.startswith("No code can be made from these words")


@pytest.mark.parametrize("model", ["faqentry", "question", "step", "glossaryentry"])
def test_an_empty_form_says_nothing_of_its_code(editor: Client, model: str) -> None:
    page = editor.post(f"/admin/guide/{model}/add/", {"slug": ""})

    form = page.context_data["adminform"].form
    assert form.errors
    assert "slug" not in form.errors


@pytest.mark.parametrize(
    ("posted", "shown"),
    [
        # As the script of the form made it of the words, and as somebody typed it.
        ("what-is-this", ""),
        ("this", "this"),
        ("", ""),
    ],
)
def test_a_refused_form_makes_its_code_anew(
    editor: Client, posted: str, shown: str
) -> None:
    page = editor.post(
        "/admin/guide/faqentry/add/",
        {"slug": posted, "question_en": "What is this?", "review_days": 365},
    )

    form = page.context_data["adminform"].form
    assert form.errors
    assert form["slug"].value() == shown


def test_a_code_that_the_script_made_gets_a_number_where_it_is_taken(
    editor: Client,
) -> None:
    data = {"name_en": "eSIM", "position": 1}
    typed = editor.post("/admin/guide/cardtype/add/", {"slug": "physical", **data})
    made = editor.post("/admin/guide/cardtype/add/", {"slug": "esim", **data})

    assert "already exists" in str(typed.context_data["adminform"].form.errors["slug"])
    assert made.status_code == 302
    assert models.CardType.objects.filter(slug="esim-2").exists()


@pytest.mark.parametrize("code", ["", "domiciliation", "another"])
def test_a_word_stands_once_in_the_glossary(editor: Client, code: str) -> None:
    there = models.GlossaryEntry.objects.create(
        slug="domiciliation", term_en="Domiciliation", meaning_en="A way to pay."
    )

    page = editor.post(
        "/admin/guide/glossaryentry/add/",
        {"slug": code, "term_en": "domiciliation", "meaning_en": "To pay."},
    )

    errors = page.context_data["adminform"].form.errors
    (said,) = errors["term_en"]
    assert said.startswith("There is already an entry for this word.")
    assert f"/glossaryentry/{there.pk}/change/" in said
    assert "slug" not in errors


def test_long_words_make_a_code_of_whole_words() -> None:
    code = free_code(models.Step(), "deleting " * 12)

    assert len(code) <= 60
    assert code.endswith("deleting")


@pytest.mark.parametrize("code", ["Test_El", "two--signs", "-a", "with blank"])
def test_codes_are_lower_case_with_hyphens(code: str) -> None:
    assert "is no code" in problem_with(models.Step(), code)


@pytest.mark.parametrize("code", sorted(RESERVED))
def test_codes_with_a_meaning_in_addresses_are_refused(code: str) -> None:
    assert "has a meaning of its own" in problem_with(models.Question(), code)


def test_a_refused_code_is_explained_at_the_field(editor: Client) -> None:
    page = editor.post(
        "/admin/guide/question/add/",
        {"slug": "page", "kind": "one", "title_en": "Page?", "position": 1},
    )

    form = page.context_data["adminform"].form
    assert "Choose another code." in form.errors["slug"][0]
    assert form["title_en"].value() == "Page?"


def test_retired_codes_are_not_used_again() -> None:
    question = models.Question.objects.get(slug="place")
    models.RetiredCode.objects.create(
        question=question, slug="moon", replacement="abroad"
    )
    operators = models.Question.objects.get(slug="operator")
    models.RetiredCode.objects.create(
        question=operators, slug="old", replacement="base"
    )

    problem = problem_with(models.Choice(), "moon", question)
    assert "old links with it lead to “abroad”" in problem
    assert problem_with(models.Choice(), "moon", operators) is None
    assert problem_with(models.Operator(), "old")
    assert problem_with(models.Choice(), "old", operators)
    assert problem_with(models.CardType(), "old") is None
    assert free_code(models.Operator(), "Old") == "old-2"


def test_an_operator_and_a_choice_cannot_share_a_code() -> None:
    operators = models.Question.objects.get(slug="operator")

    assert "Another answer" in problem_with(models.Operator(), "unknown")
    assert "Another answer" in problem_with(models.Choice(), "base", operators)
    assert problem_with(models.Operator(), "belgium") is None
    assert "Another answer" in problem_with(models.CardType(), "unsure")


def test_a_code_of_something_deleted_is_not_used_again() -> None:
    models.Operator.objects.filter(slug="base").update(slug="base-two")
    models.Step.objects.filter(slug="cancel-line").delete()

    assert "publication 1" in problem_with(models.Operator(), "base")
    assert free_code(models.Operator(), "BASE") == "base-2"
    # A step stands in nobody's link: it may be made anew.
    assert problem_with(models.Step(), "cancel-line") is None


class AnswersOfQuestion(CodedInline, GuardedInline, TranslationStackedInline):
    """As the form of a question shows its answers."""

    model = models.Choice
    fields = ("slug", "label_en", "position")
    extra = 1


def test_rows_inside_another_form_follow_the_same_rules(rf: RequestFactory) -> None:
    question = models.Question.objects.get(slug="place")
    request = rf.get("/")
    request.user = get_user_model().objects.get(username="editor")
    inline = AnswersOfQuestion(models.Question, admin.site)
    formset_class = inline.get_formset(request, question)
    rows = list(question.choices.all())
    data = {
        "choices-TOTAL_FORMS": len(rows) + 1,
        "choices-INITIAL_FORMS": len(rows),
        f"choices-{len(rows)}-label_en": "On the moon",
        f"choices-{len(rows)}-position": 99,
    }
    for number, row in enumerate(rows):
        data[f"choices-{number}-id"] = row.pk
        data[f"choices-{number}-slug"] = "renamed"
        data[f"choices-{number}-label_en"] = row.label_en
        data[f"choices-{number}-position"] = row.position

    formset = formset_class(data, instance=question)
    assert formset.is_valid(), formset.errors
    formset.save()
    deleting = formset_class(data | {"choices-0-DELETE": "on"}, instance=question)

    assert {row.slug for row in question.choices.all()} == {
        *("belgium", "leaving", "abroad", "on-the-moon")
    }
    assert not deleting.is_valid()
    assert "people’s links hold this answer" in str(deleting.non_form_errors())


# Retiring


def test_a_retired_choice_leads_old_links_to_its_replacement(editor: Client) -> None:
    old = make_choice("place", "moon")
    step, other = make_step("one"), make_step("two")
    step.answers.add(old)
    other.answers.add(old, choice("place", "abroad"), choice("goal", "stop"))

    page = editor.get(retire_address(old), {"by": "abroad"}).content.decode()
    assert "Shown when the place is “Moon”." in page
    assert "Shown when the place is “Already abroad”." in page
    response = editor.post(retire_address(old), {"by": "abroad", "rewrite": "on"})

    assert response.status_code == 302
    assert not exists(old)
    assert [a.slug for a in step.answers.all()] == ["abroad"]
    assert {a.slug for a in other.answers.all()} == {"abroad", "stop"}
    assert models.RetiredCode.objects.get(slug="moon").replacement == "abroad"
    assert references() == []
    position = resolve(
        compile_draft(),
        {"goal": ("lost",), "line": ("subscription",), "place": ("moon",)},
        TODAY,
    )
    assert position.answers["place"] == ("abroad",)
    assert ("place", Reason.REPLACED) in [
        (d.question, d.reason) for d in position.dropped
    ]


def test_a_chain_of_retired_codes_ends_at_the_last_answer() -> None:
    first, second = make_choice("place", "moon"), make_choice("place", "mars")
    rights = {"may_rewrite": False, "may_delete_content": False}

    retire(row=first, replacement=second, **rights)
    retire(row=second, replacement=choice("place", "abroad"), **rights)

    assert dict(models.RetiredCode.objects.values_list("slug", "replacement")) == {
        "moon": "abroad",
        "mars": "abroad",
    }
    assert references() == []
    for code in ("moon", "mars"):
        position = resolve(compile_draft(), {"place": (code,)}, TODAY)
        assert position.answers["place"] == ("abroad",)


def test_a_retired_operator_goes_with_its_channels_and_facts(editor: Client) -> None:
    base = models.Operator.objects.get(slug="base")
    content = base.channels.count() + base.facts.count()
    named = make_step("only-base")
    named.operators.add(base)
    excepted = make_step("not-base")
    excepted.except_operators.add(base)
    agreed = {"by": "proximus", "rewrite": "on", "content": "on", "anyway": "on"}

    page = editor.get(retire_address(base), {"by": "proximus"}).content.decode()
    assert f"{content} channels and facts" in page
    response = editor.post(retire_address(base), agreed)

    assert response.status_code == 302
    assert not exists(base)
    assert not models.OperatorFact.objects.filter(operator_id=base.pk).exists()
    assert [o.slug for o in named.operators.all()] == ["proximus"]
    # Whoever has the new operator goes on seeing what they saw.
    assert not excepted.except_operators.exists()
    assert references() == []
    answers = {
        "goal": ("stop",),
        "line": ("subscription",),
        "operator": ("base",),
    }
    position = resolve(compile_draft(), answers, TODAY)
    assert position.known["operator"] == ("proximus",)


def test_a_retired_card_type_can_lead_to_a_choice() -> None:
    nano = models.CardType.objects.create(slug="nano", name_en="Nano", position=99)
    step = make_step("for-nano")
    step.card_types.add(nano)
    unsure = choice("card", "unsure")

    assert unsure in replacements_for(nano, compile_draft())
    retire(row=nano, replacement=unsure, may_rewrite=True, may_delete_content=False)

    assert not step.card_types.exists()
    assert [a.slug for a in step.answers.all()] == ["unsure"]
    assert references() == []
    answers = {
        "goal": ("stop",),
        "line": ("subscription",),
        "operator": ("proximus",),
        "card": ("nano",),
    }
    assert resolve(compile_draft(), answers, TODAY).known["card"] == ("unsure",)


def test_a_visitor_with_an_old_link_gets_the_new_answer(client: Client) -> None:
    old = make_choice("place", "moon")
    publish()
    retire(
        row=old,
        replacement=choice("place", "abroad"),
        may_rewrite=False,
        may_delete_content=False,
    )
    publish()

    response = client.get("/en/guide/?goal=stop&place=moon", follow=True)

    assert "place=abroad" in response.redirect_chain[-1][0]


def test_the_page_of_a_retired_operator_leads_to_the_one_in_its_place(
    client: Client,
) -> None:
    operators = models.Question.objects.get(slug="operator")
    for slug, replacement in (("old", "base"), ("older", "unknown")):
        models.RetiredCode.objects.create(
            question=operators, slug=slug, replacement=replacement
        )
    publish()

    assert client.get("/en/operators/old/").url == "/en/operators/base/"
    assert client.get("/en/operators/older/").status_code == 404


def test_replacements_are_other_answers_that_somebody_is_offered() -> None:
    never = make_choice("place", "never")
    # The device is only asked for when the card is no physical one.
    never.card_types.add(models.CardType.objects.get(slug="physical"))
    never.answers.add(choice("phone", "watch"))
    row = choice("place", "leaving")

    found = replacements_for(row, compile_draft())

    assert {one.slug for one in found} == {"belgium", "abroad"}


@pytest.mark.parametrize(
    ("by", "agreed", "expected"),
    [
        ("", {}, "Choose the answer that takes its place."),
        ("moon", {}, "Choose the answer that takes its place."),
        ("stop", {}, "Choose the answer that takes its place."),
        ("abroad", {}, "Agree to rewrite them"),
    ],
    ids=["none", "itself", "of-another-question", "not-agreed"],
)
def test_retiring_is_refused_with_what_to_do(
    editor: Client, by: str, agreed: dict[str, str], expected: str
) -> None:
    old = make_choice("place", "moon")
    make_step("one").answers.add(old)

    page = editor.post(retire_address(old), {"by": by, **agreed})

    assert page.status_code == 200
    assert expected in page.content.decode()
    assert exists(old)
    assert not models.RetiredCode.objects.exists()


def test_an_operator_with_content_needs_agreement(editor: Client) -> None:
    operator = make_operator("new")
    models.OperatorFact.objects.create(
        operator=operator, slug="new-costs", topic="costs", text_en="Free."
    )

    page = editor.post(retire_address(operator), {"by": "base"})

    assert "This operator has channels and facts." in page.content.decode()
    assert exists(operator)


def test_what_somebody_else_deleted_is_not_retired() -> None:
    old, new = make_choice("place", "moon"), make_choice("place", "mars")
    models.Choice.objects.filter(pk=new.pk).delete()

    with pytest.raises(CannotRetireError, match="“mars” is not there any more"):
        retire(row=old, replacement=new, may_rewrite=True, may_delete_content=True)
    assert not models.RetiredCode.objects.exists()


def test_an_answer_of_another_question_is_no_replacement() -> None:
    old = make_choice("place", "moon")

    for other in (old, choice("goal", "stop"), models.Operator.objects.first()):
        with pytest.raises(CannotRetireError):
            retire(
                row=old, replacement=other, may_rewrite=True, may_delete_content=True
            )


def test_an_answer_the_guide_works_with_stays(editor: Client) -> None:
    row = choice("goal", "keep-number")

    assert "it must stay" in editor.get(retire_address(row)).content.decode()
    page = editor.post(retire_address(row), {"by": "stop", "rewrite": "on"})

    assert "cannot be retired" in page.content.decode()
    assert exists(row)


def test_new_mistakes_are_shown_before_they_are_made(editor: Client) -> None:
    old = make_choice("place", "moon")
    step = make_step("one")
    step.sources.add(models.Source.objects.first())
    models.Step.objects.filter(pk=step.pk).update(title_zh_hans="…", body_zh_hans="…")
    step.answers.add(old, choice("line", "subscription"))
    # Nobody with a subscription is offered the new answer: “one” would reach nobody.
    make_choice("place", "mars").answers.add(choice("line", "prepaid"))
    agreed = {"by": "mars", "rewrite": "on"}

    page = editor.post(retire_address(old), agreed).content.decode()
    assert exists(old)
    assert "The audit would then find mistakes that are not there now." in page
    assert f'href="/admin/guide/step/{step.pk}/change/"' in page

    editor.post(retire_address(old), agreed | {"anyway": "on"})
    assert not exists(old)


def test_retiring_is_logged(editor: Client) -> None:
    old = make_choice("place", "moon")
    step = make_step("one")
    step.answers.add(old)

    editor.post(retire_address(old), {"by": "abroad", "rewrite": "on", "anyway": "on"})

    logged = {(e.object_id, e.is_deletion()) for e in LogEntry.objects.all()}
    assert logged == {(str(old.pk), True), (str(step.pk), False)}


def test_retiring_needs_the_right_to_delete(client: Client) -> None:
    old = make_choice("place", "moon")
    user = get_user_model().objects.create_user("someone", is_staff=True)
    client.force_login(user)
    for group, status in (("Translators", 403), ("Publishers", 403), ("Editors", 302)):
        user.groups.set([Group.objects.get(name=group)])
        response = client.post(retire_address(old), {"by": "abroad"})
        assert response.status_code == status
    assert not exists(old)


@pytest.mark.parametrize("address", ["step/1/", "user/1/"])
def test_only_answers_are_retired(editor: Client, address: str) -> None:
    response = editor.get(f"/admin/retire/{address}", follow=True)

    assert response.status_code == 404


def test_retiring_twice_says_that_it_is_done(editor: Client) -> None:
    response = editor.post("/admin/retire/choice/0/", {"by": "stop"}, follow=True)

    assert "perhaps it was retired already" in response.content.decode()


# Retired codes by hand


def test_a_retired_code_leads_to_an_answer_in_use(editor: Client) -> None:
    question = models.Question.objects.get(slug="place")
    add = "/admin/guide/retiredcode/add/"

    for slug, replacement, field in (
        ("moon", "place:mars", "replacement"),
        ("moon", "goal:stop", "replacement"),
        ("moon", "", "replacement"),
        ("leaving", "place:abroad", "slug"),
    ):
        data = {"question": question.pk, "slug": slug, "replacement": replacement}
        page = editor.post(add, data)
        assert field in page.context_data["adminform"].form.errors
    data = {"question": question.pk, "slug": "moon", "replacement": "place:abroad"}
    assert editor.post(add, data).status_code == 302
    made = models.RetiredCode.objects.get(slug="moon")
    assert (made.question, made.replacement) == (question, "abroad")


def test_the_answer_in_place_of_a_retired_code_is_chosen(editor: Client) -> None:
    place = models.Question.objects.get(slug="place")
    row = models.RetiredCode.objects.create(
        question=place, slug="moon", replacement="abroad"
    )

    new = editor.get("/admin/guide/retiredcode/add/").content.decode()
    old = editor.get(f"/admin/guide/retiredcode/{row.pk}/change/").content.decode()

    assert '<option value="place:abroad">' in new
    assert '<option value="operator:base">BASE (code: base)</option>' in new
    assert '<optgroup label="Where are you?">' in new
    assert '<option value="place:abroad" selected>' in old
    assert "operator:base" not in old


def test_a_retired_code_can_only_get_another_replacement(editor: Client) -> None:
    question = models.Question.objects.get(slug="place")
    row = models.RetiredCode.objects.create(
        question=question, slug="moon", replacement="abroad"
    )
    address = f"/admin/guide/retiredcode/{row.pk}/change/"

    editor.post(address, {"slug": "mars", "replacement": "place:belgium"})

    row.refresh_from_db()
    assert (row.slug, row.replacement) == ("moon", "belgium")
