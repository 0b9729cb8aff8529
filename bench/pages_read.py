"""A reader of pages: signed in without the form, so that only the page itself is measured; and the page's forms."""

from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from organizations.models import User

PATIENCE = 60


def session_of(person: User) -> str:
    """Sign a person in and return the session's key."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def reader(url: str, session: str = "") -> httpx.Client:
    """Return a client of a server, signed in by a session's key."""
    cookies = {settings.SESSION_COOKIE_NAME: session} if session else {}
    # trust_env: no proxy of the machine stands between us and our own loopback.
    return httpx.Client(base_url=url, cookies=cookies, timeout=PATIENCE, trust_env=False)


def fetched(client: httpx.Client, path: str, *statuses: int) -> httpx.Response:
    """Return a page, or stop with its status when it is another one than expected."""
    answer = client.get(path)
    if answer.status_code not in (statuses or (200,)):
        raise RuntimeError(f"{path} answered {answer.status_code}: {answer.text[:300]}")
    return answer


class _Fields(HTMLParser):
    """Collects the fields of a page's forms as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.name = self.text = ""
        self.inside = self.chosen_one = False
        self.option: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.forms.append({})
            self.inside = True
        elif self.inside and tag == "input" and found.get("name"):
            self._input(found)
        elif self.inside and tag in {"textarea", "select"}:
            self.name, self.text, self.chosen_one = found.get("name", ""), "", False
            if tag == "select":
                self._keep(self.name, "")
        elif self.inside and tag == "option" and "selected" in found:
            self.forms[-1][self.name] = [found.get("value", "")]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.inside:
            self._keep(self.name, self.text.removeprefix("\n"))
        elif tag == "form":
            self.inside = False

    def _input(self, found: dict[str, str]) -> None:
        kind = found.get("type", "text")
        if kind in {"checkbox", "radio"} and "checked" not in found:
            return
        if kind not in {"submit", "button", "file", "image", "reset"}:
            self._keep(found["name"], found.get("value", "on" if kind == "checkbox" else ""))

    def _keep(self, name: str, value: str) -> None:
        if name:
            self.forms[-1].setdefault(name, []).append(value)


def form_with(page: str, field: str) -> dict[str, list[str]]:
    """Return the fields of the page's form that has a field of this name."""
    found = next((form for form in _forms(page) if field in form), None)
    if found is None:
        raise RuntimeError(f"the page has no form with {field!r}")
    return found


def _forms(page: str) -> Iterator[dict[str, list[str]]]:
    parser = _Fields()
    parser.feed(page)
    yield from parser.forms
