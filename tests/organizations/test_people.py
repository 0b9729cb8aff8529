from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hyte_portal.models import OutboundMail
from organizations import invitations
from organizations.actors import Actor
from organizations.models import Duty, Invitation, Membership, Organization, Post
from tests.factories import act_as, make_actor, make_membership, make_municipality, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(municipality: Organization) -> Actor:
    return make_actor(municipality, Duty.ADMINISTRATOR)


def enter(client: Client, actor: Actor) -> Client:
    assert actor.person
    return act_as(client, actor.person, actor.organization)


def people_of(organization: Organization) -> str:
    return f"/fi/organisaatiot/{organization.slug}/vaki/"


def test_administrators_manage_their_own_a_county_s_municipalities_or_all(
    client: Client, county: Organization, municipality: Organization, kuntaliitto: Organization,
    association: Organization, outsider: Actor,
) -> None:  # fmt: skip
    other = outsider.organization
    assert other
    expected = {municipality: {municipality}, county: {county, municipality}, association: {association}}
    expected[kuntaliitto] = {municipality, county, association, kuntaliitto, other}
    for home, managed in expected.items():
        enter(client, make_actor(home, Duty.ADMINISTRATOR))
        opened = {one for one in expected[kuntaliitto] if client.get(people_of(one)).status_code == 200}
        assert opened == managed, home


@pytest.mark.parametrize("duty", [Duty.EDITOR, Duty.CONFIRMER, Duty.READER])
def test_other_duties_of_the_house_get_403_and_strangers_404(
    client: Client, municipality: Organization, outsider: Actor, duty: Duty
) -> None:
    enter(client, make_actor(municipality, duty))
    assert client.get(people_of(municipality)).status_code == 403
    enter(client, outsider)
    assert client.get(people_of(municipality)).status_code == 404


def test_an_administrator_for_named_rounds_only_manages_nobody(client: Client, municipality: Organization) -> None:
    enter(client, make_actor(municipality, Duty.ADMINISTRATOR, only_rounds=["abcdefghjk"]))
    assert client.get(people_of(municipality)).status_code == 403


def test_a_signed_out_person_is_led_to_sign_in(client: Client, municipality: Organization) -> None:
    assert client.get(people_of(municipality))["Location"].startswith("/fi/tili/kirjaudu/?next=")


def test_a_person_is_invited_from_the_page(client: Client, administrator: Actor, municipality: Organization) -> None:
    enter(client, administrator)
    data = {"email": "aino@example.org", "duties": ["editor", "confirmer"], "language": "sv"}
    assert client.post(people_of(municipality) + "kutsu/", data).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.duties, invitation.language, invitation.invited_by) == (
        ["editor", "confirmer"], "sv", administrator.person,
    )  # fmt: skip
    assert "aino@example.org" in client.get(people_of(municipality)).content.decode()


def test_a_wrong_invitation_comes_back(client: Client, administrator: Actor, municipality: Organization) -> None:
    enter(client, administrator)
    response = client.post(people_of(municipality) + "kutsu/", {"email": "aino@", "language": "fi"})
    assert response.status_code == 422
    assert "aino@" in response.content.decode()
    assert not Invitation.objects.exists()


def test_nobody_is_invited_to_what_she_has(client: Client, administrator: Actor, municipality: Organization) -> None:
    enter(client, administrator)
    assert administrator.person
    data = {"email": administrator.person.email.upper(), "duties": ["administrator"], "language": "fi"}
    assert client.post(people_of(municipality) + "kutsu/", data).status_code == 422


def test_a_refused_address_shows_with_the_server_s_words(
    client: Client, administrator: Actor, municipality: Organization
) -> None:
    invitations.invite("typo@example.org", municipality, [Duty.EDITOR], by=None)
    OutboundMail.objects.update(state="refused", reason="550 no such mailbox")
    enter(client, administrator)
    page = client.get(people_of(municipality)).content.decode()
    assert "550 no such mailbox" in page
    assert "/uudelleen/" in page


def test_an_invitation_is_sent_again_and_withdrawn(
    client: Client, administrator: Actor, municipality: Organization, outsider: Actor
) -> None:
    invitation = invitations.invite("a@example.org", municipality, [Duty.EDITOR], by=None)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    base = f"{people_of(municipality)}kutsut/{invitation.public_id}/"
    enter(client, outsider)
    assert client.post(base + "peru/").status_code == 404
    enter(client, administrator)
    client.post(base + "uudelleen/")
    invitation.refresh_from_db()
    assert invitations.is_open(invitation)
    client.post(base + "peru/")
    invitation.refresh_from_db()
    assert not invitations.is_open(invitation)


