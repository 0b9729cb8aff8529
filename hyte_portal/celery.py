"""The Celery application and its beat table.

Tasks are sweeps without arguments: beat is only a clock, Redis only wakes (docs/decisions/0002).
"""

import os

from celery import Celery

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
