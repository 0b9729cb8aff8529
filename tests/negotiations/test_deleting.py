"""What was never shared can be deleted and brought back for 30 days; an old link then says so, to those who could see it."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from negotiations import deleting
from negotiations.actions import NotNowError
from negotiations.lifecycle import State
from negotiations.models import Goal, Measure, Negotiation
from organizations.actors import Actor
from organizations.models import Organization
from tests.factories import act_as
from tests.talks import make_goal, make_measure, make_round, make_talk

pytestmark = pytest.mark.django_db
NOW: Final = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def at(days: int) -> Any:
    return time_machine.travel(NOW + timedelta(days=days), tick=False)


@pytest.fixture
def plan(county: Organization) -> Negotiation:
    return make_talk(State.DRAFT, of=make_round(county))


def signed_in(actor: Actor) -> Client:
    assert actor.person
    return act_as(Client(), actor.person, actor.organization)


def test_a_plan_is_deleted_and_brought_back_within_30_days(plan: Negotiation, host_editor: Actor) -> None:
    for days, back in ((29, True), (31, False)):
        with at(0):
            deleting.delete_talk(plan, by=host_editor)
        assert not Negotiation.objects.visible_to(host_editor).exists()
        with at(days):
            deleting.restore_talk(plan)
        assert Negotiation.objects.visible_to(host_editor).exists() == back


def test_what_was_invited_is_cancelled_not_deleted(plan: Negotiation, host_editor: Actor) -> None:
    Negotiation.objects.update(state=State.INVITED)
    with pytest.raises(NotNowError):
        deleting.delete_talk(plan, by=host_editor)


def test_an_old_link_to_a_deleted_plan_is_410_to_its_host_and_404_to_others(
    plan: Negotiation, host_editor: Actor, outsider: Actor, municipal_editor: Actor
) -> None:
    deleting.delete_talk(plan, by=host_editor)
    for tab in ("negotiation", "agenda", "parties", "history", "documents"):
        url = reverse(f"negotiations:{tab}", args=[plan.public_id])
        answer = signed_in(host_editor).get(url)
        assert answer.status_code == 410
        assert "<h1" in answer.content.decode()
        assert {signed_in(other).get(url).status_code for other in (outsider, municipal_editor)} == {404}


def test_an_unshared_proposal_is_deleted_with_an_undo(county: Organization, municipal_editor: Actor) -> None:
    own = municipal_editor.organization
    assert own
    talk = make_talk(State.PREPARING, of=make_round(county), guests=[own])
    goal = make_goal(talk, proposer=own, shared_at=None)
    client = signed_in(municipal_editor)
    args = ["tavoitteet", goal.public_id]
    answer = client.post(reverse("negotiations:proposal_delete", args=args), {"x": "1"}, follow=True)
    undo = reverse("negotiations:proposal_restore", args=args)
    assert undo in answer.content.decode()
    assert client.get(reverse("negotiations:proposal_edit", args=args)).status_code == 410
    assert client.post(undo).status_code == 302
    assert Goal.objects.live().filter(pk=goal.pk).exists()


def test_a_shared_proposal_is_not_deleted(county: Organization, host_editor: Actor) -> None:
    talk = make_talk(State.PREPARING, of=make_round(county))
    goal = make_goal(talk)
    with pytest.raises(PermissionDenied):
        deleting.delete_proposal(goal, by=host_editor)
    Goal.objects.update(shared_at=None)
    make_measure(talk, goal=goal, shared_at=None)
    with pytest.raises(PermissionDenied):
        deleting.delete_proposal(goal, by=host_editor)  # measures stand under it


def test_another_side_can_not_bring_it_back(county: Organization, municipal_editor: Actor, outsider: Actor) -> None:
    own = municipal_editor.organization
    assert own
    talk = make_talk(State.PREPARING, of=make_round(county), guests=[own])
    measure = make_measure(talk, proposer=own, shared_at=None)
    deleting.delete_proposal(measure, by=municipal_editor)
    url = reverse("negotiations:proposal_restore", args=["toimenpiteet", measure.public_id])
    assert signed_in(outsider).post(url).status_code == 404
    assert not Measure.objects.live().exists()


def test_a_measure_that_a_mail_named_is_told_to_be_gone(
    county: Organization, municipal_editor: Actor, outsider: Actor
) -> None:
    own = municipal_editor.organization
    assert own
    talk = make_talk(State.PREPARING, of=make_round(county), guests=[own])
    measure = make_measure(talk, proposer=own, shared_at=None)
    deleting.delete_proposal(measure, by=municipal_editor)
    url = measure.get_absolute_url()
    assert signed_in(municipal_editor).get(url).status_code == 410
    assert signed_in(outsider).get(url).status_code == 404
    assert Client().get(url).status_code == 302
