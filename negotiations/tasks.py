"""The talks' sweeps: no arguments, safe to run twice, late or never."""

from celery import shared_task

from hyte_portal.waking import wake
from negotiations import clockwork, documents, notifications


@shared_task
def write_documents() -> None:
    """Make one PDF file that was ordered, and call for the next."""
    if documents.write_next():
        wake(documents.SWEEP)


@shared_task
def write_reminders() -> None:
    """Write the reminders that fall due into the outbox."""
    notifications.write_reminders()


@shared_task
def move_by_clock() -> None:
    """Do the acts that the clock may do."""
    clockwork.move_by_clock()
