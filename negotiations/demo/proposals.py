"""Writes what a talk is about: goals, measures, cooperation and ways of following, shared as the state has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hyte_portal.localized import CONTENT_LANGUAGES
from negotiations.demo.content import CooperationText, GoalText, MeasureText, PlanText
from negotiations.demo.follow_ups import write_follow_ups
from negotiations.demo.names import public_id
from negotiations.demo.stage import Scene, Stage
from negotiations.lifecycle import FROM_CONFIRMED, State
from negotiations.models import Cooperation, FollowUpPlan, Goal, Measure, MeasurePartner, Round
from negotiations.vocabulary import Decision
from organizations.models import Organization

_FEW = 6  # a talk of more municipalities concerns them all
_ACCEPTED_AS_SUCH = FROM_CONFIRMED | {State.COMMENTING}


@dataclass(frozen=True)
class Sharing:
    """Since when each side's proposals are seen by the table; who is not named keeps its own."""

    since: dict[int, datetime]

    def of(self, proposer: Organization) -> datetime | None:
        """Return since when the organisation's proposals are shared."""
        return self.since.get(proposer.pk)


def write_goals(scene: Scene, texts: Iterable[GoalText], sharing: Sharing, *, decided: int | None) -> None:
    """Write a talk's goals with their measures; `decided` is how many measures have a decision (None = all)."""
    done = 0
    for number, text in enumerate(texts, start=1):
        goal = _write_goal(scene, text, number, sharing)
        for place, measure in enumerate(text.measures, start=1):
            is_decided = decided is None or done < decided
            _write_measure(scene, goal, measure, f"{number}.{place}", sharing, is_decided=is_decided)
            done += 1


def write_common_goal(stage: Stage, round_row: Round, text: GoalText, number: int) -> Goal:
    """Write a goal that belongs to the whole round."""
    return Goal.objects.create(
        **_goal_values(stage, text),
        round=round_row,
        proposer=stage.county,
        created_by=stage.cast.person("editor", stage.county),
        shared_at=stage.now - timedelta(days=60),
        position=number,
        public_id=public_id("goal", stage.county.slug, stage.moments.year, number),
    )


def _goal_values(stage: Stage, text: GoalText) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in Goal.LOCALIZED:
        values |= getattr(text, name).within(name, stage.languages)
    return values | {
        "theme_id": text.theme,
        "age_group_id": text.age_group,
        "origin": text.origin,
        "level": text.level,
        "baseline": text.baseline,
        "target_year": stage.moments.year + text.target_in,
    }


def _write_goal(scene: Scene, text: GoalText, number: int, sharing: Sharing) -> Goal:
    stage = scene.stage
    proposer = stage.cast.organization(text.by) if text.by else stage.county
    values = _goal_values(stage, text)
    # A goal of one's own that a shared measure stands under can't stay hidden.
    owners = [_proposer(scene, measure) for measure in text.measures]
    moments = [moment for one in (proposer, *owners) if (moment := sharing.of(one))]
    goal = Goal.objects.create(
        **values,
        round=scene.talk.round,
        negotiation=scene.talk,
        proposer=proposer,
        created_by=stage.cast.person("editor", proposer),
        shared_at=min(moments, default=None),
        position=number,
        one_language_ok=_accepted(scene, values, Goal.LOCALIZED),
        continues=scene.earlier_goal(text.continues, text.title.fi),
        public_id=public_id(*_path(scene), "goal", number),
    )
    stage.goals |= {f"{scene.text.key}/{number}": goal, f"{scene.text.key}:{text.title.fi}": goal}
    return goal


def _proposer(scene: Scene, text: MeasureText) -> Organization:
    """Return who brought the measure to the table: as told, else its owner if it sits there, else the host."""
    cast = scene.stage.cast
    named = text.by or text.owner
    proposer = cast.organization(named) if named else None
    return proposer if proposer and scene.is_at_table(proposer) else scene.stage.county


