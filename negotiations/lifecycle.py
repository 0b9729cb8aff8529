"""The life of a negotiation as one table: who may do what when, what must be in place, where it leads, who is told.

Source of the rules: design.md 5 (law 612/2021, 6–7 §, leaves the form to the county). This module knows no database
and no request: `access` turns the table into SQL, `needs` checks what must be in place, `actions` does the acts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from organizations.models import Duty


class State(TextChoices):
    """Where a negotiation stands.

    The host plans (draft), invites the parties (invited), each prepares its proposals (preparing), the talk is held
    (held), the secretary writes (memo_draft), the parties comment (commenting), the host confirms (confirmed), the
    memo is published (published), owners report (following), every measure has its outcome (closed).
    """

    DRAFT = "draft", _("Being planned")
    INVITED = "invited", _("Invited")
    PREPARING = "preparing", _("In preparation")
    HELD = "held", _("Held")
    MEMO_DRAFT = "memo_draft", _("Memo draft")
    COMMENTING = "commenting", _("Memo out for comments")
    CONFIRMED = "confirmed", _("Confirmed")
    PUBLISHED = "published", _("Published")
    FOLLOWING = "following", _("In follow-up")
    CLOSED = "closed", _("Closed")
    POSTPONED = "postponed", _("Postponed")
    CANCELLED = "cancelled", _("Cancelled")


class RoundState(TextChoices):
    """Where a round stands; all else about it is counted from its talks."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Side(StrEnum):
    """How the actor's organisation stands to the subject."""

    HOST = "host"
    GUEST = "guest"
    OWNER = "owner"
    HOLDER = "holder"  # holds the post that owns the measure
    NATIONAL = "national"
    COUNTY = "county"  # works in the convener's area
    SIGNED_IN = "signed_in"
    PUBLIC = "public"
    CLOCK = "clock"


class Subject(StrEnum):
    """What an act is done to."""

    ROUND = "round"
    NEGOTIATION = "negotiation"
    MEASURE = "measure"


class Act(StrEnum):
    """Everything that RULES decides."""

    # round
    CREATE_ROUND = "create_round"
    CHANGE_ROUND = "change_round"
    SEE_ROUND = "see_round"
    # the talk, seen
    SEE_SHELL = "see_shell"
    SEE_RECORD = "see_record"
    SEE_PUBLIC = "see_public"
    SEE_DELIVERIES = "see_deliveries"
    # the talk, written without a move
    EDIT = "edit"
    EDIT_TALK = "edit_talk"
    DELETE_TALK = "delete_talk"
    SHARE = "share"
    COMMENT = "comment"
    ORDER_DRAFT = "order_draft"
    RETRY_FILE = "retry_file"
    # the talk, moved
    INVITE = "invite"
    OPEN_PREPARATION = "open_preparation"
    MARK_READY = "mark_ready"
    RETURN = "return"
    ADD_PARTY = "add_party"
    REMOVE_PARTY = "remove_party"
    RESCHEDULE = "reschedule"
    POSTPONE = "postpone"
    RESUME = "resume"
    CANCEL = "cancel"
    HOLD = "hold"
    DRAFT_MEMO = "draft_memo"
    ASK_COMMENTS = "ask_comments"
    BACK_TO_DRAFT = "back_to_draft"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    PUBLISH = "publish"
    FOLLOW = "follow"
    CLOSE = "close"
    # measure
    SEE_MEASURE = "see_measure"
    DECIDE = "decide"
    WITHDRAW = "withdraw"
    REPORT = "report"
    SET_OUTCOME = "set_outcome"


class Condition(StrEnum):
    """What else must hold of the row; each is written once as a Q in `access`."""

    OWN_PROPOSAL = "own_proposal"
    OWN_PREPARATION_OPEN = "own_preparation_open"
    A_GUEST_IS_READY = "a_guest_is_ready"
    NO_COMMENT_PHASE = "no_comment_phase"
    HAS_COMMENT_PHASE = "has_comment_phase"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    PREPARATION_IS_DUE = "preparation_is_due"
    PUBLICATION_IS_DUE = "publication_is_due"
    FOLLOW_UP_IS_DUE = "follow_up_is_due"
    TIME_HAS_COME = "time_has_come"
    SHARED = "shared"
    AGREED = "agreed"
    OUTCOME_IS_DUE = "outcome_is_due"


