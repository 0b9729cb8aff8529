"""Row of mails: 10,000 reminders chosen, worded and sent once each by two workers."""

import subprocess
import sys
from collections.abc import Iterator
from smtplib import SMTP
from time import monotonic, sleep
from typing import Any, Final

import redis
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from bench.lines import Line
from bench.measuring import wall
from bench.servers import running, wait_for, worker
from bench.stage import Stage
from hyte_portal import outbox
from hyte_portal.celery import app
from hyte_portal.dates import today
from hyte_portal.models import OutboundMail
from negotiations import notifications
from negotiations.lifecycle import Side, State
from negotiations.models import Negotiation, Participation
from negotiations.vocabulary import Preparation
from organizations.models import Membership, User
from scripts.clone.places import ROOT
from scripts.clone.valkey import free_port

ALL: Final = 10_000
ONE_BY_ONE: Final = 1_000  # a task a mail is measured on fewer, and grows in line
MOST_QUEUE: Final = 2  # MB


class Sink:
    """A mail server in a process of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.sink", str(self.port)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._line()

    def _line(self) -> str:
        if self.process.stdout is None:
            raise RuntimeError("the sink has no voice")
        return self.process.stdout.readline()

    def counts(self) -> tuple[int, int]:
        """Return how many mails came, and how many different ones."""
        if self.process.stdin is None:
            raise RuntimeError("the sink has no ear")
        self.process.stdin.write("?\n")
        self.process.stdin.flush()
        came, different = self._line().split()
        return int(came), int(different)

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()

    @property
    def variables(self) -> dict[str, str]:
        """Return the variables by which the portal sends here."""
        return {"EMAIL_URL": f"smtp://127.0.0.1:{self.port}", "MAIL_ALLOWLIST": "@bench.example"}


def invite_many(number: int) -> int:
    """Let parties be late with their preparation, with so many editors that about so many reminders are due."""
    talks = Negotiation.objects.filter(state=State.PREPARING, year=today().year)
    talks.update(preparation_until=today())
    seats = Participation.objects.filter(negotiation__in=talks, side=Side.GUEST.value)
    seats.update(preparation=Preparation.UNDER_WAY)
    organizations = list(seats.values_list("organization", flat=True).distinct())
    each = -(-number // max(1, seats.count()))
    people = User.objects.bulk_create(
        User(email=f"late{place}@bench.example", name=f"Esimerkki {place}", language=("fi", "sv")[place % 2])
        for place in range(each * len(organizations))
    )
    Membership.objects.bulk_create(
        Membership(person=person, organization_id=organizations[place % len(organizations)], duties=["editor"])
        for place, person in enumerate(people)
    )
    return seats.count() * each


def reminders(stage: Stage) -> Iterator[Line]:
    """Ours by two workers; smtplib on one connection with ready messages; a task and a connection a mail."""
    sink = Sink()
    try:
        yield from _lines(stage, sink)
    finally:
        sink.stop()


def _lines(stage: Stage, sink: Sink) -> Iterator[Line]:
    invite_many(ALL // 10 if stage.quick else ALL)
    queue = redis.Redis.from_url(settings.REDIS_URL)
    queue.flushdb()
    before = queue.info("memory")["used_memory"]
    with running(worker(stage.folder, "celery", 2, **sink.variables)) as server:
        wait_for(lambda: len(server.children()) >= 2, 60, "the workers' start")
        began = monotonic()
        notifications.write_reminders()
        number, memory = OutboundMail.objects.count(), 0
        while OutboundMail.objects.filter(state__in=["waiting", "sending"]).exists():
            app.send_task(outbox.SWEEP)
            memory = max(memory, queue.info("memory")["used_memory"] - before)
            _pause_until_sent(began)
        ours = monotonic() - began
        came, different = sink.counts()
        if not came == different == number:
            raise RuntimeError(f"{number} reminders, {came} mails came, {different} different ones")
        one_by_one = _a_task_a_mail(number)
    plain = wall(lambda: _plain(sink, number))
    yield Line(f"{number} reminders, 2 workers", ours, plain, "smtplib, one connection", 1.5, 1.0, unit="s")
    yield Line(f"{number} reminders, 2 workers", ours, one_by_one, "a task a mail", 2.4, 2.4, unit="s", cheaper=True)
    yield Line("reminders, Redis", memory / 1024**2, MOST_QUEUE, "the most allowed", 1, 1, unit="MB")


def _pause_until_sent(began: float) -> None:
    """Wake the second worker too, and give both a moment; never for more than ten minutes."""
    if monotonic() - began > 600:
        raise TimeoutError("the reminders were not sent in ten minutes")
    app.send_task(outbox.SWEEP)
    sleep(0.5)


def _a_task_a_mail(number: int) -> float:
    """Return the seconds that as many mails take when each is a task with a connection of its own."""
    some = list(OutboundMail.objects.order_by("pk").values_list("pk", flat=True)[:ONE_BY_ONE])
    OutboundMail.objects.filter(pk__in=some).update(state="waiting")
    waiting = OutboundMail.objects.filter(pk__in=some, state__in=["waiting", "sending"])

    def send() -> None:
        for pk in some:
            app.send_task("bench.worker.one_mail", [pk])
        wait_for(lambda: not waiting.exists(), 300, "a task a mail")

    return wall(send) * number / len(some)


def _plain(sink: Sink, number: int) -> None:
    """Send as many ready messages as smtplib can on one connection."""
    rows = list(OutboundMail.objects.select_related("recipient").order_by("pk")[:100])
    messages = [_message(row) for row in rows]
    with SMTP("127.0.0.1", sink.port, timeout=30) as server:
        for place in range(number):
            sender, address, content = messages[place % len(messages)]
            server.sendmail(sender, [address], content)


def _message(row: Any) -> tuple[str, str, bytes]:
    words = notifications.words_of([row])[row.pk]
    if not isinstance(words, outbox.Words):
        raise TypeError(f"a reminder has no words: {words}")
    message = EmailMultiAlternatives(words.subject, words.text, to=[row.address])
    message.attach_alternative(words.html, "text/html")
    return "portal@bench.example", row.address, message.message().as_bytes().replace(b"\n", b"\r\n")
