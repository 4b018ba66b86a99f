"""What browsers ask for: the worker, the manifest, QR codes, the list of kept pages."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import urlencode

import pytest
import segno
from django.test import Client
from django.test.utils import override_script_prefix
from django.utils import translation

from guide.documents.qr import QUIET_ZONE, qr_svg
from guide.publishing import current, publish
from tests.cases import CASES
from tests.conftest import LANGUAGES
from tests.test_views import HTMX, address_of, text_of

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[1]
SVG = "{http://www.w3.org/2000/svg}"
CHECKLIST = address_of(CASES["proximus"], "checklist", v="1")
CODE = CHECKLIST.replace("/checklist/", "/checklist.svg")


def told_to_worker(client: Client) -> dict:
    """Return what the worker is told of the guide."""
    script = client.get("/sw.js").content.decode()
    return json.loads(re.match(r"const GUIDE = (.*);\n", script)[1])


def drawn_modules(svg: str) -> set[tuple[int, int]]:
    """Return the dark modules of a picture, from the runs in its last path."""
    path = ET.fromstring(svg).findall(f"{SVG}path")[-1].attrib["d"]  # noqa: S314 - ours
    found = set()
    x, y = 0, 0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        else:
            found |= {(int(x) + i, int(y)) for i in range(int(values[0]))}
            x += values[0]
    return found


# The worker


def test_worker_is_a_script_that_browsers_look_at_anew(client: Client) -> None:
    response = client.get("/sw.js")

    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert "importScripts(" in response.content.decode()
    assert client.post("/sw.js").status_code == 405


def test_worker_keeps_own_cases_and_nothing_else(client: Client) -> None:
    told = told_to_worker(client)

    assert told["keep"] == [
        f"/{language}/{page}/"
        for language in LANGUAGES
        for page in ("checklist", "letters")
    ]
    assert told["root"] == "/"
    assert set(told["starts"]) == set(LANGUAGES)
    for address in told["lists"].values():
        assert client.get(address).status_code == 200


def test_worker_changes_with_each_publication(client: Client) -> None:
    before = told_to_worker(client)["version"]

    publish()
    current().forget()  # which else is asked for again only after seconds

    after = told_to_worker(client)["version"]
    assert before.partition("-")[0] == "1"
    assert after.partition("-")[0] == "2"


@pytest.mark.parametrize("address", ["/en/", CHECKLIST, "/en/kept/", "/sw.js"])
def test_pages_may_have_a_worker_of_their_own_site_only(
    client: Client, address: str
) -> None:
    policy = client.get(address)["Content-Security-Policy"]

    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


# The manifest


@pytest.mark.parametrize("language", LANGUAGES)
def test_manifest_starts_in_the_language_it_is_asked_for(
    client: Client, language: str
) -> None:
    response = client.get(f"/manifest.webmanifest?lang={language}")

    manifest = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert manifest["start_url"] == f"/{language}/"
    assert manifest["lang"].lower() == language
    assert manifest["display"] == "standalone"


@pytest.mark.parametrize(
    ("query", "wanted", "start"),
    [
        ("", "fr-BE,fr;q=0.9", "/fr/"),
        ("?lang=xx", "de", "/de/"),
        ("?lang=", "", "/en/"),
        ("?start=https%3A%2F%2Fevil.example%2F", "nl", "/nl/"),
        ("?start=%2F%2Fevil.example%2Fen%2Fchecklist%2F", "nl", "/nl/"),
        ("?start=%2Fen%2Freport%2F", "nl", "/nl/"),
        ("?start=%2Fadmin%2F", "nl", "/nl/"),
        ("?start=%2Fen%2F%00", "nl", "/nl/"),
        ("?" + "&".join(f"a{i}=1" for i in range(1500)), "nl", "/nl/"),
    ],
)
def test_manifest_starts_with_the_guide_when_nothing_better_is_said(
    client: Client, query: str, wanted: str, start: str
) -> None:
    headers = {"accept-language": wanted}

    response = client.get(f"/manifest.webmanifest{query}", headers=headers)

    assert response.json()["start_url"] == start
    assert "Accept-Language" in response["Vary"]


def test_manifest_of_a_checklist_starts_there(client: Client) -> None:
    html = text_of(client, CHECKLIST)
    link = re.search(r'<link rel="manifest" href="([^"]+)"', html)[1]

    manifest = client.get(link.replace("&amp;", "&")).json()

    assert manifest["start_url"] == CHECKLIST
    assert f"{manifest['id']}&v=1" == CHECKLIST
    assert client.get(manifest["start_url"]).status_code == 200
    assert f'data-manifest="{link}"' in html


@pytest.mark.parametrize("root", ["/", "/sub/"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_manifest_of_a_checklist_starts_there_whatever_the_browser_speaks(
    client: Client, language: str, root: str
) -> None:
    start = f"{root}{CHECKLIST.lstrip('/')}".replace("/en/", f"/{language}/")
    query = urlencode({"lang": language, "start": start})

    with override_script_prefix(root):
        manifest = client.get(
            f"/manifest.webmanifest?{query}", headers={"accept-language": "fr"}
        ).json()

    assert manifest["start_url"] == start
    assert manifest["lang"].lower() == language


def test_manifest_starts_at_no_checklist_of_another_site(client: Client) -> None:
    query = urlencode({"start": CHECKLIST, "lang": "nl"})

    with override_script_prefix("/sub/"):
        manifest = client.get(f"/manifest.webmanifest?{query}").json()

    assert manifest["start_url"] == "/sub/nl/"


def test_icons_of_the_manifest_are_the_pictures_it_says(client: Client) -> None:
    manifest = client.get("/manifest.webmanifest").json()

    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        data = (ROOT / "static" / icon["src"].removeprefix("/static/")).read_bytes()
        if icon["type"] == "image/png":
            width, height = (int.from_bytes(data[i : i + 4]) for i in (16, 20))
            assert data.startswith(b"\x89PNG")
            assert icon["sizes"] == f"{width}x{height}"


# QR codes


def test_code_of_a_checklist_is_its_address(client: Client) -> None:
    response = client.get(CODE)

    wanted = segno.make_qr(
        f"http://testserver{CHECKLIST}", error="m", boost_error=False
    )
    dark = {
        (x + QUIET_ZONE, y + QUIET_ZONE)
        for y, row in enumerate(wanted.matrix)
        for x, bit in enumerate(row)
        if bit
    }
    assert response["Content-Type"] == "image/svg+xml"
    assert drawn_modules(response.content.decode()) == dark


@pytest.mark.parametrize("query", ["", "?goal=stop", "?goal=nonsense&v=1"])
def test_there_is_no_code_of_half_a_case(client: Client, query: str) -> None:
    assert client.get(f"/en/checklist.svg{query}").status_code == 404


@pytest.mark.parametrize("version", ["", "&v=x", "&v=99999999999", "&v=%C2%B2"])
def test_code_of_a_link_without_edition_has_the_present_one(
    client: Client, version: str
) -> None:
    code = client.get(CODE.replace("&v=1", version))

    assert code.content == client.get(CODE).content


def test_qr_picture_takes_the_size_of_its_place() -> None:
    picture = ET.fromstring(qr_svg("https://sim-exit.example/"))  # noqa: S314 - ours

    assert picture.tag == f"{SVG}svg"
    assert "width" not in picture.attrib
    side = 25 + 2 * QUIET_ZONE
    assert picture.attrib["viewBox"] == f"0 0 {side} {side}"
    assert not any("style" in part.attrib for part in picture.iter())


def test_qr_refuses_what_no_code_holds() -> None:
    with pytest.raises(segno.DataOverflowError):
        qr_svg("x" * 3000)


# Pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_list_of_kept_pages_knows_no_visitor(client: Client, language: str) -> None:
    html = text_of(client, f"/{language}/kept/")

    assert "data-kept-list" in html
    assert html == text_of(client, f"/{language}/kept/", **{"x-other": "1"})


def test_case_of_ticks_leaves_out_the_end_date_and_the_edition(client: Client) -> None:
    html = text_of(client, CHECKLIST)

    name = re.search(r'data-case="([^"]+)"', html)[1].replace("&amp;", "&")
    assert name == CHECKLIST.partition("?")[2].partition("&end=")[0]


def test_steps_that_wait_name_those_before_them(client: Client) -> None:
    html = text_of(client, CHECKLIST)

    paragraphs = re.findall(r"<p[^>]* data-first>.*?</p>", html, re.S)
    assert paragraphs
    for paragraph in paragraphs:
        for number in re.findall(r'href="#(step-\d+)"', paragraph):
            assert f'id="{number}"' in html


def test_fragment_brings_the_script_of_the_ticks(client: Client) -> None:
    html = text_of(client, CHECKLIST, **HTMX)

    assert "guide/checklist.js" in html
    assert "<html" not in html


def test_only_checklists_ask_to_be_kept(client: Client) -> None:
    assert "data-keep " in text_of(client, CHECKLIST)
    for address in ("/en/", "/en/faq/", "/en/guide/?goal=stop", "/en/kept/"):
        assert "data-keep " not in text_of(client, address)


def test_privacy_text_says_what_stays_on_the_device(client: Client) -> None:
    with translation.override("en"):
        html = text_of(client, "/en/about/")

    for words in ("local storage", "last 20 pages", "Forget everything on this device"):
        assert words in html


def test_preview_keeps_nothing_on_the_device(admin_client: Client) -> None:
    html = text_of(admin_client, f"/admin/preview/today{CHECKLIST}")

    assert "guide/checklist.js" in html
    for name in ("data-case", "data-worker", "data-keep ", "manifest", "checklist.svg"):
        assert name not in html
