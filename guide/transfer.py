"""Carry a whole guide between installations, in one file."""

from datetime import datetime

import msgspec
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide import models
from guide.publishing import (
    DAMAGED,
    OTHER_VERSION,
    Document,
    Draft,
    UnreadableDocumentError,
    document_of,
    read_document,
    sha256_of,
    to_document,
)
from guide.rows import ROW_MODELS

KIND = "sim-exit-guide"
PARCEL_VERSION = 1

NOT_A_PARCEL = gettext_lazy(
    "This is no file that export_guide or the desk has made, or it was cut off."
)


class Parcel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an exported file holds: a publication's document, and what seals it."""

    kind: str
    version: int
    number: int | None  # of the publication; None: a draft
    note: str
    made_at: datetime
    sha256: str
    document: msgspec.Raw


def pack_publication(publication: models.Publication) -> bytes:
    """
    Return a publication as a file.

    Raises:
        UnreadableDocumentError: If it is damaged: a file of it would be, too.
    """
    document_of(publication)
    return _pack(publication.document, publication.number, publication.note)


def pack_draft(draft: Draft) -> bytes:
    """Return the draft as a file."""
    return _pack(to_document(draft.guide, draft.rows), None, "")


def _pack(document: str, number: int | None, note: str) -> bytes:
    parcel = Parcel(
        kind=KIND,
        version=PARCEL_VERSION,
        number=number,
        note=note,
        made_at=timezone.now(),
        sha256=sha256_of(document),
        document=msgspec.Raw(document.encode()),
    )
    return msgspec.json.encode(parcel) + b"\n"


def unpack(content: bytes) -> tuple[Parcel, Document]:
    """
    Read an exported file.

    Raises:
        UnreadableDocumentError: If it is another kind of file, damaged, or made by
            another version of the program.
    """
    try:
        parcel = msgspec.json.decode(content, type=Parcel)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableDocumentError(NOT_A_PARCEL) from error
    if parcel.kind != KIND:
        raise UnreadableDocumentError(NOT_A_PARCEL)
    if parcel.version != PARCEL_VERSION:
        values = {"found": parcel.version, "known": PARCEL_VERSION}
        raise UnreadableDocumentError(OTHER_VERSION % values)
    text = bytes(parcel.document).decode()
    if sha256_of(text) != parcel.sha256:
        raise UnreadableDocumentError(DAMAGED)
    document = read_document(text)
    document.read_rows()
    return parcel, document


def faults_of_draft() -> list[str]:
    """Return what the forms of the desk would refuse in the draft, as sentences."""
    found = []
    for model in ROW_MODELS:
        # Rows that rows speak of are there: the database sees to that.
        related = [field.name for field in model._meta.fields if field.is_relation]
        for row in model._default_manager.all():
            try:
                row.clean_fields(exclude=related)
            except ValidationError as error:
                for field, messages in error.message_dict.items():
                    found.append(
                        _("%(kind)s “%(code)s”, %(field)s: %(problem)s")
                        % {
                            "kind": model._meta.verbose_name,
                            "code": ": ".join(row.natural_key()),
                            "field": field,
                            "problem": " ".join(messages),
                        }
                    )
    return found
