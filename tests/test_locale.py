"""The interface in every language."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

FOLDER = Path(__file__).resolve().parents[1] / "locale"
CATALOGUES = sorted(FOLDER.glob("*/LC_MESSAGES/django.po"))
IDS = [path.parts[-3] for path in CATALOGUES]


def messages(entry: polib.POEntry) -> list[str]:
    return (
        [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())
    )


def test_locale_has_four_languages_beside_english() -> None:
    assert IDS == ["de", "fr", "nl", "zh_Hans"]


@pytest.mark.parametrize("path", CATALOGUES, ids=IDS)
def test_locale_is_complete(path: Path) -> None:
    catalogue = polib.pofile(str(path))

    missing = [
        entry.msgid
        for entry in catalogue
        if not entry.obsolete and (entry.fuzzy or not all(messages(entry)))
    ]

    assert missing == []


@pytest.mark.parametrize("path", CATALOGUES, ids=IDS)
def test_locale_keeps_placeholders(path: Path) -> None:
    wrong = []
    for entry in polib.pofile(str(path)):
        one = placeholders(entry.msgid)
        wanted = one | placeholders(entry.msgid_plural)
        wrong += [
            entry.msgid
            for number, message in enumerate(messages(entry))
            if not entry.obsolete
            # “One error” may do without the number.
            and placeholders(message) not in ([one, wanted] if not number else [wanted])
        ]

    assert wrong == []


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|%%", text))


# The functions that mark a text, with the places of its context, itself and its plural.
MARKS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b({'|'.join(MARKS)})\(((?:{STRING}(?:,\s*)?)+)", re.DOTALL)

# Context, text, and whether it has a plural.
Used = tuple[str, str, bool]


def marked(function: str, strings: list[str | None]) -> Iterator[Used]:
    """Return what a call asks of the catalogues; nothing if its text is computed."""
    context, text, plural = MARKS[function]
    if len(strings) > text and strings[text] is not None:
        said = "" if context is None else strings[context]
        yield said or "", strings[text], plural is not None


def texts_of_templates() -> set[Used]:
    used = set()
    for path in (FOLDER.parent / "templates").rglob("*.*"):
        source = templatize(path.read_text(encoding="utf-8"))
        for function, arguments in CALL.findall(source):
            strings = [ast.literal_eval(one) for one in re.findall(STRING, arguments)]
            used |= {*marked(function, strings)}
    return used


def texts_of_python() -> set[Used]:
    used = set()
    for folder in ("guide", "config"):
        for path in (FOLDER.parent / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                function = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if function in MARKS:
                    strings = [getattr(one, "value", None) for one in node.args]
                    strings = [s if isinstance(s, str) else None for s in strings]
                    used |= {*marked(function, strings)}
    return used


@pytest.mark.parametrize(
    ("find", "some"),
    [
        (
            texts_of_templates,
            {
                ("", "Restore as draft", False),
                ("", "%(number)s translation missing", True),
                ("between sources", ", ", False),
                ("before a list", ": ", False),
            },
        ),
        (
            texts_of_python,
            {
                ("", "Shown to everybody.", False),
                ("", "the goal", False),
                ("", "%(count)s translation is saved.", True),
            },
        ),
    ],
    ids=["templates", "python"],
)
def test_texts_of_all_kinds_are_found(
    find: Callable[[], set[Used]], some: set[Used]
) -> None:
    assert some - find() == set()


@pytest.mark.parametrize("path", CATALOGUES, ids=IDS)
@pytest.mark.parametrize("find", [texts_of_templates, texts_of_python])
def test_locale_has_every_text(path: Path, find: Callable[[], set[Used]]) -> None:
    known = {
        (entry.msgctxt or "", entry.msgid, is_plural)
        for entry in polib.pofile(str(path))
        if not entry.obsolete
        # Who needs no plural takes the singular of an entry that has one.
        for is_plural in {False, bool(entry.msgid_plural)}
    }

    assert sorted(find() - known) == []
