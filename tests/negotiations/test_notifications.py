"""Who is told and reminded, when, and what is checked again before a mail leaves."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import pytest
import time_machine
from django.core import mail

from hyte_portal import outbox
from hyte_portal.dates import HELSINKI, at, today
from hyte_portal.models import OutboundMail
from negotiations import notifications
from negotiations.actions import Details, perform
from negotiations.lifecycle import RULES, Act, State, Told
from negotiations.models import Measure, Negotiation
from negotiations.vocabulary import Preparation
from organizations.actors import Actor
from organizations.models import Duty, Membership, Organization, User
from tests.factories import make_actor, make_membership, make_municipality, make_organization, make_person
from tests.talks import make_measure, make_round, make_talk

pytestmark = pytest.mark.django_db
NOON: Final = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def on(day: date, hour: int = 12) -> Any:
    return time_machine.travel(at(day, time(hour)), tick=False)


def sweep(day: date) -> int:
    """Do what the clock does on a day: write the reminders and send what is due."""
    with on(day):
        notifications.write_reminders()
        return outbox.send_due()


def talk_with(county: Organization, guest: Organization, state: str = State.PREPARING, **of: Any) -> Negotiation:
    return make_talk(state, of=make_round(county, **of), guests=[guest])


# -- Who ---------------------------------------------------------------------------------------------------------------
def test_each_kind_of_told_reaches_whom_it_names(county: Organization) -> None:
    guest, owner, other = (make_municipality(county=county) for _each in range(3))
    host, guests, owners = (make_actor(one, Duty.EDITOR).person for one in (county, guest, owner))
    make_actor(other, Duty.EDITOR)
    talk = talk_with(county, guest, State.CONFIRMED)
    make_measure(talk, owner=owner)
    reached = {
        told: {member.person for member in notifications._members(told, talk, guest)}
        for told in Told
        if told != Told.NOBODY
    }
    assert reached == {
        Told.HOST: {host}, Told.GUESTS: {guests}, Told.THAT_PARTY: {guests}, Told.ALL_PARTIES: {host, guests},
        Told.PARTIES_AND_OWNERS: {host, guests, owners}, Told.OWNERS: {owners},
    }  # fmt: skip


def test_readers_former_people_and_those_of_other_rounds_are_not_told(county: Organization) -> None:
    guest = make_municipality(county=county)
    make_actor(guest, Duty.READER)
    with on(date(2026, 11, 20)):
        make_membership(make_person(), guest, Duty.EDITOR, until=date(2026, 11, 19))
        make_membership(make_person(), guest, Duty.EDITOR, only_rounds=["another"])
        talk = talk_with(county, guest)
        mine = make_person()
        make_membership(mine, guest, Duty.EDITOR, only_rounds=[talk.round.public_id])
        assert [member.person for member in notifications._members(Told.GUESTS, talk, None)] == [mine]


def test_a_person_of_two_parties_gets_one_mail(county: Organization) -> None:
    first, second = (make_organization(areas=[county]) for _each in range(2))
    person = make_person()
    for organization in (first, second):
        make_membership(person, organization, Duty.EDITOR)
    talk = make_talk(State.DRAFT, of=make_round(county), guests=[first, second])
    assert len(notifications.letters_of(Act.INVITE, talk)) == 1


def test_a_guest_without_an_account_is_told_by_its_address_in_its_language(county: Organization) -> None:
    guest = make_organization(areas=[county], language_status="sv")
    talk = talk_with(county, guest, State.DRAFT)
    talk.participations.filter(organization=guest).update(contact_email="styrelsen@example.org")
    [letter] = notifications.letters_of(Act.INVITE, talk)
    assert (letter.address, letter.recipient_id, letter.language) == ("styrelsen@example.org", None, "sv")
    make_actor(guest, Duty.EDITOR)
    assert [one.address for one in notifications.letters_of(Act.INVITE, talk)] != ["styrelsen@example.org"]


def test_a_removed_guest_without_an_account_is_told_too(county: Organization, host_editor: Actor) -> None:
    guest = make_organization(areas=[county])
    talk = make_talk(State.PREPARING, of=make_round(county), guests=[guest, make_municipality(county=county)])
    talk.participations.filter(organization=guest).update(contact_email="hallitus@example.org")
    perform(talk, Act.REMOVE_PARTY, by=host_editor, details=Details("Väärä yhdistys", party=guest))
    assert OutboundMail.objects.filter(kind="remove_party", address="hallitus@example.org").count() == 1


def test_an_act_that_tells_nobody_writes_no_mail(county: Organization, host_editor: Actor) -> None:
    with on(date(2026, 11, 20)):
        perform(talk_with(county, make_municipality(county=county)), Act.HOLD, by=host_editor)
    assert RULES[Act.HOLD].told == Told.NOBODY
    assert not OutboundMail.objects.exists()


# -- In which words ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("language", "word"), [("fi", "Kutsu"), ("sv", "Inbjudan"), ("en", "Invitation")])
def test_a_mail_is_in_its_readers_language_with_links_of_the_setting(
    county: Organization, host_editor: Actor, settings: Any, language: str, word: str
) -> None:
    """Whatever language and host the act was done in."""
    settings.SITE_URL = "https://hyte.example"
    guest = make_municipality(county=county)
    make_membership(make_person(language=language), guest, Duty.EDITOR)
    with on(date(2026, 11, 20)):
        perform(talk_with(county, guest, State.DRAFT), Act.INVITE, by=host_editor)
        outbox.send_due()
    [message] = mail.outbox
    assert word.lower() in message.subject.lower()
    assert f"https://hyte.example/{language}/neuvottelut/" in message.body
    assert "localhost" not in message.body


def test_the_forged_host_of_a_request_reaches_no_mail(county: Organization, settings: Any) -> None:
    from django.test import Client
    from django.urls import reverse

    from tests.factories import act_as

    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://hyte.example", ["*"]
    host = make_actor(county, Duty.EDITOR)
    guest = make_municipality(county=county)
    make_actor(guest, Duty.EDITOR)
    talk = talk_with(county, guest, State.INVITED)
    with on(date(2026, 11, 20)):
        client = act_as(Client(headers={"host": "evil.example", "x-forwarded-host": "evil.example"}), host.person)  # type: ignore[arg-type]
        url = reverse("negotiations:act", args=[talk.public_id, "open_preparation"])
        assert client.post(url, {"x": "1"}).status_code == 302
        outbox.send_due()
    assert len(mail.outbox) == 1
    whole = str(mail.outbox[0].message())
    assert "evil.example" not in whole
    assert "hyte.example" in whole


# -- Checked again -------------------------------------------------------------------------------------------------------
def _skipped(kind: str) -> str:
    return OutboundMail.objects.get(kind=kind).reason


def test_a_mail_that_is_no_longer_true_is_not_sent(county: Organization, host_editor: Actor) -> None:
    guest = make_municipality(county=county)
    make_actor(guest, Duty.EDITOR)
    talk = talk_with(county, guest, State.DRAFT)
    with on(date(2026, 11, 20), hour=22):
        perform(talk, Act.INVITE, by=host_editor)
        perform(talk, Act.POSTPONE, by=host_editor, details=Details("Esteitä"))
    with on(date(2026, 11, 21)):
        assert outbox.send_due() == 1
    assert [message.subject for message in mail.outbox if "iirre" in message.subject.lower()]
    assert _skipped("invite") == "the negotiation is postponed now"


def test_a_deleted_talk_sends_nothing(county: Organization) -> None:
    guest = make_municipality(county=county)
    make_actor(guest, Duty.EDITOR)
    talk = talk_with(county, guest, preparation_until=date(2026, 11, 23))
    with on(date(2026, 11, 20)):
        notifications.write_reminders()
        Negotiation.objects.filter(pk=talk.pk).update(deleted_at=NOON)
        assert outbox.send_due() == 0
    assert _skipped("remind_preparation") == "the negotiation is gone"


def test_a_party_that_is_ready_meanwhile_is_not_reminded(county: Organization) -> None:
    guest = make_municipality(county=county)
    make_actor(guest, Duty.EDITOR)
    talk = talk_with(county, guest, preparation_until=date(2026, 11, 23))
    with on(date(2026, 11, 20)):
        notifications.write_reminders()
        talk.participations.update(preparation=Preparation.READY)
        assert outbox.send_due() == 0
    assert _skipped("remind_preparation") == "it is done already"


# -- Reminders -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def reminded(county: Organization) -> User:
    """A guest's editor whose preparation is due on 30 October 2026, five days after the clocks change."""
    guest = make_municipality(county=county)
    actor = make_actor(guest, Duty.EDITOR)
    talk_with(county, guest, State.INVITED, preparation_until=date(2026, 10, 30))
    assert actor.person
    return actor.person


