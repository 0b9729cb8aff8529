"""All regions, and one: for Kuntaliitto, for each area its own, for everyone what is published."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hyte_portal.http import public_answer
from negotiations.region_page import find_region, region_context
from negotiations.regions_board import View, board, mark_of, view_of
from organizations.http import ActorRequest


@login_not_required
@require_safe
def regions(request: ActorRequest) -> HttpResponse:
    """Show where each county's round stands."""
    view = view_of(request.GET)
    mark = mark_of(request.actor, view)
    if request.user.is_authenticated:
        return _regions(request, view, mark)
    return public_answer(request, mark, lambda: _regions(request, view, mark))


def _regions(request: ActorRequest, view: View, mark: str) -> HttpResponse:
    context = {"board": board(request.actor, view, mark), "year": view.year}
    return render(request, "negotiations/regions.html", context)


@login_not_required
@require_safe
def region(request: ActorRequest, slug: str) -> HttpResponse:
    """Show the rounds of a county year by year, or the published talks of a municipality."""
    place = find_region(slug)
    return render(request, "negotiations/region.html", region_context(request.actor, place))
