"""The acts: the only code that moves a negotiation. Lock, hold against RULES, change, write down, tell - in that order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hyte_portal import outbox
from hyte_portal.dates import today, working_day_from
from negotiations import documents, needs, notifications, sums
from negotiations.lifecycle import ENDED, RULES, Act, Reason, RoundState, Side, State
from negotiations.models import (
    Cooperation,
    Event,
    FollowUpPlan,
    Goal,
    Measure,
    Negotiation,
    Participation,
    Round,
    Snapshot,
)
from negotiations.vocabulary import Preparation
from organizations.actors import Actor
from organizations.models import Organization


class NotNowError(Exception):
    """The actor may do this, but not in the state in which the row is now."""


class IncompleteError(Exception):
    """Something that the act needs is not in place."""

    def __init__(self, missing: list[needs.Missing]) -> None:
        super().__init__("; ".join(item.message for item in missing))
        self.missing = missing


class ReasonMissingError(Exception):
    """The act asks for a reason and none was given."""


@dataclass(frozen=True, slots=True)
class Details:
    """What an act needs beside the negotiation: each act reads its own."""

    reason: str = ""
    party: Organization | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    until: date | None = None
    no_proposals: bool = False
    contact_email: str = ""


@transaction.atomic
def perform(negotiation: Negotiation, act: Act, *, by: Actor, details: Details | None = None) -> Event:
    """Do an act of RULES to a negotiation and return its event.

    Raises PermissionDenied (never this actor), NotNowError (not in this state), ReasonMissingError and
    IncompleteError; then nothing has changed.
    """
    details = details or Details()
    locked = Negotiation.objects.select_for_update(of=("self",)).select_related("round").get(pk=negotiation.pk)
    _check(locked, act, by, details)
    with sums.kept(locked):
        before = State(locked.state)
        _move(locked, act)
        _EFFECTS.get(act, _nothing)(locked, by, details)
        locked.content_version += 1
        locked.version += 1
        locked.changed_at = timezone.now()
        locked.save()
        event = Event.objects.create(
            round=locked.round, negotiation=locked, act=act.value, from_state=before, to_state=locked.state,
            person=by.person, organization=by.organization, party=details.party, reason=details.reason.strip(),
            details=_noted(details), at=locked.changed_at,
        )  # fmt: skip
        if act == Act.CONFIRM:
            documents.order_confirmed(locked)
        settle_round(locked)
    notifications.announce(event)
    negotiation.refresh_from_db()
    return event


def _check(negotiation: Negotiation, act: Act, by: Actor, details: Details) -> None:
    if not Negotiation.objects.allowing(act, by).filter(pk=negotiation.pk).exists():
        if Negotiation.objects.ever_allowing(act, by).filter(pk=negotiation.pk).exists():
            raise NotNowError(act)
        raise PermissionDenied(act)
    if needs_reason(negotiation, act, by) and not details.reason.strip():
        raise ReasonMissingError(act)
    said_none = act == Act.MARK_READY and details.no_proposals
    missing = [] if said_none else needs.missing(RULES[act].needs, negotiation, by)
    if missing:
        raise IncompleteError(missing)


def needs_reason(negotiation: Negotiation, act: Act, by: Actor) -> bool:
    """Say whether the actor must give a reason for the act."""
    rule = RULES[act].reason
    is_secretary = by.person is not None and negotiation.secretary_id == by.person.pk
    return rule == Reason.ALWAYS or (rule == Reason.IF_SECRETARY and is_secretary)


def _move(negotiation: Negotiation, act: Act) -> None:
    """Lead on to the rule's state; None leads back to the state before."""
    leads = RULES[act].leads
    now = State(negotiation.state)
    if now not in leads:
        return
    to = leads[now]
    negotiation.state_before, negotiation.state = (now, to) if to else ("", negotiation.state_before or State.INVITED)


def _noted(details: Details) -> dict[str, str]:
    """Return what of the details belongs to the event."""
    moments = {"starts_at": details.starts_at, "ends_at": details.ends_at, "until": details.until}
    return {name: moment.isoformat() for name, moment in moments.items() if moment}


# -- What acts do beside moving ----------------------------------------------------------------------------------------
Effect = Callable[[Negotiation, Actor, Details], None]


def _nothing(_negotiation: Negotiation, _by: Actor, _details: Details) -> None:
    pass


def _invite(negotiation: Negotiation, _by: Actor, _details: Details) -> None:
    Round.objects.filter(pk=negotiation.round_id).exclude(state=RoundState.OPEN).update(state=RoundState.OPEN)


def _mark_ready(negotiation: Negotiation, by: Actor, details: Details) -> None:
    now = timezone.now()
    party = negotiation.participations.select_for_update().get(organization=by.organization)
    party.preparation, party.ready_at, party.return_reason = Preparation.READY, now, ""
    party.no_proposals = details.no_proposals
    party.save()
    _share_all(negotiation, by.organization)


