"""Write the draft into fixtures/, so that it can go into the repository."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models as db

from guide.rows import ROW_MODELS, dump_rows, fields_in_order, text_columns

WIDTH = 100


class Command(BaseCommand):
    help = (
        "Writes the draft into fixtures/, one file a model, always in the same order "
        "and without what is left at its default, so that a diff shows what editors "
        "have changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to",
            metavar="FOLDER",
            default=str(settings.FIXTURE_DIRS[0]),
            help="default: fixtures/ of the program",
        )

    def handle(self, *args: object, to: str, **options: object) -> None:
        folder = Path(to)
        texts = dict(fixture_texts())
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in texts.items():
                path = folder / f"{name}.yaml"
                if text:
                    path.write_text(text, encoding="utf-8")
                else:
                    # loaddata complains of files without rows.
                    path.unlink(missing_ok=True)
        except OSError as error:
            msg = f"{folder} cannot be written: {error.strerror}."
            raise CommandError(msg) from error
        written = sum(bool(text) for text in texts.values())
        self.stdout.write(f"{written} files written to {folder}.")


def fixture_texts() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file; the text of no rows is empty."""
    rows = dump_rows()
    for model in ROW_MODELS:
        label = model._meta.label_lower
        found = [
            {"model": label, "fields": told(model, fields)} for fields in rows[label]
        ]
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
        yield name, in_yaml(found) if found else ""


def told(model: type[db.Model], fields: dict[str, object]) -> dict[str, object]:
    """Return the fields that say something, in the order in which people read them."""
    return {
        name: written(model, name, fields[name])
        for name in fields_in_order(model)
        if not is_default(model, name, fields[name])
    }


def written(model: type[db.Model], name: str, value: object) -> object:
    """Return a value as YAML writes it: a date without quotes."""
    if isinstance(model._meta.get_field(name), db.DateField):
        return date.fromisoformat(str(value))
    return value


def is_default(model: type[db.Model], name: str, value: object) -> bool:
    """Tell whether a row would have this value if nobody had said anything."""
    if value in ("", None, [], {}):
        return True
    field = model._meta.get_field(name)
    # Whether a step must be done is too much to be left unsaid.
    if name == "must" or name in text_columns(model) or field.is_relation:
        return False
    return field.has_default() and value == field.get_default()


class Dumper(yaml.SafeDumper):
    """YAML as people would write it: paragraphs as blocks, codes on one line."""


def _represent_text(dumper: Dumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _represent_list(dumper: Dumper, items: list[object]) -> yaml.Node:
    flat = not any(isinstance(item, list | dict) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flat)


Dumper.add_representer(str, _represent_text)
Dumper.add_representer(list, _represent_list)


def in_yaml(rows: list[dict[str, object]]) -> str:
    """Return rows as the text of a fixture."""
    return yaml.dump(
        rows,
        Dumper=Dumper,
        allow_unicode=True,
        width=WIDTH,
        sort_keys=False,
        default_flow_style=False,
    )
