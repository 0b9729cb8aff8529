"""Fills a database with many rounds for measuring: the demo's texts, a larger number, by COPY; no chance in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final

from django.db import connection, transaction

from hyte_portal.dates import at, today, working_day_from
from negotiations import sums
from negotiations.demo.content import Catalogue, GoalText, MeasureText, read_catalogue
from negotiations.demo.copying import copy_in, reserved_ids
from negotiations.demo.names import public_id
from negotiations.lifecycle import FROM_CONFIRMED, RoundState, Side, State
from negotiations.models import Goal, Measure, MeasurePartner, Negotiation, Participation, Round
from negotiations.vocabulary import Decision, PartyRole, Preparation, Progress, RoundForm
from organizations.models import Organization

FIRST_YEAR: Final = 2020  # no round is older
GOALS_EACH: Final = 3  # measures under one goal
_THIS_YEAR: Final = (State.PUBLISHED, State.CONFIRMED, State.COMMENTING, State.MEMO_DRAFT, State.PREPARING)
_ROLES: Final = (PartyRole.DRIVES.value, PartyRole.SUPPORTS.value)
_DECISIONS: Final = (Decision.AGREED, Decision.AGREED, Decision.AMENDED, Decision.AGREED, Decision.DEFERRED)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows were written."""

    rounds: int
    talks: int
    goals: int
    measures: int


@dataclass(frozen=True, slots=True)
class _Round:
    pk: int
    county: Organization
    year: int


@dataclass(frozen=True, slots=True)
class _Talk:
    pk: int
    number: int
    round: _Round
    state: State
    guests: tuple[Organization, ...]
    measures: range
    goals: range

    @property
    def is_confirmed(self) -> bool:
        return self.state in FROM_CONFIRMED

    @property
    def talk_on(self) -> date:
        return working_day_from(date(self.round.year, 9, 1) + timedelta(days=self.number % 80))


