"""Loads the country's organisations, themes and age groups."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from organizations.imports import load
from organizations.reference_files import BrokenFilesError


class Command(BaseCommand):
    """Brings organisations and code lists to what the files say; run again, it changes nothing."""

    help = "Loads municipalities, counties, associations, national organisations, themes and age groups."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take another folder than the one that comes with the portal."""
        parser.add_argument("--data", type=Path, default=settings.DATA_ROOT, help="Folder of the files.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, and say what became of each kind."""
        try:
            report = load(options["data"])
        except BrokenFilesError as error:
            head = f"Nothing was changed. The files have {len(error.faults)} faults:"
            raise CommandError("\n".join([head, *error.faults])) from error
        for group, count in report.items():
            self.stdout.write(f"{group}: {count.added} added, {count.changed} changed, {count.unchanged} unchanged")
