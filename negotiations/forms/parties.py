"""Parties: who is added, how each is reached, who writes for it first."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hyte_portal.forms import CleanTextMixin, VersionedForm
from negotiations.models import Negotiation, Participation
from negotiations.parties import foreign, why_not
from organizations.forms import LocalOrganizationForm
from organizations.models import Organization, User


class AddPartiesForm(CleanTextMixin, forms.Form):
    """Organisations to add; what has ended or does not belong here is refused with what to do instead."""

    organizations = forms.ModelMultipleChoiceField(
        label=_("Organisations"), queryset=Organization.objects.none(), to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one organisation.")},
    )  # fmt: skip
    contact_email = forms.EmailField(
        label=_("E-mail address of a contact"), required=False,
        help_text=_("Needed only if the organisation has no account yet and you choose just one."),
    )  # fmt: skip

    def __init__(self, *args: Any, talk: Negotiation, shown: Iterable[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.talk = talk
        field = self.fields["organizations"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - declared above
        seated = talk.participations.values("organization")
        field.queryset = Organization.objects.exclude(pk__in=seated).select_related("successor")
        field.choices = [(row.slug, row.name) for row in shown if not why_not(row)]

    def clean_organizations(self) -> list[Organization]:
        """Refuse organisations that can't be parties today."""
        chosen = list(self.cleaned_data["organizations"])
        refused = [message for message in map(why_not, chosen) if message]
        if refused:
            raise ValidationError(refused)
        return chosen

    def clean(self) -> dict[str, Any]:
        """Give an address to one organisation only."""
        cleaned = super().clean() or {}
        if cleaned.get("contact_email") and len(cleaned.get("organizations", ())) > 1:
            self.add_error("contact_email", _("The address belongs to one organisation: choose just one."))
        return cleaned

    @property
    def foreign(self) -> list[str]:
        """Return the chosen municipalities of other counties."""
        return [row.name for row in self.cleaned_data["organizations"] if foreign(self.talk, row)]


class ContactForm(VersionedForm[Participation]):
    """How a guest without a reader is reached."""

    class Meta:
        model = Participation
        fields = ["contact_email", "invited_otherwise"]
        labels = {"contact_email": _("E-mail address of a contact"), "invited_otherwise": _("Invited otherwise")}
        help_texts = {
            "contact_email": _("The portal's mails go here until the organisation has people of its own."),
            "invited_otherwise": _("E.g. by letter 12.8., by phone. Then the portal needs no address."),
        }


class FirstEditorForm(CleanTextMixin, forms.Form):
    """Who is invited to write for a guest that nobody writes for yet."""

    email = forms.EmailField(label=_("E-mail address"))
    language = forms.ChoiceField(
        label=_("Language of the invitation"), choices=User._meta.get_field("language").choices or [],
        widget=forms.RadioSelect(attrs={"class": "row"}),
    )  # fmt: skip

    def clean_email(self) -> str:
        """Unify the case."""
        return str(self.cleaned_data["email"]).lower()


class LocalPartyForm(LocalOrganizationForm):
    """A local organisation that no list has, with a contact until it has people of its own."""

    contact_email = forms.EmailField(
        label=_("E-mail address of a contact"), required=False,
        help_text=_("The portal's mails go here until the organisation has people of its own."),
    )  # fmt: skip
