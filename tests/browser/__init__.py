"""A Chromium that shows tests a page: what a person would see, and what could not be read.

    seen = chromium.look(path, dark=True, width=390)
    assert seen.barriers == []

It is Debian's, started once a process in a thread of its own: Playwright keeps an event loop
running where it is, and tests that run one of theirs beside it would fail.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.servers.node import install

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AXE = Path(__file__).parent / "axe"


@dataclass(frozen=True)
class Seen:
    """What became of a page: all details of it were open.

    `barriers` are the rules of axe-core that it breaks, each with where; `said` is what the
    console said; `fetched` are addresses asked for, but its own; `sideways` is how many pixels
    it is too wide.
    """

    barriers: list[str]
    said: list[str]
    fetched: list[str]
    sideways: int
    text: str


class Chromium:
    """The browser. Every call opens a page anew, with nothing kept from before."""

    def __init__(self, browser: Browser, thread: ThreadPoolExecutor) -> None:
        self._browser = browser
        self._thread = thread

    def look(
        self, page: Path, *, dark: bool = False, width: int = 1280, scripts: bool = True
    ) -> Seen:
        """Return what is seen of a file."""
        return self._thread.submit(self._look, page, dark, width, scripts).result()

    def printed(self, page: Path) -> bytes:
        """Return the file as it prints, as PDF."""
        return self._thread.submit(self._printed, page).result()

    def _look(self, path: Path, dark: bool, width: int, scripts: bool) -> Seen:
        shown = self._browser.new_page(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        shown.set_default_timeout(5_000)
        said: list[str] = []
        fetched: list[str] = []
        shown.on("console", lambda line: said.append(line.text))
        shown.on("pageerror", lambda error: said.append(str(error)))
        shown.on("request", lambda request: fetched.append(request.url))
        try:
            shown.goto(path.as_uri())
            closed = shown.locator("details:not([open]) > summary")
            if scripts:
                closed.evaluate_all("all => all.forEach(each => each.parentNode.open = true)")
            while not scripts and closed.count():
                closed.first.click()
            wide = shown.evaluate("document.documentElement.scrollWidth - innerWidth")
            return Seen(
                barriers=_barriers(shown) if scripts else [],
                said=said,
                fetched=[url for url in fetched if url != path.as_uri()],
                sideways=wide,
                text=shown.locator("body").inner_text(),
            )
        finally:
            shown.close()

    def _printed(self, path: Path) -> bytes:
        shown = self._browser.new_page()
        try:
            shown.goto(path.as_uri())
            return shown.pdf(format="A4", print_background=True)
        finally:
            shown.close()


@contextmanager
def open_chromium() -> Iterator[Chromium]:
    """Open the browser; skip the test, aloud, where there is none."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with ThreadPoolExecutor(max_workers=1) as thread:
        playwright = thread.submit(lambda: sync_playwright().start()).result()
        try:
            browser = thread.submit(
                lambda: playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
            ).result()
            yield Chromium(browser, thread)
            thread.submit(browser.close).result()
        finally:
            thread.submit(playwright.stop).result()


def _barriers(shown: Any) -> list[str]:
    shown.evaluate(_axe())  # by the debugger, which no content policy of the page stops
    broken = shown.evaluate("axe.run().then(found => found.violations)")
    return [
        f"{rule['id']}: {node['target'][0]}: {node['failureSummary']}"
        for rule in broken
        for node in rule["nodes"][:3]
    ]


@cache
def _axe() -> str:
    install(AXE)
    return (AXE / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
