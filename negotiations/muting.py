"""Turning reminders off and on: by the link in them, or on one's own page."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from organizations.models import User
from organizations.preferences import offer_muting

offer_muting("remind_preparation", _("reminders of a preparation that is due"))
offer_muting("remind_follow_up", _("reminders to tell how measures are going"))


def is_muted(recipient: int, kind: str) -> bool:
    """Say whether the person has turned this kind of reminder off."""
    return User.objects.filter(pk=recipient, muted_mails__contains=[kind]).exists()


@transaction.atomic
def mute(recipient: int, kind: str, *, on: bool) -> None:
    """Turn a kind of reminder off, or on again; doing it twice changes nothing."""
    person = User.objects.select_for_update().filter(pk=recipient).first()
    muted = person is not None and kind in person.muted_mails
    if person is None or muted != on:
        return
    person.muted_mails = [other for other in person.muted_mails if other != kind] if on else [*person.muted_mails, kind]
    person.save(update_fields=["muted_mails"])
