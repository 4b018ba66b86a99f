"""The whole draft as plain values, and back."""

import msgspec
import pytest

from guide import models
from guide.compiling import compile_draft
from guide.rows import RowsError, dump_rows, fingerprint, restore_rows

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


@pytest.mark.parametrize(
    ("model", "row"),
    [
        ("guide.letter", {"slug": "x", "checked_on": "some day"}),
        ("guide.letter", {"slug": "x", "sources": [["not-there"]]}),
        ("guide.letter", {"slug": "x", "colour": "blue"}),
        ("guide.letter", {"checked_on": None}),
        ("guide.letter", {"slug": "x", "operators": "base"}),
        ("guide.choice", {"slug": "x", "question": ["not-there"]}),
        ("guide.choice", {"slug": "x", "question": []}),
        ("guide.operator", {"slug": "x", "status": "closed"}),
        ("auth.user", {"username": "intruder", "is_superuser": True}),
    ],
    ids=[
        *("date", "no-such-source", "no-such-field", "no-code", "no-list"),
        *("no-such-question", "no-question", "constraint", "foreign-model"),
    ],
)
def test_rows_that_cannot_be_read_change_nothing(
    model: str, row: dict[str, object]
) -> None:
    before = dump_rows()
    broken = {**before, model: [*before.get(model, ()), row]}

    with pytest.raises(RowsError):
        restore_rows(broken)

    assert dump_rows() == before


def test_the_fingerprint_tells_the_content_and_not_the_way_it_is_stored() -> None:
    before = fingerprint(dump_rows())
    row = models.Step.objects.get(slug="cancel-line")
    row.body_en = row.body_en.replace("\n", "\r\n")
    row.sources.set(reversed(row.sources.all()))
    row.save()

    assert fingerprint(dump_rows()) == before
    models.Step.objects.filter(pk=row.pk).update(title_de="Neu")
    assert fingerprint(dump_rows()) != before


def test_rows_stand_in_the_editors_order() -> None:
    rows = dump_rows()

    steps = [(fields["phase"], fields["position"]) for fields in rows["guide.step"]]
    phases = models.Phase.values
    assert steps == sorted(steps, key=lambda step: (phases.index(step[0]), step[1]))
    codes = [fields["slug"] for fields in rows["guide.source"]]
    assert codes.index("law-s2") < codes.index("law-s10")
