"""What a negotiation's page says first: the life as steps, whose turn it is, the four subjects, the tabs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hyte_portal.dates import local, today
from negotiations.act_words import WORDS
from negotiations.lifecycle import Act, State
from negotiations.models import Negotiation
from negotiations.needs import StatutorySubject

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

S = State


# -- Steps -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Step:
    """A step of the life: what, when, and whether it is done, now or next."""

    title: str
    when: str
    state: str


# Seven steps of a reader's life; each covers one or two states.
_STEPS: Final = (
    ((S.DRAFT, S.INVITED), gettext_lazy("Invited"), gettext_lazy("Invitation")),
    ((S.PREPARING,), gettext_lazy("Prepared"), gettext_lazy("Preparation")),
    ((S.HELD,), gettext_lazy("Negotiated"), gettext_lazy("Negotiation")),
    ((S.MEMO_DRAFT, S.COMMENTING), gettext_lazy("Commented"), gettext_lazy("Memo draft and comments")),
    ((S.CONFIRMED,), gettext_lazy("Confirmed"), gettext_lazy("Confirmed")),
    ((S.PUBLISHED,), gettext_lazy("Published"), gettext_lazy("Published")),
    ((S.FOLLOWING, S.CLOSED), gettext_lazy("Followed up"), gettext_lazy("In follow-up")),
)


def steps_of(talk: Negotiation) -> list[Step]:
    """Return the seven steps with their dates: done, now and to come."""
    state = S(talk.state_before or S.INVITED) if talk.state in {S.POSTPONED, S.CANCELLED} else S(talk.state)
    now = next(place for place, (states, _done, _now) in enumerate(_STEPS) if state in states)
    dates = _step_dates(talk)
    steps = []
    for place, (_states, done, current) in enumerate(_STEPS):
        mark = "done" if place < now else "now" if place == now else "next"
        steps.append(Step(str(_now_words(talk, current) if mark == "now" else done), dates[place], mark))
    if talk.published_at is None and now > 5:
        steps[5] = Step(str(_("Not published")), "", "next")
    return steps


def _now_words(talk: Negotiation, words: "StrPromise") -> str:
    states_with_own_words = {S.DRAFT, S.INVITED, S.MEMO_DRAFT, S.COMMENTING, S.CLOSED, S.POSTPONED, S.CANCELLED}
    return str(S(talk.state).label) if talk.state in states_with_own_words else str(words)


def _step_dates(talk: Negotiation) -> list[str]:
    talks = talk.round
    until = _("until %(day)s")
    return [
        short(talks.invitation_by),
        short(talk.preparation_deadline),
        short(talk.starts_at),
        until % {"day": short(talk.comments_until)} if talk.comments_until else short(talks.memo_by),
        short(talk.confirmed_at) or short(talks.memo_by),
        short(talk.published_at) or short(talk.public_from),
        ", ".join(f"{day.month}/{day.year}" for day in (talks.follow_up_1, talks.follow_up_2) if day),
    ]


def short(day: date | datetime | None) -> str:
    """Write a date shortly: "10.11."."""
    if day is None:
        return ""
    day = local(day).date() if isinstance(day, datetime) else day
    return f"{day.day}.{day.month}."


# -- Whose turn --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Button:
    """An act as a button: where it leads, and whether pressing does it at once."""

    act: Act
    words: str
    consequence: str
    url: str
    at_once: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, what is awaited, until when; with the reader's own act where it is hers."""

    who: str
    what: str
    button: Button | None
    mine: bool


# The acts that carry a talk on, in the order in which they are offered; the rest are quiet links.
CARRY_ON: Final = (
    Act.INVITE, Act.HOLD, Act.MARK_READY, Act.OPEN_PREPARATION, Act.DRAFT_MEMO, Act.ASK_COMMENTS, Act.CONFIRM,
    Act.PUBLISH, Act.CLOSE, Act.RESUME,
)  # fmt: skip
AT_ONCE: Final = frozenset({Act.OPEN_PREPARATION, Act.HOLD, Act.DRAFT_MEMO})
QUIET: Final = (
    Act.EDIT_TALK, Act.RESCHEDULE, Act.RETURN, Act.POSTPONE, Act.BACK_TO_DRAFT, Act.REOPEN, Act.CANCEL, Act.DELETE_TALK,
)  # fmt: skip


def button(talk: Negotiation, act: Act) -> Button:
    """Return an act as a button."""
    words = WORDS[act]
    return Button(act, str(words.button), str(words.consequence), _act_url(talk, act), act in AT_ONCE)


def _act_url(talk: Negotiation, act: Act) -> str:
    if act == Act.INVITE:
        return reverse("negotiations:invite", args=[talk.public_id])
    if act == Act.EDIT_TALK:
        return reverse("negotiations:talk_edit", args=[talk.public_id])
    return reverse("negotiations:act", args=[talk.public_id, act.value])


def turn_of(talk: Negotiation, acts: Iterable[Act], own_name: str) -> Turn:
    """Return the turn strip for a reader who can do the acts."""
    able = [act for act in CARRY_ON if act in set(acts)]
    if able:
        return Turn(own_name, _awaited_of(talk, able[0]), button(talk, able[0]), mine=True)
    who, what = _awaited(talk)
    return Turn(who, what, None, mine=False)