def _write_measure(
    scene: Scene, goal: Goal, text: MeasureText, place: str, sharing: Sharing, *, is_decided: bool
) -> None:
    stage = scene.stage
    owner = stage.cast.organization(text.owner) if text.owner else None
    proposer = _proposer(scene, text)
    starts, ends = _months(text.months, scene.talk.round.year_of_effect)
    values = _measure_values(stage, text)
    measure = Measure.objects.create(
        **values,
        negotiation=scene.talk,
        goal=goal,
        owner=owner,
        owner_post=stage.cast.post(owner, text.post) if owner else None,
        owner_consent=_consent(scene, owner),
        starts_on=starts,
        ends_on=ends,
        decision=(text.decision or Decision.AGREED) if is_decided else Decision.PROPOSED,
        decision_reason=text.decision_reason if is_decided else "",
        proposer=proposer,
        created_by=stage.cast.person("editor", proposer),
        shared_at=sharing.of(proposer),
        position=int(place.partition(".")[2]),
        one_language_ok=_accepted(scene, values, Measure.LOCALIZED),
        continues=scene.earlier_measure(text.continues, text.title.fi),
        public_id=public_id(*_path(scene), "measure", place),
    )
    _write_partners(scene, measure, text)
    write_follow_ups(scene, measure, text)
    stage.measures |= {f"{scene.text.key}/{place}": measure, f"{scene.text.key}:{text.title.fi}": measure}


def _measure_values(stage: Stage, text: MeasureText) -> dict[str, str]:
    values: dict[str, str] = {}
    for name in Measure.LOCALIZED:
        values |= getattr(text, name).within(name, stage.languages)
    return values


def _consent(scene: Scene, owner: Organization | None) -> str:
    """Tell that an owner who doesn't sit at the table was asked."""
    if owner is None or scene.is_at_table(owner):
        return ""
    return "Suostumus saatu sähköpostitse ennen neuvottelua."


def _write_partners(scene: Scene, measure: Measure, text: MeasureText) -> None:
    cast = scene.stage.cast
    named = (partner.partition(" ") for partner in text.partners)
    MeasurePartner.objects.bulk_create(
        MeasurePartner(measure=measure, organization=cast.organization(slug), role=role) for slug, _space, role in named
    )
    if 1 < len(scene.municipalities) <= _FEW and measure.owner not in scene.municipalities:
        measure.municipalities.set(scene.municipalities)


def _months(text: str, year: int) -> tuple[date, date]:
    """Return the first and last day of "8-18": from August to June of the following year."""
    first, _dash, last = text.partition("-")
    after = date(year + int(last) // 12, int(last) % 12 + 1, 1)
    return date(year + (int(first) - 1) // 12, (int(first) - 1) % 12 + 1, 1), after - timedelta(days=1)


def write_cooperation(scene: Scene, texts: Iterable[CooperationText], shared_at: datetime | None) -> None:
    """Write how the parties work together."""
    for number, text in enumerate(texts, start=1):
        values: dict[str, Any] = {}
        for name in Cooperation.LOCALIZED:
            values |= getattr(text, name).within(name, scene.stage.languages)
        Cooperation.objects.create(
            **values,
            **_shared_values(scene, shared_at, number),
            contacts=text.contacts,
            one_language_ok=_accepted(scene, values, Cooperation.LOCALIZED),
            public_id=public_id(*_path(scene), "cooperation", number),
        )


def write_plans(scene: Scene, texts: Iterable[PlanText], shared_at: datetime | None) -> None:
    """Write how the agreed is followed."""
    for number, text in enumerate(texts, start=1):
        values: dict[str, Any] = {}
        for name in FollowUpPlan.LOCALIZED:
            values |= getattr(text, name).within(name, scene.stage.languages)
        owner = scene.stage.cast.organization(text.owner) if text.owner else scene.stage.county
        FollowUpPlan.objects.create(
            **values,
            **_shared_values(scene, shared_at, number),
            first_on=scene.talk.round.follow_up_1,
            owner=owner,
            owner_post=scene.stage.cast.post(owner, text.post),
            one_language_ok=_accepted(scene, values, FollowUpPlan.LOCALIZED),
            public_id=public_id(*_path(scene), "plan", number),
        )


def _shared_values(scene: Scene, shared_at: datetime | None, number: int) -> dict[str, Any]:
    host = scene.stage.county
    return {
        "negotiation": scene.talk,
        "proposer": host,
        "created_by": scene.stage.cast.person("editor", host),
        "shared_at": shared_at,
        "position": number,
    }


def _accepted(scene: Scene, values: dict[str, Any], fields: tuple[str, ...]) -> list[str]:
    """Return the fields that a bilingual talk accepted in one language only."""
    if len(scene.stage.languages) < len(CONTENT_LANGUAGES) or State(scene.talk.state) not in _ACCEPTED_AS_SUCH:
        return []
    return [name for name in fields if bool(values[f"{name}_fi"]) != bool(values[f"{name}_sv"])]


def _path(scene: Scene) -> tuple[str, str]:
    return "talk", scene.talk.public_id
