"""Every address of the portal, and what it asks: who sees what it is about, and by which acts it is opened and sent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.core import signing
from django.urls import URLPattern, URLResolver, get_resolver

from negotiations.lifecycle import Act
from negotiations.notifications import _MUTE_SALT
from organizations.models import Duty, Membership, Organization, Post
from tests.world import Persona, Stage, World, granted, granted_on_round

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


def account(world: World, persona: Persona) -> tuple[set[int], set[int]]:
    """The pages of allauth have tests of their own; here: never a fault, never an act of somebody else's."""
    return {200, 302, 404, 405}, {200, 302, 400, 403, 404, 405, 422, 429}


def _slug(world: World) -> dict[str, Any]:
    return {"slug": world.round.convener.slug}


def row_of_people(world: World, kind: type[Membership] | type[Post] | None) -> dict[str, Any]:
    """Return the address parts of a row of the county's people, or of one that is not there."""
    row = kind.objects.filter(organization=world.round.convener).first() if kind else None
    return _slug(world) | {"public_id": row.public_id if row else "x"}


def _round_parts(world: World) -> dict[str, Any]:
    return {"public_id": world.round.public_id}


def _token(world: World) -> dict[str, Any]:
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
    "organizations:membership": (lambda w: row_of_people(w, Membership), _people(get=True, post=True)),
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


def is_account(name: str) -> bool:
    """Say whether it is one of allauth's pages."""
    return name.startswith(("account_", "mfa_", "usersessions_"))


# -- The map -----------------------------------------------------------------------------------------------------------
def _names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _names(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        elif isinstance(one, URLPattern):
            yield f"{prefix}{one.name}"


ALL_NAMES: Final = sorted(set(_names(get_resolver())))


WALLED: Final = (
    _signed_in, _member, _own_page, _led_on, _press_of_own, _convener
)  # fmt: skip


def open_to_all(expected: Expected) -> bool:
    """Say whether the address is answered without signing in."""
    return expected not in WALLED and "<locals>" not in expected.__qualname__
