"""Gives each request its actor."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hyte_portal.views import typed
from organizations.actors import PUBLIC, Actor, actors_of
from organizations.models import User

SESSION_KEY = "acting_for"
FIELD = "acting_for"


class ActorMiddleware:
    """Set `request.actor` and `request.other_actors`.

    A form carries the organisation that it was opened for (`acting_for`): the act is done for that one, or refused
    when the person has no duty there any more, whatever another tab chose meanwhile.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the actor known."""
        actors = actors_of(request.user) if isinstance(request.user, User) else []
        wanted = request.POST.get(FIELD) if request.method == "POST" else None
        if wanted and request.user.is_authenticated:
            carried = [actor for actor in actors if actor.organization and actor.organization.slug == wanted]
            if not carried:
                message = _("You no longer act for the organisation that this form was opened for. Nothing was saved.")
                return render(request, "403.html", {"exception": message, "texts": typed(request)}, status=403)
            actor = carried[0]
        else:
            actor = _chosen(actors, request.session.get(SESSION_KEY))
        if isinstance(request.user, User) and not actors:
            actor = Actor(request.user)
        request.actor = actor  # type: ignore[attr-defined]
        request.other_actors = [other for other in actors if other is not actor]  # type: ignore[attr-defined]
        return self.get_response(request)


def _chosen(actors: list[Actor], slug: str | None) -> Actor:
    """Return the actor of the organisation chosen in this session, else the first one."""
    for actor in actors:
        if actor.organization and actor.organization.slug == slug:
            return actor
    return actors[0] if actors else PUBLIC
