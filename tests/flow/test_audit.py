"""The audit finds what is wrong with a guide, and nothing in a sound one."""

import inspect
import re
from datetime import timedelta

import msgspec
import pytest

from guide.flow import audit as audit_module
from guide.flow.answers import RESERVED
from guide.flow.audit import (
    LANGUAGES_COMPLETE,
    LANGUAGES_WANTED,
    MOST_QUESTIONS,
    PLACEHOLDERS,
    ROLE_ORDER,
    Problem,
    audit,
)
from guide.flow.content import (
    Choice,
    Guide,
    Identifier,
    Kind,
    Phase,
    Question,
    Role,
    Sourcing,
    Step,
    Term,
    Text,
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
    make_identifier,
    make_letter,
    make_operator,
    make_operator_guide,
    make_question,
    make_same,
    make_sound_guide,
    make_source,
    make_sourcing,
    make_step,
    make_text,
    make_word,
)

STOP, LOST = Term("goal", ("stop",)), Term("goal", ("lost",))
NEVER = (STOP, LOST)
RAIN = (Term("weather", ("rain",)),)
CANCEL = make_step(role=Role.CANCEL)
TICKED = Term("situation", ("credit-left",))
TICKS = make_question(
    slug="situation",
    kind=Kind.MANY,
    choices=(make_choice(slug="credit-left"), make_choice(slug="none", exclusive=True)),
)
BANK = Term("linked", ("bank",))
LINKED = make_question(
    slug="linked",
    kind=Kind.MANY,
    choices=(
        *make_choices(slugs=("bank", "messenger")),
        make_choice(slug="none", exclusive=True),
    ),
)
KEEPING = make_question(choices=make_choices(slugs=("stop", "keep-number")))
KEEPS = Term("goal", ("keep-number",))
PORT = make_step(slug="port-number", role=Role.PORT)


def with_steps(*steps: Step) -> Guide:
    return make_guide(steps=(CANCEL, *steps))


def with_questions(*questions: Question) -> Guide:
    return make_guide(questions=(make_question(), *questions))


def with_accounts(*steps: Step) -> Guide:
    return make_guide(questions=(make_question(), LINKED), steps=(*steps, CANCEL))


def unlinking(*when: Term, slug: str = "unlink") -> Step:
    return make_step(slug=slug, phase=Phase.BEFORE, role=Role.UNLINK, when=when)


def with_choices(*choices: Choice) -> Guide:
    return with_questions(make_question(slug="line", choices=choices))


def with_letter(*, subject: Text | None = None, body: Text | None = None) -> Guide:
    """Make a guide with a letter, and one that names its only identifier."""
    return make_guide(
        letters=(
            make_letter(subject=subject, body=body),
            make_letter(slug="other", body=make_same("{mobile-number}")),
        ),
        identifiers=(make_identifier(),),
    )


def in_french(words: str, french: str) -> Text:
    return Text({**make_same(words).by_language, "fr": french})


def found(guide: Guide) -> list[tuple[str, str, str]]:
    return [(p.code, p.kind, p.slug) for p in audit(guide, TODAY)]


@pytest.mark.parametrize(
    "guide",
    [
        pytest.param(make_guide(), id="smallest"),
        pytest.param(make_operator_guide(), id="with-an-operator"),
        pytest.param(make_sound_guide(), id="with-all-there-is"),
    ],
)
def test_audit_of_a_sound_guide_is_clean(guide: Guide) -> None:
    assert audit(guide, TODAY) == ()


