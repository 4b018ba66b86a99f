"""What search engines are told: of each page that may be found, in each language."""

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from itertools import product

import msgspec
import pytest
from django.test import Client
from django.utils.html import strip_tags

from guide import headlines, models, publishing, structured_data, urls
from guide.flow.content import Guide, Text
from guide.languages import html_language
from guide.listed_pages import KINDS, pages_of
from tests.cases import CASES
from tests.conftest import LANGUAGES
from tests.test_views import HTMX, address_of

pytestmark = pytest.mark.django_db

HOST = "http://testserver"
# Pages of single cases, and the one at which mistakes are reported.
DOCUMENTS = {
    f"checklist-{ending}" for ending in ("pdf", "ics", "vcf", "json", "txt", "html")
}
UNLISTED = {
    *("questionnaire", "question", "checklist", "checklist-code", "report", "kept"),
    *DOCUMENTS,
}
VOID = {"meta", "link", "input", "br", "img", "hr"}

NAMESPACES = {
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


class Page(HTMLParser):
    """What this test reads of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language = ""
        self.titles: list[str] = []
        self.headings: list[str] = []
        self.meta: dict[str, list[str]] = {}
        self.canonical: list[str] = []
        self.alternates: list[tuple[str, str]] = []
        self.data: list[str] = []
        self.words: list[str] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if tag == "html":
            self.language = values["lang"]
        elif tag == "h1":
            self.headings.append("")
        elif tag == "title":
            self.titles.append("")
        elif tag == "meta":
            name = values.get("name") or values.get("property", "")
            self.meta.setdefault(name, []).append(values.get("content", ""))
        elif tag == "link" and values["rel"] == "canonical":
            self.canonical.append(values["href"])
        elif tag == "link" and values["rel"] == "alternate":
            self.alternates.append((values["hreflang"], values["href"]))
        elif tag == "script" and values.get("type") == "application/ld+json":
            self.data.append("")
        elif tag == "a" and "main" in self._open:
            self.links.append(values["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "script" in self._open:
            if self.data:
                self.data[-1] += data
        elif "title" in self._open:
            self.titles[-1] += data
        elif "main" in self._open:
            self.words.append(data)
            if "h1" in self._open:
                self.headings[-1] += data

    @property
    def text(self) -> str:
        """The words that people read in the page's own part."""
        return spaced(" ".join(self.words))

    @property
    def description(self) -> str:
        (text,) = self.meta["description"]
        return text


@dataclass
class Site:
    """All pages that may be found, read once."""

    pages: dict[str, dict[str, Page]] = field(default_factory=dict)  # language, path

    def all(self) -> Iterator[tuple[str, str, Page]]:
        for language, pages in self.pages.items():
            for path, page in pages.items():
                yield language, path, page


def spaced(text: str) -> str:
    return " ".join(text.split())


def squeezed(html: str) -> str:
    """Return the words of some HTML without any space, to compare them."""
    return "".join(unescape(strip_tags(html)).split())


def read(client: Client, address: str, **headers: str) -> Page:
    response = client.get(address.removeprefix(HOST), headers=headers)
    assert response.status_code == 200, (address, response.headers.get("Location"))
    return Page(response.content.decode())


@pytest.fixture(scope="module")
def site(seed_guide: Guide, django_db_blocker) -> Site:
    """Every page that may be found, as the test client gets it."""
    client, found = Client(), Site()
    publishing.current().forget()
    with django_db_blocker.unblock():
        for language in LANGUAGES:
            paths = [page.address(language) for page in pages_of(seed_guide)]
            found.pages[language] = {path: read(client, path) for path in paths}
    publishing.current().forget()
    return found


# Which pages there are


def test_every_visitors_page_is_either_listed_or_left_out_for_a_reason() -> None:
    names = {pattern.name for pattern in urls.urlpatterns}

    listed = {kind.name for kind in KINDS}
    assert listed.isdisjoint(UNLISTED)
    assert listed | UNLISTED == names


def test_pages_are_those_of_the_guide_in_every_language(
    site: Site, seed_guide: Guide
) -> None:
    for language in LANGUAGES:
        paths = set(site.pages[language])

        assert {f"/{language}/", f"/{language}/operators/"} <= paths
        assert {f"/{language}/faq/{e.slug}/" for e in seed_guide.faq} <= paths
        assert {f"/{language}/operators/{o.slug}/" for o in seed_guide.operators} <= (
            paths
        )


# What each page says of itself


def test_page_has_one_heading_and_one_title_with_the_subject_first(site: Site) -> None:
    for language, path, page in site.all():
        assert page.language == html_language(language), path
        assert len(page.headings) == len(page.titles) == 1, path
        assert spaced(page.headings[0]), path
        assert re.fullmatch(r"\S.* – SIM Exit", page.titles[0]), path
        assert not page.titles[0].startswith("SIM Exit"), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_headings_and_descriptions_are_each_page_s_own(
    site: Site, language: str
) -> None:
    pages = site.pages[language].values()

    for texts in (
        [page.titles[0] for page in pages],
        [spaced(page.headings[0]) for page in pages],
        [page.description for page in pages],
    ):
        assert sorted(texts) == sorted(set(texts))


def test_titles_and_descriptions_fit_a_list_of_results(site: Site) -> None:
    for language, path, page in site.all():
        assert 15 <= headlines.columns(page.description) <= 160, path
        # A common question is its own title, however long editors have made it.
        if not path.startswith(f"/{language}/faq/") or path.endswith("/faq/"):
            assert headlines.columns(page.titles[0]) <= 60, path


def test_previews_of_links_say_the_same(site: Site) -> None:
    for _language, path, page in site.all():
        assert page.meta["og:title"] == [page.titles[0].removesuffix(" – SIM Exit")]
        assert page.meta["og:description"] == [page.description]
        assert page.meta["og:url"] == [HOST + path]
        assert page.meta["twitter:card"] == ["summary"]


def test_listed_pages_do_not_ask_to_be_left_out(site: Site) -> None:
    assert not [path for _, path, page in site.all() if "robots" in page.meta]


# Languages and canonical addresses


def test_canonical_address_is_the_page_s_own(site: Site) -> None:
    for _language, path, page in site.all():
        assert page.canonical == [HOST + path]


def test_alternates_are_all_languages_and_lead_back(site: Site) -> None:
    every = {f"{HOST}{path}": page for _, path, page in site.all()}
    for language, path, page in site.all():
        alternates = dict(page.alternates)

        assert len(alternates) == len(page.alternates)
        assert set(alternates) == {*map(html_language, LANGUAGES), "x-default"}
        assert alternates[html_language(language)] == HOST + path
        for other, address in alternates.items():
            if other != "x-default":
                assert every[address].language == other
                assert every[address].alternates == page.alternates


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_address_without_a_language_leads_to_the_visitors_own(
    client: Client, site: Site, language: str
) -> None:
    for path, page in site.pages[language].items():
        neutral = dict(page.alternates)["x-default"].removeprefix(HOST)

        response = client.get(neutral, headers={"accept-language": language})

        assert response.status_code == 302
        assert response["Location"] == path
        assert response["Vary"] == "Accept-Language"


def test_front_page_is_the_start_page_without_a_language(site: Site) -> None:
    assert dict(site.pages["en"]["/en/"].alternates)["x-default"] == f"{HOST}/"


@pytest.mark.parametrize(
    "address",
    [
        "/nl/operators/?q=base",
        "/nl/operators/?utm_source=letter&q=base",
        "/nl/operators/?gclid=1",
    ],
)
def test_narrowed_list_names_the_whole_list_as_its_own(
    client: Client, address: str
) -> None:
    whole = read(client, "/nl/operators/")

    page = read(client, address)

    assert page.canonical == whole.canonical == [f"{HOST}/nl/operators/"]
    assert page.alternates == whole.alternates


@pytest.mark.parametrize("page", ["", "faq/", "operators/base/", "faq/written-proof/"])
def test_tracking_is_no_part_of_a_canonical_address(client: Client, page: str) -> None:
    found = read(client, f"/de/{page}?utm_campaign=x&fbclid=y")

    assert found.canonical == [f"{HOST}/de/{page}"]
    assert "utm_campaign" not in str(found.alternates)
    assert found.meta["og:url"] == found.canonical


# What is to be left out


@pytest.mark.parametrize(
    "address",
    [
        "/en/guide/",
        "/fr/guide/?goal=stop",
        "/en/guide/goal/?goal=stop",
        address_of(CASES["proximus"], "checklist", v="1"),
        "/zh-hans/report/",
    ],
)
def test_pages_of_a_case_ask_to_be_left_out(client: Client, address: str) -> None:
    page = read(client, address)

    assert page.meta["robots"] == ["noindex"]
    assert page.alternates == []
    assert page.data == []


@pytest.mark.parametrize("address", ["/en/nowhere/", "/en/faq/nobody-asks-this/"])
def test_pages_that_do_not_exist_name_no_address(client: Client, address: str) -> None:
    response = client.get(address)
    page = Page(response.content.decode())

    assert response.status_code == 404
    assert page.canonical == page.alternates == []


# Sitemap and robots


def sitemap_of(client: Client) -> list[ElementTree.Element]:
    response = client.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml"
    return list(ElementTree.fromstring(response.content))  # noqa: S314 - our own


def test_sitemap_lists_exactly_the_pages_that_may_be_found(
    client: Client, site: Site
) -> None:
    found = [url.findtext("map:loc", "", NAMESPACES) for url in sitemap_of(client)]

    assert len(found) == len(set(found))
    assert set(found) == {HOST + path for _, path, _page in site.all()}


def test_sitemap_names_the_same_alternates_as_the_pages(
    client: Client, site: Site
) -> None:
    every = {f"{HOST}{path}": page for _, path, page in site.all()}
    for url in sitemap_of(client):
        links = url.findall("xhtml:link", NAMESPACES)
        address = url.findtext("map:loc", "", NAMESPACES)

        assert {link.attrib["rel"] for link in links} == {"alternate"}
        assert [
            (link.attrib["hreflang"], link.attrib["href"]) for link in links
        ] == every[address].alternates


def test_sitemap_carries_the_day_of_the_publication(client: Client) -> None:
    # Just before midnight in London it is the next day in Belgium.
    moment = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    models.Publication.objects.update(published_at=moment)
    publishing.current().forget()

    days = {url.findtext("map:lastmod", "", NAMESPACES) for url in sitemap_of(client)}

    assert days == {"2026-11-21"}


def test_robots_are_told_of_the_sitemap_and_kept_from_nothing_in_it(
    client: Client, site: Site
) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert f"Sitemap: {HOST}/sitemap.xml" in lines
    closed = tuple(
        line.removeprefix("Disallow: ") for line in lines if "Disallow:" in line
    )
    assert closed
    assert not [path for _, path, _page in site.all() if path.startswith(closed)]


# Structured data


def test_common_questions_are_told_as_they_stand_on_the_page(
    site: Site, seed_guide: Guide
) -> None:
    for language in LANGUAGES:
        page = site.pages[language][f"/{language}/faq/"]
        (text,) = page.data
        data = json.loads(text)
        visible = squeezed(page.text)

        assert (data["@context"], data["@type"]) == ("https://schema.org", "FAQPage")
        assert data["inLanguage"] == page.language
        assert len(data["mainEntity"]) == len(seed_guide.faq)
        for question in data["mainEntity"]:
            assert question["@type"] == "Question"
            assert question["acceptedAnswer"]["@type"] == "Answer"
            assert squeezed(question["name"]) in visible
            assert squeezed(question["acceptedAnswer"]["text"]) in visible
            assert len(squeezed(question["acceptedAnswer"]["text"])) > 20


def test_way_to_a_page_is_told_as_it_stands_on_the_page(site: Site) -> None:
    below = re.compile(r"/[\w-]+/(operators|faq)/[\w-]+/")
    for _language, path, page in site.all():
        if below.fullmatch(path):
            (text,) = page.data
            data = json.loads(text)
            steps = data["itemListElement"]
            assert data["@type"] == "BreadcrumbList"
            assert [step["position"] for step in steps] == [1, 2, 3]
            assert steps[-1]["item"] == HOST + path
            for step in steps:
                assert squeezed(step["name"]) in squeezed("SIM Exit" + page.text)
            for step in steps[:-1]:
                assert step["item"].removeprefix(HOST) in page.links


def test_data_cannot_end_its_script_element() -> None:
    evil = "</script><script>alert(1)</script><!-- & ]]>"
    guide_data = {"name": evil, evil: [evil]}

    script = structured_data.as_script(guide_data)

    assert not set("<>&") & set(script)
    assert json.loads(script) == guide_data


def test_question_that_holds_markup_stays_inside_its_script(
    seed_guide: Guide,
) -> None:
    evil = '</script><script>alert("x")</script>'
    entry = msgspec.structs.replace(seed_guide.faq[0], question=Text({"en": evil}))
    data = structured_data.faq_page([entry], language="en", name="x")
    html = f'<script type="application/ld+json">{structured_data.as_script(data)}'

    page = Page(f"{html}</script>")

    assert html.count("<script") == 1
    assert json.loads(page.data[0])["mainEntity"][0]["name"] == evil


def test_fragments_carry_the_title_and_nothing_for_search_engines(
    client: Client,
) -> None:
    page = read(client, "/en/operators/base/", **HTMX)

    assert page.titles == ["Cancel BASE in Belgium: subscription, prepaid – SIM Exit"]
    assert page.data == page.canonical == page.alternates == []


# What pages lead on to


def test_start_page_leads_to_operators_and_common_questions(
    site: Site, seed_guide: Guide
) -> None:
    links = site.pages["nl"]["/nl/"].links

    operators = [a for a in links if re.fullmatch(r"/nl/operators/[\w-]+/", a)]
    networks = [o.slug for o in seed_guide.operators if o.kind == "network"]
    assert [address.split("/")[3] for address in operators[: len(networks)]] == networks
    assert "/nl/operators/holafly/" in operators
    assert "/nl/operators/" in links
    questions = [a for a in links if re.fullmatch(r"/nl/faq/[\w-]+/", a)]
    assert questions == [f"/nl/faq/{entry.slug}/" for entry in seed_guide.faq[:6]]


def test_every_listed_page_can_be_reached_by_links(client: Client, site: Site) -> None:
    pages = site.pages["de"]
    html = client.get("/de/").content.decode()
    foot = re.findall(r'href="(/de/[^"?]*)"', html)
    linked = {link for page in pages.values() for link in page.links}

    assert set(pages) - linked - set(foot) == set()


@pytest.mark.parametrize(
    ("operator", "query"),
    [
        ("proximus", "operator=proximus"),
        ("holafly", "line=travel-esim&operator=holafly"),
        ("ortel-mobile", "goal=stop&operator=ortel-mobile"),
    ],
)
def test_operator_page_begins_the_questions_with_the_operator_chosen(
    client: Client, site: Site, operator: str, query: str
) -> None:
    begin = f"/fr/guide/?{query}"
    assert begin in site.pages["fr"][f"/fr/operators/{operator}/"].links

    response = client.get(begin)

    assert response.status_code == 200
    assert response.context_data["question"].slug in {"goal", "line"}
    assert response.context_data["hidden"]["operator"] == (operator,)
    assert response.context_data["notices"] == []


def test_operator_page_leads_to_others_on_its_network(site: Site) -> None:
    links = site.pages["en"]["/en/operators/scarlet/"].links

    assert "/en/operators/proximus/" in links
    assert "/en/operators/mobile-vikings/" in links
    assert "/en/operators/orange/" not in links
    assert "/en/operators/scarlet/" not in links


def test_travel_esim_leads_to_other_ones_only(site: Site) -> None:
    links = site.pages["en"]["/en/operators/holafly/"].links

    assert "/en/operators/airalo/" in links
    assert "/en/operators/proximus/" not in links


def test_operator_page_leads_to_the_questions_that_concern_it(site: Site) -> None:
    def questions_of(operator: str) -> set[str]:
        links = site.pages["en"][f"/en/operators/{operator}/"].links
        return {a for a in links if re.fullmatch(r"/en/faq/[\w-]+/", a)}

    prepaid_only = questions_of("carrefour-mobile")
    assert "/en/faq/refund-of-credit/" in prepaid_only
    assert "/en/faq/price-rise/" not in prepaid_only
    assert "/en/faq/refund-of-credit/" not in questions_of("telenet")
    assert "/en/faq/delete-esim-or-cancel/" in questions_of("holafly")
    assert "/en/faq/refund-of-credit/" not in questions_of("holafly")
    assert questions_of("ortel-mobile") == set()


def test_operator_page_answers_before_anything_else(site: Site) -> None:
    text = site.pages["en"]["/en/operators/proximus/"].text

    start, _, rest = text.partition("Make my checklist")
    assert "To cancel Proximus, try this first: online (proximus.be)." in start
    assert "The line stops on the date you choose" in start
    assert "Deleting the eSIM or throwing the card away does not end" in start
    assert "Source: " in start.partition("In short")[2]
    assert "Ending the line" in rest


def test_operator_page_says_what_the_answer_does_not_know(client: Client) -> None:
    facts = models.OperatorFact.objects.filter(operator__slug__in=["base", "holafly"])
    facts.filter(topic__in=["notice", "effective", "renewal"]).delete()
    publishing.publish(note="Less is known.")

    base = read(client, "/en/operators/base/").text
    holafly = read(client, "/en/operators/holafly/").text

    unknown = "When the line ends: we have not been able to confirm this."
    assert unknown in base.partition("Make my checklist")[0]
    unknown = "Whether it renews by itself: we have not been able to confirm this."
    assert unknown in holafly.partition("Make my checklist")[0]


def test_closed_brand_is_told_what_became_of_it_and_not_how_to_cancel(
    site: Site,
) -> None:
    page = site.pages["en"]["/en/operators/ortel-mobile/"]

    assert "no longer exists" in page.headings[0]
    assert "no longer exists" in page.titles[0]
    assert "31 March 2018" in page.description
    assert "try this first" not in page.text
    assert "no confirmed way" not in page.text


def test_question_has_a_page_of_its_own(site: Site, seed_guide: Guide) -> None:
    for language, entry in product(LANGUAGES, seed_guide.faq):
        page = site.pages[language][f"/{language}/faq/{entry.slug}/"]
        question = entry.question.read(language)

        assert spaced(page.headings[0]) == spaced(question)
        assert page.titles == [f"{question} – SIM Exit"]
        assert f"/{language}/faq/{entry.slug}/" in (
            site.pages[language][f"/{language}/faq/"].links
        )
