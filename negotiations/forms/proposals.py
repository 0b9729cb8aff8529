"""Goals, cooperation and ways of follow-up."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hyte_portal.forms import DATE_WIDGET, LanguagePairsMixin, VersionedForm
from negotiations.forms.owners import OwnerFieldsMixin
from negotiations.models import Cooperation, FollowUpPlan, Goal, Negotiation, Proposal, Round

_PARAGRAPH = forms.Textarea(attrs={"rows": 3})


class ProposalForm(LanguagePairsMixin, VersionedForm[Any]):
    """A part of a negotiation's content in the talk's languages."""

    def __init__(self, *args: Any, talk: Negotiation | Round, **kwargs: Any) -> None:
        self.talk = talk
        super().__init__(*args, **kwargs)
        self.use_languages(talk.languages)

    def _again(self, instance: Proposal) -> dict[str, Any]:
        return {"instance": instance, "talk": self.talk}


class GoalForm(ProposalForm):
    """A goal: what is aimed at, for whom, how it shows."""

    pairs = {
        "title": _("Goal"),
        "description": _("Description in plain words"),
        "indicator": _("Indicator"),
        "target": _("Target value"),
    }
    required_pairs = ("title",)
    field_order = ["title_fi", "title_sv", "description_fi", "description_sv", "theme", "age_group"]

    class Meta:
        model = Goal
        fields = [
            "title_fi", "title_sv", "description_fi", "description_sv", "theme", "age_group", "origin", "level",
            "indicator_fi", "indicator_sv", "baseline", "target_fi", "target_sv", "target_year",
        ]  # fmt: skip
        widgets = dict.fromkeys(("description_fi", "description_sv"), _PARAGRAPH)
        help_texts = {
            "title_fi": _("One change in people's lives, e.g. fewer young people feel lonely."),
            "indicator_fi": _("The figure in which the change shows, e.g. pupils of grades 8-9 who feel lonely, %."),
            "target_fi": _("E.g. below 15.0 %."),
            "baseline": _("E.g. 17.1 % (2025)."),
        }


class CooperationForm(ProposalForm):
    """How the parties work together."""

    pairs = {
        "subject": _("Subject"),
        "structure": _("Structure and meeting rhythm"),
        "division": _("Division of work"),
        "information": _("Flow of information"),
        "agreement": _("Agreement"),
    }
    required_pairs = ("subject",)

    class Meta:
        model = Cooperation
        fields = [
            "subject_fi", "subject_sv", "structure_fi", "structure_sv", "division_fi", "division_sv",
            "information_fi", "information_sv", "agreement_fi", "agreement_sv", "contacts",
        ]  # fmt: skip
        widgets = {
            f"{name}_{language}": _PARAGRAPH
            for name in ("structure", "division", "information")
            for language in ("fi", "sv")
        }
        help_texts = {
            "structure_fi": _("E.g. the coordinators' network meets four times a year."),
            "information_fi": _("Who tells whom, and by when."),
            "agreement_fi": _("E.g. interface agreement, parties, valid until."),
            "contacts": _("Posts, not persons."),
        }


class FollowUpPlanForm(OwnerFieldsMixin, ProposalForm):
    """How and when the negotiation is followed."""

    pairs = {"what": _("What is followed"), "moments": _("Moments"), "forum": _("Where it is read")}
    required_pairs = ("what",)

    class Meta:
        model = FollowUpPlan
        fields = [
            "what_fi", "what_sv", "first_on", "moments_fi", "moments_sv", "owner", "forum_fi", "forum_sv",
        ]  # fmt: skip
        widgets = {"first_on": DATE_WIDGET}
        help_texts = {
            "moments_fi": _("E.g. in May and October 2027."),
            "forum_fi": _("Network, board or council."),
        }


PROPOSAL_FORMS: Final[dict[type[Proposal], type[ProposalForm]]] = {
    Goal: GoalForm,
    Cooperation: CooperationForm,
    FollowUpPlan: FollowUpPlanForm,
}
