"""A mail server of our own that keeps what it gets: in this process for drills, as `python -m bench.sink` for the bench."""

import email
import sys
import time
from collections import Counter
from collections.abc import Callable
from threading import Lock
from typing import Any

from aiosmtpd.controller import Controller

from scripts.clone.valkey import free_port


class Kept:
    """Counts mails by their Message-ID; may think a moment over each, and call somebody before it answers."""

    def __init__(self, pause: float = 0, before_answer: Callable[[str], None] | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.pause, self.before_answer = pause, before_answer
        self.lock = Lock()

    @property
    def number(self) -> int:
        """Return how many mails came, repeats among them."""
        with self.lock:
            return sum(self.counts.values())

    def names(self) -> set[str]:
        """Return the Message-IDs that came."""
        with self.lock:
            return set(self.counts)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a mail, then say so."""
        if self.pause:
            time.sleep(self.pause)
        head = envelope.content.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        name = str(email.message_from_string(head)["Message-ID"])
        with self.lock:
            self.counts[name] += 1
        if self.before_answer:
            self.before_answer(name)
        return "250 kept"


def controller_of(kept: Kept, port: int = 0) -> Any:
    """Return a mail server at a free port of the loopback, to be started and stopped."""
    return Controller(kept, hostname="127.0.0.1", port=port or free_port())


def main() -> None:
    """Serve until the standard input ends, then tell how many mails came and how many of them differ."""
    kept = Kept()
    controller = controller_of(kept, int(sys.argv[1]))
    controller.start()
    print("ready", flush=True)
    for _line in sys.stdin:
        print(kept.number, len(kept.names()), flush=True)
    controller.stop()


if __name__ == "__main__":
    main()
