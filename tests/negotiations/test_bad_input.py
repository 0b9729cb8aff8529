"""What people get wrong, and what they meet by bad luck: each has its message, and nothing typed is lost."""

import re
import uuid
from datetime import UTC, date, datetime
from html import unescape
from typing import Any, Final

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from negotiations.actions import perform
from negotiations.lifecycle import Act, State
from negotiations.models import AgendaItem, Comment, Goal, Measure, Negotiation, Round
from organizations.actors import Actor
from organizations.models import Duty, Organization
from tests.factories import PASSWORD, act_as, make_actor, make_county, make_municipality
from tests.talks import make_goal, make_measure, make_round, make_talk

pytestmark = pytest.mark.django_db
NOW: Final = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
TEXT: Final = "Kirjoitettu teksti, jota ei saa hukata."


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def host(county: Organization) -> Actor:
    return make_actor(county, Duty.EDITOR, Duty.CONFIRMER)


@pytest.fixture
def browser(host: Actor) -> Client:
    assert host.person
    return act_as(Client(), host.person, host.organization)


def words(answer: Any) -> str:
    """Return what a reader of the page reads, without markup."""
    page = re.sub(r"<(script|style).*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def english(url: str) -> str:
    return "/en/" + url.split("/", 2)[2]


def url(name: str, *args: str) -> str:
    return english(reverse(f"negotiations:{name}", args=args))


def round_form(**fields: Any) -> dict[str, Any]:
    return {
        "year": 2026, "year_of_effect": 2027, "basis": "7", "forms": ["joint"], "languages": ["fi"],
        "record_type": "memo", "comment_days": 14,
    } | fields  # fmt: skip


def talk_form(**fields: Any) -> dict[str, Any]:
    return {"title_fi": TEXT, "record_type": "memo"} | fields


def measure_form(goal: Goal, **fields: Any) -> dict[str, Any]:
    return {"title_fi": TEXT, "goal": goal.pk} | fields


# -- Dates -----------------------------------------------------------------------------------------------------------------
WRONG_DATES: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "preparation": ({"preparation_from": "2026-09-10", "preparation_until": "2026-09-01"}, "Preparation can't end before it begins."),
    "talks": ({"talks_from": "2026-11-10", "talks_until": "2026-11-01"}, "The negotiations can't end before they begin."),
    "no date": ({"talks_from": "10.13.2026"}, "Enter a valid date."),
    "year": ({"year": 26}, "Write the year with four digits"),
    "no year": ({"year": "ensi vuosi"}, "Enter a whole number."),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_DATES)
def test_wrong_dates_of_a_round_are_told_at_their_field(browser: Client, wrong: str) -> None:
    fields, message = WRONG_DATES[wrong]
    answer = browser.post(url("round_new"), round_form(name_fi=TEXT, **fields))
    assert answer.status_code == 422
    assert message in words(answer)
    assert TEXT in answer.content.decode()
    assert not Round.objects.exists()


def test_dates_in_another_year_are_warned_about_not_refused(browser: Client) -> None:
    answer = browser.post(url("round_new"), round_form(talks_from="2027-01-10"), follow=True)
    assert answer.status_code == 200
    assert "another year than the round's" in words(answer)
    assert Round.objects.get().talks_from == date(2027, 1, 10)


def test_a_second_round_of_the_year_is_told(browser: Client, county: Organization) -> None:
    make_round(county)
    answer = browser.post(url("round_new"), round_form())
    assert answer.status_code == 422
    assert "There is already a round of this year" in words(answer)


def test_a_talk_that_ends_before_it_begins_is_told(browser: Client, county: Organization) -> None:
    of = make_round(county)
    form = talk_form(day="2026-12-01", begins="12:00", ends="11:00")
    answer = browser.post(url("talk_new", of.public_id), form)
    assert answer.status_code == 422
    assert "The end must be later than the beginning." in words(answer)
    assert TEXT in answer.content.decode()
    assert not Negotiation.objects.exists()


def test_a_talk_in_another_year_is_warned_about(browser: Client, county: Organization) -> None:
    of = make_round(county)
    form = talk_form(day="2027-01-12", begins="9:00", ends="11:00")
    answer = browser.post(url("talk_new", of.public_id), form, follow=True)
    assert "The date is in 2027, the round is of 2026." in words(answer)
    assert Negotiation.objects.get().starts_at == datetime(2027, 1, 12, 7, tzinfo=UTC)


