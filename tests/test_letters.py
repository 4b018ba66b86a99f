"""Pages of letters: which there are, their languages, blanks and ways to send."""

import re
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import translation
from django.utils.module_loading import import_string

from guide import letter_texts, models, publishing
from guide.flow.content import Guide, Text
from guide.languages import html_language
from guide.rows import dump_rows, restore_rows
from tests.cases import CASES
from tests.conftest import LANGUAGES
from tests.test_views import HTMX, address_of, text_of

pytestmark = pytest.mark.django_db

LETTERS = (
    *("cancellation", "prepaid-end", "withdrawal", "confirmation-request"),
    "prepaid-refund",
    *("reminder", "complaint", "ombudsman", "death-notice", "erasure"),
)
PROXIMUS = address_of(CASES["proximus"], "letters/cancellation")


def own_paragraphs(html: str) -> list[tuple[str, str]]:
    """Return language and text of each paragraph of the letter itself."""
    return re.findall(r'<p class="own" lang="([^"]+)">(.*?)\s*</p>', html, re.S)


def glosses(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<p class="gloss" lang="([^"]+)">(.*?)</p>', html, re.S)


def section(html: str, heading: str) -> str:
    return html.partition(f"<h2>{heading}</h2>")[2].partition("</section>")[0]


# The list


@pytest.mark.parametrize("language", LANGUAGES)
def test_list_leads_to_every_letter(client: Client, language: str) -> None:
    html = text_of(client, f"/{language}/letters/")

    links = re.findall(rf'href="/{language}/letters/([\w-]+)/"', html)
    assert links == list(LETTERS)
    assert "noindex" not in html


def test_list_of_a_case_puts_first_what_fits(client: Client) -> None:
    html = text_of(client, address_of(CASES["proximus"], "letters"))

    fitting = section(html, "Letters for your case")
    others = section(html, "Letters for other cases")
    named = [re.findall(r"/letters/([\w-]+)/\?goal=stop", s) for s in (fitting, others)]
    first, last = (" ".join(slugs) for slugs in named)
    wanted = "cancellation confirmation-request reminder complaint ombudsman erasure"
    assert first == wanted
    assert last == "prepaid-end withdrawal prepaid-refund death-notice"
    assert "noindex" in html
    assert "Back to your checklist" in html


def test_a_prepaid_card_has_a_letter_of_its_own(client: Client) -> None:
    html = text_of(client, address_of(CASES["base"], "letters"))

    fitting = section(html, "Letters for your case")
    named = re.findall(r"/letters/([\w-]+)/\?goal=stop", fitting)
    assert named == ["prepaid-end", "complaint", "ombudsman", "erasure"]
    number = str(publishing.current_publication().number)
    steps = text_of(client, address_of(CASES["base"], "checklist", v=number))
    step = steps.partition('data-step="stop-prepaid"')[2].partition("data-step=")[0]
    assert "/en/letters/prepaid-end/" in step


def test_list_says_when_no_letter_fits(client: Client) -> None:
    html = text_of(client, address_of(CASES["airalo"], "letters"))

    assert "None of our letters is made for your answers" in html


