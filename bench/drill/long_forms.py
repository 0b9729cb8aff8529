"""The long form of each drill: what it is run on, and how hard."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from django.utils import timezone

from bench import data
from bench.drill import canary, lost_updates, redis_off, reminders
from bench.drill.results import Figure
from bench.pages_read import session_of
from bench.servers import web
from hyte_portal.models import OutboundMail
from negotiations import documents
from negotiations.lifecycle import Act, State
from negotiations.models import Event, Measure, Negotiation
from negotiations.notifications import announce
from organizations.models import Duty, Membership, Organization, User

MAILS: Final = 1_000
KILLS: Final = 20
EDITORS: Final = 200
SAVES: Final = 5
MEASURES: Final = 20
OFF: Final = 60.0
RATE: Final = 20.0
FILES: Final = 3
SMALL: Final = data.Size(talks=44, measures=880)


def prepare() -> None:
    """Make the tables, the organisations, and a small country of rounds."""
    from negotiations.demo.many import many

    data.prepare()
    many(SMALL.talks, SMALL.measures, 1)


def due_reminders(folder: Path) -> Iterator[Figure]:
    """T9: 1,000 due reminders, 20 kills."""
    talk = _talk(State.COMMENTING)
    found = reminders.run(folder, talk, number=MAILS, kills=KILLS, seconds=400, variables={}, stale=20, batch=100)
    yield from reminders.figures(found, KILLS)


def lost(folder: Path) -> Iterator[Figure]:
    """T5: 200 editors × 5 saves of four measures through gunicorn."""
    talk = _talk(State.MEMO_DRAFT)
    host = Organization.objects.get(pk=talk.convener_id)
    people = User.objects.bulk_create(
        User(email=f"t5-{number}@bench.example", password="!") for number in range(EDITORS)
    )
    Membership.objects.bulk_create(
        Membership(person=person, organization=host, duties=[Duty.EDITOR.value]) for person in people
    )
    measures = list(
        Measure.objects.filter(negotiation=talk).order_by("pk").values_list("public_id", flat=True)[:MEASURES]
    )
    with web(folder, workers=2, threads=4) as (url, _server):
        found = lost_updates.run(url, [session_of(person) for person in people], measures, SAVES)
    yield from lost_updates.figures(found, EDITORS, SAVES)


def without_redis(folder: Path) -> Iterator[Figure]:
    """T14: a minute without Redis under 20 pages a second."""
    person = data.make_person("editor.t14@bench.example", data.HOST, "editor")
    talk = Negotiation.objects.filter(convener__slug=data.HOST).order_by("pk")[0]
    told = _talk(State.COMMENTING)
    paths = ("/fi/alueet/", "/fi/neuvottelut/", "/fi/tyopoyta/", f"/fi/neuvottelut/{talk.public_id}/")
    visit = redis_off.Visit(session_of(person), paths, person.email, data.PASSWORD)
    before = OutboundMail.objects.count()

    def work() -> None:
        order(told, FILES)

    found = redis_off.run(folder, visit, work, off=OFF, rate=RATE, variables={"BENCH_STALE_SECONDS": "60"})
    yield from redis_off.figures(found, mails=OutboundMail.objects.count() - before, pages=int(OFF * RATE / 2))


def order(talk: Negotiation, files: int) -> None:
    """Tell a talk's parties of an act, and order drafts of the talk's memo, as pages do."""
    from django.db import transaction

    from organizations.accounts import create_account

    guest = talk.participations.exclude(organization=talk.convener_id).order_by("pk")[0]
    for number in range(10):
        person = create_account(f"told{number}@bench.example", name="Esimerkki", language="fi", password=None)
        Membership.objects.create(person=person, organization_id=guest.organization_id, duties=[Duty.EDITOR.value])
    with transaction.atomic():
        event = Event.objects.create(
            round=talk.round,
            negotiation=talk,
            act=Act.ASK_COMMENTS.value,
            organization=talk.convener,
            at=timezone.now(),
        )
        announce(event)
    for _number in range(files):
        documents.order_draft(talk)


def _talk(state: State) -> Negotiation:
    return Negotiation.objects.filter(state=state).select_related("round", "convener").order_by("pk")[0]


DRILLS: Final[Mapping[str, Callable[[Path], Iterator[Figure]]]] = {
    "T2": canary.drill,
    "T5": lost,
    "T9": due_reminders,
    "T14": without_redis,
}
