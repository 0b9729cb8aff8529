"""Pages of a long list by row comparison: as quick on the last page as on the first (performance.md 3.3).

The address names the row after (or before) which the page begins by its public id, never by a number.
"""

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.db.models import BooleanField, F, Func, Model, QuerySet, Subquery
from django.http import QueryDict

PAGE_SIZE: Final = 50
Item = TypeVar("Item", bound=Model)


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[Item]):
    """A page of rows, newest first, with the addresses of its neighbours (empty = none)."""

    rows: list[Item]
    previous_url: str
    next_url: str


def keyset_page(
    rows: "QuerySet[Item]", query: QueryDict, key: tuple[str, ...], size: int = PAGE_SIZE
) -> KeysetPage[Item]:
    """Return the page that the address asks for, in descending order of the key (which ends in a unique column)."""
    after, before = query.get("after", ""), query.get("before", "")
    backwards = bool(before) and not after
    if after or before:
        rows = rows.filter(_compared(rows.model, key, after or before, ">" if backwards else "<"))
    order = key if backwards else tuple(f"-{name}" for name in key)
    found = list(rows.order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_previous, has_next = (more, True) if backwards else (bool(after), more)
    return KeysetPage(
        found,
        _address(query, before=found[0]) if found and has_previous else "",
        _address(query, after=found[-1]) if found and has_next else "",
    )


def _compared(model: type[Model], key: tuple[str, ...], public_id: str, sign: str) -> Func:
    """Write `(a, b) < (x, y)`: two columns against the two of the named row, which an index can answer."""
    anchor = model._default_manager.filter(public_id=public_id)
    here = Func(*map(F, key), function="ROW")
    there = Func(*(Subquery(anchor.values(name)[:1]) for name in key), function="ROW")
    return Func(here, there, template="(%(expressions)s)", arg_joiner=f" {sign} ", output_field=BooleanField())


def _address(query: QueryDict, **neighbour: Any) -> str:
    """Return the address of the same view at a neighbouring page."""
    other = query.copy()
    for name in ("after", "before"):
        other.pop(name, None)
    for name, row in neighbour.items():
        other[name] = row.public_id
    return f"?{other.urlencode()}"
