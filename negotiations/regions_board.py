"""The drawn page of all regions, kept for those who see alike until something of its year changes."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.cache import caches
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hyte_portal.dates import today
from negotiations import regions
from negotiations.forms.filters import RegionFilter, theme_choices, years
from negotiations.region_figures import figures_of
from organizations.actors import Actor

KEPT_SECONDS = 3600  # names of organisations may change without a talk changing


@dataclass(frozen=True, slots=True)
class View:
    """What the address asks for, put right."""

    year: int
    query: QueryDict


def view_of(query: QueryDict) -> View:
    """Return the view of an address: this year unless another valid one is named."""
    wanted = query.get("year", "")
    known = {str(year): year for year, _words in years()}
    return View(known.get(wanted, today().year), query)


def mark_of(actor: Actor, view: View) -> str:
    """Return a value that changes whenever the page would."""
    asked = "&".join(f"{name}={view.query.get(name, '')}" for name in ("county", "theme", "stage"))
    parts = (
        regions.view_key(actor), view.year, asked, get_language(), today(), regions.fingerprint(actor, view.year)
    )  # fmt: skip
    return sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]


def board(actor: Actor, view: View, mark: str) -> SafeString:
    """Return the drawn filters, figures and table; Redis away is a miss."""
    kept = caches["parts"].get(f"regions:{mark}")
    if kept is None:
        kept = render_to_string("negotiations/_regions_board.html", _context(actor, view))
        caches["parts"].set(f"regions:{mark}", str(kept), KEPT_SECONDS)
    return SafeString(kept)  # our own template's text


def _context(actor: Actor, view: View) -> dict[str, Any]:
    stages = regions.stages_for(actor)
    asked = view.query.copy()
    asked["year"] = str(view.year)
    theme, themes = asked.get("theme", ""), theme_choices()
    every = regions.regions_of(actor, view.year, theme if theme in dict(themes) else None)
    counties = [(region.slug, region.name) for region in every]
    filters = RegionFilter(asked, stages=stages, counties=counties, themes=themes)
    stage, county = filters.value("stage"), filters.value("county")
    return {
        "filters": filters,
        "year": view.year,
        "figures": figures_of(every, actor),
        "regions": [
            region for region in every if (not stage or region.stage == stage) and (not county or region.slug == county)
        ],
        "number": len(every),
        "is_public": not actor.is_member,
        "sees_confirmed": actor.is_national,
    }
