"""When a talk's acts were done: planned around the day of the talk, never later than now, always in order."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from hyte_portal.dates import at, working_day_from
from negotiations.lifecycle import LIFE, Act, State

_ACTS: Final = {
    State.INVITED: Act.INVITE,
    State.PREPARING: Act.OPEN_PREPARATION,
    State.HELD: Act.HOLD,
    State.MEMO_DRAFT: Act.DRAFT_MEMO,
    State.COMMENTING: Act.ASK_COMMENTS,
    State.CONFIRMED: Act.CONFIRM,
    State.PUBLISHED: Act.PUBLISH,
    State.FOLLOWING: Act.FOLLOW,
    State.CLOSED: Act.CLOSE,
    State.POSTPONED: Act.POSTPONE,
    State.CANCELLED: Act.CANCEL,
}
# Days from the talk, if it was held; days from the day of loading, if it is to come.
_AROUND_TALK: Final = {
    Act.INVITE: -42, Act.OPEN_PREPARATION: -28, Act.DRAFT_MEMO: 2, Act.ASK_COMMENTS: 5, Act.CONFIRM: 21, Act.PUBLISH: 24,
}  # fmt: skip
_BEFORE_NOW: Final = {Act.INVITE: -30, Act.OPEN_PREPARATION: -20, Act.POSTPONE: -3, Act.CANCEL: -8}
_APART: Final = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Step:
    """One act of the talk's past."""

    act: Act
    at: datetime
    before: State
    after: State


def states_before(state: State, before: State | None) -> list[State]:
    """Return the states that the talk went through, the one it is in last."""
    if state in LIFE:
        return list(LIFE[: LIFE.index(state) + 1])
    return [*LIFE[: LIFE.index(before or State.INVITED) + 1], state]


def timeline(
    state: State, before: State | None, *, talk_at: datetime, year_of_effect: int, now: datetime
) -> list[Step]:
    """Return the talk's past as steps in order, each at its moment."""
    path = states_before(state, before)
    held = State.HELD in path
    steps = [
        Step(_ACTS[after], _planned(_ACTS[after], talk_at if held else None, year_of_effect, now), came_from, after)
        for came_from, after in pairwise(path)
    ]
    return _settled(steps, now)


def _planned(act: Act, talk_at: datetime | None, year_of_effect: int, now: datetime) -> datetime:
    if act == Act.FOLLOW:
        return at(date(year_of_effect, 1, 2), time(6, 5))
    if act == Act.CLOSE:
        return now - timedelta(days=9)
    if act == Act.HOLD and talk_at:
        return talk_at
    start, days = (talk_at, _AROUND_TALK[act]) if talk_at else (now, _BEFORE_NOW[act])
    return at(working_day_from((start + timedelta(days=days)).date()), time(10 + abs(days) % 4, abs(days) % 60))


def _settled(steps: list[Step], now: datetime) -> list[Step]:
    """Move steps back where they would lie after now or after the step that follows them."""
    settled: list[Step] = []
    limit = now - _APART
    for step in reversed(steps):
        moment = min(step.at, limit)
        settled.append(replace(step, at=moment))
        limit = moment - _APART
    return settled[::-1]
