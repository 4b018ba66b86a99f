"""Rows become a guide; only a publication reaches visitors."""

import hashlib
from datetime import date

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guide import models, publishing
from guide.compiling import compile_draft, to_html
from guide.flow.content import Term
from guide.flow.engine import resolve

TODAY = date(2026, 11, 22)

pytestmark = pytest.mark.django_db


def test_publish_numbers_and_seals_each_publication() -> None:
    before = models.Publication.objects.newest_number()

    publication, _ = publishing.publish(note="A test.")

    assert publication.number == before + 1
    assert (
        publication.sha256 == hashlib.sha256(publication.document.encode()).hexdigest()
    )
    assert publishing.read_document(publication.document).guide == compile_draft()


def test_publish_changes_nothing_when_the_audit_finds_errors() -> None:
    models.Step.objects.get(slug="cancel-line").sources.clear()
    before = models.Publication.objects.count()

    with pytest.raises(publishing.AuditFailedError) as failure:
        publishing.publish()

    assert [(p.code, p.slug) for p in failure.value.problems] == [
        ("E401", "cancel-line")
    ]
    assert models.Publication.objects.count() == before


def test_visitors_read_the_publication_and_not_the_rows(client: Client) -> None:
    address = "/en/operators/base/"
    assert client.get(address).status_code == 200

    models.Operator.objects.filter(slug="base").update(name="Renamed")
    publishing.current().forget()
    unpublished = client.get(address).content.decode()
    publishing.publish()
    publishing.current().forget()
    published = client.get(address).content.decode()

    assert "Renamed" not in unpublished
    assert "Renamed" in published


def test_current_asks_the_database_again_only_after_a_while(
    django_assert_num_queries: DjangoAssertNumQueries, settings: object
) -> None:
    settings.PUBLICATION_RECHECK_SECONDS = 3600
    first = publishing.current_publication()

    publishing.publish()

    with django_assert_num_queries(0):
        assert publishing.current_publication() is first
    settings.PUBLICATION_RECHECK_SECONDS = 0
    assert publishing.current_publication().number == first.number + 1


def test_current_keeps_the_same_guide_while_no_newer_one_is_there(
    django_assert_num_queries: DjangoAssertNumQueries, settings: object
) -> None:
    settings.PUBLICATION_RECHECK_SECONDS = 0
    first = publishing.current_publication()

    with django_assert_num_queries(1):
        assert publishing.current_publication() is first


def test_current_goes_on_when_the_database_does_not_answer(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PUBLICATION_RECHECK_SECONDS = 0
    first = publishing.current_publication()

    def fail(self: object) -> None:
        raise OperationalError

    monkeypatch.setattr(models.PublicationQuerySet, "newest_number", fail)
    monkeypatch.setattr(type(models.Publication.objects), "newest_number", fail)

    assert publishing.current_publication() is first
    publishing.current().forget()
    with pytest.raises(OperationalError):
        publishing.current_publication()


def test_current_goes_on_when_the_newest_publication_is_damaged(
    settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PUBLICATION_RECHECK_SECONDS = 0
    first = publishing.current_publication()
    damaged, _ = publishing.publish()
    models.Publication.objects.filter(pk=damaged.pk).update(sha256="0" * 64)

    assert publishing.current_publication() is first
    assert f"Publication {damaged.number}" in caplog.text
    publishing.current().forget()
    with pytest.raises(publishing.UnreadableDocumentError):
        publishing.current_publication()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a guide"),
        ("[]", "not a guide"),
        ('{"guide": {"version": 1}, "rows": {}}', "not a guide"),
        ('{"guide": {"version": 99}, "rows": {}}', "version 99"),
    ],
    ids=["empty", "list", "no-guide", "other-version"],
)
def test_documents_that_cannot_be_read_say_why(text: str, said: str) -> None:
    with pytest.raises(publishing.UnreadableDocumentError, match=said):
        publishing.read_document(text)


def test_documents_with_unreadable_rows_say_so() -> None:
    publication = models.Publication.objects.first()
    guide, _rows = publication.document.split(',"rows":')
    document = publishing.read_document(f'{guide},"rows":[1]}}')

    with pytest.raises(publishing.UnreadableDocumentError, match="not a guide"):
        document.read_rows()


def test_publish_refuses_what_was_not_seen() -> None:
    draft = publishing.read_draft()
    number = models.Publication.objects.newest_number()

    for seen in (
        publishing.Seen(number=number, sha256="other"),
        publishing.Seen(number=number - 1, sha256=draft.sha256),
        publishing.Seen(number=None, sha256=draft.sha256),
    ):
        with pytest.raises(publishing.ChangedMeanwhileError):
            publishing.publish(seen=seen)
    assert models.Publication.objects.newest_number() == number


def test_the_same_draft_has_the_same_fingerprint_twice() -> None:
    models.Step.objects.filter(slug="port").update(title_nl=None)
    before = publishing.read_draft()
    models.Step.objects.filter(slug="port").update(title_nl="Nieuw")

    assert publishing.read_draft().sha256 != before.sha256
    models.Step.objects.filter(slug="port").update(title_nl=None)
    assert publishing.read_draft().sha256 == before.sha256


def test_pages_say_that_nothing_is_published_yet(client: Client) -> None:
    models.Publication.objects.all().delete()
    publishing.current().forget()

    response = client.get("/en/guide/")

    assert response.status_code == 503
    assert "bootstrap" in response.content.decode()
    assert response["Retry-After"] == "60"


def test_conditions_become_one_term_a_question_and_one_for_exceptions() -> None:
    step = models.Step.objects.get(slug="destroy-card")
    step.answers.set(
        models.Choice.objects.filter(question__slug="card")
        | models.Choice.objects.filter(question__slug="place", slug="abroad")
    )
    step.operators.set(models.Operator.objects.filter(slug__in=["base", "orange"]))
    step.except_operators.set(models.Operator.objects.filter(slug="voo"))

    compiled = compile_draft().step("destroy-card")

    assert set(compiled.when) == {
        Term("operator", ("base", "orange")),
        Term("operator", ("voo",), excluding=True),
        Term("card", ("physical", "unsure")),
        Term("place", ("abroad",)),
    }


def test_retired_codes_lead_to_their_replacement() -> None:
    question = models.Question.objects.get(slug="goal")
    models.RetiredCode.objects.create(
        question=question, slug="cancel", replacement="stop"
    )

    guide = compile_draft()

    assert resolve(guide, {"goal": ("cancel",)}, TODAY).answers == {"goal": ("stop",)}


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**Bold** and *soft*", "<p><strong>Bold</strong> and <em>soft</em></p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("![x](https://example.org/x.png)", "<p></p>"),
        (
            "[x](https://example.org/)",
            '<p><a href="https://example.org/" rel="noopener noreferrer external">x</a>'
            "</p>",
        ),
    ],
    ids=["emphasis", "script", "javascript-link", "image", "link"],
)
def test_to_html_lets_only_plain_text_through(markdown: str, html: str) -> None:
    assert to_html(markdown) == html
