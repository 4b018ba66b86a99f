"""
The title, heading and description of each page that search engines may list.

They answer the question that people type in: what the page is about comes first, and a
description says no more than the facts of the page carry.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from django.utils import formats, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from guide.flow.content import FaqEntry, Guide, Letter, Operator, Text
from guide.flow.coverage import CLOSED, TRAVEL_KINDS
from guide.flow.engine import LINE_QUESTION
from guide.flow.in_short import Short, in_short, lines_of, well_known
from guide.placeholders import filled
from guide.reaching import short_address
from guide.wording import Words

# What search engines show of a title and of a description, in columns: a Chinese
# character takes two.
MOST_TITLE = 60
MOST_DESCRIPTION = 160
SITE = " – SIM Exit"  # what every title ends with
MOST_OWN_TITLE = MOST_TITLE - len(SITE)

ROAMING_PACK = "roaming-pack"
UNCONFIRMED = "unknown"
# Ways to cancel that a description names: more make no sentence.
MOST_WAYS = 4

# As people type them. What is left out here is no line that one looks for by name.
LINES: dict[str, Words] = {
    "subscription": pgettext_lazy("in a title", "subscription"),
    "prepaid": pgettext_lazy("in a title", "prepaid"),
    "esim": pgettext_lazy("in a title", "eSIM"),
    "data-only": pgettext_lazy("in a title", "data card"),
    "pack": pgettext_lazy("in a title", "pack"),
}

# How one reaches an operator: “How to cancel Meadow: online, by letter.”
WAYS: dict[str, Words] = {
    "online": pgettext_lazy("way to cancel", "online"),
    "app": pgettext_lazy("way to cancel", "in the app"),
    "phone": pgettext_lazy("way to cancel", "by phone"),
    "shop": pgettext_lazy("way to cancel", "in a shop"),
    "post": pgettext_lazy("way to cancel", "by letter"),
    "email": pgettext_lazy("way to cancel", "by e-mail"),
    "chat": pgettext_lazy("way to cancel", "by chat"),
    "form": pgettext_lazy("way to cancel", "with a form"),
}

REST: Words = gettext_lazy("What is known and what is not, with sources and dates.")


@dataclass(frozen=True, kw_only=True)
class Headline:
    """What a page is called, in a list of search results and on the page itself."""

    title: str  # without the name of the site
    heading: str
    description: str


def of_one_name(name: str, description: str) -> Headline:
    """Return the headline of a page whose heading is its title, too."""
    return Headline(title=name, heading=name, description=description)


def of_start(guide: Guide) -> Headline:
    """Return the headline of the start page."""
    names = [operator.name for operator in well_known(guide)]
    description = _(
        "A few questions, then your own dated checklist to end a Belgian SIM, eSIM or "
        "data card: %(operators)s, travel eSIMs and more."
    )
    candidates = [
        description % {"operators": in_a_row(names[:count])}
        for count in range(len(names), -1, -1)
    ]
    return Headline(
        title=_("Cancel a Belgian SIM card, eSIM or mobile plan"),
        heading=_("Cancel a Belgian SIM, eSIM or data card without losing anything"),
        description=fitting(candidates, MOST_DESCRIPTION),
    )


def of_operator_list(guide: Guide) -> Headline:
    """Return the headline of the list of operators."""
    title = _("Cancel your operator in Belgium: find yours")
    description = _(
        "How to cancel with each of %(count)s operators and brands in Belgium and "
        "sellers of travel eSIMs: ways, notice, costs and proof, with sources."
    )
    return of_one_name(title, description % {"count": len(guide.operators)})


def of_operator(guide: Guide, operator: Operator) -> Headline:
    """Return the headline of the page about one operator."""
    name = {"operator": short_name(operator)}
    if operator.status == CLOSED:
        heading = _("%(operator)s no longer exists: what became of your line") % name
        shorter = _("%(operator)s no longer exists: what now?") % name
        return Headline(
            title=fitting([heading, shorter], MOST_OWN_TITLE),
            heading=heading,
            description=_about_closed(operator, name),
        )
    if operator.kind in TRAVEL_KINDS:
        heading = (
            _("Does your %(operator)s need cancelling?")
            if operator.kind == ROAMING_PACK
            else _("Does your %(operator)s eSIM need cancelling?")
        ) % name
        shorter = _("Cancel %(operator)s?") % name
        return Headline(
            title=fitting([heading, shorter], MOST_OWN_TITLE),
            heading=heading,
            description=_about_travel(guide, operator, name),
        )
    headings = _headings(guide, operator, name)
    return Headline(
        title=fitting(headings, MOST_OWN_TITLE),
        heading=headings[0],
        description=_about_lines(guide, operator, name),
    )


def of_faq() -> Headline:
    """Return the headline of the common questions."""
    return of_one_name(
        _("Cancelling a SIM in Belgium: common questions"),
        _(
            "Notice, costs, leaving from abroad, unpaid bills, prepaid credit, moving "
            "the number, proof: short answers with sources for Belgium."
        ),
    )


def of_faq_entry(entry: FaqEntry) -> Headline:
    """Return the headline of one common question."""
    name = _("your operator")
    language = translation.get_language() or "en"
    question = filled(entry.question, language=language, name=name)
    answer = filled(entry.answer, language=language, name=name)
    return of_one_name(
        question,
        beginning(next(iter(paragraphs(answer)), ""), MOST_DESCRIPTION),
    )


def of_glossary() -> Headline:
    """Return the headline of the glossary."""
    return of_one_name(
        _("What Belgian telecom words mean"),
        _(
            "The Dutch, French and German words on Belgian phone bills and screens, "
            "each explained in a sentence or two, with its source."
        ),
    )


def of_letter_list() -> Headline:
    """Return the headline of the list of letters."""
    return of_one_name(
        _("Letters to cancel a Belgian mobile line"),
        _(
            "Free letters to end, withdraw from or complain about a Belgian mobile "
            "line, in Dutch, French, German and English, with a translation beside."
        ),
    )


def of_letter(letter: Letter, operator_name: str) -> Headline:
    """Return the headline of one letter."""
    language = translation.get_language() or "en"
    name = letter.name.read(language)
    purpose = filled(letter.purpose, language=language, name=operator_name)
    return of_one_name(name, beginning(purpose, MOST_DESCRIPTION))


def of_sources(guide: Guide) -> Headline:
    """Return the headline of the list of sources."""
    description = _(
        "The %(count)s pages of operators, regulators, lawmakers and others on which "
        "this guide to ending a Belgian mobile line rests, with their dates."
    )
    return Headline(
        title=_("Sources: where each fact comes from"),
        heading=_("Sources"),
        description=description % {"count": len(guide.sources)},
    )


def of_about() -> Headline:
    """Return the headline of the page about the guide."""
    return of_one_name(
        _("About this guide"),
        _(
            "SIM Exit is a free guide to ending a Belgian mobile line. It stores "
            "nothing about you, shows no advertising and names its sources."
        ),
    )


def of_accessibility() -> Headline:
    """Return the headline of the page about accessibility."""
    return of_one_name(
        _("Accessibility"),
        _(
            "How SIM Exit works with a keyboard, a screen reader, large type, an old "
            "phone, without JavaScript and on paper, and what is not tested yet."
        ),
    )


# About operators


def short_name(operator: Operator) -> str:
    """Return an operator's name without what stands behind it in brackets."""
    return operator.name.partition(" (")[0]


