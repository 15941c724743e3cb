"""A caller for the stand-in's own tests: httpx with a token and a preference."""

from __future__ import annotations

from typing import Any, Self

import httpx

from tests.servers.graph.server import GraphServer

IMMUTABLE = 'IdType="ImmutableId"'


class Client:
    """Asks relative to the server's root; a context manager."""

    def __init__(self, server: GraphServer, token: str, prefer: str = IMMUTABLE) -> None:
        headers = {"authorization": f"Bearer {token}", "prefer": prefer}
        self.http = httpx.Client(headers=headers, trust_env=False)
        self._url = server.url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        url = path if path.startswith("http") else self._url + path
        return self.http.request(method, url, **more)

    def get(self, path: str, **more: Any) -> Any:
        answer = self.ask("GET", path, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str, **more: Any) -> tuple[int, str]:
        answer = self.ask(method, path, **more)
        return answer.status_code, answer.json()["error"]["code"]

    def round(self, path: str, **more: Any) -> tuple[list[Any], str]:
        """Follow a delta round to its end; return all entries and the deltaLink."""
        found: list[Any] = []
        while True:
            page = self.get(path, **more)
            found += page["value"]
            if "@odata.deltaLink" in page:
                return found, page["@odata.deltaLink"]
            path = page["@odata.nextLink"]
