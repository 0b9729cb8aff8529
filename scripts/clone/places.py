"""Where things lie: the clone, its virtual environment, and the state it keeps outside the tree."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def clone_hash() -> str:
    """Name this clone by its path, so that two clones never meet."""
    return hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]


def state_home() -> Path:
    """Return the folder that keeps this clone's data between runs."""
    if given := os.environ.get("HYTE_STATE"):
        return Path(given).absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/hyte") / clone_hash()
    return Path.home() / ".local" / "state" / "hyte" / clone_hash()
