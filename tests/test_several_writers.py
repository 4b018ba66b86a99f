"""Several processes at once, on databases like those of real installations."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[1]
WAIT_SECONDS = 60
SHOWN_WITHIN_SECONDS = 5

POSTGRES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"))), None)


@dataclass(frozen=True, kw_only=True)
class Installation:
    """A database with the content, published once."""

    environment: dict[str, str]

    def start(self, *args: str) -> subprocess.Popen[str]:
        """Run part of in_process.py."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.in_process", *args],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def manage(self, *args: str) -> str:
        """Run a command; give what it prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *args],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def select(self, sql: str) -> list[tuple[object, ...]]:
        """Look into the database from outside."""
        address = self.environment["DATABASE_URL"]
        if address.startswith("sqlite"):
            connection = sqlite3.connect(address.removeprefix("sqlite://"))
        else:
            connection = psycopg.connect(address)
        try:
            return list(connection.execute(sql).fetchall())
        finally:
            connection.close()

    def numbers(self) -> list[int]:
        """Return the numbers of all publications."""
        sql = "SELECT number FROM guide_publication ORDER BY number"
        return [number for (number,) in self.select(sql)]

    def draft(self) -> list[list[tuple[object, ...]]]:
        """Return what restoring changes first and last."""
        tables = ("guide_source", "guide_step", "guide_step_answers", "guide_letter")
        return [self.select(f"SELECT * FROM {t} ORDER BY id") for t in tables]  # noqa: S608


def environment_of(address: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "only-for-tests-0123456789abcdefghijklmnopqrstuvwxyz",
        "HTTPS": "0",
        "DEBUG": "0",
    }


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a PostgreSQL of our own; give the address of an empty database."""
    if POSTGRES is None:
        pytest.skip("PostgreSQL is not on this machine (/usr/lib/postgresql/*/bin).")
    if os.geteuid() == 0 and not shutil.which("runuser"):
        pytest.skip("PostgreSQL does not run as root, and there is no runuser.")
    # PostgreSQL refuses to run as root.
    other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    # A short path of our own: that of a socket may have 107 letters.
    folder = Path(f"/tmp/sim-exit-postgres-{os.getpid()}")  # noqa: S108
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]

    def run(program: str, *args: str) -> None:
        subprocess.run(
            [*other, str(POSTGRES / program), *args],
            check=True,
            cwd="/tmp",  # noqa: S108
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    options = f"-p {port} -k /tmp -c listen_addresses=127.0.0.1 -c fsync=off"
    try:
        run("initdb", "-D", str(folder), "-U", "guide", "-A", "trust", "-E", "UTF8")
        run("pg_ctl", "-D", str(folder), "-w", "-o", options, "start")
    except subprocess.CalledProcessError as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL does not start here: {error}")
    try:
        run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "guide", "guide")
        yield f"postgres://guide@127.0.0.1:{port}/guide"
    finally:
        run("pg_ctl", "-D", str(folder), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    if request.param == "sqlite":
        address = f"sqlite://{tmp_path_factory.mktemp('several') / 'guide.sqlite3'}"
    else:
        address = request.getfixturevalue("postgres")
    installation = Installation(environment=environment_of(address))
    installation.manage("migrate", "--verbosity", "0")
    installation.manage("bootstrap")
    return installation


def wait_until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout.readline().strip() == "ready", process.stderr.read()


def go(process: subprocess.Popen[str]) -> None:
    process.stdin.write("go\n")
    process.stdin.flush()


def result(process: subprocess.Popen[str]) -> str:
    out, errors = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 0, errors
    return out.strip()


def test_of_several_with_the_same_in_sight_one_publishes(
    installation: Installation,
) -> None:
    before = installation.numbers()
    writers = [installation.start("publish", f"By {i}.", "seen") for i in range(3)]
    for writer in writers:
        wait_until_ready(writer)

    for writer in writers:
        go(writer)
    results = sorted(result(writer) for writer in writers)

    assert results == [str(before[-1] + 1), "changed", "changed"]
    assert installation.numbers() == [*before, before[-1] + 1]


def test_publications_at_once_get_numbers_of_their_own(
    installation: Installation,
) -> None:
    before = installation.numbers()
    writers = [installation.start("publish", f"By {i}.") for i in range(3)]
    for writer in writers:
        wait_until_ready(writer)

    for writer in writers:
        go(writer)
    results = sorted(int(result(writer)) for writer in writers)

    assert results == [before[-1] + i for i in (1, 2, 3)]
    assert installation.numbers() == [*before, *results]


def test_what_an_editor_saves_while_another_one_publishes_is_not_lost(
    installation: Installation,
) -> None:
    writer = installation.start("publish_and_stop", "INSERT INTO")
    editor = installation.start("save", "Saved meanwhile")
    wait_until_ready(writer)
    wait_until_ready(editor)

    go(editor)  # SQLite lets it wait, PostgreSQL lets it save beside
    time.sleep(0.5)
    go(writer)

    number = result(writer)
    assert result(editor) == "saved"
    (document,), *_rest = installation.select(
        f"SELECT document FROM guide_publication WHERE number = {int(number)}"  # noqa: S608
    )
    assert "Saved meanwhile" not in document
    sql = "SELECT title_en FROM guide_step WHERE slug = 'cancel-line'"
    assert installation.select(sql) == [("Saved meanwhile",)]


@pytest.mark.parametrize("part", ["INSERT INTO", "LOCK TABLE"])
def test_a_process_killed_while_publishing_leaves_the_old_publication(
    installation: Installation, part: str
) -> None:
    if (
        part == "LOCK TABLE"
        and installation.environment["DATABASE_URL"][:6] == "sqlite"
    ):
        part = "SELECT"
    before, draft = installation.numbers(), installation.draft()
    writer = installation.start("publish_and_stop", part)
    wait_until_ready(writer)

    writer.send_signal(signal.SIGKILL)
    writer.communicate(timeout=WAIT_SECONDS)

    assert writer.returncode == -signal.SIGKILL
    assert installation.numbers() == before
    assert installation.draft() == draft
    again = installation.start("publish", "After the accident.")
    wait_until_ready(again)
    go(again)
    assert result(again) == str(before[-1] + 1)


def test_a_process_killed_while_restoring_leaves_the_draft(
    installation: Installation,
) -> None:
    editor = installation.start("save", "Never published")
    wait_until_ready(editor)
    go(editor)
    assert result(editor) == "saved"
    draft = installation.draft()
    writer = installation.start("restore_and_stop", 'UPDATE "guide_step"')
    wait_until_ready(writer)

    writer.send_signal(signal.SIGKILL)
    writer.communicate(timeout=WAIT_SECONDS)

    assert installation.draft() == draft


def test_all_processes_show_a_new_publication_within_seconds(
    installation: Installation,
) -> None:
    before = installation.numbers()[-1]
    watchers = [installation.start("watch", "40") for _ in range(2)]
    for watcher in watchers:
        assert watcher.stdout.readline().strip() == str(before)

    writer = installation.start("publish", "For everybody.")
    wait_until_ready(writer)
    go(writer)
    number = result(writer)
    published_at = time.monotonic()

    for watcher in watchers:
        assert watcher.stdout.readline().strip() == number
    assert time.monotonic() - published_at < SHOWN_WITHIN_SECONDS
    for watcher in watchers:
        watcher.kill()
        watcher.communicate()


def test_a_locked_database_says_busy_and_changes_nothing(
    installation: Installation,
) -> None:
    address = installation.environment["DATABASE_URL"]
    before = installation.numbers()
    writer = installation.start("publish", "Never.")
    wait_until_ready(writer)

    if address.startswith("sqlite"):
        other = sqlite3.connect(address.removeprefix("sqlite://"))
        other.execute("BEGIN IMMEDIATE")
    else:
        other = psycopg.connect(address)
        other.execute("LOCK TABLE guide_publication IN EXCLUSIVE MODE")
    try:
        go(writer)
        said = result(writer)
    finally:
        other.rollback()
        other.close()

    assert said == "busy"
    assert installation.numbers() == before
