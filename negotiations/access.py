"""RULES as SQL: the one place that turns (act, actor) into a condition on rows (design.md 5).

Each side and each named condition is written once, as a function of the actor and the path from the queried row to
its negotiation. Lists, pages, acts, mails and tests read the result; nothing else decides who may do what.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Final

from django.apps import apps
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from hyte_portal.dates import today
from negotiations.lifecycle import RULES, Act, Condition, Grant, Role, Side, Subject
from negotiations.vocabulary import IN_FORCE, Preparation
from organizations.actors import Actor

NOBODY: Final = Q(pk__in=[])
ANYBODY: Final = ~NOBODY


def granted(act: Act, actor: Actor) -> Q:
    """Return which rows of the act's own subject the actor may do it with."""
    path = "negotiation__" if RULES[act].subject == Subject.MEASURE else ""
    return _any(_grant_q(grant, actor, path, RULES[act].subject) for grant in RULES[act].grants)


def granted_on_child(act: Act, actor: Actor, path: str = "negotiation__") -> Q:
    """Return which children of negotiations the actor may do a negotiation's act with.

    A condition such as "own proposal" is then held against the child, not the talk.
    """
    return _any(_grant_q(grant, actor, path, Subject.NEGOTIATION, child=True) for grant in RULES[act].grants)


def ever_granted(act: Act, actor: Actor) -> Q:
    """Return where the actor has a role for the act in some state: tells "not now" from "not you"."""
    path = "negotiation__" if RULES[act].subject == Subject.MEASURE else ""
    return _any(_roles_q(grant.roles, actor, path, RULES[act].subject) for grant in RULES[act].grants)


def acts_on(row: QuerySet[Any], subject: Subject, state: str, actor: Actor) -> frozenset[Act]:
    """Return every act that the actor can do now with the one row of the queryset, by one statement."""
    asked = [
        act
        for act, rule in RULES.items()
        if rule.subject == subject and any(state in grant.states for grant in rule.grants)
    ]
    answers = row.values_list(*(_is_true(granted(act, actor)) for act in asked)).first()
    return frozenset(act for act, answer in zip(asked, answers or (), strict=False) if answer)


