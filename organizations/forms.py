"""What people type in about people, posts and organisations."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hyte_portal.text import plain, refuse_control_characters
from organizations.additions import LOCAL_KINDS, add_local, likely_doubles
from organizations.models import DUTY_WORDS, Duty, Membership, Organization, Post, User
from organizations.preferences import mutable_kinds

LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]


class LineField(forms.CharField):
    """One line of plain text: unified letters, nothing invisible."""

    default_validators = [refuse_control_characters]

    def to_python(self, value: Any) -> str:
        """Return the text as it will be kept."""
        return " ".join(plain(super().to_python(value) or "").split("\n"))


class DutiesField(forms.TypedMultipleChoiceField):
    """One or more duties, each with what it means."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Duties"),
            choices=[(duty.value, f"{duty.label}: {DUTY_WORDS[duty]}") for duty in Duty],
            coerce=Duty,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one duty.")},
        )


class InvitationForm(forms.Form):
    """Whom an organisation invites, to what."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    duties = DutiesField()
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=LANGUAGES)

    def __init__(self, organization: Organization, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"language": organization.languages[0]})
        super().__init__(*args, **kwargs)
        self.organization = organization

    def clean(self) -> dict[str, Any]:
        """Refuse to invite somebody to what she has already."""
        data = super().clean() or {}
        here = Membership.objects.current().filter(organization=self.organization, only_rounds=[])
        for row in here.filter(person__email__iexact=data.get("email", "")):
            if {duty.value for duty in data.get("duties", [])} <= set(row.duties):
                self.add_error("email", _("This person has these duties already."))
        return data


class MembershipForm(forms.Form):
    """A person's duties and their last day, over the version that was read."""

    duties = DutiesField()
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave empty when no end is known."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, membership: Membership, *args: Any, **kwargs: Any) -> None:
        initial = {"duties": membership.duties, "until": membership.until, "version": membership.version}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.membership = membership

    def clean_until(self) -> date | None:
        """Refuse a last day before the first."""
        until: date | None = self.cleaned_data["until"]
        if until and until < self.membership.since:
            raise ValidationError(_("The last day is before the first one."))
        return until


class PostForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A post's titles and present holder."""

    title_fi = LineField(label=_("Title in Finnish"), max_length=160, required=False)
    title_sv = LineField(label=_("Title in Swedish"), max_length=160, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Post
        fields = ["title_fi", "title_sv", "holder"]
        labels = {"holder": _("Holder now")}

    def __init__(self, organization: Organization, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.organization = organization
        self.fields["version"].initial = self.instance.version
        holders = Membership.objects.current().filter(organization=organization).select_related("person")
        holder = self.fields["holder"]
        holder.queryset = holders.order_by("person__name")  # type: ignore[attr-defined]
        holder.label_from_instance = lambda row: str(row.person)  # type: ignore[attr-defined]
        holder.empty_label = _("Nobody now")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for a title, and for one that the organisation doesn't have yet."""
        data = super().clean() or {}
        titles = {name: data.get(name, "") for name in ("title_fi", "title_sv")}
        if not any(titles.values()):
            raise ValidationError(_("Give the post a title in one language at least."))
        same = Post.objects.filter(organization=self.instance.organization, **titles)
        if same.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("The organisation has this post already."))
        return data

    def save_over(self) -> Post:
        """Write the post; raises StaleVersionError when somebody else changed it meanwhile."""
        post: Post = self.instance
        if post.pk is None:
            post.save()
        else:
            post.save_over(self.cleaned_data["version"], self.Meta.fields)
        return post


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """How a person is called and written to."""

    name = LineField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    muted_mails = forms.MultipleChoiceField(
        label=_("Don't send me"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields = ["name", "language", "muted_mails"]
        labels = {"language": _("Language of mails")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = mutable_kinds()
        if kinds:
            self.fields["muted_mails"].choices = kinds  # type: ignore[attr-defined]
        else:
            del self.fields["muted_mails"]


class NewAccountForm(forms.Form):
    """What an invited person without an account gives."""

    name = LineField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language of mails"), choices=LANGUAGES)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=password_validators_help_text_html,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        """Refuse a password that is short, common or like the person's name."""
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return password


class LocalOrganizationForm(forms.Form):
    """A local organisation to be added; likely doubles are shown first."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in LOCAL_KINDS])
    name_fi = LineField(label=_("Name in Finnish"), max_length=200, required=False)
    name_sv = LineField(label=_("Name in Swedish"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Works in"), choices=Organization.LanguageStatus.choices)
    areas = forms.ModelMultipleChoiceField(
        label=_("Works in the area of"),
        queryset=Organization.objects.conveners(),
        widget=forms.CheckboxSelectMultiple,
    )
    confirmed = forms.BooleanField(label=_("None of these is the one I mean"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["areas"].queryset = Organization.objects.conveners().by_name()  # type: ignore[attr-defined]
        self.doubles: list[Organization] = []

    def clean(self) -> dict[str, Any]:
        """Ask for a name, and for a look at the likely doubles."""
        data = super().clean() or {}
        names = [name for name in (data.get("name_fi", ""), data.get("name_sv", "")) if name]
        if not names:
            raise ValidationError(_("Give the organisation a name in one language at least."))
        self.doubles = likely_doubles(*names)
        if self.doubles and not data.get("confirmed"):
            self.fields["confirmed"].widget = forms.CheckboxInput()
            raise ValidationError(_("There are organisations with a name like this. Check them first."))
        return data

    def save(self, by: User | None) -> Organization:
        """Add the organisation."""
        data = self.cleaned_data
        names = data["name_fi"], data["name_sv"]
        return add_local(data["kind"], *names, data["language"], data["areas"], by)
