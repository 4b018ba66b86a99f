"""The state of the content of each operator, as the table of docs/content.md."""

from datetime import date

from django.utils import translation

from guide import wording
from guide.coverage import coverage_of_draft
from guide.flow.content import Guide
from guide.flow.coverage import Cell, Row, State, Subject

BEGIN = "<!-- This table is written by manage.py document_content. -->"
END = "<!-- End of the table. -->"
HEADINGS = (
    "Operator",
    "Status",
    "Official",
    "Third party only",
    "Without a date",
    "Not known",
)


class NoPlaceError(Exception):
    """A document has no place for the table."""


def with_state(document: str, guide: Guide) -> str:
    """
    Return *document* with the table of *guide* between its two marks.

    Raises:
        NoPlaceError: The marks are not there.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        msg = f"It needs a line “{BEGIN}” and after it a line “{END}”."
        raise NoPlaceError(msg)
    return f"{before}{BEGIN}\n\n{state_table(guide)}\n\n{END}{after}"


def state_table(guide: Guide) -> str:
    """
    Return a Markdown table: how well each operator's facts and channels are known.

    It depends on the draft alone: what is overdue on a certain day the desk shows.
    """
    found = coverage_of_draft(guide, today=date.min)
    with translation.override("en"):
        rows = [_cells(row) for row in found.rows]
    lines = [HEADINGS, ("---", "---", "--:", "--:", "--:", "---"), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    entries = [entry for cell in row.cells for entry in cell.entries]
    third_party = sum(State.THIRD_PARTY in entry.states for entry in entries)
    undated = sum(State.NO_DATE in entry.states for entry in entries)
    unknown = [_name(cell) for cell in row.cells if State.UNKNOWN in cell.states]
    return (
        row.operator.name,
        row.operator.status,
        str(len(entries) - third_party),
        str(third_party),
        str(undated),
        ", ".join(unknown) or "–",
    )


def _name(cell: Cell) -> str:
    names = wording.TOPICS if cell.column.subject is Subject.TOPIC else wording.PURPOSES
    return str(names[cell.column.code])
