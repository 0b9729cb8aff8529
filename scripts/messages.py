"""Collects the texts of the sources into locale/*/LC_MESSAGES/django.po, the same way each time."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ("fi", "sv", "en")
SKIPPED = (".venv", "node_modules", "var", "tests", "bench", "scripts", "assets")
# The same for the three languages, without the moment of collecting, which would change a file when no text did.
HEADER = """msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
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
        _put_header(tree, locale)


def fill_english(tree: Path) -> None:
    """Give each English text itself as its translation, also where gettext guessed another."""
    path = po_file(tree, "en")
    emptied = _gettext("msgattrib", "--clear-fuzzy", "--clear-previous", "--empty", "--no-wrap", str(path))
    path.write_text(HEADER.format(locale="en") + _entries(emptied))
    path.write_text(_gettext("msgen", "--no-wrap", "--lang", "en", str(path)))


def _gettext(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout


def po_file(tree: Path, locale: str) -> Path:
    """Return the translation file of one language."""
    return tree / "locale" / locale / "LC_MESSAGES" / "django.po"


def _without_settings() -> dict[str, str]:
    """Return the environment for a tree that need not be the whole project."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


def _put_header(tree: Path, locale: str) -> None:
    path = po_file(tree, locale)
    if path.exists():
        path.write_text(HEADER.format(locale=locale) + _entries(path.read_text()))


def _entries(text: str) -> str:
    """Return what follows the header."""
    return text.partition("\n\n")[2]


if __name__ == "__main__":
    collect(ROOT)
    fill_english(ROOT)
