"""What visitors say is wrong: to be read and settled, never to be rewritten."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from guide import models, reports, wording
from guide.admin.addresses import MODELS, form_address
from guide.flow import content
from guide.publishing import NothingPublishedError, current_guide, read_document
from guide.reports import Kind, Subject

KINDS: dict[str, str | Promise] = {
    Kind.STEP: gettext_lazy("Step"),
    Kind.FACT: gettext_lazy("Fact"),
    Kind.CHANNEL: gettext_lazy("Channel"),
    Kind.FAQ: gettext_lazy("Question in the FAQ"),
    Kind.GLOSSARY: gettext_lazy("Word in the glossary"),
    Kind.OPERATOR: gettext_lazy("Operator"),
    "": gettext_lazy("The guide in general"),
}
# The names under which guide.admin.addresses knows the same kinds.
ROW_KINDS = {kind: str(kind) for kind in Kind} | {
    Kind.FAQ: "faq entry",
    Kind.GLOSSARY: "glossary entry",
}


@dataclass(frozen=True, kw_only=True)
class Details:
    """What an editor wants to know beside a report."""

    kind: str  # "" for the guide in general
    words: str  # title of the step, text of the fact
    address: str  # of the form; "" when there is no such row any more
    since: str  # what became of it since the edition that the visitor read


# What a report is about


def details_of(found: Iterable[models.Report]) -> dict[int, Details]:
    """Return what is to be shown beside each report, by the report's number."""
    found = list(found)
    now = guide_in_force()
    numbers = {report.publication_number for report in found}
    guides = {
        publication.number: read_document(publication.document).guide
        for publication in models.Publication.objects.filter(number__in=numbers)
    }
    addresses = addresses_of(filter(None, map(reports.named_in, found)))
    details = {}
    for report in found:
        named = reports.named_in(report)
        then = subject_in(guides.get(report.publication_number), named)
        today = subject_in(now, named)
        details[report.pk] = Details(
            kind=named[0] if named else "",
            words=words_of(today or then) or (named[1] if named else ""),
            address=addresses.get(named, "") if named else "",
            since=since_then(then, today) if named else "",
        )
    return details


def guide_in_force() -> content.Guide | None:
    """Return what visitors read now."""
    try:
        return current_guide()
    except NothingPublishedError:
        return None


def subject_in(
    guide: content.Guide | None, named: tuple[Kind, str] | None
) -> Subject | None:
    """Return the part of a guide that a report names."""
    return reports.find_subject(guide, *named) if guide and named else None


def words_of(subject: Subject | None) -> str:
    """Return what visitors read, short enough for a list."""
    if subject is None:
        return ""
    language = translation.get_language() or "en"
    thing = subject.thing
    name = subject.operator.name if subject.operator else ""
    if isinstance(thing, content.Operator):
        return thing.name
    if isinstance(thing, content.Step):
        return thing.title.read(language)
    if isinstance(thing, content.FaqEntry):
        return thing.question.read(language)
    if isinstance(thing, content.GlossaryEntry):
        return thing.term.read(language)
    if isinstance(thing, content.Channel):
        heads = [name, wording.PURPOSES.get(thing.purpose, thing.purpose)]
        text = thing.value or strip_tags(thing.detail.read(language))
    else:
        heads = [name, wording.TOPICS.get(thing.topic, thing.topic)]
        text = strip_tags(thing.text.read(language))
    text = text.replace("{operator}", name)
    return " · ".join([*map(str, heads), Truncator(text).chars(160)])


def since_then(then: Subject | None, today: Subject | None) -> str:
    """Return what became of a thing since a visitor reported it."""
    if today is None:
        return _("no longer in the guide")
    if then is None:
        return _("not known whether it has changed")
    return _("unchanged") if bare(then) == bare(today) else _("changed since")


def bare(subject: Subject) -> content.Guide | object:
    """Return a thing without its parts, which are reported for themselves."""
    if isinstance(subject.thing, content.Operator):
        return msgspec.structs.replace(subject.thing, channels=(), facts=())
    return subject.thing


