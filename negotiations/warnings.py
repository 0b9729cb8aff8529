"""Warnings: what is allowed but probably not meant is said once, on the page that follows."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest


def show_warnings(request: HttpRequest, warnings: Iterable[str]) -> None:
    """Show each warning on the next page."""
    for warning in warnings:
        messages.warning(request, warning)
