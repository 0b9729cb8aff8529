"""Orders the memos of demo talks through `negotiations.documents`; the worker makes the PDFs."""

from negotiations import documents
from negotiations.lifecycle import State
from negotiations.models import Document, Negotiation, Snapshot

_HAVE_DRAFT = frozenset({State.COMMENTING})


def order_memo(talk: Negotiation) -> Snapshot | None:
    """Order the confirmed memo of a confirmed talk, or the draft that is out for comments."""
    if talk.confirmed_at:
        snapshot = documents.order_confirmed(talk)
        Snapshot.objects.filter(pk=snapshot.pk).update(created_at=talk.confirmed_at)
        Document.objects.filter(snapshot=snapshot).update(created_at=talk.confirmed_at)
        return snapshot
    return documents.order_draft(talk) if State(talk.state) in _HAVE_DRAFT else None
