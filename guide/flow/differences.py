"""What differs between two versions of the content: rows, their order, their words."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

import msgspec

Key = tuple[str, ...]
Fields = Mapping[str, object]
Rows = Mapping[str, Sequence[Fields]]

_LINE = re.compile(r"(?=\n)")
# A word with the space behind it, so that spaces do not count as common words. Chinese
# has no spaces between words: each character stands for itself.
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"(?:\{{\w+\}}|[{_HAN}]|[^\W{_HAN}]+|[^\w\s]|(?=\s))\s*")
_INSIDE = re.compile(rf"(?:[^\W{_HAN}]|[{{}}]){{2}}")  # two letters of one word
# Below this share of common letters, two texts read better one after the other.
_MOST_FOREIGN = 0.3
# Common pieces up to this long between two changes only tear the text apart.
_SHORTEST_ISLAND = 2
# Comparing takes time with the product of the lengths; beyond, texts are shown whole.
_MOST_COMPARED = 4_000_000


class Change(StrEnum):
    """What became of something between two versions."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text that is in both versions, or only in one."""

    change: Change
    text: str


class FieldChange(msgspec.Struct, frozen=True):
    """One field of a row before and after; None: empty."""

    name: str
    before: object
    after: object


class RowChange(msgspec.Struct, frozen=True):
    """One row that is new, gone or different."""

    model: str
    key: Key
    before: Fields | None
    after: Fields | None
    fields: tuple[FieldChange, ...]

    @property
    def change(self) -> Change:
        """What became of the row."""
        if self.before is None:
            return Change.ADDED
        return Change.REMOVED if self.after is None else Change.CHANGED


class Move(msgspec.Struct, frozen=True):
    """A row that stands elsewhere among the rows beside it."""

    model: str
    key: Key
    behind: Key | None  # None: it comes first now


class Difference(msgspec.Struct, frozen=True):
    """All that differs between two versions of the content."""

    rows: tuple[RowChange, ...]
    moves: tuple[Move, ...]

    def __bool__(self) -> bool:
        return bool(self.rows or self.moves)

    def count(self, change: Change) -> int:
        """Return how many rows are new, gone or different."""
        return sum(row.change is change for row in self.rows)


# Rows


def key_of(fields: Fields) -> Key:
    """Return the natural key of a row: its code, for answers behind the question's."""
    question = fields.get("question")
    code = str(fields["slug"])
    return (str(question[0]), code) if isinstance(question, list) else (code,)


def compare_rows(before: Rows, after: Rows) -> Difference:
    """
    Compare two versions of the content.

    Args:
        before: Fields of the rows by model, as plain values (lists, not tuples).
        after: The same of the other version.

    Returns:
        Changed rows in the order of *after*, models in the order in which they come;
        rows that are gone stand behind the others of their model. A row that only
        got another number for its position is no change, unless it moved.
    """
    models = [*after, *(model for model in before if model not in after)]
    rows: list[RowChange] = []
    moves: list[Move] = []
    for model in models:
        old = {key_of(fields): fields for fields in before.get(model, ())}
        new = {key_of(fields): fields for fields in after.get(model, ())}
        rows += _changed_rows(model, old, new)
        moves += _moves(model, old, new)
    return Difference(tuple(rows), tuple(moves))


def _changed_rows(
    model: str, old: Mapping[Key, Fields], new: Mapping[Key, Fields]
) -> Iterator[RowChange]:
    gone = [key for key in old if key not in new]
    for key in [*new, *gone]:
        before, after = old.get(key), new.get(key)
        fields = tuple(_changed_fields(before or {}, after or {}))
        if fields:
            yield RowChange(model, key, before, after, fields)


def _changed_fields(before: Fields, after: Fields) -> Iterator[FieldChange]:
    names = [*after, *(name for name in before if name not in after)]
    for name in names:
        old, new = _filled(before.get(name)), _filled(after.get(name))
        if name != "position" and old != new and _as_set(old) != _as_set(new):
            yield FieldChange(name, old, new)


def _filled(value: object) -> object:
    """Return a value, None for everything that says nothing."""
    return None if value in ("", [], {}) else value


def _as_set(value: object) -> object:
    """Return a list of rows (which are lists themselves) as the set that it is."""
    if isinstance(value, list) and all(isinstance(item, list) for item in value):
        return frozenset(tuple(item) for item in value)
    return value


# Order


def _moves(
    model: str, old: Mapping[Key, Fields], new: Mapping[Key, Fields]
) -> Iterator[Move]:
    groups_before, groups_after = _by_group(old), _by_group(new)
    for group, keys in groups_after.items():
        place = {key: i for i, key in enumerate(groups_before.get(group, ()))}
        common = [key for key in keys if key in place]
        stayed = _longest_rise([place[key] for key in common])
        moved = {key for i, key in enumerate(common) if i not in stayed}
        for behind, key in zip([None, *keys], keys, strict=False):
            if key in moved:
                yield Move(model, key, behind)


