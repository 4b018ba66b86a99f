"""Make a PDF smaller: what Typst writes plainly is stored together, compressed."""

import re
import zlib

# Readers open a whole bundle for one object of it: not all in one.
MOST_IN_BUNDLE = 1000

_ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])")
_OBJECT = re.compile(rb"\s*(\d+) 0 obj\s(.*)\sendobj\s*", re.DOTALL)


def packed(pdf: bytes) -> bytes:
    """
    Return the same PDF with object streams and a cross-reference stream.

    Half of a tagged document tells how it is to be read, in thousands of small objects;
    PDF 1.5 and later, and PDF/UA-1, store those compressed, and Typst does not.

    Args:
        pdf: A whole file with a table of references, as Typst writes it.

    Raises:
        ValueError: If the file is built in another way.
    """
    start = _last_number(pdf, b"startxref")
    table, _word, rest = pdf[start:].partition(b"trailer")
    if not table.startswith(b"xref") or not rest:
        msg = "The PDF has no table of references."
        raise ValueError(msg)
    trailer = rest[: rest.rindex(b"startxref")].strip()
    offsets = {
        number: int(entry[1])
        for number, entry in enumerate(_ENTRY.finditer(table))
        if entry[3] == b"n"
    }
    ends = dict(
        zip(
            sorted(offsets.values()),
            [*sorted(offsets.values())[1:], start],
            strict=True,
        )
    )

    header = pdf[: min(offsets.values())]
    places: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
    small: list[tuple[int, bytes]] = []
    body = bytearray(header)
    for number, offset in offsets.items():
        raw = pdf[offset : ends[offset]]
        found = _OBJECT.fullmatch(raw)
        if found is None or int(found[1]) != number:
            msg = f"Object {number} of the PDF is not where its table says."
            raise ValueError(msg)
        if found[2].rstrip().endswith(b"endstream"):
            places[number] = (1, len(body), 0)
            body += raw
        else:
            small.append((number, found[2]))

    last = max(offsets)
    for first in range(0, len(small), MOST_IN_BUNDLE):
        last += 1
        bundle = small[first : first + MOST_IN_BUNDLE]
        for index, (number, _content) in enumerate(bundle):
            places[number] = (2, last, index)
        places[last] = (1, len(body), 0)
        body += _bundle(last, bundle)

    last += 1
    places[last] = (1, len(body), 0)
    here = len(body)
    rows = b"".join(
        kind.to_bytes(1, "big") + where.to_bytes(4, "big") + index.to_bytes(2, "big")
        for kind, where, index in (
            places.get(number, (0, 0, 65535)) for number in range(last + 1)
        )
    )
    kept = re.sub(rb"/Size\s+\d+", b"", trailer.removeprefix(b"<<").removesuffix(b">>"))
    entries = b"/Type /XRef /W [1 4 2] /Size %d %s" % (last + 1, kept.strip())
    body += _stream(last, entries, rows)
    return bytes(body) + b"startxref\n%d\n%%%%EOF\n" % here


def _bundle(number: int, objects: list[tuple[int, bytes]]) -> bytes:
    index, content = [], b""
    for inside, words in objects:
        index.append(b"%d %d" % (inside, len(content)))
        content += words + b"\n"
    first = b" ".join(index) + b"\n"
    entries = b"/Type /ObjStm /N %d /First %d" % (len(objects), len(first))
    return _stream(number, entries, first + content)


def _stream(number: int, entries: bytes, content: bytes) -> bytes:
    data = zlib.compress(content, 9)
    head = b"%d 0 obj\n<< %s /Filter /FlateDecode /Length %d >>\nstream\n"
    return head % (number, entries, len(data)) + data + b"\nendstream\nendobj\n"


def _last_number(pdf: bytes, word: bytes) -> int:
    found = re.search(rb"(\d+)\s+%%EOF\s*\Z", pdf)
    if found is None or word not in pdf[found.start() - 20 : found.start()]:
        msg = "The PDF does not say where its table of references begins."
        raise ValueError(msg)
    return int(found[1])
