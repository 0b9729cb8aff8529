"""The second row of the header: rooms register their places, each says who sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the menu."""

    order: int
    title: "StrPromise"
    url_name: str
    shown_to: Callable[[HttpRequest], bool]


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A place as drawn on a page."""

    title: "StrPromise"
    url: str
    current: bool


_places: list[Place] = []


def add_place(place: Place) -> None:
    """Add a place to the menu (called by a room when it is loaded)."""
    _places.append(place)
    _places.sort(key=lambda known: known.order)


def menu_for(request: HttpRequest) -> list[MenuItem]:
    """Return the places that this request's person sees; the one that the page lies under is current."""
    items = [(place.title, reverse(place.url_name)) for place in _places if place.shown_to(request)]
    under = [url for _title, url in items if request.path.startswith(url)]
    current = max(under, key=len, default="")
    return [MenuItem(title, url, url == current) for title, url in items]
