"""A real browser against the real server, as `make run` starts it."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.serving import free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]


def browser_path() -> str:
    """Return the Chromium that `make test` has found, or one on the path."""
    noted = ROOT / "var" / "browser"
    if noted.exists():
        return noted.read_text().strip()
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    pytest.exit("No browser: run make test, which finds or installs one.", returncode=3)


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture
def site_password(site: str, site_folder: Path) -> str:
    """The password that the first start of the site has printed."""
    printed = (site_folder / "printed.txt").read_text()
    return re.search(r"password “([^”]+)”", printed)[1]


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[str]:
    """Serve a new installation with Granian; give its address."""
    folder = site_folder
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": f"sqlite://{folder / 'guide.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "only-for-tests-0123456789abcdefghijklmnopqrstuvwxyz",
        "HTTPS": "0",
        "DEBUG": "0",
        "STATIC_ROOT": str(folder / "static"),
    }
    for command in (
        ["migrate", "--verbosity", "0"],
        ["collectstatic", "--noinput", "--verbosity", "0"],
        ["bootstrap"],
    ):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        with (folder / "printed.txt").open("a") as printed:
            printed.write(done.stdout)
    log = (folder / "server.log").open("w")
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi"),
            *("--host", "127.0.0.1", "--port", str(port), "config.wsgi:application"),
        ],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/healthz")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def same_content_after(site: str, site_folder: Path) -> Iterator[None]:
    """Put all rows and publications back: all browser tests share the site."""
    with closing(sqlite3.connect(site_folder / "guide.sqlite3")) as database:
        names = [
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
                " AND name LIKE 'guide_%'"
            )
        ]
        kept = {n: database.execute(f"SELECT * FROM {n}").fetchall() for n in names}  # noqa: S608
    yield
    with closing(sqlite3.connect(site_folder / "guide.sqlite3", timeout=30)) as base:
        for name, rows in kept.items():
            base.execute(f"DELETE FROM {name}")  # noqa: S608
            if rows:
                holes = ", ".join("?" * len(rows[0]))
                base.executemany(f"INSERT INTO {name} VALUES ({holes})", rows)  # noqa: S608
        base.commit()


@pytest.fixture
def open_context(
    browser: Browser, site: str
) -> Iterator[Callable[..., BrowserContext]]:
    """Open visitors' browsers: a phone, with or without JavaScript."""
    contexts: list[BrowserContext] = []

    def open_one(**options: object) -> BrowserContext:
        phone = {"viewport": {"width": 360, "height": 740}, "base_url": site}
        context = browser.new_context(**(phone | options))
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def phone(
    request: pytest.FixtureRequest, open_context: Callable[..., BrowserContext]
) -> Page:
    """A visitor's phone, once with JavaScript and once without it."""
    return open_context(java_script_enabled=request.param).new_page()
