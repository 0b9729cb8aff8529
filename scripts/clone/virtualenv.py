"""Makes the virtual environment and keeps it equal to the pinned requirements."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.clone.failure import CloneError
from scripts.clone.needs import Need, ensure
from scripts.clone.places import PYTHON, ROOT, VENV

REQUIREMENTS = ROOT / "requirements" / "dev.txt"
STAMP = VENV / "hyte-requirements"


def set_up(needs: Sequence[Need]) -> None:
    """Bring everything that the commands stand on; a second when nothing changed."""
    ensure(needs)
    if not _works():
        _make()
    if not STAMP.exists() or STAMP.read_text() != _wanted():
        _install()
    compile_messages()


def compile_messages() -> None:
    """Compile each translation file that is newer than its result."""
    if not shutil.which("msgfmt"):
        return
    for source in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        result = source.with_suffix(".mo")
        if not result.exists() or result.stat().st_mtime < source.stat().st_mtime:
            _run("msgfmt", "--check-format", "-o", str(result), str(source))


def _works() -> bool:
    """Tell whether the environment's Python runs here; a copied one may lead to a Python out of reach."""
    try:
        return subprocess.run([PYTHON, "-c", "import sys"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _make() -> None:
    print("Making the virtual environment …", flush=True)
    _run(sys.executable, "-m", "venv", "--clear", str(VENV))


def _install() -> None:
    print("Installing the pinned requirements …", flush=True)
    pip = [str(PYTHON), "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode != 0:
        _run(str(PYTHON), "-m", "ensurepip")
    _run(
        *pip,
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        str(REQUIREMENTS),
    )
    STAMP.write_text(_wanted())


def _wanted() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise CloneError(f"{said}\n\n`{Path(command[0]).name} {' '.join(command[1:4])} …` failed.")
