"""The checklist as one file for a browser that has no network."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from guide.documents.outline import Outline

HERE = Path(__file__).resolve().parent
TEMPLATE = "documents/checklist.html"


def to_page(outline: Outline) -> str:
    """
    Return a page that needs nothing but itself.

    Its own policy lets only its own style and script work: it loads and sends nothing.
    """
    style, script = _inlined("checklist.css"), _inlined("checklist.js")
    policy = (
        f"default-src 'none'; style-src '{_seal(style)}'; "
        f"script-src '{_seal(script)}'; base-uri 'none'; form-action 'none'"
    )
    context = {
        "outline": outline,
        "policy": policy,
        "style": _element("style", style),
        "script": _element("script", script),
    }
    with translation.override(outline.language):
        html = render_to_string(TEMPLATE, context)
    # The indents of the templates are a third of the file.
    return re.sub(r"\s*\n\s*", "\n", html)


@cache
def _inlined(name: str) -> str:
    """Return a file as it stands in the page, where lines lose their indents."""
    text = (HERE / name).read_text(encoding="utf-8")
    return re.sub(r"\s*\n\s*", "\n", f"\n{text}\n")


def _seal(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def _element(tag: str, text: str) -> SafeString:
    return mark_safe(f"<{tag}>{text}</{tag}>")  # noqa: S308 - a file of ours
