"""`fix`, `messages`, `vendor`, `lock`: commands that write into the tree."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from scripts.clone.checks import output_of, templates
from scripts.clone.failure import CloneError
from scripts.clone.needs import GETTEXT, TO_CHECK
from scripts.clone.places import PYTHON, ROOT, VENV
from scripts.clone.virtualenv import set_up

LOCK = (
    "--quiet",
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
)


def fix(_: Sequence[str]) -> int:
    """Let the tools put right what they can."""
    set_up(TO_CHECK)
    output_of([PYTHON, "-m", "ruff", "check", "--fix", "--quiet", "."])
    output_of([PYTHON, "-m", "ruff", "format", "--quiet", "."])
    if found := templates():
        output_of([VENV / "bin" / "djade", "--target-version", "5.2", *found])
        output_of([VENV / "bin" / "djhtml", *found])
    return 0


def messages(_: Sequence[str]) -> int:
    """Collect the texts for translation; English is filled from the sources."""
    set_up((*TO_CHECK, GETTEXT))
    _must([PYTHON, "-m", "scripts.messages"])
    return 0


def vendor(_: Sequence[str]) -> int:
    """Fetch the vendored CSS, JavaScript and fonts anew; needs Node."""
    print(_must([ROOT / "scripts" / "vendor-assets"]))
    return 0


def lock(_: Sequence[str]) -> int:
    """Pin the requirements anew; needs uv."""
    uv = shutil.which("uv")
    if not uv:
        raise CloneError("Pinning needs uv (pip install uv).")
    for name in ("prod", "dev"):
        _must([uv, "pip", "compile", *LOCK, f"requirements/{name}.in", "-o", f"requirements/{name}.txt"])
    return 0


def _must(command: Sequence[str | Path]) -> str:
    code, said = output_of(command)
    if code != 0:
        raise CloneError(said)
    return said
