"""Acts in words: what the button says, what it does, what the history tells (look.md 1.9: verb first, no jargon)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from negotiations.lifecycle import Act

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class ActWords:
    """The button, its consequence, and the past tense of an act."""

    button: "StrPromise"
    consequence: "StrPromise"
    done: "StrPromise"


WORDS: Final[dict[Act, ActWords]] = {
    Act.INVITE: ActWords(
        _("Send the invitation"),
        _("The guests' editors get the invitation by e-mail. You see the text and the recipients first."),
        _("sent the invitation"),
    ),
    Act.OPEN_PREPARATION: ActWords(
        _("Open the preparation"),
        _("The parties can write their proposals, and are told so."),
        _("opened the preparation"),
    ),
    Act.MARK_READY: ActWords(
        _("Mark our preparation ready"),
        _("The whole table sees your proposals. What you add later is seen at once."),
        _("marked the preparation ready"),
    ),
    Act.RETURN: ActWords(
        _("Return for completion"),
        _("The party gets your reason by e-mail and can go on writing. What it shared stays visible."),
        _("returned the preparation"),
    ),
    Act.ADD_PARTY: ActWords(_("Add a party"), _("The organisation is invited at once by e-mail."), _("added a party")),
    Act.REMOVE_PARTY: ActWords(
        _("Remove a party"),
        _("The organisation no longer sees the negotiation. It gets your reason by e-mail."),
        _("removed a party"),
    ),
    Act.RESCHEDULE: ActWords(_("Change the time"), _("All parties get the new time by e-mail."), _("changed the time")),
    Act.POSTPONE: ActWords(
        _("Postpone"), _("All parties are told. They can go on writing meanwhile."), _("postponed the negotiation")
    ),
    Act.RESUME: ActWords(
        _("Set a new time and go on"), _("All parties get the new time by e-mail."), _("set a new time")
    ),
    Act.CANCEL: ActWords(
        _("Cancel the negotiation"),
        _("All parties get your reason by e-mail. A cancelled negotiation can't be taken up again."),
        _("cancelled the negotiation"),
    ),
    Act.HOLD: ActWords(
        _("Mark as held"),
        _("The county's own proposals become visible to the table, and you can record decisions."),
        _("marked the negotiation as held"),
    ),
    Act.DRAFT_MEMO: ActWords(
        _("Start the memo draft"),
        _("The record becomes a memo draft that you can finish."),
        _("started the memo draft"),
    ),
    Act.ASK_COMMENTS: ActWords(
        _("Ask for comments"),
        _("All parties are asked by e-mail to comment on the draft. The text can't be changed meanwhile."),
        _("asked for comments"),
    ),
    Act.BACK_TO_DRAFT: ActWords(
        _("Take back to draft"),
        _("You can change the text again. The parties are told."),
        _("took the memo back to draft"),
    ),
    Act.CONFIRM: ActWords(
        _("Confirm the memo"),
        _("The content is frozen, the PDF files are made, and parties and owners of measures are told."),
        _("confirmed the memo"),
    ),
    Act.REOPEN: ActWords(
        _("Reopen the memo"),
        _("The confirmed memo is withdrawn and becomes a draft again. All parties get your reason."),
        _("reopened the memo"),
    ),
    Act.PUBLISH: ActWords(
        _("Publish now"),
        _("Anyone can read the public copy on the web. All parties are told."),
        _("published the memo"),
    ),
    Act.FOLLOW: ActWords(
        _("Start the follow-up"), _("Owners of measures are asked to report."), _("started the follow-up")
    ),
    Act.CLOSE: ActWords(
        _("Close the negotiation"), _("The follow-up ends. The record stays readable."), _("closed the negotiation")
    ),
    Act.EDIT: ActWords(_("Edit"), _("The table sees the new text."), _("changed a text")),
    Act.EDIT_TALK: ActWords(_("Edit the details"), _("Time, place, agenda, people."), _("edited the details")),
    Act.SHARE: ActWords(_("Share with the table"), _("All parties see this proposal."), _("shared a proposal")),
    Act.DECIDE: ActWords(_("Record the decision"), _("The decision goes into the memo."), _("recorded a decision")),
    Act.WITHDRAW: ActWords(
        _("Withdraw the measure"), _("The measure stays in the history with your reason."), _("withdrew a measure")
    ),
    Act.REPORT: ActWords(
        _("Save the report"), _("The table and the host see your report."), _("reported on a measure")
    ),
    Act.SET_OUTCOME: ActWords(_("Save the outcome"), _("The outcome is shown to all parties."), _("set an outcome")),
    Act.CREATE_ROUND: ActWords(_("Make the round"), _("Nobody is told yet."), _("made the round")),
    Act.CHANGE_ROUND: ActWords(_("Save the round"), _("Nobody is told."), _("changed the round")),
    Act.DELETE_TALK: ActWords(
        _("Delete this plan"), _("Nobody was invited yet. You can undo this for 30 days."), _("deleted the plan")
    ),
}
