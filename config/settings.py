"""Settings, all of them from the environment, with safe defaults."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, *, default: bool) -> bool:
    """Return the switch *name*; anything but a clear yes or no stops the start."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        msg = f"{name} is “{value}”: set it to 1 or 0."
        raise ImproperlyConfigured(msg)
    return default


def env_count(name: str, *, default: int) -> int:
    """Return the whole number *name*, 0 or more; anything else stops the start."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if value.isascii() and value.isdigit():
        return int(value)
    msg = f"{name} is “{value}”: set it to a whole number, such as 0 or 1."
    raise ImproperlyConfigured(msg)


def env_list(name: str, *, default: str) -> list[str]:
    """Return the comma-separated values of *name*."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item]


def env_database(name: str, *, default: str) -> dict[str, object]:
    """Return Django's database settings for the address in *name*."""
    from urllib.parse import unquote, urlsplit

    url = urlsplit(os.environ.get(name, default))
    if url.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(url.path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if url.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": str(url.port or ""),
        }
    msg = (
        f"{name} begins with “{url.scheme}”: use sqlite:////path/to/file or "
        "postgres://user:password@host:5432/name."
    )
    raise ImproperlyConfigured(msg)


def env_email(name: str, *, default: str) -> dict[str, object]:
    """Return Django's e-mail settings for the address in *name*."""
    from urllib.parse import parse_qs, unquote, urlsplit

    url = urlsplit(os.environ.get(name, "") or default)
    backends = "django.core.mail.backends"
    if url.scheme == "console":
        return {"BACKEND": f"{backends}.console.EmailBackend"}
    if url.scheme in {"smtp", "smtps"} and url.hostname:
        is_wrapped = url.scheme == "smtps"
        return {
            "BACKEND": f"{backends}.smtp.EmailBackend",
            "HOST": url.hostname,
            "PORT": url.port or (465 if is_wrapped else 25),
            "HOST_USER": unquote(url.username or ""),
            "HOST_PASSWORD": unquote(url.password or ""),
            "USE_SSL": is_wrapped,
            "USE_TLS": not is_wrapped and parse_qs(url.query).get("tls") == ["1"],
        }
    # The value itself may hold a password: it is not repeated here.
    msg = (
        f"{name} is no address of a mail server: use "
        "smtp://user:password@host:587?tls=1, smtps://user:password@host, or console:"
    )
    raise ImproperlyConfigured(msg)


def env_address(name: str, *, default: str) -> str:
    """Return the web address in *name*, without a slash at its end."""
    address = os.environ.get(name, "") or default
    if address.startswith(("http://", "https://")):
        return address.rstrip("/")
    msg = f"{name} is “{address}”: write it with https:// before the name."
    raise ImproperlyConfigured(msg)


def env_secret(name: str, *, is_debug: bool) -> str:
    """Return the secret *name*; only with DEBUG may it be missing."""
    secret = os.environ.get(name, "")
    if secret:
        return secret
    if is_debug:
        return "only-for-development-never-for-visitors-0123456789abcdef"
    msg = (
        f"{name} is not set. Set it to a long random text, for example the output of: "
        "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )
    raise ImproperlyConfigured(msg)


DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = env_secret("SECRET_KEY", is_debug=DEBUG)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", default="")

# On by default: whoever serves plain HTTP (as on one's own machine) says so.
HTTPS = env_bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# How many proxies of the host's own each add the address that they saw to
# X-Forwarded-For. With 0 nobody believes that header: any client can send it.
TRUSTED_PROXIES = env_count("TRUSTED_PROXIES", default=1 if HTTPS else 0)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# A guide on one name must not decide for the other names of its domain.
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_HSTS_PRELOAD = False
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# Not “no-referrer”: browsers then send forms with “Origin: null”, which Django refuses.
# Other sites learn nothing: links leave without a referrer.
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "guide.views.form_refused"

INSTALLED_APPS = [
    "modeltranslation",
    "config.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "template_partials",
    "guide",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "guide.middleware.NothingPublishedMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            # It belongs to the desk's forms, and nothing outside them may import it.
            "libraries": {"desk_forms": "guide.admin.form_tags"},
        },
    },
]

DATABASES = {
    "default": env_database(
        "DATABASE_URL", default=f"sqlite://{BASE_DIR / 'var' / 'guide.sqlite3'}"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# An operator's form holds the texts of all its facts and channels, in all languages.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("en", _("English")),
    ("nl", _("Dutch")),
    ("fr", _("French")),
    ("de", _("German")),
]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en",)
# Only the desk keeps a language in a cookie; visitors' pages have it in their address.
LANGUAGE_COOKIE_PATH = "/admin/"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"

FIXTURE_DIRS = [BASE_DIR / "fixtures"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )

# No inline script or style, nothing from elsewhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Nothing about visitors is logged: neither addresses nor the answers in them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # Django writes the path of each 404 here.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
    },
}

# Where this site is found: for links in e-mails, and for sites that we ask for pages.
SITE_URL = env_address("SITE_URL", default="http://localhost:8000")

# E-mail goes to editors only; without a mail server it is printed.
EMAIL = env_email("EMAIL_URL", default="console:")
EMAIL_BACKEND = EMAIL["BACKEND"]
EMAIL_HOST = EMAIL.get("HOST", "localhost")
EMAIL_PORT = EMAIL.get("PORT", 25)
EMAIL_HOST_USER = EMAIL.get("HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL.get("HOST_PASSWORD", "")
EMAIL_USE_SSL = EMAIL.get("USE_SSL", False)
EMAIL_USE_TLS = EMAIL.get("USE_TLS", False)
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "") or "sim-exit@localhost"

# How long a process may go on with the publication it has, in seconds.
PUBLICATION_RECHECK_SECONDS = 2

# Whether one person asks for a publication and another one publishes it.
PUBLISH_NEEDS_SECOND_PERSON = env_bool("PUBLISH_NEEDS_SECOND_PERSON", default=False)
