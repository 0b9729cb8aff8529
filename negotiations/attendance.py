"""Who sits at the talk: grouped by organisation, counted, ticked in one go."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from negotiations.lifecycle import Side
from negotiations.models import Attendee, Negotiation
from negotiations.vocabulary import Capacity, Channel, Presence
from organizations.models import Organization
from organizations.models.organization import name_order

_PUBLIC_KINDS = (Organization.Kind.COUNTY, Organization.Kind.MUNICIPALITY)
_PUBLIC_CAPACITIES = (Capacity.OFFICIAL, Capacity.ELECTED)


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one organisation."""

    organization: Organization
    people: list[Attendee]


@dataclass(frozen=True, slots=True)
class Attendance:
    """All people of a talk with their numbers."""

    groups: list[Group]
    in_room: int
    remote: int
    absent: int

    @property
    def people(self) -> list[Attendee]:
        """Return everybody in the order shown."""
        return [person for group in self.groups for person in group.people]

    @property
    def present(self) -> int:
        """Return how many attend."""
        return self.in_room + self.remote


def attendance_of(talk: Negotiation) -> Attendance:
    """Return the talk's people by organisation, the host first, by one statement."""
    people = list(
        talk.attendees.select_related("organization").order_by(name_order("organization__"), "organization_id", "pk")
    )
    numbers = Counter(mark_of(person) for person in people)
    groups = [
        Group(organization, list(rows)) for organization, rows in groupby(people, key=lambda row: row.organization)
    ]
    groups.sort(key=lambda group: group.organization.pk != talk.convener_id)
    return Attendance(groups, numbers[Channel.ROOM], numbers[Channel.REMOTE], numbers[Presence.ABSENT])


def mark_of(person: Attendee) -> str:
    """Return the one quick mark: in the room, remotely, or absent."""
    return Presence.ABSENT.value if person.presence == Presence.ABSENT else person.channel


def set_mark(person: Attendee, mark: str) -> None:
    """Set presence and channel by a quick mark; a part of the time stays a part."""
    if mark == Presence.ABSENT:
        person.presence = Presence.ABSENT
        return
    person.channel = mark
    if person.presence == Presence.ABSENT:
        person.presence = Presence.ALL


def may_be_public(organization: Organization, capacity: str) -> bool:
    """Say whether a name may be public by default: officials and elected officials of county and municipality."""
    return organization.kind in _PUBLIC_KINDS and capacity in _PUBLIC_CAPACITIES


def parties_of(talk: Negotiation) -> list[Organization]:
    """Return the organisations at the table, the host first."""
    rows = talk.participations.select_related("organization").order_by(name_order("organization__"), "pk")
    return [row.organization for row in sorted(rows, key=lambda row: row.side != Side.HOST.value)]
