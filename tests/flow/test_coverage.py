"""What is known of each operator, and where the holes are."""

from datetime import date, timedelta

import msgspec
import pytest

from guide.flow.content import (
    Confidence,
    Guide,
    Kind,
    Operator,
    Step,
    Term,
    Text,
)
from guide.flow.coverage import (
    STATES,
    Cell,
    Column,
    Coverage,
    State,
    Subject,
    as_data,
    coverage,
    expectations,
    tally,
    topics_to_expect,
)
from tests.flow.factories import (
    CHECKED_ON,
    TODAY,
    make_channel,
    make_choices,
    make_fact,
    make_guide,
    make_operator,
    make_question,
    make_sound_guide,
    make_source,
    make_sourcing,
    make_step,
)

HEARSAY = msgspec.structs.replace(
    make_source(slug="forum"), confidence=Confidence.THIRD_PARTY
)
REGULATOR = msgspec.structs.replace(
    make_source(slug="regulator"), confidence=Confidence.REGULATOR
)
LONG_AGO = CHECKED_ON - timedelta(days=400)


def look(
    operator: Operator,
    *,
    steps: tuple[Step, ...] = (),
    topics: tuple[str, ...] = ("notice", "surprise"),
    purposes: tuple[str, ...] = ("cancel", "lost"),
    languages: tuple[str, ...] = ("en", "zh-hans"),
    outdated: dict[str, frozenset[str]] | None = None,
) -> Coverage:
    return coverage(
        guide_about(operator, steps=steps),
        topics=topics,
        purposes=purposes,
        languages=languages,
        today=TODAY,
        outdated=outdated or {},
    )


def guide_about(operator: Operator, *, steps: tuple[Step, ...] = ()) -> Guide:
    return make_guide(
        questions=(
            make_question(),
            make_question(
                slug="operator",
                kind=Kind.OPERATOR,
                choices=make_choices(slugs=(operator.slug, "other")),
            ),
        ),
        steps=steps,
        operators=(operator,),
        sources=(make_source(), HEARSAY, REGULATOR),
    )


def cell_of(found: Coverage, code: str) -> Cell:
    (row,) = found.rows
    return next(cell for cell in row.cells if cell.column.code == code)


# What is expected


@pytest.mark.parametrize(
    ("kind", "status", "expects", "does_not"),
    [
        pytest.param("travel-esim", "active", "renewal", "porting", id="travel"),
        pytest.param("roaming-pack", "closed", "refund", "notice", id="closed-pack"),
        pytest.param("brand", "active", "porting", "renewal", id="brand"),
        pytest.param("network", "unknown", "notice", "refund", id="not-confirmed"),
    ],
)
def test_topics_to_expect(kind: str, status: str, expects: str, does_not: str) -> None:
    operator = msgspec.structs.replace(make_operator(), kind=kind, status=status)

    topics = topics_to_expect(operator)

    assert expects in topics
    assert does_not not in topics


def test_nothing_is_expected_of_a_closed_operator() -> None:
    operator = msgspec.structs.replace(make_operator(), status="closed")

    assert topics_to_expect(operator) == ()


def test_expectations_hold_what_reachable_steps_show() -> None:
    found = expectations(make_sound_guide())

    topic, purpose = Subject.TOPIC, Subject.PURPOSE
    assert Column(purpose, "cancel") in found["meadow"]
    assert Column(purpose, "lost") in found["orbit"]
    # Optional, although a step shows it.
    assert Column(topic, "surprise") not in found["meadow"]


def test_expectations_leave_out_steps_that_its_visitors_cannot_get() -> None:
    not_meadow = Term("operator", ("meadow",), excluding=True)
    steps = (
        make_step(slug="rent", topics=("equipment",), when=(not_meadow,)),
        make_step(slug="plain"),
    )

    found = expectations(guide_about(make_operator(), steps=steps))

    assert Column(Subject.TOPIC, "equipment") not in found["meadow"]


def test_expectations_without_a_question_about_operators() -> None:
    guide = make_guide(
        operators=(make_operator(),), steps=(make_step(topics=("equipment",)),)
    )

    found = expectations(guide)

    assert {column.code for column in found["meadow"]} == set(
        topics_to_expect(make_operator())
    )


# States of one fact


@pytest.mark.parametrize(
    ("sources", "checked_on", "states"),
    [
        pytest.param(("operator-site",), CHECKED_ON, (State.CONFIRMED,), id="official"),
        pytest.param(("regulator",), CHECKED_ON, (State.CONFIRMED,), id="regulator"),
        pytest.param(
            ("forum", "operator-site"), CHECKED_ON, (State.CONFIRMED,), id="both"
        ),
        pytest.param(("forum",), CHECKED_ON, (State.THIRD_PARTY,), id="third-party"),
        pytest.param((), CHECKED_ON, (State.THIRD_PARTY,), id="no-source"),
        pytest.param(("gone",), CHECKED_ON, (State.THIRD_PARTY,), id="lost-source"),
        pytest.param(("operator-site",), LONG_AGO, (State.OVERDUE,), id="overdue"),
        pytest.param(("operator-site",), None, (State.NO_DATE,), id="no-date"),
        pytest.param(
            ("forum",), None, (State.NO_DATE, State.THIRD_PARTY), id="two-at-once"
        ),
    ],
)
def test_states_of_a_fact(
    sources: tuple[str, ...], checked_on: date | None, states: tuple[State, ...]
) -> None:
    sourcing = make_sourcing(sources=sources, checked_on=checked_on)
    operator = make_operator(facts=(make_fact(sourcing=sourcing),))

    cell = cell_of(look(operator), "notice")

    assert cell.states == states
    assert cell.worst is states[0]
    assert [entry.slug for entry in cell.entries] == ["meadow-notice"]


