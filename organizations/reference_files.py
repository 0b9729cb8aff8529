"""Reads the reference files and checks every line before anything is written.

A broken file is refused as a whole, with `file:line: what is wrong` for each fault.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Protocol

Check = Callable[[str], str]
"""Answers what is wrong with a cell's text; an empty answer is fine."""


class BrokenFilesError(Exception):
    """The files can't be used; `faults` says where and why."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, by column."""

    place: str
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def listed(self, column: str) -> list[str]:
        """Return the parts of a `;`-separated cell."""
        return [part.strip() for part in self[column].split(";") if part.strip()]


def matches(pattern: str, said: str) -> Check:
    """Return a check that the whole text has a pattern, or is empty."""
    compiled = re.compile(pattern)
    return lambda text: "" if not text or compiled.fullmatch(text) else f"{text!r} is not {said}"


def one_of(*words: str) -> Check:
    """Return a check that the text is one of the words."""
    return lambda text: "" if text in words else f"{text!r} is none of {', '.join(words)}"


def is_day(text: str) -> str:
    """Check that the text is a date, or empty."""
    try:
        date.fromisoformat(text or "2026-01-01")
    except ValueError:
        return f"{text!r} is not a date like 2026-01-31"
    return ""


MUNICIPALITY_CODE: Final = matches(r"\d{3}", "a municipality code of three digits")
COUNTY_CODE: Final = matches(r"\d{2}|HUS", "a county code of two digits")
SLUG: Final = matches(r"[a-z0-9]+(-[a-z0-9]+)*", "a name of small letters, digits and hyphens")
TERM: Final = matches(r"[a-z_]{1,40}", "a code of small letters and underscores")
NUMBER: Final = matches(r"\d+", "a whole number")
ADDRESS: Final = matches(r"https?://\S+", "a web address")
YES_NO: Final = one_of("yes", "no")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file must look like: its columns, which name a line, which may not be empty, what cells hold."""

    name: str
    columns: str
    key: str
    needed: str
    checks: Mapping[str, Check] = field(default_factory=dict)


LAYOUTS: Final = (
    Layout(
        "counties.csv",
        "code kind name_fi name_sv name_en short_name_fi short_name_sv short_name_en language_status "
        "sami_homeland in_scope operations_start cooperation_area_code cooperation_area_fi "
        "cooperation_area_sv municipality_count population population_year population_2024 website domain "
        "member_codes label_lon label_lat",
        "code",
        "code kind name_fi name_sv short_name_fi",
        {
            "code": COUNTY_CODE,
            "kind": one_of("county", "city", "aland", "hus"),
            "language_status": one_of("fi", "sv", "bilingual"),
            "in_scope": YES_NO,
            "operations_start": is_day,
            "population": NUMBER,
            "website": ADDRESS,
        },
    ),
    Layout(
        "municipalities.csv",
        "code name_fi name_sv name_en name_se language_status sami_homeland region_code region_name_fi "
        "region_name_sv region_name_en county_code county_name_fi county_name_sv county_name_en in_scope "
        "urban_rural_code urban_rural_fi population population_year population_2024 valid_2025 valid_2026 "
        "website domain label_lon label_lat",
        "code",
        "code name_fi name_sv county_code population",
        {
            "code": MUNICIPALITY_CODE,
            "county_code": COUNTY_CODE,
            "language_status": one_of("fi", "sv", "bilingual-fi", "bilingual-sv"),
            "in_scope": YES_NO,
            "population": NUMBER,
            "website": ADDRESS,
        },
    ),
    Layout(
        "municipality_changes.csv",
        "effective_date change_type old_code old_name_fi old_name_sv new_code new_name_fi new_name_sv "
        "from_region to_region county_code_now source",
        "change_type old_code effective_date",
        "effective_date change_type old_code old_name_fi new_code county_code_now",
        {
            "effective_date": is_day,
            "change_type": one_of("merger", "region_transfer"),
            "old_code": MUNICIPALITY_CODE,
            "new_code": MUNICIPALITY_CODE,
            "county_code_now": COUNTY_CODE,
        },
    ),
    Layout(
        "ngos.csv",
        "slug name_fi name_sv short_name scope field theme_code county_codes website source",
        "slug",
        "slug name_fi",
        {
            "slug": SLUG,
            "scope": one_of("umbrella", "national", "regional-umbrella", "regional"),
            "theme_code": TERM,
            "website": ADDRESS,
        },
    ),
    Layout(
        "national.csv",
        "slug name_fi name_sv name_en short_name_fi short_name_sv browses_all_regions website",
        "slug",
        "slug name_fi name_sv",
        {"slug": SLUG, "browses_all_regions": YES_NO, "website": ADDRESS},
    ),
    Layout(
        "themes.csv",
        "code number name_fi name_sv name_en other_words_fi",
        "code",
        "code number name_fi name_sv name_en",
        {"code": TERM, "number": NUMBER},
    ),
    Layout(
        "age_groups.csv",
        "code name_fi name_sv name_en",
        "code",
        "code name_fi name_sv name_en",
        {"code": TERM},
    ),
)
# Columns that name a line of another file: (file, column, file named).
REFERENCES: Final = (
    ("counties.csv", "member_codes", "counties.csv"),
    ("municipalities.csv", "county_code", "counties.csv"),
    ("municipality_changes.csv", "new_code", "municipalities.csv"),
    ("municipality_changes.csv", "county_code_now", "counties.csv"),
    ("ngos.csv", "county_codes", "counties.csv"),
    ("ngos.csv", "theme_code", "themes.csv"),
)

Files = Mapping[str, list[Line]]


class Rows(Protocol):
    """What csv.reader gives."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


