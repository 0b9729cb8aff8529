"""Content that exists in Finnish and Swedish side by side: what to show, and how to say that a version is missing."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

CONTENT_LANGUAGES = ("fi", "sv")


@dataclass(frozen=True, slots=True)
class Localized:
    """A text as shown: its words, their language, and whether the reader's own language is missing."""

    text: str
    language: str
    fallback: bool

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def localized(row: Any, field: str, language: str | None = None) -> Localized:
    """Return a row's `<field>_fi` or `<field>_sv` for the reader, with fallback to the other one."""
    return chosen(getattr(row, f"{field}_fi"), getattr(row, f"{field}_sv"), language)


def chosen(text_fi: str, text_sv: str, language: str | None = None) -> Localized:
    """Choose between two language versions; English readers get the Finnish one first, unmarked."""
    wanted = language or get_language() or "fi"
    first = ("sv", text_sv, text_fi) if wanted == "sv" else ("fi", text_fi, text_sv)
    if first[1] or not first[2]:
        return Localized(first[1], first[0], fallback=False)
    other = "fi" if first[0] == "sv" else "sv"
    return Localized(first[2], other, fallback=True)
