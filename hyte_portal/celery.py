"""The Celery application and its beat table.

Tasks are sweeps without arguments: beat is only a clock, Redis only wakes (docs/decisions/0002).
"""

import os

from celery import Celery
from celery.signals import worker_process_init

from hyte_portal import pdf

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hyte_portal.settings")

app = Celery("hyte_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "send-mails": {"task": "hyte_portal.tasks.send_mails", "schedule": 20.0},
    "write-documents": {"task": "negotiations.tasks.write_documents", "schedule": 15.0},
    "write-reminders": {"task": "negotiations.tasks.write_reminders", "schedule": 300.0},
    "move-by-clock": {"task": "negotiations.tasks.move_by_clock", "schedule": 300.0},
    "tidy": {"task": "hyte_portal.tasks.tidy", "schedule": 6 * 3600.0},
}
# A sweep that could not run in its time is useless later: the next one finds the same rows.
for entry in app.conf.beat_schedule.values():
    entry["options"] = {"expires": entry["schedule"]}


@worker_process_init.connect
def make_child_ready(**_kwargs: object) -> None:
    """Load the PDF engine in each child of the PDF queue's worker, after the fork, and bound its memory."""
    if "pdf" in app.amqp.queues.consume_from:
        pdf.make_ready()
