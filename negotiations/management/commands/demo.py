"""Loads the demo content and prints the logins."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from negotiations.demo.load import Loaded, RealContentError, load
from negotiations.demo.people import printed
from negotiations.demo.stage import NoReferenceDataError


class Command(BaseCommand):
    """Fills a demo installation with example rounds of two years and people to sign in as."""

    help = "Loads the example content once and prints the demo logins; works where DEMO is on."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to begin anew, and whether to load outside a demo."""
        parser.add_argument("--reset", action="store_true", help="Wipe the example content and load it anew.")
        parser.add_argument("--force", action="store_true", help="Load although DEMO is off.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, then say what there is and who can sign in."""
        if not (settings.DEMO or options["force"]):
            raise CommandError(
                "DEMO is off: example content and people with a known password don't belong here. "
                "Set DEMO=1 for a demo, or add --force."
            )
        self.stdout.write(_told(self._load(reset=options["reset"])))
        self.stdout.write(printed())

    def _load(self, *, reset: bool) -> Loaded:
        try:
            return load(reset=reset)
        except NoReferenceDataError as error:
            raise CommandError(
                f'No organisation "{error}". Run load_organizations first; nothing was changed.'
            ) from error
        except RealContentError as error:
            raise CommandError(
                "There are rounds that are not example content. The demo leaves such an installation alone."
            ) from error


def _told(loaded: Loaded) -> str:
    what = "loaded" if loaded.is_new else "already there"
    return f"Example content {what}: {loaded.rounds} rounds, {loaded.talks} negotiations."
