"""All draft rows as plain values, as fixtures hold them, and back."""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache

import msgspec
from django.core import serializers
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.serializers.base import DeserializationError
from django.db import DataError, IntegrityError, transaction
from django.db import models as db
from modeltranslation.manager import get_translatable_fields_for_model

from guide import models
from guide.flow.differences import Fields, Rows, key_of
from guide.translations import SOURCE_LANGUAGE, TARGET_LANGUAGES, column

PHASES = {phase: place for place, phase in enumerate(models.Phase.values)}

# What a row is like everywhere stands behind what it says.
LAST = (
    *("operators", "except_operators", "card_types", "answers"),
    *("sources", "checked_on", "review_days", "outdated"),
)

# What a guide consists of; whatever is spoken of stands before who speaks of it.
ROW_MODELS: tuple[type[db.Model], ...] = (
    models.Source,
    models.CardType,
    models.Operator,
    models.Channel,
    models.OperatorFact,
    models.Question,
    models.Choice,
    models.RetiredCode,
    models.Identifier,
    models.Letter,
    models.Step,
    models.FaqEntry,
)

# Fields that are no more, and still in publications of earlier days.
FORMER_FIELDS: dict[str, frozenset[str]] = {
    "guide.letter": frozenset({"identifiers"}),
}


def dump_rows() -> dict[str, list[dict[str, object]]]:
    """
    Return the whole draft.

    Returns:
        For each model (such as "guide.step") the fields of its rows as plain values,
        just as a stored document gives them back; rows, and rows that rows speak of,
        in the order in which editors put them. Nothing is left out that `restore_rows`
        would miss.
    """
    dumped = {_label(model): _rows_of(model) for model in ROW_MODELS}
    plain = msgspec.json.decode(msgspec.json.encode(dumped))
    _put_in_order(plain)
    return plain


def fingerprint(rows: Rows) -> str:
    """Return the SHA-256 of rows: the same for the same content, on every database."""
    text = msgspec.json.encode(rows, order="deterministic")
    return hashlib.sha256(text).hexdigest()


@cache
def fields_in_order(model: type[db.Model]) -> tuple[str, ...]:
    """
    Return the names of a model's columns in the order in which people read them.

    First what the model itself declares, each text with its languages, the source
    language first; then conditions, sources and what is kept about the row.
    """
    declared = sorted((*model._meta.fields, *model._meta.many_to_many))
    texts, columns = texts_of(model), text_columns(model)
    own: list[str] = []
    for name in (field.name for field in declared):
        if name in texts:
            own += [
                column(name, language)
                for language in (SOURCE_LANGUAGE, *TARGET_LANGUAGES)
            ]
        elif name not in {*LAST, *columns, "id"}:
            own.append(name)
    names = {field.name for field in declared}
    return (*own, *(name for name in LAST if name in names))


@cache
def text_columns(model: type[db.Model]) -> dict[str, tuple[str, str]]:
    """Return field and language of each column that holds a translated text."""
    return {
        column(field, language): (field, language)
        for field in texts_of(model)
        for language in (SOURCE_LANGUAGE, *TARGET_LANGUAGES)
    }


def texts_of(model: type[db.Model]) -> frozenset[str]:
    """Return the names of a model's translated fields."""
    return frozenset(get_translatable_fields_for_model(model) or ())


class RowsError(Exception):
    """Rows do not fit the models: they are damaged, or of another version."""


def restore_rows(rows: Rows) -> None:
    """
    Make *rows* the draft: what is not in them goes.

    Rows that exist under the same natural key keep their number in the database, so
    that the history of each row goes on.

    Raises:
        RowsError: If a row cannot be read or stored; nothing has changed then.
    """
    unknown = set(rows) - {_label(model) for model in ROW_MODELS}
    if unknown:
        raise RowsError(", ".join(sorted(unknown)))
    try:
        with transaction.atomic():
            _replace_all(rows)
    except UNFIT as error:
        raise RowsError(str(error)) from error


