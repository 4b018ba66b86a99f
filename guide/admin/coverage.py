"""The coverage map: what is known of each operator, and where the holes are."""

import csv
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from guide import models
from guide.admin.addresses import add_address, form_address
from guide.compiling import compile_draft
from guide.coverage import LANGUAGES, coverage_of_draft
from guide.flow.content import Guide, Operator
from guide.flow.coverage import (
    STATES,
    Cell,
    Column,
    Coverage,
    Row,
    State,
    Subject,
    Tally,
    tally,
)
from guide.publishing import today
from guide.wording import Words

NEEDED = tuple(
    f"guide.view_{model}" for model in ("operator", "operatorfact", "channel")
)
MODELS = {
    Subject.TOPIC: models.OperatorFact,
    Subject.PURPOSE: models.Channel,
}
# The field of each that holds the code of its column.
FIELDS = {Subject.TOPIC: "topic", Subject.PURPOSE: "purpose"}
SLUG_LENGTH = 80

LABELS: dict[State, Words] = {
    State.UNKNOWN: gettext_lazy("Nothing known"),
    State.NO_DATE: gettext_lazy("No date"),
    State.OVERDUE: gettext_lazy("Overdue"),
    State.THIRD_PARTY: gettext_lazy("Third party only"),
    State.UNTRANSLATED: gettext_lazy("Not translated"),
    State.STAND_IN: gettext_lazy("Another channel stands in"),
    State.CONFIRMED: gettext_lazy("Confirmed"),
    State.NOT_EXPECTED: gettext_lazy("Not expected"),
}
MEANINGS: dict[State, Words] = {
    State.UNKNOWN: gettext_lazy("Visitors read that we do not know. Add it."),
    State.NO_DATE: gettext_lazy("No source carries a date, so it counts as overdue."),
    State.OVERDUE: gettext_lazy("It must be checked again."),
    State.THIRD_PARTY: gettext_lazy("Neither the operator nor a regulator says so."),
    State.UNTRANSLATED: gettext_lazy("A language is missing or older than its source."),
    State.STAND_IN: gettext_lazy("There is none for this; visitors get the next best."),
    State.CONFIRMED: gettext_lazy("From the operator or a regulator, and in date."),
    State.NOT_EXPECTED: gettext_lazy("No visitor misses anything here."),
}
# A sign for each, so that nobody needs the colours.
SIGNS = {
    State.UNKNOWN: "?",
    State.NO_DATE: "∅",
    State.OVERDUE: "!",
    State.THIRD_PARTY: "½",
    State.UNTRANSLATED: "文",
    State.STAND_IN: "→",
    State.CONFIRMED: "✓",
    State.NOT_EXPECTED: "·",
}


@require_safe
def coverage_map(request: HttpRequest) -> HttpResponse:
    """Show operators × topics and purposes, all of them or some; or as a CSV file."""
    if not request.user.has_perms(NEEDED):
        raise PermissionDenied
    guide = compile_draft()
    kind = chosen(request, "kind", models.LineKind.values)
    state = chosen(request, "state", [state.value for state in STATES])
    language = chosen(request, "language", LANGUAGES)
    found = coverage_of_draft(
        guide, today=today(), languages=[language] if language else LANGUAGES
    )
    found = of_kind(found, kind)
    totals = tally(found.all_cells())
    if state:
        found = with_state(found, State(state))
    if request.GET.get("download") == "csv":
        return csv_file(found)
    query = {name: value for name, value in request.GET.items() if value}
    query.pop("download", None)
    context = {
        **admin.site.each_context(request),
        "title": _("Coverage"),
        "is_nav_sidebar_enabled": False,  # the table needs the room
        "heads": heads_of(found),
        "groups": groups_of(found.columns),
        "rows": Table(guide, found, request.user, state).rows(),
        "columns": [column_tally(found, i) for i in range(len(found.columns))],
        "totals": totals,
        "shown": tally(found.all_cells()),
        "legend": legend_of(totals, query, state),
        "kinds": options(models.LineKind.choices, kind),
        "states": options([(s.value, LABELS[s]) for s in STATES], state),
        "languages": options(settings.LANGUAGES, language),
        "shows_all": "all" in request.GET,
        "is_filtered": bool(kind or state or language or "all" in request.GET),
        "has_operators": bool(guide.operators),
        "download": "?" + urlencode(query | {"download": "csv"}),
    }
    return TemplateResponse(request, "desk/coverage.html", context)


