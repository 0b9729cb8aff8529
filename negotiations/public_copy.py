"""A published negotiation as everyone may read it: the frozen snapshot's public content, never live rows."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from hyte_portal.http import public_answer
from negotiations.memo_context import memo_context
from negotiations.models import Document, Negotiation, Snapshot
from negotiations.snapshots import Memo
from negotiations.vocabulary import DocumentReach


def public_page(request: HttpRequest, negotiation: Negotiation) -> HttpResponse:
    """Show the public copy to a reader who may see it (asked before); unchanged is 304 for who is not signed in."""
    snapshot = _newest(negotiation)
    if request.user.is_authenticated:
        return _page(request, negotiation, snapshot)
    mark = f"{snapshot.check_value[:16]}-{negotiation.content_version}-{get_language()}"
    return public_answer(request, mark, lambda: _page(request, negotiation, snapshot))


def _newest(negotiation: Negotiation) -> Snapshot:
    """Return the newest frozen content that was not withdrawn; there is one from confirming on."""
    frozen = Snapshot.objects.filter(negotiation=negotiation, is_draft=False, withdrawn_at__isnull=True)
    snapshot = frozen.order_by("-version").first()
    if snapshot is None:
        raise Http404
    return snapshot


def _page(request: HttpRequest, negotiation: Negotiation, snapshot: Snapshot) -> HttpResponse:
    return render(request, "negotiations/public.html", public_context(negotiation, snapshot))


def public_context(negotiation: Negotiation, snapshot: Snapshot) -> dict[str, Any]:
    """Return the memo's public content in words, its files and its dates."""
    memo = Memo.from_values(snapshot.content).public()
    files = Document.objects.filter(snapshot=snapshot, reach=DocumentReach.PUBLIC, state=Document.State.READY)
    return {
        **memo_context(memo, reach=DocumentReach.PUBLIC.value, check_value=snapshot.check_value),
        "talk": negotiation,
        "files": files.order_by("language"),
        "confirmed_at": negotiation.confirmed_at,
        "published_at": negotiation.published_at,
    }
