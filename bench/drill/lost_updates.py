"""T5: many editors save the same measures at once over HTTP; each adds a word of her own to the text that she read."""

import asyncio
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import httpx

from bench.drill.results import Figure, at_least, exactly
from bench.pages_read import form_with
from negotiations.models import Measure

_WORD: Final = re.compile(r"\bw\d+x\d+\b")
PATIENCE: Final = 120
AT_ONCE: Final = 32  # connections; the others wait their turn


@dataclass
class Found:
    """What the editors were told."""

    saves: int = 0
    accepted: dict[str, set[str]] = field(default_factory=dict)
    refused: int = 0
    refused_without_both: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def number_accepted(self) -> int:
        """Return how many saves were accepted."""
        return sum(map(len, self.accepted.values()))


def run(url: str, sessions: Sequence[str], measures: Sequence[str], saves: int) -> Found:
    """Let one editor a session save so many times, each at one of the measures."""
    found = Found(accepted={public_id: set() for public_id in measures})
    asyncio.run(_all(url, sessions, measures, saves, found))
    return found


async def _all(url: str, sessions: Sequence[str], measures: Sequence[str], saves: int, found: Found) -> None:
    places = asyncio.Semaphore(AT_ONCE)
    editors = [
        _editor(url, session, measures[number % len(measures)], number, saves, found, places)
        for number, session in enumerate(sessions)
    ]
    await asyncio.gather(*editors)


async def _editor(
    url: str, session: str, public_id: str, number: int, saves: int, found: Found, places: asyncio.Semaphore
) -> None:
    """Read the form, add a word, send it; a refusal is looked at, and the next turn reads anew."""
    path = f"/fi/esitykset/toimenpiteet/{public_id}/muokkaa/"
    async with httpx.AsyncClient(
        base_url=url, cookies={"sessionid": session}, timeout=PATIENCE, trust_env=False
    ) as client:
        for turn in range(saves):
            word = f"w{number}x{turn}"
            async with places:
                page = await client.get(path)
            if page.status_code != 200:
                found.faults.append(f"reading: {page.status_code}")
                continue
            fields = form_with(page.text, "version")
            read = fields["details_fi"][0]
            async with places:
                answer = await client.post(path, data=fields | {"details_fi": [f"{read} {word}".strip()]})
            _note(found, public_id, word, set(_WORD.findall(read)), answer)


def _note(found: Found, public_id: str, word: str, read: set[str], answer: httpx.Response) -> None:
    found.saves += 1
    if answer.status_code == 302:
        found.accepted[public_id].add(word)
    elif answer.status_code == 409:
        found.refused += 1
        told = set(_WORD.findall(html.unescape(answer.text)))
        mine, theirs = word in told, bool(told - read - {word})
        if not (mine and theirs):
            found.refused_without_both.append(word)
    else:
        found.faults.append(f"saving: {answer.status_code}")


def figures(found: Found, editors: int, saves: int) -> Iterator[Figure]:
    """Return what was asked: each accepted word stands in the text that is there now."""
    missing = {
        word
        for public_id, words in found.accepted.items()
        for word in words - set(_WORD.findall(Measure.objects.get(public_id=public_id).details_fi))
    }
    told = f"{editors} editors × {saves} saves: {found.number_accepted} accepted, {found.refused} refused"
    yield exactly("T5", f"{told}; saves tried", found.saves, editors * saves)
    yield exactly("T5", "accepted edits missing", len(missing), 0)
    yield at_least("T5", "refusals (else nothing was tried)", found.refused, 1)
    yield exactly("T5", "refusals without both texts", len(found.refused_without_both), 0)
    yield exactly("T5", f"other answers {found.faults[:2]}", len(found.faults), 0)
