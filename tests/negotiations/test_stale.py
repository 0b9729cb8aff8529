"""Every page that writes a versioned row: a stale version is 409 with both texts, a missing one 422, and nothing is written.

The pages are found from the map of addresses, so that a new one is covered or fails here.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import pytest
from django.apps import apps
from django.db.models import F, Model
from django.test import Client
from django.urls import NoReverseMatch, reverse

from hyte_portal.models import Versioned
from negotiations.lifecycle import State
from negotiations.models import AgendaItem, Attendee, Cooperation, FollowUpPlan, Goal, Measure, Negotiation
from organizations.actors import Actor
from organizations.models import Duty, Membership, Organization, Post
from tests.addresses import ALL_NAMES
from tests.factories import act_as, make_actor, make_organization
from tests.talks import make_goal, make_measure, make_round, make_talk

pytestmark = pytest.mark.django_db
MINE: Final = "Minun kirjoittamani teksti"
THEIRS: Final = "Toisen tallentama teksti"


@dataclass(frozen=True)
class Case:
    """A form page: where, over which row, the field that both wrote, and what else the form carries."""

    url: str
    row: Any
    field: str
    data: dict[str, Any]
    prefix: str = ""


@dataclass(frozen=True)
class Table:
    """A talk in the state that a page needs, and its host's administrator, editor and confirmer."""

    talk: Negotiation
    host: Actor


Made = Callable[[Table], Case]


def _talk_url(name: str, talk: Negotiation, *more: str) -> str:
    return reverse(f"negotiations:{name}", args=[talk.public_id, *more])


def _goal_data(goal: Goal) -> dict[str, Any]:
    return {"theme": goal.theme_id, "age_group": goal.age_group_id, "origin": "plan", "level": "joint"}


def _proposal(slug: str, row: Any, field: str, data: dict[str, Any]) -> Case:
    return Case(reverse("negotiations:proposal_edit", args=[slug, row.public_id]), row, field, data)


def _goal(table: Table) -> Case:
    row = make_goal(table.talk)
    return _proposal("tavoitteet", row, "title_fi", _goal_data(row))


def _common_goal(table: Table) -> Case:
    row = make_goal(table.talk)
    Goal.objects.filter(pk=row.pk).update(negotiation=None)
    return _proposal("tavoitteet", row, "title_fi", _goal_data(row))


def _measure(table: Table) -> Case:
    row = make_measure(table.talk)
    return _proposal("toimenpiteet", row, "title_fi", {"goal": row.goal_id})


def _cooperation(table: Table) -> Case:
    row = Cooperation.objects.create(negotiation=table.talk, proposer=table.talk.convener, subject_fi="Verkosto")
    return _proposal("yhteistyo", row, "subject_fi", {})


def _plan(table: Table) -> Case:
    row = FollowUpPlan.objects.create(negotiation=table.talk, proposer=table.talk.convener, what_fi="Mittarit")
    return _proposal("seurantatavat", row, "what_fi", {})


def _on_measure(name: str, field: str, **data: str) -> Made:
    def made(table: Table) -> Case:
        row = make_measure(table.talk, ends_on="2026-01-31")
        return Case(reverse(f"negotiations:{name}", args=[row.public_id]), row, field, data)

    return made


def _item(table: Table) -> Case:
    row = AgendaItem.objects.create(negotiation=table.talk, title_fi="Tilannekuva")
    return Case(_talk_url("agenda_item", table.talk, row.public_id), row, "title_fi", {"section": "other"})


def _attendee(table: Table) -> Case:
    row = Attendee.objects.create(negotiation=table.talk, name="Esimerkki", organization=table.talk.convener)
    data = {"organization": table.talk.convener.slug, "capacity": "official", "channel": "room", "presence": "all"}
    return Case(_talk_url("attendee", table.talk, row.public_id), row, "name", data)


def _seat(table: Table) -> Case:
    row = table.talk.participations.get(side="guest")
    return Case(_talk_url("party", table.talk, row.public_id), row, "invited_otherwise", {})


