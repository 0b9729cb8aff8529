"""What each act writes, moves and tells, beside what RULES lets it."""

from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from hyte_portal.models import OutboundMail
from negotiations.actions import Details, IncompleteError, NotNowError, ReasonMissingError, perform, write_down
from negotiations.lifecycle import Act, RoundState, State
from negotiations.models import Cooperation, Document, Event, FollowUpPlan, Goal, Measure, Negotiation, Snapshot
from negotiations.vocabulary import Decision, Preparation
from organizations.actors import Actor
from organizations.models import Duty, Organization
from tests.factories import make_actor, make_municipality, make_organization
from tests.talks import make_goal, make_measure, make_round, make_talk

pytestmark = pytest.mark.django_db
NOW: Final = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def host(county: Organization) -> Actor:
    return make_actor(county, Duty.EDITOR, Duty.CONFIRMER)


def talk_of(county: Organization, state: str, *guests: Organization, **fields: Any) -> Negotiation:
    of = make_round(county, **fields.pop("of", {}))
    return make_talk(state, of=of, guests=list(guests) or [make_municipality(county=county)], **fields)


def complete(talk: Negotiation) -> Measure:
    """Put one entry under each statutory subject."""
    shared: dict[str, Any] = {"negotiation": talk, "proposer": talk.convener, "shared_at": NOW}
    Cooperation.objects.create(subject_fi="Verkosto", **shared)
    FollowUpPlan.objects.create(what_fi="Mittarit", **shared)
    return make_measure(talk)


# -- Every act -----------------------------------------------------------------------------------------------------------
def test_an_act_is_written_down_with_who_what_and_on_whose_behalf(county: Organization, host: Actor) -> None:
    talk = talk_of(county, State.INVITED)
    event = perform(talk, Act.OPEN_PREPARATION, by=host)
    assert (event.act, event.from_state, event.to_state) == ("open_preparation", "invited", "preparing")
    assert (event.person, event.organization, event.at) == (host.person, county, NOW)
    assert talk.state == State.PREPARING


def test_an_act_raises_both_versions(county: Organization, host: Actor) -> None:
    talk = talk_of(county, State.INVITED)
    before = talk.version, talk.content_version
    perform(talk, Act.OPEN_PREPARATION, by=host)
    assert (talk.version, talk.content_version) == (before[0] + 1, before[1] + 1)


def test_a_refused_act_leaves_nothing(county: Organization, host: Actor, outsider: Actor) -> None:
    talk = talk_of(county, State.PREPARING)
    for by, act, error in (
        (outsider, Act.POSTPONE, PermissionDenied),
        (host, Act.PUBLISH, NotNowError),
        (host, Act.POSTPONE, ReasonMissingError),
        (host, Act.MARK_READY, IncompleteError),
    ):
        with pytest.raises(error):
            perform(talk, act, by=by)
    talk.refresh_from_db()
    assert (talk.state, talk.version) == (State.PREPARING, 1)
    assert not Event.objects.exists()
    assert not OutboundMail.objects.exists()


def test_who_does_an_act_is_not_told_of_it(county: Organization, host: Actor) -> None:
    other = make_actor(county, Duty.EDITOR)
    guest = make_municipality(county=county)
    make_actor(guest, Duty.READER)
    editor = make_actor(guest, Duty.EDITOR)
    perform(talk_of(county, State.PREPARING, guest), Act.POSTPONE, by=host, details=Details("Esteitä"))
    assert {row.recipient for row in OutboundMail.objects.all()} == {other.person, editor.person}


def test_an_event_of_the_clock_has_no_person() -> None:
    from organizations.actors import CLOCK

    talk = make_talk(State.INVITED, of=make_round(preparation_from=date(2026, 11, 20)))
    event = perform(talk, Act.OPEN_PREPARATION, by=CLOCK)
    assert (event.person, event.organization) == (None, None)


# -- Before the talk -----------------------------------------------------------------------------------------------------
def test_the_first_invitation_opens_the_round(county: Organization, host: Actor) -> None:
    talk = talk_of(county, State.DRAFT, of={"state": RoundState.PLANNED})
    talk.participations.update(invited_otherwise="kirjeellä")
    perform(talk, Act.INVITE, by=host)
    talk.round.refresh_from_db()
    assert talk.round.state == RoundState.OPEN


