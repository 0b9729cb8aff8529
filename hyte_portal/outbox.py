"""Mail that leaves only if the change is kept, and once.

`post()` writes rows in the transaction of the change. `send_due()` claims a batch (SKIP LOCKED, committed), renders
and sends on one connection, and marks each mail as soon as the server took it: a crash can repeat only the mail that
stood between the server's answer and our mark, with the same Message-ID (docs/decisions/0003).
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from hyte_portal.dates import HELSINKI
from hyte_portal.models import OutboundMail
from hyte_portal.waking import wake

log = logging.getLogger(__name__)
State = OutboundMail.State

SWEEP: Final = "hyte_portal.tasks.send_mails"
BATCH: Final = 100
STALE_CLAIM: Final = timedelta(minutes=10)
BACK_OFF: Final = (timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
FIRST_HOUR, LAST_HOUR = 7, 19


@dataclass(frozen=True, slots=True)
class Words:
    """A mail's words in its recipient's language."""

    subject: str
    text: str
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skip:
    """A mail that is not needed any more, and why."""

    reason: str


PUT_OFF: Final = Skip("put off")  # could not be worded now; tried again later
Renderer = Callable[[Sequence[OutboundMail]], dict[int, Words | Skip]]
_renderers: dict[str, Renderer] = {}


def renders(*kinds: str) -> Callable[[Renderer], Renderer]:
    """Register a function that checks the state again and words a batch of mails of these kinds.

    It gets the rows and answers Words or Skip for each row's id; it runs at sending, not at posting.
    """

    def register(renderer: Renderer) -> Renderer:
        _renderers.update(dict.fromkeys(kinds, renderer))
        return renderer

    return register


@dataclass(frozen=True, slots=True)
class Letter:
    """What a room wants to be sent to one person."""

    kind: str
    occasion: str
    address: str
    recipient_id: int | None = None
    language: str = "fi"
    data: dict[str, Any] = field(default_factory=dict)
    statutory: bool = True
    due_at: datetime | None = None
    useless_after: datetime | None = None
    mark: str = ""

    def key(self, day: str) -> str:
        """Return the key that makes the mail unique: kind, occasion, recipient, Helsinki date and an own mark."""
        who = str(self.recipient_id) if self.recipient_id else self.address.lower()
        return ":".join((self.kind, self.occasion, who, day, self.mark))


def post(letters: Iterable[Letter]) -> int:
    """Write mails into the outbox; the same mail twice is one row. Return how many were new."""
    rows = [_row(letter) for letter in letters]
    if not rows:
        return 0
    known = set(
        OutboundMail.objects.filter(dedupe_key__in=[row.dedupe_key for row in rows]).values_list(
            "dedupe_key", flat=True
        )
    )
    fresh = [row for row in rows if row.dedupe_key not in known]
    OutboundMail.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=1000)
    wake(SWEEP)
    return len(fresh)


def _row(letter: Letter) -> OutboundMail:
    due = letter.due_at or timezone.now()
    key = letter.key(due.astimezone(HELSINKI).date().isoformat())
    return OutboundMail(
        kind=letter.kind,
        occasion=letter.occasion,
        dedupe_key=key,
        recipient_id=letter.recipient_id,
        address=letter.address,
        language=letter.language,
        data=letter.data,
        statutory=letter.statutory,
        due_at=due,
        useless_after=letter.useless_after,
        message_id=message_id(key),
    )


def message_id(key: str) -> str:
    """Return the Message-ID of a mail: the same for the same mail, whoever sends it."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


def post_account_mail(address: str, words: Words, *, key: str, language: str, recipient_id: int | None) -> None:
    """Write an account mail (code, reset, confirmation) and try it right after the commit."""
    row = OutboundMail.objects.create(
        kind="account",
        occasion="account",
        dedupe_key=f"account:{key}",
        recipient_id=recipient_id,
        address=address,
        language=language,
        subject=words.subject,
        text=words.text,
        html=words.html,
        urgent=True,
        useless_after=timezone.now() + timedelta(hours=24),
        message_id=message_id(f"account:{key}"),
    )
    transaction.on_commit(lambda: _send_at_once(row.pk), robust=True)


def _send_at_once(pk: int) -> None:
    send_due(Q(pk=pk))


# -- Sending ---------------------------------------------------------------------------------------------------------
def send_due(which: Q | None = None, *, seconds: float = 60) -> int:
    """Send the mails that are due, batch by batch; return how many left.

    No new batch is begun after the given seconds, so that a worker's time limit never strikes in the middle of one;
    the next sweep goes on.
    """
    sent, ends = 0, monotonic() + seconds
    while monotonic() < ends and (batch := _claim(which)):
        sent += _send_batch(batch)
    return sent


