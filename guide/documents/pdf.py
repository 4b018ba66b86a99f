"""The checklist on paper: a tagged PDF, made with Typst."""

import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path

import msgspec
import typst
from django.utils import translation
from django.utils.translation import gettext as _

from guide.documents.outline import Outline
from guide.documents.packing import packed
from guide.documents.qr import qr_png

logger = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "checklist.typ"
FONTS = HERE / "fonts"

# What PDF and Typst call a language and where it is spoken.
REGIONS = {"zh-hans": ("zh", "CN"), "en": ("en", "GB")}
BELGIUM = "BE"
# PDF/UA-1: it can be read aloud, in order, with headings, lists and links.
STANDARD = "ua-1"
MISSING = "□"  # for a character without a picture in our fonts
# Narrow spaces, hyphens that do not break, and characters that nobody sees.
SIMPLER = {
    **dict.fromkeys((0x202F, 0x2007, 0x2009), "\u00a0"),
    **dict.fromkeys((0x2010, 0x2011), "-"),
    **dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFE0E, 0xFE0F, 0xFEFF), ""),
}


class PdfError(Exception):
    """The PDF could not be made."""


def to_pdf(outline: Outline) -> bytes:
    """
    Return the checklist as a PDF file on A4.

    Content reaches Typst as JSON only, and the template sets it as text: nothing in it
    can be run.

    Raises:
        PdfError: If it cannot be made; why is logged without any word of the checklist.
    """
    published = datetime.combine(outline.page.published_on, time(12), UTC)
    try:
        data = presentable(msgspec.json.encode(_data(outline)).decode())
        compiler = typst.Compiler(
            str(TEMPLATE),
            root=str(HERE),
            font_paths=_fonts(),
            sys_inputs={"data": data},
        )
        pdf = compiler.compile(
            format="pdf", pdf_standards=[STANDARD], timestamp=published
        )
        return packed(pdf)
    except (RuntimeError, ValueError) as error:
        # Behind the colon words of somebody's checklist may be quoted.
        reason = re.split(r"[:\"\n]", str(error))[0]
        logger.error("No PDF could be made: %s", reason)
        raise PdfError from None


@cache
def characters() -> frozenset[str]:
    """Return the characters that our fonts can show; see `fonts/make.py`."""
    text = (FONTS / "characters.txt").read_text(encoding="utf-8")
    return frozenset(text) | {" ", "\n"}


def presentable(text: str) -> str:
    """Return *text* with another character for each that has no picture."""
    known = characters()
    return "".join(
        character if character in known else MISSING
        for character in text.translate(SIMPLER)
    )


def _data(outline: Outline) -> Mapping[str, object]:
    told = [contact for step in outline.steps for contact in step.contacts]
    language, region = REGIONS.get(outline.language, (outline.language, BELGIUM))
    with translation.override(outline.language):
        words = {
            "source": _("Source: "),
            "screen": _("On the screen: "),
            "skip": _("If you skip this: "),
            "worth": _("Worth doing"),
            "scan": _("Scan this code to open this checklist again."),
            "open": _("Open this checklist on the web"),
            "contacts": _("Ways to reach %(operator)s")
            % {"operator": outline.operator_name},
            "letters": _("Letters for your case"),
            "sources": _("Sources of this checklist"),
        }
    return {
        "lang": language,
        "region": region,
        "title": outline.title,
        "case": outline.case_words,
        "made": outline.made_words,
        "address": outline.page.address,
        "qr": list(qr_png(outline.page.address)),
        "words": words,
        "notices": outline.notices,
        "sections": [
            {
                "title": section.title,
                "steps": [
                    {**msgspec.structs.asdict(step), "heading": step.heading}
                    for step in section.steps
                ],
            }
            for section in outline.sections
        ],
        # What a step has told already is not told again.
        "contacts": [
            {
                **msgspec.structs.asdict(contact),
                "is_told": contact in told,
            }
            for contact in outline.contacts
            if contact.value or contact not in told
        ],
        "letters": [
            {
                "title": letter.title,
                "address": letter.address,
                # Short enough to be typed; the answers do not change the letter.
                "printed": letter.address.partition("?")[0],
            }
            for letter in outline.letters
        ],
        "sources": outline.sources,
    }


@cache
def _fonts() -> typst.Fonts:
    """Return our own fonts, read once; those of the machine are never looked at."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(FONTS)],
    )
