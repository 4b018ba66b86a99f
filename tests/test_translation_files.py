"""Translators' files: what goes out comes back as it was, and nothing else does."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polib
import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from guide import models
from guide.exchange import importing, xlsx
from guide.exchange.checks import problems_of
from guide.exchange.exporting import export
from guide.exchange.files import (
    FileRefusedError,
    Line,
    TranslationFile,
    file_name,
    language_named,
    version_of,
)
from guide.exchange.importing import carry_out, plan, read_file
from guide.exchange.po import read_po, write_po
from guide.exchange.xlsx import write_xlsx
from guide.rows import dump_rows
from guide.translations import (
    TARGET_LANGUAGES,
    State,
    Translation,
    counts,
    find,
    tidy,
    translations,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("only_english_and_chinese"),
]

NOW = datetime(2027, 1, 31, 12, 30, tzinfo=ZoneInfo("Europe/Brussels"))
FORMATS = ("po", "xlsx")
WRITERS = {"po": write_po, "xlsx": write_xlsx}
GOAL = "question/goal/title"
SOURCE = "What would you like to do?"


def make_translation(**given: object) -> Translation:
    values = {
        "kind": "step",
        "code": "a-step",
        "field": "body",
        "language": "nl",
        "pk": 1,
        "source": "Call them.",
        "text": "Bel hen.",
        "made_from": None,
        "name": "A step",
        "about": (),
        "label": "what to do",
        "max_length": None,
    }
    return Translation(**(values | given))


def make_line(**given: object) -> Line:
    values = {"identity": GOAL, "source": SOURCE, "text": "Wat wilt u doen?"}
    return Line(**(values | {"place": "line 1"} | given))


def exported(
    language: str = "nl", file_format: str = "po", *, scope: str = "everything"
) -> bytes:
    return export(language, file_format, scope=scope, exported_at=NOW).data


def planned(data: bytes) -> importing.Plan:
    file = read_file(data)
    return plan(file.lines, file.language)


def one_line(file: TranslationFile) -> Line:
    (line,) = file.lines
    return line


def edit_po(data: bytes, **texts: str) -> bytes:
    catalogue = polib.pofile(data.decode())
    for entry in catalogue:
        entry.msgstr = texts.get(entry.msgctxt, entry.msgstr)
    return str(catalogue).encode()


def edit_xlsx(data: bytes, edit: Callable[..., None]) -> bytes:
    """Save a workbook anew, as another program would, after a change in it."""
    book = load_workbook(io.BytesIO(data))
    edit(book.active)
    with io.BytesIO() as file:
        book.save(file)
        return file.getvalue()


def columns_of(sheet: object) -> dict[str, int]:
    """Return the numbers of the marked columns."""
    marks = ((re.search(r"\[([\w-]+)\]$", str(c.value)), c.column) for c in sheet[1])
    return {mark[1]: number for mark, number in marks if mark}


def rows_by_identity(sheet: object) -> dict[str, int]:
    column = columns_of(sheet)["code"]
    return {row[column - 1].value: row[0].row for row in sheet.iter_rows(min_row=2)}


def fill_in(data: bytes, texts: dict[str, str]) -> bytes:
    def edit(sheet: object) -> None:
        rows, columns = rows_by_identity(sheet), columns_of(sheet)
        for identity, text in texts.items():
            cell = sheet.cell(rows[identity], columns["nl"])
            cell.value = text
            cell.data_type = "s"

    return edit_xlsx(data, edit)


def edited(file_format: str, texts: dict[str, str]) -> bytes:
    data = exported("nl", file_format)
    return edit_po(data, **texts) if file_format == "po" else fill_in(data, texts)


# There and back


@pytest.mark.parametrize("language", TARGET_LANGUAGES)
@pytest.mark.parametrize("file_format", FORMATS)
def test_what_is_exported_and_imported_unchanged_changes_nothing(
    language: str, file_format: str
) -> None:
    # Something outdated and something with a browser's line ends, in each language.
    step = models.Step.objects.get(slug="know-delete-is-not-cancel")
    column = f"why_{language.replace('-', '_')}"
    setattr(step, column, "=A text\r\n\r\nof a test\r\n")
    step.outdated = {"why": {language: "Older."}}
    step.save()
    before = translations(language)

    file = read_file(exported(language, file_format))
    done = carry_out(file.lines, file.language)

    assert file.language == language
    assert len(file.lines) == counts()[language][2]
    assert (done.changes, done.skipped) == ((), ())
    assert done.unchanged == len(file.lines)
    assert translations(language) == before


@pytest.mark.parametrize("file_format", FORMATS)
def test_only_what_was_edited_changes(file_format: str) -> None:
    before = dump_rows()

    file = read_file(edited(file_format, {GOAL: "Wat wilt u doen?"}))
    done = carry_out(file.lines, file.language)

    assert [change.translation.identity for change in done.changes] == [GOAL]
    assert done.skipped == ()
    after = dump_rows()
    (row,) = (r for r in after["guide.question"] if r["slug"] == "goal")
    assert row.pop("title_nl") == "Wat wilt u doen?"
    (old,) = (r for r in before["guide.question"] if r["slug"] == "goal")
    old.pop("title_nl")
    assert after == before


@pytest.mark.parametrize("language", TARGET_LANGUAGES)
@pytest.mark.parametrize("file_format", FORMATS)
def test_the_content_of_a_whole_language_comes_back_as_it_was(
    language: str, file_format: str
) -> None:
    """Chinese is complete: its texts stand for those still to be written."""
    texts = {one.identity: one for one in translations("zh-hans")}
    moved = [
        replace(texts[one.identity], language=language)
        for one in translations(language)
    ]

    data = WRITERS[file_format](moved, language, exported_at=NOW)
    file = read_file(data)

    assert file.language == language
    assert {line.identity: (line.source, line.text) for line in file.lines} == {
        identity: (tidy(one.source), tidy(one.text)) for identity, one in texts.items()
    }


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_chinese_content_passes_the_checks_when_it_is_imported(
    file_format: str,
) -> None:
    """The rules fit real texts: whatever is there could have been imported."""
    data = exported("zh-hans", file_format)
    models.Step.objects.update(body_zh_hans="")
    models.OperatorFact.objects.update(text_zh_hans="")
    models.Channel.objects.update(detail_zh_hans="")
    models.Letter.objects.update(body_zh_hans="", subject_zh_hans="")

    file = read_file(data)
    # Without the version: somebody has emptied the texts since.
    done = plan([replace(line, version="") for line in file.lines], file.language)

    assert done.skipped == ()
    assert len(done.changes) > 400


NASTY = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.text("\\nrt\"'=+-@_x0A0D\n\r\t\x0b\x0c\x1c\x85\u2028# ~|{}<>&%", min_size=1),
    st.sampled_from(
        [
            *("=1+1", "+32 2 226 88 88", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"),
            *("_x000D_", "_x005F_x000D_", "a\\", "\\n", '"', '\\"', "#~ msgid", "a\n"),
            *("msgstr", "\ufeffa", "\u00a0a\u00a0", "e\u0301", "1.0", "TRUE", "#N/A"),
            *("2027-01-31", "00123", "\U0001f4f1", "x" * 5000, "\r\n\r\na\r\n"),
        ]
    ),
).filter(tidy)


@pytest.mark.parametrize("file_format", FORMATS)
@settings(deadline=None, max_examples=150)
@given(source=NASTY, text=NASTY, older=NASTY)
def test_nasty_texts_come_back_as_they_were(
    file_format: str, source: str, text: str, older: str
) -> None:
    one = make_translation(source=source, text=text, made_from=older, name=source)

    data = WRITERS[file_format]([one], "nl", exported_at=NOW)
    line = one_line(read_file(data))

    assert line.problem == ""
    assert (line.identity, line.source, line.text) == (
        one.identity,
        tidy(source),
        tidy(text),
    )
    assert line.version == version_of(text)


# What goes out


def test_po_holds_context_and_no_logic() -> None:
    catalogue = polib.pofile(exported("zh-hans", "po").decode())

    by_context = {entry.msgctxt: entry for entry in catalogue}
    entry = by_context["step/know-delete-is-not-cancel/body"]
    assert entry.comment.splitlines() == [
        "Step: Deleting the eSIM does not end the contract",
        "Phase: Know this first",
        "This text: what to do",
        "Markdown is allowed: keep paragraphs, lists and links as they are.",
        "{operator} stays as it is: the guide puts a name there.",
        f"Version: {version_of(entry.msgstr)}",
    ]
    assert entry.msgid.startswith("Deleting the eSIM only takes")
    assert entry.flags == []
    letter = by_context["letter/cancellation/subject"].comment
    assert "{end-date}, {mobile-number}: keep these codes as they are" in letter
    assert "At most 200 characters." in letter
    assert catalogue.metadata["Language"] == "zh_Hans"
    assert catalogue.metadata["Plural-Forms"] == "nplurals=1; plural=0;"


@pytest.mark.parametrize("file_format", FORMATS)
def test_files_hold_no_conditions_dates_sources_or_positions(file_format: str) -> None:
    row = models.Step.objects.get(slug="know-delete-is-not-cancel")
    row.position = 987_654
    row.review_days = 12_345
    row.save()
    models.Source.objects.update(title="A source of a test")

    data = exported("nl", file_format)
    if file_format == "xlsx":
        sheet = load_workbook(io.BytesIO(data)).active
        data = repr([[c.value for c in row] for row in sheet.iter_rows()]).encode()

    for logic in (b"987654", b"12345", b"A source of a test", b"checked_on"):
        assert logic not in data


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_is_to_do_leaves_out_what_is_done(file_format: str) -> None:
    make_outdated()

    lines = read_file(exported("zh-hans", file_format, scope="to-do")).lines

    assert [line.identity for line in lines] == [GOAL]


def make_outdated(language: str = "zh-hans", text: str = "您想做什么？") -> None:
    row = models.Question.objects.get(slug="goal")
    setattr(row, f"title_{language.replace('-', '_')}", text)
    row.outdated = {"title": {language: "What is it?"}}
    row.save()


def test_po_marks_what_is_outdated_and_says_from_what_it_was_made() -> None:
    make_outdated()

    (entry,) = polib.pofile(exported("zh-hans", "po", scope="to-do").decode())

    assert entry.flags == ["fuzzy"]
    assert entry.previous_msgid == "What is it?"
    assert entry.msgid == SOURCE


def test_spreadsheet_is_made_to_be_filled_in() -> None:
    make_outdated("nl", "=Wat?")

    sheet = load_workbook(io.BytesIO(exported("nl", "xlsx"))).active
    columns = columns_of(sheet)
    row = sheet[rows_by_identity(sheet)[GOAL]]
    text = row[columns["nl"] - 1]

    assert sheet.freeze_panes == "B2"
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    open_columns = {columns["nl"], columns["checked"]}
    assert {cell.column for cell in row if not cell.protection.locked} == open_columns
    assert all(cell.alignment.wrap_text for cell in row)
    assert all(cell.number_format == "@" for cell in row)
    assert (text.value, text.data_type, text.quotePrefix) == ("=Wat?", "s", True)
    values = [cell.value for cell in row]
    assert "Question: What would you like to do?\nThis text: question" in values
    assert "outdated" in values
    assert "What is it?" in values
    assert sheet[1][columns["nl"] - 1].value == "Dutch [nl]"


def test_spreadsheet_refuses_a_text_that_a_cell_would_cut() -> None:
    long = make_translation(text="x" * (xlsx.MOST_IN_A_CELL + 1))
    astral = make_translation(text="\U0001f4f1" * (xlsx.MOST_IN_A_CELL // 2 + 1))

    for one in (long, astral):
        with pytest.raises(FileRefusedError, match=r"step/a-step/body.*PO"):
            write_xlsx([one], "nl", exported_at=NOW)
    assert len(one_line(read_po(write_po([long], "nl", exported_at=NOW))).text) > 32_767


def test_file_names_say_language_scope_and_day() -> None:
    assert file_name("zh-hans", "to-do", NOW.date(), "po") == (
        "sim-exit-zh-hans-to-do-2027-01-31.po"
    )


# Files as other programs save them


SAVED_BY_OTHERS: dict[str, Callable[[bytes], bytes]] = {
    "polib": lambda data: str(polib.pofile(data.decode())).encode(),
    "carriage returns": lambda data: data.replace(b"\n", b"\r\n"),
    "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "UTF-16, big end first": lambda data: (
        b"\xfe\xff" + data.decode().encode("utf-16-be")
    ),
    "no comments": lambda data: re.sub(rb"(?m)^#\. .*\n", b"", data),
    "obsolete entries": lambda data: data + b'\n#~ msgid "gone"\n#~ msgstr "weg"\n',
}


@pytest.mark.parametrize("saved", SAVED_BY_OTHERS.values(), ids=SAVED_BY_OTHERS)
def test_po_saved_by_another_program_reads_the_same(
    saved: Callable[[bytes], bytes],
) -> None:
    data = edited("po", {GOAL: "Wat wilt u doen?"})

    found = planned(saved(data))

    assert [change.text for change in found.changes] == ["Wat wilt u doen?"]
    assert found.skipped == ()


def test_po_in_another_encoding_reads_the_same() -> None:
    text = (
        'msgid ""\nmsgstr ""\n"Language: fr\\n"\n'
        '"Content-Type: text/plain; charset=ISO-8859-1\\n"\n\n'
        f'msgctxt "{GOAL}"\nmsgid "{SOURCE}"\nmsgstr "Où ?"\n'
    )

    file = read_file(text.encode("latin-1"))

    assert (file.language, one_line(file).text) == ("fr", "Où ?")


def test_po_without_a_language_leaves_it_open() -> None:
    file = read_file(f'msgctxt "{GOAL}"\nmsgid "{SOURCE}"\nmsgstr "Wat?"\n'.encode())

    assert file.language is None
    assert one_line(file).text == "Wat?"


def test_po_lines_are_named_as_an_editor_counts_them() -> None:
    data = f'msgctxt "{GOAL}"\nmsgid "{SOURCE}"\nmsgstr "Wat?"\n\n'.encode()

    lines = read_file(data * 2).lines

    assert [line.place for line in lines] == ["line 1", "line 5"]


def reorder_columns(sheet: object) -> None:
    values = [[cell.value for cell in row][::-1] for row in sheet.iter_rows()]
    for number, row in enumerate(values, start=1):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value


def add_columns(sheet: object) -> None:
    sheet.insert_cols(2, 2)
    sheet["B1"], sheet["B2"], sheet["C1"] = "My notes", "ask Jan", "Todo [later maybe]"


def drop_rows(sheet: object) -> None:
    assert rows_by_identity(sheet)[GOAL] == 2
    sheet.delete_rows(3, sheet.max_row)


def add_rows(sheet: object) -> None:
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Translated by Jan"
    sheet.append(["", "", ""])
    sheet.append(["a note of mine"])


def drop_helpful_columns(sheet: object) -> None:
    named = set(columns_of(sheet).values()) - {columns_of(sheet)["version"]}
    for number in range(sheet.max_column, 0, -1):
        if number not in named:
            sheet.delete_cols(number)


def add_sheets(sheet: object) -> None:
    sheet.parent.create_sheet("Notes", 0)["A1"] = "Mine"
    sheet.parent.create_sheet("Empty")


def make_bold(sheet: object) -> None:
    sheet.cell(2, 3).font = Font(bold=True)
    sheet.row_dimensions[2].height = 90
    sheet.protection.sheet = False


EDITS = {
    "saved anew": lambda sheet: None,
    "columns in another order": reorder_columns,
    "more columns": add_columns,
    "fewer rows": drop_rows,
    "more rows": add_rows,
    "fewer columns": drop_helpful_columns,
    "more sheets": add_sheets,
    "other looks": make_bold,
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_spreadsheet_changed_around_its_texts_reads_the_same(
    edit: Callable[..., None],
) -> None:
    few = write_xlsx(translations("nl")[:20], "nl", exported_at=NOW)
    data = edit_xlsx(fill_in(few, {GOAL: "Wat wilt u doen?"}), edit)

    found = planned(data)

    assert [change.text for change in found.changes] == ["Wat wilt u doen?"]
    assert found.skipped == ()


def test_spreadsheet_with_texts_inside_its_cells_reads_the_same() -> None:
    """Some programs do not share their strings, name no size and write runs."""
    header = [
        f"English [{xlsx.SOURCE}]",
        "Dutch [nl]",
        f"Do not change [{xlsx.IDENTITY}]",
    ]

    def cell(text: str) -> str:
        return f'<c t="inlineStr"><is><r><t>{text[:3]}</t></r><r><t>{text[3:]}</t></r></is></c>'  # noqa: E501

    rows = [header, [SOURCE, "Wat wilt u doen?", GOAL]]
    content = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = (
        f'<worksheet xmlns="{namespace}"><sheetData>{content}</sheetData></worksheet>'
    )
    data = replace_part(exported("nl", "xlsx"), "xl/worksheets/sheet1.xml", sheet)

    found = planned(data)

    assert [change.text for change in found.changes] == ["Wat wilt u doen?"]


def with_shared_strings(data: bytes) -> bytes:
    """Return a workbook as Excel keeps texts: in a table of their own."""
    strings: list[str] = []

    def moved(match: re.Match[str]) -> str:
        strings.append(match[2])
        return f'<c {match[1]}t="s"><v>{len(strings) - 1}</v></c>'

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    parts["xl/worksheets/sheet1.xml"] = re.sub(
        r'<c ([^>]*)t="inlineStr"><is>(.*?)</is></c>',
        moved,
        parts["xl/worksheets/sheet1.xml"],
        flags=re.DOTALL,
    )
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    table = "".join(f"<si>{string}</si>" for string in strings)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{namespace}">{table}</sst>'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        f'<Relationship Id="rShared" Type="{office}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>',
    )
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        "</Types>",
        '<Override PartName="/xl/sharedStrings.xml" '
        f'ContentType="{main}.sharedStrings+xml"/></Types>',
    )
    assert strings
    return zipped({name: part.encode() for name, part in parts.items()})


def test_spreadsheet_with_shared_texts_reads_the_same() -> None:
    own = exported("zh-hans", "xlsx")

    assert read_file(with_shared_strings(own)) == read_file(own)


def replace_part(data: bytes, name: str, content: str | bytes) -> bytes:
    """Return a workbook with another content of one of its parts."""
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        io.BytesIO() as file,
    ):
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.namelist():
                new.writestr(part, content if part == name else old.read(part))
        return file.getvalue()


# Cells that are no texts


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("=1+1", "formula"),
        (datetime(2027, 1, 31), "date or a number"),
        (1.5, "date or a number"),
        (True, "date or a number"),
        ("#NAME?", "error of the spreadsheet"),
        ("x" * 32_767, "cut off"),
    ],
)
def test_spreadsheet_cells_that_are_no_texts_are_skipped(
    value: object, reason: str
) -> None:
    def edit(sheet: object) -> None:
        row = rows_by_identity(sheet)[GOAL]
        cell = sheet.cell(row, columns_of(sheet)["nl"])
        cell.number_format = "General"
        cell.value = value

    found = planned(edit_xlsx(exported("nl", "xlsx"), edit))

    assert found.changes == ()
    (skipped,) = found.skipped
    assert reason in skipped.reason
    assert skipped.line.place.endswith("of the sheet “nl”")


def test_spreadsheet_reads_a_whole_number_as_text() -> None:
    def edit(sheet: object) -> None:
        sheet.cell(rows_by_identity(sheet)[GOAL], columns_of(sheet)["nl"]).value = 14

    (found,) = planned(edit_xlsx(exported("nl", "xlsx"), edit)).changes

    assert found.text == "14"


# Files that are refused


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    with io.BytesIO() as file:
        book.save(file)
        return file.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in parts.items():
                package.writestr(name, content)
        return file.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
REFUSED = {
    "nothing": (b" \n", "empty"),
    "a picture": (b"\x89PNG\r\n", "neither a PO file nor"),
    "a document": (zipped({"word/document.xml": b"<x/>"}), "no Excel workbook"),
    "an empty package": (zipped({}), "no Excel workbook"),
    "no columns": (workbook(["a", "b"], [1, 2]), "first row is gone"),
    "an empty sheet": (workbook(), "first row is gone"),
    "no source": (workbook(["[code]", "[nl]"], [GOAL, "Wat?"]), "A column is missing"),
    "no language": (workbook(["[code]", "[source]"]), "A column is missing"),
    "two languages": (workbook(["[code]", "[source]", "[nl]", "[fr]"]), "several"),
    "English": (workbook(["[code]", "[source]", "[en]"]), "is for English"),
    "Spanish": (workbook(["[code]", "[source]", "[es]"]), "“es”"),
    "Spanish PO": (b'msgid ""\nmsgstr "Language: es\\n"\n', "“es”"),
    "English PO": (b'msgid ""\nmsgstr "Language: en_GB\\n"\n', "is for English"),
    "no UTF-8": (b'msgid "\xff\xfe"\nmsgstr "a"\n', "Save it as UTF-8"),
    "rot13": (b'msgid ""\nmsgstr "charset=rot13"\n"\xff"', "Save it as UTF-8"),
    "half a PO": (b'msgctxt "a"\nmsgid "b\n', "broken near line 2"),
    "a bomb": (
        zipped({"xl/workbook.xml": b"", "xl/worksheets/a.xml": b" " * 17 * 1024**2}),
        "too big",
    ),
    "many styles": (
        zipped({"xl/workbook.xml": b"", "xl/styles.xml": b" " * 1024**2 + b"<x/>"}),
        "too big",
    ),
    "many PO texts": (b'msgid "a"\nmsgstr "b"\n' * 20_001, "more than 20000"),
    "an endless text": (b'msgid ""\n' + b'"a"\n' * 5_001, "broken near line 5002"),
    "many parts": (
        zipped({"xl/workbook.xml": b"<x/>"} | {f"{n}.txt": b"" for n in range(600)}),
        "too big",
    ),
    "entities": (zipped({"xl/workbook.xml": ENTITIES}), "DOCTYPE"),
    "entities elsewhere": (
        zipped({"xl/workbook.xml": b"<x/>", "xl/media/a.png": ENTITIES}),
        "DOCTYPE",
    ),
    "no XML": (zipped({"xl/workbook.xml": b"<x"}), "broken"),
    "half a workbook": (zipped({"xl/workbook.xml": b"<x/>"}), "broken"),
    "many rows": (
        workbook(["[code]", "[source]", "[nl]"], *[["a", "b", "c"]] * 20_001),
        "more than 20000",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED)
def test_files_that_cannot_be_used_are_refused_with_a_reason(
    data: bytes, message: str
) -> None:
    with pytest.raises(FileRefusedError, match=re.escape(message)):
        read_file(data)


def test_a_cut_off_spreadsheet_is_refused() -> None:
    data = exported("nl", "xlsx")

    with pytest.raises(FileRefusedError, match="broken"):
        read_file(data[: len(data) // 2])


def test_a_spreadsheet_that_is_damaged_inside_is_refused() -> None:
    data = with_shared_strings(exported("nl", "xlsx"))
    for part in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
        with pytest.raises(FileRefusedError):
            read_file(replace_part(data, part, b"<worksheet><row>"))


def test_a_far_away_cell_does_not_keep_the_server_busy() -> None:
    def edit(sheet: object) -> None:
        sheet.cell(1_048_576, 16_000).value = "x"

    assert planned(edit_xlsx(exported("nl", "xlsx"), edit)).skipped == ()


@settings(deadline=None, max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=200).map(lambda data: b"PK\x03\x04" + data),
        st.text('msgidctxtr "\\\n#~|,:[0]a', max_size=200).map(
            lambda text: f'msgid "a"\n{text}'.encode()
        ),
    )
)
def test_whatever_is_uploaded_is_read_or_refused(data: bytes) -> None:
    try:
        file = read_file(data)
    except FileRefusedError:
        return
    plan(file.lines, "nl")


def test_a_po_file_that_is_only_a_path_opens_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "msgid"
    secret.write_text('msgctxt "a"\nmsgid "b"\nmsgstr "secret"\n')

    with pytest.raises(FileRefusedError):
        read_file(str(secret).encode())


@pytest.mark.parametrize(
    ("named", "language"),
    [
        *(("nl", "nl"), ("nl_BE", "nl"), ("NL-be", "nl"), ("nl_BE.UTF-8", "nl")),
        *(("zh_Hans", "zh-hans"), ("zh-Hans-CN", "zh-hans"), ("zh_CN", "zh-hans")),
        *(("zh", "zh-hans"), ("zh_Hant", None), ("zh_TW", None), ("es", None)),
        *(("de_AT", "de"), ("fr", "fr"), ("en_GB", "en"), ("", None)),
    ],
)
def test_languages_are_known_by_their_names_elsewhere(
    named: str, language: str | None
) -> None:
    assert language_named(named) == language


# What an import does


def test_an_unknown_code_is_skipped_and_the_others_are_not() -> None:
    done = carry_out([make_line(identity="step/gone/title"), make_line()], "nl")

    assert [change.translation.identity for change in done.changes] == [GOAL]
    (skipped,) = done.skipped
    assert skipped.reason == "The guide has no text of this code."
    assert skipped.line.text == "Wat wilt u doen?"


def test_a_wrong_text_does_not_stop_the_others() -> None:
    wrong = make_line(identity="question/line/title", source="What kind of line is it?",
                      text="<b>Wat?</b>")  # fmt: skip

    done = carry_out([wrong, make_line()], "nl")

    assert len(done.changes) == len(done.skipped) == 1
    assert find(GOAL, "nl").text == "Wat wilt u doen?"
    assert find("question/line/title", "nl").state == State.MISSING


def test_a_translation_of_an_older_source_is_kept_and_marked() -> None:
    done = carry_out([make_line(source="What is it?")], "nl")

    (change,) = done.changes
    assert change.is_outdated
    found = find(GOAL, "nl")
    assert (found.text, found.state) == ("Wat wilt u doen?", State.OUTDATED)
    assert found.made_from == "What is it?"


def test_a_new_translation_of_the_source_of_now_is_no_longer_outdated() -> None:
    make_outdated("nl", "Wat is het?")

    carry_out([make_line()], "nl")

    assert find(GOAL, "nl").state == State.DONE
    assert models.Question.objects.get(slug="goal").outdated == {}


@pytest.mark.parametrize("text", ["", "  \r\n"])
def test_an_empty_translation_deletes_nothing(text: str) -> None:
    make_outdated("nl", "Wat is het?")

    done = carry_out([make_line(text=text)], "nl")

    assert "The one in the guide stays." in done.skipped[0].reason
    assert find(GOAL, "nl").text == "Wat is het?"


def test_an_empty_translation_of_a_missing_one_is_no_news() -> None:
    done = plan([make_line(text="")], "nl")

    assert (done.changes, done.skipped, done.unchanged) == ((), (), 1)


def test_a_line_without_its_source_is_skipped() -> None:
    (skipped,) = plan([make_line(source="")], "nl").skipped

    assert "The English text is missing in the file" in skipped.reason


def test_fuzzy_translations_are_skipped() -> None:
    data = f'#, fuzzy\nmsgctxt "{GOAL}"\nmsgid "{SOURCE}"\nmsgstr "Wat?"\n'.encode()

    (skipped,) = plan(read_file(data).lines, "nl").skipped

    assert "fuzzy" in skipped.reason


def test_po_without_context_or_with_a_plural_is_skipped() -> None:
    data = (
        b'msgid "a"\nmsgstr "b"\n\n'
        b'msgctxt "c"\nmsgid "a"\nmsgid_plural "as"\nmsgstr[0] "b"\n'
    )

    reasons = [skipped.reason for skipped in plan(read_file(data).lines, "nl").skipped]

    assert "msgctxt" in reasons[0]
    assert "plural" in reasons[1]


def test_an_outdated_translation_confirmed_in_po_is_done() -> None:
    make_outdated("nl", "Wat wilt u doen?")
    data = exported("nl", "po").replace(b"#, fuzzy\n", b"")

    file = read_file(data)
    (change,) = carry_out(file.lines, "nl").changes

    assert change.is_confirmation
    assert find(GOAL, "nl").state == State.DONE


@pytest.mark.parametrize(
    ("mark", "state"),
    [("x", State.DONE), (" Ja ", State.DONE), (1, State.DONE), ("no", State.OUTDATED)],
)
def test_an_outdated_translation_marked_in_a_spreadsheet_is_done(
    mark: object, state: State
) -> None:
    make_outdated("nl", "Wat wilt u doen?")

    def edit(sheet: object) -> None:
        row = rows_by_identity(sheet)[GOAL]
        sheet.cell(row, columns_of(sheet)["checked"]).value = mark

    file = read_file(edit_xlsx(exported("nl", "xlsx"), edit))
    done = carry_out(file.lines, "nl")

    assert done.skipped == ()
    assert find(GOAL, "nl").state == state


def test_an_unclear_mark_is_skipped() -> None:
    make_outdated("nl", "Wat wilt u doen?")

    def edit(sheet: object) -> None:
        row = rows_by_identity(sheet)[GOAL]
        sheet.cell(row, columns_of(sheet)["checked"]).value = "maybe"

    (skipped,) = planned(edit_xlsx(exported("nl", "xlsx"), edit)).skipped

    assert "“maybe”" in skipped.reason


def test_an_old_file_does_not_confirm_a_translation_of_a_newer_source() -> None:
    models.Question.objects.filter(slug="goal").update(title_nl="Wat wilt u doen?")
    data = exported("nl", "po")
    models.Question.objects.filter(slug="goal").update(
        title_en="What now?", outdated={"title": {"nl": SOURCE}}
    )

    done = planned(data)

    assert (done.changes, done.skipped) == ((), ())


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_others_changed_since_the_export_stays(file_format: str) -> None:
    models.Question.objects.filter(slug="goal").update(title_nl="Wat wilt u doen?")
    untouched = exported("nl", file_format)
    both = edited(file_format, {GOAL: "Wat nu?"})
    models.Question.objects.filter(slug="goal").update(title_nl="Wat wenst u te doen?")

    assert planned(untouched).changes == planned(untouched).skipped == ()
    found = planned(both)

    assert found.changes == ()
    (skipped,) = found.skipped
    assert "Somebody has changed this translation" in skipped.reason
    assert skipped.line.text == "Wat nu?"


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_was_edited_in_the_file_may_go_before_what_is_newer(
    file_format: str,
) -> None:
    models.Question.objects.filter(slug="goal").update(title_nl="Wat wilt u doen?")
    untouched = read_file(exported("nl", file_format)).lines
    both = read_file(edited(file_format, {GOAL: "Wat nu?"})).lines
    models.Question.objects.filter(slug="goal").update(title_nl="Wat wenst u te doen?")

    assert plan(untouched, "nl", replaces_newer=True).changes == ()
    (change,) = plan(both, "nl", replaces_newer=True).changes

    assert change.text == "Wat nu?"


def test_a_text_that_stands_twice_counts_once_if_it_says_the_same() -> None:
    line = make_line()

    assert len(plan([line, make_line(text=""), line], "nl").changes) == 1


def test_a_text_that_stands_twice_with_two_translations_is_skipped() -> None:
    done = plan([make_line(), make_line(text="Wat?")], "nl")

    assert done.changes == ()
    assert {skipped.line.text for skipped in done.skipped} == {
        "Wat wilt u doen?",
        "Wat?",
    }


def test_nothing_is_written_when_something_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    second = make_line(identity="step/know-delete-is-not-cancel/why",
                       source=find("step/know-delete-is-not-cancel/why", "nl").source,
                       text="Daarom. Echt waar.")  # fmt: skip

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(models.Step, "save", fail)
    with pytest.raises(RuntimeError):
        carry_out([make_line(), second], "nl")

    assert find(GOAL, "nl").state == State.MISSING


def test_an_import_writes_nothing_but_the_translations() -> None:
    row = models.Step.objects.get(slug="know-delete-is-not-cancel")
    source = row.why_en
    before = models.Step.objects.filter(pk=row.pk).values().get()

    carry_out([make_line(identity=f"step/{row.slug}/why", source=source,
                         text="Daarom. Echt waar.")], "nl")  # fmt: skip

    after = models.Step.objects.get(pk=row.pk)
    assert after.why_nl == "Daarom. Echt waar."
    assert after.why_en == source
    assert models.Step.objects.filter(pk=row.pk).values().get() == before


# Checks

CHECKS = {
    "nothing wrong": ("Call **them**.", "Bel **hen**.", ""),
    "a placeholder is gone": ("Call {operator}.", "Bel hen.", "{operator} is missing"),
    "a placeholder is translated": ("Call {operator}.", "Bel {bedrijf}.", "{bedrijf}"),
    "half a placeholder": (
        "Call {operator}.",
        "Bel {operator.",
        "{operator} is missing",
    ),
    "a placeholder too many": ("Call them.", "Bel {operator}.", "not in the English"),
    "a placeholder twice": ("Call {operator}.", "Bel {operator}, {operator}!", ""),
    "a paragraph less": ("One.\n\nTwo.", "Een. Twee.", "1 paragraph"),
    "line ends of Windows": ("One.\n\nTwo.", "Een.\r\n\r\nTwee.", ""),
    "an item less": ("- a\n- b", "- a b", "1 list item"),
    "a list by mistake": ("In 2027 it ends.", "2027. Dan stopt het.", "1 list item;"),
    "a list of another kind": ("- a\n- b", "1. a\n2. b", "other headings, lists"),
    "a heading by mistake": ("Number 1", "# 1", "other headings"),
    "a link is gone": ("[a](https://a.be/)", "a", "https://a.be/ is missing"),
    "a link elsewhere": ("[a](https://a.be/)", "[a](https://b.be/)", "https://b.be/"),
    "a link elsewhere here": ("[a](/nl/)", "[a](/fr/)", "lead to other addresses"),
    "a translated link": ("[here](https://a.be/)", "[hier](https://a.be/)", ""),
    "a link after Chinese": ("See https://a.be/b.", "请看https://a.be/b。", ""),
    "bold is free": ("**a** b", "a b", ""),
    "HTML": ("a", "<b>a</b>", "HTML"),
    "an entity": ("a b", "a&nbsp;b", "HTML"),
    "a smaller than b": ("a < b & c", "a < b & c", ""),
    "an e-mail": ("Mail a@b.be.", "Mail a@c.be.", "a@c.be is not in the English"),
    "a phone number": ("Call 02 226 88 88.", "Bel 02 226 88 89.", "02 226 88 88"),
    "a phone number written elsewise": ("+32 2 226 88 88", "02/226.88.88", ""),
    "a date written elsewise": ("2027-01-31", "31/01/2027", ""),
    "a price written elsewise": ("€1,234.50", "1.234,50 euro", ""),
    "a code of the network": ("Dial *#06#.", "Toets #06#.", "*#06# is missing"),
    "a code": ("Type `STOP`.", "Typ `STOPPEN`.", "`STOP` is missing"),
    "a control character": ("a", "a\x07b", "U+0007"),
    "a turned direction": ("a", "a\u202eb", "U+202E"),
    "half a character": ("a", "a\ud800b", "U+D800"),
    "a hard blank": ("Call!", "Appelez\u00a0!", ""),
}


@pytest.mark.parametrize(("source", "text", "message"), CHECKS.values(), ids=CHECKS)
def test_checks_of_markdown(source: str, text: str, message: str) -> None:
    problems = problems_of(
        source, text, is_markdown=True, is_letter=False, max_length=None
    )

    assert (message in " ".join(problems)) if message else problems == []


LINES = {
    "it fits": ("a", "b" * 10, ""),
    "too long": ("a", "b" * 11, "11 characters; at most 10"),
    "two lines": ("a", "b\nc", "must stay on one line"),
    "a line end at the end": ("a", "b\r\n", ""),
}


@pytest.mark.parametrize(("source", "text", "message"), LINES.values(), ids=LINES)
def test_checks_of_short_texts(source: str, text: str, message: str) -> None:
    problems = problems_of(
        source, text, is_markdown=False, is_letter=False, max_length=10
    )

    assert (message in " ".join(problems)) if message else problems == []


LETTERS = {
    "translated": ("Line {number}.\n\nBye", "Lijn {number}.\n\nDag", ""),
    "a blank less": ("Line {number}.", "Lijn.", "{number} is missing"),
    "a blank translated": ("Line {number}.", "Lijn {nummer}.", "{nummer} is not in"),
    "a blank elsewhere": (
        "{a}\n\n{b}",
        "{b}\n\n{a}",
        "Paragraph 1 leaves other things",
    ),
    "a paragraph more": ("a", "a\n\nb", "2 paragraphs"),
}


@pytest.mark.parametrize(("source", "text", "message"), LETTERS.values(), ids=LETTERS)
def test_checks_of_letters(source: str, text: str, message: str) -> None:
    problems = problems_of(
        source, text, is_markdown=False, is_letter=True, max_length=None
    )

    assert (message in " ".join(problems)) if message else problems == []


@pytest.mark.parametrize("piece", ["a", "<a", "{", "[", "https://", "0", "`", "*["])
def test_checks_do_not_keep_the_server_busy(piece: str) -> None:
    for length in (15_000, 1_000_000):
        text = (piece * length)[:length]
        started = time.process_time()
        problems_of("a", text, is_markdown=True, is_letter=True, max_length=None)
        assert time.process_time() - started < 5


@settings(deadline=None)
@given(NASTY)
def test_a_text_is_right_for_itself_unless_no_text_may_be_so(text: str) -> None:
    problems = problems_of(
        text, text, is_markdown=True, is_letter=True, max_length=None
    )

    known = ("cannot be seen", "In braces only")
    assert all(any(words in problem for words in known) for problem in problems)


# The commands


@pytest.mark.parametrize("file_format", FORMATS)
def test_commands_carry_translations_there_and_back(
    file_format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"nl.{file_format}"
    total = counts()["nl"][2]

    call_command("export_translations", "nl", path, "--all")
    assert f"{total} texts, nl." in capsys.readouterr().out
    path.write_bytes(edited(file_format, {GOAL: "Wat wilt u doen?"}))
    call_command("import_translations", path, "--dry-run")
    assert "nl: would change 1, skipped 0" in capsys.readouterr().out
    assert find(GOAL, "nl").state == State.MISSING
    call_command("import_translations", path, "--user", "editor", verbosity=2)

    assert f"changed {GOAL}\n" in capsys.readouterr().out
    assert find(GOAL, "nl").state == State.DONE
    assert LogEntry.objects.get().user.username == "editor"


def test_import_command_takes_the_same_file_again_after_more_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nl.po"
    first = edited("po", {GOAL: "Wat wilt u doen?"})
    path.write_bytes(first)
    call_command("import_translations", path)
    path.write_bytes(edit_po(first, **{GOAL: "Wat wilt u graag doen?"}))

    capsys.readouterr()
    call_command("import_translations", path)
    assert "changed 0, skipped 1" in capsys.readouterr().out
    call_command("import_translations", path, "--replace-newer")

    assert find(GOAL, "nl").text == "Wat wilt u graag doen?"


def test_export_command_writes_what_is_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "zh.po"

    call_command("export_translations", "zh-hans", path)

    assert "0 texts, zh-hans." in capsys.readouterr().out
    assert read_file(path.read_bytes()).lines == ()


def test_import_command_says_what_it_skipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nl.po"
    path.write_bytes(edited("po", {GOAL: "Wat wilt u {doen}?"}))

    call_command("import_translations", path)

    printed = capsys.readouterr().out
    assert re.search(rf"skipped line \d+, {GOAL}: {{doen}} is not in", printed)
    assert "changed 0, skipped 1" in printed


def test_import_command_takes_the_language_a_file_does_not_say(tmp_path: Path) -> None:
    path = tmp_path / "nl.po"
    path.write_text(f'msgctxt "{GOAL}"\nmsgid "{SOURCE}"\nmsgstr "Wat?"\n')

    with pytest.raises(CommandError, match="--language"):
        call_command("import_translations", path)
    call_command("import_translations", path, "--language", "de")

    assert find(GOAL, "de").text == "Wat?"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export_translations", "nl", "a.pdf"], "must end with"),
        (["export_translations", "nl", "/nowhere/a.po"], "No such file"),
        (["export_translations", "en", "a.po"], "invalid choice"),
        (["import_translations", "/nowhere/a.po"], "No such file"),
        (["import_translations", "{file}", "--language", "fr"], "not for fr"),
        (["import_translations", "{file}", "--user", "nobody"], "no user"),
    ],
)
def test_commands_refuse_what_they_cannot_do(
    arguments: list[str], message: str, tmp_path: Path
) -> None:
    file = tmp_path / "nl.po"
    file.write_bytes(exported("nl", "po"))

    with pytest.raises(CommandError, match=message):
        call_command(*(one.replace("{file}", str(file)) for one in arguments))