def _claim(which: Q | None) -> list[OutboundMail]:
    """Claim the next due mails in one statement, so that two sweeps never take the same one."""
    now = timezone.now()
    due = Q(state=State.WAITING, due_at__lte=now) | Q(state=State.SENDING, claimed_at__lt=now - STALE_CLAIM)
    if not FIRST_HOUR <= now.astimezone(HELSINKI).hour < LAST_HOUR:
        due &= Q(urgent=True)
    with transaction.atomic():
        rows = list(
            OutboundMail.objects.select_for_update(skip_locked=True)
            .filter(due, which or Q())
            .order_by("-urgent", "due_at", "id")[:BATCH]
        )
        ids = [row.pk for row in rows]
        OutboundMail.objects.filter(pk__in=ids).update(state=State.SENDING, claimed_at=now, attempts=F("attempts") + 1)
    for row in rows:
        row.attempts += 1
    return rows


def _send_batch(batch: list[OutboundMail]) -> int:
    words = _words(batch)
    sent = 0
    with _server() as server:
        for row in batch:
            answer = words.get(row.pk, Skip("no renderer for this kind of mail"))
            if answer is PUT_OFF:
                continue
            if isinstance(answer, Skip):
                _mark(row, State.SKIPPED, reason=answer.reason)
            else:
                sent += _send_one(row, answer, server)
    return sent


def _words(batch: Iterable[OutboundMail]) -> dict[int, Words | Skip]:
    """Check and word the batch, kind by kind; what came too late is not sent."""
    answers: dict[int, Words | Skip] = {}
    by_kind: dict[str, list[OutboundMail]] = {}
    now = timezone.now()
    for row in batch:
        if row.useless_after and row.useless_after < now:
            answers[row.pk] = Skip("too late to be useful")
        elif row.urgent:
            answers[row.pk] = Words(row.subject, row.text, row.html)
        else:
            by_kind.setdefault(row.kind, []).append(row)
    for kind, rows in by_kind.items():
        if kind in _renderers:
            answers.update(_worded(kind, rows))
    return answers


def _worded(kind: str, rows: list[OutboundMail]) -> dict[int, Words | Skip]:
    """Word the mails of one kind; a fault in wording them puts them off, and leaves the other kinds alone."""
    try:
        with translation.override(None):
            return _renderers[kind](rows)
    except Exception as error:
        log.exception("mails of the kind %s could not be worded", kind)
        for row in rows:
            _put_off(row, f"could not be worded: {error}")
        return {row.pk: PUT_OFF for row in rows}


@contextmanager
def _server() -> Iterator[Any]:
    """Keep one connection to the mail server for a batch; it is opened by the first mail."""
    server = django_mail.get_connection()
    try:
        yield server
    finally:
        try:
            server.close()
        except (SMTPException, OSError) as error:
            log.warning("the mail server closed badly: %s", error)


def _send_one(row: OutboundMail, words: Words, server: Any) -> int:
    if not _may_mail(row.address):
        _mark(row, State.SKIPPED, reason="this installation may not mail this address (MAIL_ALLOWLIST)")
        return 0
    message = EmailMultiAlternatives(
        " ".join(words.subject.split()),
        words.text,
        to=[row.address],
        headers={"Message-ID": row.message_id, "Auto-Submitted": "auto-generated", **words.headers},
        connection=server,
    )
    if words.html:
        message.attach_alternative(words.html, "text/html")
    try:
        message.send()
    except (SMTPException, OSError, ValueError) as error:  # ValueError: an address or header that can't be written
        _failed(row, error, server)
        return 0
    _mark(row, State.SENT, sent_at=timezone.now())
    return 1


def _may_mail(address: str) -> bool:
    """Outside production only listed addresses get mail over SMTP (reliability.md 27)."""
    over_smtp = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    if settings.PRODUCTION or not over_smtp:
        return True
    return any(address.lower().endswith(listed.lower()) for listed in settings.MAIL_ALLOWLIST)


def _failed(row: OutboundMail, error: Exception, server: Any) -> None:
    """Refused for good: say so. Anything else: try later with the same Message-ID."""
    code, reason = _server_answer(error)
    if 500 <= code < 600:
        _mark(row, State.REFUSED, reason=reason)
    else:
        _put_off(row, reason)
    try:
        server.close()  # a connection after an error is not trusted with the rest of the batch
    except (SMTPException, OSError):
        server.connection = None


def _put_off(row: OutboundMail, reason: str) -> None:
    """Try again after a while; after the last try it counts as refused and shows on the page."""
    if row.attempts > len(BACK_OFF):
        _mark(row, State.REFUSED, reason=reason)
    else:
        _mark(row, State.WAITING, reason=reason, due_at=timezone.now() + BACK_OFF[row.attempts - 1])


def _server_answer(error: Exception) -> tuple[int, str]:
    if isinstance(error, SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return code, f"{code} {_decoded(text)}"
    if isinstance(error, SMTPResponseException):
        return error.smtp_code, f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return 0, str(error)


def _decoded(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text


def _mark(row: OutboundMail, state: str, **changes: Any) -> None:
    """Write what became of a mail at once; account mails lose their body when they end."""
    if row.urgent and state != State.WAITING:
        changes |= {"text": "", "html": ""}
    if "reason" in changes:
        changes["reason"] = changes["reason"][:500]
    OutboundMail.objects.filter(pk=row.pk, state=State.SENDING).update(state=state, **changes)
