"""`shape`: how large our functions, files, views and templates are, beside code bases we learn from."""

import ast
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.clone.places import ROOT

ROOMS = ("hyte_portal", "organizations", "indicators", "guidance", "negotiations")
# Measured in November 2026; median / p95 / longest.
ANCHORS = {
    "functions": "healthchecks 8/43/181 · linkding 7/41/123 · NetBox 8/42/295 · djangoproject 5/39/111",
    "files": "healthchecks 42/327/1584 · linkding 63/427/672 · NetBox 90/787/5044 · djangoproject 57/333/475",
    "views": "linkding 12/–/95",
    "templates": "healthchecks 26/–/646 · linkding 35/–/393 · NetBox 15/–/238 · djangoproject 25/–/557",
}


@dataclass(frozen=True)
class Piece:
    """Something with a length."""

    name: str
    lines: int


def shape(_: Sequence[str]) -> int:
    """Print the sizes; nothing fails because of them."""
    sources = list(_sources())
    functions = [piece for path in sources for piece in _functions(path)]
    kinds = {
        "functions": functions,
        "files": [_file(path) for path in sources],
        "views": [
            piece
            for path in sources
            if "views" in str(path.relative_to(ROOT))
            for piece in _functions(path, first="request")
        ],
        "templates": [_file(path) for path in sorted(ROOT.glob("templates/**/*.html"))],
    }
    for name, pieces in kinds.items():
        _print_kind(name, pieces)
    tests = sum(_file(path).lines for path in ROOT.glob("tests/**/*.py"))
    print(f"\ntest : source lines   {tests / max(1, sum(_file(path).lines for path in sources)):.2f}")
    return 0


def _print_kind(name: str, pieces: Sequence[Piece]) -> None:
    print(f"\n{name}: {len(pieces)}")
    if pieces:
        lengths = sorted(piece.lines for piece in pieces)
        p95 = lengths[min(len(lengths) - 1, int(len(lengths) * 0.95))]
        print(f"  median {statistics.median(lengths):g}   p95 {p95}   longest {lengths[-1]}{_over(name, lengths)}")
        for piece in sorted(pieces, key=lambda piece: -piece.lines)[:5]:
            print(f"    {piece.lines:>5}  {piece.name}")
    print(f"  anchors (median/p95/longest): {ANCHORS[name]}")


def _over(name: str, lengths: Sequence[int]) -> str:
    limit = {"functions": 40, "files": 300, "views": 15, "templates": 120}[name]
    return f"   over {limit}: {sum(length > limit for length in lengths)}"


def _sources() -> Iterator[Path]:
    for room in ROOMS:
        yield from (path for path in sorted((ROOT / room).glob("**/*.py")) if "migrations" not in path.parts)


def _functions(path: Path, first: str | None = None) -> Iterable[Piece]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (
            first is None or [word.arg for word in node.args.args[:1]] == [first]
        ):
            yield Piece(f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)


def _file(path: Path) -> Piece:
    return Piece(str(path.relative_to(ROOT)), len(path.read_text().splitlines()))