def way_of(short: Short) -> str:
    """Return how one begins to end a line, "" where no way is known or needed."""
    if short.channel is None or short.channel.kind not in WAYS:
        return ""
    way, value = str(WAYS[short.channel.kind]), short_address(short.channel.value)
    if not value or short.channel.kind == "post":
        return way
    return pgettext("way to cancel", "%(way)s (%(where)s)") % {
        "way": way,
        "where": value,
    }


def _headings(guide: Guide, operator: Operator, name: dict[str, str]) -> list[str]:
    """Return headings for an operator, the longest first."""
    lines = set(lines_of(guide, operator))
    if operator.esim:
        lines.add("esim")
    words = [str(word) for code, word in LINES.items() if code in lines]
    with_place = _("Cancel %(operator)s in Belgium: %(lines)s")
    found = [
        with_place % {**name, "lines": in_a_row(words[:count])}
        for count in range(len(words), 0, -1)
    ]
    return [
        *found,
        _("Cancel %(operator)s in Belgium") % name,
        _("Cancel %(operator)s") % name,
    ]


def _about_lines(guide: Guide, operator: Operator, name: dict[str, str]) -> str:
    kinds = [c.kind for c in operator.channels if c.purpose == "cancel"]
    ways = [str(WAYS[kind]) for kind in dict.fromkeys(kinds) if kind in WAYS]
    if ways:
        opening = _("How to cancel %(operator)s in Belgium: %(ways)s.") % {
            **name,
            "ways": in_a_row(ways[:MOST_WAYS]),
        }
    elif operator.status == UNCONFIRMED:
        opening = _(
            "We could not confirm that %(operator)s is still in business in Belgium."
        )
        opening %= name
    else:
        opening = _("We found no confirmed way to cancel %(operator)s in Belgium.")
        opening %= name
    # When the line ends is what people ask first, so it comes before the notice.
    shorts = in_short(guide, operator)
    facts: list[str] = []
    for short in shorts:
        said = first_paragraphs([f.text for f in reversed(short.facts)], operator)
        # What holds for a subscription need not hold for a prepaid card.
        line = line_name(guide, short.line) if len(shorts) > 1 else ""
        facts += [_of_line(line, sentence) for sentence in said]
    candidates = [in_two_sentences(opening, said) for said in (*facts, str(REST))]
    return fitting([*candidates, opening], MOST_DESCRIPTION)