def test_a_changed_duty_is_obeyed_on_the_next_request(
    client: Client, administrator: Actor, municipality: Organization
) -> None:
    person = make_person()
    membership = make_membership(person, municipality, Duty.ADMINISTRATOR)
    theirs, ours = Client(), enter(client, administrator)
    act_as(theirs, person)
    assert theirs.get(people_of(municipality)).status_code == 200
    page = f"{people_of(municipality)}{membership.public_id}/"
    assert ours.post(page, {"duties": ["reader"], "until": "", "version": 1}).status_code == 302
    assert theirs.get(people_of(municipality)).status_code == 403
    assert ours.post(page, {"end": "1", "version": 2}).status_code == 302
    assert theirs.get(people_of(municipality)).status_code == 404
    assert not Membership.objects.current().filter(person=person).exists()


def test_duties_that_began_today_can_be_ended_today(
    client: Client, administrator: Actor, municipality: Organization
) -> None:
    membership = Membership.objects.create(person=make_person(), organization=municipality, duties=["reader"])
    enter(client, administrator).post(f"{people_of(municipality)}{membership.public_id}/", {"end": "1", "version": 1})
    assert not Membership.objects.current().filter(pk=membership.pk).exists()


def test_an_older_version_is_told_with_both_and_nothing_is_lost(
    client: Client, administrator: Actor, municipality: Organization
) -> None:
    membership = make_membership(make_person(), municipality, Duty.READER)
    page = f"{people_of(municipality)}{membership.public_id}/"
    enter(client, administrator).post(page, {"duties": ["editor"], "version": 1})
    response = client.post(page, {"duties": ["confirmer"], "until": "2030-01-31", "version": 1})
    assert response.status_code == 409
    text = response.content.decode()
    assert 'value="2030-01-31"' in text
    assert 'name="version" value="2"' in text
    membership.refresh_from_db()
    assert membership.duties == ["editor"]
    missing = client.post(page, {"duties": ["confirmer"]})
    assert missing.status_code == 422, "a missing version is refused"


def test_a_last_day_before_the_first_is_refused(
    client: Client, administrator: Actor, municipality: Organization
) -> None:
    membership = make_membership(make_person(), municipality, Duty.READER, since=date(2026, 1, 1))
    page = f"{people_of(municipality)}{membership.public_id}/"
    data = {"duties": ["reader"], "until": "2025-12-31", "version": 1}
    assert enter(client, administrator).post(page, data).status_code == 422


def test_a_post_gets_a_holder_and_keeps_its_title(
    client: Client, administrator: Actor, municipality: Organization
) -> None:
    holder = make_membership(make_person(), municipality, Duty.EDITOR)
    base = f"/fi/organisaatiot/{municipality.slug}/tehtavat/"
    enter(client, administrator)
    assert client.get(base + "uusi/").status_code == 200
    data: dict[str, Any] = {"title_fi": "Hyvinvointikoordinaattori", "version": 1}
    assert client.post(base + "uusi/", data).status_code == 302
    assert client.post(base + "uusi/", data).status_code == 422, "the same post twice"
    post = Post.objects.get()
    assert client.post(f"{base}{post.public_id}/", data | {"holder": holder.pk}).status_code == 302
    assert client.post(f"{base}{post.public_id}/", data | {"holder": ""}).status_code == 409
    post.refresh_from_db()
    assert post.holder == holder


def test_a_holder_of_another_organisation_is_refused(
    client: Client, administrator: Actor, municipality: Organization, outsider: Actor
) -> None:
    assert outsider.person
    foreign = Membership.objects.get(person=outsider.person)
    data = {"title_fi": "Rehtori", "holder": foreign.pk, "version": 1}
    response = enter(client, administrator).post(f"/fi/organisaatiot/{municipality.slug}/tehtavat/uusi/", data)
    assert response.status_code == 422


def test_people_pages_ask_the_same_queries_with_one_and_twenty_people(
    client: Client, administrator: Actor, municipality: Organization, django_assert_max_num_queries: Any
) -> None:
    def fill(number: int) -> None:
        for place in range(number):
            row = make_membership(make_person(), municipality, Duty.EDITOR)
            Post.objects.create(organization=municipality, title_fi=f"Tehtävä {row.pk}", holder=row)
            invitations.invite(f"{row.pk}-{place}@example.org", municipality, [Duty.READER], by=None)

    enter(client, administrator)
    fill(1)
    with django_assert_max_num_queries(100) as few:
        client.get(people_of(municipality))
    fill(19)
    with django_assert_max_num_queries(100) as many:
        client.get(people_of(municipality))
    assert len(few.captured_queries) == len(many.captured_queries)


def test_the_switch_is_offered_when_another_of_her_organisations_manages_it(
    client: Client, administrator: Actor, municipality: Organization
) -> None:
    other = make_municipality("Siilinjärvi", municipality.county)
    assert administrator.person
    make_membership(administrator.person, other, Duty.READER)
    act_as(client, administrator.person, other)
    assert client.get(people_of(municipality)).status_code == 404
    client.post(
        "/fi/organisaatiot/edusta/",
        {"membership_organization": municipality.slug, "next": people_of(municipality)},
    )
    assert client.get(people_of(municipality)).status_code == 200
