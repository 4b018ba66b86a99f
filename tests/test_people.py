"""People of all kinds, and what their checklists must and must not say."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from django.test import Client

from guide.flow.answers import Answers, to_query
from guide.flow.content import Guide, Phase, Role
from guide.flow.engine import Checklist, checklist, resolve
from guide.flow.schedule import is_working_day
from guide.length import length_of, most_in
from tests.conftest import LANGUAGES

# All cases are read on this day, so that no date of theirs passes.
TODAY = date(2026, 11, 22)
MOST_STEPS = 15

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody's answers, and what must come of them."""

    name: str
    who: str
    answers: Answers
    must: tuple[str, ...]  # steps on the list
    never: tuple[str, ...]  # steps that would harm or mislead
    order: tuple[str, ...]  # steps in this order, others between them or not
    common: bool = False  # so frequent that the list must be short


def people() -> list[Person]:
    """Read the table of cases."""
    rows = yaml.safe_load(Path(__file__).with_name("people.yaml").read_text())
    for row in rows:
        row["answers"] = {
            question: tuple(map(str, given if isinstance(given, list) else [given]))
            for question, given in row["answers"].items()
        }
        row |= {name: tuple(row[name]) for name in ("must", "never", "order")}
    return [Person(**row) for row in rows]


PEOPLE = people()
EVERYBODY = pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)


def list_of(guide: Guide, person: Person) -> Checklist:
    return checklist(guide, resolve(guide, person.answers, TODAY), TODAY)


def open_steps(result: Checklist) -> int:
    """Return how many steps stand open: what must be known, and each number once."""
    shown = [item for phase in result.phases for item in phase.shown]
    known = sum(item.step.phase is Phase.KNOW for item in shown)
    return known + len({item.number for item in shown} - {None})


def test_people_are_many_and_each_has_a_name() -> None:
    names = [person.name for person in PEOPLE]

    assert len(names) >= 60
    assert len(set(names)) == len(names)
    assert sum(person.common for person in PEOPLE) >= 20


@pytest.mark.parametrize("question", ["goal", "line", "phone", "card", "linked"])
def test_people_give_every_answer(seed_guide: Guide, question: str) -> None:
    asked = seed_guide.question(question)
    assert asked is not None

    given = {code for person in PEOPLE for code in person.answers.get(question, ())}

    assert {choice.slug for choice in asked.choices} <= given


@EVERYBODY
def test_person_answers_all_questions(seed_guide: Guide, person: Person) -> None:
    position = resolve(seed_guide, person.answers, TODAY)

    assert position.question is None
    assert position.dropped == ()
    assert position.answers.keys() == person.answers.keys()


@EVERYBODY
def test_person_gets_the_steps_that_fit(seed_guide: Guide, person: Person) -> None:
    slugs = [item.step.slug for item in list_of(seed_guide, person).steps]

    assert [step for step in person.must if step not in slugs] == []
    assert [step for step in person.never if step in slugs] == []
    assert [step for step in slugs if step in person.order] == list(person.order)


@EVERYBODY
def test_table_speaks_of_steps_that_exist(seed_guide: Guide, person: Person) -> None:
    spoken_of = {*person.must, *person.never, *person.order}

    assert spoken_of <= {step.slug for step in seed_guide.steps}


@pytest.mark.parametrize(
    "person", [p for p in PEOPLE if p.common], ids=lambda person: person.name
)
def test_common_case_has_few_steps_open(seed_guide: Guide, person: Person) -> None:
    assert open_steps(list_of(seed_guide, person)) <= MOST_STEPS


# What holds for everybody


@EVERYBODY
def test_must_steps_come_before_those_worth_doing(
    seed_guide: Guide, person: Person
) -> None:
    for phase in list_of(seed_guide, person).phases:
        musts = [item.step.must for item in phase.steps]
        assert musts == sorted(musts, reverse=True)


@EVERYBODY
def test_nobody_who_keeps_the_number_is_told_to_end_the_line(
    seed_guide: Guide, person: Person
) -> None:
    steps = list_of(seed_guide, person).steps
    roles = {item.step.role for item in steps}

    if "keep-number" in person.answers["goal"]:
        assert Role.PORT in roles
        assert Role.CANCEL not in roles
        assert not [item for item in steps if item.step.shows_channels == "cancel"]
    else:
        assert Role.PORT not in roles


