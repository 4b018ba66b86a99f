"""
What holds for whatever a visitor answers, and for every guide.

Where guides are small, all complete answers are walked and compared with what the
engine proves without walking. Hypothesis is derandomised: each run is the same.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from guide.flow.answers import Answers, parse, to_query
from guide.flow.audit import ROLE_ORDER, audit
from guide.flow.conditions import Outcomes, holds, longest, outcomes
from guide.flow.content import Choice, Guide, Kind, Phase, Question, Role, Step, Term
from guide.flow.engine import Checklist, Position, checklist, resolve
from tests.flow.factories import (
    TODAY,
    make_choice,
    make_guide,
    make_question,
    make_sound_guide,
    make_step,
)

GUIDE = make_sound_guide()
A_DAY = "2027-03-01"

few = settings(derandomize=True, database=None, deadline=None, max_examples=100)
many = settings(few, max_examples=200)


# Walking all complete answers


def replies(position: Position) -> list[tuple[str, ...]]:
    """Return every answer to the open question; one day stands for all."""
    assert position.question is not None
    single = [(choice.slug,) for choice in position.choices]
    if position.question.kind is Kind.DATE:
        return [*single, (A_DAY,)]
    if position.question.kind is not Kind.MANY:
        return single
    alone = [(choice.slug,) for choice in position.choices if choice.exclusive]
    others = [choice.slug for choice in position.choices if not choice.exclusive]
    sizes = range(1, len(others) + 1)
    return alone + [codes for size in sizes for codes in combinations(others, size)]


def answered_with(guide: Guide, position: Position, codes: tuple[str, ...]) -> Position:
    assert position.question is not None
    answers = {**position.answers, position.question.slug: codes}
    return resolve(guide, answers, TODAY)


def walk(guide: Guide, position: Position) -> Iterator[Position]:
    """Yield the complete positions that can follow *position*."""
    if position.question is None:
        yield position
        return
    for codes in replies(position):
        yield from walk(guide, answered_with(guide, position, codes))


def all_positions(guide: Guide) -> list[Position]:
    return list(walk(guide, resolve(guide, {}, TODAY)))


@cache
def sound_positions() -> tuple[Position, ...]:
    return tuple(all_positions(GUIDE))


@cache
def sound_checklists() -> tuple[tuple[Position, Checklist], ...]:
    return tuple((p, checklist(GUIDE, p, TODAY)) for p in sound_positions())


def walked_outcomes(
    positions: list[Position], terms: frozenset[Term]
) -> frozenset[frozenset[Term]]:
    return frozenset(
        frozenset(term for term in terms if holds([term], position.known))
        for position in positions
    )


# Strategies


def anything_for(guide: Guide) -> st.SearchStrategy[Answers]:
    """Return answers as a mangled address may hold them."""
    codes = sorted({c.slug for question in guide.questions for c in question.choices})
    retired = [old for q in guide.questions for old, _ in q.replacements]
    days = st.dates().map(str) | st.sampled_from([A_DAY, "2027-02-30", "2030-12-31"])
    code = st.sampled_from([*codes, *retired]) | days | st.text(max_size=12)
    key = st.sampled_from([question.slug for question in guide.questions])
    return st.dictionaries(
        key | st.text(max_size=8), st.lists(code, max_size=4).map(tuple), max_size=12
    )


@st.composite
def likely_answers(draw: st.DrawFn, guide: Guide = GUIDE) -> Answers:
    """Return answers of which each could be one, possible together or not."""
    answers = {}
    for question in draw(st.permutations(guide.questions)):
        codes = [choice.slug for choice in question.choices]
        codes += [old for old, _ in question.replacements]
        if question.kind is Kind.DATE:
            codes += [A_DAY, "2027-04-30"]
        most = 3 if question.kind is Kind.MANY else 1
        answers[question.slug] = tuple(
            draw(st.lists(st.sampled_from(codes), min_size=0, max_size=most))
        )
    return answers


@st.composite
def complete_positions(draw: st.DrawFn) -> Position:
    return draw(st.sampled_from(sound_positions()))


mangled = anything_for(GUIDE) | likely_answers()


@st.composite
def conditions(draw: st.DrawFn, questions: list[Question]) -> tuple[Term, ...]:
    """Return conditions about *questions*, at most two terms."""
    askable = [question for question in questions if question.choices]
    if not askable:
        return ()
    terms = []
    for _ in range(draw(st.integers(0, 2))):
        question = draw(st.sampled_from(askable))
        codes = draw(
            st.lists(
                st.sampled_from([choice.slug for choice in question.choices]),
                min_size=1,
                max_size=2,
                unique=True,
            )
        )
        terms.append(Term(question.slug, tuple(codes), draw(st.booleans())))
    return tuple(terms)


@st.composite
def question_lists(draw: st.DrawFn) -> tuple[Question, ...]:
    """Return up to four questions, each of which may depend on those before it."""
    questions: list[Question] = []
    for slug in ("goal", "line", "linked", "end")[: draw(st.integers(1, 4))]:
        kind = draw(st.sampled_from([Kind.ONE, Kind.MANY, Kind.MANY, Kind.DATE]))
        count = draw(st.integers(0 if kind is Kind.DATE else 1, 3))
        choices: list[Choice] = [
            make_choice(
                slug=code,
                exclusive=draw(st.booleans()) if code == "none" else False,
                when=draw(conditions(questions)) if draw(st.booleans()) else (),
            )
            for code in ("bank", "chat", "none")[:count]
        ]
        questions.append(
            make_question(
                slug=slug,
                kind=kind,
                choices=tuple(choices),
                when=draw(conditions(questions)),
            )
        )
    return tuple(questions)


@st.composite
def guides(draw: st.DrawFn) -> Guide:
    """Return small guides, sound and broken, whose references are whole."""
    questions = draw(question_lists())
    slugs = ("call", "write", "wait", "erase")[: draw(st.integers(0, 4))]
    # Most steps stand in one phase, where only `requires` puts them in order.
    after = draw(st.integers(2, 4))
    steps = [
        make_step(
            slug=slug,
            phase=Phase.CANCEL if index < after else Phase.AFTER,
            must=draw(st.booleans()),
            role=draw(st.sampled_from(Role)),
            requires=draw(
                st.lists(st.sampled_from(slugs[:index]), max_size=1).map(tuple)
                if index
                else st.just(())
            ),
            when=draw(conditions(list(questions))),
        )
        for index, slug in enumerate(slugs)
    ]
    # What is required may stand behind.
    return make_guide(questions=questions, steps=tuple(draw(st.permutations(steps))))


# What holds for every address


@many
@given(answers=mangled)
def test_any_answers_lead_to_a_question_or_a_checklist(answers: Answers) -> None:
    position = resolve(GUIDE, answers, TODAY)
    made = checklist(GUIDE, position, TODAY)

    if position.question is not None:
        assert position.choices or position.question.kind is Kind.DATE
    else:
        assert [p for p in made.phases if p.phase is Phase.CANCEL and p.steps]


@many
@given(query=st.text(max_size=80) | mangled.map(to_query))
def test_any_query_can_be_read(query: str) -> None:
    position = resolve(GUIDE, parse(query), TODAY)

    assert resolve(GUIDE, parse(to_query(position.answers)), TODAY) is not None


@many
@given(answers=mangled)
def test_canonical_query_round_trips(answers: Answers) -> None:
    position = resolve(GUIDE, answers, TODAY)

    again = resolve(GUIDE, parse(to_query(position.answers)), TODAY)

    assert list(again.answers.items()) == list(position.answers.items())
    assert again.dropped == ()
    assert again.known == position.known
    assert again.answered == position.answered
    assert again.question == position.question
    assert again.choices == position.choices
    assert again.at_most == position.at_most


def test_canonical_query_round_trips_for_all_complete_answers() -> None:
    for position in sound_positions():
        again = resolve(GUIDE, parse(to_query(position.answers)), TODAY)

        assert again == position
        assert again.dropped == ()


@many
@given(answers=mangled, data=st.data())
def test_answering_removes_no_earlier_answer(
    answers: Answers, data: st.DataObject
) -> None:
    position = resolve(GUIDE, answers, TODAY)

    while position.question is not None:
        codes = data.draw(st.sampled_from(replies(position)))
        following = answered_with(GUIDE, position, codes)
        before = len(position.answered)

        assert following.answered[:before] == position.answered
        assert following.answered[before].question == position.question
        assert following.answers[position.question.slug] == codes
        assert following.number <= following.at_most <= position.at_most
        position = following

    assert len(position.answered) == position.at_most


@many
@given(position=complete_positions(), data=st.data())
def test_changing_an_answer_names_what_is_lost(
    position: Position, data: st.DataObject
) -> None:
    changed = data.draw(st.sampled_from(list(position.answers)))
    question = GUIDE.question(changed)
    assert question is not None
    code = data.draw(st.sampled_from([choice.slug for choice in question.choices]))

    following = resolve(GUIDE, {**position.answers, changed: (code,)}, TODAY)

    named = {dropped.question for dropped in following.dropped}
    for slug, codes in position.answers.items():
        if slug != changed and slug not in named:
            assert codes in (following.answers.get(slug), following.known.get(slug))


@many
@given(answers=mangled)
def test_number_of_questions_is_at_most_what_was_said(answers: Answers) -> None:
    position = resolve(GUIDE, answers, TODAY)

    numbers = [end.number for end in walk_one(position)]

    assert len(position.answered) <= position.number <= position.at_most
    assert max(numbers) <= position.at_most


def walk_one(position: Position) -> Iterator[Position]:
    """Yield two complete positions: always the first reply, and always the last."""
    for index in (0, -1):
        current = position
        while current.question is not None:
            current = answered_with(GUIDE, current, replies(current)[index])
        yield current


# What holds for every checklist of a sound guide


def test_sound_guide_has_no_problem() -> None:
    assert audit(GUIDE, TODAY) == ()


def test_every_checklist_has_something_to_do() -> None:
    for position, made in sound_checklists():
        phases = [phase.phase for phase in made.phases]

        assert Phase.CANCEL in phases, position.answers
        assert phases == sorted(phases, key=list(Phase).index)
        assert all(phase.steps for phase in made.phases)


def test_every_checklist_moves_a_kept_number_first() -> None:
    for position, made in sound_checklists():
        roles = [step.step.role for step in made.steps]

        if position.chosen("goal") == ("keep-number",):
            assert Role.PORT in roles
            assert Role.CANCEL not in roles[: roles.index(Role.PORT)]
        else:
            assert Role.PORT not in roles


def test_every_checklist_keeps_the_order_of_roles() -> None:
    for _, made in sound_checklists():
        roles = [step.step.role for step in made.steps]

        for first, second in ROLE_ORDER:
            assert not is_wrong_way_round(roles, first, second)


def is_wrong_way_round(roles: list[Role], first: Role, second: Role) -> bool:
    """Tell whether a step of role *second* stands before one of role *first*."""
    return second in roles and first in roles[roles.index(second) :]


def test_every_checklist_has_required_steps_first() -> None:
    for _, made in sound_checklists():
        slugs = [step.step.slug for step in made.steps]
        numbers = {step.step.slug: step.number for step in made.steps}

        for place, step in enumerate(made.steps):
            assert set(step.step.requires) <= set(slugs[:place])
            assert step.first == tuple(sorted(numbers[s] for s in step.step.requires))


def test_every_checklist_is_numbered_without_a_gap() -> None:
    for _, made in sound_checklists():
        numbers = [step.number for step in made.steps if step.number is not None]

        assert numbers == list(range(1, len(numbers) + 1))


def test_every_checklist_gives_reasons_that_were_chosen() -> None:
    for position, made in sound_checklists():
        for step in made.steps:
            for reason in step.reasons:
                chosen = position.chosen(reason.question.slug)

                assert reason.choices
                assert {choice.slug for choice in reason.choices} <= set(chosen)


# What conditions prove without a walk is what a walk finds


def all_terms(guide: Guide) -> list[Term]:
    """Return every term of *guide*, and one for and against each choice."""
    terms = {
        term
        for question in guide.questions
        for when in (question.when, *(choice.when for choice in question.choices))
        for term in when
    }
    terms |= {term for step in guide.steps for term in step.when}
    terms |= {
        Term(question.slug, (choice.slug,), excluding)
        for question in guide.questions
        for choice in question.choices
        for excluding in (False, True)
    }
    return sorted(terms, key=lambda term: (term.question, term.codes, term.excluding))


@cache
def sound_truths() -> frozenset[frozenset[Term]]:
    """Return what each walk through the sound guide makes true."""
    terms = frozenset(all_terms(GUIDE))
    return walked_outcomes(list(sound_positions()), terms)


@few
@given(terms=st.sets(st.sampled_from(all_terms(GUIDE)), max_size=8).map(frozenset))
def test_outcomes_are_those_of_all_complete_answers(terms: frozenset[Term]) -> None:
    assert outcomes(GUIDE, terms) == {truth & terms for truth in sound_truths()}


def test_outcomes_of_many_questions_are_those_of_all_complete_answers() -> None:
    slugs = {q.slug for q in GUIDE.questions if q.kind is Kind.MANY}
    terms = frozenset(term for term in all_terms(GUIDE) if term.question in slugs)

    assert outcomes(GUIDE, terms) == {truth & terms for truth in sound_truths()}


def test_longest_is_that_of_all_complete_answers() -> None:
    found = longest(GUIDE, {}, 0)

    assert found == max(len(p.answered) for p in sound_positions())


@few
@given(answers=mangled)
def test_at_most_is_reached_by_some_answers(answers: Answers) -> None:
    position = resolve(GUIDE, answers, TODAY)
    # The walk names one day for all; nothing is asked behind it.
    known = {slug: codes for slug, codes in position.known.items() if slug != "end"}

    ends = [end for end in sound_positions() if known.items() <= end.known.items()]

    assert position.at_most == max(len(end.answered) for end in ends)


@many
@given(guide=guides(), data=st.data())
def test_outcomes_of_any_guide_are_those_of_all_complete_answers(
    guide: Guide, data: st.DataObject
) -> None:
    possible = all_terms(guide) or [Term("goal", ("bank",))]
    some = st.frozensets(st.sampled_from(possible), max_size=6)
    known = Outcomes(guide)

    positions = all_positions(guide)

    for terms in data.draw(st.lists(some, min_size=1, max_size=3)):
        assert known.of(terms) == walked_outcomes(positions, terms)
        assert known.of(terms) == outcomes(guide, terms)
    assert longest(guide, {}, 0) == max(len(p.answered) for p in positions)


@many
@given(guide=guides())
def test_audit_of_any_guide_is_what_all_checklists_show(guide: Guide) -> None:
    positions = all_positions(guide)
    lists = [checklist(guide, p, TODAY).steps for p in positions]
    steps = [{item.step.slug: item.step for item in items} for items in lists]
    roles = [[item.step.role for item in items] for items in lists]

    found = {(problem.code, problem.slug) for problem in audit(guide, TODAY)}

    assert not any(code.startswith("E1") for code, _ in found)
    assert {slug for code, slug in found if code == "E203"} == {
        step.slug for step in guide.steps if not any(step.slug in s for s in steps)
    }
    assert {slug for code, slug in found if code == "E302"} == {
        step.slug
        for here in steps
        for step in here.values()
        if any(slug not in here for slug in step.requires)
    }
    assert any(code == "E303" for code, _ in found) == any(
        is_wrong_way_round(here, first, second)
        for here in roles
        for first, second in ROLE_ORDER
    )
    if not any(code == "E301" for code, _ in found):
        assert all(has_action(here.values()) for here in steps)
    if not any(code == "E307" for code, _ in found):
        assert all(
            any(step.role is Role.UNLINK for step in here.values())
            for position, here in zip(positions, steps, strict=True)
            if has_linked(guide, position)
        )


def has_linked(guide: Guide, position: Position) -> bool:
    question = guide.question("linked")
    return question is not None and any(
        choice.slug in position.chosen("linked") and not choice.exclusive
        for choice in question.choices
    )


def has_action(steps: Iterable[Step]) -> bool:
    return any(
        step.phase is Phase.CANCEL
        and step.must
        and step.role in {Role.PORT, Role.CANCEL}
        for step in steps
    )


@few
@given(guide=guides(), data=st.data())
def test_any_guide_takes_any_answers(guide: Guide, data: st.DataObject) -> None:
    answers = data.draw(anything_for_any())

    position = resolve(guide, answers, TODAY)
    again = resolve(guide, parse(to_query(position.answers)), TODAY)

    assert list(again.answers.items()) == list(position.answers.items())
    assert again.question == position.question
    assert again.dropped == ()
    assert position.number <= position.at_most


def anything_for_any() -> st.SearchStrategy[Answers]:
    key = st.sampled_from(["goal", "line", "linked", "end"])
    code = st.sampled_from(["bank", "chat", "none", A_DAY, "teapot"])
    return st.dictionaries(key, st.lists(code, max_size=4).map(tuple))
