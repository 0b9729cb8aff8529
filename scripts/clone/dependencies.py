"""Checks of the requirements: each has its reason, its pin, and no address of an index."""

import re
from collections.abc import Iterator
from pathlib import Path

from scripts.clone.places import ROOT

ADDRESS = re.compile(r"https?://|--(extra-)?index-url|--find-links|\bgit\+")
NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)")


def dependency_faults() -> str:
    """Return one line for each fault in the requirements and in the vendored packages' lock."""
    folder = ROOT / "requirements"
    return "\n".join(
        [
            *_missing_reasons(folder),
            *_missing_pins(folder),
            *_addresses([*folder.glob("*.txt"), ROOT / "assets" / "package-lock.json"]),
        ]
    )


def direct_names(source: Path) -> list[str]:
    """List the packages that a requirements file names itself."""
    found = (NAME.match(line) for line in source.read_text().splitlines())
    return [_plain(match[1]) for match in found if match]


def _missing_reasons(folder: Path) -> Iterator[str]:
    page = ROOT / "docs" / "dependencies.md"
    reasons = page.read_text() if page.exists() else ""
    explained = {_plain(word) for line in reasons.splitlines() for word in re.findall(r"`([^`\s\[]+)[^`]*`", line)}
    for source in sorted(folder.glob("*.in")):
        yield from (
            f"docs/dependencies.md has no line for `{name}` ({source.name})"
            for name in direct_names(source)
            if name not in explained
        )


def _missing_pins(folder: Path) -> Iterator[str]:
    for source in sorted(folder.glob("*.in")):
        pinned = {
            _plain(name)
            for name in re.findall(r"^([A-Za-z0-9._-]+)==", source.with_suffix(".txt").read_text(), re.MULTILINE)
        }
        yield from (
            f"requirements/{source.stem}.txt lacks {name}: run make lock"
            for name in direct_names(source)
            if name not in pinned
        )


def _addresses(files: list[Path]) -> Iterator[str]:
    for path in files:
        lines = path.read_text().splitlines() if path.exists() else []
        wrong = ADDRESS if path.suffix == ".txt" else re.compile(r'"resolved"')
        yield from (
            f"{path.relative_to(ROOT)}:{number} names an address"
            for number, line in enumerate(lines, 1)
            if wrong.search(line)
        )


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
