"""What pages say to the scripts that keep them, and their ticks, on a device."""

from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import translation

from guide.case_addresses import query_less_notices
from guide.flow.answers import to_query, without
from guide.flow.content import Kind
from guide.flow.engine import Position

register = template.Library()


@register.simple_tag
def ticks_case(position: Position) -> str:
    """
    Return the name under which a browser keeps the ticks of a case.

    The same answers are the same case, in every language and edition. The end date is
    no part of it: whoever moves the date has still done what is ticked.
    """
    days = [a.question.slug for a in position.answered if a.question.kind is Kind.DATE]
    return to_query(without(position.answers, days))


@register.simple_tag(takes_context=True)
def manifest_address(context: Context) -> str:
    """Return the address of the manifest: of a checklist, or of the guide."""
    address = reverse("manifest")
    if context.get("checklist"):
        start = context["request"].path + query_less_notices(context["request"])
        return f"{address}?{urlencode({'start': start})}"
    return f"{address}?{urlencode({'lang': translation.get_language()})}"
