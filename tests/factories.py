"""Rows for tests: plain functions, whose defaults are the dullest that work."""

from datetime import date
from itertools import count
from typing import Any, Final

from django.test import Client

from organizations.accounts import create_account
from organizations.actors import Actor, actors_of
from organizations.middleware import SESSION_KEY
from organizations.models import Duty, Membership, Organization, OrganizationCode, User
from organizations.slugs import slug_of

PASSWORD: Final = "kuusi-punaista-omenaa"
_numbers = count(1)
Kind = Organization.Kind


def make_person(email: str = "", *, name: str = "", language: str = "fi", password: str = PASSWORD) -> User:
    number = next(_numbers)
    name = name or f"Esimerkki {number}"
    return create_account(email or f"person{number}@example.org", name=name, language=language, password=password)


def make_organization(name: str = "", kind: str = Kind.ASSOCIATION, **fields: Any) -> Organization:
    name = name or f"Yhdistys {next(_numbers)} ry"
    areas = fields.pop("areas", ())
    slug = fields.pop("slug", "") or slug_of(name)
    organization = Organization.objects.create(kind=kind, name_fi=name, slug=slug, **fields)
    organization.areas.set(areas)
    return organization


def make_county(name: str = "", code: str = "", **fields: Any) -> Organization:
    number = next(_numbers)
    fields = {"convenes": True, **fields}
    county = make_organization(name or f"Alue {number}", Kind.COUNTY, **fields)
    classification = OrganizationCode.Classification.COUNTY
    OrganizationCode.objects.create(organization=county, classification=classification, code=code or f"x{number}")
    return county


def make_municipality(name: str = "", county: Organization | None = None, **fields: Any) -> Organization:
    county = county or make_county()
    return make_organization(name or f"Kunta {next(_numbers)}", Kind.MUNICIPALITY, county=county, **fields)


def make_membership(
    person: User,
    organization: Organization,
    *duties: Duty,
    since: date = date(2020, 1, 1),
    until: date | None = None,
    only_rounds: list[str] | None = None,
) -> Membership:
    return Membership.objects.create(
        person=person,
        organization=organization,
        duties=[duty.value for duty in duties or (Duty.EDITOR,)],
        since=since,
        until=until,
        only_rounds=only_rounds or [],
    )


def make_actor(organization: Organization, *duties: Duty, person: User | None = None, **fields: Any) -> Actor:
    """Make a person who acts for the organisation, and return her as the actor that pages would see."""
    person = person or make_person()
    make_membership(person, organization, *duties, **fields)
    return next(actor for actor in actors_of(person) if actor.organization == organization)


def act_as(client: Client, person: User, organization: Organization | None = None) -> Client:
    """Sign the person in, acting for the organisation."""
    client.force_login(person)
    if organization is not None:
        session = client.session
        session[SESSION_KEY] = organization.slug
        session.save()
    return client