def _by_group(rows: Mapping[Key, Fields]) -> dict[Key, list[Key]]:
    """Return the rows in order, by what they stand in: operator, question, phase."""
    groups: dict[Key, list[Key]] = {}
    for key in sorted(rows, key=lambda key: _position(rows[key])):
        fields = rows[key]
        if "position" in fields:
            where = (fields.get(name, "") for name in ("operator", "question", "phase"))
            groups.setdefault(tuple(str(name) for name in where), []).append(key)
    return groups


def _position(fields: Fields) -> int:
    position = fields.get("position")
    return position if isinstance(position, int) else 0


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """Return the indexes of a longest rising part of *numbers*, gaps allowed."""
    lowest_ends: list[int] = []  # lowest end of a rise of each length
    indexes: list[int] = []  # where that end stands
    previous: list[int] = []
    for i, number in enumerate(numbers):
        length = bisect_left(lowest_ends, number)
        previous.append(indexes[length - 1] if length else -1)
        lowest_ends[length : length + 1] = [number]
        indexes[length : length + 1] = [i]
    found = set()
    i = indexes[-1] if indexes else -1
    while i >= 0:
        found.add(i)
        i = previous[i]
    return found


# Words


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """
    Compare two texts word by word, Chinese ones character by character.

    Args:
        before: The text as it was.
        after: The text as it is now.

    Returns:
        Pieces in reading order. Those that are not ADDED make *before*, those that
        are not REMOVED make *after*.
    """
    # A line begins with its line end: most lines are added behind others.
    old, new = _LINE.split(before), _LINE.split(after)
    pieces: list[Piece] = []
    for same, i1, i2, j1, j2 in _blocks(old, new):
        removed, added = "".join(old[i1:i2]), "".join(new[j1:j2])
        pieces += [Piece(Change.SAME, added)] if same else _words(removed, added)
    return tuple(_joined(_tidy(pieces)))


def _words(before: str, after: str) -> list[Piece]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) * len(new) > _MOST_COMPARED:
        return [Piece(Change.REMOVED, before), Piece(Change.ADDED, after)]
    blocks = list(_blocks(old, new))
    common = sum(
        len(token.strip())
        for same, i1, i2, *_ in blocks
        if same
        for token in old[i1:i2]
    )
    if common < _MOST_FOREIGN * min(len(before), len(after)):
        return [Piece(Change.REMOVED, before), Piece(Change.ADDED, after)]
    pieces: list[Piece] = []
    for same, i1, i2, j1, j2 in blocks:
        removed, added = "".join(old[i1:i2]), "".join(new[j1:j2])
        if same:
            pieces.append(Piece(Change.SAME, added))
        else:
            pieces += [Piece(Change.REMOVED, removed), Piece(Change.ADDED, added)]
    return pieces


def _blocks(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[bool, int, int, int, int]]:
    """Yield whether a stretch is common, and from where to where in both."""
    # Without junk: in a long text every frequent word would count as such.
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield tag == "equal", i1, i2, j1, j2


def _tidy(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces without islands; in each change what is gone stands first."""
    waiting = [piece for piece in pieces if piece.text]
    last = len(waiting) - 1
    removed, added = "", ""
    for number, piece in enumerate(waiting):
        is_island = 0 < number < last and len(piece.text.strip()) <= _SHORTEST_ISLAND
        if piece.change is Change.SAME and not is_island:
            yield from _change(removed, added)
            yield piece
            removed, added = "", ""
        else:
            removed += piece.text if piece.change is not Change.ADDED else ""
            added += piece.text if piece.change is not Change.REMOVED else ""
    yield from _change(removed, added)


def _change(removed: str, added: str) -> Iterator[Piece]:
    """Yield one change; whole words at its ends that are in both stayed the same."""
    start = _common_start(removed, added)
    yield Piece(Change.SAME, added[:start])
    removed, added = removed[start:], added[start:]
    end = _common_start(removed[::-1], added[::-1])
    yield Piece(Change.REMOVED, removed[: len(removed) - end])
    yield Piece(Change.ADDED, added[: len(added) - end])
    yield Piece(Change.SAME, added[len(added) - end :])


def _common_start(first: str, second: str) -> int:
    pairs = enumerate(zip(first, second, strict=False))
    shorter = min(len(first), len(second))
    length = next((i for i, (one, other) in pairs if one != other), shorter)
    while _in_word(first, length) or _in_word(second, length):
        length -= 1
    return length


def _in_word(text: str, place: int) -> bool:
    return bool(_INSIDE.fullmatch(text, max(0, place - 1), place + 1))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces with a text, so that no two of a kind follow each other."""
    filled = (piece for piece in pieces if piece.text)
    for change, alike in groupby(filled, key=lambda piece: piece.change):
        yield Piece(change, "".join(piece.text for piece in alike))
