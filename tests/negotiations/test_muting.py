"""Reminders are turned off and on by the link in them, without signing in."""

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from organizations.models import User
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make_person()


def link(person: User, kind: str = "remind_preparation", salt: str = "hyte.mute") -> str:
    token = signing.dumps([person.pk, kind], salt=salt, compress=True)
    return reverse("negotiations:mute", args=[token])


def muted(person: User) -> list[str]:
    person.refresh_from_db()
    return person.muted_mails


def test_looking_at_the_link_changes_nothing(client: Client, person: User) -> None:
    assert client.get(link(person)).status_code == 200
    assert muted(person) == []


def test_the_reminder_is_turned_off_once_and_on_again(client: Client, person: User) -> None:
    for _twice in range(2):
        assert client.post(link(person), {"off": "1"}).status_code == 302
    assert muted(person) == ["remind_preparation"]
    assert 'name="on"' in client.get(link(person)).content.decode()
    client.post(link(person), {"on": "1"})
    assert muted(person) == []


def test_each_kind_is_turned_off_for_itself(client: Client, person: User) -> None:
    client.post(link(person, "remind_follow_up"), {"off": "1"})
    assert muted(person) == ["remind_follow_up"]


@pytest.mark.parametrize("kind", ["invite", "remind_comments"])
def test_what_the_law_asks_for_cannot_be_turned_off(client: Client, person: User, kind: str) -> None:
    assert client.post(link(person, kind), {"off": "1"}).status_code == 404
    assert muted(person) == []


def test_a_forged_link_is_not_found(client: Client, person: User) -> None:
    assert client.post(link(person, salt="another"), {"off": "1"}).status_code == 404
    assert client.get(reverse("negotiations:mute", args=["nonsense"])).status_code == 404
    assert muted(person) == []


def test_a_link_of_a_person_who_is_gone_changes_nothing(client: Client, person: User) -> None:
    address = link(person)
    User.objects.filter(pk=person.pk).delete()
    assert client.post(address, {"off": "1"}).status_code == 302
