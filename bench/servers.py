"""Starts what is measured: the web server, workers, a sink for mail, a queue of its own; all on the loopback."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from scripts.clone.places import ROOT
from scripts.clone.processes import last_lines
from scripts.clone.valkey import free_port

CELERY = (sys.executable, "-m", "celery", "-A", "bench.worker")


def wait_for(ready: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until something is so; stop with its name when it takes too long."""
    ends = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > ends:
            raise TimeoutError(f"{what} took more than {seconds:.0f} s")
        time.sleep(0.05)


@dataclass
class Server:
    """A process of ours, in a group of its own, with a log."""

    command: list[str]
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def start(self) -> "Server":
        """Start it."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=dict(self.environment), stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, start_new_session=True,
            )  # fmt: skip
        return self

    @property
    def pid(self) -> int:
        """Return its number."""
        if self.process is None:
            raise RuntimeError("not started")
        return self.process.pid

    def children(self) -> list[int]:
        """Return the processes that it started."""
        with contextlib.suppress(OSError):
            threads = Path(f"/proc/{self.pid}/task").glob("*/children")
            return [int(pid) for thread in threads for pid in thread.read_text().split()]
        return []

    def kill(self) -> None:
        """Kill it and all it started, at once and without a word."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        if self.process:
            self.process.wait()

    def stop(self, seconds: float = 20) -> None:
        """Ask it to end; kill what is left."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        self.kill()


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    """Start a process and end it after."""
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def web(
    folder: Path, *, settings: str = "bench.settings", workers: int = 1, threads: int = 1, **more: str
) -> Iterator[tuple[str, Server]]:
    """Run the portal's web server and yield its address."""
    port = free_port()
    environment = os.environ | {
        "BIND": f"127.0.0.1:{port}", "WEB_WORKERS": str(workers), "WEB_THREADS": str(threads),
        "DJANGO_SETTINGS_MODULE": settings, **more,
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", "python:hyte_portal.gunicorn", "hyte_portal.wsgi"]
    with running(Server(command, environment, folder / f"web-{port}.log")) as server:
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(lambda: _lives(url), 60, "the web server's start")
        except TimeoutError as error:
            raise RuntimeError(f"the web server did not come up: {last_lines(server.log)}") from error
        yield url, server


def _lives(url: str) -> bool:
    try:
        return httpx.get(f"{url}/livez", timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def worker(folder: Path, queue: str, processes: int, **more: str) -> Server:
    """Return a Celery worker of the portal, not started yet."""
    name = f"{queue}-{free_port()}"
    words = ["worker", "--loglevel", "WARNING", "-Q", queue, "-c", str(processes), "-n", f"{name}@%h", "--without-mingle", "--without-gossip"]  # fmt: skip
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings", **more}
    return Server([*CELERY, *words], environment, folder / f"worker-{name}.log")
