"""Organisations as the reference files have them, before they meet the database."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from organizations.models import Organization, OrganizationCode
from organizations.reference_files import Files, Line
from organizations.slugs import slug_of

Kind = Organization.Kind
Status = Organization.LanguageStatus
Code = tuple[str, str]
"""A classification and a code in it."""

HELSINKI_COUNTY: Final = "90"
COUNTY: Final = OrganizationCode.Classification.COUNTY.value
MUNICIPALITY: Final = OrganizationCode.Classification.MUNICIPALITY.value


@dataclass(slots=True)
class Wanted:
    """An organisation as the files have it; county, successor and areas are named by their code."""

    place: str
    group: str
    slug: str
    values: dict[str, Any]
    codes: tuple[Code, ...] = ()
    county: Code | None = None
    successor: Code | None = None
    areas: frozenset[Code] = frozenset()
    row: Organization = field(default_factory=Organization)


def wanted_organizations(files: Files) -> Iterator[Wanted]:
    """Return all organisations of the files: counties, municipalities, associations, national ones."""
    majorities = _majorities(files["municipalities.csv"])
    for line in files["counties.csv"]:
        if line["kind"] != "city":  # Helsinki is one organisation: it comes with the municipalities
            yield _county(line, majorities)
    for line in files["municipalities.csv"]:
        yield _municipality(line)
    for line in files["municipality_changes.csv"]:
        if line["change_type"] == "merger":
            yield _former_municipality(line)
    yield from map(_association, files["ngos.csv"])
    yield from map(_national, files["national.csv"])


def _names(line: Line) -> dict[str, Any]:
    return {"name_fi": line["name_fi"], "name_sv": line["name_sv"], "website": line["website"]}


def _majorities(municipalities: Iterable[Line]) -> Mapping[str, Status]:
    """Return each county's majority: the language of the municipalities where most of its people live."""
    swedish: Counter[str] = Counter()
    for line in municipalities:
        weight = 1 if line["language_status"] in {"sv", "bilingual-sv"} else -1
        swedish[line["county_code"]] += weight * int(line["population"])
    majority = {True: Status.BILINGUAL_SV, False: Status.BILINGUAL_FI}
    return {code: majority[people > 0] for code, people in swedish.items()}


_COUNTY_KINDS: Final = {"county": Kind.COUNTY, "hus": Kind.AUTHORITY, "aland": Kind.OTHER}


def _county(line: Line, majorities: Mapping[str, Status]) -> Wanted:
    status = line["language_status"]
    bilingual = majorities.get(line["code"], Status.BILINGUAL_FI)
    values = _names(line) | {
        "kind": _COUNTY_KINDS[line["kind"]],
        "name_en": line["name_en"],
        "short_fi": line["short_name_fi"],
        "short_sv": line["short_name_sv"],
        "short_en": line["short_name_en"],
        "language_status": bilingual if status == "bilingual" else Status(status),
        "convenes": line["kind"] == "county",
        "in_scope": line["in_scope"] == "yes",
        "valid_from": _day(line["operations_start"]),
        "population": _number(line["population"]),
    }
    return Wanted(
        line.place,
        "authorities" if line["kind"] == "hus" else "counties",
        slug_of(line["short_name_fi"]),
        values,
        codes=() if line["kind"] == "hus" else ((COUNTY, line["code"]),),
        areas=_areas(line, "member_codes"),
    )


def _municipality(line: Line) -> Wanted:
    is_helsinki = line["county_code"] == HELSINKI_COUNTY
    values = _names(line) | {
        "kind": Kind.MUNICIPALITY,
        "name_en": line["name_en"],
        "language_status": Status(line["language_status"]),
        "convenes": is_helsinki,
        "in_scope": line["in_scope"] == "yes",
        "population": _number(line["population"]),
    }
    county = (COUNTY, line["county_code"])
    codes = ((MUNICIPALITY, line["code"]), county) if is_helsinki else ((MUNICIPALITY, line["code"]),)
    return Wanted(line.place, "municipalities", slug_of(line["name_fi"]), values, codes, county)


def _former_municipality(line: Line) -> Wanted:
    values = {
        "kind": Kind.MUNICIPALITY,
        "name_fi": line["old_name_fi"],
        "name_sv": line["old_name_sv"],
        "valid_until": _day(line["effective_date"]),
    }
    return Wanted(
        line.place,
        "former municipalities",
        slug_of(line["old_name_fi"]),
        values,
        codes=((MUNICIPALITY, line["old_code"]),),
        county=(COUNTY, line["county_code_now"]),
        successor=(MUNICIPALITY, line["new_code"]),
    )


def _association(line: Line) -> Wanted:
    only_swedish = line["name_sv"] and line["name_sv"] in line["name_fi"]
    values = _names(line) | {
        "kind": Kind.ASSOCIATION,
        "short_fi": line["short_name"],
        "short_sv": line["short_name"],
        "language_status": Status.SWEDISH if only_swedish else Status.FINNISH,
    }
    return Wanted(line.place, "associations", line["slug"], values, areas=_areas(line, "county_codes"))


def _national(line: Line) -> Wanted:
    values = _names(line) | {
        "kind": Kind.NATIONAL,
        "name_en": line["name_en"],
        "short_fi": line["short_name_fi"],
        "short_sv": line["short_name_sv"],
        "language_status": Status.BILINGUAL_FI,
    }
    return Wanted(line.place, "national organisations", line["slug"], values)


def _areas(line: Line, column: str) -> frozenset[Code]:
    """Return the counties that a cell names; an association without any works in the whole country."""
    return frozenset((COUNTY, code) for code in line.listed(column))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str) -> int | None:
    return int(text) if text else None
