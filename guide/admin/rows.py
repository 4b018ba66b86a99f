"""Lists and forms of the rows that make up the guide."""

from django.contrib import admin
from django.db.models import URLField
from modeltranslation.admin import TranslationAdmin

from guide import models
from guide.admin import filters
from guide.admin.codes import Coded, RetiredCodeForm
from guide.admin.deleting import Guarded
from guide.admin.lists import Listed, in_all_languages

# Whoever types an address without a scheme means https.
ADDRESSES = {URLField: {"assume_scheme": "https"}}
CONDITIONS = ("operators", "except_operators", "card_types", "answers")

CONDITION_FILTERS = (filters.SeenByOperator, filters.DependsOnQuestion)
SOURCING = ("checking", "confidence_of_sources")
SOURCING_FILTERS = (filters.CheckingFilter, filters.ConfidenceFilter)


class ConditionalAdmin(Listed, Coded, Guarded, TranslationAdmin):
    """
    Rows with conditions; lists to choose from instead of long boxes.

    Languages stand one below the other, the source text in sight. The tabs of
    modeltranslation would load a script from another host.
    """

    filter_horizontal: tuple[str, ...] = CONDITIONS


class SourcedAdmin(ConditionalAdmin):
    """Rows with conditions and sources."""

    filter_horizontal = (*CONDITIONS, "sources")


@admin.register(models.Source)
class SourceAdmin(Listed, Coded, Guarded):
    formfield_overrides = ADDRESSES
    list_display = ("title", "publisher", "confidence", "dated_on", "used_by")
    list_filter = ("confidence", filters.UseFilter)
    search_fields = ("slug", "title", "publisher", "url", "date_note")


@admin.register(models.CardType)
class CardTypeAdmin(ConditionalAdmin):
    list_display = ("name", "shown_when", "languages", "position", "slug")
    list_filter = (*CONDITION_FILTERS, filters.LanguageFilter)
    search_fields = ("slug", *in_all_languages(models.CardType))


@admin.register(models.Operator)
class OperatorAdmin(SourcedAdmin):
    formfield_overrides = ADDRESSES
    list_display = (
        *("name", "shown_when", "kind", "network", "status"),
        *("languages", *SOURCING, "position", "slug"),
    )
    list_filter = (
        *("kind", "status", filters.DependsOnQuestion),
        *(*SOURCING_FILTERS, filters.LanguageFilter),
    )
    search_fields = (
        *("slug", "name", "aliases", "company", "network", "website"),
        *in_all_languages(models.Operator),
    )


@admin.register(models.Channel)
class ChannelAdmin(SourcedAdmin):
    list_display = (
        *("slug", "operator", "purpose", "kind", "value", "shown_when"),
        *("languages", *SOURCING, "position"),
    )
    list_filter = (
        *(filters.OwnOperator, "purpose", "kind", filters.DependsOnQuestion),
        *(*SOURCING_FILTERS, filters.LanguageFilter),
    )
    list_select_related = ("operator",)
    search_fields = (
        *("slug", "value", "screen_path", "operator__name"),
        *in_all_languages(models.Channel),
    )


@admin.register(models.OperatorFact)
class OperatorFactAdmin(SourcedAdmin):
    list_display = (
        *("slug", "operator", "topic", "beginning", "shown_when"),
        *("languages", *SOURCING, "position"),
    )
    list_filter = (
        *(filters.OwnOperator, filters.TopicFilter, filters.DependsOnQuestion),
        *(*SOURCING_FILTERS, filters.LanguageFilter),
    )
    list_select_related = ("operator",)
    search_fields = ("slug", "operator__name", *in_all_languages(models.OperatorFact))


@admin.register(models.Question)
class QuestionAdmin(ConditionalAdmin):
    list_display = ("title", "shown_when", "kind", "languages", "position", "slug")
    list_filter = ("kind", *CONDITION_FILTERS, filters.LanguageFilter)
    search_fields = ("slug", *in_all_languages(models.Question))


@admin.register(models.Choice)
class ChoiceAdmin(ConditionalAdmin):
    list_display = (
        *("label", "question_asked", "shown_when", "exclusive"),
        *("languages", "position", "slug"),
    )
    list_filter = (filters.OwnQuestion, *CONDITION_FILTERS, filters.LanguageFilter)
    list_select_related = ("question",)
    search_fields = ("slug", *in_all_languages(models.Choice))


@admin.register(models.RetiredCode)
class RetiredCodeAdmin(Guarded):
    form = RetiredCodeForm
    list_display = ("slug", "question", "replacement")
    list_filter = (filters.OwnQuestion,)
    list_select_related = ("question",)
    search_fields = ("slug", "replacement", "question__slug")


@admin.register(models.Step)
class StepAdmin(SourcedAdmin):
    list_display = (
        *("title", "shown_when", "phase", "is_must", "due"),
        *("languages", *SOURCING, "position", "slug"),
    )
    list_filter = (
        *("phase", filters.SeenByOperator, "role", "must", filters.TopicFilter),
        *(filters.DependsOnQuestion, *SOURCING_FILTERS, filters.LanguageFilter),
    )
    search_fields = ("slug", *in_all_languages(models.Step))
    filter_horizontal = (*CONDITIONS, "sources", "requires")


@admin.register(models.FaqEntry)
class FaqEntryAdmin(SourcedAdmin):
    list_display = (
        *("question", "shown_when", "languages", *SOURCING, "position", "slug"),
    )
    list_filter = (*CONDITION_FILTERS, *SOURCING_FILTERS, filters.LanguageFilter)
    search_fields = ("slug", *in_all_languages(models.FaqEntry))


@admin.register(models.Letter)
class LetterAdmin(SourcedAdmin):
    list_display = (
        *("purpose", "shown_when", "languages", *SOURCING, "position", "slug"),
    )
    list_filter = (*CONDITION_FILTERS, *SOURCING_FILTERS, filters.LanguageFilter)
    search_fields = ("slug", *in_all_languages(models.Letter))
