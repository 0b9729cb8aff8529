"""A party's proposals: whose they are, when the table sees them, what becomes of measures."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from negotiations import proposing
from negotiations.actions import NotNowError
from negotiations.lifecycle import State
from negotiations.models import Event, FollowUp, Goal, Measure, Negotiation
from negotiations.vocabulary import Decision, Preparation
from organizations.actors import Actor
from organizations.models import Duty, Organization, Post
from tests.factories import make_actor, make_municipality
from tests.talks import make_age_group, make_goal, make_measure, make_round, make_talk, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(county: Organization, municipality: Organization) -> Negotiation:
    return make_talk(State.PREPARING, of=make_round(county), guests=[municipality])


def new_goal(talk: Negotiation, by: Actor) -> Goal:
    goal = Goal(title_fi="Uusi", theme=make_theme(), age_group=make_age_group())
    proposing.begin(goal, talk, by=by)
    goal.save()
    proposing.saved(goal, by=by)
    return goal


def seat(talk: Negotiation, actor: Actor) -> Any:
    return talk.participations.get(organization=actor.organization)


def test_a_new_proposal_is_its_own_sides_alone_and_starts_the_preparation(
    talk: Negotiation, municipal_editor: Actor, host_editor: Actor
) -> None:
    goal = new_goal(talk, municipal_editor)
    assert (goal.proposer, goal.created_by, goal.shared_at) == (
        municipal_editor.organization, municipal_editor.person, None
    )  # fmt: skip
    assert seat(talk, municipal_editor).preparation == Preparation.UNDER_WAY
    assert goal in Goal.objects.visible_to(municipal_editor)
    assert goal not in Goal.objects.visible_to(host_editor)
    assert not Event.objects.exists()


def test_what_is_added_after_marking_ready_is_shared_at_once(talk: Negotiation, municipal_editor: Actor) -> None:
    talk.participations.filter(organization=municipal_editor.organization).update(preparation=Preparation.READY)
    assert new_goal(talk, municipal_editor).shared_at is not None


def test_what_the_host_adds_after_the_talk_is_shared_at_once(talk: Negotiation, host_editor: Actor) -> None:
    assert new_goal(talk, host_editor).shared_at is None
    talk.held_at = timezone.now()
    assert new_goal(talk, host_editor).shared_at is not None


def test_changing_what_is_shared_is_written_down_and_what_is_not_is_not(
    talk: Negotiation, municipal_editor: Actor
) -> None:
    own = municipal_editor.organization
    for shared_at in (None, timezone.now()):
        proposing.saved(make_goal(talk, proposer=own, shared_at=shared_at), by=municipal_editor)
    assert Event.objects.count() == 1
    talk.refresh_from_db()
    assert talk.content_version == 3


def test_sharing_a_measure_shares_the_goal_above_it(talk: Negotiation, municipal_editor: Actor) -> None:
    own = municipal_editor.organization
    goal = make_goal(talk, proposer=own, shared_at=None)
    measure = make_measure(talk, goal=goal, proposer=own, shared_at=None)
    proposing.share(measure, by=municipal_editor)
    for row in (goal, measure):
        row.refresh_from_db()
        assert row.shared_at
    with pytest.raises(NotNowError):
        proposing.share(measure, by=municipal_editor)


def test_another_sides_proposal_is_not_shared_for_it(
    talk: Negotiation, host_editor: Actor, municipal_editor: Actor
) -> None:
    goal = make_goal(talk, proposer=municipal_editor.organization, shared_at=None)
    with pytest.raises((NotNowError, PermissionDenied)):
        proposing.share(goal, by=host_editor)


@pytest.mark.parametrize("state", [State.INVITED, State.MEMO_DRAFT, State.CONFIRMED])
def test_sharing_ends_with_the_memo_draft(talk: Negotiation, municipal_editor: Actor, state: State) -> None:
    goal = make_goal(talk, proposer=municipal_editor.organization, shared_at=None)
    Negotiation.objects.update(state=state)
    with pytest.raises((NotNowError, PermissionDenied)):
        proposing.share(goal, by=municipal_editor)


# -- Decisions, reports, outcomes --------------------------------------------------------------------------------------------
def test_a_decision_is_written_down_with_its_reason(talk: Negotiation, host_editor: Actor) -> None:
    Negotiation.objects.update(state=State.HELD)
    measure = make_measure(talk, decision=Decision.PROPOSED)
    measure.decision, measure.decision_reason = Decision.REJECTED, "Ei rahaa"
    proposing.decide(measure, measure.save, by=host_editor)
    event = Event.objects.get()
    assert (event.act, event.reason, event.details["decision"]) == ("decide", "Ei rahaa", "rejected")


def test_a_report_carries_its_progress_to_the_measure(county: Organization, municipal_editor: Actor) -> None:
    talk = make_talk(State.FOLLOWING, of=make_round(county))
    measure = make_measure(talk, owner=municipal_editor.organization)
    report = proposing.report(measure, by=municipal_editor, progress="delayed", note="Avoin virka")
    measure.refresh_from_db()
    assert (measure.progress, report.on_behalf, report.organization) == (
        "delayed",
        False,
        municipal_editor.organization,
    )
    assert measure.reported_on == report.on


def test_a_report_of_the_host_is_marked_as_written_on_behalf(county: Organization, host_editor: Actor) -> None:
    talk = make_talk(State.FOLLOWING, of=make_round(county))
    measure = make_measure(talk, owner=make_municipality(county=county))
    assert proposing.report(measure, by=host_editor, progress="done").on_behalf
    assert not proposing.report(make_measure(talk), by=host_editor, progress="done").on_behalf


def test_the_holder_of_the_post_reports_whatever_her_duty(county: Organization) -> None:
    owner = make_municipality(county=county)
    holder, reader = make_actor(owner, Duty.READER), make_actor(owner, Duty.READER)
    assert holder.person
    post = Post.objects.create(organization=owner, title_fi="johtaja", holder=holder.person.memberships.get())
    measure = make_measure(make_talk(State.FOLLOWING, of=make_round(county)), owner=owner, owner_post=post)
    proposing.report(measure, by=holder, progress="done")
    with pytest.raises(PermissionDenied):
        proposing.report(measure, by=reader, progress="done")
    assert FollowUp.objects.count() == 1


def test_the_host_sets_an_outcome_only_after_the_measures_date(county: Organization, host_editor: Actor) -> None:
    talk = make_talk(State.FOLLOWING, of=make_round(county))
    owner = make_municipality(county=county)
    late, future = (make_measure(talk, owner=owner, ends_on=day) for day in (date(2020, 1, 1), date(2090, 1, 1)))
    proposing.set_outcome(late, late.save, by=host_editor)
    with pytest.raises(NotNowError):
        proposing.set_outcome(future, future.save, by=host_editor)
    assert list(Event.objects.values_list("act", flat=True)) == ["set_outcome"]


def test_a_withdrawn_measure_stays_with_its_reason(talk: Negotiation, host_editor: Actor) -> None:
    from negotiations.lifecycle import Act

    measure = make_measure(talk, decision=Decision.PROPOSED)
    measure.decision_reason = "Yhdistettiin toiseen"
    proposing.decide(measure, measure.save, by=host_editor, act=Act.WITHDRAW)
    assert Measure.objects.live().get().decision == Decision.WITHDRAWN
