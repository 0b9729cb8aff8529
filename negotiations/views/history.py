"""The history of a talk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from negotiations.finding import find_negotiation
from negotiations.history import history_of
from negotiations.lifecycle import Act
from negotiations.views.talks import talk_frame
from organizations.http import ActorRequest


@require_safe
def history(request: ActorRequest, public_id: str) -> HttpResponse:
    """Tell what happened, newest first, fifty events a page."""
    talk = find_negotiation(request, public_id)
    frame = talk_frame(request, talk, tab="history")
    page = _page(request.GET.get("page", ""))
    sees = Act.SEE_DELIVERIES in frame["acts"]
    lines, more = history_of(talk, request.actor, page=page, sees_deliveries=sees)
    context = {
        "lines": lines,
        "page": page,
        "previous_url": f"?page={page - 1}" if page > 1 else "",
        "next_url": f"?page={page + 1}" if more else "",
    }
    return render(request, "negotiations/history.html", frame | context)


def _page(text: str) -> int:
    """Return the page asked for; nonsense is the first one."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) > 0 else 1
