"""The talks' sweeps: no arguments, safe to run twice, late or never."""

from celery import shared_task

from negotiations import clockwork, documents, notifications


@shared_task
def write_documents() -> None:
    """Make the PDF files that were ordered."""
    documents.write_due()


@shared_task
def write_reminders() -> None:
    """Write the reminders that fall due into the outbox."""
    notifications.write_reminders()


@shared_task
def move_by_clock() -> None:
    """Do the acts that the clock may do."""
    clockwork.move_by_clock()
