"""What a page says first about one operator, and what it leads on to."""

from datetime import date

import msgspec
import pytest

from guide.flow.answers import to_query
from guide.flow.content import (
    FaqEntry,
    Guide,
    Kind,
    Operator,
    Question,
    Sourcing,
    Term,
)
from guide.flow.engine import resolve
from guide.flow.in_short import (
    Short,
    answers_about,
    in_short,
    lines_of,
    questions_about,
    related,
    travel_operators,
    well_known,
)
from tests.flow.factories import (
    CHECKED_ON,
    TODAY,
    make_channel,
    make_choice,
    make_choices,
    make_fact,
    make_faq_entry,
    make_guide,
    make_operator,
    make_question,
    make_sourcing,
)

LINES = ("subscription", "prepaid", "data-only", "pack", "travel-esim")


def an_operator(*, slug: str = "meadow", **other: object) -> Operator:
    return msgspec.structs.replace(make_operator(slug=slug), **other)


def of_line(*codes: str) -> tuple[Term, ...]:
    return (Term("line", codes),)


def guide_of(
    *operators: Operator,
    when: tuple[Term, ...] = (),
    faq: tuple[FaqEntry, ...] = (),
) -> Guide:
    """Make a guide that offers the first operator under *when*, others always."""
    first = operators[0].slug
    questions: tuple[Question, ...] = (
        make_question(choices=make_choices(slugs=("stop", "keep-number"))),
        make_question(slug="line", choices=make_choices(slugs=LINES)),
        make_question(
            slug="operator",
            kind=Kind.OPERATOR,
            choices=(
                make_choice(slug=first, when=when),
                *make_choices(slugs=tuple(o.slug for o in operators[1:])),
                make_choice(slug="other"),
            ),
        ),
        make_question(slug="place", choices=make_choices(slugs=("belgium", "abroad"))),
    )
    return make_guide(questions=questions, operators=operators, faq=faq)


def slugs_of(found: tuple[Operator, ...] | tuple[FaqEntry, ...]) -> list[str]:
    return [one.slug for one in found]


# Lines and answers


@pytest.mark.parametrize(
    ("when", "lines"),
    [
        ((), LINES),
        (of_line("prepaid", "subscription"), ("subscription", "prepaid")),
        ((Term("line", ("pack",), excluding=True),), (*LINES[:3], "travel-esim")),
        ((Term("goal", ("stop",)),), LINES),
    ],
    ids=["always", "some", "all-but-one", "not-about-lines"],
)
def test_lines_are_those_for_which_the_operator_is_offered(
    when: tuple[Term, ...], lines: tuple[str, ...]
) -> None:
    operator = an_operator()

    assert lines_of(guide_of(operator, when=when), operator) == lines


def test_lines_are_none_where_the_guide_asks_for_none() -> None:
    assert lines_of(make_guide(), an_operator()) == ()


def test_lines_are_all_where_the_guide_does_not_ask_for_operators() -> None:
    guide = make_guide(
        questions=(make_question(slug="line", choices=make_choices(slugs=LINES)),)
    )

    assert lines_of(guide, an_operator()) == LINES


@pytest.mark.parametrize(
    ("when", "query"),
    [
        ((), "operator=meadow"),
        (of_line("prepaid", "pack"), "operator=meadow"),
        (of_line("travel-esim"), "line=travel-esim&operator=meadow"),
        ((Term("line", ("pack",), excluding=True),), "operator=meadow"),
        (
            (*of_line("prepaid"), Term("goal", ("stop",))),
            "goal=stop&line=prepaid&operator=meadow",
        ),
    ],
    ids=["always", "several", "only-one", "all-but-one", "two-questions"],
)
def test_answers_about_an_operator_are_those_without_which_it_is_not_offered(
    when: tuple[Term, ...], query: str
) -> None:
    operator = an_operator()
    guide = guide_of(operator, when=when)

    answers = answers_about(guide, operator)
    position = resolve(guide, answers, TODAY)

    assert to_query(answers) == query
    assert position.answers == answers
    assert position.dropped == ()


def test_answers_about_an_operator_are_none_where_nobody_asks_for_it() -> None:
    assert answers_about(make_guide(), an_operator()) == {}


