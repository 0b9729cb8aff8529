"""The table of rules: well-formed, and the same in SQL, on pages and in acts, for every side × duty × state × act."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import get_template
from django.urls import reverse

from negotiations.act_words import WORDS
from negotiations.actions import Details, IncompleteError, NotNowError, ReasonMissingError, perform
from negotiations.lifecycle import (
    ENDED,
    LIFE,
    RULES,
    Act,
    Condition,
    Need,
    Reason,
    RoundState,
    Side,
    State,
    Subject,
    Told,
    states_of,
)
from negotiations.models import Measure, Negotiation, Round
from negotiations.needs import _CHECKS
from negotiations.views.acts import _ELSEWHERE
from organizations.models import Duty
from tests.world import NOW, Persona, Stage, World, ever_granted, granted, granted_on_round, make_world

TALK_ACTS = [act for act, rule in RULES.items() if rule.subject == Subject.NEGOTIATION]
MEASURE_ACTS = [act for act, rule in RULES.items() if rule.subject == Subject.MEASURE]
DETAILS = Details(
    reason="Syy kerrotaan.",
    starts_at=datetime(2026, 12, 1, 7, tzinfo=UTC),
    ends_at=datetime(2026, 12, 1, 9, tzinfo=UTC),
)


# -- The table itself --------------------------------------------------------------------------------------------------
def test_every_act_has_a_rule_and_every_condition_and_need_is_used() -> None:
    assert set(RULES) == set(Act)
    used = {grant.condition for rule in RULES.values() for grant in rule.grants}
    assert set(Condition) <= used
    assert {need for rule in RULES.values() for need in rule.needs} <= set(_CHECKS)
    assert set(Need) == set(_CHECKS)


def test_every_state_is_reached_from_draft() -> None:
    reached, fresh = {State.DRAFT}, {State.DRAFT}
    while fresh:
        steps = [rule.leads[state] for rule in RULES.values() for state in fresh if state in rule.leads]
        fresh = {to for to in steps if to} - reached
        reached |= fresh
    assert reached == set(State)


def test_nothing_leads_out_of_the_final_states() -> None:
    assert not [act for act, rule in RULES.items() for state in ENDED if rule.leads.get(state)]


def test_an_act_leads_only_from_states_in_which_somebody_may_do_it() -> None:
    for act, rule in RULES.items():
        assert set(rule.leads) <= states_of(act), act


def test_the_states_of_a_life_follow_one_another() -> None:
    steps = {(state, to) for rule in RULES.values() for state, to in rule.leads.items()}
    assert not [pair for pair in pairwise(LIFE) if pair not in steps]


def test_every_subject_is_granted_in_its_own_states_only() -> None:
    for act, rule in RULES.items():
        kind = RoundState if rule.subject == Subject.ROUND else State
        assert all(isinstance(state, kind) for state in states_of(act)), act


@pytest.mark.parametrize("act", [act for act, rule in RULES.items() if rule.told != Told.NOBODY])
def test_every_act_that_tells_has_a_mail_and_words(act: Act) -> None:
    assert get_template(f"negotiations/mail/{act}.txt")
    assert act in WORDS


@pytest.mark.parametrize("act", [act for act, rule in RULES.items() if rule.leads or rule.reason != Reason.NEVER])
def test_every_act_that_moves_or_asks_a_reason_has_words(act: Act) -> None:
    assert str(WORDS[act].button)
    assert str(WORDS[act].consequence)
    assert str(WORDS[act].done)


# -- Table, SQL, page and act ------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One transaction for the whole module: the world is made once."""
    with django_db_blocker.unblock(), time_machine.travel(NOW), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(db: None) -> World:
    found = make_world(State)
    found.personas["clock"] = Persona("clock", frozenset({Side.CLOCK}))
    return found


NAMES = [
    "anonymous", *(f"host_{duty}" for duty in Duty), *(f"guest_{duty}" for duty in Duty), "ngo_party", "ngo_not_party",
    "neighbour", "removed_party", "owner", "holder", "other_county", "stranger", "national", "ended",
    "two_organisations", "other_round", "clock",
]  # fmt: skip


def test_the_matrix_names_everybody(world: World) -> None:
    assert set(NAMES) == set(world.personas)


