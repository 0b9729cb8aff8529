"""The PDF door: tagged, in its language, in our fonts, the same twice, and deaf to the outside."""

import hashlib
import io
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pyphen
import pytest
from django.conf import settings

from hyte_portal import pdf, pdf_engine
from hyte_portal.pdf import LONG_WORD, MAX_ROWS, TOO_DEEP, TOO_LARGE, Page, PdfError, render_pdf

STYLESHEET = settings.BASE_DIR / "templates" / "negotiations" / "pdf" / "memo.css"
MADE_AT = datetime(2026, 12, 4, 12, 5, tzinfo=UTC)


def make_page(body: str = "<h1>Hyte-neuvottelu</h1><p>Sovittiin.</p>", lang: str = "fi") -> Page:
    return Page(body=body, lang=lang, title="Hyte-neuvottelu 2026 – muistio", made_at=MADE_AT)


def bytes_of(page: Page) -> bytes:
    return render_pdf(page, stylesheet=STYLESHEET).content


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def fonts_of(document: pikepdf.Pdf) -> set[str]:
    """Name every embedded font without its subset mark."""
    names: set[str] = set()
    for page in document.pages:
        for font in page.Resources.get("/Font", pikepdf.Dictionary()).values():
            names.add(str(font.BaseFont).split("+")[-1].strip("/,"))
    return names


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_it_is_tagged_and_carries_language_and_title() -> None:
    document = opened(bytes_of(make_page(lang="sv")))

    assert document.Root.MarkInfo.Marked
    assert document.Root.StructTreeRoot.K is not None
    assert str(document.Root.Lang) == "sv"
    assert str(document.docinfo.Title) == "Hyte-neuvottelu 2026 – muistio"
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert b"pdfuaid" in document.Root.Metadata.read_bytes()


def test_its_embedded_fonts_are_ours() -> None:
    body = "<h1>Hyte</h1><p>Teksti ja <strong>tärkeä</strong> “lainaus” – Łódź</p>"

    names = fonts_of(opened(bytes_of(make_page(body))))

    assert names
    assert all(name.startswith("Source-Sans-3") for name in names)


def test_the_same_page_gives_the_same_bytes() -> None:
    assert bytes_of(make_page()) == bytes_of(make_page())


def test_the_same_page_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import django, hashlib; django.setup()\n"
        "from tests.hyte_portal.test_pdf import bytes_of, make_page\n"
        "print(hashlib.sha256(bytes_of(make_page())).hexdigest())"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert answer.stdout.strip() == hashlib.sha256(bytes_of(make_page())).hexdigest()


def test_title_and_language_are_escaped() -> None:
    page = Page(body="<p>x</p>", lang="fi", title="<script>&amp; Kuopio</script>", made_at=MADE_AT)

    document = opened(bytes_of(page))

    assert str(document.docinfo.Title) == "<script>&amp; Kuopio</script>"


@pytest.mark.parametrize(
    "hostile",
    [
        '<img src="{file}">',
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
        '<link rel="attachment" href="{file}">',
        '<link rel="stylesheet" href="{file}">',
        "<style>@import url({file});</style>",
        "<style>p {{ background: url({file}) }}</style>",
        '<style>@font-face {{ font-family: x; src: url("http://127.0.0.1:9/x.woff2") }}</style>',
        '<object data="{file}"></object>',
        '<embed src="{file}">',
        '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{file}"/></svg>',
        '<base href="file:///"><img src="etc/hostname">',
        '<img src="portal:../../hyte_portal/settings.py">',
        '<p style="background: url(ftp://127.0.0.1/x)">x</p>',
    ],
)
def test_nothing_is_loaded_from_outside(hostile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("p::after { content: 'SENTINEL-7731' }")
    opened_sockets: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *args, **_kwargs: opened_sockets.append(args))
    body = f"<p>Teksti</p>{hostile.format(file=secret.as_uri())}"

    try:
        content = bytes_of(make_page(body))
    except PdfError:
        content = b""

    assert not opened_sockets
    assert not content or "SENTINEL-7731" not in text_of(content)
    assert not content or not opened(content).attachments