def test_half_a_time_is_asked_for(browser: Client, county: Organization) -> None:
    of = make_round(county)
    assert "Write when the negotiation begins." in words(
        browser.post(url("talk_new", of.public_id), talk_form(day="2026-12-01"))
    )
    assert "Write the day." in words(browser.post(url("talk_new", of.public_id), talk_form(begins="9:00")))


def test_a_measure_that_ends_before_it_begins_is_told(browser: Client, county: Organization) -> None:
    talk = make_talk(State.HELD, of=make_round(county))
    form = measure_form(make_goal(talk), starts_on="2027-05-01", ends_on="2027-04-30")
    answer = browser.post(url("proposal_new", talk.public_id, "toimenpiteet"), form)
    assert answer.status_code == 422
    assert "The end can't be before the beginning." in words(answer)
    assert TEXT in answer.content.decode()


# -- Organisations ---------------------------------------------------------------------------------------------------------
def test_an_organisation_that_is_no_longer_there_is_told_with_its_successor(
    browser: Client, county: Organization
) -> None:
    after = make_municipality("Mäntyharju", county)
    gone = make_municipality("Pertunmaa", county, valid_until=date(2025, 1, 1), successor=after)
    talk = make_talk(State.DRAFT, of=make_round(county))
    answer = browser.post(url("party_add", talk.public_id) + "?q=Pertunmaa", {"organizations": [gone.slug]})
    assert answer.status_code == 422
    assert "Pertunmaa is no longer there. Choose Mäntyharju in its place." in words(answer)
    assert not talk.participations.filter(organization=gone).exists()


def test_an_organisation_out_of_scope_is_told(browser: Client, county: Organization) -> None:
    jomala = make_municipality("Jomala", make_county(in_scope=False), in_scope=False)
    talk = make_talk(State.DRAFT, of=make_round(county))
    answer = browser.post(url("party_add", talk.public_id) + "?q=Jomala", {"organizations": [jomala.slug]})
    assert answer.status_code == 422
    assert "Åland has its own law" in words(answer)


def test_a_municipality_of_another_county_is_added_with_a_warning(browser: Client, county: Organization) -> None:
    foreign = make_municipality("Tampere")
    talk = make_talk(State.DRAFT, of=make_round(county))
    answer = browser.post(
        url("party_add", talk.public_id) + "?q=Tampere", {"organizations": [foreign.slug]}, follow=True
    )
    assert "Tampere is a municipality of another county." in words(answer)
    assert talk.participations.filter(organization=foreign).exists()


def test_a_forged_organisation_or_goal_is_refused(browser: Client, county: Organization) -> None:
    """What the form does not offer can't be chosen: another county's party as owner, another talk's goal."""
    talk, other = make_talk(State.HELD, of=make_round(county)), make_talk(State.HELD)
    stranger = make_municipality("Tampere")
    new = url("proposal_new", talk.public_id, "toimenpiteet")
    assert browser.post(new, measure_form(make_goal(talk), owner=stranger.pk)).status_code == 422
    assert browser.post(new, measure_form(make_goal(other))).status_code == 422
    assert not Measure.objects.exists()


# -- Confirming ------------------------------------------------------------------------------------------------------------
def test_a_missing_owner_is_named_when_confirming_with_the_way_there(browser: Client, county: Organization) -> None:
    talk = make_talk(State.COMMENTING, of=make_round(county), no_cooperation_fi="-", no_follow_up_fi="-")
    measure = make_measure(talk, owner=None)
    Measure.objects.update(owner=None)
    page = url("act", talk.public_id, "confirm")
    for answer in (browser.get(page), browser.post(page, {"x": "1"})):
        assert f'"{measure.title_fi}" lacks: owner.' in words(answer)
        assert measure.public_id in answer.content.decode()
    talk.refresh_from_db()
    assert talk.state == State.COMMENTING


# -- Texts -----------------------------------------------------------------------------------------------------------------
Filled = tuple[str, dict[str, Any], str]


def _forms(talk: Negotiation) -> dict[str, Filled]:
    """Return each form with a long text: where, what else it carries, the field."""
    goal = {
        "theme": make_goal(talk).theme_id,
        "age_group": Goal.objects.all()[0].age_group_id,
        "origin": "plan",
        "level": "joint",
    }
    measure = make_measure(talk)
    return {
        "goal": (url("proposal_new", talk.public_id, "tavoitteet"), goal | {"title_fi": TEXT}, "description_fi"),
        "measure": (
            url("proposal_new", talk.public_id, "toimenpiteet"), measure_form(Goal.objects.all()[0]), "details_fi"
        ),
        "cooperation": (url("proposal_new", talk.public_id, "yhteistyo"), {"subject_fi": TEXT}, "structure_fi"),
        "agenda": (url("agenda_item_new", talk.public_id), {"title_fi": TEXT, "section": "other"}, "discussion_fi"),
        "comment": (url("comments", talk.public_id), {"reach": "own"}, "text"),
        "decision": (
            url("decide", measure.public_id), {"decision": "deferred", "version": measure.version}, "decision_reason"
        ),
        "reasons": (url("reasons", talk.public_id), {"version": talk.version}, "no_cooperation_fi"),
    }  # fmt: skip