@EVERYBODY
def test_required_steps_are_shown_earlier(seed_guide: Guide, person: Person) -> None:
    steps = list_of(seed_guide, person).steps
    seen: set[str] = set()
    for item in steps:
        assert set(item.step.requires) <= seen
        seen.add(item.step.slug)
        assert item.number is None or all(first < item.number for first in item.first)


@EVERYBODY
def test_nothing_that_must_be_done_stands_behind_what_is_deleted(
    seed_guide: Guide, person: Person
) -> None:
    steps = [item.step for item in list_of(seed_guide, person).steps]
    musts = [step for step in steps if step.must]
    erases = [number for number, step in enumerate(musts) if step.role is Role.ERASE]

    assert erases == list(range(len(musts) - len(erases), len(musts)))


@EVERYBODY
def test_deleting_never_takes_the_place_of_ending(
    seed_guide: Guide, person: Person
) -> None:
    roles = [item.step.role for item in list_of(seed_guide, person).steps]
    erases = [number for number, role in enumerate(roles) if role is Role.ERASE]
    ends = [n for n, role in enumerate(roles) if role in {Role.CANCEL, Role.PORT}]
    confirms = [n for n, role in enumerate(roles) if role is Role.CONFIRM]

    assert ends
    if erases:
        assert confirms
        assert max(ends + confirms) < erases[0]


@EVERYBODY
def test_each_account_is_moved_before_the_line_ends(
    seed_guide: Guide, person: Person
) -> None:
    steps = list_of(seed_guide, person).steps
    linked = [code for code in person.answers.get("linked", ()) if code != "none"]
    roles = [item.step.role for item in steps]
    end = min(n for n, role in enumerate(roles) if role in {Role.CANCEL, Role.PORT})

    moved = [i.step.slug for i in steps[:end] if i.step.role is Role.UNLINK]

    assert sorted(moved) == sorted(f"unlink-{code}" for code in linked)


@EVERYBODY
def test_dates_run_forward_among_what_stands_open(
    seed_guide: Guide, person: Person
) -> None:
    for phase in list_of(seed_guide, person).phases:
        for steps in (phase.shown, phase.folded):
            days = [item.due.days for item in steps if item.due]
            assert all(day <= later for day, later in pairwise(days))


@pytest.mark.parametrize(
    "person",
    [p for p in PEOPLE if "deceased" in p.answers["goal"]],
    ids=lambda person: person.name,
)
def test_heirs_are_sent_where_no_login_is_needed(
    seed_guide: Guide, person: Person
) -> None:
    """Nobody but the holder can log in, unless there is no other way."""
    for item in list_of(seed_guide, person).steps:
        logins = [c.kind in {"online", "app"} for c in item.channels]
        assert logins == sorted(logins)


PREPAID = {
    "goal": ("stop",),
    "line": ("prepaid",),
    "operator": ("base",),
    "card": ("physical",),
    "situation": ("none",),
    "linked": ("none",),
    "place": ("leaving",),
    "end": ("2027-01-02",),
}


def test_a_prepaid_card_is_ended_with_room_for_an_answer(seed_guide: Guide) -> None:
    position = resolve(seed_guide, PREPAID, TODAY)
    steps = checklist(seed_guide, position, TODAY).steps
    dues = {item.step.slug: item.due for item in steps}

    # The end is a Saturday; a letter needs its days, and its first one a counter.
    assert dues["stop-prepaid"].on == date(2026, 12, 18)
    # Nobody knows when a card that nobody tops up lapses.
    assert dues["check-ended-prepaid"] is None
    assert dues["erase-prepaid-data"] is None
    assert "erase-data" not in dues


TRAVEL = {
    "goal": ("stop",),
    "line": ("travel-esim",),
    "operator": ("airalo",),
    "phone": ("iphone",),
    "place": ("abroad",),
    "end": ("2027-01-02",),
}


@pytest.mark.parametrize(
    ("answers", "confirming"),
    [
        (TRAVEL, "check-travel-ended"),
        (PREPAID | {"card": ("esim",), "phone": ("iphone",)}, "check-ended-prepaid"),
    ],
    ids=["travel", "prepaid"],
)
def test_an_esim_without_a_bill_waits_for_its_end_alone(
    seed_guide: Guide, answers: Answers, confirming: str
) -> None:
    position = resolve(seed_guide, answers, TODAY)
    steps = checklist(seed_guide, position, TODAY).steps
    found = {item.step.slug: item for item in steps}

    deleting = found["delete-prepaid-esim-iphone"]
    assert deleting.due is None
    assert deleting.first == (found[confirming].number,)
    assert "delete-esim-iphone" not in found


