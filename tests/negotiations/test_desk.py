"""The front page and the desk: each sees what waits for her side, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from hyte_portal.localized import Localized
from negotiations.desk import Desk, desk_for, summary_of
from negotiations.lifecycle import Act, State
from negotiations.models import Comment, Event, Negotiation
from negotiations.tasks_due import Task
from negotiations.vocabulary import Preparation, Progress
from organizations.actors import Actor
from organizations.models import Organization
from tests.factories import act_as, make_actor, make_county, make_municipality, make_organization, make_person
from tests.talks import make_measure, make_round, make_talk

NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


@pytest.fixture
def talk(county: Organization, municipality: Organization) -> Negotiation:
    of = make_round(
        county, memo_by=date(2026, 12, 4), preparation_until=date(2026, 11, 27), invitation_by=date(2026, 11, 30)
    )
    return make_talk(State.PREPARING, of=of, guests=[municipality], starts_at=datetime(2026, 12, 10, 7, tzinfo=UTC))


def moved(talk: Negotiation, state: str, **fields: Any) -> Negotiation:
    Negotiation.objects.filter(pk=talk.pk).update(state=state, **fields)
    talk.refresh_from_db()
    return talk


def waiting(actor: Actor) -> list[str]:
    return [task.what for task in desk_for(actor).tasks]


def page(actor: Actor, name: str = "desk") -> str:
    assert actor.person is not None
    response = act_as(Client(), actor.person, actor.organization).get(reverse(f"negotiations:{name}"))
    assert response.status_code == 200
    return response.content.decode()


# -- Front -------------------------------------------------------------------------------------------------------------
def test_the_front_page_leads_the_public_to_regions_and_to_signing_in(client: Client) -> None:
    text = client.get(reverse("negotiations:front")).content.decode()
    assert reverse("negotiations:regions") in text
    assert reverse("account_login") in text


def test_the_front_page_sends_who_is_signed_in_to_her_desk(host_editor: Actor) -> None:
    assert host_editor.person is not None
    response = act_as(Client(), host_editor.person).get(reverse("negotiations:front"))
    assert response["Location"] == reverse("negotiations:desk")


def test_the_desk_asks_to_sign_in(client: Client) -> None:
    response = client.get(reverse("negotiations:desk"))
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


# -- Waits for you -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "fields", "what"),
    [
        (State.DRAFT, {}, "Finish the plan and send the invitation"),
        (State.INVITED, {}, "Open the preparation"),
        (State.PREPARING, {}, "Prepare your proposals and mark them ready"),
        (State.PREPARING, {"starts_at": NOW - timedelta(hours=3)}, "The talk's time has come: mark it as held"),
        (State.HELD, {}, "Start the memo draft"),
        (State.MEMO_DRAFT, {}, "Finish the memo draft and ask for comments"),
        (State.CONFIRMED, {}, "Publish the memo"),
        (State.POSTPONED, {}, "Set a new time for the postponed talk"),
    ],
)
def test_each_state_waits_for_the_hosts_editor_with_one_thing(
    talk: Negotiation, host_editor: Actor, state: str, fields: dict[str, Any], what: str
) -> None:
    moved(talk, state, **fields)
    assert waiting(host_editor) == [what]


def test_the_memo_waits_for_the_confirmer_once_the_comments_are_in(talk: Negotiation, host_confirmer: Actor) -> None:
    moved(talk, State.COMMENTING, comments_until=date(2026, 11, 25))
    assert waiting(host_confirmer) == []
    moved(talk, State.COMMENTING, comments_until=date(2026, 11, 24))
    assert waiting(host_confirmer) == ["Confirm the memo"]


def test_what_the_clock_will_do_waits_for_nobody(talk: Negotiation, host_editor: Actor) -> None:
    talk.round.preparation_from = date(2026, 12, 1)
    talk.round.save()
    moved(talk, State.INVITED)
    assert waiting(host_editor) == []
    moved(talk, State.CONFIRMED, public_from=date(2026, 12, 14))
    assert waiting(host_editor) == []


def test_closing_waits_when_every_measure_has_its_outcome(talk: Negotiation, host_confirmer: Actor) -> None:
    moved(talk, State.FOLLOWING)
    measure = make_measure(talk, owner=talk.convener)
    assert "Close the negotiation" not in waiting(host_confirmer)
    type(measure).objects.filter(pk=measure.pk).update(outcome="done")
    assert waiting(host_confirmer) == ["Close the negotiation"]


def test_undecided_measures_come_before_the_memo_draft(talk: Negotiation, host_editor: Actor) -> None:
    moved(talk, State.HELD)
    make_measure(talk, decision="proposed")
    make_measure(talk, decision="proposed")
    [task] = desk_for(host_editor).tasks
    assert (task.what, task.note) == ("Record the decisions", "2 measures without a decision")


def test_the_host_reads_the_preparations_when_all_are_ready(talk: Negotiation, host_editor: Actor) -> None:
    talk.participations.update(preparation=Preparation.READY)
    assert waiting(host_editor) == ["All parties are ready: read their preparations"]


def test_a_guest_prepares_until_its_deadline_and_reads_why_it_came_back(
    talk: Negotiation, municipal_editor: Actor
) -> None:
    [task] = desk_for(municipal_editor).tasks
    assert task.due == date(2026, 11, 27)
    guest = talk.participations.filter(organization=municipal_editor.organization)
    guest.update(preparation=Preparation.RETURNED, return_reason="Lisätkää aikataulu.")
    [task] = desk_for(municipal_editor).tasks
    assert task.note == "Returned for completion: Lisätkää aikataulu."
    guest.update(preparation=Preparation.READY)
    assert waiting(municipal_editor) == []


def test_another_partys_reason_for_return_is_not_told(talk: Negotiation, municipal_editor: Actor) -> None:
    other = make_municipality("Siilinjärvi", talk.convener)
    talk.participations.create(organization=other, preparation=Preparation.RETURNED, return_reason="Salainen syy")
    assert "Salainen syy" not in page(municipal_editor)


def test_commenting_waits_for_a_guest_until_it_has_answered(talk: Negotiation, municipal_editor: Actor) -> None:
    moved(talk, State.COMMENTING, comments_until=date(2026, 11, 27))
    old = NOW - timedelta(days=9)
    organization = municipal_editor.organization
    assert organization is not None
    Comment.objects.create(negotiation=talk, organization=organization, text="Vanha", created_at=old)
    Event.objects.create(round=talk.round, negotiation=talk, act=Act.ASK_COMMENTS, at=NOW - timedelta(days=2))
    [task] = desk_for(municipal_editor).tasks
    assert (task.what, task.due) == ("Comment on the memo draft", date(2026, 11, 27))
    Comment.objects.create(negotiation=talk, organization=organization, text="Uusi", created_at=timezone.now())
    assert waiting(municipal_editor) == []


def test_a_reader_is_asked_for_nothing(talk: Negotiation, reader: Actor) -> None:
    assert waiting(reader) == []


def test_an_outsider_sees_nothing_of_a_talk(talk: Negotiation, outsider: Actor) -> None:
    moved(talk, State.COMMENTING, comments_until=date(2026, 11, 27))
    desk = desk_for(outsider)
    assert (desk.tasks, desk.others, desk.ahead, desk.measures) == ([], [], [], [])
    assert talk.title_fi not in page(outsider)


# -- Reports and outcomes ----------------------------------------------------------------------------------------------
@pytest.fixture
def promised(talk: Negotiation) -> Negotiation:
    """Return a talk whose follow-up moment has just passed."""
    talk.round.follow_up_1 = date(2026, 11, 23)
    talk.round.save()
    return moved(
        talk,
        State.FOLLOWING,
        confirmed_at=datetime(2026, 6, 1, tzinfo=UTC),
        published_at=datetime(2026, 6, 2, tzinfo=UTC),
    )


def test_unreported_measures_wait_for_their_owner_as_one_line(promised: Negotiation, municipal_editor: Actor) -> None:
    for _number in range(4):
        make_measure(promised, owner=municipal_editor.organization)
    make_measure(promised, owner=municipal_editor.organization, reported_on=date(2026, 11, 1))
    [task] = desk_for(municipal_editor).tasks
    assert task.what == "Tell how 4 measures have gone"
    assert task.is_late
    assert task.url == reverse("negotiations:measures") + "?mine=1"
    assert "2 days late" in page(municipal_editor)


def test_an_owner_that_was_not_at_the_table_learns_no_title(promised: Negotiation) -> None:
    owner = make_actor(make_organization("Vertaisverkko ry"))
    measure = make_measure(promised, owner=owner.organization)
    text = page(owner)
    assert str(measure.title) in text
    assert str(promised.title) not in text


def test_one_measure_leads_straight_to_its_report(promised: Negotiation, municipal_editor: Actor) -> None:
    measure = make_measure(promised, owner=municipal_editor.organization)
    [task] = desk_for(municipal_editor).tasks
    assert task.url == reverse("negotiations:report", args=[measure.public_id])


def test_an_outcome_waits_once_the_measures_time_has_passed(promised: Negotiation, municipal_editor: Actor) -> None:
    make_measure(promised, owner=municipal_editor.organization, ends_on=date(2026, 10, 31))
    make_measure(promised, owner=municipal_editor.organization, ends_on=date(2026, 10, 31), outcome="done")
    [task] = desk_for(municipal_editor).tasks
    assert (task.what, task.due) == ("Tell what became of 1 measure", date(2026, 10, 31))


def test_the_owners_reader_has_nothing_to_report(promised: Negotiation, reader: Actor) -> None:
    make_measure(promised, owner=reader.organization)
    desk = desk_for(reader)
    assert desk.tasks == []
    assert len(desk.measures) == 1


def test_own_measures_tell_how_they_go_and_how_fresh_that_is(promised: Negotiation, municipal_editor: Actor) -> None:
    own = municipal_editor.organization
    make_measure(promised, owner=own, title_fi="Aidattu", progress=Progress.DELAYED, reported_on=date(2026, 11, 4))
    make_measure(promised, owner=own, title_fi="Kertomatta")
    desk = desk_for(municipal_editor)
    assert desk.attention == 2
    text = page(municipal_editor)
    assert "Delayed" in text
    assert "Not told" in text


# -- Others, the year, the sentence ------------------------------------------------------------------------------------
def test_others_are_named_with_what_they_do(talk: Negotiation, host_editor: Actor, municipal_editor: Actor) -> None:
    talk.participations.filter(organization=talk.convener).update(preparation=Preparation.READY)
    [other] = desk_for(host_editor).others
    assert other.who == "Kuopio"
    moved(talk, State.MEMO_DRAFT)
    [other] = desk_for(municipal_editor).others
    assert other.who == talk.convener.short


def test_the_year_ahead_holds_dates_from_today_on(talk: Negotiation, municipal_editor: Actor) -> None:
    talk.round.evidence_from = date(2026, 3, 2)
    talk.round.save()
    days = [moment.on for moment in desk_for(municipal_editor).ahead]
    assert days == [date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 4), date(2026, 12, 10)]


def test_the_sentence_counts_and_names_the_next_day(talk: Negotiation, municipal_editor: Actor) -> None:
    sentence = summary_of(desk_for(municipal_editor))
    assert sentence.startswith("1 thing waits for you, the next ")
    assert "27.11.2026 (in 2 days)" in sentence
    late = Task(date(2026, 11, 24), "", Localized("", "fi", fallback=False), "", "", "")
    assert summary_of(Desk([late, late], [], [], [])) == "2 things wait for you, 2 of them late."
    assert summary_of(Desk([], [], [], [])) == "Nothing waits for you now."


def test_an_empty_desk_says_what_comes_next(talk: Negotiation, reader: Actor) -> None:
    assert "Next: " in page(reader)


def test_a_desk_in_an_empty_portal_answers(national_reader: Actor, host_editor: Actor) -> None:
    assert "Nothing waits for you now." in page(national_reader)
    assert "Nothing waits for you now." in page(host_editor)


def test_a_person_without_a_duty_is_told_whom_to_ask(client: Client) -> None:
    text = act_as(client, make_person()).get(reverse("negotiations:desk")).content.decode()
    assert "You have no duty in any organisation now." in text


def test_only_the_first_button_is_filled(talk: Negotiation, host_editor: Actor) -> None:
    make_talk(State.DRAFT, of=talk.round, guests=[make_municipality("Iisalmi", talk.convener)])
    main = page(host_editor).split('class="due"')[1].split("</ul>")[0]
    assert main.count('<a class="ds-button"') == 2
    assert main.count('data-variant="secondary"') == 1


# -- Statements --------------------------------------------------------------------------------------------------------
def count_statements(actor: Actor) -> int:
    assert actor.person is not None
    client = act_as(Client(), actor.person, actor.organization)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("negotiations:desk"))
    return len(queries)


def test_the_desk_takes_as_many_statements_for_twenty_talks_as_for_one(
    promised: Negotiation, association_editor: Actor
) -> None:
    association = association_editor.organization
    assert association is not None
    promised.participations.create(organization=association)
    make_measure(promised, owner=association)
    few = count_statements(association_editor)
    for number in range(19):
        of = make_round(make_county(), year=2026) if number % 2 else promised.round
        other = make_talk(State.PREPARING, of=of, guests=[association])
        make_measure(other, owner=association)
    assert count_statements(association_editor) == few
    assert few <= 12
