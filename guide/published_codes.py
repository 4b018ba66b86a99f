"""Which codes people may hold: those that were ever published."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import msgspec
from django.db import models as db

from guide import models

# The name of a model, such as "guide.choice", and a row's natural key.
Key = tuple[str, tuple[str, ...]]


class _Row(msgspec.Struct, frozen=True):
    """What names a row in a publication; all else is passed over."""

    slug: str
    question: tuple[str, ...] | str | None = None


class _Document(msgspec.Struct, frozen=True):
    rows: dict[str, list[_Row]] = {}


@dataclass(frozen=True)
class _Known:
    seals: tuple[str, ...]  # of the publications read, oldest first
    first: Mapping[Key, int]


def first_published() -> Mapping[Key, int]:
    """
    Return for each code that was ever published the first publication it stood in.

    Publications never change, so each is read once a process.
    """
    return _memory().get()


def published_since(row: db.Model) -> int | None:
    """Return the first publication in which *row* stood under its code, or None."""
    return first_published().get(key_of(row))


def key_of(row: db.Model) -> Key:
    """Return under which name publications know *row*."""
    return (row._meta.label_lower, row.natural_key())


class _Memory:
    """What this process has read of the publications."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known = _Known((), {})

    def get(self) -> Mapping[Key, int]:
        numbered = list(
            models.Publication.objects.order_by("number").values_list(
                "number", "sha256"
            )
        )
        with self._lock:
            seals = tuple(seal for _, seal in numbered)
            done = len(self._known.seals)
            if seals[:done] != self._known.seals:
                # Another database, or a restored one: nothing read counts.
                self._known, done = _Known((), {}), 0
            if done < len(seals):
                first = dict(self._known.first)
                for number, _seal in numbered[done:]:
                    _note(first, number)
                self._known = _Known(seals, first)
            return self._known.first


def _note(first: dict[Key, int], number: int) -> None:
    document = (
        models.Publication.objects.filter(number=number)
        .values_list("document", flat=True)
        .get()
    )
    for label, rows in msgspec.json.decode(document, type=_Document).rows.items():
        for row in rows:
            key = (*row.question, row.slug) if _has_parent(label) else (row.slug,)
            first.setdefault((label, key), number)


def _has_parent(label: str) -> bool:
    return label in {
        models.Choice._meta.label_lower,
        models.RetiredCode._meta.label_lower,
    }


@cache
def _memory() -> _Memory:
    return _Memory()
