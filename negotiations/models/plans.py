"""Cooperation and the way of follow-up: the third and fourth statutory subject."""

from typing import ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from hyte_portal.localized import Localized, chosen, localized
from negotiations.models.negotiation import Negotiation
from negotiations.models.proposal import Proposal, ProposalQuerySet
from organizations.models import Organization, Post


@pghistory.track()
class Cooperation(Proposal):
    """How the parties work together: structure, division of work, flow of information, agreement."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.CASCADE, related_name="cooperations")
    subject_fi = models.CharField(_("subject in Finnish"), max_length=200, blank=True)
    subject_sv = models.CharField(_("subject in Swedish"), max_length=200, blank=True)
    structure_fi = models.TextField(_("structure and meeting rhythm in Finnish"), blank=True)
    structure_sv = models.TextField(_("structure and meeting rhythm in Swedish"), blank=True)
    division_fi = models.TextField(_("division of work in Finnish"), blank=True)
    division_sv = models.TextField(_("division of work in Swedish"), blank=True)
    information_fi = models.TextField(_("flow of information in Finnish"), blank=True)
    information_sv = models.TextField(_("flow of information in Swedish"), blank=True)
    agreement_fi = models.CharField(_("agreement in Finnish"), max_length=300, blank=True)
    agreement_sv = models.CharField(_("agreement in Swedish"), max_length=300, blank=True)
    contacts = models.CharField(_("contact posts on both sides"), max_length=300, blank=True)

    objects: ClassVar[ProposalQuerySet["Cooperation"]] = ProposalQuerySet.as_manager()  # type: ignore[assignment]
    LOCALIZED = ("subject", "structure", "division", "information", "agreement")

    class Meta:
        indexes = [models.Index(fields=["negotiation", "position", "id"], name="cooperation_negotiation")]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Localized:
        """Return the subject for the reader."""
        return chosen(self.subject_fi, self.subject_sv)

    @property
    def agreement(self) -> Localized:
        """Return this text for the reader."""
        return localized(self, "agreement")

    @property
    def information(self) -> Localized:
        """Return this text for the reader."""
        return localized(self, "information")

    @property
    def division(self) -> Localized:
        """Return this text for the reader."""
        return localized(self, "division")

    @property
    def structure(self) -> Localized:
        """Return this text for the reader."""
        return localized(self, "structure")


@pghistory.track()
class FollowUpPlan(Proposal):
    """How the negotiation is followed: what, when, by whom, read where."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.CASCADE, related_name="follow_up_plans")
    what_fi = models.CharField(_("what is followed, in Finnish"), max_length=300, blank=True)
    what_sv = models.CharField(_("what is followed, in Swedish"), max_length=300, blank=True)
    first_on = models.DateField(_("first moment"), null=True, blank=True)
    moments_fi = models.CharField(_("moments in Finnish"), max_length=200, blank=True)
    moments_sv = models.CharField(_("moments in Swedish"), max_length=200, blank=True)
    owner = models.ForeignKey(
        Organization, verbose_name=_("gathered by: organisation"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    owner_post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    forum_fi = models.CharField(_("read in (network, board, council), in Finnish"), max_length=300, blank=True)
    forum_sv = models.CharField(_("read in (network, board, council), in Swedish"), max_length=300, blank=True)

    objects: ClassVar[ProposalQuerySet["FollowUpPlan"]] = ProposalQuerySet.as_manager()  # type: ignore[assignment]
    LOCALIZED = ("what", "moments", "forum")

    class Meta:
        indexes = [models.Index(fields=["negotiation", "position", "id"], name="follow_up_plan_negotiation")]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Localized:
        """Return what is followed, for the reader."""
        return chosen(self.what_fi, self.what_sv)

    @property
    def forum(self) -> Localized:
        """Return this text for the reader."""
        return localized(self, "forum")

    @property
    def moments(self) -> Localized:
        """Return this text for the reader."""
        return localized(self, "moments")
