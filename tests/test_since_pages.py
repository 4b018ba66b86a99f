"""An old link to a checklist says what has changed since, and costs one look."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guide import models, publishing
from guide.publishing import EARLIER_KEPT, Earlier, earlier, publish
from tests.cases import CASES
from tests.test_views import address_of, text_of

pytestmark = pytest.mark.django_db


def a_link(*, v: int | str = 1, case: str = "base", language: str = "en") -> str:
    return address_of(CASES[case], "checklist", v=str(v)).replace(
        "/en/", f"/{language}/"
    )


@pytest.fixture(autouse=True)
def _nothing_in_memory() -> None:
    earlier().forget()


@pytest.fixture
def second(db: None) -> models.Publication:
    """A publication in which one step says more and one channel is another."""
    for step in models.Step.objects.filter(slug="stop-prepaid"):
        step.title_en = "Stop topping up now"
        step.save()
    models.Channel.objects.filter(slug="base-cancel-phone").update(value="1998")
    publication, _problems = publish(note="Second")
    publishing.current().forget()
    return publication


def test_an_old_link_names_what_has_changed(
    client: Client, second: models.Publication
) -> None:
    html = text_of(client, a_link())

    assert "made with an earlier edition" in html
    assert "For your case 1 step has changed since" in html
    told = html.partition("What has changed")[2].partition("</details>")[0]
    assert "Stop topping up now" in told
    assert "what to do" in told
    assert f"v={second.number}" in html


def test_an_old_link_of_another_case_says_that_nothing_has_changed(
    client: Client, second: models.Publication
) -> None:
    html = text_of(client, a_link(case="airalo"))

    assert "For your case nothing has changed since" in html


def test_changes_of_other_languages_are_not_told(
    client: Client, second: models.Publication
) -> None:
    html = text_of(client, a_link(language="nl"))

    told = html.partition("Wat er gewijzigd is")[2].partition("</details>")[0]
    assert "hoe u de operator bereikt" in told
    assert "wat te doen" not in told


def test_a_present_link_says_nothing(client: Client) -> None:
    number = publishing.current_publication().number

    assert "earlier edition" not in text_of(client, a_link(v=number))


@pytest.mark.parametrize("v", ["99", "0", "-1", "x", "٣", "9" * 30, "1.0"])
def test_an_impossible_publication_becomes_the_present_one(
    client: Client, second: models.Publication, v: str
) -> None:
    response = client.get(a_link(v=v))

    assert response.status_code == 302
    assert response["Location"] == a_link(v=second.number)
    assert "earlier edition" not in text_of(client, response["Location"])


def test_a_publication_that_is_gone_is_not_compared_with(
    client: Client, second: models.Publication
) -> None:
    models.Publication.objects.filter(number=1).delete()

    html = text_of(client, a_link())

    assert "some steps may have changed" in html
    assert "What has changed" not in html


def test_a_publication_that_is_damaged_is_not_compared_with(
    client: Client, second: models.Publication
) -> None:
    models.Publication.objects.filter(number=1).update(sha256="0" * 64)

    assert "some steps may have changed" in text_of(client, a_link())


def test_an_old_publication_is_asked_for_once(
    client: Client,
    second: models.Publication,
    settings: object,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.PUBLICATION_RECHECK_SECONDS = 3600
    publishing.current_publication()

    with django_assert_num_queries(1):
        client.get(a_link())
    with django_assert_num_queries(0):
        client.get(a_link())
        client.get(a_link(case="proximus"))
        client.get(a_link(language="fr"))


def test_only_some_old_publications_stay_in_memory(
    second: models.Publication, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hold = Earlier()
    assert hold.get(1) is not None

    with django_assert_num_queries(EARLIER_KEPT - 1):
        for number in range(101, 100 + EARLIER_KEPT):
            assert hold.get(number) is None
    with django_assert_num_queries(0):
        assert hold.get(1) is not None
    with django_assert_num_queries(2):
        assert hold.get(200) is None
        assert hold.get(101) is None


def test_a_database_that_does_not_answer_is_asked_again(
    second: models.Publication,
) -> None:
    hold = Earlier()

    def refuse(*_args: object) -> None:
        raise DatabaseError

    with connection.execute_wrapper(refuse):
        assert hold.get(1) is None

    assert hold.get(1) is not None


def test_retired_codes_of_an_old_link_are_mapped_on_both_sides(
    client: Client, db: None
) -> None:
    choice = models.Choice.objects.get(question__slug="place", slug="leaving")
    choice.slug = "going"
    choice.save()
    models.RetiredCode.objects.create(
        question=choice.question, slug="leaving", replacement="going"
    )
    publish(note="Retired")
    publishing.current().forget()

    response = client.get(a_link(case="proximus"), follow=True)

    html = response.content.decode()
    assert "place=going" in response.redirect_chain[-1][0]
    assert "v=1" in response.redirect_chain[-1][0]
    assert "For your case nothing has changed since" in html


def test_an_old_link_that_leaves_a_new_question_open_stays_an_old_link(
    client: Client, second: models.Publication
) -> None:
    query = a_link().partition("?")[2].replace("&place=belgium", "")

    asked = client.get(f"/en/checklist/?{query}")
    page = text_of(client, asked["Location"])

    assert asked["Location"].startswith("/en/guide/?")
    assert asked["Location"].endswith("&v=1")
    assert '<input type="hidden" name="v" value="1">' in page
    answered = client.get(asked["Location"] + "&ask=place&place=belgium")
    assert answered["Location"] == a_link()
