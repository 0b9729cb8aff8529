"""The bench's data: the real organisations and the demo's generator with a larger number.

`fill` makes 1 ×. `python -m bench.data more` adds to the database it finds so much that ten times the measures
are there, in other years (up to 2100, the last that a round can have).
"""

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import django
from django.core.management import call_command
from django.db import connection

if TYPE_CHECKING:
    from negotiations.models import Negotiation
    from organizations.models import User

MEASURES: Final = 97_600
TALKS: Final = 3_528  # about one a municipality and year
YEARS: Final = 12
TIMES: Final = 10
OWN_MEASURES: Final = 60
HOST: Final = "pohjois-savo"
PASSWORD: Final = "bench-only-kuusi-omenaa"


@dataclass(frozen=True, slots=True)
class Size:
    """How many talks and measures 1 × is."""

    talks: int
    measures: int


FULL: Final = Size(TALKS, MEASURES)
QUICK: Final = Size(TALKS // 8, MEASURES // 8)


def prepare() -> None:
    """Make the tables and load the organisations, terms and static files."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("load_organizations", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    call_command("collectstatic", verbosity=0, interactive=False)


def fill(size: Size) -> None:
    """Write 1 ×, and top one talk of the host's that is being written up to 60 measures."""
    from negotiations.demo.many import many

    with_triggers_off()
    many(size.talks, size.measures, YEARS)
    from negotiations import sums

    talk = own_talk()
    _write_up(talk)
    _top_up(talk.pk)
    sums.rebuild()
    settle()


def fill_more(size: Size) -> None:
    """Add nine times as much in other years."""
    from negotiations.demo.many import many

    with_triggers_off()
    many(size.talks * (TIMES - 1), size.measures * (TIMES - 1), 81)
    settle()


def with_triggers_off() -> None:
    """Let this connection write without history triggers and checks of foreign keys: thrown-away rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET statement_timeout = 0")


def settle() -> None:
    """Bring the planner's figures up to date, and let nothing tidy up behind our back while we measure."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("ALTER SYSTEM SET autovacuum = off")
        cursor.execute("SELECT pg_reload_conf()")
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def own_talk() -> "Negotiation":
    """Return the talk whose page is measured: the host's first of this year."""
    from hyte_portal.dates import today
    from negotiations.models import Negotiation

    return Negotiation.objects.filter(convener__slug=HOST, year=today().year).order_by("pk")[0]


def _write_up(talk: "Negotiation") -> None:
    """Let the talk be held and its memo be written, so that its host may still change everything."""
    from negotiations.lifecycle import State
    from negotiations.models import Negotiation

    moments = {"held_at": talk.starts_at, "confirmed_at": None, "published_at": None, "memo_version": 0}
    Negotiation.objects.filter(pk=talk.pk).update(state=State.MEMO_DRAFT, **moments)


def _top_up(talk: int) -> None:
    """Bring a talk to 60 measures with copies from other talks, which get its goals and partners in turn."""
    from negotiations.models import Goal, Measure, MeasurePartner

    there = Measure.objects.filter(negotiation=talk).count()
    goals = list(Goal.objects.filter(negotiation=talk).order_by("position"))
    owners = list(Measure.objects.filter(negotiation=talk).values_list("owner", flat=True).distinct())
    others = list(Measure.objects.exclude(negotiation=talk).order_by("pk")[: OWN_MEASURES - there])
    for place, row in enumerate(others):
        row.pk, row.public_id, row.negotiation_id, row.position = None, f"bench{place:05}", talk, 100 + place
        row.goal, row.owner_id = goals[place % len(goals)], owners[place % len(owners)]
        row.decision = "agreed"
    made = Measure.objects.bulk_create(others)
    MeasurePartner.objects.bulk_create(
        MeasurePartner(measure=row, organization_id=owners[(place + step) % len(owners)])
        for place, row in enumerate(made)
        for step in (1, 2)
    )


def make_person(email: str, organization: str, *duties: str) -> "User":
    """Make a person with duties in an organisation."""
    from organizations.accounts import create_account
    from organizations.models import Membership, Organization

    person = create_account(email, name="Esimerkki Mittaaja", language="fi", password=PASSWORD)
    place = Organization.objects.filter(slug=organization).get()
    Membership.objects.create(person=person, organization=place, duties=list(duties))
    return person


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()
    fill_more(QUICK if "quick" in sys.argv else FULL)
