"""What the demo tells, as typed data read from the files in `content/`.

A file says who proposed what in which talk; days are counted from the day of loading (`moments`), and `{year}`,
`{before}` and `{after}` stand for the year negotiated and the ones around it.
"""

import tomllib
import types
from dataclasses import dataclass, field, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Union, cast, get_args, get_origin, get_type_hints

CONTENT: Final = Path(__file__).parent / "content"
Moment = int | str  # days from the day of loading, or "05-26" in the round's year, "+05-26" in the next


@dataclass(frozen=True, slots=True)
class Words:
    """A text in Finnish and Swedish; one of them may be missing."""

    fi: str = ""
    sv: str = ""

    def within(self, field_name: str, languages: list[str]) -> dict[str, str]:
        """Return the two columns of a field, the languages that are not used left empty."""
        return {f"{field_name}_{code}": getattr(self, code) if code in languages else "" for code in ("fi", "sv")}


NOTHING: Final = Words()


@dataclass(frozen=True, slots=True)
class ReportText:
    """A follow-up that was written so many days ago."""

    days: int
    progress: str
    note: str = ""
    next_step: str = ""
    language: str = "fi"


@dataclass(frozen=True, slots=True)
class MeasureText:
    """A measure; partners read "<organisation> <role>"."""

    title: Words
    owner: str = ""
    post: Words = NOTHING
    partners: tuple[str, ...] = ()
    by: str = ""
    details: Words = NOTHING
    follow_up: Words = NOTHING
    resources: Words = NOTHING
    months: str = "1-12"
    decision: str = ""
    decision_reason: str = ""
    reports: tuple[ReportText, ...] = ()
    outcome: str = ""
    outcome_reason: str = ""
    continues: str = ""


@dataclass(frozen=True, slots=True)
class GoalText:
    """A goal with its measures."""

    title: Words
    theme: str
    age_group: str
    key: str = ""
    by: str = ""
    description: Words = NOTHING
    indicator: Words = NOTHING
    baseline: str = ""
    target: Words = NOTHING
    target_in: int = 2
    origin: str = "negotiation"
    level: str = "joint"
    continues: str = ""
    measures: tuple[MeasureText, ...] = ()


@dataclass(frozen=True, slots=True)
class CooperationText:
    """A way of working together."""

    subject: Words
    structure: Words = NOTHING
    division: Words = NOTHING
    information: Words = NOTHING
    agreement: Words = NOTHING
    contacts: str = ""


@dataclass(frozen=True, slots=True)
class PlanText:
    """A way of following."""

    what: Words
    moments: Words = NOTHING
    forum: Words = NOTHING
    owner: str = ""
    post: Words = NOTHING


@dataclass(frozen=True, slots=True)
class AgendaText:
    """A point of the agenda."""

    section: str
    title: Words
    minutes: int | None = None
    presenter: str = ""
    discussion: Words = NOTHING
    decision: Words = NOTHING


@dataclass(frozen=True, slots=True)
class AttendeeText:
    """An invented person at the talk."""

    name: str
    post: str
    who: str
    capacity: str = ""
    channel: str = "room"
    presence: str = "all"
    part: str = ""


@dataclass(frozen=True, slots=True)
class GuestText:
    """A guest; "*" are all municipalities of the county that are not named."""

    who: str
    preparation: str = "not_started"
    reason: str = ""
    none: bool = False
    otherwise: str = ""
    contact: bool = True


@dataclass(frozen=True, slots=True)
class CommentText:
    """A comment that a person wrote so many days ago."""

    by: str
    text: str
    days: int
    reach: str = "own"


@dataclass(frozen=True, slots=True)
class TalkText:
    """A negotiation; `draw` names goals of the catalogue that stand after its own."""

    key: str
    title: Words
    on: Moment
    state: str
    guests: tuple[GuestText, ...]
    place: Words = NOTHING
    hours: str = "9.00-12.00"
    remote: bool = False
    record: str = "memo"
    chair: str = ""
    secretary: str = ""
    secretary_title: str = ""
    registry: str = ""
    before: str = ""
    reason: str = ""
    until: Moment | None = None
    comments_until: Moment | None = None
    public_from: Moment | None = None
    continues: str = ""
    draw: tuple[str, ...] = ()
    undecided: int = 0
    outcomes: str = ""
    agenda: tuple[AgendaText, ...] = ()
    attendees: tuple[AttendeeText, ...] = ()
    goals: tuple[GoalText, ...] = ()
    cooperation: tuple[CooperationText, ...] = ()
    plans: tuple[PlanText, ...] = ()
    comments: tuple[CommentText, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundText:
    """A round with its talks; takes effect `effect` years after the year negotiated."""

    forms: tuple[str, ...]
    name: Words = NOTHING
    basis: str = "7"
    themes: tuple[str, ...] = ()
    effect: int = 1
    comment_days: int = 14
    previous: bool = False
    phases: dict[str, Moment] = field(default_factory=dict)
    goals: tuple[GoalText, ...] = ()
    talks: tuple[TalkText, ...] = ()


@dataclass(frozen=True, slots=True)
class UsualReport:
    """What an owner reports of a measure of the catalogue."""

    progress: str
    note: Words
    next_step: Words = NOTHING


@dataclass(frozen=True, slots=True)
class UsualOutcome:
    """What became of a measure of the catalogue."""

    outcome: str
    reason: Words = NOTHING


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What many counties could agree on, and what a talk usually has."""

    goals: tuple[GoalText, ...]
    cooperation: tuple[CooperationText, ...]
    plans: tuple[PlanText, ...]
    agenda: tuple[AgendaText, ...]
    reports: tuple[UsualReport, ...]
    outcomes: tuple[UsualOutcome, ...]

    def goal(self, key: str) -> GoalText:
        """Return the goal of that key."""
        return next(goal for goal in self.goals if goal.key == key)


def read_round(name: str, year: int) -> RoundText:
    """Read the file of a round, told of that year."""
    return cast("RoundText", _value(RoundText, _file(name, year)))


@cache
def read_catalogue(year: int) -> Catalogue:
    """Read the goals and measures that many could agree on."""
    return cast("Catalogue", _value(Catalogue, _file("catalogue", year)))


def _file(name: str, year: int) -> dict[str, Any]:
    text = (CONTENT / f"{name}.toml").read_text(encoding="utf-8")
    for word, told in (("{year}", year), ("{before}", year - 1), ("{after}", year + 1)):
        text = text.replace(word, str(told))
    return tomllib.loads(text)


def _value(kind: Any, value: Any) -> Any:
    """Turn plain TOML into the type that a field names; a key that no field knows is an error."""
    origin = get_origin(kind)
    if origin is tuple:
        return tuple(_value(get_args(kind)[0], part) for part in value)
    if origin in (Union, types.UnionType, dict) or not is_dataclass(kind):
        return value
    hints = get_type_hints(kind)
    return cast("type[Any]", kind)(**{name: _value(hints[name], part) for name, part in value.items()})
