"""Writes the reference data: the same files twice change nothing the second time.

Organisations are found again by their official code, else by their slug; a slug once given is never changed,
since addresses that were mailed must keep answering. Nothing is deleted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from hyte_portal.sorting import sort_key
from organizations.models import AgeGroup, Organization, OrganizationCode, Theme
from organizations.reference_files import BrokenFilesError, Line, read_all
from organizations.reference_rows import Code, Wanted, wanted_organizations


@dataclass(frozen=True, slots=True)
class Count:
    """How a kind of rows fared."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


Report = dict[str, Count]


def load(folder: Path) -> Report:
    """Bring the database to what the files say, in one transaction.

    Raises BrokenFilesError, and changes nothing, when a file can't be used.
    """
    files = read_all(folder)
    wanted = list(wanted_organizations(files))
    _refuse_equal_slugs(wanted)
    with transaction.atomic():
        report = _write_organizations(wanted)
        report["themes"] = _write_terms(Theme, files["themes.csv"])
        report["age groups"] = _write_terms(AgeGroup, files["age_groups.csv"])
    return report


def _refuse_equal_slugs(wanted: Iterable[Wanted]) -> None:
    first: dict[str, str] = {}
    faults = [
        f"{one.place}: its address {one.slug} is that of {first[one.slug]}"
        for one in wanted
        if first.setdefault(one.slug, one.place) != one.place
    ]
    if faults:
        raise BrokenFilesError(faults)


def _write_organizations(wanted: list[Wanted]) -> Report:
    new = _find_rows(wanted)
    _create(new)
    by_code = {code: one.row for one in wanted for code in one.codes}
    touched = [*_write_values(wanted, by_code), *_write_areas(wanted, by_code)]
    return _report(wanted, {id(one) for one in new}, {id(one) for one in touched})


def _find_rows(wanted: list[Wanted]) -> list[Wanted]:
    """Give each wanted organisation its row in the database; return those that have none yet."""
    codes = OrganizationCode.objects.select_related("organization")
    by_code = {(row.classification, row.code): row.organization for row in codes}
    by_slug = {row.slug: row for row in Organization.objects.all()}
    new = []
    for one in wanted:
        found = by_code.get(one.codes[0]) if one.codes else by_slug.get(one.slug)
        if found is None:
            new.append(one)
        else:
            one.row = found
    _avoid_taken_slugs(new, set(by_slug))
    return new


def _avoid_taken_slugs(new: list[Wanted], taken: set[str]) -> None:
    for one in new:
        while one.slug in taken:
            one.slug += "-2"


def _create(new: list[Wanted]) -> None:
    for one in new:
        one.row = Organization(slug=one.slug, **one.values, **_sort_keys(one.values))
    Organization.objects.bulk_create(one.row for one in new)
    OrganizationCode.objects.bulk_create(
        OrganizationCode(organization=one.row, classification=classification, code=code)
        for one in new
        for classification, code in one.codes
    )


def _sort_keys(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        "sort_key_fi": sort_key(values["name_fi"]),
        "sort_key_sv": sort_key(values["name_sv"] or values["name_fi"]),
    }


def _write_values(wanted: list[Wanted], by_code: Mapping[Code, Organization]) -> list[Wanted]:
    """Write what differs; return the organisations that it touched."""
    touched: list[Wanted] = []
    names: set[str] = set()
    for one in wanted:
        values = one.values | _sort_keys(one.values)
        values["county_id"] = by_code[one.county].pk if one.county else None
        values["successor_id"] = by_code[one.successor].pk if one.successor else None
        different = {name: value for name, value in values.items() if getattr(one.row, name) != value}
        if different:
            for name, value in different.items():
                setattr(one.row, name, value)
            touched.append(one)
            names.update(different)
    if touched:
        fields = sorted(name.removesuffix("_id") for name in names)
        Organization.objects.bulk_update([one.row for one in touched], fields)
    return touched


def _write_areas(wanted: list[Wanted], by_code: Mapping[Code, Organization]) -> list[Wanted]:
    """Write the areas that differ; return the organisations that it touched."""
    through = Organization.areas.through
    pairs = through.objects.values_list("from_organization_id", "to_organization_id")
    known: dict[int, set[int]] = {}
    for source, target in pairs:
        known.setdefault(source, set()).add(target)
    touched = []
    for one in wanted:
        areas = {by_code[code].pk for code in one.areas}
        if areas != known.get(one.row.pk, set()):
            one.row.areas.set(areas)
            touched.append(one)
    return touched


def _report(wanted: Iterable[Wanted], new: set[int], touched: set[int]) -> Report:
    fates: dict[str, Counter[str]] = {}
    for one in wanted:
        fate = "added" if id(one) in new else "changed" if id(one) in touched else "unchanged"
        fates.setdefault(one.group, Counter())[fate] += 1
    return {group: Count(**count) for group, count in fates.items()}


def _write_terms(model: type[Theme] | type[AgeGroup], lines: list[Line]) -> Count:
    known = {row.code: row for row in model.objects.all()}
    fates: Counter[str] = Counter()
    for place, line in enumerate(lines, start=1):
        values = {name: line[name] for name in ("name_fi", "name_sv", "name_en")}
        values["number"] = int(line.cells.get("number", place))  # type: ignore[assignment]
        row = known.get(line["code"])
        fate = "added" if row is None else "unchanged" if _same(row, values) else "changed"
        if fate != "unchanged":
            model.objects.update_or_create(code=line["code"], defaults=values)
        fates[fate] += 1
    return Count(**fates)


def _same(row: Any, values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())
