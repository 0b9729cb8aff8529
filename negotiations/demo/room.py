"""Writes the talk itself: agenda with discussion and decision, the people who were there, comments."""

from typing import Any

from negotiations.demo.content import AgendaText, AttendeeText
from negotiations.demo.names import public_id
from negotiations.demo.stage import Scene
from negotiations.models import AgendaItem, Attendee, Comment
from negotiations.vocabulary import Capacity
from organizations.models import Organization

_OFFICES = frozenset({Organization.Kind.COUNTY.value, Organization.Kind.MUNICIPALITY.value})
# Invented names for the talks whose attendance the content doesn't tell.
_NAMES = (
    "Aino Esimerkki", "Eero Keksitty", "Helvi Mallikas", "Ilmari Oletettu", "Kerttu Kuvitelma", "Onni Näytönen",
    "Siiri Esimerkki", "Toivo Harjoitus", "Vieno Keksitty", "Urho Mallikas", "Lyyli Oletettu", "Veikko Kuvitelma",
    "Elsa Exempel", "Gunnar Fiktiv", "Hjördis Påhittad", "Nils Övning", "Ragnhild Exempel", "Sven Fiktiv",
)  # fmt: skip


def write_agenda(scene: Scene, *, was_held: bool) -> None:
    """Write the agenda; what was said and agreed only if the talk was held."""
    texts = scene.text.agenda or (scene.stage.catalogue.agenda if was_held else ())
    AgendaItem.objects.bulk_create(
        AgendaItem(
            negotiation=scene.talk,
            position=number,
            section=text.section,
            minutes=text.minutes,
            presenter=text.presenter,
            public_id=public_id("agenda", scene.talk.public_id, number),
            **_words(scene, text, was_held=was_held),
        )
        for number, text in enumerate(texts, start=1)
    )


def _words(scene: Scene, text: AgendaText, *, was_held: bool) -> dict[str, Any]:
    languages = scene.stage.languages
    values = text.title.within("title", languages)
    if was_held:
        values |= text.discussion.within("discussion", languages) | text.decision.within("decision", languages)
    return values


def write_attendees(scene: Scene, *, was_held: bool) -> None:
    """Write who was at a held talk: as told, else one invented person for each party."""
    if not was_held:
        return
    Attendee.objects.bulk_create(
        _attendee(scene, text, number) for number, text in enumerate(scene.text.attendees or _usual(scene))
    )


def _usual(scene: Scene) -> list[AttendeeText]:
    start = sum(map(ord, scene.talk.public_id))
    chair_name, _comma, chair_post = scene.text.chair.partition(", ")
    people = [AttendeeText(chair_name, chair_post, scene.stage.county.slug)] if chair_name else []
    for number, guest in enumerate(scene.guests):
        is_swedish = guest.languages[0] == "sv"
        names = [
            name for name in _NAMES if (name.split()[1] in {"Exempel", "Fiktiv", "Påhittad", "Övning"}) == is_swedish
        ]
        post = "välfärdskoordinator" if is_swedish else "hyvinvointikoordinaattori"
        if guest.kind != Organization.Kind.MUNICIPALITY:
            post = "verksamhetsledare" if is_swedish else "toiminnanjohtaja"
        channel = "remote" if number % 3 == 2 else "room"
        people.append(AttendeeText(names[(start + number) % len(names)], post, guest.slug, channel=channel))
    return people


def _attendee(scene: Scene, text: AttendeeText, number: int) -> Attendee:
    organization = scene.stage.cast.organization(text.who)
    is_office = organization.kind in _OFFICES
    return Attendee(
        negotiation=scene.talk,
        name=text.name,
        post=text.post,
        organization=organization,
        capacity=text.capacity or (Capacity.OFFICIAL if is_office else Capacity.NGO),
        channel=text.channel,
        presence=text.presence,
        part=text.part,
        name_public=is_office,
        public_id=public_id("attendee", scene.talk.public_id, number),
    )


def write_comments(scene: Scene) -> None:
    """Write what people remarked."""
    for number, text in enumerate(scene.text.comments):
        cast = scene.stage.cast
        Comment.objects.create(
            negotiation=scene.talk,
            reach=text.reach,
            text=text.text,
            organization=cast.organization(text.by.partition(".")[2]),
            person=cast.people[text.by],
            created_at=scene.stage.moments.ago(text.days),
            public_id=public_id("comment", scene.talk.public_id, number),
        )
