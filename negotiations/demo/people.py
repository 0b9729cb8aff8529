"""The demo's people: invented, each signs in with one pattern of address and the same password."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from negotiations.demo.names import public_id
from organizations.models import Duty, Membership, Organization, User

DOMAIN: Final = "demo.example"
PASSWORD: Final = "hyte-esimerkki-2026"  # noqa: S105 - printed to whoever tries the demo; opens example content only


@dataclass(frozen=True, slots=True)
class Login:
    """A person of the demo: the first organisation is the one of the address."""

    duty: Duty
    organization: str
    name: str
    try_this: str
    language: str = "fi"
    also_edits: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return the part of the address before the @, by which the content names the person."""
        return f"{self.duty.value}.{self.organization}"

    @property
    def email(self) -> str:
        """Return the address to sign in with."""
        return f"{self.key}@{DOMAIN}"


_EDITOR, _CONFIRMER, _READER, _ADMINISTRATOR = Duty.EDITOR, Duty.CONFIRMER, Duty.READER, Duty.ADMINISTRATOR
LOGINS: Final = (
    Login(_EDITOR, "pohjois-savo", "Saana Esimerkki", "runs the round: writes a memo, reviews proposals, invites"),
    Login(_CONFIRMER, "pohjois-savo", "Hilkka Harjoitus", "confirms minutes whose comments are in"),
    Login(_READER, "pohjois-savo", "Rauni Mallikas", "reads everything of the own county"),
    Login(_ADMINISTRATOR, "pohjois-savo", "Asko Asetus", "invites people and gives duties"),
    Login(_EDITOR, "kuopio", "Kaisa Esimerkki", "completes returned proposals, comments, reports"),
    Login(_CONFIRMER, "kuopio", "Kauko Kuvitteellinen", "reads and comments minutes for the city"),
    Login(_EDITOR, "siilinjarvi", "Sirpa Keksitty", "acts for two municipalities", also_edits=("kuopio",)),
    Login(_EDITOR, "mll-jarvi-suomi", "Milla Mallikas", "an association that prepares in two counties"),
    Login(_EDITOR, "pohjanmaa", "Sofia Övning", "runs a bilingual round", "sv"),
    Login(_CONFIRMER, "pohjanmaa", "Henrik Exempel", "confirms a memo in two languages", "sv"),
    Login(_EDITOR, "vaasa", "Ville Vertaus", "prepares, reports a measure"),
    Login(_EDITOR, "folkhalsan", "Maria Exempel", "a Swedish-speaking association", "sv"),
    Login(_EDITOR, "keski-suomi", "Lauri Näytönen", "a postponed talk, an association talk to write up"),
    Login(_CONFIRMER, "keski-suomi", "Tuula Harjoitus", "cancels, confirms, closes"),
    Login(_EDITOR, "jyvaskyla", "Jenni Keksitty", "prepares with last year's promises"),
    Login(_EDITOR, "helsinki", "Annika Exempel", "the city's own round by age group"),
    Login(_READER, "kuntaliitto", "Kirsti Katsoja", "browses all counties"),
    Login(_EDITOR, "kuntaliitto", "Kimmo Kuvitelma", "browses all counties, spreads what works"),
    Login(_ADMINISTRATOR, "kuntaliitto", "Kerttu Kuviteltu", "invites people to any organisation"),
    Login(_EDITOR, "thl", "Tarja Tuumattu", "national view"),
    Login(_READER, "thl", "Terho Tuumattu", "national view, reads"),
)


def ensure_people(organizations: dict[str, Organization], since: date) -> dict[str, User]:
    """Make the demo's people with their duties where they are missing; return them by key."""
    password = make_password(PASSWORD)  # once: a slow hash is slow for each
    return {login.key: _ensure(login, organizations, since, password) for login in LOGINS}


def _ensure(login: Login, organizations: dict[str, Organization], since: date, password: str) -> User:
    person, is_new = User.objects.get_or_create(
        email=login.email, defaults={"name": login.name, "language": login.language, "password": password}
    )
    if is_new:
        EmailAddress.objects.create(user=person, email=login.email, verified=True, primary=True)
    for slug in (login.organization, *login.also_edits):
        duty = login.duty if slug == login.organization else Duty.EDITOR
        Membership.objects.get_or_create(
            person=person,
            organization=organizations[slug],
            defaults={"duties": [duty], "since": since, "public_id": public_id("membership", login.key, slug)},
        )
    return person


def printed() -> str:
    """Return the logins as the command prints them."""
    width = max(len(login.email) for login in LOGINS)
    lines = [f"  {login.email:<{width}}  {login.name}: {login.try_this}" for login in LOGINS]
    return "\n".join([f"Demo logins, password for all: {PASSWORD}", *lines])