def test_the_fetcher_refuses_redirects_and_other_doors() -> None:
    fetcher = pdf_engine.FETCHER
    for url in ("file:///etc/hostname", "http://127.0.0.1:9/", "portal:unknown", "data:text/plain,x"):
        for door in (fetcher, fetcher.open, fetcher.fetch):
            with pytest.raises(PermissionError):
                door(url)
    assert not any(type(handler).__name__ == "HTTPRedirectHandler" for handler in fetcher.handlers)


def test_documents_that_would_keep_the_engine_busy_are_refused_with_a_sentence() -> None:
    hostile = {
        TOO_LARGE: (
            "<p>sana </p>" * 200_000,
            "<table>" + "<tr><td>x</td></tr>" * (MAX_ROWS + 1) + "</table>",
        ),
        TOO_DEEP: ("<div>" * 400 + "x" + "</div>" * 400,),
        LONG_WORD: ("<p>" + "a" * 100_000 + "</p>",),
    }
    for message, bodies in hostile.items():
        for body in bodies:
            with pytest.raises(PdfError) as refusal:
                bytes_of(make_page(body))
            assert refusal.value.message == message


def test_an_ordinary_long_document_is_not_refused() -> None:
    rows = "<tr><td>" + "toimenpide " * 30 + "</td></tr>"

    content = bytes_of(make_page(f"<table><tbody>{rows * 60}</tbody></table>"))

    assert len(opened(content).pages) > 1


def test_a_machine_without_pango_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr("hyte_portal.pdf.importlib.import_module", missing)

    with pytest.raises(PdfError) as refusal:
        bytes_of(make_page())
    assert refusal.value.message == pdf.NO_ENGINE


def test_a_process_with_a_memory_limit_fails_alone() -> None:
    code = (
        "from hyte_portal.pdf import limit_memory\n"
        "limit_memory(400 * 1024**2)\n"
        "try:\n    bytearray(500 * 1024**2)\nexcept MemoryError:\n    print('refused')"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "refused"


def test_web_processes_do_not_carry_the_engine() -> None:
    code = "import hyte_portal.pdf, sys; print('weasyprint' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("word", "cut"),
    [
        ("hyvinvointialue", "hy-vinvoin-ti-alue"),
        ("kuntayhtymä", "kunta-yhtymä"),
        ("järjestöavustus", "jär-jes-tö-avustus"),
        ("elintapaohjaus", "elin-ta-pa-ohjaus"),
        ("kansalaisopisto", "kan-sa-lais-opisto"),
    ],
)
def test_finnish_compounds_are_cut_between_their_parts(word: str, cut: str) -> None:
    assert pyphen.Pyphen(lang="fi").inserted(word) == cut


@pytest.mark.parametrize(
    ("lang", "word"), [("fi", "hyvinvointialueneuvottelukunta"), ("sv", "välfärdsområdesförhandling")]
)
def test_finnish_and_swedish_lines_are_hyphenated(lang: str, word: str) -> None:
    body = f'<div style="width: 30mm"><p>{word}</p></div>'

    lines = text_of(bytes_of(make_page(body, lang))).split()

    assert lines[0].endswith("-")
    assert "".join(lines).replace("-", "") == word


@pytest.mark.parametrize(("queue", "loaded"), [("pdf", "True 1073741824"), ("celery", "False -1")])
def test_only_children_of_the_pdf_worker_load_the_engine_and_get_a_memory_limit(queue: str, loaded: str) -> None:
    code = (
        "import resource, sys\n"
        "from hyte_portal.celery import app, make_child_ready\n"
        f"app.amqp.queues.select([{queue!r}])\n"
        "make_child_ready()\n"
        "print('weasyprint' in sys.modules, resource.getrlimit(resource.RLIMIT_AS)[0])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == loaded
