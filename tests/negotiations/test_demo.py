"""The demo: what there is after loading, on whatever day, and that it is loaded once."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from itertools import pairwise

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from hyte_portal.dates import is_working_day
from hyte_portal.models import OutboundMail
from negotiations import needs, sums
from negotiations.demo.load import load
from negotiations.demo.many import many
from negotiations.demo.moments import Moments
from negotiations.demo.people import LOGINS, PASSWORD, Login
from negotiations.demo.timeline import timeline
from negotiations.demo.wipe import wipe
from negotiations.lifecycle import FROM_CONFIRMED, RULES, Act, Need, State
from negotiations.models import Document, Event, FollowUp, Goal, Measure, Negotiation, Round
from organizations.actors import CLOCK, PUBLIC, Actor, actors_of
from organizations.imports import load as load_organizations
from organizations.models import Organization, User

LOADED_ON = "2026-11-25 09:00:00+02:00"


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load once for all tests of this file; each test's own changes are rolled back on top of it."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(LOADED_ON, tick=False):
        load_organizations(settings.DATA_ROOT)
        load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(_loaded: None, db: None) -> Iterator[None]:
    with time_machine.travel(LOADED_ON, tick=False):
        yield


def actor(key: str) -> Actor:
    """Return the demo person, acting for the organisation of her address."""
    person = User.objects.get(email=f"{key}@demo.example")
    slug = key.partition(".")[2]
    return next(one for one in actors_of(person) if one.organization and one.organization.slug == slug)


def ready(act: Act, key: str) -> list[str]:
    """Return the talks with which the person can do the act now, with nothing missing."""
    talks = Negotiation.objects.allowing(act, actor(key))
    return [talk.title_fi for talk in talks if not needs.missing(RULES[act].needs, talk, actor(key))]


# -- What there is -----------------------------------------------------------------------------------------------------
def test_there_is_a_talk_in_every_state(demo: None) -> None:
    assert set(Negotiation.objects.values_list("state", flat=True)) == set(State)


def test_every_convener_has_a_round_this_year_and_three_have_one_last_year(demo: None) -> None:
    conveners = Organization.objects.conveners().count()
    assert Round.objects.filter(year=2026).values("convener").distinct().count() == conveners == 22
    assert set(Round.objects.filter(year=2025).values_list("convener__slug", flat=True)) == {
        "pohjois-savo",
        "pohjanmaa",
        "keski-suomi",
    }


def test_everything_is_marked_as_example(demo: None) -> None:
    assert not Round.objects.filter(is_example=False).exists()


def test_this_years_measures_and_goals_continue_last_years(demo: None) -> None:
    for county in ("pohjois-savo", "pohjanmaa", "keski-suomi"):
        here = {"negotiation__convener__slug": county, "negotiation__year": 2026}
        assert Measure.objects.filter(**here, continues__negotiation__year=2025).count() >= 3
        assert Goal.objects.filter(**here, continues__negotiation__year=2025).exists()


def test_a_bilingual_talk_is_written_in_both_languages_and_one_sided_texts_are_accepted(demo: None) -> None:
    talk = Negotiation.objects.get(convener__slug="pohjanmaa", year=2025)
    assert all(measure.title_fi and measure.title_sv for measure in talk.measures.all())
    assert talk.measures.filter(details_fi="", one_language_ok=["details"]).exclude(details_sv="").exists()


def test_a_finnish_county_has_no_swedish_texts(demo: None) -> None:
    assert not Measure.objects.filter(negotiation__convener__slug="keski-suomi").exclude(title_sv="").exists()


# -- Each finds something to do ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "act", "title"),
    [
        ("editor.pohjois-savo", Act.ASK_COMMENTS, "Ylä-Savon kuntien hyte-neuvottelu"),
        ("editor.pohjois-savo", Act.RETURN, "Kuopion ja Siilinjärven hyte-neuvottelu"),
        ("confirmer.pohjois-savo", Act.CONFIRM, "HYTE-neuvottelukunnan neuvottelu"),
        ("confirmer.pohjois-savo", Act.CLOSE, "Ylä-Savon kuntien hyte-neuvottelu"),
        ("editor.kuopio", Act.MARK_READY, "Kuopion ja Siilinjärven hyte-neuvottelu"),
        ("confirmer.kuopio", Act.COMMENT, "Mielen hyvinvoinnin teemaneuvottelu"),
        ("editor.siilinjarvi", Act.EDIT, "Kuopion ja Siilinjärven hyte-neuvottelu"),
        ("editor.mll-jarvi-suomi", Act.MARK_READY, "Kuopion ja Siilinjärven hyte-neuvottelu"),
        ("editor.pohjanmaa", Act.INVITE, "Laihian ja Vöyrin hyte-neuvottelu"),
        ("confirmer.pohjanmaa", Act.CONFIRM, "Järjestöjen hyte-neuvottelu"),
        ("editor.vaasa", Act.MARK_READY, "Pohjanmaan yhteinen hyte-neuvottelu"),
        ("editor.folkhalsan", Act.MARK_READY, "Pohjanmaan yhteinen hyte-neuvottelu"),
        ("editor.keski-suomi", Act.RESUME, "Jämsän, Keuruun, Multian ja Petäjäveden neuvottelu"),
        ("confirmer.keski-suomi", Act.CONFIRM, "Äänekosken, Hankasalmen ja Konneveden neuvottelu"),
        ("editor.jyvaskyla", Act.MARK_READY, "Jyväskylän seudun neuvottelu"),
        ("editor.helsinki", Act.OPEN_PREPARATION, "Työikäiset"),
    ],
)
def test_each_demo_person_finds_something_that_waits(demo: None, key: str, act: Act, title: str) -> None:
    assert title in ready(act, key)


def test_an_editor_has_a_measure_whose_outcome_is_asked(demo: None) -> None:
    asked = Measure.objects.allowing(Act.SET_OUTCOME, actor("editor.kuopio")).filter(outcome="")
    assert asked.count() >= 2


def test_an_owner_outside_the_table_sees_its_measure_and_not_the_record(demo: None) -> None:
    association = actor("editor.mll-jarvi-suomi")
    own = Measure.objects.visible_to(association).get(negotiation__state=State.CONFIRMED)
    assert own.owner == association.organization
    assert not Negotiation.objects.visible_to(association).filter(pk=own.negotiation_id).exists()


def test_one_person_edits_two_municipalities(demo: None) -> None:
    person = User.objects.get(email="editor.siilinjarvi@demo.example")
    assert {one.organization.slug for one in actors_of(person) if one.organization} == {"kuopio", "siilinjarvi"}


@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login.key)
def test_every_printed_person_can_sign_in(demo: None, login: Login) -> None:
    person = User.objects.get(email=login.email)
    assert person.check_password(PASSWORD)
    assert EmailAddress.objects.filter(user=person, verified=True, primary=True).exists()
    assert actors_of(person)


def test_a_returned_party_was_given_a_reason(demo: None) -> None:
    event = Event.objects.get(act=Act.RETURN, party__slug="kuopio")
    assert "seuranta" in event.reason


# -- It holds together -------------------------------------------------------------------------------------------------
def test_confirmed_talks_meet_what_confirming_needs(demo: None) -> None:
    asked = (Need.ALL_DECIDED, Need.COMPLETE_MEASURES, Need.FOUR_SUBJECTS, Need.BOTH_LANGUAGES)
    for talk in Negotiation.objects.filter(state__in=FROM_CONFIRMED):
        assert [one.message for one in needs.missing(asked, talk, PUBLIC)] == [], talk.title_fi


def test_closed_talks_have_every_outcome(demo: None) -> None:
    for talk in Negotiation.objects.filter(state=State.CLOSED):
        assert needs.missing((Need.ALL_OUTCOMES,), talk, PUBLIC) == []


def test_every_confirmed_talk_has_its_documents_ordered(demo: None) -> None:
    for talk in Negotiation.objects.filter(state__in=FROM_CONFIRMED):
        assert talk.documents.filter(snapshot__is_draft=False).count() == 2 * len(talk.languages)
        assert talk.memo_version == 1


def test_the_kept_sums_equal_the_rows(demo: None) -> None:
    assert sums.drift() == {}
    assert Measure.objects.in_force().count() > 100


def test_nothing_was_done_or_reported_after_now(demo: None) -> None:
    now = timezone.now()
    assert not Event.objects.filter(at__gt=now).exists()
    assert not FollowUp.objects.filter(created_at__gt=now).exists()


def test_a_talks_events_lead_to_its_state(demo: None) -> None:
    for talk in Negotiation.objects.exclude(state=State.DRAFT):
        events = Event.objects.filter(negotiation=talk).order_by("at", "pk")
        moves = [event for event in events if event.from_state != event.to_state]
        assert moves[0].from_state == State.DRAFT
        assert moves[-1].to_state == talk.state
        for before, after in pairwise(moves):
            assert before.to_state == after.from_state
            assert before.at < after.at


def test_no_mail_leaves_for_history_and_the_clock_finds_nothing_to_move(demo: None) -> None:
    assert not OutboundMail.objects.exists()
    for act in (Act.OPEN_PREPARATION, Act.PUBLISH, Act.FOLLOW):
        assert not Negotiation.objects.allowing(act, CLOCK).exists()


# -- Once, anew, and not where it doesn't belong -----------------------------------------------------------------------
def test_a_second_load_writes_nothing_and_asks_little(
    demo: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    before = Negotiation.objects.count()
    with django_assert_max_num_queries(6):
        loaded = load()
    assert (loaded.is_new, loaded.talks) == (False, before)


def _fingerprint() -> list[tuple[object, ...]]:
    talks = Negotiation.objects.order_by("public_id").values_list("public_id", "title_fi", "state", "starts_at")
    measures = Measure.objects.order_by("public_id").values_list("public_id", "title_fi", "owner__slug", "outcome")
    return [*talks, *measures]


def test_a_reset_gives_the_same_content_on_the_same_day(demo: None) -> None:
    before = _fingerprint()
    mail = {"address": "editor.kuopio@demo.example", "dedupe_key": "once", "kind": "invite", "message_id": "<x>"}
    OutboundMail.objects.create(**mail, occasion="x")
    assert load(reset=True).is_new
    assert _fingerprint() == before
    assert not OutboundMail.objects.exists()


def test_a_wipe_leaves_no_row_of_the_example_and_keeps_what_a_visitor_built_on_it(demo: None) -> None:
    last = Round.objects.get(convener__slug="pohjois-savo", year=2026)
    own = Round.objects.create(convener=last.convener, year=2027, year_of_effect=2028, previous=last)
    wipe()
    assert list(Round.objects.all()) == [own]
    assert not Negotiation.objects.exists()
    assert not Document.objects.exists()
    own.refresh_from_db()
    assert own.previous is None


def test_the_command_prints_the_logins(demo: None) -> None:
    out = StringIO()
    call_command("demo", force=True, stdout=out)
    assert "already there" in out.getvalue()
    assert PASSWORD in out.getvalue()
    assert all(login.email in out.getvalue() for login in LOGINS)


def test_it_leaves_an_installation_with_real_rounds_alone(demo: None) -> None:
    Round.objects.filter(convener__slug="pohjois-savo").update(is_example=False, previous=None)
    Round.objects.filter(is_example=False).update(previous=None)
    with pytest.raises(CommandError, match="not example content"):
        call_command("demo", force=True, reset=True)
    assert Round.objects.filter(is_example=False).count() == 2


def test_it_loads_on_the_first_days_of_a_year_too(demo: None) -> None:
    wipe()
    with time_machine.travel("2027-01-04 08:00:00+02:00", tick=False):
        load()
        assert set(Negotiation.objects.values_list("state", flat=True)) == set(State)
        assert not Event.objects.filter(at__gt=timezone.now()).exists()
        assert set(Round.objects.values_list("year", flat=True)) == {2026, 2027}


# -- The calendar ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", range(0, 365, 7))
def test_days_keep_their_side_of_today_and_their_order(number: int) -> None:
    today = date(2026, 1, 1) + timedelta(days=number)
    moments = Moments(today, today.year)
    past, coming = ([moments.day(days) for days in row] for row in ((-100, -60, -26, -2), (2, 16, 38, 52)))
    assert past == sorted(past)
    assert past[-1] < today
    assert coming == sorted(coming)
    assert coming[0] > today
    assert all(map(is_working_day, [*past, *coming]))


def test_steps_stay_in_order_and_in_the_past_however_new_the_talk() -> None:
    now = timezone.now()
    steps = timeline(State.CLOSED, None, talk_at=now - timedelta(days=1), year_of_effect=2100, now=now)
    moments = [step.at for step in steps]
    assert moments == sorted(set(moments))
    assert moments[-1] < now


# -- Many --------------------------------------------------------------------------------------------------------------
def test_many_writes_exactly_as_much_as_asked_with_right_sums_and_history(demo: None) -> None:
    wipe()
    counts = many(negotiations=50, measures=333, years=3)
    assert (counts.rounds, counts.talks, counts.measures) == (66, 50, 333)
    assert Negotiation.objects.count() == 50
    assert Measure.objects.count() == 333
    assert sums.drift() == {}
    measure = Measure.objects.order_by("-pk")[0]
    assert measure.goal.negotiation_id == measure.negotiation_id
    assert measure.partners.count() == 2
    history = Measure._meta.apps.get_model("negotiations", "MeasureEvent")
    assert history.objects.filter(pgh_obj_id=measure.pk, pgh_label="insert").count() == 1
    extra = Measure.objects.create(negotiation=measure.negotiation, goal=measure.goal, proposer=measure.proposer)
    assert history.objects.filter(pgh_obj_id=extra.pk).count() == 1
