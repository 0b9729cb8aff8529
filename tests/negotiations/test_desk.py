"""The front page and the desk."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import act_as
from tests.talks import make_talk
from organizations.actors import Actor


def test_smoke(client: Client, host_editor: Actor, national_reader: Actor, county) -> None:
    from tests.talks import make_round
    make_talk("preparing", of=make_round(county))
    for who in (None, host_editor, national_reader):
        c = Client()
        if who: act_as(c, who.person, who.organization)
        for name in ("front", "desk", "list", "measures", "regions"):
            r = c.get(reverse(f"negotiations:{name}"))
            print(who, name, r.status_code, r.headers.get("Cache-Control"), len(r.content))
        r = c.get(reverse("negotiations:region", args=["pohjois-savo"]))
        print(r.status_code)
    raise SystemError
