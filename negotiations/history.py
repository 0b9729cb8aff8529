"""What happened to a talk, in words: who did what, on whose behalf, when, why, and where it led."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import formats
from django.utils.translation import gettext as _

from hyte_portal.templatetags.portal import day_and_clock
from negotiations.act_words import WORDS
from negotiations.lifecycle import RULES, Act, State, Told
from negotiations.models import Event, Negotiation
from organizations.actors import Actor

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """An event as told."""

    at: datetime
    who: str
    what: str
    person: str
    party: str
    facts: list[str]
    reason: str
    moved: tuple[str, str] | None


def history_of(talk: Negotiation, actor: Actor, *, page: int, sees_deliveries: bool) -> tuple[list[Line], bool]:
    """Return a page of the history, newest first, and whether there is more."""
    start = (page - 1) * PAGE_SIZE
    rows = (
        Event.objects.visible_to(actor)
        .filter(negotiation=talk)
        .select_related("person", "organization", "party")
        .order_by("-id")[start : start + PAGE_SIZE + 1]
    )
    events = list(rows)
    return [_line(event, actor, sees_deliveries) for event in events[:PAGE_SIZE]], len(events) > PAGE_SIZE


def _line(event: Event, actor: Actor, sees_deliveries: bool) -> Line:
    moved = event.from_state and event.to_state and event.from_state != event.to_state
    return Line(
        at=event.at,
        who=event.organization.short if event.organization else _("The portal's clock"),
        what=_what(event.act),
        person=event.person.get_full_name() if event.person else "",
        party=event.party.name if event.party else "",
        facts=list(_facts(event.details)),
        reason=event.reason if sees_deliveries or not _is_private(event, actor) else "",
        moved=(str(State(event.from_state).label), str(State(event.to_state).label)) if moved else None,
    )


def _what(name: str) -> str:
    """Return the act in the past tense; an act of a later version of the portal by its bare name."""
    known = {act.value: words for act, words in WORDS.items()}
    return str(known[name].done) if name in known else name.replace("_", " ")


def _is_private(event: Event, actor: Actor) -> bool:
    """Say whether the reason was told to one other party only."""
    told_one = event.act in set(Act) and RULES[Act(event.act)].told == Told.THAT_PARTY
    own = actor.organization is not None and event.party_id == actor.organization.pk
    return told_one and not own


def _facts(details: dict[str, str]) -> Iterable[str]:
    if "starts_at" in details:
        yield _("New time: %(when)s.") % {"when": day_and_clock(datetime.fromisoformat(details["starts_at"]))}
    if "until" in details:
        yield _("Comments by %(day)s.") % {"day": formats.date_format(date.fromisoformat(details["until"]))}
    if "attachment_added" in details:
        yield _('Attached "%(title)s".') % {"title": details["attachment_added"]}
    if "attachment_removed" in details:
        yield _('Removed the attachment "%(title)s".') % {"title": details["attachment_removed"]}
