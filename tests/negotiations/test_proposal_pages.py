"""Pages on which goals, measures, cooperation and ways of follow-up are written."""

from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from negotiations.lifecycle import State
from negotiations.models import Cooperation, FollowUpPlan, Goal, Measure, Negotiation
from organizations.actors import Actor
from organizations.models import Organization, Post
from tests.factories import act_as, make_municipality
from tests.talks import make_age_group, make_goal, make_measure, make_round, make_talk, make_theme

pytestmark = pytest.mark.django_db
KINDS: Final[dict[str, tuple[Any, str]]] = {
    "tavoitteet": (Goal, "title"), "toimenpiteet": (Measure, "title"), "yhteistyo": (Cooperation, "subject"),
    "seurantatavat": (FollowUpPlan, "what"),
}  # fmt: skip


@pytest.fixture
def talk(county: Organization, municipality: Organization) -> Negotiation:
    return make_talk(State.PREPARING, of=make_round(county, languages=["fi", "sv"]), guests=[municipality])


@pytest.fixture
def guest(municipal_editor: Actor) -> Client:
    assert municipal_editor.person
    return act_as(Client(), municipal_editor.person, municipal_editor.organization)


def new(talk: Negotiation, kind: str) -> str:
    return reverse("negotiations:proposal_new", args=[talk.public_id, kind])


def form(talk: Negotiation, kind: str) -> dict[str, Any]:
    field = KINDS[kind][1]
    data: dict[str, Any] = {f"{field}_fi": "Suomeksi", f"{field}_sv": "På svenska"}
    if kind == "tavoitteet":
        data |= {"theme": make_theme().pk, "age_group": make_age_group().pk, "origin": "plan", "level": "joint"}
    if kind == "toimenpiteet":
        data["goal"] = make_goal(talk).pk
    return data


@pytest.mark.parametrize("kind", KINDS)
def test_a_proposal_is_written_in_both_languages_for_ones_own_side(
    talk: Negotiation, guest: Client, municipality: Organization, kind: str
) -> None:
    assert guest.get(new(talk, kind)).status_code == 200
    assert guest.post(new(talk, kind), form(talk, kind)).status_code == 302
    rows, field = KINDS[kind]
    row = rows.objects.get(proposer=municipality)
    assert (getattr(row, f"{field}_fi"), getattr(row, f"{field}_sv"), row.shared_at) == ("Suomeksi", "På svenska", None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_proposal_without_its_title_is_asked_for_it(talk: Negotiation, guest: Client, kind: str) -> None:
    field = KINDS[kind][1]
    data = form(talk, kind) | {f"{field}_fi": " ", f"{field}_sv": ""}
    answer = guest.post(new(talk, kind), data)
    assert answer.status_code == 422
    assert f'href="#id_{field}_fi"' in answer.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_one_language_is_enough_and_the_other_is_asked_only_where_it_is_used(
    talk: Negotiation, guest: Client, kind: str
) -> None:
    field = KINDS[kind][1]
    assert guest.post(new(talk, kind), form(talk, kind) | {f"{field}_fi": ""}).status_code == 302
    talk.languages = ["fi"]
    talk.save()
    assert f"{field}_sv" not in guest.get(new(talk, kind)).content.decode()


def test_an_unknown_kind_is_not_found(talk: Negotiation, guest: Client) -> None:
    assert guest.get(new(talk, "muu")).status_code == 404


def measure_form(talk: Negotiation, **fields: Any) -> dict[str, Any]:
    return form(talk, "toimenpiteet") | fields


def test_a_measure_names_owner_post_partners_and_dates(
    talk: Negotiation, guest: Client, municipality: Organization, county: Organization
) -> None:
    data = measure_form(
        talk, owner=municipality.pk, owner_post_title="nuorisojohtaja", starts_on="2027-01-01", ends_on="2027-12-31",
        partner_0=county.pk, partner_role_0="drives", follow_up_fi="Osallistujat",
    )  # fmt: skip
    assert guest.post(new(talk, "toimenpiteet"), data).status_code == 302
    measure = Measure.objects.get()
    assert (measure.owner, str(measure.owner_post)) == (municipality, "nuorisojohtaja")
    assert [(one.organization, one.role) for one in measure.partners.all()] == [(county, "drives")]
    assert measure.missing == ()


def test_a_post_is_written_once_for_all_measures(talk: Negotiation, guest: Client, municipality: Organization) -> None:
    for title in ("nuorisojohtaja", "Nuorisojohtaja"):
        guest.post(new(talk, "toimenpiteet"), measure_form(talk, owner=municipality.pk, owner_post_title=title))
    assert Post.objects.count() == 1


def test_a_post_without_its_organisation_is_asked_for_it(talk: Negotiation, guest: Client) -> None:
    answer = guest.post(new(talk, "toimenpiteet"), measure_form(talk, owner_post_title="nuorisojohtaja"))
    assert answer.status_code == 422


def test_the_same_partner_twice_is_told(talk: Negotiation, guest: Client, county: Organization) -> None:
    data = measure_form(talk, partner_0=county.pk, partner_1=county.pk)
    assert guest.post(new(talk, "toimenpiteet"), data).status_code == 422


def test_a_partner_that_is_cleared_is_gone_after_saving(
    talk: Negotiation, guest: Client, county: Organization, municipality: Organization
) -> None:
    measure = make_measure(talk, proposer=municipality, shared_at=None)
    measure.partners.create(organization=county)
    data = measure_form(talk, goal=measure.goal_id, version=measure.version, partner_0="")
    url = reverse("negotiations:proposal_edit", args=["toimenpiteet", measure.public_id])
    assert guest.post(url, data).status_code == 302
    assert not measure.partners.exists()


def test_an_owner_that_ended_stays_choosable_where_it_stands(
    talk: Negotiation, guest: Client, county: Organization, municipality: Organization
) -> None:
    from datetime import date

    gone = make_municipality("Pertunmaa", county, valid_until=date(2025, 1, 1))
    measure = make_measure(talk, proposer=municipality, owner=gone, shared_at=None)
    url = reverse("negotiations:proposal_edit", args=["toimenpiteet", measure.public_id])
    assert "Pertunmaa" in guest.get(url).content.decode()
    assert "Pertunmaa" not in guest.get(new(talk, "toimenpiteet")).content.decode()


def test_sharing_one_proposal_shows_it_to_the_table(
    talk: Negotiation, guest: Client, municipality: Organization, host_editor: Actor
) -> None:
    goal = make_goal(talk, proposer=municipality, shared_at=None)
    url = reverse("negotiations:proposal_share", args=["tavoitteet", goal.public_id])
    assert guest.post(url).status_code == 302
    assert goal in Goal.objects.visible_to(host_editor)
    assert guest.post(url).status_code == 409


def test_a_goal_of_another_side_is_not_offered_until_it_is_shared(
    talk: Negotiation, guest: Client, county: Organization
) -> None:
    make_goal(talk, title_fi="Maakunnan salattu tavoite", shared_at=None)
    make_goal(talk, title_fi="Yhteinen näkyvä tavoite")
    page = guest.get(new(talk, "toimenpiteet")).content.decode()
    assert "Yhteinen näkyvä tavoite" in page
    assert "Maakunnan salattu" not in page
