"""The desk's page about previews, and the draft as staff see it."""

from collections.abc import Callable
from datetime import date
from urllib.parse import unquote, urlencode, urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guide import models
from guide.admin.addresses import form_address
from guide.compiling import compile_draft
from guide.flow.answers import as_day
from guide.flow.content import Choice, Guide, Kind, Question
from guide.previewing import (
    FIRST_DAY,
    LAST_DAY,
    Preview,
    draft_edition,
    is_usable_day,
    link_address,
    may_preview,
    read_link,
    show,
    sign_link,
    visitor_match,
)

TODAY = "today"  # in an address, for a preview without a day of its own
LINK_DAYS = (1, 7, 30)


# Forms


class PageForm(forms.Form):
    """Which page of the draft, in which language and as of which day."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES
    )
    as_of = forms.CharField(
        label=gettext_lazy("As of"),
        required=False,
        help_text=gettext_lazy(
            "What is overdue on that day shows as overdue, and dates follow it. Leave "
            "it empty for today."
        ),
        widget=forms.DateInput(
            format="%Y-%m-%d",
            attrs={"type": "date", "min": FIRST_DAY, "max": LAST_DAY},
        ),
    )
    link = forms.CharField(
        label=gettext_lazy("Link to a page of the guide"),
        required=False,
        max_length=8000,
        widget=forms.TextInput(
            attrs={"size": 60, "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def clean_as_of(self) -> date | None:
        text = self.cleaned_data["as_of"].strip()
        if not text:
            return None
        day = as_day(text)
        if day is not None and is_usable_day(day):
            return day
        # The browser's calendar would show nothing of what was typed.
        self.fields["as_of"].widget.input_type = "text"
        values = {"day": text, "first": FIRST_DAY.year, "last": LAST_DAY.year}
        if day is None:
            raise forms.ValidationError(
                _(
                    "“%(day)s” is no day. Write it as year-month-day, such as "
                    "2027-01-31, or leave the field empty for today."
                ),
                params=values,
            )
        raise forms.ValidationError(
            _(
                "“%(day)s” is too far away. Choose a day between %(first)s and "
                "%(last)s, or leave the field empty for today."
            ),
            params=values,
        )

    def clean_link(self) -> str:
        text = self.cleaned_data["link"]
        found = visitors_address(text) if text else ""
        if found is None:
            raise forms.ValidationError(
                _(
                    "No page of the guide has this address. Paste the whole address "
                    "from the address bar of a browser, such as %(example)s."
                ),
                params={"example": "https://…/en/checklist/?goal=stop&line=…"},
            )
        return found


class ShowForm(PageForm):
    """Go to a page of the draft: by a link, by answers, or the start page."""

    def __init__(self, *args: object, guide: Guide, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["link"].help_text = _(
            "From the published guide or from a preview, also an old one. It opens in "
            "its own language; the answers below are then not used."
        )
        self.guide = guide
        for question in guide.questions:
            self.fields.update(fields_of(question))

    def answers(self) -> list[list[forms.BoundField]]:
        """Return the fields for each question, to be shown together."""
        return [
            [self[name] for name in fields_of(question)]
            for question in self.guide.questions
        ]

    def chosen(self) -> list[tuple[str, str]]:
        """Return the answers that were chosen, as parameters of a visitor's address."""
        found = []
        for question in self.guide.questions:
            for name in fields_of(question):
                value = self.cleaned_data.get(name) or []
                codes = value if isinstance(value, list) else [value]
                found += [(question.slug, str(code)) for code in codes]
        return found


class ShareForm(PageForm):
    """Make a link for a reviewer."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("The link works for"), coerce=int, initial=7
    )

    field_order = ("days", "language", "as_of", "link")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [
            (days, days_in_words(days)) for days in LINK_DAYS
        ]
        self.fields["link"].label = _("Page to open")
        self.fields["link"].help_text = _(
            "A link from the published guide or from a preview. Leave it empty for the "
            "start page."
        )
        self.fields["as_of"].help_text = _(
            "Leave it empty to show the draft as of the day on which the link is "
            "opened."
        )


def days_in_words(days: int) -> str:
    """Return for how long a link works."""
    return translation.ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def fields_of(question: Question) -> dict[str, forms.Field]:
    """Return the fields in which a question is answered on the desk, all optional."""
    name, title = f"answer-{question.slug}", read(question)
    labels = [(choice.slug, read(choice)) for choice in question.choices]
    if question.kind is Kind.MANY:
        widget = forms.CheckboxSelectMultiple
        field = forms.MultipleChoiceField(
            label=title, choices=labels, widget=widget, required=False
        )
        return {name: field}
    found: dict[str, forms.Field] = {}
    if question.kind is Kind.DATE:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        found[f"{name}-day"] = forms.DateField(
            label=title, widget=widget, required=False
        )
        title = _("%(question)s (without a day)") % {"question": title}
    if labels:
        found[name] = forms.ChoiceField(
            label=title, choices=[("", _("Not answered")), *labels], required=False
        )
    return found


def read(named: Question | Choice) -> str:
    """Return what a question or a choice is called, in the language of the desk."""
    text = named.title if isinstance(named, Question) else named.label
    return text.read(translation.get_language() or "en") or named.slug


def visitors_address(link: str) -> str | None:
    """
    Return the visitor's address in a link: path and query.

    Args:
        link: What somebody pasted: a link to the site, under whatever name, or to a
            preview of it; with or without the scheme.

    Returns:
        Such as "/en/checklist/?goal=stop"; None when no page answers there.
    """
    link = link.strip()
    is_whole = "://" in link or link.startswith("/")
    # Without a scheme it may begin with the site's name or with the page.
    for text in (link,) if is_whole else (f"/{link}", f"//{link}"):
        try:
            parts = urlsplit(text)
        except ValueError:
            continue
        if not parts.path and not is_whole:
            continue
        visitors = without_preview(unquote(parts.path) or "/")
        language = translation.get_language_from_path(visitors)
        with translation.override(language or "en"):
            match = visitor_match(visitors)
        if match is not None and match.url_name != "language-alias":
            return visitors + (f"?{parts.query}" if parts.query else "")
    return None


def without_preview(address: str) -> str:
    """Return the visitor's part of an address that may be one of a preview."""
    for start in (reverse("admin:desk-preview"), "/preview/"):
        _which, slash, rest = address.removeprefix(start).partition("/")
        if address.startswith(start) and slash:
            return f"/{rest}"
    return address


