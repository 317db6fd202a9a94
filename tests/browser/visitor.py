"""Somebody at a browser: a window, a language, a signed-in user, and what went wrong on the way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response

from tests.browser.company import Company
from tests.databases import DATABASE

WINDOWS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "desk": {"viewport": {"width": 1280, "height": 900}},
}
LOCALES = {"zh": "zh-CN", "en": "en-US"}
# A page looks the same whatever database is under it, so that the runs on both together go every way in both windows
# and both languages: each takes one diagonal of the four, the other run the other.
DIAGONALS = [("phone", "zh"), ("desk", "en")], [("phone", "en"), ("desk", "zh")]
CROSSED, OTHERS = DIAGONALS if DATABASE == "sqlite" else DIAGONALS[::-1]
THUMB = 44  # pixels, the least height of what a thumb presses

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
RUN_AXE = """() => axe.run(document, {resultTypes: ['violations'], preload: false, iframes: false})
  .then(found => found.violations
  .filter(fault => ['serious', 'critical'].includes(fault.impact))
  .map(fault => `${fault.id} at ${fault.nodes.map(node => node.target.join(' ')).slice(0, 3).join(' | ')}: `
    + fault.nodes[0].failureSummary.replace(/\\s+/g, ' ')))"""
SIDEWAYS = "() => document.documentElement.scrollWidth - window.innerWidth"
PICTURES = """() => [...document.images].filter(image => image.loading !== 'lazy' || image.complete)
  .filter(image => (image.complete && image.naturalWidth === 0) || !image.hasAttribute('alt'))
  .map(image => image.getAttribute('src'))"""
OUR_WORDS = """() => [...document.querySelectorAll('button, label, legend, th, h1, h2, nav a, .btn')]
  .filter(element => element.offsetParent !== null && !element.closest('[data-user-text], [lang]:not(html)'))
  .map(element => element.innerText.trim()).filter(text => text && text.length < 60)"""
HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN_WORDS = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]{2,})+")


@dataclass
class Visitor:
    """One person's window. `faults` collects what no page of ours may do; a test ends with none."""

    company: Company
    context: BrowserContext
    page: Page
    window: str
    lang: str
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def watch(self) -> None:
        """Note script errors, refusals of the content policy, and requests that fail."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._fault(f"script error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self.window} {self.lang} {self.page.url}: {what}")

    def _console(self, message: ConsoleMessage) -> None:
        # An answer of 4xx or 5xx is judged by `_answered`, which knows the ones that a test asked for.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self._fault(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # Aborted: the person went on to another page before a picture had arrived.
        if "ERR_ABORTED" not in (request.failure or "") and 0 not in self.expected:
            self._fault(f"request failed: {request.url} {request.failure}")

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400 and answer.status not in self.expected:
            self._fault(f"{answer.status} from {answer.request.method} {answer.url}")

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Inside, answers of these kinds are what the test wants; 0 is a connection that fails."""
        self.expected.update(statuses)
        try:
            yield
        finally:
            self.expected.difference_update(statuses)

    def say(self, text: str, **values: Any) -> str:
        """A sentence of the product in this reader's language."""
        return self.company.say(self.lang, text, **values)

    def go(self, path: str) -> Page:
        """Open an address of the product."""
        self.page.goto(self.company.address + path)
        return self.page

    def button(self, text: str, inside: Locator | Page | None = None) -> Locator:
        """The button with this name."""
        return (inside or self.page).get_by_role("button", name=self.say(text), exact=True)

    def link(self, text: str, inside: Locator | Page | None = None) -> Locator:
        """The link with this name."""
        return (inside or self.page).get_by_role("link", name=self.say(text), exact=True)

    @property
    def path(self) -> str:
        """Where the window is, without the host."""
        return self.page.url.removeprefix(self.company.address)

    def look(self) -> None:
        """Note what is wrong with the page as it stands: layout, pictures, language, accessibility."""
        page = self.page
        page.wait_for_load_state("load")
        if folder := os.environ.get("TRACKER_SHOTS"):
            name = re.sub(r"\W+", "-", f"{self.path}-{self.window}-{self.lang}").strip("-")
            page.screenshot(path=f"{folder}/{name[:120]}.png", full_page=True)
        if (beyond := page.evaluate(SIDEWAYS)) > 1:
            self._fault(f"scrolls sideways by {beyond} pixels")
        if not page.title() or page.locator("h1").count() != 1:
            self._fault(f"title {page.title()!r} and {page.locator('h1').count()} h1")
        for source in page.evaluate(PICTURES):
            self._fault(f"picture without content or words: {source}")
        for text in page.evaluate(OUR_WORDS):
            if HAN.search(text) if self.lang == "en" else (LATIN_WORDS.search(text) and not HAN.search(text)):
                self._fault(f"in the other language: {text!r}")
        page.evaluate(_axe())
        for line in page.evaluate(RUN_AXE):
            self._fault(f"axe: {line}")

    def low_targets(self, selector: str) -> list[str]:
        """The visible things to press under `selector` that are too low for a thumb."""
        boxes = [(one, one.bounding_box()) for one in self.page.locator(selector).all() if one.is_visible()]
        assert boxes, f"nothing to press: {selector}"
        return [
            f"{box['height']:.0f} px: {one.evaluate('element => element.outerHTML.slice(0, 120)')}"
            for one, box in boxes
            if box and box["height"] < THUMB - 0.5
        ]


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")
