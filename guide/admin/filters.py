"""By what lists can be narrowed down."""

from collections.abc import Iterator
from datetime import timedelta

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.db import models as db
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.manager import get_translatable_fields_for_model

from guide import models
from guide.admin.lists import needed_fields
from guide.flow.engine import OPERATOR_QUESTION
from guide.problems_in_words import language_in_words
from guide.publishing import today
from guide.translations import SOURCE_LANGUAGE, TARGET_LANGUAGES, column
from guide.uses import sourced_models

SOON_DAYS = 30


class DeskFilter(admin.SimpleListFilter):
    """A filter with a short name in the address, such as ?operator=proximus."""

    def selected(self, queryset: db.QuerySet, value: str) -> db.QuerySet:
        """Return the rows that go with *value*, which is one of the lookups."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: db.QuerySet) -> db.QuerySet:
        value = self.value()
        if not value:
            return queryset
        if value not in {code for code, _label in self.lookup_choices}:
            # An old or mistyped address: an empty list says so, all rows would not.
            return queryset.none()
        return self.selected(queryset, value)


class LongFilter(DeskFilter):
    """A filter of many values: a list to choose from takes less room than links."""

    template = "desk/filter_select.html"

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, object]]:
        values = [None, *(str(code) for code, _label in self.lookup_choices)]
        for value, choice in zip(values, super().choices(changelist), strict=True):
            yield {**choice, "value": value}

    def other_parameters(self) -> list[tuple[str, str]]:
        """Return what else the address holds; the page starts again at the first."""
        return [
            (name, value)
            for name, values in self.request.GET.lists()
            for value in values
            if name not in {self.parameter_name, PAGE_VAR}
        ]


class OperatorFilter(LongFilter):
    """Rows that a visitor of one operator can see, or that speak of it."""

    title = gettext_lazy("operator")
    parameter_name = "operator"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str]]:
        return list(models.Operator.objects.values_list("slug", "name"))


class SeenByOperator(OperatorFilter):
    """Rows that a visitor of one operator can see."""

    title = gettext_lazy("operator of the visitor")

    def selected(self, queryset: db.QuerySet, value: str) -> db.QuerySet:
        model = queryset.model
        listed = linked(model, "operators")
        others = linked(model, "answers", question__slug=OPERATOR_QUESTION)
        return queryset.filter(
            Exists(linked(model, "operators", slug=value))
            | (~Exists(listed) & ~Exists(others))
        ).exclude(Exists(linked(model, "except_operators", slug=value)))


class OwnOperator(OperatorFilter):
    """Channels and facts of one operator."""

    def selected(self, queryset: db.QuerySet, value: str) -> db.QuerySet:
        return queryset.filter(operator__slug=value)


class QuestionFilter(LongFilter):
    """Rows that have to do with one question."""

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str]]:
        questions = list(models.Question.objects.all())
        self.kinds = {row.slug: row.kind for row in questions}
        return [(row.slug, row.title) for row in questions]


class DependsOnQuestion(QuestionFilter):
    """Rows whose conditions speak of one question."""

    title = gettext_lazy("question it depends on")
    parameter_name = "depends-on"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str]]:
        nothing = ("nothing", _("None: shown to everybody"))
        return [nothing, *super().lookups(request, model_admin)]

    def selected(self, queryset: db.QuerySet, value: str) -> db.QuerySet:
        model = queryset.model
        fields = ("operators", "except_operators", "card_types", "answers")
        if value == "nothing":
            for field in fields:
                queryset = queryset.filter(~Exists(linked(model, field)))
            return queryset
        found = Q(Exists(linked(model, "answers", question__slug=value)))
        kind = self.kinds[value]
        if kind == models.QuestionKind.OPERATOR:
            found |= Exists(linked(model, "operators"))
            found |= Exists(linked(model, "except_operators"))
        if kind == models.QuestionKind.CARD:
            found |= Exists(linked(model, "card_types"))
        return queryset.filter(found)


class OwnQuestion(QuestionFilter):
    """Answers to one question."""

    title = gettext_lazy("question")
    parameter_name = "question"

    def selected(self, queryset: db.QuerySet, value: str) -> db.QuerySet:
        return queryset.filter(question__slug=value)


class TopicFilter(LongFilter):
    """Facts on a topic, and steps that show them."""

    title = gettext_lazy("topic")
    parameter_name = "topic"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str]]:
        return list(models.Topic.choices)

    def selected(self, queryset: db.QuerySet, value: str) -> db.QuerySet:
        if queryset.model is models.Step:
            # SQLite cannot look into JSON lists; codes stand in quotation marks.
            as_text = Cast("topics", db.TextField())
            return queryset.alias(as_text=as_text).filter(
                as_text__contains=f'"{value}"'
            )
        return queryset.filter(topic=value)


class LanguageFilter(DeskFilter):
    """Rows by what their translations lack."""

    title = gettext_lazy("languages")
    parameter_name = "languages"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str]]:
        found = [("complete", _("Complete in all languages"))]
        for code in (SOURCE_LANGUAGE, *TARGET_LANGUAGES):
            language = language_in_words(code)
            found.append(
                (f"missing-{code}", _("Missing in: %(lang)s") % {"lang": language})
            )
        for code in TARGET_LANGUAGES:
            language = language_in_words(code)
            found.append(
                (f"outdated-{code}", _("Outdated in: %(lang)s") % {"lang": language})
            )
        return found

    def selected(self, queryset: db.QuerySet, value: str) -> db.QuerySet:
        model = queryset.model
        if value == "complete":
            gaps = Q()
            for code in (SOURCE_LANGUAGE, *TARGET_LANGUAGES):
                gaps |= missing_in(model, code) | outdated_in(model, code)
            return queryset.exclude(gaps)
        state, _dash, code = value.partition("-")
        condition = missing_in if state == "missing" else outdated_in
        return queryset.filter(condition(model, code))


class CheckingFilter(DeskFilter):
    """Rows by whether they must be checked again."""

    title = gettext_lazy("checking")
    parameter_name = "checking"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str]]:
        times = model_admin.model.objects.order_by().values_list("review_days")
        self.review_times = {days for (days,) in times.distinct()}
        return [
            ("overdue", _("Overdue")),
            ("soon", _("Due within 30 days")),
            ("undated", _("No date")),
            ("fine", _("Fine for now")),
        ]

    def selected(self, queryset: db.QuerySet, value: str) -> db.QuerySet:
        if value == "undated":
            return queryset.filter(checked_on=None)
        # Databases disagree on how to add days to a date; there are few different
        # review times, so each of them gets its own last day.
        now, overdue, soon = today(), Q(pk__in=[]), Q(pk__in=[])
        for days in self.review_times:
            first_good = now - timedelta(days=days)
            first_later = first_good + timedelta(days=SOON_DAYS + 1)
            overdue |= Q(review_days=days, checked_on__lt=first_good)
            soon |= Q(
                review_days=days,
                checked_on__gte=first_good,
                checked_on__lt=first_later,
            )
        if value == "overdue":
            return queryset.filter(overdue)
        if value == "soon":
            return queryset.filter(soon)
        return queryset.exclude(checked_on=None).exclude(overdue | soon)


class ConfidenceFilter(DeskFilter):
    """Rows by the best of their sources."""

    title = gettext_lazy("best source")
    parameter_name = "confidence"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str]]:
        return [
            ("official", _("Official")),
            ("regulator", _("Regulator")),
            ("third-party", _("Third party only")),
            ("none", _("No source")),
        ]

    def selected(self, queryset: db.QuerySet, value: str) -> db.QuerySet:
        model = queryset.model
        official, regulator = (
            Exists(linked(model, "sources", confidence=confidence))
            for confidence in (
                models.Confidence.OFFICIAL,
                models.Confidence.REGULATOR,
            )
        )
        some = Exists(linked(model, "sources"))
        return queryset.filter(
            {
                "official": official,
                "regulator": regulator & ~official,
                "third-party": some & ~official & ~regulator,
                "none": ~some,
            }[value]
        )


class UseFilter(DeskFilter):
    """Sources by whether anything rests on them."""

    title = gettext_lazy("use")
    parameter_name = "use"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str]]:
        return [("used", _("Used")), ("unused", _("Not used"))]

    def selected(self, queryset: db.QuerySet, value: str) -> db.QuerySet:
        used = Q(pk__in=[])
        for model in sourced_models():
            through = model.sources.through.objects
            used |= Exists(through.filter(source=OuterRef("pk")))
        return queryset.filter(used if value == "used" else ~used)


def linked(model: type[db.Model], field: str, **wanted: object) -> db.QuerySet:
    """
    Return the links of *field* of the row of an outer query, for use in `Exists`.

    A join would repeat rows that match twice, and counts would be wrong.

    Args:
        model: The model of the outer query.
        field: One of its many-to-many fields.
        wanted: What the linked rows must be like.
    """
    link = model._meta.get_field(field)
    here, there = link.m2m_field_name(), link.m2m_reverse_field_name()
    return link.remote_field.through.objects.filter(
        **{here: OuterRef("pk")},
        **{f"{there}__{name}": value for name, value in wanted.items()},
    )


def missing_in(model: type[db.Model], language: str) -> Q:
    """Return the condition that a text of a row is not there in *language*."""
    needed = needed_fields(model)
    found = Q(pk__in=[])
    for field in get_translatable_fields_for_model(model) or ():
        gap = is_empty(field, language)
        if field not in needed:
            # Whoever wrote no source text wants no translation either.
            gap &= ~is_empty(field, SOURCE_LANGUAGE)
        found |= gap
    return found


def outdated_in(model: type[db.Model], language: str) -> Q:
    """Return the condition that a row's source text has left a translation behind."""
    found = Q(pk__in=[])
    for field in get_translatable_fields_for_model(model) or ():
        found |= Q(**{f"outdated__{field}__has_key": language})
    return found


def is_empty(field: str, language: str) -> Q:
    """Return the condition that *field* has no text in *language*."""
    name = column(field, language)
    return Q(**{name: ""}) | Q(**{f"{name}__isnull": True})
