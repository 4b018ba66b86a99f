"""Lists and forms of the rows that make up the guide."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from guide import models
from guide.admin import filters, ordering
from guide.admin.choosing import CONDITIONS
from guide.admin.codes import Coded, CodedInline, RetiredCodeForm
from guide.admin.deleting import Guarded
from guide.admin.editing import Movable, Part, PlainRowAdmin, RowAdmin, RowInline
from guide.admin.forms import (
    ChoiceForm,
    GlossaryForm,
    LetterForm,
    OperatorForm,
    QuestionForm,
    StepForm,
)
from guide.admin.lists import Listed, in_all_languages

CONDITION_FILTERS = (filters.SeenByOperator, filters.DependsOnQuestion)
SOURCING = ("checking", "confidence_of_sources")
SOURCING_FILTERS = (filters.CheckingFilter, filters.ConfidenceFilter)

TEXTS = _(
    "English is the source: write it first. Choose above which language stands beside "
    "it. {operator} is filled in with the name of the visitor’s operator."
)
WHEN = Part(
    _("When it is shown"),
    CONDITIONS,
    _(
        "Tick nothing to show it to everybody. Within one question any ticked answer "
        "is enough; across questions all must hold. Prefer “not for operators” to a "
        "long list of operators: a new operator then gets it without a change."
    ),
    ["conditions"],
)
SOURCES = Part(
    _("Sources and checks"),
    ("sources", "checked_on", "review_days"),
    _(
        "Where it was read, the date of that source, and after how many days somebody "
        "must look again."
    ),
)
ORDER = Part(_("Order"), ("place",))
OPERATOR_CONDITIONS = Part(
    _("When it is shown"),
    ("card_types", "answers"),
    "",
    ["conditions"],
)


class ContentAdmin(Listed, Coded, Guarded, RowAdmin):
    """Rows with translated texts, in lists and forms."""


class ContentInline(CodedInline, RowInline):
    """Rows with translated texts inside the form of another row."""


@admin.register(models.Source)
class SourceAdmin(Listed, Coded, Guarded, PlainRowAdmin):
    list_display = ("title", "publisher", "confidence", "dated_on", "used_by")
    list_filter = ("confidence", filters.UseFilter)
    search_fields = ("slug", "title", "publisher", "url", "date_note")
    parts = (
        Part(_("What it is"), ("title", "slug", "publisher", "url", "confidence")),
        Part(_("Its date"), ("dated_on", "date_note")),
    )


@admin.register(models.CardType)
class CardTypeAdmin(Movable, ContentAdmin):
    list_display = ("name", "shown_when", "languages", "position", "slug")
    list_filter = (*CONDITION_FILTERS, filters.LanguageFilter)
    search_fields = ("slug", *in_all_languages(models.CardType))
    parts = (
        Part(_("What it is"), ("slug",)),
        Part(_("Texts"), ("name", "recognise"), TEXTS, ["texts"]),
        WHEN,
        ORDER,
    )


class ChannelInline(ContentInline):
    model = models.Channel
    parts = (
        Part(
            "",
            (
                *("slug", "purpose", "kind", "value", "screen_path"),
                *("screen_language", "works_abroad", "works_without_sim"),
            ),
        ),
        Part("", ("detail",), "", ["texts"]),
        OPERATOR_CONDITIONS,
        SOURCES._replace(explanation=""),
        Part("", ("position",), "", ["order"]),
    )


class OperatorFactInline(ContentInline):
    model = models.OperatorFact
    parts = (
        Part("", ("slug", "topic", "days")),
        Part("", ("text",), "", ["texts"]),
        OPERATOR_CONDITIONS,
        SOURCES._replace(explanation=""),
        Part("", ("position",), "", ["order"]),
    )


@admin.register(models.Operator)
class OperatorAdmin(Movable, ContentAdmin):
    form = OperatorForm
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
    inlines = (ChannelInline, OperatorFactInline)
    parts = (
        Part(
            _("What it is"),
            (
                *("name", "slug", "aliases", "company", "kind", "network", "esim"),
                *("letter_languages", "website"),
            ),
        ),
        Part(
            _("Its status"),
            ("status", "closed_on"),
            _("A closed operator stays in the guide, so that its customers find it."),
        ),
        Part(_("Texts"), ("status_note",), TEXTS, ["texts"]),
        WHEN._replace(
            title=_("When it is offered as an answer"),
            explanation=_("Tick nothing to offer it to everybody."),
        ),
        SOURCES,
        ORDER,
    )


@admin.register(models.Channel)
class ChannelAdmin(ContentAdmin):
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
    parts = (
        Part(
            _("What it is"),
            ("operator", "slug", "purpose", "kind", "value"),
            _("Its order is changed in the form of its operator."),
        ),
        Part(
            _("How it works"),
            ("screen_path", "screen_language", "works_abroad", "works_without_sim"),
        ),
        Part(_("Texts"), ("detail",), TEXTS, ["texts"]),
        WHEN,
        SOURCES,
    )


@admin.register(models.OperatorFact)
class OperatorFactAdmin(ContentAdmin):
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
    parts = (
        Part(
            _("What it is"),
            ("operator", "slug", "topic", "days"),
            _("Its order is changed in the form of its operator."),
        ),
        Part(_("Texts"), ("text",), TEXTS, ["texts"]),
        WHEN,
        SOURCES,
    )


class ChoiceInline(ContentInline):
    model = models.Choice
    form = ChoiceForm
    parts = (
        Part("", ("slug", "exclusive")),
        Part("", ("label", "hint"), "", ["texts"]),
        WHEN._replace(title=_("When it is offered"), explanation=""),
        Part("", ("position",), "", ["order"]),
    )


@admin.register(models.Question)
class QuestionAdmin(Movable, ContentAdmin):
    form = QuestionForm
    list_display = ("title", "shown_when", "kind", "languages", "position", "slug")
    list_filter = ("kind", *CONDITION_FILTERS, filters.LanguageFilter)
    search_fields = ("slug", *in_all_languages(models.Question))
    inlines = (ChoiceInline,)
    parts = (
        Part(
            _("What it is"),
            ("slug", "kind"),
            _(
                "Operators and card types are answers by themselves: their questions "
                "need no answers below."
            ),
        ),
        Part(_("Texts"), ("title", "help", "how"), TEXTS, ["texts"]),
        WHEN._replace(
            title=_("When it is asked"),
            explanation=_(
                "Only questions that are asked before this one can be used. Tick "
                "nothing to ask everybody."
            ),
        ),
        ORDER,
    )


@admin.register(models.Choice)
class ChoiceAdmin(ContentAdmin):
    form = ChoiceForm
    list_display = (
        *("label", "question_asked", "shown_when", "exclusive"),
        *("languages", "position", "slug"),
    )
    list_filter = (filters.OwnQuestion, *CONDITION_FILTERS, filters.LanguageFilter)
    list_select_related = ("question",)
    search_fields = ("slug", *in_all_languages(models.Choice))
    parts = (
        Part(
            _("What it is"),
            ("question", "slug", "exclusive"),
            _("Its order is changed in the form of its question."),
        ),
        Part(_("Texts"), ("label", "hint"), TEXTS, ["texts"]),
        WHEN._replace(title=_("When it is offered")),
    )


@admin.register(models.RetiredCode)
class RetiredCodeAdmin(Guarded):
    form = RetiredCodeForm
    list_display = ("slug", "question", "replacement")
    list_filter = (filters.OwnQuestion,)
    list_select_related = ("question",)
    search_fields = ("slug", "replacement", "question__slug")


@admin.register(models.Step)
class StepAdmin(Movable, ContentAdmin):
    form = StepForm
    # Visitors read phase by phase; positions count within a phase.
    ordering = (ordering.BY_PHASE, "position", "slug")
    list_display = (
        *("title", "shown_when", "phase", "is_must", "due"),
        *("languages", *SOURCING, "position", "slug"),
    )
    list_filter = (
        *("phase", filters.SeenByOperator, "role", "must", filters.TopicFilter),
        *(filters.DependsOnQuestion, *SOURCING_FILTERS, filters.LanguageFilter),
    )
    search_fields = ("slug", *in_all_languages(models.Step))
    parts = (
        Part(_("What it is"), ("slug", "phase", "role", "must")),
        Part(_("Texts"), ("title", "body", "why", "skip", "plan_b"), TEXTS, ["texts"]),
        WHEN,
        Part(
            _("When it is done"),
            ("due_days", "lead_days", "needs_working_day", "requires"),
            _("Steps that it requires must stand in the same phase or an earlier one."),
        ),
        Part(
            _("What is filled in for each operator"),
            ("topics", "shows_channels"),
            _(
                "Facts and channels of the visitor’s operator appear inside the step. "
                "Where there is none, the step says so."
            ),
        ),
        Part(_("Letters"), ("letters",)),
        SOURCES,
        ORDER,
    )


@admin.register(models.FaqEntry)
class FaqEntryAdmin(Movable, ContentAdmin):
    list_display = (
        *("question", "shown_when", "languages", *SOURCING, "position", "slug"),
    )
    list_filter = (*CONDITION_FILTERS, *SOURCING_FILTERS, filters.LanguageFilter)
    search_fields = ("slug", *in_all_languages(models.FaqEntry))
    parts = (
        Part(_("What it is"), ("slug",)),
        Part(_("Texts"), ("question", "answer"), TEXTS, ["texts"]),
        WHEN,
        SOURCES,
        ORDER,
    )


@admin.register(models.GlossaryEntry)
class GlossaryEntryAdmin(Movable, ContentAdmin):
    form = GlossaryForm
    list_display = (
        *("term", "dutch", "french", "languages"),
        *(*SOURCING, "position", "slug"),
    )
    list_filter = (*SOURCING_FILTERS, filters.LanguageFilter)
    search_fields = (
        *("slug", "dutch", "french", "german"),
        *in_all_languages(models.GlossaryEntry),
    )
    parts = (
        Part(_("What it is"), ("slug", "dutch", "french", "german", "is_linked")),
        Part(
            _("Texts"),
            ("term", "meaning"),
            _(
                "English is the source: write it first. Where the word occurs in other "
                "texts just as it is written here, visitors get a link to its meaning."
            ),
            ["texts"],
        ),
        SOURCES,
        ORDER,
    )


@admin.register(models.Letter)
class LetterAdmin(Movable, ContentAdmin):
    form = LetterForm
    list_display = (
        *("title", "shown_when", "languages", *SOURCING, "position", "slug"),
    )
    list_filter = (*CONDITION_FILTERS, *SOURCING_FILTERS, filters.LanguageFilter)
    search_fields = ("slug", *in_all_languages(models.Letter))
    parts = (
        Part(_("What it is"), ("slug",)),
        Part(_("About the letter"), ("title", "purpose"), TEXTS, ["texts"]),
        Part(
            _("The letter"),
            ("subject", "body"),
            _(
                "Leave a blank line between paragraphs. Visitors read each paragraph "
                "beside the same one in their own language: all languages have the "
                "same paragraphs, and in each of them the same codes in braces."
            ),
            ["texts", "letter"],
        ),
        Part(
            _("What to do with it"),
            ("enclose", "send"),
            _("Below “how to send it” visitors see the channels chosen next."),
            ["texts"],
        ),
        Part(_("Where it goes"), ("shows_channels",)),
        WHEN,
        SOURCES,
        ORDER,
    )

    def get_fieldsets(
        self, request: HttpRequest, obj: models.Letter | None = None
    ) -> list[tuple]:
        """Tell beside the paragraphs what may stand in braces."""
        found = super().get_fieldsets(request, obj)
        for _title, options in found:
            if "letter" in options["classes"] and options["description"]:
                options["description"] = format_html(
                    "{} {} {}",
                    options["description"],
                    _("In braces you can write {operator} and:"),
                    _identifiers_in_braces(),
                )
        return found


def _identifiers_in_braces() -> SafeString:
    """Return the codes that letters can name, each with what it stands for."""
    rows = models.Identifier.objects.all()
    return format_html_join(
        ", ", "<code>{{{}}}</code> {}", ((row.slug, row.name) for row in rows)
    )


@admin.register(models.Identifier)
class IdentifierAdmin(Movable, ContentAdmin):
    list_display = ("name", "slug", "lines", "languages", *SOURCING, "position")
    list_filter = (*SOURCING_FILTERS, filters.LanguageFilter)
    search_fields = ("slug", *in_all_languages(models.Identifier))
    parts = (
        Part(
            _("What it is"),
            ("slug", "kind", "lines"),
            _(
                "Letters leave a blank for it where its code stands in braces, such as "
                "{mobile-number}."
            ),
        ),
        Part(
            _("Texts"),
            ("name", "where", "hint"),
            _(
                "English is the source: write it first. The name stands below the "
                "blank, so keep it short."
            ),
            ["texts"],
        ),
        SOURCES._replace(
            explanation=_(
                "Only where it says more than anybody knows, such as where a number is "
                "printed."
            )
        ),
        ORDER,
    )
