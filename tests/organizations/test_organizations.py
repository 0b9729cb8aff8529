import json
from datetime import date

import pytest
from django.test import Client

from organizations.actors import Actor
from organizations.additions import likely_doubles
from organizations.forms import LocalOrganizationForm
from organizations.models import Duty, Organization
from organizations.slugs import free_slug, slug_of
from tests.factories import act_as, make_actor, make_membership, make_municipality, make_organization, make_person

pytestmark = pytest.mark.django_db
SEARCH = "/fi/organisaatiot/haku/"
ACT_FOR = "/fi/organisaatiot/edusta/"


def enter(client: Client, actor: Actor) -> Client:
    assert actor.person
    return act_as(client, actor.person, actor.organization)


def names(client: Client, text: str) -> list[str]:
    response = client.get(SEARCH, {"q": text, "muoto": "json"})
    return [row["name"] for row in json.loads(response.content)["results"]]


def test_the_search_finds_by_the_beginning_in_both_languages(client: Client, reader: Actor) -> None:
    make_municipality("Äänekoski", reader.organization.county if reader.organization else None)
    make_municipality("Turku", name_sv="Åbo")
    enter(client, reader)
    assert names(client, "ÄÄN") == ["Äänekoski"]
    assert names(client, "åb") == ["Turku"]
    assert names(client, "ääkk") == []


def test_the_search_wants_two_letters_and_gives_twenty(client: Client, reader: Actor) -> None:
    for number in range(22):
        make_organization(f"Kerho {number:02d} ry")
    enter(client, reader)
    assert names(client, "k") == []
    assert len(names(client, "kerho")) == 20
    assert client.get(SEARCH, {"q": "k"}).status_code == 200


def test_ended_and_out_of_scope_organisations_are_not_offered(client: Client, reader: Actor) -> None:
    make_municipality("Pertunmaa", valid_until=date(2025, 1, 1))
    make_municipality("Maarianhamina", in_scope=False)
    enter(client, reader)
    assert names(client, "pertun") == names(client, "maaria") == []


def test_the_search_answers_a_fragment_to_htmx_and_a_page_to_others(client: Client, reader: Actor) -> None:
    enter(client, reader)
    assert b"<html" in client.get(SEARCH, {"q": "kuo"}).content
    fragment = client.get(SEARCH, {"q": "kuo"}, headers={"HX-Request": "true"}).content
    assert b"<html" not in fragment
    assert b"Kuopio" in fragment


def test_the_search_is_for_members(client: Client) -> None:
    assert client.get(SEARCH, {"q": "kuo"}).status_code == 302
    act_as(client, make_person())
    assert client.get(SEARCH, {"q": "kuo"}).status_code == 403


@pytest.mark.parametrize("text", ["%%", "__", "' OR 1=1 --", "\\\\"])
def test_marks_in_the_search_mean_themselves(client: Client, reader: Actor, text: str) -> None:
    enter(client, reader)
    assert names(client, text) == []


def test_a_person_chooses_whom_she_acts_for(client: Client, municipality: Organization) -> None:
    person = make_person()
    other = make_municipality("Siilinjärvi", municipality.county)
    make_membership(person, municipality, Duty.EDITOR)
    make_membership(person, other, Duty.EDITOR)
    act_as(client, person, municipality)
    response = client.post(ACT_FOR, {"membership_organization": other.slug, "next": "/fi/oma/"})
    assert response["Location"] == "/fi/oma/"
    assert client.session["acting_for"] == other.slug


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "\thttps://evil.example", ""],
)
def test_the_choice_leads_to_no_other_site(client: Client, reader: Actor, address: str) -> None:
    assert reader.organization
    enter(client, reader)
    response = client.post(ACT_FOR, {"membership_organization": reader.organization.slug, "next": address})
    assert response.status_code == 302
    assert "evil" not in response["Location"]
    assert response["Location"].startswith("/fi/")


def test_nobody_acts_for_an_organisation_without_a_duty_today(
    client: Client, reader: Actor, county: Organization
) -> None:
    assert reader.person
    make_membership(reader.person, county, Duty.EDITOR, until=date(2021, 1, 1))
    enter(client, reader)
    assert client.post(ACT_FOR, {"membership_organization": county.slug}).status_code == 403


def test_a_form_is_done_for_the_organisation_it_was_opened_for(
    client: Client, county: Organization, municipality: Organization
) -> None:
    person = make_person()
    make_membership(person, county, Duty.ADMINISTRATOR)
    make_membership(person, municipality, Duty.READER)
    act_as(client, person, municipality)  # another tab chose the municipality meanwhile
    path = f"/fi/organisaatiot/{county.slug}/vaki/kutsu/"
    data = {"email": "a@example.org", "duties": ["reader"], "language": "fi"}
    assert client.post(path, data | {"acting_for": county.slug}).status_code == 302
    assert client.post(path, data | {"acting_for": "nobody"}).status_code == 403


