"""The access matrix: every address × everybody × states × methods, expected from RULES and a table of the addresses.

An address that the table doesn't list fails; so does one that is listed and not there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
import time_machine
from django.db import transaction
from django.db.models import Count
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from negotiations.lifecycle import Act, State
from negotiations.models import Event, Negotiation
from negotiations.notifications import _MUTE_SALT
from organizations.models import Duty, Membership, Organization, Post
from tests.world import NOW, Persona, Stage, World, ever_granted, granted, granted_on_round, make_world

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


OPENED: Final = {200}
DONE: Final = {200, 302, 422}
TOO_LATE: Final = {302, 403, 409, 422}  # told on the page that follows, or on this one; nothing is written
Sees = Callable[[Persona, Stage], bool]


@dataclass(frozen=True)
class Line:
    """What an address asks: who sees what it is about, and by which acts it is opened and sent (None: by seeing)."""

    sees: Sees
    opens: tuple[Act, ...] | None = None  # any of these acts; () = there is no GET
    sends: tuple[Act, ...] | None = ()  # () = there is no POST
    parts: Callable[[Stage], dict[str, Any]] = field(default=lambda s: {"public_id": s.talk.public_id})
    proposer: Callable[[Stage], Organization] | None = None
    walled: bool = True


def _by(act: Act) -> Sees:
    return lambda persona, stage: granted(persona, act, stage)


RECORD: Final = _by(Act.SEE_RECORD)


def _copy(persona: Persona, stage: Stage) -> bool:
    return granted(persona, Act.SEE_RECORD, stage) or granted(persona, Act.SEE_PUBLIC, stage)


def _read(**more: Any) -> Line:
    return Line(RECORD, **more)


def _form(*acts: Act, **more: Any) -> Line:
    return Line(RECORD, opens=acts, sends=acts, **more)


def _press(*acts: Act, **more: Any) -> Line:
    return Line(RECORD, opens=(), sends=acts, **more)


def _part(name: str, of: str, **more: str) -> Callable[[Stage], dict[str, Any]]:
    """Return the address parts of a row of a talk: `name` is the keyword, `of` the stage's attribute."""
    return lambda s: {"public_id": s.talk.public_id, name: getattr(s, of).public_id, **more}


def _own(of: str, **more: str) -> Callable[[Stage], dict[str, Any]]:
    return lambda s: {"public_id": getattr(s, of).public_id, **more}


def _act(act: Act) -> Line:
    return _form(act, parts=lambda s: {"public_id": s.talk.public_id, "act": act.value})


def _hidden(persona: Persona, stage: Stage) -> bool:
    """A proposal that was not shared is its own side's alone."""
    return granted(persona, Act.SEE_RECORD, stage) and persona.organization == stage.hidden_goal.proposer