# What a guide does wrong, and all that the audit says about it.
BROKEN = [
    # Conditions that speak of what does not exist.
    pytest.param(
        with_steps(make_step(slug="umbrella", when=RAIN)),
        [("E101", "step", "umbrella")],
        id="E101-step",
    ),
    pytest.param(
        with_questions(make_question(slug="line", when=RAIN)),
        # The choices of a question share its condition.
        [
            ("E101", "choice", "line:lost"),
            ("E101", "choice", "line:stop"),
            ("E101", "question", "line"),
        ],
        id="E101-question",
    ),
    pytest.param(
        with_choices(make_choice(slug="pack", when=RAIN), make_choice(slug="prepaid")),
        [("E101", "choice", "line:pack")],
        id="E101-choice",
    ),
    pytest.param(
        make_guide(faq=(make_faq_entry(when=RAIN),)),
        [("E101", "faq entry", "is-it-free")],
        id="E101-faq-entry",
    ),
    pytest.param(
        make_guide(letters=(make_letter(when=RAIN),)),
        [("E101", "letter", "cancellation")],
        id="E101-letter",
    ),
    pytest.param(
        make_operator_guide(
            operator=make_operator(channels=(make_channel(when=RAIN),))
        ),
        [("E101", "channel", "meadow-account-page")],
        id="E101-channel",
    ),
    pytest.param(
        make_operator_guide(operator=make_operator(facts=(make_fact(when=RAIN),))),
        [("E101", "fact", "meadow-notice")],
        id="E101-fact",
    ),
    pytest.param(
        make_guide(operators=(make_operator(facts=(make_fact(),)),)),
        [("E101", "fact", "meadow-notice")],
        id="E101-operators-are-not-asked-for",
    ),
    pytest.param(
        with_steps(make_step(slug="dance", when=(Term("goal", ("stop", "dance")),))),
        [("E102", "step", "dance")],
        id="E102-step",
    ),
    pytest.param(
        make_operator_guide(
            operator=make_operator(slug="orbit", channels=(make_channel(),))
        ),
        [("E102", "channel", "meadow-account-page")],
        id="E102-operator-is-no-answer",
    ),
    pytest.param(
        make_guide(
            questions=(
                make_question(when=(Term("line", ("prepaid",)),)),
                make_question(
                    slug="line", choices=make_choices(slugs=("prepaid", "pack"))
                ),
            )
        ),
        [
            ("E103", "choice", "goal:lost"),
            ("E103", "choice", "goal:stop"),
            ("E103", "question", "goal"),
        ],
        id="E103-question-on-a-later-one",
    ),
    pytest.param(
        make_guide(
            questions=(
                make_question(
                    choices=(
                        make_choice(slug="stop"),
                        make_choice(slug="lost", when=(STOP,)),
                    )
                ),
            )
        ),
        [("E103", "choice", "goal:lost")],
        id="E103-choice-on-its-own-question",
    ),
    pytest.param(
        with_steps(make_step(slug="wait", requires=("nowhere",))),
        [("E104", "step", "wait")],
        id="E104",
    ),
    pytest.param(
        with_steps(
            make_step(slug="choose-a-day", phase=Phase.BEFORE, requires=("wait",)),
            make_step(slug="wait", phase=Phase.AFTER),
        ),
        [("E105", "step", "choose-a-day")],
        id="E105",
    ),
    pytest.param(
        with_steps(make_step(slug="wait", requires=("wait",))),
        [("E106", "step", "wait")],
        id="E106-itself",
    ),
    pytest.param(
        with_steps(
            make_step(slug="call", requires=("wait",)),
            make_step(slug="wait", requires=("write",)),
            make_step(slug="write", requires=("wait", "send-cancellation")),
        ),
        [("E106", "step", "wait"), ("E106", "step", "write")],
        id="E106-circle-and-a-step-that-leads-to-it",
    ),
    pytest.param(
        with_steps(
            make_step(slug="call", requires=("wait", "write")),
            make_step(slug="wait", requires=("nowhere",)),
            make_step(slug="write", requires=("wait",)),
        ),
        [("E104", "step", "wait")],
        id="E104-is-no-circle",
    ),
    *(
        pytest.param(
            with_questions(make_question(slug=parameter)),
            [("E107", "question", parameter)],
            id=f"E107-{parameter}",
        )
        for parameter in sorted(RESERVED)
    ),
    pytest.param(
        with_choices(*make_choices(slugs=("prepaid", "pack", "prepaid"))),
        [("E108", "choice", "line:prepaid")],
        id="E108",
    ),
    pytest.param(
        make_guide(questions=(make_question(replacements=(("cancel", "end"),)),)),
        [("E109", "choice", "goal:cancel")],
        id="E109-leads-nowhere",
    ),
    pytest.param(
        make_guide(questions=(make_question(replacements=(("lost", "stop"),)),)),
        [("E109", "choice", "goal:lost")],
        id="E109-still-in-use",
    ),
    pytest.param(
        make_guide(questions=(make_question(), make_question())),
        [("E110", "question", "goal")],
        id="E110-question",
    ),
    pytest.param(
        with_steps(make_step(slug="call"), make_step(slug="call")),
        [("E110", "step", "call")],
        id="E110-step",
    ),
    pytest.param(
        make_guide(faq=(make_faq_entry(), make_faq_entry())),
        [("E110", "faq entry", "is-it-free")],
        id="E110-faq-entry",
    ),
    pytest.param(
        make_guide(glossary=(make_word(), make_word())),
        [("E110", "glossary entry", "direct-debit")],
        id="E110-glossary-entry",
    ),
    pytest.param(
        make_guide(letters=(make_letter(), make_letter())),
        [("E110", "letter", "cancellation")],
        id="E110-letter",
    ),
    pytest.param(
        make_guide(identifiers=(make_identifier(), make_identifier())),
        [("E110", "identifier", "mobile-number")],
        id="E110-identifier",
    ),
    pytest.param(
        with_steps(make_step(slug="call", letters=("cancellation",))),
        [("E111", "step", "call")],
        id="E111",
    ),
    pytest.param(
        with_letter(body=make_same("My number is {number}.")),
        [("E601", "letter", "cancellation")] * 5,
        id="E601-body",
    ),
    pytest.param(
        with_letter(subject=make_same("{number}")),
        [("E601", "letter", "cancellation")] * 5,
        id="E601-subject",
    ),
    pytest.param(
        with_letter(body=in_french("One.\n\nTwo.", "Un.")),
        [("E602", "letter", "cancellation")],
        id="E602-too-few",
    ),
    pytest.param(
        with_letter(body=in_french("One.", "Un.\n \nDeux.")),
        [("E602", "letter", "cancellation")],
        id="E602-too-many",
    ),
    pytest.param(
        with_letter(
            body=in_french("Of {mobile-number}.\n\nTo {operator}.", "{operator}\n\nÀ")
        ),
        [("E603", "letter", "cancellation")],
        id="E603-body",
    ),
    pytest.param(
        with_letter(subject=in_french("Number {mobile-number}", "Numéro")),
        [("E603", "letter", "cancellation")],
        id="E603-subject",
    ),
    pytest.param(
        make_guide(identifiers=(make_identifier(slug="puk"),)),
        [("W601", "identifier", "puk")],
        id="W601",
    ),
    pytest.param(
        make_guide(
            steps=(
                CANCEL,
                make_step(slug="call", letters=("cancellation",), when=(LOST,)),
                make_step(slug="write", letters=("cancellation",)),
            ),
            letters=(make_letter(when=(STOP,)),),
        ),
        [("W602", "step", "call")],
        id="W602",
    ),
    pytest.param(
        make_operator_guide(
            operator=make_operator(channels=(make_channel(), make_channel()))
        ),
        [("E110", "channel", "meadow-account-page")],
        id="E110-channel",
    ),
    pytest.param(
        make_operator_guide(operator=make_operator(facts=(make_fact(), make_fact()))),
        [("E110", "fact", "meadow-notice")],
        id="E110-fact",
    ),
    pytest.param(
        make_guide(sources=(make_source(), make_source())),
        [("E110", "source", "operator-site")],
        id="E110-source",
    ),
    pytest.param(
        make_guide(operators=(make_operator(), make_operator())),
        [("E110", "operator", "meadow")],
        id="E110-operator",
    ),
    # What nobody can get to.
    pytest.param(
        with_questions(make_question(slug="line", when=NEVER)),
        [
            ("E201", "question", "line"),
            ("E202", "choice", "line:lost"),
            ("E202", "choice", "line:stop"),
        ],
        id="E201",
    ),
    pytest.param(
        with_choices(
            make_choice(slug="pack", when=NEVER), *make_choices(slugs=("a", "b"))
        ),
        [("E202", "choice", "line:pack")],
        id="E202",
    ),
    pytest.param(
        with_questions(
            make_question(
                slug="line",
                choices=(make_choice(slug="pack", when=(LOST,)), make_choice(slug="a")),
                when=(STOP,),
            )
        ),
        [("E202", "choice", "line:pack")],
        id="E202-against-its-question",
    ),
    pytest.param(
        with_steps(make_step(slug="dance", when=NEVER)),
        [("E203", "step", "dance")],
        id="E203",
    ),
    pytest.param(
        make_guide(faq=(make_faq_entry(when=NEVER),)),
        [("E204", "faq entry", "is-it-free")],
        id="E204-faq-entry",
    ),
    pytest.param(
        make_guide(letters=(make_letter(when=NEVER),)),
        [("E204", "letter", "cancellation")],
        id="E204-letter",
    ),
    pytest.param(
        make_operator_guide(
            operator=make_operator(channels=(make_channel(when=NEVER),))
        ),
        [("E204", "channel", "meadow-account-page")],
        id="E204-channel",
    ),
    pytest.param(
        make_operator_guide(
            operator=make_operator(
                facts=(make_fact(when=(Term("operator", ("other",)),)),)
            )
        ),
        [("E204", "fact", "meadow-notice")],
        id="E204-fact-of-another-operator",
    ),
    pytest.param(
        with_questions(make_question(slug="line", choices=())),
        [("E205", "question", "line")],
        id="E205",
    ),
    # Lists with nothing that ends the line.
    pytest.param(
        make_guide(steps=()), [("E301", "guide", "checklist")] * 2, id="E301-no-steps"
    ),
    pytest.param(
        make_guide(steps=(make_step(role=Role.CANCEL, when=(STOP,)),)),
        [("E301", "guide", "checklist")],
        id="E301-one-case",
    ),
    pytest.param(
        make_guide(steps=(make_step(role=Role.CANCEL, must=False),)),
        [("E301", "guide", "checklist")] * 2,
        id="E301-step-is-no-must",
    ),
    pytest.param(
        make_guide(steps=(make_step(),)),
        [("E301", "guide", "checklist")] * 2,
        id="E301-step-does-not-end-the-line",
    ),
    pytest.param(
        make_guide(steps=(make_step(role=Role.CANCEL, phase=Phase.WRONG),)),
        [("E301", "guide", "checklist")] * 2,
        id="E301-step-stands-in-another-phase",
    ),
    pytest.param(
        make_guide(
            questions=(make_question(), TICKS),
            steps=(make_step(role=Role.CANCEL, when=(TICKED,)),),
        ),
        [("E301", "guide", "checklist")] * 4,
        id="E301-step-hangs-on-ticks",
    ),
    pytest.param(
        make_guide(
            questions=(make_question(), make_question(slug="place")),
            steps=(
                make_step(role=Role.CANCEL, when=(STOP,)),
                make_step(
                    slug="block", role=Role.CANCEL, when=(Term("place", ("stop",)),)
                ),
            ),
        ),
        [("E301", "guide", "checklist")],
        id="E301-two-answers-together",
    ),
    pytest.param(
        make_guide(questions=(), steps=()),
        [("E301", "guide", "checklist")],
        id="E301-no-questions",
    ),
    # Steps without those that they require.
    pytest.param(
        with_steps(
            make_step(slug="wait", requires=("call",)),
            make_step(slug="call", when=(STOP,)),
        ),
        [("E302", "step", "wait")],
        id="E302",
    ),
    pytest.param(
        with_steps(
            make_step(slug="wait", requires=("call",), when=(LOST,)),
            make_step(slug="call", when=(STOP,)),
        ),
        [("E302", "step", "wait")],
        id="E302-never-together",
    ),
    # E303 has a test of its own.
    pytest.param(
        make_guide(questions=(KEEPING,)),
        [("E304", "guide", "checklist")],
        id="E304-no-step-moves-the-number",
    ),
    pytest.param(
        make_guide(
            questions=(KEEPING, TICKS),
            steps=(
                make_step(slug="port-number", role=Role.PORT, when=(KEEPS, TICKED)),
                CANCEL,
            ),
        ),
        [("E304", "guide", "checklist")],
        id="E304-not-always",
    ),
    pytest.param(
        make_guide(
            questions=(KEEPING,),
            steps=(make_step(slug="port", role=Role.PORT, must=False), CANCEL),
        ),
        # What is only worth doing stands behind what must be done.
        [("E303", "step", CANCEL.slug), ("E304", "guide", "checklist")],
        id="E304-step-may-be-left-out",
    ),
    pytest.param(
        make_guide(
            questions=(KEEPING,),
            steps=(
                make_step(slug="port", role=Role.PORT, phase=Phase.KNOW),
                CANCEL,
            ),
        ),
        [("E304", "guide", "checklist")],
        id="E304-step-is-only-to-be-read",
    ),
    pytest.param(
        make_guide(
            steps=(
                make_step(slug="call", due_days=-7),
                make_step(role=Role.CANCEL, requires=("call",), due_days=-8),
            )
        ),
        [("E306", "step", "send-cancellation")],
        id="E306-required",
    ),
    # E306 between roles has a test of its own.
    pytest.param(
        with_accounts(unlinking(BANK)),
        [("E307", "choice", "linked:messenger")],
        id="E307-one-account",
    ),
    pytest.param(
        with_accounts(make_step(slug="unlink", phase=Phase.BEFORE)),
        [("E307", "choice", "linked:bank"), ("E307", "choice", "linked:messenger")],
        id="E307-step-unlinks-nothing",
    ),
    pytest.param(
        with_accounts(unlinking(STOP)),
        [("E307", "choice", "linked:bank"), ("E307", "choice", "linked:messenger")],
        id="E307-not-always",
    ),
    pytest.param(
        with_accounts(
            unlinking(Term("linked", ("bank",), excluding=True)),
            unlinking(BANK, slug="unlink-bank"),
        ),
        [("E307", "choice", "linked:messenger")],
        id="E307-leans-on-other-ticks",
    ),
    pytest.param(
        with_questions(
            make_question(
                slug="line",
                kind=Kind.MANY,
                choices=make_choices(slugs=("bill", "credit")),
            )
        ),
        [("W301", "question", "line")],
        id="W301-no-way-out",
    ),
    pytest.param(
        with_questions(
            make_question(
                slug="line",
                kind=Kind.MANY,
                choices=(
                    make_choice(slug="bill"),
                    make_choice(slug="none", exclusive=True, when=(STOP,)),
                ),
            )
        ),
        [("W301", "question", "line")],
        id="W301-not-always-a-way-out",
    ),
    pytest.param(
        make_guide(
            questions=tuple(
                make_question(slug=f"question-{number}")
                for number in range(MOST_QUESTIONS + 1)
            )
        ),
        [("E305", "guide", "questions")],
        id="E305",
    ),
]