def _contacts(table: Table) -> Case:
    row = table.talk.participations.get(side="guest")
    return Case(_talk_url("invite_contacts", table.talk), row, "invited_otherwise", {}, prefix=f"{row.public_id}-")


def _decisions(table: Table) -> Case:
    row = make_measure(table.talk)
    return Case(
        _talk_url("decisions", table.talk), row, "decision_reason", {"decision": "deferred"}, prefix=f"{row.public_id}-"
    )


def _round(table: Table) -> Case:
    row = table.talk.round
    data = {"year_of_effect": 2027, "forms": ["joint"], "languages": ["fi"], "record_type": "memo", "comment_days": 14}
    return Case(reverse("negotiations:round_edit", args=[row.public_id]), row, "name_fi", data)


def _post(table: Table) -> Case:
    row = Post.objects.create(organization=table.talk.convener, title_fi="johtaja")
    return Case(reverse("organizations:post", args=[table.talk.convener.slug, row.public_id]), row, "title_fi", {})


CASES: Final[dict[str, tuple[str, Made]]] = {
    "negotiations:talk_edit": (
        State.HELD,
        lambda t: Case(_talk_url("talk_edit", t.talk), t.talk, "title_fi", {"record_type": "memo"}),
    ),
    "negotiations:reasons": (State.HELD, lambda t: Case(_talk_url("reasons", t.talk), t.talk, "no_goals_fi", {})),
    "negotiations:proposal_edit": (State.HELD, _goal),
    "negotiations:proposal_edit common goal": (State.HELD, _common_goal),
    "negotiations:proposal_edit measure": (State.HELD, _measure),
    "negotiations:proposal_edit cooperation": (State.HELD, _cooperation),
    "negotiations:proposal_edit plan": (State.HELD, _plan),
    "negotiations:decisions": (State.HELD, _decisions),
    "negotiations:decide": (State.HELD, _on_measure("decide", "decision_reason", decision="deferred")),
    "negotiations:withdraw": (State.HELD, _on_measure("withdraw", "decision_reason")),
    "negotiations:outcome": (State.FOLLOWING, _on_measure("outcome", "outcome_reason", outcome="partly")),
    "negotiations:agenda_item": (State.HELD, _item),
    "negotiations:attendee": (State.HELD, _attendee),
    "negotiations:party": (State.HELD, _seat),
    "negotiations:invite_contacts": (State.DRAFT, _contacts),
    "negotiations:round_edit": (State.HELD, _round),
    "organizations:post": (State.HELD, _post),
}
# Written without a text of both: a press, a tick, a removal, a dated row that is only ever added, or an act under a lock.
NO_TEXT: Final = {
    "negotiations:act": "an act holds the state under a lock, not a version",
    "negotiations:invite": "an act",
    "negotiations:languages": "ticks that only add",
    "negotiations:agenda_usual": "writes into an empty agenda only",
    "negotiations:agenda_item_move": "a press",
    "negotiations:agenda_item_remove": "a removal over the version read (test_agenda)",
    "negotiations:attendee_remove": "a removal over the version read (test_agenda)",
    "negotiations:attendance": "ticks, each over the version read (test_agenda)",
    "negotiations:party_remove": "a removal over the version read (test_parties)",
    "negotiations:party_editor": "an invitation",
    "negotiations:attachment_remove": "an attachment never changes",
    "negotiations:comments": "a comment never changes",
    "negotiations:report": "a report never changes",
    "negotiations:proposal_share": "a press",
    "negotiations:proposal_delete": "a press under the row's lock",
    "negotiations:proposal_restore": "a press",
    "negotiations:talk_restore": "a press",
    "negotiations:draft_order": "a press",
    "negotiations:document_retry": "a press",
    "negotiations:mute": "a press",
    "organizations:membership": "duties, no text; over the version read (test_people)",
    "organizations:invite": "a new row",
    "organizations:resend_invitation": "a press",
    "organizations:withdraw_invitation": "a press",
    "organizations:act_for": "a press",
    "organizations:invitation": "accepted once",
    "organizations:profile": "one's own row",
    "pages:forget_kept": "a press",
}
NEW: Final = {
    "negotiations:round_new", "negotiations:talk_new", "negotiations:common_goal_new", "negotiations:proposal_new",
    "negotiations:agenda_item_new", "negotiations:attendee_new", "negotiations:party_add",
    "negotiations:party_add_local", "negotiations:attachment_new", "organizations:new_post",
}  # fmt: skip


