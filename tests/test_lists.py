"""Lists of the desk: columns, filters and search."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guide import models
from guide.admin.lists import (
    checking_in_list,
    languages_in_list,
    names_in_draft,
    overdue_since,
    states_of_languages,
    weakest,
)
from guide.admin.search import excerpt, folded, words_of
from guide.compiling import compile_draft, when_of
from guide.conditions_in_words import in_words, subject, term_in_words
from guide.flow.content import Term
from guide.publishing import today

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 1)


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.get(username="editor"))
    return client


def make_step(slug: str, **fields: object) -> models.Step:
    return models.Step.objects.create(
        **{"slug": slug, "phase": "after", "title_en": slug, "body_en": "Do it."}
        | fields
    )


def codes(client: Client, model: str, query: str) -> set[str]:
    """Return the codes of all rows that a list shows."""
    response = client.get(f"/admin/guide/{model}/?{query}&all=")
    assert response.status_code == 200
    return {row.slug for row in response.context_data["cl"].result_list}


# Sentences


@pytest.fixture
def operators_and_card() -> tuple[Term, ...]:
    return (
        Term("card", ("esim",)),
        Term("operator", ("scarlet", "proximus")),
    )


def test_a_condition_is_a_sentence_in_the_order_of_the_questions(
    operators_and_card: tuple[Term, ...],
) -> None:
    words = in_words(operators_and_card, compile_draft())

    assert words == (
        "Shown when the operator is Proximus or Scarlet, and the card is an eSIM."
    )


def test_the_names_in_the_draft_say_the_same_as_the_guide() -> None:
    guide, names = compile_draft(), names_in_draft()
    rows = [*models.Step.objects.for_guide(), *models.Question.objects.for_guide()]

    for row in rows:
        assert in_words(when_of(row), names) == in_words(when_of(row), guide)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (
            Term("operator", ("proximus",), excluding=True),
            "the operator is not Proximus",
        ),
        (Term("goal", ("lost",)), "the goal is “My SIM or phone is lost or stolen”"),
        (
            Term("linked", ("bank", "itsme")),
            "the answer to “What do you use this number for?” includes “My bank” or "
            "“itsme or government login”",
        ),
        (
            Term("linked", ("bank",), excluding=True),
            "the answer to “What do you use this number for?” does not include "
            "“My bank”",
        ),
        (Term("card", ("unsure",)), "the card is not known"),
        (Term("nowhere", ("lost",)), "the answer to “nowhere” is “lost”"),
        (Term("goal", ("gone",)), "the goal is “gone”"),
    ],
    ids=lambda value: value.question if isinstance(value, Term) else "",
)
def test_a_demand_in_words(term: Term, expected: str) -> None:
    assert term_in_words(term, compile_draft()) == expected


def test_what_a_question_asks_about() -> None:
    assert subject("end", compile_draft()) == (
        "the answer to “On which day should it end?”"
    )


def test_long_lists_of_answers_are_shortened() -> None:
    slugs = tuple(models.Operator.objects.values_list("slug", flat=True))
    names = names_in_draft()

    short = in_words([Term("operator", slugs)], names, at_most=2)

    assert short == (
        "Shown when the operator is one of Proximus, Scarlet and "
        f"{len(slugs) - 2} more."
    )
    # Leaving out a single name would save nothing.
    assert "more" not in in_words([Term("operator", slugs[:3])], names, at_most=2)
    assert in_words([], names) == "Shown to everybody."


def test_a_list_shows_conditions_shortened_and_in_full(editor: Client) -> None:
    step = make_step("for-many")
    step.operators.set(models.Operator.objects.all()[:9])

    page = editor.get("/admin/guide/step/?q=for-many").content.decode()

    summary, full = re.search(
        r"<summary>([^<]+)</summary>([^<]+)</details>", page
    ).groups()
    assert summary.startswith("Shown when the operator is one of Proximus, ")
    assert summary.endswith(" and 6 more.")
    assert len(full) > len(summary)
    assert "more" not in full


@pytest.mark.parametrize(
    "model", ["step", "operatorfact", "channel", "choice", "question", "source"]
)
def test_a_list_asks_the_database_no_more_for_more_rows(
    editor: Client, model: str
) -> None:
    one = models.Step._meta.apps.get_model("guide", model).objects.order_by("slug")[0]
    with CaptureQueriesContext(
        connection,
    ) as few:
        response = editor.get(f"/admin/guide/{model}/?id__exact={one.pk}")
    assert response.context_data["cl"].result_count == 1

    with CaptureQueriesContext(connection) as many:
        response = editor.get(f"/admin/guide/{model}/?all=")

    assert response.context_data["cl"].result_count > 8
    assert len(many) <= len(few) + 1


# Languages, checking, sources


def test_a_missing_an_outdated_and_a_complete_translation_are_told_apart() -> None:
    row = models.Step(
        title_en="End it",
        title_fr="Arrêter",
        title_nl="Stoppen",
        body_en="Now.",
        body_fr="Maintenant.",
        body_nl="Nu.",
        outdated={"title": {"fr": "End"}},
    )

    assert states_of_languages(row) == {
        "en": "complete",
        "zh-hans": "missing",
        "nl": "complete",
        "fr": "outdated",
        "de": "missing",
    }
    marks = languages_in_list(row)
    assert "–de" in marks
    assert "German: missing." in marks
    assert "French: older than the English text." in marks


def test_texts_that_nobody_wrote_need_no_translation() -> None:
    row = models.Operator(name="Example")

    assert set(states_of_languages(row).values()) == {"complete"}


@pytest.mark.parametrize(
    ("checked_on", "expected"),
    [
        (None, "No date"),
        (TODAY - timedelta(days=365), "Checked on 01/03/2025"),
        (TODAY - timedelta(days=366), "Overdue since 01/03/2026"),
    ],
)
def test_checking_in_words(checked_on: date | None, expected: str) -> None:
    row = models.Step(checked_on=checked_on, review_days=365)

    assert expected in checking_in_list(row, TODAY)


def test_overdue_begins_where_the_guide_says() -> None:
    sourcing = (
        compile_draft().steps[0].sourcing.__class__(checked_on=TODAY, review_days=10)
    )
    since = overdue_since(TODAY, 10)

    assert sourcing.is_overdue(since)
    assert not sourcing.is_overdue(since - timedelta(days=1))


def test_the_weakest_source_counts() -> None:
    official = models.Source(confidence="official")
    regulator = models.Source(confidence="regulator")
    third = models.Source(confidence="third-party")

    assert weakest([official, third, regulator]) == "Third party"
    assert weakest([official, regulator]) == "Regulator"
    assert weakest([]) is None


# Filters


def test_the_operator_filter_shows_what_its_visitors_can_see(editor: Client) -> None:
    proximus = models.Operator.objects.get(slug="proximus")
    base = models.Operator.objects.get(slug="base")
    for_all, listed, other = (make_step(f"zz-{n}") for n in ("all", "listed", "other"))
    listed.operators.add(proximus, base)
    other.operators.add(base)
    excepted = make_step("zz-excepted")
    excepted.except_operators.add(proximus)
    unknown = make_step("zz-unknown")
    unknown.answers.add(
        models.Choice.objects.get(question__slug="operator", slug="unknown")
    )
    goal = make_step("zz-goal")
    goal.answers.add(models.Choice.objects.get(question__slug="goal", slug="stop"))

    found = codes(editor, "step", "q=zz-&operator=proximus")

    assert found == {for_all.slug, listed.slug, goal.slug}


def test_facts_and_channels_are_filtered_by_their_own_operator(editor: Client) -> None:
    for model, name in (
        (models.OperatorFact, "operatorfact"),
        (models.Channel, "channel"),
    ):
        own = set(model.objects.filter(operator__slug="base").values_list("slug"))
        assert {(c,) for c in codes(editor, name, "operator=base")} == own


def test_steps_and_facts_are_filtered_by_topic(editor: Client) -> None:
    make_step("zz-a", topics=["prepaid-credit", "costs"])
    make_step("zz-b", topics=["prepaid-credit"])
    make_step("zz-c", topics=[])

    assert codes(editor, "step", "q=zz-&topic=costs") == {"zz-a"}
    facts = codes(editor, "operatorfact", "topic=costs")
    assert facts == set(
        models.OperatorFact.objects.filter(topic="costs").values_list("slug", flat=True)
    )


def test_rows_are_filtered_by_the_question_they_depend_on(editor: Client) -> None:
    card, operator, nothing = (make_step(f"zz-{n}") for n in ("card", "op", "none"))
    card.card_types.add(models.CardType.objects.get(slug="esim"))
    operator.except_operators.add(models.Operator.objects.get(slug="base"))
    unsure = make_step("zz-unsure")
    unsure.answers.add(models.Choice.objects.get(slug="unsure"))

    assert codes(editor, "step", "q=zz-&depends-on=card") == {"zz-card", "zz-unsure"}
    assert codes(editor, "step", "q=zz-&depends-on=operator") == {"zz-op"}
    assert codes(editor, "step", "q=zz-&depends-on=goal") == set()
    assert codes(editor, "step", "q=zz-&depends-on=nothing") == {nothing.slug}


def test_answers_are_filtered_by_their_question(editor: Client) -> None:
    assert codes(editor, "choice", "question=place") == {
        "belgium",
        "leaving",
        "abroad",
    }


def test_rows_are_filtered_by_what_their_languages_lack(editor: Client) -> None:
    whole = {
        f"{field}_{language}": "Text"
        for field in ("title", "body")
        for language in ("en", "zh_hans", "nl", "fr", "de")
    }
    make_step("zz-whole", **whole)
    make_step("zz-no-french", **whole | {"body_fr": ""})
    make_step("zz-no-why", **whole | {"why_en": "Because", "why_nl": "Want"})
    make_step("zz-old", **whole, outdated={"body": {"zh-hans": "Old"}})
    make_step("zz-no-english", **whole | {"title_en": ""})

    assert codes(editor, "step", "q=zz-&languages=complete") == {"zz-whole"}
    assert codes(editor, "step", "q=zz-&languages=missing-fr") == {
        "zz-no-french",
        "zz-no-why",
    }
    assert codes(editor, "step", "q=zz-&languages=missing-nl") == set()
    assert codes(editor, "step", "q=zz-&languages=missing-en") == {"zz-no-english"}
    assert codes(editor, "step", "q=zz-&languages=outdated-zh-hans") == {"zz-old"}
    assert codes(editor, "step", "q=zz-&languages=outdated-nl") == set()


def test_language_filter_and_column_agree(editor: Client) -> None:
    missing = codes(editor, "step", "languages=missing-nl")
    assert missing == {
        row.slug
        for row in models.Step.objects.all()
        if states_of_languages(row)["nl"] == "missing"
    }


def test_rows_are_filtered_by_when_they_must_be_checked(editor: Client) -> None:
    now = today()
    make_step("zz-undated")
    for slug, days, review in (
        ("zz-last-day", 100, 100),
        ("zz-overdue", 101, 100),
        ("zz-overdue-short", 11, 10),
        ("zz-in-30", 70, 100),
        ("zz-in-31", 69, 100),
    ):
        make_step(slug, checked_on=now - timedelta(days=days), review_days=review)

    found = {
        value: codes(editor, "step", f"q=zz-&checking={value}")
        for value in ("undated", "overdue", "soon", "fine")
    }

    assert found == {
        "undated": {"zz-undated"},
        "overdue": {"zz-overdue", "zz-overdue-short"},
        "soon": {"zz-last-day", "zz-in-30"},
        "fine": {"zz-in-31"},
    }


def test_rows_are_filtered_by_their_best_source(editor: Client) -> None:
    sources = {
        confidence: models.Source.objects.filter(confidence=confidence)[0]
        for confidence in models.Confidence.values
    }
    for slug, names in (
        ("zz-official", ("official", "third-party")),
        ("zz-regulator", ("regulator", "third-party")),
        ("zz-third", ("third-party",)),
        ("zz-none", ()),
    ):
        make_step(slug).sources.set(sources[name] for name in names)

    found = {
        value: codes(editor, "step", f"q=zz-&confidence={value}")
        for value in ("official", "regulator", "third-party", "none")
    }

    assert found == {
        "official": {"zz-official"},
        "regulator": {"zz-regulator"},
        "third-party": {"zz-third"},
        "none": {"zz-none"},
    }


def test_filters_hold_together_and_show_counts(editor: Client) -> None:
    make_step("zz-a", must=True, role="erase").operators.add(
        models.Operator.objects.get(slug="base")
    )
    make_step("zz-b", must=False, role="erase")

    page = editor.get("/admin/guide/step/?q=zz-&role__exact=erase&operator=base")

    rows = page.context_data["cl"].result_list
    assert {row.slug for row in rows} == {"zz-a", "zz-b"}
    assert codes(editor, "step", "q=zz-&must__exact=1&operator=base") == {"zz-a"}
    assert "BASE (2)" in page.content.decode()
    # The list of operators keeps what else was chosen.
    assert '<input type="hidden" name="role__exact" value="erase">' in (
        page.content.decode()
    )


def test_sources_tell_how_often_they_are_used(editor: Client) -> None:
    source = models.Source.objects.create(
        slug="zz-new", title="New", publisher="New", confidence="official"
    )
    assert codes(editor, "source", "q=zz-new&use=unused") == {"zz-new"}

    make_step("zz-a").sources.add(source)
    models.OperatorFact.objects.first().sources.add(source)

    response = editor.get("/admin/guide/source/?q=zz-new&use=used")
    (row,) = response.context_data["cl"].result_list
    assert row.uses == 2


@pytest.mark.parametrize(
    "query", ["operator=nobody", "languages=missing-xx", "topic=weather", "checking=x"]
)
def test_a_filter_of_an_unknown_value_says_that_nothing_goes_with_it(
    editor: Client, query: str
) -> None:
    response = editor.get(f"/admin/guide/step/?{query}")

    assert "Nothing in this list goes with what you asked for." in (
        response.content.decode()
    )


@pytest.mark.parametrize("kind", ["step", "source", "publication", "linkcheck"])
def test_filters_of_a_narrow_screen_are_a_link_away(editor: Client, kind: str) -> None:
    shown = editor.get(f"/admin/guide/{kind}/").content.decode()

    has_filters = 'id="changelist-filter"' in shown
    assert has_filters is (kind != "publication")
    assert ('href="#changelist-filter">Show the filters</a>' in shown) is has_filters


def test_chosen_filters_are_told_where_they_are_folded(editor: Client) -> None:
    shown = editor.get("/admin/guide/step/?must__exact=1").content.decode()

    assert "Show the filters (some are chosen)" in shown


def test_an_empty_list_says_so(editor: Client) -> None:
    models.RetiredCode.objects.all().delete()

    response = editor.get("/admin/guide/retiredcode/")

    assert "There is nothing here yet." in response.content.decode()


# Search


@pytest.mark.parametrize(
    ("model", "row", "words"),
    [
        (models.Step, {"title_fr": "Zonnebloem"}, "zonnebloem"),
        (models.Question, {"how_de": "Sonnenblume"}, "sonnenblume"),
        (models.Choice, {"hint_nl": "Zonnebloem"}, "zonnebloem"),
        (models.CardType, {"recognise_zh_hans": "向日葵"}, "向日葵"),
        (models.Operator, {"aliases": "Sunflower Mobile"}, "sunflower"),
        (models.Operator, {"company": "Sunflower NV"}, "sunflower nv"),
        (models.Channel, {"detail_fr": "Tournesol"}, "tournesol"),
        (models.OperatorFact, {"text_de": "Sonnenblume"}, "sonnenblume"),
        (models.FaqEntry, {"answer_nl": "Zonnebloem"}, "zonnebloem"),
        (models.GlossaryEntry, {"meaning_de": "Sonnenblume"}, "sonnenblume"),
        (models.GlossaryEntry, {"dutch": "zonnebloem"}, "zonnebloem"),
        (models.Letter, {"body_fr": "Tournesol"}, "tournesol"),
        (models.Source, {"url": "https://example.org/sunflower"}, "org/sunflower"),
        (models.Publication, {"note": "The sunflower one"}, "sunflower"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_everything_is_found_in_its_list_and_in_the_search(
    editor: Client, model: type, row: dict[str, str], words: str
) -> None:
    found = model.objects.order_by("pk").last()
    model.objects.filter(pk=found.pk).update(**row)
    address = f"/admin/guide/{model._meta.model_name}/"

    listed = editor.get(address, {"q": words}).context_data["cl"].result_list
    page = editor.get("/admin/search/", {"q": words})

    assert [one.pk for one in listed] == [found.pk]
    (group,) = page.context_data["groups"]
    assert [one.address for one in group.found] == [f"{address}{found.pk}/change/"]
    assert "<mark>" in page.content.decode()


def test_reports_and_retired_codes_are_found(editor: Client) -> None:
    models.Report.objects.create(
        publication_number=1, language="en", text="The sunflower number is dead."
    )
    models.RetiredCode.objects.create(
        question=models.Question.objects.get(slug="goal"),
        slug="sunflower",
        replacement="stop",
    )

    page = editor.get("/admin/search/?q=sunflower")

    titles = [group.title for group in page.context_data["groups"]]
    assert titles == ["Retired codes", "Reports"]


def test_search_shows_text_as_text(editor: Client) -> None:
    make_step("zz-a", title_en="A <b>sunflower</b> & more")

    page = editor.get("/admin/search/?q=sunflower").content.decode()

    assert "A &lt;b&gt;<mark>sunflower</mark>&lt;/b&gt; &amp; more" in page


def test_search_needs_all_words_and_keeps_phrases_together() -> None:
    assert words_of("  Beëindigen  ESIM ") == ("beeindigen", "esim")
    assert words_of("“leaving soon” esim") == ("leaving soon", "esim")
    assert words_of('"unclosed') == ('"unclosed',)
    assert words_of('""') == ()


def test_search_with_nothing_to_look_for_says_how(editor: Client) -> None:
    page = editor.get("/admin/search/").content.decode()

    assert "Type one or more words" in page


def test_search_that_finds_nothing_says_what_to_try(editor: Client) -> None:
    page = editor.get("/admin/search/?q=<xyzzy>").content.decode()

    assert "“&lt;xyzzy&gt;” was not found anywhere." in page
    assert "Try the word in another language" in page


def test_a_row_named_so_stands_before_rows_that_mention_it(editor: Client) -> None:
    make_step("zz-mention", title_en="About sunflower", position=1)
    make_step("sunflower", title_en="Something", position=2)

    (group,) = editor.get("/admin/search/?q=sunflower").context_data["groups"]

    assert [one.code for one in group.found] == ["sunflower", "zz-mention"]


def test_many_results_lead_on_to_the_list(editor: Client) -> None:
    for number in range(25):
        make_step(f"sunflower-{number}")

    page = editor.get("/admin/search/?q=sunflower").content.decode()

    assert "All 25 in the list of Steps" in page
    assert 'href="/admin/guide/step/?q=sunflower"' in page


def test_search_asks_the_database_no_more_for_more_rows(editor: Client) -> None:
    make_step("sunflower")
    with CaptureQueriesContext(connection) as few:
        editor.get("/admin/search/?q=sunflower")
    for number in range(15):
        make_step(f"sunflower-{number}")

    with CaptureQueriesContext(connection) as many:
        editor.get("/admin/search/?q=sunflower")

    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("text", "word", "marked"),
    [
        ("Résilier l’abonnement", "resilier", "Résilier"),
        ("Straße", "strasse", "Straße"),
        ("注销号码", "号码", "号码"),
    ],
)
def test_an_excerpt_marks_the_word_as_it_was_written(
    text: str, word: str, marked: str
) -> None:
    pieces = excerpt(text, [folded(word)])

    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.is_marked] == [marked]


def test_an_excerpt_of_a_long_text_is_cut_around_the_word() -> None:
    pieces = excerpt("a " * 100 + "sunflower" + " b" * 100, ["sunflower"])

    assert pieces[0].text == "… "
    assert pieces[-1].text == " …"
    assert sum(len(piece.text) for piece in pieces) < 200


def test_search_shows_only_what_one_may_see(client: Client) -> None:
    user = get_user_model().objects.create_user("reader", is_staff=True)
    client.force_login(user)
    make_step("sunflower")
    assert client.get("/admin/search/?q=sunflower").context_data["groups"] == ()

    user.groups.add(Group.objects.get(name="Translators"))
    groups = client.get("/admin/search/?q=sunflower").context_data["groups"]
    assert [group.title for group in groups] == ["Steps"]


def test_search_is_for_the_desk_alone(client: Client) -> None:
    response = client.get("/admin/search/?q=bank")

    assert response.status_code == 302
    assert "/admin/login/" in response.url
