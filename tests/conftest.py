"""The people that every test knows: actors of one county, its municipality, an association, and three others."""

import pytest

from organizations.actors import Actor
from organizations.models import Duty, Organization
from tests.factories import make_actor, make_county, make_municipality, make_organization


@pytest.fixture
def county(db: None) -> Organization:
    return make_county("Pohjois-Savon hyvinvointialue", slug="pohjois-savo", name_sv="Norra Savolax välfärdsområde")


@pytest.fixture
def municipality(county: Organization) -> Organization:
    return make_municipality("Kuopio", county)


@pytest.fixture
def association(county: Organization) -> Organization:
    return make_organization("Savon Yhdistys ry", areas=[county])


@pytest.fixture
def kuntaliitto(db: None) -> Organization:
    return make_organization("Suomen Kuntaliitto ry", Organization.Kind.NATIONAL, slug="kuntaliitto")


@pytest.fixture
def host_editor(county: Organization) -> Actor:
    return make_actor(county, Duty.EDITOR)


@pytest.fixture
def host_confirmer(county: Organization) -> Actor:
    return make_actor(county, Duty.CONFIRMER)


@pytest.fixture
def municipal_editor(municipality: Organization) -> Actor:
    return make_actor(municipality, Duty.EDITOR)


@pytest.fixture
def association_editor(association: Organization) -> Actor:
    return make_actor(association, Duty.EDITOR)


@pytest.fixture
def reader(municipality: Organization) -> Actor:
    return make_actor(municipality, Duty.READER)


@pytest.fixture
def outsider(db: None) -> Actor:
    """Return an editor of another county's municipality."""
    return make_actor(make_municipality("Tampere"), Duty.EDITOR)


@pytest.fixture
def national_reader(kuntaliitto: Organization) -> Actor:
    return make_actor(kuntaliitto, Duty.READER)
