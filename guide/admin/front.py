"""The front page of the desk: what changed, what waits, and what to do first."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from django.views.i18n import set_language
from modeltranslation.fields import TranslationField

from guide import agenda, models
from guide.admin.addresses import MODELS, form_address, row_addresses
from guide.admin.audit import shown, unreadable_places, urgency
from guide.admin.links import Uses
from guide.flow.audit import Problem
from guide.flow.content import Guide
from guide.names import names_in
from guide.problems_in_words import KINDS, TITLES, Names, language_in_words
from guide.publishing import edition_of, read_document, today
from guide.rows import ROW_MODELS

SHOWN = 8  # of each list on the front page
SHOWN_ERRORS = 50  # of one kind; somebody must mend each of them
SHOWN_WARNINGS = 10  # of one kind, folded
SHOWN_OF_LOG = 200  # on the page of its own

# By the name of a model: the kind of its rows.
KIND_OF_MODEL = {model._meta.label_lower: kind for kind, model in MODELS.items()}
MODEL_NAMED = {model._meta.label_lower: model for model in ROW_MODELS}

Addresses = Mapping[tuple[str, str], str]


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses of further pages."""
    return [
        path("changes/", site.admin_view(changes_page), name="desk-changes"),
        # For everybody: the page to sign in has the menu, too.
        path("language/", require_POST(set_language), name="desk-language"),
    ]


def rights_of(user: AbstractBaseUser) -> dict[str, bool]:
    """Return what somebody may act on, by the parts of the front page."""
    edits = any(
        user.has_perm(f"guide.change_{model._meta.model_name}") for model in ROW_MODELS
    )
    publishes = user.has_perm("guide.publish_guide")
    return {
        "edits": edits,
        "publishes": publishes,
        "changes": user.has_perm("guide.view_step") and (edits or publishes),
        "audit": user.has_perm("guide.view_step") and (edits or publishes),
        "translates": edits or user.has_perm("guide.translate_guide"),
        "reports": user.has_perm("guide.change_report"),
        "links": edits and user.has_perm("guide.view_linkcheck"),
    }


def front_context(request: HttpRequest) -> dict[str, object]:
    """Return what the front page shows to whoever asks for it."""
    rights = rights_of(request.user)
    if not any(rights.values()):
        return {"rights": rights}
    day = today()
    publication = models.Publication.objects.first()
    draft = agenda.look_at_draft(day)
    names = names_in(draft.guide) if draft.guide else {}
    addresses = row_addresses()
    context: dict[str, object] = {
        "rights": rights,
        "draft": draft,
        "publication": publication,
    }
    if draft.guide is None:
        context["unreadable"] = unreadable_places(draft)
    elif rights["audit"]:
        context["audit"] = _problems(draft, names, addresses)
    if draft.guide and rights["edits"]:
        context |= _checks(draft.guide, names, addresses)
    if rights["changes"]:
        context |= _log(publication, limit=SHOWN)
    if rights["translates"]:
        context["gaps"] = [
            {
                "language": language_in_words(gaps.language),
                "missing": gaps.missing,
                "outdated": gaps.outdated,
                "address": reverse("admin:desk-translations")
                + f"?language={gaps.language}",
            }
            for gaps in agenda.translation_gaps()
        ]
    if rights["reports"]:
        context |= _reports(names, addresses)
    if rights["links"]:
        context |= _links(draft.guide, names, addresses)
    context["first"] = _what_first(draft, publication, context, rights)
    return context


