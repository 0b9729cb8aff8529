"""Invitations by e-mail: made, sent again, withdrawn, accepted once.

A link's token is 32 bytes that only this installation can compute from the row and its secret key; the row keeps just
its hash. Sending again moves the expiry, and with it the token: the older link ends.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from hyte_portal import outbox
from hyte_portal.dates import local
from hyte_portal.models import OutboundMail
from hyte_portal.outbox import Letter, Skip, Words
from organizations.accounts import account_of
from organizations.letters import worded
from organizations.memberships import give_duties
from organizations.models import Duty, Invitation, Membership, Organization, User
from organizations.models.person import INVITATION_DAYS

KIND: Final = "invitation"


class InvitationClosedError(Exception):
    """The invitation was used, withdrawn or has expired meanwhile; nothing was done."""


# -- Making ---------------------------------------------------------------------------------------------------
@transaction.atomic
def invite(
    email: str, organization: Organization, duties: Iterable[Duty], *, language: str = "fi", by: User | None
) -> Invitation:
    """Invite a person to duties in an organisation; the mail goes out by the outbox.

    The same invitation again (a double press) is the open one; other duties replace it. Rights are the caller's.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    wanted = [duty.value for duty in Duty if duty in set(duties)]
    for known in Invitation.objects.open().filter(organization=organization, email__iexact=email):
        if known.duties == wanted and known.language == language:
            return known
        withdraw(known)
    invitation = Invitation(
        email=email.strip().lower(), organization=organization, duties=wanted, language=language, invited_by=by
    )
    invitation.token_hash = _hash(token_of(invitation))
    invitation.save()
    _post(invitation)
    return invitation


@transaction.atomic
def resend(invitation: Invitation) -> bool:
    """Send an invitation again with a new link, valid from now; say whether it could still be sent."""
    locked = _locked(invitation)
    if locked.accepted_at or locked.withdrawn_at:
        return False
    locked.expires_at = timezone.now() + timedelta(days=INVITATION_DAYS)
    locked.token_hash = _hash(token_of(locked))
    locked.save(update_fields=["expires_at", "token_hash"])
    _post(locked)
    return True


def withdraw(invitation: Invitation) -> bool:
    """Withdraw an invitation that was not used; say whether it was withdrawn by this call."""
    unused = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    return bool(unused.update(withdrawn_at=timezone.now()))


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update().select_related("organization").get(pk=invitation.pk)


# -- Links ----------------------------------------------------------------------------------------------------
def token_of(invitation: Invitation) -> str:
    """Return the token of the invitation's present link."""
    moment = invitation.expires_at.astimezone(UTC).isoformat()
    sealed = salted_hmac("hyte.invitation", f"{invitation.public_id}:{moment}", algorithm="sha256")
    return base64.urlsafe_b64encode(sealed.digest()).rstrip(b"=").decode()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(invitation: Invitation) -> str:
    """Return the absolute address of the invitation's present link, in its language."""
    with translation.override(invitation.language):
        return settings.SITE_URL + reverse("organizations:invitation", args=[token_of(invitation)])


def find(token: str) -> Invitation | None:
    """Return the invitation that a link leads to, whatever its state."""
    known = Invitation.objects.select_related("organization", "accepted_by")
    return known.filter(token_hash=_hash(token)).first()


def is_open(invitation: Invitation) -> bool:
    """Say whether the invitation can be accepted now."""
    closed = invitation.accepted_at or invitation.withdrawn_at
    return not closed and invitation.expires_at > timezone.now()


# -- Accepting ------------------------------------------------------------------------------------------------
@transaction.atomic
def accept(invitation: Invitation, person: User) -> Membership:
    """Give the person the invitation's duties; the link is used up.

    Raises InvitationClosedError when another use, a withdrawal or the expiry came first.
    """
    used = (
        Invitation.objects.open()
        .filter(pk=invitation.pk, token_hash=invitation.token_hash)
        .update(accepted_at=timezone.now(), accepted_by=person)
    )
    if not used:
        raise InvitationClosedError
    return give_duties(person, invitation.organization, [Duty(duty) for duty in invitation.duties])


# -- Mail -----------------------------------------------------------------------------------------------------
def _post(invitation: Invitation) -> None:
    account = account_of(invitation.email)
    outbox.post(
        [
            Letter(
                kind=KIND,
                occasion=invitation.public_id,
                address=invitation.email,
                recipient_id=account.pk if account else None,
                language=invitation.language,
                data={"expires": invitation.expires_at.isoformat()},
                useless_after=invitation.expires_at,
                mark=invitation.expires_at.isoformat(),
            )
        ]
    )


@outbox.renders(KIND)
def words_of(mails: Sequence[OutboundMail]) -> dict[int, Words | Skip]:
    """Word invitations that can still be accepted; what was withdrawn or sent again is not needed."""
    rows = Invitation.objects.filter(public_id__in={mail.occasion for mail in mails})
    by_name = {row.public_id: row for row in rows.select_related("organization", "invited_by")}
    return {mail.pk: _words(mail, by_name.get(mail.occasion)) for mail in mails}


def _words(mail: OutboundMail, invitation: Invitation | None) -> Words | Skip:
    if invitation is None or not is_open(invitation):
        return Skip("the invitation is not open any more")
    if mail.data.get("expires") != invitation.expires_at.isoformat():
        return Skip("a newer link was sent")
    with translation.override(invitation.language):
        context = {
            "inviter": invitation.invited_by,
            "organization": invitation.organization.name,
            "duties": invitation.duty_text,
            "link": link_of(invitation),
            "expires": local(invitation.expires_at).date(),
        }
    return worded("organizations/mail/invitation.txt", context, invitation.language)


def refusals(invitations: Iterable[Invitation]) -> dict[str, str]:
    """Return, by public id, the mail server's words about invitations whose newest mail was refused."""
    names = [row.public_id for row in invitations]
    mails = OutboundMail.objects.filter(kind=KIND, occasion__in=names).order_by("id")
    newest = {mail.occasion: mail for mail in mails}
    refused = OutboundMail.State.REFUSED
    return {name: mail.reason for name, mail in newest.items() if mail.state == refused}
