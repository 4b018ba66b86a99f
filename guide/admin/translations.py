"""Translations on the desk: what is missing, what is outdated, files out and in."""

from dataclasses import dataclass
from functools import partial
from itertools import groupby
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import models as db
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guide.admin.addresses import form_address
from guide.admin.texts import fold_problem
from guide.exchange.exporting import export
from guide.exchange.files import (
    CONTENT_TYPES,
    FORMATS,
    MOST_BYTES,
    SCOPES,
    FileRefusedError,
    Line,
    context_of,
    version_of,
)
from guide.exchange.importing import (
    Change,
    Plan,
    Skipped,
    carry_out,
    confirm,
    plan,
    read_file,
    seen,
)
from guide.flow.differences import Piece, compare_words
from guide.translations import (
    KINDS,
    TARGET_LANGUAGES,
    State,
    Translation,
    column,
    counts,
    find,
    translations,
)

ON_A_PAGE = 50
OPEN_CHANGES = 50  # a longer list of changes is folded

# What the list shows: words for the choice, and the states it stands for.
SHOWS = {
    "to-do": (gettext_lazy("Missing and outdated"), {State.MISSING, State.OUTDATED}),
    "missing": (gettext_lazy("Missing"), {State.MISSING}),
    "outdated": (gettext_lazy("Outdated"), {State.OUTDATED}),
    "done": (gettext_lazy("Done"), {State.DONE}),
    "all": (gettext_lazy("All"), set(State)),
}
STATES = {
    State.MISSING: gettext_lazy("missing"),
    State.OUTDATED: gettext_lazy("outdated"),
    State.DONE: gettext_lazy("done"),
}

# An upload travels in the form that confirms it: signed, compressed, for one person.
SALT = "guide.translations.import"
CARRY_SECONDS = 6 * 3600
# What Django takes of a form, less room for the other fields.
MOST_CARRIED = settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageRow:
    """The numbers of one language."""

    code: str
    name: str
    missing: int
    outdated: int
    done: int
    total: int

    @property
    def percent(self) -> int:
        """Return how much is done; 100 only when everything is."""
        return self.done * 100 // self.total if self.total else 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One text in the list."""

    translation: Translation
    state: str
    address: str
    may_confirm: bool
    source_changes: tuple[Piece, ...]  # from the source it was made from to that of now
    version: str  # of source and translation as they are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """One change that an import would make."""

    change: Change
    where: list[str]
    address: str
    pieces: tuple[Piece, ...]


def may_read(user: AbstractBaseUser) -> bool:
    """Tell whether somebody may see and export the texts of the draft."""
    return all(
        user.has_perm(f"guide.view_{model._meta.model_name}")
        or may_translate(user, model)
        for model in KINDS.values()
    )


def may_translate(user: AbstractBaseUser, model: type[db.Model]) -> bool:
    """Tell whether somebody may change translations of a model."""
    return user.has_perm("guide.translate_guide") or user.has_perm(
        f"guide.change_{model._meta.model_name}"
    )


def may_import(user: AbstractBaseUser) -> bool:
    """Tell whether somebody may change translations of anything."""
    return any(may_translate(user, model) for model in KINDS.values())


# Pages