@pytest.mark.parametrize("end", ["2027-01-04", "2027-01-05", "2027-01-09"])
def test_a_number_is_moved_with_working_days_to_spare(
    seed_guide: Guide, end: str
) -> None:
    answers = PREPAID | {"goal": ("keep-number",), "end": (end,)}
    del answers["linked"]
    position = resolve(seed_guide, answers, TODAY)
    steps = checklist(seed_guide, position, TODAY, days_off={date(2027, 1, 1)}).steps
    dues = {item.step.slug: item.due for item in steps}

    day = dues["port"].on
    last = position.ends_on
    between = (day + timedelta(days=n) for n in range(1, (last - day).days + 1))
    # The move itself takes one, the check of the operators before it at least one.
    assert sum(is_working_day(one, {date(2027, 1, 1)}) for one in between) >= 1
    assert dues["port-prepare"].on < day <= last - timedelta(days=3)
    assert is_working_day(day, {date(2027, 1, 1)})


def test_parts_are_numbered_within_their_step(seed_guide: Guide) -> None:
    person = next(p for p in PEOPLE if len(p.answers.get("linked", ())) == 8)
    steps = list_of(seed_guide, person).steps

    parts = [item for item in steps if item.part is not None]

    assert [item.part for item in parts] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert len({item.number for item in parts}) == 1
    assert {item.step.role for item in parts} == {Role.UNLINK}


# How much a reader sees at once


@dataclass
class Seen:
    """The words of one step that stand open."""

    step: str
    words: list[str] = field(default_factory=list)


class OpenWords(HTMLParser):
    """
    Collect what can be read in each step of a checklist before anything unfolds.

    What `details` in a step hold unfolds, their summary does not. The name of a step
    counts wherever it stands; words for screen readers only do not count.
    """

    VOID = frozenset({"input", "br", "hr", "img", "link", "meta"})

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Seen] = []
        self._stack: list[tuple[str, str, Seen | None, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.VOID:
            return
        found = dict(attrs)
        classes = (found.get("class") or "").split()
        step, is_hidden = self._stack[-1][2:] if self._stack else (None, False)
        inside = [kind for _, kind, _, _ in self._stack]
        kind = ""
        if tag == "li" and {"step", "group"} & set(classes):
            step = Seen(found.get("data-step") or "accounts")
            self.seen.append(step)
        elif tag == "section" and "first" in classes:
            kind = "first"
        elif tag == "details" and inside[-1:] == ["first"]:
            step = Seen("to know")
            self.seen.append(step)
        elif tag == "details" and {"more", "plan-b", "trace"} & set(classes):
            assert "open" not in found
            kind, is_hidden = "more", True
        elif tag == "summary" and inside[-1:] == ["more"]:
            is_hidden = False
        if "visually-hidden" in classes or "due" in classes:
            is_hidden = True
        self._stack.append((tag, kind, step, is_hidden))

    def handle_endtag(self, tag: str) -> None:
        while self._stack and self._stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._stack and data.strip():
            _, _, step, is_hidden = self._stack[-1]
            if step is not None and not is_hidden:
                step.words.append(data)


@EVERYBODY
def test_steps_are_short_until_their_details_unfold(
    client: Client, seed_guide: Guide, person: Person
) -> None:
    steps = list_of(seed_guide, person).steps
    known = [item for item in steps if item.number is None]
    groups = {item.number for item in steps if item.part}
    with_ways = [item for item in steps if item.channels]
    query = to_query(resolve(seed_guide, person.answers, TODAY).answers)
    too_long = []

    for language in LANGUAGES:
        response = client.get(f"/{language}/checklist/?{query}&v=1")
        html = response.content.decode()
        page = OpenWords()
        page.feed(html)
        lengths = [
            (seen.step, length_of(" ".join(seen.words), language)) for seen in page.seen
        ]

        assert html.count('class="best"') == len(with_ways)
        assert len(lengths) == len(steps) + len(groups)
        assert [step for step, _ in lengths[: len(known)]] == ["to know"] * len(known)
        assert all(length > 5 for _, length in lengths)
        too_long += [
            (language, step, length)
            for step, length in lengths
            if length > most_in(language)
        ]

    assert too_long == []
