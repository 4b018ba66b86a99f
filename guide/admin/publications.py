"""The history: what was published, and how to bring it back."""

from functools import lru_cache

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.decorators import permission_required
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from guide import differences, models, publishing, transfer
from guide.admin.decisions import (
    AGREE,
    BUSY,
    PUBLISH,
    NoteForm,
    RestoreForm,
    Trouble,
    changed_meanwhile,
    form_addresses,
    problem_groups,
    publishers,
    seen_now,
    tell_in_force,
)
from guide.differences import Side
from guide.flow.audit import audit
from guide.flow.differences import Difference, compare_rows
from guide.publishing import Draft, UnreadableDocumentError
from guide.rows import RowsError

ON_A_PAGE = 20  # each row of the list needs the difference of two documents

DOES_NOT_FIT = gettext_lazy(
    "This publication was made by another version of the program: its content does not "
    "fit the forms of today, so it cannot become the draft. Nothing was changed. You "
    "can still publish it again as it is."
)
IN_FORCE = gettext_lazy(
    "Nothing was published: visitors read just this content already."
)
BACK_NEEDS_TWO = gettext_lazy(
    "Nothing was published. One person alone may only take back the last publication. "
    "For an older one: restore it as the draft and ask for publication."
)


@admin.register(models.Publication)
class PublicationAdmin(admin.ModelAdmin):
    """What was published: to be read, never to be changed."""

    list_display = ("number", "note", "size", "published_at", "published_by")
    list_per_page = ON_A_PAGE
    search_fields = ("note", "number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.Publication]:
        found = super().get_queryset(request).select_related("published_by")
        return found.defer("document")

    @admin.display(description=gettext_lazy("what it changed"))
    def size(self, publication: models.Publication) -> str:
        earlier = _before(publication)
        if earlier is None:
            return _("The first publication")
        try:
            difference = difference_of(earlier.number, publication.number)
        except UnreadableDocumentError:
            return _("Cannot be read")
        return differences.size_in_words(difference)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Show the list under its name in the desk."""
        context = {"title": _("History"), **(extra_context or {})}
        return super().changelist_view(request, context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Show a publication with what it changed, instead of a form."""
        publication = self.get_object(request, object_id)
        if publication is None:
            raise Http404
        if not self.has_view_permission(request, publication):
            raise PermissionDenied
        if request.method != "GET":
            return HttpResponse(status=405)
        return _publication_page(request, publication)

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses of the pages on which publications come back."""
    page = site.admin_view
    return [
        path(
            "publications/<int:number>/restore/",
            page(restore_page),
            name="desk-restore",
        ),
        path(
            "publications/<int:number>/again/",
            page(publish_again_page),
            name="desk-publish-again",
        ),
        path(
            "publications/<int:number>/download/",
            page(download),
            name="desk-download",
        ),
        path("draft/download/", page(download_draft), name="desk-download-draft"),
    ]


# Looking


def _before(publication: models.Publication) -> models.Publication | None:
    earlier = models.Publication.objects.filter(number__lt=publication.number)
    return earlier.first()


def _by_number(number: int) -> models.Publication:
    return get_object_or_404(
        models.Publication.objects.select_related("published_by"), number=number
    )


def difference_of(earlier: int, later: int) -> Difference:
    """
    Return what one publication has and another has not.

    Publications never change, so each pair is compared once in a process.

    Raises:
        UnreadableDocumentError: If one of them cannot be read.
    """
    seals = dict(
        models.Publication.objects.filter(number__in=(earlier, later)).values_list(
            "number", "sha256"
        )
    )
    return _difference_of(earlier, seals[earlier], later, seals[later])


@lru_cache(maxsize=64)
def _difference_of(
    earlier: int, earlier_seal: str, later: int, later_seal: str
) -> Difference:
    before, after = (
        publishing.document_of(models.Publication.objects.get(number=number))
        for number in (earlier, later)
    )
    return compare_rows(before.read_rows(), after.read_rows())


def _publication_page(
    request: HttpRequest, publication: models.Publication
) -> HttpResponse:
    newest = models.Publication.objects.newest_number()
    earlier = _before(publication)
    wanted = request.GET.get("with", "")
    if wanted.isdigit():
        earlier = models.Publication.objects.filter(number=int(wanted)).first()
    context = {
        **admin.site.each_context(request),
        **_compared(earlier, publication),
        "title": _("Publication %(number)s") % {"number": publication.number},
        "publication": publication,
        "newest_number": newest,
        "is_in_force": publication.number == newest,
        "other": earlier,
        "others": models.Publication.objects.defer("document").exclude(
            pk=publication.pk
        ),
        "may_publish": request.user.has_perm(PUBLISH),
        "may_again": publishing.may_publish_again_alone(
            publication.number, newest=newest
        ),
        "publishers": publishers(),
        "entries": LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(models.Publication),
            object_id=publication.pk,
        ).select_related("user"),
    }
    return TemplateResponse(request, "desk/publication.html", context)


def _compared(
    before: models.Publication | None, after: models.Publication
) -> dict[str, object]:
    """Return the difference of two publications, or why there is none, for a page."""
    try:
        new = publishing.document_of(after)
    except UnreadableDocumentError as error:
        return {"unreadable": error}
    if before is None:
        return {}
    try:
        old = publishing.document_of(before)
        old_rows, new_rows = old.read_rows(), new.read_rows()
    except UnreadableDocumentError as error:
        return {"unreadable_other": error}
    difference = compare_rows(old_rows, new_rows)
    return {
        "size": differences.size_in_words(difference),
        "difference": difference,
        "sections": differences.sections(
            difference,
            before=Side(rows=old_rows, guide=old.guide),
            after=Side(rows=new_rows, guide=new.guide),
        ),
    }


# Restoring as the draft


@never_cache
@require_http_methods(["GET", "POST"])
@permission_required(PUBLISH, raise_exception=True)
def restore_page(request: HttpRequest, number: int) -> HttpResponse:
    """Make a publication the draft, after showing what would be lost."""
    publication = _by_number(number)
    trouble: Trouble | None = None
    if request.method == "POST":
        outcome = _restore(request, publication)
        if isinstance(outcome, HttpResponse):
            return outcome
        trouble = outcome
    draft = publishing.read_draft()
    newest = models.Publication.objects.first()
    context = {
        **admin.site.each_context(request),
        **_restored(publication, draft),
        **_lost(newest, draft),
        "title": _("Restore publication %(number)s as the draft") % {"number": number},
        "publication": publication,
        "newest": newest,
        "trouble": trouble,
        "form": RestoreForm(initial=seen_now(draft, newest)),
    }
    status = trouble.status if trouble else 200
    return TemplateResponse(request, "desk/restore.html", context, status=status)


def _restore(
    request: HttpRequest, publication: models.Publication
) -> HttpResponse | Trouble:
    form = RestoreForm(request.POST)
    form.is_valid()
    draft = publishing.read_draft()
    if not form.cleaned_data.get("lose") and publishing.held_by(draft.rows) is None:
        return Trouble(message=AGREE)
    try:
        publishing.restore(
            publication.number, by=request.user, draft_sha256=form.seen.sha256
        )
    except UnreadableDocumentError as error:
        return Trouble(message=str(error))
    except RowsError:
        return Trouble(message=DOES_NOT_FIT)
    except publishing.ChangedMeanwhileError:
        return changed_meanwhile(form)
    except publishing.BusyError:
        return Trouble(message=BUSY)
    messages.success(
        request,
        _(
            "The draft is now as publication %(number)s was. Visitors notice nothing "
            "until you publish it."
        )
        % {"number": publication.number},
    )
    return redirect("admin:desk-publish")


def _restored(publication: models.Publication, draft: Draft) -> dict[str, object]:
    """Return what restoring would change in the draft, for a page."""
    try:
        document = publishing.document_of(publication)
        rows = document.read_rows()
    except UnreadableDocumentError as error:
        return {"unreadable": error}
    difference = compare_rows(draft.rows, rows)
    return {
        "size": differences.size_in_words(difference),
        "difference": difference,
        "sections": differences.sections(
            difference,
            before=Side(rows=draft.rows, guide=draft.guide),
            after=Side(rows=rows, guide=document.guide),
        ),
    }


def _lost(newest: models.Publication | None, draft: Draft) -> dict[str, object]:
    """Return what in the draft is published nowhere, or where all of it is."""
    if newest is None:
        return {}
    holder = publishing.held_by(draft.rows)
    if holder is not None:
        return {"holder": holder}
    try:
        document = publishing.document_of(newest)
        rows = document.read_rows()
    except UnreadableDocumentError:
        return {"must_agree": True}
    difference = compare_rows(rows, draft.rows)
    return {
        "must_agree": True,
        "lost_size": differences.size_in_words(difference),
        "lost_sections": differences.sections(
            difference,
            before=Side(rows=rows, guide=document.guide),
            after=Side(rows=draft.rows, guide=draft.guide),
            addresses=form_addresses(),
        ),
    }


# Publishing once more


@never_cache
@require_http_methods(["GET", "POST"])
@permission_required(PUBLISH, raise_exception=True)
def publish_again_page(request: HttpRequest, number: int) -> HttpResponse:
    """Put a publication in force once more, after showing what changes for visitors."""
    publication = _by_number(number)
    newest = models.Publication.objects.first()
    form, trouble = NoteForm(initial=_seen_publications(newest)), None
    if request.method == "POST":
        form = NoteForm(request.POST)
        outcome = _publish_again(request, publication, form)
        if isinstance(outcome, HttpResponse):
            return outcome
        trouble = outcome
        newest = models.Publication.objects.first()
        form.data = {**form.data.dict(), **_seen_publications(newest)}
    context = {
        **admin.site.each_context(request),
        **_compared(newest, publication),
        **_problems(publication),
        "title": _("Publish publication %(number)s again") % {"number": number},
        "publication": publication,
        "newest": newest,
        "is_in_force": publication.sha256 == newest.sha256,
        "may_again": publishing.may_publish_again_alone(number, newest=newest.number),
        "form": form,
        "trouble": trouble,
    }
    status = trouble.status if trouble else 200
    return TemplateResponse(request, "desk/publish_again.html", context, status=status)


def _seen_publications(newest: models.Publication) -> dict[str, object]:
    return {"number": newest.number, "sha256": newest.sha256}


def _publish_again(
    request: HttpRequest, publication: models.Publication, form: NoteForm
) -> HttpResponse | Trouble | None:
    if not form.is_valid():
        return None
    newest = models.Publication.objects.first()
    if publication.sha256 == newest.sha256 and form.seen.number == newest.number:
        return Trouble(message=IN_FORCE)
    try:
        again = publishing.publish_again(
            publication.number,
            note=form.cleaned_data["note"],
            by=request.user,
            newest=form.seen.number,
        )
    except UnreadableDocumentError as error:
        return Trouble(message=str(error))
    except publishing.ChangedMeanwhileError:
        return changed_meanwhile(form)
    except publishing.SecondPersonNeededError:
        return Trouble(message=BACK_NEEDS_TWO)
    except publishing.BusyError:
        return Trouble(message=BUSY)
    tell_in_force(request, again)
    return redirect("admin:guide_publication_change", again.pk)


def _problems(publication: models.Publication) -> dict[str, object]:
    """Return what the audit says today of an earlier guide, for a page."""
    try:
        document = publishing.document_of(publication)
        names = differences.names_of(document.read_rows())
    except UnreadableDocumentError:
        return {}
    problems = [
        problem
        for problem in audit(document.guide, publishing.today())
        if problem.is_error
    ]
    return {
        "errors": problem_groups(problems, names, {}),
        "error_count": len(problems),
    }


# Taking a copy along


@require_GET
@permission_required(PUBLISH, raise_exception=True)
def download(request: HttpRequest, number: int) -> HttpResponse:
    """Give a publication as a file that import_guide reads."""
    publication = _by_number(number)
    try:
        content = transfer.pack_publication(publication)
    except UnreadableDocumentError as error:
        messages.error(request, str(error))
        return redirect("admin:guide_publication_change", publication.pk)
    return _as_file(content, f"sim-exit-guide-{number}.json")


@never_cache
@require_GET
@permission_required(PUBLISH, raise_exception=True)
def download_draft(request: HttpRequest) -> HttpResponse:
    """Give the draft as a file that import_guide reads."""
    content = transfer.pack_draft(publishing.read_draft())
    return _as_file(content, f"sim-exit-draft-{publishing.today()}.json")


def _as_file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
