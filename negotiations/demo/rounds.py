"""Writes a round of the demo: its dates and themes, its common goals, then its talks."""

from datetime import datetime, time, timedelta

from hyte_portal.dates import at
from negotiations.demo.content import RoundText
from negotiations.demo.names import public_id
from negotiations.demo.past import write_round_made
from negotiations.demo.proposals import write_common_goal
from negotiations.demo.stage import Stage
from negotiations.demo.talks import write_talk
from negotiations.lifecycle import ENDED, RoundState, State
from negotiations.models import Round
from organizations.models import Theme


def write_round(stage: Stage, text: RoundText) -> Round:
    """Write a round with all its talks."""
    stage.written = row = _write_row(stage, text)
    row.themes.set(Theme.objects.filter(code__in=text.themes))
    write_round_made(stage, _made_at(stage, text))
    for number, goal in enumerate(text.goals, start=1):
        write_common_goal(stage, row, goal, number)
    for talk in text.talks:
        write_talk(stage, talk)
    return row


def _write_row(stage: Stage, text: RoundText) -> Round:
    year = stage.moments.year
    return Round.objects.create(
        **text.name.within("name", stage.languages),
        **{name: stage.moments.day(moment) for name, moment in text.phases.items()},
        convener=stage.county,
        year=year,
        year_of_effect=year + text.effect,
        basis=text.basis,
        forms=list(text.forms),
        languages=stage.languages,
        comment_days=text.comment_days,
        previous=stage.earlier.current if stage.earlier else None,
        state=_state(text),
        is_example=True,
        public_id=public_id("round", stage.county.slug, year, text.basis),
    )


def _state(text: RoundText) -> RoundState:
    """Return the round's state as its talks have it."""
    states = {State(talk.state) for talk in text.talks}
    if states <= {State.DRAFT}:
        return RoundState.PLANNED
    return RoundState.CLOSED if states <= ENDED else RoundState.OPEN


def _made_at(stage: Stage, text: RoundText) -> datetime:
    begins = text.phases.get("evidence_from")
    day = stage.moments.day(begins) if begins is not None else (stage.now - timedelta(days=170)).date()
    return min(at(day, time(9, 30)), stage.now - timedelta(days=2))
