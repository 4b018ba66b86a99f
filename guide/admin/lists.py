"""What lists say of each row: for whom it is, in which languages, how sure it is."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models as db
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.manager import get_translatable_fields_for_model

from guide import models
from guide.compiling import when_of
from guide.conditions_in_words import Names, QuestionNames, in_words, is_shortened
from guide.flow.engine import OPERATOR_QUESTION
from guide.flow.schedule import Due
from guide.problems_in_words import language_in_words
from guide.publishing import today
from guide.translations import SOURCE_LANGUAGE, TARGET_LANGUAGES, column, texts_of
from guide.uses import sourced_models
from guide.wording import due_in_words

WORDS_OF_TEXT = 12
ANSWERS_NAMED = 3  # of one question, before “and 12 more”

# From what can be trusted most to what can be trusted least.
TRUST = (
    models.Confidence.OFFICIAL,
    models.Confidence.REGULATOR,
    models.Confidence.THIRD_PARTY,
)


class Listed(admin.ModelAdmin):
    """
    Lists with columns that need more than the row itself.

    What they need is fetched once for the whole page of a list, however long it is.
    """

    show_facets = admin.ShowFacets.ALWAYS

    class Media:
        css = {"all": ["desk/lists.css"]}

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changelist = super().get_changelist_instance(request)
        rows = list(changelist.result_list)
        prepare(rows)
        return changelist

    @admin.display(description=gettext_lazy("shown when"))
    def shown_when(self, row: models.Conditional) -> str:
        return condition_in_list(row, row.names)

    @admin.display(
        description=gettext_lazy("due"),
        ordering="due_days",
        empty_value=gettext_lazy("No day"),
    )
    def due(self, row: models.Step) -> str | None:
        return None if row.due_days is None else due_in_words(Due(row.due_days, None))

    @admin.display(description=gettext_lazy("must"), ordering="must", boolean=True)
    def is_must(self, row: models.Step) -> bool:
        return row.must

    @admin.display(description=gettext_lazy("text"))
    def beginning(self, row: models.OperatorFact) -> str:
        return Truncator(row.text).words(WORDS_OF_TEXT)

    @admin.display(description=gettext_lazy("question"), ordering="question")
    def question_asked(self, row: models.Choice) -> str:
        return row.question.title or row.question.slug

    @admin.display(description=gettext_lazy("languages"))
    def languages(self, row: models.Translated) -> str:
        return languages_in_list(row)

    @admin.display(description=gettext_lazy("checked"), ordering="checked_on")
    def checking(self, row: models.Sourced) -> str:
        return checking_in_list(row, today())

    @admin.display(
        description=gettext_lazy("weakest source"), empty_value=gettext_lazy("None")
    )
    def confidence_of_sources(self, row: models.Sourced) -> str | None:
        return weakest(row.sources.all())

    @admin.display(description=gettext_lazy("used by"))
    def used_by(self, row: models.Source) -> int:
        return row.uses


def prepare(rows: Sequence[db.Model]) -> None:
    """Fetch what the columns of these rows need, in a fixed number of queries."""
    if not rows:
        return
    model = type(rows[0])
    wanted: list[str] = []
    if issubclass(model, models.Conditional):
        wanted += models.CONDITION_FIELDS
    if issubclass(model, models.Sourced):
        wanted.append("sources")
    if wanted:
        db.prefetch_related_objects(rows, *wanted)
    if issubclass(model, models.Conditional):
        names = names_in_draft()
        for row in rows:
            row.names = names
    if model is models.Source:
        uses = uses_of_sources(rows)
        for row in rows:
            row.uses = uses.get(row.pk, 0)


def names_in_draft() -> Names:
    """Return what sentences about conditions say of the draft's questions."""
    operators = {
        row.slug: row.name for row in models.Operator.objects.only("slug", "name")
    }
    card_types = {row.slug: row.name for row in models.CardType.objects.all()}
    found = {}
    for question in models.Question.objects.prefetch_related("choices"):
        answers: dict[str, str] = {}
        if question.kind == models.QuestionKind.OPERATOR:
            answers |= operators
        if question.kind == models.QuestionKind.CARD:
            answers |= card_types
        answers |= {choice.slug: choice.label for choice in question.choices.all()}
        found[question.slug] = QuestionNames(
            title=question.title,
            takes_many=question.kind == models.QuestionKind.MANY,
            answers=answers,
            operators=frozenset(
                operators if question.kind == models.QuestionKind.OPERATOR else ()
            ),
        )
    # Conditions may name operators before there is a question about them.
    found.setdefault(
        OPERATOR_QUESTION,
        QuestionNames(
            title="",
            takes_many=False,
            answers=operators,
            operators=frozenset(operators),
        ),
    )
    return found


