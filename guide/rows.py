"""All draft rows as plain values, as fixtures hold them, and back."""

from collections.abc import Mapping, Sequence

from django.core import serializers
from django.db import models as db
from django.db import transaction
from modeltranslation.manager import get_translatable_fields_for_model

from guide import models

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
    models.Step,
    models.FaqEntry,
    models.Letter,
)

# Fields of each row by the name of its model; other rows are named by natural keys.
Rows = Mapping[str, Sequence[Mapping[str, object]]]


def dump_rows() -> dict[str, list[dict[str, object]]]:
    """
    Return the whole draft.

    Returns:
        For each model (such as "guide.step") the fields of its rows, in the order in
        which editors put them. Nothing is left out that `restore_rows` would miss.
    """
    return {model._meta.label_lower: _rows_of(model) for model in ROW_MODELS}


@transaction.atomic
def restore_rows(rows: Rows) -> None:
    """
    Make *rows* the draft: what is not in them goes.

    Rows that exist under the same natural key keep their number in the database, so
    that the history of each row goes on.

    Raises:
        django.core.serializers.base.DeserializationError: If a row cannot be read;
            nothing has changed then.
    """
    for model in reversed(ROW_MODELS):
        wanted = {_key(model, fields) for fields in rows.get(_label(model), ())}
        gone = [row.pk for row in _all(model) if row.natural_key() not in wanted]
        model._default_manager.filter(pk__in=gone).delete()
    waiting = []
    for model in ROW_MODELS:
        objects = [
            {"model": _label(model), "fields": dict(fields)}
            for fields in rows.get(_label(model), ())
        ]
        for found in serializers.deserialize(
            "python", objects, handle_forward_references=True
        ):
            found.save()
            if found.deferred_fields:
                waiting.append(found)
    for found in waiting:
        found.save_deferred_fields()


def _label(model: type[db.Model]) -> str:
    return model._meta.label_lower


def _all(model: type[db.Model]) -> db.QuerySet:
    manager = model._default_manager
    parents = [f.name for f in model._meta.fields if f.many_to_one]
    return manager.select_related(*parents) if parents else manager.all()


def _key(model: type[db.Model], fields: Mapping[str, object]) -> tuple[object, ...]:
    """Return the natural key that a row of these fields has."""
    if "question" in {field.name for field in model._meta.fields if field.many_to_one}:
        (question,) = fields["question"]
        return (question, fields["slug"])
    return (fields["slug"],)


def _rows_of(model: type[db.Model]) -> list[dict[str, object]]:
    # The untranslated name of a translated field stands for one of its languages.
    doubles = set(get_translatable_fields_for_model(model) or ())
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
        {name: value for name, value in row["fields"].items() if name not in doubles}
        for row in found
    ]
