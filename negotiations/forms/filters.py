"""Filters of lists: a GET form whose address is the view; a value that makes no sense filters nothing."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hyte_portal.dates import today
from negotiations.lifecycle import State
from negotiations.stages import Stage
from negotiations.vocabulary import Progress
from organizations.models import Theme

FIRST_YEAR: Final = 2023  # the wellbeing services counties, and with them the duty to negotiate, began 1.1.2023
Choices = Iterable[tuple[Any, Any]]


def years() -> list[tuple[int, int]]:
    """Return the years that can hold a round: from the first of the counties to the next one."""
    return [(year, year) for year in range(today().year + 1, FIRST_YEAR - 1, -1)]


class FilterForm(forms.Form):
    """What all filters do."""

    def value(self, name: str) -> Any:
        """Return a valid choice, or None."""
        if name not in self.fields:
            return None
        self.is_valid()
        return self.cleaned_data.get(name) or None

    @property
    def is_narrowed(self) -> bool:
        """Say whether any filter is set."""
        return any(self.value(name) for name in self.fields)


def _year(**options: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=_("Year"), coerce=int, empty_value=None, required=False, **options)


def _prefix(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search", "size": 24})
    )


class NegotiationFilter(FilterForm):
    """Year, state, county, whose turn, beginning of a name."""

    TURNS: Final = [("", _("Anyone's turn")), ("mine", _("Our turn")), ("others", _("Others' turn"))]

    year = _year()
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *State.choices])
    county = forms.ChoiceField(label=_("County"), required=False)
    turn = forms.ChoiceField(label=_("Whose turn"), required=False, choices=TURNS)
    q = _prefix(_("Name begins with"))

    def __init__(self, *args: Any, counties: list[tuple[str, str]], has_turns: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_turns:
            del self.fields["turn"]
        offer(self, "year", _("All years"), years())
        if len(counties) > 1:
            offer(self, "county", _("All counties"), counties)
        else:
            del self.fields["county"]


class MeasureFilter(FilterForm):
    """Year, theme, progress, owner, beginning of a name, own ones only."""

    year = _year()
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    progress = forms.ChoiceField(
        label=_("Progress"), required=False, choices=[("", _("Any progress")), *Progress.choices]
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    q = _prefix(_("Name begins with"))
    mine = forms.ChoiceField(
        label=_("Whose"), required=False, choices=[("", _("Everyone's")), ("1", _("Our own only"))]
    )

    def __init__(self, *args: Any, owners: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "year", _("All years"), years())
        offer(self, "theme", _("All themes"), theme_choices())
        offer(self, "owner", _("All owners"), owners)


class RegionFilter(FilterForm):
    """Year, county, theme, state of the round."""

    year = _year()
    county = forms.ChoiceField(label=_("County"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    stage = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, stages: Iterable[Stage], counties: Choices, themes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["year"]
        chosen.choices = years()
        self.initial["year"] = today().year
        offer(self, "county", _("All counties"), counties)
        offer(self, "theme", _("All themes"), themes)
        offer(self, "stage", _("All states"), [(stage.value, stage.label) for stage in stages])


def offer(form: forms.Form, name: str, all_words: Any, choices: Choices) -> None:
    """Give a field its choices, "all" first."""
    field: Any = form.fields[name]
    field.choices = [("", all_words), *choices]


def theme_choices() -> list[tuple[str, str]]:
    """Return the national themes in their order."""
    return [(theme.code, theme.name) for theme in Theme.objects.order_by("number")]
