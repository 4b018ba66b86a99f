"""The page on which an answer is taken out of the guide, with another in its place."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import models as db
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guide import models
from guide.admin.addresses import row_addresses
from guide.admin.deleting import Link, link_to
from guide.admin.lists import names_in_draft
from guide.compiling import compile_draft
from guide.conditions_in_words import in_words
from guide.flow.audit import Problem, audit
from guide.flow.content import Guide
from guide.published_codes import published_since
from guide.publishing import today
from guide.retiring import (
    ENGINE_ANSWERS,
    RETIRABLE,
    CannotRetireError,
    own_content,
    replacements_for,
    retire,
    rewritings,
)
from guide.uses import answer_of
from guide.wording import problem_in_words

KINDS = {model._meta.model_name: model for model in RETIRABLE}


@dataclass(frozen=True, kw_only=True)
class Change:
    """What becomes of one condition."""

    link: Link
    before: str
    after: str


class _NewErrorsError(Exception):
    """The audit finds errors that were not there before."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} errors")


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses of further pages."""
    page = site.admin_view(retire_page)
    return [path("retire/<slug:kind>/<int:pk>/", page, name="desk-retire")]


@require_http_methods(["GET", "HEAD", "POST"])
def retire_page(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Ask which answer takes the place of another, show what changes, and do it."""
    model = get_model_or_404(kind)
    require_rights(request, model)
    row = model.objects.filter(pk=pk).first()
    if row is None:
        messages.warning(
            request, _("It is not there any more: perhaps it was retired already.")
        )
        return HttpResponseRedirect(list_address(model))
    given = request.POST if request.method == "POST" else request.GET
    draft = compile_draft()
    replacements = replacements_for(row, draft)
    chosen = next((r for r in replacements if r.slug == given.get("by")), None)
    problem, new_errors = "", []
    if request.method == "POST" and chosen is None:
        problem = _("Choose the answer that takes its place.")
    elif request.method == "POST":
        try:
            return _retire(request, row, chosen, draft)
        except CannotRetireError as refusal:
            problem = str(refusal)
        except _NewErrorsError as failure:
            new_errors = failure.problems
            # Taken back in the database; in memory it is deleted.
            row = model.objects.get(pk=pk)
            problem = _(
                "The audit would then find mistakes that are not there now. Nothing "
                "has changed yet."
            )
    changes = _changes(row, chosen) if chosen else []
    addresses = row_addresses() if new_errors else {}
    context = {
        **admin.site.each_context(request),
        "title": _("Retire “%(answer)s”") % {"answer": _name(row)},
        "name": _name(row),
        "link": link_to(row),
        "since": published_since(row),
        "is_needed": answer_of(row) in ENGINE_ANSWERS,
        "replacements": [(one.slug, _name(one)) for one in replacements],
        "chosen_code": chosen.slug if chosen else "",
        "chosen_name": _name(chosen) if chosen else "",
        "changes": changes,
        "content": [link_to(one) for one in own_content(row)],
        "old_codes": _codes_leading_to(row),
        "may_rewrite": "rewrite" in request.POST,
        "may_delete_content": "content" in request.POST,
        "problem": problem,
        "new_errors": [
            (problem_in_words(one), one.slug, addresses.get((one.kind, one.slug), ""))
            for one in new_errors
        ],
    }
    return TemplateResponse(request, "desk/retire.html", context)


def get_model_or_404(kind: str) -> type[db.Model]:
    """Return what kind of answer is spoken of."""
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def require_rights(request: HttpRequest, model: type[db.Model]) -> None:
    """Refuse whoever could not delete the row and change conditions by hand."""
    name = model._meta.model_name
    wanted = [f"guide.delete_{name}", "guide.add_retiredcode", "guide.change_step"]
    if not request.user.has_perms(wanted):
        raise PermissionDenied


def list_address(model: type[db.Model]) -> str:
    """Return the address of the list of a model."""
    return reverse(f"admin:guide_{model._meta.model_name}_changelist")


def _name(row: db.Model) -> str:
    return row.label if isinstance(row, models.Choice) else row.name


def _codes_leading_to(row: db.Model) -> list[str]:
    question, code = answer_of(row)
    found = models.RetiredCode.objects.filter(question__slug=question, replacement=code)
    return list(found.values_list("slug", flat=True))


def _changes(row: db.Model, replacement: db.Model) -> list[Change]:
    names = names_in_draft()
    return [
        Change(
            link=link_to(one.row),
            before=in_words(one.before, names),
            after=in_words(one.after, names),
        )
        for one in rewritings(row, replacement)
    ]


@transaction.atomic
def _retire(
    request: HttpRequest, row: db.Model, replacement: db.Model, draft: Guide
) -> HttpResponse:
    words = {"old": _name(row), "new": _name(replacement)}
    errors_before = {_same(one) for one in _errors(draft)}
    for one in [*own_content(row), row]:
        # Before they go: afterwards they have no number any more.
        LogEntry.objects.log_actions(request.user.pk, [one], DELETION)
    changes = retire(
        row=row,
        replacement=replacement,
        may_rewrite="rewrite" in request.POST,
        may_delete_content="content" in request.POST,
    )
    new_errors = [
        one for one in _errors(compile_draft()) if _same(one) not in errors_before
    ]
    if new_errors and "anyway" not in request.POST:
        # Leaving the block by an error takes everything back.
        raise _NewErrorsError(new_errors)
    note = _("“%(old)s” was retired: “%(new)s” stands in its place.") % words
    for change in changes:
        LogEntry.objects.log_actions(request.user.pk, [change.row], CHANGE, note)
    messages.success(
        request,
        _("“%(old)s” is retired. Once you publish, old links lead to “%(new)s”.")
        % words,
    )
    return HttpResponseRedirect(list_address(type(replacement)))


def _errors(guide: Guide) -> list[Problem]:
    return [one for one in audit(guide, today()) if one.is_error]


def _same(problem: Problem) -> tuple[str, str, str]:
    return (problem.code, problem.kind, problem.slug)
