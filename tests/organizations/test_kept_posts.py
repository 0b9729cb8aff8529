"""A form that is sent after the session ended comes back after signing in (reliability.md 11)."""

from typing import Any

import pytest
from django.test import Client

from organizations.actors import Actor
from organizations.models import Duty, Invitation, Organization
from tests.factories import PASSWORD, act_as, make_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(municipality: Organization) -> Actor:
    return make_actor(municipality, Duty.ADMINISTRATOR)


def test_a_signed_out_form_is_shown_after_signing_in_and_sent_once(client: Client, administrator: Actor) -> None:
    assert administrator.person
    assert administrator.organization
    path = f"/fi/organisaatiot/{administrator.organization.slug}/vaki/kutsu/"
    data: dict[str, Any] = {"email": "aino@example.org", "duties": ["editor", "reader"], "language": "fi"}
    data["acting_for"] = administrator.organization.slug
    response = client.post(path, data)
    assert response["Location"] == "/fi/tili/kirjaudu/?next=/fi/jatka/"
    assert not Invitation.objects.exists()
    login = {"login": administrator.person.email, "password": PASSWORD}
    assert client.post("/fi/tili/kirjaudu/", login)["Location"] == "/fi/jatka/"
    page = client.get("/fi/jatka/").content.decode()
    assert f'action="{path}"' in page
    assert page.count('name="duties"') == 2
    assert client.post(path, data).status_code == 302
    assert Invitation.objects.get().duties == ["editor", "reader"]
    assert client.get("/fi/jatka/")["Location"] != "/fi/jatka/", "what was taken is not offered again"


def test_a_kept_form_can_be_forgotten(client: Client, administrator: Actor) -> None:
    assert administrator.person
    client.post("/fi/organisaatiot/kuopio/vaki/kutsu/", {"email": "a@example.org"})
    client.post("/fi/tili/kirjaudu/", {"login": administrator.person.email, "password": PASSWORD})
    client.post("/fi/jatka/unohda/")
    assert client.get("/fi/jatka/").status_code == 302


def test_a_long_text_is_shown_to_its_writer(client: Client, administrator: Actor) -> None:
    assert administrator.person
    text = "Pitkä teksti, jota ei saa hukata. " * 20
    client.post("/fi/oma/", {"name": text})
    client.post("/fi/tili/kirjaudu/", {"login": administrator.person.email, "password": PASSWORD})
    assert text.strip() in client.get("/fi/jatka/").content.decode()


def test_passwords_are_never_kept(client: Client) -> None:
    client.post("/fi/tili/salasana/", {"oldpassword": "a", "password1": "salaisuus salainen kovin", "password2": "b"})
    assert "salaisuus" not in str(dict(client.session.items()))


@pytest.mark.parametrize("page", ["tietoa", "saavutettavuus", "tietosuoja"])
def test_the_standing_texts_are_open_to_all(client: Client, administrator: Actor, page: str) -> None:
    assert client.get(f"/fi/{page}/").status_code == 200
    assert administrator.person
    act_as(client, administrator.person)
    assert client.get(f"/sv/{page}/").status_code == 200


def test_there_is_no_mail_page_outside_the_demo(client: Client, settings: Any) -> None:
    assert client.get("/fi/demoposti/").status_code == 404
    settings.DEMO = True
    assert client.get("/fi/demoposti/").status_code == 200
