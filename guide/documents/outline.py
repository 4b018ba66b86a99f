"""What stands in a checklist that is taken along, in the reader's language."""

import functools
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from urllib.parse import urljoin

import msgspec
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import iri_to_uri
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from guide import wording
from guide.case_addresses import same_case, with_query
from guide.case_in_words import (
    headings,
    name_of_operator,
    sources_of,
    telling_choices,
    title_of,
)
from guide.documents.markup import Blocks, as_lines, blocks_of
from guide.due_in_words import due_in_one_line
from guide.flow import content, engine, letters
from guide.flow.content import Guide, Text
from guide.flow.engine import Checklist, ChecklistStep, Position
from guide.flow.in_short import ACTIVE
from guide.flow.schedule import Due
from guide.headlines import in_two_sentences
from guide.languages import html_language
from guide.letter_addresses import letter_address
from guide.letter_texts import Line, gloss_language, paragraphs_of
from guide.placeholders import filled
from guide.reaching import channels_of_case, link_of, short_address
from guide.sourcing import has_dated, sources_in


class Page(msgspec.Struct, frozen=True):
    """The page from which the documents are taken."""

    address: str  # of the checklist, with scheme and host
    change_end: str  # where the end date is chosen, with scheme and host; "": nowhere
    publication: int
    published_on: date
    today: date
    is_draft: bool = False


class Source(msgspec.Struct, frozen=True):
    """Where something was read."""

    number: int  # by which steps and facts point to it
    code: str
    title: str
    publisher: str
    url: str
    confidence: str
    confidence_name: str
    dated_on: date | None
    words: str  # all of it in one line


class Backing(msgspec.Struct, frozen=True):
    """What a statement rests on."""

    sources: tuple[int, ...]  # numbers
    publishers: str
    checked_on: date | None
    is_overdue: bool
    words: str  # when it was checked, or that it must be


class When(msgspec.Struct, frozen=True):
    """When a step is due."""

    words: str
    days: int  # from the end date; negative: before it
    on: date | None  # after the end: the first day on which the step makes sense
    until: date | None  # the operator's own last day
    is_late: bool


class Contact(msgspec.Struct, frozen=True):
    """One way to reach the operator."""

    code: str
    kind: str
    kind_name: str
    purpose: str
    purpose_name: str
    value: str
    label: str  # the value as short as it may be shown
    whole: str  # all of the value; a number as it is dialled from anywhere
    link: str
    detail: Blocks
    screen_path: str  # in the operator's own language
    screen_language: str
    works_abroad: bool | None
    works_without_sim: bool | None
    notes: tuple[str, ...]  # what does not work, or may not
    backing: Backing


class Fact(msgspec.Struct, frozen=True):
    """One thing known of the operator."""

    code: str
    body: Blocks
    backing: Backing


class Topic(msgspec.Struct, frozen=True):
    """What is known of the operator on one topic."""

    code: str
    name: str
    facts: tuple[Fact, ...]
    see_step: int | None  # an earlier step says it
    see_words: str
    unknown_words: str  # said where nothing is known


class LetterTitle(msgspec.Struct, frozen=True):
    """Which letter belongs to a step."""

    code: str
    title: str


class Step(msgspec.Struct, frozen=True):
    """One thing to do, or in the first section to know."""

    code: str
    number: int | None  # None: only to be read
    part: int | None  # which part of the step of that number
    title: str
    must: bool
    due: When | None
    body: Blocks
    first: tuple[int, ...]  # numbers of the steps to be done before
    first_words: str
    contacts: tuple[Contact, ...]
    contacts_words: str  # said of them, or in their place
    topics: tuple[Topic, ...]
    letters: tuple[LetterTitle, ...]
    plan_b: Blocks  # where it is too late for the step, or the reader too far away
    plan_b_words: str  # said before it
    why: str
    skip: str
    backing: Backing

    @property
    def label(self) -> str:
        """The number as it is printed, "" where there is none."""
        if self.number is None:
            return ""
        return f"{self.number}.{self.part}" if self.part else str(self.number)

    @property
    def heading(self) -> str:
        """Number and title."""
        if self.number is None:
            return self.title
        return f"{self.label}{'' if self.part else '.'} {self.title}"


