"""The folder of one set of private servers: kept for the clone, thrown away for a test run."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from scripts.clone.failure import CloneError
from scripts.clone.places import clone_hash, state_home

# A unix socket's path must stay under about 100 bytes, the file name included.
LONGEST_SOCKET_FOLDER = 80
SECONDS_TO_START = 120


@dataclass(frozen=True)
class State:
    """One folder of data, sockets and logs, and whether it outlives the command."""

    home: Path
    kept: bool = True

    @property
    def sockets(self) -> Path:
        """Return the folder of the unix sockets, which needs a short path."""
        inside = self.home / "run"
        if len(str(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        name = hashlib.sha256(str(self.home).encode()).hexdigest()[:8]
        return Path("/tmp") / f"hyte-{name}-{os.geteuid()}"

    @property
    def logs(self) -> Path:
        """Return the folder of the logs."""
        return self.home / "logs"

    def prepare(self) -> None:
        """Make the folders for this account only (root's servers may pass through to theirs)."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o711 if os.geteuid() == 0 else 0o700)
        self.logs.mkdir(mode=0o700, exist_ok=True)

    def read(self, name: str) -> dict[str, Any]:
        """Read a small JSON file of this folder; one that is missing or broken is empty."""
        with contextlib.suppress(OSError, ValueError):
            found = json.loads((self.home / name).read_text())
            return found if isinstance(found, dict) else {}
        return {}

    def write(self, name: str, content: dict[str, Any]) -> None:
        """Write a small JSON file that only this account reads, whole or not at all."""
        draft = self.home / f"{name}.new"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(content, indent=1))
        draft.replace(self.home / name)


def kept_state() -> State:
    """Return the clone's own state."""
    state = State(state_home())
    try:
        state.prepare()
    except OSError as error:
        raise CloneError(
            f"The state folder {state.home} can't be written ({error.strerror}); name another one in HYTE_STATE."
        ) from error
    return state


@contextlib.contextmanager
def throwaway_state() -> Iterator[State]:
    """Make a state that is removed at the end."""
    state = State(Path(tempfile.mkdtemp(prefix=throwaway_prefix(), dir="/tmp")), kept=False)
    try:
        state.prepare()
        yield state
    finally:
        shutil.rmtree(state.home, ignore_errors=True)


def abandoned_states() -> list[State]:
    """List this clone's throw-away states but the newest, which may not have taken their locks yet."""
    old = time.time() - SECONDS_TO_START
    homes = Path("/tmp").glob(throwaway_prefix() + "*")
    return [State(home, kept=False) for home in homes if home.stat().st_mtime < old]


def throwaway_prefix() -> str:
    """Return how the names of this clone's throw-away folders begin."""
    return f"hyte-try-{clone_hash()[:8]}-{os.geteuid()}-"


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file; it falls open by itself when the process dies."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def try_lock(file: TextIO) -> bool:
    """Take a lock alone if nobody else has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share_lock(file: TextIO) -> None:
    """Take a lock together with others."""
    fcntl.flock(file, fcntl.LOCK_SH)
