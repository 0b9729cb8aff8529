"""The kept numbers are those that counting anew gives, whatever was done and in whichever order."""

import random
from datetime import UTC, datetime
from typing import Final

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from negotiations import proposing, sums
from negotiations.actions import Details, IncompleteError, NotNowError, perform
from negotiations.lifecycle import RULES, Act, State
from negotiations.models import Document, Measure, MeasureSum, Negotiation
from negotiations.vocabulary import CellReach, Decision, Progress
from organizations.actors import CLOCK, Actor
from organizations.models import Duty, Organization
from tests.factories import make_actor, make_municipality
from tests.talks import make_goal, make_measure, make_round, make_talk, make_theme

pytestmark = pytest.mark.django_db
NOW: Final = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def cells(reach: str = CellReach.CONFIRMED) -> dict[str, int]:
    rows = MeasureSum.objects.filter(reach=reach).exclude(measures=0)
    return dict(rows.values_list("progress", "measures"))


@pytest.fixture
def host(county: Organization) -> Actor:
    return make_actor(county, Duty.EDITOR, Duty.CONFIRMER)


def test_what_is_agreed_counts_from_confirming_on(county: Organization, host: Actor) -> None:
    talk = make_talk(State.COMMENTING, of=make_round(county), no_cooperation_fi="-", no_follow_up_fi="-")
    make_measure(talk)
    make_measure(talk, decision=Decision.AMENDED)
    make_measure(talk, decision=Decision.REJECTED)
    make_measure(talk, shared_at=None)
    assert cells() == {}
    perform(talk, Act.CONFIRM, by=host)
    assert (cells(), cells(CellReach.PUBLISHED)) == ({"not_started": 2}, {})
    Document.objects.update(state=Document.State.READY)
    perform(talk, Act.PUBLISH, by=host)
    assert cells(CellReach.PUBLISHED) == {"not_started": 2}


def test_a_report_moves_a_measure_between_the_cells(county: Organization, host: Actor) -> None:
    talk = make_talk(State.PUBLISHED, of=make_round(county))
    measure = make_measure(talk)
    make_measure(talk)
    proposing.report(measure, by=host, progress=Progress.DONE)
    assert cells() == cells(CellReach.PUBLISHED) == {"not_started": 1, "done": 1}


def test_reopening_takes_the_numbers_back(county: Organization, host: Actor) -> None:
    talk = make_talk(State.CONFIRMED, of=make_round(county))
    make_measure(talk)
    assert cells() == {"not_started": 1}
    perform(talk, Act.REOPEN, by=host, details=Details("Virhe"))
    assert cells() == {}


def test_themes_years_and_counties_are_counted_apart(county: Organization) -> None:
    other = make_talk(State.CONFIRMED, of=make_round(year=2025))
    talk = make_talk(State.CONFIRMED, of=make_round(county))
    make_measure(talk, goal=make_goal(talk, theme=make_theme("one")))
    make_measure(talk, goal=make_goal(talk, theme=make_theme("two")))
    make_measure(other)
    rows = set(MeasureSum.objects.values_list("county", "year", "theme__code", "measures"))
    assert rows == {
        (county.pk, 2026, "one", 1), (county.pk, 2026, "two", 1), (other.convener_id, 2025, "theme", 1)
    }  # fmt: skip


def test_a_wrong_number_is_found_and_put_right(county: Organization) -> None:
    talk = make_talk(State.CONFIRMED, of=make_round(county))
    make_measure(talk)
    MeasureSum.objects.update(measures=5)
    assert list(sums.drift().values()) == [(5, 1)]
    assert sums.rebuild() == 1
    assert sums.drift() == {}


def test_the_command_compares_and_rebuilds(county: Organization, capsys: pytest.CaptureFixture[str]) -> None:
    talk = make_talk(State.CONFIRMED, of=make_round(county))
    make_measure(talk)
    call_command("sums")
    MeasureSum.objects.update(measures=5)
    with pytest.raises(CommandError):
        call_command("sums")
    assert "kept 5, counted 1" in capsys.readouterr().out
    call_command("sums", "--rebuild")
    assert sums.drift() == {}


# -- Random walks --------------------------------------------------------------------------------------------------------
MOVES: Final = {act for act, rule in RULES.items() if rule.leads and act != Act.CANCEL}


@pytest.mark.parametrize("seed", range(4))
def test_after_any_walk_the_kept_numbers_are_the_counted_ones(county: Organization, host: Actor, seed: int) -> None:
    """Acts, decisions, reports and outcomes in random order over three talks; nothing drifts at any step."""
    luck = random.Random(seed)
    of = make_round(county, comment_days=luck.choice((0, 14)), year_of_effect=2026)
    guest = make_municipality(county=county)
    make_actor(guest, Duty.EDITOR)
    reasons = {"no_cooperation_fi": "-", "no_follow_up_fi": "-"}
    talks = [make_talk(State.PREPARING, of=of, guests=[guest], **reasons) for _each in range(3)]
    for talk in talks:
        for _each in range(3):
            make_measure(talk, decision=Decision.PROPOSED, goal=make_goal(talk, theme=make_theme(luck.choice("abc"))))
    done = 0
    with time_machine.travel(NOW, tick=False):
        for _step in range(80):
            Document.objects.update(state=Document.State.READY)
            talk = Negotiation.objects.get(pk=luck.choice(talks).pk)
            done += _try(luck, talk, host)
            assert sums.drift() == {}
    assert done > 15


def _try(luck: random.Random, talk: Negotiation, host: Actor) -> bool:
    measure = luck.choice(list(Measure.objects.filter(negotiation=talk)))
    deed = luck.choice((_move, _move, _decide, _decide, _report))
    try:
        deed(luck, talk, measure, host)
    except (NotNowError, IncompleteError, PermissionDenied):
        return False
    return True


def _move(luck: random.Random, talk: Negotiation, _measure: Measure, host: Actor) -> None:
    for by in luck.sample((host, CLOCK), 2):
        able = sorted(talk.acts_for(by) & MOVES)
        if able:
            perform(talk, luck.choice(able), by=by, details=Details("Syy"))
            return


def _decide(luck: random.Random, _talk: Negotiation, measure: Measure, host: Actor) -> None:
    measure.decision = luck.choice((Decision.AGREED, Decision.AMENDED, Decision.REJECTED))
    proposing.decide(measure, lambda: measure.save_over(measure.version, ["decision"]), by=host)


def _report(luck: random.Random, _talk: Negotiation, measure: Measure, host: Actor) -> None:
    proposing.report(measure, by=host, progress=luck.choice(Progress.values), note="Syy")
