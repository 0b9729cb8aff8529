"""A round on one guided page."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm, BoundField, CheckboxSelectMultiple, MultipleChoiceField
from django.utils.translation import gettext_lazy as _

from hyte_portal.dates import today
from hyte_portal.forms import DATE_WIDGET, VersionedForm
from negotiations.lifecycle import FROM_INVITED
from negotiations.models import PHASES, Round
from negotiations.phase_dates import default_phase_dates
from negotiations.vocabulary import RoundForm
from organizations.models import Organization

LANGUAGE_CHOICES = [("fi", _("Finnish")), ("sv", _("Swedish"))]
_PHASE_FIELDS = [field for field, _words in PHASES]


class RoundEditForm(VersionedForm[Round]):
    """Name, form, languages, themes, dates. The year and basis can't change once the round is made."""

    forms = MultipleChoiceField(
        label=_("Who sit together"), choices=RoundForm.choices, widget=CheckboxSelectMultiple,
        help_text=_("A round may have several forms, e.g. groups of municipalities and a talk with associations apart."),
    )  # fmt: skip
    languages = MultipleChoiceField(
        label=_("Languages of the record"), choices=LANGUAGE_CHOICES, widget=CheckboxSelectMultiple,
        help_text=_("Each text can be written in these languages, and the memo is made in each of them."),
    )  # fmt: skip

    class Meta:
        model = Round
        fields = [
            "year", "year_of_effect", "basis", "name_fi", "name_sv", "forms", "languages", "themes", "record_type",
            "comment_days", *_PHASE_FIELDS,
        ]  # fmt: skip
        widgets = {
            "themes": CheckboxSelectMultiple(attrs={"class": "many"}),
            **dict.fromkeys(_PHASE_FIELDS, DATE_WIDGET),
        }
        labels = {"themes": _("Themes"), **dict(PHASES)}
        help_texts = {
            "name_fi": _("The county's own name for the round. Empty: Hyte-neuvottelut and the year."),
            "year_of_effect": _("The year for which measures are agreed; often the next one."),
            "comment_days": _("How long the parties may comment on the memo draft. 0 = no comment phase."),
            "record_type": _("A memo suits most talks. Minutes belong to a talk that a standing board holds."),
        }

    def __init__(self, *args: Any, convener: Organization, **kwargs: Any) -> None:
        self.convener = convener
        super().__init__(*args, **kwargs)
        self.warnings: list[str] = []
        for name in ("year", "year_of_effect"):
            if name in self.fields:
                self.fields[name].widget.attrs.update({"min": 2020, "max": 2100, "inputmode": "numeric"})
        if self.instance.pk:
            for name in ("year", "basis"):
                del self.fields[name]
        if self.instance.pk and self.instance.negotiations.filter(state__in=FROM_INVITED).exists():
            # After the first invitation, form and languages change only by an act that first shows what it will do.
            for name in ("forms", "languages"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Can't be changed after the first invitation.")

    def _again(self, instance: Round) -> dict[str, Any]:
        return {"instance": instance, "convener": self.convener}

    def phase_fields(self) -> Iterator[BoundField]:
        """Return the date fields in the year's order."""
        return (self[name] for name in _PHASE_FIELDS)

    def clean_year(self) -> int:
        """One round a year on the same legal basis."""
        year: int = self.cleaned_data["year"]
        if not 2020 <= year <= 2100:
            raise ValidationError(_("Write the year with four digits, e.g. %(year)s."), params={"year": today().year})
        return year

    def clean(self) -> dict[str, Any]:
        """Hold the dates against each other; a date outside the round's years is only warned about."""
        cleaned = super().clean() or {}
        _in_order(self, cleaned, "preparation_from", "preparation_until", _("Preparation can't end before it begins."))
        _in_order(self, cleaned, "talks_from", "talks_until", _("The negotiations can't end before they begin."))
        year, basis = cleaned.get("year"), cleaned.get("basis")
        if year and basis and Round.objects.filter(convener=self.convener, year=year, basis=basis).exists():
            self.add_error("year", _("There is already a round of this year on this legal basis."))
        year = year or self.instance.year
        talks = cleaned.get("talks_from")
        if year and talks and talks.year != year:
            self.warnings.append(
                str(_("The negotiations begin in another year than the round's. Check that it is meant."))
            )
        return cleaned


def _in_order(form: BaseForm, cleaned: dict[str, Any], first: str, last: str, message: Any) -> None:
    if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
        form.add_error(last, message)


def initial_for(convener: Organization) -> dict[str, Any]:
    """Return what a new round starts from: this year, the convener's languages, default dates."""
    year = today().year
    helsinki = convener.codes.filter(classification="municipality").exists()
    return {
        "year": year,
        "year_of_effect": year + 1,
        "basis": "6" if helsinki else "7",
        "languages": list(convener.languages),
        "forms": [RoundForm.JOINT.value],
        **default_phase_dates(year),
    }
