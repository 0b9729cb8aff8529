"""What the commands of a clone refuse, say and leave alone."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import environ
import pytest

from scripts import check_translations, messages
from scripts.clone import checks, demo, dependencies, needs
from scripts.clone.commands import COMMANDS, main, services_for_a_command
from scripts.clone.environment import port, private_environment
from scripts.clone.failure import CloneError
from scripts.clone.needs import Need
from scripts.clone.places import ROOT
from scripts.clone.portal import only_portal
from scripts.clone.state import State, try_lock

ABSENT = Need("Pango", lambda: False, ("libpango-1.0-0",), "pango", "the memo PDFs")


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    """Make a state folder, and forget what the test run's own environment names."""
    for name in ("PORT", "SECRET_KEY", "SITE_URL", "MAIL_ROOT", "EMAIL_URL"):
        monkeypatch.delenv(name, raising=False)
    made = State(tmp_path / "state")
    made.prepare()
    return made


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be an ordinary user on a machine where nothing may be installed."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(needs, "passed_over", [])
    for name in ("CI", "ALLOW_MISSING", "HYTE_MISSING"):
        monkeypatch.delenv(name, raising=False)


def test_make_lists_a_target_for_each_command() -> None:
    listed = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in listed.splitlines() if line.startswith("  make ")} == {
        "help",
        *COMMANDS.keys() - {"with"},
    }


def test_an_unknown_command_is_told_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dance"]) == 2
    assert "demo" in capsys.readouterr().err


def test_a_missing_thing_ends_with_the_line_to_run(bare_machine: None) -> None:
    with pytest.raises(CloneError, match=r"apt install libpango-1\.0-0|brew install pango"):
        needs.ensure([ABSENT])


