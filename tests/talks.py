"""Talks for tests: a round, a talk at any point of its life, and what stands in it."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.utils import timezone

from negotiations import sums
from negotiations.lifecycle import FROM_CONFIRMED, RoundState, Side, State
from negotiations.models import Document, Goal, Measure, Negotiation, Participation, Round, Snapshot
from negotiations.snapshots import Memo
from negotiations.vocabulary import Decision, DocumentReach
from organizations.models import AgeGroup, Organization, Theme
from tests.factories import make_county, make_municipality

_numbers = count(1)


def make_theme(code: str = "theme", **names: str) -> Theme:
    words = {"number": 1, "name_fi": "Teema", "name_sv": "Tema", "name_en": "Theme"} | names
    theme, _new = Theme.objects.get_or_create(code=code, defaults=words)
    return theme


def make_age_group(code: str = "all") -> AgeGroup:
    words = {"number": 1, "name_fi": "Kaikki", "name_sv": "Alla", "name_en": "All"}
    group, _new = AgeGroup.objects.get_or_create(code=code, defaults=words)
    return group


def make_round(convener: Organization | None = None, year: int = 2026, **fields: Any) -> Round:
    fields = {"year_of_effect": year + 1, "languages": ["fi"], "forms": ["joint"], "state": RoundState.OPEN} | fields
    return Round.objects.create(convener=convener or make_county(), year=year, **fields)


def make_talk(
    state: str = State.PREPARING,
    *,
    of: Round | None = None,
    guests: list[Organization] | None = None,
    **fields: Any,
) -> Negotiation:
    """Make a talk in a state, its host and guests seated; the dates that the state implies are set."""
    of = of or make_round()
    guests = [make_municipality(county=of.convener)] if guests is None else guests
    values = (
        {"title_fi": f"Neuvottelu {next(_numbers)}", "languages": of.languages, "state": state} | _dates(state) | fields
    )
    talk = Negotiation.objects.create(round=of, convener=of.convener, year=of.year, **values)
    Participation.objects.create(negotiation=talk, organization=of.convener, side=Side.HOST.value)
    for guest in guests:
        Participation.objects.create(negotiation=talk, organization=guest)
    return talk


def _dates(state: str) -> dict[str, Any]:
    moment = datetime(2026, 11, 10, 7, 0, tzinfo=UTC)
    dates: dict[str, Any] = {"starts_at": moment}
    if state in FROM_CONFIRMED:
        dates |= {"held_at": moment, "confirmed_at": datetime(2026, 12, 4, 12, 5, tzinfo=UTC), "memo_version": 1}
    if state in {State.PUBLISHED, State.FOLLOWING, State.CLOSED}:
        dates["published_at"] = datetime(2026, 12, 7, 8, 0, tzinfo=UTC)
    return dates


def make_goal(talk: Negotiation, **fields: Any) -> Goal:
    fields = {
        "title_fi": f"Tavoite {next(_numbers)}", "proposer": talk.convener, "shared_at": timezone.now(), "round": talk.round,
        "theme": make_theme(), "age_group": make_age_group(),
    } | fields  # fmt: skip
    return Goal.objects.create(negotiation=talk, **fields)


def make_measure(talk: Negotiation, *, owner: Organization | None = None, **fields: Any) -> Measure:
    """Make an agreed, shared, complete measure of the host's; the sums are kept as an act would keep them."""
    values: dict[str, Any] = {
        "title_fi": f"Toimenpide {next(_numbers)}", "proposer": talk.convener, "shared_at": timezone.now(),
        "owner": owner or talk.convener, "decision": Decision.AGREED, "ends_on": date(talk.year + 1, 12, 31),
        "follow_up_fi": "käyntimäärät",
    } | fields  # fmt: skip
    goal = values.pop("goal", None) or make_goal(talk)
    with sums.kept(talk):
        return Measure.objects.create(negotiation=talk, goal=goal, **values)


def make_snapshot(talk: Negotiation, memo: Memo, **fields: Any) -> Snapshot:
    """Freeze a memo as confirming would."""
    values = {
        "version": talk.memo_version or 1,
        "content": memo.to_values(),
        "check_value": memo.check_value(),
    } | fields
    return Snapshot.objects.create(negotiation=talk, **values)


def make_document(
    snapshot: Snapshot, language: str = "fi", reach: str = DocumentReach.PUBLIC, **fields: Any
) -> Document:
    fields = {"state": Document.State.READY, "file": "documents/x.pdf", "sha256": "0" * 64, "size": 1} | fields
    return Document.objects.create(
        negotiation=snapshot.negotiation, snapshot=snapshot, language=language, reach=reach, **fields
    )
