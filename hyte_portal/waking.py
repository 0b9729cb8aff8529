"""Waking a worker after the commit: best effort, since the next sweep finds the rows anyway."""

import logging

from django.db import transaction

from hyte_portal.celery import app

log = logging.getLogger(__name__)


def wake(task: str) -> None:
    """Ask for a sweep once the transaction is kept; a broker that is away is no trouble of the person's."""
    transaction.on_commit(lambda: _send(task), robust=True)


def _send(task: str) -> None:
    try:
        app.send_task(task)
    except Exception as error:  # noqa: BLE001 - a broker's failure of any kind must not reach the person
        log.warning("could not wake %s: %s", task, error)
