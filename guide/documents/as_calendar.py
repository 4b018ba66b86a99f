"""
The dates of a checklist for a calendar, as RFC 5545 has it.

Each dated step is an all-day event. To-dos (VTODO) would say better what they are, but
Google Calendar leaves them out when it imports a file, Outlook too, and on an iPhone
they do not open from a file: events open everywhere.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from guide.documents.markup import as_lines
from guide.documents.outline import Outline, Step

# At nine in the morning, the day before and on the day itself. Outlook takes the first
# one only; Google goes by the reminders that the reader has set there.
ALARMS = (timedelta(hours=-15), timedelta(hours=9))
# Days are counted from here, so that they make a number that only grows.
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC).date()


class NoDatesError(Exception):
    """No step of the checklist has a day."""


def to_calendar(outline: Outline) -> bytes:
    """
    Return an event for each dated step.

    An event is known again by case and step, so that loading a newer file moves and
    rewords those of an older one, also after another end date was chosen.

    Raises:
        NoDatesError: If there is nothing to put into a calendar.
    """
    if not outline.dated:
        raise NoDatesError
    with translation.override(outline.language):
        calendar = Calendar()
        calendar.add("prodid", "-//SIM Exit//Checklist//EN")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        calendar.add("name", outline.title)
        calendar.add("x-wr-calname", outline.title)
        calendar.add("url", outline.page.address)
        for step in outline.dated:
            calendar.add_component(_event(step, outline))
    return calendar.to_ical()


def _event(step: Step, outline: Outline) -> Event:
    page = outline.page
    # What is late is to be done now; nothing is asked for on a day that has passed.
    day = max(step.due.on, page.today)
    made_at = datetime.combine(page.today, time(), ZoneInfo("Europe/Brussels"))
    event = Event()
    event.add("uid", f"{step.code}-{outline.case_code}@sim-exit")
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("last-modified", made_at.astimezone(UTC))
    event.add("sequence", max(0, (page.today - FIRST_DAY).days) + page.publication)
    event.add("summary", _summary(step, outline))
    event.add("description", _description(step, outline))
    event.add("url", _address(step, outline))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    # The day stays free for everything else.
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    event.add("class", "PRIVATE")
    for trigger in ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _summary(step, outline))
        alarm.add("trigger", trigger)
        event.add_component(alarm)
    return event


def _summary(step: Step, outline: Outline) -> str:
    """Return the title; who reads it in a calendar must see what it is about."""
    if not outline.operator_code or outline.operator_name in step.title:
        return step.title
    return _("%(operator)s: %(step)s") % {
        "operator": outline.operator_name,
        "step": step.title,
    }


def _description(step: Step, outline: Outline) -> str:
    lines = [step.due.words]
    if step is outline.dated[0]:
        # A calendar has no place of its own for what holds for all of it.
        for notice in outline.notices:
            lines += ["", *notice.lines]
    lines += ["", *as_lines(step.body)]
    if step.plan_b:
        lines += ["", step.plan_b_words, *as_lines(step.plan_b)]
    if step.first_words:
        lines += ["", step.first_words]
    if step.contacts_words:
        lines += ["", step.contacts_words]
    for contact in step.contacts:
        words = (contact.whole, contact.screen_path, *contact.notes)
        lines.append(
            f"{contact.kind_name}: " + " ".join(word for word in words if word)
        )
    if step.skip:
        lines += ["", _("If you skip this: ") + step.skip]
    return "\n".join([*lines, "", _address(step, outline)])


def _address(step: Step, outline: Outline) -> str:
    return f"{outline.page.address}#step-{step.number}"
