"""A Redis or Valkey of a drill's own, which it may stop and start again at the same place."""

import contextlib
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bench.servers import Server, wait_for
from scripts.clone.binaries import find_valkey
from scripts.clone.state import kept_state
from scripts.clone.valkey import free_port


class QueueServer:
    """Keeps nothing on disk, listens on the loopback only, lives in a drill's folder."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        program = str(find_valkey(kept_state().home / "wheels"))
        words = [program, "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no", "--dir", str(folder)]  # fmt: skip
        self.server = Server(words, {"PATH": "/usr/bin:/bin"}, folder / "queue.log")

    @property
    def url(self) -> str:
        """Return its REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.server.start()
        wait_for(self._answers, 20, "the queue server's start")

    def stop(self) -> None:
        """Stop it; all that it held is gone."""
        self.server.kill()

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False


@contextlib.contextmanager
def queue_server(folder: Path) -> Iterator[QueueServer]:
    """Run a queue server of one's own, and end it after."""
    server = QueueServer(folder)
    server.start()
    try:
        yield server
    finally:
        with contextlib.suppress(subprocess.SubprocessError):
            server.stop()