TALK_LINES: Final[dict[str, Line | list[Line]]] = {
    "negotiations:negotiation": Line(_copy, walled=False),
    "negotiations:talk_edit": _form(Act.EDIT_TALK),
    "negotiations:talk_restore": Line(lambda _p, _s: False, opens=(), sends=(Act.DELETE_TALK,)),
    "negotiations:reasons": _form(Act.EDIT_TALK),
    "negotiations:languages": _form(Act.EDIT_TALK),
    "negotiations:act": [
        _act(act) for act in (Act.OPEN_PREPARATION, Act.MARK_READY, Act.CANCEL, Act.CONFIRM, Act.DELETE_TALK)
    ],
    "negotiations:cooperation": _read(),
    "negotiations:decisions": _read(sends=(Act.DECIDE,)),
    "negotiations:proposal_new": [
        _form(Act.EDIT, parts=lambda s, kind=kind: {"public_id": s.talk.public_id, "kind": kind})
        for kind in ("tavoitteet", "toimenpiteet", "yhteistyo", "seurantatavat")
    ],
    "negotiations:agenda": _read(),
    "negotiations:agenda_item_new": _form(Act.EDIT_TALK),
    "negotiations:agenda_usual": _press(Act.EDIT_TALK),
    "negotiations:agenda_item": _form(Act.EDIT_TALK, parts=_part("item_id", "item")),
    "negotiations:agenda_item_move": _press(Act.EDIT_TALK, parts=_part("item_id", "item")),
    "negotiations:agenda_item_remove": _form(Act.EDIT_TALK, parts=_part("item_id", "item")),
    "negotiations:attendance": _read(sends=(Act.EDIT_TALK,)),
    "negotiations:attendee_new": _form(Act.EDIT_TALK),
    "negotiations:attendee": _form(Act.EDIT_TALK, parts=_part("attendee_id", "attendee")),
    "negotiations:attendee_remove": _form(Act.EDIT_TALK, parts=_part("attendee_id", "attendee")),
    "negotiations:parties": _read(),
    "negotiations:party_add": _form(Act.INVITE, Act.ADD_PARTY),
    "negotiations:party_add_local": _form(Act.INVITE, Act.ADD_PARTY),
    "negotiations:party": _form(Act.EDIT_TALK, parts=_part("party_id", "lone_seat")),
    "negotiations:party_editor": _form(Act.EDIT_TALK, parts=_part("party_id", "lone_seat")),
    "negotiations:party_remove": _form(Act.INVITE, parts=_part("party_id", "lone_seat")),
    "negotiations:invite": _form(Act.INVITE),
    "negotiations:invite_contacts": _press(Act.INVITE),
    "negotiations:comments": _read(sends=(Act.COMMENT,)),
    "negotiations:documents": _read(),
    "negotiations:draft_order": _press(Act.ORDER_DRAFT),
    "negotiations:attachment_new": _form(Act.EDIT),
    "negotiations:history": _read(),
    "negotiations:document": Line(_copy, parts=_own("document"), walled=False),
    "negotiations:document_state": _read(parts=_own("document")),
    "negotiations:document_retry": _press(Act.RETRY_FILE, parts=_own("document")),
    "negotiations:attachment": Line(_copy, parts=_own("attachment"), walled=False),
    "negotiations:attachment_remove": _form(Act.EDIT_TALK, parts=_own("attachment")),
    "negotiations:proposal_edit": [
        _form(Act.EDIT, parts=_own("own_goal", kind="tavoitteet"), proposer=lambda s: s.own_goal.proposer),
        Line(
            _hidden, opens=(Act.EDIT,), sends=(Act.EDIT,), parts=_own("hidden_goal", kind="tavoitteet"),
            proposer=lambda s: s.hidden_goal.proposer,
        ),
        Line(
            _by(Act.SEE_MEASURE), opens=(Act.EDIT,), sends=(Act.EDIT,), parts=_own("measure", kind="toimenpiteet"),
            proposer=lambda s: s.measure.proposer,
        ),
        _form(Act.EDIT, parts=_own("cooperation", kind="yhteistyo"), proposer=lambda s: s.cooperation.proposer),
        _form(Act.EDIT, parts=_own("plan", kind="seurantatavat"), proposer=lambda s: s.plan.proposer),
    ],
    "negotiations:proposal_share": Line(
        _hidden, opens=(), sends=(Act.SHARE,), parts=_own("hidden_goal", kind="tavoitteet"),
        proposer=lambda s: s.hidden_goal.proposer,
    ),
    "negotiations:proposal_delete": Line(
        _hidden, opens=(Act.EDIT,), sends=(Act.EDIT,), parts=_own("hidden_goal", kind="tavoitteet"),
        proposer=lambda s: s.hidden_goal.proposer,
    ),
    "negotiations:proposal_restore": Line(
        lambda _p, _s: False, opens=(), sends=(Act.EDIT,), parts=_own("hidden_goal", kind="tavoitteet")
    ),
    "negotiations:measure": Line(_by(Act.SEE_MEASURE), parts=_own("measure")),
    "negotiations:decide": Line(_by(Act.SEE_MEASURE), (Act.DECIDE,), (Act.DECIDE,), _own("measure")),
    "negotiations:withdraw": Line(_by(Act.SEE_MEASURE), (Act.WITHDRAW,), (Act.WITHDRAW,), _own("measure")),
    "negotiations:report": Line(_by(Act.SEE_MEASURE), (Act.REPORT,), (Act.REPORT,), _own("measure")),
    "negotiations:outcome": Line(_by(Act.SEE_MEASURE), (Act.SET_OUTCOME,), (Act.SET_OUTCOME,), _own("measure")),
}  # fmt: skip


