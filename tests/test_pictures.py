"""The pictures of the start page and the README: all there, small, and as announced."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from tests.conftest import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "static" / "guide" / "pictures"
KINDS = ("phone", "paper", "calendar")
MOST_BYTES, MOST_BYTES_OF_A_LANGUAGE = 40_000, 110_000


class Images(HTMLParser):
    """Collects the attributes of each image, and of the link around it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self._link: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._link = dict(attrs).get("href")
        if tag == "img":
            self.found.append(dict(attrs) | {"link": self._link})

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = None


def size_of(webp: bytes) -> tuple[int, int]:
    """Return width and height of a WebP picture without loss, from its head."""
    assert (webp[:4], webp[8:16], webp[20]) == (b"RIFF", b"WEBPVP8L", 0x2F)
    assert int.from_bytes(webp[4:8], "little") + 8 == len(webp)
    packed = int.from_bytes(webp[21:25], "little")
    return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_pictures_and_they_are_small(language: str) -> None:
    weights = {
        path.stem: path.stat().st_size for path in (PICTURES / language).iterdir()
    }

    assert set(weights) == set(KINDS)
    assert max(weights.values()) <= MOST_BYTES
    assert sum(weights.values()) <= MOST_BYTES_OF_A_LANGUAGE


def test_no_picture_is_that_of_another_language() -> None:
    pictures = [path.read_bytes() for path in PICTURES.rglob("*.webp")]

    assert len(pictures) == len(LANGUAGES) * len(KINDS) == len(set(pictures))


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_start_page_shows_the_pictures_of_its_language(
    client: Client, language: str
) -> None:
    images = Images(client.get(f"/{language}/").content.decode()).found

    assert [image["src"] for image in images] == [
        f"/static/guide/pictures/{language}/{kind}.webp" for kind in KINDS
    ]
    for image in images:
        file = finders.find((image["src"] or "").removeprefix("/static/"))
        announced = int(image["width"] or 0), int(image["height"] or 0)
        assert announced == size_of(Path(file).read_bytes())
        assert image["link"] == image["src"]
        assert (image["loading"], image["decoding"]) == ("lazy", "async")
    # What they show is said, and differently for each.
    assert len({image["alt"] for image in images} - {None, ""}) == len(KINDS)


@pytest.mark.django_db
def test_pictures_come_after_the_button_that_starts(client: Client) -> None:
    html = client.get("/en/").content.decode()

    with translation.override("en"):
        start, shown = gettext("Start"), gettext("What you get")
    assert html.index(f">{start}</a>") < html.index(f"<h2>{shown}</h2>")


@pytest.mark.django_db
def test_fragment_shows_the_pictures_of_its_language(client: Client) -> None:
    html = client.get("/zh-hans/", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in html
    assert len(Images(html).found) == len(KINDS)
    assert all("/zh-hans/" in (image["src"] or "") for image in Images(html).found)


@pytest.mark.parametrize("name", ["README.md", "docs/editors.md"])
def test_pictures_of_documents_exist_and_say_what_they_show(name: str) -> None:
    document = ROOT / name
    pictures = re.findall(r"!\[(.*?)\]\((.+?)\)", document.read_text(encoding="utf-8"))

    assert pictures
    for alt, path in pictures:
        assert alt
        assert (document.parent / path).is_file(), path


def test_readme_shows_the_english_pictures() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    for kind in KINDS:
        assert f"](static/guide/pictures/en/{kind}.webp)" in readme


def test_pictures_are_made_for_each_language_and_with_pinned_packages() -> None:
    folder = ROOT / "docs" / "pictures"
    made = re.search(
        r"(?s)LOCALES = \{(.+?)\}", (folder / "make.py").read_text(encoding="utf-8")
    )

    assert made
    assert set(re.findall(r'"([\w-]+)":', made[1])) == set(LANGUAGES)
    for line in (folder / "requirements.txt").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"[\w-]+==[\w.]+\s+# .+", line), line
