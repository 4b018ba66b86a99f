"""Where visitors say that something is wrong: the only page that takes something in."""

import logging
import secrets
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from guide import reports, spam
from guide.forms import LONGEST_TEXT, ReportForm
from guide.publishing import edition_for
from guide.reports import Kind, Subject, TooManyReportsError

logger = logging.getLogger(__name__)

LANGUAGES = tuple(code for code, name in settings.LANGUAGES)
# Pages that lead here, and to which visitors go back.
PAGES_WITH_REPORTS = (
    "checklist",
    "operator-detail",
    "letter-detail",
    "faq",
    "faq-entry",
    "glossary",
)
LONGEST_ADDRESS = 2000


# A CSRF token needs a cookie, and visitors get none. It would protect nothing either:
# no visitor is signed in, so another site could only send what it can send itself.
# What browsers say about where a form comes from is heeded all the same.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def report(request: HttpRequest) -> HttpResponse:
    """Ask what is wrong with a step, a fact or the guide, and keep the answer."""
    if request.method == "POST":
        if spam.is_from_elsewhere(request):
            return render(request, "form_refused.html", {"is_error": True}, status=403)
        return receive(request)
    if "sent" in query_of(request):
        return report_page(request, {"is_sent": True, "title": _("Thank you")})
    return form_page(request, ReportForm())


def receive(request: HttpRequest) -> HttpResponse:
    """Keep a report, or show the form again with the text and what is wrong with it."""
    try:
        form = ReportForm(request.POST)
    except (RequestDataTooBig, TooManyFieldsSent):
        sentence = _(
            "Your text is much too long to be read here. Please go back and make it "
            "shorter: at most %(most)s characters fit."
        ) % {"most": LONGEST_TEXT}
        return form_page(request, ReportForm(), [sentence], status=422)
    edition = edition_for(request)
    if asked_about(request) and subject_of(request) is None:
        # The text shall not be taken for one about the whole guide without a word.
        return form_page(request, form, status=422)
    if edition.is_draft:
        sentence = _("This is a preview of the draft: nothing was sent.")
        return form_page(request, form, [sentence], status=422)
    if not form.is_valid():
        return form_page(request, form, form.sentences(), status=422)
    wait = spam.seconds_to_wait(request)
    if wait:
        return wait_page(request, form, wait)
    try:
        reports.file_report(
            subject=subject_of(request),
            text=form.cleaned_data["text"],
            language=translation.get_language() or settings.LANGUAGE_CODE,
            publication_number=edition.number,
        )
    except TooManyReportsError as error:
        return wait_page(request, form, int(error.wait.total_seconds()))
    except DatabaseError:
        # Without the error itself: it could hold the visitor's words.
        logger.warning("A report could not be kept: the database does not answer.")
        sentence = _(
            "Your report could not be kept just now; the fault is ours. Your text is "
            "still here: please press “Send” again in a few minutes."
        )
        return form_page(request, form, [sentence], status=503)
    if is_in_place(request):
        return report_page(request, {"is_sent": True})
    return redirect(report_address(request, sent="1"))


# What is shown


def form_page(
    request: HttpRequest,
    form: ReportForm,
    errors: list[str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Return the form, with the text that was typed and what is wrong with it."""
    subject = subject_of(request)
    context = {
        "title": _("Report a mistake"),
        "form": form,
        "errors": errors or [],
        # Of its own for each form: several may be open in one page.
        "form_id": f"report-{secrets.token_hex(4)}",
        "stamp": form.stamp(),
        # What is not in the guide any more makes this a report on the guide.
        "address": report_address(request, is_about=subject is not None),
        "is_unknown": asked_about(request) is not None and subject is None,
    }
    return report_page(request, context, status=status)


def wait_page(request: HttpRequest, form: ReportForm, seconds: int) -> HttpResponse:
    """Say when to send again, with the text kept."""
    minutes = max(1, -(-seconds // 60))
    sentence = ngettext(
        "So many reports came in that we take no more for a moment. Your text is still "
        "here: please press “Send” again in %(minutes)d minute.",
        "So many reports came in that we take no more for a while. Your text is still "
        "here: please press “Send” again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
    response = form_page(request, form, [sentence], status=429)
    response["Retry-After"] = str(seconds)
    return response


def report_page(
    request: HttpRequest, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    """Return a whole page, or for htmx only what opens in place."""
    edition = edition_for(request)
    subject = subject_of(request)
    shared = {
        "published": edition,
        "guide": edition.guide,
        "in_place": is_in_place(request),
        "subject": subject,
        "operator_name": subject.operator.name if subject and subject.operator else "",
        "back": back_of(request),
    }
    template = "guide/report.html" + ("#in-place" if is_in_place(request) else "")
    return TemplateResponse(request, template, {**shared, **context}, status=status)


def is_in_place(request: HttpRequest) -> bool:
    """Tell whether only the form is wanted, for a page that is open already."""
    return bool(request.htmx) and not request.htmx.history_restore_request


# What the request says


def query_of(request: HttpRequest) -> dict[str, str]:
    """Return the parameters of the address; `request.GET` refuses mangled ones."""
    return dict(parse_qsl(request.META.get("QUERY_STRING", ""), errors="replace"))


def asked_about(request: HttpRequest) -> tuple[Kind, str] | None:
    """Return kind and code in the address, known to the guide or not."""
    query = query_of(request)
    return next(((kind, query[kind]) for kind in Kind if query.get(kind)), None)


def subject_of(request: HttpRequest) -> Subject | None:
    """Return what the report is about, None for the guide in general."""
    asked = asked_about(request)
    return reports.find_subject(edition_for(request).guide, *asked) if asked else None


def report_address(request: HttpRequest, *, is_about: bool = True, **more: str) -> str:
    """Return the address of this form, with what it is about and the way back."""
    query = dict(more)
    asked = asked_about(request)
    if asked and is_about:
        query[asked[0]] = asked[1]
    if query_of(request).get("back"):
        query["back"] = query_of(request)["back"]
    return reverse("guide:report") + (f"?{urlencode(query)}" if query else "")


def back_of(request: HttpRequest) -> str:
    """
    Return the address from which the visitor came, "" if it is none of our pages.

    It is made anew in the language of this page: who changes the language here goes
    back to a page in that language.
    """
    back = query_of(request).get("back", "")
    prefix = get_script_prefix()
    if (
        len(back) > LONGEST_ADDRESS
        or not back.startswith(prefix)
        or not url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    ):
        return ""
    parts = urlsplit(back)
    language, _slash, rest = parts.path.removeprefix(prefix).partition("/")
    if language not in LANGUAGES:
        return ""
    try:
        match = resolve(f"/{translation.get_language()}/{rest}")
    except Resolver404:
        return ""
    if match.namespace != "guide" or match.url_name not in PAGES_WITH_REPORTS:
        return ""
    address = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
    query = f"?{parts.query}" if parts.query else ""
    return address + query + place_of(subject_of(request))


def place_of(subject: Subject | None) -> str:
    """Return the place in a page at which a thing can be reported."""
    if subject is None or subject.kind is Kind.CHANNEL:
        return ""  # one channel may stand in several steps
    return f"#report-{subject.kind}-{subject.code}"
