"""`python -m bench [ROW …] [--quick] [--no-growth]`: prints each row beside its reference; fails below least."""

import argparse
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import django

from bench.lines import HEAD, Line


def _rows() -> Mapping[str, Callable[..., Iterator[Line]]]:
    """Return the rows; loaded once Django is there."""
    from bench.rows import forms, mails, memos, pages

    return {
        "regions": pages.regions,
        "lists": pages.lists,
        "negotiation": pages.negotiation,
        "save": forms.save,
        "sign-in": forms.signing_in,
        "memo": memos.memo,
        "memos": memos.memos,
        "reminders": mails.reminders,
    }


_GROWING = {"regions", "lists", "negotiation", "save"}
_WITH_ADMIN = {"lists", "negotiation"}


def main(words: Sequence[str]) -> int:
    """Measure the rows named, or all; return 1 when one falls below least or fails."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("rows", nargs="*")
    parser.add_argument("--quick", action="store_true", help="An eighth of the data, a quarter of the calls.")
    parser.add_argument("--no-growth", action="store_true", help="Leave out what needs ten times the data.")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="hyte-bench-") as folder:
        os.environ["BENCH_RECORDINGS"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        django.setup()
        rows = _rows()
        unknown = set(asked.rows) - set(rows)
        if unknown:
            parser.error(f"no row {', '.join(sorted(unknown))}; there are {', '.join(rows)}")
        wanted = {name: row for name, row in rows.items() if not asked.rows or name in asked.rows}
        return _measure(wanted, Path(folder), quick=asked.quick, growth=not asked.no_growth)


def _measure(wanted: Mapping[str, Callable[..., Iterator[Line]]], folder: Path, *, quick: bool, growth: bool) -> int:
    from bench.stage import stage

    short: list[str] = []
    print("Filling the database …", flush=True)
    with stage(folder, quick=quick, ten=growth and bool(_GROWING & set(wanted)), admin=bool(_WITH_ADMIN & set(wanted))) as made:  # fmt: skip
        print(HEAD, flush=True)
        for name, row in wanted.items():
            short += _print(name, row, made)
    print(f"\nBelow least: {', '.join(dict.fromkeys(short))}" if short else "\nEvery row is at least at least.")
    return 1 if short else 0


def _print(name: str, row: Callable[..., Iterator[Line]], made: object) -> list[str]:
    """Print a row's lines as they come; a row that breaks is short, and the others go on."""
    short = []
    try:
        for line in row(made):
            print(line, flush=True)
            if not line.holds(line.least):
                short.append(line.name)
    except Exception:  # noqa: BLE001 - one broken row must not hide the others
        traceback.print_exc()
        short.append(name)
    return short


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