def test_an_organisation_s_page_shows_posts_to_its_own_people_only(
    client: Client, reader: Actor, outsider: Actor, municipality: Organization
) -> None:
    municipality.posts.create(title_fi="Hyvinvointikoordinaattori")
    page = f"/fi/organisaatiot/{municipality.slug}/"
    assert "Hyvinvointikoordinaattori" in enter(client, reader).get(page).content.decode()
    assert "Hyvinvointikoordinaattori" not in enter(client, outsider).get(page).content.decode()


def test_an_ended_organisation_names_its_successor(client: Client, reader: Actor) -> None:
    heir = make_municipality("Mäntyharju")
    make_municipality("Pertunmaa", valid_until=date(2025, 1, 1), successor=heir)
    page = enter(client, reader).get("/fi/organisaatiot/pertunmaa/").content.decode()
    assert "/fi/organisaatiot/mantyharju/" in page


def test_one_s_own_page_changes_name_and_language(client: Client, reader: Actor) -> None:
    enter(client, reader)
    assert client.get("/fi/oma/").status_code == 200
    assert client.post("/fi/oma/", {"name": "Aino  Esimerkki", "language": "sv"}).status_code == 302
    assert reader.person
    reader.person.refresh_from_db()
    assert (reader.person.name, reader.person.language) == ("Aino  Esimerkki", "sv")
    assert client.post("/fi/oma/", {"name": "", "language": "sv"}).status_code == 422


def test_reminders_are_turned_off_on_one_s_own_page(client: Client, reader: Actor) -> None:
    assert reader.person
    data = {"name": "Aino Esimerkki", "language": "fi", "muted_mails": ["remind_preparation"]}
    assert enter(client, reader).post("/fi/oma/", data).status_code == 302
    reader.person.refresh_from_db()
    assert reader.person.muted_mails == ["remind_preparation"]
    assert client.post("/fi/oma/", data | {"muted_mails": ["invitation"]}).status_code == 422, "not to be muted"


def test_one_s_own_page_opens_without_any_duty(client: Client) -> None:
    assert act_as(client, make_person()).get("/fi/oma/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "known", "alike"),
    [
        ("Savon Nuoret", "Savon Nuoret ry", True),
        ("savon nuoret r.y.", "Savon Nuoret ry", True),
        ("Savon Nuoriso ry", "Savon Nuorisoseura ry", True),
        ("Kuopion seurakunta", "Kuopion seurakunnat", True),
        ("Kuopion Urheilijat ry", "Savon Nuoret ry", False),
        ("ry", "Savon Nuoret ry", False),
    ],
)
def test_likely_doubles_are_found(typed: str, known: str, alike: bool) -> None:
    row = make_organization(known)
    assert likely_doubles(typed) == ([row] if alike else [])


def test_a_local_organisation_is_added_after_a_look_at_its_doubles(county: Organization, host_editor: Actor) -> None:
    known = make_organization("Savon Nuoret ry")
    data = {"kind": "association", "name_fi": "Savon nuoret", "language": "fi", "areas": [county.pk]}
    form = LocalOrganizationForm(data)
    assert not form.is_valid()
    assert form.doubles == [known]
    form = LocalOrganizationForm(data | {"confirmed": "on"})
    assert form.is_valid()
    added = form.save(by=host_editor.person)
    assert (added.slug, added.added_by, list(added.areas.all())) == ("savon-nuoret", host_editor.person, [county])


def test_a_local_organisation_needs_a_name_and_a_possible_kind(county: Organization) -> None:
    for data in ({"kind": "association"}, {"kind": "municipality", "name_fi": "Uusi kunta"}):
        assert not LocalOrganizationForm({"language": "fi", "areas": [county.pk], **data}).is_valid()


def test_addresses_of_organisations_are_readable_and_free() -> None:
    assert slug_of("Äänekosken Öljy & Åland ry") == "aanekosken-oljy-aland-ry"
    make_organization("Savon Nuoret", slug="savon-nuoret")
    assert free_slug("Savon Nuoret") == "savon-nuoret-2"
    assert free_slug("***") == "organisaatio"


def test_the_language_status_is_in_words(client: Client, reader: Actor) -> None:
    make_actor(make_municipality("Vaasa", language_status="bilingual-fi"))
    assert enter(client, reader).get("/en/organisaatiot/vaasa/").status_code == 200
