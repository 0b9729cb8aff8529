"""What every form does: clean text, two languages, versions."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from hyte_portal.forms import CleanTextMixin, LanguagePairsMixin
from hyte_portal.models import StaleVersionError
from hyte_portal.text import LONG_TEXT
from negotiations.forms.talks import TalkForm
from negotiations.models import Negotiation
from organizations.models import Organization
from tests.talks import make_round, make_talk


class NoteForm(CleanTextMixin, forms.Form):
    title = forms.CharField(max_length=20)
    note = forms.CharField(required=False, widget=forms.Textarea)


def errors(**data: str) -> dict[str, list[str]]:
    with translation.override("en"):
        return {name: [str(error) for error in found] for name, found in NoteForm(data).errors.items()}


def test_text_is_unified_as_typed() -> None:
    form = NoteForm({"title": " a\u0308iti ", "note": "a\r\nb"})
    assert form.is_valid()
    assert form.cleaned_data == {"title": "äiti", "note": "a\nb"}


@pytest.mark.parametrize("field", ["title", "note"])
def test_a_control_character_is_refused_at_its_field_with_its_place(field: str) -> None:
    data = {"title": "otsikko"} | {field: "ab\x00c"}
    assert errors(**data) == {
        field: ["The text has an invisible control character at position 3. Remove it and send again."]
    }


def test_a_long_text_is_refused_with_both_numbers_and_never_cut() -> None:
    [message] = errors(title="x", note="a" * 100_000)["note"]
    assert "100000" in message
    assert str(LONG_TEXT) in message
    assert NoteForm({"title": "x", "note": "a" * 100_000})["note"].value() == "a" * 100_000
    assert "maxlength" not in str(NoteForm()["title"])


def test_a_text_of_the_longest_length_is_taken() -> None:
    assert errors(title="x", note="a" * LONG_TEXT) == {}


class PairForm(LanguagePairsMixin, forms.Form):
    title_fi = forms.CharField(required=False)
    title_sv = forms.CharField(required=False)
    pairs = {"title": "Title"}
    required_pairs = ("title",)


def pair_form(languages: list[str], **data: str) -> PairForm:
    form = PairForm(data)
    form.use_languages(languages)
    return form


def test_only_the_languages_in_use_are_asked() -> None:
    assert list(pair_form(["fi"]).fields) == ["title_fi"]
    with translation.override("en"):
        assert str(pair_form(["fi", "sv"]).fields["title_sv"].label) == "Title (in Swedish)"
        assert str(pair_form(["sv"]).fields["title_sv"].label) == "Title"


def test_one_language_of_a_required_pair_is_enough() -> None:
    assert pair_form(["fi", "sv"], title_sv="Rubrik").is_valid()
    assert set(pair_form(["fi", "sv"]).errors) == {"title_fi"}
    assert set(pair_form(["sv"]).errors) == {"title_sv"}


@pytest.fixture
def talk(county: Organization) -> Negotiation:
    return make_talk("held", of=make_round(county, languages=["fi", "sv"]), title_fi="Vanha", title_sv="Gammal")


def talk_form(talk: Negotiation, **data: Any) -> TalkForm:
    data = {"title_fi": "Uusi", "languages": ["fi", "sv"], "record_type": "memo", "version": talk.version} | data
    return TalkForm(data, instance=talk, round_=talk.round, time_is_free=False)


def test_saving_raises_the_version_and_keeps_other_columns(talk: Negotiation) -> None:
    Negotiation.objects.filter(pk=talk.pk).update(state="memo_draft")
    form = talk_form(talk)
    assert form.is_valid(), form.errors
    form.save_over()
    talk.refresh_from_db()
    assert (talk.title_fi, talk.version, talk.state) == ("Uusi", 2, "memo_draft")


def test_a_conflict_lists_what_differs_and_keeps_mine_in_the_form(talk: Negotiation) -> None:
    form = talk_form(talk, chair="Minun puheenjohtajani")
    assert form.is_valid()
    Negotiation.objects.filter(pk=talk.pk).update(title_fi="Heidän", chair="Heidän puheenjohtajansa", version=7)
    with pytest.raises(StaleVersionError):
        form.save_over()
    form.show_conflict()
    shown = {(one.theirs, one.mine) for one in form.differences}
    assert {("Heidän", "Uusi"), ("Heidän puheenjohtajansa", "Minun puheenjohtajani")} <= shown
    assert form["title_fi"].value() == "Uusi"
    assert form["version"].value() == "7"


def test_a_version_that_is_no_number_is_refused(talk: Negotiation) -> None:
    for version in ("", "x", "1.5", "99999999999999999999"):
        form = talk_form(talk, version=version)
        refused = not form.is_valid()
        if not refused:
            with pytest.raises(StaleVersionError):
                form.save_over()


def test_the_refusal_of_a_field_is_a_validation_error() -> None:
    with pytest.raises(ValidationError):
        NoteForm().fields["title"].clean("a\x1bb")
