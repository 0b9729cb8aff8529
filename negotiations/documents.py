"""Orders and writes memos: frozen content first, then one PDF per language and reach, its bytes stored once.

`freeze` and `order_draft` only write rows, in the transaction of the act. `write_due` claims one row at a time (SKIP
LOCKED, committed), draws the pages and keeps the bytes; it is safe to run twice, late or in parallel.
"""

import hashlib
import logging
from datetime import timedelta
from typing import Final

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from hyte_portal.ids import new_public_id
from hyte_portal.pdf import BROKEN, Page, PdfError, render_pdf
from negotiations.memo_context import document_title, memo_context
from negotiations.memo_rows import build_memo, languages_of
from negotiations.models import Document, Negotiation, Snapshot
from negotiations.snapshots import Memo
from negotiations.vocabulary import DocumentReach

log = logging.getLogger(__name__)
State = Document.State

STALE_CLAIM: Final = timedelta(minutes=10)
MAX_ATTEMPTS: Final = 3
TEMPLATE: Final = "negotiations/pdf/memo.html"
STYLESHEET: Final = settings.BASE_DIR / "templates" / "negotiations" / "pdf" / "memo.css"
TOO_SLOW: Final = gettext_noop("Making the PDF took too long. Shorten the memo's longest texts and try again.")


class DamagedDocumentError(Exception):
    """The stored bytes are not the ones that were made; they are not handed out."""


# -- Ordering ----------------------------------------------------------------------------------------------------------
def freeze(negotiation: Negotiation) -> Snapshot:
    """Freeze the memo that is being confirmed and order its documents; runs in the confirming transaction.

    Call it under the negotiation's lock, after `confirmed_at` and `confirmed_by` are saved; it raises `memo_version`.
    """
    negotiation.memo_version += 1
    negotiation.save(update_fields=["memo_version"])
    memo = build_memo(negotiation, version=f"{negotiation.memo_version}.0", confirmed=True)
    return _order(negotiation, memo, is_draft=False, reaches=tuple(DocumentReach))


def order_draft(negotiation: Negotiation) -> Snapshot:
    """Order the draft as it is now, for the table only."""
    version = negotiation.memo_version
    earlier = Snapshot.objects.filter(negotiation=negotiation, is_draft=True, version=version).count()
    memo = build_memo(negotiation, version=f"{version}.{earlier + 1}", confirmed=False)
    return _order(negotiation, memo, is_draft=True, reaches=(DocumentReach.FULL,))


def withdraw(negotiation: Negotiation) -> None:
    """Mark the confirmed version as withdrawn: the table still reads it, nobody else does."""
    current = Snapshot.objects.filter(negotiation=negotiation, is_draft=False, withdrawn_at__isnull=True)
    current.update(withdrawn_at=timezone.now())


def retry(document: Document) -> None:
    """Put a failed document back into the queue; what is ready stays as it is."""
    failed = Document.objects.filter(pk=document.pk, state=State.FAILED)
    failed.update(state=State.WAITING, attempts=0, error="", claimed_at=None)
    wake()


def _order(
    negotiation: Negotiation, memo: Memo, *, is_draft: bool, reaches: tuple[DocumentReach, ...]
) -> Snapshot:
    snapshot = Snapshot.objects.create(
        negotiation=negotiation,
        version=negotiation.memo_version,
        is_draft=is_draft,
        content=memo.to_values(),
        check_value=memo.check_value(),
    )
    Document.objects.bulk_create(
        Document(negotiation=negotiation, snapshot=snapshot, language=language, reach=reach)
        for language in languages_of(negotiation)
        for reach in reaches
    )
    wake()
    return snapshot


def wake() -> None:
    """Wake the writer after the commit; if Redis is away the next sweep finds the rows."""
    transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    from negotiations.tasks import write_documents  # noqa: PLC0415 - the task imports this module

    try:
        write_documents.apply_async()
    except Exception as error:  # noqa: BLE001 - a broker's failure of any kind must not reach the person
        log.warning("could not wake the document writer: %s", error)


# -- Writing -----------------------------------------------------------------------------------------------------------
def write_due() -> int:
    """Write the documents that wait, one by one, until none is left; return how many were made."""
    made = 0
    while document := _claim():
        made += _write(document)
    return made


def _claim() -> Document | None:
    """Take the next document that waits, or whose writer has been silent for ten minutes."""
    now = timezone.now()
    due = Q(state=State.WAITING) | Q(state=State.WRITING, claimed_at__lt=now - STALE_CLAIM)
    with transaction.atomic():
        document = (
            Document.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("snapshot")
            .filter(due)
            .order_by("id")
            .first()
        )
        if document is None:
            return None
        document.attempts += 1
        document.claimed_at = now
        document.state = State.WRITING
        document.save(update_fields=["attempts", "claimed_at", "state"])
    return document


def _write(document: Document) -> bool:
    """Draw and keep one document, or say why not; nothing here is retried without a person but a lost writer."""
    if document.attempts > MAX_ATTEMPTS:
        return _fail(document, TOO_SLOW)
    try:
        content = render(document)
    except PdfError as error:
        return _fail(document, error.message)
    except SoftTimeLimitExceeded:
        return _fail(document, TOO_SLOW)
    except Exception:
        log.exception("document %s could not be made", document.public_id)
        return _fail(document, BROKEN)
    return _keep(document, content)


def render(document: Document) -> bytes:
    """Draw the pages of a document from its frozen content."""
    memo = Memo.from_values(document.snapshot.content)
    if document.reach == DocumentReach.PUBLIC:
        memo = memo.public()
    with translation.override(document.language):
        context = memo_context(memo, reach=document.reach, check_value=document.snapshot.check_value)
        body, title = render_to_string(TEMPLATE, context), document_title(memo)
    page = Page(body=body, lang=document.language, title=title, made_at=document.snapshot.created_at)
    return render_pdf(page, stylesheet=STYLESHEET)


def _keep(document: Document, content: bytes) -> bool:
    """Store the bytes and say so in one statement; a writer that lost its claim changes nothing."""
    place = default_storage.save(f"documents/{new_public_id()}{new_public_id()}.pdf", ContentFile(content))
    kept = _claimed(document).update(
        state=State.READY,
        file=place,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        error="",
        made_at=timezone.now(),
    )
    if not kept:
        default_storage.delete(place)
    return bool(kept)
