"""How texts, dates and sources of the guide are shown."""

from datetime import date

from django import template
from django.conf import settings
from django.template import Context
from django.urls import get_script_prefix, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from guide import headlines, length, wording
from guide.case_addresses import query_less_notices
from guide.due_in_words import due_in_parts
from guide.explaining import SCHEME
from guide.flow.content import (
    Choice,
    GlossaryEntry,
    Guide,
    Operator,
    OperatorFact,
    Sourcing,
    Text,
)
from guide.flow.engine import ChecklistStep
from guide.languages import html_language
from guide.placeholders import filled
from guide.reaching import link_of, short_address
from guide.sourcing import has_dated, sources_in
from guide.structured_data import Data
from guide.structured_data import as_script as data_as_script

register = template.Library()
register.simple_tag(due_in_parts)
register.filter(html_language)
register.filter(link_of)
register.filter(short_address)
register.simple_tag(sources_in)
register.simple_tag(has_dated)

# Each language by its own name.
LANGUAGE_NAMES = {
    "zh-hans": "中文",
    "en": "English",
    "nl": "Nederlands",
    "fr": "Français",
    "de": "Deutsch",
}
# Words that the template adds to a step: the best way to the operator, what unfolds.
ROOM_FOR_SUMMARY = 15
ROOM_FOR_ROUTE = 40


@register.simple_tag(takes_context=True)
def say(context: Context, text: Text) -> SafeString:
    """Show a text in the page's language; another language is marked as such."""
    return _shown(context, text, "span")


@register.simple_tag(takes_context=True)
def say_html(context: Context, text: Text) -> SafeString:
    """Show paragraphs; they were made clean when the guide was published."""
    language = translation.get_language() or "en"
    html = _filled(context, text, language)
    used = text.language_for(language)
    if used in {language, ""}:
        return mark_safe(html)  # noqa: S308 - cleaned by compiling.to_html
    return format_html(
        '<div lang="{}">{}</div>',
        html_language(used),
        mark_safe(html),  # noqa: S308 - cleaned by compiling.to_html
    )


@register.filter
def opening(text: Text) -> Text:
    """Return the part of a text that stands open."""
    return length.opening(text)


@register.filter
def rest(text: Text) -> Text:
    """Return the part of a text that unfolds."""
    return length.rest(text)


@register.simple_tag(takes_context=True)
def key_fact(context: Context, item: ChecklistStep) -> OperatorFact | None:
    """
    Return what to know of the operator before doing a step, if it is short enough.

    That is the first fact of the first topic on which there is one; a step says no more
    than its reader takes in at once, so a long fact only unfolds.
    """
    known = (
        topic.facts[0]
        for topic in item.topics
        if topic.facts and not topic.shown_in and topic.topic != "surprise"
    )
    fact = next(known, None)
    if fact is None:
        return None
    language = translation.get_language() or "en"
    texts = (item.step.title, length.opening(item.step.body), fact.text)
    if any(text.language_for(language) != language for text in texts):
        return None
    used = sum(length.length_of(_filled(context, t, language), language) for t in texts)
    used += ROOM_FOR_ROUTE if item.step.shows_channels else ROOM_FOR_SUMMARY
    return fact if used <= length.most_in(language) else None


@register.simple_tag(takes_context=True)
def plain(context: Context, text: Text) -> str:
    """Return a text for a title or an attribute."""
    return _filled(context, text, translation.get_language() or "en")


@register.filter
def language_name(code: str) -> str:
    """Return what a language calls itself."""
    return LANGUAGE_NAMES.get(code, code)


@register.filter
def in_language(text: Text, language: str) -> str:
    """Return a text in a language that is not the page's own."""
    return text.read(language)


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[dict[str, object]]:
    """Return the same page in every language, answers included."""
    request = context["request"]
    current = translation.get_language() or "en"
    start = request.path_info.partition(f"/{current}/")
    is_page = not start[0] and not context.get("is_error")
    query = query_to_keep(context) if is_page else ""
    root = get_script_prefix()
    return [
        {
            "code": code,
            "name": LANGUAGE_NAMES[code],
            "is_current": code == current,
            "address": f"{root}{code}/{start[2] if is_page else ''}" + query,
        }
        for code, name in settings.LANGUAGES
    ]


