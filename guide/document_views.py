"""The checklist in other forms, each at its own ending of the checklist's address."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guide.case_addresses import Case, case_of
from guide.documents.as_calendar import NoDatesError, to_calendar
from guide.documents.as_contact import NoContactsError, to_contact
from guide.documents.as_json import to_json
from guide.documents.as_page import to_page
from guide.documents.as_text import to_text
from guide.documents.outline import Outline, Page, outline
from guide.documents.pdf import PdfError, to_pdf
from guide.pages import page
from guide.taking_along import end_question_address


@dataclass(frozen=True, kw_only=True)
class Form:
    """One kind of document."""

    media_type: str
    make: Callable[[Outline], str | bytes]
    is_shown: bool = True  # else browsers save it


FORMS = {
    "pdf": Form(media_type="application/pdf", make=to_pdf),
    "ics": Form(media_type="text/calendar; charset=utf-8", make=to_calendar),
    "vcf": Form(media_type="text/vcard; charset=utf-8", make=to_contact),
    "json": Form(media_type="application/json", make=to_json),
    "txt": Form(media_type="text/plain; charset=utf-8", make=to_text),
    # Its style stands in the file, which our pages may not have.
    "html": Form(media_type="text/html; charset=utf-8", make=to_page, is_shown=False),
}


@require_safe
def document(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the checklist of a complete set of answers as a file."""
    case = case_of(request)
    address = case.address_of(f"guide:checklist-{ending}")
    if address != request.get_full_path():
        return _apart(redirect(address))

    form = FORMS[ending]
    found = outline_of(request, case)
    try:
        content = form.make(found)
    except NoDatesError:
        return no_document(request, case, "dates", status=404)
    except NoContactsError:
        return no_document(request, case, "contacts", status=404)
    except PdfError:
        return no_document(request, case, "pdf", status=503)
    response = HttpResponse(content, content_type=form.media_type)
    response["Content-Disposition"] = content_disposition_header(
        not form.is_shown, f"{file_name(found)}.{ending}"
    )
    response["Cache-Control"] = "public, no-cache"
    response["Content-Language"] = found.html_language
    return _apart(response)


def outline_of(request: HttpRequest, case: Case) -> Outline:
    """Return what stands in the documents of a case, in the language of the address."""
    edition = case.edition
    # Notices of a redirect are for the visitor who was redirected, not for the file.
    kept = Case(edition, case.position, (), case.made_with)
    end = end_question_address(case)
    origin = Page(
        address=request.build_absolute_uri(kept.address_of("guide:checklist")),
        change_end=request.build_absolute_uri(end) if end else "",
        publication=edition.number,
        published_on=timezone.localdate(edition.published_at),
        today=edition.today,
        is_draft=edition.is_draft,
    )
    return outline(
        edition.guide,
        case.position,
        edition.checklist(case.position),
        language=translation.get_language() or "en",
        page=origin,
    )


def file_name(found: Outline) -> str:
    """Return a name under which a file is found again, without its ending."""
    name = _("SIM Exit checklist") + (
        f" {found.operator_name}" if found.operator_code else ""
    )
    # What no system minds in a name: letters of any script, digits, spaces, hyphens.
    return re.sub(r"\s+", " ", re.sub(r"[^\w -]", " ", name)).strip()


def no_document(
    request: HttpRequest, case: Case, missing: str, *, status: int
) -> HttpResponse:
    """Say why there is no such file for this case, and what to do next."""
    context = {
        "title": _("This file cannot be made yet"),
        "missing": missing,
        "end_question": end_question_address(case),
        "checklist_address": case.address_of("guide:checklist"),
    }
    response = page(request, "guide/no_document.html", context)
    response.status_code = status
    if status == 503:
        response["Cache-Control"] = "no-store"
    return _apart(response)


def _apart(response: HttpResponse) -> HttpResponse:
    """Keep what belongs to one case out of search engines."""
    response["X-Robots-Tag"] = "noindex"
    return response
