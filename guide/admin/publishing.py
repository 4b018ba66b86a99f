"""Put the draft in force, alone or with a second person."""

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guide import differences, models, publishing
from guide.admin import publications
from guide.admin.addresses import row_addresses
from guide.admin.decisions import (
    ASK,
    BUSY,
    LOOK,
    PUBLISH,
    DeclineForm,
    NoteForm,
    SeenForm,
    Trouble,
    changed_meanwhile,
    form_addresses,
    problem_groups,
    publishers,
    refuse_without,
    seen_now,
    tell_in_force,
)
from guide.differences import Section, Side
from guide.flow.audit import audit, is_partial
from guide.flow.differences import Difference, compare_rows
from guide.publishing import Draft


@never_cache
@require_http_methods(["GET", "POST"])
@permission_required(LOOK, raise_exception=True)
def publish_page(request: HttpRequest) -> HttpResponse:
    """Show what would be published and what the audit says; publish it."""
    form: SeenForm | None = None
    trouble: Trouble | None = None
    if request.method == "POST":
        action = ACTIONS.get(request.POST.get("action", ""), _publish)
        outcome = action(request)
        if isinstance(outcome, HttpResponse):
            return outcome
        form, trouble = outcome
    context = {
        **admin.site.each_context(request),
        **_standing(request, form),
        "title": _("Publish"),
        "trouble": trouble,
    }
    status = trouble.status if trouble else 200
    return TemplateResponse(request, "desk/publish.html", context, status=status)


Outcome = HttpResponse | tuple[forms.Form, Trouble | None]


def _publish(request: HttpRequest) -> Outcome:
    """Publish, with the note of this form or of the one who has asked."""
    refuse_without(request, PUBLISH)
    by_request = "approve" in request.POST
    form = (SeenForm if by_request else NoteForm)(request.POST)
    if not form.is_valid():
        return form, None
    try:
        publication, _problems = publishing.publish(
            note=form.cleaned_data.get("note", ""), by=request.user, seen=form.seen
        )
    except publishing.AuditFailedError:
        message = _("Nothing was published: the audit found errors. Mend them first.")
        return form, Trouble(message=message)
    except publishing.ChangedMeanwhileError:
        return form, changed_meanwhile(form)
    except publishing.SecondPersonNeededError:
        message = _(
            "Nothing was published: here one person asks for a publication and another "
            "one publishes it."
        )
        return form, Trouble(message=message)
    except publishing.BusyError:
        return form, Trouble(message=BUSY)
    tell_in_force(request, publication)
    return redirect("admin:guide_publication_change", publication.pk)


def _ask(request: HttpRequest) -> Outcome:
    refuse_without(request, ASK)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return form, None
    try:
        publishing.propose(
            note=form.cleaned_data["note"], by=request.user, seen=form.seen
        )
    except publishing.ChangedMeanwhileError:
        return form, changed_meanwhile(form)
    except publishing.AuditFailedError:
        message = _("Nothing was asked: the audit found errors. Mend them first.")
        return form, Trouble(message=message)
    except publishing.BusyError:
        return form, Trouble(message=BUSY)
    messages.success(
        request,
        _(
            "You have asked for this draft to be published. Tell another publisher: "
            "the request stands on this page. If the draft changes, it must be asked "
            "anew."
        ),
    )
    return redirect("admin:desk-publish")


def _decline(request: HttpRequest) -> Outcome:
    refuse_without(request, PUBLISH)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return form, None
    proposal = models.Proposal.objects.first()
    if proposal:
        reason = form.cleaned_data["reason"]
        publishing.decline(proposal, by=request.user, reason=reason)
    messages.success(request, _("The request is declined; the reason stands here."))
    return redirect("admin:desk-publish")


def _withdraw(request: HttpRequest) -> Outcome:
    proposal = models.Proposal.objects.filter(proposed_by=request.user).first()
    if proposal:
        publishing.withdraw(proposal, by=request.user)
        messages.success(request, _("You have taken your request back."))
    return redirect("admin:desk-publish")


ACTIONS: dict[str, Callable[[HttpRequest], Outcome]] = {
    "publish": _publish,
    "ask": _ask,
    "decline": _decline,
    "withdraw": _withdraw,
}


def _standing(request: HttpRequest, sent: forms.Form | None) -> dict[str, object]:
    """Return how draft, publication and request stand, for the page."""
    draft = publishing.read_draft()
    newest = models.Publication.objects.select_related("published_by").first()
    shown = _draft_against(newest, draft)
    names = differences.names_of(draft.rows)
    problems = audit(draft.guide, publishing.today())
    groups = problem_groups(problems, names, row_addresses())
    proposal = models.Proposal.objects.select_related("proposed_by").first()
    takes_two = publishing.second_person_needed() and newest is not None
    is_void = bool(proposal) and proposal.sha256 != draft.sha256
    return {
        **shown,
        "newest": newest,
        "errors": [group for group in groups if group.is_error],
        "warnings": [group for group in groups if not group.is_error],
        "warning_count": sum(not problem.is_error for problem in problems),
        "is_partial": is_partial(problems),
        "error_count": sum(problem.is_error for problem in problems),
        "form": _fresh(sent, draft, newest, proposal if is_void else None),
        "decline_form": sent if isinstance(sent, DeclineForm) else DeclineForm(),
        "may_publish": request.user.has_perm(PUBLISH),
        "may_ask": request.user.has_perm(ASK),
        "publishers": publishers(
            other_than=proposal.proposed_by if takes_two and proposal else None
        ),
        "takes_two": takes_two,
        "proposal": proposal if takes_two else None,
        "proposal_is_void": is_void,
        "proposal_is_own": bool(proposal) and proposal.proposed_by == request.user,
        "declined": publishing.last_declined() if takes_two else None,
    }


def _draft_against(
    newest: models.Publication | None, draft: Draft
) -> dict[str, object]:
    """Return what the draft changes in the publication in force."""
    if newest is None:
        return {"is_first": True, "has_changes": True}
    try:
        document = publishing.document_of(newest)
        before = Side(rows=document.read_rows(), guide=document.guide)
    except publishing.UnreadableDocumentError as error:
        return {"unreadable": error, "has_changes": True}
    difference = compare_rows(before.rows, draft.rows)
    # The same texts can make another guide after an update of the program.
    return {
        "has_changes": bool(difference) or before.guide != draft.guide,
        "size": differences.size_in_words(difference),
        "difference": difference,
        "sections": _sections(difference, before, draft),
    }


def _sections(difference: Difference, before: Side, draft: Draft) -> list[Section]:
    return differences.sections(
        difference,
        before=before,
        after=Side(rows=draft.rows, guide=draft.guide),
        addresses=form_addresses() if difference else {},
    )


def _fresh(
    sent: forms.Form | None,
    draft: Draft,
    newest: models.Publication | None,
    void: models.Proposal | None,
) -> NoteForm:
    """Return the form about what is shown now, with what was typed before."""
    seen = seen_now(draft, newest)
    if isinstance(sent, NoteForm) and "note" in sent.errors:
        typed = sent["note"].value()
        fresh = NoteForm({**seen, "note": typed})
        fresh.is_valid()
        return fresh
    typed = sent["note"].value() if isinstance(sent, NoteForm) else ""
    return NoteForm(initial={**seen, "note": typed or (void.note if void else "")})


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses of further pages."""
    return publications.urls(site)