FORMS: Final = ["goal", "measure", "cooperation", "agenda", "comment", "decision", "reasons"]


@pytest.mark.parametrize("name", FORMS)
def test_a_text_of_100_000_characters_is_told_and_comes_back_whole(
    browser: Client, county: Organization, name: str
) -> None:
    address, data, field = _forms(make_talk(State.HELD, of=make_round(county)))[name]
    text = "Liian pitkä teksti. " * 5000
    answer = browser.post(address, data | {field: text})
    assert answer.status_code == 422
    assert re.search(r"(?:has 99999 characters|most \d+ characters|100000)", words(answer))
    assert text.strip() in answer.content.decode()


@pytest.mark.parametrize("character", ["\x00", "\x07", "\u2028"])
@pytest.mark.parametrize("name", FORMS)
def test_an_invisible_character_is_told_with_its_place(
    browser: Client, county: Organization, name: str, character: str
) -> None:
    address, data, field = _forms(make_talk(State.HELD, of=make_round(county)))[name]
    answer = browser.post(address, data | {field: f"Näkymätön{character} merkki."})
    assert answer.status_code == 422
    assert "invisible control character at position 10" in words(answer)
    assert "Näkymätön" in answer.content.decode()


@pytest.mark.parametrize("name", ["reason", "report"])
def test_the_same_holds_for_reasons_and_reports(browser: Client, county: Organization, name: str) -> None:
    talk = make_talk(State.PREPARING if name == "reason" else State.FOLLOWING, of=make_round(county))
    measure = make_measure(talk)
    address = url("act", talk.public_id, "postpone") if name == "reason" else url("report", measure.public_id)
    data = {"progress": "delayed"}
    field = "reason" if name == "reason" else "note"
    for bad in ("a\x00b", "x" * 100_000):
        assert browser.post(address, data | {field: bad}).status_code == 422


def test_markup_is_shown_as_it_was_typed(browser: Client, county: Organization) -> None:
    talk = make_talk(State.HELD, of=make_round(county))
    browser.post(url("agenda_item_new", talk.public_id),
                 {"title_fi": "<b>x</b>", "section": "other", "discussion_fi": "<script>alert(1)</script>"})  # fmt: skip
    page = browser.get(url("agenda", talk.public_id)).content.decode()
    assert "<b>x</b>" not in page
    assert "<script>alert" not in page


