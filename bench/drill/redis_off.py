"""T14: Redis stopped under load: pages and signing in work, nothing is lost, mails and PDFs go out after its return."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
from celery import Celery

from bench.drill.queue_server import queue_server
from bench.drill.results import Figure, at_least, at_most, exactly
from bench.pages_read import fetched, form_with
from bench.servers import running, wait_for, web, worker
from bench.sink import Kept, controller_of
from hyte_portal import outbox
from hyte_portal.models import OutboundMail
from negotiations import documents
from negotiations.models import Document

SIGN_IN: Final = "/fi/tili/kirjaudu/"


@dataclass
class Found:
    """What readers met and what became of the work."""

    pages: int = 0
    faults: list[str] = field(default_factory=list)
    slowest: list[float] = field(default_factory=list)
    signed_in: int = 0
    seconds_after: float = 0
    mails_left: int = 0
    documents_left: int = 0
    came: int = 0
    different: int = 0

    @property
    def p95(self) -> float:
        """Return the seconds that all but one page in twenty took at most."""
        ordered = sorted(self.slowest)
        return round(ordered[int(len(ordered) * 0.95)], 2) if ordered else 0


@dataclass(frozen=True, slots=True)
class Visit:
    """Who reads which pages, and who signs in."""

    session: str
    paths: tuple[str, ...]
    email: str
    password: str


def run(
    folder: Path, visit: Visit, work: Callable[[], None], *, off: float, rate: float, variables: Mapping[str, str]
) -> Found:
    """Stop the queue, read pages at a rate, do the work that orders mails and files, start it again, and wait."""
    found, kept = Found(), Kept()
    controller = controller_of(kept)
    controller.start()
    with ExitStack() as open_:
        open_.callback(controller.stop)
        queue = open_.enter_context(queue_server(folder))
        more = {
            **variables, "REDIS_URL": queue.url, "EMAIL_URL": f"smtp://127.0.0.1:{controller.port}",
            "MAIL_ALLOWLIST": "@bench.example",
        }  # fmt: skip
        url, _server = open_.enter_context(web(folder, workers=2, threads=4, **more))
        workers = [open_.enter_context(running(worker(folder, name, 1, **more))) for name in ("celery", "pdf")]
        wait_for(lambda: all(one.children() for one in workers), 60, "the workers' start")
        _warm(url, visit)
        queue.stop()
        _under_load(url, visit, work, found, off, rate)
        queue.start()
        _until_done(Celery(broker=queue.url), found)
    found.came, found.different = kept.number, len(kept.names())
    return found


def _warm(url: str, visit: Visit) -> None:
    """Read each page a few times, so that no process reads its first one under load."""
    with httpx.Client(base_url=url, cookies={"sessionid": visit.session}, timeout=30, trust_env=False) as client:
        for path in visit.paths * 4:
            fetched(client, path)


def _under_load(url: str, visit: Visit, work: Callable[[], None], found: Found, off: float, rate: float) -> None:
    """Read and sign in by two threads for so many seconds, the work in the midst of them."""
    ends = time.monotonic() + off
    threads = [threading.Thread(target=_read, args=(url, visit, found, ends, 2 / rate)) for _reader in range(2)]
    for thread in threads:
        thread.start()
    _sign_in(url, visit, found)
    work()
    for thread in threads:
        thread.join()


def _read(url: str, visit: Visit, found: Found, ends: float, pause: float) -> None:
    with httpx.Client(base_url=url, cookies={"sessionid": visit.session}, timeout=30, trust_env=False) as client:
        for turn in range(100_000):
            began = time.monotonic()
            if began > ends:
                return
            path = visit.paths[turn % len(visit.paths)]
            try:
                status = client.get(path).status_code
            except httpx.HTTPError as error:
                status = 0
                found.faults.append(f"{path}: {error!r}")
            took = time.monotonic() - began
            found.pages += 1
            found.slowest.append(took)
            if status not in {0, 200}:
                found.faults.append(f"{path}: {status}")
            time.sleep(max(0, pause - took))


def _sign_in(url: str, visit: Visit, found: Found) -> None:
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
        fields = form_with(fetched(client, SIGN_IN).text, "login")
        answer = client.post(SIGN_IN, data=fields | {"login": [visit.email], "password": [visit.password]})
        found.signed_in += answer.status_code == 302 and "sessionid" in client.cookies


def _until_done(app: Celery, found: Found) -> None:
    """Call the sweeps as beat would, for two minutes and a half at most."""
    began = time.monotonic()
    mails = OutboundMail.objects.filter(state__in=["waiting", "sending"])
    files = Document.objects.exclude(state=Document.State.READY)
    while (mails.exists() or files.exists()) and time.monotonic() - began < 150:
        app.send_task(outbox.SWEEP)
        app.send_task(documents.SWEEP, queue="pdf")
        time.sleep(1)
    found.seconds_after = round(time.monotonic() - began, 1)
    found.mails_left, found.documents_left = mails.count(), files.count()


def figures(found: Found, *, mails: int, pages: int, seconds: float = 1) -> Iterator[Figure]:
    """Return what was asked of the drill."""
    yield at_least("T14", "pages read while Redis was stopped", found.pages, pages)
    yield exactly("T14", f"faults of pages {found.faults[:2]}", len(found.faults), 0)
    yield at_most("T14", "95 of 100 pages took at most (s)", found.p95, seconds)
    yield exactly("T14", "signed in while Redis was stopped", found.signed_in, 1)
    yield at_most("T14", "seconds after its return until all was done", found.seconds_after, 120)
    yield exactly("T14", "mails not sent", found.mails_left, 0)
    yield exactly("T14", "mails that came", found.different, mails)
    yield exactly("T14", "mails that came twice", found.came - found.different, 0)
    yield exactly("T14", "files not made", found.documents_left, 0)