# What reading and storing rows of somebody else's making can end in.
UNFIT = (
    *(DeserializationError, FieldDoesNotExist, ValidationError, IntegrityError),
    *(DataError, KeyError, IndexError, TypeError, ValueError, AttributeError),
)


def _replace_all(rows: Rows) -> None:
    for model in reversed(ROW_MODELS):
        wanted = {key_of(fields) for fields in rows.get(_label(model), ())}
        gone = [row.pk for row in _all(model) if row.natural_key() not in wanted]
        model._default_manager.filter(pk__in=gone).delete()
    waiting = []
    for model in ROW_MODELS:
        label = _label(model)
        former = FORMER_FIELDS.get(label, frozenset())
        objects = [
            {
                "model": label,
                "fields": {k: v for k, v in fields.items() if k not in former},
            }
            for fields in rows.get(label, ())
        ]
        for found in serializers.deserialize(
            "python", objects, handle_forward_references=True
        ):
            found.save()
            if found.deferred_fields:
                waiting.append(found)
    for found in waiting:
        found.save_deferred_fields()


def rows_by_key(model: type[db.Model]) -> dict[tuple[str, ...], db.Model]:
    """Return the rows of the draft of one model by their natural keys."""
    return {row.natural_key(): row for row in _all(model)}


def _label(model: type[db.Model]) -> str:
    return model._meta.label_lower


def _all(model: type[db.Model]) -> db.QuerySet:
    manager = model._default_manager
    parents = [f.name for f in model._meta.fields if f.many_to_one]
    return manager.select_related(*parents) if parents else manager.all()


def _rows_of(model: type[db.Model]) -> list[dict[str, object]]:
    # The untranslated name of a translated field stands for one of its languages.
    doubles = texts_of(model)
    rows = _all(model).prefetch_related(
        *(
            f"{field.name}__question" if field.name == "answers" else field.name
            for field in model._meta.many_to_many
        )
    )
    found = serializers.serialize(
        "python", rows, use_natural_foreign_keys=True, use_natural_primary_keys=True
    )
    return [
        {
            name: _with_plain_ends(value)
            for name, value in row["fields"].items()
            if name not in doubles
        }
        for row in found
    ]


def _with_plain_ends(value: object) -> object:
    """Return a text with line ends of one character; browsers send two."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


# Databases sort texts differently, and rows of one position as they like; the same
# content must give the same rows everywhere.


def _put_in_order(rows: dict[str, list[dict[str, object]]]) -> None:
    """Sort rows, and in each row the rows that it speaks of."""
    places: dict[str, dict[tuple[str, ...], int]] = {}
    for model in ROW_MODELS:
        label = _label(model)
        rows[label].sort(key=_by_place(places))
        places[label] = {key_of(fields): i for i, fields in enumerate(rows[label])}
    for model in ROW_MODELS:
        for field in model._meta.many_to_many:
            place = places[_label(field.related_model)]
            for fields in rows[_label(model)]:
                fields[field.name].sort(key=lambda key, place=place: place[tuple(key)])


def _by_place(
    places: Mapping[str, Mapping[tuple[str, ...], int]],
) -> Callable[[Fields], tuple[object, ...]]:
    def place(fields: Fields) -> tuple[object, ...]:
        parents = [
            places[f"guide.{name}"][tuple(fields[name])]
            for name in ("operator", "question")
            if isinstance(fields.get(name), list)
        ]
        phase = PHASES.get(fields.get("phase"), 0)
        position, name = fields.get("position", 0), fields.get("name", "")
        return (*parents, phase, position, name, natural(fields["slug"]))

    return place


def natural(code: str) -> list[tuple[int, str]]:
    """Return what sorts codes as people do: s2 stands before s10."""
    parts = re.findall(r"(\d+)|(\D+)", code)
    return [(int(number or -1), text) for number, text in parts]
