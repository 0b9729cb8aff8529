"""Goals of the catalogue fitted to a table: kinds of owners and partners become the organisations that sit there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from negotiations.demo.content import Catalogue, GoalText, MeasureText, ReportText
from organizations.models import Organization


@dataclass(frozen=True)
class Table:
    """Who sits at a talk, by kind."""

    host: Organization
    municipalities: list[Organization]
    associations: list[Organization]

    def find(self, kind: str, turn: int, *, other_than: str = "") -> Organization | None:
        """Return the organisation of that kind whose turn it is; a table without municipalities leaves it to the host."""
        if kind == "county":
            seats = [self.host]
        elif kind == "ngo":
            seats = self.associations
        else:
            seats = self.municipalities or [self.host]
        free = [seat for seat in seats if seat.slug != other_than]
        return free[turn % len(free)] if free else None


def fit(goal: GoalText, table: Table, *, turn: int) -> GoalText:
    """Return the goal with its owners and partners; `turn` spreads the work over the table."""
    return replace(
        goal,
        measures=tuple(_fit(measure, table, turn + number) for number, measure in enumerate(goal.measures)),
    )


def _fit(measure: MeasureText, table: Table, turn: int) -> MeasureText:
    owner = table.find(measure.owner, turn) or table.host
    return replace(
        measure, owner=owner.slug, partners=tuple(dict.fromkeys(_partners(measure, table, turn, owner.slug)))
    )


def _partners(measure: MeasureText, table: Table, turn: int, owner: str) -> Iterator[str]:
    seen = {owner}
    for partner in measure.partners:
        kind, _space, role = partner.partition(" ")
        found = table.find(kind, turn + 1, other_than=owner)
        if found and found.slug not in seen:
            seen.add(found.slug)
            yield f"{found.slug} {role}"


def reported(measure: MeasureText, catalogue: Catalogue, *, turn: int, language: str) -> MeasureText:
    """Return the measure with a report such as owners write."""
    usual = catalogue.reports[turn % len(catalogue.reports)]
    report = ReportText(
        days=20 + 13 * (turn % 5),
        progress=usual.progress,
        note=getattr(usual.note, language),
        next_step=getattr(usual.next_step, language),
        language=language,
    )
    return replace(measure, reports=(report,))


def ended(measure: MeasureText, catalogue: Catalogue, *, turn: int, language: str) -> MeasureText:
    """Return the measure with an outcome, and a reason where one is asked for."""
    usual = catalogue.outcomes[turn % len(catalogue.outcomes)]
    return replace(measure, outcome=usual.outcome, outcome_reason=getattr(usual.reason, language))
