"""What is said before a row is deleted, and when it is refused."""

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import models as db
from django.forms import inlineformset_factory
from django.test import Client

from guide import models
from guide.admin.deleting import GuardedFormSet, Outlook, outlook
from guide.flow.content import Term
from guide.publishing import publish
from guide.uses import is_widened, replaced, rows_naming, without

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.get(username="editor"))
    return client


def make_step(slug: str, **fields: object) -> models.Step:
    return models.Step.objects.create(
        **{"slug": slug, "phase": "after", "title_en": slug, "body_en": "Do it."}
        | fields
    )


def make_operator(slug: str) -> models.Operator:
    return models.Operator.objects.create(
        slug=slug, name=slug.title(), kind="brand", status="active"
    )


def make_choice(question: str, slug: str) -> models.Choice:
    return models.Choice.objects.create(
        question=models.Question.objects.get(slug=question),
        slug=slug,
        label_en=slug.title(),
    )


def make_source(slug: str) -> models.Source:
    return models.Source.objects.create(
        slug=slug, title=slug, publisher="Us", confidence="official"
    )


def delete_address(row: db.Model) -> str:
    return f"/admin/guide/{row._meta.model_name}/{row.pk}/delete/"


def refused(found: Outlook) -> list[str]:
    return [note.text for note in found.refusals]


def linked(found: Outlook) -> set[str]:
    notes = [*found.refusals, *found.effects]
    return {link.title for note in notes for link in note.links}


def exists(row: db.Model) -> bool:
    return type(row).objects.filter(pk=row.pk).exists()


# Conditions


def test_conditions_without_an_answer() -> None:
    when = (
        Term("operator", ("a", "b")),
        Term("goal", ("stop",)),
        Term("operator", ("c",), excluding=True),
    )

    assert without(when, {("operator", "a"), ("operator", "c")}) == (
        Term("operator", ("b",)),
        Term("goal", ("stop",)),
    )
    assert not is_widened(when, {("operator", "a"), ("operator", "c")})
    assert is_widened(when, {("operator", "a"), ("operator", "b")})
    assert is_widened(when, {("goal", "stop")})


def test_conditions_with_another_answer() -> None:
    when = (
        Term("operator", ("a", "b")),
        Term("goal", ("a",)),
        Term("operator", ("a",), excluding=True),
    )

    assert replaced(when, ("operator", "a"), "c") == (
        Term("operator", ("b", "c")),
        Term("goal", ("a",)),
    )
    assert replaced(when[:1], ("operator", "a"), "b") == (Term("operator", ("b",)),)


def test_rows_of_every_kind_that_name_an_operator_are_found() -> None:
    operator = make_operator("new")
    base = models.Operator.objects.get(slug="base")
    rows = [
        models.Step.objects.first(),
        models.FaqEntry.objects.first(),
        models.Letter.objects.first(),
        models.Channel.objects.first(),
        models.OperatorFact.objects.first(),
        models.Question.objects.last(),
        models.Choice.objects.last(),
        models.CardType.objects.first(),
        base,
    ]
    for row in rows[:-1]:
        row.operators.add(operator)
    base.except_operators.add(operator)

    assert set(rows_naming([operator])) == set(rows)
    assert rows_naming([]) == []


# Answers


def test_the_only_answer_of_a_condition_cannot_be_deleted(editor: Client) -> None:
    operator = make_operator("new")
    step = make_step("for-new")
    step.operators.add(operator)

    page = editor.post(delete_address(operator), {"post": "yes"})

    assert exists(operator)
    text = page.content.decode()
    assert "Without it they would hold for more people, or for everybody." in text
    assert f'<a href="/admin/guide/step/{step.pk}/change/">for-new</a>' in text
    assert "Shown when the operator is New." in text
    assert "Delete it" not in text


