"""Every problem of the audit is a sentence that an editor can act on."""

import inspect
import re

import pytest
from django.utils import translation

from guide.flow import audit as audit_module
from guide.flow.audit import Problem, all_texts, audit
from guide.flow.content import Guide, Phase, Role, Term, Text
from guide.names import names_in
from guide.problems_in_words import (
    FIELDS,
    KINDS,
    SENTENCES,
    TITLES,
    field_in_words,
    language_in_words,
    problem_in_words,
    problem_place,
)
from tests.flow.factories import (
    TODAY,
    make_channel,
    make_choice,
    make_fact,
    make_guide,
    make_operator,
    make_operator_guide,
    make_question,
    make_sound_guide,
    make_sourcing,
    make_step,
)
from tests.flow.test_audit import BROKEN

CODES = set(re.findall(r'"([EW]\d{3})"', inspect.getsource(audit_module)))


def test_each_code_has_its_sentence_and_title() -> None:
    assert set(SENTENCES) == set(TITLES) == CODES


@pytest.mark.parametrize(("guide", "problems"), BROKEN)
def test_sentences_are_whole(
    guide: Guide, problems: list[tuple[str, str, str]]
) -> None:
    names = names_in(guide)
    for problem in audit(guide, TODAY):
        for words in (problem_in_words(problem), problem_in_words(problem, names)):
            assert words.endswith(".")
            assert "%" not in words
        assert problem_place(problem, names)


def test_fields_are_those_of_the_guide() -> None:
    # Every sort of text there is, in one guide.
    guide = make_sound_guide()
    fields = {(kind, field) for kind, _, field, _, _ in all_texts(guide)}

    assert fields | {("operator", "name")} == set(FIELDS)
    assert {kind for kind, _ in fields} <= set(KINDS)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        pytest.param(
            Problem(
                *("E502", "step", "port", ""),
                (("field", "body"), ("language", "zh-hans")),
            ),
            "“what to do” has no text in Simplified Chinese.",
            id="field-and-language",
        ),
        pytest.param(
            Problem(
                *("W501", "step", "port", ""),
                (("language", "nl"), ("fields", "title, skip")),
            ),
            "Not translated into Dutch: title, what happens if you skip it.",
            id="fields",
        ),
        pytest.param(
            Problem("W402", "step", "port", "", (("checked_on", "2026-03-01"),)),
            "This was last checked on 1 March 2026 and is overdue.",
            id="day",
        ),
        pytest.param(
            Problem("E301", "guide", "checklist", "", (("case", "goal = stop"),)),
            "Visitors who answer “goal: stop” get no step",
            id="case-in-codes",
        ),
        pytest.param(
            Problem("E301", "guide", "checklist", "", (("case", "any"),)),
            "Visitors who answer anything at all get no step",
            id="any-case",
        ),
        pytest.param(
            Problem(
                *("E303", "step", "port", ""), (("step", "call"), ("role", "unlink"))
            ),
            "It stands before “call” (Moves an account off the number)",
            id="role",
        ),
        pytest.param(
            Problem(
                *("E503", "step", "port", ""),
                (("field", "why"), ("language", "fr"), ("placeholder", "{x%d}")),
            ),
            "“why” in French holds {x%d}, which nothing fills in.",
            id="placeholder",
        ),
        pytest.param(
            Problem("E999", "step", "port", "Something new is wrong."),
            "Something new is wrong.",
            id="unknown-code",
        ),
    ],
)
def test_sentences_speak_the_words_of_editors(problem: Problem, words: str) -> None:
    assert problem_in_words(problem).startswith(words)


def test_sentences_name_rows_as_editors_do() -> None:
    guide = make_guide(
        questions=(
            make_question(title=Text({"en": "What do you want?"})),
            make_question(
                slug="line",
                choices=(make_choice(slug="pack", label=Text({"en": "A pack"})),),
            ),
        ),
        steps=(
            make_step(
                slug="call",
                title=Text({"en": "Call {operator}", "fr": "Appelez {operator}"}),
                when=(Term("goal", ("stop",)),),
            ),
            make_step(slug="wait", requires=("call",), phase=Phase.AFTER),
        ),
    )
    names = names_in(guide)
    words = {
        problem.code: problem_in_words(problem, names)
        for problem in audit(guide, TODAY)
    }

    assert "“Call the operator”" in words["E302"]
    assert "answer “Stop” and “A pack” get no step" in words["E301"]
    with translation.override("fr"):
        assert names_in(guide)["step", "call"].startswith("Appelez ")


def test_names_tell_what_belongs_to_an_operator() -> None:
    operator = make_operator(channels=(make_channel(),), facts=(make_fact(),))

    names = names_in(make_operator_guide(operator=operator))

    assert names["channel", "meadow-account-page"] == "Meadow, Ending the line: Online"
    assert names["fact", "meadow-notice"] == "Meadow, Notice period"
    assert names["source", "operator-site"] == "Meadow: How to cancel"


def test_rows_without_a_name_go_by_their_code() -> None:
    guide = make_guide(steps=(make_step(slug="bare", title=Text({})),))
    problem = Problem("E501", "step", "bare", "", (("field", "title"),))

    assert names_in(guide)["step", "bare"] == "bare"
    assert problem_place(problem, names_in(guide)) == "Step: bare"
    assert problem_place(problem, {}) == "Step: bare"


def test_the_whole_guide_is_a_place() -> None:
    problem = Problem("E304", "guide", "checklist", "")

    assert problem_place(problem, {}) == "Guide: the guide as a whole"


def test_unknown_fields_and_languages_go_by_their_codes() -> None:
    assert field_in_words("step", "colour") == "colour"
    assert language_in_words("tlh") == "tlh"


def test_references_to_answers_are_named() -> None:
    guide = make_guide(
        questions=(make_question(replacements=(("cancel", "end"),)),),
        steps=(
            make_step(
                role=Role.CANCEL,
                when=(Term("goal", ("dance",)),),
                sourcing=make_sourcing(),
            ),
        ),
    )
    names = names_in(guide)

    words = [problem_in_words(problem, names) for problem in audit(guide, TODAY)]

    assert words[0].startswith(
        "It depends on the answer “dance”, which the question “What do you want?”"
    )
    assert "“end” is none" in words[1]