@pytest.mark.parametrize(("guide", "problems"), BROKEN)
def test_audit_of_a_broken_guide(
    guide: Guide, problems: list[tuple[str, str, str]]
) -> None:
    assert found(guide) == problems


@pytest.mark.parametrize(
    ("guide", "cases"),
    [
        pytest.param(make_guide(steps=()), ["goal = lost", "goal = stop"], id="each"),
        pytest.param(
            make_guide(
                questions=(make_question(), make_question(slug="line", when=(STOP,))),
                steps=(make_step(role=Role.CANCEL, when=(LOST,)),),
            ),
            ["goal = stop, line = lost", "goal = stop, line = stop"],
            id="first-two-questions",
        ),
        pytest.param(make_guide(questions=(), steps=()), ["any"], id="no-questions"),
    ],
)
def test_audit_names_the_cases_without_an_action(
    guide: Guide, cases: list[str]
) -> None:
    messages = [problem.message for problem in audit(guide, TODAY)]

    assert messages == [
        f"These answers lead to no step that ends the line: {case}." for case in cases
    ]


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((make_step(role=Role.PORT),), id="port"),
        pytest.param(
            (
                make_step(role=Role.CANCEL, when=(STOP,)),
                make_step(slug="block", role=Role.CANCEL, when=(LOST,)),
            ),
            id="one-for-each-case",
        ),
        pytest.param(
            (CANCEL, make_step(slug="wait", requires=("send-cancellation",))),
            id="requires-what-is-always-there",
        ),
        pytest.param(
            (
                CANCEL,
                make_step(slug="wait", requires=("call",), when=(STOP,)),
                make_step(slug="call", when=(STOP,)),
            ),
            id="requires-what-has-the-same-condition",
        ),
    ],
)
def test_audit_takes_other_sound_steps(steps: tuple[Step, ...]) -> None:
    assert found(make_guide(steps=steps)) == []


