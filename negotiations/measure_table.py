"""The table of goals and measures as drawn: read for the page, texts made once (performance.md 3.4, 3.5)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hyte_portal.localized import Localized, chosen
from negotiations.models import Cooperation, FollowUpPlan, Goal, Measure, MeasurePartner, Negotiation, Proposal
from negotiations.vocabulary import IN_FORCE, Decision, Progress
from organizations.actors import Actor

DECISION_TONES = {
    Decision.PROPOSED: "", Decision.AGREED: "green", Decision.AMENDED: "petrol", Decision.DEFERRED: "amber",
    Decision.REJECTED: "red", Decision.WITHDRAWN: "outline",
}  # fmt: skip
PROGRESS_TONES = {
    Progress.NOT_STARTED: "", Progress.ON_COURSE: "green", Progress.DELAYED: "amber", Progress.INTERRUPTED: "red",
    Progress.DONE: "petrol",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure as a line."""

    number: str
    url: str
    title: Localized
    owner: str
    post: Localized
    timetable: str
    partners: str
    missing: str
    decision: str
    decision_tone: str
    progress: str
    progress_tone: str
    continues: bool
    in_force: bool


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal as a group head, with its measures."""

    number: int
    public_id: str
    title: Localized
    theme: str
    age_group: str
    indicator: Localized
    baseline: str
    target: Localized
    target_year: int | None
    continues_year: int | None
    common: bool
    measures: list[MeasureRow] = field(default_factory=list)


def goal_rows(talk: Negotiation) -> list[GoalRow]:
    """Return the shared goals of a talk, the round's common ones first, with their shared measures: two statements."""
    rows: dict[int, GoalRow] = {}
    for number, values in enumerate(_goals(talk), 1):
        rows[values["pk"]] = _goal_row(number, values)
    for values in _measures(talk):
        goal = rows.get(values["goal_id"])
        if goal:
            goal.measures.append(_measure_row(f"{goal.number}.{len(goal.measures) + 1}", values))
    return list(rows.values())


def _name(path: str) -> str:
    language = get_language()
    return f"{path}_{language}" if language in {"sv", "en"} else f"{path}_fi"


def _goals(talk: Negotiation) -> Iterable[dict[str, Any]]:
    here = Q(negotiation=talk) | Q(negotiation__isnull=True, round=talk.round_id)
    rows: Iterable[Any] = (
        Goal.objects.shared()
        .filter(here)
        .order_by(F("negotiation").asc(nulls_first=True), "position", "pk")
        .values(
            "pk", "public_id", "title_fi", "title_sv", "indicator_fi", "indicator_sv", "baseline", "target_fi",
            "target_sv", "target_year", "negotiation_id", theme_name=F(_name("theme__name")),
            age_name=F(_name("age_group__name")), continues_year=F("continues__round__year"),
        )
    )  # fmt: skip
    return rows


def _goal_row(number: int, values: dict[str, Any]) -> GoalRow:
    return GoalRow(
        number=number, public_id=values["public_id"], title=chosen(values["title_fi"], values["title_sv"]),
        theme=values["theme_name"], age_group=values["age_name"],
        indicator=chosen(values["indicator_fi"], values["indicator_sv"]), baseline=values["baseline"],
        target=chosen(values["target_fi"], values["target_sv"]), target_year=values["target_year"],
        continues_year=values["continues_year"], common=values["negotiation_id"] is None,
    )  # fmt: skip


def _measures(talk: Negotiation) -> Iterable[dict[str, Any]]:
    language = "sv" if get_language() == "sv" else "fi"
    partners = (
        MeasurePartner.objects.filter(measure=OuterRef("pk")).order_by("pk").values(f"organization__short_{language}")
    )
    rows: Iterable[Any] = (
        Measure.objects.shared()
        .filter(negotiation=talk)
        .order_by("position", "pk")
        .values(
            "goal_id", "public_id", "title_fi", "title_sv", "owner_id", "starts_on", "ends_on", "follow_up_fi",
            "follow_up_sv", "decision", "progress", "continues_id", owner_short=F(f"owner__short_{language}"),
            owner_name=F(f"owner__name_{language}"), owner_fi=F("owner__name_fi"),
            post_fi=F("owner_post__title_fi"), post_sv=F("owner_post__title_sv"), partner_names=ArraySubquery(partners),
        )
    )  # fmt: skip
    return rows


