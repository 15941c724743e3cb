"""Calls to Cosmos DB: what they cost, which are tried again, and what refusals mean.

The library itself tries again too little (not after 408 or 503) or without telling (429),
and cannot know whether a write whose answer was lost took place. So all of it is done here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, TypeVar

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    DecodeError,
    HttpResponseError,
)

from connectors.cosmos.charges import Charges
from flows.errors import AdministratorError, JigajobError, RecordTooLarge
from flows.pacing import Waiting

_Result = TypeVar("_Result")
Hook = Callable[[Mapping[str, str], Any], None]

_RETRY_WITH: Final = 449
_NOTHING_DONE: Final = frozenset({_RETRY_WITH, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.GONE})
"""Refusals after which it is sure that nothing took place, and that may be tried again."""
_UNSURE: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, *range(500, 600)})
_DECIDED: Final = frozenset(
    {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED}
)
_NOT_YET_HERE: Final = 1002
"""With 404: this replica has not heard yet of what the session has written."""
_NO_CONTAINER: Final = 1003


class Refused(Exception):
    """The service decided against a write; *index* is its place in the batch.

    *unsure* tells that an earlier attempt may have taken place.
    """

    def __init__(self, status: int, index: int) -> None:
        super().__init__(f"{status} at {index}")
        self.status, self.index, self.unsure = status, index, False


class Calls:
    """All calls to *where*: counted in *charges*, tried again for up to *patience* seconds.

    The first pause is of about *first* seconds, each further one twice as long.
    """

    def __init__(self, where: str, charges: Charges, patience: float, first: float) -> None:
        self.charges, self._where = charges, where
        self._patience, self._first = patience, first

    def waiting(self) -> Waiting:
        """Return how long one call may still wait."""
        return Waiting(self._where, self._patience, self._first)

    def hook(self, operation: str, answers: list[Mapping[str, str]] | None = None) -> Hook:
        """Return what to hand to the library as `response_hook`; collects headers."""

        def answered(headers: Mapping[str, str], _: object) -> None:
            self.charges.answered(operation, headers)
            if answers is not None:
                answers.append(headers)

        return answered

    async def run(
        self,
        operation: str,
        call: Callable[[], Awaitable[_Result]],
        *,
        settle: Callable[[], Awaitable[_Result | None]] | None = None,
    ) -> _Result:
        """Return what *call* returns, trying again where that is the cure.

        Where an attempt may have taken place without our hearing of it, *settle* looks: what
        it returns, unless None, is the result.

        Raises:
            Refused: Not found, conflict, or another etag.
            Throttled, TransientError: The patience is used up.
            AdministratorError: We are not let in, or there is no such container.
            RecordTooLarge: The request is.
        """
        waiting, unsure = self.waiting(), False
        while True:
            try:
                if unsure and settle and (found := await settle()) is not None:
                    return found
                return await call()
            except AzureError as error:
                try:
                    pause = self._judged(operation, error)
                except Refused as refused:
                    refused.unsure = unsure
                    raise
                unsure |= _is_unsure(error)
            self.charges.of(operation).again += 1
            if pause is None:
                await waiting.pause()
            else:
                await waiting.rest(pause)

    def _judged(self, operation: str, error: AzureError) -> float | None:
        """Return the seconds to wait, None to decide that here; raise what is final."""
        if not isinstance(error, HttpResponseError) or isinstance(error, DecodeError):
            return None
        headers: Mapping[str, str] = getattr(error, "headers", None) or {}
        status = error.status_code or 0
        if isinstance(error, ClientAuthenticationError) and not headers:
            raise self._no_identity() from None
        if status:
            self.charges.answered(operation, headers)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            self.charges.of(operation).throttled += 1
            return max(float(headers.get("x-ms-retry-after-ms") or 0) / 1000, 0.01)
        sub_status = int(headers.get("x-ms-substatus") or 0)
        if status == HTTPStatus.NOT_FOUND and sub_status == _NOT_YET_HERE:
            return None
        if status == HTTPStatus.NOT_FOUND and sub_status == _NO_CONTAINER:
            raise self.no_container() from None
        if status in _DECIDED:
            raise Refused(status, getattr(error, "error_index", 0)) from None
        if status in _NOTHING_DONE or status in _UNSURE or not status:
            return None
        # What the service says may quote an id or a value, so it is not shown.
        raise self._refusal(status, sub_status) from None

    def _refusal(self, status: int, sub_status: int) -> JigajobError:
        told = f"{status}.{sub_status}"
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return AdministratorError(
                f"{self._where} does not let us in ({told})",
                fix="grant the identity that runs JigAjob the role of deploy/README.md, and"
                " check the clock of this machine and the network rules of the account",
            )
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return RecordTooLarge(
                f"{self._where} takes no request of this size",
                fix="keep less in the fields of a record, or write fewer records at once",
            )
        return AdministratorError(
            f"{self._where} refused a call ({told})", fix="report this as a fault"
        )

    def no_container(self) -> AdministratorError:
        """Return the error that tells that there is no container."""
        return AdministratorError(
            f"{self._where} is not there", fix="deploy it as deploy/README.md says"
        )

    def _no_identity(self) -> AdministratorError:
        return AdministratorError(
            f"{self._where}: there is no identity to sign in with",
            fix="run where a managed or workload identity is, or sign in with `az login`",
        )


def _is_unsure(error: AzureError) -> bool:
    if isinstance(error, HttpResponseError) and not isinstance(error, DecodeError):
        return error.status_code in _UNSURE
    # azure-core calls a connection that was cut a "request error", as if nothing had been sent.
    return True
