"""Runs several of Django's commands, each `name` or `name:word:word`, in one process of the environment."""

import os
import sys

import django
from django.core.management import CommandError, call_command


def main(commands: list[str]) -> None:
    """Run the commands in their order."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hyte_portal.settings")
    django.setup()
    for command in commands:
        name, *words = command.split(":")
        try:
            call_command(name, *words)
        except CommandError as error:
            sys.exit(f"{name}: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
