"""Collects the texts of the sources into locale/*/LC_MESSAGES/django.po, the same way each time."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ("fi", "sv", "en")
SKIPPED = (".venv", "node_modules", "var", "tests", "bench", "scripts", "assets")
STABLE = ("--no-wrap", "--add-location", "file", "--no-obsolete")


def collect(tree: Path) -> None:
    """Bring the translation files of a tree up to its sources."""
    for locale in LOCALES:
        (tree / "locale" / locale / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    skipped = [word for name in SKIPPED for word in ("--ignore", name)]
    chosen = [word for locale in LOCALES for word in ("--locale", locale)]
    command = [sys.executable, "-m", "django", "makemessages", "--verbosity", "0", *chosen, *skipped, *STABLE]
    subprocess.run(command, cwd=tree, env=_without_settings(), check=True)
    for locale in LOCALES:
        _forget_the_time(po_file(tree, locale))


def fill_english(tree: Path) -> None:
    """Give each English text itself as its translation, also where gettext guessed another."""
    path = po_file(tree, "en")
    emptied = subprocess.run(
        ["msgattrib", "--clear-fuzzy", "--empty", "--no-wrap", path], capture_output=True, check=True
    )
    filled = subprocess.run(
        ["msgen", "--no-wrap", "--lang", "en", "-"], input=emptied.stdout, capture_output=True, check=True
    )
    path.write_bytes(filled.stdout)


def po_file(tree: Path, locale: str) -> Path:
    """Return the translation file of one language."""
    return tree / "locale" / locale / "LC_MESSAGES" / "django.po"


def _without_settings() -> dict[str, str]:
    """Return the environment for a tree that need not be the whole project."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


def _forget_the_time(path: Path) -> None:
    """Leave out the moment of collecting, which would change the file when no text did."""
    if path.exists():
        path.write_text(re.sub(r'^"POT-Creation-Date: .*\\n"\n', "", path.read_text(), flags=re.MULTILINE))


if __name__ == "__main__":
    collect(ROOT)
    fill_english(ROOT)
