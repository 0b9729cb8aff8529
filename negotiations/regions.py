"""All regions at a glance, as the reader may know them: each county's stage, measures, last published memo.

Numbers of measures come from the kept sums only; nothing of a draft is counted for those who may not see it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hyte_portal.dates import local, today
from negotiations import access
from negotiations.lifecycle import Act, Side
from negotiations.models import MeasureSum, Negotiation, Participation, Round
from negotiations.stages import HELD, NOTHING, PUBLIC, Stage, stage_of
from negotiations.vocabulary import CellReach, RoundForm
from organizations.actors import Actor
from organizations.models import Organization
from organizations.models.organization import name_order

_TALK_COLUMNS: Final = (
    "convener_id", "public_id", "state", "starts_at", "published_at", "round__forms", "round__memo_by",
    "round__talks_from", "round__talks_until",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Region:
    """A county's line."""

    name: str
    slug: str
    url: str
    stage: Stage
    form: str
    when: str
    sentence: str
    municipalities: int
    municipalities_in_all: int
    absent: int
    others: int
    measures: int | None
    memos: int
    memo_url: str
    memo_on: date | None

    @property
    def tone(self) -> str:
        """Return the colour of the stage's tag; the word stands in it."""
        return "petrol" if self.stage in PUBLIC else "outline" if self.is_silent else ""

    @property
    def is_coming(self) -> bool:
        """Say whether municipalities may still come to a table."""
        return self.stage in {Stage.PREPARATION, Stage.UNDER_WAY}

    @property
    def is_silent(self) -> bool:
        """Say whether there is nothing to tell but why."""
        return self.stage in NOTHING


# -- Who is asking -----------------------------------------------------------------------------------------------------
def seen_talks(actor: Actor) -> "QuerySet[Negotiation]":
    """Return the talks that the actor may know of: by their shell, or by their public copy."""
    return Negotiation.objects.filter(
        access.granted(Act.SEE_SHELL, actor) | access.granted(Act.SEE_PUBLIC, actor), deleted_at__isnull=True
    )


def knows_all_of(actor: Actor, county: int) -> bool:
    """Say whether the actor would see a talk of the county if there was one: only then silence is "no information"."""
    if not actor.seats or actor.rounds_for(None) is not None:
        return False
    return actor.is_national or county in actor.area_ids


def stages_for(actor: Actor) -> list[Stage]:
    """Return the stages that the actor can meet, the furthest first."""
    if actor.is_national:
        return [Stage.FOLLOW_UP, Stage.PUBLISHED, Stage.MEMO, Stage.UNDER_WAY, Stage.PREPARATION, Stage.NOT_RECORDED]
    if not actor.is_member:
        return [Stage.FOLLOW_UP, Stage.PUBLISHED, Stage.NOT_PUBLISHED]
    return [Stage.FOLLOW_UP, Stage.PUBLISHED, Stage.MEMO, Stage.UNDER_WAY, Stage.PREPARATION, *NOTHING]


def view_key(actor: Actor) -> str:
    """Name what the actor sees of all regions: those with the same key see alike."""
    rounds = actor.rounds_for(None)
    if not actor.is_member or not actor.seats or actor.organization is None:
        return "public"
    return f"{actor.organization.pk}:{'' if rounds is None else ','.join(sorted(rounds))}"


def fingerprint(actor: Actor, year: int) -> str:
    """Return a value that changes with everything that the page shows of a year, by one statement.

    Each change of a talk or its children raises its content version, each change of a round its version.
    """
    talks = seen_talks(actor).filter(year=year).order_by().values("year")
    rounds = Round.objects.visible_to(actor).filter(year=year).order_by().values("year")
    rows: list[Any] = [
        talks.annotate(
            kind=Value("talks"), a=Count("pk"), b=Sum("content_version"), c=Sum("version"), d=Sum("round__version")
        ),
        rounds.annotate(kind=Value("rounds"), a=Count("pk"), b=Sum("version"), c=Value(0), d=Value(0)),
    ]
    first, second = (part.values_list("kind", "a", "b", "c", "d") for part in rows)
    return str(sorted(first.union(second, all=True)))


# -- What is read ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class TalkRow:
    """What a talk adds to its county's line."""

    public_id: str
    state: str
    starts_at: datetime | None
    published_at: datetime | None
    forms: Sequence[str]
    memo_by: date | None
    talks_from: date | None
    talks_until: date | None
    municipalities: Sequence[int]
    others: Sequence[int]


def regions_of(actor: Actor, year: int, theme: str | None = None) -> list[Region]:
    """Return the line of each convener, by name: two statements whatever the data."""
    talks = _talks(actor, year)
    return [_region(county, talks.get(county.pk, []), actor) for county in _counties(actor, year, theme)]


def _counties(actor: Actor, year: int, theme: str | None) -> "QuerySet[Organization]":
    valid = Q(municipalities__valid_until__isnull=True) | Q(municipalities__valid_until__gt=today())
    mine = Round.objects.filter(access.granted(Act.SEE_ROUND, actor), convener=OuterRef("pk"), year=year)
    return (
        Organization.objects.conveners()
        .valid_on()
        .annotate(
            number_of_municipalities=Count("municipalities", filter=valid & Q(municipalities__in_scope=True)),
            number_of_measures=Coalesce(Subquery(_cells(actor, year, theme)), Value(0)),
            has_round=Exists(mine),
        )
        .order_by(name_order(), "pk")
    )


