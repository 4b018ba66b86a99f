"""Answers are replayed on every request, and lead to a question or a checklist."""

import subprocess
import sys
from datetime import date, timedelta

import pytest

from guide.flow.answers import Answers
from guide.flow.content import (
    Channel,
    Guide,
    Kind,
    Operator,
    Phase,
    Role,
    Step,
    Term,
)
from guide.flow.engine import (
    FALLBACK_PURPOSES,
    FUTURE_DAYS,
    LOGIN_KINDS,
    OPTIONAL_TOPICS,
    PAST_DAYS,
    WRITTEN_KINDS,
    Checklist,
    ChecklistPhase,
    ChecklistStep,
    Dropped,
    Position,
    Reason,
    calendar,
    checklist,
    in_order,
    resolve,
)
from guide.flow.schedule import Due
from tests.flow.factories import (
    TODAY,
    make_channel,
    make_choice,
    make_choices,
    make_fact,
    make_guide,
    make_letter,
    make_operator,
    make_operator_guide,
    make_question,
    make_sound_guide,
    make_step,
    make_text,
)

COMPLETE = {
    "goal": ("stop",),
    "line": ("subscription",),
    "operator": ("meadow",),
    "card": ("esim",),
    "phone": ("iphone",),
    "situation": ("discounted-phone", "direct-debit"),
    "linked": ("bank",),
    "place": ("belgium",),
    "end": ("2027-03-01",),
}


def resolved(answers: Answers) -> Position:
    return resolve(make_sound_guide(), answers, TODAY)


def listed(answers: Answers) -> Checklist:
    guide = make_sound_guide()
    return checklist(guide, resolve(guide, answers, TODAY), TODAY)


def item(slug: str, answers: Answers) -> ChecklistStep:
    return next(s for s in listed(answers).steps if s.step.slug == slug)


def slugs(items: tuple) -> list[str]:
    return [item.slug for item in items]


