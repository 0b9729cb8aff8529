"""Turns a page of HTML into a PDF: the only door to the PDF engine.

The engine itself is in `pdf_engine.py` and is imported on first use, so that web processes never carry it.
"""

import importlib
import logging
import re
import resource
from dataclasses import dataclass
from html.parser import HTMLParser
from types import ModuleType
from typing import TYPE_CHECKING, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

log = logging.getLogger(__name__)

MAX_CHARACTERS: Final = 1_000_000
MAX_ROWS: Final = 2_000
MAX_DEPTH: Final = 30
MAX_WORD: Final = 2_000
WORKER_MEMORY: Final = 1024**3

_VOID: Final = frozenset({"br", "col", "hr", "img", "link", "meta", "wbr"})
_LONG_WORD: Final = re.compile(rf"[^\s<>]{{{MAX_WORD},}}")


class PdfError(Exception):
    """A PDF could not be made; the message can be shown to people."""

    def __init__(self, message: str | Promise) -> None:
        """Keep the message untranslated, so that each reader gets it in her language."""
        super().__init__(message)
        self.message = message


TOO_LARGE: Final = _("The document is too large for a PDF. Move long texts to attachments and try again.")
TOO_DEEP: Final = _("The document is nested too deeply for a PDF. Make its lists simpler and try again.")
LONG_WORD: Final = _("The document has a word that is too long for a line. Split the word and try again.")
NO_ENGINE: Final = _("PDFs can't be made on this machine: the text layout library Pango is missing.")
BROKEN: Final = _("The PDF could not be made because of an error in the system. Try again.")


@dataclass(frozen=True, slots=True)
class Page:
    """What a PDF is made of: the body's HTML, and what its reader's tools must know of it."""

    body: str
    lang: str
    title: str
    made_at: "datetime"


@dataclass(frozen=True, slots=True)
class Pdf:
    """A finished document."""

    content: bytes
    pages: int


def render_pdf(page: Page, *, stylesheet: "Path") -> Pdf:
    """Lay the page out as a tagged PDF; the same page gives the same bytes."""
    check_size(page.body)
    pdf: Pdf = _engine().render(page, stylesheet)
    return pdf


def make_ready() -> None:
    """Load the engine ahead of the first document, in a process that fails on its own before the machine does."""
    try:
        _engine()
    except PdfError as error:  # the documents will say so, each on its page
        log.warning("%s", error)
    limit_memory()


def limit_memory(limit: int = WORKER_MEMORY) -> None:
    """Let this process fail on its own before it takes the machine's memory."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def check_size(body: str) -> None:
    """Refuse what would keep the engine busy for minutes."""
    if len(body) > MAX_CHARACTERS or body.count("<tr") > MAX_ROWS:
        raise PdfError(TOO_LARGE)
    if _LONG_WORD.search(body):
        raise PdfError(LONG_WORD)
    depth = _Depth()
    depth.feed(body)
    if depth.deepest > MAX_DEPTH:
        raise PdfError(TOO_DEEP)


class _Depth(HTMLParser):
    """Counts how deeply elements stand inside one another."""

    def __init__(self) -> None:
        super().__init__()
        self.open = 0
        self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag not in _VOID:
            self.open += 1
            self.deepest = max(self.deepest, self.open)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.open -= 1


def _engine() -> ModuleType:
    """Import the engine late: it costs a second and 60 MB, and a machine may lack Pango."""
    try:
        return importlib.import_module("hyte_portal.pdf_engine")
    except OSError as error:
        raise PdfError(NO_ENGINE) from error
