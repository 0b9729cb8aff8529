"""The empty installation: migrated, nothing loaded. The first person by command; every page walked with no data."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from organizations.models import Organization, User

pytestmark = pytest.mark.django_db
PUBLIC = ["/", "/fi/", "/sv/", "/en/", "/fi/alueet/", "/fi/tietoa/", "/fi/saavutettavuus/", "/fi/tietosuoja/",
          "/fi/tili/kirjaudu/", "/fi/tili/kirjaudu/koodi/", "/fi/tili/kirjaudu/kutsulla/",
          "/fi/tili/kirjaudu/posti-ei-tullut/", "/fi/tili/salasana/unohtui/", "/livez", "/readyz", "/robots.txt"]  # fmt: skip
SIGNED_IN = ["desk", "list", "measures", "regions"]


@pytest.mark.parametrize("address", PUBLIC)
def test_each_public_page_opens_with_no_data(client: Client, address: str) -> None:
    assert client.get(address, follow=True).status_code == 200


@pytest.mark.parametrize("address", ["/fi/alueet/kuopio/", "/fi/neuvottelut/abcdefghjk/", "/fi/asiakirjat/abcdefghjk/"])
def test_what_is_not_there_is_no_fault(client: Client, address: str) -> None:
    assert client.get(address).status_code in {302, 404}


def _first_person(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    """Do as the README says on a new installation: invite by command, accept by the printed link."""
    call_command("invite", "aino@example.org", "--organization=kuntaliitto", "--duty=administrator")
    [link] = re.findall(r"https?://[^/\s]+(/\S+/kutsu/\S+)", capsys.readouterr().out)
    form = {"name": "Aino Esimerkki", "language": "fi", "password": "kuusi-punaista-omenaa"}
    assert client.get(link).status_code == 200
    assert client.post(link, form).status_code == 302


@pytest.fixture
def kuntaliitto() -> Organization:
    """The one organisation that the first invitation needs."""
    return Organization.objects.create(
        kind=Organization.Kind.NATIONAL, name_fi="Suomen Kuntaliitto ry", slug="kuntaliitto"
    )


def test_the_first_person_comes_by_command_even_without_mail(
    client: Client, capsys: pytest.CaptureFixture[str], kuntaliitto: Organization
) -> None:
    _first_person(client, capsys)
    assert User.objects.get().email == "aino@example.org"
    assert not mail.outbox or "kutsu" in mail.outbox[0].body


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_she_walks_every_page_with_no_data(
    client: Client, capsys: pytest.CaptureFixture[str], kuntaliitto: Organization, language: str
) -> None:
    _first_person(client, capsys)
    own = [f"/{language}/organisaatiot/kuntaliitto/", f"/{language}/organisaatiot/kuntaliitto/vaki/"]
    own += [f"/{language}/organisaatiot/haku/", f"/{language}/organisaatiot/haku/?q=ku", f"/{language}/oma/"]
    pages = [reverse(f"negotiations:{name}") for name in SIGNED_IN]
    for page in [*(f"/{language}/" + page.split("/", 2)[2] for page in pages), *own]:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert answer.content.decode().count("<h1") == 1, page


@pytest.mark.parametrize("name", SIGNED_IN)
def test_an_empty_list_says_what_will_come(
    client: Client, capsys: pytest.CaptureFixture[str], kuntaliitto: Organization, name: str
) -> None:
    _first_person(client, capsys)
    page = client.get(reverse(f"negotiations:{name}")).content.decode()
    body = page.partition("<main")[2].partition("</main>")[0]
    assert 'class="empty"' in body or "empty-state" in body


def test_the_clock_and_the_sweeps_find_nothing_to_do() -> None:
    from hyte_portal import tasks as floor
    from negotiations import tasks

    tasks.move_by_clock()
    tasks.write_reminders()
    tasks.write_documents()
    floor.send_mails()


def test_a_person_without_an_organisation_is_told_so(client: Client) -> None:
    from tests.factories import act_as, make_person

    act_as(client, make_person())
    answers: dict[str, Any] = {name: client.get(reverse(f"negotiations:{name}")) for name in SIGNED_IN}
    assert {answer.status_code for answer in answers.values()} == {200}
