"""What the machine must have that a virtual environment can't bring."""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.clone.failure import CloneError

MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
MAC_LIBRARIES = ("/opt/homebrew/lib", "/usr/local/lib")
# Missing things that were let through by ALLOW_MISSING=1; the last line of a command lists them.
passed_over: list[str] = []


@dataclass(frozen=True)
class Need:
    """One thing, how to see that it is there, and which packages bring it."""

    name: str
    present: Callable[[], bool]
    debian: tuple[str, ...]
    homebrew: str
    for_what: str


def _library(*names: str) -> bool:
    return all(any(_loads(place) for place in _library_places(name)) for name in names)


def _library_places(name: str) -> Iterable[str]:
    if sys.platform == "darwin":
        return [f"{folder}/lib{name}.dylib" for folder in MAC_LIBRARIES]
    return [f"lib{name}.so.0"]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _programs(*names: str) -> bool:
    return all(shutil.which(name) for name in names)


def chromium() -> str | None:
    """Return the browser of the tests: CHROMIUM, else the one on the machine."""
    if given := os.environ.get("CHROMIUM"):
        return given if Path(given).exists() else None
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    return found or (MAC_CHROME if Path(MAC_CHROME).exists() else None)


def _venv_can_be_made() -> bool:
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


VENV_MODULE = Need("Python's venv", _venv_can_be_made, ("python3-venv",), "python@3.11", "the virtual environment")
PANGO = Need(
    "Pango",
    lambda: _library("pango-1.0", "pangoft2-1.0"),
    ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core"),
    "pango",
    "the memo PDFs",
)
GETTEXT = Need(
    "gettext",
    lambda: _programs("msgfmt", "xgettext", "msgmerge", "msgen"),
    ("gettext",),
    "gettext",
    "the translations",
)
CHROMIUM = Need("Chromium", lambda: chromium() is not None, ("chromium",), "--cask google-chrome", "the browser tests")
TO_RUN = (VENV_MODULE, PANGO, GETTEXT)
TO_CHECK = (VENV_MODULE, GETTEXT)
TO_TEST = (*TO_RUN, CHROMIUM)


def ensure(needs: Sequence[Need]) -> None:
    """Install what is missing where that is possible, else say the one line to run."""
    missing = [need for need in needs if not need.present()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(missing)
        missing = [need for need in missing if not need.present()]
    if missing:
        _pass_over_or_stop(missing)


def verdict(code: int) -> int:
    """List what was not run and, under CI, let nothing that is missing pass."""
    if not passed_over:
        return code
    print(f"\nNot run, since something is missing here: {'; '.join(passed_over)}.")
    return code or (1 if in_ci() else 0)


def in_ci() -> bool:
    """Tell whether this runs under continuous integration."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def _install(missing: Sequence[Need]) -> None:
    packages = [package for need in missing for package in need.debian]
    print(f"Installing {' '.join(packages)} …", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *words], env=quiet, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(f"apt-get {words[0]} failed: {done.stderr.strip()}", file=sys.stderr)


def _pass_over_or_stop(missing: Sequence[Need]) -> None:
    names = ", ".join(need.name for need in missing)
    if os.environ.get("ALLOW_MISSING") != "1" or VENV_MODULE in missing:
        raise CloneError(
            f"Missing on this machine: {names}. Run:\n    {_one_line(missing)}\nor go on without by ALLOW_MISSING=1."
        )
    passed_over.extend(f"{need.for_what} ({need.name})" for need in missing)
    os.environ["HYTE_MISSING"] = ",".join(need.name.lower() for need in missing)
    print(f"Going on without {names}.")


def _one_line(missing: Sequence[Need]) -> str:
    if sys.platform == "darwin":
        return "brew install " + " ".join(need.homebrew for need in missing)
    return "sudo apt install " + " ".join(package for need in missing for package in need.debian)
