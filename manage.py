#!/usr/bin/env python
"""Django's commands; outside production they find, or start, the clone's own servers."""

import os
import sys

from scripts.clone.commands import services_for_a_command
from scripts.clone.failure import CloneError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hyte_portal.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed for this Python: run `make setup`, then .venv/bin/python manage.py …")
    try:
        with services_for_a_command():
            execute_from_command_line(sys.argv)
    except CloneError as error:
        sys.exit(str(error))
