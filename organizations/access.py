"""Who manages whose people: the one place that turns an organisation's slug into one that may be managed."""

from typing import Final

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _

from hyte_portal.http import SeenByOtherError
from organizations.actors import Actor
from organizations.http import ActorRequest
from organizations.models import Duty, Organization
from organizations.models.organization import OrganizationQuerySet

# The national organisation whose administrators help all others (design.md 4, Invitation).
HELPS_ALL: Final = "kuntaliitto"


def is_administrator(actor: Actor) -> bool:
    """Say whether the actor manages people; a duty for named rounds only doesn't include it."""
    return actor.is_member and actor.rounds_for(Duty.ADMINISTRATOR) is None


def managed_by(actor: Actor) -> OrganizationQuerySet:
    """Return the organisations whose people the actor manages: own, a county's municipalities, or all."""
    everyone = Organization.objects.all()
    if not is_administrator(actor) or actor.organization is None:
        return everyone.none()
    if actor.organization.slug == HELPS_ALL and actor.is_national:
        return everyone
    own = Q(pk=actor.organization.pk)
    if actor.organization.convenes:
        own |= Q(county=actor.organization.pk, kind=Organization.Kind.MUNICIPALITY)
    return everyone.filter(own)


def organization_to_manage(request: ActorRequest, slug: str) -> Organization:
    """Return the organisation if the request's actor manages its people.

    Members of it without the duty get 403, everybody else 404; where another of the person's own organisations
    manages it, the 404 page offers the switch.
    """
    actor = request.actor
    if actor.organization and actor.organization.slug == slug and not is_administrator(actor):
        raise PermissionDenied(_("Only your organisation's administrators manage its people."))
    found = managed_by(actor).filter(slug=slug).first()
    if found is None:
        raise SeenByOtherError([other for other in request.other_actors if managed_by(other).filter(slug=slug)])
    return found


def may_manage(actor: Actor, organization: Organization) -> bool:
    """Say whether the actor manages the organisation's people."""
    return managed_by(actor).filter(pk=organization.pk).exists()
