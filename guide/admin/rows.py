"""Lists and forms of the rows that make up the guide."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from guide import models
from guide.admin import ordering
from guide.admin.choosing import CONDITIONS
from guide.admin.editing import Movable, Part, PlainRowAdmin, RowAdmin, RowInline
from guide.admin.forms import ChoiceForm, QuestionForm, StepForm

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


@admin.register(models.Source)
class SourceAdmin(PlainRowAdmin):
    list_display = ("title", "publisher", "confidence", "dated_on")
    list_filter = ("confidence",)
    search_fields = ("slug", "title", "publisher", "url")
    parts = (
        Part(_("What it is"), ("slug", "title", "publisher", "url", "confidence")),
        Part(_("Its date"), ("dated_on", "date_note")),
    )


@admin.register(models.CardType)
class CardTypeAdmin(Movable, RowAdmin):
    list_display = ("name", "slug", "position")
    parts = (
        Part(_("What it is"), ("slug",)),
        Part(_("Texts"), ("name", "recognise"), TEXTS, ["texts"]),
        WHEN,
        ORDER,
    )


class ChannelInline(RowInline):
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


class OperatorFactInline(RowInline):
    model = models.OperatorFact
    parts = (
        Part("", ("slug", "topic")),
        Part("", ("text",), "", ["texts"]),
        OPERATOR_CONDITIONS,
        SOURCES._replace(explanation=""),
        Part("", ("position",), "", ["order"]),
    )


@admin.register(models.Operator)
class OperatorAdmin(Movable, RowAdmin):
    list_display = ("name", "kind", "network", "status", "checked_on", "position")
    list_filter = ("kind", "status")
    search_fields = ("slug", "name", "aliases", "company")
    inlines = (ChannelInline, OperatorFactInline)
    parts = (
        Part(
            _("What it is"),
            (
                *("slug", "name", "aliases", "company", "kind", "network", "esim"),
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
class ChannelAdmin(RowAdmin):
    list_display = ("slug", "operator", "purpose", "kind", "value", "checked_on")
    list_filter = ("operator", "purpose", "kind")
    search_fields = ("slug", "value", "detail")
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
class OperatorFactAdmin(RowAdmin):
    list_display = ("slug", "operator", "topic", "checked_on")
    list_filter = ("operator", "topic")
    search_fields = ("slug", "text")
    parts = (
        Part(
            _("What it is"),
            ("operator", "slug", "topic"),
            _("Its order is changed in the form of its operator."),
        ),
        Part(_("Texts"), ("text",), TEXTS, ["texts"]),
        WHEN,
        SOURCES,
    )


class ChoiceInline(RowInline):
    model = models.Choice
    form = ChoiceForm
    parts = (
        Part("", ("slug", "exclusive")),
        Part("", ("label", "hint"), "", ["texts"]),
        WHEN._replace(title=_("When it is offered"), explanation=""),
        Part("", ("position",), "", ["order"]),
    )


@admin.register(models.Question)
class QuestionAdmin(Movable, RowAdmin):
    form = QuestionForm
    list_display = ("title", "slug", "kind", "position")
    search_fields = ("slug", "title")
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
class ChoiceAdmin(RowAdmin):
    form = ChoiceForm
    list_display = ("label", "slug", "question", "exclusive", "position")
    list_filter = ("question",)
    search_fields = ("slug", "label")
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
class RetiredCodeAdmin(admin.ModelAdmin):
    list_display = ("slug", "question", "replacement")


@admin.register(models.Step)
class StepAdmin(Movable, RowAdmin):
    form = StepForm
    # Visitors read phase by phase; positions count within a phase.
    ordering = (ordering.BY_PHASE, "position", "slug")
    list_display = ("title", "slug", "phase", "role", "must", "due_days", "position")
    list_filter = ("phase", "role", "must")
    search_fields = ("slug", "title", "body")
    parts = (
        Part(_("What it is"), ("slug", "phase", "role", "must")),
        Part(_("Texts"), ("title", "body", "why", "skip"), TEXTS, ["texts"]),
        WHEN,
        Part(
            _("When it is done"),
            ("due_days", "lead_days", "requires"),
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
        SOURCES,
        ORDER,
    )


@admin.register(models.FaqEntry)
class FaqEntryAdmin(Movable, RowAdmin):
    list_display = ("question", "slug", "checked_on", "position")
    search_fields = ("slug", "question", "answer")
    parts = (
        Part(_("What it is"), ("slug",)),
        Part(_("Texts"), ("question", "answer"), TEXTS, ["texts"]),
        WHEN,
        SOURCES,
        ORDER,
    )


@admin.register(models.Letter)
class LetterAdmin(Movable, RowAdmin):
    list_display = ("purpose", "slug", "position")
    parts = (
        Part(_("What it is"), ("slug", "identifiers")),
        Part(_("Texts"), ("purpose", "subject", "body"), TEXTS, ["texts"]),
        WHEN,
        SOURCES,
        ORDER,
    )