@require_GET
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Show how far each language is, and what is to be done in one of them."""
    return _overview(request, request.GET)


@require_GET
@never_cache
def export_file(request: HttpRequest) -> HttpResponse:
    """Hand out the texts of one language as a file."""
    if not may_read(request.user):
        raise PermissionDenied
    language = _language_in(request.GET)
    file_format, scope = request.GET.get("format"), request.GET.get("scope")
    if file_format not in FORMATS or scope not in SCOPES:
        raise Http404
    try:
        found = export(
            language, file_format, scope=scope, exported_at=timezone.localtime()
        )
    except FileRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect(_address(language=language))
    return HttpResponse(
        found.data,
        headers={
            "Content-Type": CONTENT_TYPES[file_format],
            "Content-Disposition": f'attachment; filename="{found.name}"',
        },
    )


@require_http_methods(["GET", "POST"])
@never_cache
def import_file(request: HttpRequest) -> HttpResponse:
    """Show what a file would change; nothing is written yet."""
    if not may_import(request.user):
        raise PermissionDenied
    if request.method == "GET":
        return redirect(_address(language=_language_in(request.GET)))
    language = _language_in(request.POST)
    try:
        lines = _uploaded(request, language)
        proposed = plan(
            lines,
            language,
            replaces_newer="replace_newer" in request.POST,
            may_change=partial(may_translate, request.user),
        )
        carried = _carry(request.user, proposed)
    except FileRefusedError as refusal:
        return _overview(request, request.POST, refusal=str(refusal))
    context = {
        **admin.site.each_context(request),
        "title": _("What the file changes"),
        "language": language,
        "language_name": _name_of(language),
        "back": _address(language=language),
        "plan": proposed,
        "groups": _shown_changes(proposed),
        "is_open": len(proposed.changes) <= OPEN_CHANGES,
        "skipped": _shown_skipped(proposed.skipped),
        "carried": carried,
    }
    return TemplateResponse(request, "desk/translations_import.html", context)


@require_POST
@never_cache
def import_confirm(request: HttpRequest) -> HttpResponse:
    """Write what was shown, less what somebody else changed meanwhile."""
    if not may_import(request.user):
        raise PermissionDenied
    language = _language_in(request.POST)
    try:
        lines = _carried(request.user, request.POST.get("carried", ""), language)
    except signing.BadSignature:
        messages.error(
            request,
            _(
                "Nothing was changed: too much time has passed, or the page came from "
                "another login. Choose the file once more; nothing in it is lost."
            ),
        )
        return redirect(_address(language=language))
    done = carry_out(
        lines,
        language,
        by=request.user,
        may_change=partial(may_translate, request.user),
    )
    saved = len(done.changes)
    text = ngettext(
        "%(count)s translation is saved.", "%(count)s translations are saved.", saved
    ) % {"count": saved}
    if not done.skipped:
        messages.success(request, text)
        return redirect(_address(language=language))
    context = {
        **admin.site.each_context(request),
        "title": _("Saved, but not everything"),
        "language": language,
        "back": _address(language=language),
        "saved": text,
        "total": len(done.skipped),
        "skipped": _shown_skipped(done.skipped),
    }
    return TemplateResponse(request, "desk/translations_imported.html", context)


@require_POST
@never_cache
def still_right(request: HttpRequest) -> HttpResponse:
    """Note that an outdated translation fits the source text of now."""
    language = _language_in(request.POST)
    translation = find(request.POST.get("text", ""), language)
    if translation is None:
        raise Http404
    if not may_translate(request.user, KINDS[translation.kind]):
        raise PermissionDenied
    if request.POST.get("version") != _version(translation):
        messages.warning(
            request,
            _("Somebody has changed this text meanwhile: please compare once more."),
        )
    elif translation.is_markdown and (
        problem := fold_problem(translation.source, translation.text)
    ):
        messages.warning(request, problem)
    else:
        confirm(translation, by=request.user)
        messages.success(
            request,
            _("Noted: the translation of “%(name)s” is still right.")
            % {"name": translation.name},
        )
    return redirect(_address(**_filters(request.POST)))


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses of further pages."""
    page = site.admin_view
    return [
        path(
            "translations/export/",
            page(export_file),
            name="desk-translations-export",
        ),
        path(
            "translations/import/",
            page(import_file),
            name="desk-translations-import",
        ),
        path(
            "translations/import/confirm/",
            page(import_confirm),
            name="desk-translations-confirm",
        ),
        path(
            "translations/still-right/",
            page(still_right),
            name="desk-translations-still-right",
        ),
    ]


# What the pages show


def _overview(
    request: HttpRequest, asked: QueryDict, *, refusal: str = ""
) -> HttpResponse:
    if not may_read(request.user):
        raise PermissionDenied
    rows = _language_rows()
    filters = _filters(asked, rows)
    language = filters["language"]
    shown = SHOWS[filters["show"]][1]
    listed = [one for one in translations(language) if one.state in shown]
    tally = {kind: sum(one.kind == kind for one in listed) for kind in KINDS}
    if filters["kind"]:
        listed = [one for one in listed if one.kind == filters["kind"]]
    page = Paginator(listed, ON_A_PAGE).get_page(asked.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": _("Translations"),
        "rows": rows,
        "language": language,
        "language_name": _name_of(language),
        "filters": filters,
        "shows": [(code, name) for code, (name, _states) in SHOWS.items()],
        "kinds": [
            (kind, _plural_of(kind), count) for kind, count in tally.items() if count
        ],
        "page": page,
        "groups": _groups(page, request.user),
        "previous": page.has_previous() and _address(**filters, page=page.number - 1),
        "next": page.has_next() and _address(**filters, page=page.number + 1),
        "may_import": may_import(request.user),
        "most_megabytes": MOST_BYTES // 1024**2,
        "refusal": refusal,
    }
    return TemplateResponse(request, "desk/translations.html", context)


def _language_rows() -> list[LanguageRow]:
    return [
        LanguageRow(
            code=code,
            name=_name_of(code),
            missing=missing,
            outdated=outdated,
            done=total - missing - outdated,
            total=total,
        )
        for code, (missing, outdated, total) in counts().items()
    ]


def _groups(page: Page, user: AbstractBaseUser) -> list[tuple[str, list[Item]]]:
    return [
        (_plural_of(kind), [_item(one, user) for one in found])
        for kind, found in groupby(page, key=lambda one: one.kind)
    ]


