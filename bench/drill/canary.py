"""T2: every persona crawls every page, file, PDF and mail; no word may reach one who may not read it."""

import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pypdf
from django.test import Client
from django.utils import translation

from bench.drill.canary_country import Country, Persona, make_country, talk_paths
from bench.drill.results import Figure, at_least, exactly
from hyte_portal import outbox
from hyte_portal.models import OutboundMail
from negotiations import notifications
from negotiations.lifecycle import Act
from negotiations.models import Event
from organizations.middleware import SESSION_KEY

RESPONSES: Final = 10_000
FOLLOWED: Final = 150  # links that a persona follows beyond the known addresses
START: Final = ("/fi/", "/fi/tyopoyta/", "/fi/neuvottelut/", "/fi/toimenpiteet/", "/fi/alueet/", "/sv/tyopoyta/", "/sv/neuvottelut/", "/sv/alueet/", "/en/alueet/")  # fmt: skip
_WORD: Final = re.compile(r"kx\d+z")
_LINK: Final = re.compile(r'href="(/[^"#]*)')
_NEVER: Final = ("/ulos/", "/static/", "vaihda")


@dataclass
class Found:
    """What was read."""

    responses: int = 0
    words: int = 0
    files: int = 0
    mails: int = 0
    leaks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    pdf_texts: dict[bytes, str] = field(default_factory=dict)


def drill(_folder: Path) -> Iterator[Figure]:
    """Make the country, crawl it, read the mails."""
    with translation.override("fi"):
        country = make_country()
        found = Found()
        known = [*START, *(path for talk in country.talks for path in talk_paths(talk)), *country.paths]
        for persona in country.personas:
            _crawl(country, persona, known, found)
        _read_mails(country, found)
    for leak in found.leaks[:10]:
        print(f"     leak: {leak}")
    for fault in found.faults[:10]:
        print(f"     fault: {fault}")
    yield at_least("T2", f"{len(country.personas)} personas, {len(country.words)} words planted; responses", found.responses, RESPONSES)  # fmt: skip
    yield at_least("T2", "words read by those who may (else nothing was seen)", found.words, 1000)
    yield at_least("T2", "PDFs and files read", found.files, 100)
    yield at_least("T2", "mails worded", found.mails, 50)
    yield exactly("T2", "foreign words", len(found.leaks), 0)
    yield exactly("T2", "answers of 500 and more", len(found.faults), 0)


def _crawl(country: Country, persona: Persona, known: Iterable[str], found: Found) -> None:
    """Read the known addresses, guessed ones of others among them, and follow links from what opens."""
    client = Client(raise_request_exception=False, HTTP_HOST="localhost")
    if persona.person and persona.organization:
        client.force_login(persona.person)
        session = client.session
        session[SESSION_KEY] = persona.organization.slug
        session.save()
    queue, seen, followed = deque(known), set(known), 0
    while queue:
        path = queue.popleft()
        text = _read(client, path, found)
        _check(country, persona, path, text, found)
        for link in _LINK.findall(text):
            if link not in seen and followed < FOLLOWED and not any(part in link for part in _NEVER):
                seen.add(link)
                queue.append(link)
                followed += 1


def _read(client: Client, path: str, found: Found) -> str:
    """Return everything that an answer says: its headers, its page, or the text of its PDF."""
    answer: Any = client.get(path)
    found.responses += 1
    if answer.status_code >= 500:
        found.faults.append(f"{answer.status_code} {path}")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    head = " ".join(f"{name}: {value}" for name, value in answer.items())
    if answer.get("Content-Type", "").startswith("application/pdf"):
        found.files += 1
        return head + _pdf_text(content, found)
    return head + str(content.decode("utf-8", "replace"))


def _pdf_text(content: bytes, found: Found) -> str:
    if content not in found.pdf_texts:
        text = content.decode("latin-1") if len(content) < 200 else _extracted(content)
        found.pdf_texts[content] = text
    return found.pdf_texts[content]


def _extracted(content: bytes) -> str:
    document = pypdf.PdfReader(io.BytesIO(content))
    return " ".join([str(document.metadata), *(page.extract_text() for page in document.pages)])


def _check(country: Country, persona: Persona, path: str, text: str, found: Found) -> None:
    for name in set(_WORD.findall(text)):
        word = country.words.get(name)
        if word is None:
            continue
        found.words += 1
        if not word.may(persona):
            found.leaks.append(f"{persona.name} read {word.where} ({name}) at {path}")


def _read_mails(country: Country, found: Found) -> None:
    """Word the mails of every act about every talk, and hold each against its reader."""
    readers = {persona.person.pk: persona for persona in country.personas if persona.person}
    by_address = {name: persona for persona in country.personas if persona.organization for name in [persona.name]}
    OutboundMail.objects.all().delete()
    for talk in country.talks:
        for act in (
            Act.INVITE,
            Act.RETURN,
            Act.ASK_COMMENTS,
            Act.CONFIRM,
            Act.REOPEN,
            Act.PUBLISH,
            Act.FOLLOW,
            Act.CLOSE,
        ):
            guest = talk.participations.exclude(organization=talk.convener_id).order_by("pk")[0]
            event = Event.objects.create(
                round=talk.round, negotiation=talk, act=act.value, organization=talk.convener, party=guest.organization,
                reason=country.word("a reason in a mail", lambda _persona: True),
            )  # fmt: skip
            notifications.announce(event)
    for mail in OutboundMail.objects.exclude(recipient=None):
        words = notifications.words_of([mail])[mail.pk]
        persona = readers.get(mail.recipient_id or 0) or by_address.get(mail.address)
        if isinstance(words, outbox.Words) and persona:
            found.mails += 1
            _check(country, persona, f"mail {mail.kind}", f"{words.subject} {words.text} {words.html}", found)
