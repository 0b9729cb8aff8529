import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from hyte_portal.models import OutboundMail
from organizations.models import User
from tests.factories import PASSWORD, act_as, make_person

pytestmark = pytest.mark.django_db
Run = Callable[..., Any]
LOGIN, CODE, CONFIRM, RESET = (
    "/fi/tili/kirjaudu/",
    "/fi/tili/kirjaudu/koodi/",
    "/fi/tili/kirjaudu/koodi/vahvista/",
    "/fi/tili/salasana/unohtui/",
)


@pytest.fixture
def post(client: Client, django_capture_on_commit_callbacks: Run) -> Run:
    """Return a function that sends a form and lets account mails leave, as after a real commit."""

    def sent(path: str, **data: Any) -> Any:
        extra = data.pop("extra", {})
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(path, data, **extra)

    return sent


def code_in(letter: Any) -> str:
    first_line = str(letter.body).partition("\n")[0]
    return first_line.rpartition(": ")[2]


def link_in(letter: Any) -> str:
    found = re.search(r"https?://\S+", letter.body)
    assert found, letter.body
    return found.group()


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_one_page_offers_password_and_code_and_says_that_accounts_are_by_invitation(client: Client) -> None:
    page = client.get(LOGIN)
    text = page.content.decode()
    assert 'name="password"' in text
    assert f'action="{CODE}"' in text
    assert 'autocomplete="current-password"' in text
    assert {"private", "no-store"} <= set(page["Cache-Control"].split(", "))


def test_a_person_signs_in_with_her_password(client: Client, post: Run) -> None:
    person = make_person()
    response = post(LOGIN, login=person.email.upper(), password=PASSWORD)
    assert response.status_code == 302
    assert is_signed_in(client)


def test_a_person_signs_in_with_a_mailed_code(client: Client, post: Run) -> None:
    person = make_person()
    assert post(CODE, email=person.email)["Location"] == CONFIRM
    assert [letter.to for letter in mail.outbox] == [[person.email]]
    assert client.get(CONFIRM).status_code == 200
    post(CONFIRM, code=code_in(mail.outbox[0]))
    assert is_signed_in(client)


def test_a_code_is_dead_after_fifteen_minutes(client: Client, post: Run, time_machine: Any) -> None:
    person = make_person()
    time_machine.move_to("2026-11-25T10:00:00+00:00", tick=False)
    post(CODE, email=person.email)
    time_machine.move_to("2026-11-25T10:15:01+00:00", tick=False)
    post(CONFIRM, code=code_in(mail.outbox[0]))
    assert not is_signed_in(client)


def test_a_code_works_once(client: Client, post: Run) -> None:
    person = make_person()
    post(CODE, email=person.email)
    code = code_in(mail.outbox[0])
    post(CONFIRM, code=code)
    client.logout()
    post(CONFIRM, code=code)
    assert not is_signed_in(client)


def test_known_and_unknown_addresses_get_the_same_answers(client: Client, post: Run) -> None:
    person = make_person("known@example.org")
    answers = []
    for email in (person.email, "other@example.org"):
        client.cookies.clear()
        asked = post(CODE, email=email)
        page = client.get(CONFIRM).content.decode().replace(email, "")
        client.cookies.clear()
        reset = post(RESET, email=email)
        page = re.sub(r'value="[A-Za-z0-9-]{30,}"', "", page)
        answers.append((asked.status_code, asked["Location"], page, reset.status_code, reset["Location"]))
    assert answers[0] == answers[1]
    assert len(mail.outbox) == 4, "the unknown address is told by mail, and only there"


def test_a_wrong_password_says_the_same_for_known_and_unknown(client: Client, post: Run) -> None:
    person = make_person("known@example.org")
    answers = {
        re.sub(r'value="[^"]*"', "", post(LOGIN, login=email, password="wrong-password").content.decode())
        for email in (person.email, "other@example.org")
    }
    assert len(answers) == 1


def test_there_is_no_sign_up(client: Client, post: Run) -> None:
    page = "/fi/tili/kirjaudu/kutsulla/"
    assert client.get(page).status_code == 200
    refused = post(page, email="new@example.org", password1=PASSWORD, password2=PASSWORD)
    assert refused.status_code == 405
    assert client.get("/fi/tili/signup/").status_code == 404
    assert not User.objects.exists()


def test_a_forgotten_password_is_set_by_a_link(client: Client, post: Run) -> None:
    person = make_person()
    post(RESET, email=person.email)
    path = link_in(mail.outbox[0]).removeprefix("http://localhost:8000")
    form = client.get(path, follow=True)
    assert form.status_code == 200
    post(form.request["PATH_INFO"], password1="uusi-pitka-salasana", password2="uusi-pitka-salasana")
    person.refresh_from_db()
    assert person.check_password("uusi-pitka-salasana")
    assert 'name="password1"' not in client.get(path, follow=True).content.decode(), "the link works once"


