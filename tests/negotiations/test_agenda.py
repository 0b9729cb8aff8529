"""The agenda and record, and who attends."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from negotiations import actions, agenda
from negotiations.lifecycle import Act, State
from negotiations.models import AgendaItem, Attendee, Negotiation
from organizations.actors import Actor
from organizations.models import Duty, Organization
from tests.factories import act_as, make_actor
from tests.talks import make_round, make_talk


@pytest.fixture
def talk(county: Organization, municipality: Organization, association: Organization) -> Negotiation:
    of = make_round(county, languages=["fi", "sv"])
    ends = datetime(2026, 11, 10, 10, 0, tzinfo=UTC)
    return make_talk(State.PREPARING, of=of, guests=[municipality, association], ends_at=ends)


def make_item(talk: Negotiation, title: str, position: int = 1, **fields: Any) -> AgendaItem:
    return AgendaItem.objects.create(negotiation=talk, title_fi=title, position=position, **fields)


def make_attendee(talk: Negotiation, name: str, organization: Organization, **fields: Any) -> Attendee:
    return Attendee.objects.create(negotiation=talk, name=name, organization=organization, **fields)


def signed_in(client: Client, actor: Actor) -> Client:
    assert actor.person is not None
    return act_as(client, actor.person, actor.organization)


def url(name: str, *args: Any) -> str:
    return reverse(f"negotiations:{name}", args=[getattr(arg, "public_id", arg) for arg in args])


def item_fields(**fields: Any) -> dict[str, Any]:
    return {"title_fi": "Avaus", "title_sv": "", "section": "opening", "minutes": "10"} | fields


# -- Reading ----------------------------------------------------------------------------------------------------------
def test_an_empty_agenda_says_what_comes(client: Client, talk: Negotiation, host_editor: Actor, reader: Actor) -> None:
    host = signed_in(client, host_editor).get(url("agenda", talk)).content.decode()
    guest = signed_in(client, reader).get(url("agenda", talk)).content.decode()
    assert url("agenda_usual", talk) in host
    assert url("agenda_usual", talk) not in guest
    assert 'class="empty"' in guest


def test_an_outsider_sees_no_agenda(client: Client, talk: Negotiation, outsider: Actor) -> None:
    item = make_item(talk, "Avaus")
    signed_in(client, outsider)
    for address in (url("agenda", talk), url("agenda_item", talk, item), url("attendance", talk)):
        assert client.get(address).status_code == 404


def test_a_guest_reads_but_does_not_write(client: Client, talk: Negotiation, municipal_editor: Actor) -> None:
    item = make_item(talk, "Avaus")
    signed_in(client, municipal_editor)
    assert "Avaus" in client.get(url("agenda", talk)).content.decode()
    assert client.get(url("agenda_item", talk, item)).status_code == 403
    answer = client.post(url("agenda_item", talk, item), item_fields(title_fi="Oma", version=item.version))
    assert answer.status_code == 403
    assert client.post(url("agenda_item_move", talk, item), {"direction": "up"}).status_code == 403
    assert client.post(url("agenda_usual", talk)).status_code == 403
    item.refresh_from_db()
    assert item.title_fi == "Avaus"


def test_the_clock_runs_from_the_start(talk: Negotiation) -> None:
    for position, minutes in enumerate((10, None, 25), start=1):
        make_item(talk, f"Kohta {position}", position, minutes=minutes)
    points = agenda.agenda_of(talk).points
    start = talk.starts_at
    assert start is not None
    minutes_from_start = [(point.begins - start).seconds // 60 for point in points if point.begins]
    assert minutes_from_start == [0, 10, 10]
    assert points[1].ends is None
    assert agenda.agenda_of(talk).minutes == 35


def test_a_plan_longer_than_the_talk_is_told(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    make_item(talk, "Pitkä", minutes=200)
    assert agenda.agenda_of(talk).over == 20
    page = signed_in(client, host_editor).get(url("agenda", talk).replace("/fi/", "/en/")).content.decode()
    assert "20 minutes more" in page


def test_queries_do_not_grow_with_items_and_people(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    signed_in(client, host_editor)
    make_item(talk, "Kohta")
    make_attendee(talk, "Esimerkki", talk.convener)

    def queries(name: str) -> int:
        client.get(url(name, talk))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(url(name, talk)).status_code == 200
        return len(captured)

    few = [queries("agenda"), queries("attendance")]
    for number in range(2, 21):
        make_item(talk, f"Kohta {number}", number)
        make_attendee(talk, f"Esimerkki {number}", talk.convener)
    Negotiation.objects.raise_content_version(talk.pk)
    assert [queries("agenda"), queries("attendance")] == few


# -- Writing ----------------------------------------------------------------------------------------------------------
def test_the_usual_points_come_once_in_the_talks_languages(
    client: Client, talk: Negotiation, host_editor: Actor
) -> None:
    signed_in(client, host_editor)
    for _press in range(2):
        assert client.post(url("agenda_usual", talk)).status_code == 302
    items = list(talk.agenda.order_by("position"))
    assert [item.section for item in items] == [section.value for section, _minutes in agenda.USUAL]
    assert all(item.title_fi and item.title_sv for item in items)


def test_a_new_item_comes_last_and_raises_the_content_version(
    client: Client, talk: Negotiation, host_editor: Actor
) -> None:
    make_item(talk, "Avaus", 4)
    before = talk.content_version
    answer = signed_in(client, host_editor).post(url("agenda_item_new", talk), item_fields(title_fi="Tavoitteet"))
    assert answer.status_code == 302
    added = talk.agenda.get(title_fi="Tavoitteet")
    assert added.position == 5
    assert answer["Location"].endswith(f"#item-{added.public_id}")
    talk.refresh_from_db()
    assert talk.content_version > before


def test_the_secretary_saves_and_goes_to_the_next_item(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    first, second = make_item(talk, "Avaus", 1), make_item(talk, "Tavoitteet", 2)
    fields = item_fields(version=first.version, discussion_fi="Keskusteltiin.", decision_fi="Sovittiin.", next="1")
    answer = signed_in(client, host_editor).post(url("agenda_item", talk, first), fields)
    assert answer["Location"] == url("agenda_item", talk, second)
    first.refresh_from_db()
    assert (first.discussion_fi, first.decision_fi) == ("Keskusteltiin.", "Sovittiin.")


def test_an_item_needs_a_title_in_one_language(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    answer = signed_in(client, host_editor).post(
        url("agenda_item_new", talk), item_fields(title_fi="", presenter="Anna Esimerkki")
    )
    assert answer.status_code == 422
    assert "Anna Esimerkki" in answer.content.decode()
    assert not talk.agenda.exists()


def test_two_secretaries_lose_nothing(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    item = make_item(talk, "Avaus")
    signed_in(client, host_editor)
    read = item.version
    client.post(url("agenda_item", talk, item), item_fields(version=read, discussion_fi="Ensimmäinen teksti."))
    answer = client.post(url("agenda_item", talk, item), item_fields(version=read, discussion_fi="Toinen teksti."))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ensimmäinen teksti." in page
    assert "Toinen teksti." in page
    item.refresh_from_db()
    assert item.discussion_fi == "Ensimmäinen teksti."


def test_a_form_left_open_over_confirming_saves_nothing_and_keeps_the_text(
    client: Client, talk: Negotiation, host_editor: Actor
) -> None:
    item = make_item(talk, "Avaus")
    Negotiation.objects.filter(pk=talk.pk).update(state=State.COMMENTING)
    fields = item_fields(version=item.version, discussion_fi="Myöhässä kirjoitettu.")
    answer = signed_in(client, host_editor).post(url("agenda_item", talk, item), fields)
    assert answer.status_code == 409
    assert "Myöhässä kirjoitettu." in answer.content.decode()
    item.refresh_from_db()
    assert item.discussion_fi == ""


def test_items_change_places_by_buttons(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    rows = [make_item(talk, title, 0) for title in ("A", "B", "C")]
    signed_in(client, host_editor)

    def titles() -> list[str]:
        return [item.title_fi for item in talk.agenda.order_by("position", "pk")]

    client.post(url("agenda_item_move", talk, rows[2]), {"direction": "up"})
    assert titles() == ["A", "C", "B"]
    client.post(url("agenda_item_move", talk, rows[0]), {"direction": "up"})
    assert titles() == ["A", "C", "B"]
    client.post(url("agenda_item_move", talk, rows[0]), {"direction": "down"})
    assert titles() == ["C", "A", "B"]


def test_a_double_press_moves_once(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    rows = [make_item(talk, title, place) for place, title in enumerate("ABC")]
    signed_in(client, host_editor)
    press = {"direction": "down", "submission_key": "0b5a6a51-3f5b-4c07-9a5a-6f1f5c2f7f10"}
    for _press in range(2):
        client.post(url("agenda_item_move", talk, rows[0]), press)
    assert [item.title_fi for item in talk.agenda.order_by("position")] == ["B", "A", "C"]


def test_removing_shows_what_goes_and_refuses_an_older_version(
    client: Client, talk: Negotiation, host_editor: Actor
) -> None:
    item = make_item(talk, "Avaus", discussion_fi="Puheenjohtaja avasi.")
    signed_in(client, host_editor)
    page = client.get(url("agenda_item_remove", talk, item)).content.decode()
    assert "Puheenjohtaja avasi." in page
    item.save_over(item.version, ["title_fi"])
    answer = client.post(url("agenda_item_remove", talk, item), {"version": item.version - 1})
    assert answer.status_code == 409
    assert talk.agenda.exists()
    assert client.post(url("agenda_item_remove", talk, item), {"version": item.version}).status_code == 302
    assert not talk.agenda.exists()


def test_an_item_of_another_talk_is_not_found_under_this_one(
    client: Client, talk: Negotiation, host_editor: Actor
) -> None:
    other = make_item(make_talk(of=talk.round, guests=[]), "Muu")
    assert signed_in(client, host_editor).get(url("agenda_item", talk, other)).status_code == 404


# -- People -----------------------------------------------------------------------------------------------------------
def attendee_fields(organization: Organization, **fields: Any) -> dict[str, Any]:
    return {
        "name": "Anna Esimerkki", "organization": organization.slug, "capacity": "official", "channel": "room",
        "presence": "all", "name_public": "",
    } | fields  # fmt: skip


@pytest.mark.parametrize(
    ("whose", "capacity", "wish", "public"),
    [
        ("county", "official", "", True),
        ("municipality", "elected", "", True),
        ("municipality", "expert", "", False),
        ("association", "ngo", "", False),
        ("association", "official", "", False),
        ("association", "ngo", "yes", True),
        ("county", "official", "no", False),
    ],
)
def test_names_are_public_by_the_rule_unless_said_otherwise(
    whose: str, capacity: str, wish: str, public: bool, client: Client, talk: Negotiation, host_editor: Actor,
    county: Organization, municipality: Organization, association: Organization,
) -> None:  # fmt: skip
    organization = {"county": county, "municipality": municipality, "association": association}[whose]
    fields = attendee_fields(organization, capacity=capacity, name_public=wish)
    assert signed_in(client, host_editor).post(url("attendee_new", talk), fields).status_code == 302
    assert talk.attendees.get().name_public is public


def test_an_attendee_belongs_to_a_party(client: Client, talk: Negotiation, host_editor: Actor, outsider: Actor) -> None:
    assert outsider.organization is not None
    answer = signed_in(client, host_editor).post(url("attendee_new", talk), attendee_fields(outsider.organization))
    assert answer.status_code == 422
    assert not talk.attendees.exists()


def test_part_of_the_time_says_which_part(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    signed_in(client, host_editor)
    fields = attendee_fields(talk.convener, presence="part")
    assert client.post(url("attendee_new", talk), fields).status_code == 422
    assert client.post(url("attendee_new", talk), fields | {"part": "9.00–10.30"}).status_code == 302


def test_editing_keeps_the_organisation_chosen(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    person = make_attendee(talk, "Anna Esimerkki", talk.convener, name_public=True)
    page = signed_in(client, host_editor).get(url("attendee", talk, person)).content.decode()
    assert f'value="{talk.convener.slug}" selected' in page
    fields = attendee_fields(talk.convener, name="Anna E.", name_public="no", version=person.version)
    assert client.post(url("attendee", talk, person), fields).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.name_public) == ("Anna E.", False)


def test_all_are_ticked_in_one_form(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    rows = [make_attendee(talk, f"Esimerkki {number}", talk.convener) for number in range(3)]
    marks = {row.public_id: mark for row, mark in zip(rows, ("room", "remote", "absent"), strict=True)}
    marks |= {f"{row.public_id}-version": str(row.version) for row in rows}
    assert signed_in(client, host_editor).post(url("attendance", talk), marks).status_code == 302
    found = [(row.channel, row.presence, row.version) for row in talk.attendees.order_by("pk")]
    assert found == [("room", "all", 1), ("remote", "all", 2), ("room", "absent", 2)]
    page = client.get(url("attendance", talk).replace("/fi/", "/en/")).content.decode()
    assert all(words in page for words in ("1 in the room", "1 remotely", "1 absent"))


def test_a_tick_over_an_older_version_saves_none(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    first, second = (make_attendee(talk, name, talk.convener) for name in ("Ensimmäinen", "Toinen"))
    marks = {first.public_id: "absent", second.public_id: "absent"}
    marks |= {f"{row.public_id}-version": "1" for row in (first, second)}
    second.save_over(1, ["name"])
    answer = signed_in(client, host_editor).post(url("attendance", talk), marks)
    assert answer.status_code == 409
    assert not talk.attendees.filter(presence="absent").exists()
    page = answer.content.decode()
    again = {name: mark for name, mark in marks.items() if "version" not in name}
    versions = {f"{row.public_id}-version": str(row.version) for row in talk.attendees.all()}
    assert all(f'name="{name}" value="{version}"' in page for name, version in versions.items())
    assert client.post(url("attendance", talk), again | versions).status_code == 302
    assert talk.attendees.filter(presence="absent").count() == 2


def test_people_of_the_host_come_first(
    client: Client, talk: Negotiation, municipality: Organization, reader: Actor
) -> None:
    make_attendee(talk, "Kunnan Esimerkki", municipality)
    make_attendee(talk, "Alueen Esimerkki", talk.convener)
    page = signed_in(client, reader).get(url("attendance", talk)).content.decode()
    assert page.index("Alueen Esimerkki") < page.index("Kunnan Esimerkki")
    assert 'type="radio"' not in page


def test_a_frozen_record_is_not_ticked(client: Client, talk: Negotiation, county: Organization) -> None:
    Negotiation.objects.filter(pk=talk.pk).update(state=State.COMMENTING)
    editor = make_actor(county, Duty.EDITOR)
    person = make_attendee(talk, "Anna Esimerkki", county)
    marks = {person.public_id: "absent", f"{person.public_id}-version": "1"}
    assert signed_in(client, editor).post(url("attendance", talk), marks).status_code == 409
    assert not talk.attendees.filter(presence="absent").exists()


def test_a_person_is_removed_after_a_question(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    person = make_attendee(talk, "Anna Esimerkki", talk.convener)
    signed_in(client, host_editor)
    assert client.get(url("attendee_remove", talk, person)).status_code == 200
    assert client.post(url("attendee_remove", talk, person), {"version": person.version}).status_code == 302
    assert not talk.attendees.exists()


def test_the_record_survives_the_act_that_starts_the_memo(talk: Negotiation, host_editor: Actor) -> None:
    make_item(talk, "Avaus", discussion_fi="Avattiin.")
    actions.perform(talk, Act.HOLD, by=host_editor)
    assert agenda.agenda_of(talk).recorded == 1