def csv_file(found: Coverage) -> HttpResponse:
    """Return one line for each operator and topic or purpose, for a spreadsheet."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="coverage-{today().isoformat()}.csv"'
    )
    response.write("\ufeff")  # by this, spreadsheets know that it is UTF-8
    writer = csv.writer(response)
    writer.writerow(
        [
            _("Operator"),
            _("Code"),
            _("Kind"),
            _("What"),
            _("Topic or purpose"),
            _("State"),
            _("All states"),
            _("Facts or channels"),
            _("Languages to do"),
        ]
    )
    kinds = dict(models.LineKind.choices)
    subjects = {Subject.TOPIC: _("Fact"), Subject.PURPOSE: _("Channel")}
    for row in found.rows:
        for cell in row.cells:
            languages = {code for entry in cell.entries for code in entry.languages}
            values = [
                row.operator.name,
                row.operator.slug,
                kinds.get(row.operator.kind, row.operator.kind),
                subjects[cell.column.subject],
                column_label(cell.column),
                LABELS[cell.worst],
                ", ".join(str(LABELS[state]) for state in cell.states),
                " ".join(entry.slug for entry in cell.entries),
                " ".join(code for code in LANGUAGES if code in languages),
            ]
            writer.writerow([as_text(str(value)) for value in values])
    return response


def as_text(value: str) -> str:
    """Return *value* so that a spreadsheet does not take it for a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


# What is shown


def chosen(request: HttpRequest, name: str, codes: Collection[str]) -> str:
    """Return what the form asks for, "" for what does not exist."""
    code = request.GET.get(name, "")
    return code if code in codes else ""


def of_kind(found: Coverage, kind: str) -> Coverage:
    """Return the rows of one kind of operator; "": of all."""
    rows = tuple(row for row in found.rows if kind in {"", row.operator.kind})
    return Coverage(found.columns, rows)


def with_state(found: Coverage, state: State) -> Coverage:
    """Return only the rows and columns in which a cell has *state*."""
    kept = [
        index
        for index in range(len(found.columns))
        if any(state in cell.states for cell in found.column_cells(index))
    ]
    rows = tuple(
        Row(row.operator, tuple(row.cells[index] for index in kept))
        for row in found.rows
        if any(state in cell.states for cell in row.cells)
    )
    return Coverage(tuple(found.columns[index] for index in kept), rows)


def options(
    choices: Sequence[tuple[str, Words]], current: str
) -> list[tuple[str, Words, bool]]:
    """Return the choices of a list, and which of them is chosen."""
    return [(code, label, code == current) for code, label in choices]


def heads_of(found: Coverage) -> list[str]:
    """Return the names of the columns."""
    return [column_label(column) for column in found.columns]


def groups_of(columns: Sequence[Column]) -> list[dict[str, object]]:
    """Return the two groups of columns, as far as they are shown."""
    names = {
        Subject.TOPIC: _("Facts by topic"),
        Subject.PURPOSE: _("Channels by purpose"),
    }
    counts = {s: sum(c.subject is s for c in columns) for s in Subject}
    return [
        {"label": names[subject], "span": count, "subject": subject.value}
        for subject, count in counts.items()
        if count
    ]


def column_label(column: Column) -> str:
    """Return the name of a topic or purpose."""
    choices = models.Topic if column.subject is Subject.TOPIC else models.Purpose
    return str(dict(choices.choices)[column.code])


def column_tally(found: Coverage, index: int) -> Tally:
    """Return how good a column is."""
    return tally(found.column_cells(index))


