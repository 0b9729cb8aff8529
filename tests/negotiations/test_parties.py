"""The parties: how far each is, how each is reached, who is added, and the invitation before it goes."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from hyte_portal import outbox
from hyte_portal.models import OutboundMail
from negotiations import deliveries, notifications
from negotiations.lifecycle import State
from negotiations.models import Event, Negotiation, Participation
from organizations.actors import Actor
from organizations.models import Duty, Invitation, Organization
from tests.factories import act_as, make_actor, make_county, make_municipality, make_organization
from tests.talks import make_round, make_talk


@pytest.fixture
def plan(county: Organization, municipality: Organization) -> Negotiation:
    return make_talk(State.DRAFT, of=make_round(county, 2025, state="planned"), guests=[municipality])


@pytest.fixture
def talk(county: Organization, municipality: Organization, association: Organization) -> Negotiation:
    return make_talk(State.PREPARING, of=make_round(county), guests=[municipality, association])


def signed_in(client: Client, actor: Actor) -> Client:
    assert actor.person is not None
    return act_as(client, actor.person, actor.organization)


def url(name: str, *args: Any) -> str:
    return reverse(f"negotiations:{name}", args=[getattr(arg, "public_id", arg) for arg in args])


def in_english(client: Client, name: str, *args: Any, query: str = "") -> str:
    with translation.override("en"):
        answer = client.get(url(name, *args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def seat_of(talk: Negotiation, organization: Organization) -> Participation:
    return talk.participations.get(organization=organization)


# -- Reading ----------------------------------------------------------------------------------------------------------
def test_parties_stand_with_their_preparation_the_host_first(
    client: Client, talk: Negotiation, municipality: Organization, reader: Actor
) -> None:
    talk.participations.filter(organization=municipality).update(
        preparation="ready", ready_at=datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
    )
    page = in_english(signed_in(client, reader), "parties", talk)
    assert page.index(f"<strong>{talk.convener.name}") < page.index("<strong>Kuopio")
    assert '<span class="tag green">Ready</span>' in page


def test_only_the_host_sees_how_parties_are_reached(
    client: Client, talk: Negotiation, association: Organization, host_editor: Actor, municipal_editor: Actor
) -> None:
    talk.participations.filter(organization=association).update(contact_email="yhteys@demo.example")
    OutboundMail.objects.create(
        kind="invite", occasion=talk.public_id, dedupe_key="k", address="yhteys@demo.example", message_id="<k@x>"
    )
    assert "yhteys@demo.example" in in_english(signed_in(client, host_editor), "parties", talk)
    assert "yhteys@demo.example" not in in_english(signed_in(client, municipal_editor), "parties", talk)


def test_a_returned_party_and_the_host_read_the_reason(
    client: Client, talk: Negotiation, municipality: Organization, host_editor: Actor, municipal_editor: Actor,
    association_editor: Actor,
) -> None:  # fmt: skip
    talk.participations.filter(organization=municipality).update(
        preparation="returned", return_reason="Mittari puuttuu."
    )
    for actor, sees in ((host_editor, True), (municipal_editor, True), (association_editor, False)):
        page = in_english(signed_in(client, actor), "parties", talk)
        assert ("<small>Reason: Mittari puuttuu." in page) is sees


def test_strangers_find_no_parties(client: Client, talk: Negotiation, plan: Negotiation, outsider: Actor) -> None:
    signed_in(client, outsider)
    row = talk.participations.get(side="host")
    for address in (url("parties", talk), url("party_add", talk), url("party", talk, row), url("invite", plan)):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["party_add", "party_add_local", "party", "party_editor", "party_remove"])
def test_a_guest_arranges_nothing(
    name: str, client: Client, talk: Negotiation, association: Organization, municipal_editor: Actor
) -> None:
    more = [seat_of(talk, association)] if name in {"party", "party_editor", "party_remove"} else []
    signed_in(client, municipal_editor)
    assert client.get(url(name, talk, *more)).status_code == 403
    assert client.post(url(name, talk, *more), {"version": "1"}).status_code == 403


def test_the_host_itself_is_no_guest_to_arrange(client: Client, plan: Negotiation, host_editor: Actor) -> None:
    host = plan.participations.get(side="host")
    signed_in(client, host_editor)
    for name in ("party", "party_editor", "party_remove"):
        assert client.get(url(name, plan, host)).status_code == 404


def test_queries_do_not_grow_with_parties_and_mails(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    signed_in(client, host_editor)

    def queries() -> int:
        client.get(url("parties", talk))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url("parties", talk)).status_code == 200
        return len(captured)

    def add_mail(number: int) -> None:
        OutboundMail.objects.create(
            kind="invite", occasion=talk.public_id, dedupe_key=f"k{number}", address=f"a{number}@demo.example",
            recipient=host_editor.person, message_id=f"<{number}@x>",
        )  # fmt: skip

    add_mail(0)
    few = queries()
    for number in range(1, 20):
        Participation.objects.create(negotiation=talk, organization=make_organization())
        add_mail(number)
    Negotiation.objects.raise_content_version(talk.pk)
    assert queries() == few


# -- Adding and removing ----------------------------------------------------------------------------------------------
def test_adding_to_a_plan_tells_nobody(
    client: Client, plan: Negotiation, association: Organization, host_editor: Actor, association_editor: Actor
) -> None:
    signed_in(client, host_editor)
    assert association.name in in_english(client, "party_add", plan)
    assert client.post(url("party_add", plan), {"organizations": [association.slug]}).status_code == 302
    assert plan.participations.filter(organization=association, side="guest").exists()
    assert not OutboundMail.objects.exists()
    assert not Event.objects.exists()


def test_adding_after_the_invitation_invites_at_once(
    client: Client, talk: Negotiation, host_editor: Actor, county: Organization
) -> None:
    late = make_municipality("Siilinjärvi", county)
    writer = make_actor(late, Duty.EDITOR)
    answer = signed_in(client, host_editor).post(url("party_add", talk), {"organizations": [late.slug]})
    assert answer.status_code == 302
    assert writer.person is not None
    assert OutboundMail.objects.get().recipient == writer.person
    assert Event.objects.get().party == late


def test_an_added_party_without_people_is_told_by_its_address(
    client: Client, talk: Negotiation, host_editor: Actor, county: Organization
) -> None:
    late = make_municipality("Siilinjärvi", county)
    fields = {"organizations": [late.slug], "contact_email": "kirjaamo@demo.example"}
    signed_in(client, host_editor).post(url("party_add", talk), fields)
    assert OutboundMail.objects.get().address == "kirjaamo@demo.example"


def test_one_address_is_not_given_to_two(
    client: Client, plan: Negotiation, host_editor: Actor, county: Organization
) -> None:
    slugs = [make_municipality(name, county).slug for name in ("Leppävirta", "Siilinjärvi")]
    fields = {"organizations": slugs, "contact_email": "kirjaamo@demo.example"}
    assert signed_in(client, host_editor).post(url("party_add", plan), fields).status_code == 422


def test_parties_are_found_by_the_beginning_of_a_name(client: Client, plan: Negotiation, host_editor: Actor) -> None:
    far = make_municipality("Äänekoski")
    signed_in(client, host_editor)
    assert far.name not in in_english(client, "party_add", plan)
    assert far.name in in_english(client, "party_add", plan, query="?q=ään")


def test_a_municipality_of_another_county_is_warned_about(
    client: Client, plan: Negotiation, host_editor: Actor
) -> None:
    far = make_municipality("Äänekoski")
    answer = signed_in(client, host_editor).post(url("party_add", plan), {"organizations": [far.slug]}, follow=True)
    assert plan.participations.filter(organization=far).exists()
    assert 'class="notice warning">Äänekoski' in answer.content.decode()


def test_a_merged_municipality_is_refused_with_its_successor(
    client: Client, plan: Negotiation, host_editor: Actor, county: Organization
) -> None:
    heir = make_municipality("Mäntyharju", county)
    gone = make_municipality("Pertunmaa", county, valid_until=date(2025, 1, 1), successor=heir)
    signed_in(client, host_editor)
    page = in_english(client, "party_add", plan, query="?q=pertun")
    assert "Choose Mäntyharju" in page
    assert f'value="{gone.slug}"' not in page
    answer = client.post(url("party_add", plan), {"organizations": [gone.slug]})
    assert answer.status_code == 422
    assert "Mäntyharju" in answer.content.decode()
    assert not plan.participations.filter(organization=gone).exists()


def test_what_is_out_of_scope_is_refused(client: Client, plan: Negotiation, host_editor: Actor) -> None:
    island = make_municipality("Kökar", make_county("Ahvenanmaa"), in_scope=False)
    answer = signed_in(client, host_editor).post(url("party_add", plan), {"organizations": [island.slug]})
    assert answer.status_code == 422
    assert not plan.participations.filter(organization=island).exists()


def test_nobody_is_added_after_the_talk(
    client: Client, talk: Negotiation, host_editor: Actor, county: Organization
) -> None:
    late = make_municipality("Siilinjärvi", county)
    Negotiation.objects.filter(pk=talk.pk).update(state=State.MEMO_DRAFT)
    signed_in(client, host_editor)
    assert client.get(url("party_add", talk)).status_code == 403
    assert client.post(url("party_add", talk), {"organizations": [late.slug]}).status_code == 409
    assert not talk.participations.filter(organization=late).exists()


def test_a_local_organisation_is_added_after_a_look_at_likely_doubles(
    client: Client, plan: Negotiation, association: Organization, host_editor: Actor, county: Organization
) -> None:
    fields = {"kind": "association", "name_fi": "Savon Yhdistys", "language": "fi", "areas": [county.pk]}
    signed_in(client, host_editor)
    answer = client.post(url("party_add_local", plan), fields)
    assert answer.status_code == 422
    assert association.name in answer.content.decode()
    assert client.post(url("party_add_local", plan), fields | {"confirmed": "on"}).status_code == 302
    added = Organization.objects.get(name_fi="Savon Yhdistys")
    assert added.added_by == host_editor.person
    assert plan.participations.filter(organization=added).exists()


def test_a_party_is_taken_out_of_a_plan(
    client: Client, plan: Negotiation, municipality: Organization, host_editor: Actor
) -> None:
    row = seat_of(plan, municipality)
    signed_in(client, host_editor)
    assert client.get(url("party_remove", plan, row)).status_code == 200
    assert client.post(url("party_remove", plan, row), {"version": row.version}).status_code == 302
    assert not plan.participations.filter(side="guest").exists()


def test_an_invited_party_is_not_taken_out_silently(
    client: Client, plan: Negotiation, municipality: Organization, host_editor: Actor
) -> None:
    row = seat_of(plan, municipality)
    Negotiation.objects.filter(pk=plan.pk).update(state=State.INVITED)
    answer = signed_in(client, host_editor).post(url("party_remove", plan, row), {"version": row.version})
    assert answer.status_code == 409
    assert plan.participations.filter(organization=municipality).exists()


def test_the_link_to_remove_an_invited_party_chooses_it(
    client: Client, talk: Negotiation, municipality: Organization, host_editor: Actor
) -> None:
    page = signed_in(client, host_editor).get(url("parties", talk)).content.decode()
    [link] = re.findall(rf'href="([^"]+/remove_party/[?]party={municipality.slug})"', page)
    assert f'value="{municipality.slug}" selected' in client.get(link).content.decode()


# -- Reaching ---------------------------------------------------------------------------------------------------------
def test_a_contact_is_saved_over_the_version_that_was_read(
    client: Client, plan: Negotiation, municipality: Organization, host_editor: Actor
) -> None:
    row = seat_of(plan, municipality)
    signed_in(client, host_editor)
    fields = {"version": row.version, "contact_email": "kirjaamo@demo.example", "invited_otherwise": ""}
    assert client.post(url("party", plan, row), fields).status_code == 302
    answer = client.post(url("party", plan, row), fields | {"contact_email": "toinen@demo.example"})
    assert answer.status_code == 409
    assert "toinen@demo.example" in answer.content.decode()
    row.refresh_from_db()
    assert row.contact_email == "kirjaamo@demo.example"


def test_the_first_editor_is_invited_and_only_the_first(
    client: Client, plan: Negotiation, municipality: Organization, host_editor: Actor
) -> None:
    row = seat_of(plan, municipality)
    signed_in(client, host_editor)
    fields = {"email": "Koordinaattori@demo.example", "language": "fi"}
    assert client.post(url("party_editor", plan, row), fields).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.organization) == ("koordinaattori@demo.example", municipality)
    assert invitation.duties == [Duty.EDITOR]
    assert "An editor has been invited" in in_english(client, "parties", plan)
    make_actor(municipality, Duty.EDITOR)
    assert client.get(url("party_editor", plan, row)).status_code == 403
    assert client.post(url("party_editor", plan, row), fields | {"email": "toinen@demo.example"}).status_code == 403
    assert Invitation.objects.count() == 1


# -- The invitation before it goes ------------------------------------------------------------------------------------
def test_the_preview_shows_the_words_and_the_recipients_that_then_go(
    client: Client, plan: Negotiation, host_editor: Actor, municipal_editor: Actor
) -> None:
    assert municipal_editor.person is not None
    page = in_english(signed_in(client, host_editor), "invite", plan)
    assert municipal_editor.person.email in page
    words = notifications.word("invite", plan, "fi", organization=municipal_editor.organization)
    assert words.subject in page
    assert not OutboundMail.objects.exists()
    with time_machine.travel(datetime(2026, 9, 1, 9, 0, tzinfo=UTC), tick=False):
        assert client.post(url("invite", plan)).status_code == 302
        outbox.send_due()
    plan.refresh_from_db()
    assert plan.state == State.INVITED
    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([municipal_editor.person.email], " ".join(words.subject.split()))
    ]


def test_guests_whom_nothing_reaches_are_put_right_on_the_same_page(
    client: Client, plan: Negotiation, municipality: Organization, host_editor: Actor
) -> None:
    row = seat_of(plan, municipality)
    signed_in(client, host_editor)
    answer = client.post(url("invite", plan))
    assert answer.status_code == 422
    assert f'name="{row.public_id}-contact_email"' in answer.content.decode()
    plan.refresh_from_db()
    assert plan.state == State.DRAFT
    fields = {
        f"{row.public_id}-version": row.version,
        f"{row.public_id}-contact_email": "",
        f"{row.public_id}-invited_otherwise": "kirjeitse 12.8.",
    }
    assert client.post(url("invite_contacts", plan), fields).status_code == 302
    assert client.post(url("invite", plan)).status_code == 302
    plan.refresh_from_db()
    assert plan.state == State.INVITED


def test_a_wrong_address_comes_back_with_what_was_typed(
    client: Client, plan: Negotiation, municipality: Organization, host_editor: Actor
) -> None:
    row = seat_of(plan, municipality)
    fields = {f"{row.public_id}-version": row.version, f"{row.public_id}-contact_email": "kirjaamo(at)demo"}
    answer = signed_in(client, host_editor).post(url("invite_contacts", plan), fields)
    assert answer.status_code == 422
    assert "kirjaamo(at)demo" in answer.content.decode()


def test_inviting_twice_invites_once(
    client: Client, plan: Negotiation, host_editor: Actor, municipal_editor: Actor
) -> None:
    signed_in(client, host_editor)
    assert client.post(url("invite", plan)).status_code == 302
    assert client.post(url("invite", plan)).status_code == 409
    assert client.get(url("invite", plan)).status_code == 409
    assert OutboundMail.objects.count() == 1


def test_a_guest_or_a_confirmer_does_not_invite(
    client: Client, plan: Negotiation, host_confirmer: Actor, municipal_editor: Actor
) -> None:
    assert signed_in(client, host_confirmer).post(url("invite", plan)).status_code == 403
    assert signed_in(client, municipal_editor).post(url("invite", plan)).status_code == 404
    plan.refresh_from_db()
    assert plan.state == State.DRAFT


# -- What became of the mails -----------------------------------------------------------------------------------------
def test_every_kind_of_mail_has_its_words() -> None:
    assert set(notifications.KINDS) == {str(kind) for kind in deliveries.KIND_WORDS}


def test_a_refused_address_is_told_with_the_servers_words(
    client: Client, talk: Negotiation, host_editor: Actor
) -> None:
    OutboundMail.objects.create(
        kind="invite", occasion=talk.public_id, dedupe_key="k", address="vanha@demo.example", message_id="<k@x>",
        state="refused", reason="550 5.1.1 User unknown",
    )  # fmt: skip
    page = in_english(signed_in(client, host_editor), "parties", talk)
    assert "550 5.1.1 User unknown" in page
    assert "Ask the organisation for the right address" in page


def test_a_mail_that_was_not_needed_says_why(client: Client, talk: Negotiation, host_editor: Actor) -> None:
    OutboundMail.objects.create(
        kind="ask_comments", occasion=talk.public_id, dedupe_key="k", address="x@demo.example", message_id="<k@x>",
        state="skipped", reason="the negotiation is memo_draft now",
    )  # fmt: skip
    page = in_english(signed_in(client, host_editor), "parties", talk)
    assert "already in the state “Memo draft”" in page
