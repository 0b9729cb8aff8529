"""From rows to a memo's frozen content: what the whole table sees, read by a fixed number of statements."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from hyte_portal.dates import local, today
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
)
from negotiations.snapshots import (
    AgendaLine,
    AttachmentLine,
    AttendeeLine,
    Confirmation,
    CooperationLine,
    FollowUpLine,
    GoalPart,
    MeasureLine,
    Memo,
    PartnerLine,
    Party,
    Person,
    PromiseLine,
    ReasonLine,
    Text,
)
from negotiations.vocabulary import IN_FORCE
from organizations.models import Organization

CONFIRMED, DRAFT = "confirmed", "draft"
SUBJECTS: Final = ("goals", "measures", "cooperation", "follow_up")
# Names of many-to-many rows come in the measure's own statement (performance.md 3.4).
_NAMES: Final = {"fi": "organization__name_fi", "sv": "organization__name_sv"}


def build_memo(negotiation: Negotiation, *, version: str, confirmed: bool) -> Memo:
    """Read the negotiation as it is now; on confirming, what is read is final."""
    talk = _talk(negotiation)
    attendees = [_attendee(row) for row in _attendees(talk)]
    parties = [_party(row) for row in talk.participations.select_related("organization").order_by("-side", "id")]
    measures = _measures(talk)
    return Memo(
        record_type=talk.record_type,
        status=CONFIRMED if confirmed else DRAFT,
        version=version,
        dated=local(talk.confirmed_at).date() if confirmed and talk.confirmed_at else today(),
        year=talk.year,
        year_of_effect=talk.round.year_of_effect,
        basis=talk.round.basis,
        round_name=_round_name(talk),
        title=Text(talk.title_fi, talk.title_sv),
        sender=_name(talk.convener),
        registry_number=talk.registry_number,
        languages=tuple(languages_of(talk)),
        is_example=talk.round.is_example,
        starts_at=talk.starts_at,
        ends_at=talk.ends_at,
        place=Text(talk.place_fi, talk.place_sv),
        is_remote=bool(talk.remote_link),
        chair=_known(Person(talk.chair), attendees),
        secretary=_known(_secretary(talk), attendees),
        parties=tuple(parties),
        attendees=tuple(attendees),
        agenda=tuple(_agenda_line(row) for row in talk.agenda.order_by("position", "id")),
        promises=tuple(_promise(row) for row in measures if row.continues),
        goals=_goals(talk, measures),
        cooperation=tuple(_cooperation(row) for row in _shared(Cooperation, talk)),
        follow_up=tuple(_follow_up(row) for row in _shared(FollowUpPlan, talk).select_related("owner", "owner_post")),
        reasons=tuple(_reasons(talk)),
        attachments=tuple(_attachment(row) for row in Attachment.objects.filter(negotiation=talk).order_by("id")),
        distribution=tuple(party.name for party in parties),
        informed=_informed(measures, parties),
        next_talk_on=talk.next_talk_on,
        handled_by=talk.handled_by,
        confirmations=_confirmations(talk, attendees) if confirmed else (),
        seal=secrets.token_hex(16),
    )


def languages_of(negotiation: Negotiation) -> Sequence[str]:
    """Return the languages a memo is written in: the talk's, else the round's."""
    return negotiation.languages or negotiation.round.languages or ["fi"]


# -- Reading -----------------------------------------------------------------------------------------------
def _talk(negotiation: Negotiation) -> Negotiation:
    """Read the talk again with what stands on one row each."""
    talks = Negotiation.objects.select_related("round", "convener", "secretary", "confirmed_by")
    return talks.get(pk=negotiation.pk)


def _attendees(talk: Negotiation) -> Iterable[Attendee]:
    return talk.attendees.select_related("organization").order_by("id")


def _shared(model: type[Any], talk: Negotiation) -> Any:
    """Keep what the whole table sees; a guest's unshared proposals enter no memo."""
    return model.objects.shared().filter(negotiation=talk).order_by("position", "id")


def _measures(talk: Negotiation) -> list[Any]:
    partners = MeasurePartner.objects.filter(measure=OuterRef("pk")).order_by("id")
    through = Measure.municipalities.through.objects.filter(measure=OuterRef("pk")).order_by("organization__name_fi")
    return list(
        _shared(Measure, talk)
        .select_related("owner", "owner_post", "continues__owner")
        .annotate(
            partner_names=ArraySubquery(partners.values(line=JSONObject(role="role", **_NAMES))),
            municipality_names=ArraySubquery(through.values(line=JSONObject(**_NAMES))),
        )
    )


def _goals(talk: Negotiation, measures: list[Any]) -> tuple[GoalPart, ...]:
    """Put common goals first, then the talk's own, each with its measures."""
    mine = Q(negotiation=talk, shared_at__isnull=False)
    common = Q(negotiation__isnull=True, round=talk.round_id)
    rows = Goal.objects.live().filter(mine | common).order_by("position", "id")
    of_goal: dict[int, list[MeasureLine]] = {}
    for measure in measures:
        of_goal.setdefault(measure.goal_id, []).append(_measure(measure))
    ordered = sorted(rows, key=lambda row: row.negotiation_id is not None)
    return tuple(_goal(row, of_goal.get(row.pk, [])) for row in ordered)


# -- Rows to lines -----------------------------------------------------------------------------------------
def _name(organization: Organization) -> Text:
    return Text(organization.name_fi, organization.name_sv or organization.name_fi)


def _names(line: Mapping[str, str]) -> Text:
    return Text(line["fi"], line["sv"] or line["fi"])


