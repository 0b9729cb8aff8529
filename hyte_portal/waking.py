"""Waking a worker after the commit: best effort, since the next sweep finds the rows anyway."""

import logging
from collections.abc import Callable
from functools import cache, partial

from django.db import connection, transaction

from hyte_portal.celery import app

log = logging.getLogger(__name__)


def wake(task: str) -> None:
    """Ask for a sweep once the transaction is kept; a broker that is away is no trouble of the person's."""
    sender = _sender(task)
    if any(waiting[1] is sender for waiting in connection.run_on_commit):
        return  # one sweep finds all rows of the transaction
    transaction.on_commit(sender, robust=True)


@cache
def _sender(task: str) -> Callable[[], None]:
    """Return the one function that wakes for the task; it has a name, which Django's log of a failure asks for."""
    sender = partial(_send, task)
    sender.__qualname__ = f"wake {task}"  # type: ignore[attr-defined]
    return sender


def _send(task: str) -> None:
    try:
        app.send_task(task)
    except Exception as error:  # noqa: BLE001 - a broker's failure of any kind must not reach the person
        log.warning("could not wake %s: %s", task, error)