def _cells(actor: Actor, year: int, theme: str | None) -> "QuerySet[MeasureSum, Any]":
    """Return the county's sum: confirmed measures for those who see confirmed memos, else published ones only."""
    cells = MeasureSum.objects.filter(county=OuterRef("pk"), year=year).filter(_reach(actor))
    if theme:
        cells = cells.filter(theme=theme)
    return cells.order_by().values("county").annotate(number=Sum("measures")).values("number")


def _reach(actor: Actor) -> Q:
    confirmed = Q(reach=CellReach.CONFIRMED)
    published = Q(reach=CellReach.PUBLISHED)
    if actor.organization is None or not actor.seats or actor.rounds_for(None) is not None:
        return published
    if actor.is_national:
        return confirmed
    own = Q(county=actor.organization)
    return (confirmed & own) | (published & ~own)


def _talks(actor: Actor, year: int) -> dict[int, list[TalkRow]]:
    guests = Participation.objects.filter(negotiation=OuterRef("pk"), side=Side.GUEST.value).order_by("pk")
    municipal = Q(organization__kind=Organization.Kind.MUNICIPALITY)
    rows = (
        seen_talks(actor)
        .filter(year=year)
        .order_by("starts_at", "pk")
        .values_list(
            *_TALK_COLUMNS,
            ArraySubquery(guests.filter(municipal).values("organization_id")),
            ArraySubquery(guests.exclude(municipal).values("organization_id")),
        )
    )
    found: defaultdict[int, list[TalkRow]] = defaultdict(list)
    for county, *values in rows:
        found[county].append(TalkRow(*values))
    return found


# -- A county's line ---------------------------------------------------------------------------------------------------
def _region(county: Any, talks: list[TalkRow], actor: Actor) -> Region:
    knows_all = knows_all_of(actor, county.pk)
    stage = stage_of(
        [(talk.state, talk.published_at is not None) for talk in talks], has_round=county.has_round, knows_all=knows_all
    )
    published = sorted((talk for talk in talks if talk.published_at), key=_published_at)
    present = {pk for talk in talks for pk in talk.municipalities}
    in_all = county.number_of_municipalities or 1  # Helsinki is its own and only municipality
    is_city = county.kind == Organization.Kind.MUNICIPALITY
    at_table = in_all if is_city and talks else len(present)
    told = stage in HELD and knows_all
    return Region(
        name=county.short,
        slug=county.slug,
        url=reverse("negotiations:region", args=[county.slug]),
        stage=stage,
        form=_forms(talks),
        when=_when(talks),
        sentence=_sentence(stage, talks, at_table),
        municipalities=at_table,
        municipalities_in_all=in_all,
        absent=max(in_all - at_table, 0) if told else 0,
        others=len({pk for talk in talks for pk in talk.others}),
        measures=county.number_of_measures if published or stage in PUBLIC or county.number_of_measures else None,
        memos=len(published),
        memo_url=reverse("negotiations:negotiation", args=[published[-1].public_id]) if published else "",
        memo_on=local(_published_at(published[-1])).date() if published else None,
    )


def _published_at(talk: TalkRow) -> datetime:
    if talk.published_at is None:
        raise ValueError("asked of published talks only")
    return talk.published_at


def _forms(talks: Iterable[TalkRow]) -> str:
    forms = dict.fromkeys(form for talk in talks for form in talk.forms)
    return ", ".join(str(RoundForm(form).label) for form in forms)


def _when(talks: Sequence[TalkRow]) -> str:
    """Write the days of the talks: one day, or from the first to the last."""
    days = sorted({local(talk.starts_at).date() for talk in talks if talk.starts_at})
    if not days:
        planned = [day for talk in talks for day in (talk.talks_from, talk.talks_until) if day]
        days = sorted(set(planned))
    if not days:
        return ""
    first, last = days[0], days[-1]
    end = f"{last.day}.{last.month}.{last.year}"
    return end if first == last else f"{first.day}.{first.month}.–{end}"


def _sentence(stage: Stage, talks: Sequence[TalkRow], municipalities: int) -> str:
    """Say across the empty columns what is known before a memo is confirmed."""
    if stage == Stage.NOT_RECORDED:
        return _("The county has not recorded this year's round in the portal.")
    if stage == Stage.NOT_PUBLISHED:
        return _("No memo of this year is published yet.")
    if stage == Stage.PREPARATION:
        others = len({pk for talk in talks for pk in talk.others})
        return _invited(municipalities, others) if talks else _("The county plans its round.")
    if stage == Stage.UNDER_WAY:
        held = sum(talk.starts_at is not None and local(talk.starts_at).date() <= today() for talk in talks)
        return _("%(held)d of %(all)d negotiations held") % {"held": held, "all": len(talks)}
    if stage == Stage.MEMO:
        by = next((talk.memo_by for talk in talks if talk.memo_by), None)
        return _("Confirmed by %(day)s at the latest") % {"day": f"{by.day}.{by.month}.{by.year}"} if by else ""
    return ""


def _invited(municipalities: int, others: int) -> str:
    towns = ngettext("%(n)d municipality", "%(n)d municipalities", municipalities) % {"n": municipalities}
    rest = ngettext("%(n)d other party", "%(n)d other parties", others) % {"n": others}
    return _("At the tables: %(towns)s and %(rest)s") % {"towns": towns, "rest": rest}
