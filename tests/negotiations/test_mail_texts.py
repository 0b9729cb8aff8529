"""Every mail in words, in three languages: subject, text, one link, and what the reader needs."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from django.conf import settings

from hyte_portal.models import OutboundMail
from negotiations import notifications
from negotiations.lifecycle import Act, State
from negotiations.models import Event, Negotiation
from organizations.actors import Actor
from organizations.models import Organization
from tests.talks import make_round, make_talk

KINDS = notifications.KINDS
WITH_REASON = (Act.RETURN, Act.REMOVE_PARTY, Act.POSTPONE, Act.CANCEL, Act.REOPEN)
REASON = 'Puuttuu "mittari" & <b>aikataulu</b>.'


@pytest.fixture
def talk(county: Organization, municipality: Organization) -> Negotiation:
    of = make_round(county, languages=["fi", "sv"], preparation_until=date(2026, 10, 30), is_example=True)
    return make_talk(
        State.COMMENTING, of=of, guests=[municipality], title_fi="Kuopio & Pohjois-Savo", title_sv="Kuopio och Norra Savolax",
        comments_until=date(2026, 11, 27), handled_by=date(2027, 2, 26),
    )  # fmt: skip


def worded(kind: str, talk: Negotiation, language: str, guest: Organization, **more: Any) -> Any:
    event = Event(act=kind, negotiation=talk, round=talk.round, organization=guest, party=guest, reason=REASON)
    with time_machine.travel(datetime(2026, 10, 16, 9, 0, tzinfo=UTC), tick=False):
        return notifications.word(kind, talk, language, organization=guest, party=guest, event=event, **more)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_mail_says_what_and_where(kind: str, language: str, talk: Negotiation, municipality: Organization) -> None:
    words = worded(kind, talk, language, municipality)
    title = "Kuopio och Norra Savolax" if language == "sv" else "Kuopio & Pohjois-Savo"
    assert title in words.subject
    assert len(words.subject) < 150
    assert len(words.text.split()) > 8
    assert not re.search(r"&(amp|quot|lt|#)|None|\{|%\(", words.subject + words.text)
    links = re.findall(r"https?://\S+", words.text)
    assert links == (
        [] if kind == Act.REMOVE_PARTY else [f"{settings.SITE_URL}/{language}/" + links[0].split("/", 4)[4]]
    )
    assert "\n\n\n\n" not in words.text


@pytest.mark.parametrize("kind", [act.value for act in WITH_REASON])
def test_a_reason_goes_into_the_mail_as_it_was_written(
    kind: str, talk: Negotiation, municipality: Organization
) -> None:
    words = worded(kind, talk, "fi", municipality)
    assert REASON in words.text
    assert "<b>aikataulu" not in words.html


def test_times_and_deadlines_are_told(talk: Negotiation, municipality: Organization) -> None:
    assert "10.11.2026" in worded("invite", talk, "en", municipality).text
    assert "30.10.2026" in worded("open_preparation", talk, "en", municipality).text
    assert "27.11.2026" in worded("ask_comments", talk, "en", municipality).subject
    assert worded("remind_preparation", talk, "en", municipality).subject.startswith("14 days left")
    talk.starts_at = None
    assert "to be agreed" in worded("invite", talk, "en", municipality).text


def test_example_content_says_so(talk: Negotiation, municipality: Organization) -> None:
    assert "example content" in worded("invite", talk, "en", municipality).text
    talk.round.is_example = False
    assert "example content" not in worded("invite", talk, "en", municipality).text


def test_only_reminders_can_be_turned_off(
    talk: Negotiation, municipality: Organization, municipal_editor: Actor
) -> None:
    mail = OutboundMail(recipient=municipal_editor.person, kind="remind_preparation", statutory=False)
    words = worded("remind_preparation", talk, "fi", municipality, mail=mail)
    [link] = re.findall(r"\S+/muistutukset/\S+", words.text)
    assert words.headers == {"List-Unsubscribe": f"<{link}>"}
    mail.statutory = True
    assert "/muistutukset/" not in worded("invite", talk, "fi", municipality, mail=mail).text


def test_a_contact_without_an_account_is_told_why_it_gets_the_mail(
    talk: Negotiation, municipality: Organization
) -> None:
    words = worded("invite", talk, "en", municipality, mail=OutboundMail(kind="invite"))
    assert "your organisation's contact" in words.text


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_html_part_is_plain_and_accessible(kind: str, talk: Negotiation, municipality: Organization) -> None:
    words = worded(kind, talk, "sv", municipality)
    tags = _Page(words.html).tags
    names = [name for name, _attributes in tags]
    assert ("html", {"lang": "sv"}) in tags
    assert names.count("title") == names.count("main") == 1
    assert not {"img", "script", "b"} & set(names)
    addresses = [attributes["href"] for name, attributes in tags if name == "a"]
    assert addresses == re.findall(r"https?://\S+", words.text)
