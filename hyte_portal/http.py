"""Answers that several rooms give in the same way."""

import secrets
from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag

# A new start may bring new templates: what was kept before it is asked for again.
_START: Final = secrets.token_hex(4)


class GoneError(Http404):
    """Something that was here is not any more; its one sentence says what became of it (410)."""


class SeenByOtherError(Http404):
    """Only another of the person's organisations may see the page: the 404 page offers the switch."""

    def __init__(self, actors: list[Any]) -> None:
        super().__init__("")
        self.actors = actors


def public_answer(request: HttpRequest, mark: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer 304 to a reader who has the page with this mark already, else draw it; anyone may keep it, and asks again.

    Only for what everybody may read, after that was asked.
    """
    etag = quote_etag(f"{mark}-{_START}")
    unchanged = get_conditional_response(request, etag=etag)
    response: HttpResponse = answer() if unchanged is None else unchanged
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, no_cache=True)
    return response
