"""The lists of talks and measures: what each may see, the filters, pages, statements."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from negotiations.keyset import keyset_page
from negotiations.lifecycle import State
from negotiations.models import Measure, Negotiation
from organizations.actors import Actor
from organizations.models import Organization
from tests.factories import act_as, make_actor, make_municipality, make_organization
from tests.talks import make_goal, make_measure, make_round, make_talk, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(datetime(2026, 11, 25, 7, 0, tzinfo=UTC), tick=False), translation.override("en"):
        yield


def get(actor: Actor, name: str, query: str = "") -> str:
    assert actor.person is not None
    response = act_as(Client(), actor.person, actor.organization).get(reverse(f"negotiations:{name}") + query)
    assert response.status_code == 200
    return response.content.decode()


def statements(actor: Actor, name: str, query: str = "") -> int:
    assert actor.person is not None
    client = act_as(Client(), actor.person, actor.organization)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse(f"negotiations:{name}") + query)
    return len(queries)


@pytest.fixture
def talk(county: Organization, municipality: Organization) -> Negotiation:
    return make_talk(State.PREPARING, of=make_round(county), guests=[municipality], title_fi="Kuopion neuvottelu")


# -- Talks -------------------------------------------------------------------------------------------------------------
def test_the_table_sees_its_talk_and_others_do_not(
    talk: Negotiation, host_editor: Actor, municipal_editor: Actor, outsider: Actor, association_editor: Actor
) -> None:
    for actor in (host_editor, municipal_editor):
        assert "Kuopion neuvottelu" in get(actor, "list")
    for actor in (outsider, association_editor):
        assert "Kuopion neuvottelu" not in get(actor, "list")


def test_a_draft_is_the_hosts_alone(talk: Negotiation, host_editor: Actor, municipal_editor: Actor) -> None:
    Negotiation.objects.update(state=State.DRAFT)
    assert "Kuopion neuvottelu" in get(host_editor, "list")
    assert "Kuopion neuvottelu" not in get(municipal_editor, "list")


def test_who_browses_all_regions_sees_confirmed_talks_only(talk: Negotiation, national_reader: Actor) -> None:
    make_talk(State.CONFIRMED, of=talk.round, title_fi="Vahvistettu neuvottelu")
    text = get(national_reader, "list")
    assert "Vahvistettu neuvottelu" in text
    assert "Kuopion neuvottelu" not in text


def test_the_list_asks_to_sign_in(client: Client) -> None:
    assert client.get(reverse("negotiations:list")).status_code == 302
    assert client.get(reverse("negotiations:measures")).status_code == 302


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?year=2026", ["Kuopion neuvottelu"]),
        ("?year=2025", ["Iisalmen neuvottelu"]),
        ("?state=closed", ["Iisalmen neuvottelu"]),
        ("?q=kuop", ["Kuopion neuvottelu"]),
        ("?q=IISAL", ["Iisalmen neuvottelu"]),
        ("?q=Siilin", ["Iisalmen neuvottelu"]),
        ("?q=nothing", []),
        ("?turn=mine", ["Kuopion neuvottelu"]),
        ("?turn=others", ["Iisalmen neuvottelu"]),
        ("?year=nonsense&state=nonsense&turn=nonsense", ["Iisalmen neuvottelu", "Kuopion neuvottelu"]),
    ],
)
def test_filters_narrow_the_list(talk: Negotiation, host_editor: Actor, query: str, shown: list[str]) -> None:
    guest = make_municipality("Siilinjärvi", talk.convener)
    past = make_round(talk.convener, year=2025)
    make_talk(State.CLOSED, of=past, guests=[guest], title_fi="Iisalmen neuvottelu")
    text = get(host_editor, "list", query)
    found = [title for title in ("Iisalmen neuvottelu", "Kuopion neuvottelu") if title in text]
    assert found == shown


def test_the_county_is_asked_only_where_there_are_several(talk: Negotiation) -> None:
    association = make_organization("Laaja Yhdistys ry")
    actor = make_actor(association)
    talk.participations.create(organization=association)
    assert 'name="county"' not in get(actor, "list")
    other = make_talk(State.INVITED, guests=[association], title_fi="Toinen neuvottelu")
    assert 'name="county"' in get(actor, "list")
    text = get(actor, "list", f"?county={other.convener.slug}")
    assert "Toinen neuvottelu" in text
    assert "Kuopion neuvottelu" not in text


def test_a_new_round_is_offered_to_those_who_may_make_it(
    host_editor: Actor, host_confirmer: Actor, municipal_editor: Actor
) -> None:
    assert reverse("negotiations:round_new") in get(host_editor, "list")
    for actor in (host_confirmer, municipal_editor):
        assert reverse("negotiations:round_new") not in get(actor, "list")


def test_rounds_of_the_own_area_are_linked_once_they_are_open(
    county: Organization, host_editor: Actor, municipal_editor: Actor
) -> None:
    planned = make_round(county, year=2027, state="planned")
    opened = make_round(county, year=2026)
    assert planned.get_absolute_url() in get(host_editor, "list")
    text = get(municipal_editor, "list")
    assert opened.get_absolute_url() in text
    assert planned.get_absolute_url() not in text


def test_empty_lists_say_what_comes_and_how(
    host_editor: Actor, national_reader: Actor, municipal_editor: Actor
) -> None:
    assert "No round is open." in get(host_editor, "list")
    assert "No memo is confirmed yet." in get(national_reader, "list")
    assert "No negotiations yet." in get(municipal_editor, "list")
    assert "No negotiation passes these filters." in get(municipal_editor, "list", "?q=x")
    assert "No agreed measures yet." in get(municipal_editor, "measures")
    assert "No measure passes these filters." in get(municipal_editor, "measures", "?q=x")


def test_the_list_takes_seven_statements_at_most_whatever_its_length(
    talk: Negotiation, association_editor: Actor
) -> None:
    association = association_editor.organization
    assert association is not None
    talk.participations.create(organization=association)
    few = statements(association_editor, "list")
    for _number in range(19):
        make_talk(State.PREPARING, of=talk.round, guests=[association])
    assert statements(association_editor, "list") == few
    assert few <= 7


# -- Pages -------------------------------------------------------------------------------------------------------------
def walk(query: str, rows: Any) -> tuple[list[int], Any]:
    page = keyset_page(rows, QueryDict(query), ("year", "pk"), size=3)
    return [row.pk for row in page.rows], page


def test_pages_lead_forth_and_back_without_loss(county: Organization) -> None:
    for year in (2024, 2025, 2026):
        of = make_round(county, year=year)
        for _number in range(3):
            make_talk(of=of, guests=[])
    whole = list(Negotiation.objects.order_by("-year", "-pk").values_list("pk", flat=True))
    rows = Negotiation.objects.all()
    first, page = walk("q=x", rows)
    assert (first, page.previous_url) == (whole[:3], "")
    second, page = walk(page.next_url[1:], rows)
    assert second == whole[3:6]
    assert "q=x" in page.next_url
    third, last = walk(page.next_url[1:], rows)
    assert (third, last.next_url) == (whole[6:], "")
    assert walk(last.previous_url[1:], rows)[0] == whole[3:6]
    back, page = walk(walk(last.previous_url[1:], rows)[1].previous_url[1:], rows)
    assert (back, page.previous_url) == (whole[:3], "")


def test_a_page_after_a_row_that_is_gone_is_empty(talk: Negotiation) -> None:
    assert walk("after=nosuchrow1", Negotiation.objects.all())[0] == []


def test_a_deep_page_is_read_from_the_index(talk: Negotiation) -> None:
    rows = Negotiation.objects.all()
    with CaptureQueriesContext(connection) as queries:
        keyset_page(rows, QueryDict(f"after={talk.public_id}"), ("year", "pk"))
    [statement] = queries.captured_queries
    assert "(ROW(" in statement["sql"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Cond: (ROW(year, id) < ROW(" in plan


# -- Measures ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def promised(county: Organization, municipality: Organization) -> Negotiation:
    return make_talk(State.FOLLOWING, of=make_round(county), guests=[municipality])


def test_measures_are_seen_by_the_table_and_by_their_owner(
    promised: Negotiation, host_editor: Actor, municipal_editor: Actor, outsider: Actor, national_reader: Actor
) -> None:
    owner = make_actor(make_organization("Vertaisverkko ry"))
    make_measure(promised, owner=owner.organization, title_fi="Vertaisryhmät alkavat")
    make_measure(promised, title_fi="Alueen oma toimi")
    make_measure(promised, title_fi="Hylätty toimi", decision="rejected")
    for actor in (host_editor, municipal_editor):
        text = get(actor, "measures")
        assert "Vertaisryhmät alkavat" in text
        assert "Alueen oma toimi" in text
        assert "Hylätty toimi" not in text
    text = get(owner, "measures")
    assert "Vertaisryhmät alkavat" in text
    assert "Alueen oma toimi" not in text
    for actor in (outsider, national_reader):
        assert "Vertaisryhmät alkavat" not in get(actor, "measures")


def test_a_report_is_offered_where_it_may_be_made(
    promised: Negotiation, host_editor: Actor, municipal_editor: Actor, reader: Actor
) -> None:
    measure = make_measure(promised, owner=municipal_editor.organization)
    link = reverse("negotiations:report", args=[measure.public_id])
    assert link in get(host_editor, "measures")
    assert link in get(municipal_editor, "measures")
    assert link not in get(reader, "measures")
    Measure.objects.update(outcome="done")
    assert link not in get(municipal_editor, "measures")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?mine=1", ["Kävelyryhmä"]),
        ("?year=2026", ["Kävelyryhmä", "Neuvola"]),
        ("?year=2025", []),
        ("?theme=sleep", ["Neuvola"]),
        ("?progress=delayed", ["Neuvola"]),
        ("?owner=kuopio", ["Kävelyryhmä"]),
        ("?q=käv", ["Kävelyryhmä"]),
        ("?q=Kuop", ["Kävelyryhmä"]),
    ],
)
def test_filters_narrow_the_measures(
    promised: Negotiation, municipal_editor: Actor, query: str, shown: list[str]
) -> None:
    make_measure(promised, owner=municipal_editor.organization, title_fi="Kävelyryhmä")
    goal = make_goal(promised, theme=make_theme("sleep"))
    make_measure(promised, goal=goal, title_fi="Neuvola", progress="delayed")
    text = get(municipal_editor, "measures", query)
    assert [title for title in ("Kävelyryhmä", "Neuvola") if title in text] == shown


def test_fifty_measures_a_page(promised: Negotiation, host_editor: Actor) -> None:
    goal = make_goal(promised)
    for number in range(51):
        make_measure(promised, goal=goal, title_fi=f"Toimi {number:02}")
    text = get(host_editor, "measures")
    assert "Toimi 50" in text
    assert "Toimi 00" not in text
    address = text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "Toimi 00" in get(host_editor, "measures", address)


def test_the_measures_take_as_many_statements_for_twenty_as_for_one(promised: Negotiation, host_editor: Actor) -> None:
    make_measure(promised)
    few = statements(host_editor, "measures")
    for _number in range(19):
        make_measure(promised)
    assert statements(host_editor, "measures") == few
    assert few <= 7
