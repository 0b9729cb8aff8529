"""A person's desk: what waits for her side, what others do meanwhile, what comes next. Statements constant in rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from hyte_portal.dates import local, today
from hyte_portal.localized import Localized
from hyte_portal.templatetags.portal import days_from_now, weekday_date
from negotiations.lifecycle import ENDED, Act, RoundState, Side, State
from negotiations.models import Measure, Negotiation, Participation, Round
from negotiations.owned_measures import OwnMeasure, own_measures, owner_tasks
from negotiations.talk_page import turn_of
from negotiations.tasks_due import Task, in_order
from negotiations.turns import acts_waiting, flags, waits_at_all
from negotiations.vocabulary import Decision, Preparation
from organizations.actors import Actor

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

TALKS_READ: Final = 200
OTHERS_SHOWN: Final = 6
AHEAD_SHOWN: Final = 6
NAMES_SHOWN: Final = 3
INVITED_BEFORE: Final = timedelta(weeks=4)
AWAITING_GUESTS: Final = frozenset({State.PREPARING, State.COMMENTING})
AWAITING_NOBODY: Final = ENDED | {State.PUBLISHED}


@dataclass(frozen=True, slots=True)
class Other:
    """What somebody else has to do in a talk of mine."""

    who: str
    what: str
    title: Localized
    url: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A moment of the year ahead."""

    on: date
    what: str
    where: Localized
    url: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the page shows."""

    tasks: list[Task]
    measures: list[OwnMeasure]
    others: list[Other]
    ahead: list[Coming]

    @property
    def attention(self) -> int:
        """Return how many of the own measures need attention."""
        return sum(measure.needs_attention for measure in self.measures)


def desk_for(actor: Actor) -> Desk:
    """Read the desk of an actor who acts for an organisation."""
    talks = list(_talks(actor))
    parties = _parties(talks)
    measures = own_measures(actor)
    tasks = [task for talk in talks for task in _tasks_of(talk, parties[talk.pk], actor)]
    return Desk(
        in_order([*tasks, *owner_tasks(measures)]),
        measures,
        list(_others(talks, parties, actor))[:OTHERS_SHOWN],
        _ahead(talks, actor),
    )


# -- What is read ------------------------------------------------------------------------------------------------------
def _talks(actor: Actor) -> "QuerySet[Negotiation]":
    """Return the talks that go on, and ended ones in which something still waits."""
    open_ones = Measure.objects.shared().filter(negotiation=OuterRef("pk")).order_by().values("negotiation")
    undecided = open_ones.filter(decision=Decision.PROPOSED).annotate(number=Count("pk")).values("number")
    return (
        Negotiation.objects.visible_to(actor)
        .filter(~Q(state__in=sorted(ENDED)) | waits_at_all(actor))
        .select_related("round", "convener")
        .annotate(undecided=Coalesce(Subquery(undecided), 0), **flags(actor))
        .order_by("-year", "starts_at", "pk")[:TALKS_READ]
    )


def _parties(talks: list[Negotiation]) -> defaultdict[int, list[Participation]]:
    """Return the guests of each talk."""
    found: defaultdict[int, list[Participation]] = defaultdict(list)
    rows = Participation.objects.filter(negotiation__in=[talk.pk for talk in talks], side=Side.GUEST.value)
    for party in rows.select_related("organization").order_by("pk"):
        found[party.negotiation_id].append(party)
    return found


# -- What waits --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Words:
    """An act that waits, in words: what to do, the button, until when, and where it is done."""

    what: "StrPromise"
    button: "StrPromise"
    due: Callable[[Negotiation], date | None]
    place: str = "act"


def _held_on(talk: Negotiation) -> date | None:
    return local(talk.starts_at).date() if talk.starts_at else None


def _invitation_by(talk: Negotiation) -> date | None:
    """Return the round's date, or four weeks before a talk that was planned later."""
    held_on = _held_on(talk)
    days = [day for day in (talk.round.invitation_by, held_on - INVITED_BEFORE if held_on else None) if day]
    return max(days, default=None)


def _memo_by(talk: Negotiation) -> date | None:
    return talk.round.memo_by


def _no_day(_talk: Negotiation) -> None:
    return None


WORDS: Final[dict[Act, Words]] = {
    Act.INVITE: Words(
        gettext_lazy("Finish the plan and send the invitation"), gettext_lazy("Invite"), _invitation_by, "invite"
    ),
    Act.OPEN_PREPARATION: Words(gettext_lazy("Open the preparation"), pgettext_lazy("button", "Open"), _no_day),
    Act.MARK_READY: Words(
        gettext_lazy("Prepare your proposals and mark them ready"),
        gettext_lazy("Prepare"),
        lambda t: t.preparation_deadline,
        "negotiation",
    ),
    Act.RETURN: Words(
        gettext_lazy("All parties are ready: read their preparations"), gettext_lazy("Read"), _held_on, "negotiation"
    ),
    Act.HOLD: Words(gettext_lazy("The talk's time has come: mark it as held"), gettext_lazy("Mark as held"), _held_on),
    Act.DRAFT_MEMO: Words(gettext_lazy("Start the memo draft"), gettext_lazy("Start"), _memo_by),
    Act.ASK_COMMENTS: Words(
        gettext_lazy("Finish the memo draft and ask for comments"), gettext_lazy("Ask for comments"), _memo_by
    ),
    Act.COMMENT: Words(
        gettext_lazy("Comment on the memo draft"),
        gettext_lazy("Open the draft"),
        lambda t: t.comments_until,
        "comments",
    ),
    Act.CONFIRM: Words(gettext_lazy("Confirm the memo"), gettext_lazy("Confirm"), _memo_by),
    Act.PUBLISH: Words(gettext_lazy("Publish the memo"), gettext_lazy("Publish"), _no_day),
    Act.CLOSE: Words(gettext_lazy("Close the negotiation"), gettext_lazy("Close"), lambda t: t.round.report_by),
    Act.RESUME: Words(gettext_lazy("Set a new time for the postponed talk"), gettext_lazy("Set the time"), _no_day),
}
UNDECIDED: Final = Words(
    gettext_lazy("Record the decisions"), pgettext_lazy("button", "Record"), _memo_by, "negotiation"
)
# Once the first of a pair waits, the second is not worth a line of its own.
HIDES: Final = {Act.HOLD: {Act.MARK_READY, Act.RETURN, Act.OPEN_PREPARATION}, Act.CONFIRM: {Act.ASK_COMMENTS}}