def test_flow_loads_no_django() -> None:
    script = (
        "import sys, guide.flow.engine, guide.flow.audit; "
        "print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    )

    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == "[]"


# Where a visitor stands


def test_resolve_nothing_opens_the_first_question() -> None:
    position = resolved({})

    assert position.question is not None
    assert position.question.slug == "goal"
    assert slugs(position.choices) == ["stop", "keep-number", "lost"]
    assert position.answers == {}
    assert position.known == {}
    assert position.answered == ()
    assert position.dropped == ()
    assert position.number == 1
    assert position.at_most == 9
    assert position.ends_on is None
    assert position.chosen("goal") == ()


def test_resolve_complete_answers() -> None:
    position = resolved(COMPLETE)

    assert position.question is None
    assert position.choices == ()
    assert position.answers == COMPLETE
    assert list(position.answers) == list(COMPLETE)
    assert position.known == COMPLETE
    assert position.dropped == ()
    assert position.number == 9
    assert position.at_most == 9
    assert position.ends_on == date(2027, 3, 1)
    assert position.chosen("situation") == ("discounted-phone", "direct-debit")


def test_resolve_names_the_choices_of_each_answer() -> None:
    answered = {a.question.slug: a for a in resolved(COMPLETE).answered}

    assert list(answered) == list(COMPLETE)
    assert slugs(answered["situation"].choices) == ["discounted-phone", "direct-debit"]
    assert answered["situation"].day is None
    assert answered["end"].choices == ()
    assert answered["end"].day == date(2027, 3, 1)


def test_resolve_without_questions_is_complete() -> None:
    position = resolve(make_guide(questions=()), {"goal": ("stop",)}, TODAY)

    assert position.question is None
    assert position.number == 0
    assert position.at_most == 0


def test_resolve_puts_answers_in_the_order_of_questions() -> None:
    backwards = dict(reversed(COMPLETE.items()))

    position = resolved(backwards)

    assert list(position.answers) == list(COMPLETE)


def test_resolve_puts_many_codes_in_the_order_of_choices() -> None:
    position = resolved({**COMPLETE, "situation": ("direct-debit", "discounted-phone")})

    assert position.answers["situation"] == ("discounted-phone", "direct-debit")
    assert position.dropped == ()


def test_resolve_leaves_out_foreign_parameters() -> None:
    position = resolved({**COMPLETE, "weather": ("rain",), "": ("x",)})

    assert position.answers == COMPLETE
    assert position.dropped == ()


def test_resolve_asks_only_what_is_missing() -> None:
    position = resolved({**COMPLETE, "phone": ()})

    assert position.question is not None
    assert position.question.slug == "phone"
    assert position.number == 5
    assert position.at_most == 9


def test_resolve_keeps_answers_behind_the_open_question() -> None:
    position = resolved({"end": ("2027-03-01",), "line": ("prepaid",)})

    assert position.question is not None
    assert position.question.slug == "goal"
    assert position.answers == {"line": ("prepaid",), "end": ("2027-03-01",)}
    assert position.known == {}
    assert position.answered == ()


def test_resolve_keeps_no_impossible_codes_behind_the_open_question() -> None:
    position = resolved({"line": ("teapot", "sim-only"), "end": ("soon", "skip")})

    assert position.answers == {"line": ("subscription",), "end": ("skip",)}


@pytest.mark.parametrize(
    ("question", "given", "kept"),
    [
        pytest.param("line", ("teapot",), (), id="alone"),
        pytest.param("line", ("teapot", "prepaid"), ("prepaid",), id="beside-one"),
        pytest.param("end", ("soon",), (), id="no-day"),
    ],
)
def test_resolve_names_unknown_codes_behind_the_open_question(
    question: str, given: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    position = resolved({question: given})

    assert position.answers.get(question, ()) == kept
    assert position.dropped == (Dropped(question, Reason.UNKNOWN),)


def test_resolve_skips_what_is_not_asked() -> None:
    position = resolved({**COMPLETE, "goal": ("keep-number",), "card": ("physical",)})

    assert position.question is None
    assert "linked" not in position.answers
    assert "phone" not in position.answers
    assert position.dropped == (
        Dropped("phone", Reason.IMPOSSIBLE),
        Dropped("linked", Reason.IMPOSSIBLE),
    )


@pytest.mark.parametrize(
    ("answers", "question", "implied"),
    [
        pytest.param({"line": ("data-only",)}, "operator", "orbit", id="operator"),
        pytest.param(
            {"line": ("prepaid",), "operator": ("harbour",)},
            "card",
            "physical",
            id="card",
        ),
        pytest.param({"line": ("data-only",)}, "situation", "none", id="many"),
    ],
)
def test_resolve_implies_the_only_possible_answer(
    answers: dict[str, tuple[str, ...]], question: str, implied: str
) -> None:
    given = {**COMPLETE, **answers}

    without = resolved({**given, question: ()})
    agreeing = resolved({**given, question: (implied,)})
    differing = resolved({**given, question: ("teapot",)})

    for position in (without, agreeing, differing):
        assert position.chosen(question) == (implied,)
        assert question not in position.answers
        assert question not in [a.question.slug for a in position.answered]
    assert Dropped(question, Reason.IMPOSSIBLE) not in without.dropped
    assert Dropped(question, Reason.IMPOSSIBLE) not in agreeing.dropped
    assert Dropped(question, Reason.IMPOSSIBLE) in differing.dropped


def test_resolve_asks_for_a_day_even_with_one_choice_beside_it() -> None:
    position = resolved({**COMPLETE, "line": ("prepaid",), "end": ()})

    assert position.question is not None
    assert position.question.slug == "end"
    assert slugs(position.choices) == ["skip"]


def test_resolve_asks_for_a_day_without_any_choice() -> None:
    guide = make_guide(questions=(make_question(kind=Kind.DATE, choices=()),))

    position = resolve(guide, {"goal": ("2027-02-01",)}, TODAY)

    assert position.question is None
    assert position.ends_on == date(2027, 2, 1)


def test_resolve_skips_a_question_without_a_possible_choice() -> None:
    nobody = make_choice(slug="nobody", when=(Term("goal", ("dance",)),))
    guide = make_guide(
        questions=(make_question(), make_question(slug="line", choices=(nobody,)))
    )

    position = resolve(guide, {"goal": ("stop",), "line": ("nobody",)}, TODAY)

    assert position.question is None
    assert position.dropped == (Dropped("line", Reason.IMPOSSIBLE),)


def test_resolve_says_nothing_of_what_was_neither_asked_nor_given() -> None:
    given = {**COMPLETE, "goal": ("lost",), "card": ("physical",)}
    del given["phone"], given["end"]

    position = resolved(given)

    assert position.question is None
    assert position.answers == given
    assert position.dropped == ()


# Each way in which an answer is refused: question, codes, codes used, reasons.
REFUSALS = [
    pytest.param("goal", ("dance",), (), [Reason.UNKNOWN], id="unknown"),
    pytest.param(
        "goal", ("dance", "stop"), ("stop",), [Reason.UNKNOWN], id="unknown-beside-one"
    ),
    pytest.param("goal", ("dance", "fly"), (), [Reason.UNKNOWN], id="two-unknown-once"),
    pytest.param("operator", ("harbour",), (), [Reason.IMPOSSIBLE], id="impossible"),
    pytest.param(
        "situation",
        ("credit-left", "direct-debit"),
        ("direct-debit",),
        [Reason.IMPOSSIBLE],
        id="one-of-many-impossible",
    ),
    pytest.param(
        "situation",
        ("credit-left", "none"),
        ("none",),
        [Reason.IMPOSSIBLE],
        id="none-beside-an-impossible-one",
    ),
    pytest.param(
        "goal", ("stop", "lost"), ("stop",), [Reason.REPEATED], id="repeated-first-wins"
    ),
    pytest.param(
        "goal",
        ("dance", "stop", "lost"),
        ("stop",),
        [Reason.UNKNOWN, Reason.REPEATED],
        id="unknown-and-repeated",
    ),
    pytest.param(
        "end",
        ("2027-02-01", "2027-02-02"),
        ("2027-02-01",),
        [Reason.REPEATED],
        id="two-days",
    ),
    pytest.param(
        "end", ("skip", "2027-02-02"), ("skip",), [Reason.REPEATED], id="skip-and-a-day"
    ),
    pytest.param(
        "linked",
        ("none", "bank"),
        ("bank",),
        [Reason.EXCLUSIVE],
        id="none-beside-one",
    ),
    pytest.param(
        "linked",
        ("messenger", "none", "bank"),
        ("bank", "messenger"),
        [Reason.EXCLUSIVE],
        id="none-beside-two",
    ),
    pytest.param("end", ("soon",), (), [Reason.NOT_A_DATE], id="not-a-date"),
    pytest.param("end", ("2027-02-30",), (), [Reason.NOT_A_DATE], id="no-such-day"),
    pytest.param("end", ("2026-01-13",), (), [Reason.PAST], id="past"),
    pytest.param("end", ("0001-01-01",), (), [Reason.PAST], id="first-day-of-all"),
    pytest.param("end", ("2030-01-18",), (), [Reason.FAR], id="far"),
    pytest.param("end", ("9999-12-31",), (), [Reason.FAR], id="last-day-of-all"),
    pytest.param(
        "end",
        ("2026-01-13", "2027-02-01"),
        ("2027-02-01",),
        [Reason.PAST],
        id="past-beside-a-good-day",
    ),
    pytest.param(
        "line", ("sim-only",), ("subscription",), [Reason.REPLACED], id="replaced"
    ),
    pytest.param(
        "line",
        ("sim-only", "subscription"),
        ("subscription",),
        [Reason.REPLACED],
        id="replaced-beside-its-replacement",
    ),
    pytest.param(
        "line",
        ("prepaid", "sim-only"),
        ("prepaid",),
        [Reason.REPLACED, Reason.REPEATED],
        id="replaced-beside-another",
    ),
]


@pytest.mark.parametrize(("question", "given", "used", "reasons"), REFUSALS)
def test_resolve_refuses(
    question: str,
    given: tuple[str, ...],
    used: tuple[str, ...],
    reasons: list[Reason],
) -> None:
    position = resolved({**COMPLETE, question: given})

    about_it = [d.reason for d in position.dropped if d.question == question]
    assert about_it == reasons
    assert position.answers.get(question, ()) == used
    assert position.chosen(question) == used
    if not used:
        assert position.question is not None
        assert position.question.slug == question


def test_refusals_name_every_reason() -> None:
    named = {reason for refusal in REFUSALS for reason in refusal.values[3]}

    # Only who reads a form knows that nothing was chosen in it.
    assert named == set(Reason) - {Reason.MISSING}


@pytest.mark.parametrize(
    ("question", "code"),
    [
        pytest.param("line", "sim-only", id="behind-the-open-question"),
        pytest.param("goal", "cancel", id="in-the-open-question"),
    ],
)
def test_resolve_names_a_replaced_code(question: str, code: str) -> None:
    guide = make_guide(
        questions=(
            make_question(replacements=(("cancel", "stop"),)),
            make_question(
                slug="line",
                choices=make_choices(slugs=("subscription", "prepaid")),
                replacements=(("sim-only", "subscription"),),
            ),
        )
    )

    position = resolve(guide, {question: (code,)}, TODAY)

    assert position.dropped == (Dropped(question, Reason.REPLACED),)
    assert code not in position.answers[question]


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(TODAY - timedelta(days=PAST_DAYS), id="first"),
        pytest.param(TODAY, id="today"),
        pytest.param(TODAY + timedelta(days=FUTURE_DAYS), id="last"),
    ],
)
def test_resolve_takes_a_day_of_use(day: date) -> None:
    position = resolved({**COMPLETE, "end": (day.isoformat(),)})

    assert position.question is None
    assert position.dropped == ()
    assert position.ends_on == day


