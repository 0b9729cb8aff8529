"""Writes what was done to a talk, as events with past dates: no mail leaves for them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from negotiations.demo.stage import Scene, Stage
from negotiations.demo.timeline import Step
from negotiations.lifecycle import Act, Side, State
from negotiations.models import Event
from negotiations.vocabulary import Preparation
from organizations.models import User

_CONFIRMERS_DO = frozenset({Act.CONFIRM, Act.CLOSE, Act.CANCEL})
_HAVE_REASON = frozenset({Act.POSTPONE, Act.CANCEL})


def write_round_made(stage: Stage, at: datetime) -> None:
    """Write that the round was made."""
    editor = stage.cast.person("editor", stage.county)
    Event.objects.create(
        round=stage.current,
        act=Act.CREATE_ROUND.value,
        person=editor,
        organization=stage.county,
        at=at,
    )


def write_past(scene: Scene, steps: list[Step]) -> None:
    """Write the talk's moves and its parties' preparation, in the order they happened."""
    events = [*(_move(scene, step) for step in steps), *_preparation(scene)]
    Event.objects.bulk_create(sorted(events, key=lambda event: event.at))


def _move(scene: Scene, step: Step) -> Event:
    by_clock = step.act == Act.FOLLOW
    return Event(
        **_where(scene),
        act=step.act.value,
        from_state=step.before,
        to_state=step.after,
        person=None if by_clock else _doer(scene, step.act),
        organization=None if by_clock else scene.stage.county,
        reason=scene.text.reason if step.act in _HAVE_REASON else "",
        at=step.at,
    )


def _doer(scene: Scene, act: Act) -> User | None:
    duty = "confirmer" if act in _CONFIRMERS_DO else "editor"
    return scene.stage.cast.person(duty, scene.stage.county)


def _where(scene: Scene) -> dict[str, Any]:
    return {"round": scene.talk.round, "negotiation": scene.talk}


def _preparation(scene: Scene) -> Iterator[Event]:
    """Yield who marked its preparation ready, and what was returned with which reason."""
    moved = {**_where(scene), "from_state": State.PREPARING, "to_state": State.PREPARING}
    for seat in scene.talk.participations.select_related("organization"):
        if seat.preparation in {Preparation.READY, Preparation.RETURNED}:
            yield Event(
                **moved,
                act=Act.MARK_READY.value,
                person=scene.stage.cast.person("editor", seat.organization),
                organization=seat.organization,
                at=seat.ready_at or scene.stage.moments.ago(7),
            )
        if seat.preparation == Preparation.RETURNED and seat.side == Side.GUEST.value:
            yield Event(
                **moved,
                act=Act.RETURN.value,
                person=scene.stage.cast.person("editor", scene.stage.county),
                organization=scene.stage.county,
                party=seat.organization,
                reason=seat.return_reason,
                at=scene.stage.moments.ago(3) + timedelta(hours=1),
            )
