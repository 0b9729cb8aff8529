"""Where a county's round stands as a whole, in one word, counted from the talks that the reader may know of."""

from collections.abc import Collection
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from negotiations.lifecycle import BEFORE_TALK, State

S = State


class Stage(TextChoices):
    """The stage of a county's year; the last two say why there is none."""

    PREPARATION = "preparation", _("In preparation")
    UNDER_WAY = "under_way", _("Negotiations under way")
    MEMO = "memo", _("Memo unfinished")
    PUBLISHED = "published", _("Memo published")
    FOLLOW_UP = "follow_up", _("In follow-up")
    NOT_RECORDED = "not_recorded", _("No information")
    NOT_PUBLISHED = "not_published", _("Nothing published yet")


PLANNED: Final = BEFORE_TALK | {S.DRAFT}
FOLLOWED: Final = frozenset({S.FOLLOWING, S.CLOSED})
HELD: Final = (Stage.MEMO, Stage.PUBLISHED, Stage.FOLLOW_UP)
PUBLIC: Final = (Stage.PUBLISHED, Stage.FOLLOW_UP)
NOTHING: Final = (Stage.NOT_RECORDED, Stage.NOT_PUBLISHED)


def stage_of(talks: Collection[tuple[str, bool]], *, has_round: bool, knows_all: bool) -> Stage:
    """Return the stage of a year from its talks' (state, is published).

    `knows_all`: the reader would see a talk of this county if there was one; otherwise silence says nothing.
    """
    alive = [(state, published) for state, published in talks if state != S.CANCELLED]
    if not alive:
        return _without_talks(has_round=has_round, knows_all=knows_all)
    planned = sum(state in PLANNED for state, _published in alive)
    if planned == len(alive):
        return Stage.PREPARATION
    if planned:
        return Stage.UNDER_WAY
    if all(state in FOLLOWED for state, _published in alive):
        return Stage.FOLLOW_UP
    return Stage.PUBLISHED if all(published for _state, published in alive) else Stage.MEMO


def _without_talks(*, has_round: bool, knows_all: bool) -> Stage:
    if has_round:
        return Stage.PREPARATION
    return Stage.NOT_RECORDED if knows_all else Stage.NOT_PUBLISHED