def test_one_of_several_answers_of_a_condition_can_be_deleted(editor: Client) -> None:
    operator = make_operator("new")
    step = make_step("for-new")
    step.operators.add(operator, models.Operator.objects.get(slug="base"))
    excepted = make_step("not-for-new")
    excepted.except_operators.add(operator)

    text = editor.get(delete_address(operator)).content.decode()
    editor.post(delete_address(operator), {"post": "yes"})

    assert "It goes from 2 conditions, which still name others:" in text
    assert "Shown when the operator is BASE." in text
    assert "Shown to everybody." in text
    assert not exists(operator)
    assert [row.slug for row in step.operators.all()] == ["base"]


def test_answers_of_the_same_question_in_another_field_count_too() -> None:
    operator = make_operator("new")
    step = make_step("for-new")
    step.operators.add(operator)
    step.answers.add(
        models.Choice.objects.get(question__slug="operator", slug="unknown")
    )

    assert refused(outlook([operator])) == []


def test_several_answers_deleted_at_once_are_looked_at_together() -> None:
    one, two = make_choice("place", "moon"), make_choice("place", "mars")
    step = make_step("far-away")
    step.answers.add(one, two)

    assert refused(outlook([one])) == []
    assert len(refused(outlook([one, two]))) == 1


def test_a_published_answer_is_retired_and_not_deleted(editor: Client) -> None:
    choice = models.Choice.objects.get(question__slug="place", slug="leaving")

    page = editor.post(delete_address(choice), {"post": "yes"})

    assert exists(choice)
    text = page.content.decode()
    assert "people’s links hold this answer" in text
    assert f'href="/admin/retire/choice/{choice.pk}/"' in text


def test_an_answer_the_guide_works_with_cannot_be_deleted() -> None:
    choice = models.Choice.objects.get(question__slug="place", slug="abroad")

    assert "The guide itself works with this answer." in refused(outlook([choice]))


def test_an_answer_to_which_retired_codes_lead_cannot_be_deleted() -> None:
    choice = make_choice("place", "moon")
    old = models.RetiredCode.objects.create(
        question=choice.question, slug="earth", replacement="moon"
    )

    found = outlook([choice])

    assert len(refused(found)) == 1
    assert str(old) in linked(found)


def test_an_operator_with_channels_and_facts_cannot_be_deleted(editor: Client) -> None:
    operator = make_operator("new")
    fact = models.OperatorFact.objects.create(
        operator=operator, slug="new-costs", topic="costs", text_en="Free."
    )

    page = editor.post(delete_address(operator), {"post": "yes"})

    assert exists(operator)
    assert f"/admin/guide/operatorfact/{fact.pk}/change/" in page.content.decode()


def test_a_card_type_named_in_conditions_cannot_be_deleted() -> None:
    card_type = models.CardType.objects.create(slug="nano", name_en="Nano")
    make_step("for-nano").card_types.add(card_type)

    assert len(refused(outlook([card_type]))) == 1


# Questions


def test_a_question_goes_with_its_answers_when_nothing_depends_on_it(
    editor: Client,
) -> None:
    question = models.Question.objects.create(
        slug="colour", kind="one", title_en="Which colour?", position=500
    )
    red, blue = make_choice("colour", "red"), make_choice("colour", "blue")
    blue.answers.add(models.Choice.objects.get(slug="lost"))
    models.RetiredCode.objects.create(question=question, slug="pink", replacement="red")

    text = editor.get(delete_address(question)).content.decode()
    response = editor.post(delete_address(question), {"post": "yes"})

    assert "Its answers are deleted with it." in text
    assert response.status_code == 302
    assert not exists(question)
    assert not exists(red)
    logged = LogEntry.objects.filter(action_flag=DELETION)
    assert logged.count() == 4


def test_a_published_question_says_what_becomes_of_links(editor: Client) -> None:
    question = models.Question.objects.get(slug="end")
    models.Step.objects.filter(answers__question=question).delete()

    text = editor.get(delete_address(question)).content.decode()
    editor.post(delete_address(question), {"post": "yes"})

    assert "Links that people keep go on working" in text
    assert not exists(question)


