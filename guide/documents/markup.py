"""The text of steps and facts taken apart, so that no document has to read HTML."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import msgspec
from django.utils.encoding import iri_to_uri

# What a document may link to; "/en/…" is completed to one of these.
SCHEMES = ("https://", "http://", "mailto:", "tel:")


class Run(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stretch of words that look alike."""

    text: str
    bold: bool = False
    link: str = ""


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """A paragraph, or a list whose items are made of blocks."""

    kind: str  # "paragraph", "bullets" or "numbers"
    runs: tuple[Run, ...] = ()
    items: tuple[tuple["Block", ...], ...] = ()


Blocks = tuple[Block, ...]


def blocks_of(html: str, *, base: str = "") -> Blocks:
    """
    Take clean HTML apart.

    Args:
        html: What `guide.compiling.to_html` returns; plain words are one paragraph.
        base: The absolute address of the page, to which links are relative.

    Returns:
        Paragraphs and lists in order. Links that lead to no web page, mailbox or phone
        number leave their words behind.
    """
    reader = _Reader(base)
    reader.feed(html)
    reader.close()
    return reader.finished()


def paragraph(*parts: str) -> Blocks:
    """Return one paragraph of plain words, none for no words."""
    words = "".join(parts)
    return (Block("paragraph", (Run(words),)),) if words else ()


def as_lines(blocks: Blocks, *, indent: str = "") -> list[str]:
    """
    Return blocks as lines of plain text.

    A link shows its address unless its words say the same.
    """
    lines: list[str] = []
    for block in blocks:
        if block.kind == "paragraph":
            lines += [indent + line for line in _plain(block.runs).split("\n")]
        for number, item in enumerate(block.items, start=1):
            mark = f"{number}. " if block.kind == "numbers" else "• "
            inside = as_lines(item, indent=indent + " " * len(mark))
            if inside:
                inside[0] = indent + mark + inside[0].lstrip()
            lines += inside
    return lines


def _plain(runs: tuple[Run, ...]) -> str:
    words = ""
    for run in runs:
        words += run.text
        address = run.link.removeprefix("mailto:").removeprefix("tel:")
        if run.link and address.strip("/") not in run.text.replace(" ", ""):
            words += f" ({address})"
    return words


class _Reader(HTMLParser):
    """Collect blocks; what stands outside any block becomes a paragraph."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self._base = base
        # Lists that are open, the innermost last: their kind and items so far.
        self._lists: list[tuple[str, list[list[Block]]]] = []
        self._blocks: list[Block] = []
        self._runs: list[Run] = []
        self._bold = 0
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"strong", "b"}:
            self._bold += 1
        elif tag == "a":
            address = urljoin(self._base, dict(attrs).get("href") or "")
            self._link = iri_to_uri(address) if address.startswith(SCHEMES) else ""
        elif tag == "br":
            self._runs.append(Run("\n"))
        elif tag in {"ul", "ol"}:
            self._end_paragraph()
            self._lists.append(("bullets" if tag == "ul" else "numbers", []))
        elif tag == "li" and self._lists:
            self._end_paragraph()
            self._lists[-1][1].append([])
        elif tag in {"p", "blockquote", "hr", "div"}:
            self._end_paragraph()

    def handle_endtag(self, tag: str) -> None:
        if tag in {"strong", "b"}:
            self._bold = max(0, self._bold - 1)
        elif tag == "a":
            self._link = ""
        elif tag in {"ul", "ol"} and self._lists:
            self._end_paragraph()
            kind, items = self._lists.pop()
            block = Block(kind, items=tuple(tuple(item) for item in items if item))
            self._add(block)
        elif tag in {"p", "li", "blockquote", "div"}:
            self._end_paragraph()

    def handle_data(self, data: str) -> None:
        words = re.sub(r"\s+", " ", data)
        if words:
            self._runs.append(Run(words, bold=self._bold > 0, link=self._link))

    def finished(self) -> Blocks:
        self._end_paragraph()
        while self._lists:
            self.handle_endtag("ul")
        return tuple(self._blocks)

    def _end_paragraph(self) -> None:
        runs = _trimmed(self._runs)
        self._runs = []
        if runs:
            self._add(Block("paragraph", runs))

    def _add(self, block: Block) -> None:
        if self._lists and self._lists[-1][1]:
            self._lists[-1][1][-1].append(block)
        elif not self._lists:
            self._blocks.append(block)


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """Join what looks alike; drop white space at the ends and beside line breaks."""
    joined: list[Run] = []
    for run in runs:
        if joined and (joined[-1].bold, joined[-1].link) == (run.bold, run.link):
            run = msgspec.structs.replace(run, text=joined.pop().text + run.text)
        joined.append(run)
    trimmed = [
        msgspec.structs.replace(run, text=re.sub(r" *\n *", "\n", run.text))
        for run in joined
    ]
    if trimmed:
        first, last = trimmed[0], trimmed[-1]
        trimmed[0] = msgspec.structs.replace(first, text=first.text.lstrip())
        last = trimmed[-1]
        trimmed[-1] = msgspec.structs.replace(last, text=last.text.rstrip())
    return tuple(run for run in trimmed if run.text)
