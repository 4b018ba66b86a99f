"""Fill an empty installation: content, first publication, first editor."""

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from guide import models
from guide.publishing import publish

FIXTURES = (
    "source",
    "card_type",
    "operator",
    "channel",
    "operator_fact",
    "question",
    "choice",
    "identifier",
    "letter",
    "step",
    "faq_entry",
)
# Only there once a code has been retired.
RETIRED = "retired_code"


class Command(BaseCommand):
    help = (
        "Loads the content and publishes it, when nothing was ever published, and "
        "makes a login for the editors' desk, when there is none. Safe to repeat."
    )

    def handle(self, *args: object, **options: object) -> None:
        if not models.Publication.objects.exists():
            with transaction.atomic():
                call_command("loaddata", *fixtures(), verbosity=0)
                publication, _ = publish(note="The content that comes with the guide.")
            self.stdout.write(f"Loaded the content: publication {publication}.")
        users = get_user_model().objects
        if not users.filter(is_superuser=True).exists():
            password = secrets.token_urlsafe(12)
            users.create_superuser("editor", password=password)
            self.stdout.write(
                "Login for the editors' desk, shown only this once: "
                f"name “editor”, password “{password}”"
            )


def fixtures() -> list[str]:
    """Return the names of the files of the content."""
    has_retired = (settings.FIXTURE_DIRS[0] / f"{RETIRED}.yaml").exists()
    return [*FIXTURES, *([RETIRED] if has_retired else [])]
