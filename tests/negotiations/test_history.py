"""The history in words."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from negotiations import actions, history
from negotiations.act_words import WORDS
from negotiations.actions import Details
from negotiations.lifecycle import Act, State
from negotiations.models import Event, Negotiation
from organizations.actors import CLOCK, Actor
from organizations.models import Organization
from tests.factories import act_as
from tests.talks import make_round, make_talk


@pytest.fixture
def talk(county: Organization, municipality: Organization, association: Organization) -> Negotiation:
    return make_talk(State.PREPARING, of=make_round(county), guests=[municipality, association])


def page_for(client: Client, actor: Actor, talk: Negotiation, query: str = "") -> str:
    assert actor.person is not None
    act_as(client, actor.person, actor.organization)
    with translation.override("en"):
        answer = client.get(reverse("negotiations:history", args=[talk.public_id]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_act_is_told_with_who_for_whom_and_where_it_led(
    client: Client, talk: Negotiation, host_editor: Actor, reader: Actor
) -> None:
    assert host_editor.person is not None
    assert host_editor.organization is not None
    assert "Nothing has happened yet" in page_for(client, reader, talk)
    actions.perform(talk, Act.POSTPONE, by=host_editor, details=Details(reason="Puheenjohtaja sairastui."))
    page = page_for(client, reader, talk)
    with translation.override("en"):
        done = str(WORDS[Act.POSTPONE].done)
    for words in (
        host_editor.organization.short, done, "Puheenjohtaja sairastui.",
        host_editor.person.name, "From “In preparation” to “Postponed”",
    ):  # fmt: skip
        assert words in page


def test_a_new_time_is_told(client: Client, talk: Negotiation, host_editor: Actor, reader: Actor) -> None:
    details = Details(starts_at=datetime(2026, 11, 20, 7, 0, tzinfo=UTC))
    actions.perform(talk, Act.RESCHEDULE, by=host_editor, details=details)
    assert "20.11.2026 at 9.00" in page_for(client, reader, talk)


def test_the_clock_is_named(client: Client, talk: Negotiation, reader: Actor) -> None:
    Event.objects.create(
        round=talk.round, negotiation=talk, act=Act.FOLLOW, from_state="published", to_state="following"
    )
    assert CLOCK.organization is None
    assert "The portal&#x27;s clock" in page_for(client, reader, talk)


def test_the_reason_of_a_return_is_between_the_host_and_that_party(
    client: Client, talk: Negotiation, municipality: Organization, host_editor: Actor, municipal_editor: Actor,
    association_editor: Actor,
) -> None:  # fmt: skip
    talk.participations.filter(organization=municipality).update(preparation="ready")
    details = Details(reason="Mittari puuttuu.", party=municipality)
    actions.perform(talk, Act.RETURN, by=host_editor, details=details)
    for actor, reads in ((host_editor, True), (municipal_editor, True), (association_editor, False)):
        page = page_for(client, actor, talk)
        assert ("Reason: Mittari puuttuu." in page) is reads
        assert municipality.name in page


def test_an_act_of_a_later_version_is_told_by_its_name(client: Client, talk: Negotiation, reader: Actor) -> None:
    Event.objects.create(round=talk.round, negotiation=talk, act="sign_digitally")
    assert "sign digitally" in page_for(client, reader, talk)


def test_fifty_a_page_newest_first(client: Client, talk: Negotiation, host_editor: Actor, reader: Actor) -> None:
    Event.objects.bulk_create(
        Event(
            round=talk.round, negotiation=talk, act=Act.EDIT_TALK, organization=talk.convener, reason=f"muutos {n:03}"
        )
        for n in range(history.PAGE_SIZE + 3)
    )
    first, second = page_for(client, reader, talk), page_for(client, reader, talk, "?page=2")
    assert first.index("muutos 052") < first.index("muutos 003")
    assert "muutos 002" not in first
    assert "?page=2" in first
    assert "muutos 000" in second
    assert "?page=3" not in second
    assert page_for(client, reader, talk, "?page=x\u00b2").count("<time") == history.PAGE_SIZE


def test_strangers_find_no_history(client: Client, talk: Negotiation, outsider: Actor) -> None:
    assert outsider.person is not None
    act_as(client, outsider.person, outsider.organization)
    assert client.get(reverse("negotiations:history", args=[talk.public_id])).status_code == 404


def test_queries_do_not_grow_with_events(client: Client, talk: Negotiation, host_editor: Actor, reader: Actor) -> None:
    def queries() -> int:
        page_for(client, reader, talk)
        with CaptureQueriesContext(connection) as captured:
            page_for(client, reader, talk)
        return len(captured)

    def add() -> None:
        Event.objects.create(
            round=talk.round, negotiation=talk, act=Act.EDIT_TALK, organization=talk.convener,
            person=host_editor.person, party=talk.convener,
        )  # fmt: skip

    add()
    few = queries()
    for _event in range(19):
        add()
    assert queries() == few
