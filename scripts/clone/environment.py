"""The settings of a private clone: what a deployment names itself, and a clone should not have to."""

import os
import secrets
from pathlib import Path

from scripts.clone.failure import CloneError
from scripts.clone.state import State


def private_environment(state: State) -> dict[str, str]:
    """Return the portal's variables for a clone.

    Those that the environment gives already are left alone, but a throw-away state takes its own: tests must
    not write into the files and mails of somebody's real portal.
    """
    folders = {
        name: _folder(state, name.lower().removesuffix("_root")) for name in ("STATIC_ROOT", "FILES_ROOT", "MAIL_ROOT")
    }
    wanted = {
        "SECRET_KEY": _secret_key(state),
        "SITE_URL": f"http://localhost:{_site_port(state)}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        **folders,
        # Three slashes of the scheme and the one of the path: django-environ drops the first.
        "EMAIL_URL": f"filemail:///{folders['MAIL_ROOT']}",
    }
    return {name: value for name, value in wanted.items() if not (state.kept and os.environ.get(name))}


def port() -> int:
    """Return the port of the web server, from PORT."""
    given = os.environ.get("PORT") or "8000"
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise CloneError(f"PORT is a number from 1 to 65535, not {given!r}.")
    return int(given)


def _site_port(state: State) -> int:
    """Return the port that links lead to: manage.py beside a running portal takes the portal's."""
    running = state.read("processes.json").get("port")
    return port() if os.environ.get("PORT") or not running else int(running)


def _folder(state: State, name: str) -> str:
    folder = state.home / name
    folder.mkdir(mode=0o700, exist_ok=True)
    return str(folder)


def _secret_key(state: State) -> str:
    """Make the key once: a new one would sign everybody out at each start."""
    path: Path = state.home / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()
