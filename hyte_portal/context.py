"""What every page's frame needs: menu, languages, the acting organisation."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from hyte_portal.menu import menu_for

LANGUAGE_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """A language that the page can be switched to."""

    code: str
    label: str
    url: str
    current: bool


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's variables."""
    shown = get_language()
    actor = getattr(request, "actor", None)
    return {
        "menu": menu_for(request),
        "actor": actor if actor and actor.organization else None,
        "other_actors": getattr(request, "other_actors", []),
        "languages": [
            LanguageLink(code, label, translate_url(request.get_full_path(), code), code == shown)
            for code, label in LANGUAGE_NAMES.items()
        ],
        "demo": settings.DEMO,
    }
