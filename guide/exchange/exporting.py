"""Translators' files of the draft, in either format."""

from dataclasses import dataclass
from datetime import datetime

from guide.exchange.files import Format, Scope, file_name, in_scope
from guide.exchange.po import write_po
from guide.exchange.xlsx import write_xlsx
from guide.translations import translations

WRITERS = {"po": write_po, "xlsx": write_xlsx}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A file, ready to be saved."""

    name: str
    data: bytes
    count: int  # of the texts in it


def export(
    language: str, file_format: Format, *, scope: Scope, exported_at: datetime
) -> Exported:
    """
    Return a file of the draft's texts in one language.

    Args:
        language: One of TARGET_LANGUAGES.
        file_format: Of the file.
        scope: What is missing or outdated, or everything.
        exported_at: Goes into the file and, as a day, into its name.

    Raises:
        FileRefusedError: If a text does not fit the format; the message says which.
    """
    found = in_scope(translations(language), scope)
    return Exported(
        name=file_name(language, scope, exported_at.date(), file_format),
        data=WRITERS[file_format](found, language, exported_at=exported_at),
        count=len(found),
    )
