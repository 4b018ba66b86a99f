"""Whether a translation keeps what it must keep of its source."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import unquote

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guide.compiling import MARKDOWN
from guide.flow.audit import PLACEHOLDERS
from guide.flow.letters import differing_paragraphs, paragraphs
from guide.translations import LINE_ENDS, tidy

BRACES = re.compile(r"\{[^{}]*\}|[{}]")
HTML = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&#?\w+;")
CODES = re.compile(r"`[^`\n]+`|[*#]{1,2}[\d*]+#", re.ASCII)
ADDRESSES = re.compile(
    r"https?://[^\s<>()\[\]\"\u0080-\U0010ffff]*[\w/=&#%]"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.ASCII,
)
# From nine digits on, as dates have eight: those are written as the language does.
PHONES = re.compile(
    r"(?<![\w.,/-])(?:\+|0)(?:[ ./()-]{0,2}\d){8,14}(?![\w/-])", re.ASCII
)
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SHOWN = 3  # as many examples a sentence names
# Some ten times the longest text; much more would keep the server busy.
MOST_CHARACTERS = 20_000


def problems_of(
    source: str,
    text: str,
    *,
    is_markdown: bool,
    is_letter: bool,
    max_length: int | None,
) -> list[str]:
    """
    Return what is wrong with a translation, in sentences; empty if nothing is.

    Args:
        source: The text it was made from.
        text: The translation.
        is_markdown: Whether visitors see it with paragraphs, lists and links.
        is_letter: Whether codes in braces are filled in by the visitor.
        max_length: In characters; such texts stand on one line. None: any length.
    """
    if len(text) > MOST_CHARACTERS:
        return list(_length(text, MOST_CHARACTERS))[:1]
    unreadable = list(_characters(LINE_ENDS.sub("\n", text)))
    if unreadable:
        return unreadable
    source, text = tidy(source), tidy(text)
    found = [
        *_length(text, max_length),
        *_placeholders(source, text, is_letter=is_letter),
        *_html(source, text),
        *_fixed(source, text, phones=not is_letter),
    ]
    if is_letter:
        found += _blanks(source, text)
    found += _structure(source, text) if is_markdown else _paragraphs(source, text)
    return found


def _characters(text: str) -> Iterator[str]:
    wrong = {
        char
        for char in text
        if char in DIRECTIONS
        or (unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t")
    }
    if wrong:
        names = ", ".join(sorted(f"U+{ord(char):04X}" for char in wrong)[:SHOWN])
        yield _(
            "There are characters in it that cannot be seen (%(names)s): type the text "
            "anew."
        ) % {"names": names}


def _length(text: str, max_length: int | None) -> Iterator[str]:
    if max_length is None:
        return
    if len(text) > max_length:
        yield _(
            "It has %(length)s characters; at most %(max_length)s fit. Shorten it."
        ) % {"length": len(text), "max_length": max_length}
    if "\n" in text:
        yield _("It has several lines; it must stay on one line.")


def _placeholders(source: str, text: str, *, is_letter: bool) -> Iterator[str]:
    wanted, found = set(BRACES.findall(source)), set(BRACES.findall(text))
    if missing := wanted - found:
        yield _("%(names)s is missing: keep it as it is in the English text.") % {
            "names": _listed(missing)
        }
    usable = wanted if is_letter else wanted & PLACEHOLDERS
    if foreign := found - usable:
        known = _listed(usable or PLACEHOLDERS)
        yield _(
            "%(names)s is not in the English text. In braces only %(known)s may stand, "
            "and only where the English text has it."
        ) % {"names": _listed(foreign), "known": known}


def _html(source: str, text: str) -> Iterator[str]:
    if foreign := set(HTML.findall(text)) - set(HTML.findall(source)):
        yield _(
            "%(names)s is HTML, which visitors would see as it stands: take it out."
        ) % {"names": _listed(foreign)}


def _fixed(source: str, text: str, *, phones: bool) -> Iterator[str]:
    kinds = [ADDRESSES, CODES, *([PHONES] if phones else [])]
    for pattern in kinds:
        wanted = {_written_plainly(m, pattern): m for m in pattern.findall(source)}
        found = {_written_plainly(m, pattern): m for m in pattern.findall(text)}
        if missing := wanted.keys() - found.keys():
            yield _(
                "%(names)s is missing: addresses, numbers and codes stay as they are."
            ) % {"names": _listed(wanted[key] for key in missing)}
        if foreign := found.keys() - wanted.keys():
            yield _(
                "%(names)s is not in the English text: addresses, numbers and codes "
                "stay as they are."
            ) % {"names": _listed(found[key] for key in foreign)}


def _written_plainly(match: str, pattern: re.Pattern[str]) -> str:
    """Return a phone number without what each country writes differently."""
    if pattern is not PHONES:
        return match
    digits = re.sub(r"\D", "", match.replace("(0)", ""))
    if match.startswith("+"):
        digits = f"00{digits}"
    return f"0{digits[4:]}" if digits.startswith("0032") else digits


def _blanks(source: str, text: str) -> Iterator[str]:
    """Compare paragraph by paragraph; whether there are as many is told elsewhere."""
    for number, _theirs, _mine in islice(differing_paragraphs(source, text), 1):
        yield _(
            "Paragraph %(number)s leaves other things to be filled in than the "
            "English one: keep each code in braces in its paragraph."
        ) % {"number": number}


def _paragraphs(source: str, text: str) -> Iterator[str]:
    wanted, found = len(paragraphs(source)), len(paragraphs(text))
    if wanted != found:
        yield _paragraph_count(wanted, found)


def _structure(source: str, text: str) -> Iterator[str]:
    wanted, found = _counted(source), _counted(text)
    items = "list_item_open"
    if wanted["paragraph_open"] != found["paragraph_open"] and (
        wanted[items] == found[items]
    ):
        yield _paragraph_count(wanted["paragraph_open"], found["paragraph_open"])
    if wanted[items] != found[items]:
        yield ngettext(
            "It has %(found)s list item; the English text has %(wanted)s.",
            "It has %(found)s list items; the English text has %(wanted)s.",
            found[items],
        ) % {"found": found[items], "wanted": wanted[items]}
    if wanted["link_open"] != found["link_open"]:
        yield ngettext(
            "It has %(found)s link; the English text has %(wanted)s.",
            "It has %(found)s links; the English text has %(wanted)s.",
            found["link_open"],
        ) % {"found": found["link_open"], "wanted": wanted["link_open"]}
    elif _targets(source) != _targets(text):
        yield _("Its links lead to other addresses than those of the English text.")
    others = {"paragraph_open", items, "link_open"}
    if {k: n for k, n in wanted.items() if k not in others} != {
        k: n for k, n in found.items() if k not in others
    }:
        yield _(
            "It has other headings, lists, quotations or pictures than the English "
            "text: look at the characters at the beginning of its lines."
        )


def _counted(markdown: str) -> Counter[str]:
    """Count what makes the shape of a text; emphasis is the translator's."""
    found: Counter[str] = Counter()
    for token in MARKDOWN.parse(markdown):
        if token.nesting == 1 or token.type in {"hr", "fence", "code_block"}:
            found[token.type] += 1
        for child in token.children or ():
            if child.type in {"link_open", "image"}:
                found[child.type] += 1
    return found


def _targets(markdown: str) -> Counter[str]:
    return Counter(
        unquote(str(child.attrs["href"]))
        for token in MARKDOWN.parse(markdown)
        for child in token.children or ()
        if child.type == "link_open"
    )


def _paragraph_count(wanted: int, found: int) -> str:
    return ngettext(
        "It has %(found)s paragraph; the English text has %(wanted)s.",
        "It has %(found)s paragraphs; the English text has %(wanted)s.",
        found,
    ) % {"found": found, "wanted": wanted}


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)[:SHOWN])
