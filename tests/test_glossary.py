"""The glossary's page, and the links to it from other texts."""

import re
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from guide import models, publishing
from guide.explaining import MOST_LINKS, with_words_explained
from guide.flow.content import Guide, Text, decode, encode
from tests.conftest import LANGUAGES
from tests.flow.factories import (
    make_channel,
    make_fact,
    make_faq_entry,
    make_guide,
    make_operator,
    make_step,
    make_word,
)
from tests.test_views import HTMX, text_of

PUK = make_word(
    slug="puk",
    term=Text({"en": "PUK", "zh-hans": "PUK 码", "nl": "PUK-code"}),
    dutch="PUK-code",
    french="",
)
DEBIT = make_word(
    slug="direct-debit",
    term=Text(
        {
            "en": "direct debit",
            "zh-hans": "自动扣款",
            "nl": "domiciliëring",
            "de": "Lastschrift (Domizilierung)",
        }
    ),
    german="Domizilierung",
)
ICCID = make_word(
    slug="sim-number",
    term=Text({"en": "SIM number (ICCID)", "zh-hans": "SIM 卡号（ICCID）"}),
    dutch="",
    french="numéro de carte SIM, ICCID",
)
CREDIT = make_word(slug="credit", term=Text({"en": "credit"}), dutch="", french="")
CALL_CREDIT = make_word(
    slug="call-credit",
    term=Text({"en": "call credit", "fr": "crédit d'appel"}),
    dutch="",
    french="",
)
WORDS = (PUK, DEBIT, ICCID, CREDIT, CALL_CREDIT)


def explained(text: str, language: str = "en") -> str:
    guide = make_guide(glossary=WORDS, steps=(make_step(body=Text({language: text})),))
    return with_words_explained(guide).steps[0].body.by_language[language]


def in_marks(html: str) -> str:
    """Return *html* with links to the glossary as [word](code)."""
    pattern = r'<a class="term" href="glossary:([^"]+)">([^<]*)</a>'
    return re.sub(pattern, r"[\2](\1)", html)


# Links from other texts


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "Note the PUK.", "Note the [PUK](puk)."),
        ("en", "PUK and PUK", "[PUK](puk) and PUK"),
        ("en", "PUKE, aPUK, puk, e-PUK, PUK-box", "PUKE, aPUK, puk, e-PUK, PUK-box"),
        ("en", "Direct debit", "[Direct debit](direct-debit)"),
        ("en", "DIRECT DEBIT, direct debits", "DIRECT DEBIT, direct debits"),
        ("en", "the SIM number (ICCID)", "the [SIM number (ICCID)](sim-number)"),
        ("en", "your SIM number", "your [SIM number](sim-number)"),
        ("en", "the ICCID, the SIM number", "the [ICCID](sim-number), the SIM number"),
        ("en", "call credit", "[call credit](call-credit)"),
        ("en", "domiciliëring", "domiciliëring"),
        ("nl", "De domiciliëring", "De [domiciliëring](direct-debit)"),
        ("nl", "een PUK-code", "een [PUK-code](puk)"),
        ("fr", "le crédit d'appel", "le [crédit d'appel](call-credit)"),
        ("fr", "l'ICCID", "l'[ICCID](sim-number)"),
        ("de", "die Domizilierung", "die [Domizilierung](direct-debit)"),
        ("de", "Lastschriftmandat", "Lastschriftmandat"),
        ("zh-hans", "停掉自动扣款也没用", "停掉[自动扣款](direct-debit)也没用"),
        ("zh-hans", "记下ICCID号", "记下[ICCID](sim-number)号"),
        ("zh-hans", "SIM 卡号在卡上", "[SIM 卡号](sim-number)在卡上"),
        ("zh-hans", "XICCID", "XICCID"),
    ],
)
def test_whole_words_are_linked_once(language: str, text: str, wanted: str) -> None:
    assert in_marks(explained(f"<p>{text}</p>", language)) == f"<p>{wanted}</p>"


@pytest.mark.parametrize(
    "html",
    [
        '<p><a href="https://a.example/PUK">the PUK</a></p>',
        "<p><strong>PUK</strong></p>",
        "<p><strong>See <em>your</em> PUK</strong></p>",
        "<p><code>PUK</code></p>",
        "<p>A&amp;B</p>",
        "",
    ],
)
def test_links_labels_and_tags_stay_as_they_are(html: str) -> None:
    assert explained(html) == html


def test_a_word_behind_a_label_is_linked() -> None:
    html = "<p><strong>PUK</strong> (your PUK)<br>\nx</p>"

    assert in_marks(explained(html)) == (
        "<p><strong>PUK</strong> (your [PUK](puk))<br>\nx</p>"
    )


def test_no_text_has_more_than_a_few_links() -> None:
    html = "<ul><li>PUK</li><li>ICCID</li><li>credit</li><li>direct debit</li></ul>"

    assert explained(html).count("<a ") == MOST_LINKS == 3


def test_words_that_every_text_holds_are_not_linked() -> None:
    word = make_word(term=Text({"en": "PUK"}), is_linked=False)
    guide = make_guide(glossary=(word,), steps=(make_step(body=Text({"en": "PUK"})),))

    assert with_words_explained(guide) == guide


def test_steps_answers_facts_and_channels_are_explained_and_titles_are_not() -> None:
    text = Text({"en": "PUK"})
    guide = make_guide(
        glossary=WORDS,
        steps=(make_step(title=text, body=text, why=text),),
        faq=(make_faq_entry(question=text, answer=text),),
        operators=(
            make_operator(
                channels=(make_channel(detail=text),), facts=(make_fact(text=text),)
            ),
        ),
    )

    found = with_words_explained(guide)

    (step,), (entry,), (operator,) = found.steps, found.faq, found.operators
    for linked in (
        *(step.body, entry.answer),
        *(operator.channels[0].detail, operator.facts[0].text),
    ):
        assert in_marks(linked.read("en")) == "[PUK](puk)"
    assert {text} == {step.title, step.why, entry.question}


