"""The front page for everyone, and the desk of who is signed in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hyte_portal.dates import today
from negotiations.desk import desk_for, summary_of
from organizations.http import ActorRequest

MEASURES_SHOWN = 8


@login_not_required
@require_safe
def front(request: ActorRequest) -> HttpResponse:
    """Say what the portal is; who is signed in goes to her desk."""
    if request.user.is_authenticated:
        return redirect("negotiations:desk")
    return render(request, "negotiations/front.html", {"year": today().year})


@require_safe
def desk(request: ActorRequest) -> HttpResponse:
    """Show what waits for me, what others do, what comes next."""
    mine = desk_for(request.actor)
    context = {
        "desk": mine,
        "summary": summary_of(mine),
        "measures": mine.measures[:MEASURES_SHOWN],
        "today": today(),
        "first_name": str(request.user).partition(" ")[0],
    }
    return render(request, "negotiations/desk.html", context)