def _is_true(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def may_convene(actor: Actor) -> bool:
    """Say whether the actor may make a round: an editor of an organisation that convenes."""
    roles = {role for grant in RULES[Act.CREATE_ROUND].grants for role in grant.roles}
    duties = {duty for side, duty in roles if side == Side.HOST}
    return bool(actor.organization and actor.organization.convenes and duties & actor.duties)


def _any(parts: Iterable[Q]) -> Q:
    found = [part for part in parts if part is not NOBODY]
    if not found:
        return NOBODY
    whole = found[0]
    for part in found[1:]:
        whole |= part
    return whole


def _grant_q(grant: Grant, actor: Actor, path: str, subject: Subject, *, child: bool = False) -> Q:
    roles = _roles_q(grant.roles, actor, path, subject)
    if roles is NOBODY:
        return NOBODY
    whole = Q(**{f"{path}state__in": sorted(grant.states)}) & roles
    if grant.condition:
        whole &= _CONDITIONS[grant.condition](actor, path, child)
    return whole


def _roles_q(roles: Iterable[Role], actor: Actor, path: str, subject: Subject) -> Q:
    return _any(_role_q(role, actor, path, subject) for role in sorted(roles, key=str))


def _role_q(role: Role, actor: Actor, path: str, subject: Subject) -> Q:
    """Return where the actor has the role; her duty may hold for named rounds only."""
    side, duty = role
    if side == Side.PUBLIC:
        return ANYBODY
    if side == Side.CLOCK or actor.is_clock:
        return ANYBODY if side == Side.CLOCK and actor.is_clock else NOBODY
    if not actor.is_member or not actor.seats or (duty is not None and duty not in actor.duties):
        return NOBODY
    where = _SIDES[side](actor, path, subject)
    rounds = actor.rounds_for(duty)
    if rounds is not None and where is not NOBODY:
        name = "public_id__in" if subject == Subject.ROUND else f"{path}round__public_id__in"
        where = where & Q(**{name: sorted(rounds)})
    return where


# -- Sides -------------------------------------------------------------------------------------------------------------
def _host(actor: Actor, path: str, _subject: Subject) -> Q:
    if actor.organization is None or not actor.organization.convenes:
        return NOBODY
    return Q(**{f"{path}convener": actor.organization.pk})


def _guest(actor: Actor, path: str, subject: Subject) -> Q:
    seats = _participations().filter(organization=actor.organization, side=Side.GUEST.value)
    if subject == Subject.ROUND:
        seen = seats.exclude(negotiation__state="draft")
        return Q(pk__in=seen.values("negotiation__round_id"))
    return Q(**{f"{path}pk__in": seats.values("negotiation_id")})


def _owner(actor: Actor, _path: str, _subject: Subject) -> Q:
    return Q(owner=actor.organization)


def _holder(actor: Actor, _path: str, _subject: Subject) -> Q:
    return Q(
        owner_post__holder__person=actor.person,
        owner_post__holder__organization=actor.organization,
        owner_post__organization=actor.organization,
    )


def _national(actor: Actor, _path: str, _subject: Subject) -> Q:
    return ANYBODY if actor.is_national else NOBODY


def _county(actor: Actor, path: str, _subject: Subject) -> Q:
    return Q(**{f"{path}convener__in": sorted(actor.area_ids)}) if actor.area_ids else NOBODY


def _signed_in(_actor: Actor, _path: str, _subject: Subject) -> Q:
    return ANYBODY


_SIDES: Final[dict[Side, Callable[[Actor, str, Subject], Q]]] = {
    Side.HOST: _host,
    Side.GUEST: _guest,
    Side.OWNER: _owner,
    Side.HOLDER: _holder,
    Side.NATIONAL: _national,
    Side.COUNTY: _county,
    Side.SIGNED_IN: _signed_in,
}


# -- Conditions --------------------------------------------------------------------------------------------------------
def _own_proposal(actor: Actor, _path: str, child: bool) -> Q:
    """A child must be the actor's own; on the talk itself it means: with own proposals."""
    return Q(proposer=actor.organization) if child else ANYBODY


def _own_preparation_open(actor: Actor, _path: str, _child: bool) -> Q:
    own = _participations().filter(negotiation=OuterRef("pk"), organization=actor.organization)
    return Q(Exists(own.exclude(preparation=Preparation.READY)))


def _a_guest_is_ready(_actor: Actor, _path: str, _child: bool) -> Q:
    guests = _participations().filter(negotiation=OuterRef("pk"), side=Side.GUEST.value)
    return Q(Exists(guests.filter(preparation=Preparation.READY)))


def _no_comment_phase(_actor: Actor, path: str, _child: bool) -> Q:
    return Q(**{f"{path}round__comment_days": 0})


def _has_comment_phase(_actor: Actor, path: str, _child: bool) -> Q:
    return Q(**{f"{path}round__comment_days__gt": 0})


def _published(_actor: Actor, path: str, _child: bool) -> Q:
    return Q(**{f"{path}published_at__isnull": False})


def _unpublished(_actor: Actor, path: str, _child: bool) -> Q:
    return Q(**{f"{path}published_at__isnull": True})


def _preparation_is_due(_actor: Actor, path: str, _child: bool) -> Q:
    return Q(**{f"{path}round__preparation_from__lte": today()})


def _publication_is_due(_actor: Actor, path: str, _child: bool) -> Q:
    return Q(**{f"{path}published_at__isnull": True, f"{path}public_from__lte": today()})


def _follow_up_is_due(_actor: Actor, path: str, _child: bool) -> Q:
    """The year of effect has begun, or the round's first follow-up moment has come."""
    now = today()
    return Q(**{f"{path}round__year_of_effect__lte": now.year}) | Q(**{f"{path}round__follow_up_1__lte": now})


def _time_has_come(_actor: Actor, path: str, _child: bool) -> Q:
    return Q(**{f"{path}starts_at__lte": timezone.now()})


def _shared(actor: Actor, _path: str, _child: bool) -> Q:
    return Q(shared_at__isnull=False) | Q(proposer=actor.organization)


def _agreed(_actor: Actor, _path: str, _child: bool) -> Q:
    return Q(decision__in=IN_FORCE)


def _outcome_is_due(_actor: Actor, _path: str, _child: bool) -> Q:
    """The measure's end, or the end of the year of effect, has passed."""
    now = today()
    return Q(decision__in=IN_FORCE) & (
        Q(ends_on__lt=now)
        | Q(ends_on__isnull=True, negotiation__round__year_of_effect__lt=now.year)
        | Q(negotiation__state="following", negotiation__round__report_by__lte=now + timedelta(days=60))
    )


_CONDITIONS: Final[dict[Condition, Callable[[Actor, str, bool], Q]]] = {
    Condition.OWN_PROPOSAL: _own_proposal,
    Condition.OWN_PREPARATION_OPEN: _own_preparation_open,
    Condition.A_GUEST_IS_READY: _a_guest_is_ready,
    Condition.NO_COMMENT_PHASE: _no_comment_phase,
    Condition.HAS_COMMENT_PHASE: _has_comment_phase,
    Condition.PUBLISHED: _published,
    Condition.UNPUBLISHED: _unpublished,
    Condition.PREPARATION_IS_DUE: _preparation_is_due,
    Condition.PUBLICATION_IS_DUE: _publication_is_due,
    Condition.FOLLOW_UP_IS_DUE: _follow_up_is_due,
    Condition.TIME_HAS_COME: _time_has_come,
    Condition.SHARED: _shared,
    Condition.AGREED: _agreed,
    Condition.OUTCOME_IS_DUE: _outcome_is_due,
}


def _participations() -> QuerySet[Any]:
    """Return participations without importing the rows, which stand above this module."""
    return apps.get_model("negotiations", "Participation")._default_manager.all()
