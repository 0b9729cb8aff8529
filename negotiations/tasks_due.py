"""A line of the desk's due list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hyte_portal.dates import today
from hyte_portal.localized import Localized


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits: until when, what, in which talk, and the button that leads there."""

    due: date | None
    what: str
    where: Localized
    note: str
    button: str
    url: str

    @property
    def is_late(self) -> bool:
        """Say whether its day has passed."""
        return self.due is not None and self.due < today()


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """Order by day, the latest of the late first; what has no day comes last."""
    return sorted(tasks, key=lambda task: (task.due is None, task.due or date.max))