def test_resolve_takes_a_choice_in_place_of_a_day() -> None:
    position = resolved({**COMPLETE, "end": ("contract-end",)})

    assert position.question is None
    assert position.ends_on is None
    assert slugs(position.answered[-1].choices) == ["contract-end"]


def test_resolve_takes_one_of_two_exclusive_choices() -> None:
    guide = make_guide(
        questions=(
            make_question(
                kind=Kind.MANY,
                choices=(
                    make_choice(slug="bank"),
                    make_choice(slug="none", exclusive=True),
                    make_choice(slug="unsure", exclusive=True),
                ),
            ),
        )
    )

    position = resolve(guide, {"goal": ("unsure", "none")}, TODAY)

    assert position.answers == {"goal": ("unsure",)}
    assert position.dropped == (Dropped("goal", Reason.EXCLUSIVE),)


# The checklist


def test_checklist_of_a_complete_case() -> None:
    made = listed(COMPLETE)

    assert made.operator is not None
    assert made.operator.slug == "meadow"
    assert made.ends_on == date(2027, 3, 1)
    assert {p.phase: [s.step.slug for s in p.steps] for p in made.phases} == {
        Phase.KNOW: ["know-the-notice"],
        Phase.BEFORE: ["unlink-accounts"],
        Phase.CANCEL: ["send-cancellation"],
        Phase.AFTER: [
            "await-confirmation",
            "erase-the-profile",
            "stop-the-direct-debit",
        ],
        Phase.WRONG: ["complain"],
    }
    assert [phase.phase for phase in made.phases] == list(Phase)


def test_checklist_leaves_out_phases_without_a_step() -> None:
    guide = make_guide()

    made = checklist(guide, resolve(guide, {}, TODAY), TODAY)

    assert [phase.phase for phase in made.phases] == [Phase.CANCEL]


def test_checklist_numbers_what_is_to_be_done() -> None:
    made = listed(COMPLETE)

    numbers = [step.number for step in made.steps]

    assert numbers == [None, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("roles", "numbers"),
    [
        pytest.param("unlink unlink cancel", [(1, 1), (1, 2), (2, None)], id="two"),
        pytest.param("unlink cancel", [(1, None), (2, None)], id="one"),
        pytest.param(
            "unlink confirm unlink unlink",
            [(1, None), (2, None), (3, 1), (3, 2)],
            id="another-step-between",
        ),
        pytest.param("cancel cancel", [(1, None), (2, None)], id="no-accounts"),
    ],
)
def test_checklist_makes_accounts_parts_of_one_step(
    roles: str, numbers: list[tuple[int, int | None]]
) -> None:
    guide = make_guide(
        steps=tuple(
            make_step(slug=f"step-{place}", role=Role(role))
            for place, role in enumerate(roles.split())
        )
    )

    made = checklist(guide, resolve(guide, {}, TODAY), TODAY)

    assert [(step.number, step.part) for step in made.steps] == numbers


def test_checklist_keeps_accounts_of_other_phases_and_weights_apart() -> None:
    kinds = ((True, Phase.BEFORE), (False, Phase.BEFORE), (False, Phase.AFTER))
    guide = make_guide(
        steps=tuple(
            make_step(slug=f"account-{place}", role=Role.UNLINK, must=must, phase=phase)
            for place, (must, phase) in enumerate(kinds)
        )
    )

    made = checklist(guide, resolve(guide, {}, TODAY), TODAY)

    assert [(s.number, s.part) for s in made.steps] == [(1, None), (2, None), (3, None)]


