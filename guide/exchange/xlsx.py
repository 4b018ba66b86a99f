"""Translations as a spreadsheet, which Excel, LibreOffice and Google Sheets open."""

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from typing import NamedTuple
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter

from guide.exchange.files import (
    LANGUAGE_NAMES,
    MOST_TEXTS,
    FileRefusedError,
    Line,
    TranslationFile,
    check_language,
    context_of,
    rules_of,
    version_of,
)
from guide.translations import State, Translation, tidy

# Excel's own limit, in UTF-16 units: it cuts longer texts without a word.
MOST_IN_A_CELL = 32_767
# Ten times today's texts take some 12 MB. Styles take long to read.
MOST_UNPACKED = 16 * 1024 * 1024
MOST_BESIDES_TEXTS = 1024 * 1024
HOLDS_TEXTS = ("xl/worksheets/", "xl/sharedStrings")
MOST_PARTS = 500
MOST_SHEETS = 20
MOST_COLUMNS = 50
MOST_EMPTY_ROWS = 1_000  # in one go; then the sheet is taken to be at its end
HEADER_ROWS = 10  # the header may have slipped down so far

# Ends of the headers: by them columns are found, wherever they stand.
IDENTITY, SOURCE, CHECKED, VERSION = "code", "source", "checked", "version"
MARK = re.compile(r"\[([\w-]+)\]\s*$")
YES = frozenset({"x", "yes", "ja", "oui", "ok", "1", "true", "✓", "✔", "是"})
NO = frozenset({"", "no", "nein", "nee", "non", "0", "false", "-", "否"})

GREY = PatternFill("solid", fgColor="FFEEEEEE")
YELLOW = PatternFill("solid", fgColor="FFFFF8DC")
# Excel reads _x000A_ as a character; text that looks so is written with _x005F_.
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Column(NamedTuple):
    """One column of the sheet."""

    header: str
    width: int
    is_open: bool = False  # to be filled in


def write_xlsx(
    translations: Iterable[Translation], language: str, *, exported_at: datetime
) -> bytes:
    """
    Return a workbook of translations, one row a text.

    Args:
        translations: What it holds, in order.
        language: Of the translations.
        exported_at: Goes into the properties.

    Raises:
        FileRefusedError: If a text is longer than a cell can hold.
    """
    columns = _columns(language)
    book = Workbook()
    book.properties.title = f"SIM Exit: {language}"
    book.properties.language = language
    book.properties.created = exported_at.replace(tzinfo=None)
    sheet = book.active
    sheet.title = language
    sheet.append([column.header for column in columns])
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        cell = sheet.cell(1, number)
        cell.font, cell.fill = Font(bold=True), GREY
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    last = 1
    for last, translation in enumerate(translations, start=2):
        for number, (column, value) in enumerate(
            zip(columns, _values(translation), strict=True), start=1
        ):
            _fill(sheet.cell(last, number), value, column, translation)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
    # Without a password: against slips, not against people.
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.formatCells = False
    protection.autoFilter = False
    with BytesIO() as file:
        book.save(file)
        return file.getvalue()


def read_xlsx(data: bytes) -> TranslationFile:
    """
    Return what a workbook says; sheets without our columns are left alone.

    Raises:
        FileRefusedError: If it is no workbook, is too large or unsafe to open, lacks
            our columns or is for a language not ours.
    """
    _check_package(data)
    try:
        # openpyxl warns of what it does not know, such as other programs' additions.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(
                BytesIO(data), read_only=True, data_only=False, keep_links=False
            )
            found = [
                (language, line)
                for sheet in book.worksheets[:MOST_SHEETS]
                for language, line in _lines(sheet)
            ]
    except FileRefusedError:
        raise
    except Exception as error:
        # What openpyxl makes of broken workbooks is not documented.
        raise FileRefusedError(
            _(
                "The spreadsheet is broken. Open it in the program that made it, save "
                "it anew as .xlsx and try again."
            )
        ) from error
    languages = {language for language, _line in found}
    if not languages:
        raise FileRefusedError(
            _(
                "The spreadsheet has no texts, or its first row is gone: it names the "
                "columns, such as “[code]” and “[source]”. Export it anew and put your "
                "translations there."
            )
        )
    if len(languages) > 1:
        raise FileRefusedError(
            _("The spreadsheet is for several languages. Use one file for each.")
        )
    return TranslationFile(
        language=languages.pop(), lines=tuple(line for _language, line in found if line)
    )


