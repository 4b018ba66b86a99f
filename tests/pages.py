"""Read pages as visitors do, block by block, and find all pages there are."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client

APART = frozenset({"b", "cite", "code", "q", "strong"})
INLINE = APART | {"a", "abbr", "em", "i", "span", "time"}
SILENT = frozenset({"script", "style", "svg", "template"})
VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr"})


class PageReader(HTMLParser):
    """Collects the links of a page and its blocks of text in the page's language."""

    def __init__(self) -> None:
        super().__init__()
        self.language = ""
        self.links: list[str] = []
        self.blocks: list[str] = []
        self.in_english: list[str] = []  # shown in place of a text that is missing
        self._open: list[tuple[str, bool, bool]] = []  # tag, is read, is apart
        self._words: list[str] = []

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        attrs = dict(found)
        if tag == "html":
            self.language = attrs.get("lang") or ""
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"] or "")
        if tag == "meta" and attrs.get("name") == "description":
            self.blocks.append(attrs.get("content") or "")
        for name in ("aria-label", "placeholder", "title", "alt"):
            if attrs.get(name) and self._is_read:
                self.blocks.append(attrs[name] or "")
        if tag not in INLINE:
            self._end_block()
        if tag in VOID:
            return
        is_ours = attrs.get("lang", self.language) == self.language
        is_apart = tag in APART or attrs.get("translate") == "no"
        self._open.append((tag, is_ours and tag not in SILENT, is_apart))
        if not is_ours:
            self._words.append(" . ")
            if tag in {"span", "div"} and attrs["lang"] == "en":
                self.in_english.append(self.get_starttag_text() or tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self._end_block()
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._is_read:
            # Names, labels and quotations are set apart; no sentence runs through them.
            is_apart = any(apart for _, _, apart in self._open)
            self._words.append(f"“{data}”" if is_apart and data.strip() else data)

    @property
    def _is_read(self) -> bool:
        return all(is_read for _, is_read, _ in self._open)

    def _end_block(self) -> None:
        if words := " ".join("".join(self._words).split()):
            self.blocks.append(words)
        self._words.clear()


def read(html: str) -> PageReader:
    """Return a page, read to its end."""
    reader = PageReader()
    reader.feed(html)
    reader.close()
    return reader


def pages_from(
    client: Client, start: str, also: tuple[str, ...] = ()
) -> Iterator[tuple[str, PageReader]]:
    """
    Yield every page below *start* that links lead to, with its address.

    Addresses with a query are left out, but for those in *also*.
    """
    waiting = [start, *also]
    seen = set(waiting)
    while waiting:
        address = waiting.pop()
        response = client.get(address, follow=True)
        page = read(response.content.decode())
        yield address, page
        for link in page.links:
            found = urlsplit(urljoin(address, link))
            is_new = found.path not in seen and not found.query and not found.netloc
            if is_new and found.path.startswith(start):
                seen.add(found.path)
                waiting.append(found.path)