def test_what_was_passed_over_is_listed(
    bare_machine: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALLOW_MISSING", "1")
    needs.ensure([ABSENT])
    assert needs.verdict(0) == 0
    assert "the memo PDFs (Pango)" in capsys.readouterr().out
    assert os.environ.pop("HYTE_MISSING") == "pango"


def test_nothing_missing_passes_under_ci(bare_machine: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "passed_over", ["the browser tests (Chromium)"])
    monkeypatch.setenv("CI", "true")
    assert needs.verdict(0) == 1


def test_given_variables_are_left_alone(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://hyte.example.fi")
    assert "SITE_URL" not in private_environment(state)


def test_tests_never_write_into_given_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILES_ROOT", "/srv/portal/files")
    thrown_away = State(tmp_path / "try", kept=False)
    thrown_away.prepare()
    assert private_environment(thrown_away)["FILES_ROOT"] == str(tmp_path / "try" / "files")


def test_the_demo_mailbox_is_a_folder_of_the_clone(state: State) -> None:
    variables = private_environment(state)
    config = environ.Env.email_url_config(variables["EMAIL_URL"])
    assert config["EMAIL_FILE_PATH"] == variables["MAIL_ROOT"] == str(state.home / "mail")


def test_the_secret_is_made_once_and_read_by_this_account_only(state: State) -> None:
    first, second = private_environment(state), private_environment(state)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert (state.home / "secret_key").stat().st_mode & 0o777 == 0o600


def test_links_of_manage_py_lead_to_the_running_portal(state: State) -> None:
    state.write("processes.json", {"port": 8123})
    assert private_environment(state)["SITE_URL"] == "http://localhost:8123"


def test_numbers_of_the_shape_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shape"]) == 0
    printed = capsys.readouterr().out
    assert all(f"{kind}: " in printed for kind in ("functions", "files", "views", "templates"))


@pytest.mark.parametrize("given", ["0", "65536", "http"])
def test_a_port_that_is_none_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", given)
    with pytest.raises(CloneError, match="PORT is a number"):
        port()


def test_a_taken_port_is_told_with_the_next_one(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(taken))
        with pytest.raises(CloneError, match=f"PORT={taken + 1}"), only_portal(state):
            pass


def test_a_second_portal_of_a_clone_names_the_first(state: State) -> None:
    state.write("processes.json", {"port": 8000, "launcher": 4711, "children": {}})
    with (state.home / "portal.lock").open("a") as first:
        assert try_lock(first)
        running = r"already running at http://localhost:8000/ \(process 4711\)"
        with pytest.raises(CloneError, match=running), only_portal(state):
            pass


def test_a_changed_static_file_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "base.css").write_text("a{}")
    monkeypatch.setattr(demo, "ROOT", tmp_path)
    first = demo.static_mark()
    assert demo.static_mark() == first
    (tmp_path / "static" / "base.css").write_text("a{color:red}")
    assert demo.static_mark() != first


def test_production_never_starts_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYTE_ENV", "production")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with services_for_a_command():
        assert "DATABASE_URL" not in os.environ


def make_requirements(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a small tree whose requirements are in order."""
    (tree / "requirements").mkdir()
    (tree / "docs").mkdir()
    (tree / "requirements" / "prod.in").write_text("# why\ndjango-csp>=4\n")
    (tree / "requirements" / "prod.txt").write_text("django-csp==4.0 \\\n    --hash=sha256:00\n")
    (tree / "docs" / "dependencies.md").write_text("| `django-csp` | headers |\n")
    monkeypatch.setattr(dependencies, "ROOT", tree)
    return tree


def test_requirements_in_order_have_no_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_requirements(tmp_path, monkeypatch)
    assert dependencies.dependency_faults() == ""


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("docs/dependencies.md", "nothing\n", "no line for `django-csp`"),
        ("requirements/prod.txt", "other==1\n", "lacks django-csp"),
        ("requirements/prod.txt", "--index-url x\ndjango-csp==4.0\n", "prod.txt:1 names an address"),
    ],
)
def test_a_fault_of_the_requirements_is_named(
    file: str, text: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (make_requirements(tmp_path, monkeypatch) / file).write_text(text)
    assert fault in dependencies.dependency_faults()


def make_texts(tree: Path, po: str) -> None:
    """Make a small tree with one text, and a translation file for each language."""
    (tree / "room.py").write_text('from django.utils.translation import gettext as _\n\nTITLE = _("Goal")\n')
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    for locale in messages.LOCALES:
        path = messages.po_file(tree, locale)
        path.parent.mkdir(parents=True)
        path.write_text(head + po)


@pytest.mark.parametrize(
    ("po", "fault"),
    [
        ("", "1 not translated: Goal"),
        ('msgid "Goal"\nmsgstr ""\n', "1 not translated: Goal"),
        ('#, fuzzy\nmsgid "Goal"\nmsgstr "Tavoite"\n', "1 guessed (fuzzy): Goal"),
        (
            'msgid "Goal"\nmsgstr "Tavoite"\n\nmsgid "Old"\nmsgstr "Vanha"\n',
            "1 no longer in the sources: Old",
        ),
    ],
)
def test_an_incomplete_translation_is_named(po: str, fault: str, tmp_path: Path) -> None:
    make_texts(tmp_path, po)
    assert [line for line in check_translations.faults(tmp_path) if fault in line and line.startswith("fi: ")]


def test_a_complete_translation_has_no_faults(tmp_path: Path) -> None:
    make_texts(tmp_path, 'msgid "Goal"\nmsgstr "Tavoite"\n')
    assert list(check_translations.faults(tmp_path)) == []


def test_english_is_filled_from_the_sources_and_stays_the_same(tmp_path: Path) -> None:
    (tmp_path / "room.py").write_text(
        "from django.utils.translation import gettext as _, ngettext\n\n"
        'TEXTS = [_("Åland has its own law."), ngettext("%(n)d day", "%(n)d days", 2)]\n'
    )
    made = []
    for _ in range(2):
        messages.collect(tmp_path)
        messages.fill_english(tmp_path)
        made.append(messages.po_file(tmp_path, "en").read_text())
    assert made[0] == made[1]
    assert 'msgstr "Åland has its own law."' in made[0]
    assert 'msgstr[1] "%(n)d days"' in made[0]
    assert not [line for line in check_translations.faults(tmp_path) if line.startswith("en: ")]


def test_a_failing_check_is_told_with_what_it_said() -> None:
    code, said = checks.output_of([sys.executable, "-c", "import sys; sys.exit('the fault')"])
    assert (code, said) == (1, "the fault")
