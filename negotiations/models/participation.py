"""An organisation at a negotiation, and its preparation."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hyte_portal.models import Named, Versioned
from negotiations.lifecycle import Side
from negotiations.models.negotiation import Negotiation
from negotiations.vocabulary import Preparation
from organizations.models import Organization


@pghistory.track()
class Participation(Named, Versioned):
    """A party: the host or a guest."""

    SIDES = [(Side.HOST.value, _("Host")), (Side.GUEST.value, _("Guest"))]

    negotiation = models.ForeignKey(Negotiation, on_delete=models.CASCADE, related_name="participations")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="participations")
    side = models.CharField(max_length=5, choices=SIDES, default=Side.GUEST.value)
    preparation = models.CharField(max_length=11, choices=Preparation, default=Preparation.NOT_STARTED)
    no_proposals = models.BooleanField(default=False, help_text="The party said that it has no proposals.")
    return_reason = models.TextField(blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    invited_otherwise = models.CharField(
        max_length=200, blank=True, help_text="How a guest without a reader was invited, e.g. by letter."
    )
    contact_email = models.EmailField(blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["negotiation", "organization"], name="party_once"),
            models.UniqueConstraint(fields=["negotiation"], condition=Q(side=Side.HOST.value), name="one_host"),
        ]
        indexes = [models.Index(fields=["organization", "side", "negotiation"], name="participation_organization")]

    def __str__(self) -> str:
        return str(self.organization)