def test_checklist_names_a_step_of_several_parts_once() -> None:
    guide = make_guide(
        steps=(
            make_step(slug="bank", role=Role.UNLINK, phase=Phase.BEFORE),
            make_step(slug="wechat", role=Role.UNLINK, phase=Phase.BEFORE),
            make_step(role=Role.CANCEL, requires=("bank", "wechat")),
        )
    )

    made = checklist(guide, resolve(guide, {}, TODAY), TODAY)

    assert made.steps[-1].first == (1,)


def test_checklist_names_the_steps_that_come_first() -> None:
    assert item("erase-the-profile", COMPLETE).first == (3,)
    assert item("send-cancellation", COMPLETE).first == ()


def test_checklist_names_as_first_only_numbered_steps_on_the_list() -> None:
    guide = make_guide(
        steps=(
            make_step(slug="know-the-notice", phase=Phase.KNOW),
            make_step(
                slug="spend-the-credit",
                phase=Phase.BEFORE,
                when=(Term("goal", ("lost",)),),
            ),
            make_step(slug="unlink-accounts", phase=Phase.BEFORE),
            make_step(slug="choose-a-day", phase=Phase.BEFORE),
            make_step(
                requires=(
                    "choose-a-day",
                    "know-the-notice",
                    "unlink-accounts",
                    "spend-the-credit",
                    "nowhere",
                )
            ),
        )
    )

    made = checklist(guide, resolve(guide, {"goal": ("stop",)}, TODAY), TODAY)

    assert made.steps[-1].step.slug == "send-cancellation"
    assert made.steps[-1].number == 3
    assert made.steps[-1].first == (1, 2)


@pytest.mark.parametrize(
    "operator",
    [
        pytest.param("other", id="no-operator-of-the-guide"),
        pytest.param("", id="not-answered"),
    ],
)
def test_checklist_without_an_operator(operator: str) -> None:
    made = listed({**COMPLETE, "operator": (operator,) if operator else ()})

    assert made.operator is None
    assert all(step.topics == () for step in made.steps)
    assert all(step.channels == () for step in made.steps)
    assert not any(step.channels_are_general for step in made.steps)


@pytest.mark.parametrize(
    ("slug", "end", "due"),
    [
        pytest.param(
            "unlink-accounts",
            ("2027-03-01",),
            Due(days=-7, on=date(2027, 2, 22)),
            id="before-the-day",
        ),
        pytest.param(
            "await-confirmation",
            ("2027-03-01",),
            Due(days=10, on=date(2027, 3, 11)),
            id="after-the-day",
        ),
        pytest.param(
            "unlink-accounts",
            ("2027-01-20",),
            Due(days=-7, on=date(2027, 1, 13), is_late=True),
            id="late",
        ),
        pytest.param("unlink-accounts", ("skip",), Due(days=-7), id="skipped"),
        pytest.param("unlink-accounts", (), None, id="not-answered"),
        pytest.param("complain", ("2027-03-01",), None, id="a-step-without-a-day"),
    ],
)
def test_checklist_due(slug: str, end: tuple[str, ...], due: Due | None) -> None:
    assert item(slug, {**COMPLETE, "end": end}).due == due


def test_checklist_has_no_dates_where_no_day_is_asked() -> None:
    made = listed({**COMPLETE, "goal": ("lost",)})

    assert made.ends_on is None
    assert all(step.due is None for step in made.steps)


def test_checklist_gives_the_reasons_of_a_step() -> None:
    reasons = item("stop-the-direct-debit", COMPLETE).reasons

    assert [reason.question.slug for reason in reasons] == ["situation"]
    assert slugs(reasons[0].choices) == ["direct-debit"]


@pytest.mark.parametrize(
    ("when", "answers", "questions"),
    [
        pytest.param((), {"goal": ("stop",)}, [], id="always-there"),
        pytest.param(
            (Term("goal", ("lost",), excluding=True),),
            {"goal": ("stop",)},
            [],
            id="only-an-exception",
        ),
        pytest.param(
            (
                Term("operator", ("meadow", "other")),
                Term("operator", ("other",), excluding=True),
            ),
            {"goal": ("stop",), "operator": ("meadow",)},
            ["operator"],
            id="listed-with-an-exception",
        ),
        pytest.param(
            (Term("place", ("abroad",)), Term("goal", ("stop",))),
            {"goal": ("stop",), "operator": ("meadow",), "place": ("abroad",)},
            ["goal", "place"],
            id="in-the-order-of-questions",
        ),
    ],
)
def test_checklist_reasons(
    when: tuple[Term, ...], answers: dict[str, tuple[str, ...]], questions: list[str]
) -> None:
    guide = make_operator_guide(step=make_step(when=when))

    made = checklist(guide, resolve(guide, answers, TODAY), TODAY)

    reasons = made.steps[0].reasons
    assert [reason.question.slug for reason in reasons] == questions


def test_checklist_gives_no_implied_answer_as_reason() -> None:
    guide = make_guide(
        questions=(make_question(choices=make_choices(slugs=("stop",))),),
        steps=(make_step(when=(Term("goal", ("stop",)),)),),
    )

    made = checklist(guide, resolve(guide, {}, TODAY), TODAY)

    assert made.steps[0].reasons == ()


# Facts of the operator


