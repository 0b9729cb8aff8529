"""A form is acted on once: the same key again leads to the same result (reliability.md 9, 10)."""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from hyte_portal.models import Submission

FIELD: Final = "submission_key"
_NOT_CONTENT: Final = {"csrfmiddlewaretoken", FIELD}


@dataclass(slots=True)
class Sent:
    """A form on its way: set `result_url` when it is done; `repeated` says that it was done before."""

    repeated: bool
    result_url: str = ""


@contextmanager
def once(request: HttpRequest) -> Iterator[Sent]:
    """Act on a form in one transaction, once for its key.

    A second request with the key waits for the first one and gets its result. Another body under the same key is
    refused (BadRequest). A form without a key (script, old page) is acted on as it is.
    """
    with transaction.atomic():
        key = _key(request)
        if key is None:
            yield Sent(repeated=False)
            return
        digest = _digest(request)
        Submission.objects.bulk_create(
            [Submission(key=key, user_id=int(request.user.pk or 0), body_hash=digest)], ignore_conflicts=True
        )
        row = Submission.objects.select_for_update().get(key=key)
        if row.user_id != request.user.pk or row.body_hash != digest:
            raise BadRequest(_("This form was already sent with other content. Open the page again."))
        sent = Sent(repeated=bool(row.result_url), result_url=row.result_url)
        yield sent
        if not sent.repeated:
            Submission.objects.filter(key=key).update(result_url=sent.result_url[:500])


def earlier_result(request: HttpRequest) -> str:
    """Return where an earlier sending of this very form led, or nothing.

    The second press on "delete" finds the row gone: its answer is the first one's.
    """
    key = _key(request) if request.method == "POST" and request.user.is_authenticated else None
    if key is None:
        return ""
    known = Submission.objects.filter(key=key, user=request.user.pk, body_hash=_digest(request))
    return known.values_list("result_url", flat=True).first() or ""


def _key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _digest(request: HttpRequest) -> str:
    parts = [
        f"{name}={value}" for name in sorted(set(request.POST) - _NOT_CONTENT) for value in request.POST.getlist(name)
    ]
    return hashlib.sha256("\n".join([request.path, *parts]).encode("utf-8", "surrogatepass")).hexdigest()