# In short


def test_in_short_tells_a_contract_from_a_prepaid_card() -> None:
    operator = an_operator(
        channels=(
            make_channel(slug="refund-form", purpose="refund"),
            make_channel(slug="shop", when=of_line("prepaid")),
            make_channel(slug="site", when=of_line("subscription")),
        ),
        facts=(
            make_fact(slug="ends", topic="effective"),
            make_fact(slug="fees", topic="costs"),
            make_fact(slug="first", topic="notice", when=of_line("subscription")),
            make_fact(slug="second", topic="notice"),
            make_fact(slug="lapse", topic="prepaid-expiry"),
            make_fact(slug="stop", topic="prepaid-stop", when=of_line("prepaid")),
        ),
    )
    guide = guide_of(operator, when=of_line("subscription", "prepaid"))

    contract, prepaid = in_short(guide, operator)

    assert contract.line == "subscription"
    assert contract.is_contract
    assert contract.channel is operator.channels[2]
    assert [fact.slug for fact in contract.facts] == ["first", "ends"]
    assert prepaid.line == "prepaid"
    assert prepaid.channel is None
    assert [fact.slug for fact in prepaid.facts] == ["stop"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("pack",), ["pack"]),
        (("pack", "prepaid"), ["pack", "prepaid"]),
        (("data-only", "prepaid"), ["prepaid"]),
        (("data-only",), ["data-only"]),
    ],
    ids=["pack", "pack-and-prepaid", "prepaid", "neither"],
)
def test_in_short_has_an_entry_for_each_way_in_which_lines_end(
    lines: tuple[str, ...], expected: list[str]
) -> None:
    operator = an_operator()
    guide = guide_of(operator, when=of_line(*lines))

    assert [short.line for short in in_short(guide, operator)] == expected


def test_in_short_has_an_entry_where_the_guide_tells_no_lines_apart() -> None:
    operator = an_operator(facts=(make_fact(),))

    (short,) = in_short(make_guide(operators=(operator,)), operator)

    assert short.line == ""
    assert not short.is_contract
    assert short.facts == operator.facts


def test_in_short_of_a_prepaid_card_names_a_way_where_no_fact_is_known() -> None:
    operator = an_operator(channels=(make_channel(),))
    guide = guide_of(operator, when=of_line("prepaid"))

    (short,) = in_short(guide, operator)

    assert short.channel is operator.channels[0]
    assert short.facts == ()


@pytest.mark.parametrize("kind", ["travel-esim", "roaming-pack"])
def test_in_short_of_a_travel_esim_is_about_its_renewal(kind: str) -> None:
    operator = an_operator(
        kind=kind,
        channels=(
            make_channel(slug="cancel-in-app"),
            make_channel(slug="renewal-off", purpose="renewal"),
        ),
        facts=(make_fact(), make_fact(slug="renews", topic="renewal")),
    )
    guide = guide_of(operator, when=of_line("travel-esim"))

    (short,) = in_short(guide, operator)

    assert short.is_travel
    assert short.channel is operator.channels[1]
    assert [fact.slug for fact in short.facts] == ["renews"]


@pytest.mark.parametrize(
    ("purpose", "is_found"), [("contact", True), ("privacy", False)]
)
def test_in_short_falls_back_on_other_ways_to_reach_an_operator(
    purpose: str, is_found: bool
) -> None:
    operator = an_operator(channels=(make_channel(purpose=purpose),))
    guide = guide_of(operator, when=of_line("subscription"))

    (short,) = in_short(guide, operator)

    assert (short.channel is not None) is is_found


def test_in_short_says_nothing_that_holds_for_special_cases_only() -> None:
    special = (Term("goal", ("keep-number",)),)
    operator = an_operator(
        channels=(make_channel(when=(Term("place", ("abroad",)),)),),
        facts=(make_fact(when=special), make_fact(topic="effective", when=special)),
    )
    guide = guide_of(operator, when=of_line("subscription"))

    assert in_short(guide, operator) == (Short("subscription", None, ()),)


# Sourcing