def test_an_invitation_needs_a_guest_whom_it_reaches(county: Organization, host: Actor) -> None:
    with pytest.raises(IncompleteError) as lacking:
        perform(make_talk(State.DRAFT, of=make_round(county), guests=[]), Act.INVITE, by=host)
    assert len(lacking.value.missing) == 1
    with pytest.raises(IncompleteError):
        perform(talk_of(county, State.DRAFT, of={"year": 2025}), Act.INVITE, by=host)


def test_marking_ready_shares_all_that_is_the_partys_own(county: Organization, municipal_editor: Actor) -> None:
    own, other = municipal_editor.organization, make_organization(areas=[county])
    assert own
    talk = talk_of(county, State.PREPARING, own, other)
    mine = make_goal(talk, proposer=own, shared_at=None)
    theirs = make_goal(talk, proposer=other, shared_at=None)
    gone = make_goal(talk, proposer=own, shared_at=None, deleted_at=NOW)
    perform(talk, Act.MARK_READY, by=municipal_editor)
    for row in (mine, theirs, gone):
        row.refresh_from_db()
    assert (mine.shared_at, theirs.shared_at, gone.shared_at) == (NOW, None, None)
    party = talk.participations.get(organization=own)
    assert (party.preparation, party.ready_at, party.no_proposals) == (Preparation.READY, NOW, False)


def test_ready_without_proposals_is_said_not_assumed(county: Organization, municipal_editor: Actor) -> None:
    assert municipal_editor.organization
    talk = talk_of(county, State.PREPARING, municipal_editor.organization)
    with pytest.raises(IncompleteError):
        perform(talk, Act.MARK_READY, by=municipal_editor)
    perform(talk, Act.MARK_READY, by=municipal_editor, details=Details(no_proposals=True))
    assert talk.participations.get(organization=municipal_editor.organization).no_proposals


def test_returning_gives_the_reason_and_un_shares_nothing(
    county: Organization, host: Actor, municipal_editor: Actor
) -> None:
    own = municipal_editor.organization
    assert own
    talk = talk_of(county, State.PREPARING, own)
    goal = make_goal(talk, proposer=own, shared_at=None)
    perform(talk, Act.MARK_READY, by=municipal_editor)
    perform(talk, Act.RETURN, by=host, details=Details("Mittari puuttuu.", party=own))
    goal.refresh_from_db()
    party = talk.participations.get(organization=own)
    assert goal.shared_at == NOW
    assert (party.preparation, party.return_reason) == (Preparation.RETURNED, "Mittari puuttuu.")
    with pytest.raises(NotNowError):
        perform(talk, Act.RETURN, by=host, details=Details("Toistamiseen", party=own))


def test_a_removed_party_sees_the_talk_no_more(county: Organization, host: Actor, municipal_editor: Actor) -> None:
    own = municipal_editor.organization
    assert own
    talk = talk_of(county, State.PREPARING, own, make_organization(areas=[county]))
    perform(talk, Act.REMOVE_PARTY, by=host, details=Details("Väärä kunta", party=own))
    assert not Negotiation.objects.visible_to(municipal_editor).exists()
    assert OutboundMail.objects.get(kind="remove_party").recipient == municipal_editor.person


def test_the_host_can_not_be_removed(county: Organization, host: Actor) -> None:
    talk = talk_of(county, State.PREPARING)
    with pytest.raises(NotNowError):
        perform(talk, Act.REMOVE_PARTY, by=host, details=Details("Syy", party=county))


def test_a_party_added_twice_sits_once(county: Organization, host: Actor, association: Organization) -> None:
    talk = talk_of(county, State.INVITED)
    for _twice in range(2):
        perform(talk, Act.ADD_PARTY, by=host, details=Details(party=association))
    assert talk.participations.filter(organization=association).count() == 1


@pytest.mark.parametrize("before", [State.INVITED, State.PREPARING])
def test_a_postponed_talk_goes_on_where_it_was_with_a_new_time(
    county: Organization, host: Actor, before: State
) -> None:
    talk = talk_of(county, before)
    perform(talk, Act.POSTPONE, by=host, details=Details("Esteitä"))
    assert talk.state == State.POSTPONED
    begins, ends = datetime(2026, 12, 1, 7, tzinfo=UTC), datetime(2026, 12, 1, 9, tzinfo=UTC)
    perform(talk, Act.RESUME, by=host, details=Details(starts_at=begins, ends_at=ends))
    assert (talk.state, talk.starts_at, talk.ends_at) == (before, begins, ends)


