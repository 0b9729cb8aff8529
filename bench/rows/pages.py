"""Rows of pages: all regions, lists of 50, a negotiation with 60 measures."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import httpx
from django.db.models import Count

from bench.lines import Line
from bench.measuring import own_and
from bench.pages_read import fetched
from bench.stage import Stage, cold, page
from hyte_portal.dates import today
from negotiations.lifecycle import FROM_CONFIRMED
from negotiations.models import Measure, MeasureSum, Negotiation
from negotiations.vocabulary import CellReach

REGIONS = "/fi/alueet/"
TALKS = "/fi/neuvottelut/"
MEASURES = "/fi/toimenpiteet/"


def _recorded(stage: Stage, client: httpx.Client, name: str, path: str) -> Callable[[], object]:
    """Keep a page's bytes and return the call of its reference S."""
    stage.record(name, fetched(client, path).content)
    return page(client, f"/fi/vertailu/tallenne/{name}/")


def regions(stage: Stage) -> Iterator[Line]:
    """All regions of a year for a reader of Kuntaliitto; for the public, 304."""
    client, anyone = stage.reader("national"), stage.reader()
    etag = fetched(anyone, REGIONS).headers["ETag"]

    def unchanged() -> object:
        answer = anyone.get(REGIONS, headers={"If-None-Match": etag})
        if answer.status_code != 304:
            raise RuntimeError(f"expected 304, got {answer.status_code}")
        return answer

    calls = {
        "S": _recorded(stage, client, "regions", REGIONS),
        "cold": cold(page(client, REGIONS)),
        "kept": page(client, REGIONS),
        "304": unchanged,
    }
    if stage.has_ten:
        calls["ten"] = cold(page(stage.reader("national", ten=True), REGIONS))
    cost = stage.compare(calls, 60)
    yield Line("regions, cold", cost["cold"], cost["S"], "S, its own bytes", 4, 3)
    kept, counted = (own_and(stage.roots, call, 5) for call in (_kept_sums, _counted_sums))
    yield Line("regions, their sums", kept, counted, "counted from the rows", 8, 8, cheaper=True)
    yield Line("regions, unchanged since", cost["kept"], cost["S"], "S, its own bytes", 2.5, 2)
    yield Line("regions, public 304", cost["304"], cost["S"], "S, its own bytes", 2.5, 2)
    if "ten" in cost:
        yield Line("regions, growth", cost["ten"], cost["cold"], "1 × the data", 1.1, 1.1)


def _kept_sums() -> object:
    """Read a year's cells: county × theme × progress."""
    cells = MeasureSum.objects.filter(year=today().year, reach=CellReach.CONFIRMED)
    return list(cells.values_list("county", "theme", "progress", "measures"))


def _counted_sums() -> object:
    """Count the same cells from the rows."""
    rows = Measure.objects.in_force().filter(
        negotiation__year=today().year, negotiation__state__in=sorted(FROM_CONFIRMED), negotiation__deleted_at=None
    )
    return list(
        rows.order_by().values_list("negotiation__convener", "goal__theme", "progress").annotate(number=Count("pk"))
    )


def _deep(path: str, public_id: str) -> str:
    return f"{path}?{urlencode({'after': public_id})}"


def lists(stage: Stage) -> Iterator[Line]:
    """The list of talks for Kuntaliitto, the list of measures for a county: first page, and one from far down."""
    talks = Negotiation.objects.order_by("-year", "-pk")
    measures = Measure.objects.in_force().filter(
        negotiation__convener=stage.people["host"].memberships.get().organization
    )
    far = {
        "talks": ("national", TALKS, "admin/negotiations/negotiation/", talks[talks.count() * 2 // 3].public_id),
        "measures": (
            "host", MEASURES, "admin/negotiations/measure/",
            measures.order_by("-negotiation__year", "-pk")[measures.count() * 2 // 3].public_id,
        ),
    }  # fmt: skip
    for name, (who, path, admin, public_id) in far.items():
        client, peer = stage.reader(who), stage.reader(who, admin=True)
        calls = {
            "S": _recorded(stage, client, name, path),
            "first": page(client, path),
            "deep": page(client, _deep(path, public_id)),
            "admin": page(peer, f"/{admin}"),
        }
        if stage.has_ten:
            calls["ten"] = page(stage.reader(who, ten=True), path)
        cost = stage.compare(calls, 40)
        yield Line(f"50 {name}, first page", cost["first"], cost["S"], "S, its own bytes", 7, 4.5)
        yield Line(f"50 {name}, deep page", cost["deep"], cost["first"], "the first page", 1.2, 1.2)
        yield Line(f"50 {name}, first page", cost["first"], cost["admin"], "admin's list", 1, 10, cheaper=True)
        if "ten" in cost:
            yield Line(f"50 {name}, growth", cost["ten"], cost["first"], "1 × the data", 1.15, 1.15)


def negotiation(stage: Stage) -> Iterator[Line]:
    """A negotiation's page with 60 measures, for an editor of its host."""
    path, client = f"{TALKS}{stage.talk}/", stage.reader("host")
    admin = f"/admin/negotiations/negotiation/{Negotiation.objects.get(public_id=stage.talk).pk}/change/"
    calls = {
        "S": _recorded(stage, client, "negotiation", path),
        "R": page(client, f"/fi/vertailu/rivit/{stage.talk}/"),
        "cold": cold(page(client, path)),
        "kept": page(client, path),
        "admin": page(stage.reader("host", admin=True), admin),
    }
    if stage.has_ten:
        calls["ten"] = cold(page(stage.reader("host", ten=True), path))
    cost = stage.compare(calls, 40)
    yield Line("negotiation of 60, cold", cost["cold"], cost["S"], "S, its own bytes", 14, 6)
    yield Line("negotiation of 60, cold", cost["cold"], cost["R"], "R, one statement by hand", 14, 1.7)
    yield Line("negotiation of 60, cold", cost["cold"], cost["admin"], "admin's inline page", 4, 10, cheaper=True)
    yield Line("negotiation of 60, unchanged since", cost["kept"], cost["S"], "S, its own bytes", 3, 2)
    if "ten" in cost:
        yield Line("negotiation of 60, growth", cost["ten"], cost["cold"], "1 × the data", 1.1, 1.1)
