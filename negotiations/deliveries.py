"""What became of a talk's mails, in words the host can act on."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from hyte_portal.models import OutboundMail
from negotiations import notifications
from negotiations.lifecycle import Act, State
from negotiations.models import Negotiation

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SHOWN: Final = 100
MailState = OutboundMail.State

KIND_WORDS: Final[dict[str, "StrPromise"]] = {
    Act.INVITE: _l("Invitation"),
    Act.OPEN_PREPARATION: _l("The preparation has opened"),
    Act.MARK_READY: _l("A party is ready"),
    Act.RETURN: _l("Returned for completion"),
    Act.ADD_PARTY: _l("Invitation of an added party"),
    Act.REMOVE_PARTY: _l("Removed from the negotiation"),
    Act.RESCHEDULE: _l("New time"),
    Act.POSTPONE: _l("Postponed"),
    Act.RESUME: _l("New time after postponing"),
    Act.CANCEL: _l("Cancelled"),
    Act.ASK_COMMENTS: _l("Request for comments"),
    Act.BACK_TO_DRAFT: _l("Memo back in draft"),
    Act.CONFIRM: _l("Memo confirmed"),
    Act.REOPEN: _l("Memo reopened"),
    Act.PUBLISH: _l("Memo published"),
    Act.FOLLOW: _l("The follow-up has begun"),
    Act.CLOSE: _l("Negotiation closed"),
    "remind_preparation": _l("Reminder: preparation"),
    "remind_comments": _l("Reminder: comments"),
    "remind_follow_up": _l("Reminder: follow-up"),
}
_STATES: Final[dict[str, tuple["StrPromise", str]]] = {
    MailState.WAITING: (_l("Waiting"), ""),
    MailState.SENDING: (_l("Leaving"), "petrol"),
    MailState.SENT: (_l("Sent"), "green"),
    MailState.REFUSED: (_l("Refused"), "red"),
    MailState.SKIPPED: (_l("Not sent"), "amber"),
}
# The outbox keeps its reasons in English; these are the ones that a talk's mail can have.
_SKIPPED: Final[dict[str, "StrPromise"]] = {
    "the negotiation is gone": _l("The negotiation was deleted."),
    "it is done already": _l("It was done already."),
    "too late to be useful": _l("It would have come too late."),
    "this installation may not mail this address (MAIL_ALLOWLIST)": _l("This installation may not mail this address."),
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """A mail as told to the host."""

    what: str
    name: str
    address: str
    state: str
    colour: str
    when: datetime | None
    why: str
    advice: str


def deliveries_of(talk: Negotiation) -> list[Delivery]:
    """Return what became of the talk's newest mails, by one statement."""
    return [_delivery(mail) for mail in notifications.deliveries(talk).select_related("recipient")[:SHOWN]]


def _delivery(mail: OutboundMail) -> Delivery:
    words, colour = _STATES[mail.state]
    waits = mail.state == MailState.WAITING
    return Delivery(
        what=str(KIND_WORDS.get(mail.kind, mail.kind)),
        name=mail.recipient.get_full_name() if mail.recipient else "",
        address=mail.address,
        state=str(words),
        colour=colour,
        when=mail.due_at if waits else mail.sent_at or mail.created_at,
        why=_why(mail),
        advice=_advice(mail),
    )


def _why(mail: OutboundMail) -> str:
    if mail.state == MailState.WAITING and not mail.reason:
        return _("Mails leave between 7 and 19.")
    if mail.state != MailState.SKIPPED:
        return mail.reason
    if mail.reason in _SKIPPED:
        return str(_SKIPPED[mail.reason])
    state = mail.reason.removeprefix("the negotiation is ").removesuffix(" now")
    if state in State.values:
        return _("The negotiation was already in the state “%(state)s”.") % {"state": State(state).label}
    return mail.reason


def _advice(mail: OutboundMail) -> str:
    if mail.state == MailState.REFUSED:
        return _("Ask the organisation for the right address and invite again, or tell the person in another way.")
    if mail.state == MailState.WAITING and mail.reason:
        return _("The portal tries again by itself.")
    return ""
