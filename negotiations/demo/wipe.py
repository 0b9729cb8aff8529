"""Wipes the example content: rounds marked as example and all that hangs on them, their mails and files."""

from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet

from hyte_portal.models import OutboundMail
from negotiations.demo.people import DOMAIN
from negotiations.models import Attachment, Document, Event, Goal, Measure, Negotiation, Round, Snapshot


def wipe() -> int:
    """Delete the example rounds and what belongs to them; return how many rounds there were. People stay."""
    rounds = Round.objects.filter(is_example=True)
    talks = Negotiation.objects.filter(round__in=rounds)
    _forget_files(talks)
    _cut_links()
    OutboundMail.objects.filter(Q(occasion__in=talks.values("public_id")) | Q(address__endswith=f"@{DOMAIN}")).delete()
    Document.objects.filter(negotiation__in=talks).delete()
    Snapshot.objects.filter(negotiation__in=talks).delete()
    Event.objects.filter(round__in=rounds).delete()
    Measure.objects.filter(negotiation__in=talks).delete()
    Goal.objects.filter(round__in=rounds).delete()
    talks.delete()
    number = rounds.count()
    rounds.delete()
    return number


def _cut_links() -> None:
    """Let nothing continue what is about to go: neither example content nor what a visitor built on it."""
    Measure.objects.filter(continues__negotiation__round__is_example=True).update(continues=None)
    Goal.objects.filter(continues__round__is_example=True).update(continues=None)
    Round.objects.filter(previous__is_example=True).update(previous=None)


def _forget_files(talks: QuerySet[Negotiation]) -> None:
    """Delete the files after the commit; a file that is gone already is no fault."""
    documents = Document.objects.filter(negotiation__in=talks).exclude(file="").values_list("file", flat=True)
    attachments = Attachment.objects.filter(negotiation__in=talks).values_list("file", flat=True)
    for place in [*documents, *attachments]:
        transaction.on_commit(partial(default_storage.delete, place))
