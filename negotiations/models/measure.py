"""Measures: what will be done, by whom, when, how it is followed; and the reports of how it went."""

from typing import ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hyte_portal.dates import today
from hyte_portal.localized import Localized, chosen, localized
from hyte_portal.models import Named
from negotiations import access
from negotiations.lifecycle import Act, Subject
from negotiations.models.goal import Goal
from negotiations.models.negotiation import Negotiation
from negotiations.models.proposal import Proposal, ProposalQuerySet
from negotiations.vocabulary import IN_FORCE, Decision, Outcome, PartyRole, Progress
from organizations.actors import Actor
from organizations.models import Organization, Post


class MeasureQuerySet(ProposalQuerySet["Measure"]):
    """Measures are seen by the table, and from confirming on by their owner."""

    def allowing(self, act: Act, actor: Actor) -> Self:
        """Keep those with which the actor can do this now."""
        return self.live().filter(access.granted(act, actor), negotiation__deleted_at__isnull=True)

    def ever_allowing(self, act: Act, actor: Actor) -> Self:
        """Keep those with which the actor can do this in some state."""
        return self.live().filter(access.ever_granted(act, actor))

    def visible_to(self, actor: Actor) -> Self:
        """Keep those that the actor may see."""
        return self.allowing(Act.SEE_MEASURE, actor)

    def in_force(self) -> Self:
        """Keep what was agreed, as proposed or amended."""
        return self.shared().filter(decision__in=IN_FORCE)


@pghistory.track()
class Measure(Proposal):
    """A promise: wording, owner organisation and post, partners, timetable, how it is followed."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.CASCADE, related_name="measures")
    goal = models.ForeignKey(Goal, verbose_name=_("goal"), on_delete=models.PROTECT, related_name="measures")
    title_fi = models.CharField(_("measure in Finnish"), max_length=400, blank=True)
    title_sv = models.CharField(_("measure in Swedish"), max_length=400, blank=True)
    details_fi = models.TextField(_("more about it in Finnish"), blank=True)
    details_sv = models.TextField(_("more about it in Swedish"), blank=True)
    owner = models.ForeignKey(
        Organization, verbose_name=_("owner organisation"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="owned_measures",
    )  # fmt: skip
    owner_post = models.ForeignKey(
        Post, verbose_name=_("owner's post"), null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    owner_consent = models.CharField(
        _("owner's consent: who and when"), max_length=300, blank=True,
        help_text=_("Needed when the owner is not at the table; or write why it was not asked."),
    )  # fmt: skip
    municipalities = models.ManyToManyField(Organization, blank=True, related_name="+")
    resources_fi = models.CharField(_("resources in Finnish"), max_length=400, blank=True)
    resources_sv = models.CharField(_("resources in Swedish"), max_length=400, blank=True)
    starts_on = models.DateField(_("begins"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    follow_up_fi = models.CharField(_("how it is followed, in Finnish"), max_length=400, blank=True)
    follow_up_sv = models.CharField(_("how it is followed, in Swedish"), max_length=400, blank=True)
    decision = models.CharField(_("decision"), max_length=9, choices=Decision, default=Decision.PROPOSED)
    decision_reason = models.CharField(_("reason"), max_length=1000, blank=True)
    progress = models.CharField(_("progress"), max_length=11, choices=Progress, default=Progress.NOT_STARTED)
    reported_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)
    outcome_reason = models.CharField(_("reason"), max_length=1000, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    continues = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="continued_by")

    objects: ClassVar[MeasureQuerySet] = MeasureQuerySet.as_manager()  # type: ignore[assignment]
    LOCALIZED = ("title", "details", "resources", "follow_up")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="measure_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["negotiation", "goal", "position", "id"], name="measure_negotiation"),
            models.Index(fields=["owner", "decision"], name="measure_owner"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        """Return the measure's page."""
        return reverse("negotiations:measure", args=[self.public_id])

    @property
    def title(self) -> Localized:
        """Return the wording for the reader."""
        return chosen(self.title_fi, self.title_sv)

    @property
    def details(self) -> Localized:
        """Return this text for the reader."""
        return localized(self, "details")

    @property
    def resources(self) -> Localized:
        """Return this text for the reader."""
        return localized(self, "resources")

    @property
    def follow_up(self) -> Localized:
        """Return this text for the reader."""
        return localized(self, "follow_up")

    def acts_for(self, actor: Actor) -> frozenset[Act]:
        """Return what the actor can do with it now, from RULES, by one statement."""
        row = Measure.objects.live().filter(pk=self.pk, negotiation__deleted_at__isnull=True)
        return access.acts_on(row, Subject.MEASURE, self.negotiation.state, actor)

    @property
    def is_in_force(self) -> bool:
        """Say whether it was agreed."""
        return self.decision in IN_FORCE

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the names of what confirming needs and is still empty: owner, timetable, follow_up."""
        empty = {
            "owner": self.owner_id is None,
            "timetable": self.ends_on is None,
            "follow_up": not (self.follow_up_fi or self.follow_up_sv),
        }
        return tuple(name for name, is_empty in empty.items() if is_empty)


class MeasurePartner(models.Model):
    """An organisation that takes part in a measure, and how."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="partners")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=PartyRole, default=PartyRole.SUPPORTS)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "organization"], name="partner_once")]


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Questions about reports."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of measures that the actor may see."""
        return self.filter(measure__in=Measure.objects.visible_to(actor).values("pk"))


@pghistory.track()
class FollowUp(Named):
    """A dated report of one measure; never changed, a new one is written."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="follow_ups")
    on = models.DateField(default=today)
    progress = models.CharField(max_length=11, choices=Progress)
    note = models.TextField(blank=True)
    next_step = models.CharField(max_length=400, blank=True)
    language = models.CharField(max_length=2, default="fi")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    on_behalf = models.BooleanField(default=False, help_text="Written by the host on behalf of the owner.")
    created_at = models.DateTimeField(default=timezone.now)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["measure", "-on", "-id"], name="follow_up_measure")]
