"""One county's world for the tests of rights: a talk in each state with all its parts, and the people around it.

`granted` reads RULES as a person would, without SQL: what the portal answers is held against it.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from hyte_portal.dates import today
from negotiations.lifecycle import RULES, Act, Condition, Role, Side
from negotiations.memo_rows import build_memo
from negotiations.models import (
    AgendaItem,
    Attachment,
    Attendee,
    Cooperation,
    Document,
    FollowUpPlan,
    Goal,
    Measure,
    Negotiation,
    Participation,
    Round,
)
from negotiations.vocabulary import IN_FORCE, DocumentReach, Preparation
from organizations.actors import CLOCK, PUBLIC, Actor, actors_of
from organizations.models import Duty, Organization, Post, User
from tests.factories import act_as, make_county, make_membership, make_municipality, make_organization, make_person
from tests.talks import make_goal, make_measure, make_round, make_snapshot, make_talk

# A day on which the talks of tests.talks have been held and the round's phases are under way.
NOW: Final = "2026-11-20T08:00:00+00:00"


@dataclass(frozen=True)
class Persona:
    """Somebody who asks: how her organisation stands to the talk, and her duties in it."""

    name: str
    sides: frozenset[Side] = frozenset()
    duties: frozenset[Duty] = frozenset()
    person: User | None = None
    organization: Organization | None = None

    @property
    def actor(self) -> Actor:
        """Return the actor that pages would see."""
        if Side.CLOCK in self.sides:
            return CLOCK
        if self.person is None:
            return PUBLIC
        known = actors_of(self.person)
        return next((one for one in known if one.organization == self.organization), Actor(self.person))

    def client(self) -> Client:
        """Return a browser in which she is signed in; a fault is an answer of 500, as it would be to her."""
        browser = Client(raise_request_exception=False)
        return act_as(browser, self.person, self.organization) if self.person else browser

    def has_role(self, role: Role) -> bool:
        """Say whether she has the role at the talk."""
        side, duty = role
        if side == Side.PUBLIC or Side.CLOCK in (side, *self.sides):
            return side == Side.PUBLIC or (side == Side.CLOCK and Side.CLOCK in self.sides)
        return side in self.sides and (duty is None or duty in self.duties)


@dataclass(frozen=True)
class Stage:
    """A talk with one of each part."""

    talk: Negotiation
    goal: Goal
    own_goal: Goal
    hidden_goal: Goal
    measure: Measure
    cooperation: Cooperation
    plan: FollowUpPlan
    item: AgendaItem
    attendee: Attendee
    attachment: Attachment
    document: Document
    lone_seat: Participation


@dataclass(frozen=True)
class World:
    """The county with its neighbours, a talk in each state asked for, and everybody who may ask."""

    round: Round
    personas: dict[str, Persona]
    stages: dict[str, Stage]


def make_world(states: Iterable[str]) -> World:
    """Make the county, its people, and a full talk in each of the states."""
    county = make_county("Pohjois-Savon hyvinvointialue", slug="pohjois-savo")
    kuopio, iisalmi, owner = (make_municipality(name, county) for name in ("Kuopio", "Iisalmi", "Leppävirta"))
    party = make_organization("Savon Yhdistys ry", areas=[county])
    lone = make_organization("Savon Seurakunta", Organization.Kind.PARISH, areas=[county])
    row = make_round(county, preparation_from=date(2026, 8, 24), follow_up_1=date(2026, 11, 2))
    other = make_round(county, year=2025)
    personas = _personas(county, kuopio, iisalmi, owner, party, other)
    holder = personas["holder"]
    post = Post.objects.create(
        organization=owner, title_fi="nuorisojohtaja", holder=holder.person.memberships.get() if holder.person else None
    )
    stages = {state: _stage(state, row, [kuopio, party, lone], post, iisalmi) for state in states}
    return World(row, {persona.name: persona for persona in personas.values()}, stages)


def _persona(
    name: str, organization: Organization, sides: Iterable[Side], *duties: Duty, until: date | None = None
) -> Persona:
    person = make_person(f"{name}@example.org", name=f"Esimerkki {name}")
    make_membership(person, organization, *duties, until=until)
    return Persona(name, frozenset(sides), frozenset(duties), person, organization)


def _personas(
    county: Organization,
    kuopio: Organization,
    iisalmi: Organization,
    owner: Organization,
    party: Organization,
    other: Round,
) -> dict[str, Persona]:
    elsewhere = make_county("Pirkanmaan hyvinvointialue")
    kuntaliitto = make_organization("Suomen Kuntaliitto ry", Organization.Kind.NATIONAL, slug="kuntaliitto")
    tampere = make_municipality("Tampere", elsewhere)
    not_party = make_organization("Savon Toinen ry", areas=[county])
    host, guest, area = {Side.HOST, Side.COUNTY}, {Side.GUEST, Side.COUNTY}, {Side.COUNTY}
    found = [Persona("anonymous")]
    found += [_persona(f"host_{duty}", county, host, duty) for duty in Duty]
    found += [_persona(f"guest_{duty}", kuopio, guest, duty) for duty in Duty]
    found += [
        _persona("ngo_party", party, guest, Duty.EDITOR),
        _persona("ngo_not_party", not_party, area, Duty.EDITOR),
        _persona("neighbour", make_municipality("Siilinjärvi", county), area, Duty.EDITOR, Duty.CONFIRMER),
        _persona("removed_party", iisalmi, area, Duty.EDITOR),
        _persona("owner", owner, {Side.OWNER, Side.COUNTY}, Duty.EDITOR),
        _persona("holder", owner, {Side.OWNER, Side.HOLDER, Side.COUNTY}, Duty.READER),
        _persona("other_county", elsewhere, (), Duty.EDITOR, Duty.CONFIRMER),
        _persona("stranger", tampere, (), Duty.EDITOR, Duty.CONFIRMER),
        _persona("national", kuntaliitto, {Side.NATIONAL}, Duty.READER),
    ]
    ended = _persona("ended", county, (), Duty.EDITOR, Duty.CONFIRMER, until=date(2026, 10, 31))
    found.append(Persona("ended", person=ended.person))
    two = _persona("two_organisations", tampere, (), Duty.EDITOR)
    assert two.person
    make_membership(two.person, kuopio, Duty.EDITOR)
    late = make_person("other_round@example.org")
    make_membership(late, county, Duty.EDITOR, Duty.CONFIRMER, only_rounds=[other.public_id])
    found += [two, Persona("other_round", frozenset(), frozenset({Duty.EDITOR, Duty.CONFIRMER}), late, county)]
    return {persona.name: persona for persona in found}


def _stage(state: str, row: Round, guests: list[Organization], post: Post, removed: Organization) -> Stage:
    talk = make_talk(state, of=row, guests=[*guests, removed])
    talk.participations.filter(organization=removed).delete()
    talk.participations.filter(organization=guests[1]).update(preparation=Preparation.READY, ready_at=timezone.now())
    host, guest = talk.convener, guests[0]
    shared = {"negotiation": talk, "proposer": host, "shared_at": timezone.now()}
    goal = make_goal(talk)
    return Stage(
        talk=talk,
        goal=goal,
        own_goal=make_goal(talk, proposer=guest),
        hidden_goal=make_goal(talk, proposer=guest, shared_at=None),
        measure=make_measure(
            talk, owner=post.organization, owner_post=post, goal=goal, owner_consent="Johtaja 2.11.2026"
        ),
        cooperation=Cooperation.objects.create(subject_fi="Verkosto", **shared),
        plan=FollowUpPlan.objects.create(what_fi="Mittarit", **shared),
        item=AgendaItem.objects.create(negotiation=talk, title_fi="Tilannekuva"),
        attendee=Attendee.objects.create(negotiation=talk, name="Esimerkki Osallistuja", organization=guest),
        attachment=_attachment(talk, host),
        document=_document(talk),
        lone_seat=talk.participations.get(organization=guests[2]),
    )


def _attachment(talk: Negotiation, organization: Organization) -> Attachment:
    name = default_storage.save("attachments/world.pdf", ContentFile(b"%PDF-1.4 liite"))
    return Attachment.objects.create(
        negotiation=talk, organization=organization, title="Tietopaketti", file=name, filename="tietopaketti.pdf",
        content_type="application/pdf", size=14, sha256="0" * 64, is_public=True,
    )  # fmt: skip


def _document(talk: Negotiation) -> Document:
    """Make the public copy - of a draft until the talk is confirmed -, whose bytes lie where they should."""
    content = b"%PDF-1.7 muistio"
    name = default_storage.save("documents/world.pdf", ContentFile(content))
    memo = build_memo(talk, version=f"{talk.memo_version}.0", confirmed=bool(talk.memo_version))
    snapshot = make_snapshot(talk, memo, version=talk.memo_version, is_draft=not talk.memo_version)
    return Document.objects.create(
        negotiation=talk, snapshot=snapshot, language="fi", reach=DocumentReach.PUBLIC, state=Document.State.READY,
        file=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content),
    )  # fmt: skip


# -- RULES read aloud --------------------------------------------------------------------------------------------------
Held = Callable[[Persona, Stage, Organization | None], bool]


def _is_ready(stage: Stage, persona: Persona) -> bool:
    return stage.talk.participations.filter(organization=persona.organization, preparation="ready").exists()


def _is_party(stage: Stage, persona: Persona) -> bool:
    return stage.talk.participations.filter(organization=persona.organization).exists()


def _outcome_is_due(stage: Stage) -> bool:
    ends = stage.measure.ends_on or date(stage.talk.round.year_of_effect, 12, 31)
    report_by = stage.talk.round.report_by
    near = stage.talk.state == "following" and report_by is not None and report_by <= today() + timedelta(days=60)
    return stage.measure.decision in IN_FORCE and (ends < today() or near)


HOLDS: Final[dict[Condition, Held]] = {
    Condition.OWN_PROPOSAL: lambda p, _s, proposer: proposer is None or proposer == p.organization,
    Condition.OWN_PREPARATION_OPEN: lambda p, s, _o: _is_party(s, p) and not _is_ready(s, p),
    Condition.A_GUEST_IS_READY: lambda _p, _s, _o: True,
    Condition.NO_COMMENT_PHASE: lambda _p, s, _o: s.talk.round.comment_days == 0,
    Condition.HAS_COMMENT_PHASE: lambda _p, s, _o: s.talk.round.comment_days > 0,
    Condition.PUBLISHED: lambda _p, s, _o: s.talk.published_at is not None,
    Condition.UNPUBLISHED: lambda _p, s, _o: s.talk.published_at is None,
    Condition.PREPARATION_IS_DUE: lambda _p, _s, _o: True,
    Condition.PUBLICATION_IS_DUE: lambda _p, s, _o: (
        s.talk.published_at is None and s.talk.public_from is not None and s.talk.public_from <= today()
    ),
    Condition.FOLLOW_UP_IS_DUE: lambda _p, _s, _o: True,
    Condition.TIME_HAS_COME: lambda _p, s, _o: s.talk.starts_at is not None and s.talk.starts_at <= timezone.now(),
    Condition.SHARED: lambda p, s, _o: s.measure.shared_at is not None or s.measure.proposer == p.organization,
    Condition.AGREED: lambda _p, s, _o: s.measure.decision in IN_FORCE,
    Condition.OUTCOME_IS_DUE: lambda _p, s, _o: _outcome_is_due(s),
}


def granted(persona: Persona, act: Act, stage: Stage, *, proposer: Organization | None = None) -> bool:
    """Say by the table alone whether she may do the act with the stage's talk, measure, or a proposal of it."""
    return any(
        stage.talk.state in grant.states
        and any(persona.has_role(role) for role in grant.roles)
        and (grant.condition is None or HOLDS[grant.condition](persona, stage, proposer))
        for grant in RULES[act].grants
    )


def ever_granted(persona: Persona, act: Act) -> bool:
    """Say by the table alone whether she has a role for the act in some state."""
    return any(persona.has_role(role) for grant in RULES[act].grants for role in grant.roles)


def granted_on_round(persona: Persona, act: Act, state: str) -> bool:
    """Say by the table alone whether she may do the act with the round."""
    return any(
        state in grant.states and any(persona.has_role(role) for role in grant.roles) for grant in RULES[act].grants
    )
