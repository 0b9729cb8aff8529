"""Orders and writes memos: frozen content first, then one PDF per language and reach, its bytes stored once.

`order_confirmed` and `order_draft` only write rows, in the transaction of the act. `write_next` claims one
row (SKIP LOCKED, committed), draws the pages and keeps the bytes: safe to run twice, late or in parallel.
"""

import hashlib
import logging
from datetime import timedelta
from typing import Final

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_noop

from hyte_portal.ids import new_public_id
from hyte_portal.pdf import BROKEN, Page, Pdf, PdfError, render_pdf
from hyte_portal.waking import wake
from negotiations.memo_context import document_title, memo_context
from negotiations.memo_rows import build_memo, languages_of
from negotiations.models import Document, Negotiation, Snapshot
from negotiations.snapshots import Memo
from negotiations.vocabulary import DocumentReach

log = logging.getLogger(__name__)
State = Document.State

SWEEP: Final = "negotiations.tasks.write_documents"
STALE_CLAIM: Final = timedelta(minutes=10)
MAX_ATTEMPTS: Final = 3
TEMPLATE: Final = "negotiations/pdf/memo.html"
STYLESHEET: Final = settings.BASE_DIR / "templates" / "negotiations" / "pdf" / "memo.css"
TOO_HEAVY: Final = gettext_noop("The PDF could not be finished: its texts are too long. Shorten them and try again.")


class DamagedDocumentError(Exception):
    """The stored bytes are not the ones that were made; they are not handed out."""


# -- Ordering ----------------------------------------------------------------------------------------------
def order_confirmed(negotiation: Negotiation) -> Snapshot:
    """Freeze the memo that is being confirmed and order its documents.

    Runs in the confirming transaction, under the lock, after the confirmation and `memo_version` are saved.
    """
    memo = build_memo(negotiation, version=f"{negotiation.memo_version}.0", confirmed=True)
    return _order(negotiation, memo, is_draft=False, reaches=tuple(DocumentReach))


def order_draft(negotiation: Negotiation) -> Snapshot:
    """Order the draft as it is now, for the table only."""
    version = negotiation.memo_version
    earlier = Snapshot.objects.filter(negotiation=negotiation, is_draft=True, version=version).count()
    memo = build_memo(negotiation, version=f"{version}.{earlier + 1}", confirmed=False)
    return _order(negotiation, memo, is_draft=True, reaches=(DocumentReach.FULL,))


def retry(document: Document) -> None:
    """Put a failed document back into the queue; what is ready stays as it is."""
    failed = Document.objects.filter(pk=document.pk, state=State.FAILED)
    failed.update(state=State.WAITING, attempts=0, error="", claimed_at=None)
    wake(SWEEP)


def _order(negotiation: Negotiation, memo: Memo, *, is_draft: bool, reaches: tuple[DocumentReach, ...]) -> Snapshot:
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
    wake(SWEEP)  # one call: each writer calls for the next
    return snapshot


# -- Writing -----------------------------------------------------------------------------------------------
def write_due() -> int:
    """Write all documents that wait, one after another; return how many were tried."""
    tried = 0
    while write_next():
        tried += 1
    return tried


def write_next() -> bool:
    """Write one document that waits, and say whether there was one; each has a whole task's time."""
    document = _claim()
    if document is None:
        return False
    _write(document)
    return True


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


def _write(document: Document) -> None:
    """Draw and keep one document, or say why not: a failure is shown at once, and a person tries again."""
    if document.attempts > MAX_ATTEMPTS:
        return _fail(document, TOO_HEAVY)
    try:
        _keep(document, render(document))
    except PdfError as error:
        _fail(document, error.message)
    except SoftTimeLimitExceeded:
        _fail(document, TOO_HEAVY)
    except DatabaseError:
        raise  # nothing can be written down now; the claim grows stale and the next sweep takes it
    except Exception:
        log.exception("document %s could not be made", document.public_id)
        _fail(document, BROKEN)
    return None


def render(document: Document) -> Pdf:
    """Draw the pages of a document from its frozen content."""
    memo = Memo.from_values(document.snapshot.content)
    if document.reach == DocumentReach.PUBLIC:
        memo = memo.public()
    with translation.override(document.language):
        context = memo_context(memo, reach=document.reach, check_value=document.snapshot.check_value)
        body, title = render_to_string(TEMPLATE, context), document_title(memo)
    page = Page(body=body, lang=document.language, title=title, made_at=document.snapshot.created_at)
    return render_pdf(page, stylesheet=STYLESHEET)


def _keep(document: Document, pdf: Pdf) -> None:
    """Store the bytes, then say so in one statement; a writer that lost its claim changes nothing."""
    place = default_storage.save(f"documents/{new_public_id()}{new_public_id()}.pdf", ContentFile(pdf.content))
    kept = _mine(document).update(
        state=State.READY,
        file=place,
        sha256=hashlib.sha256(pdf.content).hexdigest(),
        size=len(pdf.content),
        pages=pdf.pages,
        error="",
        made_at=timezone.now(),
    )
    if not kept:
        default_storage.delete(place)


def _fail(document: Document, message: str | Promise) -> None:
    """Keep the reason in English: the page says it in its reader's language."""
    with translation.override(None):
        words = str(message)
    log.warning("document %s failed: %s", document.public_id, words)
    _mine(document).update(state=State.FAILED, error=words)


def _mine(document: Document) -> QuerySet[Document]:
    return Document.objects.filter(pk=document.pk, state=State.WRITING, claimed_at=document.claimed_at)


# -- Reading -----------------------------------------------------------------------------------------------
def stored_bytes(document: Document) -> bytes:
    """Return the bytes as they were made.

    Raises DamagedDocumentError when they are gone or changed; that is written to the log for the operator.
    """
    try:
        with default_storage.open(document.file) as stored:
            content: bytes = stored.read()
    except OSError as error:
        log.critical("document %s is missing from storage", document.public_id)
        raise DamagedDocumentError(document.public_id) from error
    if hashlib.sha256(content).hexdigest() != document.sha256:
        log.critical("document %s does not match its checksum", document.public_id)
        raise DamagedDocumentError(document.public_id)
    return content


def filename(document: Document) -> str:
    """Name the download: what it is, whose, which version, in which language."""
    kind = "muistio" if document.language == "fi" else "promemoria"
    version = document.snapshot.content["version"]
    reach = "" if document.reach == DocumentReach.FULL else f"-{document.reach}"
    return f"hyte-{kind}-{document.negotiation.public_id}-{version}-{document.language}{reach}.pdf"
