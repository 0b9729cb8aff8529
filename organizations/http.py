"""A request whose actor is known (types only)."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from organizations.actors import Actor


class ActorRequest(HttpRequest):
    """A request behind ActorMiddleware and HtmxMiddleware."""

    actor: Actor
    other_actors: list[Actor]
    htmx: HtmxDetails
