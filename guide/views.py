"""What visitors see. All of it comes from the publication in force."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import Resolver404, get_script_prefix, reverse
from django.urls import resolve as resolve_path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from guide import wording
from guide.flow import content, engine
from guide.flow.answers import parse, to_query, without
from guide.flow.conditions import offered
from guide.flow.coverage import topics_to_expect
from guide.flow.engine import Dropped, Position, Reason, resolve
from guide.publishing import Edition, edition_for

LANGUAGES = tuple(code for code, name in settings.LANGUAGES)


# Pages around the questionnaire


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Send visitors to the start page in their language, else in English."""
    language = translation.get_language_from_request(request)
    with translation.override(language):
        response = redirect("guide:start")
    response["Vary"] = "Accept-Language"
    return response


@require_safe
@vary_on_headers("HX-Request")
def start(request: HttpRequest) -> HttpResponse:
    """Say what the guide does, what to have at hand and how long it takes."""
    edition = edition_for(request)
    guide = edition.guide
    position = resolve(guide, {}, edition.today)
    context = {
        "title": _("End a Belgian SIM, eSIM or data card without losing anything"),
        "description": _(
            "A few questions, then your own dated checklist to end a Belgian SIM, eSIM "
            "or data card: Proximus, Orange, Telenet, BASE, DIGI, travel eSIMs, more."
        ),
        "most": position.at_most,
        "operator_count": len(guide.operators),
        "source_count": len(guide.sources),
    }
    return page(request, "guide/start.html", context)


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def operator_list(request: HttpRequest) -> HttpResponse:
    """Let visitors find their operator; the list narrows as they type."""
    search = request_value(request, "q")[:80]
    context = {
        "title": _("Operators and brands"),
        "operators": edition_for(request).guide.operators_named_like(search),
        "search": search,
    }
    is_typing = request.htmx and request.htmx.target == "results"
    if is_typing and not request.htmx.history_restore_request:
        template = "guide/operator_list.html#results"
        return TemplateResponse(request, template, context)
    return page(request, "guide/operator_list.html", context)


@require_safe
@vary_on_headers("HX-Request")
def operator_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all that is known about one operator."""
    guide = edition_for(request).guide
    successor = operator_in_place_of(guide, slug)
    if successor is not None:
        return redirect("guide:operator-detail", successor.slug)
    operator = get_operator_or_404(guide, slug)
    channels = {
        purpose: [c for c in operator.channels if c.purpose == purpose]
        for purpose in wording.PURPOSES
    }
    facts = {
        topic: [fact for fact in operator.facts if fact.topic == topic]
        for topic in wording.TOPICS
    }
    title = _("Ending a line with %(operator)s") % {"operator": operator.name}
    context = {
        "title": title,
        "operator": operator,
        "operator_name": operator.name,
        "channels": [(p, found) for p, found in channels.items() if found],
        "topics": [(topic, found) for topic, found in facts.items() if found],
        "unknown_topics": [
            topic
            for topic in topics_to_expect(operator)
            if not facts[topic] and topic not in engine.OPTIONAL_TOPICS
        ],
    }
    return page(request, "guide/operator_detail.html", context)


@require_safe
@vary_on_headers("HX-Request")
def faq(request: HttpRequest) -> HttpResponse:
    """Answer what people ask most."""
    entries = edition_for(request).guide.faq
    context = {"title": _("Common questions"), "entries": entries}
    return page(request, "guide/faq.html", context)


@require_safe
@vary_on_headers("HX-Request")
def sources(request: HttpRequest) -> HttpResponse:
    """List everything the guide rests on."""
    guide = edition_for(request).guide
    found = sorted(guide.sources, key=lambda s: s.publisher.casefold())
    by_confidence = [
        (confidence, [s for s in found if s.confidence is confidence])
        for confidence in content.Confidence
    ]
    context = {"title": _("Sources"), "by_confidence": by_confidence}
    return page(request, "guide/sources.html", context)


@require_safe
@vary_on_headers("HX-Request")
def about(request: HttpRequest) -> HttpResponse:
    """Say who the guide is for, how it works and what it never does."""
    return page(request, "guide/about.html", {"title": _("About this guide")})


@require_safe
@vary_on_headers("HX-Request")
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how the guide can be used and what does not work yet."""
    context = {"title": _("Accessibility")}
    return page(request, "guide/accessibility.html", context)