def addresses_of(named: Iterable[tuple[Kind, str]]) -> dict[tuple[Kind, str], str]:
    """Return the addresses of the forms, one query a kind."""
    codes: dict[Kind, set[str]] = {}
    for kind, code in named:
        codes.setdefault(kind, set()).add(code)
    return {
        (kind, slug): form_address(MODELS[ROW_KINDS[kind]], pk)
        for kind, wanted in codes.items()
        for slug, pk in MODELS[ROW_KINDS[kind]]
        .objects.filter(slug__in=wanted)
        .order_by()
        .values_list("slug", "pk")
    }


# The desk


class KindFilter(admin.SimpleListFilter):
    """Reports on steps, on facts, and so on."""

    title = gettext_lazy("what it is about")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple]:
        return [(kind or "guide", words) for kind, words in KINDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        others = [kind for kind in Kind if kind not in (Kind.STEP, Kind.FACT)]
        match self.value():
            case None:
                return queryset
            case Kind.STEP:
                return queryset.exclude(step_slug="")
            case "guide":
                return queryset.filter(step_slug="", fact_slug="")
            case Kind.FACT:
                queryset = queryset.exclude(fact_slug="")
                for kind in others:
                    queryset = queryset.exclude(fact_slug__startswith=f"{kind}:")
                return queryset
            case kind if kind in others:
                return queryset.filter(fact_slug__startswith=f"{kind}:")
        return queryset.none()


class LanguageFilter(admin.SimpleListFilter):
    """Reports from readers of one language, which has a name."""

    title = gettext_lazy("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple]:
        return [(code, name) for code, name in settings.LANGUAGES]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(language=self.value()) if self.value() else queryset


class ReportList(ChangeList):
    """A page of reports, with what each is about looked up for all of them at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        details = details_of(self.result_list)
        may_settle = self.model_admin.has_settle_permission(request)
        for report in self.result_list:
            report.details = details[report.pk]
            report.settle_button = (
                button(report, self.preserved_filters) if may_settle else ""
            )


def button(report: models.Report, preserved_filters: str) -> str:
    """Return the button that settles a report, inside any form with a CSRF token."""
    is_open = report.state == models.ReportState.OPEN
    name = "guide_report_handled" if is_open else "guide_report_open"
    address = add_preserved_filters(
        {"preserved_filters": preserved_filters, "opts": models.Report._meta},
        reverse(f"admin:{name}", args=[report.pk]),
    )
    return format_html(
        '<button type="submit" class="button" formaction="{}">{}'
        '<span class="visually-hidden"> – {}</span></button>',
        address,
        _("Handled") if is_open else _("Open again"),
        Truncator(report.text).chars(60),
    )


@admin.register(models.Report)
class ReportAdmin(admin.ModelAdmin):
    """Reports, open ones first; settled with one click."""

    list_display = ("excerpt", "about", "read_as", "state_name")
    list_filter = ("state", KindFilter, LanguageFilter)
    list_per_page = 50
    list_select_related = ("handled_by",)
    search_fields = ("text", "step_slug", "fact_slug")
    search_help_text = gettext_lazy("Searches the reports and the codes.")
    ordering = ("-state", "-reported_at")  # “open” comes before “handled”
    actions = ("settle_chosen",)
    fields = (
        "whole_text",
        "about",
        "kind_name",
        "language_name",
        "edition",
        "reported_at",
        "state_name",
    )

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/handled/",
                page(require_POST(self.handled)),
                name="guide_report_handled",
            ),
            path(
                "<int:pk>/open/",
                page(require_POST(self.open_again)),
                name="guide_report_open",
            ),
            *super().get_urls(),
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type:
        return ReportList

    # Who may do what: nobody writes or rewrites what a visitor said.

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("guide.change_report")

    # Settling

    def handled(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Settle a report."""
        report = self._report_to_settle(request, pk)
        if report is None:
            messages.warning(request, _("This report has been deleted."))
        elif reports.mark_handled(report, by=request.user):
            self.log_change(request, report, _("Marked as handled."))
            messages.success(request, _("The report is marked as handled."))
        else:
            messages.info(request, _("Somebody has handled this report already."))
        return self._to_list(request)

    def open_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a report back among the open ones."""
        report = self._report_to_settle(request, pk)
        if report is None:
            messages.warning(request, _("This report has been deleted."))
        elif reports.open_again(report):
            self.log_change(request, report, _("Opened again."))
            messages.success(request, _("The report is open again."))
        else:
            messages.info(request, _("This report is open already."))
        return self._to_list(request)

    @admin.action(
        description=gettext_lazy("Mark the chosen reports as handled"),
        permissions=["settle"],
    )
    def settle_chosen(self, request: HttpRequest, queryset: QuerySet) -> None:
        count = 0
        for report in queryset:
            if reports.mark_handled(report, by=request.user):
                self.log_change(request, report, _("Marked as handled."))
                count += 1
        words = ngettext(
            "%(count)d report is marked as handled.",
            "%(count)d reports are marked as handled.",
            count,
        )
        messages.success(request, words % {"count": count})

    def _report_to_settle(self, request: HttpRequest, pk: int) -> models.Report | None:
        if not self.has_settle_permission(request):
            raise PermissionDenied
        return models.Report.objects.filter(pk=pk).first()

    def _to_list(self, request: HttpRequest) -> HttpResponseRedirect:
        address = add_preserved_filters(
            {
                "preserved_filters": self.get_preserved_filters(request),
                "opts": self.opts,
            },
            reverse("admin:guide_report_changelist"),
        )
        return HttpResponseRedirect(address)

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: object, **kwargs: object
    ) -> TemplateResponse:
        report = context["original"]
        if self.has_settle_permission(request):
            filters = self.get_preserved_filters(request)
            context["settle_button"] = button(report, filters)
        return super().render_change_form(request, context, *args, **kwargs)

    # What is shown

    def _details(self, report: models.Report) -> Details:
        if not hasattr(report, "details"):
            report.details = details_of([report])[report.pk]
        return report.details

    @admin.display(description=gettext_lazy("report"))
    def excerpt(self, report: models.Report) -> str:
        return Truncator(report.text).chars(200)

    @admin.display(description=gettext_lazy("report"))
    def whole_text(self, report: models.Report) -> str:
        return format_html(
            '<div class="report-text" lang="{}">{}</div>', report.language, report.text
        )

    @admin.display(description=gettext_lazy("about"))
    def about(self, report: models.Report) -> str:
        details = self._details(report)
        if not details.kind:
            return str(KINDS[""])
        if not details.address:
            return format_html(
                "{} <em>({})</em>", details.words, _("no longer in the draft")
            )
        return format_html('<a href="{}">{}</a>', details.address, details.words)

    @admin.display(description=gettext_lazy("kind"))
    def kind_name(self, report: models.Report) -> str:
        return str(KINDS[self._details(report).kind])

    @admin.display(description=gettext_lazy("language"), ordering="language")
    def language_name(self, report: models.Report) -> str:
        try:
            return translation.get_language_info(report.language)["name_translated"]
        except KeyError:
            return report.language

    @admin.display(description=gettext_lazy("edition"), ordering="publication_number")
    def edition(self, report: models.Report) -> str:
        since = self._details(report).since
        if not since:
            return str(report.publication_number)
        return format_html(
            '{} <span class="report-since">({})</span>',
            report.publication_number,
            since,
        )

    @admin.display(description=gettext_lazy("reported"), ordering="reported_at")
    def read_as(self, report: models.Report) -> str:
        reported_at = timezone.localtime(report.reported_at)
        return format_html(
            "{}<br>{}<br>{} {}",
            date_format(reported_at, "DATE_FORMAT"),
            self.language_name(report),
            _("Edition"),
            self.edition(report),
        )

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_name(self, report: models.Report) -> str:
        words = report.get_state_display()
        if report.handled_by:
            words = _("Handled by %(name)s") % {"name": report.handled_by}
        return format_html(
            '<span class="report-state">{}</span> {}',
            words,
            getattr(report, "settle_button", ""),
        )
