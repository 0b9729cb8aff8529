"""`test`, `bench`, `drill`: what runs on servers of its own, which it throws away."""

import os
import subprocess
from collections.abc import Mapping, Sequence

from scripts.clone.needs import TO_RUN, TO_TEST, chromium, verdict
from scripts.clone.places import PYTHON, ROOT
from scripts.clone.services import throwaway_services
from scripts.clone.virtualenv import set_up


def test(words: Sequence[str]) -> int:
    """Run pytest with the words given and return its code; the servers are removed whatever happens."""
    set_up(TO_TEST)
    workers = [] if _names_workers(words) else ["-n", os.environ.get("PYTEST_WORKERS") or "2", "--dist", "loadfile"]
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings", "CHROMIUM": chromium() or ""}
    with throwaway_services(careful=False) as variables:
        return verdict(_python(["-m", "pytest", *workers, *words], variables | settings))


def bench(words: Sequence[str]) -> int:
    """Measure; these servers write to disk as real ones do."""
    return _measure("bench", words)


def drill(words: Sequence[str]) -> int:
    """Run the long fault tests."""
    return _measure("bench.drill", words)


def _measure(module: str, words: Sequence[str]) -> int:
    set_up(TO_RUN)
    with throwaway_services(careful=True) as variables:
        return verdict(_python(["-m", module, *words], variables))


def _python(words: Sequence[str], variables: Mapping[str, str]) -> int:
    return subprocess.run([PYTHON, *words], cwd=ROOT, env=os.environ | variables, check=False).returncode


def _names_workers(words: Sequence[str]) -> bool:
    return any(word.startswith(("-n", "--numprocesses")) for word in words)
