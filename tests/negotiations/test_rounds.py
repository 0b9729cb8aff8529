"""A round: made on one guided page, read by those whom it concerns."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hyte_portal.dates import is_working_day
from negotiations.lifecycle import RoundState, State
from negotiations.models import Event, Goal, Round
from negotiations.phase_dates import default_phase_dates, moved
from organizations.actors import Actor
from organizations.models import Organization, OrganizationCode
from tests.factories import act_as, make_actor, make_county
from tests.talks import make_age_group, make_goal, make_round, make_talk, make_theme

pytestmark = pytest.mark.django_db


def signed_in(actor: Actor) -> Client:
    assert actor.person
    return act_as(Client(), actor.person, actor.organization)


def form(**fields: Any) -> dict[str, Any]:
    return {
        "year": 2026, "year_of_effect": 2027, "basis": "7", "forms": ["joint", "ngos_apart"], "languages": ["fi"],
        "record_type": "memo", "comment_days": 14, "name_fi": "HYTE-foorumi 2026",
    } | fields  # fmt: skip


def test_the_page_starts_with_sensible_defaults(county: Organization, host_editor: Actor) -> None:
    with time_machine.travel(datetime(2026, 2, 2, 8, tzinfo=UTC), tick=False):
        page = signed_in(host_editor).get("/en/neuvottelut/kierrokset/uusi/").content.decode()
    assert 'value="2026"' in page
    assert 'value="2027"' in page
    for day in default_phase_dates(2026).values():
        assert f'value="{day.isoformat()}"' in page


def test_default_dates_are_working_days_in_the_order_of_the_year() -> None:
    for year in range(2026, 2032):
        days = list(default_phase_dates(year).values())
        assert all(map(is_working_day, days))
    assert moved(date(2026, 10, 5), 1) == date(2027, 10, 4)


def test_a_made_round_is_planned_written_down_and_shown(county: Organization, host_editor: Actor) -> None:
    answer = signed_in(host_editor).post(reverse("negotiations:round_new"), form(), follow=True)
    row = Round.objects.get()
    assert (row.convener, row.state, row.forms) == (county, RoundState.PLANNED, ["joint", "ngos_apart"])
    assert Event.objects.get(round=row).act == "create_round"
    assert "HYTE-foorumi 2026" in answer.content.decode()


def test_helsinki_starts_from_its_own_section(db: None) -> None:
    helsinki = make_county("Helsingin kaupunki")
    OrganizationCode.objects.create(organization=helsinki, classification="municipality", code="091")
    page = signed_in(make_actor(helsinki)).get("/fi/neuvottelut/kierrokset/uusi/").content.decode()
    assert '<option value="6" selected' in page


def test_form_and_languages_are_fixed_after_the_first_invitation(county: Organization, host_editor: Actor) -> None:
    row = make_round(county, forms=["joint"])
    make_talk(State.INVITED, of=row)
    data = form(forms=["single"], languages=["fi", "sv"], version=row.version)
    assert (
        signed_in(host_editor).post(reverse("negotiations:round_edit", args=[row.public_id]), data).status_code == 302
    )
    row.refresh_from_db()
    assert (row.forms, row.languages, row.name_fi) == (["joint"], ["fi"], "HYTE-foorumi 2026")


def test_a_closed_round_is_not_changed(county: Organization, host_editor: Actor) -> None:
    row = make_round(county, state=RoundState.CLOSED)
    assert signed_in(host_editor).get(reverse("negotiations:round_edit", args=[row.public_id])).status_code == 403


def test_each_reader_sees_the_talks_that_she_may(
    county: Organization, host_editor: Actor, municipal_editor: Actor, national_reader: Actor, outsider: Actor
) -> None:
    row = make_round(county)
    assert municipal_editor.organization
    make_talk(State.PREPARING, of=row, guests=[municipal_editor.organization], title_fi="Kuopion neuvottelu")
    make_talk(State.PREPARING, of=row, title_fi="Toisen kunnan neuvottelu")
    make_talk(State.DRAFT, of=row, title_fi="Luonnos neuvottelusta")
    seen = {}
    for who, actor in (("host", host_editor), ("guest", municipal_editor), ("national", national_reader)):
        page = signed_in(actor).get(row.get_absolute_url()).content.decode()
        seen[who] = [title in page for title in ("Kuopion", "Toisen kunnan", "Luonnos neuvottelusta")]
    assert seen == {"host": [True, True, True], "guest": [True, False, False], "national": [False, False, False]}
    assert signed_in(outsider).get(row.get_absolute_url()).status_code == 404


def test_a_round_without_talks_says_what_comes(county: Organization, host_editor: Actor) -> None:
    page = signed_in(host_editor).get(make_round(county).get_absolute_url()).content.decode()
    assert 'class="empty"' in page
    assert "/uusi/" in page


def test_a_common_goal_is_seen_by_the_table_and_edited_until_a_memo_is_confirmed(
    county: Organization, host_editor: Actor, municipal_editor: Actor
) -> None:
    row = make_round(county)
    assert municipal_editor.organization
    talk = make_talk(State.PREPARING, of=row, guests=[municipal_editor.organization])
    data = {"title_fi": "Yhteinen tavoite", "theme": make_theme().pk, "age_group": make_age_group().pk,
            "origin": "plan", "level": "joint"}  # fmt: skip
    client = signed_in(host_editor)
    assert client.post(reverse("negotiations:common_goal_new", args=[row.public_id]), data).status_code == 302
    goal = Goal.objects.get()
    assert (goal.negotiation, bool(goal.shared_at)) == (None, True)
    assert "Yhteinen tavoite" in signed_in(municipal_editor).get(row.get_absolute_url()).content.decode()
    edit = reverse("negotiations:proposal_edit", args=["tavoitteet", goal.public_id])
    assert client.get(edit).status_code == 200
    assert signed_in(municipal_editor).get(edit).status_code == 403
    type(talk).objects.filter(pk=talk.pk).update(state=State.CONFIRMED, confirmed_at=datetime(2026, 12, 1, tzinfo=UTC))
    assert client.get(edit).status_code == 403
    make_goal(talk)
