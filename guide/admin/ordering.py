"""The order in which editors put rows, and how they change it."""

from django.db import models as db
from django.db import transaction
from django.utils.translation import gettext as _

from guide import models
from guide.flow.engine import PHASES

GAP = 10  # between two positions, so that most moves change one row only

# Rows of these models are ordered within another thing, all others among themselves.
SCOPES: dict[type[db.Model], str] = {
    models.Step: "phase",
    models.Choice: "question",
    models.Channel: "operator",
    models.OperatorFact: "operator",
}

# Steps are read phase by phase; phases are not in the order of the alphabet.
BY_PHASE = db.Case(
    *(db.When(phase=phase, then=number) for number, phase in enumerate(PHASES)),
    default=len(PHASES),
    output_field=db.IntegerField(),
)


def scope_of(row: db.Model) -> str:
    """Return within what the row is ordered; "" for: among all of its kind."""
    name = SCOPES.get(type(row))
    return str(getattr(row, type(row)._meta.get_field(name).attname)) if name else ""


def siblings(row: db.Model) -> db.QuerySet:
    """Return the rows among which *row* is ordered, in their order."""
    rows = type(row)._default_manager.all()
    name = SCOPES.get(type(row))
    if not name:
        return rows
    attname = type(row)._meta.get_field(name).attname
    return rows.filter(**{attname: getattr(row, attname)})


def position_at_end(row: db.Model) -> int:
    """Return the position that puts *row* behind all others."""
    last = siblings(row).exclude(pk=row.pk).aggregate(last=db.Max("position"))["last"]
    return GAP if last is None else last + GAP


def neighbour_before(row: db.Model) -> db.Model | None:
    """Return the row that stands right before *row*, None for the first one."""
    before = None
    for other in siblings(row):
        if other.pk == row.pk:
            return before
        before = other
    return before


def called(row: db.Model) -> str:
    """Return the name by which editors know a row."""
    for name in ("title", "label"):
        if getattr(row, name, ""):
            return str(getattr(row, name))
    return str(row)


def standing(row: db.Model) -> tuple[int, int]:
    """Return at which place *row* stands (from 1), and of how many."""
    numbers = list(siblings(row).values_list("pk", flat=True))
    return numbers.index(row.pk) + 1, len(numbers)


@transaction.atomic
def put(
    row: db.Model,
    *,
    after: db.Model | None = None,
    before: db.Model | None = None,
) -> None:
    """
    Put a row behind or before another one; with neither, before all others.

    Only its own position changes where there is room between its new neighbours;
    otherwise all rows of its scope get new positions.

    Args:
        row: A row that is in the database.
        after: The row that shall stand right before it.
        before: The row that shall stand right behind it.

    Raises:
        ValueError: If the other row is not one of its siblings.
    """
    others = [o for o in siblings(row).select_for_update() if o.pk != row.pk]
    numbers = [other.pk for other in others]
    if after is not None:
        index = numbers.index(after.pk) + 1
    elif before is not None:
        index = numbers.index(before.pk)
    else:
        index = 0

    low = others[index - 1].position if index else -1
    high = others[index].position if index < len(others) else low + 2 * GAP + 1
    if low < row.position < high:
        _store(row, row.position)
    elif index == len(others):
        _store(row, max(low, 0) + GAP)
    elif high - low > 1:
        _store(row, (low + high) // 2)
    else:
        for number, other in enumerate([*others[:index], row, *others[index:]], 1):
            _store(other, number * GAP)


def _store(row: db.Model, position: int) -> None:
    type(row)._default_manager.filter(pk=row.pk).exclude(position=position).update(
        position=position
    )
    row.position = position


def shift(row: db.Model, *, up: bool) -> None:
    """Move a row one place up or down; at the end of the road it stays."""
    rows = list(siblings(row))
    index = [other.pk for other in rows].index(row.pk) + (-1 if up else 1)
    if not 0 <= index < len(rows):
        return
    if up:
        put(row, before=rows[index])
    else:
        put(row, after=rows[index])


def standing_in_words(row: db.Model) -> str:
    """Return where a row stands now, for people who do not see the list."""
    place, count = standing(row)
    values = {"row": called(row), "place": place, "count": count}
    return _("“%(row)s” now stands at place %(place)d of %(count)d.") % values
