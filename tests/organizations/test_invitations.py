import re
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from hyte_portal import outbox
from hyte_portal.models import OutboundMail
from organizations import invitations
from organizations.invitations import InvitationClosedError
from organizations.models import Duty, Invitation, Membership, Organization, User
from tests.factories import PASSWORD, act_as, make_membership, make_person

pytestmark = pytest.mark.django_db
NEW = {"name": "Aino Esimerkki", "language": "fi", "password": "kuusi-vihreaa-omenaa"}


@pytest.fixture(autouse=True)
def office_hours(time_machine: Any) -> Any:
    time_machine.move_to("2026-11-25T10:00:00+02:00", tick=False)
    return time_machine


@pytest.fixture
def invitation(municipality: Organization) -> Invitation:
    return invitations.invite("aino@example.org", municipality, [Duty.EDITOR], by=None)


def path_of(invitation: Invitation) -> str:
    return invitations.link_of(invitation).removeprefix("http://localhost:8000")


def test_the_link_comes_by_mail_in_the_language_of_the_invitation(municipality: Organization) -> None:
    inviter = make_person(name="Ville Esimerkki")
    invitations.invite("Aino@Example.org", municipality, [Duty.EDITOR, Duty.READER], language="sv", by=inviter)
    outbox.send_due()
    letter = mail.outbox[0]
    assert letter.to == ["aino@example.org"]
    assert "Ville Esimerkki" in letter.body
    link = re.search(r"http://localhost:8000/sv/kutsu/\S+/", str(letter.body))
    assert link
    assert invitations.find(link.group().split("/")[-2]) == Invitation.objects.get()


def test_the_database_holds_no_working_token(invitation: Invitation) -> None:
    token = invitations.token_of(invitation)
    row = OutboundMail.objects.get()
    stored = [str(value) for value in (*Invitation.objects.values().get().values(), row.data, row.text, row.dedupe_key)]
    assert not any(token in value for value in stored)
    assert len(token) == 43


def test_an_invited_person_makes_an_account_and_is_signed_in(client: Client, invitation: Invitation) -> None:
    assert client.get(path_of(invitation)).status_code == 200
    response = client.post(path_of(invitation), NEW)
    assert response.status_code == 302
    person = User.objects.get()
    assert (person.name, person.email, person.check_password(NEW["password"])) == (
        "Aino Esimerkki", "aino@example.org", True,
    )  # fmt: skip
    assert Membership.objects.get().duties == ["editor"]
    assert client.session["_auth_user_id"] == str(person.pk)
    invitation.refresh_from_db()
    assert invitation.accepted_by == person


def test_a_short_password_comes_back_with_what_was_typed(client: Client, invitation: Invitation) -> None:
    response = client.post(path_of(invitation), NEW | {"password": "lyhyt"})
    assert response.status_code == 422
    assert "Aino Esimerkki" in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["Aino\x00", "Aino\x07Esimerkki", "A" * 121, ""])
def test_a_name_that_can_t_be_kept_is_refused(client: Client, invitation: Invitation, name: str) -> None:
    assert client.post(path_of(invitation), NEW | {"name": name}).status_code == 422
    assert not User.objects.exists()


def test_somebody_with_an_account_is_asked_to_sign_in_first(client: Client, invitation: Invitation) -> None:
    make_person("aino@example.org")
    page = client.get(path_of(invitation)).content.decode()
    assert f"/fi/tili/kirjaudu/?next={path_of(invitation)}" in page
    assert client.post(path_of(invitation), NEW).status_code == 200
    assert not Membership.objects.exists()


def test_a_signed_in_person_confirms_with_her_own_account(client: Client, invitation: Invitation) -> None:
    person = make_person("toinen@example.org")
    act_as(client, person)
    assert client.get(path_of(invitation)).status_code == 200
    assert not Membership.objects.exists(), "opening the link is not accepting"
    client.post(path_of(invitation))
    assert Membership.objects.get().person == person
    assert client.session["acting_for"] == invitation.organization.slug


def test_new_duties_join_those_that_the_person_has(invitation: Invitation, municipality: Organization) -> None:
    person = make_person()
    make_membership(person, municipality, Duty.READER)
    invitations.accept(invitation, person)
    assert Membership.objects.get().duties == ["editor", "reader"]


