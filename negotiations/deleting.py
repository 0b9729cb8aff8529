"""Deleting what was never shared, and bringing it back for 30 days (design.md 4, "Deleting")."""

from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from negotiations.actions import NotNowError, settle_round, write_down
from negotiations.lifecycle import Act
from negotiations.models import Goal, Measure, Negotiation, Proposal
from organizations.actors import Actor

UNDO: Final = timedelta(days=30)


def undo_from() -> datetime:
    """Return the moment since which what was deleted can be brought back."""
    return timezone.now() - UNDO


@transaction.atomic
def delete_talk(talk: Negotiation, *, by: Actor) -> None:
    """Delete a talk to which nobody was invited yet.

    Raises NotNowError when it has been invited meanwhile.
    """
    if not Negotiation.objects.allowing(Act.DELETE_TALK, by).select_for_update().filter(pk=talk.pk).exists():
        raise NotNowError(Act.DELETE_TALK)
    Negotiation.objects.filter(pk=talk.pk).update(deleted_at=timezone.now(), deleted_by=by.person)
    write_down(talk, Act.DELETE_TALK, by=by)
    settle_round(talk)


@transaction.atomic
def restore_talk(talk: Negotiation) -> None:
    """Bring a deleted plan back."""
    Negotiation.objects.filter(pk=talk.pk, deleted_at__gt=undo_from()).update(deleted_at=None, deleted_by=None)


@transaction.atomic
def delete_proposal(row: Proposal, *, by: Actor) -> None:
    """Delete an own proposal that was never shared.

    Raises PermissionDenied for a shared one (a measure is withdrawn instead) and for a goal with measures under it.
    """
    kind = type(row)
    locked = kind._default_manager.select_for_update().get(pk=row.pk)
    if locked.shared_at is not None:
        raise PermissionDenied(_("It has been shared with the table, so it can't be deleted any more."))
    if isinstance(locked, Goal) and Measure.objects.live().filter(goal=locked).exists():
        raise PermissionDenied(_("Move or delete the measures under the goal first."))
    kind._default_manager.filter(pk=row.pk).update(deleted_at=timezone.now(), deleted_by=by.person)


@transaction.atomic
def restore_proposal(row: Proposal) -> None:
    """Bring a deleted proposal back."""
    fresh = type(row)._default_manager.filter(pk=row.pk, deleted_at__gt=undo_from())
    fresh.update(deleted_at=None, deleted_by=None)
