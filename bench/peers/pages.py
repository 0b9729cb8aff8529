"""References on the same server: recorded bytes (S), nothing (H), one hand-written statement (R)."""

import os
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db import connection
from django.http import HttpResponse
from django.template import Context, Engine, Template
from django.views.decorators.http import require_safe

from organizations.http import ActorRequest

TEMPLATES: Final = Path(__file__).parent / "templates" / "bench"
BY_HAND: Final = (Path(__file__).parent / "measures.sql").read_text()


def recordings() -> Path:
    """Return the folder of the recorded pages."""
    return Path(os.environ["BENCH_RECORDINGS"])


@cache
def _recorded(name: str) -> bytes:
    return (recordings() / name).read_bytes()


@require_safe
def recorded(_request: ActorRequest, name: str) -> HttpResponse:
    """Answer a page's own recorded bytes (S)."""
    return HttpResponse(_recorded(name))


def empty(_request: ActorRequest) -> HttpResponse:
    """Answer nothing (H)."""
    return HttpResponse(status=204)


@cache
def _table() -> Template:
    return Engine().from_string((TEMPLATES / "measures.html").read_text())


@cache
def _frame(name: str) -> tuple[str, str]:
    """Return what stands before and after the table on the recorded page."""
    page = _recorded(name).decode()
    before, _start, rest = page.partition('<table class="table as-cards">')
    return before, rest.partition("</table>")[2]


@require_safe
def measures_by_hand(_request: ActorRequest, public_id: str) -> HttpResponse:
    """Read a talk's rows by one statement and put them through one template: no rights, no translation (R)."""
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, [public_id])
        rows = cursor.fetchall()
    goals: dict[str, dict[str, Any]] = {}
    for goal, title, theme, group, indicator, target, *measure in rows:
        kept = goals.setdefault(
            goal, {"title": title, "theme": theme, "group": group, "indicator": indicator, "target": target, "rows": []}
        )
        kept["rows"].append(measure)
    before, after = _frame("negotiation")
    return HttpResponse(before + _table().render(Context({"goals": goals})) + after)
