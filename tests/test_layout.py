"""Decisions of the house that a linter doesn't know: where rows are found, where states are named, what templates may hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

from negotiations.lifecycle import State

ROOT: Final = Path(settings.BASE_DIR)
ROOMS: Final = ("hyte_portal", "organizations", "negotiations")
SOURCES: Final = [
    path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts
]
TEMPLATES: Final = sorted((ROOT / "templates").rglob("*.html"))
PAGES: Final = [path for path in SOURCES if "views" in path.parts or path.name == "views.py"]
SHOWN: Final = [*PAGES, *(path for path in SOURCES if "forms" in path.parts or path.name == "forms.py")]

# Rows that are found without asking who sees them, and why that is right.
OWN_ROWS: Final = {
    "organizations/views/profile.py": "one's own account",
    "organizations/views/people.py": "people of an organisation that organization_to_manage has just granted",
    "organizations/views/organizations.py": "organisations are public",
    "organizations/forms.py": "organisations are public; holders are filtered by the organisation that is managed",
}
# Facts of a row that a page or form needs and that no act answers.
NAMED: Final = {
    "Side.GUEST": "whom a form offers: the guests of a talk",
    "Side.GUEST.value": "whom a form offers: the guests of a talk",
    "Duty.EDITOR": "what a first editor is invited to, and whether there is one",
}


STATES: Final = "|".join(State.values)
ENUM: Final = re.compile(r"(?:lifecycle\.)?(?:State|RoundState|Side|Duty)\.[A-Z_]+(?:\.value)?$")
UNASKED: Final = re.compile(r"\.(?:objects|_default_manager)\.(?:get|all)\(")
TOKEN: Final = re.compile(r"{% (?:form_start|csrf_token) %}")


def text(path: Path) -> str:
    """Return a template without its comments."""
    source = path.read_text(encoding="utf-8")
    return re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", source, flags=re.DOTALL)


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node)


def test_views_find_rows_only_through_who_asks() -> None:
    """`negotiations.finding` and `visible_to` turn an address into a row, nothing else."""
    wrong = {short(path): [call for call in calls(path) if UNASKED.search(call)] for path in PAGES}
    assert {name: found for name, found in wrong.items() if found and name not in OWN_ROWS} == {}


def test_views_and_forms_name_no_state_and_no_duty() -> None:
    """What may be done when stands in RULES: pages ask for acts."""
    wrong: dict[str, list[str]] = {}
    for path in SHOWN:
        source = path.read_text(encoding="utf-8")
        nodes = [ast.unparse(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)]
        named = {words for words in nodes if ENUM.match(words)} - set(NAMED)
        wrong[short(path)] = sorted(named) + re.findall(
            rf"""state(?:__in)?\s*(?:==|=|!=|in)\s*[(\[]?["'](?:{STATES})""", source
        )
    assert {name: found for name, found in wrong.items() if found} == {}


def test_templates_name_no_state_and_no_duty() -> None:
    wrong = {
        short(path): re.findall(
            rf"""\.state\s*(?:==|!=|in)\s*["'](?:{STATES})["']|has_duty|["'](?:confirmer|administrator)["']""",
            text(path),
        )
        for path in TEMPLATES
        if "pdf" not in path.parts  # a memo prints its own status words
    }
    assert {name: found for name, found in wrong.items() if found} == {}


def test_templates_hold_no_style_script_or_handler() -> None:
    """The content security policy is strict; a mail has no browser behind it."""
    wrong = {}
    for path in TEMPLATES:
        source = text(path)
        found = re.findall(r"<[^>]*\son[a-z]+\s*=|<script(?![^>]*\bsrc=)[^>]*>|javascript:", source)
        if not {"pdf", "mail"} & set(path.parts):
            found += re.findall(r"<[^>]*\sstyle\s*=|<style", source)
        wrong[short(path)] = found
    assert {name: found for name, found in wrong.items() if found} == {}


def test_every_form_that_is_posted_carries_its_token() -> None:
    """`form_start` carries the token, the acting organisation and the key of the submission."""
    wrong = {}
    for path in TEMPLATES:
        forms = re.findall(r"<form\b(?=[^>]*method=\"post\").*?</form>", text(path), flags=re.DOTALL)
        wrong[short(path)] = [form[:80] for form in forms if not TOKEN.search(form)]
    assert {name: found for name, found in wrong.items() if found} == {}
    assert sum('method="post"' in text(path) for path in TEMPLATES) > 20


def test_no_task_waits_for_a_moment() -> None:
    """The queue only sweeps: rows say what is due (docs/decisions/0002)."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword):
                assert node.arg not in {"eta", "countdown", "visibility_timeout"}, short(path)


def test_tasks_take_no_arguments() -> None:
    for path in SOURCES:
        if path.name != "tasks.py":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                assert not node.args.args, f"{short(path)} {node.name}"


def test_safe_html_is_made_in_listed_places_only() -> None:
    """Each place that calls text safe says why on its line."""
    for path in SOURCES:
        for line in path.read_text(encoding="utf-8").splitlines():
            if "mark_safe(" in line:
                assert "noqa: S308 - " in line, f"{short(path)}: {line.strip()}"


def test_names_of_files_say_what_is_in_them() -> None:
    vague = {"utils.py", "helpers.py", "mixins.py", "base.py", "common.py", "misc.py", "services.py"}
    assert not [short(path) for path in SOURCES if path.name in vague]
