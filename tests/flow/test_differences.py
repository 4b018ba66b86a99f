"""What differs between two versions: rows, their order, their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.flow.differences import (
    Change,
    FieldChange,
    Move,
    Piece,
    Rows,
    compare_rows,
    compare_words,
    key_of,
)

MARKS = {Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}", Change.SAME: "{}"}


def marked(before: str, after: str) -> str:
    pieces = compare_words(before, after)
    return "".join(MARKS[piece.change].format(piece.text) for piece in pieces)


def steps(*fields: dict[str, object]) -> Rows:
    return {"guide.step": fields}


def step(slug: str, **fields: object) -> dict[str, object]:
    return {"slug": slug, **fields}


# Words


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ""),
        ("Same.", "Same.", "Same."),
        ("", "New.", "{+New.+}"),
        ("Old.", "", "[-Old.-]"),
        ("Call them.", "Mail them.", "[-Call-]{+Mail+} them."),
        ("in writing, in it", "in writing and in it", "in writing[-,-]{+ and+} in it"),
        ("Ask {operator} now", "Ask {name} now", "Ask [-{operator}-]{+{name}+} now"),
        ("Keep it safe", "Keep it very safe", "Keep it {+very +}safe"),
        ("请保留副本和收据", "请留存副本和收据", "请[-保留-]{+留存+}副本和收据"),
        ("First.\nSecond.", "First.\nSecond.\nThird.", "First.\nSecond.{+\nThird.+}"),
        ("one day is ok", "two day is new", "[-one-]{+two+} day is [-ok-]{+new+}"),
        ("none of it", "all other words", "[-none of it-]{+all other words+}"),
        ("calling", "caller", "[-calling-]{+caller+}"),
    ],
    ids=[
        *("empty", "same", "added", "removed", "word", "comma", "placeholder"),
        *("between", "chinese", "line", "far-apart", "all-new", "inside-a-word"),
    ],
)  # fmt: skip
def test_compare_words_marks_what_changed(
    before: str, after: str, expected: str
) -> None:
    assert marked(before, after) == expected


def test_short_common_words_do_not_tear_a_change_apart() -> None:
    assert (
        marked("Pay your bill to Proximus now", "Send your letter to Orange now")
        == "[-Pay-]{+Send+} your [-bill to Proximus-]{+letter to Orange+} now"
    )


words = st.lists(
    st.sampled_from(
        ["call", "the", "operator", "号", "码", ".", "\n", " ", "{operator}"]
    )
).map(" ".join)


@given(words, words)
def test_pieces_make_both_texts_again(before: str, after: str) -> None:
    pieces = compare_words(before, after)

    assert before == "".join(p.text for p in pieces if p.change is not Change.ADDED)
    assert after == "".join(p.text for p in pieces if p.change is not Change.REMOVED)
    assert all(one.change != next_.change for one, next_ in zip(pieces, pieces[1:]))  # noqa: B905, RUF007
    assert Piece(Change.SAME, "") not in pieces


@given(st.text(), st.text())
def test_pieces_make_any_two_texts_again(before: str, after: str) -> None:
    pieces = compare_words(before, after)

    assert before == "".join(p.text for p in pieces if p.change is not Change.ADDED)
    assert after == "".join(p.text for p in pieces if p.change is not Change.REMOVED)


def test_very_long_texts_are_not_searched() -> None:
    short, long = (
        compare_words("keep the " * number, "keep a " * number)
        for number in (100, 1200)
    )

    assert len(short) > 100
    assert len(long) < 5


# Rows


def test_key_of_an_answer_begins_with_its_question() -> None:
    assert key_of({"question": ["goal"], "slug": "stop"}) == ("goal", "stop")
    assert key_of({"question": "Why?", "slug": "why"}) == ("why",)


def test_compare_rows_finds_new_gone_and_changed_rows() -> None:
    before = steps(step("a", title="A"), step("b", title="B"), step("c", title="C"))
    after = steps(step("a", title="A"), step("c", title="See"), step("d", title="D"))

    found = compare_rows(before, after)

    assert [(row.change, row.key) for row in found.rows] == [
        (Change.CHANGED, ("c",)),
        (Change.ADDED, ("d",)),
        (Change.REMOVED, ("b",)),
    ]
    assert found.rows[0].fields == (FieldChange("title", "C", "See"),)
    assert found
    assert found.count(Change.ADDED) == 1


def test_compare_rows_of_a_model_that_only_one_side_has() -> None:
    found = compare_rows(steps(step("a")), {"guide.letter": [step("l")]})

    assert [(row.model, row.change) for row in found.rows] == [
        ("guide.letter", Change.ADDED),
        ("guide.step", Change.REMOVED),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"title": ""}, {"title": None}),
        ({"title": None}, {}),
        ({}, {"topics": []}),
        ({"answers": [["a", "b"], ["a", "c"]]}, {"answers": [["a", "c"], ["a", "b"]]}),
        ({"position": 10}, {"position": 20}),
    ],
    ids=["empty", "missing", "no-list", "order-of-rows-spoken-of", "position"],
)
def test_compare_rows_leaves_out_what_says_the_same(
    before: dict[str, object], after: dict[str, object]
) -> None:
    assert not compare_rows(steps(step("a", **before)), steps(step("a", **after)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"topics": ["notice", "costs"]}, {"topics": ["costs", "notice"]}),
        ({"must": False}, {"must": None}),
        ({"due_days": 0}, {"due_days": None}),
        ({"answers": [["a", "b"]]}, {"answers": []}),
    ],
    ids=["order-of-topics", "no-or-unknown", "nought", "list-emptied"],
)
def test_compare_rows_tells_apart(
    before: dict[str, object], after: dict[str, object]
) -> None:
    assert compare_rows(steps(step("a", **before)), steps(step("a", **after)))


# Order


def in_order(slugs: str, **fields: object) -> Rows:
    return steps(
        *(step(slug, position=i * 10, **fields) for i, slug in enumerate(slugs))
    )


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        ("abcd", "abcd", []),
        ("abcd", "bcda", [("a", "d")]),
        ("abcd", "dabc", [("d", None)]),
        ("abcd", "abxcd", []),
        ("abcd", "acd", []),
        ("abcdef", "bacdfe", [("b", None), ("f", "d")]),
        ("", "ab", []),
    ],
    ids=["none", "to-the-end", "to-the-front", "one-new", "one-gone", "two", "all-new"],
)
def test_moves_are_as_few_as_can_be(
    before: str, after: str, moves: list[tuple[str, str | None]]
) -> None:
    found = compare_rows(in_order(before), in_order(after)).moves

    assert {(move.key, move.behind) for move in found} == {
        ((slug,), (behind,) if behind else None) for slug, behind in moves
    }


def test_rows_move_only_among_their_neighbours() -> None:
    before = steps(
        step("a", phase="before", position=1), step("b", phase="after", position=2)
    )
    after = steps(
        step("a", phase="before", position=2), step("b", phase="after", position=1)
    )

    assert not compare_rows(before, after)


def test_a_row_without_a_number_for_its_position_comes_first() -> None:
    others = (step("b", position=1), step("c", position=2))
    before = steps(*others, step("a", position=None))
    after = steps(*others, step("a", position=3))

    assert compare_rows(before, after).moves == (Move("guide.step", ("a",), ("c",)),)


def test_an_empty_difference_is_false() -> None:
    assert not compare_rows({}, {})