def days(first: date, number: int) -> list[date]:
    return [first + timedelta(days=place) for place in range(number)]


def test_the_preparation_is_reminded_of_14_and_3_days_before_and_on_the_day(reminded: User) -> None:
    sent = [day for day in days(date(2026, 10, 1), 45) if sweep(day)]
    assert sent == [date(2026, 10, 16), date(2026, 10, 27), date(2026, 10, 30)]


@pytest.mark.parametrize("due", [date(2026, 10, 28), date(2027, 3, 31)])
def test_the_switch_of_the_clock_neither_doubles_nor_skips_a_reminder(county: Organization, due: date) -> None:
    """Hour by hour over the switch on a Sunday three days before the deadline."""
    guest = make_municipality(county=county)
    make_actor(guest, Duty.EDITOR)
    talk_with(county, guest, preparation_until=due)
    moment = datetime(due.year, due.month, due.day, tzinfo=UTC) - timedelta(days=5)
    for hour in range(6 * 24):
        with time_machine.travel(moment + timedelta(hours=hour), tick=False):
            notifications.write_reminders()
            outbox.send_due()
    days_sent = [
        row.sent_at.astimezone(HELSINKI).date() for row in OutboundMail.objects.order_by("sent_at") if row.sent_at
    ]
    # The 14-day one is caught up on the first day of the walk.
    assert days_sent == [due - timedelta(days=5), due - timedelta(days=3), due]


