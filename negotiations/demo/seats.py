"""Writes who sits at a talk, and how far each party's preparation is."""

from datetime import datetime, timedelta

from negotiations.demo.content import GuestText, TalkText
from negotiations.demo.names import public_id
from negotiations.demo.people import DOMAIN
from negotiations.demo.stage import Scene, Stage
from negotiations.demo.timeline import Step
from negotiations.lifecycle import Act, Side, State
from negotiations.models import Participation
from negotiations.vocabulary import Preparation
from organizations.models import Organization


def seated_guests(stage: Stage, text: TalkText) -> dict[Organization, GuestText]:
    """Return the guests in order; "*" seats all municipalities of the county that are not named."""
    named = {guest.who for guest in text.guests}
    seats: dict[Organization, GuestText] = {}
    for guest in text.guests:
        if guest.who == "*":
            rest = (one for one in stage.cast.municipalities[stage.county.pk] if one.slug not in named)
            seats |= dict.fromkeys(rest, guest)
        else:
            seats[stage.cast.organization(guest.who)] = guest
    return seats


def write_participations(
    scene: Scene, guests: dict[Organization, GuestText], steps: list[Step], *, was_held: bool
) -> None:
    """Write the host and the guests; after the talk all were ready."""
    opened = next((step.at for step in steps if step.act == Act.OPEN_PREPARATION), None)
    host_is_ready = was_held or scene.text.state in {State.PREPARING, State.POSTPONED}
    host = Participation(
        negotiation=scene.talk,
        organization=scene.stage.county,
        side=Side.HOST.value,
        preparation=Preparation.READY if host_is_ready else Preparation.NOT_STARTED,
        ready_at=_ready_at(scene, opened, was_held=was_held) if host_is_ready else None,
        public_id=public_id("seat", scene.talk.public_id, "host"),
    )
    seats = [_seat(scene, party, guest, opened, was_held=was_held) for party, guest in guests.items()]
    Participation.objects.bulk_create([host, *seats])


def _seat(
    scene: Scene, party: Organization, guest: GuestText, opened: datetime | None, *, was_held: bool
) -> Participation:
    preparation = Preparation.READY if was_held else Preparation(guest.preparation)
    reader = any(scene.stage.cast.person(duty, party) for duty in ("editor", "reader"))
    has_address = guest.contact and not guest.otherwise and not reader
    return Participation(
        negotiation=scene.talk,
        organization=party,
        side=Side.GUEST.value,
        preparation=preparation,
        no_proposals=guest.none,
        return_reason=guest.reason,
        ready_at=_ready_at(scene, opened, was_held=was_held) if preparation == Preparation.READY else None,
        invited_otherwise=guest.otherwise,
        contact_email=f"hyte.{party.slug}@{DOMAIN}" if has_address else "",
        added_by=scene.stage.cast.person("editor", scene.stage.county),
        public_id=public_id("seat", scene.talk.public_id, party.slug),
    )


def _ready_at(scene: Scene, opened: datetime | None, *, was_held: bool) -> datetime:
    """Return when a party marked its preparation ready: some days after it opened, before the talk."""
    if was_held and opened:
        return opened + timedelta(hours=2)
    return scene.stage.moments.ago(7)
