"""Mail rows: one for each occasion, sent once, at the right hours, in the recipient's language, or with the reason why not."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any, Final

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from hyte_portal import outbox
from hyte_portal.dates import HELSINKI
from hyte_portal.models import OutboundMail
from hyte_portal.outbox import Letter, Skip, Words

pytestmark = pytest.mark.django_db
NOON: Final = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
State = OutboundMail.State


def at(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


@pytest.fixture(autouse=True)
def _words() -> Iterator[None]:
    """Word mails of the kind "test" in their own language."""

    def words(rows: Sequence[OutboundMail]) -> dict[int, Words | Skip]:
        found: dict[int, Words | Skip] = {}
        for row in rows:
            with translation.override(row.language):
                found[row.pk] = Words(str(_("Editor")), f"kieli {translation.get_language()}", "<p>x</p>")
        return found

    outbox.renders("test")(words)
    yield
    outbox._renderers.pop("test", None)


def post(*addresses: str, occasion: str = "o", **fields: Any) -> int:
    return outbox.post(Letter(kind="test", occasion=occasion, address=address, **fields) for address in addresses)


def state_of(address: str = "a@example.org") -> tuple[str, str]:
    return OutboundMail.objects.values_list("state", "reason").get(address=address)


# -- Once --------------------------------------------------------------------------------------------------------------
def test_the_same_mail_twice_is_one_row_and_one_message() -> None:
    with at(NOON):
        assert post("a@example.org", "b@example.org") == 2
        assert post("a@example.org", "c@example.org") == 1
        for _again in range(3):
            outbox.send_due()
    assert sorted(message.to[0] for message in mail.outbox) == ["a@example.org", "b@example.org", "c@example.org"]


def test_each_person_gets_an_envelope_of_her_own_with_a_message_id_that_stays() -> None:
    with at(NOON):
        post("a@example.org", "b@example.org")
        known = set(OutboundMail.objects.values_list("message_id", flat=True))
        outbox.send_due()
    assert all(len(message.recipients()) == 1 for message in mail.outbox)
    assert {message.extra_headers["Message-ID"] for message in mail.outbox} == known
    key = OutboundMail.objects.get(address="a@example.org").dedupe_key
    assert outbox.message_id(key) in known


def test_an_occasion_of_another_day_is_another_mail() -> None:
    for day in (NOON, NOON + timedelta(days=1)):
        with at(day):
            assert post("a@example.org") == 1


def test_a_mail_of_a_change_that_was_taken_back_is_not_sent() -> None:
    def change() -> None:
        with transaction.atomic():
            post("a@example.org")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert not OutboundMail.objects.exists()


def test_a_claim_of_a_worker_that_died_is_taken_again_with_the_same_message_id() -> None:
    with at(NOON):
        post("a@example.org")
        [row] = outbox._claim(None)
        assert outbox.send_due() == 0
    with at(NOON + outbox.STALE_CLAIM + timedelta(seconds=1)):
        assert outbox.send_due() == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == row.message_id


# -- When --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        (datetime(2026, 11, 20, 4, 59, tzinfo=UTC), False),  # 6.59 in Helsinki
        (datetime(2026, 11, 20, 5, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 20, 16, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 20, 17, 0, tzinfo=UTC), False),  # 19.00
        (datetime(2026, 7, 20, 4, 0, tzinfo=UTC), True),  # 7.00 in summer time
        (datetime(2026, 7, 20, 16, 0, tzinfo=UTC), False),
    ],
)
def test_people_get_mail_between_7_and_19(moment: datetime, *, leaves: bool) -> None:
    with at(moment):
        post("a@example.org")
        assert outbox.send_due() == int(leaves)


def test_an_account_mail_leaves_at_once_at_night_and_its_body_is_wiped(django_capture_on_commit_callbacks: Any) -> None:
    with at(datetime(2026, 11, 20, 1, 0, tzinfo=UTC)), django_capture_on_commit_callbacks(execute=True):
        words = Words("Koodi", "koodisi on 123456")
        outbox.post_account_mail("a@example.org", words, key="k", language="fi", recipient_id=None)
    assert "123456" in mail.outbox[0].body
    row = OutboundMail.objects.get()
    assert (row.state, row.text, row.html) == (State.SENT, "", "")


def test_account_mails_go_before_all_others() -> None:
    with at(NOON):
        post(*[f"{number}@example.org" for number in range(3)])
        outbox.post_account_mail("z@example.org", Words("Koodi", "1"), key="k", language="fi", recipient_id=None)
        outbox.send_due()
    assert mail.outbox[0].to == ["z@example.org"]


def test_what_is_not_due_waits() -> None:
    with at(NOON):
        post("a@example.org", due_at=NOON + timedelta(days=1))
        assert outbox.send_due() == 0
    with at(NOON + timedelta(days=1)):
        assert outbox.send_due() == 1


def test_what_comes_too_late_is_not_sent() -> None:
    with at(NOON):
        post("a@example.org", useless_after=NOON + timedelta(days=1))
    with at(NOON + timedelta(days=2)):
        assert outbox.send_due() == 0
    assert state_of() == (State.SKIPPED, "too late to be useful")


@pytest.mark.parametrize("first", [date(2026, 10, 23), date(2027, 3, 26)])
def test_a_switch_of_the_clock_neither_doubles_nor_skips_a_day(first: date) -> None:
    """Hour by hour over a switch: one mail for each of the five Helsinki days."""
    moment = datetime(first.year, first.month, first.day, 0, 30, tzinfo=UTC)
    for hour in range(5 * 24 - 3):
        with at(moment + timedelta(hours=hour)):
            post("a@example.org")
            outbox.send_due()
    days = [row.due_at.astimezone(HELSINKI).date() for row in OutboundMail.objects.order_by("due_at")]
    assert days == [first + timedelta(days=number) for number in range(5)]
    assert len(mail.outbox) == 5


# -- In which words ----------------------------------------------------------------------------------------------------
def test_each_recipient_reads_her_own_language_whatever_the_worker_speaks() -> None:
    with at(NOON), translation.override("en"):
        for language in ("fi", "sv", "en"):
            post(f"{language}@example.org", language=language)
        outbox.send_due()
    bodies = {message.to[0]: message.body for message in mail.outbox}
    assert bodies == {f"{language}@example.org": f"kieli {language}" for language in ("fi", "sv", "en")}


def test_a_subject_never_carries_a_line_break() -> None:
    outbox.renders("test")(lambda rows: {row.pk: Words("Otsikko\nBcc: kaikki@example.org", "x") for row in rows})
    with at(NOON):
        post("a@example.org")
        outbox.send_due()
    assert mail.outbox[0].subject == "Otsikko Bcc: kaikki@example.org"
    assert mail.outbox[0].bcc == []


def test_a_renderer_that_says_skip_is_obeyed_with_its_reason() -> None:
    outbox.renders("test")(lambda rows: {row.pk: Skip("it is done already") for row in rows})
    with at(NOON):
        post("a@example.org")
        assert outbox.send_due() == 0
    assert state_of() == (State.SKIPPED, "it is done already")


# -- Refused -----------------------------------------------------------------------------------------------------------
class RefusingServer(EmailBackend):
    """A server that answers as `answers` says for an address."""

    answers: dict[str, Exception] = {}

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            if message.to[0] in self.answers:
                raise self.answers[message.to[0]]
        return int(super().send_messages(messages))


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[RefusingServer]:
    settings.EMAIL_BACKEND = f"{__name__}.RefusingServer"
    monkeypatch.setattr(RefusingServer, "answers", {})
    return RefusingServer


def test_a_refusal_for_good_is_shown_and_the_rest_of_the_batch_goes_on(server: type[RefusingServer]) -> None:
    server.answers["b@example.org"] = SMTPRecipientsRefused({"b@example.org": (550, b"5.1.1 no such user")})
    with at(NOON):
        post("a@example.org", "b@example.org", "c@example.org")
        assert outbox.send_due() == 2
    assert state_of("b@example.org") == (State.REFUSED, "550 5.1.1 no such user")
    with at(NOON + timedelta(days=1)):
        assert outbox.send_due() == 0


@pytest.mark.parametrize(
    "error", [SMTPDataError(451, b"try later"), SMTPServerDisconnected("gone"), ConnectionRefusedError("no server")]
)
def test_a_passing_refusal_is_tried_again_later_and_later(server: type[RefusingServer], error: Exception) -> None:
    server.answers["a@example.org"] = error
    moment = NOON
    with at(moment):
        post("a@example.org")
    waits = []
    for _try in range(len(outbox.BACK_OFF)):
        with at(moment):
            assert outbox.send_due() == 0
        row = OutboundMail.objects.get()
        assert row.state == State.WAITING
        waits.append(row.due_at - moment)
        moment = row.due_at if row.due_at.hour < 16 else row.due_at + timedelta(hours=14)  # the night passes
    assert waits == list(outbox.BACK_OFF)
    server.answers.clear()
    with at(moment):
        assert outbox.send_due() == 1


def test_trying_ends_after_the_last_wait(server: type[RefusingServer]) -> None:
    server.answers["a@example.org"] = SMTPDataError(451, b"try later")
    with at(NOON):
        post("a@example.org")
        for _try in range(len(outbox.BACK_OFF) + 1):
            OutboundMail.objects.update(due_at=NOON)
            outbox.send_due()
    assert state_of() == (State.REFUSED, "451 try later")


def test_outside_production_only_listed_addresses_get_mail_over_smtp(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.PRODUCTION, settings.MAIL_ALLOWLIST = False, ["@kunta.example"]
    with at(NOON):
        post("a@example.org")
        assert outbox.send_due() == 0
    state, reason = state_of()
    assert (state, "MAIL_ALLOWLIST" in reason) == (State.SKIPPED, True)
    assert outbox._may_mail("Aino@Kunta.example")
    settings.PRODUCTION = True
    assert outbox._may_mail("a@example.org")