@require_safe
@vary_on_headers("HX-Request")
def kept(request: HttpRequest) -> HttpResponse:
    """Let visitors see and delete what their device keeps; we know nothing of it."""
    return page(request, "guide/kept.html", {"title": _("Kept on this device")})


# The questionnaire


@require_safe
@vary_on_headers("HX-Request")
def questionnaire(request: HttpRequest) -> HttpResponse:
    """Ask the next open question; with all answers go on to the checklist."""
    edition = edition_for(request)
    position = resolve(edition.guide, answers_of(request), edition.today)
    notices = notices_of(request, position)
    if position.question is None:
        return redirect(checklist_address(position, notices, edition.number))
    address = questionnaire_address(position, notices)
    if address != request.get_full_path():
        return redirect(address)
    context = {
        "question": position.question,
        "choices": position.choices,
        "chosen": (),
        "hidden": position.answers,
    }
    return question_page(request, position, notices, context)


@require_safe
@vary_on_headers("HX-Request")
def question(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a question again, with the answer that was given."""
    edition = edition_for(request)
    if edition.guide.question(slug) is None:
        raise Http404
    position = resolve(edition.guide, answers_of(request), edition.today)
    notices = notices_of(request, position)
    asked = next((a for a in position.answered if a.question.slug == slug), None)
    if asked is None:
        # Not asked (any more) with these answers: on to what is.
        return redirect(questionnaire_address(position, notices))
    address = question_address(slug, position, notices)
    if address != request.get_full_path():
        return redirect(address)
    context = {
        "question": asked.question,
        "choices": offered(asked.question, position.known),
        "chosen": position.chosen(slug),
        "hidden": without(position.answers, [slug]),
        "number": position.answered.index(asked) + 1,
        "day": asked.day,
    }
    return question_page(request, position, notices, context)


@require_safe
@vary_on_headers("HX-Request")
def checklist(request: HttpRequest) -> HttpResponse:
    """Show the checklist of a complete set of answers."""
    edition = edition_for(request)
    position = resolve(edition.guide, answers_of(request), edition.today)
    notices = notices_of(request, position)
    if position.question is not None:
        return redirect(questionnaire_address(position, notices))
    made_with = publication_of(request, edition)
    address = checklist_address(position, notices, made_with)
    if address != request.get_full_path():
        return redirect(address)

    result = engine.checklist(edition.guide, position, edition.today)
    goal = next(iter(position.chosen(engine.GOAL_QUESTION)), "")
    operator_name = name_of_operator(result.operator)
    titles, phase_titles = headings(position)
    context = {
        "checklist": result,
        "position": position,
        "notices": named(edition.guide, position, notices),
        "operator": result.operator,
        "operator_name": operator_name,
        "title": str(titles.get(goal, _("Your checklist")))
        % {"operator": operator_name},
        "phase_titles": phase_titles,
        "is_over": result.ends_on is not None and result.ends_on < edition.today,
        "is_older": made_with < edition.number,
        "sources": sources_of(edition.guide, result),
        "telling": [
            choice
            for answer in position.answered
            for choice in answer.choices
            if not choice.exclusive and answer.question.kind is not content.Kind.DATE
        ],
        "changes": changes(position),
        "is_folded": True,
        "is_case": True,
        "restart": reverse("guide:questionnaire"),
    }
    return page(request, "guide/checklist.html", context)


# What pages share


def page(
    request: HttpRequest, template: str, context: Mapping[str, object]
) -> TemplateResponse:
    """Return a whole page, or for htmx only its content."""
    edition = edition_for(request)
    if request.htmx and not request.htmx.history_restore_request:
        template += "#content"
    shared = {
        "published": edition,
        "today": edition.today,
        "guide": edition.guide,
        "is_fragment": "#" in template,
    }
    response = TemplateResponse(request, template, {**shared, **context})
    response["Cache-Control"] = "public, no-cache"
    return response


def question_page(
    request: HttpRequest,
    position: Position,
    notices: tuple[Dropped, ...],
    context: Mapping[str, object],
) -> TemplateResponse:
    """Return the page of a question, new or to be changed."""
    shown = context["question"]
    assert isinstance(shown, content.Question)
    guide = edition_for(request).guide
    operator = guide.operator(next(iter(position.chosen(engine.OPERATOR_QUESTION)), ""))
    told = named(guide, position, notices)
    shared = {
        "position": position,
        "number": position.number,
        "operator_name": name_of_operator(operator),
        "notices": [notice for notice in told if notice[0] != shown],
        "errors": [notice for notice in told if notice[0] == shown],
        "changes": changes(position),
        "previous": previous(position, shown),
        "title": shown.title.read(translation.get_language() or "en"),
        "is_case": bool(position.answers),
    }
    return page(request, "guide/question.html", {**shared, **context})


def answers_of(request: HttpRequest) -> dict[str, tuple[str, ...]]:
    """Return the answers in the address, known and unknown ones."""
    return parse(request.META.get("QUERY_STRING", ""))


def request_value(request: HttpRequest, name: str) -> str:
    """
    Return the last value of a parameter, "" without one.

    `request.GET` refuses an address of a thousand parameters; a visitor with a mangled
    link shall still get a page.
    """
    query = request.META.get("QUERY_STRING", "")
    values = [value for key, value in parse_qsl(query, errors="replace") if key == name]
    return values[-1].strip() if values else ""


def notices_of(request: HttpRequest, position: Position) -> tuple[Dropped, ...]:
    """
    Return what the visitor must be told about answers that were not used.

    That is what the engine has just left out, or what the address says was left out by
    the redirect that led here.
    """
    fresh = list(position.dropped)
    asked = request_value(request, "ask")
    is_open = position.question is not None and position.question.slug == asked
    if is_open and not any(dropped.question == asked for dropped in fresh):
        fresh.append(Dropped(asked, Reason.MISSING))
    if fresh:
        return tuple(dict.fromkeys(fresh))

    guide = edition_for(request).guide
    told = []
    query = request.META.get("QUERY_STRING", "")
    for key, value in parse_qsl(query, errors="replace"):
        slug, _colon, reason = value.partition(".")
        if key == "dropped" and guide.question(slug) and reason in list(Reason):
            told.append(Dropped(slug, Reason(reason)))
    return tuple(dict.fromkeys(told))


def named(
    guide: content.Guide, position: Position, notices: tuple[Dropped, ...]
) -> list[tuple[content.Question | None, wording.Words]]:
    """Return the questions and sentences of *notices*."""
    return [
        (
            guide.question(n.question),
            wording.KEPT_OTHERS
            if n.reason is Reason.UNKNOWN and n.question in position.answers
            else wording.REASONS[n.reason],
        )
        for n in notices
    ]


def with_query(address: str, position: Position, more: list[tuple[str, str]]) -> str:
    """Return an address with the canonical answers and some parameters of ours."""
    parts = [to_query(position.answers), urlencode(more)]
    query = "&".join(part for part in parts if part)
    return f"{address}?{query}" if query else address


def questionnaire_address(position: Position, notices: tuple[Dropped, ...]) -> str:
    """Return the one address of the next open question."""
    return with_query(reverse("guide:questionnaire"), position, as_query(notices))


def question_address(
    slug: str, position: Position, notices: tuple[Dropped, ...] = ()
) -> str:
    """Return the one address at which an answer is changed."""
    address = reverse("guide:question", args=[slug])
    return with_query(address, position, as_query(notices))


def checklist_address(
    position: Position, notices: tuple[Dropped, ...], number: int
) -> str:
    """Return the one address of a checklist made with publication *number*."""
    more = [("v", str(number)), *as_query(notices)]
    return with_query(reverse("guide:checklist"), position, more)


def as_query(notices: tuple[Dropped, ...]) -> list[tuple[str, str]]:
    """Return the parameters that carry *notices* over a redirect."""
    return [("dropped", f"{notice.question}.{notice.reason}") for notice in notices]


def publication_of(request: HttpRequest, edition: Edition) -> int:
    """Return the publication with which the link was made; the present one if none."""
    number = request_value(request, "v")
    if number.isascii() and number.isdigit() and 0 < int(number[:9]) < edition.number:
        return int(number[:9])
    return edition.number


def changes(position: Position) -> list[tuple[engine.Answered, str]]:
    """Return each answer on the path with the address at which to change it."""
    return [
        (answer, question_address(answer.question.slug, position))
        for answer in position.answered
    ]


def previous(position: Position, shown: object) -> str:
    """Return the address of the question before the one shown, "" at the first."""
    before = ""
    for answer in position.answered:
        if answer.question == shown:
            break
        before = question_address(answer.question.slug, position)
    return before


def headings(
    position: Position,
) -> tuple[Mapping[str, wording.Words], Mapping[str, wording.Words]]:
    """Return titles by goal, and headings by phase, that suit a visitor's line."""
    if engine.KEEP_NUMBER in position.chosen(engine.GOAL_QUESTION):
        return wording.TITLES, wording.PHASES_KEEPING
    if engine.TRAVEL in position.chosen(engine.LINE_QUESTION):
        return wording.TITLES_TRAVEL, wording.PHASES_TRAVEL
    return wording.TITLES, wording.PHASES


def name_of_operator(operator: content.Operator | None) -> str:
    """Return what to call the operator in a sentence."""
    return operator.name if operator else _("your operator")


def sources_of(guide: content.Guide, result: engine.Checklist) -> list[content.Source]:
    """Return the sources of all that stands on a checklist, each once."""
    slugs: dict[str, None] = {}
    for step in result.steps:
        facts = [fact for topic in step.topics for fact in topic.facts]
        for sourced in (step.step, *step.channels, *facts):
            slugs.update(dict.fromkeys(sourced.sourcing.sources))
    found = [guide.source(slug) for slug in slugs]
    return sorted(
        (source for source in found if source), key=lambda s: s.publisher.casefold()
    )


def operator_in_place_of(guide: content.Guide, slug: str) -> content.Operator | None:
    """Return the operator to which links with a retired code lead."""
    question = guide.question(engine.OPERATOR_QUESTION)
    replacements = dict(question.replacements) if question else {}
    return guide.operator(replacements.get(slug, ""))


def get_operator_or_404(guide: content.Guide, slug: str) -> content.Operator:
    """Return the operator of that code."""
    operator = guide.operator(slug)
    if operator is None:
        raise Http404
    return operator


# Machines and errors


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Tell a supervisor that the guide can be served, and which publication it is."""
    number = edition_for(request).number
    return HttpResponse(f"ok, publication {number}\n", content_type="text/plain")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Show browsers that look for it where the icon is."""
    return redirect(static("guide/icon.svg"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Ask robots to read the pages and to leave out single cases."""
    lines = ["User-agent: *", "Disallow: /admin/"]
    lines += [f"Disallow: /{code}/{p}/" for code in LANGUAGES for p in CASE_PAGES]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


CASE_PAGES = ("checklist", "guide", "report")
LISTED_PAGES = ("start", "operator-list", "faq", "sources", "about")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the pages that do not depend on a case, in every language."""
    addresses = []
    for language in LANGUAGES:
        with translation.override(language):
            addresses += [reverse(f"guide:{name}") for name in LISTED_PAGES]
            addresses += [
                reverse("guide:operator-detail", args=[operator.slug])
                for operator in edition_for(request).guide.operators
            ]
    context = {"addresses": [request.build_absolute_uri(a) for a in addresses]}
    return render(request, "sitemap.xml", context, content_type="application/xml")


def language_alias(request: HttpRequest, code: str, rest: str) -> HttpResponse:
    """
    Send /zh-cn/…, /EN/… and /xx/… to the page in the language they mean.

    Unknown languages become the visitor's own; a missing last slash is added. What is
    no page in any language is not found.
    """
    try:
        language = translation.get_supported_language_variant(code.lower())
    except LookupError:
        language = translation.get_language_from_request(request)
    for path in (f"/{language}/{rest}", f"/{language}/{rest}/"):
        if path != request.path_info and is_page(path):
            query = request.META.get("QUERY_STRING", "")
            address = get_script_prefix().rstrip("/") + path
            return HttpResponseRedirect(address + (f"?{query}" if query else ""))
    raise Http404


def is_page(path: str) -> bool:
    """Tell whether one of our views, and not the alias, answers at *path*."""
    try:
        return resolve_path(path).func is not language_alias
    except Resolver404:
        return False


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was refused because it did not come from our own pages."""
    with translation.override(language_of(request)):
        return render(request, "form_refused.html", {"is_error": True}, status=403)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say to somebody at the desk that the account lacks the right."""
    return render(request, "403.html", {"is_error": True}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say in the visitor's language that there is no such page, and what there is."""
    with translation.override(language_of(request)):
        return render(request, "404.html", {"is_error": True}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours; nothing here may fail in turn."""
    with translation.override(language_of(request)):
        return render(request, "500.html", {"is_error": True}, status=500)


def language_of(request: HttpRequest) -> str:
    """Return the language of the address, else the one the browser asks for."""
    first = request.path_info.strip("/").partition("/")[0]
    if first in LANGUAGES:
        return first
    return translation.get_language_from_request(request)