# -- Addresses that no talk decides ------------------------------------------------------------------------------------
Expected = Callable[[World, Persona], tuple[set[int], set[int]]]  # of GET, of POST


def _everyone(world: World, persona: Persona) -> tuple[set[int], set[int]]:
    return OPENED, {405}


def _signed_in(world: World, persona: Persona) -> tuple[set[int], set[int]]:
    return (OPENED, {405}) if persona.person else ({302}, {302})


def _member(world: World, persona: Persona) -> tuple[set[int], set[int]]:
    if persona.person and not persona.actor.is_member:
        return {403}, {405}
    return _signed_in(world, persona)


def _front(world: World, persona: Persona) -> tuple[set[int], set[int]]:
    return ({302} if persona.person else OPENED), {405}


def _own_page(world: World, persona: Persona) -> tuple[set[int], set[int]]:
    return (OPENED, DONE) if persona.person else ({302}, {302})


def _led_on(world: World, persona: Persona) -> tuple[set[int], set[int]]:
    return {302}, {405} if persona.person else {302}


def _press_of_own(world: World, persona: Persona) -> tuple[set[int], set[int]]:
    return ({405}, {302, 403}) if persona.person else ({302}, {302})


def _nobody(world: World, persona: Persona) -> tuple[set[int], set[int]]:
    return {404}, {404, 405}


def _convener(world: World, persona: Persona) -> tuple[set[int], set[int]]:
    if not persona.person:
        return {302}, {302}
    actor = persona.actor
    may = bool(actor.organization and actor.organization.convenes and Duty.EDITOR in actor.duties)
    return (OPENED, DONE) if may else ({403}, {403})


def _round(act: Act, *, posts: bool) -> Expected:
    def expected(world: World, persona: Persona) -> tuple[set[int], set[int]]:
        if not persona.person:
            return {302}, {302}
        if not granted_on_round(persona, Act.SEE_ROUND, world.round.state):
            return {404}, {404} if posts else {404, 405}
        may = granted_on_round(persona, act, world.round.state)
        return OPENED if may else {403}, ((DONE if may else {403}) if posts else {405})

    return expected


def _people(*, get: bool, post: bool) -> Expected:
    """The county's people: its administrators'; members without the duty 403, others 404."""

    def expected(world: World, persona: Persona) -> tuple[set[int], set[int]]:
        if not persona.person:
            return {302}, {302}
        own = persona.actor.organization == world.round.convener
        refused = {403} if own else {404}
        manages = own and Duty.ADMINISTRATOR in persona.duties
        opened, done = (OPENED, DONE) if manages else (refused, refused)
        return (opened if get else {405}), (done if post else {405})

    return expected


def _account(world: World, persona: Persona) -> tuple[set[int], set[int]]:
    """The pages of allauth have tests of their own; here: never a fault, never an act of somebody else's."""
    return {200, 302, 404, 405}, {200, 302, 400, 403, 404, 405, 422, 429}


def _slug(world: World) -> dict[str, Any]:
    return {"slug": world.round.convener.slug}


def _row_of_people(world: World, kind: type[Membership] | type[Post] | None) -> dict[str, Any]:
    row = kind.objects.filter(organization=world.round.convener).first() if kind else None
    return _slug(world) | {"public_id": row.public_id if row else "x"}


def _round_parts(world: World) -> dict[str, Any]:
    return {"public_id": world.round.public_id}


def _token(world: World) -> dict[str, Any]:
    from django.core import signing

    person = world.personas["host_reader"].person
    assert person
    return {"token": signing.dumps([person.pk, "remind_preparation"], salt=_MUTE_SALT, compress=True)}


def _nothing(_world: World) -> dict[str, Any]:
    return {}


