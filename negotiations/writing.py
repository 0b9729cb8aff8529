"""Writing a part of a talk: under the talk's lock, and only if the act is still allowed then."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from negotiations import access
from negotiations.actions import NotNowError
from negotiations.lifecycle import Act
from negotiations.models import Negotiation
from organizations.actors import Actor


def begin(talk: Negotiation, act: Act, actor: Actor) -> None:
    """Lock the talk, hold the act against RULES again, and say that its content changes.

    A form that was opened before the memo was confirmed can't slip into the frozen content. Raises NotNowError when
    the talk has moved on, PermissionDenied when the actor never had the right; runs in the writing transaction.
    """
    here = Negotiation.objects.filter(pk=talk.pk, deleted_at__isnull=True)
    here.select_for_update(of=("self",)).order_by().values_list("pk").first()
    if not here.filter(access.granted(act, actor)).exists():
        refuse_strangers(talk, act, actor)
        raise NotNowError(act)
    Negotiation.objects.raise_content_version(talk.pk)


def refuse_strangers(talk: Negotiation, act: Act, actor: Actor) -> None:
    """Raise PermissionDenied for an actor who may not do the act in any state."""
    if not Negotiation.objects.filter(access.ever_granted(act, actor), pk=talk.pk).exists():
        raise PermissionDenied(_("Your organisation or duty at this negotiation does not include this."))
