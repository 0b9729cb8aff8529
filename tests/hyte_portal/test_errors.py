"""Pages of refusal: each says what happened and gives back what was typed."""

from typing import Any

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest
from django.test import Client
from django.urls import path

from hyte_portal.http import GoneError
from hyte_portal.urls import handler400, handler403, handler404, handler500  # noqa: F401 - the handlers under test
from hyte_portal.urls import urlpatterns as portal_urls
from organizations.actors import Actor
from tests.factories import act_as

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
TEXT = "Pitkä teksti, jota ei saa hukata, koska sitä kirjoitettiin kauan."
REFUSALS: dict[str, tuple[Exception, int]] = {
    "bad": (BadRequest("Lomake oli jo lähetetty."), 400),
    "denied": (PermissionDenied("Ei kuulu tehtävääsi."), 403),
    "missing": (Http404("sisäinen syy"), 404),
    "gone": (GoneError("Tämä on poistettu."), 410),
    "fault": (ValueError("sisäinen syy"), 500),
    "away": (OperationalError("sisäinen syy"), 503),
}


def refuse(_request: HttpRequest, name: str) -> Any:
    raise REFUSALS[name][0]


urlpatterns = [path("refuse/<slug:name>/", refuse), *portal_urls]


@pytest.fixture
def browser(municipal_editor: Actor) -> Client:
    assert municipal_editor.person
    return act_as(Client(raise_request_exception=False), municipal_editor.person)


@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_is_a_whole_page_with_one_heading(browser: Client, name: str) -> None:
    answer = browser.get(f"/refuse/{name}/")
    page = answer.content.decode()
    assert answer.status_code == REFUSALS[name][1]
    assert page.count("<h1") == 1
    assert "<title>" in page
    assert "sisäinen syy" not in page


@pytest.mark.parametrize("name", ["bad", "denied", "gone"])
def test_a_refusal_with_a_sentence_tells_it(browser: Client, name: str) -> None:
    assert str(REFUSALS[name][0]) in browser.get(f"/refuse/{name}/").content.decode()


@pytest.mark.parametrize("name", ["bad", "denied", "missing", "gone"])
def test_what_was_typed_comes_back(browser: Client, name: str) -> None:
    page = browser.post(f"/refuse/{name}/", {"note": TEXT, "version": "1"}).content.decode()
    assert TEXT in page


def test_a_page_that_was_open_too_long_gives_the_text_back(municipal_editor: Actor) -> None:
    assert municipal_editor.person
    strict = act_as(Client(enforce_csrf_checks=True), municipal_editor.person)
    answer = strict.post("/fi/oma/", {"name": TEXT})
    assert answer.status_code == 403
    assert TEXT in answer.content.decode()


def test_a_fault_names_a_reference_that_the_log_has(browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    page = browser.get("/refuse/fault/").content.decode()
    [reference] = [record.args[0] for record in caplog.records if record.name == "hyte_portal.views" and record.args]  # type: ignore[index]
    assert str(reference) in page


def test_a_database_that_is_away_says_when_to_come_again(browser: Client) -> None:
    assert browser.get("/refuse/away/")["Retry-After"] == "30"
