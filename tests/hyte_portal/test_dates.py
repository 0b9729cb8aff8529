"""Days in Helsinki, and Finland's working days."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine

from hyte_portal.dates import at, is_working_day, local, today, working_day_from


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 20, 21, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 22, 0, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 7, 20, 21, 0, tzinfo=UTC), date(2026, 7, 21)),
        (datetime(2026, 12, 31, 22, 30, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_today_is_helsinkis(moment: datetime, day: date) -> None:
    with time_machine.travel(moment, tick=False):
        assert today() == day


def test_a_clock_time_holds_in_winter_and_summer() -> None:
    assert at(date(2026, 1, 15), time(9)).astimezone(UTC).hour == 7
    assert at(date(2026, 7, 15), time(9)).astimezone(UTC).hour == 6
    assert local(datetime(2026, 7, 15, 6, tzinfo=UTC)).hour == 9


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 6), date(2026, 6, 19), date(2026, 4, 3),
        date(2026, 5, 14), date(2026, 11, 21), date(2027, 1, 6),
    ],
)  # fmt: skip
def test_offices_are_closed_on_holidays_their_eves_and_weekends(day: date) -> None:
    assert not is_working_day(day)


def test_the_next_working_day_passes_over_easter_and_christmas() -> None:
    assert working_day_from(date(2026, 4, 2)) == date(2026, 4, 2)
    assert working_day_from(date(2026, 4, 3)) == date(2026, 4, 7)
    assert working_day_from(date(2026, 12, 24)) == date(2026, 12, 28)
