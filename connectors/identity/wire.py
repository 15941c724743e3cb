"""HTTP as MSAL wants it: our certificates, short waits, nothing told that need not be told."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx2

from flows.errors import AdministratorError, Throttled, TransientError

SECONDS: Final = 10.0
"""For each of connecting, sending and receiving."""

_Texts = Mapping[str, str] | None
_Form = Mapping[str, str | bytes] | None

_REMEMBERED: Final = 24 * 3600.0
_PAUSE: Final = 30.0
_TELEMETRY: Final = ("x-client-", "x-ms-lib-")


class Trust:
    """The certificates to trust, and what providers have published: shared by all requests.

    *ca* is trusted besides the usual. Variables of `requests` have no say here.

    Raises:
        AdministratorError: *ca* cannot be read.
    """

    def __init__(self, ca: Path | None) -> None:
        self.context: ssl.SSLContext = httpx2.create_ssl_context()
        self.published: dict[str, tuple[float, httpx2.Response]] = {}
        if ca is not None:
            try:
                self.context.load_verify_locations(cafile=ca)
            except OSError as error:  # SSLError is one
                raise AdministratorError(
                    f"the certificates in {ca} cannot be read ({error.strerror or 'no PEM'})",
                    fix="correct JIGAJOB_CA, or put the PEM file there",
                ) from None


class Wire:
    """The `http_client` of one MSAL application; a context manager.

    What the provider cannot answer now is raised here, so that MSAL never meets it.

    Raises:
        Throttled, TransientError: On any request: a pause is asked for, or nobody answers.
    """

    def __init__(self, trust: Trust) -> None:
        self._trust = trust
        self._client = httpx2.Client(
            verify=trust.context, timeout=SECONDS, follow_redirects=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def close(self) -> None:
        """Do nothing: the connection is closed at the end of the context."""

    def get(
        self, url: str, params: _Texts = None, headers: _Texts = None, **_: object
    ) -> httpx2.Response:
        """Return what stands at *url*; what the provider publishes is read once a day."""
        known = self._trust.published.get(place := f"{url} {params}")
        if known and time.monotonic() < known[0]:
            return known[1]
        answer = self._send("GET", url, params=params, headers=headers)
        if answer.status_code == httpx2.codes.OK:
            self._trust.published[place] = (time.monotonic() + _REMEMBERED, answer)
        return answer

    def post(
        self,
        url: str,
        params: _Texts = None,
        data: _Form = None,
        headers: _Texts = None,
        **_: object,
    ) -> httpx2.Response:
        """Send a form, and return the answer."""
        # MSAL gives a signed assertion as bytes.
        form = {
            name: value.decode() if isinstance(value, bytes) else value
            for name, value in (data or {}).items()
        }
        return self._send("POST", url, params=params, data=form, headers=headers)

    def _send(
        self, method: str, url: str, *, headers: _Texts, params: _Texts, data: _Texts = None
    ) -> httpx2.Response:
        kept = {
            name: value
            for name, value in (headers or {}).items()
            if not name.lower().startswith(_TELEMETRY)
        }
        try:
            answer = self._client.request(method, url, headers=kept, params=params, data=data)
        except httpx2.HTTPError as error:
            raise TransientError(
                f"the sign-in service does not answer ({type(error).__name__})",
                fix="nothing, if the network is back soon; else look at it, and at JIGAJOB_CA",
            ) from None
        if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            raise Throttled("the sign-in service asks for a pause", retry_after=_pause(answer))
        if answer.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR:
            if "retry-after" in answer.headers:
                raise Throttled(
                    "the sign-in service is out of order", retry_after=_pause(answer)
                )
            raise TransientError(
                f"the sign-in service is out of order (status {answer.status_code})"
            )
        return answer


def _pause(answer: httpx2.Response) -> float:
    """Return the seconds of Retry-After; a date, which Entra never sends, counts as 30."""
    given = answer.headers.get("retry-after", "")
    return min(3600.0, float(given)) if given.isdecimal() else _PAUSE
