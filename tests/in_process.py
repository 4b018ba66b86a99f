"""What tests of several writers run in processes of their own."""

import os
import sys
import time
from collections.abc import Callable

import django
from django.db import connection


def wait_for_go() -> None:
    """Say that all is prepared, and wait until the test says go."""
    print("ready", flush=True)
    sys.stdin.readline()


def stop_after(part: str) -> Callable[..., object]:
    """Return a wrapper that waits for go behind the first statement with *part*."""
    stopped = False

    def wrapper(execute: Callable[..., object], sql: str, *rest: object) -> object:
        nonlocal stopped
        result = execute(sql, *rest)
        if part in sql and not stopped:
            stopped = True
            wait_for_go()
        return result

    return wrapper


def publish(note: str, *, sight: bool) -> None:
    """Publish at the word go, and say what came of it."""
    from guide import models, publishing

    draft = publishing.read_draft()
    number = models.Publication.objects.newest_number()
    seen = publishing.Seen(number=number, sha256=draft.sha256) if sight else None
    wait_for_go()
    try:
        publication, _problems = publishing.publish(note=note, seen=seen)
    except publishing.ChangedMeanwhileError:
        print("changed")
    except publishing.BusyError:
        print("busy")
    else:
        print(publication.number)


def publish_and_stop(part: str) -> None:
    """Publish, and stop behind the first statement with *part*."""
    from guide import publishing

    with connection.execute_wrapper(stop_after(part)):
        publication, _problems = publishing.publish(note="Stopped on the way.")
    print(publication.number)


def restore_and_stop(part: str) -> None:
    """Restore the first publication, and stop behind a statement with *part*."""
    from guide import publishing

    sha256 = publishing.read_draft().sha256
    with connection.execute_wrapper(stop_after(part)):
        publishing.restore(1, by=None, draft_sha256=sha256)
    print("restored")


def save(title: str) -> None:
    """Save a step, as an editor would."""
    from guide import models

    step = models.Step.objects.get(slug="cancel-line")
    step.title_en = title
    wait_for_go()
    step.save()
    print("saved")


def watch(seconds: str) -> None:
    """Say each publication that this process shows to visitors, as soon as it does."""
    from guide import publishing

    shown = None
    until = time.monotonic() + float(seconds)
    while time.monotonic() < until:
        number = publishing.current_publication().number
        if number != shown:
            shown = number
            print(number, flush=True)
        time.sleep(0.05)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    name, *rest = sys.argv[1:]
    if name == "publish":
        publish(rest[0], sight=len(rest) > 1)
    else:
        globals()[name](*rest)
