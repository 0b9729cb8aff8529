"""The fast form of T14: Redis stops while people read and act, and comes back."""

from pathlib import Path

import pytest

from bench.drill import redis_off
from bench.pages_read import session_of
from negotiations import documents
from negotiations.lifecycle import Act, State
from negotiations.models import Event
from negotiations.notifications import announce
from organizations.models import Duty
from tests.factories import PASSWORD, make_actor, make_municipality, make_person
from tests.talks import make_measure, make_round, make_talk

SECONDS, RATE = 3.0, 10.0


@pytest.mark.django_db(transaction=True)
def test_pages_and_signing_in_work_without_redis_and_mails_and_files_follow_its_return(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    of = make_round()
    guest = make_municipality(county=of.convener)
    host = make_actor(of.convener, Duty.EDITOR)
    make_actor(guest, Duty.EDITOR, person=make_person("told@bench.example"))
    talk = make_talk(State.COMMENTING, of=of, guests=[guest])
    make_measure(talk)
    assert host.person is not None
    paths = ("/fi/alueet/", f"/fi/neuvottelut/{talk.public_id}/")
    visit = redis_off.Visit(session_of(host.person), paths, host.person.email, PASSWORD)

    def work() -> None:
        event = Event.objects.create(
            round=of, negotiation=talk, act=Act.ASK_COMMENTS.value, organization=of.convener, person=host.person
        )
        announce(event)
        documents.order_draft(talk)

    found = redis_off.run(tmp_path, visit, work, off=SECONDS, rate=RATE, variables=variables)
    short = [str(figure) for figure in redis_off.figures(found, mails=1, pages=5, seconds=5) if not figure.holds]
    assert not short, short
