"""WeasyPrint, shut in: our fonts, our style sheets, and nothing else from anywhere.

Imported by `pdf.py` only, and late.
"""

import html
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Final

import pyphen
from django.contrib.staticfiles import finders
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from hyte_portal.pdf import BROKEN, TOO_LARGE, Page, Pdf, PdfError

# What a document may load, by the name its style sheet uses: "portal:<name>".
RESOURCES: Final = {
    "source-sans-3-latin.woff2": "vendor/source-sans-3/latin.woff2",
    "source-sans-3-latin-ext.woff2": "vendor/source-sans-3/latin-ext.woff2",
}
FINNISH: Final = Path(__file__).parent / "hyphenation" / "hyph_fi.dic"

pyphen.LANGUAGES["fi"] = FINNISH
pyphen.LANGUAGES_LOWERCASE["fi"] = "fi"


class OwnFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint carries no types
    """Serves the few files of `RESOURCES` from memory and refuses every other address."""

    def __init__(self) -> None:
        """Forbid every protocol, also for what calls the parents' methods."""
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
        """Answer with one of our own files."""
        name = url.removeprefix("portal:")
        if not url.startswith("portal:") or name not in RESOURCES:
            raise PermissionError("documents load nothing from outside")
        return URLFetcherResponse(url, _resource(name), {"Content-Type": "font/woff2"})


FETCHER: Final = OwnFilesOnly()
# One configuration for all documents: with another one, a style sheet loses its fonts without a word.
FONTS: Final = FontConfiguration()


def render(page: Page, stylesheet: Path) -> Pdf:
    """Lay out one page after another."""
    try:
        with _dated(page):
            document = HTML(string=_framed(page), url_fetcher=FETCHER).render(
                stylesheets=[_stylesheet(stylesheet)], font_config=FONTS, pdf_variant="pdf/ua-1"
            )
            return Pdf(document.write_pdf(pdf_variant="pdf/ua-1"), len(document.pages))
    except FatalURLFetchingError as error:
        raise PdfError(BROKEN) from error
    except (MemoryError, RecursionError) as error:
        raise PdfError(TOO_LARGE) from error


def _framed(page: Page) -> str:
    lang, title = html.escape(page.lang), html.escape(page.title)
    stamp = page.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{title}</title>'
        f'<meta name="dcterms.created" content="{stamp}"></head><body>{page.body}</body></html>'
    )


@contextmanager
def _dated(page: Page) -> Iterator[None]:
    """Let fonts carry the document's time instead of the clock's, so that bytes repeat."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(page.made_at.timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


@cache
def _stylesheet(path: Path) -> CSS:
    return CSS(string=path.read_text(encoding="utf-8"), base_url="portal:", url_fetcher=FETCHER, font_config=FONTS)


@cache
def _resource(name: str) -> bytes:
    path = finders.find(RESOURCES[name])
    if not isinstance(path, str):
        raise FileNotFoundError(name)
    return Path(path).read_bytes()
