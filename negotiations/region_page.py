"""One region: its rounds by year with talks as lines; a municipality's page shows the talks that it sits in."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Q, Value, When
from django.http import Http404
from django.urls import reverse

from hyte_portal.dates import local, today
from hyte_portal.localized import Localized, chosen
from hyte_portal.templatetags.portal import weekday_date
from negotiations import access
from negotiations.lifecycle import Act, State
from negotiations.models import Participation, Round
from negotiations.models.round import round_name
from negotiations.regions import knows_all_of, seen_talks
from organizations.actors import Actor
from organizations.models import Organization

_COLUMNS = (
    "public_id", "state", "starts_at", "published_at", "round_id", "round__name_fi", "round__name_sv", "round__year",
    "round__public_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TalkLine:
    """A talk as a line: with its title only for those who may open it."""

    when: str
    state: str
    parties: int
    title: Localized | None
    url: str
    published: str


@dataclass(frozen=True, slots=True)
class RoundLines:
    """A round with its talks."""

    name: Localized
    url: str
    year: int
    talks: list[TalkLine] = field(default_factory=list)


def find_region(slug: str) -> Organization:
    """Return the county or municipality of an address; other organisations have no page here."""
    places = Organization.objects.filter(slug=slug, in_scope=True).select_related("county", "successor")
    place = places.filter(Q(convenes=True) | Q(kind=Organization.Kind.MUNICIPALITY)).first()
    if place is None:
        raise Http404
    return place


def region_context(actor: Actor, place: Organization) -> dict[str, Any]:
    """Return what the page shows of a region."""
    county = place if place.convenes else place.county
    return {
        "place": place,
        "county": county,
        "rounds": rounds_of(actor, place),
        "municipalities": _municipalities(place),
        "knows_all": county is not None and knows_all_of(actor, county.pk),
        "is_current": place.is_valid_on(today()),
    }


def _municipalities(place: Organization) -> list[Organization]:
    if not place.convenes:
        return []
    rows = Organization.objects.filter(county=place).exclude(pk=place.pk).valid_on()
    return list(
        rows.by_name().only("slug", "kind", "name_fi", "name_sv", "name_en", "short_fi", "short_sv", "short_en")
    )


def rounds_of(actor: Actor, place: Organization) -> list[RoundLines]:
    """Return the rounds of a county, or those in which a municipality sits, newest first: one statement."""
    rounds: dict[int, RoundLines] = {}
    for row in _talks(actor, place):
        lines = rounds.setdefault(row["round_id"], _round(row))
        lines.talks.append(_line(row))
    return list(rounds.values())


def _talks(actor: Actor, place: Organization) -> Any:
    opened = access.granted(Act.SEE_RECORD, actor) | access.granted(Act.SEE_PUBLIC, actor)
    rows = seen_talks(actor)
    if place.convenes:
        rows = rows.filter(convener=place)
    else:
        # Who sits at a table is told with the talk, so a shell is never listed under one of its parties.
        rows = rows.filter(
            opened & Q(Exists(Participation.objects.filter(negotiation=OuterRef("pk"), organization=place)))
        )
    return (
        rows.annotate(
            may_open=_yes(opened),
            parties=Count("participations"),
            sees_round=_yes(Q(round__in=_visible_rounds(actor))),
            fi=F("title_fi"),
            sv=F("title_sv"),
        )
        .order_by("-year", "round_id", F("starts_at").asc(nulls_last=True), "pk")
        .values(*_COLUMNS, "may_open", "parties", "sees_round", "fi", "sv")
    )


def _visible_rounds(actor: Actor) -> Any:
    return Round.objects.visible_to(actor).values("pk")


def _yes(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _round(row: dict[str, Any]) -> RoundLines:
    url = reverse("negotiations:round", args=[row["round__public_id"]]) if row["sees_round"] else ""
    return RoundLines(
        round_name(row["round__name_fi"], row["round__name_sv"], row["round__year"]), url, row["round__year"]
    )


def _line(row: dict[str, Any]) -> TalkLine:
    may_open = row["may_open"]
    return TalkLine(
        when=weekday_date(row["starts_at"]),
        state=str(State(row["state"]).label),
        parties=row["parties"],
        title=chosen(row["fi"], row["sv"]) if may_open else None,
        url=reverse("negotiations:negotiation", args=[row["public_id"]]) if may_open else "",
        published=weekday_date(local(row["published_at"])) if row["published_at"] else "",
    )