def test_links_go_on_working_without_a_deleted_question(client: Client) -> None:
    question = models.Question.objects.get(slug="end")
    question.choices.all().delete()
    question.delete()
    publish()

    response = client.get("/en/guide/?goal=stop&end=2027-01-15", follow=True)

    assert response.status_code == 200
    assert "goal=stop" in response.redirect_chain[-1][0]


def test_a_question_on_which_conditions_depend_cannot_be_deleted(
    editor: Client,
) -> None:
    question = models.Question.objects.get(slug="linked")

    page = editor.post(delete_address(question), {"post": "yes"})

    assert exists(question)
    assert "Conditions name answers to this question." in page.content.decode()


def test_a_question_the_guide_works_with_cannot_be_deleted() -> None:
    question = models.Question.objects.get(slug="operator")

    assert "The guide itself works with this question." in refused(outlook([question]))


def test_whoever_may_not_delete_answers_cannot_delete_their_question(
    client: Client,
) -> None:
    question = models.Question.objects.create(slug="colour", kind="one", title_en="?")
    make_choice("colour", "red")
    user = get_user_model().objects.create_user("half", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["delete_question", "view_question"])
    )
    client.force_login(user)

    response = client.post(delete_address(question), {"post": "yes"})

    assert response.status_code == 403
    assert exists(question)


# Steps, facts, sources, retired codes


def test_a_step_says_what_waits_for_it_and_who_reported_it(editor: Client) -> None:
    step = make_step("first")
    make_step("second").requires.add(step)
    models.Report.objects.create(
        step_slug="first", publication_number=1, language="en", text="It is wrong."
    )
    models.Report.objects.create(
        step_slug="first",
        publication_number=1,
        language="en",
        text="Handled already.",
        state="handled",
    )

    found = outlook([step])

    assert refused(found) == []
    assert linked(found) == {"second", "It is wrong."}
    editor.post(delete_address(step), {"post": "yes"})
    assert not exists(step)


def test_the_last_fact_on_a_topic_says_what_visitors_will_read() -> None:
    operator = make_operator("new")
    one, two = (
        models.OperatorFact.objects.create(
            operator=operator, slug=f"new-costs-{n}", topic="costs", text_en="Free."
        )
        for n in (1, 2)
    )

    assert linked(outlook([one])) == set()
    assert linked(outlook([one, two])) == {"New"}


def test_the_only_source_of_something_cannot_be_deleted(editor: Client) -> None:
    source, other = make_source("one"), make_source("two")
    step, shared = make_step("alone"), make_step("shared")
    step.sources.add(source)
    shared.sources.add(source, other)

    page = editor.post(delete_address(source), {"post": "yes"})
    assert exists(source)
    assert "It is the only source of something." in page.content.decode()
    assert linked(outlook([source])) == {"alone", "shared"}
    assert len(refused(outlook([source, other]))) == 1

    step.sources.add(other)
    editor.post(delete_address(source), {"post": "yes"})
    assert not exists(source)


def test_a_retired_code_in_peoples_links_cannot_be_deleted(editor: Client) -> None:
    question = models.Question.objects.get(slug="place")
    unknown = models.RetiredCode.objects.create(
        question=question, slug="moon", replacement="abroad"
    )
    models.Choice.objects.get(question=question, slug="leaving").delete()
    held = models.RetiredCode.objects.create(
        question=question, slug="leaving", replacement="belgium"
    )

    for row in (unknown, held):
        editor.post(delete_address(row), {"post": "yes"})

    assert not exists(unknown)
    assert exists(held)


def test_a_retired_code_of_an_operator_in_peoples_links_cannot_be_deleted() -> None:
    held = models.RetiredCode.objects.create(
        question=models.Question.objects.get(slug="operator"),
        slug="proximus",
        replacement="base",
    )

    assert len(refused(outlook([held]))) == 1


# What visitors see