@register.simple_tag(takes_context=True)
def query_to_keep(context: Context) -> str:
    """Return the query with "?", less the notices that a redirect carried."""
    return query_less_notices(context["request"])


@register.simple_tag(takes_context=True)
def absolute(context: Context, address: str) -> str:
    """Return an address with scheme and host, for machines that ask for it."""
    return context["request"].build_absolute_uri(address)


@register.simple_tag(takes_context=True)
def is_overdue(context: Context, sourcing: Sourcing) -> bool:
    """Tell whether a fact must be checked again on the day of the page."""
    return sourcing.is_overdue(context["today"])


@register.simple_tag
def names_of(guide: Guide, choice: Choice) -> str:
    """Return all names under which somebody may look for an operator."""
    operator = guide.operator(choice.slug)
    names = (choice.slug, *choice.label.by_language.values())
    if operator:
        names += (operator.company, *operator.aliases)
    return " ".join(dict.fromkeys(name for name in names if name))


@register.simple_tag
def words_on_bills(entry: GlossaryEntry) -> list[tuple[str, str, str]]:
    """Return code and name of each language with its words, less the entry's name."""
    language = translation.get_language() or "en"
    names = dict(settings.LANGUAGES)
    return [
        (code, translation.gettext(names[code]), words)
        for code, words in entry.on_bills
        if words.casefold() != entry.term.read(language).casefold()
    ]


@register.filter
def weekday_date(day: date) -> str:
    """Return a day with its weekday."""
    return wording.day_in_words(day)


@register.filter
def aspect_name(aspect: str) -> wording.Words:
    """Return what about a step has changed."""
    return wording.ASPECTS[aspect]


@register.filter
def topic_name(topic: str) -> wording.Words:
    """Return the heading of a topic."""
    return wording.TOPICS.get(topic, topic)


@register.filter
def kind_name(kind: str) -> wording.Words:
    """Return what a kind of channel or operator is called."""
    return wording.CHANNEL_KINDS.get(kind) or wording.OPERATOR_KINDS.get(kind, kind)


@register.filter
def purpose_name(purpose: str) -> wording.Words:
    """Return what a channel is for."""
    return wording.PURPOSES.get(purpose, purpose)


@register.filter
def confidence_name(confidence: str) -> wording.Words:
    """Return who stands behind a source."""
    return wording.CONFIDENCE.get(confidence, confidence)


@register.filter
def status_name(status: str) -> wording.Words:
    """Return whether an operator is in business."""
    return wording.STATUS.get(status, status)


@register.filter
def as_script(data: Data) -> SafeString:
    """Return what search engines read about a page, for a script element."""
    return data_as_script(data)


@register.filter
def of_key(mapping: dict[str, object], key: str) -> object:
    """Return a value of a mapping."""
    return mapping.get(key, "")


@register.filter
def short_name(operator: Operator) -> str:
    """Return an operator's name without what stands behind it in brackets."""
    return headlines.short_name(operator)


@register.simple_tag
def operator_address(slug: str) -> str:
    """Return the address of an operator's page."""
    return reverse("guide:operator-detail", args=[slug])


def _shown(context: Context, text: Text, tag: str) -> SafeString:
    language = translation.get_language() or "en"
    words = _filled(context, text, language)
    used = text.language_for(language)
    if used in {language, ""}:
        return format_html("{}", words)
    return format_html('<{} lang="{}">{}</{}>', tag, html_language(used), words, tag)


def _filled(context: Context, text: Text, language: str) -> str:
    """Return the words with the name of the page's operator in them."""
    name = context.get("operator_name") or translation.gettext("your operator")
    words = filled(text, language=language, name=name)
    if SCHEME in words:
        address = reverse("guide:glossary")
        words = words.replace(f'href="{SCHEME}', f'href="{address}#')
    return words
