"""Translations as a PO file, which Poedit, Weblate and their like open."""

import codecs
import re
from collections.abc import Iterable
from datetime import datetime

import polib
from django.utils.translation import gettext as _

from guide.exchange.files import (
    MOST_TEXTS,
    FileRefusedError,
    Line,
    TranslationFile,
    check_language,
    context_of,
    rules_of,
    version_of,
)
from guide.translations import SOURCE_LANGUAGE, State, Translation, tidy

# No text of ours has a plural: these lines only keep other programs content.
PLURALS = {
    "zh-hans": "nplurals=1; plural=0;",
    "fr": "nplurals=2; plural=(n > 1);",
}
PLURALS_ELSEWHERE = "nplurals=2; plural=(n != 1);"
VERSION = re.compile(r"^Version: ([0-9a-f]{12})\b", re.MULTILINE)
MOST_LINES = 5_000  # of one text
CHARSET = re.compile(rb"charset=([\w.-]+)", re.IGNORECASE)
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
LINE_NUMBER = re.compile(r"\(line (\d+)\)")
# polib takes a line without its last quote, and its last character with it.
UNCLOSED = re.compile(r'(?:msg\S*\s*)?"(?!(?:[^"\\]|\\.)*"$)')


def write_po(
    translations: Iterable[Translation], language: str, *, exported_at: datetime
) -> bytes:
    """
    Return a PO file of translations.

    Args:
        translations: What it holds, in order.
        language: Of the translations.
        exported_at: Goes into the header.
    """
    # Wrapping belongs to the program that shows the file; that of polib can cut
    # between the two characters of an escape.
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.header = "\n".join(
        [
            _("Fill in msgstr. Leave msgctxt and msgid as they are."),
            _("What is outdated is marked fuzzy: take the mark away when it is right."),
        ]
    )
    catalogue.metadata = {
        "Project-Id-Version": "SIM Exit",
        "POT-Creation-Date": f"{exported_at:%Y-%m-%d %H:%M%z}",
        "Language": _po_name(language),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS.get(language, PLURALS_ELSEWHERE),
        "X-Source-Language": SOURCE_LANGUAGE,
    }
    for translation in translations:
        catalogue.append(_entry(translation))
    return f"{catalogue}\n".encode()


def read_po(data: bytes) -> TranslationFile:
    """
    Return what a PO file says.

    Raises:
        FileRefusedError: If it is no PO file, or is for a language not ours.
    """
    text = _decoded(data)
    _check_lines(text)
    # polib opens a file if the text is the path of one: the first line, empty, makes
    # sure that it never is.
    try:
        catalogue = polib.pofile(f"\n{text}", encoding="utf-8")
    except Exception as error:
        # What polib makes of broken files is not documented.
        near = LINE_NUMBER.search(str(error))
        raise FileRefusedError(
            _broken_near(int(near[1]) - 1) if near else _broken()
        ) from error
    named = str(catalogue.metadata.get("Language", "")).strip()
    return TranslationFile(
        language=check_language(named) if named else None,
        lines=tuple(_line(entry) for entry in catalogue if not entry.obsolete),
    )


def _check_lines(text: str) -> None:
    """Refuse what polib would read wrongly, or for minutes."""
    entries = in_one_text = 0
    for number, line in enumerate(map(str.strip, text.splitlines()), start=1):
        in_one_text = in_one_text + 1 if line.startswith('"') else 0
        entries += line.startswith("msgid")
        if in_one_text > MOST_LINES or UNCLOSED.match(line):
            raise FileRefusedError(_broken_near(number))
    if entries > MOST_TEXTS:
        raise FileRefusedError(
            _("The file has more than %(count)s texts.") % {"count": MOST_TEXTS}
        )


def _po_name(language: str) -> str:
    base, _hyphen, script = language.partition("-")
    return f"{base}_{script.title()}" if script else base


def _entry(translation: Translation) -> polib.POEntry:
    is_outdated = translation.state == State.OUTDATED
    comment = [
        *context_of(translation),
        *rules_of(translation),
        f"Version: {version_of(translation.text)}",
    ]
    return polib.POEntry(
        msgctxt=translation.identity,
        msgid=tidy(translation.source),
        msgstr=tidy(translation.text),
        comment="\n".join(comment),
        flags=["fuzzy"] if is_outdated else [],
        previous_msgid=tidy(translation.made_from) if is_outdated else None,
    )


def _line(entry: polib.POEntry) -> Line:
    version = VERSION.search(entry.comment)
    problem = ""
    if entry.msgid_plural:
        problem = _("It has a plural, which no text of the guide has.")
    elif entry.msgctxt is None:
        problem = _("It has no msgctxt, which says which text it is.")
    return Line(
        identity=entry.msgctxt or "",
        source=entry.msgid,
        text=entry.msgstr,
        # Less the line that read_po puts before the file.
        place=_("line %(number)s") % {"number": max(1, entry.linenum - 1)},
        version=version[1] if version else "",
        is_unsure="fuzzy" in entry.flags,
        is_checked="fuzzy" not in entry.flags,
        problem=problem,
    )


def _decoded(data: bytes) -> str:
    encoding = next(
        (name for mark, name in MARKS.items() if data.startswith(mark)), None
    )
    if encoding is None:
        named = CHARSET.search(data[:20_000])
        encoding = named[1].decode() if named else "utf-8"
        try:
            encoding = codecs.lookup(encoding).name
        except LookupError:
            encoding = "utf-8"
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError) as error:
        raise FileRefusedError(
            _("The file has characters that cannot be read. Save it as UTF-8.")
        ) from error
    # polib takes these for ends of lines, even inside quotes.
    return re.sub("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", r"\\n", text)


def _broken_near(number: int) -> str:
    return _(
        "The PO file is broken near line %(number)s. Open it in the program that made "
        "it, save it anew and try again."
    ) % {"number": number}


def _broken() -> str:
    return _(
        "The PO file is broken. Open it in the program that made it, save it anew and "
        "try again."
    )
