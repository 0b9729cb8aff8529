"""What was done, when, by whom, on whose behalf: never changed, never deleted."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from negotiations import access
from negotiations.lifecycle import Act, State
from negotiations.models.negotiation import Negotiation
from negotiations.models.round import Round
from organizations.actors import Actor
from organizations.models import Organization


class EventQuerySet(models.QuerySet["Event"]):
    """Events are part of the record."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of records that the actor may see."""
        return self.filter(access.granted_on_child(Act.SEE_RECORD, actor))


class Event(models.Model):
    """One act."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="history")
    negotiation = models.ForeignKey(
        Negotiation, null=True, blank=True, on_delete=models.PROTECT, related_name="history"
    )
    act = models.CharField(max_length=20)
    from_state = models.CharField(max_length=11, choices=State, blank=True)
    to_state = models.CharField(max_length=11, choices=State, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: the clock."
    )
    party = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Whom it concerned."
    )
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["negotiation", "-id"], name="event_negotiation")]
