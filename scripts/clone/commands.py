"""The commands of a clone; `make` has a target for each."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from scripts.clone import checks, demo, shape, testing, upkeep
from scripts.clone.failure import CloneError
from scripts.clone.needs import TO_TEST, verdict
from scripts.clone.services import clone_services
from scripts.clone.virtualenv import set_up

Command = Callable[[Sequence[str]], int]


def setup(_: Sequence[str]) -> int:
    """Bring what every other command needs, the tests' browser too."""
    set_up(TO_TEST)
    return verdict(0)


def with_services(words: Sequence[str]) -> int:
    """Run any command line with the clone's servers in its environment: `with -- celery …`."""
    with clone_services() as variables:
        return subprocess.run(list(words), env=os.environ | variables, check=False).returncode


COMMANDS: Mapping[str, Command] = {
    "setup": setup,
    "demo": demo.demo,
    "run": demo.run,
    "test": testing.test,
    "check": checks.check,
    "fix": upkeep.fix,
    "messages": upkeep.messages,
    "shape": shape.shape,
    "vendor": upkeep.vendor,
    "lock": upkeep.lock,
    "bench": testing.bench,
    "drill": testing.drill,
    "with": with_services,
}


def main(words: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    if not words or words[0] not in COMMANDS:
        print(f"Commands: {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    _end_by_exception()
    name, rest = words[0], list(words[1:])
    try:
        return COMMANDS[name](rest[1:] if rest[:1] == ["--"] else rest)
    except CloneError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


@contextmanager
def services_for_a_command() -> Iterator[None]:
    """Give manage.py the clone's servers where none are named; production never starts anything."""
    if os.environ.get("HYTE_ENV") == "production":
        yield
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with clone_services() as variables:
        os.environ.update(variables)
        yield


def _end_by_exception() -> None:
    """Let each request to end pass through `finally`, also where a shell makes its background jobs deaf."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _interrupt)


def _interrupt(*_: object) -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # tidying up is not interrupted
    raise KeyboardInterrupt