class Notice(msgspec.Struct, frozen=True):
    """What the reader must know before the first step."""

    words: str
    body: Blocks = ()
    backing: Backing | None = None
    source_words: str = ""  # the same as the backing, as one text
    link: str = ""  # where something can be done about it
    link_words: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it as plain text, less the link."""
        lines = (self.words, *as_lines(self.body), self.source_words)
        return tuple(line for line in lines if line)


class Section(msgspec.Struct, frozen=True):
    """The steps of one phase."""

    phase: str
    title: str
    steps: tuple[Step, ...]


class Part(msgspec.Struct, frozen=True):
    """Words of a letter, or a place to write on with what belongs there."""

    text: str
    code: str = ""  # of what belongs there; "": these are words
    lines: int = 1  # to write on


class Passage(msgspec.Struct, frozen=True):
    """A paragraph of a letter line by line, and the same for its reader."""

    lines: tuple[tuple[Part, ...], ...]
    gloss: tuple[tuple[Part, ...], ...]  # empty where the language is the same

    @property
    def plain(self) -> str:
        """The paragraph as plain text."""
        return _plain(self.lines)

    @property
    def plain_gloss(self) -> str:
        """The same in the reader's language."""
        return _plain(self.gloss)


class Letter(msgspec.Struct, frozen=True):
    """One letter that fits the case, in a language that its operator reads."""

    code: str
    title: str
    purpose: str  # "" where the title says it
    language: str  # as HTML has it
    gloss_language: str  # that of the reader; "": the same
    subject: tuple[Passage, ...]
    body: tuple[Passage, ...]
    enclose: Blocks
    send: Blocks
    contacts: tuple[Contact, ...]  # that take letters, best first
    contacts_words: str  # said of them, or in their place
    address: str  # where it can be filled in, with scheme and host
    backing: Backing


