"""`python -m bench.drill [T2 T5 T9 T14]`: runs the long fault tests; fails when a figure is short."""

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import django

from bench.drill.results import Figure


def main(words: Sequence[str]) -> int:
    """Run the drills named, or all; return 1 when a figure is short or a drill breaks."""
    parser = argparse.ArgumentParser(prog="python -m bench.drill", description=__doc__)
    parser.add_argument("drills", nargs="*")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="hyte-drill-") as folder:
        os.environ["BENCH_RECORDINGS"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        django.setup()
        from bench.drill import long_forms

        drills = long_forms.DRILLS
        if unknown := set(asked.drills) - set(drills):
            parser.error(f"no drill {', '.join(sorted(unknown))}; there are {', '.join(drills)}")
        long_forms.prepare()
        wanted = {name: drill for name, drill in drills.items() if not asked.drills or name in asked.drills}
        return _run(wanted, Path(folder))


def _run(drills: Mapping[str, Callable[[Path], Iterator[Figure]]], folder: Path) -> int:
    short: list[str] = []
    for name, drill in drills.items():
        began = time.monotonic()
        try:
            found = list(drill(folder))
        except Exception:  # noqa: BLE001 - one broken drill must not hide the others
            traceback.print_exc()
            found = [Figure(name, "broke off", "to end", holds=False)]
        for figure in found:
            print(figure, flush=True)
        print(f"{name:<5}took {time.monotonic() - began:.0f} s", flush=True)
        short += [name for figure in found if not figure.holds]
    print(f"\nShort: {', '.join(dict.fromkeys(short))}" if short else "\nNothing fell short.")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
