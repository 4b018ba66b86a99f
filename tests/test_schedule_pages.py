"""Checklists with their dates: weekdays, what is late, what to do instead."""

import re
from datetime import UTC, date, datetime

import msgspec
import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from guide import days_off, models, views, wording
from guide.flow.answers import Answers, to_query
from guide.flow.content import Guide, Text
from guide.flow.schedule import Due
from guide.publishing import Edition
from tests.conftest import LANGUAGES
from tests.test_rendering import readable

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
CASE = {
    "goal": ("stop",),
    "line": ("subscription",),
    "operator": ("proximus",),
    "card": ("physical",),
    "situation": ("none",),
    "linked": ("bank",),
    "place": ("leaving",),
}


def html_of(
    guide: Guide,
    rf: RequestFactory,
    *,
    end: str,
    place: str = "leaving",
    language: str = "en",
    today: date = TODAY,
    case: Answers = CASE,
) -> str:
    query = to_query({**case, "place": (place,), "end": (end,)})
    request = rf.get(f"/{language}/checklist/?{query}&v=1")
    request.htmx = False
    request.edition = Edition(
        number=1, published_at=datetime.now(UTC), guide=guide, as_of=today
    )
    with translation.override(language):
        response = views.checklist(request)
        assert response.status_code == 200, response.headers
        return re.sub(r"\s+", " ", response.render().content.decode())


def step_in(html: str, slug: str) -> str:
    return html.partition(f'data-step="{slug}"')[2].partition("</li> <li class=")[0]


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "Friday 25 December 2026"),
        ("nl", "vrijdag 25 december 2026"),
        ("fr", "vendredi 25 décembre 2026"),
        ("de", "Freitag, 25. Dezember 2026"),
        ("zh-hans", "2026 年 12 月 25 日（星期五）"),
    ],
)
def test_days_are_shown_with_their_weekday(
    seed_guide: Guide, rf: RequestFactory, language: str, day: str
) -> None:
    html = html_of(seed_guide, rf, end="2027-01-24", language=language)

    assert day in step_in(html, "check-contract")
    with translation.override(language):
        assert wording.day_in_words(date(2026, 12, 25)) == day


@pytest.mark.parametrize(
    ("end", "moved"),
    [
        ("2027-01-24", "not on Friday 25 December 2026: public holiday"),
        ("2027-01-25", "not on Saturday 26 December 2026: weekend"),
    ],
)
def test_a_step_at_a_counter_is_moved_to_a_working_day_and_says_so(
    seed_guide: Guide, rf: RequestFactory, end: str, moved: str
) -> None:
    bank = step_in(html_of(seed_guide, rf, end=end), "unlink-bank")

    assert "by Thursday 24 December 2026" in bank
    assert moved in bank


def test_what_comes_after_the_end_says_from_when(
    seed_guide: Guide, rf: RequestFactory
) -> None:
    html = html_of(seed_guide, rf, end="2027-01-15")

    assert "from Sunday 14 February 2027" in step_in(html, "final-bill")
    assert "late for your date" not in html


def test_what_is_late_stands_on_top_with_a_plan_b(
    seed_guide: Guide, rf: RequestFactory
) -> None:
    html = html_of(seed_guide, rf, end="2026-12-05")

    top = html.partition('<section class="first"')[0]
    assert re.search(r"\d+ steps are late for your date", top)
    plan = seed_guide.step("cancel-line").plan_b.read("en")
    assert "Send your request today" in plan
    assert readable("Send your request today") in readable(top)
    day = wording.day_in_words(date(2026, 12, 23))
    assert f"With {day} or a later day as end date, nothing is late" in top
    assert "/en/guide/end/?" in top
    assert "was due by Thursday 5 November 2026" in step_in(html, "unlink-bank")
    assert 'class="plan-b"' in step_in(html, "unlink-bank")


def test_what_is_late_stands_open_and_says_what_is_still_possible(
    seed_guide: Guide, rf: RequestFactory
) -> None:
    without = msgspec.structs.replace(
        seed_guide,
        steps=tuple(
            msgspec.structs.replace(step, plan_b=Text({}))
            if step.slug == "cancel-line"
            else step
            for step in seed_guide.steps
        ),
    )

    top = html_of(without, rf, end="2026-12-05").partition('<section class="first"')[0]

    late = top.partition("What is late, and what to do instead")
    assert late[0].rstrip().endswith("<details open> <summary>")
    assert late[2].count('<a href="#step-') > 3
    assert late[2].count("Still possible: do it now.") == 1


def test_what_is_late_once_the_line_has_ended_may_not_be_possible_any_more(
    seed_guide: Guide, rf: RequestFactory
) -> None:
    steps = tuple(
        msgspec.structs.replace(step, plan_b=Text({})) for step in seed_guide.steps
    )

    html = html_of(
        msgspec.structs.replace(seed_guide, steps=steps), rf, end="2026-11-01"
    )

    assert "<details open> <summary>What is late" in html
    assert "Still possible" not in html