def test_every_page_that_writes_is_covered(county: Organization) -> None:
    client = _client(_table(county, State.HELD))
    taking = {name for name in ALL_NAMES if ":" in name and "POST" in client.options(_some_url(name))["Allow"]}
    assert taking == {name.split(" ")[0] for name in CASES} | set(NO_TEXT) | NEW


def _some_url(name: str) -> str:
    """Return an address of the name; which methods it takes is said before the row is looked for."""
    parts = ("public_id", "slug", "token", "kind", "act", "item_id", "attendee_id", "party_id", "name")
    for number in range(3):
        for names in combinations(parts, number):
            with suppress(NoReverseMatch):
                return reverse(name, kwargs=dict.fromkeys(names, "x"))
    raise AssertionError(name)


def _table(county: Organization, state: str) -> Table:
    host = make_actor(county, Duty.EDITOR, Duty.CONFIRMER, Duty.ADMINISTRATOR)
    guest = make_organization(areas=[county])
    return Table(make_talk(state, of=make_round(county), guests=[guest]), host)


def _client(table: Table) -> Client:
    assert table.host.person
    return act_as(Client(), table.host.person, table.host.organization)


def _sent(case: Case, version: int | None) -> dict[str, Any]:
    data = case.data | {case.field: MINE} | ({} if version is None else {"version": version})
    return {f"{case.prefix}{name}": value for name, value in data.items()}


def _other_saves(row: Any, field: str) -> None:
    """Let somebody else save the same field over the version that was read."""
    kind: type[Model] = type(row)
    kind._default_manager.filter(pk=row.pk).update(**{field: THEIRS, "version": F("version") + 1})


@pytest.mark.parametrize("name", CASES)
def test_a_stale_version_is_a_conflict_with_both_texts(county: Organization, name: str) -> None:
    state, made = CASES[name]
    table = _table(county, state)
    case = made(table)
    read = case.row.version
    _other_saves(case.row, case.field)
    answer = _client(table).post(case.url, _sent(case, read))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert MINE in page
    assert THEIRS in page
    case.row.refresh_from_db()
    assert getattr(case.row, case.field) == THEIRS


@pytest.mark.parametrize("name", CASES)
def test_what_the_conflict_page_gives_back_can_be_saved(county: Organization, name: str) -> None:
    """The form that comes back carries the new version: sending it again saves over theirs knowingly."""
    state, made = CASES[name]
    table = _table(county, state)
    case = made(table)
    read = case.row.version
    _other_saves(case.row, case.field)
    client = _client(table)
    page = client.post(case.url, _sent(case, read)).content.decode()
    assert f'name="{case.prefix}version" value="{read + 1}"' in page
    assert client.post(case.url, _sent(case, read + 1)).status_code == 302
    case.row.refresh_from_db()
    assert getattr(case.row, case.field) == MINE


@pytest.mark.parametrize("name", CASES)
def test_a_missing_version_is_refused(county: Organization, name: str) -> None:
    state, made = CASES[name]
    table = _table(county, state)
    case = made(table)
    before = getattr(case.row, case.field)
    answer = _client(table).post(case.url, _sent(case, None))
    assert answer.status_code == 422
    case.row.refresh_from_db()
    assert getattr(case.row, case.field) == before


def test_every_versioned_row_that_people_edit_has_a_case() -> None:
    """A new kind of versioned row appears here before it can be forgotten."""
    versioned = {
        kind for kind in apps.get_models() if issubclass(kind, Versioned) and not kind.__name__.endswith("Event")
    }
    names = {kind.__name__ for kind in versioned}
    edited = {
        "Negotiation",
        "Goal",
        "Measure",
        "Cooperation",
        "FollowUpPlan",
        "AgendaItem",
        "Attendee",
        "Participation",
    }
    assert names == edited | {"Round", "Post", Membership.__name__}
    assert Measure in versioned