@pytest.mark.parametrize(
    "guide",
    [
        pytest.param(with_accounts(unlinking()), id="one-step-for-all"),
        pytest.param(
            with_accounts(unlinking(Term("linked", ("bank", "messenger")))),
            id="one-step-that-names-all",
        ),
        pytest.param(
            with_accounts(
                unlinking(Term("linked", ("bank", "messenger")), STOP),
                unlinking(LOST, slug="unlink-lost"),
            ),
            id="one-step-for-each-case",
        ),
        pytest.param(
            make_guide(
                questions=(
                    make_question(),
                    msgspec.structs.replace(LINKED, when=(STOP,)),
                ),
                steps=(unlinking(STOP), CANCEL),
            ),
            id="where-accounts-are-asked-for",
        ),
    ],
)
def test_audit_takes_accounts_that_are_unlinked(guide: Guide) -> None:
    assert found(guide) == []


@pytest.mark.parametrize(
    "choices",
    [
        pytest.param(TICKS.choices, id="always"),
        pytest.param(
            (
                make_choice(slug="bill", when=(STOP,)),
                make_choice(slug="credit", when=(STOP,)),
                make_choice(slug="none", exclusive=True, when=(STOP,)),
            ),
            id="wherever-something-can-be-ticked",
        ),
    ],
)
def test_audit_takes_a_way_out_of_ticks(choices: tuple[Choice, ...]) -> None:
    question = make_question(slug="line", kind=Kind.MANY, choices=choices)

    assert found(with_questions(question)) == []


def test_audit_takes_the_most_questions_that_are_allowed() -> None:
    guide = make_guide(
        questions=tuple(
            make_question(slug=f"question-{number}") for number in range(MOST_QUESTIONS)
        )
    )

    assert found(guide) == []


def test_audit_takes_a_number_that_moves() -> None:
    assert found(make_guide(questions=(KEEPING,), steps=(PORT, CANCEL))) == []


def test_audit_asks_for_no_port_where_no_number_can_be_kept() -> None:
    guide = make_guide(questions=(make_question(slug="line"),))

    assert found(guide) == []


ORDERS = [
    pytest.param(first, second, id=f"{first}-before-{second}")
    for first, second in ROLE_ORDER
]


@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_audit_finds_steps_in_the_wrong_order(first: Role, second: Role) -> None:
    guide = make_guide(
        steps=(
            make_step(slug="second", role=second),
            make_step(slug="first", role=first),
        )
    )

    problems = [p for p in audit(guide, TODAY) if p.code == "E303"]

    message = f"It must stand behind “first”: {first} first."
    about = (("step", "first"), ("role", first.value))
    assert problems == [Problem("E303", "step", "second", message, about)]


@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_audit_takes_steps_in_the_right_order(first: Role, second: Role) -> None:
    guide = make_guide(
        steps=(
            make_step(slug="second", role=second, requires=("first",)),
            make_step(slug="first", role=first),
        )
    )

    assert "E303" not in {problem.code for problem in audit(guide, TODAY)}