def test_a_date_that_fits_leaves_nothing_late(
    seed_guide: Guide, rf: RequestFactory
) -> None:
    html = html_of(seed_guide, rf, end="2026-12-23")

    assert "late for your date" not in html
    assert 'class="plan-b"' not in html
    assert 'class="late"' not in html


def test_who_is_abroad_is_told_what_to_do_instead(
    seed_guide: Guide, rf: RequestFactory
) -> None:
    html = html_of(seed_guide, rf, end="2027-01-15", place="abroad")

    assert "late for your date" not in html
    assert 'class="plan-b"' in step_in(html, "unlink-bank")


def test_a_past_end_date_is_said_first(seed_guide: Guide, rf: RequestFactory) -> None:
    html = html_of(seed_guide, rf, end="2026-11-01")

    top = html.partition('<section class="first"')[0]
    assert "The end date you gave has passed" in top
    assert "nothing is late" not in top
    ended = step_in(html, "check-ended")
    assert "since Monday 2 November 2026" in ended
    assert "was due" not in ended


def test_your_dates_stand_in_order_and_name_no_past_day(
    seed_guide: Guide, rf: RequestFactory
) -> None:
    html = html_of(seed_guide, rf, end="2026-12-05")

    dates = html.partition('class="dates"')[2].partition("</details>")[0]
    days = re.findall(r"<dt>(.*?)</dt>", dates)
    assert "as soon as you can" in days[0]
    read = [datetime.strptime(day, "%A %d %B %Y").date() for day in days[1:]]
    assert read == sorted(set(read))
    assert all(day >= TODAY for day in read)
    assert "Your end date" in dates


def test_without_a_date_steps_say_how_long_before(
    seed_guide: Guide, rf: RequestFactory
) -> None:
    html = html_of(seed_guide, rf, end="skip")

    assert "2 weeks before the end" in step_in(html, "cancel-line")
    assert 'class="dates"' not in html
    assert "Change the date" not in html


def test_an_operators_own_limit_is_named(seed_guide: Guide, rf: RequestFactory) -> None:
    case = {
        "goal": ("keep-number",),
        "line": ("prepaid",),
        "operator": ("proximus",),
        "card": ("physical",),
        "situation": ("credit-left",),
    }

    html = html_of(seed_guide, rf, end="2027-01-15", place="belgium", case=case)

    refund = step_in(html, "refund-credit")
    assert "from Friday 22 January 2027" in refund
    assert "no later than Monday 15 February 2027" in refund
    assert "Last day: " in html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "due",
    [
        None,
        Due(days=-7),
        Due(days=-7, on=date(2026, 12, 1)),
        Due(days=-7, on=date(2026, 11, 1), is_late=True),
        Due(days=7, on=date(2026, 11, 1), is_late=True),
        Due(days=7, on=date(2026, 11, 1), until=date(2026, 12, 1)),
        Due(days=7, on=date(2026, 11, 1), until=date(2026, 11, 2), is_late=True),
    ],
)
def test_no_past_day_stands_alone(due: Due | None, language: str) -> None:
    with translation.override(language):
        html = render_to_string("guide/_due.html", {"due": due, "today": TODAY})
        past = wording.day_in_words(date(2026, 11, 1))

    assert html.count('class="due"') == 1
    if past in html:
        assert "<strong>" in html or 'class="late"' in html


def test_belgian_holidays_are_known() -> None:
    days = days_off.public_holidays(2027)

    assert {
        date(2025, 1, 1),
        date(2027, 3, 29),  # Easter Monday
        date(2027, 5, 6),  # Ascension
        date(2027, 7, 21),
        date(2030, 11, 11),
    } <= days
    assert date(2027, 7, 11) not in days  # only the Flemish Community's
    assert isinstance(days, frozenset)


def test_what_a_limit_is_taken_from_stands_in_a_step(seed_guide: Guide) -> None:
    topics = {t for s in seed_guide.steps if (s.due_days or 0) > 0 for t in s.topics}
    limits = [
        fact
        for operator in seed_guide.operators
        for fact in operator.facts
        if fact.days is not None
    ]

    assert limits
    assert {fact.topic for fact in limits} <= topics


def test_a_plan_b_is_there_in_every_language(seed_guide: Guide) -> None:
    plans = [step.plan_b for step in seed_guide.steps if step.plan_b]

    assert len(plans) > 15
    assert all(set(plan.by_language) == set(LANGUAGES) for plan in plans)


def test_the_desk_offers_the_new_fields(admin_client: Client) -> None:
    step = models.Step.objects.get(slug="unlink-bank")
    fact = models.OperatorFact.objects.get(slug="proximus-prepaid-credit-3")

    of_step = admin_client.get(f"/admin/guide/step/{step.pk}/change/").content.decode()
    of_fact = admin_client.get(
        f"/admin/guide/operatorfact/{fact.pk}/change/"
    ).content.decode()

    assert 'name="needs_working_day"' in of_step
    assert 'name="plan_b_en"' in of_step
    assert "falls on no weekend" in of_step
    assert re.search(r'name="days"[^>]*value="31"', of_fact) or re.search(
        r'value="31"[^>]*name="days"', of_fact
    )
