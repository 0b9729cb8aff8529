"""Writes a talk with everything that belongs to it, in the state that the content tells."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from hyte_portal.dates import at, local, working_day_from
from negotiations.demo.content import GoalText, GuestText, MeasureText, TalkText
from negotiations.demo.drawn import Table, ended, fit, reported
from negotiations.demo.moments import hours
from negotiations.demo.names import public_id
from negotiations.demo.past import write_past
from negotiations.demo.proposals import Sharing, write_cooperation, write_goals, write_plans
from negotiations.demo.records import order_memo
from negotiations.demo.room import write_agenda, write_attendees, write_comments
from negotiations.demo.seats import seated_guests, write_participations
from negotiations.demo.stage import Scene, Stage
from negotiations.demo.timeline import Step, states_before, timeline
from negotiations.lifecycle import Act, State
from negotiations.models import Negotiation
from negotiations.vocabulary import Preparation
from organizations.models import Organization

_SHOWN: Final = frozenset({Preparation.READY.value, Preparation.RETURNED.value})
_HOST_READY: Final = frozenset({State.PREPARING, State.POSTPONED})


def write_talk(stage: Stage, text: TalkText) -> Negotiation:
    """Write a negotiation from its plan to its last act."""
    steps = _steps(stage, text)
    talk = _write_negotiation(stage, text, {step.act: step.at for step in steps})
    guests = seated_guests(stage, text)
    scene = Scene(stage, talk, text, tuple(guests))
    was_held = State.HELD in states_before(State(text.state), _before(text))
    write_participations(scene, guests, steps, was_held=was_held)
    _write_content(scene, _sharing(scene, guests, steps, was_held=was_held), was_held=was_held)
    write_agenda(scene, was_held=was_held)
    write_attendees(scene, was_held=was_held)
    write_comments(scene)
    write_past(scene, steps)
    order_memo(talk)
    return talk


def _before(text: TalkText) -> State | None:
    return State(text.before) if text.before else None


def _steps(stage: Stage, text: TalkText) -> list[Step]:
    starts, _ends = hours(text.hours)
    return timeline(
        State(text.state),
        _before(text),
        talk_at=at(stage.moments.day(text.on), starts),
        year_of_effect=stage.current.year_of_effect,
        now=stage.now,
    )


def _write_negotiation(stage: Stage, text: TalkText, done: dict[Act, datetime]) -> Negotiation:
    cast, day = stage.cast, stage.moments.day
    starts, ends = (at(day(text.on), clock) for clock in hours(text.hours))
    host = stage.county
    held = done.get(Act.HOLD)
    return Negotiation.objects.create(
        **text.title.within("title", stage.languages),
        **text.place.within("place", stage.languages),
        round=stage.current,
        convener=host,
        year=stage.current.year,
        languages=stage.languages,
        state=text.state,
        state_before=text.before or (State.INVITED if text.state == State.POSTPONED else ""),
        starts_at=starts,
        ends_at=ends,
        remote_link="https://kokous.demo.example/hyte" if text.remote else "",
        record_type=text.record,
        chair=text.chair,
        secretary=cast.people.get(text.secretary) or cast.person("editor", host),
        secretary_title=text.secretary_title,
        registry_number=text.registry,
        **_deadlines(stage, text, done),
        next_talk_on=working_day_from(local(starts).date() + timedelta(days=364)) if Act.DRAFT_MEMO in done else None,
        handled_by=stage.current.handling_by if held else None,
        held_at=starts if held else None,
        confirmed_at=done.get(Act.CONFIRM),
        confirmed_by=cast.person("confirmer", host) if Act.CONFIRM in done else None,
        published_at=done.get(Act.PUBLISH),
        memo_version=1 if Act.CONFIRM in done else 0,
        public_id=public_id("talk", host.slug, stage.current.year, stage.current.basis, text.key),
    )


def _deadlines(stage: Stage, text: TalkText, done: dict[Act, datetime]) -> dict[str, date | None]:
    """Return the talk's own dates: as told, else as its acts and its round's dates give them."""
    day = stage.moments.day
    asked, published = done.get(Act.ASK_COMMENTS), done.get(Act.PUBLISH)
    comments = working_day_from(local(asked).date() + timedelta(days=stage.current.comment_days)) if asked else None
    public = local(published).date() if published else None
    return {
        "preparation_until": _preparation_until(stage, day(text.on)) if text.until is None else day(text.until),
        "comments_until": comments if text.comments_until is None else day(text.comments_until),
        "public_from": public if text.public_from is None else day(text.public_from),
    }


def _preparation_until(stage: Stage, talk_on: date) -> date | None:
    """Return a deadline a week before the talk where the round's own date comes too late or is not set."""
    common = stage.current.preparation_until
    if common and common < talk_on:
        return None
    week_before = talk_on - timedelta(days=7)
    return week_before if talk_on <= stage.moments.today else max(week_before, stage.moments.today)


def _sharing(scene: Scene, guests: dict[Organization, GuestText], steps: list[Step], *, was_held: bool) -> Sharing:
    """Return since when each party's proposals are seen: since it marked ready, or since the talk."""
    held = next((step.at for step in steps if step.act == Act.HOLD), None)
    since: dict[int, datetime] = {}
    if held:
        since = {party.pk: held for party in (scene.stage.county, *guests)}
    elif State(scene.text.state) in _HOST_READY:
        since[scene.stage.county.pk] = scene.stage.moments.ago(9)
    if not was_held:
        shown = (party for party, guest in guests.items() if guest.preparation in _SHOWN)
        since |= {party.pk: scene.stage.moments.ago(7) for party in shown}
    return Sharing(since)


def _write_content(scene: Scene, sharing: Sharing, *, was_held: bool) -> None:
    text, catalogue = scene.text, scene.stage.catalogue
    goals = [*text.goals, *_drawn(scene)]
    decided = None if was_held else 0
    if was_held and text.undecided:
        decided = sum(len(goal.measures) for goal in goals) - text.undecided
    write_goals(scene, goals, sharing, decided=decided)
    shared_at = sharing.of(scene.stage.county)
    write_cooperation(scene, text.cooperation or (catalogue.cooperation if was_held else ()), shared_at)
    write_plans(scene, text.plans or (catalogue.plans if was_held else ()), shared_at)


def _drawn(scene: Scene) -> Iterator[GoalText]:
    """Return the catalogue's goals that the talk draws, with reports and outcomes where its state has them."""
    kind = Organization.Kind.ASSOCIATION
    table = Table(scene.stage.county, scene.municipalities, [guest for guest in scene.guests if guest.kind == kind])
    for turn, key in enumerate(scene.text.draw):
        goal = fit(scene.stage.catalogue.goal(key), table, turn=turn)
        yield replace(goal, measures=tuple(_lived(scene, goal, turn)))


def _lived(scene: Scene, goal: GoalText, turn: int) -> Iterator[MeasureText]:
    """Give the measures of a talk that is followed what their owners reported."""
    state, catalogue = State(scene.text.state), scene.stage.catalogue
    for number, measure in enumerate(goal.measures, start=2 * turn):
        owner = scene.stage.cast.organization(measure.owner)
        language = owner.languages[0] if owner.languages[0] in scene.stage.languages else "fi"
        if state in {State.FOLLOWING, State.CLOSED} and number % 4 != 3:
            measure = reported(measure, catalogue, turn=number, language=language)  # noqa: PLW2901
        if scene.text.outcomes or state == State.CLOSED:
            measure = ended(measure, catalogue, turn=number, language=language)  # noqa: PLW2901
        yield measure
