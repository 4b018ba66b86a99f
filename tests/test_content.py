"""The content of the guide in its five languages: whole, alike, nothing left over."""

from collections.abc import Iterable

import pytest
from django.test import Client

from guide.exchange.checks import problems_of
from guide.flow.content import Guide
from guide.publishing import publish
from guide.translations import TARGET_LANGUAGES, State, Translation, translations
from tests.browser.visitor import address_of
from tests.cases import CASES
from tests.conftest import LANGUAGES
from tests.content_checks import dates, figures, leftovers
from tests.pages import PageReader, pages_from, read

# Numbers that only one of the languages writes in figures.
IN_WORDS = {
    "zh-hans": {"24"},  # “24 小时” is how Chinese says day and night
}

EACH_TARGET = pytest.mark.parametrize("language", TARGET_LANGUAGES)
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def named(found: Iterable[tuple[Translation, object]]) -> list[tuple[str, object]]:
    return [(text.identity, what) for text, what in found if what]


# Of the texts, as editors write them


@pytest.mark.django_db
@EACH_TARGET
def test_every_text_is_translated_and_up_to_date(language: str) -> None:
    texts = translations(language)

    assert len(texts) > 800
    assert [t.identity for t in texts if t.state != State.DONE] == []


@pytest.mark.django_db
@EACH_TARGET
def test_translations_keep_structure_links_placeholders_and_numbers_to_dial(
    language: str,
) -> None:
    found = [
        (
            text,
            problems_of(
                text.source,
                text.text,
                is_markdown=text.is_markdown,
                is_letter=text.kind == "letter",
                max_length=text.max_length,
            ),
        )
        for text in translations(language)
    ]

    assert named(found) == []


@pytest.mark.django_db
@EACH_TARGET
def test_translations_name_the_same_dates(language: str) -> None:
    found = [
        (text, dates(text.source, "en") ^ dates(text.text, language))
        for text in translations(language)
    ]

    assert named(found) == []


@pytest.mark.django_db
@EACH_TARGET
def test_translations_name_the_same_figures(language: str) -> None:
    allowed = IN_WORDS.get(language, set())
    found = [
        (text, (figures(text.source, "en") ^ figures(text.text, language)) - allowed)
        for text in translations(language)
    ]

    assert named(found) == []


# Of the pages, as visitors read them


def all_pages(client: Client, language: str) -> list[tuple[str, PageReader]]:
    """Return what links lead to, and the questions and checklists of all cases."""
    cases = []
    for answers in CASES.values():
        cases += [
            address_of(dict(list(answers.items())[:number]), language=language)
            for number in range(len(answers))
        ]
        cases.append(address_of(answers, "checklist", language=language))
    found = list(pages_from(client, f"/{language}/", tuple(dict.fromkeys(cases))))
    lost = client.get(f"/{language}/nowhere/")
    assert lost.status_code == 404
    return [*found, (f"/{language}/nowhere/", read(lost.content.decode()))]


@pytest.mark.django_db
@EACH_LANGUAGE
def test_pages_hold_no_other_language_and_nothing_in_place_of_a_missing_text(
    client: Client, seed_guide: Guide, language: str
) -> None:
    # Some lists leave out what stands in brackets behind a name.
    names = [operator.name.partition(" (")[0] for operator in seed_guide.operators]
    pages = all_pages(client, language)

    left = {
        (sentence, address)
        for address, page in pages
        for block in page.blocks
        for sentence in leftovers(block, language, names)
    }

    assert len(pages) > len(seed_guide.operators) + len(CASES)
    assert left == set()
    # A text that is missing is shown in English inside a `lang` of its own.
    assert [address for address, page in pages if page.in_english] == []


@pytest.mark.django_db
def test_a_text_in_place_of_a_missing_one_is_seen(
    client: Client, only_english_and_chinese: None
) -> None:
    publish(note="Only English and Chinese.")

    assert read(client.get("/fr/guide/").content.decode()).in_english != []


# Of the checks themselves


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("On 4 April 2024 and in June 2023.", "en", {(2024, 4, 4), (2023, 6)}),
        ("Op 4 april 2024 en in juni 2023.", "nl", {(2024, 4, 4), (2023, 6)}),
        ("Le 1er avril 2024, en août 2023.", "fr", {(2024, 4, 1), (2023, 8)}),
        ("Am 4. März 2024, im Dezember 2023.", "de", {(2024, 3, 4), (2023, 12)}),
        (
            "2024 年 4 月 4 日，2023 年 6 月和 8 月",
            "zh-hans",
            {(2024, 4, 4), (2023, 6), (2023, 8)},
        ),
        ("in June and August 2023", "en", {(2023, 6), (2023, 8)}),
        ("Maybe 2024.", "en", set()),
    ],
)
def test_dates_are_read_in_each_language(
    text: str, language: str, expected: set[tuple[int, ...]]
) -> None:
    assert dates(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("€1,250.50 within 30 days, 3 times", "en", {"1250.50", "30"}),
        ("€ 1.250,50 binnen 30 dagen", "nl", {"1250.50", "30"}),
        ("1 250,50 € sous 30 jours", "fr", {"1250.50", "30"}),
        ("call 0800 55 800", "en", {"0800", "800", "55"}),
        ("bel 0800 55 800", "nl", {"0800", "800", "55"}),
        ("a fine of €1 million", "en", {"1000000"}),
        ("罚款 100 万欧元", "zh-hans", {"1000000"}),
        ("see https://example.org/2024/15", "en", set()),
    ],
)
def test_figures_are_read_in_each_language(
    text: str, language: str, expected: set[str]
) -> None:
    assert figures(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ask for the number and keep it.", "nl"),
        ("Vraag naar het nummer, en bel niet.", "en"),
        ("Demandez une confirmation à votre opérateur.", "de"),
        ("Kündigen Sie nicht, wenn der Anschluss läuft.", "fr"),
        ("请联系 ask for your contract number 客服", "zh-hans"),
        ("Bel 微信 om hulp.", "nl"),
    ],
)
def test_leftovers_are_found(text: str, language: str) -> None:
    assert list(leftovers(text, language)) != []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kies **Cancel the plan and keep your number** in de app.", "nl"),
        ("Écrivez « Ik wil het nummer niet houden » à votre opérateur.", "fr"),
        ("发送“不携号转网”（I do not want to move this number）。", "zh-hans"),
        ("联系 The Mobile Company of Belgium。", "zh-hans"),
        ("Das Menü heißt Mobile Data.", "de"),
    ],
)
def test_labels_quotations_and_names_are_no_leftovers(text: str, language: str) -> None:
    assert list(leftovers(text, language, ["The Mobile Company of Belgium"])) == []
