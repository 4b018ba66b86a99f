"""Every question and every step, shown once in every language."""

import re
from datetime import date
from itertools import product

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from guide.flow.content import Guide
from guide.flow.engine import ChecklistStep, Position, TopicFacts
from guide.sourcing import sources_in
from guide.views import question_page
from tests.conftest import LANGUAGES

TODAY = date(2026, 11, 22)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_is_shown_in_every_language(
    seed_guide: Guide, rf: RequestFactory, language: str
) -> None:
    for question in seed_guide.questions:
        request = rf.get(f"/{language}/guide/")
        request.htmx = False
        position = Position({}, {}, (), question, question.choices, (), 9)
        context = {
            "question": question,
            "choices": question.choices,
            "chosen": (),
            "hidden": {},
        }

        with translation.override(language):
            html = question_page(request, position, (), context).rendered_content

        assert readable(question.title.read(language)) in readable(html)
        for choice in question.choices:
            assert readable(choice.label.read(language)) in readable(html)
            assert f'value="{choice.slug}"' in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_is_shown_in_every_language(
    seed_guide: Guide, rf: RequestFactory, language: str
) -> None:
    operators = (None, seed_guide.operators[0], seed_guide.operators[-1])
    for step, operator in product(seed_guide.steps, operators):
        item = ChecklistStep(
            step=step,
            number=1,
            part=None,
            due=None,
            reasons=(),
            topics=tuple(TopicFacts(topic, ()) for topic in step.topics),
            channels=operator.channels if operator else (),
            channels_are_general=False,
            first=(),
        )
        context = {
            "item": item,
            "guide": seed_guide,
            "today": TODAY,
            "operator": operator,
            "operator_name": operator.name if operator else "",
        }

        with translation.override(language):
            html = render_to_string("guide/_step.html", context)

        assert "{operator}" not in html
        assert has_source(html)
        if language not in step.body.by_language:
            assert '<div lang="en">' in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_and_channel_is_shown_in_every_language(
    seed_guide: Guide, language: str
) -> None:
    for operator in seed_guide.operators:
        context = {"guide": seed_guide, "today": TODAY, "channels": operator.channels}
        facts = {"guide": seed_guide, "today": TODAY, "facts": operator.facts}

        with translation.override(language):
            channels = render_to_string("guide/_channels.html", context)
            known = render_to_string("guide/_facts.html", facts | {"topic": "costs"})

        assert channels.count('class="source"') == len(operator.channels)
        assert known.count('class="source"') == len(operator.facts)


def test_sources_of_one_publisher_are_named_once(seed_guide: Guide) -> None:
    step = next(s for s in seed_guide.steps if len(s.sourcing.sources) > 2)

    groups = sources_in(seed_guide, step.sourcing)

    publishers = [publisher for publisher, _ in groups]
    assert len(publishers) == len(set(publishers))
    assert sum(len(group) for _, group in groups) == len(step.sourcing.sources)


def readable(text: str) -> str:
    return re.sub(r"\s+|&#x27;|'|{operator}", "", text)


def has_source(html: str) -> bool:
    return 'class="source"' in html
