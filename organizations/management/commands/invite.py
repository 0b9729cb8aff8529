"""Invites a person from the command line: the way in for the first one of an installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organizations import invitations
from organizations.models import Duty, Organization


class Command(BaseCommand):
    """Invites by e-mail and prints the link, so that it works without mail too."""

    help = "Invites a person to duties in an organisation and prints the invitation's link."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address, the organisation's slug, the duties and the language."""
        parser.add_argument("email")
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument(
            "--duty", action="append", required=True, choices=[duty.value for duty in Duty], dest="duties"
        )
        parser.add_argument("--language", default="fi", choices=["fi", "sv", "en"])

    def handle(self, *_args: Any, **options: Any) -> None:
        """Invite, and print the link alone on its line."""
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organisation {options['organization']}. Run load_organizations first.")
        duties = [Duty(duty) for duty in options["duties"]]
        invitation = invitations.invite(options["email"], organization, duties, language=options["language"], by=None)
        self.stdout.write(invitations.link_of(invitation))