OTHER_LINES: Final[dict[str, tuple[Callable[[World], dict[str, Any]], Expected]]] = {
    "home": (_nothing, lambda _w, _p: ({302}, {405})),
    "livez": (_nothing, _everyone),
    "readyz": (_nothing, _everyone),
    "robots": (_nothing, _everyone),
    "pages:about": (_nothing, _everyone),
    "pages:accessibility": (_nothing, _everyone),
    "pages:privacy": (_nothing, _everyone),
    "pages:kept": (_nothing, _led_on),
    "pages:forget_kept": (_nothing, _press_of_own),
    "pages:demo_mails": (_nothing, _nobody),
    "pages:demo_mail": (lambda _w: {"name": "x"}, _nobody),
    "organizations:profile": (_nothing, _own_page),
    "organizations:invitation": (lambda _w: {"token": "x"}, _nobody),
    "organizations:search": (_nothing, _member),
    "organizations:act_for": (_nothing, _press_of_own),
    "organizations:detail": (_slug, _signed_in),
    "organizations:people": (_slug, _people(get=True, post=False)),
    "organizations:invite": (_slug, _people(get=False, post=True)),
    "organizations:membership": (lambda w: _row_of_people(w, Membership), _people(get=True, post=True)),
    "organizations:new_post": (_slug, _people(get=True, post=True)),
    "negotiations:front": (_nothing, _front),
    "negotiations:desk": (_nothing, _signed_in),
    "negotiations:list": (_nothing, _signed_in),
    "negotiations:measures": (_nothing, _signed_in),
    "negotiations:regions": (_nothing, _everyone),
    "negotiations:region": (_slug, _everyone),
    "negotiations:mute": (_token, lambda _w, _p: (OPENED, {302})),
    "negotiations:round_new": (_nothing, _convener),
    "negotiations:round": (_round_parts, _round(Act.SEE_ROUND, posts=False)),
    "negotiations:round_edit": (_round_parts, _round(Act.CHANGE_ROUND, posts=True)),
    "negotiations:talk_new": (_round_parts, _round(Act.CHANGE_ROUND, posts=True)),
    "negotiations:common_goal_new": (_round_parts, _round(Act.CHANGE_ROUND, posts=True)),
}
# Rows that this county doesn't have: 404 even for its administrators; who may not manage is turned away first.
MISSING: Final = ("organizations:resend_invitation", "organizations:withdraw_invitation", "organizations:post")


def _is_account(name: str) -> bool:
    return name.startswith(("account_", "mfa_", "usersessions_"))


# -- The map -----------------------------------------------------------------------------------------------------------
def _names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _names(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        elif isinstance(one, URLPattern):
            yield f"{prefix}{one.name}"


ALL_NAMES: Final = sorted(set(_names(get_resolver())))


def test_every_address_is_listed() -> None:
    listed = set(TALK_LINES) | set(OTHER_LINES) | set(MISSING)
    accounts = {name for name in ALL_NAMES if _is_account(name)}
    assert listed | accounts == set(ALL_NAMES)


def test_what_is_open_without_signing_in_is_listed_here() -> None:
    """The holes in the login wall, each with its reason in the view's docstring."""
    free = {name for name, (_parts, expected) in OTHER_LINES.items() if _open_to_all(expected)}
    free |= {name for name, line in TALK_LINES.items() if isinstance(line, Line) and not line.walled}
    assert free == {
        "home", "livez", "readyz", "robots", "pages:about", "pages:accessibility", "pages:privacy",
        "pages:demo_mails", "pages:demo_mail", "organizations:invitation", "negotiations:front",
        "negotiations:regions", "negotiations:region", "negotiations:mute", "negotiations:negotiation",
        "negotiations:document", "negotiations:attachment",
    }  # fmt: skip


WALLED: Final = (
    _signed_in, _member, _own_page, _led_on, _press_of_own, _convener
)  # fmt: skip


def _open_to_all(expected: Expected) -> bool:
    return expected not in WALLED and "<locals>" not in expected.__qualname__


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
    from django.urls import reverse
    from django.utils import translation

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
        answered = _ask(client, "POST", _url(address, _row_of_people(world, None)))
        assert answered == {"host_administrator": 404, "host_editor": 403, "stranger": 404, "anonymous": 302}[name]


@pytest.mark.parametrize("name", ["host_editor", "anonymous"])
def test_account_pages_never_fail(world: World, name: str) -> None:
    client = world.personas[name].client()
    keys = {"key": "x-y", "uidb36": "1"}
    for address in filter(_is_account, ALL_NAMES):
        wanted = {"account_confirm_email": ["key"], "account_reset_password_from_key": ["uidb36", "key"]}
        url = _url(address, {part: keys[part] for part in wanted.get(address, [])})
        for method, expected in zip(("GET", "POST"), _account(world, world.personas[name]), strict=True):
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
