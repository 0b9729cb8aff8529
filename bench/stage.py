"""What the rows are measured on: servers with 1 × and 10 × the data, the people who read, and the meter."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
from django.core.cache import caches
from django.db import connection

from bench import data
from bench.measuring import compare, parent_of
from bench.pages_read import fetched, reader, session_of
from bench.servers import Server, web
from organizations.models import User
from scripts.clone.places import ROOT

TEN = "hyte_ten"


@dataclass
class Stage:
    """Everything that a row may use."""

    folder: Path
    quick: bool
    talk: str
    people: Mapping[str, User]
    sessions: Mapping[str, str]
    url: str = ""
    url_ten: str = ""
    url_admin: str = ""
    roots: list[int] = field(default_factory=list)

    @property
    def has_ten(self) -> bool:
        """Say whether there is ten times the data to compare with."""
        return bool(self.url_ten)

    def reader(self, who: str = "", *, ten: bool = False, admin: bool = False) -> httpx.Client:
        """Return a client that is signed in as one of the people, or nobody."""
        url = self.url_ten if ten else self.url_admin if admin else self.url
        return reader(url, self.sessions.get(who, ""))

    def record(self, name: str, content: bytes) -> None:
        """Keep a page's bytes for the references."""
        (self.folder / name).write_bytes(content)

    def compare(self, candidates: Mapping[str, Callable[[], object]], times: int) -> dict[str, float]:
        """Return the CPU milliseconds of each candidate."""
        return compare(self.roots, candidates, max(10, times // 4) if self.quick else times)


def page(client: httpx.Client, path: str, *statuses: int) -> Callable[[], httpx.Response]:
    """Return a call that reads a page."""
    return lambda: fetched(client, path, *statuses)


def forget_parts() -> None:
    """Empty the cache of drawn parts; Redis and this process are not on the meter."""
    caches["parts"].clear()


def cold(call: Callable[[], object]) -> Callable[[], object]:
    """Return the call with the cached parts forgotten before it."""

    def cold_call() -> object:
        forget_parts()
        return call()

    return cold_call


@contextlib.contextmanager
def stage(folder: Path, *, quick: bool, ten: bool, admin: bool) -> Iterator[Stage]:
    """Fill the database, start the servers, and end them after."""
    size = data.QUICK if quick else data.FULL
    data.prepare()
    data.fill(size)
    people = {
        "national": data.make_person("reader.national@bench.example", "kuntaliitto", "reader"),
        "host": data.make_person("editor.host@bench.example", data.HOST, "editor"),
        "guest": data.make_person("editor.guest@bench.example", "kuopio", "editor"),
    }
    # Made before the copy, so that both databases know them.
    sessions = {who: session_of(person) for who, person in people.items()}
    made = Stage(folder, quick, data.own_talk().public_id, people, sessions)
    more = _ten_times(quick=quick) if ten else {}
    made.roots.append(_postmaster())
    with contextlib.ExitStack() as open_:
        made.url = made_of(open_, made, folder)
        made.url_ten = made_of(open_, made, folder, **more) if ten else ""
        made.url_admin = made_of(open_, made, folder, settings="bench.peers.admin_settings") if admin else ""
        yield made


def made_of(open_: contextlib.ExitStack, made: Stage, folder: Path, **words: str) -> str:
    """Start a web server, put it on the meter and return its address."""
    server: Server
    url, server = open_.enter_context(web(folder, **words))  # type: ignore[arg-type]
    made.roots.append(server.pid)
    return url


def _postmaster() -> int:
    """Return the process of the database server, which must run on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    return parent_of(backend)


def _ten_times(*, quick: bool) -> dict[str, str]:
    """Copy the database and bring the copy to ten times the data; return the variables that lead there."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with _maintenance() as cursor:
        cursor.execute(f"CREATE DATABASE {TEN} TEMPLATE {name}")
    variables = {"DATABASE_URL": os.environ["DATABASE_URL"].replace(f"/{name}?", f"/{TEN}?")}
    if variables["DATABASE_URL"] == os.environ["DATABASE_URL"]:
        raise RuntimeError("the bench can't name a second database in this DATABASE_URL")
    words = [sys.executable, "-m", "bench.data", "quick" if quick else "full"]
    subprocess.run(words, cwd=ROOT, env=os.environ | variables, check=True)
    return variables


@contextlib.contextmanager
def _maintenance() -> "Iterator[psycopg.Cursor[Any]]":
    words = dict(connection.get_connection_params())
    with psycopg.connect(host=words.get("host"), user=words.get("user"), dbname="postgres", autocommit=True) as kept:
        yield kept.cursor()
