"""Measures: the promise, the decision on it, how it went, what became of it."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hyte_portal.forms import DATE_WIDGET, CleanTextMixin, VersionedForm
from negotiations.forms.owners import OwnerFieldsMixin, possible_owners, short_name
from negotiations.forms.proposals import ProposalForm
from negotiations.models import Goal, Measure, MeasurePartner, Negotiation
from negotiations.vocabulary import (
    DECISIONS_WITH_REASON,
    OUTCOMES_WITH_REASON,
    PROGRESS_WITH_REASON,
    Decision,
    Outcome,
    PartyRole,
    Progress,
)
from organizations.actors import Actor
from organizations.models import Organization
from organizations.models.organization import name_order

PARTNER_ROWS = 3
DECIDABLE = [(d.value, d.label) for d in (Decision.AGREED, Decision.AMENDED, Decision.DEFERRED, Decision.REJECTED)]


class MeasureForm(OwnerFieldsMixin, ProposalForm):
    """A promise as concrete as possible: who does what, with whom, by when, how it is followed."""

    pairs = {
        "title": _("Measure"),
        "details": _("What exactly will be done"),
        "resources": _("Resources"),
        "follow_up": _("How it is followed"),
    }
    required_pairs = ("title",)
    field_order = [
        "goal", "title_fi", "title_sv", "details_fi", "details_sv", "owner", "owner_post_title", "owner_consent",
        "starts_on", "ends_on", "follow_up_fi", "follow_up_sv", "resources_fi", "resources_sv", "municipalities",
    ]  # fmt: skip

    class Meta:
        model = Measure
        fields = [
            "goal", "title_fi", "title_sv", "details_fi", "details_sv", "owner", "owner_consent", "starts_on",
            "ends_on", "follow_up_fi", "follow_up_sv", "resources_fi", "resources_sv", "municipalities",
        ]  # fmt: skip
        widgets = {
            "details_fi": forms.Textarea(attrs={"rows": 3}),
            "details_sv": forms.Textarea(attrs={"rows": 3}),
            "title_fi": forms.Textarea(attrs={"rows": 2}),
            "title_sv": forms.Textarea(attrs={"rows": 2}),
            "starts_on": DATE_WIDGET,
            "ends_on": DATE_WIDGET,
            "municipalities": forms.CheckboxSelectMultiple(attrs={"class": "many"}),
        }
        labels = {"municipalities": _("Municipalities concerned")}
        help_texts = {
            "title_fi": _("One deed in one sentence: who does what."),
            "resources_fi": _("Work time, money, grant, premises, marketing."),
            "follow_up_fi": _("E.g. number of participants, twice a year."),
        }

    talk: Negotiation

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)
        goals = self.fields["goal"]
        assert isinstance(goals, forms.ModelChoiceField)  # noqa: S101 - a foreign key's field
        here = Q(negotiation=self.talk) | Q(negotiation__isnull=True, round=self.talk.round_id)
        goals.empty_label = _("Choose the goal")
        goals.queryset = Goal.objects.visible_to(actor).filter(here).order_by("position", "pk")
        self._offer_municipalities()
        self._add_partner_rows()

    def _again(self, instance: Any) -> dict[str, Any]:
        return {"instance": instance, "talk": self.talk, "actor": self.actor}

    def _offer_municipalities(self) -> None:
        field = self.fields["municipalities"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - a many-to-many field
        at_table = self.talk.participations.filter(organization__kind=Organization.Kind.MUNICIPALITY)
        field.queryset = Organization.objects.filter(pk__in=at_table.values("organization")).order_by(name_order())
        field.label_from_instance = short_name  # type: ignore[method-assign,assignment]
        if field.queryset.count() < 2:
            del self.fields["municipalities"]

    def _add_partner_rows(self) -> None:
        """Offer the partners that are there and some empty rows; more come after saving."""
        owners = possible_owners(self.talk)
        present = list(self.instance.partners.order_by("pk")) if self.instance.pk else []
        self.partner_rows = len(present) + PARTNER_ROWS
        choices = [("", _("No partner")), *((row.pk, row.name) for row in owners)]
        known = {key for key, _name in choices}
        choices += [(p.organization_id, p.organization.name) for p in present if p.organization_id not in known]
        for row in range(self.partner_rows):
            partner = present[row] if row < len(present) else None
            self.fields[f"partner_{row}"] = forms.TypedChoiceField(
                label=_("Partner"), choices=choices, coerce=int, empty_value=None, required=False,
                initial=partner.organization_id if partner else None,
            )  # fmt: skip
            self.fields[f"partner_role_{row}"] = forms.ChoiceField(
                label=_("Its part"), choices=PartyRole.choices, required=False,
                initial=partner.role if partner else PartyRole.SUPPORTS,
            )  # fmt: skip

    def partner_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the partner rows for the template."""
        return [(self[f"partner_{row}"], self[f"partner_role_{row}"]) for row in range(self.partner_rows)]

    def clean(self) -> dict[str, Any]:
        """Hold the dates and the partners against each other."""
        cleaned = super().clean() or {}
        if cleaned.get("starts_on") and cleaned.get("ends_on") and cleaned["ends_on"] < cleaned["starts_on"]:
            self.add_error("ends_on", _("The end can't be before the beginning."))
        seen: set[int] = set()
        for row in range(self.partner_rows):
            partner = cleaned.get(f"partner_{row}")
            if partner in seen:
                self.add_error(f"partner_{row}", _("The same partner is there already."))
            if partner:
                seen.add(partner)
        return cleaned

    @transaction.atomic
    def save_over(self, also: Any = ()) -> Measure:
        """Save the measure with its partners."""
        measure: Measure = super().save_over(also)
        measure.partners.all().delete()
        MeasurePartner.objects.bulk_create(
            MeasurePartner(
                measure=measure,
                organization_id=self.cleaned_data[f"partner_{row}"],
                role=self.cleaned_data.get(f"partner_role_{row}") or PartyRole.SUPPORTS,
            )
            for row in range(self.partner_rows)
            if self.cleaned_data.get(f"partner_{row}")
        )
        return measure