def legend_of(
    totals: Tally, query: Mapping[str, str], current: str
) -> list[dict[str, object]]:
    """Return sign, words and count of each state; a click shows only this one."""
    return [
        {
            "state": state.value,
            "sign": SIGNS[state],
            "label": LABELS[state],
            "meaning": MEANINGS[state],
            "count": totals.by_state[state],
            "is_current": state.value == current,
            "address": "?" + urlencode({**query, "state": state.value}),
        }
        for state in STATES
    ]


class Table:
    """The rows of the map, with words and with addresses for this user."""

    def __init__(
        self, guide: Guide, found: Coverage, user: AbstractBaseUser, state: str
    ) -> None:
        self.found = found
        self.state = state
        self.keys = {
            model: dict(model.objects.order_by().values_list("slug", "pk"))
            for model in (models.Operator, *MODELS.values())
        }
        self.may_add = {
            subject: user.has_perm(f"guide.add_{model._meta.model_name}")
            for subject, model in MODELS.items()
        }

    def rows(self) -> list[dict[str, object]]:
        """Return the operators with their cells."""
        return [
            {
                "name": row.operator.name,
                "kind": dict(models.LineKind.choices).get(row.operator.kind, ""),
                "address": form_address(
                    models.Operator, self.keys[models.Operator][row.operator.slug]
                ),
                "cells": [self.cell(row.operator, cell) for cell in row.cells],
                "tally": tally(row.cells),
            }
            for row in self.found.rows
        ]

    def cell(self, operator: Operator, cell: Cell) -> dict[str, object]:
        """Return one cell: signs, words and where it leads."""
        address = self.address(operator, cell)
        return {
            "state": cell.worst.value,
            "sign": SIGNS[cell.worst],
            "others": [
                {"state": state.value, "sign": SIGNS[state]}
                for state in cell.states[1:]
            ],
            "count": len(cell.entries),
            "words": self.words(operator, cell, has_address=bool(address)),
            "address": address,
            "is_faded": bool(self.state) and self.state not in cell.states,
        }

    def words(self, operator: Operator, cell: Cell, *, has_address: bool) -> str:
        """Return all that a cell means, in a sentence or two."""
        states = ", ".join(str(LABELS[state]) for state in cell.states)
        parts = [f"{operator.name} – {column_label(cell.column)}: {states}."]
        languages = {code for entry in cell.entries for code in entry.languages}
        if languages:
            listed = ", ".join(
                str(name) for code, name in settings.LANGUAGES if code in languages
            )
            parts.append(_("To translate: %(languages)s.") % {"languages": listed})
        count = len(cell.entries)
        if count > 1:
            several = (
                ngettext("%(count)d fact.", "%(count)d facts.", count)
                if cell.column.subject is Subject.TOPIC
                else ngettext("%(count)d channel.", "%(count)d channels.", count)
            )
            parts.append(several % {"count": count})
        if count == 0 and has_address:
            parts.append(
                _("Add this fact.")
                if cell.column.subject is Subject.TOPIC
                else _("Add this channel.")
            )
        return " ".join(parts)

    def address(self, operator: Operator, cell: Cell) -> str:
        """Return the form of the one fact, the list of several, or the empty form."""
        subject, code = cell.column.subject, cell.column.code
        model, field = MODELS[subject], FIELDS[subject]
        operator_key = self.keys[models.Operator][operator.slug]
        if len(cell.entries) == 1:
            return form_address(model, self.keys[model][cell.entries[0].slug])
        if cell.entries:
            listed = reverse(f"admin:guide_{model._meta.model_name}_changelist")
            query = {"operator__id__exact": operator_key, f"{field}__exact": code}
            return f"{listed}?{urlencode(query)}"
        if not self.may_add[subject]:
            return ""
        slug = free_code(f"{operator.slug}-{code}", self.keys[model])
        query = {"operator": operator_key, field: code, "slug": slug}
        return f"{add_address(model)}?{urlencode(query)}"


def free_code(wanted: str, taken: Collection[str]) -> str:
    """Return *wanted* as a code that nothing has yet: with a number if it must be."""
    code, number = wanted[:SLUG_LENGTH], 1
    while code in taken:
        number += 1
        end = f"-{number}"
        code = wanted[: SLUG_LENGTH - len(end)] + end
    return code
