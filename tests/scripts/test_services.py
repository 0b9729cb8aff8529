"""The private servers, started for real in a folder of their own."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from scripts.clone import places
from scripts.clone.failure import CloneError
from scripts.clone.postgres import postgres_of
from scripts.clone.processes import wait_until
from scripts.clone.services import Servers, clone_services, servers_of, throwaway_services
from scripts.clone.state import State, kept_state, share_lock, throwaway_prefix, try_lock

HOLD = """
import sys
from scripts.clone.services import clone_services
with clone_services():
    print("up", flush=True)
    sys.stdin.read()
"""
HOLD_LOCK = """
import fcntl, sys
with open(sys.argv[1], "a") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the clone another state folder, and no servers of the test run."""
    folder = Path(tempfile.mkdtemp(prefix="hyte-state-", dir="/tmp"))
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PG_BIN", "HYTE_SERVERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HYTE_STATE", str(folder))
    yield folder
    with contextlib.suppress(CloneError):
        servers_of(kept_state()).stop()
    shutil.rmtree(folder, ignore_errors=True)


def ask_both(variables: dict[str, str]) -> tuple[int, str]:
    """Return PostgreSQL's major version and a text that went through Valkey."""
    with psycopg.connect(variables["DATABASE_URL"]) as connection:
        version = connection.info.server_version // 10000
    queue = redis.Redis.from_url(variables["REDIS_URL"], decode_responses=True)
    queue.set("greeting", "hei")
    return version, str(queue.get("greeting"))


def running(state: State) -> Servers:
    return servers_of(state)


def hold_services() -> "subprocess.Popen[str]":
    """Let another process use the clone's servers until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        cwd=places.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "up\n"
    return process


def test_the_servers_keep_data_between_two_runs(home: Path) -> None:
    with clone_services() as first, psycopg.connect(first["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'ähtäri' AS name")
    with clone_services() as second, psycopg.connect(second["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT upper(name) FROM kept").fetchone() == ("ÄHTÄRI",)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]


def test_the_wheels_serve_where_the_machine_has_no_servers(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYTE_SERVERS", "wheels")
    with clone_services() as variables:
        assert ask_both(variables) == (18, "hei")
    monkeypatch.delenv("HYTE_SERVERS")
    assert postgres_of(kept_state(), home / "wheels", careful=True).programs.major == 18  # what made the data


def test_who_comes_second_joins_and_who_leaves_last_stops(home: Path) -> None:
    holder = hold_services()
    with clone_services() as variables:
        assert ask_both(variables)[1] == "hei"
        holder.communicate()
        assert ask_both(variables)[1] == "hei"
    servers = running(kept_state())
    assert servers.postgres
    assert servers.valkey
    assert not servers.postgres.answers()
    assert not servers.valkey.answers()


def test_a_killed_run_leaves_nothing_in_the_way(home: Path) -> None:
    holder = hold_services()
    servers = running(kept_state())
    assert servers.postgres
    assert servers.valkey
    pid = servers.postgres.pid()
    assert pid
    for victim in (holder.pid, pid, kept_state().read("valkey.json")["pid"]):
        os.kill(victim, signal.SIGKILL)
    holder.wait()
    assert wait_until(lambda: running(kept_state()).postgres.pid() is None, 10)  # type: ignore[union-attr]
    with clone_services() as variables:
        assert ask_both(variables)[1] == "hei"


def test_two_clones_never_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HYTE_STATE", raising=False)
    first = places.state_home()
    monkeypatch.setattr(places, "ROOT", Path("/somewhere/else"))
    assert places.state_home() != first


def test_another_server_at_our_port_is_not_taken_for_ours(home: Path) -> None:
    with clone_services() as variables:
        state = kept_state()
        ours = state.read("valkey.json")
        state.write("valkey.json", ours | {"password": "of another clone"})
        servers = running(state)
        assert servers.valkey
        assert not servers.valkey.answers()
        state.write("valkey.json", ours)
        assert ask_both(variables)[1] == "hei"


def test_throwaway_servers_leave_no_trace(home: Path) -> None:
    with throwaway_services(careful=False) as variables:
        folder = Path(variables["HYTE_STATE_OF_SERVERS"])
        with psycopg.connect(variables["DATABASE_URL"]) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("off",)
    assert not folder.exists()


def test_what_a_killed_test_run_left_is_swept_and_what_is_in_use_is_not(home: Path) -> None:
    left, used, new = (Path(tempfile.mkdtemp(prefix=throwaway_prefix(), dir="/tmp")) for _ in range(3))
    for folder in (left, used):
        os.utime(folder, (0, 0))
    try:
        with (used / "users.lock").open("a") as users:
            share_lock(users)
            os.utime(used, (0, 0))
            with throwaway_services(careful=False):
                assert [folder.exists() for folder in (left, used, new)] == [False, True, True]
    finally:
        for folder in (used, new):
            shutil.rmtree(folder)


def test_a_named_server_is_used_and_none_is_started(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/hyte")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    with clone_services() as variables:
        assert not {"DATABASE_URL", "REDIS_URL"} & set(variables)
    assert not list(home.glob("pg*"))


def test_data_of_a_version_that_is_gone_is_refused_in_a_sentence(home: Path) -> None:
    kept_state().write("postgres.json", {"bin": "/gone/bin", "major": 12})
    with pytest.raises(CloneError, match="was made by PostgreSQL 12"), clone_services():
        pass


def test_the_sockets_path_stays_short(tmp_path: Path) -> None:
    deep = State(tmp_path / ("x" * 90))
    assert len(str(deep.sockets)) < 80
    assert deep.sockets != State(tmp_path / ("y" * 90)).sockets


def test_a_lock_falls_open_when_its_holder_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_LOCK, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    with path.open("a") as file:
        assert not try_lock(file)
        holder.kill()
        holder.communicate()
        assert try_lock(file)
