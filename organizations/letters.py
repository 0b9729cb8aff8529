"""Mails in words: a text template's first line is the subject, the HTML part is drawn from the same text."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from hyte_portal.outbox import Words


def worded(template: str, context: Mapping[str, Any], language: str) -> Words:
    """Return the mail of a text template in the language."""
    with translation.override(language):
        source = render_to_string(template, {**context, "site_url": settings.SITE_URL}).strip()
        subject, _newline, rest = source.partition("\n")
        shown = {"subject": subject, "text": rest.strip(), "language": language}
        html = render_to_string("mail/message.html", shown)
    return Words(subject.strip(), rest.strip() + "\n", html)
