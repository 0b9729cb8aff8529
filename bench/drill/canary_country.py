"""T2's country: three counties whose every text carries a word of its own, and who may ever read that word.

Who may read is written down here once more, from design.md 5, and not asked from the portal's own rules.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from hyte_portal.dates import today
from negotiations import documents
from negotiations.lifecycle import FROM_CONFIRMED, Act, RoundState, Side, State
from negotiations.models import (
    AgendaItem,
    Attachment,
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
    Participation,
    Round,
)
from negotiations.vocabulary import Decision, Reach
from organizations.accounts import create_account
from organizations.models import AgeGroup, Duty, Membership, Organization, Theme, User

COUNTIES: Final = ("pohjois-savo", "pirkanmaa", "pohjanmaa")
STATES: Final = tuple(State)
_PUBLIC: Final = frozenset({State.PUBLISHED, State.FOLLOWING, State.CLOSED})
_NO_WORDS: Final = frozenset(
    {"public_id", "file", "filename", "content_type", "sha256", "kind", "act", "check_value", "slug"}
)


@dataclass(frozen=True)
class Persona:
    """Somebody who reads: a person of an organisation, or nobody."""

    name: str
    organization: Organization | None = None
    person: User | None = None

    @property
    def is_national(self) -> bool:
        """Say whether she browses all regions."""
        return self.organization is not None and self.organization.kind == Organization.Kind.NATIONAL


May = Callable[[Persona], bool]


@dataclass(frozen=True)
class Word:
    """A planted word: where it stands, and who may read it."""

    where: str
    may: May


@dataclass
class Country:
    """All that was planted."""

    personas: list[Persona] = field(default_factory=list)
    words: dict[str, Word] = field(default_factory=dict)
    talks: list[Negotiation] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def word(self, where: str, may: May) -> str:
        """Return a new word that only these may read."""
        name = f"kx{len(self.words)}z"
        self.words[name] = Word(where, may)
        return name

    def plant(self, row: models.Model, may: May, **others: May) -> Any:
        """Write a word into every free text of a row and save it; `others` name fields that fewer may read."""
        for column in row._meta.concrete_fields:
            if _is_text(column):
                word = self.word(f"{type(row).__name__}.{column.name}", others.get(column.name, may))
                setattr(row, column.name, _shaped(column, word))
        row.save()
        return row


def _is_text(column: Any) -> bool:
    plain = isinstance(column, models.CharField | models.TextField) and not column.choices
    return plain and column.name not in _NO_WORDS and (column.max_length is None or column.max_length >= 20)


def _shaped(column: Any, word: str) -> str:
    if isinstance(column, models.EmailField):
        return f"{word}@bench.example"
    return f"https://{word}.example/" if isinstance(column, models.URLField) else word


# -- Who may read (design.md 5, "Who sees what") -----------------------------------------------------------------------
def _table(talk: Negotiation, guests: list[Organization]) -> May:
    """The record: the host always, the guests from the invitation on."""
    seated = {guest.pk for guest in guests}

    def may(persona: Persona) -> bool:
        if persona.organization is None:
            return False
        is_guest = persona.organization.pk in seated and talk.state != State.DRAFT
        return persona.organization.pk == talk.convener_id or is_guest

    return may


def _copy(talk: Negotiation, table: May) -> May:
    """The public copy: the national ones from confirming on, everybody once published."""

    def may(persona: Persona) -> bool:
        confirmed = persona.is_national and talk.state in FROM_CONFIRMED
        return table(persona) or confirmed or talk.state in _PUBLIC

    return may


def _owner(talk: Negotiation, owner: Organization, also: May) -> May:
    """A measure and its reports: its owner too, from confirming on."""

    def may(persona: Persona) -> bool:
        owns = persona.organization == owner and talk.state in FROM_CONFIRMED
        return owns or also(persona)

    return may


def _only(*organizations: Organization) -> May:
    return lambda persona: persona.organization in organizations


# -- The country -------------------------------------------------------------------------------------------------------
def make_country() -> Country:
    """Make the counties' talks in every state, and everybody who reads."""
    country = Country()
    country.personas.append(Persona("anonymous"))
    for slug in COUNTIES:
        _county(country, Organization.objects.get(slug=slug))
    country.personas.append(_persona("national", Organization.objects.get(slug="kuntaliitto"), Duty.EDITOR))
    country.personas.append(_persona("stranger", Organization.objects.get(slug="turku"), Duty.EDITOR, Duty.CONFIRMER))
    return country