class _ReasonedForm(VersionedForm[Measure]):
    """A choice some values of which ask for a reason."""

    choice: str
    reason: str
    with_reason: tuple[str, ...]

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where the vocabulary does."""
        cleaned = super().clean() or {}
        if cleaned.get(self.choice) in self.with_reason and not cleaned.get(self.reason):
            self.add_error(self.reason, _("Write the reason."))
        return cleaned


class DecisionForm(_ReasonedForm):
    """What the talk decided on the measure."""

    choice, reason, with_reason = "decision", "decision_reason", tuple(DECISIONS_WITH_REASON)
    decision = forms.ChoiceField(
        label=_("Decision"), choices=DECIDABLE, widget=forms.RadioSelect(attrs={"class": "row"})
    )

    class Meta:
        model = Measure
        fields = ["decision", "decision_reason"]
        widgets = {"decision_reason": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"decision_reason": _("Needed when the measure is deferred or rejected.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("decision") == Decision.PROPOSED:
            del self.initial["decision"]  # never preselect a decision


class DecisionRowForm(DecisionForm):
    """The same as one row of a table."""

    decision = forms.ChoiceField(label=_("Decision"), choices=[("", _("not decided")), *DECIDABLE], required=False)

    decision_reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)

    def clean(self) -> dict[str, Any]:
        """A reason alone is no decision, and is not dropped either."""
        cleaned = super().clean()
        if not cleaned.get("decision") and "decision" not in self.errors:
            self.add_error("decision", self.fields["decision"].error_messages["required"])
        return cleaned


class WithdrawForm(VersionedForm[Measure]):
    """Why a measure is withdrawn."""

    decision_reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Measure
        fields = ["decision_reason"]


class OutcomeForm(_ReasonedForm):
    """What became of the measure, asked once."""

    choice, reason, with_reason = "outcome", "outcome_reason", tuple(OUTCOMES_WITH_REASON)
    outcome = forms.ChoiceField(
        label=_("How did it go?"), choices=Outcome.choices, widget=forms.RadioSelect(attrs={"class": "row"})
    )

    class Meta:
        model = Measure
        fields = ["outcome", "outcome_reason"]
        widgets = {"outcome_reason": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"outcome_reason": _("Needed for all but done; also when you change an outcome later.")}

    def clean(self) -> dict[str, Any]:
        """Changing an outcome later asks for a reason too."""
        cleaned = super().clean()
        before = Measure.objects.filter(pk=self.instance.pk).values_list("outcome", flat=True).first()
        if before and cleaned.get("outcome") != before and not cleaned.get("outcome_reason"):
            self.add_error("outcome_reason", _("Write why the outcome changes."))
        return cleaned


class ReportForm(CleanTextMixin, forms.Form):
    """A dated report of one measure."""

    progress = forms.ChoiceField(
        label=_("How is it going?"), choices=Progress.choices, widget=forms.RadioSelect(attrs={"class": "row"})
    )
    note = forms.CharField(
        label=_("What has been done, in a sentence or two"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when the measure is delayed or interrupted: why?"),
    )  # fmt: skip
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=400)

    def clean(self) -> dict[str, Any]:
        """A delay or interruption is explained."""
        cleaned = super().clean() or {}
        if cleaned.get("progress") in PROGRESS_WITH_REASON and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Write why it is delayed or interrupted."))
        return cleaned