# Addresses


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("line=prepaid&goal=stop", "goal=stop&line=prepaid"),
        ("in=fr&goal=stop", "goal=stop&in=fr"),
        ("in=en", ""),
        ("in=xx", "dropped=in.unknown"),
        ("in=zh-hans", "dropped=in.unknown"),
        ("goal=stop&in=xx", "goal=stop&dropped=in.unknown"),
        ("goal=nonsense", "dropped=goal.unknown"),
        ("utm_source=x", ""),
    ],
    ids=[
        *("order", "language-last", "usual-language", "unknown-language"),
        *("language-of-no-letter", "case-kept", "unknown-answer", "foreign"),
    ],
)
def test_letters_have_one_address(client: Client, query: str, canonical: str) -> None:
    response = client.get(f"/en/letters/reminder/?{query}")

    wanted = "/en/letters/reminder/" + (f"?{canonical}" if canonical else "")
    assert response["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_list_has_one_address(client: Client) -> None:
    response = client.get("/en/letters/?line=prepaid&goal=stop&x=y")

    assert response["Location"] == "/en/letters/?goal=stop&line=prepaid"


def test_what_was_dropped_is_told(client: Client) -> None:
    html = text_of(client, "/en/letters/reminder/?dropped=in.unknown")
    usual = text_of(client, "/en/letters/reminder/")

    assert "in a language that it does not exist in" in html
    assert "in a language that it does not exist in" not in usual


def test_unknown_letters_are_not_found(client: Client) -> None:
    assert client.get("/en/letters/love/").status_code == 404


def test_only_letters_without_a_case_are_for_search_engines(client: Client) -> None:
    xml = text_of(client, "/sitemap.xml")

    found = re.findall(r"<loc>[^<]*/letters/", xml)
    assert len(found) == len(LANGUAGES) * (len(LETTERS) + 1)
    assert "noindex" not in text_of(client, "/en/letters/reminder/")
    assert "noindex" in text_of(client, "/en/letters/reminder/?in=fr")
    assert "noindex" in text_of(client, PROXIMUS)


def test_letters_answer_htmx_with_their_content(client: Client) -> None:
    html = text_of(client, "/en/letters/reminder/?in=fr", **HTMX)

    assert "<html" not in html
    assert html.count('<main id="content"') == 1


# Languages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", LETTERS)
def test_each_letter_stands_beside_the_readers_language(
    client: Client, slug: str, language: str
) -> None:
    for chosen in ("nl", "fr", "de", "en"):
        # The usual language has an address of its own.
        response = client.get(f"/{language}/letters/{slug}/?in={chosen}", follow=True)
        html = response.content.decode()

        own = own_paragraphs(html)
        assert {lang for lang, _ in own} == {chosen}
        assert "{" not in html.partition("<article")[2].partition("</article>")[0]
        if language == chosen:
            assert glosses(html) == []
            continue
        reader = html_language(language)
        assert [lang for lang, _ in glosses(html)] == [reader] * len(own)
        for (_, mine), (_, theirs) in zip(own, glosses(html), strict=True):
            marks = [
                re.findall(r'data-identifier="([^"]+)"', t) for t in (mine, theirs)
            ]
            assert set(marks[0]) == set(marks[1])


def test_a_letter_begins_in_the_operators_language(client: Client) -> None:
    telenet = address_of(CASES["telenet"], "letters/complaint")

    assert own_paragraphs(text_of(client, telenet))[0][0] == "nl"
    french = telenet.replace("/en/", "/fr/")
    assert own_paragraphs(text_of(client, french))[0][0] == "fr"
    german = telenet.replace("/en/", "/de/")
    assert own_paragraphs(text_of(client, german))[0][0] == "nl"


def test_the_operators_languages_stand_first(client: Client) -> None:
    def offered(address: str) -> list[str]:
        nav = text_of(client, address).partition('class="letter-languages"')[2]
        return re.findall(r'hreflang="([^"]+)"', nav.partition("</nav>")[0])

    with_french_first = models.Operator.objects.get(slug="telenet")
    with_french_first.letter_languages = "fr, nl"
    with_french_first.save()
    publishing.publish(note="French first.")

    assert offered("/en/letters/complaint/") == ["nl", "fr", "de", "en"]
    telenet = address_of(CASES["telenet"], "letters/complaint")
    assert offered(telenet) == ["fr", "nl", "de", "en"]


def test_links_lead_to_the_other_languages(client: Client) -> None:
    html = text_of(client, "/zh-hans/letters/reminder/")

    nav = html.partition('class="letter-languages"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', nav) == [
        "/zh-hans/letters/reminder/",
        *(f"/zh-hans/letters/reminder/?in={code}" for code in ("fr", "de", "en")),
    ]
    assert re.search(r'lang="nl"[^>]*aria-current="true"', nav)


def test_letters_without_a_language_do_not_offer_it(
    client: Client, only_english_and_chinese: None
) -> None:
    publishing.publish(note="Only English and Chinese.")

    html = text_of(client, "/nl/letters/reminder/")

    assert {lang for lang, _ in own_paragraphs(html)} == {"en"}
    assert "in=fr" not in html
    response = client.get("/nl/letters/reminder/?in=fr")
    assert response["Location"] == "/nl/letters/reminder/?dropped=in.unknown"


# What is filled in


def test_the_operator_of_the_case_is_filled_in(client: Client) -> None:
    html = text_of(client, PROXIMUS)

    assert own_paragraphs(html)[1][1] == "Proximus<br>Customer service"
    assert 'data-identifier="operator"' not in html


def test_a_link_that_names_only_the_operator_is_enough(client: Client) -> None:
    html = text_of(client, "/nl/letters/cancellation/?operator=base")

    assert own_paragraphs(html)[1][1] == "BASE<br>Klantendienst"


@pytest.mark.parametrize("query", ["", "?goal=stop&line=pack&operator=unknown"])
def test_an_unknown_operator_is_a_blank(client: Client, query: str) -> None:
    html = text_of(client, f"/en/letters/cancellation/{query}")

    recipient = own_paragraphs(html)[1][1]
    assert 'data-identifier="operator"' in recipient
    assert "[operator]" in recipient


def test_blanks_are_labelled_in_the_language_beside_them(client: Client) -> None:
    html = text_of(client, "/zh-hans/letters/cancellation/")

    subject, gloss = own_paragraphs(html)[0][1], glosses(html)[0][1]
    assert 'data-identifier="mobile-number"' in subject
    assert "[gsm-nummer]" in subject
    assert "[手机号码]" in gloss


def test_long_blanks_have_several_lines(client: Client) -> None:
    html = text_of(client, "/en/letters/complaint/")

    problem = html.partition('data-identifier="problem"')[2].partition("</p>")[0]
    assert problem.count('class="rule"') == 5


def test_what_is_needed_is_what_the_letter_names(client: Client) -> None:
    html = text_of(client, "/zh-hans/letters/prepaid-refund/?in=fr")

    listed = html.partition('class="at-hand"')[2].partition("</section>")[0]
    assert re.findall(r'lang="fr">([^<]+)</span>', listed) == [
        *("nom", "adresse", "numéro de GSM", "numéro de carte SIM (ICCID)"),
        *("date du transfert", "compte bancaire (IBAN)", "date de la lettre"),
    ]


def fields(html: str) -> dict[str, str]:
    """Return the field of each code: its element as it stands in the page."""
    found = re.findall(r"<(?:input|textarea)[^>]* data-fill=[^>]*>", html)
    return {re.search(r'data-fill="([^"]+)"', one)[1]: one for one in found}


def test_each_blank_has_a_field(client: Client) -> None:
    for slug in LETTERS:
        html = text_of(client, f"/fr/letters/{slug}/")

        blanks = set(re.findall(r'data-identifier="([^"]+)"', html))
        assert set(fields(html)) == blanks
        labels = re.findall(r'<label for="fill-([^"]+)">', html)
        assert labels == list(fields(html))


def test_fields_can_be_sent_nowhere(client: Client) -> None:
    html = text_of(client, PROXIMUS)

    inside = html.partition('id="fill-in"')[2].partition("</section>")[0]
    assert "<form" not in inside
    for field in fields(html).values():
        # Without a name no form would send it; browsers learn and check nothing.
        assert " name=" not in field
        assert " form=" not in field
        assert 'autocomplete="off"' in field
        assert 'spellcheck="false"' in field


def test_fields_suit_what_goes_into_them(client: Client) -> None:
    refund = fields(text_of(client, "/en/letters/prepaid-refund/"))

    assert refund["address"].startswith("<textarea")
    assert 'type="date"' in refund["transfer-date"]
    assert 'inputmode="tel"' in refund["mobile-number"]
    assert "type=" not in refund["name"]


def test_what_the_case_says_is_suggested(client: Client) -> None:
    case = fields(text_of(client, PROXIMUS))
    none = fields(text_of(client, "/en/letters/cancellation/"))

    assert 'data-suggested="2027-01-15"' in case["end-date"]
    assert 'data-suggested="today"' in case["letter-date"]
    assert "data-suggested" not in case["name"]
    assert "data-suggested" not in none["end-date"]


def test_nobody_types_the_operator_that_is_known(client: Client) -> None:
    assert "operator" not in fields(text_of(client, PROXIMUS))
    assert "operator" in fields(text_of(client, "/en/letters/cancellation/"))


# Where it goes


def test_the_operators_address_stands_in_the_email(client: Client) -> None:
    known = text_of(client, address_of(CASES["mobile-vikings"], "letters/cancellation"))
    unknown = text_of(client, PROXIMUS)

    (mailbox,) = re.findall(r'data-mail="([^"]*)"', known)
    sending = section(known, "Send it, and keep the proof")
    assert f'href="mailto:{mailbox}"' in sending
    assert f"E-mail it to {mailbox}" in known
    assert 'data-mail=""' in unknown
    assert "no confirmed e-mail address of Proximus" in unknown
    assert "no confirmed e-mail address" not in known


def test_only_ways_in_writing_are_shown(client: Client) -> None:
    html = text_of(client, PROXIMUS)

    sending = section(html, "Send it, and keep the proof")
    kinds = set(re.findall(r'<span class="kind">([^<]+)</span>', sending))
    assert kinds <= {"Post", "E-mail", "Form"}
    assert kinds


def test_a_way_that_is_not_known_is_said_to_be_unknown(client: Client) -> None:
    case = CASES["base"] | {"goal": ["withdraw"], "operator": ["aldi-talk"]}
    del case["situation"]

    html = client.get(address_of(case, "letters/withdrawal"), follow=True)

    sending = section(html.content.decode(), "Send it, and keep the proof")
    assert "We could not find a confirmed address or form of ALDI TALK" in sending


def test_a_letter_to_somebody_else_shows_no_ways_of_the_operator(
    client: Client,
) -> None:
    html = text_of(client, address_of(CASES["base"], "letters/ombudsman"))

    sending = section(html, "Send it, and keep the proof")
    assert "ombudsmantelecom.be" in sending
    assert 'class="channels"' not in sending


def test_a_letter_for_other_cases_says_so(client: Client) -> None:
    html = text_of(client, address_of(CASES["proximus"], "letters/death-notice"))

    assert "meant for other answers than yours" in html
    assert "meant for other answers than yours" not in text_of(client, PROXIMUS)


# From the checklist


def test_checklists_lead_to_letters_with_the_case(client: Client) -> None:
    number = str(publishing.current_publication().number)
    html = text_of(client, address_of(CASES["proximus"], "checklist", v=number))

    # Where it is used, and among all letters of the case.
    link = PROXIMUS.replace("&", "&amp;")
    assert html.count(f'href="{link}"') == 2
    step = html.partition('data-step="write-request"')[2].partition("data-step=")[0]
    assert link in step


def test_checklists_offer_no_letter_where_none_fits(client: Client) -> None:
    number = str(publishing.current_publication().number)
    html = text_of(client, address_of(CASES["airalo"], "checklist", v=number))

    assert "Letters for your case" not in html


# Letters of earlier days


def names_by_codes() -> None:
    convert = import_string("guide.migrations.0004_identifiers.name_by_codes")
    convert(apps, SimpleNamespace(connection=connection))


def test_words_in_brackets_become_codes() -> None:
    models.Identifier.objects.all().delete()
    models.Letter.objects.exclude(slug="reminder").delete()
    models.Letter.objects.update(
        purpose_en="To remind",
        body_en="Of [mobile number], [my dog].",
        body_nl="Van [mobiel nummer], [mijn hond].",
        body_zh_hans="[手机号码]",
        **{f"body_{code}": "" for code in ("fr", "de")},
        **{f"subject_{code}": "" for code in ("en", "zh_hans", "nl", "fr", "de")},
    )

    names_by_codes()

    letter = models.Letter.objects.get()
    assert letter.body_en == "Of {mobile-number}, [my dog]."
    assert letter.body_nl == "Van {mobile-number}, [mijn hond]."
    assert letter.body_zh_hans == "{mobile-number}"
    assert letter.title_en == "To remind"
    (identifier,) = models.Identifier.objects.all()
    assert (identifier.slug, identifier.name_de) == ("mobile-number", "Mobilfunknummer")


def test_rows_of_earlier_publications_can_be_restored() -> None:
    rows = dump_rows()
    for letter in rows["guide.letter"]:
        letter["identifiers"] = ["name"]
        for name in [n for n in letter if n.startswith(("title", "enclose", "send"))]:
            del letter[name]
    for step in rows["guide.step"]:
        del step["letters"]
    del rows["guide.identifier"]

    restore_rows(rows)

    assert models.Letter.objects.count() == len(LETTERS)
    assert not models.Identifier.objects.exists()


# Drafts that nobody has audited


def test_a_draft_with_gaps_can_still_be_shown(seed_guide: Guide) -> None:
    text = Text({"en": "Dear {ghost}\n\nBye", "nl": "Dag"})

    with translation.override("nl"):
        found = letter_texts.paragraphs_of(seed_guide, text, "en", None)

    first, second = found
    assert first.lines[0][1] == letter_texts.Blank(text="ghost", code="ghost")
    assert [part.text for part in first.gloss[0]] == ["Dag"]
    assert second.gloss == ()