def test_a_missed_day_is_caught_up_once(reminded: User) -> None:
    assert sweep(date(2026, 10, 18)) == 1  # the clock stood still on the 16th and 17th
    assert sweep(date(2026, 10, 19)) == 0
    assert sweep(date(2026, 10, 28)) == 1


def test_two_missed_reminders_are_caught_up_as_one(reminded: User) -> None:
    assert sweep(date(2026, 10, 29)) == 1


def test_after_the_deadline_nothing_is_caught_up(reminded: User) -> None:
    assert sweep(date(2026, 10, 31)) == 0
    with on(date(2026, 10, 30)):
        notifications.write_reminders()
    with on(date(2026, 11, 2)):
        assert outbox.send_due() == 0
    assert _skipped("remind_preparation") == "too late to be useful"


def test_who_turned_reminders_off_gets_none_and_what_is_statutory_still(
    county: Organization, host_editor: Actor, reminded: User
) -> None:
    User.objects.filter(pk=reminded.pk).update(muted_mails=["remind_preparation"])
    assert sweep(date(2026, 10, 16)) == 0
    with on(date(2026, 10, 16)):
        perform(Negotiation.objects.get(), Act.OPEN_PREPARATION, by=host_editor)
        assert outbox.send_due() == 1


def test_who_turned_reminders_off_after_they_were_written_gets_none(reminded: User) -> None:
    with on(date(2026, 10, 16), hour=1):
        assert notifications.write_reminders() == 1
    User.objects.filter(pk=reminded.pk).update(muted_mails=["remind_preparation"])
    with on(date(2026, 10, 16)):
        assert outbox.send_due() == 0


def test_who_left_the_organisation_after_they_were_written_gets_none(reminded: User) -> None:
    """A reminder names the negotiation: who no longer sees it does not read of it by mail."""
    with on(date(2026, 10, 16), hour=1):
        notifications.write_reminders()
        Membership.objects.filter(person=reminded).update(until=today() - timedelta(days=1))
    with on(date(2026, 10, 16)):
        assert outbox.send_due() == 0


def test_an_own_deadline_of_the_talk_goes_before_the_rounds(reminded: User) -> None:
    Negotiation.objects.update(preparation_until=date(2026, 11, 6))
    assert [day for day in days(date(2026, 10, 16), 8) if sweep(day)] == [date(2026, 10, 23)]


def test_comments_are_reminded_of_three_days_before_and_on_the_day(county: Organization) -> None:
    guest = make_municipality(county=county)
    make_actor(guest, Duty.EDITOR)
    talk = talk_with(county, guest, State.COMMENTING)
    Negotiation.objects.filter(pk=talk.pk).update(comments_until=date(2026, 11, 27))
    sent = [day for day in days(date(2026, 11, 10), 25) if sweep(day)]
    assert sent == [date(2026, 11, 24), date(2026, 11, 27)]


def test_owners_are_asked_on_the_follow_up_day_unless_they_reported(county: Organization) -> None:
    owner = make_municipality(county=county)
    make_actor(owner, Duty.EDITOR)
    talk = talk_with(county, make_municipality(county=county), State.FOLLOWING, follow_up_1=date(2027, 5, 17))
    measure = make_measure(talk, owner=owner)
    assert [day for day in days(date(2027, 5, 10), 30) if sweep(day)] == [date(2027, 5, 17)]
    assert "/toimenpiteet/?mine=1" in mail.outbox[0].body
    OutboundMail.objects.all().delete()
    Measure.objects.filter(pk=measure.pk).update(reported_on=date(2027, 5, 3))
    assert sweep(date(2027, 5, 17)) == 0
