"""The key figures over all regions: what is counted, and in words what is not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from negotiations.regions import Region
from negotiations.stages import HELD, Stage
from organizations.actors import Actor


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: the number, of how many, in words what it leaves out."""

    title: str
    number: int
    whole: int | None
    words: str


def figures_of(regions: Sequence[Region], actor: Actor) -> list[Figure]:
    """Return the key figures; what the reader may not know of is not counted, and that is said."""
    stages = Counter(region.stage for region in regions)
    figures = [_held(regions, stages)] if actor.is_national else []
    return [
        *figures,
        Figure(
            _("Municipalities at the tables"), sum(region.municipalities for region in regions),
            sum(region.municipalities_in_all for region in regions), _absent_words(regions),
        ),
        Figure(
            _("Regions with a published memo"), sum(region.memos > 0 for region in regions), len(regions),
            _memo_words(regions),
        ),
        Figure(
            _("Agreed measures"), sum(region.measures or 0 for region in regions), None,
            _("in confirmed memos") if actor.is_national else _("in published memos"),
        ),
    ]  # fmt: skip


def _held(regions: Sequence[Region], stages: Counter[Stage]) -> Figure:
    words = [
        f"{stages[stage]} {str(stage.label).lower()}"
        for stage in (Stage.UNDER_WAY, Stage.PREPARATION, Stage.NOT_RECORDED) if stages[stage]
    ]  # fmt: skip
    return Figure(_("Negotiations held"), sum(stages[stage] for stage in HELD), len(regions), ", ".join(words))


def _absent_words(regions: Sequence[Region]) -> str:
    """Keep the kinds of "not at a table" apart: known, not yet, not published, no information."""
    absent = sum(region.absent for region in regions)
    coming = sum(region.municipalities_in_all - region.municipalities for region in regions if region.is_coming)
    silent: Counter[Stage] = Counter()
    for region in regions:
        silent[region.stage] += region.municipalities_in_all
    unknown, unpublished = silent[Stage.NOT_RECORDED], silent[Stage.NOT_PUBLISHED]
    parts = [
        (absent, ngettext("%(n)d not at a table", "%(n)d not at a table", absent)),
        (coming, ngettext("%(n)d not yet", "%(n)d not yet", coming)),
        (unpublished, ngettext("%(n)d without a published memo", "%(n)d without a published memo", unpublished)),
        (unknown, ngettext("%(n)d no information", "%(n)d no information", unknown)),
    ]
    return ", ".join(words % {"n": number} for number, words in parts if number)


def _memo_words(regions: Sequence[Region]) -> str:
    memos = sum(region.memos for region in regions)
    return ngettext("%(n)d memo in all", "%(n)d memos in all", memos) % {"n": memos}
