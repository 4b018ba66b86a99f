"""Letters as visitors see them: which there are, and one of them for their case."""

from dataclasses import asdict
from urllib.parse import parse_qsl

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from guide import headlines, wording
from guide.case_addresses import (
    answers_of,
    as_query,
    case_address,
    notices_of,
    request_value,
    with_query,
)
from guide.case_in_words import name_of_operator
from guide.flow import content, engine, letters
from guide.flow.engine import Position, Reason, resolve
from guide.letter_addresses import letter_address, letters_of
from guide.letter_texts import gloss_language, paragraphs_of
from guide.pages import named, page
from guide.publishing import edition_for

# The parameter that names the language of a letter.
LANGUAGE = "in"
UNKNOWN_LANGUAGE = f"{LANGUAGE}.{Reason.UNKNOWN}"
LANGUAGE_DROPPED: wording.Words = gettext_lazy(
    "The link asked for this letter in a language that it does not exist in. You see "
    "it in another one: please check it."
)


@require_safe
@vary_on_headers("HX-Request")
def letter_list(request: HttpRequest) -> HttpResponse:
    """List the letters; with answers, first those that fit the case."""
    edition = edition_for(request)
    position = resolve(edition.guide, answers_of(request), edition.today)
    notices = notices_of(request, position)
    address = with_query(reverse("guide:letter-list"), position, as_query(notices))
    if address != request.get_full_path():
        return redirect(address)
    is_case = bool(position.answers)
    fitting = [
        one
        for one in edition.guide.letters
        if is_case and letters.fits(one, position.known)
    ]
    context = {
        **asdict(headlines.of_letter_list()),
        "fitting": letters_of(fitting, position),
        "others": letters_of(
            [one for one in edition.guide.letters if one not in fitting], position
        ),
        "operator_name": name_of_operator(operator_of(edition.guide, position)),
        "notices": named(edition.guide, position, notices),
        "is_case": is_case,
        "checklist_address": back_to_checklist(position, edition.number),
        **unlisted(is_unlisted=is_case),
    }
    return page(request, "guide/letter_list.html", context)


@require_safe
@vary_on_headers("HX-Request")
def letter_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one letter, for the visitor's case as far as it is known."""
    edition = edition_for(request)
    letter = get_letter_or_404(edition.guide, slug)
    position = resolve(edition.guide, answers_of(request), edition.today)
    operator = operator_of(edition.guide, position)
    reader = translation.get_language() or "en"

    default = letters.default_language(letter, operator, reader)
    asked = request_value(request, LANGUAGE)
    possible = letters.languages_of(letter, operator)
    language = asked if asked in possible else default
    is_dropped = bool(asked) and language != asked
    is_dropped = is_dropped or was_dropped(request)
    notices = notices_of(request, position)
    notes = as_query(notices) + [("dropped", UNKNOWN_LANGUAGE)] * is_dropped
    chosen = parameter_for(language, default)
    address = letter_address(slug, position, [*chosen, *notes])
    if address != request.get_full_path():
        return redirect(address)

    is_case = bool(position.answers or chosen)
    channels, are_general = letters.ways_to_send(letter, operator, position)
    mailbox = next((one.value for one in channels if one.kind == "email"), "")
    told = named(edition.guide, position, notices)
    context = {
        **asdict(headlines.of_letter(letter, name_of_operator(operator))),
        "letter": letter,
        "letter_language": language,
        "letter_languages": [
            (
                code,
                letter_address(slug, position, parameter_for(code, default)),
            )
            for code in possible
        ],
        "gloss_language": gloss_language(letter.body, language),
        "subject": paragraphs_of(edition.guide, letter.subject, language, operator),
        "body": paragraphs_of(edition.guide, letter.body, language, operator),
        "identifiers": letters.identifiers_of(edition.guide, letter),
        "suggested": suggestions_for(position),
        "asks_operator": operator is None and letters.asks_operator(letter),
        "mailbox": mailbox,
        "channels": channels,
        "channels_are_general": are_general,
        "position": position,
        "operator": operator,
        "operator_name": name_of_operator(operator),
        "is_for_others": bool(position.answers)
        and not letters.fits(letter, position.known),
        "notices": [*told, *([(None, LANGUAGE_DROPPED)] if is_dropped else [])],
        "list_address": with_query(reverse("guide:letter-list"), position, []),
        "checklist_address": back_to_checklist(position, edition.number),
        **unlisted(is_unlisted=is_case),
    }
    return page(request, "guide/letter_detail.html", context)


def suggestions_for(position: Position) -> dict[str, str]:
    """Return what a script may fill in, by code: the end date, the day of writing."""
    end = position.ends_on
    suggested = {letters.LETTER_DATE: "today"}
    return suggested | ({letters.END_DATE: end.isoformat()} if end else {})


def back_to_checklist(position: Position, number: int) -> str:
    """Return the address of the case's checklist, "" while answers are missing."""
    if position.question is not None:
        return ""
    return case_address("guide:checklist", position, (), number)


def parameter_for(language: str, default: str) -> list[tuple[str, str]]:
    """Return what an address says of the letter's language: nothing of the usual."""
    return [] if language == default else [(LANGUAGE, language)]


def was_dropped(request: HttpRequest) -> bool:
    """Tell whether the redirect that led here left a language out."""
    query = request.META.get("QUERY_STRING", "")
    return ("dropped", UNKNOWN_LANGUAGE) in parse_qsl(query, errors="replace")


def operator_of(guide: content.Guide, position: Position) -> content.Operator | None:
    """Return the operator of a case, if it is one that the guide knows."""
    slug = engine.OPERATOR_QUESTION
    # A link may name the operator and nothing before it: that is enough for a letter.
    codes = position.chosen(slug) or position.answers.get(slug, ())
    return guide.operator(next(iter(codes), ""))


def unlisted(*, is_unlisted: bool) -> dict[str, None]:
    """Return what keeps a page of one case out of search engines."""
    return {"listed": None} if is_unlisted else {}


def get_letter_or_404(guide: content.Guide, slug: str) -> content.Letter:
    """Return the letter of that code."""
    letter = guide.letter(slug)
    if letter is None:
        raise Http404
    return letter
