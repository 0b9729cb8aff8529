import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from organizations.imports import Count, load
from organizations.models import AgeGroup, Organization, OrganizationCode, Theme
from organizations.reference_files import BrokenFilesError
from tests.factories import make_organization

pytestmark = pytest.mark.django_db
Spoil = Callable[[str, Callable[[bytes], bytes]], Path]


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """Return a function that copies the files and changes the bytes of one."""

    def spoiled(name: str, change: Callable[[bytes], bytes]) -> Path:
        shutil.copytree(settings.DATA_ROOT, tmp_path, dirs_exist_ok=True)
        before = (tmp_path / name).read_bytes()
        after = change(before)
        assert after != before
        (tmp_path / name).write_bytes(after)
        return tmp_path

    return spoiled


def organization(code: str, classification: str = "municipality") -> Organization:
    return OrganizationCode.objects.get(classification=classification, code=code).organization


def test_the_whole_country_is_loaded() -> None:
    report = load(settings.DATA_ROOT)
    assert report["municipalities"] == Count(added=308)
    assert report["counties"] == Count(added=22), "21 counties and Åland"
    assert report["authorities"] == Count(added=1)
    assert report["associations"] == Count(added=66)
    assert report["national organisations"] == Count(added=3)
    assert report["former municipalities"] == Count(added=3)
    assert (Theme.objects.count(), AgeGroup.objects.count()) == (22, 4)
    assert Organization.objects.conveners().count() == 22


def test_loading_again_changes_and_writes_nothing() -> None:
    load(settings.DATA_ROOT)
    with CaptureQueriesContext(connection) as queries:
        report = load(settings.DATA_ROOT)
    assert all(count.added == count.changed == 0 for count in report.values())
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []


def test_a_changed_name_and_population_are_updated_and_the_address_stays(spoil: Spoil) -> None:
    load(settings.DATA_ROOT)
    report = load(spoil("municipalities.csv", lambda raw: raw.replace(b"297,Kuopio,Kuopio", b"297,Uusi Kuopio,Kuopio")))
    assert report["municipalities"] == Count(changed=1, unchanged=307)
    kuopio = organization("297")
    assert (kuopio.name_fi, kuopio.slug) == ("Uusi Kuopio", "kuopio")
    assert kuopio.sort_key_fi.startswith("uusi")


def test_helsinki_is_one_organisation_that_convenes() -> None:
    load(settings.DATA_ROOT)
    helsinki = organization("091")
    assert helsinki == organization("90", "county")
    assert helsinki.slug == "helsinki"
    assert helsinki.convenes
    assert helsinki.county == helsinki
    assert helsinki.kind == Organization.Kind.MUNICIPALITY


def test_hus_is_an_authority_of_its_five_members() -> None:
    load(settings.DATA_ROOT)
    hus = Organization.objects.get(slug="hus")
    assert hus.kind == Organization.Kind.AUTHORITY
    assert set(hus.areas.values_list("slug", flat=True)) == {
        "ita-uusimaa", "keski-uusimaa", "lansi-uusimaa", "vantaa-ja-kerava", "helsinki",
    }  # fmt: skip


def test_aland_is_loaded_but_never_offered() -> None:
    load(settings.DATA_ROOT)
    assert Organization.objects.filter(in_scope=False, kind="municipality").count() == 16
    assert not organization("91", "county").in_scope
    assert not Organization.objects.valid_on().filter(slug__in=["maarianhamina", "ahvenanmaa"]).exists()


def test_pertunmaa_ended_and_points_to_mantyharju() -> None:
    load(settings.DATA_ROOT)
    pertunmaa = organization("588")
    assert pertunmaa.valid_until is not None
    assert pertunmaa.valid_until.isoformat() == "2025-01-01"
    assert pertunmaa.successor == organization("507")
    assert pertunmaa.county == organization("12", "county")
    assert not pertunmaa.is_valid_on()


def test_spaces_around_names_are_dropped() -> None:
    load(settings.DATA_ROOT)
    assert organization("13", "county").name_sv == "Norra Savolax välfärdsområde"


def test_an_association_of_the_whole_country_has_no_areas() -> None:
    load(settings.DATA_ROOT)
    assert not Organization.objects.get(slug="soste").areas.exists()
    assert Organization.objects.get(slug="kymen-karjalan-sotu").areas.count() == 2


def test_a_bilingual_county_s_majority_is_that_of_its_people() -> None:
    load(settings.DATA_ROOT)
    assert organization("17", "county").languages == ("sv", "fi")
    assert organization("03", "county").languages == ("fi", "sv")


