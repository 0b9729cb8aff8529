"""Where the demo is not loaded: outside a demo, and without the organisations."""

import pytest
from django.core.management import CommandError, call_command

from organizations.models import User


def test_outside_a_demo_nothing_is_loaded(db: None) -> None:
    with pytest.raises(CommandError, match="DEMO is off"):
        call_command("demo")
    assert not User.objects.exists()


def test_without_organisations_it_says_what_to_run(db: None) -> None:
    with pytest.raises(CommandError, match="load_organizations"):
        call_command("demo", force=True)
    assert not User.objects.exists()
