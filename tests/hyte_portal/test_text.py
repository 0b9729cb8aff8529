"""Free text: the subset of Markdown, what is refused, and nothing that acts in a browser."""

import pytest
from django.core.exceptions import ValidationError

from hyte_portal.text import plain, refuse_control_characters, render_markdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("kaksi\nriviä", "<p>kaksi<br>\nriviä</p>\n"),
        ("kappale\n\ntoinen", "<p>kappale</p>\n<p>toinen</p>\n"),
        ("**lihava**", "<p><strong>lihava</strong></p>\n"),
        ("- yksi\n- kaksi", "<ul>\n<li>yksi</li>\n<li>kaksi</li>\n</ul>\n"),
        ("1. yksi\n2. kaksi", "<ol>\n<li>yksi</li>\n<li>kaksi</li>\n</ol>\n"),
        ("# ei otsikkoa", "<p># ei otsikkoa</p>\n"),
        ("", ""),
    ],
)
def test_paragraphs_lists_and_bold_are_drawn(text: str, html: str) -> None:
    assert render_markdown(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[linkki](javascript:alert(1))",
        "![kuva](https://example.org/x.png)",
        "<a href='https://example.org'>x</a>",
        "<svg/onload=alert(1)>",
        "**<b onclick=x>**",
        "<https://example.org>",
    ],
)
def test_nothing_else_becomes_html(text: str) -> None:
    html = render_markdown(text)
    for piece in ("<script", "<img", "<a", "<svg", "onclick=x>", "href="):
        assert piece not in html.replace("&lt;", "").replace("href='", "")


def test_indented_lines_stay_text() -> None:
    assert "<code>" not in render_markdown("    sisennetty")


def test_line_ends_and_letters_are_unified() -> None:
    assert plain("  a\r\nb\rc \u0308") == "a\nb\nc \u0308"
    assert plain("a\u0308iti") == "äiti"


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\u2028", "\uffff"])
def test_what_can_not_be_seen_is_refused_with_its_place(character: str) -> None:
    with pytest.raises(ValidationError) as refused:
        refuse_control_characters(f"abc{character}def")
    assert "4" in refused.value.messages[0]


@pytest.mark.parametrize("text", ["sarkain\t", "rivi\nrivi", "emoji 👩‍⚕️", "ääkköset", "tavu\u00adviiva"])
def test_what_people_type_and_paste_is_taken(text: str) -> None:
    refuse_control_characters(text)
