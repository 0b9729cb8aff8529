"""All regions and one: each reader learns what she may, nothing is hidden as a zero, the public's page is kept."""

from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from negotiations import sums
from negotiations.lifecycle import State
from negotiations.models import Negotiation
from negotiations.regions import Region, regions_of
from negotiations.stages import Stage, stage_of
from organizations.actors import PUBLIC, Actor
from organizations.models import Organization
from tests.factories import act_as, make_county, make_municipality
from tests.talks import make_goal, make_measure, make_round, make_talk, make_theme

pytestmark = pytest.mark.django_db
S = State


@pytest.fixture(autouse=True)
def _today() -> Any:
    caches["parts"].clear()
    with time_machine.travel(datetime(2026, 11, 25, 7, 0, tzinfo=UTC), tick=False), translation.override("en"):
        yield


@pytest.fixture
def talk(county: Organization, municipality: Organization) -> Negotiation:
    of = make_round(county, memo_by=date(2026, 12, 4))
    return make_talk(S.MEMO_DRAFT, of=of, guests=[municipality], title_fi="Kuopion neuvottelu")


def moved(talk: Negotiation, state: str, **fields: Any) -> None:
    """Move as an act does: the content version rises, and the sums follow."""
    with sums.kept(talk):
        talk.state = state
        talk.content_version += 1
        for name, value in fields.items():
            setattr(talk, name, value)
        talk.save()


def get(actor: Actor | None, query: str = "", *, etag: str = "") -> HttpResponse:
    client = Client(headers={"if-none-match": etag} if etag else {})
    if actor and actor.person:
        act_as(client, actor.person, actor.organization)
    return cast("HttpResponse", client.get(reverse("negotiations:regions") + query))


def text_of(actor: Actor | None, query: str = "") -> str:
    return get(actor, query).content.decode()


def line(actor: Actor, county: Organization, theme: str | None = None) -> Region:
    return next(row for row in regions_of(actor, 2026, theme) if row.name == county.short)


# -- The stage ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("talks", "stage"),
    [
        ([(S.DRAFT, False), (S.PREPARING, False)], Stage.PREPARATION),
        ([(S.POSTPONED, False)], Stage.PREPARATION),
        ([(S.HELD, False), (S.INVITED, False)], Stage.UNDER_WAY),
        ([(S.HELD, False), (S.COMMENTING, False)], Stage.MEMO),
        ([(S.CONFIRMED, False), (S.PUBLISHED, True)], Stage.MEMO),
        ([(S.PUBLISHED, True), (S.FOLLOWING, True)], Stage.PUBLISHED),
        ([(S.FOLLOWING, True), (S.CLOSED, True)], Stage.FOLLOW_UP),
        ([(S.CANCELLED, False), (S.PUBLISHED, True)], Stage.PUBLISHED),
        ([(S.CANCELLED, False)], Stage.NOT_RECORDED),
        ([], Stage.NOT_RECORDED),
    ],
)
def test_a_countys_year_stands_where_its_talks_do(talks: list[tuple[str, bool]], stage: Stage) -> None:
    assert stage_of(talks, has_round=False, knows_all=True) == stage


def test_silence_means_no_information_only_to_who_would_know() -> None:
    assert stage_of([], has_round=False, knows_all=False) == Stage.NOT_PUBLISHED
    assert stage_of([], has_round=True, knows_all=True) == Stage.PREPARATION


# -- Who learns what ---------------------------------------------------------------------------------------------------
def test_before_publishing_only_the_area_and_who_browses_all_know(
    talk: Negotiation, host_editor: Actor, municipal_editor: Actor, national_reader: Actor, outsider: Actor
) -> None:
    for actor in (host_editor, municipal_editor, national_reader):
        assert line(actor, talk.convener).stage == Stage.MEMO
    for actor in (outsider, PUBLIC):
        assert line(actor, talk.convener).stage == Stage.NOT_PUBLISHED


def test_a_draft_is_not_known_even_by_count(
    talk: Negotiation, host_editor: Actor, municipal_editor: Actor, national_reader: Actor
) -> None:
    moved(talk, S.DRAFT)
    talk.round.state = "planned"
    talk.round.save()
    make_measure(talk)
    for actor in (municipal_editor, national_reader):
        row = line(actor, talk.convener)
        assert (row.stage, row.municipalities, row.measures) == (Stage.NOT_RECORDED, 0, None)
    assert line(host_editor, talk.convener).stage == Stage.PREPARATION


