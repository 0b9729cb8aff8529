"""The parties of a talk: how far each is, whom the mails reach, and who may still be added."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from hyte_portal.dates import today
from hyte_portal.outbox import Letter
from negotiations import notifications
from negotiations.lifecycle import Act, Side
from negotiations.models import Negotiation, Participation
from negotiations.needs import READERS
from negotiations.vocabulary import Preparation
from organizations.actors import Actor
from organizations.models import Duty, Invitation, Membership, Organization, User
from organizations.models.organization import name_order

CANDIDATES_SHOWN = 40
COLOURS = {
    Preparation.NOT_STARTED: "",
    Preparation.UNDER_WAY: "petrol",
    Preparation.READY: "green",
    Preparation.RETURNED: "amber",
}


@dataclass(frozen=True, slots=True)
class Party:
    """A party as shown."""

    row: Participation
    has_reader: bool
    has_editor: bool
    is_invited: bool
    shows_reason: bool

    @property
    def is_host(self) -> bool:
        """Say whether it hosts the talk."""
        return self.row.side == Side.HOST.value

    @property
    def colour(self) -> str:
        """Return the colour of its preparation's tag."""
        return COLOURS[Preparation(self.row.preparation)]

    @property
    def is_ready(self) -> bool:
        """Say whether its preparation is ready."""
        return self.row.preparation == Preparation.READY

    @property
    def is_reached(self) -> bool:
        """Say whether the portal's mails, or the host by other means, reach it."""
        return self.has_reader or bool(self.row.contact_email or self.row.invited_otherwise)


def parties_of(talk: Negotiation, actor: Actor, *, sees_deliveries: bool) -> list[Party]:
    """Return the parties by name, the host first, by one statement."""
    members = Membership.objects.current().filter(organization=OuterRef("organization"))
    open_invitations = Invitation.objects.open().filter(organization=OuterRef("organization"))
    rows = (
        talk.participations.select_related("organization")
        .annotate(
            has_reader=Exists(members.with_duty(*READERS)),
            has_editor=Exists(members.with_duty(Duty.EDITOR)),
            is_invited=Exists(open_invitations),
        )
        .order_by("-side", name_order("organization__"), "pk")
    )
    own = actor.organization.pk if actor.organization else None
    return [
        Party(row, row.has_reader, row.has_editor, row.is_invited, sees_deliveries or row.organization_id == own)
        for row in rows
    ]


# -- Who may be added --------------------------------------------------------------------------------------------------
def candidates(talk: Negotiation, text: str) -> QuerySet[Organization]:
    """Return organisations that may be meant: by the beginning of a name, else those of the host's area."""
    rows = Organization.objects.exclude(pk__in=talk.participations.values("organization"))
    if len(text.strip()) >= 2:
        rows = rows.starting_with(text)
    else:
        county = talk.convener_id
        rows = rows.valid_on().filter(Q(county=county) | Q(areas=county)).exclude(pk=county).distinct()
    return rows.select_related("successor").order_by(name_order(), "pk")[:CANDIDATES_SHOWN]


def why_not(organization: Organization) -> str:
    """Say why an organisation can't be a party today; empty if it can."""
    if not organization.in_scope:
        return _("%(name)s does not belong to these negotiations: Åland has its own law.") % {"name": organization.name}
    if organization.is_valid_on(today()):
        return ""
    if organization.successor:
        return _("%(name)s is no longer there. Choose %(successor)s in its place.") % {
            "name": organization.name,
            "successor": organization.successor.name,
        }
    return _("%(name)s is no longer there.") % {"name": organization.name}


def foreign(talk: Negotiation, organization: Organization) -> bool:
    """Say whether it is a municipality of another county: unusual, but allowed."""
    is_municipality = organization.kind == Organization.Kind.MUNICIPALITY
    return is_municipality and organization.county_id != talk.convener_id


def seat(talk: Negotiation, organizations: Sequence[Organization], by: User | None, contact_email: str = "") -> None:
    """Write guests into a plan that nobody has been invited to yet."""
    for organization in organizations:
        Participation.objects.get_or_create(
            negotiation=talk, organization=organization, defaults={"added_by": by, "contact_email": contact_email}
        )


# -- The invitation before it goes --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom the invitation goes to."""

    name: str
    organization: str
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The invitation's words in one language."""

    language: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What inviting would send."""

    samples: list[Sample]
    recipients: list[Recipient]


def preview_of(talk: Negotiation) -> Preview:
    """Return the invitation's exact words in each language and its recipients."""
    letters = notifications.letters_of(Act.INVITE, talk)
    organizations = Organization.objects.in_bulk({letter.data["organization"] for letter in letters})
    names = {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=_people(letters))}
    recipients = [
        Recipient(
            names.get(letter.recipient_id or 0, ""), organizations[letter.data["organization"]].name, letter.address,
            letter.language,
        )
        for letter in letters
    ]  # fmt: skip
    recipients.sort(key=lambda one: (one.organization, one.name))
    firsts = {letter.language: organizations[letter.data["organization"]] for letter in reversed(letters)}
    samples = [_sample(talk, language, firsts[language]) for language in ("fi", "sv", "en") if language in firsts]
    return Preview(samples, recipients)


def _people(letters: Sequence[Letter]) -> set[int]:
    return {letter.recipient_id for letter in letters if letter.recipient_id}


def _sample(talk: Negotiation, language: str, organization: Organization) -> Sample:
    words = notifications.word(Act.INVITE.value, talk, language, organization=organization)
    return Sample(language, words.subject, words.text)
