"""The operator's name in texts of the guide."""

import re

from guide.flow.content import Text

PLACEHOLDER = "{operator}"


def filled(text: Text, *, language: str, name: str) -> str:
    """
    Return a text with the operator's name in it.

    Args:
        text: A text of the guide, plain or HTML.
        language: That of the reader.
        name: What to call the operator in a sentence.
    """
    words = text.read(language)
    if PLACEHOLDER not in words:
        return words
    words = re.sub(
        r"(^|<p>|<li>|<li>\n<p>)\{operator\}",
        lambda opening: opening[1] + name[:1].upper() + name[1:],
        words,
    )
    if text.language_for(language) == "zh-hans":
        return _set_in_chinese(words, name)
    return words.replace(PLACEHOLDER, name)


def _set_in_chinese(words: str, name: str) -> str:
    """Put *name* into Chinese, with spaces around it only where it is Latin."""
    bare = re.sub(r" ?\{operator\} ?", PLACEHOLDER, words)
    filled = bare.replace(PLACEHOLDER, f"\0{name}\0")
    for pattern in (
        r"(?<=[\u4e00-\u9fff])\0(?=[A-Za-z0-9])",
        r"(?<=[A-Za-z0-9!])\0(?=[\u4e00-\u9fff])",
    ):
        filled = re.sub(pattern, " ", filled)
    return filled.replace("\0", "")
