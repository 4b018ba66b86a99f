"""The whole audit of the draft: what is wrong, what to do, and where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from guide import agenda
from guide.admin.addresses import MODELS, form_address, row_addresses
from guide.flow.audit import Problem
from guide.flow.content import Guide
from guide.names import names_in
from guide.problems_in_words import (
    KINDS,
    TITLES,
    Names,
    problem_in_words,
    problem_place,
)
from guide.publishing import today
from guide.translations import column

SHOWN_AT_FIRST = 20  # of one group, before somebody asks for all of it
SHOWN_ON_A_PAGE = 100

# Where a choice is a card type, its texts have other names there.
CARD_FIELDS = {"label": "name", "hint": "recognise"}


@dataclass(frozen=True, kw_only=True)
class Task:
    """One sort of work that problems call for."""

    key: str
    title: str | Promise
    codes: tuple[str, ...]  # how the codes of its problems begin
    is_folded: bool = False  # long, and no hurry


# In the order in which to do them.
TASKS = (
    Task(
        key="conditions",
        title=gettext_lazy("Mend codes and conditions"),
        codes=("E1",),
    ),
    Task(
        key="reach",
        title=gettext_lazy("Make everything reachable, or delete it"),
        codes=("E2",),
    ),
    Task(
        key="checklists",
        title=gettext_lazy("Put checklists and questions right"),
        codes=("E3",),
    ),
    Task(key="sources", title=gettext_lazy("Add sources"), codes=("E4",)),
    Task(
        key="texts", title=gettext_lazy("Write what visitors must read"), codes=("E5",)
    ),
    Task(
        key="letters",
        title=gettext_lazy("Put letters in order"),
        codes=("E6", "W6"),
    ),
    Task(key="ways-out", title=gettext_lazy("Offer a way out"), codes=("W3",)),
    Task(key="overdue", title=gettext_lazy("Look up what is overdue"), codes=("W402",)),
    Task(
        key="undated",
        title=gettext_lazy("Find out when it was last true"),
        codes=("W401",),
        is_folded=True,
    ),
    Task(
        key="translations",
        title=gettext_lazy("Translate into Dutch, French and German"),
        codes=("W5",),
        is_folded=True,
    ),
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A problem as the page shows it."""

    problem: Problem
    place: str
    sentence: str
    address: str

    @property
    def anchor(self) -> str:
        """The name of this problem in an address."""
        return slugify(self.problem.identity)


@dataclass(kw_only=True)
class Group:
    """The problems that one task mends."""

    task: Task
    problems: list[Problem] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    address: str = ""  # of all of them, where not all are shown

    @property
    def is_error(self) -> bool:
        """Tell whether these stop a publication."""
        return self.problems[0].is_error


@require_GET
@permission_required("guide.view_step", raise_exception=True)
def audit_page(request: HttpRequest) -> HttpResponse:
    """Show what the audit finds in the draft, by what is to be done."""
    draft = agenda.look_at_draft(today())
    context = {
        **admin.site.each_context(request),
        "title": _("Audit of the draft"),
        "draft": draft,
    }
    if draft.guide is None:
        context["unreadable"] = unreadable_places(draft)
        return TemplateResponse(request, "desk/audit.html", context)

    owners = _owners(draft.guide)
    chosen = {
        name: request.GET.get(name, "")
        for name in ("task", "code", "kind", "operator")
        if request.GET.get(name)
    }
    found = [p for p in draft.problems if _fits(p, chosen, owners)]
    groups = _grouped(found)
    page = _fill(groups, draft.guide, chosen, request.GET.get("page"))
    context |= {
        "groups": groups,
        "found": len(found),
        "page": page,
        "chosen": chosen,
        "query": urlencode(chosen),
        **_choices(draft.problems, draft.guide, owners),
    }
    return TemplateResponse(request, "desk/audit.html", context)


def unreadable_places(draft: agenda.Draft) -> list[dict[str, str]]:
    """Return the fields that keep the draft from being put together, with addresses."""
    return [
        {
            "place": _("%(kind)s: %(name)s")
            % {
                "kind": capfirst(str(place.model._meta.verbose_name)),
                "name": place.name,
            },
            "field": str(place.field),
            "message": place.message,
            "address": form_address(place.model, place.pk),
        }
        for place in draft.unreadable
    ]


def task_of(problem: Problem) -> Task:
    """Return what is to be done about a problem."""
    return next(task for task in TASKS if problem.code.startswith(task.codes))


