"""What pages say to the scripts that keep them, and their ticks, on a device."""

from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import translation

from guide.case_addresses import query_less_notices, same_case
from guide.flow.engine import Position

register = template.Library()


@register.simple_tag
def ticks_case(position: Position) -> str:
    """Return the name under which a browser keeps the ticks of a case."""
    return same_case(position)


@register.simple_tag(takes_context=True)
def manifest_address(context: Context) -> str:
    """Return the address of the manifest: of a checklist, or of the guide."""
    address = reverse("manifest")
    if context.get("checklist"):
        start = context["request"].path + query_less_notices(context["request"])
        return f"{address}?{urlencode({'start': start})}"
    return f"{address}?{urlencode({'lang': translation.get_language()})}"
