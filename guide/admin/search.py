"""One search over all content of the guide."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib import admin
from django.db import models as db
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst, smart_split, unescape_string_literal
from django.utils.translation import gettext as _
from modeltranslation.manager import get_translatable_fields_for_model

from guide import models
from guide.admin.addresses import form_address, name_of
from guide.translations import SOURCE_LANGUAGE, TARGET_LANGUAGES, column

SHOWN_OF_A_KIND = 20
EXCERPT_BEFORE, EXCERPT_AFTER = 40, 120  # characters around the first word found

# What is searched beside translated texts, in the order in which it is shown.
PLAIN_FIELDS: dict[type[db.Model], tuple[str, ...]] = {
    models.Question: ("slug",),
    models.Choice: ("slug", "question__slug"),
    models.RetiredCode: ("slug", "replacement", "question__slug"),
    models.Step: ("slug",),
    models.Operator: (*("slug", "name", "aliases", "company", "network", "website"),),
    models.CardType: ("slug",),
    models.Channel: ("slug", "operator__name", "value", "screen_path"),
    models.OperatorFact: ("slug", "operator__name"),
    models.FaqEntry: ("slug",),
    models.Letter: ("slug",),
    models.Identifier: ("slug",),
    models.Source: ("slug", "title", "publisher", "url", "date_note"),
    models.Publication: ("number", "note"),
    models.Report: ("text", "step_slug", "fact_slug"),
}


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of an excerpt; marked where it is what was searched."""

    text: str
    is_marked: bool


