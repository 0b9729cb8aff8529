"""Days and times as people in Finland mean them: a deadline is a date in Europe/Helsinki, valid to its end."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.utils import timezone

HELSINKI = ZoneInfo("Europe/Helsinki")


def today() -> date:
    """Return today's date in Helsinki."""
    return timezone.now().astimezone(HELSINKI).date()


def local(moment: datetime) -> datetime:
    """Return the moment in Helsinki's time."""
    return moment.astimezone(HELSINKI)


def at(day: date, clock: time) -> datetime:
    """Return the aware moment of a Helsinki day and clock time."""
    return datetime.combine(day, clock, tzinfo=HELSINKI)


@lru_cache(maxsize=64)
def _days_off(year: int) -> frozenset[date]:
    """Return Finland's public holidays of a year with the two eves on which offices are closed."""
    eve = date(year, 6, 19)
    while eve.isoweekday() != 5:  # Midsummer Eve: the Friday between 19 and 25 June
        eve += timedelta(days=1)
    return frozenset(holidays.country_holidays("FI", years=year)) | {eve, date(year, 12, 24)}


def is_working_day(day: date) -> bool:
    """Say whether Finnish offices are open on the day."""
    return day.isoweekday() < 6 and day not in _days_off(day.year)


def working_day_from(day: date) -> date:
    """Return the day itself or the next working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
