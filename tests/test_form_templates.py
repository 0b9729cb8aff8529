"""One accessible field for every form, and an error summary whose links lead somewhere."""

import re

from django import forms
from django.template.loader import render_to_string
from django.utils import translation


class TryForm(forms.Form):
    title = forms.CharField(label="Title", help_text="One sentence.")
    note = forms.CharField(label="Note", required=False, max_length=500, widget=forms.Textarea)
    outcome = forms.ChoiceField(
        label="Outcome", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect(attrs={"class": "row"})
    )
    when = forms.SplitDateTimeField(label="When")
    agreed = forms.BooleanField(label="Agreed", required=False)
    key = forms.CharField(widget=forms.HiddenInput)


def test_a_field_names_describes_and_explains_itself() -> None:
    html = TryForm(data={})["title"].as_field_group()
    assert '<label for="id_title">' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html


def test_error_stands_under_the_input_and_help_over_it() -> None:
    html = TryForm(data={})["title"].as_field_group()
    places = [html.index(part) for part in ("<label", "_helptext", "<input", 'id="id_title_error"')]
    assert places == sorted(places)


def test_required_and_optional_are_said_in_words() -> None:
    with translation.override("en"):
        form = TryForm()
        assert "required</span>" in form["title"].as_field_group()
        assert "optional</span>" in form["note"].as_field_group()


def test_a_widget_keeps_its_own_class_beside_ours_and_has_only_one() -> None:
    html = str(TryForm()["outcome"])
    assert 'class="choices row"' in html
    assert all(tag.count("class=") == 1 for tag in re.findall(r"<input[^>]*>", html))


def test_every_link_of_the_error_summary_leads_to_an_element() -> None:
    form = TryForm(data={})
    links = re.findall(r'href="#([^"]+)"', render_to_string("includes/_error_summary.html", {"form": form}))
    page = form.as_div()
    assert len(links) == 3
    assert not [link for link in links if f'id="{link}"' not in page]


def test_an_error_of_a_hidden_field_is_told_without_a_link() -> None:
    form = TryForm(data={"title": "x", "outcome": "a", "when_0": "2026-01-01", "when_1": "10:00"})
    summary = render_to_string("includes/_error_summary.html", {"form": form})
    assert "<li>" in summary
    assert "href=" not in summary


def test_parts_of_date_and_time_have_labels() -> None:
    html = TryForm()["when"].as_field_group()
    assert "<legend>" in html
    assert 'for="id_when_0"' in html
    assert 'for="id_when_1"' in html


def test_a_hidden_input_is_not_dressed() -> None:
    assert "class=" not in str(TryForm()["key"])


def test_text_with_a_limit_shows_what_is_left() -> None:
    assert 'data-chars="id_note"' in TryForm()["note"].as_field_group()