def test_no_text_of_the_guide_is_lost(seed_guide: Guide) -> None:
    for step in seed_guide.steps:
        for html in step.body.by_language.values():
            assert html.count("<a") == html.count("</a>")
            assert not re.search(r"<a[^>]*>[^<]*<a", html)


# The page


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_glossary_explains_every_word(client: Client, language: str) -> None:
    html = text_of(client, f"/{language}/glossary/")

    ids = set(re.findall(r'<div id="([^"]+)" itemprop', html))
    assert ids == set(models.GlossaryEntry.objects.values_list("slug", flat=True))
    other = "domiciliation" if language != "fr" else "domiciliëring"
    code = "fr" if language != "fr" else "nl"
    assert f'<b lang="{code}">{other}</b>' in html


@pytest.mark.django_db
def test_the_word_of_the_page_is_not_said_twice(client: Client) -> None:
    html = text_of(client, "/nl/glossary/?q=domiciliering")

    assert ">domiciliëring</dt>" in html
    assert '<b lang="nl">domiciliëring</b>' not in html


@pytest.mark.django_db
def test_words_stand_in_alphabetical_order(client: Client) -> None:
    response = client.get("/en/glossary/")

    terms = [e.term.read("en").casefold() for e in response.context_data["entries"]]
    assert len(terms) > 30
    assert terms == sorted(terms, key=lambda term: re.sub(r"\W", "", term))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("DOMICILIERING", {"direct-debit", "sepa"}),
        ("自动扣款", {"direct-debit"}),
        ("recommande", {"registered-letter"}),
        ("xyzzy", set()),
        ("---", set()),
        ("<script>", set()),
    ],
)
def test_words_are_found_in_any_language(
    client: Client, search: str, found: set[str]
) -> None:
    response = client.get("/en/glossary/", {"q": search})
    html = response.content.decode()

    assert {entry.slug for entry in response.context_data["entries"]} == found
    assert ("We do not explain this word yet" in html) is not bool(found)
    assert "<script>" not in html


@pytest.mark.django_db
def test_typing_is_answered_with_the_results_only(client: Client) -> None:
    response = client.get(
        "/en/glossary/?q=puk", headers={**HTMX, "HX-Target": "results"}
    )
    html = response.content.decode()

    assert html.strip().startswith('<div id="results"')
    assert "<h1" not in html
    # Each word with its sources, as on the whole page.
    assert "third party" in html
    assert {"HX-Request", "HX-Target"} <= set(response["Vary"].split(", "))


@pytest.mark.django_db
def test_following_a_link_gets_the_content_of_the_page(client: Client) -> None:
    html = text_of(client, "/en/glossary/", **HTMX, **{"HX-Target": "content"})

    assert "<h1" in html
    assert "<html" not in html


@pytest.mark.django_db
def test_the_glossary_is_linked_and_listed(client: Client) -> None:
    assert 'href="/fr/glossary/"' in text_of(client, "/fr/")
    assert "/zh-hans/glossary/</loc>" in text_of(client, "/sitemap.xml")


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_links_in_answers_lead_to_words_of_the_glossary(
    client: Client, language: str
) -> None:
    html = text_of(client, f"/{language}/faq/")

    found = re.findall(r'class="term" href="([^"#]*)#([^"]+)"', html)
    assert found
    assert {address for address, _code in found} == {f"/{language}/glossary/"}
    known = set(models.GlossaryEntry.objects.values_list("slug", flat=True))
    assert {code for _address, code in found} <= known
    assert "glossary:" not in html


@pytest.mark.django_db
def test_links_in_a_preview_stay_in_it(client: Client) -> None:
    client.force_login(get_user_model().objects.get(username="editor"))

    html = text_of(client, "/admin/preview/today/en/faq/")

    assert 'href="/admin/preview/today/en/glossary/#' in html


# What was there before


def test_a_guide_made_before_the_glossary_still_loads() -> None:
    document = encode(make_guide()).replace(',"glossary":[]', "")

    assert "glossary" not in document
    assert decode(document).glossary == ()


@pytest.mark.django_db
def test_restoring_a_publication_brings_its_words_back() -> None:
    word = models.GlossaryEntry.objects.get(slug="puk")
    word.delete()

    publishing.restore(1, by=None, draft_sha256=publishing.read_draft().sha256)

    found = models.GlossaryEntry.objects.get(slug="puk")
    assert (found.term_nl, found.dutch) == (word.term_nl, word.dutch)
    assert found.sources.exists()


@pytest.mark.django_db
def test_groups_lose_and_get_their_rights() -> None:
    migration = import_module("guide.migrations.0005_glossary")
    executor = MigrationExecutor(connection)
    apps = executor.loader.project_state(("guide", "0005_glossary")).apps
    editor = SimpleNamespace(connection=connection)
    rights = Group.objects.get(name="Editors").permissions
    Group.objects.get(name="Publishers").delete()
    assert rights.filter(codename__endswith="_glossaryentry").count() == 4

    migration.take_rights(apps, editor)
    assert not rights.filter(codename__endswith="_glossaryentry").exists()
    assert rights.filter(codename="change_faqentry").exists()

    migration.give_rights(apps, editor)
    assert rights.filter(codename__endswith="_glossaryentry").count() == 4
    assert not Group.objects.filter(name="Publishers").exists()