def _share_all(negotiation: Negotiation, organization: Organization | None) -> None:
    """Let the table see the organisation's proposals."""
    own = Q(negotiation=negotiation, proposer=organization, shared_at__isnull=True, deleted_at__isnull=True)
    now = timezone.now()
    for kind in (Goal, Measure, Cooperation, FollowUpPlan):
        kind._default_manager.filter(own).update(shared_at=now)
    # A goal of one's own that a shared measure stands under can't stay hidden.
    Goal.objects.filter(negotiation=negotiation, shared_at__isnull=True, measures__shared_at__isnull=False).update(
        shared_at=now
    )


def _return(negotiation: Negotiation, _by: Actor, details: Details) -> None:
    party = negotiation.participations.select_for_update().filter(
        organization=details.party, side=Side.GUEST.value, preparation=Preparation.READY
    ).first()  # fmt: skip
    if party is None:
        raise NotNowError(Act.RETURN)
    party.preparation, party.return_reason = Preparation.RETURNED, details.reason.strip()
    party.save()


def _add_party(negotiation: Negotiation, by: Actor, details: Details) -> None:
    Participation.objects.get_or_create(
        negotiation=negotiation, organization=details.party,
        defaults={"added_by": by.person, "contact_email": details.contact_email},
    )  # fmt: skip


def _remove_party(negotiation: Negotiation, _by: Actor, details: Details) -> None:
    # A guest known by an address only is told before its seat, and the address with it, is gone.
    outbox.post(notifications.letters_to_addresses(Act.REMOVE_PARTY, negotiation, details.party))
    removed, _rows = negotiation.participations.filter(organization=details.party, side=Side.GUEST.value).delete()
    if not removed:
        raise NotNowError(Act.REMOVE_PARTY)


def _set_time(negotiation: Negotiation, _by: Actor, details: Details) -> None:
    negotiation.starts_at, negotiation.ends_at = details.starts_at, details.ends_at


def _hold(negotiation: Negotiation, _by: Actor, _details: Details) -> None:
    negotiation.held_at = negotiation.starts_at
    _share_all(negotiation, negotiation.convener)


def _ask_comments(negotiation: Negotiation, _by: Actor, details: Details) -> None:
    days = negotiation.round.comment_days
    negotiation.comments_until = details.until or working_day_from(today() + timedelta(days=days))


def _confirm(negotiation: Negotiation, by: Actor, details: Details) -> None:
    negotiation.confirmed_at, negotiation.confirmed_by = timezone.now(), by.person
    negotiation.secretary_reason = details.reason.strip()
    negotiation.memo_version += 1
    next_working_day = working_day_from(today() + timedelta(days=1))
    if negotiation.public_from and negotiation.public_from < next_working_day:
        negotiation.public_from = next_working_day


def _reopen(negotiation: Negotiation, _by: Actor, _details: Details) -> None:
    negotiation.confirmed_at = negotiation.confirmed_by = None
    Snapshot.objects.filter(negotiation=negotiation, is_draft=False, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now()
    )


def _publish(negotiation: Negotiation, _by: Actor, _details: Details) -> None:
    negotiation.published_at = timezone.now()


_EFFECTS: Final[dict[Act, Effect]] = {
    Act.INVITE: _invite,
    Act.MARK_READY: _mark_ready,
    Act.RETURN: _return,
    Act.ADD_PARTY: _add_party,
    Act.REMOVE_PARTY: _remove_party,
    Act.RESCHEDULE: _set_time,
    Act.RESUME: _set_time,
    Act.HOLD: _hold,
    Act.ASK_COMMENTS: _ask_comments,
    Act.CONFIRM: _confirm,
    Act.REOPEN: _reopen,
    Act.PUBLISH: _publish,
}


def settle_round(negotiation: Negotiation) -> None:
    """Close the round when all its talks have ended; a round without talks stays as it is."""
    talks = Negotiation.objects.filter(round=negotiation.round_id, deleted_at__isnull=True)
    if talks.exists() and not talks.exclude(state__in=sorted(ENDED)).exists():
        Round.objects.filter(pk=negotiation.round_id).update(state=RoundState.CLOSED)


# -- Acts on children and rounds that must be written down -------------------------------------------------------------
def write_down(
    negotiation: Negotiation,
    act: Act,
    *,
    by: Actor,
    reason: str = "",
    party: Organization | None = None,
    **details: Any,
) -> Event:
    """Write an event of an act that moves nothing, and say that the content changed."""
    Negotiation.objects.raise_content_version(negotiation.pk)
    return Event.objects.create(
        round_id=negotiation.round_id, negotiation=negotiation, act=act.value, from_state=negotiation.state,
        to_state=negotiation.state, person=by.person, organization=by.organization, party=party, reason=reason,
        details=details,
    )  # fmt: skip


def write_down_round(row: Round, act: Act, *, by: Actor) -> Event:
    """Write an event of a round."""
    return Event.objects.create(round=row, act=act.value, person=by.person, organization=by.organization)


def seat_first_parties(negotiation: Negotiation, guests: Iterable[Organization], *, by: Actor) -> None:
    """Seat the host and the first guests of a new talk."""
    seats = [Participation(negotiation=negotiation, organization=negotiation.convener, side=Side.HOST.value)]
    seats += [Participation(negotiation=negotiation, organization=guest, added_by=by.person) for guest in guests]
    Participation.objects.bulk_create(seats)