def _measure_row(number: str, values: dict[str, Any]) -> MeasureRow:
    decision, progress = Decision(values["decision"]), Progress(values["progress"])
    return MeasureRow(
        number=number,
        url=reverse("negotiations:measure", args=[values["public_id"]]),
        title=chosen(values["title_fi"], values["title_sv"]),
        owner=values["owner_short"] or values["owner_name"] or values["owner_fi"] or "",
        post=chosen(values["post_fi"] or "", values["post_sv"] or ""),
        timetable=timetable(values["starts_on"], values["ends_on"]),
        partners=", ".join(filter(None, values["partner_names"])),
        missing=_missing_words(values),
        decision=str(decision.label), decision_tone=DECISION_TONES[decision],
        progress=str(progress.label), progress_tone=PROGRESS_TONES[progress],
        continues=values["continues_id"] is not None, in_force=decision in IN_FORCE,
    )  # fmt: skip


def timetable(starts: date | None, ends: date | None) -> str:
    """Write a measure's time in months: "1/2027–5/2027"."""
    months = [f"{day.month}/{day.year}" for day in (starts, ends) if day]
    return "–".join(months) if starts or not ends else f"–{months[0]}"


def _missing_words(values: dict[str, Any]) -> str:
    empty = [
        (values["owner_id"] is None, _("owner")),
        (values["ends_on"] is None, _("timetable")),
        (not (values["follow_up_fi"] or values["follow_up_sv"]), _("how it is followed")),
    ]
    return ", ".join(words for is_empty, words in empty if is_empty)


def incomplete(groups: Iterable[GoalRow]) -> int:
    """Count the measures that lack something that confirming needs."""
    return sum(1 for goal in groups for measure in goal.measures if measure.missing)


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal that only its own side sees yet."""

    kind: str
    public_id: str
    title: Localized
    url: str

    @property
    def kind_words(self) -> str:
        """Return what kind of proposal it is."""
        return {
            "tavoitteet": _("goal"),
            "toimenpiteet": _("measure"),
            "yhteistyo": _("cooperation"),
            "seurantatavat": _("way of follow-up"),
        }[self.kind]


_KINDS: Sequence[tuple[str, type[Proposal], str]] = (
    ("tavoitteet", Goal, "title"),
    ("toimenpiteet", Measure, "title"),
    ("yhteistyo", Cooperation, "subject"),
    ("seurantatavat", FollowUpPlan, "what"),
)


def own_drafts(talk: Negotiation, actor: Actor) -> list[Draft]:
    """Return the actor's proposals that aren't shared yet, all kinds, by one statement."""
    own = Q(negotiation=talk, proposer=actor.organization, shared_at__isnull=True, deleted_at__isnull=True)
    parts = [
        kind._default_manager.filter(own).order_by().annotate(kind=Value(slug), fi=F(f"{name}_fi"), sv=F(f"{name}_sv"))
        .values_list("kind", "public_id", "fi", "sv", "pk")
        for slug, kind, name in _KINDS
    ]  # fmt: skip
    return list(_drafts(parts[0].union(*parts[1:], all=True)))


def _drafts(rows: Iterable[tuple[str, str, str, str, int]]) -> Iterator[Draft]:
    order = [slug for slug, _kind, _name in _KINDS]
    for kind, public_id, fi, sv, _pk in sorted(rows, key=lambda row: (order.index(row[0]), row[4])):
        yield Draft(kind, public_id, chosen(fi, sv), _draft_url(kind, public_id))


def _draft_url(kind: str, public_id: str) -> str:
    if kind == "toimenpiteet":
        return reverse("negotiations:measure", args=[public_id])
    return reverse("negotiations:proposal_edit", args=[kind, public_id])
