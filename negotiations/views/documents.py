"""The memo's PDF files: how far they are, and their bytes exactly as they were made."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hyte_portal.http import GoneError
from negotiations import documents as memos
from negotiations.document_lines import Line, attachments_of, is_under_way, lines_of
from negotiations.documents import DamagedDocumentError
from negotiations.finding import find, find_negotiation
from negotiations.lifecycle import Act
from negotiations.models import Document
from negotiations.views.saving import pressed
from negotiations.views.talks import talk_frame
from organizations.actors import Actor
from organizations.http import ActorRequest

_SHARED: Final = "public, max-age=0, must-revalidate"


@require_safe
def documents(request: ActorRequest, public_id: str) -> HttpResponse:
    """Show the memo's files and the attachments."""
    talk = find_negotiation(request, public_id)
    frame = talk_frame(request, talk, tab="documents")
    lines = lines_of(talk, request.actor)
    context = {
        "lines": [line for line in lines if not line.withdrawn],
        "withdrawn": [line for line in lines if line.withdrawn],
        "attachments": attachments_of(talk, request.actor),
        "may_order": Act.ORDER_DRAFT in frame["acts"],
        "may_retry": Act.RETRY_FILE in frame["acts"],
        "may_attach": bool({Act.EDIT_TALK, Act.EDIT} & frame["acts"]),
        "may_remove_all": Act.EDIT_TALK in frame["acts"],
    }
    return render(request, "negotiations/documents.html", frame | context)


@require_POST
def draft_order(request: ActorRequest, public_id: str) -> HttpResponse:
    """Order the draft's PDF files as the draft is now."""
    talk = find_negotiation(request, public_id)
    to = reverse("negotiations:documents", args=[public_id])

    def order() -> None:
        if is_under_way(talk):
            messages.info(request, _("A draft is being made already. Wait for it."))
        else:
            memos.order_draft(talk)

    return pressed(request, talk, Act.ORDER_DRAFT, order, to=to)


@require_safe
def document_state(request: ActorRequest, public_id: str) -> HttpResponse:
    """Answer the page's question how far a file is: its line, which asks again until the file is made."""
    row = _of_the_table(request, public_id)
    acts = row.negotiation.acts_for(request.actor)
    context = {"line": Line(row), "may_retry": Act.RETRY_FILE in acts, "talk": row.negotiation}
    return render(request, "negotiations/documents.html#line", context)


@require_POST
def document_retry(request: ActorRequest, public_id: str) -> HttpResponse:
    """Try a failed file again."""
    row = _of_the_table(request, public_id)
    to = reverse("negotiations:documents", args=[row.negotiation.public_id])
    return pressed(request, row.negotiation, Act.RETRY_FILE, lambda: memos.retry(row), to=to)


def _of_the_table(request: ActorRequest, public_id: str) -> Document:
    """Return a document of a record that the actor sees."""
    row = find(request, lambda actor: Document.objects.visible_to(actor).select_related("snapshot"), public_id)
    row.negotiation = find_negotiation(request, row.negotiation.public_id)
    return row


@login_not_required
@require_safe
def document(request: ActorRequest, public_id: str) -> HttpResponseBase:
    """Hand out a memo's bytes; what does not match its checksum is refused."""
    try:
        row = find(request, _ready_for, public_id)
    except Http404 as missing:
        _refuse_withdrawn(public_id)
        return or_sign_in(request, missing)
    etag = f'"{row.sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return _told_apart(request, unchanged, etag)
    try:
        content = memos.stored_bytes(row)
    except DamagedDocumentError:
        return damaged(request)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, memos.filename(row))
    return _told_apart(request, response, etag)


def _ready_for(actor: Actor) -> QuerySet[Document]:
    return (
        Document.objects.visible_to(actor).filter(state=Document.State.READY).select_related("snapshot", "negotiation")
    )


def _told_apart(request: ActorRequest, response: HttpResponseBase, etag: str) -> HttpResponseBase:
    """Let shared caches keep, and always ask again about, what anyone may read; nothing else is kept anywhere."""
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store" if request.user.is_authenticated else _SHARED
    return response


def _refuse_withdrawn(public_id: str) -> None:
    """Raise GoneError for a confirmed version that was withdrawn: its link was given to others than the table."""
    withdrawn = Document.objects.filter(
        public_id=public_id, snapshot__is_draft=False, snapshot__withdrawn_at__isnull=False
    )
    if withdrawn.exists():
        raise GoneError(_("This version of the memo was withdrawn. The parties are preparing a new one."))


def or_sign_in(request: ActorRequest, missing: Http404) -> HttpResponseBase:
    """Let a reader who is not signed in do so, whether there is something or not; others get the 404."""
    if request.user.is_authenticated:
        raise missing
    return redirect_to_login(request.get_full_path())


def damaged(request: ActorRequest) -> HttpResponse:
    """Say that the stored file is not the one that was made; it is not handed out."""
    return render(request, "negotiations/damaged.html", status=500)
