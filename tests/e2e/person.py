"""A person at her browser: signs in, opens pages, presses and writes as people do."""

import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from negotiations.demo.people import PASSWORD

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 375, "height": 740}
_AXE = Axe()
_RANDOM_NAME = re.compile(r"/[2-9a-z]{10}/")
_OPTIONS = {"resultTypes": ["violations"]}


class Person:
    """One demo person in a browser of her own, in one language."""

    def __init__(self, browser: Browser, server: str, login: str, language: str) -> None:
        self.server, self.language, self.login = server, language, login
        self.page: Page = browser.new_context(viewport=WIDE, locale="fi-FI").new_page()  # type: ignore[arg-type]
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.checked: set[str] = set()
        if login:
            self._sign_in()

    def _hear(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def _sign_in(self) -> None:
        self.page.goto(f"{self.server}/{self.language}/tili/kirjaudu/")
        self.page.fill("input[name=login]", f"{self.login}@demo.example")
        self.page.fill("input[name=password]", PASSWORD)
        self.page.locator("form:has(input[name=password]) button").first.click()
        self.page.wait_for_url("**/tyopoyta/")

    def open(self, path: str) -> None:
        """Open an address, and look at the page at both widths."""
        answer = self.page.goto(f"{self.server}/{self.language}{path}")
        assert answer is not None
        assert answer.status == 200, (answer.status, path)
        self.look()

    def look(self) -> None:
        """Hold the page against axe at both widths; nothing may scroll sideways; the CSP may stop nothing."""
        kind = _RANDOM_NAME.sub("/*/", self.path)
        if kind in self.checked:
            return
        self.checked.add(kind)
        for width in (NARROW, WIDE):
            self.page.set_viewport_size(width)  # type: ignore[arg-type]
            too_wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not too_wide, f"{self.page.url} scrolls sideways at {width['width']} px"
            found = _AXE.run(self.page, options=_OPTIONS).response["violations"]
            assert not found, [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found] + [self.page.url]
        assert not self.complaints, self.complaints

    def press(self, selector: str) -> None:
        """Press a link or button and look at the page that comes."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.look()

    def send(self) -> None:
        """Press the button that sends the page's main form."""
        self.press("main form[method=post] button:not([formaction]):not([name=no_change])")

    def write(self, **fields: str) -> None:
        """Write into fields by their names."""
        for name, text in fields.items():
            self.page.fill(f"main [name={name}]", text)

    def choose(self, **fields: str) -> None:
        """Choose from lists by the words or value shown."""
        for name, value in fields.items():
            self.page.select_option(f"main select[name={name}]", value)

    def choose_words(self, **fields: str) -> None:
        """Choose from lists by the words shown."""
        for name, words in fields.items():
            self.page.select_option(f"main select[name={name}]", label=words)

    def tick(self, name: str, value: str) -> None:
        """Tick a box or radio button."""
        self.page.check(f"main input[name={name}][value='{value}']")

    def sees(self, text: str) -> bool:
        """Say whether the page shows the text."""
        return text in self.page.inner_text("body")

    def download(self, selector: str) -> bytes:
        """Download what a link leads to."""
        with self.page.expect_download() as download:
            self.page.locator(selector).first.click()
        path: Path = download.value.path()
        return path.read_bytes()

    @property
    def path(self) -> str:
        """Return the page's address without server and language."""
        return self.page.url.removeprefix(f"{self.server}/{self.language}").partition("#")[0]
