"""A person at a browser, as far as forms go: follows redirects, keeps cookies, fills forms."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin

TIMEOUT = 20


@dataclass
class Page:
    """What came back: `url`, where it is; `alert`, what it warns of; the first form."""

    url: str
    text: str = ""
    alert: str = ""
    action: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


class Browser:
    """One browser with its own cookies; stops before any redirect that leaves `origin`."""

    def __init__(self, context: ssl.SSLContext, origin: str) -> None:
        self._origin = origin
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=context),
            urllib.request.HTTPCookieProcessor(CookieJar()),
            _StayHere(),
        )

    def get(self, url: str) -> Page:
        """Open a page."""
        return self._open(url, None)

    def submit(self, page: Page, **filled: str) -> Page:
        """Send the form of a page with these fields filled in."""
        if page.action is None:
            raise ValueError(f"no form on {page.url}: {page.alert or page.text[:200]}")
        return self._open(urljoin(page.url, page.action), page.fields | filled)

    def _open(self, url: str, form: dict[str, str] | None) -> Page:
        data = urlencode(form).encode() if form is not None else None
        while url.startswith(self._origin):
            request = urllib.request.Request(url, data, {"Accept": "text/html"})
            try:
                answer = self._opener.open(request, timeout=TIMEOUT)
            except urllib.error.HTTPError as error:
                answer = error
            with answer:
                location = answer.headers.get("Location")
                if not location:
                    return _read(url, answer.read().decode())
            url, data = urljoin(url, location), None
        return Page(url)


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Hands each redirect back: the last one may lead to a server that does not exist."""

    def redirect_request(self, *_: object) -> None:
        return None


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page, self._alert, self._done = page, False, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._alert = found.get("role") == "alert"
        if tag == "form" and self._page.action is None:
            self._page.action = found.get("action") or self._page.url
        elif tag == "input" and not self._done and found.get("name"):
            self._page.fields[str(found["name"])] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self._alert = False
        self._done = self._done or tag == "form"

    def handle_data(self, data: str) -> None:
        if self._alert:
            self._page.alert += data


def _read(url: str, text: str) -> Page:
    page = Page(url, text)
    _Reader(page).feed(text)
    return page
