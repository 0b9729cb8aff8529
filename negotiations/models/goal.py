"""Goals: common to a round, or of one negotiation."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hyte_portal.localized import Localized, chosen
from negotiations import access
from negotiations.lifecycle import Act
from negotiations.models.negotiation import Negotiation
from negotiations.models.proposal import Proposal, ProposalQuerySet
from negotiations.models.round import Round
from negotiations.vocabulary import Level, Origin
from organizations.actors import Actor
from organizations.models import AgeGroup, Theme


class GoalQuerySet(ProposalQuerySet["Goal"]):
    """Goals follow their negotiation; a common goal follows any talk of its round."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep own talks' goals that are shared or own, and common goals of rounds with a visible talk."""
        own = Q(proposer=actor.organization) if actor.organization else access.NOBODY
        seen = Negotiation.objects.visible_to(actor)
        return self.live().filter(
            (access.granted_on_child(Act.SEE_RECORD, actor) & (Q(shared_at__isnull=False) | own))
            | Q(negotiation__isnull=True, round__in=seen.values("round_id"))
            | (Q(negotiation__isnull=True) & _host_of_round(actor)),
            negotiation__deleted_at__isnull=True,
        )

    def editable_by(self, actor: Actor) -> Self:
        """Keep what the actor may change; a common goal until the round's first talk is confirmed."""
        confirmed = Negotiation.objects.filter(confirmed_at__isnull=False)
        common = Q(negotiation__isnull=True) & Q(round__in=Round.objects.allowing(Act.CHANGE_ROUND, actor).values("pk"))
        return self.visible_to(actor).filter(
            access.granted_on_child(Act.EDIT, actor) | (common & ~Q(round__in=confirmed.values("round_id")))
        )


def _host_of_round(actor: Actor) -> Q:
    return Q(round__in=Round.objects.allowing(Act.CHANGE_ROUND, actor).values("pk"))


@pghistory.track()
class Goal(Proposal):
    """What is aimed at: theme, age group, indicator as text, target."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="goals")
    negotiation = models.ForeignKey(Negotiation, null=True, blank=True, on_delete=models.CASCADE, related_name="goals")
    title_fi = models.CharField(_("goal in Finnish"), max_length=200, blank=True)
    title_sv = models.CharField(_("goal in Swedish"), max_length=200, blank=True)
    description_fi = models.TextField(_("description in Finnish"), blank=True)
    description_sv = models.TextField(_("description in Swedish"), blank=True)
    theme = models.ForeignKey(Theme, verbose_name=_("theme"), on_delete=models.PROTECT, related_name="+")
    age_group = models.ForeignKey(AgeGroup, verbose_name=_("age group"), on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(_("origin"), max_length=11, choices=Origin, default=Origin.NEGOTIATION)
    level = models.CharField(_("level"), max_length=9, choices=Level, default=Level.JOINT)
    indicator_fi = models.CharField(_("indicator in Finnish"), max_length=200, blank=True)
    indicator_sv = models.CharField(_("indicator in Swedish"), max_length=200, blank=True)
    baseline = models.CharField(_("baseline value and year"), max_length=60, blank=True)
    target_fi = models.CharField(_("target value in Finnish"), max_length=60, blank=True)
    target_sv = models.CharField(_("target value in Swedish"), max_length=60, blank=True)
    target_year = models.PositiveSmallIntegerField(_("target year"), null=True, blank=True)
    continues = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="continued_by")

    objects: ClassVar[GoalQuerySet] = GoalQuerySet.as_manager()  # type: ignore[assignment]
    LOCALIZED = ("title", "description", "indicator", "target")

    class Meta:
        indexes = [
            models.Index(fields=["negotiation", "position", "id"], name="goal_negotiation"),
            models.Index(fields=["round"], name="goal_round"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        """Return the goal's place on its negotiation's page, or on the round's."""
        if self.negotiation is None:
            return self.round.get_absolute_url()
        return f"{reverse('negotiations:negotiation', args=[self.negotiation.public_id])}#goal-{self.public_id}"

    @property
    def title(self) -> Localized:
        """Return the goal for the reader."""
        return chosen(self.title_fi, self.title_sv)
