"""When a step is due, in words: the same on pages and in documents."""

from collections.abc import Iterator
from datetime import date

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guide.flow.schedule import Due
from guide.wording import day_in_words, due_in_words

# How a page shows a part.
PLAIN, NOW, LATE, MOVED = "", "now", "late", "moved"


class Part(msgspec.Struct, frozen=True):
    """Some of the words that say when a step is due."""

    words: str
    look: str = PLAIN


def due_in_parts(due: Due | None, today: date) -> tuple[Part, ...]:
    """
    Return when a step is due, part by part; nothing for a step without a day.

    Up to the end that is the latest safe day, after it the first day on which the step
    makes sense. A day that has passed never stands alone.
    """
    return () if due is None else tuple(_parts(due, today))


def due_in_one_line(due: Due, today: date) -> str:
    """Return when a step is due as one line."""
    parts = due_in_parts(due, today)
    day = [part.words for part in parts if part.look != MOVED]
    why = [part.words for part in parts if part.look == MOVED]
    said = [pgettext("between answers", ", ").join(day), *why]
    return pgettext("between changes", "; ").join(said)


def _parts(due: Due, today: date) -> Iterator[Part]:
    if due.on is None:
        yield Part(due_in_words(due))
        return
    day = {"day": day_in_words(due.on)}
    until = {"day": day_in_words(due.until)} if due.until else {}
    if due.is_late and due.is_after and not until:
        yield Part(_("now"), NOW)
        yield Part(_("since %(day)s") % day)
    elif due.is_late:
        yield Part(_("as soon as you can"), LATE)
        if until:
            yield Part(_("the operator's limit was %(day)s") % until)
        else:
            yield Part(_("was due by %(day)s") % day)
    elif due.is_after:
        is_open = due.on < today
        yield Part(_("now"), NOW) if is_open else Part(_("from %(day)s") % day)
        if until:
            yield Part(_("no later than %(day)s") % until)
    else:
        yield Part(_("by %(day)s") % day)
    if due.moved_from and not due.is_late:
        moved = {"day": day_in_words(due.moved_from)}
        if due.moved_off_weekend:
            yield Part(_("not on %(day)s: weekend") % moved, MOVED)
        else:
            yield Part(_("not on %(day)s: public holiday") % moved, MOVED)