def test_a_second_press_leads_on(client: Client, invitation: Invitation) -> None:
    act_as(client, make_person())
    answers = [client.post(path_of(invitation)).status_code for _press in range(2)]
    assert answers == [302, 302]
    assert Membership.objects.count() == 1


def answer_without_address(client: Client, path: str) -> tuple[int, str]:
    response = client.get(path)
    return response.status_code, response.content.decode().replace(path.removeprefix("/fi"), "")


def test_every_closed_or_unknown_link_gets_the_same_page(
    client: Client, municipality: Organization, office_hours: Any
) -> None:
    used, withdrawn, expired, renewed = (
        invitations.invite(f"{number}@example.org", municipality, [Duty.EDITOR], by=None) for number in range(4)
    )
    paths = [path_of(used), path_of(withdrawn), path_of(renewed), path_of(expired), "/fi/kutsu/forged-token/"]
    invitations.accept(used, make_person())
    invitations.withdraw(withdrawn)
    office_hours.move_to("2026-12-09T10:00:01+02:00", tick=False)
    invitations.resend(renewed)
    answers = {answer_without_address(client, path) for path in paths}
    assert len(answers) == 1
    assert {status for status, _page in answers} == {404}
    renewed.refresh_from_db()
    assert client.get(path_of(renewed)).status_code == 200


def test_a_used_withdrawn_or_expired_invitation_gives_nothing(
    municipality: Organization, invitation: Invitation, office_hours: Any
) -> None:
    first, second = make_person(), make_person()
    invitations.accept(invitation, first)
    with pytest.raises(InvitationClosedError):
        invitations.accept(invitation, second)
    other = invitations.invite("b@example.org", municipality, [Duty.EDITOR], by=None)
    office_hours.move_to("2026-12-10T10:00:00+02:00", tick=False)
    with pytest.raises(InvitationClosedError):
        invitations.accept(other, second)
    assert Membership.objects.count() == 1


def test_the_same_invitation_twice_is_one_and_other_duties_replace_it(municipality: Organization) -> None:
    first = invitations.invite("a@example.org", municipality, [Duty.EDITOR], by=None)
    assert invitations.invite("A@example.org", municipality, [Duty.EDITOR], by=None) == first
    second = invitations.invite("a@example.org", municipality, [Duty.READER], by=None)
    assert list(Invitation.objects.open()) == [second]
    outbox.send_due()
    assert len(mail.outbox) == 1, "the replaced one is not sent any more"


def test_a_withdrawn_invitation_is_not_mailed(invitation: Invitation) -> None:
    assert invitations.withdraw(invitation)
    outbox.send_due()
    assert not mail.outbox
    assert OutboundMail.objects.get().state == "skipped"


def test_only_the_newest_link_is_mailed(invitation: Invitation, office_hours: Any) -> None:
    office_hours.shift(60)
    invitations.resend(invitation)
    outbox.send_due()
    invitation.refresh_from_db()
    assert len(mail.outbox) == 1
    assert invitations.link_of(invitation) in mail.outbox[0].body


def test_a_used_invitation_can_t_be_withdrawn_or_sent_again(invitation: Invitation) -> None:
    invitations.accept(invitation, make_person())
    assert not invitations.withdraw(invitation)
    assert not invitations.resend(invitation)


def test_the_command_prints_a_working_link(
    client: Client, kuntaliitto: Organization, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("invite", "eka@example.org", "--organization", "kuntaliitto", "--duty", "administrator")
    link = capsys.readouterr().out.strip()
    client.post(link.removeprefix("http://localhost:8000"), NEW)
    membership = Membership.objects.get()
    assert (membership.organization, membership.duties) == (kuntaliitto, ["administrator"])
    with pytest.raises(CommandError, match="no organisation"):
        call_command("invite", "eka@example.org", "--organization", "nobody", "--duty", "editor")


def test_after_signing_in_by_password_the_invitation_opens(client: Client, invitation: Invitation) -> None:
    person = make_person("aino@example.org")
    data = {"login": person.email, "password": PASSWORD, "next": path_of(invitation)}
    assert client.post("/fi/tili/kirjaudu/", data)["Location"] == path_of(invitation)
