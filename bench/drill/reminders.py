"""T9: due reminders, workers killed without a word, every mail counted by its Message-ID."""

import itertools
import os
import random
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Flag
from threading import Lock
from typing import Final

from celery import Celery

from bench.drill.queue_server import queue_server
from bench.drill.results import Figure, exactly
from bench.servers import Server, wait_for, worker
from bench.sink import Kept, controller_of
from hyte_portal import outbox
from hyte_portal.models import OutboundMail
from negotiations.models import Negotiation

State: Final = OutboundMail.State
PAUSE: Final = 0.01  # seconds that the mail server thinks over a mail
_UNSENT: Final = [State.WAITING, State.SENDING]


@dataclass
class Found:
    """What became of the mails."""

    number: int
    kills: int = 0
    came: dict[str, int] = field(default_factory=dict)
    # Mails that the server had taken but we had not marked when a kill fell: only these may come again.
    in_gap: set[str] = field(default_factory=set)

    @property
    def repeated(self) -> set[str]:
        """Return the Message-IDs that came more than once."""
        return {name for name, times in self.came.items() if times > 1}


def post_letters(number: int, talk: Negotiation) -> None:
    """Write so many due reminders to a guest of one talk."""
    guest = talk.participations.exclude(organization=talk.convener_id).order_by("pk")[0]
    rows = [
        outbox.Letter(
            kind="remind_comments", occasion=talk.public_id, data={"organization": guest.organization_id},
            address=f"due{place}@bench.example", language=("fi", "sv")[place % 2],
            mark="3",
        )
        for place in range(number)
    ]  # fmt: skip
    outbox.post(rows)


class Hook:
    """Holds some mails back, taken but not answered, until their worker is dead: kills inside the gap."""

    def __init__(self, every: int) -> None:
        self.every, self.lock = every, Lock()
        self.held, self.go = Flag(), Flag()
        self.wanted = False
        self.seen = 0

    def ask(self) -> None:
        """Hold the next mail."""
        self.held.clear()
        self.go.clear()
        self.wanted = True

    def __call__(self, _name: str) -> None:
        """Hold this mail if one was asked for."""
        with self.lock:
            hold, self.wanted = self.wanted, False
        if hold:
            self.held.set()
            self.go.wait(20)


def run(
    folder: Path, talk: Negotiation, *, number: int, kills: int, seconds: float, variables: Mapping[str, str], stale: float,
    batch: int,
) -> Found:  # fmt: skip
    """Send so many mails by two real workers that are killed again and again; return what came."""
    post_letters(number, talk)
    found, hook = Found(number), Hook(3)
    kept = Kept(PAUSE, hook)
    controller = controller_of(kept)
    controller.start()
    with queue_server(folder) as queue:
        more = {
            **variables, "REDIS_URL": queue.url, "EMAIL_URL": f"smtp://127.0.0.1:{controller.port}",
            "MAIL_ALLOWLIST": "@bench.example", "BENCH_STALE_SECONDS": str(stale), "BENCH_BATCH": str(batch),
        }  # fmt: skip
        workers = [worker(folder, "celery", 1, **more).start() for _number in range(2)]
        try:
            _drive(Celery(broker=queue.url), workers, kept, hook, found, kills, time.monotonic() + seconds)
        finally:
            for one in workers:
                one.kill()
            controller.stop()
    found.came = dict(kept.counts)
    return found


def _drive(app: Celery, workers: list[Server], kept: Kept, hook: Hook, found: Found, kills: int, ends: float) -> None:
    """Wake the workers as beat would, kill them in turn while mails go out, and wait for the rest."""
    chance = random.Random(9)  # the same kills each time
    wait_for(lambda: all(one.children() for one in workers), 60, "the workers' start")
    last = 0
    for turn in itertools.count():
        left = OutboundMail.objects.filter(state__in=_UNSENT).count()
        if not left:
            return
        if time.monotonic() > ends:
            raise TimeoutError(f"{left} mails were not sent in time")
        for _worker in workers:
            app.send_task(outbox.SWEEP)
        if found.kills < kills and kept.number > last and all(one.children() for one in workers):
            last = kept.number
            _kill(workers, turn % 2 == 0, hook, kept, found, chance)
        time.sleep(0.2)


def _kill(workers: list[Server], in_gap: bool, hook: Hook, kept: Kept, found: Found, chance: random.Random) -> None:
    """Kill children of workers with SIGKILL: half of the times while a mail is taken and not yet answered."""
    if in_gap:
        hook.ask()
        hook.held.wait(3)
    else:
        time.sleep(chance.uniform(0, 0.2))
    chosen = workers if in_gap else [chance.choice(workers)]
    for pid in [child for one in chosen for child in one.children()]:
        os.kill(pid, signal.SIGKILL)
    found.kills += 1
    hook.wanted = False
    hook.go.set()
    for _look in range(3):  # what was on its way to the server when the kill fell may come a moment later
        time.sleep(0.1)
        found.in_gap |= _taken_but_not_marked(kept)


def _taken_but_not_marked(kept: Kept) -> set[str]:
    """Return the mails that came and are still "sending" here."""
    rows = OutboundMail.objects.filter(state=State.SENDING).values_list("message_id", flat=True)
    return set(rows) & kept.names()


def figures(found: Found, kills: int) -> Iterator[Figure]:
    """Return what was asked of the drill."""
    unmarked = OutboundMail.objects.filter(kind="remind_comments").exclude(state=State.SENT)
    why = sorted(set(unmarked.values_list("state", "reason")))[:2]
    yield exactly("T9", f"{found.number} reminders, {found.kills} kills -9; different Message-IDs", len(found.came), found.number)  # fmt: skip
    yield exactly("T9", "kills", found.kills, kills)
    yield exactly("T9", f"not marked as sent {why or ''}", unmarked.count(), 0)
    outside = found.repeated - found.in_gap
    yield exactly("T9", f"repeated {len(found.repeated)} (the gap held {len(found.in_gap)}); repeated outside the gap", len(outside), 0)  # fmt: skip
