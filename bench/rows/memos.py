"""Rows of memos: one of about 12 pages, and 300 of them by two workers."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from bench.lines import Line
from bench.measuring import cpu_seconds, memory_of, own_and, own_cpu, wall
from bench.servers import running, wait_for, worker
from bench.stage import Stage
from hyte_portal.celery import app
from negotiations import documents
from negotiations.memo_context import document_title, memo_context
from negotiations.models import Document, Negotiation
from negotiations.snapshots import Memo
from negotiations.vocabulary import DocumentReach

ALL = 300
LARGEST_WORKER = 150  # MB


def memo(stage: Stage) -> Iterator[Line]:
    """One memo: from its rows to its bytes, in a warm process, against WeasyPrint alone on the same page."""
    with transaction.atomic():
        talk = Negotiation.objects.select_related("round").get(public_id=stage.talk)
        document = documents.order_draft(talk).documents.all()[0]
        pages = documents.render(document).pages
        page = _page_of(document)
        (stage.folder / "memo.html").write_text(page)
        calls = {"ours": lambda: _made(talk), "weasyprint": lambda: _drawn(page)}
        if office := shutil.which("soffice"):
            calls["office"] = lambda: _by_office(office, stage.folder / "memo.html")
        cost = {name: own_and(stage.roots, call) for name, call in calls.items()}
        transaction.set_rollback(True)
    note = f"{pages} pages" + ("" if "office" in calls else "; LibreOffice skipped: it is not installed")
    yield Line("memo PDF", cost["ours"], cost["weasyprint"], "WeasyPrint, the same page", 1.25, 1.1, note=note)
    if "office" in cost:
        yield Line("memo PDF", cost["ours"], cost["office"], "LibreOffice, started", 0.8, 0.6)


def _made(talk: Negotiation) -> None:
    documents.render(documents.order_draft(talk).documents.all()[0])


def _page_of(document: Document) -> str:
    """Return the page that our PDF is drawn from, framed as the engine frames it."""
    from hyte_portal import pdf, pdf_engine

    content = Memo.from_values(document.snapshot.content)
    with translation.override(document.language):
        context = memo_context(content, reach=DocumentReach.FULL, check_value=document.snapshot.check_value)
        body, title = render_to_string(documents.TEMPLATE, context), document_title(content)
    return pdf_engine._framed(pdf.Page(body, document.language, title, document.snapshot.created_at))


def _drawn(page: str) -> None:
    from weasyprint import HTML

    from hyte_portal import pdf_engine

    sheet = pdf_engine._stylesheet(documents.STYLESHEET)
    drawn = HTML(string=page, url_fetcher=pdf_engine.FETCHER).render(
        stylesheets=[sheet], font_config=pdf_engine.FONTS, pdf_variant="pdf/ua-1"
    )
    drawn.write_pdf(pdf_variant="pdf/ua-1")


def _by_office(office: str, page: Path) -> None:
    with tempfile.TemporaryDirectory() as home:
        words = [office, "--headless", f"-env:UserInstallation=file://{home}", "--convert-to", "pdf", "--outdir", home, str(page)]  # fmt: skip
        subprocess.run(words, check=True, capture_output=True, timeout=120)


def memos(stage: Stage) -> Iterator[Line]:
    """300 memos by two workers that share the queue, against one after the other in one process, halved."""
    number = ALL // 10 if stage.quick else ALL
    talks = Negotiation.objects.filter(confirmed_at__isnull=False).select_related("round").order_by("pk")[:number]
    for talk in talks:
        documents.order_draft(talk)
    Document.objects.filter(pk__in=list(Document.objects.order_by("pk").values_list("pk", flat=True)[number:])).delete()
    sample = list(Document.objects.order_by("pk").select_related("snapshot")[: max(10, number // 10)])
    documents.render(sample[0])
    began = time.monotonic()
    one = own_cpu(lambda: [documents.render(row) for row in sample]) / 1000 / len(sample)
    one_took = (time.monotonic() - began) / len(sample)
    waiting = Document.objects.exclude(state=Document.State.READY)
    with running(worker(stage.folder, "pdf", 2)) as server:
        wait_for(lambda: len(server.children()) >= 2, 60, "the workers' start")
        before = cpu_seconds([server.pid])
        for _child in range(2):
            app.send_task(documents.SWEEP)
        took = wall(lambda: wait_for(lambda: not waiting.exists(), 600, "writing the memos"))
        cost = cpu_seconds([server.pid]) - before
        memory = max(memory_of([server.pid])) / 1024
    note = f"by the clock {took:.0f} s, {took * 2 / one_took / number:.2f} × one ÷ 2"
    yield Line(f"{number} memos, 2 workers (CPU)", cost, one * number, "one × number", 1.3, 1.1, unit="s", note=note)
    yield Line("memos, a worker after all", memory, LARGEST_WORKER, "the most allowed", 1, 1, unit="MB")
