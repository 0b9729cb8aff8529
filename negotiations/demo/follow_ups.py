"""Writes what owners reported of a measure, and what became of it."""

from datetime import datetime, timedelta

from hyte_portal.dates import local
from negotiations.demo.content import MeasureText, ReportText
from negotiations.demo.names import public_id
from negotiations.demo.stage import Scene
from negotiations.lifecycle import FROM_CONFIRMED, State
from negotiations.models import FollowUp, Measure
from negotiations.vocabulary import Outcome, Progress


def write_follow_ups(scene: Scene, measure: Measure, text: MeasureText) -> None:
    """Write the reports and the outcome of a measure in force, each no earlier than the memo's confirming."""
    owner = measure.owner
    if State(scene.talk.state) not in FROM_CONFIRMED or not measure.is_in_force or owner is None:
        return
    person = scene.stage.cast.person("editor", owner)
    moments = [_moment(scene, report) for report in text.reports]
    FollowUp.objects.bulk_create(
        FollowUp(
            measure=measure,
            on=local(moment).date(),
            progress=report.progress,
            note=report.note,
            next_step=report.next_step,
            language=report.language,
            person=person,
            organization=owner,
            created_at=moment,
            public_id=public_id("follow-up", measure.public_id, number),
        )
        for number, (report, moment) in enumerate(zip(text.reports, moments, strict=True))
    )
    _keep_newest(scene, measure, text, moments)


def _moment(scene: Scene, report: ReportText) -> datetime:
    """Return when the report was written: so many days ago, but after the memo was confirmed and before now."""
    confirmed = scene.talk.confirmed_at or scene.stage.now
    earliest = min(confirmed + timedelta(hours=1), scene.stage.now)
    return max(scene.stage.moments.ago(report.days), earliest)


def _keep_newest(scene: Scene, measure: Measure, text: MeasureText, moments: list[datetime]) -> None:
    """Keep the newest report's progress on the measure, and its outcome."""
    if moments:
        measure.progress = text.reports[-1].progress
        measure.reported_on = local(moments[-1]).date()
    if text.outcome:
        measure.outcome, measure.outcome_reason = text.outcome, text.outcome_reason
        measure.outcome_at = max([*moments, scene.stage.now - timedelta(days=10)])
        if text.outcome == Outcome.DONE:
            measure.progress = Progress.DONE
    measure.save(update_fields=["progress", "reported_on", "outcome", "outcome_reason", "outcome_at"])
