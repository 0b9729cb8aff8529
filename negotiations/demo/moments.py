"""The demo's calendar: days are counted from the day of loading, and are working days in Finland."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from hyte_portal.dates import at, is_working_day, working_day_from
from negotiations.demo.content import Moment

PAST, FUTURE = 120, 60  # how far, in days, the content's talks lie before and after the day of loading
LEAST_ROOM: Final = 14


@dataclass(frozen=True, slots=True)
class Moments:
    """The day of loading, seen from a round of one year."""

    today: date
    year: int

    def day(self, moment: Moment) -> date:
        """Return the day that the content means."""
        if isinstance(moment, int):
            return self._counted(self._squeezed(moment))
        years = moment.count("+")
        month, _dash, day = moment.lstrip("+").partition("-")
        return working_day_from(date(self.year + years, int(month), int(day)))

    def ago(self, days: int) -> datetime:
        """Return the moment so many days before the day of loading, during working hours."""
        return at(self._counted(-days), time(10, 20))

    def _counted(self, days: int) -> date:
        """Return the working day so many days away: earlier than wanted if it is past, later if it is to come."""
        day = self.today + timedelta(days=days)
        if days >= 0:
            return working_day_from(day)
        while not is_working_day(day):
            day -= timedelta(days=1)
        return day

    def _squeezed(self, days: int) -> int:
        """Bring the distances closer together where the year would otherwise be left, if it has room for them."""
        start, end = date(self.year, 1, 7), date(self.year, 12, 20)
        room, reach = ((self.today - start).days, PAST) if days < 0 else ((end - self.today).days, FUTURE)
        if not days or room < LEAST_ROOM or room >= reach:
            return days
        squeezed = round(days * room / reach)
        return squeezed or (1 if days > 0 else -1)


def hours(text: str) -> tuple[time, time]:
    """Return the two clock times of "9.00-12.30"."""
    begins, _dash, ends = text.partition("-")
    return _clock(begins), _clock(ends)


def _clock(text: str) -> time:
    hour, _dot, minute = text.partition(".")
    return time(int(hour), int(minute))
