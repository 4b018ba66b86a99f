"""How long texts are for their readers, and where they fold."""

import re

import pytest
from django.template import Context
from django.utils import translation

from guide.compiling import to_html
from guide.flow.content import Guide, Text
from guide.flow.engine import ChecklistStep, TopicFacts
from guide.length import MOST_CHARACTERS, MOST_WORDS, length_of, most_in, opening, rest
from guide.templatetags.guide_tags import key_fact
from tests.flow.factories import make_fact, make_step, make_text

BODY = to_html("Do this.\n\n- One\n- Two\n\n---\n\nWhy it is so.")


@pytest.mark.parametrize(
    ("html", "language", "length"),
    [
        pytest.param("<p>End the line in writing.</p>", "en", 5, id="words"),
        pytest.param("<li>One</li><li>Two</li>", "en", 2, id="items-are-apart"),
        pytest.param("One – two · three >", "en", 3, id="signs-are-no-words"),
        pytest.param("Résiliez l'eSIM aujourd'hui !", "fr", 3, id="apostrophes"),
        pytest.param("<p>注销号码。</p>", "zh-hans", 5, id="characters-and-marks"),
        pytest.param("在 BASE 的 App", "zh-hans", 4, id="foreign-words-are-one"),
        pytest.param("拨打 1999，停用 eSIM", "zh-hans", 7, id="numbers-are-one"),
        pytest.param("", "en", 0, id="nothing"),
    ],
)
def test_length_counts_what_is_read(html: str, language: str, length: int) -> None:
    assert length_of(html, language) == length


def test_chinese_is_held_to_characters_and_all_others_to_words() -> None:
    assert most_in("zh-hans") == MOST_CHARACTERS
    assert {most_in(code) for code in ("en", "nl", "fr", "de")} == {MOST_WORDS}


def test_text_folds_at_the_line() -> None:
    text = Text({"en": BODY, "nl": "<p>Alles in één.</p>"})

    assert opening(text).by_language == {
        "en": "<p>Do this.</p>\n<ul>\n<li>One</li>\n<li>Two</li>\n</ul>",
        "nl": "<p>Alles in één.</p>",
    }
    assert rest(text).by_language == {"en": "<p>Why it is so.</p>", "nl": ""}


def test_text_folds_once() -> None:
    text = Text({"en": to_html("One.\n\n---\n\nTwo.\n\n---\n\nThree.")})

    assert opening(text).read("en") == "<p>One.</p>"
    assert "Two." in rest(text).read("en")
    assert "Three." in rest(text).read("en")


def make_item(*, body: str, facts: tuple[TopicFacts, ...]) -> ChecklistStep:
    return ChecklistStep(
        step=make_step(body=Text({"en": body})),
        number=1,
        part=None,
        due=None,
        reasons=(),
        topics=facts,
        channels=(),
        channels_are_general=False,
        first=(),
    )


NOTICE = make_fact(slug="notice", text=make_text(words="The line ends at once."))
LONG = make_fact(slug="long", text=make_text(words="word " * 100))


@pytest.mark.parametrize(
    ("words", "topics", "slug"),
    [
        pytest.param(20, (TopicFacts("notice", (NOTICE,)),), "notice", id="short"),
        pytest.param(20, (TopicFacts("notice", (LONG,)),), None, id="long-fact"),
        pytest.param(110, (TopicFacts("notice", (NOTICE,)),), None, id="long-step"),
        pytest.param(20, (TopicFacts("notice", ()),), None, id="unknown"),
        pytest.param(
            20, (TopicFacts("notice", (NOTICE,), 3),), None, id="shown-before"
        ),
        pytest.param(20, (TopicFacts("surprise", (NOTICE,)),), None, id="surprise"),
        pytest.param(
            20,
            (TopicFacts("costs", ()), TopicFacts("notice", (NOTICE,))),
            "notice",
            id="first-that-is-known",
        ),
        pytest.param(20, (), None, id="no-topics"),
    ],
)
def test_key_fact_is_shown_where_it_fits(
    words: int, topics: tuple[TopicFacts, ...], slug: str | None
) -> None:
    item = make_item(body=f"<p>{'word ' * words}</p>", facts=topics)

    with translation.override("en"):
        found = key_fact(Context(), item)

    assert (found.slug if found else None) == slug


def test_key_fact_waits_where_a_text_is_not_translated() -> None:
    """Nobody can say how much room another language's words take."""
    item = make_item(body="<p>Write.</p>", facts=(TopicFacts("notice", (NOTICE,)),))

    with translation.override("nl"):
        assert key_fact(Context(), item) is None


@pytest.mark.django_db
def test_steps_fold_at_the_same_place_in_every_language(seed_guide: Guide) -> None:
    folding = [step for step in seed_guide.steps if rest(step.body).read("en")]
    assert folding

    for step in seed_guide.steps:
        places = {
            len(re.findall("<p>|<li>", opening(step.body).read(language)))
            for language in step.body.by_language
        }
        assert len(places) == 1, step.slug
