"""A negotiation's own page: what each reader sees on it, what comes next, and the forms of its facts."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from negotiations import proposing
from negotiations.lifecycle import Act, State
from negotiations.memo_rows import build_memo
from negotiations.models import Event, Negotiation, Participation
from negotiations.vocabulary import Preparation
from organizations.actors import Actor
from organizations.models import Organization
from tests.factories import act_as, make_municipality
from tests.talks import make_goal, make_measure, make_round, make_snapshot, make_talk

pytestmark = pytest.mark.django_db


def signed_in(actor: Actor) -> Client:
    assert actor.person
    return act_as(Client(), actor.person, actor.organization)


def page_of(actor: Actor, talk: Negotiation, name: str = "negotiation", language: str = "en") -> str:
    address = f"/{language}/" + reverse(f"negotiations:{name}", args=[talk.public_id]).split("/", 2)[2]
    return signed_in(actor).get(address).content.decode()


@pytest.fixture
def talk(county: Organization, municipality: Organization, association: Organization) -> Negotiation:
    return make_talk(
        State.PREPARING, of=make_round(county), guests=[municipality, association], title_fi="Kuopion neuvottelu"
    )


def test_a_proposal_is_on_the_page_for_its_own_side_until_it_is_shared(
    talk: Negotiation, municipal_editor: Actor, host_editor: Actor, association_editor: Actor
) -> None:
    goal = make_goal(
        talk, proposer=municipal_editor.organization, shared_at=None, title_fi="Nuorten yksinäisyys vähenee"
    )
    seen = ["yksinäisyys" in page_of(who, talk) for who in (municipal_editor, host_editor, association_editor)]
    assert seen == [True, False, False]
    proposing.share(goal, by=municipal_editor)
    assert all("yksinäisyys" in page_of(who, talk) for who in (municipal_editor, host_editor, association_editor))


def test_a_guest_without_goals_is_told_what_comes_here(talk: Negotiation, municipal_editor: Actor) -> None:
    assert 'class="empty"' in page_of(municipal_editor, talk)


@pytest.mark.parametrize("state", State)
def test_the_buttons_are_the_acts_that_can_be_done_now(county: Organization, host_editor: Actor, state: State) -> None:
    """Each act that RULES grants is a link to its page with what it does; nothing else is."""
    talk = make_talk(state, of=make_round(county))
    page = page_of(host_editor, talk)
    granted = talk.acts_for(host_editor)
    for act in (Act.POSTPONE, Act.CANCEL, Act.DRAFT_MEMO, Act.ASK_COMMENTS, Act.BACK_TO_DRAFT, Act.CONFIRM, Act.REOPEN):
        assert (f"/toimi/{act}/" in page) == (act in granted), act


def test_the_page_says_whose_turn_it_is(talk: Negotiation, municipal_editor: Actor, host_editor: Actor) -> None:
    guest = page_of(municipal_editor, talk)
    assert "/toimi/mark_ready/" in guest
    Participation.objects.filter(organization=municipal_editor.organization).update(preparation=Preparation.READY)
    assert "/toimi/mark_ready/" not in page_of(municipal_editor, talk)


def test_the_reason_of_a_return_is_shown_to_its_party_only(
    talk: Negotiation, municipal_editor: Actor, association_editor: Actor
) -> None:
    Participation.objects.filter(organization=municipal_editor.organization).update(
        preparation=Preparation.RETURNED, return_reason="Mittari puuttuu kolmannesta tavoitteesta."
    )
    assert "Mittari puuttuu" in page_of(municipal_editor, talk)
    assert "Mittari puuttuu" not in page_of(association_editor, talk)


def test_outsiders_of_a_published_talk_get_the_public_copy(
    county: Organization, outsider: Actor, national_reader: Actor
) -> None:
    talk = make_talk(State.PUBLISHED, of=make_round(county), title_fi="Julkaistu neuvottelu")
    make_measure(talk, title_fi="Kävelykummit joka kylään")
    make_snapshot(talk, build_memo(talk, version="1.0", confirmed=True))
    for page in (
        page_of(outsider, talk),
        page_of(national_reader, talk),
        Client().get(talk.get_absolute_url()).content.decode(),
    ):
        assert "Kävelykummit joka kylään" in page
        assert "/toimi/" not in page


def test_a_confirmed_talk_is_open_to_the_national_reader_and_closed_to_others(
    county: Organization, outsider: Actor, national_reader: Actor
) -> None:
    talk = make_talk(State.CONFIRMED, of=make_round(county))
    make_snapshot(talk, build_memo(talk, version="1.0", confirmed=True))
    statuses = [signed_in(who).get(talk.get_absolute_url()).status_code for who in (national_reader, outsider)]
    assert statuses == [200, 404]
    assert Client().get(talk.get_absolute_url()).status_code == 404


# -- Forms of its facts ------------------------------------------------------------------------------------------------------
def test_a_planned_talk_seats_the_host_and_the_chosen_municipalities(county: Organization, host_editor: Actor) -> None:
    row = make_round(county)
    first, second = make_municipality("Iisalmi", county), make_municipality("Kiuruvesi", county)
    make_municipality("Tampere")
    client = signed_in(host_editor)
    url = reverse("negotiations:talk_new", args=[row.public_id])
    offered = client.get(url).content.decode()
    assert "Iisalmi" in offered
    assert "Tampere" not in offered
    data: dict[str, Any] = {"title_fi": "Ylä-Savo", "record_type": "memo", "municipalities": [first.pk, second.pk]}
    assert client.post(url, data).status_code == 302
    talk = Negotiation.objects.get()
    seats = set(talk.participations.values_list("organization", "side"))
    assert seats == {(county.pk, "host"), (first.pk, "guest"), (second.pk, "guest")}
    assert (talk.state, talk.year, talk.convener) == (State.DRAFT, row.year, county)


def test_after_the_invitation_the_time_changes_only_by_the_act_that_tells(
    talk: Negotiation, host_editor: Actor
) -> None:
    before = talk.starts_at
    data = {
        "title_fi": "Uusi nimi",
        "record_type": "memo",
        "day": "2027-01-01",
        "begins": "9:00",
        "version": talk.version,
    }
    client = signed_in(host_editor)
    url = reverse("negotiations:talk_edit", args=[talk.public_id])
    assert 'name="day"' not in client.get(url).content.decode()
    assert client.post(url, data).status_code == 302
    talk.refresh_from_db()
    assert (talk.title_fi, talk.starts_at) == ("Uusi nimi", before)
    assert Event.objects.get().act == Act.EDIT_TALK


def test_the_secretary_is_one_of_the_hosts_people(talk: Negotiation, host_editor: Actor, outsider: Actor) -> None:
    data = {"title_fi": "x", "record_type": "memo", "version": talk.version, "secretary": outsider.person.pk}  # type: ignore[union-attr]
    client = signed_in(host_editor)
    url = reverse("negotiations:talk_edit", args=[talk.public_id])
    assert client.post(url, data).status_code == 422
    assert host_editor.person
    assert client.post(url, data | {"secretary": host_editor.person.pk}).status_code == 302


def test_a_reason_stands_in_for_an_empty_subject(talk: Negotiation, host_editor: Actor) -> None:
    data = {"no_cooperation_fi": "Sovitaan keväällä.", "version": talk.version}
    assert signed_in(host_editor).post(reverse("negotiations:reasons", args=[talk.public_id]), data).status_code == 302
    talk.refresh_from_db()
    assert talk.no_cooperation_fi == "Sovitaan keväällä."


def test_a_reader_of_the_host_reads_but_is_offered_no_form(talk: Negotiation, county: Organization) -> None:
    from organizations.models import Duty
    from tests.factories import make_actor

    page = page_of(make_actor(county, Duty.READER), talk)
    assert "Kuopion neuvottelu" in page
    assert "/muokkaa/" not in page
    assert "/toimi/" not in page


def test_dates_are_shown_in_the_readers_language(talk: Negotiation, host_editor: Actor) -> None:
    Negotiation.objects.update(preparation_until=date(2026, 10, 1))
    assert "10.11.2026" in page_of(host_editor, talk, language="fi")
