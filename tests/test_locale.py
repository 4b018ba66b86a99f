"""The interface in every language."""

import re
from pathlib import Path

import polib
import pytest

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


@pytest.mark.parametrize("path", CATALOGUES, ids=IDS)
def test_locale_has_every_text_of_the_templates(path: Path) -> None:
    known = {entry.msgid for entry in polib.pofile(str(path))}
    templates = (FOLDER.parent / "templates").rglob("*.html")

    used = {
        text.replace("%", "%%")
        for template in templates
        for text in re.findall(
            r'{% translate "([^"]+)"', template.read_text(encoding="utf-8")
        )
    }

    assert used - known == set()
