"""The addresses in the guide and whether they still work."""

from collections.abc import Callable, Mapping

from django.contrib import admin, messages
from django.db import models as db
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guide import agenda, links, models
from guide.admin.addresses import row_addresses
from guide.flow.content import Guide
from guide.names import names_in
from guide.problems_in_words import Names

SHOWN = 3  # of what uses an address
MOST_AT_ONCE = 5  # whoever asks again waits for the answer
SECONDS_AT_ONCE = 5.0

# A link is broken after two failures; these are the others, by how they differ.
CONDITIONS = {
    "broken": db.Q(failures__gte=2),
    "failed-once": db.Q(failures=1),
    "unknown": db.Q(failures=0, message=links.REFUSED),
    "moved": db.Q(failures=0) & ~db.Q(redirects_to=""),
    "working": db.Q(failures=0, message=""),
}


class FoundFilter(admin.SimpleListFilter):
    """Links by what the last look at them found."""

    title = gettext_lazy("what was found")
    parameter_name = "found"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, str]]:
        return [
            ("broken", _("Broken")),
            ("failed-once", _("Failed once")),
            ("unknown", _("Refused to say")),
            ("moved", _("Moved for good")),
            ("working", _("Working")),
        ]

    def queryset(self, request: HttpRequest, queryset: db.QuerySet) -> db.QuerySet:
        condition = CONDITIONS.get(self.value() or "")
        return queryset.filter(condition) if condition else queryset


class Uses:
    """What holds each address, by name and with its form."""

    def __init__(
        self,
        guide: Guide | None,
        names: Names,
        addresses: Mapping[tuple[str, str], str],
    ) -> None:
        self._uses = links.uses_in(guide) if guide else {}
        self._names = names
        self._addresses = addresses

    def of(self, url: str) -> list[dict[str, str]]:
        """Return name and form of each row that holds *url*."""
        return [
            {
                "name": self._names.get((use.kind, use.slug), use.slug),
                "address": self._addresses.get((use.kind, use.slug), ""),
            }
            for use in self._uses.get(url, ())
        ]


@admin.register(models.LinkCheck)
class LinkCheckAdmin(admin.ModelAdmin):
    """What the last look at each address found: to be read, and looked at again."""

    list_filter = (FoundFilter,)
    search_fields = ("url",)
    actions = ("check_again",)
    list_display_links = ("url",)
    fields = (
        "address",
        "found",
        "redirects_to",
        "failures",
        "checked_at",
        "worked_at",
        "used_in",
    )
    readonly_fields = fields

    class Media:
        css = {"all": ["desk/front.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: models.LinkCheck | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: models.LinkCheck | None = None
    ) -> bool:
        return False

    def has_check_permission(self, request: HttpRequest) -> bool:
        """Whoever can mend an address may ask for it."""
        return request.user.has_perm("guide.change_source")

    def get_list_display(self, request: HttpRequest) -> list[str | Callable]:
        return ["url", "found", _used_by(_uses_for(request)), "checked_at"]

    @admin.display(description=gettext_lazy("address"))
    def address(self, row: models.LinkCheck) -> SafeString:
        return format_html(
            '<a href="{0}" rel="noopener noreferrer external">{0}</a>', row.url
        )

    @admin.display(description=gettext_lazy("what was found"), ordering="failures")
    def found(self, row: models.LinkCheck) -> str:
        words = links.outcome_in_words(row)
        if row.failures >= 2:
            return _("Broken: %(words)s") % {"words": words}
        if row.failures:
            return _("Failed once: %(words)s") % {"words": words}
        if row.redirects_to:
            return _("Moved for good: use the new address, %(address)s") % {
                "address": row.redirects_to
            }
        return words

    @admin.display(description=gettext_lazy("used by"))
    def used_in(self, row: models.LinkCheck) -> SafeString:
        return _used_by(_uses_now(), most=None)(row)

    @admin.action(
        description=gettext_lazy("Check the chosen links again"),
        permissions=["check"],
    )
    def check_again(self, request: HttpRequest, queryset: db.QuerySet) -> None:
        urls = list(queryset.values_list("url", flat=True)[: MOST_AT_ONCE + 1])
        if len(urls) > MOST_AT_ONCE:
            message = _(
                "Nothing was checked: choose at most %(most)d links. All of them are "
                "checked by the program that runs every night or week."
            ) % {"most": MOST_AT_ONCE}
            self.message_user(request, message, messages.ERROR)
            return
        summary = links.check(urls, timeout=SECONDS_AT_ONCE, pause=0.2, is_all=False)
        if summary.is_offline:
            message = _("No site answered. Nothing was changed; try again later.")
            self.message_user(request, message, messages.WARNING)
            return
        message = ngettext(
            "One link was checked; %(working)d works.",
            "%(asked)d links were checked; %(working)d of them work.",
            summary.asked,
        ) % {"asked": summary.asked, "working": summary.working}
        self.message_user(request, message, messages.SUCCESS)


def _uses_for(request: HttpRequest) -> Uses:
    # Django asks for the columns several times while it makes one page.
    if not hasattr(request, "link_uses"):
        request.link_uses = _uses_now()
    return request.link_uses


def _uses_now() -> Uses:
    guide = agenda.put_together()
    return Uses(guide, names_in(guide) if guide else {}, row_addresses())


def _used_by(
    uses: Uses, *, most: int | None = SHOWN
) -> Callable[[models.LinkCheck], SafeString]:
    @admin.display(description=gettext_lazy("used by"))
    def used_by(row: models.LinkCheck) -> SafeString:
        found = uses.of(row.url)
        listed = format_html_join(
            mark_safe("<br>"),
            '<a href="{}">{}</a>',
            ((use["address"], use["name"]) for use in found[:most]),
        )
        more = len(found) - (most or len(found))
        if more <= 0:
            return listed
        words = ngettext("and %(count)d more", "and %(count)d more", more)
        return format_html("{}<br>{}", listed, words % {"count": more})

    return used_by
