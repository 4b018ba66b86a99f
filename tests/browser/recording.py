"""A wire between browser and site that keeps all that the browser says."""

import socket
import threading
from contextlib import closing, suppress
from urllib.parse import urlsplit

CHUNK = 65_536


class Wire:
    """Forward connections to the site; keep each byte that goes there."""

    def __init__(self, site: str) -> None:
        found = urlsplit(site)
        self.goal = (found.hostname, found.port)
        self.said = bytearray()
        self.lock = threading.Lock()
        self.entrance = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.entrance.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        """Take one connection after the other until the wire is cut."""
        with suppress(OSError):
            while True:
                browser, _address = self.entrance.accept()
                site = socket.create_connection(self.goal)
                for one, other, is_kept in (
                    (browser, site, True),
                    (site, browser, False),
                ):
                    threading.Thread(
                        target=self.forward, args=(one, other, is_kept), daemon=True
                    ).start()

    def forward(self, one: socket.socket, other: socket.socket, is_kept: bool) -> None:
        """Pass on what one end says until it falls silent."""
        with suppress(OSError), closing(other):
            while chunk := one.recv(CHUNK):
                if is_kept:
                    with self.lock:
                        self.said += chunk
                other.sendall(chunk)

    def heard(self) -> bytes:
        """Return all that the browser has said so far."""
        with self.lock:
            return bytes(self.said)

    def cut(self) -> None:
        """Take no further connections."""
        self.entrance.close()