class Outline(msgspec.Struct, frozen=True):
    """A checklist with all its words, ready for any document."""

    language: str
    html_language: str
    case_code: str  # the same for the same answers, whatever the end date
    title: str
    case_words: str  # the answers that tell this case from others
    made_words: str
    page: Page
    ends_on: date | None
    operator_code: str  # "" when nobody knows the operator
    operator_name: str
    operator_website: str
    notices: tuple[Notice, ...]
    sections: tuple[Section, ...]
    contacts: tuple[Contact, ...]
    letters: tuple[Letter, ...]
    letters_address: str  # of the list of letters for this case
    sources: tuple[Source, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, in order."""
        return tuple(step for section in self.sections for step in section.steps)

    @property
    def to_do(self) -> tuple[Step, ...]:
        """The steps that can be ticked."""
        return tuple(step for step in self.steps if step.number is not None)

    @property
    def dated(self) -> tuple[Step, ...]:
        """The steps that have a day."""
        return tuple(step for step in self.steps if step.due and step.due.on)


def outline(
    guide: Guide,
    position: Position,
    checklist: Checklist,
    *,
    language: str,
    page: Page,
) -> Outline:
    """
    Return what stands in the documents of one case.

    Args:
        guide: The guide.
        position: A complete set of answers.
        checklist: What `engine.checklist` made of it.
        language: The code of the reader's language.
        page: The page from which the documents are taken.
    """
    with translation.override(language):
        return _Writer(guide, position, checklist, language, page).outline()


class _Writer:
    """Put the words of one case together; the language in use is the reader's."""

    def __init__(
        self,
        guide: Guide,
        position: Position,
        checklist: Checklist,
        language: str,
        page: Page,
    ) -> None:
        self.guide = guide
        self.position = position
        self.checklist = checklist
        self.language = language
        self.page = page
        self.operator = checklist.operator
        self.name = name_of_operator(checklist.operator)
        self.comma = pgettext("between answers", ", ")
        self.known_contacts = channels_of_case(checklist, position)
        self.sources = self._all_sources()
        self.numbers = {source.code: source.number for source in self.sources}

    def outline(self) -> Outline:
        _titles, phase_titles = headings(self.position)
        operator = self.operator
        return Outline(
            language=self.language,
            html_language=html_language(self.language),
            case_code=sha256(same_case(self.position).encode()).hexdigest()[:16],
            title=title_of(self.position, self.name),
            case_words=self._case_words(),
            made_words=self._made_words(),
            page=self.page,
            ends_on=self.checklist.ends_on,
            operator_code=operator.slug if operator else "",
            operator_name=self.name,
            operator_website=operator.website if operator else "",
            notices=self._notices(),
            sections=tuple(
                Section(
                    phase=phase.phase,
                    title=str(phase_titles[phase.phase]),
                    steps=tuple(self._step(item) for item in phase.steps),
                )
                for phase in self.checklist.phases
            ),
            contacts=tuple(self._contact(channel) for channel in self.known_contacts),
            letters=tuple(self._letter(letter) for letter in self.checklist.letters),
            letters_address=self._on_the_web(
                with_query(reverse("guide:letter-list"), self.position, [])
            ),
            sources=self.sources,
        )

    def _say(self, text: Text) -> str:
        return filled(text, language=self.language, name=self.name)

    def _blocks(self, text: Text) -> Blocks:
        return blocks_of(self._say(text), base=self.page.address)

    def _on_the_web(self, address: str) -> str:
        return urljoin(self.page.address, address)

    def _case_words(self) -> str:
        words = [self._say(choice.label) for choice in telling_choices(self.position)]
        if self.checklist.ends_on:
            words.append(date_format(self.checklist.ends_on))
        return " · ".join(words)

    def _made_words(self) -> str:
        facts = {
            "day": date_format(self.page.today),
            "number": self.page.publication,
        }
        if self.page.is_draft:
            return _("Made from a draft of SIM Exit as of %(day)s.") % facts
        return _("Made on %(day)s from edition %(number)s of SIM Exit.") % facts

    def _notices(self) -> tuple[Notice, ...]:
        found = (self._late_notice(), self._status_notice())
        return tuple(notice for notice in found if notice)

    def _late_notice(self) -> Notice | None:
        """Return what to do about a date that has passed or comes too soon."""
        ends_on, late = self.checklist.ends_on, self.checklist.late
        if ends_on and ends_on < self.page.today:
            words = _(
                "The end date you gave has passed. Go on with what is still open, "
                "or change the date."
            )
        elif late:
            count = {"count": len(late)}
            sentences = [
                ngettext(
                    "%(count)s step is late for your date.",
                    "%(count)s steps are late for your date.",
                    len(late),
                )
                % count,
                _("Do what is still possible now, in the order of the list."),
            ]
            if self.checklist.fits_from:
                day = {"day": wording.day_in_words(self.checklist.fits_from)}
                sentences.append(
                    _("With %(day)s or a later day as end date, nothing is late.") % day
                )
            words = functools.reduce(in_two_sentences, sentences)
        else:
            return None
        link = self.page.change_end
        return Notice(
            words=words, link=link, link_words=_("Change the date") if link else ""
        )

    def _status_notice(self) -> Notice | None:
        """Return what is known of an operator that is not in business."""
        operator = self.operator
        if operator is None or operator.status == ACTIVE:
            return None
        status = str(wording.STATUS.get(operator.status, operator.status))
        if operator.closed_on:
            status = _("%(status)s (%(day)s)") % {
                "status": status,
                "day": date_format(operator.closed_on),
            }
        backing = self._backing(operator.sourcing)
        opening = _("Source: ")
        return Notice(
            words=f"{operator.name}: {status}",
            body=self._blocks(operator.status_note),
            backing=backing,
            source_words=f"{opening}{backing.publishers} · {backing.words}",
        )

    def _step(self, item: ChecklistStep) -> Step:
        step = item.step
        return Step(
            code=step.slug,
            number=item.number,
            part=item.part,
            title=self._say(step.title),
            must=step.must,
            due=self._when(item.due) if item.due else None,
            body=self._blocks(step.body),
            first=item.first,
            first_words=self._first_words(item.first),
            contacts=tuple(self._contact(channel) for channel in item.channels),
            contacts_words=self._contacts_words(item),
            topics=tuple(self._topic(topic) for topic in item.topics),
            letters=tuple(
                LetterTitle(code=letter.slug, title=self._say(letter.name))
                for letter in item.letters
            ),
            plan_b=self._blocks(step.plan_b) if item.wants_plan_b else (),
            plan_b_words=_("Too late for this, or not in Belgium any more?")
            if item.wants_plan_b
            else "",
            why=self._say(step.why),
            skip=self._say(step.skip),
            backing=self._backing(step.sourcing),
        )

    def _when(self, due: Due) -> When:
        return When(
            words=due_in_one_line(due, self.page.today),
            days=due.days,
            on=due.on,
            until=due.until,
            is_late=due.is_missed,
        )

    def _first_words(self, numbers: tuple[int, ...]) -> str:
        if not numbers:
            return ""
        steps = [_("step %(number)s") % {"number": number} for number in numbers]
        return _("Do this first: ") + self.comma.join(steps)

    def _contacts_words(self, item: ChecklistStep) -> str:
        if item.channels and item.channels_are_general:
            return self._general_words()
        if item.step.shows_channels and not item.channels:
            return _(
                "We found no confirmed way for this. Look for the contact on your last "
                "bill or in the app, and ask in writing."
            )
        return ""

    def _general_words(self) -> str:
        return _(
            "We found no special way for this at %(operator_name)s. These are its "
            "general ones:"
        ) % {"operator_name": self.name}

    def _topic(self, topic: engine.TopicFacts) -> Topic:
        name = str(wording.TOPICS.get(topic.topic, topic.topic))
        see, unknown = "", ""
        if topic.shown_in:
            see = _("%(name)s: ") % {"name": name}
            see += _("see step %(number)s") % {"number": topic.shown_in}
        elif not topic.facts:
            unknown = _(
                "%(name)s: we have not been able to confirm this for "
                "%(operator_name)s. Ask, and keep the answer in writing."
            ) % {"name": name, "operator_name": self.name}
        return Topic(
            code=topic.topic,
            name=name,
            facts=()
            if topic.shown_in
            else tuple(
                Fact(
                    code=fact.slug,
                    body=self._blocks(fact.text),
                    backing=self._backing(fact.sourcing),
                )
                for fact in topic.facts
            ),
            see_step=topic.shown_in,
            see_words=see,
            unknown_words=unknown,
        )

    def _contact(self, channel: content.Channel) -> Contact:
        notes = []
        if channel.works_abroad is False:
            notes.append(_("May not work from abroad."))
        elif channel.works_abroad is None and channel.kind == "phone":
            notes.append(_("We could not confirm that this number works from abroad."))
        if channel.works_without_sim is False:
            notes.append(_("Works only with the SIM in your phone."))
        label, link = short_address(channel.value), link_of(channel)
        return Contact(
            code=channel.slug,
            kind=channel.kind,
            kind_name=str(wording.CHANNEL_KINDS.get(channel.kind, channel.kind)),
            purpose=channel.purpose,
            purpose_name=str(wording.PURPOSES.get(channel.purpose, channel.purpose)),
            value=channel.value,
            label=label,
            whole=label if link.startswith("tel:") else channel.value,
            link=iri_to_uri(link),
            detail=self._blocks(channel.detail),
            screen_path=channel.screen_path,
            screen_language=channel.screen_language,
            works_abroad=channel.works_abroad,
            works_without_sim=channel.works_without_sim,
            notes=tuple(notes),
            backing=self._backing(channel.sourcing),
        )

    def _letter(self, letter: content.Letter) -> Letter:
        language = letters.default_language(letter, self.operator, self.language)
        channels, are_general = letters.ways_to_send(
            letter, self.operator, self.position
        )
        words = ""
        if are_general:
            words = self._general_words()
        elif letter.shows_channels and self.operator and not channels:
            words = _(
                "We could not find a confirmed address or form of %(operator_name)s "
                "for this letter. Look for one on your last bill or in the app."
            ) % {"operator_name": self.name}
        return Letter(
            code=letter.slug,
            title=self._say(letter.name),
            purpose=self._say(letter.purpose) if letter.title else "",
            language=html_language(letter.body.language_for(language)),
            gloss_language=html_language(gloss_language(letter.body, language)),
            subject=self._passages(letter.subject, language),
            body=self._passages(letter.body, language),
            enclose=self._blocks(letter.enclose),
            send=self._blocks(letter.send),
            contacts=tuple(self._contact(channel) for channel in channels),
            contacts_words=words,
            address=self._on_the_web(letter_address(letter.slug, self.position)),
            backing=self._backing(letter.sourcing),
        )

    def _passages(self, text: Text, language: str) -> tuple[Passage, ...]:
        return tuple(
            Passage(lines=_parts(one.lines), gloss=_parts(one.gloss))
            for one in paragraphs_of(self.guide, text, language, self.operator)
        )

    def _all_sources(self) -> tuple[Source, ...]:
        """Return the sources of checklist, contacts and letters, numbered."""
        found = {s.slug: s for s in sources_of(self.guide, self.checklist)}
        sourced = [channel.sourcing for channel in self.known_contacts]
        sourced += [letter.sourcing for letter in self.checklist.letters]
        if self.operator:
            sourced.append(self.operator.sourcing)
        for slug in (slug for sourcing in sourced for slug in sourcing.sources):
            source = self.guide.source(slug)
            if source:
                found.setdefault(slug, source)
        ordered = sorted(found.values(), key=lambda s: s.publisher.casefold())
        return tuple(self._source(n, s) for n, s in enumerate(ordered, start=1))

    def _source(self, number: int, source: content.Source) -> Source:
        confidence = str(wording.CONFIDENCE.get(source.confidence, source.confidence))
        day = date_format(source.dated_on) if source.dated_on else _("no date")
        return Source(
            number=number,
            code=source.slug,
            title=source.title,
            publisher=source.publisher,
            url=iri_to_uri(source.url),
            confidence=source.confidence,
            confidence_name=confidence,
            dated_on=source.dated_on,
            words=f"{source.publisher}: {source.title} ({confidence}, {day})",
        )

    def _backing(self, sourcing: content.Sourcing) -> Backing:
        groups = sources_in(self.guide, sourcing)
        is_overdue = sourcing.is_overdue(self.page.today)
        if sourcing.checked_on:
            day = {"day": date_format(sourcing.checked_on)}
            words = (
                _(
                    "Last checked on %(day)s. Overdue: please check it before you rely "
                    "on it."
                )
                if is_overdue
                else _("Checked on %(day)s.")
            ) % day
        elif has_dated(groups):
            words = _(
                "Not every source carries a date: check it before you rely on it."
            )
        else:
            words = _("No date on the source: check it before you rely on it.")
        return Backing(
            sources=tuple(
                self.numbers[slug] for slug in sourcing.sources if slug in self.numbers
            ),
            publishers=pgettext("between sources", ", ").join(
                _unique(publisher for publisher, _group in groups)
            ),
            checked_on=sourcing.checked_on,
            is_overdue=is_overdue,
            words=words,
        )


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _parts(lines: tuple[Line, ...]) -> tuple[tuple[Part, ...], ...]:
    return tuple(
        tuple(
            Part(text=part.text, code=part.code, lines=len(part.lines)) for part in line
        )
        for line in lines
    )


def _plain(lines: tuple[tuple[Part, ...], ...]) -> str:
    return "\n".join(
        "".join(f"[{part.text}]" if part.code else part.text for part in line)
        for line in lines
    )
