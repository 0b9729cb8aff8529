"""Loads the demo: people, the rounds that the content tells, and a plain round for every other county."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from hyte_portal.dates import today
from negotiations import sums
from negotiations.demo.content import read_catalogue, read_round
from negotiations.demo.moments import Moments
from negotiations.demo.people import LOGINS, ensure_people
from negotiations.demo.plain import plain_round
from negotiations.demo.rounds import write_round
from negotiations.demo.stage import Cast, NoReferenceDataError, Stage
from negotiations.demo.wipe import wipe
from negotiations.models import Negotiation, Round
from organizations.models import Organization

TOLD: Final[dict[str, tuple[str, ...]]] = {
    "pohjois-savo": ("last", "now"),
    "pohjanmaa": ("last", "now"),
    "keski-suomi": ("last", "now"),
    "helsinki": ("now",),
}


class RealContentError(Exception):
    """The installation has rounds that are no example; the demo leaves them alone."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What there is after loading."""

    is_new: bool
    rounds: int
    talks: int


@transaction.atomic
def load(*, reset: bool = False) -> Loaded:
    """Load the demo once; with `reset` wipe the example content and load it anew. All of it or nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    if reset:
        wipe()
    is_new = not Round.objects.filter(is_example=True).exists()
    if is_new:
        _write(today())
    examples = Round.objects.filter(is_example=True)
    return Loaded(is_new, examples.count(), Negotiation.objects.filter(round__in=examples).count())


def _write(day: date) -> None:
    cast = _cast(day)
    if Round.objects.filter(year__in=(day.year - 1, day.year)).exists():
        raise RealContentError
    for slug, rounds in TOLD.items():
        earlier = None
        for name in rounds:
            earlier = _write_told(cast, slug, name, day, earlier)
    _write_plain(cast, day)
    sums.rebuild()


def _cast(day: date) -> Cast:
    organizations = {row.slug: row for row in Organization.objects.valid_on(day)}
    missing = {login.organization for login in LOGINS} - set(organizations)
    if missing:
        raise NoReferenceDataError(min(missing))
    return Cast(organizations, ensure_people(organizations, date(day.year - 2, 1, 1)))


def _write_told(cast: Cast, slug: str, name: str, day: date, earlier: Stage | None) -> Stage:
    year = day.year if name == "now" else day.year - 1
    stage = _stage(cast, cast.organization(slug), day, year, earlier)
    write_round(stage, read_round(f"{slug}-{name}", year))
    return stage


def _stage(cast: Cast, county: Organization, day: date, year: int, earlier: Stage | None = None) -> Stage:
    return Stage(
        cast=cast,
        county=county,
        languages=list(county.languages),
        moments=Moments(day, year),
        now=timezone.now(),
        catalogue=read_catalogue(year),
        earlier=earlier,
    )


def _write_plain(cast: Cast, day: date) -> None:
    """Write a round for every convener that the content doesn't tell of."""
    counties = [row for row in cast.organizations.values() if row.convenes and row.slug not in TOLD]
    for turn, county in enumerate(sorted(counties, key=lambda one: one.slug)):
        stage = _stage(cast, county, day, day.year)
        kind = Organization.Kind.ASSOCIATION
        guest = county.area_organizations.valid_on(day).filter(kind=kind).order_by("slug").first()
        municipalities = cast.municipalities[county.pk]
        write_round(stage, plain_round(county, municipalities, guest, stage.catalogue, turn))
