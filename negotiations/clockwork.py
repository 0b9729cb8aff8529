"""Acts that the clock does: the same RULES, the actor is the clock."""

import logging
from typing import Final

from negotiations.actions import IncompleteError, NotNowError, perform
from negotiations.lifecycle import Act
from negotiations.models import Negotiation
from organizations.actors import CLOCK

log = logging.getLogger(__name__)
BY_CLOCK: Final = (Act.OPEN_PREPARATION, Act.PUBLISH, Act.FOLLOW)


def move_by_clock() -> int:
    """Do what is due, talk by talk; one that can't be moved yet doesn't stop the others. Return how many moved."""
    return sum(_try(talk, act) for act in BY_CLOCK for talk in Negotiation.objects.allowing(act, CLOCK).order_by("pk"))


def _try(talk: Negotiation, act: Act) -> bool:
    try:
        perform(talk, act, by=CLOCK)
    except (IncompleteError, NotNowError) as error:
        log.info("the clock could not %s %s: %s", act, talk.public_id, error)
        return False
    return True
