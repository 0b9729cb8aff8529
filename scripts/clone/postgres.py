"""A private PostgreSQL: no network, a socket in a closed folder, run as the owner of its data."""

import contextlib
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scripts.clone.accounts import Account, server_account
from scripts.clone.binaries import PostgresPrograms, find_postgres, find_postgres_of
from scripts.clone.failure import CloneError
from scripts.clone.processes import command_of, end_process, last_lines, wait_until, works_in
from scripts.clone.state import State

NAME = "hyte"
RECORD = "postgres.json"
# The wheel's server has no ICU: the locale is the C library's, else PostgreSQL's own (17 on), else plain C.
LOCALES = (
    ["--locale=C.UTF-8"],
    ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
    ["--locale=C"],
)
# Data that is thrown away needs no care for a power cut.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# libpq's own variables would lead the servers' programs, and Django, elsewhere.
STRAY = ("PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGSERVICE", "PGOPTIONS", "PGDATA")


@dataclass(frozen=True)
class Postgres:
    """One database server of one state."""

    state: State
    programs: PostgresPrograms
    account: Account
    careful: bool

    @property
    def data(self) -> Path:
        """Return the data folder, one per major version."""
        return self.state.home / f"pg{self.programs.major}"

    @property
    def url(self) -> str:
        """Return DATABASE_URL (the `?host=` form: django-environ does not decode %2F)."""
        return f"postgres://{NAME}@/{NAME}?host={self.state.sockets}"

    def start(self) -> None:
        """Make the cluster if it is new, start the server and make the database."""
        self.account.own(self.state.sockets)
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self._forget_dead_server()
        self._start_server()
        self._make_database()
        self.state.write(RECORD, {"bin": str(self.programs.folder), "major": self.programs.major})

    def answers(self) -> bool:
        """Tell whether the server takes connections."""
        return self._client("pg_isready", "-q", "-d", "postgres").returncode == 0

    def stop(self) -> None:
        """Stop the server at once but in order (a "fast" shutdown)."""
        if pid := self.pid():
            end_process(pid, signal.SIGINT, 30)

    def pid(self) -> int | None:
        """Return the server's process, if it runs; a stale file left by a crash is not one."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            return pid if str(self.data) in command_of(pid) else None
        return None

    def _make_cluster(self) -> None:
        for number, locale in enumerate(LOCALES):
            shutil.rmtree(self.data, ignore_errors=True)
            self.account.own(self.data)
            made = self._run(
                "initdb",
                "-D",
                str(self.data),
                "-U",
                NAME,
                "-E",
                "UTF8",
                "--auth=trust",
                *self._initdb_options(),
                *locale,
            )
            if made.returncode == 0:
                return
            if number == len(LOCALES) - 1:
                shutil.rmtree(self.data, ignore_errors=True)
                raise CloneError(f"PostgreSQL could not make its data folder {self.data}: {_last_line(made.stderr)}")

    def _initdb_options(self) -> list[str]:
        return [] if self.careful else ["--no-sync"]

    def _forget_dead_server(self) -> None:
        """Remove the lock files of a killed server whose number is still taken, be it by a zombie.

        PostgreSQL asks only whether the number is taken. None of its processes may be left; they work in
        the data folder.
        """
        if not Path("/proc/self").exists() or self.pid() or not wait_until(lambda: not works_in(self.data), 10):
            return
        for left in [self.data / "postmaster.pid", *self.state.sockets.glob(".s.PGSQL.*")]:
            left.unlink(missing_ok=True)

    def _start_server(self) -> None:
        log = self.state.logs / "postgres.log"
        with log.open("ab") as output:
            server = subprocess.Popen(
                [self.programs.program("postgres"), "-D", str(self.data), *self._options()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=os.environ | {"LC_ALL": "C"},
                start_new_session=True,
                **self.account.popen,
            )
        wait_until(lambda: self.answers() or server.poll() is not None, 60)
        if not self.answers():
            with contextlib.suppress(ProcessLookupError):
                server.send_signal(signal.SIGINT)
            raise CloneError(f"PostgreSQL ({self.programs.folder}) did not start: {_reason(last_lines(log))} ({log})")

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.state.sockets),
            "port": "5432",
            "max_connections": "200",
        }
        settings |= {} if self.careful else CARELESS
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    def _make_database(self) -> None:
        made = self._client("createdb", NAME)
        if made.returncode != 0 and "already exists" not in made.stderr:
            raise CloneError(f"The database could not be made: {_last_line(made.stderr)}")

    def _client(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        return self._run(program, "-h", str(self.state.sockets), "-p", "5432", "-U", NAME, *words)

    def _run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        command = [self.programs.program(program), *words]
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=os.environ | {"LC_ALL": "C"},
            **self.account.popen,
        )


def postgres_of(state: State, copies: Path, *, careful: bool) -> Postgres:
    """Choose the programs for a state: those that made its data, else the best found."""
    record = state.read(RECORD)
    programs = find_postgres(copies, Path(record["bin"]) if record else None)
    chosen = os.environ.get("PG_BIN") or os.environ.get("HYTE_SERVERS", "auto") != "auto"
    if record and not chosen and programs.major != record["major"]:
        programs = find_postgres_of(record["major"], copies) or _refuse(state, record["major"])
    postgres = Postgres(state, programs, server_account(state.home / f"pg{programs.major}"), careful)
    if not postgres.account.can_run([programs.program("postgres"), "--version"]):
        raise CloneError(
            f"The account that owns the database's data (number {postgres.account.uid}) can't run "
            f"{programs.folder}; name others in PG_BIN."
        )
    return postgres


def forget_stray_variables() -> None:
    """Drop libpq's own variables from the environment."""
    for name in STRAY:
        os.environ.pop(name, None)


def _refuse(state: State, major: int) -> PostgresPrograms:
    raise CloneError(
        f"The data in {state.home} was made by PostgreSQL {major}, which is not on this machine any more: "
        "bring it back (PG_BIN names its programs) or remove that folder."
    )


def _reason(log: str) -> str:
    fatal = [line for line in log.splitlines() if "FATAL:" in line]
    return _last_line("\n".join(fatal) or log)


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
