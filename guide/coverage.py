"""What the draft knows of each operator: for the desk and for documents."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from guide import models
from guide.flow.content import Guide
from guide.flow.coverage import Coverage, coverage

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
# The models whose rows fill the coverage, and the text that must be translated.
TEXTS = {models.OperatorFact: "text", models.Channel: "detail"}


def coverage_of_draft(
    guide: Guide, *, today: date, languages: Sequence[str] = LANGUAGES
) -> Coverage:
    """
    Return what the draft knows: operators × topics and purposes.

    `guide.flow.coverage.as_data` makes plain values of it, operator by operator.

    Args:
        guide: The draft, as `guide.compiling.compile_draft` returns it.
        today: The day against which facts are overdue.
        languages: Those in which texts shall exist and be up to date.
    """
    return coverage(
        guide,
        topics=models.Topic.values,
        purposes=models.Purpose.values,
        languages=languages,
        today=today,
        outdated=outdated_languages(),
    )


def outdated_languages() -> dict[str, frozenset[str]]:
    """Return by code of a fact or channel the languages older than their source."""
    return {
        slug: frozenset(outdated[field])
        for model, field in TEXTS.items()
        for slug, outdated in model.objects.order_by().values_list("slug", "outdated")
        if outdated.get(field)
    }