@pytest.mark.parametrize(
    ("slug", "answers", "topics"),
    [
        pytest.param(
            "know-the-notice", {}, [("notice", ["meadow-notice"])], id="known"
        ),
        pytest.param(
            "know-the-notice",
            {"line": ("prepaid",), "operator": ("harbour",), "situation": ("none",)},
            [("notice", [])],
            id="unknown-shows-as-unknown",
        ),
        pytest.param(
            "send-cancellation",
            {},
            [("notice", ["meadow-notice"])],
            id="no-surprise-is-no-gap",
        ),
        pytest.param(
            "port-number",
            {"goal": ("keep-number",)},
            [("porting", ["meadow-porting"])],
            id="fact-with-a-condition",
        ),
        pytest.param("complain", {}, [], id="step-without-topics"),
    ],
)
def test_checklist_topics(
    slug: str,
    answers: dict[str, tuple[str, ...]],
    topics: list[tuple[str, list[str]]],
) -> None:
    found = item(slug, {**COMPLETE, **answers}).topics

    assert [(topic.topic, slugs(topic.facts)) for topic in found] == topics


@pytest.mark.parametrize("topic", sorted(OPTIONAL_TOPICS))
def test_checklist_shows_an_optional_topic_that_is_known(topic: str) -> None:
    fact = make_fact(slug="meadow-extra", topic=topic)
    guide = make_operator_guide(
        step=make_step(topics=(topic,)), operator=make_operator(facts=(fact,))
    )
    position = resolve(guide, {"goal": ("stop",), "operator": ("meadow",)}, TODAY)

    made = checklist(guide, position, TODAY)

    assert made.steps[0].topics[0].facts == (fact,)


def test_checklist_leaves_out_facts_whose_condition_fails() -> None:
    fact = make_fact(when=(Term("goal", ("lost",)),))
    guide = make_operator_guide(
        step=make_step(topics=("notice",)), operator=make_operator(facts=(fact,))
    )
    position = resolve(guide, {"goal": ("stop",), "operator": ("meadow",)}, TODAY)

    made = checklist(guide, position, TODAY)

    assert [topic.facts for topic in made.steps[0].topics] == [()]


# Channels of the operator


def channels_for(
    *,
    purpose: str,
    channels: tuple[Channel, ...],
    goal: str = "stop",
    place: str = "belgium",
    letters: tuple[str, ...] = (),
) -> ChecklistStep:
    guide = make_operator_guide(
        step=make_step(role=Role.CANCEL, shows_channels=purpose, letters=letters),
        operator=make_operator(channels=channels),
    )
    answers = {"goal": (goal,), "operator": ("meadow",), "place": (place,)}
    return checklist(guide, resolve(guide, answers, TODAY), TODAY).steps[0]


ABROAD_AND_SIM = tuple(
    make_channel(slug=f"{abroad}-{sim}", works_abroad=abroad, works_without_sim=sim)
    for abroad in (False, None, True)
    for sim in (False, None, True)
)


@pytest.mark.parametrize(
    ("goal", "place", "order"),
    [
        pytest.param(
            "stop",
            "belgium",
            "False-False False-None False-True None-False None-None None-True "
            "True-False True-None True-True",
            id="at-home-as-editors-put-them",
        ),
        pytest.param(
            "stop",
            "abroad",
            "True-False True-None True-True None-False None-None None-True "
            "False-False False-None False-True",
            id="abroad",
        ),
        pytest.param(
            "lost",
            "belgium",
            "False-True None-True True-True False-None None-None True-None "
            "False-False None-False True-False",
            id="without-the-card",
        ),
        pytest.param(
            "lost",
            "abroad",
            "True-True True-None True-False None-True None-None None-False "
            "False-True False-None False-False",
            id="abroad-without-the-card",
        ),
    ],
)
def test_channels_best_first(goal: str, place: str, order: str) -> None:
    step = channels_for(
        purpose="cancel", channels=ABROAD_AND_SIM, goal=goal, place=place
    )

    assert slugs(step.channels) == order.split()
    assert not step.channels_are_general


@pytest.mark.parametrize("kind", sorted(WRITTEN_KINDS))
@pytest.mark.parametrize(
    ("purpose", "order"),
    [
        pytest.param("lost", ["quick", "slow"], id="lost"),
        pytest.param("cancel", ["slow", "quick"], id="cancel"),
    ],
)
def test_channels_slow_ones_last_for_a_lost_card(
    kind: str, purpose: str, order: list[str]
) -> None:
    channels = (
        make_channel(slug="slow", purpose=purpose, kind=kind, works_without_sim=True),
        make_channel(
            slug="quick", purpose=purpose, kind="phone", works_without_sim=True
        ),
    )

    step = channels_for(purpose=purpose, channels=channels, goal="lost")

    assert slugs(step.channels) == order


@pytest.mark.parametrize("kind", sorted(LOGIN_KINDS))
@pytest.mark.parametrize(
    ("goal", "order"),
    [
        pytest.param("deceased", ["letter", "login"], id="heirs"),
        pytest.param("stop", ["login", "letter"], id="holder"),
    ],
)
def test_channels_without_a_login_first_for_heirs(
    kind: str, goal: str, order: list[str]
) -> None:
    channels = (
        make_channel(slug="login", purpose="cancel", kind=kind),
        make_channel(slug="letter", purpose="cancel", kind="post"),
    )

    step = channels_for(purpose="cancel", channels=channels, goal=goal)

    assert slugs(step.channels) == order


@pytest.mark.parametrize("kind", sorted(WRITTEN_KINDS))
@pytest.mark.parametrize(
    ("letters", "order"),
    [
        pytest.param(("request",), ["written", "phone", "app"], id="to-be-written"),
        pytest.param((), ["phone", "app", "written"], id="any-way"),
    ],
)
def test_channels_for_a_letter_are_written_ones(
    kind: str, letters: tuple[str, ...], order: list[str]
) -> None:
    channels = (
        make_channel(slug="phone", kind="phone"),
        make_channel(slug="app", kind="app"),
        make_channel(slug="written", kind=kind),
    )

    step = channels_for(purpose="cancel", channels=channels, letters=letters)

    assert slugs(step.channels) == order
    assert not step.channels_are_general


