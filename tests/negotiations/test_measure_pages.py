"""A measure's own page: the promise, the decision, how it goes, what became of it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from negotiations.lifecycle import State
from negotiations.models import FollowUp, Measure, Negotiation
from negotiations.vocabulary import Decision
from organizations.actors import Actor
from organizations.models import Duty, Organization
from tests.factories import act_as, make_actor, make_municipality
from tests.talks import make_measure, make_round, make_talk

pytestmark = pytest.mark.django_db


def signed_in(actor: Actor) -> Client:
    assert actor.person
    return act_as(Client(), actor.person, actor.organization)


def url(name: str, measure: Measure) -> str:
    return "/en/" + reverse(f"negotiations:{name}", args=[measure.public_id]).split("/", 2)[2]


@pytest.fixture
def owner(county: Organization) -> Actor:
    """An editor of a municipality that owns a measure and is not at the table."""
    return make_actor(make_municipality("Leppävirta", county), Duty.EDITOR)


def talk_of(county: Organization, state: str) -> Negotiation:
    return make_talk(state, of=make_round(county), title_fi="Kuopion oma neuvottelu")


def test_an_owner_who_is_not_at_the_table_sees_just_its_measure(county: Organization, owner: Actor) -> None:
    talk = talk_of(county, State.CONFIRMED)
    measure = make_measure(talk, owner=owner.organization, title_fi="Kävelykummit joka kylään")
    client = signed_in(owner)
    page = client.get(url("measure", measure)).content.decode()
    assert "Kävelykummit joka kylään" in page
    assert reverse("negotiations:negotiation", args=[talk.public_id]) not in page
    assert client.get(talk.get_absolute_url()).status_code == 404
    assert client.get(url("measure", make_measure(talk))).status_code == 404


def test_before_confirming_the_absent_owner_sees_nothing(county: Organization, owner: Actor) -> None:
    measure = make_measure(talk_of(county, State.COMMENTING), owner=owner.organization)
    assert signed_in(owner).get(url("measure", measure)).status_code == 404


def test_the_owner_reports_and_no_change_repeats_the_last_progress(county: Organization, owner: Actor) -> None:
    measure = make_measure(talk_of(county, State.FOLLOWING), owner=owner.organization)
    client = signed_in(owner)
    assert client.post(url("report", measure), {"progress": "on_course", "note": "Alkoi"}).status_code == 302
    assert client.post(url("report", measure), {"no_change": "1"}).status_code == 302
    assert list(FollowUp.objects.order_by("pk").values_list("progress", flat=True)) == ["on_course", "on_course"]


@pytest.mark.parametrize("progress", ["delayed", "interrupted"])
def test_a_delay_asks_why(county: Organization, owner: Actor, progress: str) -> None:
    measure = make_measure(talk_of(county, State.FOLLOWING), owner=owner.organization)
    answer = signed_in(owner).post(url("report", measure), {"progress": progress})
    assert answer.status_code == 422
    assert not FollowUp.objects.exists()


def test_a_report_is_asked_for_its_progress(county: Organization, owner: Actor) -> None:
    measure = make_measure(talk_of(county, State.FOLLOWING), owner=owner.organization)
    assert signed_in(owner).post(url("report", measure), {"note": "Alkoi"}).status_code == 422


def test_the_reports_are_on_the_page_newest_first_with_whose_they_are(
    county: Organization, owner: Actor, host_editor: Actor
) -> None:
    measure = make_measure(talk_of(county, State.FOLLOWING), owner=owner.organization)
    for client, note in ((signed_in(owner), "Vanhempi raportti"), (signed_in(host_editor), "Uudempi raportti")):
        client.post(url("report", measure), {"progress": "on_course", "note": note})
    page = signed_in(owner).get(url("measure", measure)).content.decode()
    assert page.index("Uudempi raportti") < page.index("Vanhempi raportti")
    assert "on behalf" in page


@pytest.mark.parametrize("decision", [Decision.DEFERRED, Decision.REJECTED])
def test_a_decision_against_asks_for_its_reason(county: Organization, host_editor: Actor, decision: str) -> None:
    measure = make_measure(talk_of(county, State.HELD), decision=Decision.PROPOSED)
    data = {"decision": decision, "version": measure.version}
    client = signed_in(host_editor)
    assert client.post(url("decide", measure), data).status_code == 422
    assert client.post(url("decide", measure), data | {"decision_reason": "Ei rahaa"}).status_code == 302
    measure.refresh_from_db()
    assert measure.decision == decision


def test_no_decision_is_preselected(county: Organization, host_editor: Actor) -> None:
    measure = make_measure(talk_of(county, State.HELD), decision=Decision.PROPOSED)
    page = signed_in(host_editor).get(url("decide", measure)).content.decode()
    assert " checked" not in page


def test_decisions_are_recorded_side_by_side_all_or_none(county: Organization, host_editor: Actor) -> None:
    talk = talk_of(county, State.HELD)
    first, second = (make_measure(talk, decision=Decision.PROPOSED) for _each in range(2))
    address = "/en/" + reverse("negotiations:decisions", args=[talk.public_id]).split("/", 2)[2]
    client = signed_in(host_editor)

    def sent(*decisions: str) -> dict[str, Any]:
        rows = zip((first, second), decisions, strict=True)
        data = {f"{row.public_id}-decision": decision for row, decision in rows}
        return data | {f"{row.public_id}-version": str(row.version) for row in (first, second)}

    assert client.post(address, sent("agreed", "rejected")).status_code == 422  # a reason is missing: none is saved
    assert set(Measure.objects.values_list("decision", flat=True)) == {"proposed"}
    assert client.post(address, sent("agreed", "amended")).status_code == 302
    assert set(Measure.objects.values_list("decision", flat=True)) == {"agreed", "amended"}


def test_withdrawing_asks_for_a_reason_and_keeps_the_measure(county: Organization, host_editor: Actor) -> None:
    measure = make_measure(talk_of(county, State.HELD), decision=Decision.PROPOSED)
    client = signed_in(host_editor)
    assert client.post(url("withdraw", measure), {"version": measure.version}).status_code == 422
    data = {"version": measure.version, "decision_reason": "Yhdistettiin toiseen"}
    assert client.post(url("withdraw", measure), data).status_code == 302
    assert Measure.objects.get().decision == Decision.WITHDRAWN
    assert "Yhdistettiin toiseen" in client.get(url("measure", measure)).content.decode()


def test_an_outcome_asks_for_reasons_and_again_when_it_changes(county: Organization, owner: Actor) -> None:
    measure = make_measure(talk_of(county, State.FOLLOWING), owner=owner.organization, ends_on=date(2026, 1, 31))
    client = signed_in(owner)

    def send(outcome: str, reason: str = "") -> int:
        version = Measure.objects.get().version
        data = {"outcome": outcome, "outcome_reason": reason, "version": version}
        return client.post(url("outcome", measure), data).status_code

    assert send("partly") == 422
    assert send("done") == 302
    assert send("not_done") == 422
    assert send("partly", "Puolet jäi tekemättä") == 302
    assert Measure.objects.get().outcome == "partly"


def test_who_may_not_report_is_refused(county: Organization, owner: Actor) -> None:
    """A reader of the owner's house sees the measure; the post's holder and editors report."""
    assert owner.organization
    measure = make_measure(talk_of(county, State.FOLLOWING), owner=owner.organization)
    reader = signed_in(make_actor(owner.organization, Duty.READER))
    assert reader.get(url("measure", measure)).status_code == 200
    assert reader.post(url("report", measure), {"progress": "done"}).status_code == 403
    assert "/raportoi/" not in reader.get(url("measure", measure)).content.decode()