@transaction.atomic
def many(negotiations: int, measures: int, years: int) -> Counts:
    """Write so many negotiations and measures over so many years, spread evenly over all conveners.

    The last year is this one, unless that would begin before 2020. Years in which a county has a round are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    counties = list(Organization.objects.valid_on().conveners().order_by("pk"))
    rounds = _rounds(counties, years)
    talks = list(_talks(rounds, negotiations, measures))
    catalogue = read_catalogue(today().year)
    goals = sum(len(talk.goals) for talk in talks)
    copy_in(Round, map(_round_row, rounds), _span([row.pk for row in rounds]))
    copy_in(Negotiation, map(_talk_row, talks), _span([talk.pk for talk in talks]))
    seats, partners = reserved_ids(Participation, _seats(talks)), reserved_ids(MeasurePartner, len(_ROLES) * measures)
    copy_in(Participation, _participation_rows(talks, seats), seats)
    copy_in(Goal, _goal_rows(talks, catalogue), range(talks[0].goals.start, talks[-1].goals.stop))
    copy_in(Measure, _measure_rows(talks, catalogue), range(talks[0].measures.start, talks[-1].measures.stop))
    copy_in(MeasurePartner, _partner_rows(talks, partners), partners)
    sums.rebuild()
    return Counts(len(rounds), len(talks), goals, measures)


def _span(ids: Sequence[int]) -> range:
    return range(ids[0], ids[-1] + 1)


# -- Who and how much --------------------------------------------------------------------------------------------------
def _rounds(counties: Sequence[Organization], years: int) -> list[_Round]:
    first = max(FIRST_YEAR, today().year - years + 1)
    taken = set(Round.objects.values_list("convener_id", "year"))
    wanted = [
        (county, year) for year in range(first, first + years) for county in counties if (county.pk, year) not in taken
    ]
    if not wanted:
        raise ValueError("every county has a round in each of these years already")
    return [_Round(pk, *one) for pk, one in zip(reserved_ids(Round, len(wanted)), wanted, strict=True)]


def _talks(rounds: Sequence[_Round], negotiations: int, measures: int) -> Iterator[_Talk]:
    """Yield the talks round by round; what doesn't divide evenly goes to the first ones."""
    sizes = _shares(measures, negotiations)
    goals = reserved_ids(Goal, sum(-(-size // GOALS_EACH) for size in sizes)).start
    first_measure = reserved_ids(Measure, measures).start
    ids = reserved_ids(Negotiation, negotiations)
    seats = _municipalities()
    for number, size in enumerate(sizes):
        held = rounds[number * len(rounds) // negotiations]
        goal_count = -(-size // GOALS_EACH)
        yield _Talk(
            ids[number],
            number,
            held,
            _state(held.year, number),
            _guests(seats, held.county, number),
            range(first_measure, first_measure + size),
            range(goals, goals + goal_count),
        )
        goals, first_measure = goals + goal_count, first_measure + size


def _shares(whole: int, parts: int) -> list[int]:
    return [whole // parts + (number < whole % parts) for number in range(parts)]


def _municipalities() -> dict[int, list[Organization]]:
    found: dict[int, list[Organization]] = {}
    rows = Organization.objects.valid_on().filter(kind=Organization.Kind.MUNICIPALITY, convenes=False)
    for row in rows.filter(county__isnull=False).order_by("sort_key_fi"):
        found.setdefault(row.county_id or 0, []).append(row)
    return found


def _guests(seats: dict[int, list[Organization]], county: Organization, number: int) -> tuple[Organization, ...]:
    """Seat five municipalities, the next five at the next talk; a convener without any invites its own associations."""
    here = seats.get(county.pk) or list(county.area_organizations.valid_on().order_by("pk")[:5])
    return tuple(here[(5 * number + place) % len(here)] for place in range(min(5, len(here))))


def _state(year: int, number: int) -> State:
    now = today().year
    if year < now - 1:
        return State.CLOSED
    return State.FOLLOWING if year == now - 1 else _THIS_YEAR[number % len(_THIS_YEAR)]


# -- Rows --------------------------------------------------------------------------------------------------------------
def _round_row(row: _Round) -> dict[str, Any]:
    return {
        "id": row.pk,
        "public_id": public_id("many", "round", row.pk),
        "convener_id": row.county.pk,
        "year": row.year,
        "year_of_effect": row.year + 1,
        "forms": [RoundForm.GROUPS.value],
        "languages": list(row.county.languages),
        "state": (RoundState.CLOSED if row.year < today().year - 1 else RoundState.OPEN).value,
        "is_example": True,
    }


def _talk_row(talk: _Talk) -> dict[str, Any]:
    starts = at(talk.talk_on, time(9, 0))
    confirmed = starts + timedelta(days=21) if talk.is_confirmed else None
    is_published = talk.is_confirmed and talk.state != State.CONFIRMED
    names = ", ".join(guest.name_fi for guest in talk.guests)
    return {
        "id": talk.pk,
        "public_id": public_id("many", "talk", talk.pk),
        "round_id": talk.round.pk,
        "convener_id": talk.round.county.pk,
        "year": talk.round.year,
        "title_fi": f"Hyte-neuvottelu {talk.number + 1}: {names}",
        "title_sv": f"Hyte-förhandling {talk.number + 1}: {names}",
        "languages": list(talk.round.county.languages),
        "state": talk.state.value,
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=3),
        "place_fi": f"{talk.guests[0].name_fi}, kunnantalo",
        "held_at": starts if talk.state != State.PREPARING else None,
        "confirmed_at": confirmed,
        "published_at": confirmed + timedelta(days=3) if confirmed and is_published else None,
        "memo_version": int(talk.is_confirmed),
    }


def _seats(talks: Sequence[_Talk]) -> int:
    return sum(1 + len(talk.guests) for talk in talks)


def _participation_rows(talks: Sequence[_Talk], ids: range) -> Iterator[dict[str, Any]]:
    free = iter(ids)
    for talk in talks:
        for place, party in enumerate((talk.round.county, *talk.guests)):
            yield {
                "id": next(free),
                "public_id": public_id("many", "seat", talk.pk, place),
                "negotiation_id": talk.pk,
                "organization_id": party.pk,
                "side": (Side.GUEST if place else Side.HOST).value,
                "preparation": Preparation.READY.value,
            }


def _texts(catalogue: Catalogue, talk: _Talk, place: int) -> tuple[GoalText, MeasureText]:
    """Return the goal and the measure of the catalogue that stand at a place of a talk."""
    goal = catalogue.goals[(talk.number + place // GOALS_EACH) % len(catalogue.goals)]
    return goal, goal.measures[place % len(goal.measures)]


def _goal_rows(talks: Sequence[_Talk], catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    for talk in talks:
        for place, pk in enumerate(talk.goals):
            text, _measure = _texts(catalogue, talk, place * GOALS_EACH)
            yield {
                "id": pk,
                "public_id": public_id("many", "goal", pk),
                "round_id": talk.round.pk,
                "negotiation_id": talk.pk,
                "title_fi": text.title.fi,
                "title_sv": text.title.sv,
                "theme_id": text.theme,
                "age_group_id": text.age_group,
                "indicator_fi": text.indicator.fi,
                "indicator_sv": text.indicator.sv,
                "baseline": text.baseline,
                "target_fi": text.target.fi,
                "target_sv": text.target.sv,
                "target_year": talk.round.year + 2,
                "proposer_id": talk.round.county.pk,
                "shared_at": at(talk.talk_on, time(8, 0)),
                "position": place + 1,
            }


def _measure_rows(talks: Sequence[_Talk], catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    for talk in talks:
        shared_at = at(talk.talk_on, time(8, 0))
        for place, pk in enumerate(talk.measures):
            _goal, text = _texts(catalogue, talk, place)
            owner = (talk.round.county, *talk.guests)[pk % (1 + len(talk.guests))]
            yield {
                "id": pk,
                "public_id": public_id("many", "measure", pk),
                "negotiation_id": talk.pk,
                "goal_id": talk.goals[place // GOALS_EACH],
                "title_fi": f"{text.title.fi} ({place + 1})",
                "title_sv": f"{text.title.sv} ({place + 1})",
                "owner_id": owner.pk,
                "resources_fi": text.resources.fi,
                "resources_sv": text.resources.sv,
                "starts_on": date(talk.round.year + 1, 1, 1),
                "ends_on": date(talk.round.year + 1, 12, 31),
                "follow_up_fi": text.follow_up.fi,
                "follow_up_sv": text.follow_up.sv,
                "decision": _decision(talk, pk),
                "progress": _progress(talk, pk),
                "proposer_id": talk.round.county.pk,
                "shared_at": shared_at,
                "position": place + 1,
            }


def _decision(talk: _Talk, pk: int) -> str:
    return (_DECISIONS[pk % len(_DECISIONS)] if talk.state != State.PREPARING else Decision.PROPOSED).value


def _progress(talk: _Talk, pk: int) -> str:
    followed = talk.state in {State.FOLLOWING, State.CLOSED}
    return (list(Progress)[pk % len(Progress)] if followed else Progress.NOT_STARTED).value


def _partner_rows(talks: Sequence[_Talk], ids: range) -> Iterator[dict[str, Any]]:
    """Yield two partners a measure: those who sit next to its owner."""
    free = iter(ids)
    for talk in talks:
        table = (talk.round.county, *talk.guests)
        for pk in talk.measures:
            for step, role in enumerate(_ROLES, start=1):
                partner = table[(pk + step) % len(table)]
                yield {"id": next(free), "measure_id": pk, "organization_id": partner.pk, "role": role}