@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_audit_takes_any_order_of_steps_never_together(
    first: Role, second: Role
) -> None:
    guide = make_guide(
        steps=(
            make_step(slug="second", role=second, when=(STOP,)),
            make_step(slug="first", role=first, when=(LOST,)),
        )
    )

    assert "E303" not in {problem.code for problem in audit(guide, TODAY)}


def dated(
    first: Role,
    second: Role,
    days: tuple[int | None, int | None],
    when: tuple[Term, ...] = (),
) -> Guide:
    """Make a guide of two steps in the right order, with days that may be wrong."""
    return make_guide(
        steps=(
            make_step(slug="first", role=first, due_days=days[0], when=when),
            make_step(slug="second", role=second, due_days=days[1], when=(LOST,)),
            make_step(slug="cancel-at-last", role=Role.CANCEL),
        )
    )


@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_audit_finds_dates_in_the_wrong_order(first: Role, second: Role) -> None:
    problems = [
        p for p in audit(dated(first, second, (0, -1)), TODAY) if p.code == "E306"
    ]

    message = "It is due before “first”, which must come first."
    about = (("step", "first"),)
    assert problems == [Problem("E306", "step", "second", message, about)]


@pytest.mark.parametrize(
    ("days", "when"),
    [
        pytest.param((0, 0), (), id="on-one-day"),
        pytest.param((-1, 0), (), id="in-order"),
        pytest.param((None, -1), (), id="first-has-no-date"),
        pytest.param((0, None), (), id="second-has-no-date"),
        pytest.param((0, -1), (STOP,), id="never-together"),
    ],
)
@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_audit_takes_other_dates(
    first: Role,
    second: Role,
    days: tuple[int | None, int | None],
    when: tuple[Term, ...],
) -> None:
    guide = dated(first, second, days, when)

    assert "E306" not in {problem.code for problem in audit(guide, TODAY)}


def test_audit_takes_dates_of_a_required_step_never_on_the_same_list() -> None:
    guide = make_guide(
        steps=(
            make_step(slug="call", due_days=-7, when=(STOP,)),
            make_step(slug="wait", requires=("call",), due_days=-8, when=(LOST,)),
            CANCEL,
        )
    )

    assert found(guide) == [("E302", "step", "wait")]


@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_audit_knows_the_order_of_phases(first: Role, second: Role) -> None:
    guide = make_guide(
        steps=(
            make_step(slug="second", role=second, phase=Phase.CANCEL),
            make_step(slug="first", role=first, phase=Phase.AFTER),
        )
    )

    assert ("E303", "step", "second") in found(guide)


def make_all_kinds(*, sourcing: Sourcing) -> Guide:
    """Make a guide in which one thing of each sort rests on the same sources."""
    return Guide(
        questions=make_operator_guide().questions,
        steps=(make_step(role=Role.CANCEL, sourcing=sourcing),),
        operators=(
            make_operator(
                sourcing=sourcing,
                channels=(make_channel(sourcing=sourcing),),
                facts=(make_fact(sourcing=sourcing),),
            ),
        ),
        sources=make_guide().sources,
        faq=(make_faq_entry(sourcing=sourcing),),
        letters=(
            make_letter(sourcing=sourcing, body=make_same("{mobile-number} {name}")),
        ),
        identifiers=(make_identifier(sourcing=sourcing), make_identifier(slug="name")),
        glossary=(make_word(sourcing=sourcing),),
    )


SOURCINGS = [
    pytest.param(make_sourcing(sources=()), "E401", id="E401"),
    pytest.param(
        make_sourcing(sources=("operator-site", "hearsay")), "E402", id="E402"
    ),
    pytest.param(make_sourcing(checked_on=None), "W401", id="W401"),
    pytest.param(
        make_sourcing(checked_on=TODAY - timedelta(days=31), review_days=30),
        "W402",
        id="W402",
    ),
]


@pytest.mark.parametrize(("sourcing", "code"), SOURCINGS)
def test_audit_of_sources(sourcing: Sourcing, code: str) -> None:
    # Identifiers need none, but what they have is looked at.
    identifier = [(code, "identifier", "mobile-number")] if sourcing.sources else []

    assert found(make_all_kinds(sourcing=sourcing)) == [
        (code, "channel", "meadow-account-page"),
        (code, "fact", "meadow-notice"),
        (code, "faq entry", "is-it-free"),
        (code, "glossary entry", "direct-debit"),
        *identifier,
        (code, "letter", "cancellation"),
        (code, "operator", "meadow"),
        (code, "step", "send-cancellation"),
    ]


def test_audit_counts_days_from_the_day_it_is_given() -> None:
    guide = make_all_kinds(sourcing=make_sourcing(review_days=30))

    last_day = audit(guide, CHECKED_ON + timedelta(days=30))
    day_after = audit(guide, CHECKED_ON + timedelta(days=31))

    assert last_day == ()
    assert {problem.code for problem in day_after} == {"W402"}


def with_identifier(identifier: Identifier) -> Guide:
    letter = make_letter(body=make_same("{mobile-number}"))
    return make_guide(letters=(letter,), identifiers=(identifier,))


