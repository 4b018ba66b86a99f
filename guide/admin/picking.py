"""What the pickers of forms offer while somebody types."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from guide import models
from guide.admin.choosing import directory_of
from guide.admin.search import words_of

SHOWN = 12
MODELS = {
    model._meta.model_name: model
    for model in (
        models.Source,
        models.Step,
        models.Operator,
        models.CardType,
        models.Choice,
        models.Letter,
    )
}


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses of further pages."""
    return [path("pick/<slug:kind>/", site.admin_view(pick), name="desk-pick")]


@never_cache
@require_GET
def pick(request: HttpRequest, kind: str) -> HttpResponse:
    """
    Answer with the rows in which all words of `q` occur, as items of a list.

    They are read anew each time, so that what was added in another tab is among them.
    With `exactly` instead of `q`: the one row of that number, code or name, or none.
    """
    model = MODELS.get(kind)
    if model is None:
        raise Http404
    if not admin.site.get_model_admin(model).has_view_permission(request):
        raise PermissionDenied
    directory = directory_of(request)
    if "exactly" in request.GET:
        option = directory.find(model, request.GET["exactly"].strip())
        found = [option] if option else []
    else:
        found = directory.matching(model, words_of(request.GET.get("q", "")))
    context = {"found": found[:SHOWN], "more": max(0, len(found) - SHOWN)}
    return TemplateResponse(request, "desk/_picked.html", context)
