"""From an address to a row: the only place that turns an id into an object, and it asks who is asking."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from hyte_portal.http import GoneError, SeenByOtherError
from negotiations import access
from negotiations.lifecycle import Act
from negotiations.models import Negotiation, Proposal, Round
from organizations.actors import Actor
from organizations.http import ActorRequest

Row = TypeVar("Row", bound=models.Model)
Kind = TypeVar("Kind", bound=Proposal)


def find(request: ActorRequest, visible: Callable[[Actor], "QuerySet[Row]"], public_id: str) -> Row:
    """Return the row if the actor may see it.

    Raises SeenByOtherError when only another of her organisations may, else Http404 (also for what is foreign).
    """
    row = visible(request.actor).filter(public_id=public_id).first()
    if row is not None:
        return row
    others = [other for other in request.other_actors if visible(other).filter(public_id=public_id).exists()]
    if others:
        raise SeenByOtherError(others)
    raise Http404


def find_negotiation(request: ActorRequest, public_id: str, act: Act = Act.SEE_RECORD) -> Negotiation:
    """Return the negotiation that the actor may see by the act; 410 for a deleted one that she could see."""

    def visible(actor: Actor) -> "QuerySet[Negotiation]":
        return Negotiation.objects.allowing(act, actor).select_related("round__convener", "convener", "secretary")

    try:
        return find(request, visible, public_id)
    except SeenByOtherError:
        raise
    except Http404:
        deleted = Negotiation.objects.filter(access.granted(act, request.actor), deleted_at__isnull=False)
        if deleted.filter(public_id=public_id).exists():
            raise GoneError(_("The negotiation was deleted while it was still being planned.")) from None
        raise


def find_proposal(request: ActorRequest, kind: type[Kind], public_id: str, *, to_edit: bool = False) -> Kind:
    """Return a goal, measure, cooperation item or follow-up plan.

    With `to_edit` raises PermissionDenied when she sees it but may not change it now.
    """
    rows: Any = kind._default_manager

    def visible(actor: Actor) -> "QuerySet[Kind]":
        found: QuerySet[Kind] = rows.visible_to(actor).select_related("negotiation__round", "proposer")
        return found

    try:
        row = find(request, visible, public_id)
    except SeenByOtherError:
        raise
    except Http404:
        own = Q(shared_at__isnull=False) | Q(proposer=request.actor.organization)
        seen = access.granted_on_child(Act.SEE_RECORD, request.actor)
        if rows.filter(own, seen, deleted_at__isnull=False, public_id=public_id).exists():
            raise GoneError(_("This was deleted. Ask its proposer, or look at the negotiation's history.")) from None
        raise
    if to_edit and not rows.editable_by(request.actor).filter(pk=row.pk).exists():
        raise PermissionDenied(_("You can read this, but not change it in the state in which the negotiation is now."))
    return row


def find_round(request: ActorRequest, public_id: str, *, to_change: bool = False) -> Round:
    """Return a round; with `to_change` raises PermissionDenied when she sees it but may not change it."""
    row = find(request, lambda actor: Round.objects.visible_to(actor).select_related("convener"), public_id)
    if to_change and not Round.objects.allowing(Act.CHANGE_ROUND, request.actor).filter(pk=row.pk).exists():
        raise PermissionDenied(_("This round can't be changed by you, or not any more."))
    return row
