"""What it takes to serve the guide on this machine for a while."""

import socket
import time
import urllib.request

WAIT_SECONDS = 60


def free_port() -> int:
    """Return the number of a port that nobody uses."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_for(address: str) -> None:
    """Wait until *address* answers."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
