"""A negotiation's own facts: title, parties, time, place, link, record."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hyte_portal.dates import at, local, today
from hyte_portal.forms import DATE_WIDGET, CleanTextMixin, LanguagePairsMixin, VersionedForm, date_field, time_field
from negotiations.forms.owners import short_name
from negotiations.models import Negotiation, Round
from organizations.models import Membership, Organization, User
from organizations.models.organization import name_order


class TimeFieldsMixin(forms.Form):
    """A day and two clock times in Helsinki."""

    day = date_field(label=_("Day"), required=False)
    begins = time_field(label=_("Begins at"), required=False)
    ends = time_field(label=_("Ends at"), required=False)

    def clean(self) -> dict[str, Any]:
        """Join day and times; the end comes after the beginning."""
        cleaned = super().clean() or {}
        day, begins, ends = cleaned.get("day"), cleaned.get("begins"), cleaned.get("ends")
        if day and not begins and "begins" not in self.errors:
            self.add_error("begins", _("Write when the negotiation begins."))
        if (begins or ends) and not day and "day" not in self.errors:
            self.add_error("day", _("Write the day."))
        if begins and ends and ends <= begins:
            self.add_error("ends", _("The end must be later than the beginning."))
        cleaned["starts_at"] = at(day, begins) if day and begins else None
        cleaned["ends_at"] = at(day, ends) if day and begins and ends else None
        return cleaned


def time_initial(starts_at: datetime | None, ends_at: datetime | None) -> dict[str, Any]:
    """Return the initial values of the time fields."""
    if starts_at is None:
        return {}
    begins = local(starts_at)
    return {"day": begins.date(), "begins": begins.time(), "ends": local(ends_at).time() if ends_at else None}


def outside_year(round_: Round, day: date | None) -> str:
    """Return a warning when the day isn't in the round's year, else nothing."""
    if day and day.year != round_.year:
        return str(
            _("The date is in %(year)d, the round is of %(round)d. Check that it is meant.")
            % {"year": day.year, "round": round_.year}
        )
    return ""


class TalkForm(LanguagePairsMixin, TimeFieldsMixin, VersionedForm[Negotiation]):
    """The facts of a talk. After the invitation the time changes by an act that tells the parties."""

    pairs = {"title": _("Title"), "place": _("Place")}
    required_pairs = ("title",)
    languages = forms.MultipleChoiceField(label=_("Languages"), widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Negotiation
        fields = [
            "title_fi", "title_sv", "languages", "place_fi", "place_sv", "remote_link", "chair", "secretary",
            "secretary_title", "record_type", "registry_number", "preparation_until", "public_from", "handled_by",
            "next_talk_on",
        ]  # fmt: skip
        widgets = dict.fromkeys(("preparation_until", "public_from", "handled_by", "next_talk_on"), DATE_WIDGET)
        labels = {"secretary": _("Secretary")}
        help_texts = {
            "chair": _("Name and post, as they stand in the memo."),
            "preparation_until": _("Empty: the round's date."),
            "public_from": _("Empty: you publish by hand. The next working day after confirming at the earliest."),
            "registry_number": _("Free text, as your own registry writes it."),
            "remote_link": _("Starts with https://"),
        }

    field_order = ["title_fi", "title_sv", "languages", "day", "begins", "ends"]

    def __init__(self, *args: Any, round_: Round, time_is_free: bool, **kwargs: Any) -> None:
        self.round, self.time_is_free = round_, time_is_free
        instance = kwargs.get("instance")
        initial = {
            "languages": round_.languages,
            "record_type": round_.record_type,
            **(time_initial(instance.starts_at, instance.ends_at) if instance else {}),
            **(kwargs.pop("initial", None) or {}),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.warnings: list[str] = []
        languages = self.fields["languages"]
        assert isinstance(languages, forms.MultipleChoiceField)  # noqa: S101 - declared above
        words = {"fi": _("Finnish"), "sv": _("Swedish")}
        languages.choices = [(code, words[code]) for code in round_.languages]
        if len(round_.languages) < 2:
            del self.fields["languages"]
        self.use_languages(round_.languages)
        self.fields["secretary"].queryset = _people_of(round_.convener, self.instance.secretary_id)  # type: ignore[attr-defined]
        if not time_is_free:
            for name in ("day", "begins", "ends"):
                del self.fields[name]

    def _again(self, instance: Negotiation) -> dict[str, Any]:
        return {"instance": instance, "round_": self.round, "time_is_free": self.time_is_free}

    def clean(self) -> dict[str, Any]:
        """Carry the joined time to the row; warn about another year."""
        cleaned = super().clean() or {}
        warning = outside_year(self.round, cleaned.get("day"))
        if warning:
            self.warnings.append(warning)
        return cleaned

    def save_over(self, also: Any = ()) -> Negotiation:
        """Save with time and languages; a new talk belongs to the round."""
        names = list(also)
        if self.time_is_free:
            self.instance.starts_at, self.instance.ends_at = (
                self.cleaned_data["starts_at"],
                self.cleaned_data["ends_at"],
            )
            names += ["starts_at", "ends_at"]
        if self.instance.pk is None:
            self.instance.round, self.instance.convener = self.round, self.round.convener
            self.instance.year = self.round.year
            self.instance.languages = self.cleaned_data.get("languages") or self.round.languages
        return super().save_over(names)


def _people_of(organization: Organization, chosen: int | None) -> Any:
    """Return the organisation's people, and who was chosen already even if she has left it."""
    members = Membership.objects.current().filter(organization=organization).values("person")
    return User.objects.filter(Q(pk__in=members) | Q(pk=chosen)).order_by("name", "email")


class FirstPartiesForm(CleanTextMixin, forms.Form):
    """Which municipalities a new talk is for; other parties are added on its own page."""

    municipalities = forms.ModelMultipleChoiceField(
        label=_("Municipalities at the table"), queryset=Organization.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
    )  # fmt: skip

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipalities"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - declared above
        field.queryset = (
            Organization.objects.valid_on(today())
            .filter(kind=Organization.Kind.MUNICIPALITY, county=round_.convener)
            .exclude(pk=round_.convener_id)
            .order_by(name_order())
        )
        field.label_from_instance = short_name  # type: ignore[method-assign,assignment]
