"""Numbers of agreed measures, kept in the saving transaction (performance.md 3.1)."""

from django.db import models

from negotiations.vocabulary import CellReach, Progress
from organizations.models import Organization, Theme


class MeasureSum(models.Model):
    """How many measures in force a county has in a year, by theme, progress and reach."""

    county = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="+")
    reach = models.CharField(max_length=9, choices=CellReach)
    progress = models.CharField(max_length=11, choices=Progress)
    measures = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "county", "theme", "reach", "progress"], name="sum_cell_once"),
        ]
