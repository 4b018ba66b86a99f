"""What browsers ask for to keep pages on a device, and to hand them to another one."""

import json

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import Resolver404, get_script_prefix, reverse
from django.urls import resolve as resolve_path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from guide.case_addresses import case_address, case_of, request_value, value_in
from guide.documents.qr import qr_svg
from guide.flow.answers import parse, to_query
from guide.languages import html_language
from guide.publishing import edition_for

LANGUAGES = tuple(code for code, name in settings.LANGUAGES)
# Below a language: pages that are kept once they were opened.
KEPT_PAGES = ("checklist/", "letters/")
PAPER, BLUE = "#fcfbf8", "#1c3f94"  # as in guide.css and icon.svg


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """
    Give the browser the program that keeps pages on the device.

    It lies at the root, since it may only answer for what lies below it. The text
    changes with each publication and each change of the static files: that is how
    browsers see that there is something new.
    """
    starts = {code: address_in(code, "guide:start") for code in LANGUAGES}
    told = {
        "version": f"{edition_for(request).number}-{static_version()}",
        "root": get_script_prefix(),
        "static": settings.STATIC_URL,
        "starts": starts,
        "lists": {code: address_in(code, "guide:kept") for code in LANGUAGES},
        "keep": [start + page for start in starts.values() for page in KEPT_PAGES],
    }
    lines = (
        f"const GUIDE = {json.dumps(told)};",
        f"importScripts({json.dumps(static('guide/worker.js'))});",
    )
    script = "\n".join(lines) + "\n"
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@vary_on_headers("Accept-Language")
def manifest(request: HttpRequest) -> HttpResponse:
    """
    Say how the guide looks on a home screen, and which page opens from there.

    A checklist names itself as `start`: what somebody puts on the home screen is that
    checklist, and not the beginning of the guide.
    """
    start, language = start_of(request)
    with translation.override(language):
        description = _(
            "Your checklist to end a Belgian SIM, eSIM or data card, also off line."
        )
    told = {
        # A newer edition of the same case is the same thing on the home screen.
        "id": start.partition("&v=")[0],
        "start_url": start,
        "scope": get_script_prefix(),
        "name": "SIM Exit",
        "short_name": "SIM Exit",
        "description": description,
        "lang": html_language(language),
        "dir": "ltr",
        "display": "standalone",
        # Where browsers offer it: with a way back.
        "display_override": ["minimal-ui", "standalone"],
        "background_color": PAPER,
        "theme_color": BLUE,
        "icons": [
            icon("icon.svg", "any", kind="image/svg+xml"),
            icon("icon-192.png", "192x192"),
            icon("icon-512.png", "512x512"),
            icon("icon-mask.png", "512x512", purpose="maskable"),
        ],
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/manifest+json")
    response["Cache-Control"] = "public, no-cache"
    return response


@require_safe
def checklist_code(request: HttpRequest) -> HttpResponse:
    """Draw the address of a checklist as a QR code, for another device."""
    case = case_of(request)
    if case.position.question is not None:
        raise Http404
    path = case_address("guide:checklist", case.position, (), case.made_with)
    address = request.build_absolute_uri(path)
    response = HttpResponse(qr_svg(address), content_type="image/svg+xml")
    response["Cache-Control"] = "public, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def start_of(request: HttpRequest) -> tuple[str, str]:
    """Return the page that opens from the home screen, and its language."""
    start = request_value(request, "start")
    path, _mark, query = start.partition("?")
    language = language_of_checklist(path)
    if language:
        number = value_in(query, "v")
        version = f"&v={number}" if number.isascii() and number.isdigit() else ""
        return f"{path}?{to_query(parse(query))}{version}", language

    language = request_value(request, "lang")
    if language not in LANGUAGES:
        language = translation.get_language_from_request(request)
    return address_in(language, "guide:start"), language


def language_of_checklist(path: str) -> str:
    """
    Return the language of the checklist at *path*, "" if there is none of this site.

    The manifest itself has no language: what the browser asks for may be another one
    than that of the page, below which alone the page is found.
    """
    root = get_script_prefix()
    inner = f"/{path.removeprefix(root)}" if path.startswith(root) else ""
    language = translation.get_language_from_path(inner)
    if not language:
        return ""
    with translation.override(language):
        try:
            match = resolve_path(inner)
        except Resolver404:
            return ""
    return language if match.view_name == "guide:checklist" else ""


def icon(
    name: str, sizes: str, *, kind: str = "image/png", purpose: str = "any"
) -> dict[str, str]:
    """Return what a manifest says about one picture."""
    address = static(f"guide/{name}")
    return {"src": address, "sizes": sizes, "type": kind, "purpose": purpose}


def address_in(language: str, name: str) -> str:
    """Return the address of a page in *language*."""
    with translation.override(language):
        return reverse(name)


def static_version() -> str:
    """Return what changes when a static file does; "" where files keep their names."""
    return str(getattr(staticfiles_storage, "manifest_hash", ""))
