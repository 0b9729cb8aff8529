"""Who owns: an organisation and a post in it, chosen or written."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from hyte_portal.dates import today
from negotiations.models import Negotiation
from organizations.models import Organization, Post
from organizations.models.organization import OrganizationQuerySet, name_order


def full_name(row: Organization) -> str:
    """Return an organisation's name for a select."""
    return row.name


def short_name(row: Organization) -> str:
    """Return an organisation's short name for a list of boxes."""
    return row.short


def possible_owners(talk: Negotiation, *, current: int | None = None) -> OrganizationQuerySet:
    """Return whom a measure may name: parties first, then the county's municipalities and associations."""
    parties = talk.participations.values("organization")
    area = Q(county=talk.convener_id) | Q(areas=talk.convener_id) | Q(pk=talk.convener_id)
    valid = Organization.objects.valid_on(today()).values("pk")
    rows = Organization.objects.filter(Q(pk__in=parties) | area).filter(Q(pk__in=valid) | Q(pk=current)).distinct()
    at_table = Case(When(pk__in=parties, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.annotate(place=at_table).order_by("place", name_order(), "pk")


class OwnerFieldsMixin(forms.ModelForm):  # type: ignore[type-arg]
    """An `owner` select and a written `owner_post_title`, made a post of that organisation on saving."""

    owner_post_title = forms.CharField(
        label=_("Owner's post"),
        max_length=160,
        required=False,
        help_text=_("A post, e.g. head of youth services: the promise stays when the person changes."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - a foreign key's field
        talk: Negotiation = self.talk  # type: ignore[attr-defined]  # set by ProposalForm, which stands beside in the forms
        field.queryset = possible_owners(talk, current=self.instance.owner_id)
        field.empty_label = _("Not chosen yet")
        field.label_from_instance = full_name  # type: ignore[method-assign,assignment]
        if self.instance.owner_post_id:
            self.initial["owner_post_title"] = str(self.instance.owner_post.title)

    def clean(self) -> dict[str, Any] | None:
        """A post needs its organisation."""
        cleaned = super().clean()
        if (
            self.cleaned_data.get("owner_post_title")
            and not self.cleaned_data.get("owner")
            and "owner" not in self.errors
        ):
            self.add_error("owner", _("Choose the organisation of the post."))
        return cleaned

    @transaction.atomic
    def save_over(self, also: Any = ()) -> Any:
        """Save with the post found or made."""
        self.instance.owner_post = _post(self.cleaned_data.get("owner"), self.cleaned_data.get("owner_post_title", ""))
        return super().save_over([*also, "owner_post"])  # type: ignore[misc]


def _post(organization: Organization | None, title: str) -> Post | None:
    """Find the organisation's post by its title in either language, else make it."""
    if organization is None or not title:
        return None
    known = Post.objects.filter(Q(title_fi__iexact=title) | Q(title_sv__iexact=title), organization=organization)
    found = known.order_by("pk").first()
    if found is None:
        titles: dict[str, Any] = {"title_fi": "", "title_sv": ""} | _titles(organization, title)
        found, _new = Post.objects.get_or_create(organization=organization, **titles)
    return found


def _titles(organization: Organization, title: str) -> dict[str, str]:
    return {"title_sv" if organization.languages == ("sv",) else "title_fi": title}