@pytest.mark.parametrize(
    ("works_abroad", "order"),
    [(False, ["phone", "post"]), (None, ["post", "phone"]), (True, ["post", "phone"])],
)
def test_channels_for_a_letter_are_written_ones_unless_they_fail(
    works_abroad: bool | None, order: list[str]
) -> None:
    channels = (
        make_channel(slug="phone", kind="phone", works_abroad=True),
        make_channel(slug="post", kind="post", works_abroad=works_abroad),
    )

    step = channels_for(
        purpose="cancel", channels=channels, place="abroad", letters=("request",)
    )

    assert slugs(step.channels) == order


@pytest.mark.parametrize(
    ("letters", "own", "others", "order"),
    [
        pytest.param(
            *(("request",), "phone", (("contact", "chat"), ("cancel", "post"))),
            ["cancel-post", "own"],
            id="written-one-of-the-next",
        ),
        pytest.param(
            *(("request",), "shop", (("contact", "email"), ("cancel", "post"))),
            ["contact-email", "own"],
            id="first-written-one",
        ),
        pytest.param(
            *(("request",), "phone", (("contact", "chat"), ("cancel", "app"))),
            ["own"],
            id="nowhere-in-writing",
        ),
        pytest.param(
            *(("request",), "app", (("contact", "email"),)), ["own"], id="not-spoken"
        ),
        pytest.param(
            *((), "phone", (("contact", "email"),)), ["own"], id="not-to-be-written"
        ),
    ],
)
def test_channels_for_a_letter_stand_before_those_where_one_can_only_speak(
    letters: tuple[str, ...],
    own: str,
    others: tuple[tuple[str, str], ...],
    order: list[str],
) -> None:
    channels = (
        make_channel(slug="own", purpose="privacy", kind=own),
        *(make_channel(slug=f"{p}-{k}", purpose=p, kind=k) for p, k in others),
    )

    step = channels_for(purpose="privacy", channels=channels, letters=letters)

    assert slugs(step.channels) == order
    assert not step.channels_are_general


def test_channels_for_a_letter_are_general_where_the_purpose_has_none() -> None:
    channels = (
        make_channel(slug="phone", purpose="contact", kind="phone"),
        make_channel(slug="post", purpose="cancel", kind="post"),
    )

    step = channels_for(purpose="privacy", channels=channels, letters=("request",))

    assert slugs(step.channels) == ["post", "phone"]
    assert step.channels_are_general


@pytest.mark.parametrize("purpose", sorted(FALLBACK_PURPOSES))
def test_channels_fall_back_in_order(purpose: str) -> None:
    for following in (FALLBACK_PURPOSES[purpose], FALLBACK_PURPOSES[purpose][-1:]):
        others = tuple(make_channel(slug=p, purpose=p) for p in reversed(following))

        step = channels_for(purpose=purpose, channels=others)

        assert slugs(step.channels) == [following[0]]
        assert step.channels_are_general


@pytest.mark.parametrize("purpose", sorted(FALLBACK_PURPOSES))
def test_channels_of_the_purpose_itself_come_alone(purpose: str) -> None:
    channels = tuple(make_channel(slug=p, purpose=p) for p in FALLBACK_PURPOSES)

    step = channels_for(purpose=purpose, channels=channels)

    assert slugs(step.channels) == [purpose]
    assert not step.channels_are_general


@pytest.mark.parametrize(
    ("purpose", "channels"),
    [
        pytest.param("", (make_channel(),), id="step-shows-none"),
        pytest.param("cancel", (), id="operator-has-none"),
        pytest.param(
            "cancel", (make_channel(purpose="refund"),), id="only-for-another-purpose"
        ),
        pytest.param(
            "renewal-of-a-pack", (make_channel(),), id="purpose-without-a-next-best"
        ),
        pytest.param(
            "cancel",
            (make_channel(when=(Term("goal", ("lost",)),)),),
            id="condition-fails",
        ),
    ],
)
def test_channels_none(purpose: str, channels: tuple[Channel, ...]) -> None:
    step = channels_for(purpose=purpose, channels=channels)

    assert step.channels == ()
    assert not step.channels_are_general


def test_channels_whose_condition_fails_make_way_for_general_ones() -> None:
    never = make_channel(when=(Term("goal", ("lost",)),))
    contact = make_channel(slug="meadow-help", purpose="contact")

    step = channels_for(purpose="cancel", channels=(never, contact))

    assert step.channels == (contact,)
    assert step.channels_are_general


# The order of steps