# -- Bad luck --------------------------------------------------------------------------------------------------------------
def test_a_double_click_acts_once_and_leads_to_the_same_page(browser: Client, county: Organization) -> None:
    talk = make_talk(State.HELD, of=make_round(county))
    key = {"submission_key": str(uuid.uuid4())}
    address = url("comments", talk.public_id)
    answers = [browser.post(address, {"text": TEXT, "reach": "own"} | key) for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Comment.objects.count() == 1


def test_back_after_sending_and_sending_other_words_is_told_and_kept(browser: Client, county: Organization) -> None:
    """The page from the browser's memory has the used key: its new words are not lost, and not written twice."""
    talk = make_talk(State.HELD, of=make_round(county))
    key = {"submission_key": str(uuid.uuid4())}
    address = url("comments", talk.public_id)
    browser.post(address, {"text": TEXT, "reach": "own"} | key)
    answer = browser.post(address, {"text": "Toiset sanat samalla lomakkeella.", "reach": "own"} | key)
    assert answer.status_code == 400
    assert "already sent with other content" in words(answer)
    assert "Toiset sanat samalla lomakkeella." in words(answer)
    assert Comment.objects.count() == 1


def test_an_act_pressed_again_after_back_is_told(browser: Client, county: Organization) -> None:
    talk = make_talk(State.INVITED, of=make_round(county))
    address = url("act", talk.public_id, "open_preparation")
    assert browser.post(address, {"submission_key": str(uuid.uuid4())}).status_code == 302
    answer = browser.post(address, {"submission_key": str(uuid.uuid4())})
    assert answer.status_code == 409
    assert "The negotiation has moved on" in words(answer)


CHANGED: Final = {
    "goal": ("proposal_new", ("tavoitteet",)),
    "cooperation": ("proposal_new", ("yhteistyo",)),
    "agenda": ("agenda_item_new", ()),
    "reasons": ("reasons", ()),
    "comment": ("comments", ()),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_form_left_open_over_a_changed_state_keeps_what_was_typed(
    browser: Client, county: Organization, host: Actor, name: str
) -> None:
    talk = make_talk(
        State.MEMO_DRAFT, of=make_round(county, comment_days=0), no_cooperation_fi="-", no_follow_up_fi="-"
    )
    address, data, field = _forms(talk)[name]
    perform(talk, Act.CONFIRM, by=host)
    answer = browser.post(address, data | {field: TEXT, "version": talk.version})
    assert answer.status_code == 409
    assert "has moved on" in words(answer)
    assert TEXT in answer.content.decode()


@pytest.mark.parametrize("act", ["postpone", "cancel"])
def test_a_reason_typed_for_an_act_that_came_too_late_is_kept(browser: Client, county: Organization, act: str) -> None:
    talk = make_talk(State.HELD, of=make_round(county))
    answer = browser.post(url("act", talk.public_id, act), {"reason": TEXT})
    assert answer.status_code == 409
    assert TEXT in words(answer)


def test_an_edit_of_a_frozen_row_keeps_what_was_typed(browser: Client, county: Organization) -> None:
    measure = make_measure(make_talk(State.CONFIRMED, of=make_round(county)))
    form = measure_form(measure.goal, version=measure.version)
    answer = browser.post(url("proposal_edit", "toimenpiteet", measure.public_id), form)
    assert answer.status_code == 409
    assert TEXT in answer.content.decode()
    measure.refresh_from_db()
    assert measure.title_fi != TEXT


def test_a_text_for_a_thing_that_was_deleted_meanwhile_is_kept(browser: Client, county: Organization) -> None:
    talk = make_talk(State.PREPARING, of=make_round(county))
    goal = make_goal(talk, shared_at=None)
    Goal.objects.update(deleted_at=NOW)
    answer = browser.post(url("proposal_edit", "tavoitteet", goal.public_id), {"title_fi": TEXT, "version": 1})
    assert answer.status_code == 410
    assert TEXT in words(answer)


def test_a_text_of_who_lost_her_duty_meanwhile_is_kept(county: Organization, host: Actor, browser: Client) -> None:
    talk = make_talk(State.HELD, of=make_round(county))
    assert host.person
    host.person.memberships.update(duties=["reader"])
    answer = browser.post(url("agenda_item_new", talk.public_id), {"title_fi": TEXT, "section": "other"})
    assert answer.status_code == 403
    assert TEXT in words(answer)
    assert not AgendaItem.objects.exists()


def test_a_form_for_the_organisation_that_was_left_is_refused_with_its_text(
    county: Organization, host: Actor, browser: Client
) -> None:
    talk = make_talk(State.HELD, of=make_round(county))
    assert host.person
    host.person.memberships.update(until=date(2026, 11, 19))
    data = {"title_fi": TEXT, "section": "other", "acting_for": county.slug}
    answer = browser.post(url("agenda_item_new", talk.public_id), data)
    assert answer.status_code == 403
    assert TEXT in words(answer)


def test_a_form_sent_after_the_session_ended_comes_back_and_is_saved_once(county: Organization, host: Actor) -> None:
    talk = make_talk(State.HELD, of=make_round(county))
    assert host.person
    client = Client()
    data = {"title_fi": TEXT, "section": "other", "submission_key": str(uuid.uuid4()), "acting_for": county.slug}
    address = url("agenda_item_new", talk.public_id)
    assert client.post(address, data).status_code == 302
    client.post("/en/tili/kirjaudu/", {"login": host.person.email, "password": PASSWORD})
    page = client.get("/en/jatka/").content.decode()
    assert TEXT in page
    assert f'action="{address}"' in page
    for _twice in range(2):
        assert client.post(address, data).status_code == 302
    assert AgendaItem.objects.get().title_fi == TEXT


@pytest.mark.parametrize(
    "query",
    ["year=x", "year=99999999999999", "state=nonsense", "theme=x", "after=x", "page=-1", "after=%00", "q=" + "a" * 3000,
     "year[]=1", "convener__name=x", "_connector=OR", "mine=x", "county=x", "owner=x"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["list", "measures", "regions"])
def test_nonsense_in_a_lists_address_is_no_fault(browser: Client, name: str, query: str) -> None:
    assert browser.get(f"{url(name)}?{query}").status_code in {200, 400}
