"""Differences in an editor's words."""

import pytest
from django.utils import translation

from guide import differences, models, publishing
from guide.differences import Section, Side
from guide.flow.differences import Change, compare_rows

pytestmark = pytest.mark.django_db


def shown_since(before: publishing.Draft) -> list[Section]:
    after = publishing.read_draft()
    return differences.sections(
        compare_rows(before.rows, after.rows),
        before=Side(rows=before.rows, guide=before.guide),
        after=Side(rows=after.rows, guide=after.guide),
        addresses={("guide.step", ("cancel-line",)): "/form/"},
    )


@pytest.fixture
def before() -> publishing.Draft:
    return publishing.read_draft()


def test_a_text_is_named_by_field_and_language(before: publishing.Draft) -> None:
    step = models.Step.objects.get(slug="cancel-line")
    step.title_en = step.title_en.replace("line", "contract")
    step.title_zh_hans += "吧"
    step.save()

    ((section,), (row,)) = (found := shown_since(before)), found[0].rows

    assert section.title == "Steps"
    assert (row.kind, row.code, row.address) == ("Step", "cancel-line", "/form/")
    assert row.name.startswith("End the contract with")
    assert [(f.label, f.language, f.language_code) for f in row.fields] == [
        ("Title", "English", "en"),
        ("Title", "Simplified Chinese", "zh-Hans"),
    ]
    changed = {(p.change, p.text) for p in row.fields[0].pieces} - {
        (Change.SAME, piece.text) for piece in row.fields[0].pieces
    }
    assert changed == {(Change.REMOVED, "line"), (Change.ADDED, "contract")}


def test_names_follow_the_language_of_the_reader(before: publishing.Draft) -> None:
    models.Step.objects.filter(slug="cancel-line").update(must=False)

    with translation.override("zh-hans"):
        ((row,),) = (section.rows for section in shown_since(before))

    assert row.name == models.Step.objects.get(slug="cancel-line").title_zh_hans


def test_conditions_are_lists_and_a_sentence(before: publishing.Draft) -> None:
    step = models.Step.objects.get(slug="cancel-line")
    step.operators.add(models.Operator.objects.get(slug="base"))
    step.sources.set([])

    ((row,),) = (section.rows for section in shown_since(before))

    operators, sources = row.fields
    assert (operators.label, operators.added) == ("Only for operators", ("BASE",))
    assert sources.label == "Sources"
    assert any("BIPT" in name for name in sources.removed)
    assert "BASE" not in row.shown_before
    assert "the operator is BASE" in row.shown_after


def test_values_are_shown_as_forms_show_them(before: publishing.Draft) -> None:
    models.Step.objects.filter(slug="cancel-line").update(
        must=False,
        phase="after",
        due_days=0,
        topics=["notice"],
        checked_on="2026-03-01",
    )

    ((row,),) = (section.rows for section in shown_since(before))

    assert {field.label: (field.removed, field.added) for field in row.fields} == {
        "Phase": (("End the line",), ("After",)),
        "Must be done": (("Yes",), ("No",)),
        "Due (days from the end)": (("-14",), ("0",)),
        "Facts shown inside": (
            row.fields[3].removed,
            ("Notice",) if "Notice" not in row.fields[3].removed else (),
        ),
        "Checked on": ((), ("1 March 2026",)),
    }


def test_a_new_row_is_told_without_what_is_usual(before: publishing.Draft) -> None:
    fact = models.OperatorFact.objects.create(
        slug="base-new",
        operator=models.Operator.objects.get(slug="base"),
        topic="costs",
        text_en="It is free.",
    )
    fact.answers.add(models.Choice.objects.get(question__slug="line", slug="prepaid"))

    ((row,),) = (section.rows for section in shown_since(before))

    assert (row.change, row.name) == (Change.ADDED, "BASE: Costs")
    assert [field.label for field in row.fields] == ["Operator", "Topic", "Text"]
    assert [piece.change for piece in row.fields[2].pieces] == [Change.SAME]
    assert "Prepaid card" in row.shown_after
    assert not row.is_open


def test_a_row_that_is_gone_has_no_address(before: publishing.Draft) -> None:
    models.Step.objects.get(slug="cancel-line").delete()

    rows = [row for section in shown_since(before) for row in section.rows]

    gone = next(row for row in rows if row.code == "cancel-line")
    assert (gone.change, gone.address) == (Change.REMOVED, "")


def test_order_is_a_sentence(before: publishing.Draft) -> None:
    models.Choice.objects.filter(question__slug="goal", slug="stop").update(position=55)

    (section,) = shown_since(before)

    assert section.rows == ()
    assert section.moves == (
        "“What would you like to do? Stop the line for good” now comes after “What "
        "would you like to do? The holder has died”.",
    )


def test_outdated_translations_are_named(before: publishing.Draft) -> None:
    models.Step.objects.filter(slug="cancel-line").update(
        outdated={"title": {"zh-hans": "Old"}}
    )

    ((row,),) = (section.rows for section in shown_since(before))

    assert row.fields[0].added == ("Simplified Chinese: title",)


def test_long_texts_are_cut_where_nothing_changed(before: publishing.Draft) -> None:
    long = "word " * 400
    models.Step.objects.filter(slug="cancel-line").update(body_en=f"{long}now. {long}")
    middle = publishing.read_draft()
    models.Step.objects.filter(slug="cancel-line").update(body_en=f"{long}soon. {long}")

    ((row,),) = (section.rows for section in shown_since(middle))

    text = "".join(piece.text for piece in row.fields[0].pieces)
    assert len(text) < 300
    assert text.startswith(" … ")
    assert text.endswith(" … ")


def test_many_changes_are_folded(before: publishing.Draft) -> None:
    models.Step.objects.update(lead_days=9)

    (section,) = shown_since(before)

    assert not any(row.is_open for row in section.rows)


def test_the_size_is_said_in_words() -> None:
    rows = publishing.read_draft().rows
    fewer = {**rows, "guide.letter": []}
    count = models.Letter.objects.count()

    assert differences.size_in_words(compare_rows(rows, rows)) == "no difference"
    assert differences.size_in_words(compare_rows(rows, fewer)) == f"{count} removed"
    assert differences.size_in_words(compare_rows(fewer, rows)) == f"{count} added"


def test_terms_are_those_of_the_guide() -> None:
    draft = publishing.read_draft()

    for fields in draft.rows["guide.step"]:
        step = draft.guide.step(fields["slug"])
        shown = {
            (t.question, frozenset(t.codes), t.excluding)
            for t in differences.terms_of(fields)
        }
        assert shown == {
            (t.question, frozenset(t.codes), t.excluding) for t in step.when
        }