def test_a_round_closes_with_its_last_talk(county: Organization, host: Actor) -> None:
    first = talk_of(county, State.PREPARING)
    second = make_talk(State.FOLLOWING, of=first.round)
    perform(first, Act.CANCEL, by=host, details=Details("Ei tarvetta"))
    first.round.refresh_from_db()
    assert first.round.state == RoundState.OPEN
    perform(second, Act.CLOSE, by=host)
    first.round.refresh_from_db()
    assert first.round.state == RoundState.CLOSED


# -- The talk and its memo -----------------------------------------------------------------------------------------------
def test_holding_shares_the_hosts_own_proposals(county: Organization, host: Actor) -> None:
    talk = talk_of(county, State.PREPARING)
    goal = make_goal(talk, shared_at=None)
    perform(talk, Act.HOLD, by=host)
    goal.refresh_from_db()
    assert (goal.shared_at, talk.held_at) == (NOW, talk.starts_at)


def test_a_talk_whose_time_has_not_come_is_not_held(county: Organization, host: Actor) -> None:
    for starts_at in (datetime(2026, 11, 20, 8, 1, tzinfo=UTC), None):
        talk = talk_of(county, State.PREPARING, starts_at=starts_at, of={"year": 2025 if starts_at else 2026})
        with pytest.raises(NotNowError):
            perform(talk, Act.HOLD, by=host)


def test_the_memo_waits_for_every_shared_decision_only(county: Organization, host: Actor) -> None:
    talk = talk_of(county, State.HELD)
    open_one = make_measure(talk, decision=Decision.PROPOSED)
    make_measure(talk, decision=Decision.PROPOSED, shared_at=None)
    with pytest.raises(IncompleteError):
        perform(talk, Act.DRAFT_MEMO, by=host)
    Measure.objects.filter(pk=open_one.pk).update(decision=Decision.DEFERRED)
    perform(talk, Act.DRAFT_MEMO, by=host)
    assert talk.state == State.MEMO_DRAFT


def test_comments_are_due_on_a_working_day_after_the_rounds_days(county: Organization, host: Actor) -> None:
    talk = talk_of(county, State.MEMO_DRAFT, of={"comment_days": 16})
    perform(talk, Act.ASK_COMMENTS, by=host)
    assert talk.comments_until == date(2026, 12, 7)  # 6 December is Independence Day, a Sunday
    perform(talk, Act.BACK_TO_DRAFT, by=host)
    perform(talk, Act.ASK_COMMENTS, by=host, details=Details(until=date(2026, 11, 30)))
    assert talk.comments_until == date(2026, 11, 30)


def test_confirming_freezes_orders_the_files_and_sets_the_version(county: Organization, host: Actor) -> None:
    talk = talk_of(county, State.COMMENTING, public_from=date(2026, 11, 1), of={"languages": ["fi", "sv"]})
    talk.one_language_ok = ["title"]
    talk.languages = ["fi"]
    talk.save()
    complete(talk)
    perform(talk, Act.CONFIRM, by=host)
    assert (talk.memo_version, talk.confirmed_at, talk.confirmed_by) == (1, NOW, host.person)
    assert talk.public_from == date(2026, 11, 23)  # the next working day at the earliest
    snapshot = Snapshot.objects.get(negotiation=talk)
    assert (snapshot.version, snapshot.is_draft) == (1, False)
    assert Document.objects.filter(snapshot=snapshot).count() == 2


NEEDS: Final = ["owner", "timetable", "follow_up", "absent owner", "decision", "goal", "cooperation", "plan"]


