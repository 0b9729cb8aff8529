"""A private Valkey or Redis: on the loopback at a free port, behind a password, keeping nothing on disk."""

import contextlib
import secrets
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scripts.clone.accounts import Account
from scripts.clone.binaries import find_valkey
from scripts.clone.failure import CloneError
from scripts.clone.processes import command_of, end_process, last_lines, wait_until
from scripts.clone.state import State

RECORD = "valkey.json"
TRIES = 3


@dataclass(frozen=True)
class Valkey:
    """One queue and cache server of one state."""

    state: State
    copies: Path
    account: Account

    @property
    def url(self) -> str:
        """Return REDIS_URL of the running server."""
        record = self.state.read(RECORD)
        return f"redis://:{record['password']}@127.0.0.1:{record['port']}/0"

    def start(self) -> None:
        """Start the server at a free port; another program may snatch the port, so try again."""
        program = find_valkey(self.copies)
        if not self.account.can_run([str(program), "--version"]):
            raise CloneError(
                f"The servers' account (number {self.account.uid}) can't run {program}; "
                "set REDIS_URL or HYTE_SERVERS=wheels."
            )
        if not any(self._start_at(program, free_port()) for _ in range(TRIES)):
            raise CloneError(f"{program} did not start: {last_lines(self.state.logs / 'valkey.log', 1)}")

    def answers(self) -> bool:
        """Tell whether our own server answers, which only it can: the password is its own."""
        record = self.state.read(RECORD)
        with (
            contextlib.suppress(OSError, KeyError),
            socket.create_connection(("127.0.0.1", record["port"]), timeout=2) as connection,
        ):
            connection.sendall(f"AUTH {record['password']}\r\nPING\r\n".encode())
            return self._reply(connection).startswith(b"+OK\r\n+PONG")
        return False

    def stop(self) -> None:
        """Stop the server."""
        record = self.state.read(RECORD)
        if record and "-server" in command_of(record["pid"]) and str(record["port"]) in command_of(record["pid"]):
            end_process(record["pid"], signal.SIGTERM, 10)

    def _start_at(self, program: Path, port: int) -> bool:
        password = secrets.token_urlsafe(24)
        with (self.state.logs / "valkey.log").open("ab") as output:
            server = subprocess.Popen(
                [str(program), "-"],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,
                **self.account.popen,
            )
        if server.stdin:
            with contextlib.suppress(BrokenPipeError), server.stdin as configuration:
                configuration.write(self._configuration(port, password))
        self.state.write(RECORD, {"port": port, "password": password, "pid": server.pid})
        wait_until(lambda: self.answers() or server.poll() is not None, 10)
        return self.answers()

    def _configuration(self, port: int, password: str) -> bytes:
        # Through standard input, since the words of a command line can be read by everyone on the machine.
        lines = [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {password}",
            'save ""',
            "appendonly no",
            f"dir {self.state.sockets}",
            "daemonize no",
        ]
        return "\n".join([*lines, ""]).encode()

    @staticmethod
    def _reply(connection: socket.socket) -> bytes:
        reply = b""
        while reply.count(b"\r\n") < 2 and (more := connection.recv(256)):
            reply += more
        return reply


def free_port() -> int:
    """Return a loopback port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Tell whether the web server could listen at a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False