def _item(translation: Translation, user: AbstractBaseUser) -> Item:
    is_outdated = translation.state == State.OUTDATED
    return Item(
        translation=translation,
        state=str(STATES[translation.state]),
        address=_form_of(translation),
        may_confirm=is_outdated and may_translate(user, KINDS[translation.kind]),
        source_changes=compare_words(translation.made_from, translation.source)
        if is_outdated
        else [],
        version=_version(translation),
    )


def _shown_changes(proposed: Plan) -> list[tuple[str, list[ShownChange]]]:
    return [
        (_plural_of(kind), [_shown_change(change) for change in found])
        for kind, found in groupby(
            proposed.changes, key=lambda change: change.translation.kind
        )
    ]


def _shown_change(change: Change) -> ShownChange:
    return ShownChange(
        change=change,
        where=context_of(change.translation),
        address=_form_of(change.translation),
        pieces=compare_words(change.translation.text, change.text),
    )


def _shown_skipped(
    skipped: tuple[Skipped, ...],
) -> list[tuple[str, list[Skipped]]]:
    """Return what was skipped, by reason; the most frequent reasons first."""
    by_reason: dict[str, list[Skipped]] = {}
    for one in skipped:
        by_reason.setdefault(one.reason, []).append(one)
    return sorted(by_reason.items(), key=lambda found: -len(found[1]))


# What travels with the requests


def _uploaded(request: HttpRequest, language: str) -> tuple[Line, ...]:
    """
    Return the lines of the file in the form.

    Raises:
        FileRefusedError: If there is none, or it is not of this language.
    """
    file = request.FILES.get("file")
    if file is None:
        raise FileRefusedError(_("Choose a file first."))
    # One byte too many is enough to tell that it is too large.
    content = read_file(file.read(MOST_BYTES + 1))
    if content.language not in {None, language}:
        raise FileRefusedError(
            _(
                "This file is for %(language)s. Choose that language above, then "
                "import the file there."
            )
            % {"language": _name_of(content.language)}
        )
    return content.lines


def _carry(user: AbstractBaseUser, proposed: Plan) -> str:
    carried = [
        (line.identity, line.source, line.text, line.version, line.is_checked)
        for line in map(seen, proposed.changes)
    ]
    signed = signing.dumps(
        [proposed.language, carried], salt=f"{SALT}.{user.pk}", compress=True
    )
    if len(signed) > MOST_CARRIED:
        raise FileRefusedError(
            _("The file changes too much at once. Split it, and import the parts.")
        )
    return signed


def _carried(user: AbstractBaseUser, signed: str, language: str) -> list[Line]:
    """
    Return the lines that `_carry` has signed.

    Raises:
        signing.BadSignature: If they are somebody else's, changed, or too old.
    """
    named, carried = signing.loads(
        signed, salt=f"{SALT}.{user.pk}", max_age=CARRY_SECONDS
    )
    if named != language:
        raise signing.BadSignature
    return [
        Line(
            identity=identity,
            source=source,
            text=text,
            place="",
            version=version,
            is_checked=is_checked,
        )
        for identity, source, text, version, is_checked in carried
    ]


def _language_in(asked: QueryDict) -> str:
    language = asked.get("language", "")
    if language not in TARGET_LANGUAGES:
        raise Http404
    return language


def _filters(asked: QueryDict, rows: list[LanguageRow] | None = None) -> dict[str, str]:
    """Return what the list is to show; what is not understood is left out."""
    language = asked.get("language", "")
    if language not in TARGET_LANGUAGES:
        # The language nearest to its end, as long as there is something to do.
        unfinished = [row for row in rows or () if row.done < row.total]
        nearest = max(unfinished, key=lambda row: row.done, default=None)
        language = nearest.code if nearest else TARGET_LANGUAGES[0]
    show, kind = asked.get("show", ""), asked.get("kind", "")
    return {
        "language": language,
        "show": show if show in SHOWS else "to-do",
        "kind": kind if kind in KINDS else "",
    }


def _address(**asked: object) -> str:
    named = {name: value for name, value in asked.items() if value}
    return f"{reverse('admin:desk-translations')}?{urlencode(named)}"


def _form_of(translation: Translation) -> str:
    name = column(translation.field, translation.language)
    return f"{form_address(KINDS[translation.kind], translation.pk)}#id_{name}"


def _version(translation: Translation) -> str:
    return f"{version_of(translation.source)}-{version_of(translation.text)}"


def _name_of(language: str) -> str:
    return str(_(dict(settings.LANGUAGES)[language]))


def _plural_of(kind: str) -> str:
    name = str(KINDS[kind]._meta.verbose_name_plural)
    return f"{name[:1].upper()}{name[1:]}"