def condition_in_list(row: models.Conditional, names: Names) -> str:
    """Return a row's condition as a sentence; a long one opens to its full length."""
    when = when_of(row)
    full = in_words(when, names)
    if not is_shortened(when, at_most=ANSWERS_NAMED):
        return full
    return format_html(
        '<details class="condition"><summary>{}</summary>{}</details>',
        in_words(when, names, at_most=ANSWERS_NAMED),
        full,
    )


# Languages


def in_all_languages(model: type[db.Model]) -> tuple[str, ...]:
    """Return the columns of all texts of a model, to search in."""
    return tuple(
        column(field, language)
        for field in get_translatable_fields_for_model(model) or ()
        for language in (SOURCE_LANGUAGE, *TARGET_LANGUAGES)
    )


def needed_fields(model: type[db.Model]) -> tuple[str, ...]:
    """Return the translated fields that no row may leave empty."""
    return tuple(
        field
        for field in get_translatable_fields_for_model(model) or ()
        if not model._meta.get_field(field).blank
    )


def states_of_languages(row: models.Translated) -> dict[str, str]:
    """Return for each language "complete", "outdated" or "missing", source first."""
    texts = texts_of(row)
    fields = list(dict.fromkeys(field for field, _language in texts))
    needed = needed_fields(type(row))
    states = {}
    for language in (SOURCE_LANGUAGE, *TARGET_LANGUAGES):
        wanted = [f for f in fields if f in needed or texts[f, SOURCE_LANGUAGE].strip()]
        if any(not texts[field, language].strip() for field in wanted):
            states[language] = "missing"
        elif any(language in row.outdated.get(field, {}) for field in fields):
            states[language] = "outdated"
        else:
            states[language] = "complete"
    return states


def languages_in_list(row: models.Translated) -> SafeString:
    """Return a mark for each language, with its words for screen readers."""
    marks = []
    for code, state in states_of_languages(row).items():
        short = code.partition("-")[0]
        name = language_in_words(code)
        if state == "missing":
            shown = f"–{short}"
            words = _("%(language)s: missing") % {"language": name}
        elif state == "outdated":
            shown = _("%(language)s (old)") % {"language": short}
            words = _("%(language)s: older than the English text") % {"language": name}
        else:
            shown = short
            words = _("%(language)s: complete") % {"language": name}
        marks.append((state, words, shown, words))
    return format_html(
        '<span class="languages">{}</span>',
        format_html_join(
            " ",
            '<span class="language is-{}" title="{}"><span aria-hidden="true">{}</span>'
            '<span class="visually-hidden">{}.</span></span>',
            marks,
        ),
    )


# Checking and sources


def overdue_since(checked_on: date, review_days: int) -> date:
    """Return the first day on which a check of that day no longer counts."""
    return checked_on + timedelta(days=review_days + 1)


def checking_in_list(row: models.Sourced, on: date) -> SafeString:
    """Return when a row was checked, or since when it should be again."""
    if row.checked_on is None:
        return format_html('<span class="checking is-undated">{}</span>', _("No date"))
    since = overdue_since(row.checked_on, row.review_days)
    if since <= on:
        return format_html(
            '<span class="checking is-overdue">{}</span>',
            _("Overdue since %(day)s") % {"day": in_short(since)},
        )
    return format_html(
        '<span class="checking">{}</span>',
        _("Checked on %(day)s") % {"day": in_short(row.checked_on)},
    )


def in_short(day: date) -> str:
    """Return a day as lists show it."""
    return date_format(day, "SHORT_DATE_FORMAT")


def weakest(sources: Iterable[models.Source]) -> str | None:
    """Return in words the least that a row's sources are worth; None without one."""
    found = {source.confidence for source in sources}
    for confidence in reversed(TRUST):
        if confidence in found:
            return str(confidence.label)
    return None


def uses_of_sources(rows: Sequence[models.Source]) -> Mapping[int, int]:
    """Return how many rows rest on each of these sources."""
    found: dict[int, int] = {}
    for model in sourced_models():
        links = model.sources.through.objects.filter(source__in=rows)
        counted = links.order_by().values_list("source").annotate(db.Count("pk"))
        for source, count in counted:
            found[source] = found.get(source, 0) + count
    return found
