"""What changed between two texts, word by word."""

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

# Chinese puts no blanks between words: each of its characters counts as one.
WORDS = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u9fff\uf900-\ufaff]+|\s+|."
)
# Comparing takes time with the product of the lengths.
MOST_COMPARED = 4_000_000


class Piece(NamedTuple):
    """A stretch of text that stayed, went or came."""

    change: Literal["same", "removed", "added"]
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """
    Return the words that stayed, went and came, in reading order.

    Args:
        before: The old text.
        after: The new text.

    Returns:
        Pieces; what went stands before what came in its place. All but the removed
        ones make the new text, all but the added ones the old one.
    """
    if before == after:
        return [Piece("same", after)] if after else []
    old, new = WORDS.findall(before), WORDS.findall(after)
    if not old or not new or len(old) * len(new) > MOST_COMPARED:
        pieces = [Piece("removed", before), Piece("added", after)]
        return [piece for piece in pieces if piece.text]
    found: list[Piece] = []
    for change, i1, i2, j1, j2 in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if change == "equal":
            found.append(Piece("same", "".join(new[j1:j2])))
            continue
        if i2 > i1:
            found.append(Piece("removed", "".join(old[i1:i2])))
        if j2 > j1:
            found.append(Piece("added", "".join(new[j1:j2])))
    return found
