"""Free text: plain text in a small Markdown subset, and the only way from it to HTML."""

import re
import unicodedata
from typing import Final

import nh3
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt

LONG_TEXT: Final = 20_000
_MARKDOWN: Final = (
    MarkdownIt("zero", {"breaks": True, "html": False})
    .enable(["list", "emphasis", "escape", "newline"])
    .disable("code")
)
_TAGS: Final = {"p", "br", "strong", "em", "ul", "ol", "li"}


def render_markdown(text: str) -> SafeString:
    """Render paragraphs, "-" and "1." lists and bold; everything else stays text."""
    if not text:
        return SafeString("")
    clean = nh3.clean(_MARKDOWN.render(text), tags=_TAGS, attributes={}, url_schemes=set())
    return mark_safe(clean)  # noqa: S308 - the one place, after nh3


def plain(text: str) -> str:
    """Return the text as typed on one form: unified line ends and letters, no invisible tail."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufffe\uffff]")


def refuse_control_characters(text: str) -> None:
    """Refuse characters that can't be seen and can't be stored or printed.

    Raises ValidationError with the place of the first one.
    """
    found = _CONTROL.search(text)
    if found:
        raise ValidationError(
            _("The text has an invisible control character at position %(place)d. Remove it and send again."),
            code="control_character",
            params={"place": found.start() + 1},
        )
