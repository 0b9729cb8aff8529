"""Checks that the translation files hold just the texts of the sources, each translated, none guessed."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts.messages import LOCALES, ROOT, SKIPPED, collect, po_file

KINDS = {"--untranslated": "not translated", "--only-fuzzy": "guessed (fuzzy)"}
SHOWN = 5


def faults(tree: Path) -> Iterator[str]:
    """Collect the texts in a copy of the tree and yield what its translation files then lack."""
    with tempfile.TemporaryDirectory(prefix="hyte-texts-") as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(tree, copy, ignore=shutil.ignore_patterns(*SKIPPED, ".*", "static", "docs", "*.mo"))
        before = {locale: _texts(po_file(copy, locale)) for locale in LOCALES}
        collect(copy)
        for locale in LOCALES:
            yield from _faults_of(locale, po_file(copy, locale), before[locale])


def _faults_of(locale: str, path: Path, before: set[str]) -> Iterator[str]:
    for option, meaning in KINDS.items():
        if texts := _texts(path, option):
            yield _line(locale, meaning, texts)
    if left_over := before - _texts(path):
        yield _line(locale, "no longer in the sources", left_over)
    wrong = subprocess.run(
        ["msgfmt", "--check-format", "-o", "/dev/null", path], capture_output=True, text=True, check=False
    )
    if wrong.returncode != 0:
        yield f"{locale}: {wrong.stderr.strip()}"


def _line(locale: str, meaning: str, texts: set[str]) -> str:
    few = " · ".join(sorted(texts)[:SHOWN])
    more = " …" if len(texts) > SHOWN else ""
    return f"{locale}: {len(texts)} {meaning}: {few}{more} (make messages, then locale/{locale})"


def _texts(path: Path, *options: str) -> set[str]:
    """Return the message ids of a file, those that were commented out too."""
    if not path.exists():
        return set()
    shown = subprocess.run(
        ["msgattrib", "--no-wrap", *options, path], capture_output=True, text=True, check=True
    ).stdout
    found = (line.removeprefix("#~ ") for line in shown.splitlines())
    return {
        line.removeprefix("msgid ").strip('"') for line in found if line.startswith('msgid "') and line != 'msgid ""'
    }


if __name__ == "__main__":
    found = list(faults(ROOT))
    print("\n".join(found))
    sys.exit(1 if found else 0)
