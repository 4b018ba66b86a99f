"""How long a text is for its reader, and where the text of a step folds."""

import re

from django.utils.html import strip_tags

from guide.flow.content import Text

# What may stand open in a step; the rest of it unfolds.
MOST_WORDS = 120
MOST_CHARACTERS = 200  # of Chinese, which does without spaces between words

FOLD = re.compile(r"<hr ?/?>")
# Characters and their marks, as word processors count them.
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def length_of(html: str, language: str) -> int:
    """
    Return how much there is to read.

    Args:
        html: Text, with or without tags.
        language: The code of its language, such as "zh-hans".

    Returns:
        Words; of Chinese, characters, and each foreign word or number counts as one.
    """
    # Where a tag ends a line, no word goes on.
    words = strip_tags(html.replace("<", " <"))
    characters = 0
    if language == "zh-hans":
        words, characters = CHINESE.subn(" ", words)
    return characters + sum(1 for word in words.split() if re.search(r"\w", word))


def most_in(language: str) -> int:
    """Return how long what stands open in a step may be in *language*."""
    return MOST_CHARACTERS if language == "zh-hans" else MOST_WORDS


def opening(text: Text) -> Text:
    """Return what stands before the line at which a text folds; all of it if none."""
    return _part(text, 0)


def rest(text: Text) -> Text:
    """Return what stands behind that line, "" if there is none."""
    return _part(text, 1)


def _part(text: Text, which: int) -> Text:
    parts = {
        language: (*FOLD.split(html, maxsplit=1), "")[which].strip()
        for language, html in text.by_language.items()
    }
    return Text(parts)