def _persona(name: str, organization: Organization, *duties: Duty) -> Persona:
    person = create_account(f"{name}@canary.example", name="Esimerkki Lukija", language="fi", password=None)
    Membership.objects.create(person=person, organization=organization, duties=[duty.value for duty in duties])
    return Persona(name, organization, person)


def _county(country: Country, county: Organization) -> None:
    municipalities = list(county.municipalities.valid_on().order_by("pk"))
    guest, second, owner, bystander = municipalities[0], municipalities[1], municipalities[2], municipalities[3]
    ngo = county.area_organizations.valid_on().filter(kind=Organization.Kind.ASSOCIATION).order_by("pk")[0]
    everything = (Duty.EDITOR, Duty.CONFIRMER, Duty.ADMINISTRATOR)
    country.personas += [
        _persona(f"host-{county.slug}", county, *everything),
        _persona(f"guest-{county.slug}", guest, *everything),
        _persona(f"ngo-{county.slug}", ngo, Duty.EDITOR),
        _persona(f"owner-{county.slug}", owner, Duty.EDITOR),
        _persona(f"bystander-{county.slug}", bystander, *everything),
    ]
    year = today().year - 1  # apart from the small country's own rounds
    row = _round(county, year, RoundState.OPEN)
    planned = _round(county, year - 1, RoundState.PLANNED)
    country.plant(planned, _only(county))
    country.paths.append(planned.get_absolute_url())
    for state in STATES:
        _talk(country, row, state, [guest, second, ngo], owner)


def _round(county: Organization, year: int, state: RoundState) -> Round:
    return Round.objects.create(
        convener=county, year=year, year_of_effect=year + 1, languages=["fi", "sv"], forms=["groups"], state=state
    )


def _talk(country: Country, row: Round, state: State, guests: list[Organization], owner: Organization) -> None:
    starts = timezone.now() - timedelta(days=200)
    confirmed = starts + timedelta(days=20) if state in FROM_CONFIRMED else None
    talk = Negotiation(
        round=row, convener=row.convener, year=row.year, languages=["fi", "sv"], state=state, starts_at=starts,
        state_before=State.PREPARING if state in {State.POSTPONED, State.CANCELLED} else "",
        confirmed_at=confirmed, held_at=starts, memo_version=int(bool(confirmed)),
        published_at=confirmed if state in _PUBLIC else None,
    )  # fmt: skip
    table = _table(talk, guests)
    copy = _copy(talk, table)
    country.plant(talk, copy, remote_link=table)
    country.talks.append(talk)
    _seats(country, talk, guests)
    _proposals(country, talk, guests[0], owner, table, copy)
    _record(country, talk, guests[0], table, copy)
    _memo(country, talk)


def _seats(country: Country, talk: Negotiation, guests: list[Organization]) -> None:
    Participation.objects.create(negotiation=talk, organization=talk.convener, side=Side.HOST.value)
    for guest in guests:
        country.plant(Participation(negotiation=talk, organization=guest), _only(talk.convener, guest))


