"""The measures that an organisation has promised, and what it still owes on them: a report, an outcome."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import BooleanField, Case, F, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hyte_portal.dates import local, today
from hyte_portal.localized import Localized, chosen
from negotiations import access
from negotiations.lifecycle import Act
from negotiations.measure_table import PROGRESS_TONES
from negotiations.models import Measure
from negotiations.models.round import round_name
from negotiations.tasks_due import Task
from negotiations.vocabulary import Outcome, Progress
from organizations.actors import Actor

MEASURES_READ: Final = 400
# A report of the last month before a follow-up moment counts as that moment's report (as in the reminders).
FRESH: Final = timedelta(days=30)
AHEAD: Final = timedelta(days=14)
MINUTES_EACH: Final = 1
WORRYING: Final = frozenset({Progress.DELAYED, Progress.INTERRUPTED})
_COLUMNS: Final = (
    "public_id", "title_fi", "title_sv", "owner_post__title_fi", "owner_post__title_sv", "starts_on", "ends_on", "progress",
    "reported_on", "outcome", "negotiation__year", "negotiation__confirmed_at", "negotiation__round_id",
    "negotiation__round__name_fi", "negotiation__round__name_sv", "negotiation__round__year_of_effect",
    "negotiation__round__follow_up_1", "negotiation__round__follow_up_2", "negotiation__round__report_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnMeasure:
    """An agreed measure of the own organisation as a line."""

    title: Localized
    url: str
    report_url: str
    post: Localized
    ends_on: date | None
    progress: str
    tone: str
    reported_on: date | None
    round_id: int
    round_name: Localized
    report_due: date | None
    outcome_due: date | None
    is_open: bool
    is_worrying: bool

    @property
    def needs_attention(self) -> bool:
        """Say whether it goes badly, or something is owed on it."""
        return self.is_worrying or bool(self.report_due and self.report_due <= today()) or self.outcome_due is not None


def own_measures(actor: Actor) -> list[OwnMeasure]:
    """Return the organisation's agreed measures, those still open first, newest first: one statement."""
    if actor.organization is None:
        return []
    rows = (
        Measure.objects.visible_to(actor)
        .in_force()
        .filter(owner=actor.organization, negotiation__confirmed_at__isnull=False)
        .annotate(is_open=Case(When(outcome="", then=True), default=False, output_field=BooleanField()))
        .annotate(**{name: _may(act, actor) for name, act in (("report", Act.REPORT), ("settle", Act.SET_OUTCOME))})
        .order_by("-is_open", "-negotiation__year", F("ends_on").asc(nulls_last=True), "pk")
        .values(*_COLUMNS, "is_open", "report", "settle")[:MEASURES_READ]
    )
    return [_own(row) for row in rows]


def _may(act: Act, actor: Actor) -> Case:
    return Case(When(access.granted(act, actor), then=Value(True)), default=Value(False), output_field=BooleanField())


def _own(row: dict[str, Any]) -> OwnMeasure:
    progress = Progress(row["progress"])
    reported = row["reported_on"] is not None
    words = Outcome(row["outcome"]).label if row["outcome"] else progress.label
    return OwnMeasure(
        title=chosen(row["title_fi"], row["title_sv"]),
        url=reverse("negotiations:measure", args=[row["public_id"]]),
        report_url=reverse("negotiations:report", args=[row["public_id"]]),
        post=chosen(row["owner_post__title_fi"] or "", row["owner_post__title_sv"] or ""),
        ends_on=row["ends_on"],
        progress=str(words) if reported or row["outcome"] else "",
        tone="" if row["outcome"] else PROGRESS_TONES[progress],
        reported_on=row["reported_on"],
        round_id=row["negotiation__round_id"],
        round_name=round_name(
            row["negotiation__round__name_fi"], row["negotiation__round__name_sv"], row["negotiation__year"]
        ),
        report_due=_report_due(row) if row["report"] else None,
        outcome_due=_outcome_due(row) if row["settle"] else None,
        is_open=row["is_open"],
        is_worrying=row["is_open"] and progress in WORRYING,
    )


def _report_due(row: dict[str, Any]) -> date | None:
    """Return the follow-up moment that has no report yet: the last one that has come, or comes within two weeks."""
    confirmed = local(row["negotiation__confirmed_at"]).date()
    moments = (row["negotiation__round__follow_up_1"], row["negotiation__round__follow_up_2"])
    come = [day for day in moments if day and confirmed < day <= today() + AHEAD]
    if row["outcome"] or not come:
        return None
    moment: date = max(come)
    return None if row["reported_on"] and row["reported_on"] >= moment - FRESH else moment


def _outcome_due(row: dict[str, Any]) -> date | None:
    """Return the day on which the measure should have been done, once it has passed without an outcome."""
    end: date = row["ends_on"] or date(row["negotiation__round__year_of_effect"], 12, 31)
    return end if row["is_open"] and end < today() else None


def owner_tasks(measures: Iterable[OwnMeasure]) -> Iterator[Task]:
    """Return what the organisation owes as one line a round and kind: reports, outcomes.

    The round is named, not the talk: an owner that wasn't at the table doesn't know the talk by its title.
    """
    owed: defaultdict[tuple[int, bool], list[OwnMeasure]] = defaultdict(list)
    for measure in measures:
        if measure.outcome_due:
            owed[measure.round_id, True].append(measure)
        elif measure.report_due:
            owed[measure.round_id, False].append(measure)
    for (_round, is_outcome), group in owed.items():
        yield _outcome_task(group) if is_outcome else _report_task(group)


def _report_task(group: list[OwnMeasure]) -> Task:
    number = len(group)
    what = ngettext("Tell how %(n)d measure has gone", "Tell how %(n)d measures have gone", number) % {"n": number}
    minutes = max(number * MINUTES_EACH, 2)
    note = ngettext("about %(n)d minute", "about %(n)d minutes", minutes) % {"n": minutes}
    due = min(measure.report_due for measure in group if measure.report_due)
    url = group[0].report_url if number == 1 else reverse("negotiations:measures") + "?mine=1"
    return Task(due, what, group[0].round_name, note, _("Report"), url)


def _outcome_task(group: list[OwnMeasure]) -> Task:
    number = len(group)
    what = ngettext(
        "Tell what became of %(n)d measure", "Tell what became of %(n)d measures", number
    ) % {"n": number}  # fmt: skip
    due = min(measure.outcome_due for measure in group if measure.outcome_due)
    url = group[0].url if number == 1 else reverse("negotiations:measures") + "?mine=1"
    return Task(due, what, group[0].round_name, "", _("Tell the outcome"), url)
