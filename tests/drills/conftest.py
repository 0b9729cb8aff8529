"""Where the drills' real processes find the test's own database, and a folder that goes away."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection


@pytest.fixture
def variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the environment of processes that work in the test's database."""
    monkeypatch.setenv("BENCH_RECORDINGS", str(tmp_path))
    words = connection.settings_dict
    host, port = words["HOST"] or "/var/run/postgresql", words["PORT"] or "5432"
    place = f"?host={host}" if host.startswith("/") else ""
    login = f"{words['USER']}:{words['PASSWORD']}" if words["PASSWORD"] else words["USER"]
    server = "" if place else f"{host}:{port}"
    return {
        "DATABASE_URL": f"postgres://{login}@{server}/{words['NAME']}{place}",
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "tests.drills.settings",
        "FILES_ROOT": str(settings.FILES_ROOT),
        "BENCH_FILES_ROOT": str(settings.FILES_ROOT),
    }
