"""
The draft as visitors would see it: for editors, and for reviewers with a link.

A preview stands below a prefix of its own: `/admin/preview/<day>/` for editors,
`/preview/<link>/` for reviewers. What follows is a visitor's address: it is resolved as
always and answered by the same view, which finds the draft in `request.edition`. For
the time of the call the prefix is Django's script prefix, so that every address on the
page leads back into the preview.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import (
    ResolverMatch,
    get_resolver,
    get_script_prefix,
    resolve,
    reverse,
    set_script_prefix,
)
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from guide import models
from guide.compiling import compile_draft
from guide.flow.trace import dangling, trace
from guide.publishing import Edition
from guide.trace_in_words import dangling_in_words, in_words

# Days outside these have no use, and some of them no day a year earlier.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)

# Visitors' addresses that do not stand in the namespace of the guide.
OTHER_PAGES = frozenset({"front-door", "language-alias"})

# What somebody must be allowed to see before the draft may be shown to them.
SHOWN = ("operator", "question", "step")


@dataclass(frozen=True, kw_only=True)
class Preview:
    """One look at the draft."""

    edition: Edition
    language: str  # of the reader: what is said about the draft is said in it
    desk: str = ""  # the desk's page about previews; "" for a reviewer
    audit: str = ""
    until: datetime | None = None  # end of a reviewer's link
    forms: Mapping[str, str] = field(default_factory=dict)  # of steps, by code
    live: str = ""  # the same page as it is published

    @property
    def day(self) -> date:
        """The day for which the draft is shown."""
        return self.edition.today


def may_preview(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Tell whether somebody may see the draft, and show it to others."""
    return user.is_active and all(
        user.has_perm(f"guide.view_{model}") or user.has_perm(f"guide.change_{model}")
        for model in SHOWN
    )


def draft_edition(*, as_of: date | None) -> Edition:
    """
    Return the draft, compiled now.

    Its number is that of the newest publication, on which it builds: it has none of its
    own, and no page shows it.
    """
    return Edition(
        number=models.Publication.objects.newest_number() or 0,
        published_at=datetime.now(UTC),
        guide=compile_draft(),
        is_draft=True,
        as_of=as_of,
    )


def is_usable_day(day: date) -> bool:
    """Tell whether a preview can be made as of *day*."""
    return FIRST_DAY <= day <= LAST_DAY


# One page of a preview


def show(request: HttpRequest, preview: Preview, rest: str) -> HttpResponse:
    """
    Answer as a visitor's view does, from the draft.

    Args:
        request: Its path ends with *rest*.
        preview: What to show and to whom.
        rest: The visitor's address, without its first slash.

    Returns:
        A response that is rendered, marked as a draft and never cached.
    """
    root = get_script_prefix()
    prefix = request.path[: len(request.path) - len(rest)]
    path = f"/{rest}"
    language = translation.get_language_from_path(path)
    # Views compare the address with their own; what comes after them in the middleware
    # looks at it too, and must not take the preview for a page without a language.
    request.path_info = path
    request.edition = preview.edition
    request.preview = replace(preview, live=quote(f"{root}{rest}", safe="/~:@"))
    set_script_prefix(prefix)
    try:
        with translation.override(language or preview.language):
            response = _answer(request, path, has_language=language is not None)
            if isinstance(response, TemplateResponse):
                _add_trace(request.preview, response)
                response.render()
            response["Content-Language"] = translation.get_language()
    except Exception:
        # The page about it must not stumble over what the preview has added.
        request.preview = None
        raise
    finally:
        set_script_prefix(root)
    # A form in the page may have asked for a cookie; none is needed: nothing is sent.
    request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
    return never_kept(response)


