"""Conditions that speak of questions which are asked too late."""

from django.utils.translation import gettext as _

from guide import models
from guide.admin.ordering import called
from guide.compiling import when_of


def questions_out_of_order() -> list[str]:
    """Return a warning for each question that depends on one not asked before it."""
    rows = list(models.Question.objects.for_guide())
    titles = {row.slug: called(row) for row in rows}
    seen: set[str] = set()
    warnings = []
    for row in rows:
        needed = {
            term.question for one in (row, *row.choices.all()) for term in when_of(one)
        }
        for slug in sorted((needed & set(titles)) - seen):
            warnings.append(
                _(
                    "Careful: “%(question)s” depends on the answer to “%(other)s”, "
                    "which is not asked before it. Move one of the two before you "
                    "publish."
                )
                % {"question": called(row), "other": titles[slug]}
            )
        seen.add(row.slug)
    return warnings
