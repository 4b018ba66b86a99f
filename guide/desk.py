"""The editors' desk: Django's admin with a front page and pages of its own."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _


class Desk(admin.AdminSite):
    """The stock admin, and what editors need beside tables."""

    site_title = _("SIM Exit")
    site_header = _("SIM Exit: the editors' desk")
    index_title = _("The desk")
    index_template = "desk/index.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # Only here: the pages import the site, and Django makes it from this module.
        from guide.admin import (
            audit,
            coverage,
            flow_map,
            front,
            picking,
            preview,
            publishing,
            retiring,
            search,
            translations,
        )

        page = self.admin_view
        return [
            path("audit/", page(audit.audit_page), name="desk-audit"),
            path("flow-map/", page(flow_map.flow_map), name="desk-flow-map"),
            path("coverage/", page(coverage.coverage_map), name="desk-coverage"),
            path("preview/", page(preview.start), name="desk-preview"),
            path("publish/", page(publishing.publish_page), name="desk-publish"),
            path(
                "translations/",
                page(translations.overview),
                name="desk-translations",
            ),
            *front.urls(self),
            *picking.urls(self),
            *preview.urls(self),
            *publishing.urls(self),
            *retiring.urls(self),
            *search.urls(self),
            *translations.urls(self),
            *super().get_urls(),
        ]

    def index(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        from guide.admin import front

        context = {**front.front_context(request), **(extra_context or {})}
        return super().index(request, context)