def with_text(where: str, text: Text) -> Guide:
    """Make a guide that is sound but for one text."""
    questions = make_operator_guide().questions
    operator = make_operator()
    guide = make_guide()
    match where:
        case "question title":
            guide = with_questions(make_question(slug="line", title=text))
        case "question help":
            guide = with_questions(make_question(slug="line", help_text=text))
        case "question how":
            guide = with_questions(make_question(slug="line", how=text))
        case "choice label":
            guide = with_choices(make_choice(slug="a", label=text), make_choice())
        case "choice hint":
            guide = with_choices(make_choice(slug="a", hint=text), make_choice())
        case "step title":
            guide = with_steps(make_step(slug="wait", title=text))
        case "step body":
            guide = with_steps(make_step(slug="wait", body=text))
        case "step why":
            guide = with_steps(make_step(slug="wait", why=text))
        case "step skip":
            guide = with_steps(make_step(slug="wait", skip=text))
        case "faq question":
            guide = make_guide(faq=(make_faq_entry(question=text),))
        case "faq answer":
            guide = make_guide(faq=(make_faq_entry(answer=text),))
        case "letter title":
            guide = make_guide(letters=(make_letter(title=text),))
        case "letter enclose":
            guide = make_guide(letters=(make_letter(enclose=text),))
        case "letter send":
            guide = make_guide(letters=(make_letter(send=text),))
        case "identifier name":
            guide = with_identifier(make_identifier(name=text))
        case "identifier where":
            guide = with_identifier(make_identifier(where=text))
        case "identifier hint":
            guide = with_identifier(make_identifier(hint=text))
        case "glossary term":
            guide = make_guide(glossary=(make_word(term=text),))
        case "glossary meaning":
            guide = make_guide(glossary=(make_word(meaning=text),))
        case "letter purpose":
            guide = make_guide(letters=(make_letter(purpose=text),))
        case "letter subject":
            guide = make_guide(letters=(make_letter(subject=text),))
        case "letter body":
            guide = make_guide(letters=(make_letter(body=text),))
        case "operator status note":
            operator = make_operator(status_note=text)
            guide = make_guide(questions=questions, operators=(operator,))
        case "channel detail":
            operator = make_operator(channels=(make_channel(detail=text),))
            guide = make_guide(questions=questions, operators=(operator,))
        case "fact text":
            operator = make_operator(facts=(make_fact(text=text),))
            guide = make_guide(questions=questions, operators=(operator,))
    return guide


# The names that models and desk have for these texts.
FIELDS = {
    "question title": "title",
    "question help": "help",
    "question how": "how",
    "choice label": "label",
    "choice hint": "hint",
    "step title": "title",
    "step body": "body",
    "step why": "why",
    "step skip": "skip",
    "faq question": "question",
    "faq answer": "answer",
    "letter title": "title",
    "letter enclose": "enclose",
    "letter send": "send",
    "identifier name": "name",
    "identifier where": "where",
    "identifier hint": "hint",
    "glossary term": "term",
    "glossary meaning": "meaning",
    "letter purpose": "purpose",
    "letter subject": "subject",
    "letter body": "body",
    "operator status note": "status_note",
    "channel detail": "detail",
    "fact text": "text",
}

# What visitors fill in stands there in braces.
LETTER_TEXTS = [
    pytest.param("letter subject", "letter", "cancellation", id="letter-subject"),
    pytest.param("letter body", "letter", "cancellation", id="letter-body"),
]
NEEDED_TEXTS = [
    pytest.param("question title", "question", "line", id="question-title"),
    pytest.param("choice label", "choice", "line:a", id="choice-label"),
    pytest.param("step title", "step", "wait", id="step-title"),
    pytest.param("step body", "step", "wait", id="step-body"),
    pytest.param("faq question", "faq entry", "is-it-free", id="faq-question"),
    pytest.param("faq answer", "faq entry", "is-it-free", id="faq-answer"),
    pytest.param("letter title", "letter", "cancellation", id="letter-title"),
    pytest.param("glossary term", "glossary entry", "direct-debit", id="term"),
    pytest.param("glossary meaning", "glossary entry", "direct-debit", id="meaning"),
    pytest.param("letter purpose", "letter", "cancellation", id="letter-purpose"),
    pytest.param("identifier name", "identifier", "mobile-number", id="identifier"),
    *LETTER_TEXTS,
    pytest.param("channel detail", "channel", "meadow-account-page", id="channel"),
    pytest.param("fact text", "fact", "meadow-notice", id="fact"),
]
OPTIONAL_TEXTS = [
    pytest.param("question help", "question", "line", id="question-help"),
    pytest.param("question how", "question", "line", id="question-how"),
    pytest.param("choice hint", "choice", "line:a", id="choice-hint"),
    pytest.param("step why", "step", "wait", id="step-why"),
    pytest.param("step skip", "step", "wait", id="step-skip"),
    pytest.param("letter enclose", "letter", "cancellation", id="letter-enclose"),
    pytest.param("letter send", "letter", "cancellation", id="letter-send"),
    pytest.param("identifier where", "identifier", "mobile-number", id="where"),
    pytest.param("identifier hint", "identifier", "mobile-number", id="hint"),
    pytest.param("operator status note", "operator", "meadow", id="operator-note"),
]


@pytest.mark.parametrize(("where", "kind", "slug"), NEEDED_TEXTS)
def test_audit_finds_a_missing_text(where: str, kind: str, slug: str) -> None:
    assert found(with_text(where, Text({}))) == [("E501", kind, slug)]


@pytest.mark.parametrize(("where", "kind", "slug"), OPTIONAL_TEXTS)
def test_audit_lets_a_text_be_empty(where: str, kind: str, slug: str) -> None:
    assert found(with_text(where, Text({}))) == []


@pytest.mark.parametrize("language", LANGUAGES_COMPLETE)
@pytest.mark.parametrize(("where", "kind", "slug"), NEEDED_TEXTS + OPTIONAL_TEXTS)
def test_audit_finds_a_missing_translation(
    where: str, kind: str, slug: str, language: str
) -> None:
    words = {**make_text().by_language, "nl": "Stop uw lijn"}
    del words[language]

    problems = audit(with_text(where, Text(words)), TODAY)

    field = FIELDS[where]
    message = f"Its {field} is not translated into {language}."
    about = (("field", field), ("language", language))
    assert problems == (Problem("E502", kind, slug, message, about),)


