"""What a page says, once more in the words of schema.org: nothing that is not on it."""

import json
from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString, mark_safe

from guide.explaining import without_explanations
from guide.flow.content import FaqEntry
from guide.languages import html_language
from guide.placeholders import filled

Data = dict[str, object]

# As in Django's json_script: nothing in the data may end the element or begin another.
UNSAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def faq_page(entries: Iterable[FaqEntry], *, language: str, name: str) -> Data:
    """
    Return the questions and answers of a page.

    Args:
        entries: Those that the page shows.
        language: Code of the page's language.
        name: What the page calls the operator.
    """
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "inLanguage": html_language(language),
        "mainEntity": [
            {
                "@type": "Question",
                "name": filled(entry.question, language=language, name=name),
                "acceptedAnswer": {
                    "@type": "Answer",
                    "text": without_explanations(
                        filled(entry.answer, language=language, name=name)
                    ),
                },
            }
            for entry in entries
        ],
    }


def trail(steps: Sequence[tuple[str, str]]) -> Data:
    """Return the way from the start to a page: names with their whole addresses."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": address}
            for number, (name, address) in enumerate(steps, start=1)
        ],
    }


def as_script(data: Data) -> SafeString:
    """Return *data* as JSON that may stand inside a script element."""
    text = json.dumps(data, ensure_ascii=False).translate(UNSAFE)
    return mark_safe(text)  # noqa: S308 - what HTML could read as markup is escaped