class Need(StrEnum):
    """What must be in place before an act; `needs` checks it and says what is missing."""

    A_GUEST = "a_guest"
    REACHABLE_GUESTS = "reachable_guests"
    A_PROPOSAL_OR_NONE = "a_proposal_or_none"
    ALL_DECIDED = "all_decided"
    COMPLETE_MEASURES = "complete_measures"
    FOUR_SUBJECTS = "four_subjects"
    BOTH_LANGUAGES = "both_languages"
    ALL_BYTES_MADE = "all_bytes_made"
    ALL_OUTCOMES = "all_outcomes"


class Reason(StrEnum):
    """When an act asks for a reason."""

    NEVER = "never"
    ALWAYS = "always"
    IF_SECRETARY = "if_secretary"  # who wrote the memo confirms it alone only with a reason that the memo prints


class Told(StrEnum):
    """Who hears of an act."""

    NOBODY = "nobody"
    HOST = "host"
    GUESTS = "guests"
    THAT_PARTY = "that_party"
    ALL_PARTIES = "all_parties"
    PARTIES_AND_OWNERS = "parties_and_owners"
    OWNERS = "owners"


Role = tuple[Side, Duty | None]  # None = any duty, or none needed


@dataclass(frozen=True, slots=True)
class Grant:
    """These roles, in these states, if the condition holds."""

    roles: frozenset[Role]
    states: frozenset[State | RoundState]
    condition: Condition | None = None


SAME: Final[Mapping[State, State | None]] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do an act when, what it asks, and where it leads (None = the state before)."""

    subject: Subject
    grants: tuple[Grant, ...]
    leads: Mapping[State, State | None] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    reason: Reason = Reason.NEVER
    told: Told = Told.NOBODY


# -- States in groups --------------------------------------------------------------------------------------------------
S = State
ALL: Final = frozenset(S)
FROM_INVITED: Final = ALL - {S.DRAFT}
FROM_CONFIRMED: Final = frozenset({S.CONFIRMED, S.PUBLISHED, S.FOLLOWING, S.CLOSED})
BEFORE_TALK: Final = frozenset({S.INVITED, S.PREPARING, S.POSTPONED})
UNTIL_MEMO: Final = frozenset({S.DRAFT, S.INVITED, S.PREPARING, S.POSTPONED, S.HELD, S.MEMO_DRAFT})
WRITING_TOGETHER: Final = frozenset({S.PREPARING, S.POSTPONED})
MEMO_STATES: Final = frozenset({S.HELD, S.MEMO_DRAFT, S.COMMENTING})
ENDED: Final = frozenset({S.CLOSED, S.CANCELLED})
LIFE: Final = (
    S.DRAFT, S.INVITED, S.PREPARING, S.HELD, S.MEMO_DRAFT, S.COMMENTING, S.CONFIRMED, S.PUBLISHED, S.FOLLOWING, S.CLOSED,
)  # fmt: skip

# -- Roles in groups ---------------------------------------------------------------------------------------------------
HOSTS: Final[frozenset[Role]] = frozenset({(Side.HOST, None)})
HOST_EDITORS: Final[frozenset[Role]] = frozenset({(Side.HOST, Duty.EDITOR)})
HOST_CONFIRMERS: Final[frozenset[Role]] = frozenset({(Side.HOST, Duty.CONFIRMER)})
GUESTS: Final[frozenset[Role]] = frozenset({(Side.GUEST, None)})
GUEST_EDITORS: Final[frozenset[Role]] = frozenset({(Side.GUEST, Duty.EDITOR)})
TABLE_WRITERS: Final[frozenset[Role]] = frozenset(
    (side, duty) for side in (Side.HOST, Side.GUEST) for duty in (Duty.EDITOR, Duty.CONFIRMER)
)
OWNERS: Final[frozenset[Role]] = frozenset({(Side.OWNER, None), (Side.HOLDER, None)})
OWNER_REPORTERS: Final[frozenset[Role]] = frozenset({(Side.OWNER, Duty.EDITOR), (Side.HOLDER, None)})
NATIONALS: Final[frozenset[Role]] = frozenset({(Side.NATIONAL, None)})
AREA: Final[frozenset[Role]] = frozenset({(Side.COUNTY, None)})
EVERYONE: Final[frozenset[Role]] = frozenset({(Side.PUBLIC, None)})
BY_CLOCK: Final[frozenset[Role]] = frozenset({(Side.CLOCK, None)})


def _states(*states: State) -> frozenset[State | RoundState]:
    return frozenset(states)


def _all(states: frozenset[State]) -> frozenset[State | RoundState]:
    return frozenset(states)


def _host_move(*states: State, to: State | None = None, **more: object) -> Rule:
    """Return the rule of a host editor's act that leads from each of the states to one."""
    leads = dict.fromkeys(states, to) if to else {}
    return Rule(Subject.NEGOTIATION, (Grant(HOST_EDITORS, _states(*states)),), leads, **more)  # type: ignore[arg-type]


