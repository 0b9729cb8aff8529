"""`demo` and `run`: the whole portal on the clone's own servers."""

import hashlib
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.clone.environment import port
from scripts.clone.failure import CloneError
from scripts.clone.needs import TO_RUN, verdict
from scripts.clone.places import PYTHON, ROOT
from scripts.clone.portal import Portal, only_portal
from scripts.clone.services import clone_services
from scripts.clone.state import State, kept_state
from scripts.clone.virtualenv import REQUIREMENTS, set_up

TABLES = ("migrate:--verbosity=0", "createcachetable:--verbosity=0")
STATIC_RECORD = "static.json"
STATIC = "collectstatic:--no-input:--verbosity=0"


def demo(_: Sequence[str]) -> int:
    """Set up, load the demo content and run everything until Ctrl-C."""
    set_up(TO_RUN)
    os.environ["DEMO"] = "1"
    return _serve([*TABLES, "load_organizations", "demo"])


def run(_: Sequence[str]) -> int:
    """Run everything on an existing set-up, with whatever the database holds."""
    set_up(TO_RUN)
    return _serve(TABLES)


def _serve(commands: Sequence[str]) -> int:
    state = kept_state()
    with only_portal(state), clone_services() as variables:
        environment = os.environ | variables | {"BIND": f"127.0.0.1:{port()}"}
        _prepare(state, commands, environment)
        portal = Portal(state, environment)
        try:
            portal.start()
            _say_where(state, variables)
            portal.watch()
        except KeyboardInterrupt:
            print("\nStopping …", flush=True)
        finally:
            portal.stop()
    return verdict(0)


def _prepare(state: State, commands: Sequence[str], environment: Mapping[str, str]) -> None:
    """Bring the database and the static files up to the sources; unchanged static files are left as they are."""
    print("Preparing the database …", flush=True)
    mark = {"mark": static_mark(), "root": environment["STATIC_ROOT"]}
    steps = [*commands] if state.read(STATIC_RECORD) == mark else [*commands, STATIC]
    command: list[str | Path] = [PYTHON, "-u", "-m", "scripts.clone.prepare", *steps]
    done = subprocess.run(command, cwd=ROOT, env=dict(environment), check=False)
    if done.returncode != 0:
        raise CloneError(f"The set-up of the database stopped at the message above (code {done.returncode}).")
    state.write(STATIC_RECORD, mark)


def static_mark() -> str:
    """Return a mark that changes with any static file, ours or a package's."""
    facts = [REQUIREMENTS.read_text()]
    for path in sorted((ROOT / "static").glob("**/*")):
        about = path.stat()
        facts.append(f"{path} {about.st_size} {about.st_mtime_ns}")
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _say_where(state: State, variables: Mapping[str, str]) -> None:
    site = os.environ.get("SITE_URL") or variables["SITE_URL"]
    print(f"\nThe portal answers at {site}/  (Ctrl-C stops everything; logs: {state.logs})", flush=True)