def test_sourcing_is_as_fresh_as_the_stalest_part() -> None:
    fresh = make_sourcing(sources=("a", "b"), review_days=400)
    stale = make_sourcing(sources=("b", "c"), review_days=30)
    short = Short("", make_channel(sourcing=fresh), (make_fact(sourcing=stale),))

    assert short.sourcing == Sourcing(("a", "b", "c"), CHECKED_ON, 30)


def test_sourcing_without_a_date_is_the_stalest() -> None:
    undated = make_sourcing(sources=("a",), checked_on=None)
    old = make_sourcing(sources=("b",), checked_on=date(2001, 1, 1))
    short = Short("", None, (make_fact(sourcing=old), make_fact(sourcing=undated)))

    assert short.sourcing.checked_on is None
    assert short.sourcing.sources == ("b", "a")


def test_sourcing_of_nothing_is_empty() -> None:
    assert Short("", None, ()).sourcing == Sourcing()


# What pages lead on to

NETWORK = an_operator(slug="harbour", kind="network", network="Harbour")
BRAND = an_operator(slug="meadow", kind="brand", network="Harbour")
SMALL = an_operator(slug="lane", kind="mvno", network="Harbour")
GONE = an_operator(slug="past", kind="mvno", network="Harbour", status="closed")
ELSEWHERE = an_operator(slug="hill", kind="brand", network="Hill")
NOWHERE = an_operator(slug="field", kind="mvno")
TRIP = an_operator(slug="trip", kind="travel-esim", network="various")
PACK = an_operator(slug="roam", kind="roaming-pack", network="various")
ALL = (SMALL, TRIP, BRAND, GONE, NETWORK, ELSEWHERE, NOWHERE, PACK)


def test_well_known_are_networks_first_and_nobody_who_is_closed() -> None:
    found = well_known(make_guide(operators=ALL))

    assert slugs_of(found) == ["harbour", "meadow", "hill", "lane", "field"]


def test_travel_operators_are_those_in_business() -> None:
    closed = msgspec.structs.replace(TRIP, slug="trek", status="closed")

    found = travel_operators(make_guide(operators=(*ALL, closed)))

    assert slugs_of(found) == ["trip", "roam"]


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        (NETWORK, ["lane", "meadow", "past"]),
        (BRAND, ["lane", "past", "harbour"]),
        (ELSEWHERE, []),
        (NOWHERE, []),
        (TRIP, ["roam"]),
        (PACK, ["trip"]),
    ],
    ids=lambda value: value.slug if isinstance(value, Operator) else "",
)
def test_related_are_those_on_the_same_network_or_of_the_same_kind(
    operator: Operator, expected: list[str]
) -> None:
    assert slugs_of(related(make_guide(operators=ALL), operator)) == expected


@pytest.mark.parametrize(
    ("when", "concerns"),
    [
        ((), True),
        (of_line("prepaid"), True),
        (of_line("subscription"), False),
        ((Term("line", ("prepaid", "pack"), excluding=True),), False),
        ((Term("operator", ("meadow",)),), True),
        ((Term("operator", ("harbour",)),), False),
        ((Term("operator", ("meadow",), excluding=True),), False),
        ((Term("goal", ("lost",)),), True),
        ((*of_line("prepaid"), Term("operator", ("harbour",))), False),
    ],
)
def test_questions_about_an_operator_follow_their_conditions(
    when: tuple[Term, ...], concerns: bool
) -> None:
    operator = an_operator()
    faq = (make_faq_entry(when=when),)
    guide = guide_of(operator, when=of_line("prepaid", "pack"), faq=faq)

    assert (questions_about(guide, operator) == faq) is concerns


def test_questions_about_an_operator_begin_with_the_particular_ones() -> None:
    operator = an_operator()
    faq = (
        make_faq_entry(slug="general"),
        make_faq_entry(slug="particular", when=of_line("pack")),
        make_faq_entry(slug="general-too"),
    )

    found = questions_about(guide_of(operator, faq=faq), operator)

    assert slugs_of(found) == ["particular", "general", "general-too"]


def test_questions_concern_nobody_at_a_closed_operator() -> None:
    operator = an_operator(status="closed")

    assert questions_about(guide_of(operator, faq=(make_faq_entry(),)), operator) == ()
