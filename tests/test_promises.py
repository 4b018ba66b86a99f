"""The promises to visitors that the server can break."""

import logging
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guide import publishing
from tests.cases import CASES
from tests.test_views import address_of

pytestmark = pytest.mark.django_db

PAGES = [
    *("/", "/en/", "/en/guide/", "/zh-hans/guide/?goal=stop", "/en/operators/"),
    *("/en/operators/?q=base", "/en/operators/base/", "/en/faq/", "/en/sources/"),
    *("/nl/faq/written-proof/", "/fr/operators/holafly/", "/operators/base/", "/faq/"),
    *("/en/about/", "/en/accessibility/", "/en/nowhere/", "/robots.txt"),
    *("/sitemap.xml", "/healthz", "/en/report/", "/nl/report/?step=reminder"),
    "/zh-hans/report/?sent=1&back=%2Fen%2Fchecklist%2F%3Fgoal%3Dstop",
    *(address_of(case, "checklist", v="1") for case in CASES.values()),
]


@pytest.mark.parametrize("address", PAGES)
def test_no_visitor_page_sets_a_cookie(client: Client, address: str) -> None:
    response = client.get(address)

    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("address", PAGES)
def test_no_visitor_page_asks_the_database(
    client: Client,
    address: str,
    settings: object,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.PUBLICATION_RECHECK_SECONDS = 3600
    publishing.current_publication()

    with django_assert_num_queries(0):
        client.get(address)


@pytest.mark.parametrize("address", PAGES)
def test_no_visitor_page_loads_anything_from_elsewhere(
    client: Client, address: str
) -> None:
    html = client.get(address).content.decode()

    loaded = re.findall(r'(?:src|srcset|data|poster|hx-get)="([^"]*)"', html)
    loaded += re.findall(r'<link rel="(?:icon|stylesheet)" href="([^"]*)"', html)
    assert all(link.startswith("/") for link in loaded)
    assert "<script>" not in html
    assert "style=" not in html


@pytest.mark.parametrize("address", PAGES)
def test_nothing_of_a_visit_is_logged(
    client: Client, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        client.get(address)

    assert [r for r in caplog.records if r.name != "django.request"] == []


def test_pages_allow_nothing_inline_or_from_elsewhere(client: Client) -> None:
    policy = client.get("/en/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
