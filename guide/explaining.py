"""Links from words in the guide's texts to their meaning in the glossary."""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape

from msgspec.structs import replace

from guide.flow.content import GlossaryEntry, Guide, Operator, Text

MOST_TEXTS = 16_384  # kept with their links: twice the content in all languages
MOST_LINKS = 3  # in one text: more would only be in the way of reading
SCHEME = "glossary:"  # stands for the address of the glossary, which pages fill in

_LINK = re.compile(rf'<a class="term" href="{SCHEME}[^"]*">([^<]*)</a>')
_TAG = re.compile(r"(<[^>]*>)")
# Names of buttons and menus are bold; what is a link already leads somewhere.
_LEFT_ALONE = frozenset({"a", "strong", "em", "code"})
_IN_BRACKETS = re.compile(r"\s*[(（]([^()（）]*)[)）]\s*")
_HAN = "\u3400-\u9fff"
_WORD = rf"[^\W{_HAN}]+"

Explain = Callable[[Text], Text]
Slugs = tuple[tuple[str, str], ...]  # the words, and the code of the entry of each


def with_words_explained(guide: Guide) -> Guide:
    """
    Return *guide* with links to the glossary in steps, answers, facts and channels.

    Of each word only its first occurrence in a text is linked, and of each text at
    most three words: whole words as the glossary writes them, never part of a link or
    of a label.
    """
    explain = _explainer(tuple(entry for entry in guide.glossary if entry.is_linked))
    return replace(
        guide,
        steps=tuple(replace(step, body=explain(step.body)) for step in guide.steps),
        faq=tuple(replace(one, answer=explain(one.answer)) for one in guide.faq),
        operators=tuple(_in_operator(one, explain) for one in guide.operators),
    )


def without_explanations(html: str) -> str:
    """Return *html* as it was before words in it were linked to the glossary."""
    return _LINK.sub(r"\1", html)


def _in_operator(operator: Operator, explain: Explain) -> Operator:
    return replace(
        operator,
        channels=tuple(
            replace(channel, detail=explain(channel.detail))
            for channel in operator.channels
        ),
        facts=tuple(replace(fact, text=explain(fact.text)) for fact in operator.facts),
    )


def _explainer(entries: tuple[GlossaryEntry, ...]) -> Explain:
    """Return what puts links into a text, in each of its languages."""
    found: dict[str, tuple[re.Pattern[str], Slugs]] = {}

    def explain(text: Text) -> Text:
        linked = {}
        for language, html in text.by_language.items():
            if language not in found:
                slugs = _forms(entries, language)
                found[language] = (_pattern(slugs), tuple(slugs.items()))
            linked[language] = _linked(html, *found[language])
        return Text(linked)

    return explain


def _forms(entries: tuple[GlossaryEntry, ...], language: str) -> dict[str, str]:
    """Return the codes of the entries by the words for which a text is searched."""
    slugs: dict[str, str] = {}
    for entry in entries:
        words = [entry.term.by_language.get(language, "")]
        for spoken, listed in entry.on_bills:
            words += listed.split(",") if spoken == language else ()
        for word in words:
            # “SIM number (ICCID)” is found whole, without its brackets, and as “ICCID”;
            # several words in brackets, or Chinese ones, only explain the word.
            inside = [w for w in _IN_BRACKETS.findall(word) if re.fullmatch(_WORD, w)]
            for form in (word, _IN_BRACKETS.sub("", word), *inside):
                if form.strip():
                    slugs.setdefault(
                        _key(escape(form.strip(), quote=False)), entry.slug
                    )
    return slugs


def _key(word: str) -> str:
    """Return a word as it is compared: its first letter may be a capital."""
    return word[:1].lower() + word[1:] if word[1:2].islower() else word


def _pattern(slugs: dict[str, str]) -> re.Pattern[str]:
    """Return what finds the longest of the words, each as a whole."""
    if not slugs:
        return re.compile(r"(?!)")
    # Between Chinese characters a word ends where it ends; others need a border.
    letter = rf"[^\W{_HAN}]"
    words = []
    for word in sorted(slugs, key=len, reverse=True):
        first, rest = re.escape(word[:1]), re.escape(word[1:])
        if word[:1] != word[:1].upper() and word[1:2].islower():
            first = f"[{re.escape(word[:1] + word[:1].upper())}]"
        before = "" if re.match(f"[{_HAN}]", word) else rf"(?<!{letter})(?<!{letter}-)"
        after = "" if re.search(f"[{_HAN}]$", word) else rf"(?!{letter})(?!-{letter})"
        words.append(f"{before}{first}{rest}{after}")
    return re.compile("|".join(words))


# The desk compiles the draft again and again, and hardly a text differs.
@lru_cache(maxsize=MOST_TEXTS)
def _linked(html: str, pattern: re.Pattern[str], slugs: Slugs) -> str:
    """Return clean HTML, such as guide.compiling makes, with links to the glossary."""
    slug_of = dict(slugs)
    done: set[str] = set()

    def link(match: re.Match[str]) -> str:
        slug = slug_of[_key(match[0])]
        if slug in done or len(done) == MOST_LINKS:
            return match[0]
        done.add(slug)
        return f'<a class="term" href="{SCHEME}{slug}">{match[0]}</a>'

    inside = 0  # how many open tags there are whose words are left alone
    parts = []
    for part in _TAG.split(html):
        if not part.startswith("<"):
            parts.append(part if inside else pattern.sub(link, part))
            continue
        if part.strip("</>").split()[0] in _LEFT_ALONE:
            inside += -1 if part.startswith("</") else 1
        parts.append(part)
    return "".join(parts)