@pytest.mark.parametrize(
    ("steps", "order"),
    [
        pytest.param((), [], id="none"),
        pytest.param(
            (("c", Phase.CANCEL, ()), ("a", Phase.CANCEL, ()), ("b", Phase.CANCEL, ())),
            ["c", "a", "b"],
            id="as-they-stand",
        ),
        pytest.param(
            tuple((phase.value, phase, ()) for phase in reversed(Phase)),
            ["know", "before", "cancel", "after", "wrong"],
            id="by-phase",
        ),
        pytest.param(
            (
                ("c", Phase.CANCEL, ("b",)),
                ("b", Phase.CANCEL, ("a",)),
                ("a", Phase.CANCEL, ()),
            ),
            ["a", "b", "c"],
            id="chain",
        ),
        pytest.param(
            (
                ("d", Phase.CANCEL, ("b", "c")),
                ("c", Phase.CANCEL, ("a",)),
                ("b", Phase.CANCEL, ("a",)),
                ("a", Phase.CANCEL, ()),
            ),
            ["a", "b", "c", "d"],
            id="diamond",
        ),
        pytest.param(
            (
                ("a", Phase.CANCEL, ()),
                ("b", Phase.CANCEL, ("c",)),
                ("c", Phase.CANCEL, ()),
                ("d", Phase.CANCEL, ()),
            ),
            ["a", "c", "b", "d"],
            id="only-what-must-move",
        ),
        pytest.param(
            (("b", Phase.CANCEL, ("a",)), ("a", Phase.BEFORE, ())),
            ["a", "b"],
            id="of-an-earlier-phase",
        ),
        pytest.param(
            (("b", Phase.CANCEL, ("a",)), ("a", Phase.AFTER, ())),
            ["b", "a"],
            id="of-a-later-phase",
        ),
        pytest.param((("a", Phase.CANCEL, ("x",)),), ["a"], id="not-there"),
        pytest.param((("a", Phase.CANCEL, ("a",)),), ["a"], id="itself"),
        pytest.param(
            (("a", Phase.CANCEL, ("b",)), ("b", Phase.CANCEL, ("a",))),
            ["b", "a"],
            id="circle-of-two",
        ),
        pytest.param(
            (
                ("a", Phase.CANCEL, ("b",)),
                ("b", Phase.CANCEL, ("c",)),
                ("c", Phase.CANCEL, ("b",)),
            ),
            ["c", "b", "a"],
            id="into-a-circle",
        ),
    ],
)
def test_in_order(
    steps: tuple[tuple[str, Phase, tuple[str, ...]], ...], order: list[str]
) -> None:
    made = tuple(
        make_step(slug=slug, phase=phase, requires=requires)
        for slug, phase, requires in steps
    )

    assert slugs(in_order(made)) == order


def make_item(*, must: bool) -> ChecklistStep:
    return ChecklistStep(
        step=make_step(must=must),
        number=1,
        part=None,
        due=None,
        reasons=(),
        topics=(),
        channels=(),
        channels_are_general=False,
        first=(),
    )


def test_in_order_puts_what_must_be_done_before_what_is_worth_doing() -> None:
    made = (
        make_step(slug="worth", phase=Phase.BEFORE, must=False),
        make_step(slug="needed", phase=Phase.BEFORE, must=False),
        make_step(slug="must", phase=Phase.BEFORE, requires=("needed",)),
        make_step(slug="later", phase=Phase.AFTER),
    )

    assert slugs(in_order(made)) == ["needed", "must", "worth", "later"]


@pytest.mark.parametrize(
    ("musts", "shown", "folded"),
    [
        ((True, True), 2, 0),
        ((True, False, False), 1, 2),
        ((False, True, False), 2, 1),
        ((False, False), 0, 2),
    ],
)
def test_phase_folds_what_comes_behind_the_last_must(
    musts: tuple[bool, ...], shown: int, folded: int
) -> None:
    phase = ChecklistPhase(
        Phase.BEFORE,
        tuple(make_item(must=must) for must in musts),
    )

    assert (len(phase.shown), len(phase.folded)) == (shown, folded)
    assert phase.shown + phase.folded == phase.steps


def test_a_checklist_offers_the_letters_that_fit() -> None:
    guide = make_guide(
        steps=(
            make_step(slug="write", letters=("stopping", "losing")),
            make_step(slug="wait"),
        ),
        letters=(
            make_letter(slug="losing", when=(Term("goal", ("lost",)),)),
            make_letter(slug="complaining"),
            make_letter(slug="stopping", when=(Term("goal", ("stop",)),)),
        ),
    )

    found = checklist(guide, resolve(guide, {"goal": ("stop",)}, TODAY), TODAY)

    assert [letter.slug for letter in found.letters] == ["complaining", "stopping"]
    offered = {i.step.slug: [one.slug for one in i.letters] for i in found.steps}
    assert offered == {"write": ["stopping"], "wait": []}


# The schedule of a checklist


def dated_guide(*steps: Step, operator: Operator | None = None) -> Guide:
    return make_guide(
        questions=(
            make_question(),
            make_question(
                slug="operator",
                kind=Kind.OPERATOR,
                choices=make_choices(slugs=("meadow", "other")),
            ),
            make_question(
                slug="place",
                choices=make_choices(slugs=("belgium", "leaving", "abroad")),
            ),
            make_question(slug="end", kind=Kind.DATE, choices=()),
        ),
        steps=steps,
        operators=(make_operator() if operator is None else operator,),
    )


def dated(
    guide: Guide,
    *,
    end: str = "2027-03-01",
    place: str = "belgium",
    days_off: frozenset[date] = frozenset(),
) -> Checklist:
    answers = {
        "goal": ("stop",),
        "operator": ("meadow",),
        "place": (place,),
        "end": (end,),
    }
    position = resolve(guide, answers, TODAY)
    assert position.question is None
    return checklist(guide, position, TODAY, days_off=days_off)


def test_checklist_moves_off_holidays() -> None:
    step = make_step(due_days=0, needs_working_day=True)

    result = dated(dated_guide(step), days_off=frozenset({date(2027, 3, 1)}))

    assert result.steps[0].due == Due(
        days=0, on=date(2027, 2, 26), moved_from=date(2027, 3, 1)
    )


@pytest.mark.parametrize(
    ("kinds", "on"),
    [
        pytest.param(("shop", "phone"), date(2027, 2, 26), id="offices"),
        pytest.param(("shop", "online"), date(2027, 2, 27), id="also-online"),
        pytest.param((), date(2027, 2, 27), id="none"),
    ],
)
def test_checklist_knows_ways_that_close_at_weekends(
    kinds: tuple[str, ...], on: date
) -> None:
    channels = tuple(make_channel(slug=kind, kind=kind) for kind in kinds)
    step = make_step(due_days=0, shows_channels="cancel")
    guide = dated_guide(step, operator=make_operator(channels=channels))

    result = dated(guide, end="2027-02-27")

    assert result.steps[0].due == Due(
        days=0, on=on, moved_from=None if on.day == 27 else date(2027, 2, 27)
    )