@pytest.mark.parametrize("lacks", NEEDS)
def test_confirming_names_what_is_missing(county: Organization, host: Actor, lacks: str) -> None:
    talk = talk_of(county, State.COMMENTING)
    measure = complete(talk)
    changes: dict[str, dict[str, Any]] = {
        "owner": {"owner": None}, "timetable": {"ends_on": None}, "follow_up": {"follow_up_fi": ""},
        "absent owner": {"owner": make_municipality(county=county)}, "decision": {"decision": Decision.PROPOSED},
    }  # fmt: skip
    Measure.objects.filter(pk=measure.pk).update(**changes.get(lacks, {"decision": measure.decision}))
    gone = {"goal": (Measure, Goal), "cooperation": (Cooperation,), "plan": (FollowUpPlan,)}.get(lacks, ())
    for kind in gone:
        kind._default_manager.all().delete()
    with pytest.raises(IncompleteError) as error:
        perform(talk, Act.CONFIRM, by=host)
    assert len(error.value.missing) == (2 if lacks == "goal" else 1)
    assert all(item.message for item in error.value.missing)
    assert not Snapshot.objects.exists()


def test_what_stands_in_for_an_entry_is_taken(county: Organization, host: Actor) -> None:
    """A reason for an empty subject, and the consent of an owner who is not at the table."""
    talk = talk_of(county, State.COMMENTING, no_cooperation_fi="Sovitaan keväällä", no_follow_up_fi="Samoin")
    make_measure(talk, owner=make_municipality(county=county), owner_consent="Kunnanjohtaja 2.11.2026")
    perform(talk, Act.CONFIRM, by=host)
    assert talk.state == State.CONFIRMED


def test_a_guests_unshared_proposal_enters_no_need(
    county: Organization, host: Actor, association: Organization
) -> None:
    talk = talk_of(county, State.COMMENTING, association)
    complete(talk)
    make_measure(talk, proposer=association, shared_at=None, owner=None, ends_on=None)
    perform(talk, Act.CONFIRM, by=host)
    assert "Toimenpide" in str(Snapshot.objects.get().content)


def test_the_secretary_confirms_alone_only_with_a_reason(county: Organization, host: Actor) -> None:
    talk = talk_of(county, State.COMMENTING, secretary=host.person)
    complete(talk)
    with pytest.raises(ReasonMissingError):
        perform(talk, Act.CONFIRM, by=host)
    perform(talk, Act.CONFIRM, by=host, details=Details("Muita ei ole paikalla."))
    assert talk.secretary_reason == "Muita ei ole paikalla."


def test_reopening_withdraws_the_confirmed_version(county: Organization, host: Actor) -> None:
    talk = talk_of(county, State.COMMENTING)
    complete(talk)
    perform(talk, Act.CONFIRM, by=host)
    perform(talk, Act.REOPEN, by=host, details=Details("Nimi väärin"))
    assert (talk.state, talk.confirmed_at, talk.was_reopened) == (State.MEMO_DRAFT, None, True)
    assert Snapshot.objects.get().withdrawn_at == NOW
    perform(talk, Act.ASK_COMMENTS, by=host)
    perform(talk, Act.CONFIRM, by=host)
    assert list(Snapshot.objects.order_by("version").values_list("version", "withdrawn_at")) == [(1, NOW), (2, None)]


def test_publishing_waits_for_the_bytes(county: Organization, host: Actor) -> None:
    talk = talk_of(county, State.COMMENTING)
    complete(talk)
    perform(talk, Act.CONFIRM, by=host)
    with pytest.raises(IncompleteError):
        perform(talk, Act.PUBLISH, by=host)
    Document.objects.update(state=Document.State.READY)
    perform(talk, Act.PUBLISH, by=host)
    assert (talk.state, talk.published_at) == (State.PUBLISHED, NOW)
    with pytest.raises(NotNowError):
        perform(talk, Act.PUBLISH, by=host)


def test_closing_waits_for_every_outcome(county: Organization, host: Actor) -> None:
    talk = talk_of(county, State.FOLLOWING)
    measure = make_measure(talk)
    make_measure(talk, decision=Decision.REJECTED)
    with pytest.raises(IncompleteError):
        perform(talk, Act.CLOSE, by=host)
    Measure.objects.filter(pk=measure.pk).update(outcome="done")
    perform(talk, Act.CLOSE, by=host)
    assert talk.state == State.CLOSED


def test_what_moves_nothing_is_written_down_too(county: Organization, host: Actor) -> None:
    talk = talk_of(county, State.HELD)
    event = write_down(talk, Act.EDIT_TALK, by=host, title="x")
    talk.refresh_from_db()
    assert (event.from_state, event.to_state, event.details) == ("held", "held", {"title": "x"})
    assert talk.content_version == 2