@pytest.mark.parametrize("name", NAMES)
def test_sql_reads_the_table(world: World, name: str) -> None:
    """Which rows the queryset keeps is what the table says, act by act and state by state."""
    persona = world.personas[name]
    actor = persona.actor
    for act in TALK_ACTS:
        kept = set(Negotiation.objects.allowing(act, actor).values_list("state", flat=True))
        assert kept == {state for state, stage in world.stages.items() if granted(persona, act, stage)}, act
        ever = set(Negotiation.objects.ever_allowing(act, actor).values_list("state", flat=True))
        assert ever == (set(State) if ever_granted(persona, act) else set()), act
    for act in MEASURE_ACTS:
        rows = Measure.objects.allowing(act, actor).values_list("negotiation__state", flat=True)
        assert set(rows) == {state for state, stage in world.stages.items() if granted(persona, act, stage)}, act


@pytest.mark.parametrize("name", NAMES)
def test_buttons_are_what_the_table_grants(world: World, name: str) -> None:
    persona = world.personas[name]
    actor = persona.actor
    for state, stage in world.stages.items():
        expected = {act for act in TALK_ACTS if granted(persona, act, stage)}
        assert stage.talk.acts_for(actor) == expected, state
        on_measure = {act for act in MEASURE_ACTS if granted(persona, act, stage)}
        assert stage.measure.acts_for(actor) == on_measure, state


@pytest.mark.parametrize("name", NAMES)
def test_rounds_are_seen_and_changed_as_the_table_says(world: World, name: str) -> None:
    persona = world.personas[name]
    row = Round.objects.filter(pk=world.round.pk)
    for state in RoundState:
        row.update(state=state)
        for act in (Act.SEE_ROUND, Act.CHANGE_ROUND):
            kept = row.allowing(act, persona.actor).exists()
            assert kept == granted_on_round(persona, act, state), (act, state)
    row.update(state=RoundState.OPEN)


DOERS = [
    "anonymous", "host_editor", "host_confirmer", "host_reader", "guest_editor", "stranger", "other_round", "clock",
]  # fmt: skip


@pytest.mark.parametrize("name", DOERS)
def test_acts_are_done_or_refused_as_the_table_says(world: World, name: str) -> None:
    """A need that is not met counts as allowed: the table let the actor come that far."""
    persona = world.personas[name]
    actor = persona.actor
    for act in TALK_ACTS:
        for state, stage in world.stages.items():
            allowed, ever = granted(persona, act, stage), ever_granted(persona, act)
            expected = "done" if allowed else "not now" if ever else "never"
            assert _tried(stage, act, actor) == expected, (act, state)


def _tried(stage: Stage, act: Act, actor: Any) -> str:
    party = stage.talk.participations.get(preparation="ready").organization
    details = Details(DETAILS.reason, party, DETAILS.starts_at, DETAILS.ends_at)
    mark = transaction.savepoint()
    try:
        perform(Negotiation.objects.get(pk=stage.talk.pk), act, by=actor, details=details)
    except PermissionDenied:
        return "never"
    except NotNowError:
        return "not now"
    except IncompleteError:
        return "done"
    finally:
        transaction.savepoint_rollback(mark)
    return "done"


@pytest.mark.parametrize("act", [act for act, rule in RULES.items() if rule.reason == Reason.ALWAYS])
def test_an_act_that_asks_a_reason_is_refused_without_one(world: World, act: Act) -> None:
    if act not in TALK_ACTS:
        act = Act.RETURN  # a measure's reason is held by its form
    for stage in world.stages.values():
        for persona in world.personas.values():
            if granted(persona, act, stage):
                with pytest.raises(ReasonMissingError):
                    perform(stage.talk, act, by=persona.actor, details=Details(reason="  "))


PAGES = [act for act in TALK_ACTS if act in WORDS]


@pytest.mark.parametrize("name", ["host_editor", "guest_editor"])
def test_an_acts_page_opens_where_the_table_grants_it(world: World, name: str) -> None:
    persona = world.personas[name]
    client = persona.client()
    for state, stage in world.stages.items():
        for act in PAGES:
            answer = client.get(reverse("negotiations:act", args=[stage.talk.public_id, act.value]))
            assert answer.status_code == _page_status(persona, act, stage), (act, state)


def _page_status(persona: Persona, act: Act, stage: Stage) -> int:
    if act in _ELSEWHERE or not granted(persona, Act.SEE_RECORD, stage):
        return 404
    if granted(persona, act, stage):
        return 200
    return 409 if ever_granted(persona, act) else 403
