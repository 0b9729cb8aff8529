"""Compare the kept numbers of measures with the counted ones, and count them anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from negotiations import sums


class Command(BaseCommand):
    """`manage.py sums`: fails when a number differs; with --rebuild all are counted anew."""

    help = "Compare the kept numbers of measures with the rows; with --rebuild, count them anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the wish to rebuild."""
        parser.add_argument("--rebuild", action="store_true", help="count all numbers anew")

    def handle(self, *_args: Any, rebuild: bool, **_options: Any) -> None:
        """Print each number that differs."""
        differing = sums.drift()
        for cell, (kept, counted) in differing.items():
            self.stdout.write(f"{cell}: kept {kept}, counted {counted}")
        if rebuild:
            self.stdout.write(f"{sums.rebuild()} numbers counted anew")
        elif differing:
            raise CommandError(f"{len(differing)} numbers differ; run again with --rebuild")
        else:
            self.stdout.write("all numbers are right")
