"""What goals, measures, cooperation and follow-up plans have in common: a side's own until it is shared."""

from typing import Self, TypeVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hyte_portal.models import Named, Versioned
from negotiations import access
from negotiations.lifecycle import Act
from organizations.actors import Actor
from organizations.models import Organization

Row = TypeVar("Row", bound=models.Model)


class ProposalQuerySet(models.QuerySet[Row]):
    """Questions about proposals of one kind."""

    def live(self) -> Self:
        """Leave out what was deleted (kept 30 days for undo)."""
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of visible negotiations that are shared or the actor's own."""
        own = Q(proposer=actor.organization) if actor.organization else access.NOBODY
        return self.live().filter(
            access.granted_on_child(Act.SEE_RECORD, actor),
            Q(shared_at__isnull=False) | own,
            negotiation__deleted_at__isnull=True,
        )

    def editable_by(self, actor: Actor) -> Self:
        """Keep those that the actor may change now."""
        return self.visible_to(actor).filter(access.granted_on_child(Act.EDIT, actor))

    def shared(self) -> Self:
        """Keep those that the whole table sees."""
        return self.live().filter(shared_at__isnull=False)


class Proposal(Named, Versioned):
    """A row of a negotiation's content, proposed by one of its parties."""

    proposer = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    shared_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0)
    one_language_ok = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, help_text="Fields accepted in one language only."
    )

    class Meta:
        abstract = True
