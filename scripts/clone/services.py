"""The private servers of a clone: whoever comes first starts them, whoever leaves last stops them."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from scripts.clone.accounts import server_account
from scripts.clone.environment import private_environment
from scripts.clone.postgres import Postgres, forget_stray_variables, postgres_of
from scripts.clone.state import (
    State,
    abandoned_states,
    kept_state,
    locked,
    share_lock,
    throwaway_state,
    try_lock,
)
from scripts.clone.valkey import Valkey


@dataclass(frozen=True)
class Servers:
    """The database and the queue of one state; one that the environment names is left out."""

    postgres: Postgres | None
    valkey: Valkey | None

    def start(self) -> None:
        """Start what does not answer already."""
        for server in (self.postgres, self.valkey):
            if server and not server.answers():
                server.stop()
                server.start()

    def stop(self) -> None:
        """Stop both, the database last."""
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()

    @property
    def variables(self) -> dict[str, str]:
        """Return the environment variables that lead to the servers."""
        found = {"DATABASE_URL": self.postgres, "REDIS_URL": self.valkey}
        return {name: server.url for name, server in found.items() if server}


@contextlib.contextmanager
def clone_services() -> Iterator[dict[str, str]]:
    """Join the clone's servers, or start them, and yield the variables a process of the portal needs."""
    state = kept_state()
    with _serving(state, careful=True) as variables:
        yield private_environment(state) | variables


@contextlib.contextmanager
def throwaway_services(*, careful: bool) -> Iterator[dict[str, str]]:
    """Start servers of our own and remove them after; `careful` ones write to disk as real ones do."""
    _sweep_abandoned()
    with throwaway_state() as state, _serving(state, careful=careful) as variables:
        yield private_environment(state) | {"HYTE_STATE_OF_SERVERS": str(state.home)} | variables


def servers_of(state: State, *, careful: bool = True) -> Servers:
    """Return the servers that a state needs in this environment."""
    copies = kept_state().home / "wheels"
    wants_postgres, wants_valkey = (not os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))
    postgres = postgres_of(state, copies, careful=careful) if wants_postgres else None
    account = postgres.account if postgres else server_account(state.sockets)
    return Servers(postgres, Valkey(state, copies, account) if wants_valkey else None)


@contextlib.contextmanager
def _serving(state: State, *, careful: bool) -> Iterator[dict[str, str]]:
    servers = servers_of(state, careful=careful)
    forget_stray_variables()
    with (state.home / "users.lock").open("a") as users:
        try:
            with locked(state.home / "start.lock"):
                share_lock(users)
                servers.start()
            yield servers.variables
        finally:
            with locked(state.home / "start.lock"):
                if try_lock(users):
                    servers.stop()


def _sweep_abandoned() -> None:
    for state in abandoned_states():
        with contextlib.suppress(OSError), (state.home / "users.lock").open("a") as users:
            if try_lock(users):
                servers_of(state).stop()
                shutil.rmtree(state.home, ignore_errors=True)
