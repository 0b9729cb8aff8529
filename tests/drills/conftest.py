"""Where the drills' real processes find the test's own database, and a folder that goes away."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection


@pytest.fixture
def variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the environment of processes that work in the test's database."""
    monkeypatch.setenv("BENCH_RECORDINGS", str(tmp_path))
    words = connection.get_connection_params()
    host = str(words.get("host") or "/var/run/postgresql")
    login = f"{words.get('user', '')}:{words['password']}" if words.get("password") else words.get("user", "")
    server, place = ("", f"?host={host}") if host.startswith("/") else (f"{host}:{words.get('port', 5432)}", "")
    return {
        "DATABASE_URL": f"postgres://{login}@{server}/{words['dbname']}{place}",
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "tests.drills.settings",
        "FILES_ROOT": str(settings.FILES_ROOT),
    }
