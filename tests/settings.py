"""The settings, with what tests need instead."""

import os

os.environ.setdefault(
    "SECRET_KEY", "only-for-tests-0123456789abcdefghijklmnopqrstuvwxyz"
)
os.environ.setdefault("HTTPS", "0")
os.environ.pop("DATABASE_URL", None)

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, STORAGES

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
STATIC_ROOT = BASE_DIR / "static"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
