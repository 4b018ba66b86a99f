"""The checklist for other programs; docs/checklist-json.md says what stands where."""

import msgspec

from guide.documents.outline import Backing, Contact, Letter, Outline, Step

# Raised when a program that reads the file must be changed.
VERSION = 2


def to_json(outline: Outline) -> bytes:
    """Return the checklist as a JSON document."""
    page = outline.page
    document = {
        "format": "sim-exit-checklist",
        "version": VERSION,
        "language": outline.html_language,
        "title": outline.title,
        "case": outline.case_words,
        "address": page.address,
        "publication": page.publication,
        "published_on": page.published_on,
        "made_on": page.today,
        "ends_on": outline.ends_on,
        "operator": {
            "code": outline.operator_code or None,
            "name": outline.operator_name,
            "website": outline.operator_website or None,
        },
        "notices": ["\n".join(notice.lines) for notice in outline.notices],
        "sections": [
            {
                "phase": section.phase,
                "title": section.title,
                "steps": [_step(step, outline) for step in section.steps],
            }
            for section in outline.sections
        ],
        "contacts": [_contact(contact) for contact in outline.contacts],
        "letters": [_letter(letter) for letter in outline.letters],
        "sources": [
            {
                "number": source.number,
                "code": source.code,
                "publisher": source.publisher,
                "title": source.title,
                "url": source.url or None,
                "confidence": source.confidence,
                "dated_on": source.dated_on,
            }
            for source in outline.sources
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def _step(step: Step, outline: Outline) -> dict[str, object]:
    return {
        "code": step.code,
        "number": step.number,
        "part": step.part,
        "title": step.title,
        "must": step.must,
        "due": step.due,
        "requires": [one.code for one in outline.to_do if one.number in step.first],
        "body": step.body,
        "contacts": [contact.code for contact in step.contacts],
        "contacts_note": step.contacts_words or None,
        "topics": [
            {
                "code": topic.code,
                "name": topic.name,
                "facts": [
                    {
                        "code": fact.code,
                        "body": fact.body,
                        "backing": _backing(fact.backing),
                    }
                    for fact in topic.facts
                ],
                "see_step": topic.see_step,
                "unknown": topic.unknown_words or None,
            }
            for topic in step.topics
        ],
        "letters": [letter.code for letter in step.letters],
        "plan_b": step.plan_b,
        "plan_b_words": step.plan_b_words or None,
        "why": step.why or None,
        "if_skipped": step.skip or None,
        "backing": _backing(step.backing),
    }


def _contact(contact: Contact) -> dict[str, object]:
    return {
        "code": contact.code,
        "kind": contact.kind,
        "purpose": contact.purpose,
        "purpose_name": contact.purpose_name,
        "value": contact.value or None,
        "link": contact.link or None,
        "detail": contact.detail,
        "screen_path": contact.screen_path or None,
        "screen_language": contact.screen_language or None,
        "works_abroad": contact.works_abroad,
        "works_without_sim": contact.works_without_sim,
        "backing": _backing(contact.backing),
    }


def _letter(letter: Letter) -> dict[str, object]:
    gloss = {
        "language": letter.gloss_language,
        "subject": "\n".join(passage.plain_gloss for passage in letter.subject),
        "body": [passage.plain_gloss for passage in letter.body],
    }
    return {
        "code": letter.code,
        "title": letter.title,
        "purpose": letter.purpose or None,
        "address": letter.address,
        "language": letter.language,
        "subject": "\n".join(passage.plain for passage in letter.subject),
        "body": [passage.plain for passage in letter.body],
        "gloss": gloss if letter.gloss_language else None,
        "enclose": letter.enclose,
        "send": letter.send,
        "contacts": [contact.code for contact in letter.contacts],
        "contacts_note": letter.contacts_words or None,
        "backing": _backing(letter.backing),
    }


def _backing(backing: Backing) -> dict[str, object]:
    return {
        "sources": backing.sources,
        "checked_on": backing.checked_on,
        "is_overdue": backing.is_overdue,
    }
