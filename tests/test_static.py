"""What the browser is sent: vendored files as listed, light enough, and nothing from elsewhere."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import File
from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
DESIGN = VENDOR / "designsystemet" / "designsystemet.css"
OWN = [*sorted((STATIC / "css").glob("*.css")), *sorted((STATIC / "js").glob("*.js"))]


def packed(paths: list[Path]) -> int:
    """Return how many bytes the files weigh compressed."""
    return sum(len(gzip.compress(path.read_bytes())) for path in paths)


def vendored() -> list[Path]:
    return sorted(p for p in VENDOR.rglob("*") if p.is_file() and p.name != "SHA256SUMS")


def test_vendored_files_are_exactly_those_listed() -> None:
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {str(p.relative_to(VENDOR)): hashlib.sha256(p.read_bytes()).hexdigest() for p in vendored()}
    assert found == listed


def test_every_vendored_package_has_its_licence_beside_it() -> None:
    for folder in (p for p in VENDOR.iterdir() if p.is_dir()):
        assert (folder / "LICENSE").stat().st_size > 500, folder.name


def test_the_lock_names_no_address_to_download_from() -> None:
    lock = json.loads((ROOT / "assets" / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert lock["packages"]["node_modules/htmx.org"]["version"] == "4.0.1"


def test_the_theme_gives_sizes_and_our_colour() -> None:
    css = DESIGN.read_text()
    assert "--ds-size-12: calc(" in css, "without the theme target sizes collapse"
    assert "--ds-color-accent-base-default: #00576B" in css
    assert 'data-size="sm"' in (ROOT / "templates" / "base.html").read_text()


def test_own_styles_and_script_weigh_at_most_20_kilobytes() -> None:
    assert packed(OWN) <= 20_000


def test_vendored_files_a_first_view_loads_weigh_at_most_90_kilobytes() -> None:
    """Latin-ext is left out: only a page with Sámi letters, š or ž fetches it (unicode-range)."""
    assert packed([p for p in vendored() if p.name not in {"LICENSE", "latin-ext.woff2"}]) <= 90_000


def test_portal_js_stays_short() -> None:
    assert len((STATIC / "js" / "portal.js").read_text().splitlines()) < 100


@pytest.mark.parametrize("path", [*OWN, DESIGN], ids=lambda p: p.name)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    text = path.read_text()
    for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", text):
        assert address.startswith(("data:image/svg+xml", "../vendor/")), address
    assert "@import" not in text
    assert "sourceMappingURL" not in text


def test_fonts_are_swapped_in_and_never_preloaded() -> None:
    css = (STATIC / "css" / "base.css").read_text()
    assert css.count("@font-face") == css.count("font-display: swap") == 2
    assert "preload" not in (ROOT / "templates" / "base.html").read_text()


def test_every_picture_is_svg() -> None:
    assert {p.suffix for p in (STATIC / "img").iterdir()} == {".svg"}


def test_templates_have_no_inline_style_or_script() -> None:
    inline = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\bsrc=)(?![^>]*application/json)")
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if "/pdf/" not in str(path) and "/mail/" not in str(path):
            assert not inline.search(path.read_text()), path


def test_manifest_storage_finds_every_reference(tmp_path: Path) -> None:
    storage = ManifestStaticFilesStorage(location=str(tmp_path), base_url="/static/")
    paths = {str(p.relative_to(STATIC)): p for p in STATIC.rglob("*") if p.is_file()}
    for name, path in paths.items():
        with path.open("rb") as handle:
            storage.save(name, File(handle))
    results = list(storage.post_process({name: (storage, name) for name in paths}))
    assert not [(name, done) for name, _hashed, done in results if isinstance(done, Exception)]


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_failure_pages_need_nothing_and_speak_three_languages(name: str) -> None:
    page = render_to_string(name)
    assert '<html lang="fi"' in page
    assert 'lang="sv"' in page
    assert 'lang="en"' in page
    assert "{%" not in page
    for link in re.findall(r'(?:href|src)="/static/([^"]+)"', page):
        assert (STATIC / link).is_file(), link
