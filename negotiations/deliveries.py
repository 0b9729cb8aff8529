"""What became of a talk's mails, in words the host can act on."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hyte_portal.models import OutboundMail
from negotiations import notifications
from negotiations.lifecycle import Act, State
from negotiations.models import Negotiation

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SHOWN: Final = 100
MailState = OutboundMail.State

KIND_WORDS: Final[dict[str, "StrPromise"]] = {
    Act.INVITE: gettext_lazy("Invitation"),
    Act.OPEN_PREPARATION: gettext_lazy("The preparation has opened"),
    Act.MARK_READY: gettext_lazy("A party is ready"),
    Act.RETURN: gettext_lazy("Returned for completion"),
    Act.ADD_PARTY: gettext_lazy("Invitation of an added party"),
    Act.REMOVE_PARTY: gettext_lazy("Removed from the negotiation"),
    Act.RESCHEDULE: gettext_lazy("New time"),
    Act.POSTPONE: gettext_lazy("Postponed"),
    Act.RESUME: gettext_lazy("New time after postponing"),
    Act.CANCEL: gettext_lazy("Cancelled"),
    Act.ASK_COMMENTS: gettext_lazy("Request for comments"),
    Act.BACK_TO_DRAFT: gettext_lazy("Memo back in draft"),
    Act.CONFIRM: gettext_lazy("Memo confirmed"),
    Act.REOPEN: gettext_lazy("Memo reopened"),
    Act.PUBLISH: gettext_lazy("Memo published"),
    Act.FOLLOW: gettext_lazy("The follow-up has begun"),
    Act.CLOSE: gettext_lazy("Negotiation closed"),
    "remind_preparation": gettext_lazy("Reminder: preparation"),
    "remind_comments": gettext_lazy("Reminder: comments"),
    "remind_follow_up": gettext_lazy("Reminder: follow-up"),
}
_STATES: Final[dict[str, tuple["StrPromise", str]]] = {
    MailState.WAITING: (gettext_lazy("Waiting"), ""),
    MailState.SENDING: (gettext_lazy("Leaving"), "petrol"),
    MailState.SENT: (gettext_lazy("Sent"), "green"),
    MailState.REFUSED: (gettext_lazy("Refused"), "red"),
    MailState.SKIPPED: (gettext_lazy("Not sent"), "amber"),
}
# The outbox keeps its reasons in English; these are the ones that a talk's mail can have.
_SKIPPED: Final[dict[str, "StrPromise"]] = {
    "the negotiation is gone": gettext_lazy("The negotiation was deleted."),
    "it is done already": gettext_lazy("It was done already."),
    "not a party any more": gettext_lazy("Removed from the negotiation"),
    "no duty there any more": gettext_lazy("The person has no duty in the organisation any more."),
    "turned off": gettext_lazy("The person has turned this reminder off."),
    "too late to be useful": gettext_lazy("It would have come too late."),
    "this installation may not mail this address (MAIL_ALLOWLIST)": gettext_lazy(
        "This installation may not mail this address."
    ),
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
