"""Compile the interface's translations without gettext being installed."""

from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Makes the .mo file that Django reads from each .po file in locale/."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        for directory in settings.LOCALE_PATHS:
            for path in sorted(Path(directory).glob("*/LC_MESSAGES/django.po")):
                polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