def _columns(language: str) -> list[Column]:
    name = str(LANGUAGE_NAMES[language])
    # Not inside the f-strings: there makemessages finds no texts.
    english, keep = _("English text"), _("Do not change")
    confirm = _("Still right? Write x")
    return [
        Column(_("Where it stands"), 30),
        Column(f"{english} [{SOURCE}]", 55),
        Column(f"{name} [{language}]", 55, is_open=True),
        Column(_("State"), 11),
        Column(f"{confirm} [{CHECKED}]", 12, is_open=True),
        Column(_("What to keep to"), 32),
        Column(_("English text from which the translation was made"), 40),
        Column(f"{keep} [{IDENTITY}]", 34),
        Column(f"{keep} [{VERSION}]", 16),
    ]


def _values(translation: Translation) -> list[str]:
    states = {
        State.MISSING: _("missing"),
        State.OUTDATED: _("outdated"),
        State.DONE: _("done"),
    }
    return [
        "\n".join(context_of(translation)),
        tidy(translation.source),
        tidy(translation.text),
        states[translation.state],
        "",
        "\n".join(rules_of(translation)),
        tidy(translation.made_from or ""),
        translation.identity,
        version_of(translation.text),
    ]


def _fill(cell: Cell, value: str, column: Column, translation: Translation) -> None:
    value = LOOKS_ESCAPED.sub("_x005F_", value)
    if len(value.encode("utf-16-le")) // 2 > MOST_IN_A_CELL:
        raise FileRefusedError(
            _(
                "The text “%(identity)s” is longer than a cell of a spreadsheet can "
                "hold. Export as PO instead."
            )
            % {"identity": translation.identity}
        )
    if value:
        cell.value = value
        # A text that begins with "=" stays a text, now and when somebody edits it.
        cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = value[:1] in {"=", "+", "-", "@"}
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.protection = Protection(locked=not column.is_open)
    if column.is_open:
        cell.fill = YELLOW