@dataclass(frozen=True, kw_only=True)
class Found:
    """One row in which all words occur."""

    title: str
    address: str
    code: str
    field: str  # where the excerpt comes from, in words
    language: str  # code of the excerpt's language, "" for names and codes
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """What was found of one kind."""

    title: str
    found: tuple[Found, ...]
    count: int
    list_address: str


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses of further pages."""
    return [path("search/", site.admin_view(search_page), name="desk-search")]


def search_page(request: HttpRequest) -> HttpResponse:
    """Find words in everything that the guide is made of."""
    query = " ".join(request.GET.get("q", "").split())
    words = words_of(query)
    groups = search(request, words) if words else ()
    context = {
        **admin.site.each_context(request),
        "title": _("Search"),
        "query": query,
        "has_words": bool(words),
        "groups": groups,
        "count": sum(group.count for group in groups),
    }
    return TemplateResponse(request, "desk/search.html", context)


def words_of(query: str) -> tuple[str, ...]:
    """Return what must occur, folded; “a phrase” in quotation marks is one word."""
    plain = query.translate({ord(mark): '"' for mark in "“”„«»"})
    found = []
    for bit in smart_split(plain):
        is_quoted = len(bit) > 1 and bit[0] == bit[-1] and bit[0] in "\"'"
        found.append(folded(unescape_string_literal(bit) if is_quoted else bit))
    return tuple(dict.fromkeys(word.strip() for word in found if word.strip()))


def search(request: HttpRequest, words: Sequence[str]) -> tuple[Group, ...]:
    """Return what the signed-in person may see and in which all *words* occur."""
    groups = []
    for model in PLAIN_FIELDS:
        desk = admin.site.get_model_admin(model)
        if not desk.has_view_permission(request):
            continue
        found = list(_search(model, words))
        if not found:
            continue
        # A row named by one of the words stands before rows that only mention it.
        found.sort(key=lambda pair: pair[0])
        address = reverse(f"admin:guide_{model._meta.model_name}_changelist")
        groups.append(
            Group(
                title=capfirst(model._meta.verbose_name_plural),
                found=tuple(one for _rank, one in found[:SHOWN_OF_A_KIND]),
                count=len(found),
                list_address=address,
            )
        )
    return tuple(groups)


def _search(model: type[db.Model], words: Sequence[str]) -> Iterator[tuple[int, Found]]:
    plain = PLAIN_FIELDS[model]
    translated = [
        (field, language, column(field, language))
        for field in get_translatable_fields_for_model(model) or ()
        for language in (SOURCE_LANGUAGE, *TARGET_LANGUAGES)
    ]
    columns = [*plain, *(name for _field, _language, name in translated)]
    hits = []
    for pk, *values in model.objects.values_list("pk", *columns):
        texts = [str(value) if value is not None else "" for value in values]
        flat = [folded(text) for text in texts]
        if all(any(word in text for text in flat) for word in words):
            hits.append((pk, texts, flat))
    rows = _rows(model, [pk for pk, _texts, _flat in hits])
    for pk, texts, flat in hits:
        # The text that holds most of the words; of equal ones the longest says most.
        held = [sum(word in text for word in words) for text in flat]
        best = max(
            range(len(texts)),
            key=lambda at: (held[at], at >= len(plain), -at),
        )
        field, language = plain[best] if best < len(plain) else "", ""
        if best >= len(plain):
            field, language, _column = translated[best - len(plain)]
        yield (
            _rank(flat[: len(plain)], words),
            Found(
                title=name_of(rows[pk]),
                address=form_address(model, pk),
                code=str(getattr(rows[pk], "slug", "")),
                field=_field_in_words(model, field),
                language=language,
                excerpt=excerpt(texts[best], words),
            ),
        )


def _rows(model: type[db.Model], keys: Sequence[int]) -> dict[int, db.Model]:
    parents = [field.name for field in model._meta.fields if field.many_to_one]
    rows = (
        model.objects.defer("document")
        if model is models.Publication
        else (
            model.objects.select_related(*parents) if parents else model.objects.all()
        )
    )
    return rows.in_bulk(keys)


def _rank(plain: Sequence[str], words: Sequence[str]) -> int:
    """Return 0 for a row that is named like a word, 1 for part of a name, else 2."""
    if any(word in plain for word in words):
        return 0
    if any(word in text for word in words for text in plain):
        return 1
    return 2


def _field_in_words(model: type[db.Model], field: str) -> str:
    for name in field.split("__")[:-1]:
        model = model._meta.get_field(name).related_model
    return str(model._meta.get_field(field.rpartition("__")[2]).verbose_name)


# Texts


def folded(text: str) -> str:
    """Return *text* without case and accents, as it is compared."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def excerpt(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """
    Return the part of *text* around the first of *words*, with all of them marked.

    Args:
        text: The text as it was written.
        words: Folded words.

    Returns:
        Pieces in order; the start of the text when it holds none of the words.
    """
    flat, places = _folded_with_places(text)
    spans = []
    for word in words:
        at = flat.find(word)
        while at >= 0:
            spans.append((places[at], places[at + len(word) - 1] + 1))
            at = flat.find(word, at + len(word))
    spans.sort()
    first = spans[0][0] if spans else 0
    start = max(0, first - EXCERPT_BEFORE)
    if start > 0:
        # Not in the middle of a word, where there are spaces between words.
        start = text.find(" ", start, first) + 1 or start
    end = min(len(text), first + EXCERPT_AFTER)
    pieces = []
    at = start
    for begin, stop in spans:
        if begin < at or begin >= end:
            continue
        pieces.append(Piece(text=text[at:begin], is_marked=False))
        pieces.append(Piece(text=text[begin:stop], is_marked=True))
        at = stop
    pieces.append(Piece(text=text[at : max(at, end)], is_marked=False))
    if start > 0:
        pieces.insert(0, Piece(text="… ", is_marked=False))
    if max(at, end) < len(text):
        pieces.append(Piece(text=" …", is_marked=False))
    return tuple(piece for piece in pieces if piece.text)


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """Return the folded text, and for each of its characters where it came from."""
    flat, places = [], []
    for place, character in enumerate(text):
        for part in folded(character):
            flat.append(part)
            places.append(place)
    return "".join(flat), places
