"""The access matrix: every address × everybody × states × methods, expected from RULES and a table of the addresses.

An address that `tests.addresses` doesn't list fails; so does one that is listed and not there.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
import time_machine
from django.db import transaction
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import translation

from negotiations.lifecycle import State
from negotiations.models import Event, Negotiation
from organizations.models import Membership
from tests.addresses import (
    ALL_NAMES,
    DONE,
    MISSING,
    OPENED,
    OTHER_LINES,
    TALK_LINES,
    TOO_LATE,
    Line,
    account,
    is_account,
    open_to_all,
    row_of_people,
)
from tests.world import NOW, Persona, Stage, World, ever_granted, granted, make_world

STATES: Final = (State.DRAFT, State.PREPARING, State.MEMO_DRAFT, State.PUBLISHED)
NAMES: Final = (
    "anonymous", "host_editor", "host_confirmer", "host_reader", "host_administrator", "guest_editor",
    "guest_reader", "ngo_party", "ngo_not_party", "neighbour", "removed_party", "owner", "holder", "other_county",
    "stranger", "national", "ended", "two_organisations", "other_round",
)  # fmt: skip
# Who is far from the table is asked in fewer states: what lies between is held by test_lifecycle for everybody.
CLOSEST: Final = {"host_editor", "guest_editor"}
FAR: Final = {
    "anonymous", "ngo_not_party", "neighbour", "removed_party", "other_county", "stranger", "ended",
    "two_organisations", "other_round",
}  # fmt: skip


def _states(name: str) -> tuple[State, ...]:
    return STATES if name in CLOSEST else (State.PREPARING, State.PUBLISHED) if name in FAR else STATES[1:]


def test_every_address_is_listed() -> None:
    listed = set(TALK_LINES) | set(OTHER_LINES) | set(MISSING)
    accounts = {name for name in ALL_NAMES if is_account(name)}
    assert listed | accounts == set(ALL_NAMES)


def test_what_is_open_without_signing_in_is_listed_here() -> None:
    """The holes in the login wall, each with its reason in the view's docstring."""
    free = {name for name, (_parts, expected) in OTHER_LINES.items() if open_to_all(expected)}
    free |= {name for name, line in TALK_LINES.items() if isinstance(line, Line) and not line.walled}
    assert free == {
        "home", "livez", "readyz", "robots", "pages:about", "pages:accessibility", "pages:privacy",
        "pages:demo_mails", "pages:demo_mail", "organizations:invitation", "negotiations:front",
        "negotiations:regions", "negotiations:region", "negotiations:mute", "negotiations:negotiation",
        "negotiations:document", "negotiations:attachment",
    }  # fmt: skip


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One transaction for the whole module: the world is made once."""
    with django_db_blocker.unblock(), time_machine.travel(NOW), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(db: None) -> World:
    return make_world(STATES)


def _url(name: str, parts: dict[str, Any]) -> str:
    with translation.override("fi"):
        return reverse(name, kwargs=parts)


def _ask(client: Client, method: str, url: str) -> int:
    """Ask, and leave the world as it was."""
    mark = transaction.savepoint()
    try:
        return int(client.generic(method, url, content_type="application/x-www-form-urlencoded").status_code)
    finally:
        transaction.savepoint_rollback(mark)


def _lines(name: str) -> list[Line]:
    lines = TALK_LINES[name]
    return lines if isinstance(lines, list) else [lines]


def _expected(line: Line, method: str, persona: Persona, stage: Stage) -> set[int]:
    acts = line.opens if method == "GET" else line.sends
    if acts == ():
        return {302, 404, 405} if method == "GET" or persona.person is None else {404, 405}
    if not line.sees(persona, stage):
        return {404, 302} if persona.person is None and not line.walled else {302} if not persona.person else {404}
    if acts is None:
        return OPENED
    proposer = line.proposer(stage) if line.proposer else None
    if any(granted(persona, act, stage, proposer=proposer) for act in acts):
        return OPENED if method == "GET" else DONE
    if not any(ever_granted(persona, act) for act in acts):
        return {403}
    return {403, 409} if method == "GET" else TOO_LATE


@pytest.mark.parametrize("name", NAMES)
def test_the_talks_addresses(world: World, name: str) -> None:
    persona = world.personas[name]
    client = persona.client()
    wrong, cells = [], 0
    for state in _states(name):
        stage = world.stages[state]
        for address in TALK_LINES:
            for line in _lines(address):
                url = _url(address, line.parts(stage))
                for method in ("GET", "POST"):
                    cells += 1
                    expected = _expected(line, method, persona, stage)
                    answered = _ask(client, method, url)
                    if answered not in expected:
                        wrong.append(f"{state} {method} {url} ({address}): {answered}, not {sorted(expected)}")
    assert not wrong, "\n".join(wrong)
    assert cells >= 110 * len(_states(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_other_addresses(world: World, name: str) -> None:
    persona = world.personas[name]
    client = persona.client()
    wrong = []
    for address, (parts, expectation) in OTHER_LINES.items():
        url = _url(address, parts(world))
        for method, expected in zip(("GET", "POST"), expectation(world, persona), strict=True):
            answered = _ask(client, method, url)
            if answered not in expected:
                wrong.append(f"{method} {url} ({address}): {answered}, not {sorted(expected)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["host_administrator", "host_editor", "stranger", "anonymous"])
def test_rows_that_are_not_there(world: World, name: str) -> None:
    persona = world.personas[name]
    client = persona.client()
    for address in MISSING:
        answered = _ask(client, "POST", _url(address, row_of_people(world, None)))
        assert answered == {"host_administrator": 404, "host_editor": 403, "stranger": 404, "anonymous": 302}[name]


@pytest.mark.parametrize("name", ["host_editor", "anonymous"])
def test_account_pages_never_fail(world: World, name: str) -> None:
    client = world.personas[name].client()
    keys = {"key": "x-y", "uidb36": "1"}
    for address in filter(is_account, ALL_NAMES):
        wanted = {"account_confirm_email": ["key"], "account_reset_password_from_key": ["uidb36", "key"]}
        url = _url(address, {part: keys[part] for part in wanted.get(address, [])})
        for method, expected in zip(("GET", "POST"), account(world, world.personas[name]), strict=True):
            assert _ask(client, method, url) in expected, (method, address)


@pytest.mark.parametrize("name", ["host_editor", "anonymous"])
def test_other_methods_are_answered_without_a_fault(world: World, name: str) -> None:
    client = world.personas[name].client()
    stage = world.stages[State.MEMO_DRAFT]
    urls = [_url(address, _lines(address)[0].parts(stage)) for address in TALK_LINES]
    urls += [_url(address, parts(world)) for address, (parts, _expected) in OTHER_LINES.items()]
    for url in urls:
        for method in ("HEAD", "OPTIONS", "PUT", "DELETE"):
            answered = _ask(client, method, url)
            assert answered in {200, 302, 403, 404, 405, 409}, (method, url)
            assert method in {"HEAD", "OPTIONS"} or answered != 200, (method, url)


# -- What a refusal leaves ---------------------------------------------------------------------------------------------
def _written() -> Any:
    """Return what every write of a talk changes."""
    talks = Negotiation.objects.order_by("pk").values_list("pk", "version", "content_version", "state", "deleted_at")
    return list(talks), Event.objects.aggregate(number=Count("pk"))


@pytest.mark.parametrize("name", ["host_reader", "guest_reader", "owner"])
def test_who_may_not_write_leaves_no_trace(world: World, name: str) -> None:
    """Every POST address of every state is sent; only what RULES grants (an owner's report) may write."""
    persona = world.personas[name]
    client = persona.client()
    before = _written()
    for stage in world.stages.values():
        for address in TALK_LINES:
            for line in _lines(address):
                if line.sends and not any(granted(persona, act, stage) for act in line.sends):
                    client.post(_url(address, line.parts(stage)))
    assert _written() == before


@pytest.mark.parametrize("state", STATES)
def test_a_two_organisations_person_is_offered_the_switch(world: World, state: str) -> None:
    client = world.personas["two_organisations"].client()
    answer = client.get(_url("negotiations:agenda", {"public_id": world.stages[state].talk.public_id}))
    assert answer.status_code == 404
    offer = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    assert ('value="kuopio"' in offer) == (state != State.DRAFT)


def test_a_right_that_ended_is_gone_on_the_next_request(world: World) -> None:
    persona = world.personas["guest_editor"]
    client = persona.client()
    url = _url("negotiations:agenda", {"public_id": world.stages[State.PREPARING].talk.public_id})
    assert client.get(url).status_code == 200
    mark = transaction.savepoint()
    Membership.objects.filter(person=persona.person).update(until="2026-11-19")
    assert client.get(url).status_code == 404
    transaction.savepoint_rollback(mark)


def test_unshared_texts_and_titles_stay_with_their_side(world: World) -> None:
    """The page of the talk, which all at the table read, does not carry another side's unshared proposal."""
    stage = world.stages[State.PREPARING]
    stage.hidden_goal.title_fi = "Salattu tavoite"
    mark = transaction.savepoint()
    type(stage.hidden_goal).objects.filter(pk=stage.hidden_goal.pk).update(title_fi="Salattu tavoite")
    pages = [_url("negotiations:negotiation", {"public_id": stage.talk.public_id}), _url("negotiations:desk", {})]
    pages += [_url(f"negotiations:{tab}", {"public_id": stage.talk.public_id}) for tab in ("decisions", "history")]
    seen = {
        name: any("Salattu tavoite" in world.personas[name].client().get(page).content.decode() for page in pages)
        for name in ("guest_editor", "host_editor", "ngo_party", "national")
    }
    transaction.savepoint_rollback(mark)
    assert seen == {"guest_editor": True, "host_editor": False, "ngo_party": False, "national": False}
