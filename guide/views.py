"""What visitors see. All of it comes from the publication in force."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

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

from guide import headlines, structured_data, wording
from guide.case_addresses import (
    Case,
    answers_of,
    case_address,
    case_of,
    notices_of,
    question_address,
    questionnaire_address,
    request_value,
)
from guide.case_in_words import (
    headings,
    name_of_operator,
    sources_of,
    telling_choices,
    title_of,
)
from guide.flow import content, engine, in_short
from guide.flow.answers import to_query, without
from guide.flow.conditions import offered
from guide.flow.coverage import CLOSED, topics_to_expect
from guide.flow.engine import Dropped, Position, resolve
from guide.flow.since import Changes, changes_since
from guide.letter_addresses import letters_of
from guide.listed_pages import pages_of
from guide.pages import named, page
from guide.publishing import earlier, edition_for
from guide.taking_along import end_question_address, ways_to_take

LANGUAGES = tuple(code for code, name in settings.LANGUAGES)

# How many links of a kind the start page and the page of an operator show.
MOST_OPERATORS = 8
MOST_QUESTIONS = 6
MOST_QUESTIONS_OF_ONE = 8


# Pages around the questionnaire


@require_safe
def front_door(request: HttpRequest, **_codes: str) -> HttpResponse:
    """Send visitors to the page in their language, else in English."""
    language = translation.get_language_from_request(request)
    query = request.META.get("QUERY_STRING", "")
    address = f"{get_script_prefix()}{language}{request.path_info}"
    response = redirect(f"{address}?{query}" if query else address)
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
        **asdict(headlines.of_start(guide)),
        "most": position.at_most,
        "operator_count": len(guide.operators),
        "source_count": len(guide.sources),
        "well_known": in_short.well_known(guide)[:MOST_OPERATORS],
        "travel": in_short.travel_operators(guide)[:MOST_OPERATORS],
        "entries": guide.faq[:MOST_QUESTIONS],
    }
    return page(request, "guide/start.html", context)


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def operator_list(request: HttpRequest) -> HttpResponse:
    """Let visitors find their operator; the list narrows as they type."""
    guide = edition_for(request).guide
    search = request_value(request, "q")[:80]
    context = {
        **asdict(headlines.of_operator_list(guide)),
        "operators": guide.operators_named_like(search),
        "search": search,
    }
    return page(request, "guide/operator_list.html", context, part=part_of(request))


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
    headline = headlines.of_operator(guide, operator)
    start = reverse("guide:questionnaire")
    context = {
        **asdict(headline),
        **trail_to(request, "guide:operator-list", _("Operators"), headline.heading),
        "operator": operator,
        "operator_name": operator.name,
        "shorts": () if operator.status == CLOSED else shorts_of(guide, operator),
        "begin": f"{start}?{to_query(in_short.answers_about(guide, operator))}",
        "channels": [(p, found) for p, found in channels.items() if found],
        "topics": [(topic, found) for topic, found in facts.items() if found],
        "unknown_topics": [
            topic
            for topic in topics_to_expect(operator)
            if not facts[topic] and topic not in engine.OPTIONAL_TOPICS
        ],
        "related": in_short.related(guide, operator),
        "entries": in_short.questions_about(guide, operator)[:MOST_QUESTIONS_OF_ONE],
    }
    return page(request, "guide/operator_detail.html", context)


@require_safe
@vary_on_headers("HX-Request")
def faq(request: HttpRequest) -> HttpResponse:
    """Answer what people ask most."""
    entries = edition_for(request).guide.faq
    language = translation.get_language() or "en"
    name = name_of_operator(None)
    context = {
        **asdict(headlines.of_faq()),
        "entries": entries,
        "structured": structured_data.faq_page(entries, language=language, name=name),
    }
    return page(request, "guide/faq.html", context)


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def glossary(request: HttpRequest) -> HttpResponse:
    """Explain the words on Belgian bills and screens; the list narrows as one types."""
    edition = edition_for(request)
    search = request_value(request, "q")[:80]
    found = edition.guide.words_like(search)
    context = {
        **asdict(headlines.of_glossary()),
        "entries": content.in_reading_order(found, translation.get_language() or "en"),
        "search": search,
    }
    return page(request, "guide/glossary.html", context, part=part_of(request))


@require_safe
@vary_on_headers("HX-Request")
def faq_entry(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer one common question on a page of its own."""
    entries = edition_for(request).guide.faq
    entry = next((entry for entry in entries if entry.slug == slug), None)
    if entry is None:
        raise Http404
    headline = headlines.of_faq_entry(entry)
    around = entries.index(entry)
    context = {
        **asdict(headline),
        **trail_to(request, "guide:faq", _("Common questions"), headline.heading),
        "entry": entry,
        # Those that editors put next to it, and the first ones behind the last.
        "entries": (entries[around + 1 :] + entries[:around])[:MOST_QUESTIONS],
    }
    return page(request, "guide/faq_entry.html", context)


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
    context = {
        **asdict(headlines.of_sources(guide)),
        "by_confidence": by_confidence,
    }
    return page(request, "guide/sources.html", context)


