"""What visitors' pages share: whole or in part, and what is told about answers."""

from collections.abc import Mapping

from django.http import HttpRequest
from django.template.response import TemplateResponse

from guide import wording
from guide.flow import content
from guide.flow.engine import Dropped, Position, Reason
from guide.listed_pages import page_at
from guide.publishing import edition_for


def page(
    request: HttpRequest, template: str, context: Mapping[str, object]
) -> TemplateResponse:
    """Return a whole page, or for htmx only its content."""
    edition = edition_for(request)
    if request.htmx and not request.htmx.history_restore_request:
        template += "#content"
    shared = {
        "published": edition,
        "today": edition.today,
        "guide": edition.guide,
        "is_fragment": "#" in template,
        "listed": page_at(request.resolver_match),
    }
    response = TemplateResponse(request, template, {**shared, **context})
    response["Cache-Control"] = "public, no-cache"
    return response


def named(
    guide: content.Guide, position: Position, notices: tuple[Dropped, ...]
) -> list[tuple[content.Question | None, wording.Words]]:
    """Return the questions and sentences of *notices*."""
    return [
        (
            guide.question(n.question),
            wording.KEPT_OTHERS
            if n.reason is Reason.UNKNOWN and n.question in position.answers
            else wording.REASONS[n.reason],
        )
        for n in notices
    ]
