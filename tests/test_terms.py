"""One term for one thing: the term lists, and all texts held to them."""

from pathlib import Path

import pytest

from tests.terms import (
    LANGUAGES,
    LISTS,
    Text,
    pattern,
    problems,
    read_list,
    texts_of_fixtures,
    texts_of_interface,
)

MADE_UP = """# Terms

## In the content and the interface

| English | Say | Forms that count | Not |
| --- | --- | --- | --- |
| `operator*` | Anbieter | `*anbieter*` | `Betreiber*` |
| `end date*` | Enddatum | `Enddatum*, Tag des Endes` | – |
| `shop*` | Shop | – | `Geschäft` |

## In the interface

| English | Say | Forms that count | Not |
| --- | --- | --- | --- |
| `report*` | Meldung | `*meld*` | `Bericht` |

## Exceptions

| Where | English | Why |
| --- | --- | --- |
| step/known/body | `operator*` | Somebody else is meant. |
| letter/* | `shop*` | Letters are formal. |
"""
ALLOWED = Text(where="step/known/body", english="The operator", words="Der Betreiber")


def found(english: str, words: str, *, is_of_interface: bool = False) -> list[str]:
    text = Text(
        where="x", english=english, words=words, is_of_interface=is_of_interface
    )
    return list(problems([text, ALLOWED], read_list(MADE_UP)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_content_keeps_to_the_terms(language: str) -> None:
    texts = [*texts_of_fixtures(language), *texts_of_interface(language)]
    term_list = read_list((LISTS / f"{language}.md").read_text(encoding="utf-8"))

    assert len(texts) > 1500
    assert len(term_list.terms) > 40
    assert list(problems(texts, term_list)) == []


def test_every_language_has_the_same_terms() -> None:
    english = {
        path.stem: [term.english for term in read_list(path.read_text()).terms]
        for path in LISTS.glob("*.md")
    }

    assert set(english) == set(LANGUAGES)
    assert len({tuple(terms) for terms in english.values()}) == 1
    for terms in english.values():
        assert len(set(terms)) == len(terms)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_list_says_is_among_the_forms_that_count(language: str) -> None:
    """And no form that counts is forbidden a column further."""
    path = LISTS / f"{language}.md"
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip(" `") for cell in line.strip("| ").split(" | ")]
        if len(cells) != 4 or cells[0] in {"English", "---"} or cells[2] == "–":
            continue
        assert pattern(cells[2]).search(cells[1]), line
        assert not pattern(cells[3]).search(cells[1]), line


@pytest.mark.parametrize(
    ("english", "words"),
    [
        ("The operator", "Der Anbieter"),
        ("Operators", "Mobilfunkanbietern"),
        ("the end date", "das Enddatum"),
        ("the end date", "der Tag\ndes Endes"),
        ("Nothing of the sort", "Nichts davon"),
        ("Ask {operator}", "Fragen Sie {operator}"),
        ("the operator", ""),  # not translated at all: others see to that
        ("**Operators** here", "**Operators** hier"),
        (
            "See [it](https://x.example/Betreiber)",
            "Da [ist es](https://x.be/Betreiber)",
        ),
        ("the shop", "der Laden"),
        ("report it", "ein Bericht"),  # only the interface has reports
    ],
)
def test_good_texts_pass(english: str, words: str) -> None:
    assert found(english, words) == []


@pytest.mark.parametrize(
    ("english", "words", "message"),
    [
        ("The operator", "Er", "x: no word for operator*"),
        ("Der Anbieter", "Betreibern", "x: “Betreibern” is not our word for operator*"),
        ("nothing", "ein Betreiber", "x: “Betreiber” is not our word for operator*"),
        ("the end dates", "Enden", "x: no word for end date*"),
        ("the shop", "das Geschäft", "x: “Geschäft” is not our word for shop*"),
        ("**The operator**", "**Er**", "x: no word for operator*"),
    ],
)
def test_bad_texts_are_found(english: str, words: str, message: str) -> None:
    assert found(english, words) == [message]


def test_the_interface_has_terms_of_its_own() -> None:
    assert found("A report", "Ein Bericht", is_of_interface=True) == [
        "x: “Bericht” is not our word for report*"
    ]
    assert found("A report", "Eine Meldung", is_of_interface=True) == []


def test_exceptions_may_hold_for_all_texts_of_a_kind() -> None:
    letter = Text(where="letter/a/body", english="the shop", words="das Geschäft")

    assert list(problems([letter, ALLOWED], read_list(MADE_UP))) == []


def test_an_exception_that_nothing_needs_is_told() -> None:
    assert list(problems([], read_list(MADE_UP))) == [
        "step/known/body: no exception is needed any more for operator*"
    ]


@pytest.mark.parametrize(
    "row",
    [
        "| `operator*` | Anbieter | `*anbieter*` |",
        "| `operator*` |  | `*anbieter*` | – |",
        "| `a` | b | c | d | e |",
    ],
)
def test_a_damaged_row_is_refused(row: str) -> None:
    with pytest.raises(ValueError, match="Not a row"):
        read_list(
            MADE_UP.replace("## In the interface", f"{row}\n\n## In the interface")
        )


@pytest.mark.parametrize(
    ("forms", "text", "is_found"),
    [
        ("sms*", "twee sms'en", True),
        ("sms", "smsen", False),
        ("*versand*", "Briefversandkosten", True),
        ("SIM 卡", "旧SIM卡", True),
        ("SIM", "旧SIM卡", True),
        ("余额", "没有余额了", True),
        ("", "anything", False),
        ("a.b", "axb", False),
    ],
)
def test_forms_are_found_as_whole_words(
    forms: str, text: str, *, is_found: bool
) -> None:
    assert bool(pattern(forms).search(text)) is is_found


def test_all_kinds_of_texts_are_read() -> None:
    places = [text.where.split("/")[0] for text in texts_of_fixtures("nl")]

    folder = Path(__file__).resolve().parents[1] / "fixtures"
    assert set(places) == {path.stem for path in folder.glob("*.yaml")} - {
        *("source", "retired_code")
    }