@require_safe
@vary_on_headers("HX-Request")
def about(request: HttpRequest) -> HttpResponse:
    """Say who the guide is for, how it works and what it never does."""
    return page(request, "guide/about.html", asdict(headlines.of_about()))


@require_safe
@vary_on_headers("HX-Request")
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how the guide can be used and what does not work yet."""
    context = asdict(headlines.of_accessibility())
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
    case = case_of(request)
    position = case.position
    address = case.address_of("guide:checklist")
    if position.question is None or address != request.get_full_path():
        return redirect(address)
    made_with = {"v": (str(case.made_with),)} if case.is_older else {}
    context = {
        "question": position.question,
        "choices": position.choices,
        "chosen": (),
        "hidden": {**position.answers, **made_with},
    }
    return question_page(request, position, case.notices, context)


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
    case = case_of(request)
    edition, position, notices = case.edition, case.position, case.notices
    address = case.address_of("guide:checklist")
    if address != request.get_full_path():
        return redirect(address)

    result = edition.checklist(position)
    operator_name = name_of_operator(result.operator)
    _titles, phase_titles = headings(position)
    letters = letters_of(result.letters, position)
    context = {
        "checklist": result,
        "position": position,
        "notices": named(edition.guide, position, notices),
        "operator": result.operator,
        "operator_name": operator_name,
        "title": title_of(position, operator_name),
        "phase_titles": phase_titles,
        "is_over": result.ends_on is not None and result.ends_on < edition.today,
        "is_older": case.is_older,
        "since": changes_for(case, result) if case.is_older else None,
        "fresh": case_address("guide:checklist", position, (), edition.number),
        "calendar": engine.calendar(result, edition.today) if result.ends_on else (),
        "change_end": end_question_address(case),
        "sources": sources_of(edition.guide, result),
        "telling": telling_choices(position),
        "ways_to_take": ways_to_take(case, result),
        "changes": changes(position),
        "letters": letters,
        "letter_addresses": {letter.slug: address for letter, address in letters},
        "is_folded": True,
        "restart": reverse("guide:questionnaire"),
    }
    return page(request, "guide/checklist.html", context)


# What pages share


def part_of(request: HttpRequest) -> str:
    """Return which part of a page with a search htmx asks for, while somebody types."""
    is_typing = request.htmx and request.htmx.target == "results"
    return "results" if is_typing else "content"


def trail_to(
    request: HttpRequest, parent: str, parent_name: str, name: str
) -> dict[str, object]:
    """
    Return the way to a page below another one, for people and for machines.

    People read the name of the page itself in its heading.
    """
    above = [("SIM Exit", reverse("guide:start")), (parent_name, reverse(parent))]
    return {
        "trail": above,
        "structured": structured_data.trail(
            [
                (step, request.build_absolute_uri(address))
                for step, address in (*above, (name, request.path))
            ]
        ),
    }


def shorts_of(
    guide: content.Guide, operator: content.Operator
) -> Sequence[Mapping[str, object]]:
    """Return how an operator's lines end, each with its name and where to begin."""
    return [
        {
            "short": short,
            "line": headlines.line_name(guide, short.line),
            "way": headlines.way_of(short),
        }
        for short in in_short.in_short(guide, operator)
    ]


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
    }
    return page(request, "guide/question.html", {**shared, **context})


def changes(position: Position) -> list[tuple[engine.Answered, str]]:
    """Return each answer on the path with the address at which to change it."""
    return [
        (answer, question_address(answer.question.slug, position))
        for answer in position.answered
    ]


def changes_for(case: Case, result: engine.Checklist) -> Changes | None:
    """Return what is new in a checklist since its link was made; None: unknown."""
    before, now = earlier().get(case.made_with), case.edition
    if before is None:
        return None
    language = translation.get_language() or "en"
    return changes_since(
        before, now.guide, case.position, result, today=now.today, language=language
    )


def previous(position: Position, shown: object) -> str:
    """Return the address of the question before the one shown, "" at the first."""
    before = ""
    for answer in position.answered:
        if answer.question == shown:
            break
        before = question_address(answer.question.slug, position)
    return before


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
    lines += [f"Disallow: /{code}/checklist." for code in LANGUAGES]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


CASE_PAGES = ("checklist", "guide", "report")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the pages that may be found, in every language."""
    edition = edition_for(request)
    context = {
        "pages": [
            (page.addresses(), page.neutral_address())
            for page in pages_of(edition.guide)
        ],
        "published_at": edition.published_at,
        "site": request.build_absolute_uri("/").rstrip("/"),
    }
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
