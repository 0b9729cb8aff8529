"""What every form of the portal does: clean text, two languages side by side, saving over the version that was read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hyte_portal.localized import CONTENT_LANGUAGES
from hyte_portal.models import Versioned
from hyte_portal.text import LONG_TEXT, plain, refuse_control_characters

IN_LANGUAGE: Final = {"fi": _("in Finnish"), "sv": _("in Swedish")}


class CleanTextMixin(forms.BaseForm):
    """Text fields are unified and refuse what can't be seen; long texts have a limit that is said at the field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                _clean_text(field)


def _clean_text(field: forms.CharField) -> None:
    # Django's own NUL check says the same in other words; ours names the place.
    field.validators = [v for v in field.validators if type(v).__name__ != "ProhibitNullCharactersValidator"]
    field.validators.insert(0, refuse_control_characters)
    if field.max_length is None:
        field.max_length = LONG_TEXT
        field.validators.append(_not_too_long)
    if not isinstance(field.widget, forms.HiddenInput):
        # A paste is never cut silently: the server says what is too long.
        field.widget.attrs.pop("maxlength", None)
        field.widget.attrs["data-most"] = field.max_length
    field.to_python = _unified(field.to_python)  # type: ignore[method-assign]


def _unified(to_python: Any) -> Any:
    def unify(value: Any) -> Any:
        text = to_python(value)
        return plain(text) if isinstance(text, str) else text

    return unify


def _not_too_long(text: str) -> None:
    if len(text) > LONG_TEXT:
        raise ValidationError(
            _("The text has %(length)d characters; at most %(most)d fit. Shorten it, or attach it as a file."),
            code="max_length",
            params={"length": len(text), "most": LONG_TEXT},
        )


class LanguagePairsMixin(forms.BaseForm):
    """`<name>_fi` and `<name>_sv` beside each other; only the languages in use are asked.

    `pairs` gives the words of each pair, `required_pairs` those that need at least one language.
    """

    pairs: ClassVar[dict[str, Any]] = {}
    required_pairs: ClassVar[tuple[str, ...]] = ()

    def use_languages(self, languages: Sequence[str]) -> None:
        """Keep the fields of these languages and label them."""
        several = len(set(languages) & set(CONTENT_LANGUAGES)) > 1
        for name, words in self.pairs.items():
            for language in CONTENT_LANGUAGES:
                field = self.fields.get(f"{name}_{language}")
                if field is None:
                    continue
                if language not in languages and not self.initial.get(f"{name}_{language}"):
                    del self.fields[f"{name}_{language}"]
                    continue
                field.label = format_lazy("{} ({})", words, IN_LANGUAGE[language]) if several else words
                field.widget.attrs["lang"] = language
                field.required = name in self.required_pairs and not several

    def missing_pairs(self) -> Iterable[str]:
        """Return the first field of each required pair that is empty in every language."""
        for name in self.required_pairs:
            fields = [f"{name}_{language}" for language in CONTENT_LANGUAGES if f"{name}_{language}" in self.fields]
            given = [self.cleaned_data.get(field) for field in fields]
            if fields and not any(given) and not any(field in self.errors for field in fields):
                yield fields[0]

    def clean(self) -> dict[str, Any] | None:
        """Ask for at least one language of each required pair."""
        cleaned = super().clean()
        for field in self.missing_pairs():
            self.add_error(field, _("Write this at least in one language."))
        return cleaned


Row = TypeVar("Row", bound=Versioned)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else saved in another form: theirs beside mine."""

    label: str
    theirs: str
    mine: str


class VersionedForm(CleanTextMixin, forms.ModelForm, Generic[Row]):  # type: ignore[type-arg]
    """A form that saves over the version that was read; a missing version is refused, a stale one is a conflict."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": _("The form has no version. Open the page again.")}
    )
    instance: Row

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences: list[Difference] = []
        if self.instance.pk is None:
            del self.fields["version"]
        else:
            self.initial["version"] = self.instance.version

    def save_over(self, also: Iterable[str] = ()) -> Row:
        """Write a new row, or the changed fields over the version that was read.

        Raises StaleVersionError when somebody else saved in between; nothing is written then.
        """
        if self.instance.pk is None:
            self.instance.save()
        else:
            self.instance.save_over(self.cleaned_data["version"], [*self._plain_fields(), *also])
        self._save_m2m()  # type: ignore[attr-defined]
        return self.instance

    def _plain_fields(self) -> list[str]:
        many = {field.name for field in self.instance._meta.many_to_many}
        columns = {field.name for field in self.instance._meta.concrete_fields}
        return [name for name in self.fields if name in columns - many - {"version"}]

    def show_conflict(self) -> None:
        """Show both texts: mine stay in the form, theirs stand beside; sending again saves over theirs knowingly."""
        manager: models.Manager[Row] = type(self.instance)._default_manager
        theirs = manager.get(pk=self.instance.pk)
        other = type(self)(**self._again(theirs))
        for name in self._plain_fields():
            mine_shown, theirs_shown = self._shown(self[name].value()), self._shown(other.initial.get(name))
            if mine_shown != theirs_shown:
                self.differences.append(
                    Difference(str(self[name].label), self._words(name, theirs_shown), self._words(name, mine_shown))
                )
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data[self.add_prefix("version")] = str(theirs.version)  # type: ignore[index]

    def _again(self, instance: Row) -> dict[str, Any]:
        """Return what the same form needs for another state of its row; forms with more arguments extend it."""
        return {"instance": instance}

    @staticmethod
    def _shown(value: Any) -> str:
        if value is None:
            return ""
        return plain(str(getattr(value, "pk", value)))

    def _words(self, name: str, value: str) -> str:
        """Return a choice by its words."""
        choices = getattr(self.fields[name], "choices", None)
        if choices is None:
            return value
        return next((str(label) for key, label in choices if str(getattr(key, "value", key)) == value), value)


def date_field(**options: Any) -> forms.DateField:
    """Return a date field with the browser's own calendar."""
    return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)


def time_field(**options: Any) -> forms.TimeField:
    """Return a clock field."""
    return forms.TimeField(widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **options)


DATE_WIDGET: Final = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
