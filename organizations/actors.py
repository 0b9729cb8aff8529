"""The actor: a person and the one organisation she acts for, with its duties today.

Rights are read from the memberships of this request, never cached beyond it (reliability.md 55).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from organizations.models import Duty, Membership, Organization, User


@dataclass(frozen=True, slots=True)
class Seat:
    """Duties of one membership; `rounds` names the only rounds they hold for (empty = every round)."""

    duties: frozenset[Duty]
    rounds: frozenset[str] = frozenset()


class Actor:
    """Who acts: a person for an organisation, the public, or the clock."""

    def __init__(
        self,
        person: User | None = None,
        organization: Organization | None = None,
        seats: Iterable[Seat] = (),
        *,
        is_clock: bool = False,
    ) -> None:
        self.person, self.organization, self.is_clock = person, organization, is_clock
        self.seats = tuple(seats)

    def __repr__(self) -> str:
        who = "clock" if self.is_clock else self.person or "public"
        return f"<Actor {who} for {self.organization}>"

    @property
    def is_member(self) -> bool:
        """Say whether a signed-in person acts for an organisation."""
        return self.person is not None and self.organization is not None

    @cached_property
    def duties(self) -> frozenset[Duty]:
        """Return all duties that the actor has for this organisation, for some round at least."""
        return frozenset(duty for seat in self.seats for duty in seat.duties)

    def rounds_for(self, duty: Duty | None) -> frozenset[str] | None:
        """Return the public ids of the rounds for which the duty (or any duty) holds; None = every round."""
        seats = [seat for seat in self.seats if duty is None or duty in seat.duties]
        if any(not seat.rounds for seat in seats):
            return None
        return frozenset(name for seat in seats for name in seat.rounds)

    @property
    def is_national(self) -> bool:
        """Say whether the organisation browses all regions."""
        return self.organization is not None and self.organization.kind == Organization.Kind.NATIONAL

    @cached_property
    def area_ids(self) -> frozenset[int]:
        """Return the counties in whose area the organisation works."""
        if self.organization is None:
            return frozenset()
        own = {self.organization.pk} if self.organization.convenes else set()
        if self.organization.county_id:
            own.add(self.organization.county_id)
        elif self.organization.kind != Organization.Kind.NATIONAL and not self.organization.convenes:
            own.update(self.organization.areas.values_list("pk", flat=True))
        return frozenset(own)

    @property
    def duty_text(self) -> str:
        """Return the duties in words, e.g. "editor, confirmer"."""
        return ", ".join(str(duty.label) for duty in Duty if duty in self.duties)


PUBLIC = Actor()
CLOCK = Actor(is_clock=True)


def actors_of(person: User) -> list[Actor]:
    """Return one actor for each organisation in which the person has a duty today, by name."""
    memberships = (
        Membership.objects.current()
        .filter(person=person)
        .select_related("organization")
        .order_by("organization__sort_key_fi")
    )
    by_organization: dict[int, tuple[Organization, list[Seat]]] = {}
    for row in memberships:
        seat = Seat(frozenset(Duty(duty) for duty in row.duties), frozenset(row.only_rounds))
        by_organization.setdefault(row.organization_id, (row.organization, []))[1].append(seat)
    return [Actor(person, organization, seats) for organization, seats in by_organization.values()]
