"""An act's page: what it does, what it asks, what is missing, and the press that does it once."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from negotiations.act_words import WORDS
from negotiations.lifecycle import Act, State
from negotiations.models import Event, Negotiation, Participation
from negotiations.vocabulary import Preparation
from organizations.actors import Actor
from organizations.models import Duty, Organization
from tests.factories import act_as, make_actor
from tests.talks import make_goal, make_round, make_talk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(datetime(2026, 11, 20, 8, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def browser(county: Organization) -> Client:
    host = make_actor(county, Duty.EDITOR, Duty.CONFIRMER)
    assert host.person
    return act_as(Client(), host.person, county)


def talk_of(county: Organization, state: str, **fields: Any) -> Negotiation:
    return make_talk(state, of=make_round(county), **fields)


def url(talk: Negotiation, act: str) -> str:
    return "/en/" + reverse("negotiations:act", args=[talk.public_id, act]).split("/", 2)[2]


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (Act.OPEN_PREPARATION, State.INVITED), (Act.POSTPONE, State.PREPARING), (Act.CANCEL, State.PREPARING),
        (Act.RESCHEDULE, State.PREPARING), (Act.HOLD, State.PREPARING), (Act.DRAFT_MEMO, State.HELD),
        (Act.ASK_COMMENTS, State.MEMO_DRAFT), (Act.BACK_TO_DRAFT, State.COMMENTING), (Act.REOPEN, State.CONFIRMED),
        (Act.CLOSE, State.FOLLOWING), (Act.DELETE_TALK, State.DRAFT),
    ],
)  # fmt: skip
def test_the_page_says_what_the_act_does_before_it_is_done(
    browser: Client, county: Organization, act: Act, state: State
) -> None:
    talk = talk_of(county, state)
    page = browser.get(url(talk, act)).content.decode()
    with_words = WORDS[act]
    assert str(with_words.consequence).split(".")[0].replace("'", "&#x27;") in page
    assert not Event.objects.exists()


@pytest.mark.parametrize("act", ["nonsense", "invite", "edit", "see_record", "report", "follow", "add_party"])
def test_what_is_no_act_of_this_page_is_not_found(browser: Client, county: Organization, act: str) -> None:
    assert browser.get(url(talk_of(county, State.PREPARING), act)).status_code == 404


@pytest.mark.parametrize("act", ["postpone", "cancel"])
def test_a_reason_is_asked_for(browser: Client, county: Organization, act: str) -> None:
    talk = talk_of(county, State.PREPARING)
    answer = browser.post(url(talk, act), {"reason": "   "})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert browser.post(url(talk, act), {"reason": "Sairastapaus"}).status_code == 302
    assert Event.objects.get().reason == "Sairastapaus"


def test_a_new_time_is_asked_for_and_carried(browser: Client, county: Organization) -> None:
    talk = talk_of(county, State.PREPARING)
    assert browser.post(url(talk, "reschedule"), {"day": "2026-12-01"}).status_code == 422
    data = {"day": "2026-12-01", "begins": "09:00", "ends": "11:30"}
    assert browser.post(url(talk, "reschedule"), data).status_code == 302
    talk.refresh_from_db()
    assert (talk.starts_at, talk.ends_at) == (
        datetime(2026, 12, 1, 7, tzinfo=UTC),
        datetime(2026, 12, 1, 9, 30, tzinfo=UTC),
    )


def test_a_return_offers_only_parties_that_are_ready(
    browser: Client, county: Organization, municipality: Organization, association: Organization
) -> None:
    talk = talk_of(county, State.PREPARING, guests=[municipality, association])
    Participation.objects.filter(organization=association).update(preparation=Preparation.READY)
    page = browser.get(url(talk, "return")).content.decode()
    assert f'value="{association.slug}"' in page
    assert f'<option value="{municipality.slug}"' not in page
    assert browser.post(url(talk, "return"), {"party": municipality.slug, "reason": "x"}).status_code == 422
    assert browser.post(url(talk, "return"), {"party": association.slug, "reason": "Mittari"}).status_code == 302


def test_what_is_missing_is_listed_before_and_after_the_press(browser: Client, county: Organization) -> None:
    talk = talk_of(county, State.COMMENTING)
    for answer, status in (
        (browser.get(url(talk, "confirm")), 200),
        (browser.post(url(talk, "confirm"), {"x": "1"}), 422),
    ):
        assert answer.status_code == status
        assert "Nothing under &quot;Measures&quot;." in answer.content.decode()


def test_a_day_for_comments_that_has_passed_is_told(browser: Client, county: Organization) -> None:
    talk = talk_of(county, State.MEMO_DRAFT)
    assert browser.post(url(talk, "ask_comments"), {"until": "2026-11-19"}).status_code == 422
    assert browser.post(url(talk, "ask_comments"), {"until": "2026-11-20"}).status_code == 302
    talk.refresh_from_db()
    assert talk.comments_until == date(2026, 11, 20)


def test_a_guest_marks_ready_with_proposals_or_says_that_it_has_none(
    county: Organization, municipal_editor: Actor
) -> None:
    assert municipal_editor.person
    assert municipal_editor.organization
    talk = talk_of(county, State.PREPARING, guests=[municipal_editor.organization])
    client = act_as(Client(), municipal_editor.person, municipal_editor.organization)
    answer = client.post(url(talk, "mark_ready"), {"x": "1"})
    assert answer.status_code == 422
    assert "We have no proposals" in answer.content.decode()
    goal = make_goal(talk, proposer=municipal_editor.organization, shared_at=None)
    assert client.post(url(talk, "mark_ready"), {"x": "1"}).status_code == 302
    goal.refresh_from_db()
    assert goal.shared_at is not None


def test_the_secretary_is_asked_why_she_confirms_alone(county: Organization) -> None:
    host = make_actor(county, Duty.EDITOR, Duty.CONFIRMER)
    assert host.person
    client = act_as(Client(), host.person, county)
    mine, others = (
        talk_of(county, State.COMMENTING, secretary=host.person),
        make_talk(State.COMMENTING, of=make_round(county, year=2025)),
    )
    assert 'name="reason"' in client.get(url(mine, "confirm")).content.decode()
    assert 'name="reason"' not in client.get(url(others, "confirm")).content.decode()


def test_a_deleted_plan_can_be_brought_back_from_the_rounds_page(browser: Client, county: Organization) -> None:
    talk = talk_of(county, State.DRAFT)
    page = browser.post(url(talk, "delete_talk"), {"x": "1"}, follow=True)
    assert page.status_code in {200, 410}
    round_page = browser.get(talk.round.get_absolute_url()).content.decode()
    restore = reverse("negotiations:talk_restore", args=[talk.public_id])
    assert restore in round_page
    assert browser.post(restore).status_code == 302
    talk.refresh_from_db()
    assert talk.deleted_at is None


def test_doing_an_act_leads_back_to_the_talk_with_what_was_done(browser: Client, county: Organization) -> None:
    talk = talk_of(county, State.INVITED)
    answer = browser.post(url(talk, "open_preparation"), {"x": "1"})
    assert answer["Location"] == "/en/" + talk.get_absolute_url().split("/", 2)[2]
