"""How the forms of the desk are drawn: texts in pairs, conditions as sentences."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django import template
from django.contrib.admin.helpers import (
    AdminField,
    AdminReadonlyField,
    Fieldline,
    Fieldset,
)
from django.utils.text import capfirst

from guide import models
from guide.admin.choosing import CONDITIONS, CodesField, Directory, listed_by
from guide.admin.editing import CODES
from guide.admin.forms import RowForm, language_name
from guide.admin.texts import columns_of
from guide.translations import SOURCE_LANGUAGE, column

register = template.Library()


@dataclass(kw_only=True)
class Cell:
    """One field on a form, or its value where it may not be changed."""

    name: str
    field: AdminField | AdminReadonlyField
    label: str
    language: str = ""
    words: str = ""  # of a value that may not be changed
    is_missing: bool = False
    made_from: str = ""  # the source text that an outdated translation was made from
    is_still_right: bool = False
    mark: str = ""  # value of the box “still right”

    @property
    def is_readonly(self) -> bool:
        return self.field.is_readonly

    @property
    def bound(self) -> object:
        return self.field.field


@dataclass(kw_only=True)
class Line:
    """One line of a form: a few fields, or one text in all languages."""

    cells: list[Cell] = field(default_factory=list)
    label: str = ""
    source: Cell | None = None
    targets: list[Cell] = field(default_factory=list)


@register.filter
def lines(fieldset: Fieldset) -> Iterator[Line]:
    """Return the lines of a part of a form, texts of one field together."""
    columns = columns_of(fieldset.form._meta.model)
    for line in fieldset:
        names = line.fields
        if all(name in columns for name in names):
            yield _texts(line, columns)
        else:
            yield Line(cells=[_cell(one) for one in line])


def _cell(one: AdminField | AdminReadonlyField) -> Cell:
    if not one.is_readonly:
        bound = one.field
        return Cell(name=bound.name, field=one, label=str(capfirst(bound.label)))
    name = one.field["name"]
    return Cell(
        name=name,
        field=one,
        label=str(capfirst(one.field["label"])),
        words=_codes_in_words(one, name),
    )


def _codes_in_words(one: AdminReadonlyField, name: str) -> str:
    if name not in CODES:
        return one.contents()
    choices, as_text = CODES[name]
    codes = CodesField(choices=choices, as_text=as_text).prepare_value(
        getattr(one.form.instance, name)
    )
    words = dict(choices)
    return ", ".join(str(words.get(code, code)) for code in codes)


def _texts(line: Fieldline, columns: dict[str, tuple[str, str]]) -> Line:
    form = line.form
    cells = [_text(one, form, columns) for one in line]
    original = columns[cells[0].name][0]
    label = form._meta.model._meta.get_field(original).verbose_name
    return Line(
        label=str(capfirst(label)),
        source=next(cell for cell in cells if cell.language == SOURCE_LANGUAGE),
        targets=[cell for cell in cells if cell.language != SOURCE_LANGUAGE],
    )


def _text(
    one: AdminField | AdminReadonlyField,
    form: RowForm,
    columns: dict[str, tuple[str, str]],
) -> Cell:
    name = one.field["name"] if one.is_readonly else one.field.name
    original, language = columns[name]
    outdated = (form.instance.outdated or {}).get(original, {})
    mark = f"{original}:{language}"
    text = _value(form, name)
    marks = form["still_right"].value() if "still_right" in form.fields else ()
    return Cell(
        name=name,
        field=one,
        label=language_name(language),
        language=language,
        words=one.contents() if one.is_readonly else "",
        is_missing=not text and bool(_value(form, column(original, SOURCE_LANGUAGE))),
        made_from=outdated.get(language, "") if text else "",
        is_still_right=mark in (marks or ()),
        mark=mark,
    )


def _value(form: RowForm, name: str) -> str:
    if name in form.fields:
        return form[name].value() or ""
    return getattr(form.instance, name) or ""


@register.filter
def concat(start: object, end: object) -> str:
    """Return both as one text."""
    return f"{start}{end}"


@register.filter
def add_prefix(form: RowForm, name: str) -> str:
    """Return the name under which the form sends a field."""
    return form.add_prefix(name)


@register.simple_tag
def condition_sentence(form: RowForm, directory: Directory) -> str:
    """Return for whom the row of a form is shown, as the form stands."""
    listed = listed_by(form.instance)
    if form.is_bound:
        listed |= {
            name: form[name].data or [] for name in CONDITIONS if name in form.fields
        }
    return directory.sentence(listed)


@register.simple_tag
def row_name(form: RowForm) -> str:
    """Return what a folded row is called: enough to find it among thirty."""
    row = form.instance
    if isinstance(row, models.Channel):
        parts = [row.get_purpose_display(), row.get_kind_display(), row.value]
    elif isinstance(row, models.OperatorFact):
        parts = [row.get_topic_display(), row.text]
    else:
        parts = [row.label or row.slug, row.slug]
    text = " · ".join(str(part) for part in parts if part)
    return text if len(text) <= 110 else f"{text[:109]}…"


@register.simple_tag
def marks_of(form: RowForm) -> dict[str, int]:
    """Return how many translations of a row are missing, and how many outdated."""
    row = form.instance
    fields = {name for name, _language in columns_of(type(row)).values()}
    filled = [
        name for name in fields if getattr(row, column(name, SOURCE_LANGUAGE), "")
    ]
    missing = sum(
        not getattr(row, column_name)
        for column_name, (name, _language) in columns_of(type(row)).items()
        if name in filled
    )
    outdated = sum(len(languages) for languages in (row.outdated or {}).values())
    return {"missing": missing, "outdated": outdated}
