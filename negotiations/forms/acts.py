"""What an act asks: only the fields that it needs."""

from typing import Any, Final

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from hyte_portal.dates import today
from hyte_portal.forms import CleanTextMixin, date_field
from negotiations.actions import Details, needs_reason
from negotiations.forms.talks import TimeFieldsMixin, outside_year, time_initial
from negotiations.lifecycle import Act, Side
from negotiations.models import Negotiation
from negotiations.vocabulary import Preparation
from organizations.actors import Actor
from organizations.models import Organization

SECRETARY_REASON_MOST: Final = 500  # as much as the memo's line, and its column, holds


class ActForm(CleanTextMixin, forms.Form):
    """A reason where RULES asks for one."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The parties read it."),
    )  # fmt: skip

    def __init__(self, *args: Any, talk: Negotiation, act: Act, actor: Actor, **kwargs: Any) -> None:
        self.talk, self.act, self.actor = talk, act, actor
        super().__init__(*args, **kwargs)
        self.warnings: list[str] = []
        if not needs_reason(talk, act, actor):
            del self.fields["reason"]
        elif act == Act.CONFIRM:
            self.fields["reason"].validators.append(MaxLengthValidator(SECRETARY_REASON_MOST))
            self.fields["reason"].widget.attrs["data-most"] = SECRETARY_REASON_MOST
            self.fields["reason"].label = _("Why do you confirm a memo that you wrote yourself?")
            self.fields["reason"].help_text = _(
                "The reason is printed in the memo. Better: let another confirmer do it."
            )

    def details(self) -> Details:
        """Return what was typed as the act's details."""
        return Details(reason=self.cleaned_data.get("reason", ""))


class TimeForm(ActForm, TimeFieldsMixin):
    """A new time."""

    field_order = ["day", "begins", "ends", "reason"]

    def __init__(self, *args: Any, talk: Negotiation, **kwargs: Any) -> None:
        initial = time_initial(talk.starts_at, talk.ends_at)
        super().__init__(*args, talk=talk, initial=initial, **kwargs)
        self.fields["day"].required = self.fields["begins"].required = True

    def clean(self) -> dict[str, Any]:
        """Warn about another year than the round's."""
        cleaned = super().clean() or {}
        warning = outside_year(self.talk.round, cleaned.get("day"))
        if warning:
            self.warnings.append(warning)
        return cleaned

    def details(self) -> Details:
        """Return the new time."""
        data = self.cleaned_data
        return Details(reason=data.get("reason", ""), starts_at=data["starts_at"], ends_at=data["ends_at"])


class PartyForm(ActForm):
    """One of the talk's guests, and the reason."""

    party = forms.ModelChoiceField(label=_("Party"), queryset=Organization.objects.none())
    field_order = ["party", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guests = self.talk.participations.filter(side=Side.GUEST.value)
        if self.act == Act.RETURN:
            guests = guests.filter(preparation=Preparation.READY)
        field = self.fields["party"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = Organization.objects.filter(pk__in=guests.values("organization")).by_name()
        field.to_field_name = "slug"

    def details(self) -> Details:
        """Return the party and the reason."""
        return Details(reason=self.cleaned_data.get("reason", ""), party=self.cleaned_data["party"])


class ReadyForm(ActForm):
    """Ready with proposals, or without any."""

    no_proposals = forms.BooleanField(label=_("We have no proposals"), required=False)

    def details(self) -> Details:
        """Return whether the party has none."""
        return Details(no_proposals=self.cleaned_data["no_proposals"])


class CommentsForm(ActForm):
    """Until when the parties may comment."""

    until = date_field(label=_("Comments by"), required=False, help_text=_("Until and including this day."))

    def clean_until(self) -> Any:
        """Refuse a day that has passed."""
        until = self.cleaned_data["until"]
        if until and until < today():
            raise forms.ValidationError(_("The day has passed already."))
        return until

    def details(self) -> Details:
        """Return the deadline."""
        return Details(until=self.cleaned_data["until"])


FORMS: Final[dict[Act, type[ActForm]]] = {
    Act.RESCHEDULE: TimeForm,
    Act.RESUME: TimeForm,
    Act.RETURN: PartyForm,
    Act.REMOVE_PARTY: PartyForm,
    Act.MARK_READY: ReadyForm,
    Act.ASK_COMMENTS: CommentsForm,
}


def form_for(act: Act) -> type[ActForm]:
    """Return the form that the act asks for."""
    return FORMS.get(act, ActForm)
