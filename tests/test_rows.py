"""The whole draft as plain values, and back."""

import msgspec
import pytest
from django.core.serializers.base import DeserializationError

from guide import models
from guide.compiling import compile_draft
from guide.rows import dump_rows, restore_rows

pytestmark = pytest.mark.django_db


def test_rows_restored_are_the_rows_dumped() -> None:
    before, guide = dump_rows(), compile_draft()
    document = msgspec.json.encode(before)
    models.OperatorFact.objects.filter(operator__slug="base").delete()
    models.Step.objects.update(title_en="Lost", position=0)
    models.Step.objects.get(slug="cancel-line").answers.clear()
    models.Source.objects.create(
        slug="new", title="New", publisher="New", confidence="official"
    )

    restore_rows(msgspec.json.decode(document))

    assert dump_rows() == before
    assert compile_draft() == guide


def test_rows_restored_keep_their_number() -> None:
    row = models.Step.objects.get(slug="cancel-line")
    rows = dump_rows()
    models.Step.objects.filter(pk=row.pk).update(title_en="Changed")

    restore_rows(rows)

    again = models.Step.objects.get(slug="cancel-line")
    assert (again.pk, again.title_en) == (row.pk, row.title_en)


def test_rows_that_cannot_be_read_change_nothing() -> None:
    before = dump_rows()
    broken = {**before, "guide.letter": [{"slug": "x", "checked_on": "some day"}]}

    with pytest.raises(DeserializationError):
        restore_rows(broken)

    assert dump_rows() == before