def _pair(row: Any, field: str) -> Text:
    return Text(getattr(row, f"{field}_fi"), getattr(row, f"{field}_sv"))


def _round_name(talk: Negotiation) -> Text:
    """Name the one talk after its round, or plainly."""
    named = Text(talk.round.name_fi, talk.round.name_sv)
    return named or Text(f"Hyte-neuvottelu {talk.year}", f"Hyte-förhandling {talk.year}")


def _party(row: Participation) -> Party:
    return Party(_name(row.organization), is_host=row.side == Participation.SIDES[0][0])


def _attendee(row: Attendee) -> AttendeeLine:
    capacity = Text.both(row.post)
    person = Person(row.name, capacity, _name(row.organization), row.name_public)
    return AttendeeLine(person, row.channel, row.presence, row.part)


def _secretary(talk: Negotiation) -> Person:
    if talk.secretary is None:
        return Person()
    return Person(talk.secretary.get_full_name(), Text.both(talk.secretary_title), _name(talk.convener))


def _known(person: Person, attendees: Iterable[AttendeeLine]) -> Person:
    """Let those who run the talk stand with their names, unless the attendance says that one isn't public."""
    hidden = [line.person.name for line in attendees if not line.person.name_is_public]
    is_public = not any(name and name in person.name for name in hidden)
    return Person(person.name, person.capacity, person.organization, is_public)


def _agenda_line(row: AgendaItem) -> AgendaLine:
    ground = row.confidential_ground
    return AgendaLine(row.section, _pair(row, "title"), _pair(row, "discussion"), _pair(row, "decision"), ground)


def _goal(row: Goal, measures: list[MeasureLine]) -> GoalPart:
    return GoalPart(
        title=_pair(row, "title"),
        description=_pair(row, "description"),
        indicator=_pair(row, "indicator"),
        baseline=Text.both(row.baseline),
        target=_target(row),
        is_common=row.negotiation_id is None,
        measures=tuple(measures),
    )


def _target(row: Goal) -> Text:
    year = f" ({row.target_year})" if row.target_year else ""
    return Text(*(f"{words}{year}" if words else "" for words in (row.target_fi, row.target_sv)))


def _measure(row: Any) -> MeasureLine:
    return MeasureLine(
        wording=_pair(row, "title"),
        decision=row.decision,
        owner=_name(row.owner) if row.owner else Text(),
        owner_post=_pair(row.owner_post, "title") if row.owner_post else Text(),
        description=_pair(row, "details"),
        partners=tuple(PartnerLine(_names(line), line["role"]) for line in row.partner_names),
        municipalities=tuple(_names(line) for line in row.municipality_names),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        follow_up=_pair(row, "follow_up"),
        resources=_pair(row, "resources"),
        reason=Text.both(row.decision_reason),
        owner_consent=Text.both(row.owner_consent),
    )


def _promise(row: Measure) -> PromiseLine:
    """Tell what last year's measure became: how it went, and whether its wording goes on."""
    before = row.continues
    assert before is not None  # noqa: S101 - the caller keeps only measures that continue another
    same = (before.title_fi, before.title_sv) == (row.title_fi, row.title_sv)
    carried = ("continue" if same else "change") if row.decision in IN_FORCE else "end"
    owner = _name(before.owner) if before.owner else Text()
    return PromiseLine(_pair(before, "title"), owner, before.outcome, Text.both(before.outcome_reason), carried)


def _cooperation(row: Cooperation) -> CooperationLine:
    fields = ("subject", "structure", "division", "information", "agreement")
    return CooperationLine(**{field: _pair(row, field) for field in fields}, contacts=Text.both(row.contacts))


def _follow_up(row: FollowUpPlan) -> FollowUpLine:
    owner = _name(row.owner) if row.owner else Text()
    post = _pair(row.owner_post, "title") if row.owner_post else Text()
    responsible = Text(
        *(", ".join(filter(None, words)) for words in ((owner.fi, post.fi), (owner.sv, post.sv or post.fi)))
    )
    return FollowUpLine(_pair(row, "what"), _moments(row), responsible, _pair(row, "forum"))


def _moments(row: FollowUpPlan) -> Text:
    """Give the moments in words, else the first one's date."""
    day = row.first_on
    return _pair(row, "moments") or Text.both(f"{day.day}.{day.month}.{day.year}" if day else "")


def _reasons(talk: Negotiation) -> Iterable[ReasonLine]:
    for subject in SUBJECTS:
        reason = _pair(talk, f"no_{subject}")
        if reason:
            yield ReasonLine(subject, reason)


def _attachment(row: Attachment) -> AttachmentLine:
    return AttachmentLine(Text.both(row.title), row.is_public)


def _informed(measures: Iterable[Any], parties: Iterable[Party]) -> tuple[Text, ...]:
    """Name the owners that were not at the table: they get the memo for information."""
    at_table = {party.name for party in parties}
    owners = (_name(row.owner) for row in measures if row.owner and row.decision in IN_FORCE)
    return tuple(dict.fromkeys(name for name in owners if name not in at_table))


def _confirmations(talk: Negotiation, attendees: Iterable[AttendeeLine]) -> tuple[Confirmation, ...]:
    if talk.confirmed_by is None or talk.confirmed_at is None:
        return ()
    person = _known(Person(talk.confirmed_by.get_full_name(), Text(), _name(talk.convener)), attendees)
    return (Confirmation(person, talk.confirmed_at, Text.both(talk.secretary_reason)),)
