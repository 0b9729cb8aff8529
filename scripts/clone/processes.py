"""Small facts about processes that were started by an earlier run."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


def command_of(pid: int) -> str:
    """Return the command line of a process, or an empty text if there is none."""
    proc = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return proc.read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        return ""
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()


def wait_until(ready: Callable[[], bool], seconds: float) -> bool:
    """Ask again and again, for so many seconds, and tell whether the answer became yes."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def gone(pid: int) -> bool:
    """Tell whether a process has ended; one of our own children is reaped on the way."""
    with contextlib.suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
    return not command_of(pid)


def end_process(pid: int, first: signal.Signals, seconds: float) -> None:
    """Ask a process to end, wait, and kill it if it does not."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, first)
        if not wait_until(lambda: gone(pid), seconds):
            os.kill(pid, signal.SIGKILL)
            wait_until(lambda: gone(pid), 5)


def end_group(leader: int) -> None:
    """Kill what is left of a process group, at once."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def works_in(folder: Path) -> bool:
    """Tell whether a process has a folder as its working folder (Linux only)."""
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if link.readlink() == folder:
                return True
    return False


def last_lines(log: Path, count: int = 15) -> str:
    """Return the end of a log file."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