@pytest.mark.parametrize("language", LANGUAGES_WANTED)
@pytest.mark.parametrize(("where", "kind", "slug"), NEEDED_TEXTS + OPTIONAL_TEXTS)
def test_audit_warns_of_a_translation_that_is_only_wanted(
    where: str, kind: str, slug: str, language: str
) -> None:
    words = dict(make_text().by_language)
    del words[language]

    problems = audit(with_text(where, Text(words)), TODAY)

    field = FIELDS[where]
    message = f"It is not translated into {language}: {field}."
    about = (("language", language), ("fields", field))
    assert problems == (Problem("W501", kind, slug, message, about),)


def test_audit_names_all_texts_without_a_wanted_translation_at_once() -> None:
    english = Text({"en": "Wait.", "zh-hans": "等待"})
    guide = with_steps(make_step(slug="wait", title=english, body=english))

    problems = audit(guide, TODAY)

    assert [problem.identity for problem in problems] == [
        f"W501 step wait {language}" for language in sorted(LANGUAGES_WANTED)
    ]
    assert {dict(problem.about)["fields"] for problem in problems} == {"title, body"}


@pytest.mark.parametrize("words", ["", "  ", "<p></p>", "<p> <br></p>"])
@pytest.mark.parametrize(("where", "kind", "slug"), NEEDED_TEXTS)
def test_audit_sees_through_empty_markup(
    where: str, kind: str, slug: str, words: str
) -> None:
    one = Text({**make_text().by_language, "zh-hans": words})
    all_languages = Text(dict.fromkeys(make_text().by_language, words))

    assert found(with_text(where, one)) == [("E502", kind, slug)]
    assert found(with_text(where, all_languages)) == [("E501", kind, slug)]


UNREACHABLE_TEXTS = [
    pytest.param(
        with_questions(make_question(slug="line", title=Text({}), when=NEVER)),
        {"E201", "E202"},
        id="question",
    ),
    pytest.param(
        with_choices(
            make_choice(slug="pack", label=Text({}), when=NEVER), make_choice()
        ),
        {"E202"},
        id="choice",
    ),
    pytest.param(
        with_steps(make_step(slug="dance", title=Text({}), when=NEVER)),
        {"E203"},
        id="step",
    ),
    # These stand on pages of their own, too.
    pytest.param(
        make_guide(letters=(make_letter(body=Text({}), when=NEVER),)),
        {"E204", "E501"},
        id="letter",
    ),
    pytest.param(
        make_guide(faq=(make_faq_entry(answer=Text({}), when=NEVER),)),
        {"E204", "E501"},
        id="faq-entry",
    ),
    pytest.param(
        make_operator_guide(
            operator=make_operator(facts=(make_fact(text=Text({}), when=NEVER),))
        ),
        {"E204", "E501"},
        id="fact",
    ),
]


@pytest.mark.parametrize(("guide", "codes"), UNREACHABLE_TEXTS)
def test_audit_asks_for_no_text_that_nobody_can_reach(
    guide: Guide, codes: set[str]
) -> None:
    assert {problem.code for problem in audit(guide, TODAY)} == codes


def test_audit_asks_for_the_name_that_fills_placeholders() -> None:
    nameless = make_operator_guide(operator=make_operator(name=" "))

    assert found(nameless) == [("E501", "operator", "meadow")]


@pytest.mark.parametrize(
    ("where", "kind", "slug"),
    [one for one in NEEDED_TEXTS + OPTIONAL_TEXTS if one not in LETTER_TEXTS],
)
def test_audit_finds_a_placeholder_that_nothing_fills(
    where: str, kind: str, slug: str
) -> None:
    text = Text({**make_text().by_language, "fr": "Écrivez à {company}."})

    problems = audit(with_text(where, text), TODAY)

    field = FIELDS[where]
    message = f"Nothing can fill {{company}} ({field}, fr)."
    about = (("field", field), ("language", "fr"), ("placeholder", "{company}"))
    assert problems == (Problem("E503", kind, slug, message, about),)


@pytest.mark.parametrize(("where", "kind", "slug"), LETTER_TEXTS)
def test_audit_finds_braces_in_a_letter_that_hold_no_code(
    where: str, kind: str, slug: str
) -> None:
    guide = with_text(where, make_same("Of {Mobile number}."))

    assert found(guide) == [("E503", kind, slug)] * 5


def test_audit_says_how_paragraphs_of_a_letter_differ() -> None:
    body = in_french("{operator}\n\nOf {mobile-number}.", "{operator}\n\nDe {name}.")
    guide = make_guide(
        letters=(make_letter(body=body),),
        identifiers=(make_identifier(), make_identifier(slug="name")),
    )

    (problem,) = audit(guide, TODAY)

    assert problem.identity == "E603 letter cancellation body fr en"
    assert problem.message == "Paragraph 2 of its body differs in fr."
    about = dict(problem.about)
    assert (about["found"], about["wanted"]) == ("{name}", "{mobile-number}")


def test_audit_compares_letters_that_have_no_english() -> None:
    without = {"nl": "Een.\n\nTwee.", "fr": "Un."}
    guide = with_letter(body=Text({**without, "en": " ", "zh-hans": ""}))

    codes = [problem.code for problem in audit(guide, TODAY)]

    assert codes == ["E502", "E502", "E602", "W501"]


@pytest.mark.parametrize(
    ("words", "unfilled"),
    [
        pytest.param("Write.", [], id="none"),
        *(pytest.param(f"To {p}.", [], id=p) for p in sorted(PLACEHOLDERS)),
        pytest.param("{a} {b} {a}", ["{a}", "{b}"], id="each-once"),
        pytest.param("To {operator", ["{operator"], id="not-closed"),
        pytest.param("To {}", ["{}"], id="empty"),
        pytest.param("To { operator }", ["{ operator }"], id="spaces"),
        pytest.param("To operator}", [], id="only-closed"),
        pytest.param(
            'To <a href="https://%7Boperator%7D.be">it</a>.',
            ["%7Boperator%7D"],
            id="in-an-address",
        ),
        pytest.param('<a href="https://x.be/%7B7f%7D">it</a>', [], id="own-braces"),
    ],
)
def test_audit_reads_placeholders(words: str, unfilled: list[str]) -> None:
    guide = with_text("step body", make_text(words=words))

    messages = [problem.message for problem in audit(guide, TODAY)]

    assert messages == [f"Nothing can fill {found} (body, en)." for found in unfilled]


