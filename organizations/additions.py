"""Organisations that the official lists don't have: local associations, parishes, companies and others."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

from django.db import transaction

from hyte_portal.sorting import sort_key
from organizations.models import Organization, User
from organizations.slugs import free_slug

Kind = Organization.Kind
LOCAL_KINDS: Final = (Kind.ASSOCIATION, Kind.PARISH, Kind.COMPANY, Kind.OTHER)
_LIKE_ENOUGH: Final = 0.82
_MOST_DOUBLES: Final = 8
_FORMS: Final = re.compile(r"\b(ry|rf|r\.y|r\.f|oy|ab|sr|oyj|abp|yhdistys|förening)\b|[^\w\s]")


def likely_doubles(*names: str) -> list[Organization]:
    """Return organisations of today whose name begins alike or is nearly the same, the likest first."""
    cores = [core for core in map(_core, names) if core]
    found = [(max(_likeness(row, core) for core in cores), row) for row in _todays()] if cores else []
    found.sort(key=lambda pair: -pair[0])
    return [row for likeness, row in found if likeness >= _LIKE_ENOUGH][:_MOST_DOUBLES]


def _todays() -> Iterable[Organization]:
    return Organization.objects.valid_on().by_name()


def _core(name: str) -> str:
    """Return what tells names apart: the sort key without the form of the organisation and marks."""
    return " ".join(_FORMS.sub(" ", sort_key(name)).split())


def _likeness(row: Organization, core: str) -> float:
    cores = {_core(name) for name in (row.name_fi, row.name_sv, row.short_fi) if name} - {""}
    return max((_alike(core, other) for other in cores), default=0.0)


def _alike(one: str, other: str) -> float:
    short, long = sorted((one, other), key=len)
    if len(short) >= 4 and long.startswith(short):
        return 0.9 + len(short) / len(long) / 10
    matcher = SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.real_quick_ratio() >= _LIKE_ENOUGH else 0.0


@transaction.atomic
def add_local(
    kind: str, name_fi: str, name_sv: str, language: str, areas: Iterable[Organization], by: User | None
) -> Organization:
    """Add a local organisation that works in the given counties' areas."""
    organization = Organization.objects.create(
        kind=Kind(kind),
        slug=free_slug(name_fi or name_sv),
        name_fi=name_fi or name_sv,
        name_sv=name_sv,
        language_status=Organization.LanguageStatus(language),
        added_by=by,
    )
    organization.areas.set(areas)
    return organization