def _tasks_of(talk: Negotiation, guests: list[Participation], actor: Actor) -> Iterator[Task]:
    waiting = acts_waiting(talk)
    hidden = {act for first in waiting for act in HIDES.get(first, ())}
    for act in waiting:
        if act not in hidden:
            yield _task(talk, act, _note(talk, act, guests, actor))


def _task(talk: Negotiation, act: Act, note: str) -> Task:
    # Decisions come before the draft: the act itself would only say that they are missing.
    words = UNDECIDED if act == Act.DRAFT_MEMO and talk.undecided else WORDS[act]  # type: ignore[attr-defined]
    arguments = [talk.public_id, act.value] if words.place == "act" else [talk.public_id]
    return Task(
        due=words.due(talk), what=str(words.what), where=talk.title, note=note, button=str(words.button),
        url=reverse(f"negotiations:{words.place}", args=arguments),
    )  # fmt: skip


def _note(talk: Negotiation, act: Act, guests: list[Participation], actor: Actor) -> str:
    """Say how much of it there is, or why it came back."""
    undecided: int = talk.undecided  # type: ignore[attr-defined]
    if act in {Act.DRAFT_MEMO, Act.ASK_COMMENTS} and undecided:
        return ngettext("%(n)d measure without a decision", "%(n)d measures without a decision", undecided) % {
            "n": undecided
        }
    if act == Act.MARK_READY:
        own = [party.return_reason for party in guests if party.organization_id == _pk(actor) and party.return_reason]
        return _("Returned for completion: %(reason)s") % {"reason": own[0]} if own else ""
    return ""


def _pk(actor: Actor) -> int | None:
    return actor.organization.pk if actor.organization else None


# -- What others do ----------------------------------------------------------------------------------------------------
def _others(talks: list[Negotiation], parties: dict[int, list[Participation]], actor: Actor) -> Iterator[Other]:
    """Say of each talk who is awaited and for what, where that is not the actor's own side."""
    for talk in talks:
        turn = turn_of(talk, (), "")
        who = turn.who
        if who == talk.convener.short and talk.convener_id == _pk(actor):
            continue
        if talk.state in AWAITING_GUESTS:
            who = _names(_awaited(talk, parties[talk.pk]), actor)
        if who and talk.state not in AWAITING_NOBODY:
            yield Other(who, turn.what, talk.title, talk.get_absolute_url())


def _awaited(talk: Negotiation, guests: list[Participation]) -> list[Participation]:
    """Return the guests that the talk waits for: those not ready, or all where all may comment."""
    if talk.state == State.PREPARING:
        return [party for party in guests if party.preparation != Preparation.READY]
    return guests if talk.comments_until and talk.comments_until >= today() else []


def _names(awaited: Iterable[Participation], actor: Actor) -> str:
    """Name a few and count the rest; the actor's own organisation is not "others"."""
    others = [party.organization.short for party in awaited if party.organization_id != _pk(actor)]
    shown, rest = others[:NAMES_SHOWN], len(others) - NAMES_SHOWN
    if rest > 0:
        shown.append(ngettext("%(n)d other", "%(n)d others", rest) % {"n": rest})
    return ", ".join(shown)


# -- The year ahead ----------------------------------------------------------------------------------------------------
def _ahead(talks: list[Negotiation], actor: Actor) -> list[Coming]:
    """Return the next dates: phases of the own area's rounds, and talks that have a time."""
    now = today()
    coming = [
        Coming(local(talk.starts_at).date(), _("Negotiation"), talk.title, talk.get_absolute_url())
        for talk in talks if talk.starts_at and local(talk.starts_at).date() >= now
    ]  # fmt: skip
    for row in _rounds(actor):
        coming += [Coming(day, str(words), row.name, row.get_absolute_url()) for words, day in row.phases if day >= now]
    return sorted(coming, key=lambda moment: moment.on)[:AHEAD_SHOWN]


def _rounds(actor: Actor) -> "QuerySet[Round]":
    """Return the rounds that concern the actor; who browses all regions has none of her own."""
    if actor.is_national:
        return Round.objects.none()
    return Round.objects.visible_to(actor).exclude(state=RoundState.CLOSED).order_by("year", "pk")


def summary_of(desk: Desk) -> str:
    """Sum the desk up in one sentence: how many things wait, how many are late, else the next one's day."""
    number, late = len(desk.tasks), sum(task.is_late for task in desk.tasks)
    if not number:
        return _("Nothing waits for you now.")
    sentence = ngettext("%(n)d thing waits for you", "%(n)d things wait for you", number) % {"n": number}
    if late:
        words = ngettext("%(n)d of them late", "%(n)d of them late", late) % {"n": late}
        return f"{sentence}, {words}."
    due = next((task.due for task in desk.tasks if task.due), None)
    if due is None:
        return f"{sentence}."
    return _("%(sentence)s, the next %(day)s (%(days)s).") % {
        "sentence": sentence, "day": weekday_date(due), "days": days_from_now(due),
    }  # fmt: skip
