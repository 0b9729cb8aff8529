"""The frozen content of a memo: what was agreed, as plain values that no later change reaches.

A memo knows no database. It holds both languages, is written as canonical JSON into a `Snapshot` row, and is
the only thing that pages are drawn from.
"""

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass, replace
from datetime import date, datetime
from typing import Any, Self, Union, cast, get_args, get_origin, get_type_hints


@dataclass(frozen=True, slots=True)
class Text:
    """The same text in both languages; one of them may be missing."""

    fi: str = ""
    sv: str = ""

    @classmethod
    def both(cls, words: str) -> Self:
        """Give words that are the same in both languages: names, figures, what was written once for all."""
        return cls(words, words)

    def __bool__(self) -> bool:
        """Tell whether there is anything to read."""
        return bool(self.fi or self.sv)


@dataclass(frozen=True, slots=True)
class Person:
    """A person by name and post, and whether the name may stand in a public copy."""

    name: str = ""
    capacity: Text = Text()
    organization: Text = Text()
    name_is_public: bool = False

    def public(self) -> Self:
        """Leave the name out unless it may be told."""
        return self if self.name_is_public else replace(self, name="")


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation at the table."""

    name: Text
    is_host: bool = False


@dataclass(frozen=True, slots=True)
class AttendeeLine:
    """One person's presence: in the room or remote, all the time, a part of it, or absent."""

    person: Person
    channel: str = "room"
    presence: str = "all"
    part: str = ""

    def public(self) -> Self:
        """Leave the name out unless it may be told."""
        return replace(self, person=self.person.public())


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """An item of the talk with what was said and what was agreed."""

    section: str
    title: Text
    discussion: Text = Text()
    decision: Text = Text()
    confidential_ground: str = ""


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """Who else takes part in a measure, and how."""

    name: Text
    role: str


@dataclass(frozen=True, slots=True)
class PositionLine:
    """What a party thinks of a measure."""

    party: Text
    position: str
    reason: Text = Text()


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure as it was decided at the talk."""

    wording: Text
    decision: str
    owner: Text
    owner_post: Text = Text()
    description: Text = Text()
    partners: tuple[PartnerLine, ...] = ()
    positions: tuple[PositionLine, ...] = ()
    municipalities: tuple[Text, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    follow_up: Text = Text()
    resources: Text = Text()
    reason: Text = Text()
    owner_consent: Text = Text()

    def public(self) -> Self:
        """Leave out who gave the owner's consent: the text may name a person."""
        return replace(self, owner_consent=Text())


@dataclass(frozen=True, slots=True)
class GoalPart:
    """A goal with its figure and its measures."""

    title: Text
    description: Text = Text()
    indicator: Text = Text()
    baseline: Text = Text()
    target: Text = Text()
    is_common: bool = False
    measures: tuple[MeasureLine, ...] = ()

    def public(self) -> Self:
        """Give the copy that anyone may read."""
        return replace(self, measures=tuple(line.public() for line in self.measures))


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """What was agreed last year, and how it went."""

    wording: Text
    owner: Text
    outcome: str = ""
    reason: Text = Text()
    carry_over: str = ""


@dataclass(frozen=True, slots=True)
class CooperationLine:
    """How the parties work together in one matter."""

    subject: Text
    structure: Text = Text()
    division: Text = Text()
    information: Text = Text()
    contacts: Text = Text()
    agreement: Text = Text()


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """How the agreed is followed: what, when, by whom, and where it is read."""

    what: Text
    moments: Text = Text()
    responsible: Text = Text()
    forum: Text = Text()


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """Why a statutory subject was left empty."""

    subject: str
    reason: Text


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """An attachment by its name; its bytes are kept elsewhere."""

    title: Text
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who confirmed the memo, when, and why alone if it was the secretary."""

    person: Person
    at: datetime
    reason: Text = Text()


@dataclass(frozen=True, slots=True)
class Memo:
    """All that a memo says."""

    record_type: str
    status: str
    version: str
    dated: date
    year: int
    year_of_effect: int
    basis: str
    round_name: Text
    title: Text
    sender: Text
    registry_number: str = ""
    languages: tuple[str, ...] = ("fi",)
    is_example: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: Text = Text()
    is_remote: bool = False
    chair: Person = Person()
    secretary: Person = Person()
    parties: tuple[Party, ...] = ()
    attendees: tuple[AttendeeLine, ...] = ()
    agenda: tuple[AgendaLine, ...] = ()
    promises: tuple[PromiseLine, ...] = ()
    goals: tuple[GoalPart, ...] = ()
    cooperation: tuple[CooperationLine, ...] = ()
    follow_up: tuple[FollowUpLine, ...] = ()
    reasons: tuple[ReasonLine, ...] = ()
    attachments: tuple[AttachmentLine, ...] = ()
    distribution: tuple[Text, ...] = ()
    informed: tuple[Text, ...] = ()
    next_talk_on: date | None = None
    handled_by: date | None = None
    confirmations: tuple[Confirmation, ...] = ()
    # A random word in the counted content: without it, a secret passage could be guessed by trying texts
    # until they give the check value that a public copy prints.
    seal: str = ""
    schema: int = 1

    def to_json(self) -> str:
        """Write the one canonical form: sorted keys, no spaces, real letters."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_iso)

    def to_values(self) -> dict[str, Any]:
        """Give the plain values that a row keeps."""
        return cast("dict[str, Any]", json.loads(self.to_json()))

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Self:
        """Read back what a row kept."""
        return cast("Self", _read_parts(cls, values))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read back what `to_json` wrote."""
        return cls.from_values(json.loads(text))

    def check_value(self) -> str:
        """Give the SHA-256 of the canonical form."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def public(self) -> Self:
        """Give the copy that anyone may read."""
        return replace(
            self,
            chair=self.chair.public(),
            secretary=self.secretary.public(),
            attendees=tuple(line.public() for line in self.attendees),
            goals=tuple(goal.public() for goal in self.goals),
            agenda=tuple(line for line in self.agenda if not line.confidential_ground),
            attachments=tuple(line for line in self.attachments if line.is_public),
            confirmations=tuple(replace(line, person=line.person.public()) for line in self.confirmations),
        )


def short_check_value(check_value: str) -> str:
    """Group the first sixteen digits so that two people can compare them aloud."""
    return " ".join(check_value[start : start + 4] for start in range(0, 16, 4))


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a memo")


def _read(kind: Any, value: Any) -> Any:
    """Turn plain JSON back into the type that a field names."""
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], part) for part in value)
    if get_origin(kind) in (Union, types.UnionType):
        return None if value is None else _read(get_args(kind)[0], value)
    if is_dataclass(kind):
        return _read_parts(cast("type[Any]", kind), value)
    return kind.fromisoformat(value) if kind in (date, datetime) else value


def _read_parts(kind: type[Any], values: Mapping[str, Any]) -> Any:
    """Read a dataclass; a field that this version doesn't know is a reason to stop, not to drop it."""
    hints = get_type_hints(kind)
    return kind(**{name: _read(hints.get(name), value) for name, value in values.items()})