def read_all(folder: Path) -> Files:
    """Read and check all files of a folder.

    Raises BrokenFilesError with every fault of every file.
    """
    faults: list[str] = []
    files = {layout.name: _read(folder, layout, faults) for layout in LAYOUTS}
    if not faults:
        faults.extend(_unknown_references(files))
    if faults:
        raise BrokenFilesError(faults)
    return files


def _read(folder: Path, layout: Layout, faults: list[str]) -> list[Line]:
    """Return the lines of a file; what is wrong with it is added to the faults."""
    text, fault = _decoded(folder / layout.name)
    if fault:
        faults.append(f"{layout.name}:{fault}")
        return []
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header = next(reader, [])
        wrong = _header_faults(layout, header)
        lines = [] if wrong else list(_lines(layout, header, reader, faults))
    except csv.Error as error:
        faults.append(f"{layout.name}:{reader.line_num}: {error}")
        return []
    faults.extend(wrong)
    if not lines and not wrong:
        faults.append(f"{layout.name}:1: the file has no rows")
    _check_lines(layout, lines, faults)
    return lines


def _decoded(path: Path) -> tuple[str, str]:
    """Return a file's text, or the line and fault for which it can't be read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return "", f"0: can't be read ({error.strerror})"
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", f"{raw[: error.start].count(10) + 1}: not UTF-8; save the file as UTF-8"
    if "\0" in text:
        return "", f"{text[: text.index(chr(0))].count(chr(10)) + 1}: holds a NUL character"
    return text, ""


def _header_faults(layout: Layout, header: list[str]) -> list[str]:
    known = layout.columns.split()
    faults = [f"unknown column {name!r}" for name in header if name not in known]
    faults += [f"column {name!r} is missing" for name in known if name not in header]
    faults += [f"column {name!r} stands twice" for name in sorted(set(header)) if header.count(name) > 1]
    return [f"{layout.name}:1: {fault}" for fault in faults]


def _lines(layout: Layout, header: list[str], rows: Rows, faults: list[str]) -> Iterator[Line]:
    for cells in rows:
        place = f"{layout.name}:{rows.line_num}"
        if len(cells) != len(header):
            faults.append(f"{place}: {len(cells)} cells, but {len(header)} columns")
        else:
            yield Line(place, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})


def _check_lines(layout: Layout, lines: list[Line], faults: list[str]) -> None:
    first: dict[tuple[str, ...], str] = {}
    for line in lines:
        empty = [column for column in layout.needed.split() if not line[column]]
        faults.extend(f"{line.place}: {column} is empty" for column in empty)
        for column, check in layout.checks.items():
            if fault := check(line[column]):
                faults.append(f"{line.place}: {column}: {fault}")
        key = tuple(line[column] for column in layout.key.split())
        if first.setdefault(key, line.place) != line.place:
            faults.append(f"{line.place}: {' '.join(key)} stands already at {first[key]}")


def _unknown_references(files: Files) -> Iterator[str]:
    for name, column, target in REFERENCES:
        known = {line["code"] for line in files[target]}
        for line in files[name]:
            for code in line.listed(column):
                if code not in known:
                    yield f"{line.place}: {column} {code} is not in {target}"
