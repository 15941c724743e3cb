"""Secrets kept in Azure Key Vault, by name: passwords and keys that flows.yaml refers to.

One question, `GET /secrets/NAME`, by the pipeline that every library of Azure is made of. The
token is for the cloud that the vault's own name is of, and goes to no other host.

Source: https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from azure.core import PipelineClient
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.core.pipeline.policies import (
    BearerTokenCredentialPolicy,
    HeadersPolicy,
    RetryPolicy,
    UserAgentPolicy,
)
from azure.core.rest import HttpRequest, HttpResponse

from flows.errors import AdministratorError, JigajobError, Throttled, TransientError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

ADDRESS: Final = re.compile(r"https://(?P<name>[0-9A-Za-z-]{1,127})\.(?P<cloud>[^/?#\s:]+)/?")
"""The address of a vault: `https://NAME.vault.azure.net`."""

FRESH: Final = 300.0
"""Seconds for which a secret is not asked for again; so long one that was changed may last."""

_VERSION: Final = "7.4"
_OK, _THROTTLED, _FORBIDDEN, _GONE = 200, 429, 403, 404
_LATER: Final = frozenset({408, 500, 502, 503, 504})
_WAIT: Final = 10.0


class KeyVaultSecrets:
    """Reads the newest version of secrets in the vault at *address*.

    The identity behind *credential* needs `secrets/get`: the role "Key Vault Secrets User".
    *resource* is what its token is for; without it, the cloud that the address names. *options*
    go to the pipeline. Closing this closes the credential as well.

    Raises:
        AdministratorError: The address is not that of a vault.
    """

    def __init__(
        self,
        address: str,
        credential: TokenCredential,
        *,
        resource: str = "",
        clock: Callable[[], float] = time.monotonic,
        **options: object,
    ) -> None:
        found = ADDRESS.fullmatch(address)
        if not found and not resource:
            raise AdministratorError(
                "JIGAJOB_SECRETS is not the address of an Azure Key Vault",
                fix="give it as https://NAME.vault.azure.net",
            )
        cloud = f"https://{found['cloud']}" if found else ""
        given: dict[str, Any] = dict(options)
        retry = RetryPolicy(**given)
        policies = [
            HeadersPolicy(),
            UserAgentPolicy("jigajob"),
            retry,
            BearerTokenCredentialPolicy(credential, f"{resource or cloud}/.default"),
        ]
        self._client: PipelineClient[HttpRequest, HttpResponse] = PipelineClient(
            address, policies=policies, **given
        )
        self._credential, self._clock = credential, clock
        self._known: dict[str, tuple[float, str]] = {}

    def read(self, name: str) -> str:
        """Return the secret called *name*; what was read less than five minutes ago, from here.

        Raises:
            AdministratorError: There is none, it is disabled, or we are not let in.
            TransientError: The vault is away, or asks for a pause (`Throttled`).
        """
        read_at, value = self._known.get(name, (0.0, ""))
        if value and self._clock() - read_at < FRESH:
            return value
        value = self._asked(name)
        self._known[name] = self._clock(), value
        return value

    def close(self) -> None:
        """Let go of connections, and of the credential."""
        self._client.close()
        close = getattr(self._credential, "close", None)
        if close is not None:
            close()

    def _asked(self, name: str) -> str:
        url = self._client.format_url(f"/secrets/{quote(name, safe='')}/")
        request = HttpRequest("GET", url, params={"api-version": _VERSION})
        try:
            answer = self._client.send_request(request)
        except (ServiceRequestError, ServiceResponseError) as error:
            raise TransientError("Key Vault cannot be reached") from error
        except ClientAuthenticationError:
            raise _trouble(
                name, "cannot be read: the sign-in at Azure failed", _SIGN_IN
            ) from None
        except AzureError:
            raise _trouble(
                name, "cannot be read: no sign-in at Azure worked", _SIGN_IN
            ) from None
        if answer.status_code != _OK:
            raise _explained(name, answer)
        value = answer.json().get("value")
        if not isinstance(value, str) or not value:
            raise _trouble(name, "is empty", "write it anew in Key Vault")
        return value


def _explained(name: str, answer: HttpResponse) -> JigajobError:
    """Return what an answer without a secret means; of its text one word is looked for."""
    status = answer.status_code
    if status == _THROTTLED:
        return Throttled("Key Vault asks for a pause", retry_after=_pause(answer.headers))
    if status in _LATER:
        return TransientError(f"Key Vault answered {status}")
    if status == _GONE:
        fix = "make it in Key Vault, or correct the reference in flows.yaml"
        return _trouble(name, "is not in Key Vault", fix)
    if status == _FORBIDDEN and "SecretDisabled" in answer.text():
        return _trouble(name, "is disabled in Key Vault", "enable it, or make a newer version")
    if status == _FORBIDDEN:
        fix = (
            'give our identity the role "Key Vault Secrets User", and let this machine through'
            " the vault's firewall"
        )
        return _trouble(name, "in Key Vault is closed to us", fix)
    what = f"cannot be read: Key Vault answered {status}"
    return _trouble(name, what, _SIGN_IN if status == 401 else "report this as a fault")  # noqa: PLR2004 - unauthorised


_SIGN_IN: Final = (
    "run where a managed or workload identity is, or sign in with `az login`;"
    " the identity must be of the vault's tenant"
)


def _trouble(name: str, what: str, fix: str) -> AdministratorError:
    return AdministratorError(f"the secret {name} {what}", fix=fix)


def _pause(headers: Mapping[str, str]) -> float:
    try:
        return float(headers.get("Retry-After", _WAIT))
    except ValueError:
        return _WAIT
