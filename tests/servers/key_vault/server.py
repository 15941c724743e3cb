"""The vault in its thread, and what tests do to it from Python."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any, Self

from aiohttp import web
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from tests.servers.certificates import Certificates
from tests.servers.key_vault.keys import Refused, Vault

RESOURCE = "https://vault.azure.net"
_FAREWELL = 0.2
TENANT = "11111111-2222-3333-4444-555555555555"


def _token(name: str, scopes: tuple[str, ...]) -> AccessToken:
    assert scopes == (f"{RESOURCE}/.default",)
    if not name:
        raise ClientAuthenticationError("no identity here")
    return AccessToken(f"token-of-{name}", int(time.time()) + 3600)


class CredentialAtOnce:
    """A signed-in identity for code that does not await."""

    def __init__(self, name: str) -> None:
        self.name, self.closed = name, False

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        return _token(self.name, scopes)

    def close(self) -> None:
        self.closed = True


class Credential:
    """A signed-in identity, as azure-identity would have it, with the token it was given."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        return _token(self.name, scopes)

    async def close(self) -> None:
        """Nothing is open."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class KeyVaultServer(Vault):
    """A Key Vault of one's own; a context manager. See the package for its use."""

    def __init__(self, certificates: Certificates) -> None:
        super().__init__()
        self.journal: list[tuple[str, str, int]] = []
        self._certificates = certificates
        self._failing: list[tuple[int, float | None]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def options(self) -> dict[str, Any]:
        """What the library must be told to talk to this vault, and to be quick about it."""
        return {
            "connection_verify": str(self._certificates.ca),
            "verify_challenge_resource": False,
            "retry_total": 1,
            "retry_backoff_factor": 0.01,
        }

    def address(self, name: str) -> str:
        return f"https://localhost:{self.port}/keys/{name}"

    def credential(self, name: str = "jigajob") -> Credential:
        return Credential(name)

    def credential_at_once(self, name: str = "jigajob") -> CredentialAtOnce:
        return CredentialAtOnce(name)

    @property
    def secrets_address(self) -> str:
        return f"https://localhost:{self.port}"

    def fail_next(
        self, status: int, *, times: int = 1, retry_after: float | None = None
    ) -> None:
        self._failing += [(status, retry_after)] * times

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        asyncio.run_coroutine_threadsafe(asyncio.sleep(2 * _FAREWELL), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def stop(self) -> None:
        runner, self._runner = self._runner, None
        if runner:
            self._loop.call_soon_threadsafe(self._listening.close)
            asyncio.run_coroutine_threadsafe(runner.cleanup(), self._loop).result(10)

    async def _serve(self) -> None:
        app = web.Application(middlewares=[self._watched])
        app.router.add_get("/keys/{name}", self._get)
        app.router.add_get("/keys/{name}/", self._get)
        app.router.add_get("/keys/{name}/{version}", self._get)
        app.router.add_get("/secrets/{name}/", self._secret)
        app.router.add_post("/keys/{name}/{version}/{verb:wrapkey|unwrapkey}", self._wrap)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        # Not by a site of aiohttp: that would wait half a minute for a farewell under TLS.
        self._listening = await self._loop.create_server(
            self._runner.server,
            "127.0.0.1",
            self.port,
            ssl=self._certificates.serving(),
            ssl_shutdown_timeout=_FAREWELL,
        )
        self.port = self._listening.sockets[0].getsockname()[1]

    @web.middleware
    async def _watched(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        try:
            self._let_in(request)
            answer = await handler(request)
        except Refused as refusal:
            answer = web.json_response(
                refusal.body, status=refusal.status, headers=refusal.headers
            )
        except web.HTTPNotFound:
            answer = web.Response(status=404)
        self.journal.append((request.method, request.path, answer.status))
        return answer

    def _let_in(self, request: web.Request) -> None:
        if "api-version" not in request.query:
            raise Refused(400, "BadParameter", "api-version must be given")
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not token.startswith("token-of-"):
            login = f"https://login.microsoftonline.com/{TENANT}"
            raise Refused(
                401,
                "Unauthorized",
                "AKV10000: Request is missing a Bearer or PoP token.",
                headers={
                    "WWW-Authenticate": f'Bearer authorization="{login}", resource="{RESOURCE}"'
                },
            )
        if token == "token-of-nobody":
            raise Refused(403, "Forbidden", "Caller is not authorized", "ForbiddenByRbac")
        if self._failing:
            status, retry_after = self._failing.pop(0)
            after = {} if retry_after is None else {"Retry-After": str(retry_after)}
            code = {429: "Throttled", 503: "ServiceUnavailable"}.get(status, "InternalError")
            raise Refused(status, code, "as the test asked", headers=after)

    async def _get(self, request: web.Request) -> web.StreamResponse:
        name, version = request.match_info["name"], request.match_info.get("version", "")
        key = self.version(name, version)
        return web.json_response(key.bundle(f"https://localhost:{self.port}"))

    async def _secret(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        kid = f"{self.secrets_address}/secrets/{name}/1"
        return web.json_response({"value": self.secret(name), "id": kid, "attributes": {}})

    async def _wrap(self, request: web.Request) -> web.StreamResponse:
        key = self.version(request.match_info["name"], request.match_info["version"])
        asked = await request.json()
        result = key.carry_out(request.match_info["verb"], asked["alg"], asked["value"])
        kid = key.address(f"https://localhost:{self.port}")
        return web.json_response({"kid": kid, "value": result})
