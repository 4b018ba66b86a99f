"""
The operator as a contact for a phone: a vCard.

Version 3.0: iOS reads 3.0 and 4.0, but Android's address book loses parts of 4.0.
"""

from django.utils import translation
from django.utils.translation import gettext as _

from guide.documents.outline import Contact, Outline
from guide.flow.engine import doubt

LONGEST_LINE = 75  # octets, by RFC 2425
MOST_LINKS = 4


class NoContactsError(Exception):
    """There is no operator, or no way to reach it is known."""


def to_contact(outline: Outline) -> bytes:
    """
    Return the operator's numbers and addresses, what works from abroad first.

    Raises:
        NoContactsError: If there is nothing to put into a contact.
    """
    if not outline.contacts:
        raise NoContactsError
    phones = _ranked(outline, "phone")
    emails = _ranked(outline, "email")
    name = _escaped(outline.operator_name)
    with translation.override(outline.language):
        lines = [
            "BEGIN:VCARD",
            "VERSION:3.0",
            "PRODID:-//SIM Exit//Contacts//EN",
            f"UID:{outline.operator_code}@sim-exit",
            f"REV:{outline.page.today.isoformat()}",
            f"N:{name};;;;",
            f"FN:{name}",
            f"ORG:{name}",
        ]
        for number, contact in enumerate(phones):
            kinds = "WORK,VOICE" if number else "WORK,VOICE,PREF"
            lines.append(f"TEL;TYPE={kinds}:{_dialled(contact.whole)}")
        for number, contact in enumerate(emails):
            kinds = "INTERNET" if number else "INTERNET,PREF"
            lines.append(f"EMAIL;TYPE={kinds}:{_escaped(contact.value)}")
        for contact in _ranked(outline, "post"):
            # Street, town and country in one: they come as one text.
            lines.append(f"ADR;TYPE=WORK:;;{_escaped(contact.value)};;;;")
        for address in _websites(outline):
            lines.append(f"URL:{address}")
        lines.append(f"NOTE:{_escaped(_note(outline))}")
        lines.append("END:VCARD")
    return b"".join(_folded(line) for line in lines)


def _ranked(outline: Outline, kind: str) -> list[Contact]:
    """Return the contacts of one kind, each once, the most useful first."""

    def rank(contact: Contact) -> tuple[int, int]:
        return doubt(contact.works_abroad), doubt(contact.works_without_sim)

    found: dict[str, Contact] = {}
    for contact in sorted(outline.contacts, key=rank):
        if contact.kind == kind and contact.value and _is_of(kind, contact.value):
            found.setdefault(contact.whole, contact)
    return list(found.values())


def _is_of(kind: str, value: str) -> bool:
    """Leave out what only leads to a number or an address, such as a web page."""
    if kind == "phone":
        return any(c.isdigit() for c in value) and "//" not in value
    return ("@" in value) if kind == "email" else "//" not in value


def _websites(outline: Outline) -> list[str]:
    """Return the operator's site and its pages for this case, not too many."""
    links = [outline.operator_website, *(contact.value for contact in outline.contacts)]
    unique = dict.fromkeys(link for link in links if link.startswith("https://"))
    return list(unique)[:MOST_LINKS]


def _note(outline: Outline) -> str:
    lines: dict[str, None] = {}
    for contact in outline.contacts:
        if not contact.value:
            continue
        words = (f"{contact.purpose_name}: {contact.whole}", *contact.notes)
        lines.setdefault(". ".join(word.rstrip(".") for word in words))
    source = _("From SIM Exit, with sources and dates:")
    return "\n".join([*lines, f"{source} {outline.page.address}"])


def _dialled(value: str) -> str:
    return "".join(c for c in value if c.isdigit() or c in "+ ").strip()


def _escaped(text: str) -> str:
    for sign in ("\\", ",", ";"):
        text = text.replace(sign, "\\" + sign)
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Return a line of at most 75 octets at a time, never cut inside a character."""
    parts, part = [], b""
    for character in line:
        octets = character.encode()
        # The space that begins the next part counts.
        if len(part) + len(octets) > LONGEST_LINE - bool(parts):
            parts.append(part)
            part = b""
        part += octets
    return b"\r\n ".join([*parts, part]) + b"\r\n"
