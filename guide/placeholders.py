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
    is_chinese = text.language_for(language) == "zh-hans"
    if is_chinese:
        # Between these marks stands a name; whether it needs spaces is seen below.
        words = re.sub(r" ?\{operator\} ?", f"\0{PLACEHOLDER}\0", words)
    words = re.sub(
        r"(^|<p>|<li>|<li>\n<p>)(\0?)\{operator\}",
        lambda opening: opening[1] + opening[2] + name[:1].upper() + name[1:],
        words,
    )
    words = words.replace(PLACEHOLDER, name)
    return _spaced(words) if is_chinese else words


def _spaced(words: str) -> str:
    """Set spaces around the marked names in Chinese, only where they are Latin."""
    for pattern in (
        r"(?<=[\u4e00-\u9fff])\0(?=[A-Za-z0-9])",
        r"(?<=[A-Za-z0-9!)])\0(?=[\u4e00-\u9fff])",
    ):
        words = re.sub(pattern, " ", words)
    return words.replace("\0", "")