def test_names_stand_in_the_order_of_the_reader_s_language() -> None:
    load(settings.DATA_ROOT)
    pick = Organization.objects.filter(slug__in=["aanekoski", "ahtari", "akaa", "utsjoki", "oulu", "parainen"])
    with translation.override("fi"):
        assert [row.name for row in pick.by_name()] == ["Akaa", "Oulu", "Parainen", "Utsjoki", "Ähtäri", "Äänekoski"]
    swedish = Organization.objects.filter(slug__in=["turku", "ahtari", "oulu", "aanekoski", "ylitornio"])
    with translation.override("sv"):
        assert [row.name for row in swedish.by_name()] == ["Etseri", "Uleåborg", "Åbo", "Äänekoski", "Övertorneå"]


def test_a_local_organisation_keeps_its_address_when_an_official_one_has_the_same_name() -> None:
    local = make_organization("Kuopio", "association", slug="kuopio")
    load(settings.DATA_ROOT)
    local.refresh_from_db()
    assert (local.slug, local.kind) == ("kuopio", "association")
    assert organization("297").slug == "kuopio-2"


@pytest.mark.parametrize(
    ("name", "change", "fault"),
    [
        ("municipalities.csv", lambda raw: raw.replace(b"code,name_fi", b"code,nimi", 1), "municipalities.csv:1: unknown column 'nimi'"),
        ("municipalities.csv", lambda raw: raw.replace(b"\n009,", b"\n005,", 1), "municipalities.csv:3: 005 stands already at municipalities.csv:2"),
        ("municipalities.csv", lambda raw: raw.replace(b"\n009,Alavieska,", b"\n009,,", 1), "municipalities.csv:3: name_fi is empty"),
        ("municipalities.csv", lambda raw: raw.replace(b"\n009,", b"\n9,", 1), "municipalities.csv:3: code: '9' is not"),
        ("municipalities.csv", lambda raw: raw.replace(b",19,Pohjois-Pohjanmaan", b",66,Pohjois-Pohjanmaan", 1), "municipalities.csv:3: county_code 66 is not in counties.csv"),
        ("municipalities.csv", lambda raw: raw.replace("Alajärvi".encode(), "Alajärvi".encode("latin-1"), 1), "municipalities.csv:2: not UTF-8"),
        ("municipalities.csv", lambda raw: raw.replace(b"Alavieska", b"Ala\0vieska", 1), "municipalities.csv:3: holds a NUL"),
        ("municipalities.csv", lambda raw: raw.replace(b"\n009,", b"\n009,extra,", 1), "municipalities.csv:3: 28 cells, but 27 columns"),
        ("municipality_changes.csv", lambda raw: raw.replace(b"2025-01-01", b"2025-13-01", 1), "municipality_changes.csv:4: effective_date: '2025-13-01' is not a date"),
        ("ngos.csv", lambda raw: raw.replace(b"\nspr,", b"\nSPR!,", 1), "ngos.csv:3: slug: 'SPR!' is not"),
        ("national.csv", lambda raw: raw.replace(b"kuntaliitto,", b"kuopio,", 1), "national.csv:2: its address kuopio is that of municipalities.csv:"),
        ("themes.csv", lambda _raw: b"", "themes.csv:1: column 'code' is missing"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_its_line_and_changes_nothing(
    spoil: Spoil, name: str, change: Callable[[bytes], bytes], fault: str
) -> None:
    folder = spoil(name, change)
    with pytest.raises(BrokenFilesError) as refused:
        load(folder)
    assert any(found.startswith(fault) for found in refused.value.faults), refused.value.faults
    assert not Organization.objects.exists()
    assert not Theme.objects.exists()


def test_a_missing_file_is_refused(spoil: Spoil) -> None:
    folder = spoil("themes.csv", lambda raw: raw + b"\n")
    (folder / "themes.csv").unlink()
    with pytest.raises(BrokenFilesError, match=r"themes\.csv:0: can't be read"):
        load(folder)


def test_every_fault_of_every_file_is_told_at_once(spoil: Spoil) -> None:
    folder = spoil("municipalities.csv", lambda raw: raw.replace(b"\n009,", b"\n9,", 1))
    (folder / "themes.csv").write_text("code\n")
    with pytest.raises(BrokenFilesError) as refused:
        load(folder)
    assert {fault.partition(":")[0] for fault in refused.value.faults} == {"municipalities.csv", "themes.csv"}


def test_the_command_reports_each_kind_and_fails_on_a_broken_file(
    spoil: Spoil, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_organizations")
    assert "municipalities: 308 added, 0 changed, 0 unchanged" in capsys.readouterr().out
    folder = spoil("themes.csv", lambda _raw: b"code\n")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("load_organizations", data=folder)
