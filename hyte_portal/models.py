"""Rows that every room stands on: versions, one-time form keys, mails on their way."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from hyte_portal.ids import new_public_id


class StaleVersionError(Exception):
    """Somebody else saved the row after it was read; nothing was written."""


class Named(models.Model):
    """A row with a short random name for addresses."""

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A row that is saved only over the version that was read (reliability.md 2.A)."""

    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def save_over(self, expected: int, fields: Iterable[str]) -> None:
        """Write the named fields if the row still has the expected version.

        Raises StaleVersionError when another save came first; the check is in the UPDATE itself.
        """
        now = timezone.now()
        values: dict[str, Any] = {name: getattr(self, name) for name in fields}
        changed = (
            type(self)
            ._base_manager.filter(pk=self.pk, version=expected)
            .update(**values, version=F("version") + 1, changed_at=now)
        )
        if not changed:
            raise StaleVersionError
        self.version, self.changed_at = expected + 1, now


class Submission(models.Model):
    """A form that was sent: the same key again gives the same result (reliability.md 9, 10)."""

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    body_hash = models.CharField(max_length=64)
    result_url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)


class OutboundMail(models.Model):
    """A mail to one person: written with the change that causes it, sent by a sweep, once."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        REFUSED = "refused"
        SKIPPED = "skipped"

    kind = models.CharField(max_length=40)
    occasion = models.CharField(max_length=60, help_text="What it is about, e.g. the public id of a negotiation.")
    dedupe_key = models.CharField(max_length=200, unique=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="mails"
    )
    address = models.EmailField()
    language = models.CharField(max_length=2, default="fi")
    data = models.JSONField(default=dict)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    statutory = models.BooleanField(default=True, help_text="Can't be unsubscribed from.")
    urgent = models.BooleanField(default=False, help_text="Account mail: leaves at once, the body is wiped after.")
    due_at = models.DateTimeField(default=timezone.now)
    useless_after = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it was refused or skipped.")
    message_id = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["-urgent", "due_at", "id"], name="mail_due", condition=Q(state__in=["waiting", "sending"])
            ),
            models.Index(fields=["occasion", "kind"], name="mail_occasion"),
        ]
