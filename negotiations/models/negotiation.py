"""A negotiation: one talk of a round."""

from datetime import date
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hyte_portal.localized import Localized, chosen
from hyte_portal.models import Named, Versioned
from negotiations import access
from negotiations.lifecycle import Act, State, Subject
from negotiations.models.round import Round
from negotiations.vocabulary import RecordType
from organizations.actors import Actor
from organizations.models import Organization


class NegotiationQuerySet(models.QuerySet["Negotiation"]):
    """Questions about negotiations."""

    def allowing(self, act: Act, actor: Actor) -> Self:
        """Keep those with which the actor can do this now."""
        return self.filter(access.granted(act, actor), deleted_at__isnull=True)

    def ever_allowing(self, act: Act, actor: Actor) -> Self:
        """Keep those with which the actor can do this in some state."""
        return self.filter(access.ever_granted(act, actor), deleted_at__isnull=True)

    def visible_to(self, actor: Actor) -> Self:
        """Keep those whose record the actor may see."""
        return self.allowing(Act.SEE_RECORD, actor)

    def raise_content_version(self, pk: int) -> None:
        """Say that something of a negotiation changed: cached parts and ETags of it are old."""
        self.filter(pk=pk).update(content_version=F("content_version") + 1)


@pghistory.track()
class Negotiation(Named, Versioned):
    """One talk: the host and at least one guest, 0..n municipalities among them."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="negotiations")
    # The round's convener and year again: first columns of the indexes that lists walk.
    convener = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    title_fi = models.CharField(_("title in Finnish"), max_length=200, blank=True)
    title_sv = models.CharField(_("title in Swedish"), max_length=200, blank=True)
    languages = ArrayField(models.CharField(max_length=2), default=list)
    state = models.CharField(max_length=11, choices=State, default=State.DRAFT)
    state_before = models.CharField(max_length=11, choices=State, blank=True)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    place_fi = models.CharField(_("place in Finnish"), max_length=200, blank=True)
    place_sv = models.CharField(_("place in Swedish"), max_length=200, blank=True)
    remote_link = models.URLField(_("remote link"), blank=True)
    record_type = models.CharField(_("record"), max_length=8, choices=RecordType, default=RecordType.MEMO)
    chair = models.CharField(_("chair"), max_length=160, blank=True)
    secretary = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    secretary_title = models.CharField(_("secretary's post"), max_length=160, blank=True)
    registry_number = models.CharField(_("registry number"), max_length=80, blank=True)
    preparation_until = models.DateField(_("preparation is ready by"), null=True, blank=True)
    comments_until = models.DateField(_("comments by"), null=True, blank=True)
    public_from = models.DateField(_("public from"), null=True, blank=True)
    next_talk_on = models.DateField(_("next negotiation"), null=True, blank=True)
    handled_by = models.DateField(_("handled in the organisations' bodies by"), null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    secretary_reason = models.CharField(max_length=500, blank=True, help_text="Why the secretary confirmed alone.")
    published_at = models.DateTimeField(null=True, blank=True)
    memo_version = models.PositiveSmallIntegerField(default=0)
    content_version = models.PositiveIntegerField(default=1)
    # Why a statutory subject has no entry, in place of an entry.
    no_goals_fi = models.CharField(max_length=500, blank=True)
    no_goals_sv = models.CharField(max_length=500, blank=True)
    no_measures_fi = models.CharField(max_length=500, blank=True)
    no_measures_sv = models.CharField(max_length=500, blank=True)
    no_cooperation_fi = models.CharField(max_length=500, blank=True)
    no_cooperation_sv = models.CharField(max_length=500, blank=True)
    no_follow_up_fi = models.CharField(max_length=500, blank=True)
    no_follow_up_sv = models.CharField(max_length=500, blank=True)
    one_language_ok = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = NegotiationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="negotiation_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="negotiation_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["convener", "-year", "-id"], name="negotiation_convener"),
            models.Index(fields=["-year", "-id"], name="negotiation_year"),
            models.Index(fields=["round", "id"], name="negotiation_round"),
            models.Index(fields=["state", "public_from"], name="negotiation_clock"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        """Return the negotiation's page in the reader's language."""
        return reverse("negotiations:negotiation", args=[self.public_id])

    @property
    def title(self) -> Localized:
        """Return the title for the reader."""
        return chosen(self.title_fi, self.title_sv)

    @property
    def place(self) -> Localized:
        """Return the place for the reader."""
        return chosen(self.place_fi, self.place_sv)

    @property
    def is_example(self) -> bool:
        """Say whether it is demo content."""
        return self.round.is_example

    @property
    def is_cancelled(self) -> bool:
        """Say whether it was cancelled."""
        return self.state == State.CANCELLED

    @property
    def is_postponed(self) -> bool:
        """Say whether it waits for a new time."""
        return self.state == State.POSTPONED

    @property
    def was_reopened(self) -> bool:
        """Say whether a confirmed memo was withdrawn and is being written again."""
        return self.memo_version > 0 and self.confirmed_at is None

    @property
    def preparation_deadline(self) -> date | None:
        """Return its own deadline for preparing, else the round's."""
        return self.preparation_until or self.round.preparation_until

    def acts_for(self, actor: Actor) -> frozenset[Act]:
        """Return what the actor can do with it now, from RULES, by one statement."""
        row = Negotiation.objects.filter(pk=self.pk, deleted_at__isnull=True)
        return access.acts_on(row, Subject.NEGOTIATION, self.state, actor)
