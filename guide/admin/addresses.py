"""Where the rows that the audit and the maps speak of are edited."""

from django.db import models as db
from django.urls import reverse
from django.utils.translation import gettext as _

from guide import models

# The kinds of row in problems (guide.flow.audit) and their models.
MODELS = {
    "question": models.Question,
    "choice": models.Choice,
    "step": models.Step,
    "operator": models.Operator,
    "channel": models.Channel,
    "fact": models.OperatorFact,
    "faq entry": models.FaqEntry,
    "letter": models.Letter,
    "identifier": models.Identifier,
    "source": models.Source,
}


def row_addresses() -> dict[tuple[str, str], str]:
    """
    Return the address of the form of every row.

    Returns:
        Addresses by kind and code; a choice's code is "question:choice", and so is
        that of an operator or card type where it answers a question.
    """
    found = {}
    for kind, model in MODELS.items():
        fields = ["pk", "slug", *(["question__slug"] if kind == "choice" else [])]
        for pk, slug, *question in model.objects.order_by().values_list(*fields):
            found[kind, ":".join([*question, slug])] = form_address(model, pk)
    for slug, pk in models.Operator.objects.order_by().values_list("slug", "pk"):
        found["choice", f"operator:{slug}"] = form_address(models.Operator, pk)
    for slug, pk in models.CardType.objects.order_by().values_list("slug", "pk"):
        found["choice", f"card:{slug}"] = form_address(models.CardType, pk)
    return found


def form_address(model: type, pk: int) -> str:
    """Return the address of the form of one row."""
    return reverse(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk]
    )


def add_address(model: type) -> str:
    """Return the address of the empty form of a model."""
    return reverse(f"admin:guide_{model._meta.model_name}_add")


def name_of(row: db.Model) -> str:
    """Return what editors call a row: its words, where its own name is but a code."""
    if isinstance(row, models.Question):
        return row.title or row.slug
    if isinstance(row, models.Choice):
        return _("%(answer)s (%(question)s)") % {
            "answer": row.label or row.slug,
            "question": row.question.title or row.question.slug,
        }
    if isinstance(row, models.Channel):
        return _("%(operator)s: %(purpose)s, %(kind)s") % {
            "operator": row.operator,
            "purpose": row.get_purpose_display(),
            "kind": row.get_kind_display(),
        }
    if isinstance(row, models.OperatorFact):
        return _("%(operator)s: %(topic)s") % {
            "operator": row.operator,
            "topic": row.get_topic_display(),
        }
    return str(row)