def quiet_buttons(talk: Negotiation, acts: Iterable[Act]) -> list[Button]:
    """Return the acts that are offered beside the one of the turn strip."""
    able = set(acts)
    later = [act for act in CARRY_ON if act in able][1:]
    return [button(talk, act) for act in (*later, *QUIET) if act in able]


def _awaited_of(talk: Negotiation, act: Act) -> str:
    day = {Act.MARK_READY: talk.preparation_deadline, Act.CONFIRM: talk.round.memo_by}.get(act)
    sentence = {
        Act.INVITE: _("Finish the plan and send the invitation."),
        Act.OPEN_PREPARATION: _("Open the preparation when the parties can begin."),
        Act.MARK_READY: _("Write your goals and measures, then mark your preparation ready."),
        Act.HOLD: _("The time of the negotiation has come. Mark it as held to record decisions."),
        Act.DRAFT_MEMO: _("Record a decision on each measure, then start the memo draft."),
        Act.ASK_COMMENTS: _("Finish the memo draft and ask the parties for comments."),
        Act.CONFIRM: _("Go through the comments and confirm the memo."),
        Act.PUBLISH: _("The memo is confirmed. Publish its public copy."),
        Act.CLOSE: _("Close the negotiation when each measure has its outcome."),
        Act.RESUME: _("The negotiation is postponed. Set a new time."),
    }[act]
    by = _("By %(day)s.") % {"day": long(day)}
    return f"{sentence} {by}" if day else sentence


def long(day: date | None) -> str:
    """Write a date with its year."""
    return f"{day.day}.{day.month}.{day.year}" if day else ""


def _awaited(talk: Negotiation) -> tuple[str, str]:
    """Return who is awaited and for what, for a reader who has nothing to do now."""
    host, guests = talk.convener.short, _("the parties")
    preparing = _("prepare their proposals until %(day)s.") % {"day": long(talk.preparation_deadline)}
    commenting = _("comment on the memo draft until %(day)s.") % {"day": long(talk.comments_until)}
    if talk.state == S.COMMENTING and talk.comments_until and talk.comments_until < today():
        return host, _("goes through the comments and confirms the memo.")
    awaited: dict[State, tuple[str, str]] = {
        S.DRAFT: (host, _("plans the negotiation.")),
        S.INVITED: (host, _("opens the preparation.")),
        S.PREPARING: (guests, preparing if talk.preparation_deadline else _("prepare their proposals.")),
        S.HELD: (host, _("records the decisions.")),
        S.MEMO_DRAFT: (host, _("finishes the memo draft.")),
        S.COMMENTING: (guests, commenting),
        S.CONFIRMED: (host, _("publishes the memo.")),
        S.PUBLISHED: (_("the follow-up"), _("begins in %(year)d.") % {"year": talk.round.year_of_effect}),
        S.FOLLOWING: (_("the owners of measures"), _("report on how their measures go.")),
        S.CLOSED: (_("nobody"), _("has anything to do: the negotiation is closed.")),
        S.POSTPONED: (host, _("sets a new time. Writing goes on meanwhile.")),
        S.CANCELLED: (_("nobody"), _("has anything to do: the negotiation is cancelled.")),
    }
    return awaited[S(talk.state)]


# -- The four subjects and the tabs ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SubjectCard:
    """A statutory subject as drawn: number, calm sentence, how full, where it leads."""

    title: str
    count: int
    sentence: str
    fullness: str
    url: str


def subject_cards(talk: Negotiation, subjects: list[StatutorySubject], incomplete_measures: int) -> list[SubjectCard]:
    """Return the four subjects with a sentence that says "not yet", never "illegal"."""
    base = talk.get_absolute_url()
    urls = {"goals": f"{base}#goals", "measures": f"{base}#goals", "cooperation": f"{base}yhteistyo/", "follow_up": f"{base}yhteistyo/#follow-up"}  # fmt: skip
    cards = []
    for subject in subjects:
        sentence, fullness = _("No entries yet"), ""
        if subject.count:
            sentence, fullness = _("Entries recorded"), "whole"
        elif subject.reason:
            sentence, fullness = _("None; the reason is recorded"), "whole"
        if subject.code == "measures" and subject.count and incomplete_measures:
            sentence = ngettext(
                "%(number)d lacks owner, timetable or follow-up", "%(number)d lack owner, timetable or follow-up",
                incomplete_measures,
            ) % {"number": incomplete_measures}  # fmt: skip
            fullness = "partial"
        cards.append(SubjectCard(subject.title, subject.count, sentence, fullness, urls[subject.code]))
    return cards


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of the negotiation's page."""

    code: str
    title: str
    url: str
    current: bool


def tabs_of(talk: Negotiation, current: str) -> list[Tab]:
    """Return the tabs; each has its own address."""
    base = talk.get_absolute_url()
    named = [
        ("goals", _("Goals and measures"), base),
        ("cooperation", _("Cooperation and follow-up"), f"{base}yhteistyo/"),
        ("agenda", _("Agenda and record"), f"{base}asialista/"),
        ("parties", _("Parties"), f"{base}osapuolet/"),
        ("comments", _("Comments"), f"{base}kommentit/"),
        ("documents", _("Documents"), f"{base}asiakirjat/"),
        ("history", _("History"), f"{base}historia/"),
    ]
    return [Tab(code, title, url, code == current) for code, title, url in named]
