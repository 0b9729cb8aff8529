"""Sensible default dates of a round's phases (domain.md 3.2: a template of ours, editable by each county)."""

from datetime import date, timedelta
from typing import Final

from hyte_portal.dates import working_day_from

# (month, day, years after the round's year): an autumn round; the county changes what differs.
_DEFAULTS: Final = {
    "evidence_from": (2, 2, 0),
    "invitation_by": (8, 17, 0),
    "preparation_from": (8, 24, 0),
    "preparation_until": (9, 28, 0),
    "talks_from": (10, 5, 0),
    "talks_until": (11, 13, 0),
    "memo_by": (12, 11, 0),
    "handling_by": (2, 26, 1),
    "follow_up_1": (5, 17, 1),
    "follow_up_2": (10, 18, 1),
    "report_by": (3, 31, 2),
}


def default_phase_dates(year: int) -> dict[str, date]:
    """Return the default date of each phase for a round of the year, all on working days."""
    return {field: working_day_from(date(year + later, month, day)) for field, (month, day, later) in _DEFAULTS.items()}


def moved(day: date, years: int) -> date:
    """Return the same weekday about the same time some years later, on a working day."""
    return working_day_from(day + timedelta(weeks=52 * years))