def never_kept(response: HttpResponse) -> HttpResponse:
    """Keep a response out of every cache and every search engine."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def visitor_match(path: str) -> ResolverMatch | None:
    """Return what answers at a visitor's address; None where no visitor's page is."""
    try:
        match = resolve(path)
    except Http404:
        return None
    is_visitors = match.namespace == "guide" or match.url_name in OTHER_PAGES
    return match if is_visitors else None


def _answer(request: HttpRequest, path: str, *, has_language: bool) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        return _refused(request)
    wrong = _what_is_wrong(request.preview)
    if wrong:
        context = {"title": _("This draft cannot be shown yet"), "wrong": wrong}
        template = "guide/preview_impossible.html"
        return TemplateResponse(
            request, template, {**context, "is_error": True}, status=409
        )
    match = visitor_match(path)
    try:
        if match is None:
            raise Http404
        request.resolver_match = match
        return match.func(request, *match.args, **match.kwargs)
    except Http404 as error:
        if not has_language:
            # As on the site itself: first the language, then the page that says so.
            query = request.META.get("QUERY_STRING", "")
            address = f"{get_script_prefix()}{translation.get_language()}{path}"
            return HttpResponseRedirect(address + (f"?{query}" if query else ""))
        return get_resolver().resolve_error_handler(404)(request, exception=error)


def _refused(request: HttpRequest) -> HttpResponse:
    """Say that a preview takes nothing in."""
    template = "guide/preview_refused.html"
    context = {"title": _("Nothing was sent"), "is_error": True}
    if request.htmx:
        fragment = f"{template}#content"
        context["is_fragment"] = True
        response = TemplateResponse(request, fragment, context)
        response["HX-Retarget"], response["HX-Reswap"] = "#content", "outerHTML"
        return response
    response = TemplateResponse(request, template, context, status=405)
    response["Allow"] = "GET, HEAD"
    return response


def _what_is_wrong(preview: Preview) -> list[str]:
    """Return why the draft makes no questionnaire, in the reader's language."""
    guide = preview.edition.guide
    with translation.override(preview.language):
        if not guide.questions:
            return [_("It has no questions, so that nobody could answer any.")]
        return [dangling_in_words(found, guide) for found in dangling(guide)]


def _add_trace(preview: Preview, response: TemplateResponse) -> None:
    """Say at each step of a checklist why it is there."""
    context = response.context_data
    if "checklist" in context:
        guide = preview.edition.guide
        traces = trace(guide, context["position"])
        with translation.override(preview.language):
            context["trace"] = in_words(traces, guide, preview.forms)


# Links for reviewers


class LinkError(Exception):
    """A reviewer's link does not work."""

    status = 403


class ForgedError(LinkError):
    """The link is incomplete, changed, or from before a change of the secret."""


class ExpiredError(LinkError):
    """The link worked until some moment."""

    status = 410

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until)


class WithdrawnError(LinkError):
    """Who made the link may not show the draft any more."""

    status = 410


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a reviewer's link allows: to see the draft, for a while."""

    until: datetime
    as_of: date | None  # None: the day on which it is opened
    made_by: int  # primary key of a user


def sign_link(*, days: int, as_of: date | None, by: AbstractBaseUser) -> str:
    """Return the part of an address that shows the draft for *days* days."""
    until = datetime.now(UTC) + timedelta(days=days)
    day = as_of.isoformat() if as_of else ""
    return _signer().sign_object([int(until.timestamp()), day, by.pk], compress=False)


def read_link(token: str) -> Link:
    """
    Return what a reviewer's link allows now.

    Raises:
        LinkError: If it is no link of ours, has expired, or was made by somebody who
            may not show the draft any more.
    """
    try:
        until, day, made_by = _signer().unsign_object(token)
    except (BadSignature, ValueError) as error:
        raise ForgedError from error
    link = Link(
        until=datetime.fromtimestamp(until, UTC),
        as_of=date.fromisoformat(day) if day else None,
        made_by=made_by,
    )
    if link.until <= datetime.now(UTC):
        raise ExpiredError(link.until)
    maker = get_user_model().objects.filter(pk=link.made_by, is_staff=True).first()
    if maker is None or not may_preview(maker):
        raise WithdrawnError
    return link


def link_address(token: str, rest: str) -> str:
    """Return the address at which a reviewer opens a visitor's address."""
    return reverse("shared-preview", args=[token, rest] if rest else [token])


@csrf_exempt  # it takes nothing in, and says so
def shared_preview(request: HttpRequest, token: str, rest: str = "") -> HttpResponse:
    """Show the draft to whoever holds a link, and nothing else."""
    reader = translation.get_language() or "en"
    try:
        link = read_link(token)
    except LinkError as error:
        context = {
            "title": _("This link does not work"),
            "reason": type(error).__name__,
            "until": getattr(error, "until", None),
            "is_error": True,
        }
        template = "guide/preview_ended.html"
        response = TemplateResponse(request, template, context, status=error.status)
        return never_kept(response)
    edition = draft_edition(as_of=link.as_of)
    preview = Preview(edition=edition, language=reader, until=link.until)
    return show(request, preview, rest)


def _signer() -> Signer:
    # Not ":": some programs end a link there.
    return Signer(sep=".", salt="guide.previewing")
