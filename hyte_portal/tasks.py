"""The floor's sweeps: no arguments, safe to run twice, late or never."""

from datetime import timedelta

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from hyte_portal import outbox
from hyte_portal.models import Submission


@shared_task
def send_mails() -> None:
    """Send what is due in the outbox."""
    outbox.send_due()


@shared_task
def tidy() -> None:
    """Forget sent forms after a day and sessions that have ended."""
    now = timezone.now()
    Submission.objects.filter(created_at__lt=now - timedelta(days=1)).delete()
    Session.objects.filter(expire_date__lt=now).delete()
