"""Who the servers run as: the caller, and as root the owner of the data (PostgreSQL refuses root)."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Account:
    """A user and group of this machine."""

    uid: int
    gid: int

    @property
    def popen(self) -> dict[str, Any]:
        """Return the options that let subprocess start something as this account."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, folder: Path) -> None:
        """Make a folder that only this account opens."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in {self.uid, os.geteuid()}:
            raise PermissionError(0, f"{folder} belongs to somebody else")
        if os.geteuid() == 0:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)

    def give_file(self, path: Path) -> None:
        """Hand a file to this account."""
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)

    def can_run(self, command: Sequence[str]) -> bool:
        """Tell whether this account can run a command at all."""
        try:
            return subprocess.run(command, capture_output=True, check=False, cwd="/", **self.popen).returncode == 0
        except OSError:
            return False


def server_account(data: Path) -> Account:
    """Return the account for a data folder: its owner, else the caller, or as root `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    return Account(65534, 65534)
