"""Acts that the clock does, by the same rules."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from negotiations import clockwork, tasks
from negotiations.lifecycle import RULES, Act, Side, State
from negotiations.memo_rows import build_memo
from negotiations.models import Document, Event, Negotiation
from organizations.models import Organization
from tests.talks import make_document, make_round, make_snapshot, make_talk

pytestmark = pytest.mark.django_db


def on(year: int, month: int, day: int) -> Any:
    return time_machine.travel(datetime(year, month, day, 6, 0, tzinfo=UTC), tick=False)


def confirmed(county: Organization, state: str = State.CONFIRMED, **fields: Any) -> Negotiation:
    of = make_round(county, year_of_effect=2027)
    talk = make_talk(state, of=of, public_from=date(2026, 12, 7), **fields)
    make_document(make_snapshot(talk, build_memo(talk, version="1.0", confirmed=True)))
    return talk


def test_the_clock_has_the_acts_that_the_table_grants_it() -> None:
    granted = {act for act, rule in RULES.items() for grant in rule.grants if (Side.CLOCK, None) in grant.roles}
    assert set(clockwork.BY_CLOCK) == granted


def test_preparation_opens_on_its_day(county: Organization) -> None:
    talk = make_talk(State.INVITED, of=make_round(county, preparation_from=date(2026, 8, 24)))
    with on(2026, 8, 23):
        assert clockwork.move_by_clock() == 0
    with on(2026, 8, 24):
        assert clockwork.move_by_clock() == 1
        assert clockwork.move_by_clock() == 0
    talk.refresh_from_db()
    assert talk.state == State.PREPARING


def test_a_memo_is_published_on_its_day(county: Organization) -> None:
    talk = confirmed(county)
    with on(2026, 12, 6):
        assert clockwork.move_by_clock() == 0
    with on(2026, 12, 7):
        tasks.move_by_clock()
    talk.refresh_from_db()
    assert (talk.state, talk.published_at) == (State.PUBLISHED, datetime(2026, 12, 7, 6, tzinfo=UTC))


def test_a_memo_without_its_files_waits_and_stops_nobody_else(county: Organization) -> None:
    waiting = confirmed(county)
    Document.objects.update(state=Document.State.FAILED)
    other = make_talk(State.INVITED, of=make_round(year=2025, preparation_from=date(2026, 8, 24)))
    with on(2026, 12, 7):
        assert clockwork.move_by_clock() == 1
    waiting.refresh_from_db()
    other.refresh_from_db()
    assert (waiting.state, waiting.published_at, other.state) == (State.CONFIRMED, None, State.PREPARING)


def test_follow_up_begins_with_the_year_of_effect(county: Organization) -> None:
    talk = make_talk(State.PUBLISHED, of=make_round(county, year_of_effect=2027))
    with time_machine.travel(datetime(2026, 12, 31, 21, 59, tzinfo=UTC), tick=False):
        assert clockwork.move_by_clock() == 0
    with time_machine.travel(datetime(2026, 12, 31, 22, 0, tzinfo=UTC), tick=False):  # midnight in Helsinki
        assert clockwork.move_by_clock() == 1
    talk.refresh_from_db()
    assert talk.state == State.FOLLOWING
    assert Event.objects.get(act=Act.FOLLOW).person is None


def test_a_memo_that_is_followed_already_is_still_published_later(county: Organization) -> None:
    talk = confirmed(county, State.FOLLOWING, published_at=None)
    with on(2026, 12, 7):
        assert clockwork.move_by_clock() == 1
    talk.refresh_from_db()
    assert talk.state == State.FOLLOWING
    assert talk.published_at is not None


def test_deleted_talks_are_left_alone(county: Organization) -> None:
    make_talk(
        State.INVITED,
        of=make_round(county, preparation_from=date(2026, 8, 24)),
        deleted_at=datetime(2026, 8, 1, tzinfo=UTC),
    )
    with on(2026, 8, 24):
        assert clockwork.move_by_clock() == 0