def test_measures_are_counted_from_confirming_for_some_and_from_publishing_for_all(
    talk: Negotiation, host_editor: Actor, municipal_editor: Actor, national_reader: Actor, outsider: Actor
) -> None:
    make_measure(talk)
    everyone = (host_editor, national_reader, municipal_editor, outsider, PUBLIC)
    assert [line(actor, talk.convener).measures for actor in everyone] == [None] * 5
    moved(talk, S.CONFIRMED)
    assert [line(actor, talk.convener).measures for actor in everyone] == [1, 1, None, None, None]
    moved(talk, S.PUBLISHED, published_at=datetime(2026, 11, 24, tzinfo=UTC))
    assert [line(actor, talk.convener).measures for actor in everyone] == [1] * 5


def test_a_published_memo_without_measures_says_none_not_not_yet(talk: Negotiation) -> None:
    moved(talk, S.PUBLISHED, published_at=datetime(2026, 11, 24, tzinfo=UTC))
    assert line(PUBLIC, talk.convener).measures == 0
    text = text_of(None)
    assert "reason in the memo" in text
    assert talk.get_absolute_url() in text
    assert "24.11.2026" in text


def test_measures_can_be_counted_by_theme(talk: Negotiation, national_reader: Actor) -> None:
    make_measure(talk, goal=make_goal(talk, theme=make_theme("sleep")))
    make_measure(talk)
    moved(talk, S.CONFIRMED)
    assert line(national_reader, talk.convener, "sleep").measures == 1
    assert line(national_reader, talk.convener).measures == 2


def test_absent_municipalities_are_a_known_absence(talk: Negotiation, national_reader: Actor) -> None:
    make_municipality("Iisalmi", talk.convener)
    row = line(national_reader, talk.convener)
    assert (row.municipalities, row.municipalities_in_all, row.absent) == (1, 2, 1)
    moved(talk, S.PREPARING)
    assert line(national_reader, talk.convener).absent == 0  # they may still be invited
    assert "At the tables: 1 municipality and 0 other parties" in text_of(national_reader)


def test_helsinki_is_its_own_municipality(national_reader: Actor) -> None:
    helsinki = make_municipality("Helsinki", make_county(), convenes=True)
    make_talk(S.HELD, of=make_round(helsinki), guests=[])
    row = line(national_reader, helsinki)
    assert (row.municipalities, row.municipalities_in_all, row.absent) == (1, 1, 0)


# -- The page ----------------------------------------------------------------------------------------------------------
def test_the_page_lists_regions_by_name_with_words_for_each_kind_of_nothing(
    talk: Negotiation, national_reader: Actor
) -> None:
    make_county("Ahvenen alue")
    text = text_of(national_reader)
    assert text.index("Ahvenen alue") < text.index("Pohjois-Savon")
    assert "The county has not recorded this year&#x27;s round in the portal." in text
    assert "Confirmed by 4.12.2026 at the latest" in text
    assert "not yet" in text


def test_the_filters_narrow_the_list(talk: Negotiation, national_reader: Actor) -> None:
    other = make_county("Toinen alue")
    page = reverse("negotiations:region", args=[other.slug])
    assert page in text_of(national_reader)
    assert page not in text_of(national_reader, "?stage=memo")
    assert page not in text_of(national_reader, f"?county={talk.convener.slug}")
    assert page in text_of(national_reader, f"?county={other.slug}")
    assert "No region is in this state." in text_of(national_reader, "?stage=published")
    assert "Showing 2 of 2 regions" in text_of(national_reader, "?year=2024&stage=not_recorded")
    assert get(national_reader, "?year=nonsense&theme=x&stage=x").status_code == 200


def test_an_empty_portal_has_a_page_of_regions(db: None) -> None:
    assert get(None).status_code == 200


# -- Kept for the public -----------------------------------------------------------------------------------------------
def test_the_public_gets_304_until_something_published_changes(talk: Negotiation) -> None:
    moved(talk, S.PUBLISHED, published_at=datetime(2026, 11, 24, tzinfo=UTC))
    first = get(None)
    assert first["Cache-Control"] == "public, no-cache"
    etag = first["ETag"]
    assert get(None, etag=etag).status_code == 304
    assert get(None, "?stage=published", etag=etag).status_code == 200
    make_measure(talk)
    moved(talk, S.PUBLISHED)
    changed = get(None, etag=etag)
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_an_unpublished_change_does_not_move_the_publics_mark(talk: Negotiation) -> None:
    etag = get(None)["ETag"]
    moved(talk, S.CONFIRMED)
    assert get(None, etag=etag).status_code == 304


