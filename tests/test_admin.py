"""The editors' desk opens."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client

from guide import models
from tests.forms import opened, sent

pytestmark = pytest.mark.django_db

OURS = [model for model in admin.site._registry if model._meta.app_label == "guide"]


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.get(username="editor"))
    return client


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_lists_and_forms_open(editor: Client, model: type) -> None:
    address = f"/admin/guide/{model._meta.model_name}/"
    row = model.objects.first()

    assert editor.get(address).status_code == 200
    if row is not None:
        assert editor.get(f"{address}{row.pk}/change/").status_code == 200


def test_publications_can_only_be_read(editor: Client) -> None:
    row = models.Publication.objects.get()

    assert editor.get("/admin/guide/publication/add/").status_code == 403
    assert editor.post(f"/admin/guide/publication/{row.pk}/delete/").status_code == 403


def test_saving_an_operator_without_its_closing_date_says_what_to_do(
    editor: Client,
) -> None:
    row = models.Operator.objects.get(slug="base")

    response = editor.post(
        f"/admin/guide/operator/{row.pk}/change/",
        {"slug": "base", "name": "BASE", "kind": "brand", "status": "closed"},
    )

    assert "Give the closing date of a closed operator" in response.content.decode()


def test_people_without_the_right_are_told_so(client: Client) -> None:
    stranger = get_user_model().objects.create_user("sofie", is_staff=True)
    client.force_login(stranger)

    response = client.get("/admin/guide/step/add/")

    assert response.status_code == 403
    assert "Your account may not do this" in response.content.decode()


def test_an_operator_cannot_depend_on_an_operator(editor: Client) -> None:
    row = models.Operator.objects.get(slug="base")
    at = f"/admin/guide/operator/{row.pk}/change/"
    data = opened(editor, at)
    other = models.Operator.objects.get(slug="scarlet")

    response = sent(editor, at, data | {"operators": [str(other.pk)]})

    assert response.status_code == 200
    assert "operators" in response.context_data["adminform"].form.errors
    assert row.operators.count() == 0
