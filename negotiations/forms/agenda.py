"""The agenda and the people of a talk."""

from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hyte_portal.forms import CleanTextMixin, LanguagePairsMixin, VersionedForm
from hyte_portal.models import StaleVersionError, Versioned
from negotiations.attendance import Attendance, mark_of, may_be_public, set_mark
from negotiations.models import AgendaItem, Attendee
from negotiations.vocabulary import Channel, Presence
from organizations.models import Organization
from organizations.models.organization import name_order

_RECORD: Final = forms.Textarea(attrs={"rows": 6})


class AgendaItemForm(LanguagePairsMixin, VersionedForm[AgendaItem]):
    """A point: what is planned, and what the talk left written under it."""

    pairs = {"title": _("Title"), "discussion": _("Discussion"), "decision": _("What was agreed")}
    required_pairs = ("title",)

    class Meta:
        model = AgendaItem
        fields = [
            "title_fi", "title_sv", "section", "minutes", "presenter", "discussion_fi", "discussion_sv",
            "decision_fi", "decision_sv", "confidential_ground",
        ]  # fmt: skip
        widgets = dict.fromkeys(("discussion_fi", "discussion_sv", "decision_fi", "decision_sv"), _RECORD)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_languages(self.instance.negotiation.languages)
        self.fields["minutes"].widget.attrs |= {"min": 1, "max": 600, "inputmode": "numeric"}

    def clean_minutes(self) -> int | None:
        """Refuse what no agenda holds; zero means that no time is set."""
        minutes: int | None = self.cleaned_data["minutes"]
        if minutes and minutes > 600:
            raise forms.ValidationError(_("At most 600 minutes."))
        return minutes or None


class AttendeeForm(VersionedForm[Attendee]):
    """A person at the talk, of one of its parties."""

    name_public = forms.ChoiceField(
        label=_("May the name be public?"), required=False, widget=forms.RadioSelect(attrs={"class": "row"}),
        choices=[("yes", _("Yes")), ("no", _("No")), ("", _("By the rule"))],
        help_text=_("The rule: yes for officials and elected officials of county and municipality, no for others."),
    )  # fmt: skip

    class Meta:
        model = Attendee
        fields = ["name", "post", "organization", "capacity", "channel", "presence", "part", "name_public"]
        widgets = {
            "channel": forms.RadioSelect(attrs={"class": "row"}),
            "presence": forms.RadioSelect(attrs={"class": "row"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None
        self.initial["name_public"] = "" if is_new else "yes" if self.instance.name_public else "no"
        organization = self.fields["organization"]
        assert isinstance(organization, forms.ModelChoiceField)  # noqa: S101 - a foreign key of the row
        organization.to_field_name = "slug"
        organization.queryset = _parties(self.instance)
        self.initial["organization"] = self.instance.organization.slug if self.instance.organization_id else ""
        organization.label_from_instance = lambda obj: str(obj.name)  # type: ignore[method-assign]

    def clean(self) -> dict[str, Any]:
        """Settle whether the name may be public; a part of the time says which."""
        cleaned = super().clean() or {}
        if cleaned.get("presence") == Presence.PART and not cleaned.get("part"):
            self.add_error("part", _("Write which part: from–to, or the items."))
        organization, wish = cleaned.get("organization"), cleaned.get("name_public")
        by_rule = organization is not None and may_be_public(organization, cleaned.get("capacity", ""))
        cleaned["name_public"] = wish == "yes" if wish else by_rule
        return cleaned


def _parties(attendee: Attendee) -> QuerySet[Organization]:
    """Return the parties, and the attendee's own organisation even if it left the table."""
    at_table = attendee.negotiation.participations.values("organization")
    rows = Organization.objects.filter(pk__in=at_table)
    if attendee.organization_id:
        rows = rows | Organization.objects.filter(pk=attendee.organization_id)
    return rows.order_by(name_order())


class AttendanceForm(forms.Form):
    """In the room, remotely or absent: one tick for each person, each over the version that was read."""

    MARKS: Final = [*Channel.choices, (Presence.ABSENT.value, Presence.ABSENT.label)]

    def __init__(self, *args: Any, attendance: Attendance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attendance = attendance
        self.people = {person.public_id: person for person in attendance.people}
        for name, person in self.people.items():
            self.fields[name] = forms.ChoiceField(
                label=person.name, choices=self.MARKS, initial=mark_of(person),
                widget=forms.RadioSelect(attrs={"class": "row"}),
            )  # fmt: skip
            self.fields[f"{name}-version"] = forms.IntegerField(widget=forms.HiddenInput, initial=person.version)

    def groups(self) -> list[tuple[Organization, list[tuple[Attendee, forms.BoundField, forms.BoundField]]]]:
        """Return the people by organisation, each with the fields of mark and version."""
        return [
            (
                group.organization,
                [(person, self[person.public_id], self[f"{person.public_id}-version"]) for person in group.people],
            )
            for group in self.attendance.groups
        ]

    def save(self) -> None:
        """Save the marks that changed; raises StaleVersionError when somebody else changed one of these people."""
        for name, person in self.people.items():
            mark, version = self.cleaned_data[name], self.cleaned_data[f"{name}-version"]
            if mark == mark_of(person) and version == person.version:
                continue
            set_mark(person, mark)
            person.save_over(version, ["channel", "presence"])

    def show_conflict(self) -> None:
        """Say that somebody was quicker; the marks stay ticked, the versions are today's."""
        self.add_error(None, _("Somebody else changed these people meanwhile. Check the marks and save again."))
        current = dict(Attendee.objects.filter(public_id__in=self.people).values_list("public_id", "version"))
        self.data = self.data.copy()  # type: ignore[attr-defined]
        for name, version in current.items():
            self.data[f"{name}-version"] = str(version)  # type: ignore[index]


class RemoveForm(CleanTextMixin, forms.Form):
    """A row is removed only as it was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Versioned, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": row.version}, **kwargs)
        self.row = row

    def remove(self) -> None:
        """Delete the row; raises StaleVersionError when somebody changed it after it was read."""
        rows = type(self.row)._default_manager.filter(pk=self.row.pk, version=self.cleaned_data["version"])
        if not rows.delete()[0]:
            raise StaleVersionError

    def show_conflict(self) -> None:
        """Show the row as it is now; pressing again removes that."""
        self.add_error(None, _("Somebody else changed this meanwhile. Read it again before you remove it."))
        current = type(self.row)._default_manager.filter(pk=self.row.pk).first()
        self.data = self.data.copy()  # type: ignore[attr-defined]
        if current is not None:
            self.row = current
            self.data["version"] = str(current.version)  # type: ignore[index]