def test_checklist_keeps_roles_in_the_order_of_days() -> None:
    steps = (
        make_step(slug="bank", phase=Phase.BEFORE, role=Role.UNLINK, due_days=-3),
        make_step(role=Role.CANCEL, due_days=-1, needs_working_day=True),
    )

    # A Monday: the working day before its eve is the Friday.
    bank, cancel = dated(dated_guide(*steps)).steps

    assert bank.due is not None
    assert cancel.due is not None
    assert bank.due.on == cancel.due.on == date(2027, 2, 26)


def test_checklist_takes_an_operators_own_last_day() -> None:
    facts = (
        make_fact(slug="a", days=31),
        make_fact(slug="b", days=21),
        make_fact(slug="c", days=5, when=(Term("place", ("abroad",)),)),
        make_fact(slug="d", topic="costs", days=1),
        make_fact(slug="e"),
    )
    steps = (
        make_step(due_days=-1, topics=("notice",)),
        make_step(slug="ask", phase=Phase.AFTER, due_days=7, topics=("notice",)),
    )

    before, after = dated(
        dated_guide(*steps, operator=make_operator(facts=facts))
    ).steps

    assert before.due is not None
    assert before.due.until is None
    assert after.due is not None
    assert after.due.until == date(2027, 3, 22)


def test_checklist_names_what_is_late_and_when_all_would_fit() -> None:
    steps = (
        make_step(slug="order", phase=Phase.BEFORE, due_days=-21),
        make_step(slug="tidy", phase=Phase.BEFORE, due_days=-21, must=False),
        make_step(due_days=-1, needs_working_day=True),
    )

    result = dated(dated_guide(*steps), end="2027-01-20")

    assert [item.step.slug for item in result.late] == ["order"]
    assert result.fits_from == date(2027, 2, 5)
    assert dated(dated_guide(*steps), end="2027-02-05").late == ()
    assert dated(dated_guide(*steps), end="2027-02-05").fits_from is None


def test_checklist_looks_behind_days_off_for_a_date_that_fits() -> None:
    step = make_step(due_days=-2, needs_working_day=True)
    closed = frozenset(TODAY + timedelta(days=n) for n in range(3))

    result = dated(dated_guide(step), end="2027-01-16", days_off=closed)

    assert result.fits_from == date(2027, 1, 20)


def test_checklist_offers_no_later_date_once_the_line_has_ended() -> None:
    result = dated(dated_guide(make_step(due_days=-2)), end="2027-01-14")

    assert result.late
    assert result.fits_from is None


@pytest.mark.parametrize(
    ("place", "end", "is_shown"),
    [
        pytest.param("belgium", "2027-03-01", False, id="in-time"),
        pytest.param("belgium", "2027-01-16", True, id="late"),
        pytest.param("leaving", "2027-03-01", False, id="not-gone-yet"),
        pytest.param("abroad", "2027-03-01", True, id="abroad"),
    ],
)
def test_checklist_has_a_plan_b_for_who_is_late_or_away(
    place: str, end: str, is_shown: bool
) -> None:
    steps = (
        make_step(due_days=-7, plan_b=make_text(words="Write to them.")),
        make_step(slug="other", due_days=-7),
    )

    with_plan, without = dated(dated_guide(*steps), place=place, end=end).steps

    assert with_plan.wants_plan_b is is_shown
    assert without.wants_plan_b is False


def test_checklist_ranks_for_who_has_left_and_for_a_line_that_is_dead() -> None:
    channels = (
        make_channel(slug="call", works_abroad=False, works_without_sim=False),
        make_channel(slug="write", works_abroad=True, works_without_sim=True),
    )
    steps = (
        make_step(shows_channels="cancel"),
        make_step(slug="ask", phase=Phase.AFTER, shows_channels="cancel"),
    )
    guide = dated_guide(*steps, operator=make_operator(channels=channels))

    def first_ways(end: str, place: str) -> list[str]:
        return [
            item.channels[0].slug for item in dated(guide, end=end, place=place).steps
        ]

    assert first_ways("2027-03-01", "leaving") == ["call", "write"]
    assert first_ways("2027-01-14", "leaving") == ["write", "write"]
    assert first_ways("2027-03-01", "abroad") == ["write", "write"]


# The calendar of a checklist


def test_calendar_stands_in_order_with_the_end_and_last_days() -> None:
    steps = (
        make_step(slug="late", phase=Phase.BEFORE, due_days=-60),
        make_step(slug="bank", phase=Phase.BEFORE, due_days=-7),
        make_step(slug="free", phase=Phase.BEFORE),
        make_step(slug="ask", phase=Phase.AFTER, due_days=7, topics=("notice",)),
    )
    operator = make_operator(facts=(make_fact(days=31),))

    days = calendar(dated(dated_guide(*steps, operator=operator)), TODAY)

    assert [
        (day.day, [(e.item.step.slug, e.is_last_day) for e in day.entries], day.is_end)
        for day in days
    ] == [
        (None, [("late", False)], False),
        (date(2027, 2, 22), [("bank", False)], False),
        (date(2027, 3, 1), [], True),
        (date(2027, 3, 8), [("ask", False)], False),
        (date(2027, 4, 1), [("ask", True)], False),
    ]


def test_calendar_of_a_past_end_names_no_past_day() -> None:
    step = make_step(phase=Phase.AFTER, due_days=1, topics=("notice",))
    operator = make_operator(facts=(make_fact(days=3),))

    days = calendar(
        dated(dated_guide(step, operator=operator), end="2027-01-05"), TODAY
    )

    assert [day.day for day in days] == [None]


def test_calendar_without_an_end_date_is_empty() -> None:
    assert calendar(listed({**COMPLETE, "end": ("skip",)}), TODAY) == ()
