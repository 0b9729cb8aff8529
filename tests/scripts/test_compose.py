"""docker-compose.yml and Dockerfile against the settings; no image is built, no Docker engine needed."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery.bin.base import CLIContext
from celery.bin.beat import beat
from celery.bin.worker import worker
from click import Command, Context
from django.conf import settings
from django.core.management import get_commands

from hyte_portal.celery import app
from scripts.clone.places import ROOT
from scripts.clone.portal import portal_children
from scripts.clone.state import State

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = {name: service for name, service in COMPOSE["services"].items() if "build" in service}
SERVERS = ("web", "worker", "worker-pdf", "beat", "migrate")
EXAMPLE = {
    "SECRET_KEY": "x" * 60,
    "SITE_URL": "https://hyte.example.fi",
    "ALLOWED_HOSTS": "hyte.example.fi",
    "DATABASE_URL": "postgres://hyte:secret@postgres:5432/hyte",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.fi:587",
    "DEFAULT_FROM_EMAIL": "Hyte-portaali <hyte@example.fi>",
    "TRUSTED_PROXY_COUNT": "1",
    "LOG_FORMAT": "json",
}


def names_read() -> set[str]:
    """Return each variable that settings or the web server's configuration read."""
    sources = "".join((ROOT / "hyte_portal" / name).read_text() for name in ("settings.py", "gunicorn.py"))
    return set(re.findall(r'(?:_needed|env\.\w+|environ\.get)\(\s*"([A-Z_]+)"', sources))


def names_in_dockerfile() -> set[str]:
    return set(re.findall(r"^\s+([A-Z_]+)=", DOCKERFILE, re.MULTILINE))


def load_settings(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in names_read()}
    variables = {"HYTE_ENV": "production", "DJANGO_SETTINGS_MODULE": "hyte_portal.settings"} | environment
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=ROOT, env=clean | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip


def celery_context(command: Command, words: list[str]) -> Context:
    """Parse the words of a Celery command as Celery does, without running it."""
    return command.make_context(command.name, list(words), obj=CLIContext(app, no_color=True, workdir=None))


def queues_of(commands: list[list[str]]) -> set[str]:
    workers = [command for command in commands if "worker" in command]
    return {command[command.index("-Q") + 1] for command in workers}


def test_the_five_processes_and_the_two_servers_are_there() -> None:
    assert set(COMPOSE["services"]) == {*SERVERS, "postgres", "redis"}


@pytest.mark.parametrize("service", SERVERS)
def test_every_variable_of_a_service_is_read_somewhere(service: str) -> None:
    assert set(OURS[service]["environment"]) - names_read() == set()


def test_every_variable_of_the_image_is_read_somewhere() -> None:
    of_python = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "DJANGO_SETTINGS_MODULE"}
    assert names_in_dockerfile() - of_python - names_read() == set()


def test_the_variables_of_the_services_start_the_settings_in_production() -> None:
    assert set(OURS["worker"]["environment"]) == {*EXAMPLE, "HYTE_ENV"}
    loaded = load_settings(EXAMPLE)
    assert loaded.returncode == 0, loaded.stderr


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "SITE_URL",
        "ALLOWED_HOSTS",
        "DATABASE_URL",
        "REDIS_URL",
        "EMAIL_URL",
        "DEFAULT_FROM_EMAIL",
    ],
)
def test_a_missing_variable_stops_production_by_its_name(name: str) -> None:
    loaded = load_settings({key: value for key, value in EXAMPLE.items() if key != name})
    assert loaded.returncode != 0
    assert name in loaded.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", ["worker", "worker-pdf"])
def test_the_workers_words_are_celerys(name: str) -> None:
    command = OURS[name]["command"]
    assert command[:4] == ["celery", "-A", "hyte_portal", "worker"]
    assert celery_context(worker, command[4:]).params["queues"] == [command[command.index("-Q") + 1]]


def test_the_words_of_beat_are_celerys() -> None:
    command = OURS["beat"]["command"]
    assert command[:4] == ["celery", "-A", "hyte_portal", "beat"]
    assert celery_context(beat, command[4:]).params["schedule"] == "/tmp/beat-schedule"


def test_each_queue_that_tasks_are_sent_to_has_a_worker() -> None:
    used = {"celery", *(route["queue"] for route in settings.CELERY_TASK_ROUTES.values())}
    in_compose = queues_of([service["command"] for service in OURS.values()])
    in_clone = queues_of([child.command for child in portal_children(State(Path("/nowhere")))])
    assert in_compose == in_clone == used


def test_the_web_server_finds_its_configuration_and_the_application() -> None:
    command = OURS["web"]["command"]
    checked = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--check-config", *command[1:]],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert command[0] == "gunicorn"
    assert checked.returncode == 0, checked.stderr


def test_the_commands_before_the_start_exist() -> None:
    command = OURS["migrate"]["command"]
    assert command[:3] == ["python", "-m", "scripts.clone.prepare"]
    assert set(command[3:]) <= set(get_commands())
