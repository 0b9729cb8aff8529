"""`check`: every static check, one line each, all of them run."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scripts.clone.dependencies import dependency_faults
from scripts.clone.needs import TO_CHECK, verdict
from scripts.clone.places import PYTHON, ROOT, VENV
from scripts.clone.virtualenv import set_up

TYPED = ("hyte_portal", "organizations", "negotiations", "scripts", "tests", "bench", "manage.py")
# Static checks reach no server; Django only wants to see an address.
NO_SERVERS = {
    "DATABASE_URL": "postgres://nobody@/nothing?host=/nonexistent",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "DJANGO_SETTINGS_MODULE": "tests.settings",
}


@dataclass(frozen=True)
class Check:
    """A name and what tells the faults; no text means that all is well."""

    name: str
    faults: Callable[[], str]


def check(_: Sequence[str]) -> int:
    """Run all checks, two at a time, and print a verdict each."""
    set_up(TO_CHECK)
    failed: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        for one, result in zip(_checks(), pool.map(_timed, _checks()), strict=True):
            faults, seconds = result
            print(f"{'FAILED' if faults else 'ok':<7} {one.name} ({seconds:.1f} s)", flush=True)
            if faults:
                failed.append(one.name)
                print("\n".join(f"        {line}" for line in faults.splitlines()), flush=True)
    print(f"\n{len(failed)} failed: {', '.join(failed)}" if failed else "\nAll checks passed.")
    return verdict(1 if failed else 0)


def templates() -> list[str]:
    """List the project's HTML templates."""
    return [
        str(path.relative_to(ROOT))
        for path in sorted(ROOT.glob("**/templates/**/*.html"))
        if ".venv" not in path.parts and "node_modules" not in path.parts
    ]


def output_of(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run a command in the clone and return its code and what it said."""
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | (environment or {})
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def _timed(one: Check) -> tuple[str, float]:
    start = time.monotonic()
    return one.faults(), time.monotonic() - start


def _checks() -> list[Check]:
    manage: list[str | Path] = [PYTHON, "-W", "ignore::RuntimeWarning", "-m", "django"]
    typed = [name for name in TYPED if (ROOT / name).exists()]
    return [
        Check("types (mypy --strict)", _command(PYTHON, "-m", "mypy", "--strict", "--no-error-summary", *typed)),
        Check("lint (ruff check)", _command(PYTHON, "-m", "ruff", "check", "--quiet", ".")),
        Check("format (ruff format)", _command(PYTHON, "-m", "ruff", "format", "--check", "--quiet", ".")),
        Check("layers (import-linter)", _command(VENV / "bin" / "lint-imports", "--no-logo")),
        Check("Django's own checks", _command(*manage, "check", "--fail-level", "WARNING")),
        Check("migrations", _command(*manage, "makemigrations", "--check", "--dry-run")),
        Check("translations", _command(PYTHON, "-m", "scripts.check_translations")),
        Check("templates (djade)", _on_templates(VENV / "bin" / "djade", "--check", "--target-version", "5.2")),
        Check("templates (djhtml)", _on_templates(VENV / "bin" / "djhtml", "--check")),
        Check("dependencies", dependency_faults),
    ]


def _command(*command: str | Path) -> Callable[[], str]:
    def faults() -> str:
        code, said = output_of(command, NO_SERVERS)
        return "" if code == 0 else said or f"ended with code {code}"

    return faults


def _on_templates(*command: str | Path) -> Callable[[], str]:
    def faults() -> str:
        found = templates()
        return _command(*command, *found)() if found else ""

    return faults
