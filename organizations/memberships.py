"""Duties given, changed and ended; each takes effect on the person's next request."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from hyte_portal.dates import today
from organizations.models import Duty, Membership, Organization, User


@transaction.atomic
def give_duties(person: User, organization: Organization, duties: Iterable[Duty]) -> Membership:
    """Add duties for every round to what the person has in the organisation from today."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two invitations at once make one row
    known = Membership.objects.current().filter(person=person, organization=organization, only_rounds=[])
    membership = known.filter(until=None).first()
    if membership is None:
        return Membership.objects.create(person=person, organization=organization, duties=_ordered(duties))
    membership.duties = _ordered({*map(Duty, membership.duties), *duties})
    membership.save_over(membership.version, ["duties"])
    return membership


def change(membership: Membership, duties: Iterable[Duty], until: date | None, *, expected: int) -> None:
    """Set the duties and the last day over the version that was read.

    Raises StaleVersionError when somebody else changed the membership meanwhile.
    """
    membership.duties, membership.until = _ordered(duties), until
    membership.save_over(expected, ["duties", "until"])


def end(membership: Membership, *, expected: int) -> None:
    """End the membership at once: yesterday was the last day, also for one that began today.

    Raises StaleVersionError when somebody else changed the membership meanwhile.
    """
    membership.until = today() - timedelta(days=1)
    membership.since = min(membership.since, membership.until)
    membership.save_over(expected, ["since", "until"])


def _ordered(duties: Iterable[Duty]) -> list[str]:
    wanted = set(duties)
    return [duty.value for duty in Duty if duty in wanted]
