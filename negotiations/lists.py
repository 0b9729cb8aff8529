"""What the lists of talks and measures hold: visible rows, filtered, read for the page."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import get_language

from negotiations import access
from negotiations.forms.filters import MeasureFilter, NegotiationFilter
from negotiations.lifecycle import Act, RoundState
from negotiations.measure_table import PROGRESS_TONES, timetable
from negotiations.models import Measure, Negotiation, Participation, Round
from negotiations.talk_page import Turn, turn_of
from negotiations.turns import waits_at_all
from negotiations.vocabulary import Outcome, Progress
from organizations.actors import Actor
from organizations.models import Organization
from organizations.models.organization import name_order

TALK_KEY = ("year", "pk")
MEASURE_KEY = ("negotiation__year", "pk")
_TALK_COLUMNS = (
    "public_id", "title_fi", "title_sv", "state", "year", "starts_at", "preparation_until", "comments_until",
    "round__year_of_effect", "round__preparation_until", "round__memo_by", "convener__short_fi", "convener__short_sv",
    "convener__short_en", "convener__name_fi", "convener__name_sv", "convener__name_en",
)  # fmt: skip
_MEASURE_COLUMNS = (
    "public_id", "title_fi", "title_sv", "starts_on", "ends_on", "progress", "reported_on", "outcome",
    "owner__short_fi", "owner__short_sv", "owner__short_en", "owner__name_fi", "owner__name_sv", "owner__name_en",
    "owner_post__title_fi", "owner_post__title_sv", "goal__theme__name_fi", "goal__theme__name_sv", "goal__theme__name_en",
)  # fmt: skip


# -- Talks -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class TalkLine:
    """A talk as a line: whose turn it is, and whether that is the actor's own side."""

    talk: Negotiation
    parties: str
    turn: Turn
    is_mine: bool


def listed_talks(actor: Actor) -> "QuerySet[Negotiation]":
    """Return the talks whose record the actor may see; who browses all regions sees their public copies too."""
    seen = access.granted(Act.SEE_RECORD, actor)
    if actor.is_national:
        public = access.granted(Act.SEE_PUBLIC, actor)
        seen = public if seen is access.NOBODY else seen | public
    return Negotiation.objects.filter(seen, deleted_at__isnull=True)


def talk_rows(actor: Actor, filters: NegotiationFilter) -> "QuerySet[Negotiation]":
    """Return the talks that pass the filters, with what a line shows."""
    rows = listed_talks(actor)
    if year := filters.value("year"):
        rows = rows.filter(year=year)
    if state := filters.value("state"):
        rows = rows.filter(state=state)
    if county := filters.value("county"):
        rows = rows.filter(convener__slug=county)
    if turn := filters.value("turn"):
        mine = waits_at_all(actor)
        rows = rows.filter(mine if turn == "mine" else ~mine)
    if beginning := filters.value("q"):
        rows = rows.filter(_named(beginning))
    parties = Participation.objects.filter(negotiation=OuterRef("pk")).order_by("-side", "pk")
    return (
        rows.select_related("round", "convener")
        .only(*_TALK_COLUMNS)
        .annotate(
            parties=ArraySubquery(parties.values(_name("organization__"))),
            is_mine=Case(
                When(waits_at_all(actor), then=Value(True)), default=Value(False), output_field=BooleanField()
            ),
        )
    )


def _name(path: str) -> str:
    return f"{path}name_{'sv' if get_language() == 'sv' else 'fi'}"


def _named(beginning: str) -> Q:
    """Return talks whose title, or the name of one of whose parties, begins so."""
    parties = Participation.objects.filter(organization__in=Organization.objects.starting_with(beginning))
    return (
        Q(title_fi__istartswith=beginning)
        | Q(title_sv__istartswith=beginning)
        | Q(pk__in=parties.values("negotiation_id"))
    )


def talk_lines(talks: list[Negotiation]) -> list[TalkLine]:
    """Return the talks of a page as lines."""
    return [_talk_line(talk) for talk in talks]


def _talk_line(talk: Any) -> TalkLine:
    return TalkLine(talk, ", ".join(filter(None, talk.parties)), turn_of(talk, (), ""), talk.is_mine)


def counties_of(actor: Actor) -> list[tuple[str, str]]:
    """Return the conveners of the listed talks, by name."""
    conveners = Organization.objects.filter(pk__in=listed_talks(actor).values("convener_id"))
    return [(row.slug, row.short) for row in conveners.order_by(name_order())]


def rounds_of(actor: Actor) -> list[Round]:
    """Return the rounds of the actor's own area that go on; who browses all regions has the page of regions."""
    if actor.is_national:
        return []
    rows = Round.objects.visible_to(actor).exclude(state=RoundState.CLOSED).select_related("convener")
    return list(rows.order_by("-year", "pk")[:10])


# -- Measures ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class MeasureLine:
    """An agreed measure as a line."""

    measure: Measure
    owner: str
    timetable: str
    progress: str
    tone: str
    may_report: bool


def listed_measures(actor: Actor) -> "QuerySet[Measure]":
    """Return the agreed measures that the actor may see."""
    return Measure.objects.visible_to(actor).in_force()


def measure_rows(actor: Actor, filters: MeasureFilter) -> "QuerySet[Measure]":
    """Return the measures that pass the filters, with what a line shows."""
    rows = listed_measures(actor)
    if filters.value("mine"):
        rows = rows.filter(owner=actor.organization)
    if year := filters.value("year"):
        rows = rows.filter(negotiation__year=year)
    if theme := filters.value("theme"):
        rows = rows.filter(goal__theme=theme)
    if progress := filters.value("progress"):
        rows = rows.filter(progress=progress)
    if owner := filters.value("owner"):
        rows = rows.filter(owner__slug=owner)
    if beginning := filters.value("q"):
        owners = Organization.objects.starting_with(beginning)
        rows = rows.filter(
            Q(title_fi__istartswith=beginning) | Q(title_sv__istartswith=beginning) | Q(owner__in=owners)
        )
    may = When(access.granted(Act.REPORT, actor), then=Value(True))
    return (
        rows.annotate(
            may_report=Case(may, default=Value(False), output_field=BooleanField()),
            year=F("negotiation__year"),
        )
        .select_related("owner", "owner_post", "goal__theme")
        .only(*_MEASURE_COLUMNS)
    )


def measure_lines(measures: list[Measure]) -> list[MeasureLine]:
    """Return the measures of a page as lines."""
    return [_measure_line(measure) for measure in measures]


def _measure_line(measure: Any) -> MeasureLine:
    progress = Progress(measure.progress)
    words = Outcome(measure.outcome).label if measure.outcome else progress.label
    told = measure.outcome or measure.reported_on
    return MeasureLine(
        measure,
        measure.owner.short if measure.owner else "",
        timetable(measure.starts_on, measure.ends_on),
        str(words) if told else "",
        "" if measure.outcome else PROGRESS_TONES[progress],
        measure.may_report and not measure.outcome,
    )


def owners_of(actor: Actor) -> list[tuple[str, str]]:
    """Return the owners of the listed measures, by name."""
    owners = Organization.objects.filter(pk__in=listed_measures(actor).values("owner_id"))
    return [(row.slug, row.short) for row in owners.order_by(name_order())]
