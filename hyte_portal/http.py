"""Answers that several rooms give in the same way."""

from django.http import Http404


class GoneError(Http404):
    """Something that was here is not any more; its one sentence says what became of it (410)."""