@require_GET
@vary_on_headers("HX-Request")
@permission_required("guide.view_step", raise_exception=True)
def changes_page(request: HttpRequest) -> HttpResponse:
    """Show what differs from the last publication, and who worked on the draft."""
    template = "desk/changes.html"
    publication = models.Publication.objects.first()
    found = []
    if publication is not None:
        rows = read_document(publication.document).read_rows()
        found = agenda.changes_since(rows)
    context = {
        "publication": publication,
        "counts": Counter(change.how for change in found),
        "total": len(found),
    }
    if request.htmx:
        return TemplateResponse(request, f"{template}#summary", context)

    guide = agenda.put_together()
    names = names_in(guide) if guide else {}
    context |= {
        **admin.site.each_context(request),
        "title": _("What changed since the last publication"),
        "groups": _changes_by_how(found, names, row_addresses()),
        **_log(publication, limit=SHOWN_OF_LOG),
    }
    return TemplateResponse(request, template, context)


def _what_first(
    draft: agenda.Draft,
    publication: models.Publication | None,
    context: Mapping[str, object],
    rights: Mapping[str, bool],
) -> dict[str, str]:
    """Return the one thing to do first: a sentence, and where to do it."""
    if draft.guide is None:
        return {"sentence": _("The draft cannot be put together: mend that first.")}
    if draft.errors and rights["audit"]:
        sentence = ngettext(
            "One error stops the next publication: mend it first.",
            "%(count)d errors stop the next publication: mend them first.",
            draft.errors,
        )
        return {
            "sentence": sentence % {"count": draft.errors},
            "address": reverse("admin:desk-audit"),
            "link": _("Show the audit"),
        }
    if context.get("open_reports"):
        sentence = ngettext(
            "One visitor says that something is wrong: look at that first.",
            "%(count)d reports of visitors wait: look at them first.",
            context["open_reports"],
        )
        return {
            "sentence": sentence % {"count": context["open_reports"]},
            "address": reverse("admin:guide_report_changelist") + "?state__exact=open",
            "link": _("Show the reports"),
        }
    if publication is None:
        sentence = _("Nothing is published yet, so visitors see no guide.")
    elif edition_of(publication).guide == draft.guide:
        sentence = _(
            "The draft is the same as publication %(number)s: visitors read all of it."
        ) % {"number": publication.number}
        return {"sentence": sentence}
    else:
        sentence = _(
            "The draft has no errors and differs from publication %(number)s: visitors "
            "do not see these changes yet."
        ) % {"number": publication.number}
    if not rights["publishes"]:
        return {"sentence": sentence}
    return {
        "sentence": sentence,
        "address": reverse("admin:desk-publish"),
        "link": _("Go to publishing"),
    }


def _problems(
    draft: agenda.Draft, names: Names, addresses: Addresses
) -> list[dict[str, object]]:
    """Return the problems of each code, errors first, as far as the page shows them."""
    by_code: dict[str, list[Problem]] = {}
    for problem in sorted(draft.problems, key=urgency):
        by_code.setdefault(problem.code, []).append(problem)
    return [
        {
            "title": TITLES.get(code, code),
            "number": len(alike),
            "is_error": code.startswith("E"),
            "shown": shown(alike[: _most_of(code)], names, addresses),
            "is_cut": len(alike) > _most_of(code),
            "address": reverse("admin:desk-audit") + f"?code={code}",
        }
        for code, alike in sorted(by_code.items())
    ]


def _most_of(code: str) -> int:
    return SHOWN_ERRORS if code.startswith("E") else SHOWN_WARNINGS


def _checks(guide: Guide, names: Names, addresses: Addresses) -> dict[str, object]:
    """Return what is overdue and what soon will be, as far as the page shows it."""
    day = today()
    late, soon = agenda.overdue(guide, day), agenda.due_soon(guide, day)
    undated = sum(
        sourcing.checked_on is None for _, _, sourcing in agenda.sourced(guide)
    )

    def listed(checks: Iterable[agenda.Check]) -> list[dict[str, object]]:
        return [
            {
                "kind": KINDS.get(check.kind, check.kind),
                "name": names.get((check.kind, check.slug), check.slug),
                "address": addresses.get((check.kind, check.slug), ""),
                "due_on": check.due_on,
            }
            for check in checks
        ]

    return {
        "overdue": listed(late[:SHOWN]),
        "overdue_total": len(late),
        "soon": listed(soon[:SHOWN]),
        "soon_total": len(soon),
        "soon_days": agenda.DUE_SOON_DAYS,
        "undated_total": undated,
    }


