"""A negotiation in the database that is ready to be confirmed, as the documents' tests need it."""

from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from negotiations.lifecycle import State
from negotiations.models import (
    AgendaItem,
    Attachment,
    Attendee,
    Cooperation,
    FollowUpPlan,
    Goal,
    Measure,
    MeasurePartner,
    Negotiation,
    Participation,
    Round,
)
from organizations.models import AgeGroup, Organization, Post, Theme, User


def make_place(name: str, kind: str = Organization.Kind.MUNICIPALITY, **fields: Any) -> Organization:
    """Return a new organisation."""
    slug = name.lower().replace(" ", "-").replace("ä", "a").replace("ö", "o")
    return Organization.objects.create(kind=kind, slug=f"doc-{slug}", name_fi=name, **fields)


def make_talk(measures: int = 3, **fields: Any) -> Negotiation:
    """Return a bilingual talk whose memo is out for comments, with a row of every kind."""
    county = make_place("Esimerkkialue", Organization.Kind.COUNTY, name_sv="Exempelområdet", convenes=True)
    city = make_place("Esimerkkilä", name_sv="Exempelby", county=county)
    network = make_place("Esimerkkiverkko ry", Organization.Kind.ASSOCIATION)
    outsider = make_place("Muu taho", Organization.Kind.OTHER)
    secretary = User.objects.create_user("sihteeri@demo.example", name="Ville Esimerkki")
    round_ = Round.objects.create(
        convener=county, year=2026, year_of_effect=2027, languages=["fi", "sv"], is_example=True
    )
    values = {
        "round": round_,
        "convener": county,
        "year": 2026,
        "title_fi": "Esimerkkialue ja Esimerkkilä",
        "title_sv": "Exempelområdet och Exempelby",
        "languages": ["fi", "sv"],
        "state": State.COMMENTING,
        "starts_at": datetime(2026, 11, 10, 7, 0, tzinfo=UTC),
        "ends_at": datetime(2026, 11, 10, 10, 5, tzinfo=UTC),
        "place_fi": "Kaupungintalo",
        "remote_link": "https://kokous.example/salainen-linkki",
        "chair": "Anna Esimerkki, hyte-päällikkö",
        "secretary": secretary,
        "registry_number": "1234/2026",
        "confirmed_at": datetime(2026, 12, 4, 12, 5, tzinfo=UTC),
        "confirmed_by": User.objects.create_user("vahvistaja@demo.example", name="Anna Esimerkki"),
        "memo_version": 1,
        "next_talk_on": date(2027, 11, 9),
        "handled_by": date(2027, 2, 28),
    }
    talk = Negotiation.objects.create(**(values | fields))
    for party, side in ((county, "host"), (city, "guest"), (network, "guest")):
        Participation.objects.create(negotiation=talk, organization=party, side=side)
    _add_people(talk, county, network)
    _add_content(talk, county, city, measures)
    _add_unseen(talk, city)
    last = Measure.objects.filter(negotiation=talk, shared_at__isnull=False).order_by("-position").first()
    assert last is not None
    last.owner = outsider
    last.owner_consent = "Johtaja suostui 2.12.2026"
    last.save()
    return talk


def _add_people(talk: Negotiation, county: Organization, network: Organization) -> None:
    Attendee.objects.create(
        negotiation=talk, name="Anna Esimerkki", post="hyte-päällikkö", organization=county, name_public=True
    )
    Attendee.objects.create(negotiation=talk, name="Pekka Yksityinen", post="puheenjohtaja", organization=network,
        channel="remote", presence="part", part="klo 9.00–10.00")  # fmt: skip
    for section, fi in (("opening", "Puheenjohtaja avasi neuvottelun."), ("situation", "Avoin keskustelu.")):
        AgendaItem.objects.create(negotiation=talk, section=section, discussion_fi=fi, decision_sv="Godkändes.")
    AgendaItem.objects.create(negotiation=talk, section="situation", discussion_fi="Salainen keskustelu.",
        confidential_ground="JulkL 24 §")  # fmt: skip
    for title, is_public in (("Avoin liite", True), ("Salainen liite", False)):
        Attachment.objects.create(negotiation=talk, title=title, is_public=is_public, organization=county,
            filename="x.pdf", content_type="application/pdf", size=1, sha256="0" * 64)  # fmt: skip


def _add_content(talk: Negotiation, county: Organization, city: Organization, measures: int) -> None:
    now = timezone.now()
    goal = make_goal(talk, county, title_fi="Yksinäisyys vähenee", title_sv="Ensamheten minskar", target_fi="alle 15 %",
        target_sv="under 15 %", target_year=2029, baseline="18 % (2025)", shared_at=now)  # fmt: skip
    post = Post.objects.create(organization=city, title_fi="hyvinvointikoordinaattori", title_sv="välfärdskoordinator")
    for number in range(measures):
        measure = Measure.objects.create(
            negotiation=talk, goal=goal, proposer=county, shared_at=now, position=number, decision="agreed",
            title_fi=f"Toimenpide numero {number}", title_sv=f"Åtgärd nummer {number}", owner=city, owner_post=post,
            starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31), follow_up_fi="käynnit", follow_up_sv="besök",
        )  # fmt: skip
        MeasurePartner.objects.create(measure=measure, organization=county, role="drives")
        measure.municipalities.add(city)
    Cooperation.objects.create(
        negotiation=talk,
        proposer=county,
        shared_at=now,
        subject_fi="Hyvinvointitarjotin",
        structure_fi="yhteinen näkymä",
    )
    FollowUpPlan.objects.create(
        negotiation=talk, proposer=county, shared_at=now, what_fi="Tilanne", first_on=date(2027, 5, 12), owner=city
    )


def _add_unseen(talk: Negotiation, city: Organization) -> None:
    """Add what no memo may show: a guest's unshared proposals and what was deleted."""
    now = timezone.now()
    own = make_goal(talk, city, title_fi="Jakamaton tavoite")
    for fields in ({}, {"shared_at": now, "deleted_at": now}):
        Measure.objects.create(negotiation=talk, goal=own, proposer=city, title_fi="Jakamaton toimenpide", **fields)
    Cooperation.objects.create(negotiation=talk, proposer=city, subject_fi="Jakamaton yhteistyö")
    FollowUpPlan.objects.create(negotiation=talk, proposer=city, what_fi="Jakamaton seuranta")


def make_goal(talk: Negotiation, proposer: Organization, **fields: Any) -> Goal:
    """Return a goal of the talk."""
    words = {"number": 1, "name_fi": "x", "name_sv": "x", "name_en": "x"}
    theme, _new = Theme.objects.get_or_create(code="doc-theme", defaults=words)
    age_group, _new = AgeGroup.objects.get_or_create(code="doc-age", defaults=words)
    values = {"round": talk.round, "negotiation": talk, "theme": theme, "age_group": age_group, "proposer": proposer}
    return Goal.objects.create(**(values | fields))