_ROUND_ALIVE = frozenset[State | RoundState]({RoundState.PLANNED, RoundState.OPEN})
_ROUND_SEEN = frozenset[State | RoundState]({RoundState.OPEN, RoundState.CLOSED})
_SEE_RECORD = (Grant(HOSTS, _all(ALL)), Grant(GUESTS, _all(FROM_INVITED)))

RULES: Final[Mapping[Act, Rule]] = {
    # -- round
    Act.CREATE_ROUND: Rule(Subject.ROUND, (Grant(HOST_EDITORS, frozenset(RoundState)),)),
    Act.CHANGE_ROUND: Rule(Subject.ROUND, (Grant(HOST_EDITORS, _ROUND_ALIVE),)),
    Act.SEE_ROUND: Rule(
        Subject.ROUND,
        (Grant(HOSTS, frozenset(RoundState)), Grant(NATIONALS | AREA | GUESTS, _ROUND_SEEN)),
    ),
    # -- seeing
    Act.SEE_SHELL: Rule(
        Subject.NEGOTIATION, (Grant(HOSTS, _all(ALL)), Grant(NATIONALS | AREA | GUESTS, _all(FROM_INVITED)))
    ),
    Act.SEE_RECORD: Rule(Subject.NEGOTIATION, _SEE_RECORD),
    Act.SEE_PUBLIC: Rule(
        Subject.NEGOTIATION,
        (
            Grant(NATIONALS | HOSTS | GUESTS, _all(FROM_CONFIRMED)),
            Grant(EVERYONE, _all(FROM_CONFIRMED), Condition.PUBLISHED),
        ),
    ),
    # What the host alone sees of its parties: whose mail arrived, why a preparation was returned.
    Act.SEE_DELIVERIES: Rule(Subject.NEGOTIATION, (Grant(HOSTS, _all(ALL)),)),
    # -- writing
    Act.EDIT: Rule(
        Subject.NEGOTIATION,
        (
            Grant(HOST_EDITORS, _all(UNTIL_MEMO)),
            Grant(GUEST_EDITORS, _all(WRITING_TOGETHER), Condition.OWN_PROPOSAL),
        ),
    ),
    Act.EDIT_TALK: Rule(Subject.NEGOTIATION, (Grant(HOST_EDITORS, _all(UNTIL_MEMO)),)),
    Act.DELETE_TALK: _host_move(S.DRAFT),
    Act.SHARE: Rule(
        Subject.NEGOTIATION,
        (Grant(GUEST_EDITORS, _states(S.PREPARING, S.POSTPONED, S.HELD), Condition.OWN_PROPOSAL),),
    ),
    Act.COMMENT: Rule(
        Subject.NEGOTIATION,
        (Grant(TABLE_WRITERS, _states(S.PREPARING, S.POSTPONED, S.HELD, S.MEMO_DRAFT, S.COMMENTING)),),
    ),
    Act.ORDER_DRAFT: Rule(Subject.NEGOTIATION, (Grant(TABLE_WRITERS, _states(S.MEMO_DRAFT, S.COMMENTING)),)),
    Act.RETRY_FILE: Rule(
        Subject.NEGOTIATION,
        (Grant(TABLE_WRITERS, _states(S.MEMO_DRAFT, S.COMMENTING) | _all(FROM_CONFIRMED)),),
    ),
    # -- moves
    Act.INVITE: _host_move(S.DRAFT, to=S.INVITED, needs=(Need.A_GUEST, Need.REACHABLE_GUESTS), told=Told.GUESTS),
    Act.OPEN_PREPARATION: Rule(
        Subject.NEGOTIATION,
        (
            Grant(HOST_EDITORS, _states(S.INVITED)),
            Grant(BY_CLOCK, _states(S.INVITED), Condition.PREPARATION_IS_DUE),
        ),
        {S.INVITED: S.PREPARING},
        told=Told.GUESTS,
    ),
    Act.MARK_READY: Rule(
        Subject.NEGOTIATION,
        (Grant(HOST_EDITORS | GUEST_EDITORS, _states(S.PREPARING), Condition.OWN_PREPARATION_OPEN),),
        needs=(Need.A_PROPOSAL_OR_NONE,),
        told=Told.HOST,
    ),
    Act.RETURN: Rule(
        Subject.NEGOTIATION,
        (Grant(HOST_EDITORS, _states(S.PREPARING), Condition.A_GUEST_IS_READY),),
        reason=Reason.ALWAYS,
        told=Told.THAT_PARTY,
    ),
    Act.ADD_PARTY: _host_move(S.INVITED, S.PREPARING, S.POSTPONED, told=Told.THAT_PARTY),
    Act.REMOVE_PARTY: _host_move(S.INVITED, S.PREPARING, S.POSTPONED, reason=Reason.ALWAYS, told=Told.THAT_PARTY),
    Act.RESCHEDULE: _host_move(S.INVITED, S.PREPARING, S.POSTPONED, told=Told.ALL_PARTIES),
    Act.POSTPONE: _host_move(S.INVITED, S.PREPARING, to=S.POSTPONED, reason=Reason.ALWAYS, told=Told.ALL_PARTIES),
    Act.RESUME: Rule(
        Subject.NEGOTIATION,
        (Grant(HOST_EDITORS, _states(S.POSTPONED)),),
        {S.POSTPONED: None},
        told=Told.ALL_PARTIES,
    ),
    Act.CANCEL: Rule(
        Subject.NEGOTIATION,
        (Grant(HOST_CONFIRMERS, _states(S.INVITED, S.PREPARING, S.POSTPONED)),),
        dict.fromkeys((S.INVITED, S.PREPARING, S.POSTPONED), S.CANCELLED),
        reason=Reason.ALWAYS,
        told=Told.ALL_PARTIES,
    ),
    Act.HOLD: Rule(
        Subject.NEGOTIATION,
        (Grant(HOST_EDITORS, _states(S.INVITED, S.PREPARING), Condition.TIME_HAS_COME),),
        dict.fromkeys((S.INVITED, S.PREPARING), S.HELD),
    ),
    Act.DRAFT_MEMO: _host_move(S.HELD, to=S.MEMO_DRAFT, needs=(Need.ALL_DECIDED,)),
    Act.ASK_COMMENTS: Rule(
        Subject.NEGOTIATION,
        (Grant(HOST_EDITORS, _states(S.MEMO_DRAFT), Condition.HAS_COMMENT_PHASE),),
        {S.MEMO_DRAFT: S.COMMENTING},
        told=Told.ALL_PARTIES,
    ),
    Act.BACK_TO_DRAFT: _host_move(S.COMMENTING, to=S.MEMO_DRAFT, told=Told.ALL_PARTIES),
    Act.CONFIRM: Rule(
        Subject.NEGOTIATION,
        (
            Grant(HOST_CONFIRMERS, _states(S.COMMENTING)),
            Grant(HOST_CONFIRMERS, _states(S.MEMO_DRAFT), Condition.NO_COMMENT_PHASE),
        ),
        dict.fromkeys((S.COMMENTING, S.MEMO_DRAFT), S.CONFIRMED),
        needs=(Need.ALL_DECIDED, Need.COMPLETE_MEASURES, Need.FOUR_SUBJECTS, Need.BOTH_LANGUAGES),
        reason=Reason.IF_SECRETARY,
        told=Told.PARTIES_AND_OWNERS,
    ),
    Act.REOPEN: Rule(
        Subject.NEGOTIATION,
        (Grant(HOST_CONFIRMERS, _states(S.CONFIRMED)),),
        {S.CONFIRMED: S.MEMO_DRAFT},
        reason=Reason.ALWAYS,
        told=Told.ALL_PARTIES,
    ),
    Act.PUBLISH: Rule(
        Subject.NEGOTIATION,
        (
            Grant(HOST_EDITORS, _states(S.CONFIRMED, S.FOLLOWING, S.CLOSED), Condition.UNPUBLISHED),
            Grant(BY_CLOCK, _states(S.CONFIRMED, S.FOLLOWING, S.CLOSED), Condition.PUBLICATION_IS_DUE),
        ),
        {S.CONFIRMED: S.PUBLISHED},
        needs=(Need.ALL_BYTES_MADE,),
        told=Told.ALL_PARTIES,
    ),
    Act.FOLLOW: Rule(
        Subject.NEGOTIATION,
        (Grant(BY_CLOCK, _states(S.CONFIRMED, S.PUBLISHED), Condition.FOLLOW_UP_IS_DUE),),
        dict.fromkeys((S.CONFIRMED, S.PUBLISHED), S.FOLLOWING),
        told=Told.OWNERS,
    ),
    Act.CLOSE: Rule(
        Subject.NEGOTIATION,
        (Grant(HOST_CONFIRMERS, _states(S.FOLLOWING)),),
        {S.FOLLOWING: S.CLOSED},
        needs=(Need.ALL_OUTCOMES,),
        told=Told.ALL_PARTIES,
    ),
    # -- measure
    Act.SEE_MEASURE: Rule(
        Subject.MEASURE,
        (
            Grant(HOSTS, _all(ALL), Condition.SHARED),
            Grant(GUESTS, _all(FROM_INVITED), Condition.SHARED),
            Grant(OWNERS, _all(FROM_CONFIRMED), Condition.AGREED),
        ),
    ),
    Act.DECIDE: Rule(Subject.MEASURE, (Grant(HOST_EDITORS, _states(S.HELD, S.MEMO_DRAFT), Condition.SHARED),)),
    Act.WITHDRAW: Rule(
        Subject.MEASURE,
        (Grant(HOST_EDITORS, _states(S.PREPARING, S.POSTPONED, S.HELD, S.MEMO_DRAFT), Condition.SHARED),),
        reason=Reason.ALWAYS,
    ),
    Act.REPORT: Rule(Subject.MEASURE, (Grant(OWNER_REPORTERS | HOST_EDITORS, _all(FROM_CONFIRMED), Condition.AGREED),)),
    Act.SET_OUTCOME: Rule(
        Subject.MEASURE,
        (
            Grant(frozenset({(Side.OWNER, Duty.EDITOR)}), _all(FROM_CONFIRMED), Condition.AGREED),
            Grant(HOST_EDITORS, _all(FROM_CONFIRMED), Condition.OUTCOME_IS_DUE),
        ),
    ),
}


def subject_of(act: Act) -> Subject:
    """Return what the act is done to."""
    return RULES[act].subject


def states_of(act: Act) -> frozenset[State | RoundState]:
    """Return every state in which somebody may do the act."""
    return frozenset(state for grant in RULES[act].grants for state in grant.states)
