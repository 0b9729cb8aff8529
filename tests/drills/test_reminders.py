"""The fast form of T9: real workers, killed without a word while mails go out."""

from pathlib import Path

import pytest

from bench.drill import reminders
from negotiations.lifecycle import State
from tests.talks import make_talk

MAILS, KILLS = 50, 3


@pytest.mark.django_db(transaction=True)
def test_fifty_reminders_arrive_once_each_though_workers_are_killed(tmp_path: Path, variables: dict[str, str]) -> None:
    talk = make_talk(State.COMMENTING)
    found = reminders.run(tmp_path, talk, number=MAILS, kills=KILLS, seconds=90, variables=variables, stale=2, batch=10)
    short = [str(figure) for figure in reminders.figures(found, KILLS) if not figure.holds]
    assert not short, short
