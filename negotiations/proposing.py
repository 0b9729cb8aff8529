"""A party's proposals: begun, shared, changed - and what became of measures later."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hyte_portal.dates import today
from negotiations import access, sums
from negotiations.actions import NotNowError, write_down
from negotiations.lifecycle import Act
from negotiations.models import FollowUp, Goal, Measure, Negotiation, Participation, Proposal, Round
from negotiations.vocabulary import Decision, Preparation
from organizations.actors import Actor

Saving = Callable[[], object]


def begin(row: Proposal, talk: Negotiation, *, by: Actor) -> None:
    """Fill in whose a new proposal is; it is shared at once where its side has shared already."""
    assert by.organization is not None  # noqa: S101 - only members reach forms
    row.negotiation = talk  # type: ignore[attr-defined]
    if isinstance(row, Goal):
        row.round = talk.round
    row.proposer, row.created_by = by.organization, by.person
    row.shared_at = _shared_at(talk, by)
    rows: Any = type(row)._default_manager
    last = rows.filter(negotiation=talk).aggregate(last=Max("position"))["last"]
    row.position = (last or 0) + 1


def begin_common(goal: Goal, round_: Round, *, by: Actor) -> None:
    """Fill in a new goal that is common to a round: seen by all its tables."""
    assert by.organization is not None  # noqa: S101 - only members reach forms
    goal.round, goal.proposer, goal.created_by, goal.shared_at = round_, by.organization, by.person, timezone.now()
    goal.position = Goal.objects.filter(round=round_, negotiation__isnull=True).count() + 1


def _shared_at(talk: Negotiation, by: Actor) -> datetime | None:
    """What a side adds after it was ready - or the host after the talk - is shared at once (design.md 5)."""
    ready = talk.participations.filter(organization=by.organization, preparation=Preparation.READY).exists()
    held_host = talk.held_at is not None and talk.convener_id == (by.organization.pk if by.organization else None)
    return timezone.now() if ready or held_host else None


def hold(row: Proposal, *, by: Actor) -> None:
    """Hold a change of a proposal against RULES once more, under the talk's lock.

    Raises PermissionDenied: a guest changes only its own side's proposals.
    """
    rows: Any = type(row)._default_manager
    if isinstance(row, Goal) and row.negotiation_id is None:  # its talks, in order: none is confirmed meanwhile
        list(Negotiation.objects.select_for_update().filter(round=row.round_id).order_by("pk").values_list("pk"))
    if not rows.editable_by(by).filter(pk=row.pk).exists():
        raise PermissionDenied(_("You can read this, but not change it: it is another party's proposal."))


@transaction.atomic
def saved(row: Proposal, *, by: Actor) -> None:
    """Tell what hangs on a saved proposal: its side's preparation is under way, the shared content has changed."""
    talk = row.negotiation  # type: ignore[attr-defined]
    if talk is None:
        assert isinstance(row, Goal)  # noqa: S101 - only goals are common
        Negotiation.objects.filter(round=row.round_id).update(content_version=F("content_version") + 1)
        return
    Participation.objects.filter(
        negotiation=talk, organization=by.organization, preparation=Preparation.NOT_STARTED
    ).update(preparation=Preparation.UNDER_WAY)
    if row.shared_at:
        if isinstance(row, Measure):  # the goal above a shared measure can't stay hidden
            Goal.objects.filter(pk=row.goal_id, shared_at__isnull=True).update(shared_at=timezone.now())
        kind = type(row).__name__.lower()
        write_down(talk, Act.EDIT, by=by, kind=kind, public_id=row.public_id, title=str(row)[:200])
    else:
        Negotiation.objects.raise_content_version(talk.pk)


@transaction.atomic
def share(row: Proposal, *, by: Actor) -> None:
    """Let the table see one proposal; the goal above a measure comes along.

    Raises NotNowError outside the states in which RULES lets a guest share.
    """
    kind = type(row)
    talk_id: int = row.negotiation_id  # type: ignore[attr-defined]
    Negotiation.objects.select_for_update().filter(pk=talk_id).values_list("pk").first()  # always before its children
    here = kind._default_manager.filter(access.granted_on_child(Act.SHARE, by), pk=row.pk, shared_at__isnull=True)
    if not here.select_for_update(of=("self",)).exists():
        raise NotNowError(Act.SHARE)
    now = timezone.now()
    kind._default_manager.filter(pk=row.pk).update(shared_at=now)
    if isinstance(row, Measure):
        Goal.objects.filter(pk=row.goal_id, shared_at__isnull=True).update(shared_at=now)
    write_down(row.negotiation, Act.SHARE, by=by, public_id=row.public_id, title=str(row)[:200])  # type: ignore[attr-defined]


def _locked(measure: Measure, act: Act, by: Actor) -> Negotiation:
    """Lock the measure's talk and hold the act against RULES."""
    talk = Negotiation.objects.select_for_update(of=("self",)).select_related("round").get(pk=measure.negotiation_id)
    if not Measure.objects.allowing(act, by).filter(pk=measure.pk).exists():
        if Measure.objects.ever_allowing(act, by).filter(pk=measure.pk).exists():
            raise NotNowError(act)
        raise PermissionDenied(_("This act belongs to another party or duty."))
    return talk


@transaction.atomic
def decide(measure: Measure, save: Saving, *, by: Actor, act: Act = Act.DECIDE) -> None:
    """Record the decision that the form holds, under the talk's lock.

    Raises NotNowError, PermissionDenied, and StaleVersionError from the form's own save.
    """
    talk = _locked(measure, act, by)
    with sums.kept(talk):
        if act == Act.WITHDRAW:
            measure.decision = Decision.WITHDRAWN
        save()
        write_down(
            talk, act, by=by, reason=measure.decision_reason, public_id=measure.public_id, decision=measure.decision,
            title=str(measure)[:200],
        )  # fmt: skip


@transaction.atomic
def set_outcome(measure: Measure, save: Saving, *, by: Actor) -> None:
    """Record what became of the measure; raises as `decide`."""
    talk = _locked(measure, Act.SET_OUTCOME, by)
    measure.outcome_at = timezone.now()
    save()
    write_down(
        talk, Act.SET_OUTCOME, by=by, reason=measure.outcome_reason, public_id=measure.public_id, outcome=measure.outcome,
        title=str(measure)[:200],
    )  # fmt: skip


@transaction.atomic
def report(measure: Measure, *, by: Actor, progress: str, note: str = "", next_step: str = "") -> FollowUp:
    """Write a dated report and carry its progress to the measure.

    Raises NotNowError and PermissionDenied as RULES has it; the host's report is marked as written on behalf.
    """
    assert by.organization is not None  # noqa: S101 - RULES let only members report
    talk = _locked(measure, Act.REPORT, by)
    on_behalf = measure.owner_id != by.organization.pk
    with sums.kept(talk):
        written = FollowUp.objects.create(
            measure=measure, progress=progress, note=note, next_step=next_step, person=by.person,
            organization=by.organization, on_behalf=on_behalf, language=get_language() or "fi",
        )  # fmt: skip
        Measure.objects.filter(pk=measure.pk).update(progress=progress, reported_on=today())
        write_down(talk, Act.REPORT, by=by, public_id=measure.public_id, progress=progress, title=str(measure)[:200])
    return written
