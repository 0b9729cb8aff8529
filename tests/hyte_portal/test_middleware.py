"""What every request passes: language by address, NUL, no shared caching, history's context."""

import json
import logging
from typing import Any

import pytest
from django.test import Client

from organizations.actors import Actor
from tests.factories import act_as, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/fi/alueet/%00/", "/fi/alueet/?year=%00", "/%00", "/fi/neuvottelut/a%00b/"])
def test_an_address_with_nul_is_refused_by_a_page(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/fi/alueet/%01%1b/", "/fi/alueet/?year=%1b%0d%0a", "/fi/%0d%0aSet-Cookie:x=1/", "/fi/alueet/%ff%fe/"]
)
def test_control_characters_in_an_address_are_no_fault(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in {200, 400, 404}
    assert "x" not in answer.cookies


def test_the_prefix_wins_over_profile_and_cookie(client: Client) -> None:
    act_as(client, make_person(language="sv"))
    client.cookies["django_language"] = "en"
    page = client.get("/fi/oma/")
    assert page["Content-Language"] == "fi"
    assert '<html lang="fi"' in page.content.decode()


@pytest.mark.parametrize(
    ("profile", "cookie", "wish", "expected"),
    [
        ("sv", "en", "fi", "/sv/"),
        (None, "en", "sv", "/en/"),
        (None, None, "sv-FI,sv;q=0.9,fi;q=0.5", "/sv/"),
        (None, None, "de", "/fi/"),
        (None, None, "", "/fi/"),
    ],
)
def test_the_front_door_leads_to_the_readers_language(
    client: Client, settings: Any, profile: str | None, cookie: str | None, wish: str, expected: str
) -> None:
    if profile:
        act_as(client, make_person(language=profile))
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    answer = client.get("/", headers={"accept-language": wish})
    assert answer["Location"] == expected


def test_the_switch_keeps_the_page(client: Client) -> None:
    page = client.get("/fi/alueet/?year=2026").content.decode()
    assert 'href="/sv/alueet/?year=2026"' in page
    assert 'href="/en/alueet/?year=2026"' in page


def test_what_a_signed_in_person_gets_is_stored_nowhere(client: Client, municipal_editor: Actor) -> None:
    assert municipal_editor.person
    act_as(client, municipal_editor.person)
    for address in ("/fi/tyopoyta/", "/fi/alueet/", "/fi/neuvottelut/", "/fi/tietoa/", "/fi/neuvottelut/puuttuu/"):
        stored = client.get(address)["Cache-Control"]
        assert {"private", "no-store"} == set(stored.split(", ")), address


def test_sign_in_pages_are_stored_nowhere(client: Client) -> None:
    assert "no-store" in client.get("/fi/tili/kirjaudu/")["Cache-Control"]


def test_headers_that_guard_a_page(client: Client) -> None:
    answer = client.get("/fi/")
    policy = answer["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_foreign_host_is_refused(client: Client) -> None:
    assert client.get("/fi/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "next_url", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_page_leads_out_of_the_portal(client: Client, municipal_editor: Actor, next_url: str) -> None:
    assert municipal_editor.person
    assert municipal_editor.organization
    act_as(client, municipal_editor.person)
    data = {"membership_organization": municipal_editor.organization.slug, "next": next_url}
    assert client.post("/fi/organisaatiot/edusta/", data)["Location"] == "/fi/tyopoyta/"


def test_a_forged_path_is_one_line_of_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="django.request"):
        client.get("/fi/puuttuu%0aWARNING%20forged/")
    assert all("\n" not in json.dumps(record.getMessage()) for record in caplog.records)