def _proposals(
    country: Country, talk: Negotiation, guest: Organization, owner: Organization, table: May, copy: May
) -> None:
    goal: dict[str, Any] = {
        "round": talk.round, "theme": Theme.objects.order_by("number")[0], "age_group": AgeGroup.objects.order_by("number")[0],
    }  # fmt: skip
    for proposer, shared in ((talk.convener, timezone.now()), (guest, None)):
        child: dict[str, Any] = {"negotiation": talk, "proposer": proposer, "shared_at": shared}
        may = copy if shared else _only(proposer)
        aim = country.plant(Goal(**child, **goal), may)
        measure = Measure(
            **child, goal=aim, owner=owner, decision=Decision.AGREED, starts_on=date(talk.year + 1, 1, 1), ends_on=date(talk.year + 1, 12, 31)
        )  # fmt: skip
        owned = _owner(talk, owner, may) if shared else may
        strict = _owner(talk, owner, table) if shared else may
        country.plant(measure, owned, owner_consent=strict)
        if shared:
            report = FollowUp(measure=measure, organization=owner, on=today(), progress="on_course")
            country.plant(report, strict)
        country.plant(Cooperation(**child), may)
        country.plant(FollowUpPlan(**child), may)
        country.paths += _paths_of(measure, aim)


def _paths_of(measure: Measure, goal: Goal) -> list[str]:
    base = measure.get_absolute_url()
    acts = ("paatos", "peru", "raportoi", "tulos")
    forms = [f"/fi/esitykset/{kind}/{row.public_id}/muokkaa/" for kind, row in (("toimenpiteet", measure), ("tavoitteet", goal))]  # fmt: skip
    return [base, *(f"{base}{act}/" for act in acts), *forms]


def _record(country: Country, talk: Negotiation, guest: Organization, table: May, copy: May) -> None:
    open_item = AgendaItem(negotiation=talk, section="situation", position=1)
    country.plant(open_item, copy)
    open_item.confidential_ground = ""
    open_item.save()
    country.plant(AgendaItem(negotiation=talk, section="hearing", position=2), table, title_fi=copy, title_sv=copy)
    for is_public in (True, False):
        who = Attendee(negotiation=talk, organization=guest, name_public=is_public)
        country.plant(who, copy, name=copy if is_public else table)
        _attachment(country, talk, is_public=is_public, may=copy if is_public else table)
    for reach, may in ((Reach.TABLE, table), (Reach.OWN, _only(guest))):
        country.plant(Comment(negotiation=talk, organization=guest, reach=reach), may)
    country.plant(Event(round=talk.round, negotiation=talk, act=Act.EDIT_TALK.value, organization=talk.convener), table)
    private = Event(round=talk.round, negotiation=talk, act=Act.RETURN.value, organization=talk.convener, party=guest)
    country.plant(private, _only(talk.convener, guest))


def _attachment(country: Country, talk: Negotiation, *, is_public: bool, may: May) -> None:
    content = f"%PDF-1.4 {country.word('an attached file', may)}".encode()
    place = default_storage.save("attachments/canary.pdf", ContentFile(content))
    row = Attachment(
        negotiation=talk, organization=talk.convener, is_public=is_public, file=place, filename="liite.pdf",
        content_type="application/pdf", size=len(content), sha256="0" * 64,
    )  # fmt: skip
    country.plant(row, may)
    country.paths.append(f"/fi/liitteet/{row.public_id}/")


def _memo(country: Country, talk: Negotiation) -> None:
    """Freeze and draw the memo where there is one: the draft too, which only the table reads."""
    if talk.state in FROM_CONFIRMED:
        documents.order_confirmed(talk)
    elif talk.state in {State.MEMO_DRAFT, State.COMMENTING}:
        documents.order_draft(talk)
    documents.write_due()
    names = Document.objects.filter(negotiation=talk).values_list("public_id", flat=True)
    country.paths += [f"/fi/asiakirjat/{name}/" for name in names]


def talk_paths(talk: Negotiation) -> Iterator[str]:
    """Yield the addresses of a talk's own pages."""
    base = talk.get_absolute_url()
    yield base
    yield base.replace("/fi/", "/sv/", 1)
    parts = (
        "muokkaa", "perustelut", "kielet", "yhteistyo", "paatokset", "asialista", "osallistujat", "osapuolet", "kutsu",
        "kommentit", "asiakirjat", "historia", "uusi/tavoitteet", "uusi/toimenpiteet",
    )  # fmt: skip
    yield from (f"{base}{part}/" for part in parts)
    yield from (f"{base}toimi/{act}/" for act in ("confirm", "publish", "reschedule"))
