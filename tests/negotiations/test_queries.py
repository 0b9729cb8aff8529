"""SQL statements of each page: the same with 1 and 20 rows, and no more than performance.md 2 allows."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from negotiations.actions import write_down
from negotiations.lifecycle import Act, State
from negotiations.memo_rows import build_memo
from negotiations.models import (
    AgendaItem,
    Attachment,
    Attendee,
    Comment,
    Cooperation,
    FollowUp,
    FollowUpPlan,
    Measure,
    MeasurePartner,
    Negotiation,
)
from organizations.actors import Actor
from organizations.models import Duty, Organization, Post
from tests.factories import act_as, make_actor, make_membership, make_municipality, make_organization, make_person
from tests.talks import make_document, make_goal, make_measure, make_round, make_snapshot, make_talk

pytestmark = pytest.mark.django_db
MANY: Final = 20


@pytest.fixture
def host(county: Organization) -> Actor:
    return make_actor(county, Duty.EDITOR, Duty.CONFIRMER, Duty.ADMINISTRATOR)


def fill(talk: Negotiation, number: int) -> None:
    """Put so many rows of every kind under a talk: goals with measures and partners, people, files, comments, events."""
    shared: dict[str, Any] = {"negotiation": talk, "proposer": talk.convener, "shared_at": timezone.now()}
    host = make_actor(talk.convener, Duty.EDITOR)
    memo = build_memo(talk, version="0.1", confirmed=False)
    for place in range(number):
        make_document(make_snapshot(talk, memo, is_draft=True))
        guest = make_organization(areas=[talk.convener])
        make_membership(make_person(), guest, Duty.EDITOR)
        talk.participations.create(organization=guest)
        goal = make_goal(talk, proposer=guest)
        post = Post.objects.create(organization=guest, title_fi=f"johtaja {place}")
        measure = make_measure(talk, goal=goal, owner=guest, owner_post=post, proposer=guest)
        MeasurePartner.objects.create(measure=measure, organization=talk.convener)
        FollowUp.objects.create(measure=measure, progress="done", organization=guest, person=host.person)
        Cooperation.objects.create(subject_fi=f"Verkosto {place}", **shared)
        FollowUpPlan.objects.create(what_fi=f"Mittari {place}", owner=guest, **shared)
        AgendaItem.objects.create(negotiation=talk, title_fi=f"Kohta {place}", discussion_fi="teksti")
        Attendee.objects.create(negotiation=talk, name=f"Esimerkki {place}", organization=guest)
        Attachment.objects.create(
            negotiation=talk, organization=guest, title=f"Liite {place}", file="attachments/x.pdf", size=1,
            filename="x.pdf", content_type="application/pdf", sha256="0" * 64, measure=measure, is_public=True,
        )  # fmt: skip
        Comment.objects.create(
            negotiation=talk, organization=guest, text="teksti", reach="table", person=host.person, measure=measure
        )
        write_down(talk, Act.EDIT, by=host, public_id=measure.public_id, title="x")


def statements(client: Client, url: str) -> int:
    """Return how many statements the page takes, session and person included, when nothing is cached."""
    caches["parts"].clear()
    client.get(url)  # what a process does once is not the page's
    caches["parts"].clear()
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(url)
    assert answer.status_code == 200, url
    return len(seen)


# -- Pages of one talk ----------------------------------------------------------------------------------------------------
TABS: Final = (
    "negotiation", "agenda", "attendance", "parties", "comments", "documents", "history", "cooperation", "decisions",
    "languages", "attachment_new", "reasons", "talk_edit", "agenda_item_new", "attendee_new", "party_add",
)  # fmt: skip


def test_each_page_of_a_talk_takes_the_same_statements_with_1_and_20_rows(county: Organization, host: Actor) -> None:
    of = make_round(county, languages=["fi", "sv"])
    small, large = make_talk(State.HELD, of=of), make_talk(State.HELD, of=of)
    fill(small, 1)
    fill(large, MANY)
    assert host.person
    client = act_as(Client(), host.person, county)
    counted = {}
    for name in TABS:
        Negotiation.objects.update(state=State.INVITED if name == "party_add" else State.HELD)
        urls = [reverse(f"negotiations:{name}", args=[talk.public_id]) for talk in (small, large)]
        counted[name] = [statements(client, url) for url in urls]
    assert {name: pair for name, pair in counted.items() if pair[0] != pair[1]} == {}


def test_a_talk_with_measures_takes_at_most_nine_statements_when_nothing_is_cached(
    county: Organization, host: Actor
) -> None:
    """Session, person and memberships are three of them (performance.md 2)."""
    talk = make_talk(State.FOLLOWING, of=make_round(county))
    fill(talk, 6)
    assert host.person
    assert statements(act_as(Client(), host.person, county), talk.get_absolute_url()) <= 9


def test_a_guests_page_takes_the_same_statements(county: Organization) -> None:
    guest = make_municipality(county=county)
    editor = make_actor(guest, Duty.EDITOR)
    small, large = (
        make_talk(State.PREPARING, of=make_round(county, year=year), guests=[guest]) for year in (2025, 2026)
    )
    fill(small, 1)
    fill(large, MANY)
    Measure.objects.filter(negotiation=large).update(shared_at=None, proposer=guest)
    assert editor.person
    client = act_as(Client(), editor.person, guest)
    assert statements(client, small.get_absolute_url()) == statements(client, large.get_absolute_url())


@pytest.mark.parametrize("name", ["measure", "decide", "withdraw"])
def test_a_measures_page_takes_the_same_statements(county: Organization, host: Actor, name: str) -> None:
    talk = make_talk(State.HELD, of=make_round(county))
    small, large = make_measure(talk), make_measure(talk)
    for measure, number in ((small, 1), (large, MANY)):
        for _each in range(number):
            MeasurePartner.objects.create(measure=measure, organization=make_organization(areas=[county]))
            FollowUp.objects.create(measure=measure, progress="done", organization=county, person=host.person)
    assert host.person
    client = act_as(Client(), host.person, county)
    counted = [statements(client, reverse(f"negotiations:{name}", args=[one.public_id])) for one in (small, large)]
    assert counted[0] == counted[1]


def test_a_public_page_takes_the_same_statements(county: Organization) -> None:
    counted = []
    for year, number in ((2025, 1), (2026, MANY)):
        talk = make_talk(State.PUBLISHED, of=make_round(county, year=year))
        fill(talk, number)
        snapshot = make_snapshot(talk, build_memo(talk, version="1.0", confirmed=True))
        make_document(snapshot)
        counted.append(statements(Client(), talk.get_absolute_url()))
    assert counted[0] == counted[1]


# -- Lists ----------------------------------------------------------------------------------------------------------------
def _talks(county: Organization, guest: Organization, number: int) -> None:
    of = county.rounds.first() or make_round(county, preparation_until=date(2026, 12, 1))
    for place in range(number):
        talk = make_talk((State.PREPARING, State.FOLLOWING)[place % 2], of=of, guests=[guest])
        make_measure(talk, owner=guest)
        talk.participations.create(organization=make_organization(areas=[county]))


LISTS: Final[dict[str, tuple[Callable[[Any], str], int]]] = {
    "desk": (lambda _c: reverse("negotiations:desk"), 99),
    "list": (lambda _c: reverse("negotiations:list"), 7),
    "measures": (lambda _c: reverse("negotiations:measures"), 7),
    "measures of mine": (lambda _c: reverse("negotiations:measures") + "?mine=1", 7),
    "regions": (lambda _c: reverse("negotiations:regions"), 7),
    "region": (lambda c: reverse("negotiations:region", args=[c.slug]), 99),
    "round": (lambda c: c.rounds.get().get_absolute_url(), 99),
}


def _people(county: Organization) -> tuple[Organization, dict[str, Client]]:
    guest = make_municipality(county=county)
    kuntaliitto = make_organization("Suomen Kuntaliitto ry", Organization.Kind.NATIONAL)
    clients = {}
    for name, organization in (("host", county), ("guest", guest), ("national", kuntaliitto)):
        actor = make_actor(organization, Duty.EDITOR)
        assert actor.person
        clients[name] = act_as(Client(), actor.person, organization)
    return guest, clients


def test_each_list_takes_the_same_statements_with_1_and_20_rows(county: Organization) -> None:
    guest, clients = _people(county)
    _talks(county, guest, 2)
    asked = [(name, who) for name in LISTS for who in clients]
    small = {(name, who): statements(clients[who], LISTS[name][0](county)) for name, who in asked}
    _talks(county, guest, MANY)
    large = {(name, who): statements(clients[who], LISTS[name][0](county)) for name, who in asked}
    assert small == large
    assert {key: number for key, number in large.items() if number > LISTS[key[0]][1]} == {}


@pytest.mark.parametrize("name", ["regions", "region"])
def test_a_public_list_takes_the_same_statements(county: Organization, name: str) -> None:
    guest, _clients = _people(county)
    url_of, most = LISTS[name]
    _talks(county, guest, 2)
    small = statements(Client(), url_of(county))
    of = county.rounds.get()
    for _each in range(MANY):
        make_measure(make_talk(State.PUBLISHED, of=of, guests=[guest]))
        make_round()
    assert statements(Client(), url_of(county)) == small <= most


# -- The organisations' pages ---------------------------------------------------------------------------------------------
def _more_people(organization: Organization, number: int) -> None:
    from organizations import invitations

    for place in range(number):
        membership = make_membership(make_person(), organization, Duty.EDITOR)
        Post.objects.create(organization=organization, title_fi=f"tehtävä {place} {number}", holder=membership)
        invitations.invite(f"{place}-{number}@example.org", organization, [Duty.READER], language="fi", by=None)


@pytest.mark.parametrize("name", ["detail", "people", "new_post"])
def test_an_organisations_page_takes_the_same_statements(county: Organization, host: Actor, name: str) -> None:
    url = reverse(f"organizations:{name}", args=[county.slug])
    assert host.person
    client = act_as(Client(), host.person, county)
    _more_people(county, 1)
    small = statements(client, url)
    _more_people(county, MANY)
    assert statements(client, url) == small


def test_the_search_and_the_profile_take_the_same_statements(host: Actor, county: Organization) -> None:
    assert host.person
    client = act_as(Client(), host.person, county)
    urls = [reverse("organizations:search") + "?q=ku", reverse("organizations:profile")]
    make_municipality("Kuopio")
    small = [statements(client, url) for url in urls]
    for place in range(MANY):
        make_membership(host.person, make_municipality(f"Kunta {place}"), Duty.READER)
    assert [statements(client, url) for url in urls] == small
