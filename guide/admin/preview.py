"""One page of the desk."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern


def start(request: HttpRequest) -> HttpResponse:
    """Show it."""
    context = {**admin.site.each_context(request), "title": "…"}
    return TemplateResponse(request, "desk/page.html", context)


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses of further pages."""
    return []