def _log(publication: models.Publication | None, *, limit: int) -> dict[str, object]:
    """Return the newest entries of Django's log about the guide, one more to tell."""
    entries = list(agenda.log_since(publication)[: limit + 1])
    return {
        "log": [_log_entry(entry) for entry in entries[:limit]],
        "log_goes_on": len(entries) > limit,
    }


def _log_entry(entry: LogEntry) -> dict[str, object]:
    done = {
        ADDITION: _("added by %(who)s"),
        CHANGE: _("changed by %(who)s"),
        DELETION: _("deleted by %(who)s"),
    }
    who = entry.user.get_full_name() or entry.user.get_username()
    gone = entry.action_flag == DELETION
    return {
        "at": entry.action_time,
        "done": done[entry.action_flag] % {"who": who},
        "kind": entry.content_type.name,
        "name": entry.object_repr,
        "address": "" if gone else entry.get_admin_url() or "",
        "message": "" if gone else entry.get_change_message(),
    }


def _reports(names: Names, addresses: Addresses) -> dict[str, object]:
    waiting = models.Report.objects.filter(state=models.ReportState.OPEN)
    reports = []
    for report in waiting[:SHOWN]:
        if report.fact_slug:
            about = ("fact", report.fact_slug)
        else:
            about = ("step", report.step_slug)
        reports.append(
            {
                "text": report.text,
                "at": report.reported_at,
                "address": form_address(models.Report, report.pk),
                "about": names.get(about, about[1]),
                "about_address": addresses.get(about, ""),
            }
        )
    return {"reports": reports, "open_reports": waiting.count()}


def _links(
    guide: Guide | None, names: Names, addresses: Addresses
) -> dict[str, object]:
    broken = models.LinkCheck.objects.broken()
    uses = Uses(guide, names, addresses)
    return {
        "broken": [
            {
                "url": check.url,
                "address": form_address(models.LinkCheck, check.pk),
                "uses": uses.of(check.url)[:2],
                "more": max(len(uses.of(check.url)) - 2, 0),
            }
            for check in broken[:SHOWN]
        ],
        "broken_total": broken.count(),
        "has_checked": models.LinkCheck.objects.exists(),
    }


def _changes_by_how(
    changes: Iterable[agenda.Change], names: Names, addresses: Addresses
) -> list[dict[str, object]]:
    titles = {"added": _("Added"), "changed": _("Changed"), "removed": _("Removed")}
    groups: dict[str, list[dict[str, object]]] = {how: [] for how in titles}
    for change in changes:
        model = MODEL_NAMED[change.model]
        kind = KIND_OF_MODEL.get(change.model, "")
        known = (kind, change.code)
        if model is models.CardType:
            known = ("choice", f"card:{change.code}")
        if model is models.RetiredCode:
            question = change.code.partition(":")[0]
            address = addresses.get(("question", question), "")
        else:
            address = addresses.get(known, "")
        groups[change.how].append(
            {
                "kind": capfirst(str(model._meta.verbose_name)),
                "name": names.get(known, change.code),
                "code": change.code,
                "address": address if change.how != "removed" else "",
                "fields": [_field_name(model, name) for name in change.fields],
            }
        )
    return [
        {"title": titles[how], "changes": found}
        for how, found in groups.items()
        if found
    ]


def _field_name(model: type, name: str) -> str:
    known = {field.name: field for field in model._meta.get_fields()}
    if name not in known:
        # A publication may be older than the fields of today.
        return name
    field = known[name]
    if isinstance(field, TranslationField):
        return _("%(field)s (%(language)s)") % {
            "field": field.translated_field.verbose_name,
            "language": language_in_words(field.language),
        }
    return str(field.verbose_name)
