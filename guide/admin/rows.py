"""Lists and forms of the rows that make up the guide."""

from django.contrib import admin
from django.db.models import URLField
from modeltranslation.admin import TranslationAdmin

from guide import models

# Whoever types an address without a scheme means https.
ADDRESSES = {URLField: {"assume_scheme": "https"}}
CONDITIONS = ("operators", "except_operators", "card_types", "answers")


class ConditionalAdmin(TranslationAdmin):
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
class SourceAdmin(admin.ModelAdmin):
    formfield_overrides = ADDRESSES
    list_display = ("title", "publisher", "confidence", "dated_on")
    list_filter = ("confidence",)
    search_fields = ("slug", "title", "publisher", "url")


@admin.register(models.CardType)
class CardTypeAdmin(ConditionalAdmin):
    list_display = ("name", "slug", "position")


@admin.register(models.Operator)
class OperatorAdmin(SourcedAdmin):
    formfield_overrides = ADDRESSES
    list_display = ("name", "kind", "network", "status", "checked_on", "position")
    list_filter = ("kind", "status")
    search_fields = ("slug", "name", "aliases", "company")


@admin.register(models.Channel)
class ChannelAdmin(SourcedAdmin):
    list_display = ("slug", "operator", "purpose", "kind", "value", "checked_on")
    list_filter = ("operator", "purpose", "kind")
    search_fields = ("slug", "value", "detail")


@admin.register(models.OperatorFact)
class OperatorFactAdmin(SourcedAdmin):
    list_display = ("slug", "operator", "topic", "checked_on")
    list_filter = ("operator", "topic")
    search_fields = ("slug", "text")


@admin.register(models.Question)
class QuestionAdmin(ConditionalAdmin):
    list_display = ("title", "slug", "kind", "position")
    search_fields = ("slug", "title")


@admin.register(models.Choice)
class ChoiceAdmin(ConditionalAdmin):
    list_display = ("label", "slug", "question", "exclusive", "position")
    list_filter = ("question",)
    search_fields = ("slug", "label")


@admin.register(models.RetiredCode)
class RetiredCodeAdmin(admin.ModelAdmin):
    list_display = ("slug", "question", "replacement")


@admin.register(models.Step)
class StepAdmin(SourcedAdmin):
    list_display = ("title", "slug", "phase", "role", "must", "due_days", "position")
    list_filter = ("phase", "role", "must")
    search_fields = ("slug", "title", "body")
    filter_horizontal = (*CONDITIONS, "sources", "requires")


@admin.register(models.FaqEntry)
class FaqEntryAdmin(SourcedAdmin):
    list_display = ("question", "slug", "checked_on", "position")
    search_fields = ("slug", "question", "answer")


@admin.register(models.Letter)
class LetterAdmin(SourcedAdmin):
    list_display = ("purpose", "slug", "position")
