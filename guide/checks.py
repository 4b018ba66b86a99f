"""What must hold between the flow, the models and the settings."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from guide.flow.audit import LANGUAGES_COMPLETE, LANGUAGES_WANTED
from guide.flow.engine import FALLBACK_PURPOSES, OPTIONAL_TOPICS
from guide.models import Purpose, Topic


@register()
def check_purposes(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """Each purpose of a channel has its next best ones in the engine."""
    missing = set(Purpose.values) ^ set(FALLBACK_PURPOSES)
    return [
        Error(
            f"The purpose “{purpose}” is known only to the models or to the engine.",
            hint="Name it in models.Purpose and in engine.FALLBACK_PURPOSES.",
            id="guide.E001",
        )
        for purpose in sorted(missing)
    ]


@register()
def check_topics(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """The engine speaks of topics that editors can choose."""
    return [
        Error(
            f"The engine knows a topic “{topic}” that no fact can have.",
            hint="Add it to models.Topic or take it out of engine.OPTIONAL_TOPICS.",
            id="guide.E002",
        )
        for topic in sorted(OPTIONAL_TOPICS - set(Topic.values))
    ]


@register()
def check_languages(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """The languages that the audit speaks of are those that are offered."""
    offered = {code for code, _ in settings.LANGUAGES}
    audited = {*LANGUAGES_COMPLETE, *LANGUAGES_WANTED}
    return [
        Error(
            f"The language “{language}” is known only to the settings or to the audit.",
            hint=(
                "Name it in LANGUAGES and in audit.LANGUAGES_COMPLETE or "
                "LANGUAGES_WANTED, or in neither."
            ),
            id="guide.E003",
        )
        for language in sorted(offered ^ audited)
    ]
