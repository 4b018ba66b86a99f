"""The content of the fixtures, loaded and published once for all tests."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.utils import translation
from modeltranslation.manager import get_translatable_fields_for_model

from guide.compiling import compile_draft
from guide.flow.content import Guide
from guide.publishing import current
from guide.rows import ROW_MODELS

LANGUAGES = ("zh-hans", "en", "nl", "fr", "de")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    """Fill the test database as `manage.py bootstrap` fills a new installation."""
    with django_db_blocker.unblock():
        call_command("bootstrap", verbosity=0)


@pytest.fixture(scope="session")
def seed_guide(django_db_setup: None, django_db_blocker) -> Guide:
    """The guide that the fixtures make."""
    with django_db_blocker.unblock():
        return compile_draft()


@pytest.fixture(autouse=True)
def _fresh_publication() -> Iterator[None]:
    """No test sees what another one published, or reads its language."""
    translation.deactivate()
    current().forget()
    yield
    current().forget()


@pytest.fixture
def only_english_and_chinese(db: None) -> None:
    """Take the other translations away: there is something left to translate."""
    for model in ROW_MODELS:
        fields = get_translatable_fields_for_model(model) or ()
        columns = [f"{field}_{code}" for field in fields for code in ("nl", "fr", "de")]
        if columns:
            model.objects.update(**dict.fromkeys(columns))