def test_a_missing_language_stands_beside_the_other_states() -> None:
    operator = make_operator(facts=(make_fact(text=Text({"en": "At once."})),))

    cell = cell_of(look(operator), "notice")

    assert cell.states == (State.UNTRANSLATED, State.CONFIRMED)
    assert cell.entries[0].languages == ("zh-hans",)


def test_an_outdated_translation_counts_as_missing() -> None:
    operator = make_operator(facts=(make_fact(),))
    outdated = {"meadow-notice": frozenset({"zh-hans"})}

    cell = cell_of(look(operator, outdated=outdated), "notice")

    assert cell.states == (State.UNTRANSLATED, State.CONFIRMED)


def test_only_the_languages_asked_for_count() -> None:
    operator = make_operator(facts=(make_fact(text=Text({"en": "At once."})),))

    assert cell_of(look(operator, languages=("en",)), "notice").states == (
        State.CONFIRMED,
    )


def test_a_cell_shows_the_worst_of_its_facts_first() -> None:
    overdue = make_sourcing(checked_on=LONG_AGO)
    operator = make_operator(
        facts=(make_fact(), make_fact(slug="meadow-notice-2", sourcing=overdue))
    )

    cell = cell_of(look(operator), "notice")

    assert cell.states == (State.OVERDUE, State.CONFIRMED)
    assert len(cell.entries) == 2


# Cells without anything


def test_an_expected_topic_without_a_fact_is_unknown() -> None:
    assert cell_of(look(make_operator()), "notice").states == (State.UNKNOWN,)


def test_an_optional_topic_without_a_fact_is_not_expected() -> None:
    found = look(make_operator(), steps=(make_step(topics=("surprise",)),))

    assert cell_of(found, "surprise").states == (State.NOT_EXPECTED,)


def test_another_channel_stands_in_for_an_expected_purpose() -> None:
    steps = (make_step(shows_channels="lost"),)
    operator = make_operator(channels=(make_channel(purpose="cancel"),))

    found = look(operator, steps=steps)

    assert cell_of(found, "cancel").states == (State.CONFIRMED,)
    assert cell_of(found, "lost").states == (State.STAND_IN,)


def test_an_expected_purpose_without_any_channel_is_unknown() -> None:
    steps = (make_step(shows_channels="lost"),)

    found = look(make_operator(), steps=steps)

    assert cell_of(found, "lost").states == (State.UNKNOWN,)


def test_a_purpose_that_no_step_shows_is_not_expected() -> None:
    assert cell_of(look(make_operator()), "cancel").states == (State.NOT_EXPECTED,)


def test_an_unknown_purpose_has_no_stand_in() -> None:
    steps = (make_step(shows_channels="smoke"),)
    operator = make_operator(channels=(make_channel(purpose="cancel"),))

    found = look(operator, steps=steps, purposes=("smoke",))

    assert cell_of(found, "smoke").states == (State.UNKNOWN,)


# Counting


def test_tally_counts_each_state_and_what_is_good() -> None:
    operator = make_operator(
        facts=(make_fact(text=Text({"en": "At once."})),),
        channels=(make_channel(),),
    )

    found = tally(look(operator).all_cells())

    # notice: confirmed, one language missing; surprise and lost: not expected.
    assert (found.good, found.expected) == (1, 2)
    assert found.by_state[State.CONFIRMED] == 2
    assert found.by_state[State.UNTRANSLATED] == 1
    assert found.by_state[State.NOT_EXPECTED] == 2
    assert list(found.by_state) == list(STATES)


def test_tally_of_nothing() -> None:
    found = tally([])

    assert (found.good, found.expected) == (0, 0)


def test_columns_and_rows_stand_in_order() -> None:
    found = coverage(
        make_sound_guide(),
        topics=("porting", "notice"),
        purposes=("cancel",),
        languages=("en",),
        today=TODAY,
        outdated={},
    )

    assert [row.operator.slug for row in found.rows] == ["meadow", "harbour", "orbit"]
    assert [column.code for column in found.columns] == ["porting", "notice", "cancel"]
    assert [cell.worst for cell in found.column_cells(0)] == [
        State.CONFIRMED,
        State.UNKNOWN,
        State.UNKNOWN,
    ]
    assert len(found.all_cells()) == 9


def test_coverage_of_an_empty_guide() -> None:
    found = coverage(
        make_guide(questions=(), steps=()),
        topics=("notice",),
        purposes=(),
        languages=("en",),
        today=TODAY,
        outdated={},
    )

    assert found.rows == ()
    assert found.column_cells(0) == ()


def test_as_data_is_plain_and_whole() -> None:
    (row,) = as_data(look(make_operator(facts=(make_fact(),))))

    assert row == {
        "operator": "meadow",
        "name": "Meadow",
        "kind": "brand",
        "status": "active",
        "topics": {"notice": ["confirmed"], "surprise": ["not-expected"]},
        "purposes": {"cancel": ["not-expected"], "lost": ["not-expected"]},
        "good": 1,
        "expected": 1,
    }
    assert msgspec.json.encode(row)