def test_signed_in_answers_are_private_and_have_no_mark(talk: Negotiation, national_reader: Actor) -> None:
    answer = get(national_reader)
    assert answer["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer


def test_the_kept_part_of_one_is_not_shown_to_another(
    talk: Negotiation, national_reader: Actor, outsider: Actor
) -> None:
    assert "Memo unfinished" in text_of(national_reader).split("<tbody>")[1]
    assert "Memo unfinished" not in text_of(outsider).split("<tbody>")[1]
    assert "Memo unfinished" not in text_of(None)


def statements(actor: Actor | None) -> int:
    client = Client()
    if actor and actor.person:
        act_as(client, actor.person, actor.organization)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("negotiations:regions"))
    return len(queries)


def test_the_page_takes_seven_statements_at_most_and_fewer_when_kept(
    talk: Negotiation, association_editor: Actor, national_reader: Actor
) -> None:
    readers = (association_editor, national_reader, None)
    few = [statements(actor) for actor in readers]
    kept = [statements(actor) for actor in readers]
    for number in range(19):
        other = make_talk(
            S.FOLLOWING, of=make_round(make_county()), guests=[make_municipality() for _n in range(number % 3)]
        )
        make_measure(other)
    many = [statements(actor) for actor in readers]
    assert many == few
    assert few[0] <= 8  # an association's areas are one more
    assert max(few[1:]) <= 7
    assert max(kept) <= 5


# -- One region --------------------------------------------------------------------------------------------------------
def region_text(actor: Actor | None, place: Organization) -> str:
    client = Client()
    if actor and actor.person:
        act_as(client, actor.person, actor.organization)
    answer = client.get(reverse("negotiations:region", args=[place.slug]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_shell_has_no_title_and_the_public_sees_no_shell(
    talk: Negotiation, national_reader: Actor, municipal_editor: Actor, outsider: Actor
) -> None:
    text = region_text(national_reader, talk.convener)
    assert "Memo draft" in text
    assert "2 parties" in text
    assert "Kuopion neuvottelu" not in text
    assert talk.public_id not in text
    assert "Kuopion neuvottelu" in region_text(municipal_editor, talk.convener)  # it sits at the table
    for actor in (None, outsider):
        text = region_text(actor, talk.convener)
        assert "Memo draft" not in text
        assert "Nothing published yet." in text


def test_a_published_talk_is_linked_for_everyone(talk: Negotiation, municipality: Organization) -> None:
    moved(talk, S.PUBLISHED, published_at=datetime(2026, 11, 24, tzinfo=UTC))
    for place in (talk.convener, municipality):
        text = region_text(None, place)
        assert talk.get_absolute_url() in text
        assert "Kuopion neuvottelu" in text


def test_a_municipalitys_page_lists_no_shells(
    talk: Negotiation, national_reader: Actor, municipality: Organization
) -> None:
    assert "Memo draft" not in region_text(national_reader, municipality)


def test_a_county_lists_its_municipalities(talk: Negotiation, municipality: Organization) -> None:
    gone = make_municipality("Mennyt", talk.convener, valid_until=date(2025, 1, 1), successor=municipality)
    text = region_text(None, talk.convener)
    assert reverse("negotiations:region", args=["kuopio"]) in text
    assert "Mennyt" not in text
    assert "It became part of Kuopio." in region_text(None, gone)


def test_only_counties_and_municipalities_in_scope_have_a_page(client: Client, association: Organization) -> None:
    aland = make_municipality("Jomala", in_scope=False)
    for slug in (association.slug, aland.slug, "no-such-place"):
        assert client.get(reverse("negotiations:region", args=[slug])).status_code == 404


def test_a_region_takes_as_many_statements_for_twenty_talks_as_for_one(
    talk: Negotiation, national_reader: Actor
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            region_text(national_reader, talk.convener)
        return len(queries)

    few = count()
    for _number in range(19):
        make_talk(S.PUBLISHED, of=talk.round)
    assert count() == few
