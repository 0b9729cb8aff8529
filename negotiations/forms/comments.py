"""A remark of a party."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hyte_portal.forms import CleanTextMixin
from negotiations.models import Comment, Measure, Negotiation
from organizations.actors import Actor


class CommentForm(CleanTextMixin, forms.ModelForm):  # type: ignore[type-arg]
    """On the whole negotiation or a measure; read by the own organisation unless the table is chosen."""

    class Meta:
        model = Comment
        fields = ["text", "measure", "reach"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5}), "reach": forms.RadioSelect(attrs={"class": "row"})}
        labels = {"measure": _("About")}

    def __init__(self, *args: Any, talk: Negotiation, actor: Actor, **kwargs: Any) -> None:
        self.talk, self.actor = talk, actor
        super().__init__(*args, **kwargs)
        measure = self.fields["measure"]
        assert isinstance(measure, forms.ModelChoiceField)  # noqa: S101 - a foreign key of the row
        measure.to_field_name = "public_id"
        measure.queryset = Measure.objects.shared().filter(negotiation=talk).order_by("position", "pk")
        measure.empty_label = _("The whole negotiation")

    def write(self) -> Comment:
        """Keep the comment for the organisation that the actor acts for."""
        row: Comment = self.instance
        assert self.actor.organization is not None  # noqa: S101 - RULES let only members write
        row.negotiation, row.organization, row.person = self.talk, self.actor.organization, self.actor.person
        row.save()
        return row
