"""The lists of talks and of measures."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from negotiations import access, lists
from negotiations.forms.filters import MeasureFilter, NegotiationFilter
from negotiations.keyset import keyset_page
from organizations.http import ActorRequest


@require_safe
def negotiation_list(request: ActorRequest) -> HttpResponse:
    """Show the talks that the actor may see, by filters."""
    filters = NegotiationFilter(
        request.GET, counties=lists.counties_of(request.actor), has_turns=not request.actor.is_national
    )
    page = keyset_page(lists.talk_rows(request.actor, filters), request.GET, lists.TALK_KEY)
    context = {
        "filters": filters,
        "page": page,
        "talks": lists.talk_lines(page.rows),
        "rounds": lists.rounds_of(request.actor),
        "may_convene": access.may_convene(request.actor),
    }
    return render(request, "negotiations/negotiation_list.html", context)


@require_safe
def measure_list(request: ActorRequest) -> HttpResponse:
    """Show the agreed measures that the actor may see, by filters."""
    filters = MeasureFilter(request.GET, owners=lists.owners_of(request.actor))
    page = keyset_page(lists.measure_rows(request.actor, filters), request.GET, lists.MEASURE_KEY)
    context = {"filters": filters, "page": page, "measures": lists.measure_lines(page.rows)}
    return render(request, "negotiations/measure_list.html", context)