# Pages


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Lead to a page of the draft, and make links for reviewers."""
    if not may_preview(request.user):
        return refused(request)
    typed = request.GET if "show" in request.GET else None
    status, shared = 200, None
    given = {
        "language": request.GET.get("language") or translation.get_language(),
        "as_of": as_day(request.GET.get("as_of", "")),
        "link": request.GET.get("link", ""),
    }
    form = ShowForm(typed, initial=given, guide=compile_draft())
    share = ShareForm(initial=given, prefix="share")
    if request.method == "POST":
        share = ShareForm(request.POST, prefix="share")
        if share.is_valid():
            shared = make_link(request, share)
    elif form.is_bound and form.is_valid():
        return HttpResponseRedirect(address_for(form))
    if form.errors or share.errors:
        status = 400
    context = {"form": form, "share": share, "shared": shared}
    return desk_page(request, "desk/preview.html", context, status=status)


def make_link(request: HttpRequest, share: ShareForm) -> dict[str, object]:
    """Return a new link for a reviewer and until when it works."""
    asked = share.cleaned_data
    token = sign_link(days=asked["days"], as_of=asked["as_of"], by=request.user)
    page = asked["link"] or f"/{asked['language']}/"
    visitors, _mark, query = page.partition("?")
    address = link_address(token, visitors[1:]) + (f"?{query}" if query else "")
    return {
        "address": request.build_absolute_uri(address),
        "until": read_link(token).until,
        "as_of": asked["as_of"],
    }


def address_for(form: ShowForm) -> str:
    """Return where the draft is shown as the form asks for it."""
    asked = form.cleaned_data
    page = asked["link"]
    if not page:
        chosen = urlencode(form.chosen())
        page = f"/{asked['language']}/" + (f"guide/?{chosen}" if chosen else "")
    visitors, _mark, query = page.partition("?")
    day = asked["as_of"].isoformat() if asked["as_of"] else TODAY
    # Without a page, the address ends with the day.
    place = [day, visitors[1:]] if visitors[1:] else [day]
    address = reverse("admin:desk-preview-page", args=place)
    return address + (f"?{query}" if query else "")


def staff_preview(request: HttpRequest, day: str, rest: str = "") -> HttpResponse:
    """Show one page of the draft to staff."""
    if not may_preview(request.user):
        return refused(request)
    as_of = None if day == TODAY else as_day(day)
    if day != TODAY and (as_of is None or not is_usable_day(as_of)):
        query = request.META.get("QUERY_STRING", "")
        link = f"/{rest}" + (f"?{query}" if query else "")
        asked = {
            "show": "1",
            "language": translation.get_language_from_path(f"/{rest}")
            or translation.get_language(),
            "as_of": day,
            "link": link,
        }
        # The form says what is wrong with the day, and keeps the rest.
        address = f"{reverse('admin:desk-preview')}?{urlencode(asked)}"
        return HttpResponseRedirect(address)
    preview = Preview(
        edition=draft_edition(as_of=as_of),
        language=translation.get_language() or "en",
        desk=reverse("admin:desk-preview"),
        audit=reverse("admin:desk-audit"),
        forms=step_forms(request),
    )
    return show(request, preview, rest)


def step_forms(request: HttpRequest) -> dict[str, str]:
    """Return the addresses of the steps' forms, none for who may not change them."""
    if not request.user.has_perm("guide.change_step"):
        return {}
    steps = models.Step.objects.order_by().values_list("slug", "pk")
    return {slug: form_address(models.Step, pk) for slug, pk in steps}


def refused(request: HttpRequest) -> HttpResponse:
    """Say who may see the draft."""
    return desk_page(request, "desk/preview_refused.html", {}, status=403)


def desk_page(
    request: HttpRequest, template: str, context: dict[str, object], *, status: int
) -> HttpResponse:
    """Return a page of the desk about previews."""
    shared = {**admin.site.each_context(request), "title": _("Preview of the draft")}
    return TemplateResponse(request, template, {**shared, **context}, status=status)


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses of the draft's pages."""
    view = for_staff(site, staff_preview)
    return [
        path("preview/<str:day>/", view, name="desk-preview-page"),
        path("preview/<str:day>/<path:rest>", view, name="desk-preview-page"),
    ]


def for_staff(
    site: admin.AdminSite, view: Callable[..., HttpResponse]
) -> Callable[..., HttpResponse]:
    """Ask for a login first; within a page that has been open too long, too."""
    guarded = site.admin_view(csrf_exempt(view))  # it takes nothing in, and says so

    def answer(request: HttpRequest, **place: str) -> HttpResponse:
        if request.htmx and not site.has_permission(request):
            # The form to log in must not land in the middle of a page: at an error the
            # guide's script loads the whole page.
            return HttpResponse(status=401)
        return guarded(request, **place)

    return csrf_exempt(answer)
