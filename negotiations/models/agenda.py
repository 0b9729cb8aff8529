"""What belongs to the talk itself: agenda with discussion and decision, people, files, comments."""

import uuid
from pathlib import PurePath
from typing import ClassVar, Self, TypeVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hyte_portal.localized import Localized, chosen
from hyte_portal.models import Named, Versioned
from negotiations import access
from negotiations.lifecycle import Act
from negotiations.models.measure import Measure
from negotiations.models.negotiation import Negotiation
from negotiations.vocabulary import Capacity, Channel, Presence, Reach, Section
from organizations.actors import Actor
from organizations.models import Organization

Row = TypeVar("Row", bound=models.Model)


class RecordQuerySet(models.QuerySet[Row]):
    """Parts of a record: seen by those who see the record, changed by those who run the talk."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of records that the actor may see."""
        return self.filter(access.granted_on_child(Act.SEE_RECORD, actor), negotiation__deleted_at__isnull=True)

    def editable_by(self, actor: Actor) -> Self:
        """Keep those that the actor may change now."""
        return self.filter(access.granted_on_child(Act.EDIT_TALK, actor), negotiation__deleted_at__isnull=True)


@pghistory.track()
class AgendaItem(Named, Versioned):
    """A point of the agenda; at the talk it gets its discussion and decision."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField(default=0)
    section = models.CharField(_("section of the memo"), max_length=12, choices=Section, default=Section.OTHER)
    title_fi = models.CharField(_("title in Finnish"), max_length=200, blank=True)
    title_sv = models.CharField(_("title in Swedish"), max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    presenter = models.CharField(_("presenter"), max_length=160, blank=True)
    discussion_fi = models.TextField(_("discussion in Finnish"), blank=True)
    discussion_sv = models.TextField(_("discussion in Swedish"), blank=True)
    decision_fi = models.TextField(_("agreed, in Finnish"), blank=True)
    decision_sv = models.TextField(_("agreed, in Swedish"), blank=True)
    confidential_ground = models.CharField(
        _("confidential: the law's ground"), max_length=200, blank=True,
        help_text=_("Fill in only if the discussion is secret. It is then left out of the public copy."),
    )  # fmt: skip
    one_language_ok = models.JSONField(default=list, blank=True)

    objects: ClassVar[RecordQuerySet["AgendaItem"]] = RecordQuerySet.as_manager()  # type: ignore[assignment]
    LOCALIZED = ("title", "discussion", "decision")

    class Meta:
        indexes = [models.Index(fields=["negotiation", "position", "id"], name="agenda_negotiation")]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Localized:
        """Return the title for the reader."""
        return chosen(self.title_fi, self.title_sv)


@pghistory.track(exclude=["name"])
class Attendee(Named, Versioned):
    """A person at the talk."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.CASCADE, related_name="attendees")
    name = models.CharField(_("name"), max_length=120)
    post = models.CharField(_("post"), max_length=160, blank=True)
    organization = models.ForeignKey(
        Organization, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="+"
    )
    capacity = models.CharField(_("capacity"), max_length=8, choices=Capacity, default=Capacity.OFFICIAL)
    channel = models.CharField(_("attends"), max_length=6, choices=Channel, default=Channel.ROOM)
    presence = models.CharField(_("present"), max_length=6, choices=Presence, default=Presence.ALL)
    part = models.CharField(
        _("from–to, or items"), max_length=120, blank=True, help_text=_("E.g. 9.00–10.30 or items 1–4.")
    )
    name_public = models.BooleanField(_("the name may be public"), default=False)

    objects: ClassVar[RecordQuerySet["Attendee"]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["negotiation", "id"], name="attendee_negotiation")]

    def __str__(self) -> str:
        return self.name


def _random_place(_row: "Attachment", filename: str) -> str:
    """Return where the bytes lie: a random name that says nothing."""
    return f"attachments/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:6]}"


class AttachmentQuerySet(RecordQuerySet["Attachment"]):
    """Files are read by the table; what is part of the public copy by those who may see that."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of records that the actor may see, and public ones of public copies."""
        table = access.granted_on_child(Act.SEE_RECORD, actor)
        public = access.granted_on_child(Act.SEE_PUBLIC, actor) & Q(is_public=True)
        return self.filter(table | public, negotiation__deleted_at__isnull=True)


@pghistory.track()
class Attachment(Named):
    """A file of a negotiation or measure; read only through the permission check, always a download."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.CASCADE, related_name="attachments")
    measure = models.ForeignKey(Measure, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to=_random_place)
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    is_public = models.BooleanField(_("part of the public copy"), default=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments are seen by their reach, and never outside the table."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those that reach the actor."""
        if actor.organization is None:
            return self.none()
        return self.filter(
            access.granted_on_child(Act.SEE_RECORD, actor),
            Q(reach=Reach.TABLE) | Q(organization=actor.organization),
        )


@pghistory.track()
class Comment(Named):
    """A remark of a party on the memo draft or on a measure."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.CASCADE, related_name="comments")
    measure = models.ForeignKey(Measure, null=True, blank=True, on_delete=models.CASCADE, related_name="comments")
    reach = models.CharField(_("read by"), max_length=5, choices=Reach, default=Reach.OWN)
    text = models.TextField(_("comment"))
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["negotiation", "id"], name="comment_negotiation")]

    @property
    def reaches_table(self) -> bool:
        """Say whether everyone at the table reads it."""
        return self.reach == Reach.TABLE
