"""Read the term lists of docs/terms and hold texts to them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import polib
import yaml

ROOT = Path(__file__).resolve().parents[1]
LISTS = ROOT / "docs" / "terms"
LANGUAGES = {"nl": "nl", "fr": "fr", "de": "de", "zh-hans": "zh_Hans"}  # and folders
INTERFACE, EXCEPTIONS = "## In the interface", "## Exceptions"
HAN = "\u3400-\u9fff"

# What no reader reads as words: placeholders, tags, addresses, columns of a file.
NOT_WORDS = re.compile(
    r"\[(?:source|code|nl)\]|"
    r"\{\w+\}|%\(\w+\)s|%\(\w+\)d|<[^>]*>|\]\([^)]*\)|https?://\S+|\w+\.(?:be|eu|com)\b"
)


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text in English and in another language."""

    where: str
    english: str
    words: str
    is_of_interface: bool = False


@dataclass(frozen=True, kw_only=True)
class Term:
    """One row of a term list."""

    english: str
    forms: str
    wrong: str
    is_of_interface: bool  # not used of the content, where its words mean other things


@dataclass(frozen=True, kw_only=True)
class TermList:
    """What one language says for what."""

    terms: tuple[Term, ...]
    exceptions: frozenset[tuple[str, str]]  # where a text stands, and the English words


def read_list(text: str) -> TermList:
    """
    Read a term list.

    Raises:
        ValueError: If a row has not as many cells as it needs, or says nothing.
    """
    terms, exceptions = [], []
    heading = ""
    for line in text.splitlines():
        heading = line if line.startswith("#") else heading
        if not line.startswith("| ") or line.startswith(("| ---", "| English |")):
            continue
        if line.startswith("| Where |"):
            continue
        cells = [cell.strip().strip("`") for cell in line.strip("| ").split(" | ")]
        is_exceptions = heading == EXCEPTIONS
        if len(cells) != (3 if is_exceptions else 4) or not all(cells):
            msg = f"Not a row of a term list: {line}"
            raise ValueError(msg)
        if is_exceptions:
            exceptions.append((cells[0], cells[1]))
        else:
            forms, wrong = ("" if cell == "–" else cell for cell in cells[2:])
            terms.append(
                Term(
                    english=cells[0],
                    forms=forms,
                    wrong=wrong,
                    is_of_interface=heading == INTERFACE,
                )
            )
    return TermList(terms=tuple(terms), exceptions=frozenset(exceptions))


def problems(texts: Iterable[Text], term_list: TermList) -> Iterator[str]:
    """Yield what is wrong with each text: a term that is missing, a word too many."""
    used = set()
    for text in texts:
        english, words = plain(text)
        for term in term_list.terms:
            if term.is_of_interface and not text.is_of_interface:
                continue
            wrong = pattern(term.wrong).search(words)
            is_missing = (
                words
                and term.forms
                and pattern(term.english).search(english)
                and not pattern(term.forms).search(words)
            )
            if not wrong and not is_missing:
                continue
            excused = {
                (where, english)
                for where, english in term_list.exceptions
                if fnmatchcase(text.where, where) and english == term.english
            }
            used |= excused
            if excused:
                continue
            if wrong:
                yield f"{text.where}: “{wrong[0]}” is not our word for {term.english}"
            else:
                yield f"{text.where}: no word for {term.english}"
    for where, english in sorted(term_list.exceptions - used):
        if "*" not in where:
            yield f"{where}: no exception is needed any more for {english}"


def plain(text: Text) -> tuple[str, str]:
    """Return the words of a text in both languages, less what is not ours to say."""
    english, words = text.english, text.words
    # What both have in bold are labels of a screen, in whatever language it has them.
    for label in re.findall(r"\*\*[^*]+\*\*", english):
        if label in words:
            english, words = english.replace(label, " "), words.replace(label, " ")
    return NOT_WORDS.sub(" ", english), NOT_WORDS.sub(" ", words)


@cache
def pattern(forms: str) -> re.Pattern[str]:
    """
    Return what finds any of several forms.

    A form is a whole word or several; `*` stands for any letters. Chinese is written
    without spaces, so that its forms are found anywhere.
    """
    found = []
    for form in filter(None, (form.strip() for form in forms.split(","))):
        inner = re.escape(form).replace(r"\*", r"[\w'’-]*").replace(r"\ ", r"\s+")
        if re.search(f"[{HAN}]", form):
            found.append(inner.replace(r"\s+", r"\s*"))
        else:
            # Between Chinese characters a Latin word has no space around it.
            letter = rf"[^\W{HAN}]"
            found.append(rf"(?<!{letter}){inner}(?!{letter})")
    return re.compile("|".join(found) or r"(?!)", re.IGNORECASE)


def texts_of_fixtures(language: str) -> Iterator[Text]:
    """Yield all texts of the content in one language."""
    column = language.replace("-", "_")
    for path in sorted((ROOT / "fixtures").glob("*.yaml")):
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            fields = row["fields"]
            question = fields["question"][0] + ":" if "question" in fields else ""
            for name, value in fields.items():
                if name.endswith("_en") and isinstance(value, str):
                    field = name.removesuffix("_en")
                    yield Text(
                        where=f"{path.stem}/{question}{fields['slug']}/{field}",
                        english=value,
                        words=str(fields.get(f"{field}_{column}") or ""),
                    )


def texts_of_interface(language: str) -> Iterator[Text]:
    """Yield all texts of the interface in one language."""
    path = ROOT / "locale" / LANGUAGES[language] / "LC_MESSAGES" / "django.po"
    for entry in polib.pofile(str(path)):
        if not entry.obsolete:
            yield Text(
                where=" ".join(entry.msgid.split())[:60].strip(),
                english=f"{entry.msgid} {entry.msgid_plural}",
                words=entry.msgstr or " ".join(entry.msgstr_plural.values()),
                is_of_interface=True,
            )
