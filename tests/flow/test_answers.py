"""Answers travel in the query string, whatever else stands in it."""

from datetime import date

import pytest

from guide.flow.answers import RESERVED, as_day, parse, to_query, without


@pytest.mark.parametrize(
    ("query", "answers"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param("goal=stop", {"goal": ("stop",)}, id="one"),
        pytest.param(
            "line=prepaid&goal=stop",
            {"line": ("prepaid",), "goal": ("stop",)},
            id="order-is-kept",
        ),
        pytest.param(
            "linked=bank&goal=stop&linked=itsme",
            {"linked": ("bank", "itsme"), "goal": ("stop",)},
            id="many",
        ),
        pytest.param("linked=bank&linked=bank", {"linked": ("bank",)}, id="twice"),
        pytest.param("goal=+stop%20", {"goal": ("stop",)}, id="spaces-around"),
        pytest.param("goal=&line=+", {}, id="blank"),
        pytest.param("goal", {}, id="no-value"),
        pytest.param("=stop", {"": ("stop",)}, id="no-name"),
        pytest.param("&&goal=stop&", {"goal": ("stop",)}, id="empty-parts"),
        pytest.param("a=b=c", {"a": ("b=c",)}, id="two-equal-signs"),
        pytest.param("goal=%ff", {"goal": ("�",)}, id="not-utf-8"),
        pytest.param("goal=%zz%", {"goal": ("%zz%",)}, id="not-percent-encoded"),
        pytest.param("%E9%94%AE=%E5%80%BC", {"键": ("值",)}, id="chinese"),
        pytest.param("goal=a;line=b", {"goal": ("a;line=b",)}, id="semicolon"),
    ],
)
def test_parse_reads_any_query(query: str, answers: dict[str, tuple[str, ...]]) -> None:
    parsed = parse(query)

    assert parsed == answers
    assert list(parsed) == list(answers)


@pytest.mark.parametrize("parameter", sorted(RESERVED))
def test_parse_leaves_out_reserved_parameters(parameter: str) -> None:
    assert parse(f"{parameter}=3&goal=stop") == {"goal": ("stop",)}


@pytest.mark.parametrize(
    ("answers", "query"),
    [
        pytest.param({}, "", id="nothing"),
        pytest.param({"goal": ()}, "", id="an-empty-answer"),
        pytest.param(
            {"line": ("prepaid",), "goal": ("stop",)},
            "line=prepaid&goal=stop",
            id="order-is-kept",
        ),
        pytest.param({"linked": ("b", "a")}, "linked=b&linked=a", id="many"),
        pytest.param({"a b": ("c&d",)}, "a+b=c%26d", id="encoded"),
    ],
)
def test_to_query_writes_answers(
    answers: dict[str, tuple[str, ...]], query: str
) -> None:
    assert to_query(answers) == query


def test_to_query_is_read_back_by_parse() -> None:
    answers = {"goal": ("stop",), "linked": ("bank", "支付宝"), "end": ("2027-02-01",)}

    assert parse(to_query(answers)) == answers


def test_without_leaves_out_questions() -> None:
    answers = {"goal": ("stop",), "line": ("prepaid",), "end": ("skip",)}

    left = without(answers, iter(["line", "nowhere", "end"]))

    assert left == {"goal": ("stop",)}
    assert list(answers) == ["goal", "line", "end"]


@pytest.mark.parametrize(
    ("code", "day"),
    [
        pytest.param("2027-01-15", date(2027, 1, 15), id="a-day"),
        pytest.param("2028-02-29", date(2028, 2, 29), id="leap-day"),
        pytest.param("0001-01-01", date.min, id="first-day"),
        pytest.param("9999-12-31", date.max, id="last-day"),
        pytest.param("2027-02-29", None, id="no-leap-year"),
        pytest.param("2027-13-01", None, id="no-such-month"),
        pytest.param("0000-01-01", None, id="no-year-0"),
        pytest.param("15-01-2027", None, id="day-first"),
        pytest.param("20270115", None, id="without-dashes"),
        pytest.param("2027-W02-5", None, id="week-date"),
        pytest.param("2027-1-15", None, id="one-digit"),
        pytest.param("2027-01-15T10", None, id="with-a-time"),
        pytest.param("2027/01/15", None, id="slashes"),
        pytest.param("２０２７-01-15", None, id="full-width-digits"),
        pytest.param("\ud800" * 10, None, id="surrogates"),
        pytest.param("next month", None, id="words"),
        pytest.param("", None, id="empty"),
    ],
)
def test_as_day(code: str, day: date | None) -> None:
    assert as_day(code) == day