def test_it_is_said_whether_visitors_see_a_row_now() -> None:
    published = models.FaqEntry.objects.first()
    new = models.FaqEntry.objects.create(slug="new", question_en="?", answer_en="!")

    (seen,) = outlook([published]).effects
    (unseen,) = outlook([new]).effects

    assert seen.text.startswith("Visitors see it now, in publication 1.")
    assert seen.text.endswith("with the next publication.")
    assert unseen.text.startswith("It is not in publication 1")


def test_what_is_not_deleted_does_not_go_from_pages() -> None:
    refused = outlook([models.Operator.objects.get(slug="base")])

    assert refused.refusals
    assert refused.effects[-1].text == "Visitors see it now, in publication 1."


@pytest.mark.parametrize(
    "model",
    [
        *(models.Source, models.Step, models.FaqEntry, models.Letter),
        models.Identifier,
        *(models.Operator, models.Channel, models.OperatorFact),
        *(models.Question, models.Choice, models.CardType),
    ],
    ids=lambda model: model._meta.model_name,
)
def test_every_kind_of_row_is_known_to_be_visible(model: type[db.Model]) -> None:
    texts = [note.text for note in outlook([model.objects.first()]).effects]

    assert any(text.startswith("Visitors see it now") for text in texts)


def test_before_the_first_publication_visitors_see_nothing() -> None:
    models.Publication.objects.all().delete()

    (note,) = outlook([models.FaqEntry.objects.first()]).effects

    assert note.text == "Nothing has been published yet: visitors see nothing."


# Several at once


def test_selected_rows_are_deleted_after_a_look(editor: Client) -> None:
    one, two = make_step("one"), make_step("two")
    make_step("three").requires.add(one)
    data = {"action": "delete_selected", "_selected_action": [one.pk, two.pk]}

    page = editor.post("/admin/guide/step/", data).content.decode()
    assert "would no longer wait for it" in page
    assert exists(one)

    editor.post("/admin/guide/step/", data | {"post": "yes"})
    assert not exists(one)
    assert not exists(two)


def test_selected_rows_are_refused_together(editor: Client) -> None:
    source, unused = make_source("one"), make_source("two")
    make_step("alone").sources.add(source)
    data = {
        "action": "delete_selected",
        "_selected_action": [source.pk, unused.pk],
        "post": "yes",
    }

    page = editor.post("/admin/guide/source/", data)

    assert "It is the only source of something." in page.content.decode()
    assert exists(source)
    assert exists(unused)


def test_selected_questions_go_with_their_answers(editor: Client) -> None:
    question = models.Question.objects.create(slug="colour", kind="one", title_en="?")
    make_choice("colour", "red")
    data = {
        "action": "delete_selected",
        "_selected_action": [question.pk],
        "post": "yes",
    }

    editor.post("/admin/guide/question/", data)

    assert not exists(question)


def test_answers_ticked_for_deletion_in_their_question_are_refused_too() -> None:
    question = models.Question.objects.get(slug="place")
    formset_class = inlineformset_factory(
        models.Question, models.Choice, formset=GuardedFormSet, fields=["label_en"]
    )
    rows = list(question.choices.all())
    data = {
        "choices-TOTAL_FORMS": len(rows),
        "choices-INITIAL_FORMS": len(rows),
    }
    for number, row in enumerate(rows):
        data[f"choices-{number}-id"] = row.pk
        data[f"choices-{number}-label_en"] = row.label_en
    assert formset_class(data, instance=question).is_valid()

    formset = formset_class(data | {"choices-0-DELETE": "on"}, instance=question)

    assert not formset.is_valid()
    assert "people’s links hold this answer" in str(formset.non_form_errors())


def test_translators_cannot_delete(client: Client) -> None:
    user = get_user_model().objects.create_user("translator", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_step"))
    client.force_login(user)
    step = make_step("one")

    assert client.post(delete_address(step), {"post": "yes"}).status_code == 403
    assert exists(step)