def test_a_short_password_is_refused(client: Client, post: Run) -> None:
    person = make_person()
    act_as(client, person)
    post("/fi/tili/salasana/", oldpassword=PASSWORD, password1="lyhyt-11xxx", password2="lyhyt-11xxx")
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
def test_a_forged_host_changes_no_link(post: Run, header: str) -> None:
    person = make_person()
    host = "127.0.0.1" if header == "HTTP_HOST" else "evil.example"
    post(RESET, email=person.email, extra={header: host})
    assert link_in(mail.outbox[0]).startswith("http://localhost:8000/fi/tili/salasana/unohtui/")


def test_an_unknown_host_is_refused(post: Run) -> None:
    person = make_person()
    assert post(RESET, email=person.email, extra={"HTTP_HOST": "evil.example"}).status_code == 400
    assert not mail.outbox


def test_account_mails_are_in_the_reader_s_language_with_links_in_it(post: Run) -> None:
    person = make_person(language="sv")
    post(RESET, email=person.email)
    letter = mail.outbox[0]
    assert link_in(letter).startswith("http://localhost:8000/sv/tili/")
    assert isinstance(letter, EmailMultiAlternatives)
    assert '<html lang="sv">' in str(letter.alternatives[0][0])
    assert OutboundMail.objects.get().language == "sv"


def test_an_account_mail_goes_by_the_outbox_and_leaves_no_secret_behind(post: Run) -> None:
    person = make_person()
    post(CODE, email=person.email)
    code = code_in(mail.outbox[0])
    row = OutboundMail.objects.get()
    assert code not in str(OutboundMail.objects.values().get())
    assert (row.state, row.urgent, row.recipient) == ("sent", True, person)
    assert (row.text, row.html) == ("", "")


def test_an_address_is_changed_by_a_link_to_the_new_one(client: Client, post: Run) -> None:
    person = make_person("old@example.org")
    act_as(client, person)
    post("/fi/tili/vahvista/", password=PASSWORD)
    post("/fi/tili/sahkoposti/", email="new@example.org", action_add="1")
    assert [letter.to for letter in mail.outbox][-1] == ["new@example.org"]
    person.refresh_from_db()
    assert person.email == "old@example.org"
    post(link_in(mail.outbox[-1]).removeprefix("http://localhost:8000"))
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert EmailAddress.objects.get(user=person).verified


def test_the_address_of_a_notice_about_a_change_says_where_it_came_from(client: Client, post: Run) -> None:
    act_as(client, make_person())
    new = "aivan-toinen-salasana"
    post("/fi/tili/salasana/", oldpassword=PASSWORD, password1=new, password2=new)
    assert "127.0.0.1" in mail.outbox[0].body
    assert mail.outbox[0].subject.strip()


@pytest.mark.parametrize(
    "path",
    [
        "kirjaudu/koodi/", "kirjaudu/kutsulla/", "kirjaudu/posti-ei-tullut/", "kirjaudu/ei-kaytossa/",
        "salasana/unohtui/", "salasana/unohtui/lahetetty/", "salasana/unohtui/valmis/", "sahkoposti/vahvista/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_page_before_signing_in_opens(client: Client, path: str, language: str) -> None:
    assert client.get(f"/{language}/tili/{path}").status_code == 200


@pytest.mark.parametrize("path", ["sahkoposti/", "salasana/", "istunnot/", "kaksivaiheinen/", "ulos/", "vahvista/"])
def test_every_page_of_one_s_own_account_opens_after_signing_in(client: Client, path: str) -> None:
    assert client.get(f"/fi/tili/{path}").status_code == 302
    act_as(client, make_person())
    response = client.get(f"/fi/tili/{path}")
    assert response.status_code == 200
    assert "style=" not in response.content.decode()


def test_two_step_sign_in_can_be_taken_into_use(client: Client, post: Run) -> None:
    act_as(client, make_person())
    post("/fi/tili/vahvista/", password=PASSWORD)
    page = client.get("/fi/tili/kaksivaiheinen/sovellus/")
    assert page.status_code == 200
    assert b"data:image/svg" in page.content


def test_a_next_address_of_another_site_is_not_followed(client: Client, post: Run) -> None:
    person = make_person()
    response = post(f"{LOGIN}?next=//evil.example/", login=person.email, password=PASSWORD)
    assert "evil" not in response["Location"]


def test_an_inactive_person_does_not_get_in(client: Client, post: Run) -> None:
    person = make_person()
    person.is_active = False
    person.save()
    post(LOGIN, login=person.email, password=PASSWORD)
    assert not is_signed_in(client)
