"""The portal's workers for bench and drill: mails leave at any hour, and stale claims may be taken back sooner.

Run at night too; everything else is the portal's own.
"""

import os
from datetime import timedelta

from celery import shared_task
from celery.signals import worker_process_init

from hyte_portal.celery import app

__all__ = ["app"]


def awake() -> None:
    """Let mails leave at any hour; BENCH_STALE_SECONDS and BENCH_BATCH shorten what would take minutes."""
    from hyte_portal import outbox

    changes: dict[str, object] = {"FIRST_HOUR": 0, "LAST_HOUR": 24}
    if seconds := os.environ.get("BENCH_STALE_SECONDS"):
        changes["STALE_CLAIM"] = timedelta(seconds=float(seconds))
    if batch := os.environ.get("BENCH_BATCH"):
        changes["BATCH"] = int(batch)
    vars(outbox).update(changes)


@worker_process_init.connect
def wake_child(**_kwargs: object) -> None:
    """Do so in each child."""
    awake()


@shared_task
def one_mail(pk: int) -> None:
    """Send one mail on a connection of its own: a task a mail, as one would at first."""
    from django.db.models import Q

    from hyte_portal import outbox

    outbox.send_due(Q(pk=pk))
