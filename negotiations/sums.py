"""Numbers of agreed measures per county, year, theme, progress and reach: kept in the saving transaction.

The national page reads cells only. `rebuild()` counts them anew from the rows; `drift()` compares.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction
from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from negotiations.lifecycle import FROM_CONFIRMED
from negotiations.models import Measure, MeasureSum, Negotiation
from negotiations.vocabulary import CellReach

Cell = tuple[int, int, str, str, str]  # county, year, theme, reach, progress
_IS_PUBLISHED: Final = ExpressionWrapper(Q(negotiation__published_at__isnull=False), output_field=BooleanField())


@contextmanager
def kept(negotiation: Negotiation) -> Iterator[None]:
    """Keep the sums right over a change of the negotiation or its measures, in one transaction."""
    with transaction.atomic():
        before = _cells_of(negotiation.pk)
        yield
        after = _cells_of(negotiation.pk)
        after.subtract(before)
        _add(after)


def _cells_of(pk: int | None = None) -> Counter[Cell]:
    """Count the cells of one negotiation, or of all, from the rows."""
    measures = Measure.objects.in_force().filter(
        negotiation__state__in=sorted(FROM_CONFIRMED), negotiation__deleted_at__isnull=True
    )
    if pk is not None:
        measures = measures.filter(negotiation=pk)
    cells: Counter[Cell] = Counter()
    for county, year, theme, progress, is_published, number in (
        measures.order_by()
        .annotate(is_published=_IS_PUBLISHED)
        .values_list(
            "negotiation__convener_id",
            "negotiation__year",
            "goal__theme_id",
            "progress",
            "is_published",
        )
        .annotate(number=Count("pk"))
    ):
        cells[county, year, theme, CellReach.CONFIRMED.value, progress] += number
        if is_published:
            cells[county, year, theme, CellReach.PUBLISHED.value, progress] += number
    return cells


def _add(changes: Counter[Cell]) -> None:
    """Add the differences, in a fixed order so that two transactions can't wait for each other."""
    rows = [(*cell, number) for cell, number in sorted(changes.items()) if number]
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(
                "INSERT INTO negotiations_measuresum (county_id, year, theme_id, reach, progress, measures)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (year, county_id, theme_id, reach, progress)"
                " DO UPDATE SET measures = negotiations_measuresum.measures + EXCLUDED.measures",
                row,
            )


def drift() -> dict[Cell, tuple[int, int]]:
    """Return the cells whose kept number differs from the counted one: (kept, counted)."""
    counted = _cells_of()
    stored = {
        (row.county_id, row.year, row.theme_id, row.reach, row.progress): row.measures
        for row in MeasureSum.objects.exclude(measures=0)
    }
    return {
        cell: (stored.get(cell, 0), counted.get(cell, 0))
        for cell in sorted(set(stored) | set(counted))
        if stored.get(cell, 0) != counted.get(cell, 0)
    }


@transaction.atomic
def rebuild() -> int:
    """Count all cells anew; return how many there are."""
    MeasureSum.objects.all().delete()
    cells = _cells_of()
    MeasureSum.objects.bulk_create(
        MeasureSum(county_id=county, year=year, theme_id=theme, reach=reach, progress=progress, measures=number)
        for (county, year, theme, reach, progress), number in sorted(cells.items())
    )
    return len(cells)
