"""The agenda: its order, its running clock, and the usual points to start from (domain.md 3.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max
from django.utils import translation

from hyte_portal.localized import Localized, localized
from negotiations.models import AgendaItem, Negotiation
from negotiations.vocabulary import Section

# The usual points with minutes for a talk of three hours.
USUAL: Final[tuple[tuple[Section, int], ...]] = (
    (Section.OPENING, 10),
    (Section.PURPOSE, 5),
    (Section.PREVIOUS, 20),
    (Section.SITUATION, 25),
    (Section.HEARING, 30),
    (Section.GOALS, 25),
    (Section.MEASURES, 35),
    (Section.COOPERATION, 10),
    (Section.FOLLOW_UP, 10),
    (Section.NEXT_STEPS, 5),
    (Section.OTHER, 3),
    (Section.CLOSING, 2),
)


@dataclass(frozen=True, slots=True)
class Point:
    """An item as shown: its number and clock times."""

    item: AgendaItem
    number: int
    begins: datetime | None
    ends: datetime | None
    is_first: bool
    is_last: bool

    @property
    def discussion(self) -> Localized:
        """Return what was discussed, for the reader."""
        return localized(self.item, "discussion")

    @property
    def decision(self) -> Localized:
        """Return what was agreed, for the reader."""
        return localized(self.item, "decision")


@dataclass(frozen=True, slots=True)
class Agenda:
    """The points in order, the minutes planned, and those beyond the talk's end."""

    points: list[Point]
    minutes: int
    over: int

    @property
    def recorded(self) -> int:
        """Return how many points have a discussion or a decision."""
        return sum(1 for point in self.points if is_recorded(point.item))


def is_recorded(item: AgendaItem) -> bool:
    """Say whether the talk left something written under the item."""
    return any((item.discussion_fi, item.discussion_sv, item.decision_fi, item.decision_sv))


def agenda_of(talk: Negotiation) -> Agenda:
    """Return the talk's agenda with the clock running from the talk's start."""
    items = list(talk.agenda.order_by("position", "pk"))
    minutes = sum(item.minutes or 0 for item in items)
    return Agenda(list(_points(items, talk.starts_at)), minutes, _over(talk, minutes))


def _points(items: list[AgendaItem], clock: datetime | None) -> Iterable[Point]:
    for number, item in enumerate(items, start=1):
        ends = clock + timedelta(minutes=item.minutes) if clock and item.minutes else None
        yield Point(item, number, clock, ends, number == 1, number == len(items))
        clock = ends or clock


def _over(talk: Negotiation, minutes: int) -> int:
    """Return how many minutes the plan is longer than the talk."""
    if not (talk.starts_at and talk.ends_at):
        return 0
    return max(0, minutes - int((talk.ends_at - talk.starts_at).total_seconds() // 60))


def neighbours(talk: Negotiation, item: AgendaItem) -> tuple[AgendaItem | None, AgendaItem | None]:
    """Return the items before and after one."""
    items = list(talk.agenda.order_by("position", "pk"))
    place = next((index for index, row in enumerate(items) if row.pk == item.pk), None)
    if place is None:
        return None, None
    return (items[place - 1] if place else None), (items[place + 1] if place + 1 < len(items) else None)


def next_position(talk: Negotiation) -> int:
    """Return the place after the last item."""
    last = talk.agenda.aggregate(last=Max("position"))["last"]
    return 1 if last is None else int(last) + 1


def move(talk: Negotiation, item: AgendaItem, *, up: bool) -> None:
    """Change places with the neighbour; at the end of the list nothing moves."""
    items = list(talk.agenda.order_by("position", "pk"))
    place = next((index for index, row in enumerate(items) if row.pk == item.pk), None)
    if place is None:  # removed meanwhile
        return
    other = place - 1 if up else place + 1
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]
    for position, row in enumerate(items, start=1):
        row.position = position
    AgendaItem.objects.bulk_update(items, ["position"])


def write_usual(talk: Negotiation) -> None:
    """Write the usual points in the talk's languages; an agenda that has points already stays as it is."""
    if talk.agenda.exists():
        return
    AgendaItem.objects.bulk_create(
        AgendaItem(negotiation=talk, position=position, section=section, minutes=minutes, **_titles(talk, section))
        for position, (section, minutes) in enumerate(USUAL, start=1)
    )


def _titles(talk: Negotiation, section: Section) -> dict[str, str]:
    titles = {}
    for language in talk.languages:
        with translation.override(language):
            titles[f"title_{language}"] = str(section.label)
    return titles
