"""Many at once, on real PostgreSQL connections: nothing accepted is lost, every refusal is told, each mail leaves once."""

import re
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import pytest
import time_machine
from django.core import mail
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from hyte_portal import outbox
from hyte_portal.models import OutboundMail, StaleVersionError
from negotiations import sums
from negotiations.actions import NotNowError, perform
from negotiations.lifecycle import Act, State
from negotiations.models import (
    AgendaItem,
    Attendee,
    Comment,
    Cooperation,
    Document,
    Event,
    FollowUp,
    FollowUpPlan,
    Goal,
    Measure,
    Negotiation,
    Round,
    Snapshot,
)
from organizations.actors import Actor
from organizations.models import Duty, Organization
from tests.factories import act_as, make_actor, make_county, make_municipality, make_person
from tests.talks import make_age_group, make_goal, make_measure, make_round, make_talk, make_theme

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")
AT_ONCE: Final = 16
DAY: Final = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def at_once(number: int, work: Callable[[int], T]) -> list[T]:
    """Do the work in so many threads, each with a connection of its own, all let go at the same moment."""
    barrier = threading.Barrier(number)

    def one(place: int) -> T:
        try:
            connection.ensure_connection()
            barrier.wait(30)
            return work(place)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


@pytest.fixture
def county() -> Organization:
    return make_county("Pohjois-Savon hyvinvointialue", slug="pohjois-savo")


@pytest.fixture
def host(county: Organization) -> Actor:
    return make_actor(county, Duty.EDITOR, Duty.CONFIRMER)


# -- Saving ------------------------------------------------------------------------------------------------------------
def test_of_sixteen_saves_over_one_version_one_is_kept_and_fifteen_are_told(county: Organization) -> None:
    measure = make_measure(make_talk(State.PREPARING, of=make_round(county)))
    read = measure.version

    def save(place: int) -> str:
        mine = Measure.objects.get(pk=measure.pk)
        mine.title_fi = f"Sanamuoto {place}"
        try:
            mine.save_over(read, ["title_fi"])
        except StaleVersionError:
            return ""
        return mine.title_fi

    accepted = [title for title in at_once(AT_ONCE, save) if title]
    measure.refresh_from_db()
    assert accepted == [measure.title_fi]
    assert measure.version == read + 1


def test_no_accepted_edit_is_lost_when_the_refused_try_again(county: Organization) -> None:
    """Sixteen editors each add a line of their own, again until it is accepted: every line stands at the end."""
    measure = make_measure(make_talk(State.PREPARING, of=make_round(county)), details_fi="")
    refusals: Counter[int] = Counter()

    def add(place: int) -> None:
        while True:
            mine = Measure.objects.get(pk=measure.pk)
            mine.details_fi += f"rivi {place}\n"
            try:
                mine.save_over(mine.version, ["details_fi"])
            except StaleVersionError:
                refusals[place] += 1
                continue
            return

    at_once(AT_ONCE, add)
    measure.refresh_from_db()
    assert sorted(measure.details_fi.split("\n")[:-1]) == sorted(f"rivi {place}" for place in range(AT_ONCE))
    assert measure.version == 1 + AT_ONCE


def test_sixteen_editors_of_one_form_get_an_answer_each(county: Organization) -> None:
    """The same through pages: one 302, the others 409 with what they typed; no fault."""
    talk = make_talk(State.PREPARING, of=make_round(county))
    measure = make_measure(talk)
    editors = [make_actor(county, Duty.EDITOR) for _each in range(AT_ONCE)]
    clients = [act_as(Client(), editor.person, county) for editor in editors if editor.person]
    url = reverse("negotiations:proposal_edit", args=["toimenpiteet", measure.public_id])

    def save(place: int) -> tuple[int, bool]:
        mine = f"Sanamuoto {place:02} tekstinä"
        data = {"title_fi": mine, "goal": measure.goal_id, "version": measure.version}
        answer = clients[place].post(url, data)
        return answer.status_code, mine in answer.content.decode()

    answers = at_once(AT_ONCE, save)
    assert Counter(status for status, _kept in answers) == {302: 1, 409: AT_ONCE - 1}
    assert all(kept for status, kept in answers if status == 409)
    assert re.fullmatch(r"Sanamuoto \d\d tekstinä", Measure.objects.get(pk=measure.pk).title_fi)


