"""Frozen content and frozen bytes of memos and minutes."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hyte_portal.models import Named
from negotiations import access
from negotiations.lifecycle import Act
from negotiations.models.negotiation import Negotiation
from negotiations.vocabulary import DocumentReach
from organizations.actors import Actor


class Snapshot(models.Model):
    """The content of a memo as it was at one moment; the check value is over it."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.PROTECT, related_name="snapshots")
    version = models.PositiveSmallIntegerField(help_text="1, 2, … once confirmed; 0 = a draft.")
    is_draft = models.BooleanField(default=False)
    content = models.JSONField()
    check_value = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["negotiation", "version"], condition=Q(is_draft=False), name="snapshot_version_once"
            ),
        ]


class DocumentQuerySet(models.QuerySet["Document"]):
    """Who may read which bytes."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep full records for the table, public copies for those who may see them; withdrawn ones only for the table."""
        table = access.granted_on_child(Act.SEE_RECORD, actor)
        public = access.granted_on_child(Act.SEE_PUBLIC, actor)
        return self.filter(
            table
            | (public & Q(reach=DocumentReach.PUBLIC, snapshot__is_draft=False, snapshot__withdrawn_at__isnull=True)),
            negotiation__deleted_at__isnull=True,
        )


class Document(Named):
    """The PDF of a snapshot in one language and reach: first an order, then bytes stored once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be made")
        WRITING = "writing", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    negotiation = models.ForeignKey(Negotiation, on_delete=models.PROTECT, related_name="documents")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="documents")
    language = models.CharField(max_length=2)
    reach = models.CharField(max_length=6, choices=DocumentReach, default=DocumentReach.FULL)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    file = models.CharField(max_length=200, blank=True, help_text="Where the bytes lie under FILES_ROOT.")
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "language", "reach"], name="document_once"),
        ]
        indexes = [
            models.Index(fields=["id"], name="document_due", condition=Q(state__in=["waiting", "writing"])),
            models.Index(fields=["negotiation", "-id"], name="document_negotiation"),
        ]
