"""Runs the portal itself: web server, workers and beat, watched until Ctrl-C."""

import contextlib
import http.client
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.clone.environment import port
from scripts.clone.failure import CloneError
from scripts.clone.places import PYTHON, ROOT
from scripts.clone.processes import command_of, end_group, end_process, last_lines, wait_until
from scripts.clone.state import State, try_lock
from scripts.clone.valkey import port_is_free

RECORD = "processes.json"
WAIT_BEFORE_RESTART = 2.0
# A child that lived this long and then died is started again as if for the first time.
LONG_LIFE = 60.0
SECONDS_FOR_FIRST_PAGE = 120


@dataclass
class Child:
    """One process of the portal, and its log."""

    name: str
    command: list[str]
    log: Path
    patience: float
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restarts: int = 0

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it in a session of its own: Ctrl-C reaches only us, and the order of ending is ours."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.started = time.monotonic()

    @property
    def dead(self) -> bool:
        """Tell whether it has ended."""
        return self.process is None or self.process.poll() is not None

    def ask_to_end(self) -> None:
        """Let it finish what it does and then end."""
        if self.process and not self.dead:
            self.process.terminate()

    def see_ended(self) -> None:
        """Wait as long as its work may take, then end it with all it started."""
        if self.process:
            wait_until(lambda: self.dead, self.patience)
            end_group(self.process.pid)


@dataclass
class Portal:
    """The children of one run, in the order in which they end."""

    state: State
    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)

    def start(self) -> None:
        """Start the web server and, once it answers, the others: together they would hold up the first page."""
        self.children = portal_children(self.state)
        self._start(self.children[:1])
        self._wait_for_web()
        self._start(self.children[1:])

    def _start(self, children: Sequence[Child]) -> None:
        """Start some and remember their numbers, for a run after one that was killed."""
        for child in children:
            child.start(self.environment)
        self._record()

    def _wait_for_web(self) -> None:
        web, end = self.children[0], time.monotonic() + SECONDS_FOR_FIRST_PAGE
        while (status := _status_of_first_page()) is None:
            if web.dead or time.monotonic() > end:
                raise CloneError(f"The web server did not come up:\n{last_lines(web.log)}")
            time.sleep(0.2)
        if status >= 500:
            raise CloneError(f"The first page answers {status}:\n{last_lines(web.log, 30)}")

    def watch(self) -> None:
        """Stand by; start a child that died once more, and give up if it dies again."""
        while True:
            for child in self.children:
                if child.dead:
                    self._restart(child)
            time.sleep(0.5)

    def stop(self) -> None:
        """End web first, then workers and beat together."""
        for together in (self.children[:1], self.children[1:]):
            for child in together:
                child.ask_to_end()
            for child in together:
                child.see_ended()
        (self.state.home / RECORD).unlink(missing_ok=True)

    def _restart(self, child: Child) -> None:
        if time.monotonic() - child.started > LONG_LIFE:
            child.restarts = 0
        if child.restarts:
            raise CloneError(f"{child.name} died twice. The end of {child.log}:\n{last_lines(child.log)}")
        print(f"{child.name} died; starting it again (log: {child.log})", flush=True)
        time.sleep(WAIT_BEFORE_RESTART)
        child.restarts += 1
        child.start(self.environment)
        self._record()

    def _record(self) -> None:
        running = {child.name: child.process.pid for child in self.children if child.process}
        self.state.write(RECORD, {"port": port(), "launcher": os.getpid(), "children": running})


@contextlib.contextmanager
def only_portal(state: State) -> Iterator[None]:
    """Hold the place of the clone's one running portal; end what a killed run left behind."""
    with (state.home / "portal.lock").open("a") as lock:
        if not try_lock(lock):
            record = state.read(RECORD)
            where = f" at http://localhost:{record['port']}/ (process {record['launcher']})" if record else ""
            raise CloneError(f"This clone's portal is already running{where}; use that one, or stop it first.")
        _end_leftovers(state)
        if not port_is_free(port()):
            raise CloneError(f"Port {port()} is taken by another program; choose one: make demo PORT={port() + 1}")
        yield


def _end_leftovers(state: State) -> None:
    for pid in state.read(RECORD).get("children", {}).values():
        if "hyte_portal" in command_of(pid):
            end_process(pid, signal.SIGTERM, 10)
            end_group(pid)
    (state.home / RECORD).unlink(missing_ok=True)


def portal_children(state: State) -> list[Child]:
    """Name the processes of a portal, in the order in which they end."""
    python, logs = str(PYTHON), state.logs
    celery = [python, "-m", "celery", "-A", "hyte_portal"]
    worker = [*celery, "worker", "--loglevel", "INFO"]
    beat = [*celery, "beat", "--loglevel", "INFO", "--pidfile=", "-s", str(state.home / "beat-schedule")]
    return [
        Child(
            "web",
            [python, "-m", "gunicorn", "-c", "python:hyte_portal.gunicorn", "hyte_portal.wsgi"],
            logs / "web.log",
            35,
        ),
        Child("mail worker", [*worker, "-Q", "celery", "-n", "mail@%h", "-c", "2"], logs / "worker-mail.log", 20),
        Child(
            "pdf worker",
            [*worker, "-Q", "pdf", "-n", "pdf@%h", "-c", "1", "--max-tasks-per-child", "50"],
            logs / "worker-pdf.log",
            20,
        ),
        Child("beat", beat, logs / "beat.log", 10),
    ]


def _status_of_first_page() -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port(), timeout=20)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port()}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
