"""Settings come from the environment, and say what is wrong with it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHOW = "from config import settings; print(settings.DEBUG, settings.HTTPS)"


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_secret_the_start_stops_and_says_what_to_set() -> None:
    result = start()

    assert result.returncode != 0
    assert "SECRET_KEY is not set. Set it to a long random text" in result.stderr


def test_defaults_are_the_safe_ones() -> None:
    assert start(SECRET_KEY="a-secret").stdout.split() == ["False", "True"]


@pytest.mark.parametrize(
    ("environment", "proxies"),
    [
        ({"HTTPS": "1"}, "1"),
        ({"HTTPS": "0"}, "0"),
        ({"HTTPS": "1", "TRUSTED_PROXIES": "0"}, "0"),
        ({"HTTPS": "0", "TRUSTED_PROXIES": " 2 "}, "2"),
    ],
)
def test_proxies_are_believed_only_where_there_are_some(
    environment: dict[str, str], proxies: str
) -> None:
    show = "from config import settings; print(settings.TRUSTED_PROXIES)"

    result = subprocess.run(
        [sys.executable, "-c", show],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "a-secret"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout.strip() == proxies


def test_debug_needs_no_secret() -> None:
    assert start(DEBUG="1").stdout.split() == ["True", "False"]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "maybe", "DEBUG is “maybe”: set it to 1 or 0."),
        ("HTTPS", "si", "HTTPS is “si”: set it to 1 or 0."),
        (
            "TRUSTED_PROXIES",
            "one",
            "TRUSTED_PROXIES is “one”: set it to a whole number",
        ),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES is “-1”: set it to a whole number"),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL begins with “mysql”"),
        ("EMAIL_URL", "mail.example", "EMAIL_URL is no address of a mail server: use"),
        ("EMAIL_URL", "smtp://", "EMAIL_URL is no address of a mail server: use"),
        ("SITE_URL", "guide.example", "SITE_URL is “guide.example”: write it with"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(
    name: str, value: str, sentence: str
) -> None:
    result = start(SECRET_KEY="a-secret", **{name: value})

    assert result.returncode != 0
    assert sentence in result.stderr


def test_postgresql_is_understood() -> None:
    code = "from config import settings; print(settings.DATABASES['default'])"
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "SECRET_KEY": "a-secret",
            "DATABASE_URL": "postgres://guide:p%40ss@db:5433/guide",
        },
        capture_output=True,
        text=True,
        check=True,
    )

    for part in ("postgresql", "'guide'", "p@ss", "'db'", "5433"):
        assert part in result.stdout


MAIL = """
from config import settings
print(*(getattr(settings, "EMAIL_" + name) for name in (
    "BACKEND", "HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL",
)), sep="|")
print(settings.SITE_URL, settings.DEFAULT_FROM_EMAIL)
"""
BACKENDS = "django.core.mail.backends"


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        pytest.param(
            {},
            f"{BACKENDS}.console.EmailBackend|localhost|25|||False|False\n"
            "http://localhost:8000 sim-exit@localhost\n",
            id="nothing-said",
        ),
        pytest.param(
            {
                "EMAIL_URL": "smtp://desk%40a.example:p%40ss@mail.example:587?tls=1",
                "SITE_URL": "https://guide.example/",
                "DEFAULT_FROM_EMAIL": "SIM Exit <desk@a.example>",
            },
            f"{BACKENDS}.smtp.EmailBackend|mail.example|587|desk@a.example|p@ss|"
            "True|False\nhttps://guide.example SIM Exit <desk@a.example>\n",
            id="tls",
        ),
        pytest.param(
            {"EMAIL_URL": "smtps://mail.example"},
            f"{BACKENDS}.smtp.EmailBackend|mail.example|465|||False|True\n"
            "http://localhost:8000 sim-exit@localhost\n",
            id="tls-from-the-start",
        ),
        pytest.param(
            {"EMAIL_URL": "smtp://mail.example?tls=0"},
            f"{BACKENDS}.smtp.EmailBackend|mail.example|25|||False|False\n"
            "http://localhost:8000 sim-exit@localhost\n",
            id="plain",
        ),
    ],
)
def test_mail_goes_where_the_environment_says(
    environment: dict[str, str], shown: str
) -> None:
    result = subprocess.run(
        [sys.executable, "-c", MAIL],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "a-secret"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout == shown


def test_a_wrong_mail_address_is_not_repeated_with_its_password() -> None:
    result = start(SECRET_KEY="a-secret", EMAIL_URL="imap://desk:hidden@mail.example")

    assert result.returncode != 0
    assert "hidden" not in result.stderr