def _check_package(data: bytes) -> None:
    """Refuse what would fill the memory or reads other files while it is opened."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise FileRefusedError(
                    _("This is no Excel workbook. Save the spreadsheet as .xlsx.")
                )
            besides = [
                part
                for part in parts
                if part.filename.endswith((".xml", ".rels"))
                and not part.filename.startswith(HOLDS_TEXTS)
            ]
            if (
                len(parts) > MOST_PARTS
                or sum(part.file_size for part in parts) > MOST_UNPACKED
                or sum(part.file_size for part in besides) > MOST_BESIDES_TEXTS
            ):
                raise FileRefusedError(
                    _("The spreadsheet is too big. Take out pictures and other sheets.")
                )
            # Any of them, whatever its name: the workbook says which are read.
            for part in parts:
                # No more comes out than the size named above: zipfile sees to it.
                _check_prologue(package.read(part))
    except FileRefusedError:
        raise
    except Exception:
        # zipfile lets through whatever the unpacking of a broken file raises.
        raise FileRefusedError(
            _(
                "The spreadsheet is broken or has a password. Save it anew as .xlsx, "
                "without a password."
            )
        ) from None


class _Reached(Exception):  # noqa: N818
    """The first element: what is looked for can only stand before it."""


def _check_prologue(part: bytes) -> None:
    """Refuse XML that declares entities: no spreadsheet needs them."""

    def refuse(*args: object) -> None:
        raise FileRefusedError(
            _("The spreadsheet holds something that no spreadsheet needs (a DOCTYPE).")
        )

    def stop(*args: object) -> None:
        raise _Reached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        parser.Parse(part, True)
    except (_Reached, expat.ExpatError):
        # A picture, or broken: openpyxl reads neither.
        return


def _lines(sheet: object) -> Iterator[tuple[str, Line | None]]:
    """Yield language and text of each row; first the language with None."""
    # Some programs note a wrong size of the sheet.
    sheet.reset_dimensions()
    columns: dict[str, int] | None = None
    language = ""
    empty = texts = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if all(cell.value is None for cell in row):
            empty += 1
            if empty > MOST_EMPTY_ROWS:
                return
            continue
        empty = 0
        if columns is None:
            columns = _marked(row)
            if columns is None and number >= HEADER_ROWS:
                return
            if columns is not None:
                language = _language_of(columns)
                yield language, None
            continue
        texts += 1
        if texts > MOST_TEXTS:
            raise FileRefusedError(
                _("The file has more than %(count)s texts.") % {"count": MOST_TEXTS}
            )
        line = _line(row, columns, language, place=(sheet.title, number))
        if line is not None:
            yield language, line


def _marked(row: tuple) -> dict[str, int] | None:
    """Return the columns by the marks in their headers; None if this is no header."""
    found = {}
    for number, cell in enumerate(row):
        mark = MARK.search(cell.value) if isinstance(cell.value, str) else None
        if mark:
            found.setdefault(mark[1].lower(), number)
    return found if IDENTITY in found else None


def _language_of(columns: dict[str, int]) -> str:
    others = [
        mark
        for mark in columns
        if mark not in {IDENTITY, SOURCE, CHECKED, VERSION}
        and re.fullmatch(r"[a-z]{2,3}(-\w+)*", mark)
    ]
    if SOURCE not in columns or not others:
        raise FileRefusedError(
            _(
                "A column is missing: the one of the English text, “[source]”, or the "
                "one of the translation, such as “[nl]”. Export the file anew and put "
                "your translations there."
            )
        )
    if len(others) > 1:
        raise FileRefusedError(
            _("The spreadsheet is for several languages. Use one file for each.")
        )
    return check_language(others[0])


def _line(
    row: tuple, columns: dict[str, int], language: str, *, place: tuple[str, int]
) -> Line | None:
    def cell(mark: str) -> object:
        number = columns.get(mark, len(row))
        return row[number] if number < len(row) else None

    identity, _none = _text_in(cell(IDENTITY))
    source, _none = _text_in(cell(SOURCE))
    text, problem = _text_in(cell(language))
    checked, _none = _text_in(cell(CHECKED))
    version, _none = _text_in(cell(VERSION))
    if not identity.strip() and not text.strip():
        return None  # somebody's own notes
    mark = checked.strip().lower()
    if mark not in YES | NO:
        problem = problem or _(
            "“%(mark)s” stands where only x may stand, for “still right”."
        ) % {"mark": mark[:40]}
    return Line(
        identity=identity.strip(),
        source=source,
        text=text,
        place=_("row %(number)s of the sheet “%(sheet)s”")
        % {"number": place[1], "sheet": place[0]},
        version=version.strip(),
        is_checked=mark in YES,
        problem=problem,
    )


def _text_in(cell: object) -> tuple[str, str]:
    """Return the text of a cell, and what is wrong with it."""
    value = getattr(cell, "value", None)
    if value is None:
        return "", ""
    kind = cell.data_type
    if kind == "f":
        return "", _(
            "The cell holds a formula, not a text. Put an apostrophe before it."
        )
    if kind == "e":
        return "", _("The cell holds an error of the spreadsheet, not a text.")
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return "", _(
            "The spreadsheet has made a date or a number of this text. Format the cell "
            "as text and type it anew."
        )
    text = ESCAPED.sub(lambda match: chr(int(match[1], 16)), str(value))
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 >= MOST_IN_A_CELL:
        return "", _(
            "The text is as long as a cell can be: its end may have been cut off."
        )
    return text, ""