def address_of(problem: Problem, addresses: Mapping[tuple[str, str], str]) -> str:
    """
    Return where a problem is mended: the form of its row, at the field if possible.

    Args:
        problem: One problem of the audit.
        addresses: The forms of all rows, from `row_addresses`.

    Returns:
        The form, or the list in which a row would have to be added or changed.
    """
    if problem.kind == "guide":
        model = MODELS["question" if problem.slug == "questions" else "step"]
        return reverse(f"admin:guide_{model._meta.model_name}_changelist")
    address = addresses.get((problem.kind, problem.slug))
    if address is not None:
        return address + _field_anchor(problem)
    # A retired code is no row of the answers: its question is where to begin.
    question = addresses.get(("question", problem.slug.partition(":")[0]))
    if problem.kind == "choice" and question is not None:
        return question
    model = MODELS[problem.kind]
    return reverse(f"admin:guide_{model._meta.model_name}_changelist")


def _field_anchor(problem: Problem) -> str:
    about = dict(problem.about)
    if problem.code == "E401":
        return "#id_sources"
    if problem.code in {"W401", "W402"}:
        return "#id_checked_on"
    name = about.get("field") or about.get("fields", "").partition(", ")[0]
    if not name:
        return ""
    if problem.kind == "choice" and problem.slug.startswith("card:"):
        name = CARD_FIELDS[name]
    return f"#id_{column(name, about.get('language', 'en'))}"


def _owners(guide: Guide) -> dict[tuple[str, str], str]:
    """Return the operator to which each row belongs that belongs to one."""
    owners: dict[tuple[str, str], str] = {}
    for operator in guide.operators:
        owners["operator", operator.slug] = operator.slug
        owners["choice", f"operator:{operator.slug}"] = operator.slug
        for channel in operator.channels:
            owners["channel", channel.slug] = operator.slug
        for fact in operator.facts:
            owners["fact", fact.slug] = operator.slug
    return owners


def _fits(
    problem: Problem,
    chosen: Mapping[str, str],
    owners: Mapping[tuple[str, str], str],
) -> bool:
    has = {
        "task": task_of(problem).key,
        "code": problem.code,
        "kind": problem.kind,
        "operator": owners.get((problem.kind, problem.slug), ""),
    }
    return all(has[name] == value for name, value in chosen.items())


def _grouped(problems: Iterable[Problem]) -> list[Group]:
    groups = {task.key: Group(task=task) for task in TASKS}
    for problem in problems:
        groups[task_of(problem).key].problems.append(problem)
    for group in groups.values():
        group.problems.sort(key=urgency)
    return [group for group in groups.values() if group.problems]


def urgency(problem: Problem) -> tuple[str, Problem]:
    """Return by what problems are sorted: what was not looked at for longest first."""
    day = dict(problem.about).get("checked_on", "") if problem.code == "W402" else ""
    return day, problem


def _fill(
    groups: list[Group], guide: Guide, chosen: Mapping[str, str], number: str | None
) -> Page | None:
    """Put into each group the problems to show; return the page of a single one."""
    names, addresses = names_in(guide), row_addresses()
    if chosen.keys() & {"task", "code"} and len(groups) == 1:
        page = Paginator(groups[0].problems, SHOWN_ON_A_PAGE).get_page(number)
        groups[0].shown = shown(page.object_list, names, addresses)
        return page
    for group in groups:
        group.shown = shown(group.problems[:SHOWN_AT_FIRST], names, addresses)
        if len(group.problems) > SHOWN_AT_FIRST:
            group.address = "?" + urlencode({**chosen, "task": group.task.key})
    return None


def shown(
    problems: Iterable[Problem],
    names: Names,
    addresses: Mapping[tuple[str, str], str],
) -> list[Shown]:
    """Return problems in words, each with the way to the row that causes it."""
    return [
        Shown(
            problem=problem,
            place=problem_place(problem, names),
            sentence=problem_in_words(problem, names),
            address=address_of(problem, addresses),
        )
        for problem in problems
    ]


def _choices(
    problems: Iterable[Problem], guide: Guide, owners: Mapping[tuple[str, str], str]
) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen from in the form above the list."""
    codes = sorted({problem.code for problem in problems})
    kinds = {problem.kind for problem in problems}
    concerned = {owners.get((p.kind, p.slug)) for p in problems}
    return {
        "codes": [(code, f"{code}: {TITLES.get(code, '')}") for code in codes],
        "kinds": [(kind, str(KINDS[kind])) for kind in KINDS if kind in kinds],
        "operators": [
            (operator.slug, operator.name)
            for operator in guide.operators
            if operator.slug in concerned
        ],
    }
