"""System checks: each is silent on the guide and speaks when it should."""

import pytest

from guide import checks


@pytest.mark.parametrize(
    "check", [checks.check_purposes, checks.check_topics, checks.check_languages]
)
def test_check_is_silent_on_the_guide(check: object) -> None:
    assert check(None) == []


def test_check_purposes_names_one_that_the_engine_does_not_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checks, "FALLBACK_PURPOSES", {"cancel": ()})

    found = checks.check_purposes(None)

    assert {message.id for message in found} == {"guide.E001"}
    assert any("lost" in message.msg for message in found)


def test_check_topics_names_one_that_no_fact_can_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checks, "OPTIONAL_TOPICS", {"weather"})

    assert [message.id for message in checks.check_topics(None)] == ["guide.E002"]


def test_check_languages_names_what_only_one_side_knows(settings: object) -> None:
    offered = {code for code, _ in settings.LANGUAGES} - {"nl"} | {"it"}
    settings.LANGUAGES = [(code, code) for code in sorted(offered)]

    found = checks.check_languages(None)

    assert {message.id for message in found} == {"guide.E003"}
    assert [message.msg.split("“")[1].split("”")[0] for message in found] == [
        "it",
        "nl",
    ]