def _about_travel(guide: Guide, operator: Operator, name: dict[str, str]) -> str:
    facts = [fact.text for short in in_short(guide, operator) for fact in short.facts]
    question = _(
        "Does %(operator)s renew by itself, how do you stop that, and do you get money "
        "back? What is known and what is not, with sources."
    )
    candidates = [
        said if name["operator"] in said else _of_line(name["operator"], said)
        for said in first_paragraphs(facts, operator)
    ]
    return fitting([*candidates, question % name], MOST_DESCRIPTION)


def _about_closed(operator: Operator, name: dict[str, str]) -> str:
    candidates = first_paragraphs([operator.status_note], operator)
    if operator.closed_on is not None:
        closing = _(
            "%(operator)s stopped on %(day)s. What became of its customers and cards, "
            "with sources."
        )
        day = formats.date_format(operator.closed_on)
        candidates.append(closing % {**name, "day": day})
    return fitting(
        [*candidates, in_two_sentences(str(STOPPED) % name, str(REST))],
        MOST_DESCRIPTION,
    )


STOPPED: Words = gettext_lazy("%(operator)s no longer exists.")


# Texts that fit


def columns(text: str) -> int:
    """Return how wide a text is: a Chinese character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fitting(candidates: Iterable[str], most: int) -> str:
    """Return the first candidate that is at most so wide, else the last one."""
    text = ""
    for text in candidates:
        if columns(text) <= most:
            break
    return text


def beginning(text: str, most: int) -> str:
    """Return as many whole sentences as fit; of a longer first one, what fits."""
    # Not behind a number: “am 1. April” is no end of a sentence.
    parts = re.split(r"(?<=[^\d\s][.!?])(?=\s+[^a-zà-ÿ])|(?<=[。！？])", text)
    kept = ""
    for part in parts:
        if columns(kept + part) > most:
            break
        kept += part
    if kept.strip() or not text:
        return kept.strip()
    return _cut(text, most - 1) + "…"


def _cut(text: str, most: int) -> str:
    """Return what fits of a text, up to the end of a word."""
    end = next(i for i in range(len(text), -1, -1) if columns(text[:i]) <= most)
    words = text[:end].rpartition(" ")[0]
    # Chinese knows no spaces: nearly all of it would go with the last one.
    return words if len(words) > end // 2 else text[:end]


def in_a_row(words: Iterable[str]) -> str:
    """Return words as one reads them out."""
    return str(pgettext("between words", ", ")).join(words)


def in_two_sentences(first: str, second: str) -> str:
    """Return two sentences behind each other, as the language puts them."""
    return pgettext("two sentences", "%(first)s %(second)s") % {
        "first": first,
        "second": second,
    }


def _of_line(line: str, sentence: str) -> str:
    """Return a sentence with what it is about before it."""
    if not line:
        return sentence
    return pgettext("what a sentence is about", "%(name)s: %(sentence)s") % {
        "name": line,
        "sentence": sentence,
    }


def line_name(guide: Guide, code: str) -> str:
    """Return what a kind of line is called, "" where the guide knows none."""
    question = guide.question(LINE_QUESTION)
    choice = question.choice(code) if question else None
    return choice.label.read(translation.get_language() or "en") if choice else ""


def paragraphs(html: str) -> list[str]:
    """Return the words of each paragraph of *html* that stands in no list."""
    bare = re.sub(r"(?s)<(ul|ol|blockquote)>.*?</\1>", "", html)
    found = re.findall(r"(?s)<p>(.*?)</p>", bare)
    return [" ".join(unescape(strip_tags(part)).split()) for part in found]


def first_paragraphs(texts: Iterable[Text], operator: Operator) -> list[str]:
    """
    Return the first paragraph of each text that is there in the page's language.

    It is whole: half a fact may say the opposite.
    """
    language = translation.get_language() or "en"
    found = []
    for text in texts:
        if language not in text.by_language:
            continue
        html = filled(text, language=language, name=operator.name)
        if html.startswith("<p>"):
            found += paragraphs(html)[:1]
    return found
