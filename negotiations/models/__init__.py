"""Rows of the talks."""

from negotiations.models.agenda import AgendaItem, Attachment, Attendee, Comment
from negotiations.models.document import Document, Snapshot
from negotiations.models.event import Event
from negotiations.models.goal import Goal
from negotiations.models.measure import FollowUp, Measure, MeasurePartner
from negotiations.models.negotiation import Negotiation
from negotiations.models.participation import Participation
from negotiations.models.plans import Cooperation, FollowUpPlan
from negotiations.models.proposal import Proposal
from negotiations.models.round import PHASES, Round
from negotiations.models.sums import MeasureSum

__all__ = [
    "PHASES",
    "AgendaItem",
    "Attachment",
    "Attendee",
    "Comment",
    "Cooperation",
    "Document",
    "Event",
    "FollowUp",
    "FollowUpPlan",
    "Goal",
    "Measure",
    "MeasurePartner",
    "MeasureSum",
    "Negotiation",
    "Participation",
    "Proposal",
    "Round",
    "Snapshot",
]