# A step that nobody gets, without a source, in each guide below.
LOST_STEP = make_step(
    slug="dance", when=NEVER, sourcing=make_sourcing(sources=()), phase=Phase.AFTER
)


@pytest.mark.parametrize(
    ("guide", "codes", "is_partial"),
    [
        pytest.param(
            make_guide(steps=(CANCEL, LOST_STEP)),
            ["E203", "E401"],
            False,
            id="sound",
        ),
        pytest.param(
            make_guide(steps=(LOST_STEP, make_step(when=RAIN))),
            ["E101", "E203", "E401"],
            True,
            id="a-step-is-broken",
        ),
        pytest.param(
            make_guide(steps=(LOST_STEP, make_step(requires=("nothing",)))),
            ["E104", "E203", "E401"],
            True,
            id="what-a-step-requires-is-broken",
        ),
        pytest.param(
            make_guide(
                questions=(make_question(when=RAIN),),
                steps=(LOST_STEP,),
            ),
            ["E101", "E101", "E101", "E401"],
            True,
            id="a-question-is-broken",
        ),
        pytest.param(
            make_guide(
                questions=(
                    make_question(),
                    make_question(slug="line", choices=make_choices(slugs="aa")),
                ),
                steps=(LOST_STEP,),
            ),
            ["E108", "E401"],
            True,
            id="answers-cannot-be-told-apart",
        ),
        pytest.param(
            make_guide(
                steps=(CANCEL, LOST_STEP),
                letters=(make_letter(when=RAIN),),
                identifiers=(make_identifier(), make_identifier(slug="name")),
            ),
            ["E101", "E203", "E401"],
            True,
            id="a-letter-is-broken",
        ),
        pytest.param(
            make_guide(
                steps=(CANCEL, LOST_STEP),
                letters=(make_letter(),),
                identifiers=(make_identifier(), make_identifier()),
            ),
            ["E110", "E203", "E401"],
            True,
            id="an-identifier-is-broken",
        ),
        pytest.param(
            make_guide(
                steps=(CANCEL, LOST_STEP),
                letters=(make_letter(body=make_same("Of {Mobile number}.")),),
            ),
            ["E203", "E401", *["E503"] * 5],
            False,
            id="the-text-of-a-letter-is-broken",
        ),
        pytest.param(
            make_guide(
                steps=(CANCEL, LOST_STEP),
                faq=(make_faq_entry(when=RAIN),),
            ),
            ["E101", "E203", "E401"],
            False,
            id="what-nothing-rests-on-is-broken",
        ),
        pytest.param(
            make_guide(
                questions=(make_question(replacements=(("old", "nothing"),)),),
                steps=(LOST_STEP,),
            ),
            ["E109", "E203", "E301", "E301", "E401"],
            False,
            id="a-retired-code-is-broken",
        ),
    ],
)
def test_audit_goes_on_as_far_as_it_can(
    guide: Guide, codes: list[str], *, is_partial: bool
) -> None:
    problems = audit(guide, TODAY)

    assert [problem.code for problem in problems] == codes
    assert audit_module.is_partial(problems) is is_partial


def test_audit_proves_no_reach_of_what_depends_on_nothing() -> None:
    impossible = make_faq_entry(when=(*NEVER, *RAIN))
    guide = make_guide(steps=(CANCEL,), faq=(impossible,))

    assert found(guide) == [("E101", "faq entry", impossible.slug)]


def test_audit_finds_texts_missing_where_it_cannot_tell_who_reads_them() -> None:
    silent = make_step(slug="dance", when=NEVER, title=Text({}))
    sound = make_guide(steps=(CANCEL, silent))
    broken = msgspec.structs.replace(sound, questions=(make_question(when=RAIN),))

    assert ("E501", "step", "dance") not in found(sound)
    assert ("E501", "step", "dance") in found(broken)


def test_audit_puts_errors_first() -> None:
    undated = make_sourcing(checked_on=None)
    guide = make_guide(steps=(make_step(sourcing=undated, title=Text({})),))

    problems = audit(guide, TODAY)

    assert [problem.code for problem in problems] == ["E301", "E301", "E501", "W401"]
    assert [problem.is_error for problem in problems] == [True, True, True, False]


def test_audit_codes_are_all_tested() -> None:
    source = inspect.getsource(audit_module)
    tested = {code for case in BROKEN for code, _, _ in case.values[1]}
    tested |= {case.values[1] for case in SOURCINGS}
    tested |= {"E303", "E501", "E502", "E503", "W501"}  # tests of their own

    assert tested == set(re.findall(r'"([EW]\d{3})"', source))


def test_each_problem_has_a_name_of_its_own() -> None:
    bare = Text({"nl": "Stop"})
    guide = make_guide(
        questions=(make_question(), make_question(slug="line", when=(STOP,))),
        steps=(
            make_step(
                slug="wait",
                title=bare,
                body=Text({"en": "{a} {b}", "zh-hans": "{a}", "nl": "a", "de": "a"}),
                requires=("call", "write"),
            ),
            make_step(slug="call", when=NEVER),
            make_step(slug="write", when=(LOST,)),
        ),
    )

    problems = audit(guide, TODAY)

    identities = [problem.identity for problem in problems]
    assert len(set(identities)) == len(identities)
    assert "E502 step wait title zh-hans" in identities
    assert "E503 step wait body en {b}" in identities
    assert "E302 step wait write" in identities


def test_a_problem_keeps_its_name_while_it_lasts() -> None:
    def name(days_ago: int) -> list[str]:
        day = TODAY - timedelta(days=days_ago)
        sourcing = make_sourcing(checked_on=day, review_days=30)
        guide = with_steps(make_step(slug="wait", sourcing=sourcing))
        return [problem.identity for problem in audit(guide, TODAY)]

    assert name(31) == name(99) == ["W402 step wait"]