def test_sums_stay_right_under_parallel_reports(county: Organization, host: Actor) -> None:
    from negotiations import proposing

    talk = make_talk(State.FOLLOWING, of=make_round(county))
    measures = [make_measure(talk) for _each in range(4)]

    def report(place: int) -> None:
        progress = ("on_course", "delayed", "done", "interrupted")[place // 4]
        proposing.report(measures[place % 4], by=host, progress=progress, note="Syy")

    at_once(AT_ONCE, report)
    assert FollowUp.objects.count() == AT_ONCE
    assert sums.drift() == {}


# -- Confirming --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [8, 20])
def test_of_parallel_confirmings_one_moves(county: Organization, host: Actor, number: int) -> None:
    """One snapshot, one set of documents, each mail once; the others are told that it is done."""
    guest = make_municipality("Kuopio", county)
    reader = make_actor(guest, Duty.EDITOR)
    talk = make_talk(
        State.COMMENTING, of=make_round(county), guests=[guest], no_cooperation_fi="-", no_follow_up_fi="-"
    )
    make_measure(talk, goal=make_goal(talk))

    def confirm(_place: int) -> str:
        try:
            perform(Negotiation.objects.get(pk=talk.pk), Act.CONFIRM, by=host)
        except NotNowError:
            return "told"
        return "moved"

    assert Counter(at_once(number, confirm)) == {"moved": 1, "told": number - 1}
    assert Snapshot.objects.filter(negotiation=talk, is_draft=False).count() == 1
    assert sorted(Document.objects.values_list("language", "reach")) == [("fi", "full"), ("fi", "public")]
    assert Event.objects.filter(act=Act.CONFIRM).count() == 1
    assert [row.recipient for row in OutboundMail.objects.filter(kind="confirm")] == [reader.person]
    assert sums.drift() == {}


def test_a_form_cannot_slip_into_what_is_being_confirmed(county: Organization, host: Actor) -> None:
    """Saving a measure's wording and confirming at once: what is saved is in the snapshot, or was refused."""
    talk = make_talk(
        State.MEMO_DRAFT, of=make_round(county, comment_days=0), no_cooperation_fi="-", no_follow_up_fi="-"
    )
    measure = make_measure(talk, title_fi="Vanha sanamuoto")
    assert host.person
    clients = [act_as(Client(), host.person, county) for _each in range(8)]
    url = reverse("negotiations:proposal_edit", args=["toimenpiteet", measure.public_id])
    data = {
        "title_fi": "Uusi sanamuoto", "goal": measure.goal_id, "version": measure.version, "owner": county.pk,
        "ends_on": "2027-12-31", "follow_up_fi": "käyntimäärät",
    }  # fmt: skip

    def work(place: int) -> int:
        if place % 2:
            return int(clients[place].post(url, data).status_code)
        return int(
            clients[place].post(reverse("negotiations:act", args=[talk.public_id, "confirm"]), {"x": "1"}).status_code
        )

    assert set(at_once(8, work)) <= {302, 409}
    written = Measure.objects.get(pk=measure.pk).title_fi
    assert written in str(Snapshot.objects.get(negotiation=talk).content)


# -- Sending a form twice ----------------------------------------------------------------------------------------------
def _round_form() -> dict[str, Any]:
    return {"year": 2028, "year_of_effect": 2029, "basis": "7", "forms": ["joint"], "languages": ["fi"],
            "record_type": "memo", "comment_days": 14}  # fmt: skip


Made = Callable[[Negotiation, Goal], tuple[str, dict[str, Any], Any]]


def _at(name: str, *more: str) -> Callable[[Negotiation], str]:
    return lambda talk: reverse(f"negotiations:{name}", args=[talk.public_id, *more])


CREATING: Final[dict[str, Made]] = {
    "round": lambda _t, _g: (reverse("negotiations:round_new"), _round_form(), Round.objects.filter(year=2028)),
    "talk": lambda t, _g: (
        reverse("negotiations:talk_new", args=[t.round.public_id]),
        {"title_fi": "Uusi neuvottelu", "record_type": "memo"},
        Negotiation.objects.filter(title_fi="Uusi neuvottelu"),
    ),
    "common goal": lambda t, g: (
        reverse("negotiations:common_goal_new", args=[t.round.public_id]),
        {"title_fi": "Uusi tavoite", "theme": g.theme_id, "age_group": g.age_group_id, "origin": "plan", "level": "joint"},
        Goal.objects.filter(title_fi="Uusi tavoite"),
    ),
    "goal": lambda t, g: (
        _at("proposal_new", "tavoitteet")(t),
        {"title_fi": "Uusi tavoite", "theme": g.theme_id, "age_group": g.age_group_id, "origin": "plan", "level": "joint"},
        Goal.objects.filter(title_fi="Uusi tavoite"),
    ),
    "measure": lambda t, g: (
        _at("proposal_new", "toimenpiteet")(t), {"title_fi": "Uusi toimenpide", "goal": g.pk},
        Measure.objects.filter(title_fi="Uusi toimenpide"),
    ),
    "cooperation": lambda t, _g: (
        _at("proposal_new", "yhteistyo")(t), {"subject_fi": "Uusi verkosto"},
        Cooperation.objects.filter(subject_fi="Uusi verkosto"),
    ),
    "follow-up plan": lambda t, _g: (
        _at("proposal_new", "seurantatavat")(t), {"what_fi": "Uusi mittari"},
        FollowUpPlan.objects.filter(what_fi="Uusi mittari"),
    ),
    "agenda item": lambda t, _g: (
        _at("agenda_item_new")(t), {"title_fi": "Uusi kohta", "section": "other"},
        AgendaItem.objects.filter(title_fi="Uusi kohta"),
    ),
    "attendee": lambda t, _g: (
        _at("attendee_new")(t),
        {"name": "Esimerkki Uusi", "organization": t.convener.slug, "capacity": "official", "channel": "room", "presence": "all"},
        Attendee.objects.filter(name="Esimerkki Uusi"),
    ),
    "comment": lambda t, _g: (
        _at("comments")(t), {"text": "Uusi kommentti", "reach": "own"}, Comment.objects.filter(text="Uusi kommentti")
    ),
    "local party": lambda t, _g: (
        _at("party_add_local")(t),
        {"kind": "association", "name_fi": "Uusi Seura ry", "language": "fi", "areas": [t.convener_id]},
        Organization.objects.filter(name_fi="Uusi Seura ry"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CREATING)
def test_a_form_sent_five_times_makes_one_row(county: Organization, host: Actor, what: str) -> None:
    talk = make_talk(State.PREPARING, of=make_round(county))
    goal = make_goal(talk)
    make_theme()
    make_age_group()
    url, data, rows = CREATING[what](talk, goal)
    data |= {"submission_key": str(uuid.uuid4()), "acting_for": county.slug}
    assert host.person
    clients = [act_as(Client(), host.person, county) for _each in range(5)]
    with time_machine.travel(DAY):
        answers = at_once(5, lambda place: clients[place].post(url, data))
    assert [answer.status_code for answer in answers] == [302] * 5, answers[0].content.decode()[-3000:]
    assert rows.count() == 1
    assert len({answer["Location"] for answer in answers}) == 1


def test_an_act_pressed_five_times_is_done_once(county: Organization, host: Actor) -> None:
    talk = make_talk(State.INVITED, of=make_round(county))
    assert host.person
    clients = [act_as(Client(), host.person, county) for _each in range(5)]
    url = reverse("negotiations:act", args=[talk.public_id, "open_preparation"])
    data = {"submission_key": str(uuid.uuid4())}
    answers = at_once(5, lambda place: clients[place].post(url, data))
    assert [answer.status_code for answer in answers] == [302] * 5
    assert Event.objects.filter(act=Act.OPEN_PREPARATION).count() == 1


# -- Sweeping ----------------------------------------------------------------------------------------------------------
def test_four_sweeps_at_once_send_each_mail_once(settings: Any) -> None:
    people = [make_person() for _each in range(40)]
    outbox.post(
        outbox.Letter(kind="race", occasion="o", address=person.email, recipient_id=person.pk) for person in people
    )
    outbox.renders("race")(lambda rows: {row.pk: outbox.Words("Otsikko", "Teksti") for row in rows})
    with time_machine.travel(DAY):
        OutboundMail.objects.update(due_at=DAY)
        sent = at_once(4, lambda _place: outbox.send_due())
    assert sum(sent) == 40
    ids = Counter(message.extra_headers["Message-ID"] for message in mail.outbox)
    assert set(ids.values()) == {1}
    assert len(ids) == 40
    assert set(OutboundMail.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_two_clocks_write_each_reminder_once(county: Organization) -> None:
    from negotiations import notifications

    guest = make_municipality("Kuopio", county)
    make_actor(guest, Duty.EDITOR)
    make_talk(State.PREPARING, of=make_round(county, preparation_until="2026-11-23"), guests=[guest])
    with time_machine.travel(DAY):
        at_once(8, lambda _place: notifications.write_reminders())
    assert OutboundMail.objects.filter(kind="remind_preparation").count() == 1
