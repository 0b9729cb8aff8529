"""Why a statutory subject has no entry."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hyte_portal.forms import LanguagePairsMixin, VersionedForm
from negotiations.models import Negotiation

_FIELDS = [
    f"no_{code}_{language}" for code in ("goals", "measures", "cooperation", "follow_up") for language in ("fi", "sv")
]


class ReasonsForm(LanguagePairsMixin, VersionedForm[Negotiation]):
    """One reason for each of the four subjects; empty where there are entries."""

    pairs = {
        "no_goals": _("Why are there no goals?"),
        "no_measures": _("Why are there no measures?"),
        "no_cooperation": _("Why is nothing agreed on cooperation?"),
        "no_follow_up": _("Why is nothing agreed on follow-up?"),
    }

    class Meta:
        model = Negotiation
        fields = _FIELDS
        widgets = dict.fromkeys(_FIELDS, forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, talk: Negotiation, **kwargs: Any) -> None:
        self.talk = talk
        super().__init__(*args, **kwargs)
        self.use_languages(talk.languages)

    def _again(self, instance: Negotiation) -> dict[str, Any]:
        return {"instance": instance, "talk": self.talk}
