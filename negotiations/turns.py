"""Which talks wait for the actor: what RULES allows her, at the moment when it is expected of her."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Subquery, Value, When

from hyte_portal.dates import today
from negotiations import access
from negotiations.lifecycle import Act, Side, State
from negotiations.models import Comment, Event, Measure, Participation
from negotiations.vocabulary import Preparation
from organizations.actors import Actor


def waits(act: Act, actor: Actor) -> Q:
    """Return the talks in which the act is the actor's to do, now."""
    granted = access.granted(act, actor)
    return granted if granted is access.NOBODY else granted & _EXPECTED[act](actor)


def waits_at_all(actor: Actor) -> Q:
    """Return the talks in which any act waits for the actor."""
    parts = [part for part in (waits(act, actor) for act in EXPECTED_ACTS) if part is not access.NOBODY]
    whole = access.NOBODY
    for part in parts:
        whole |= part
    return whole


def flags(actor: Actor) -> dict[str, Any]:
    """Return one yes-or-no column for each act that may wait, to annotate talks with."""
    return {
        f"waits_{act.value}": Case(
            When(waits(act, actor), then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        for act in EXPECTED_ACTS
    }


def acts_waiting(talk: Any) -> list[Act]:
    """Return the acts that wait in a talk that was annotated with the flags."""
    return [act for act in EXPECTED_ACTS if getattr(talk, f"waits_{act.value}")]


# -- When an allowed act is also expected ------------------------------------------------------------------------------
def _always(_actor: Actor) -> Q:
    return access.ANYBODY


def _no_date_for_opening(_actor: Actor) -> Q:
    """Where the round has a date, the clock opens."""
    return Q(round__preparation_from__isnull=True)


def _all_guests_ready(_actor: Actor) -> Q:
    guests = Participation.objects.filter(negotiation=OuterRef("pk"), side=Side.GUEST.value)
    return ~Q(Exists(guests.exclude(preparation=Preparation.READY)))


def _asked_to_comment(actor: Actor) -> Q:
    """The draft is out, the day has not passed, and nobody of the organisation has answered since it was asked."""
    asked = (
        Event.objects.filter(negotiation=OuterRef("negotiation"), act=Act.ASK_COMMENTS.value)
        .order_by("-pk")
        .values("at")[:1]
    )
    answered = Comment.objects.filter(
        negotiation=OuterRef("pk"), organization=actor.organization, created_at__gte=Subquery(asked)
    )
    return (
        Q(state=State.COMMENTING, comments_until__gte=today()) & ~Q(convener=actor.organization) & ~Q(Exists(answered))
    )


def _comments_are_in(_actor: Actor) -> Q:
    return Q(round__comment_days=0) | Q(comments_until__lt=today())


def _no_date_for_publishing(_actor: Actor) -> Q:
    """Where a date is set, the clock publishes."""
    return Q(public_from__isnull=True)


def _year_is_over(_actor: Actor) -> Q:
    """Every measure has its outcome, or the day of the yearly report has come."""
    open_ones = Measure.objects.in_force().filter(negotiation=OuterRef("pk"), outcome="")
    return ~Q(Exists(open_ones)) | Q(round__report_by__lte=today())


_EXPECTED: Final[dict[Act, Callable[[Actor], Q]]] = {
    Act.INVITE: _always,
    Act.OPEN_PREPARATION: _no_date_for_opening,
    Act.MARK_READY: _always,
    Act.RETURN: _all_guests_ready,
    Act.HOLD: _always,
    Act.DRAFT_MEMO: _always,
    Act.ASK_COMMENTS: _always,
    Act.COMMENT: _asked_to_comment,
    Act.CONFIRM: _comments_are_in,
    Act.PUBLISH: _no_date_for_publishing,
    Act.CLOSE: _year_is_over,
    Act.RESUME: _always,
}
EXPECTED_ACTS: Final = tuple(_EXPECTED)
