"""Who may read what: sign-ins, and the tokens that come of them."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from connectors.identity import refusals
from connectors.identity.app import AppRegistration
from connectors.identity.pending import PendingSignIn
from connectors.identity.rows import LEASE, Row, Rows
from flows.connections import Connection, Connections
from flows.errors import (
    AdministratorError,
    RecordExists,
    RecordMissing,
    SignInNeeded,
    StaleRecord,
    TransientError,
)
from flows.ports import Clock, Tokens
from flows.records import Records

if TYPE_CHECKING:
    from connectors.identity.exchange import Exchange, Granted

T = TypeVar("T")

_HELD_SECONDS: Final = 60.0
"""How long a token is used without looking at the store, where it may have been removed."""

_LONGEST_WAIT: Final = LEASE.total_seconds() + 10.0


class Identity:
    """The sign-ins of one business at one app registration.

    Tokens are kept in *records* (of the scope `identity`), one sealed row an account; any
    number of tasks and processes may use them at once. MSAL is loaded by the first call.

    *ca* is a PEM file of certificates to trust besides the usual.

    Raises, on any method that asks the provider:
        SignInNeeded: It refuses; `why`, `what` and `fix` say what is wrong.
        AdministratorError: The registration, its secret or *ca* cannot be used.
        TransientError: It is away; `Throttled` where it asks for a pause.
    """

    def __init__(
        self, records: Records, app: AppRegistration, *, clock: Clock, ca: Path | None = None
    ) -> None:
        self._records, self._app, self._clock, self._ca = records, app, clock, ca
        self._rows, self._connections = Rows(records, clock), Connections(records, clock)
        self._made: Exchange | None = None

    def tokens(self, account: str, scopes: Sequence[str], *, app_only: bool = False) -> Tokens:
        """Return what gives the tokens of one account; nothing is asked yet.

        With *app_only* the app reads by its own right, with its secret or certificate, and
        scopes are of the form `https://graph.microsoft.com/.default`.
        """
        return _AccountTokens(self, account, tuple(scopes), app_only=app_only)

    async def start_device(
        self, scopes: Sequence[str], *, account: str = "", anyone: bool = False
    ) -> PendingSignIn:
        """Begin a sign-in by a code that a person types in at any browser."""
        flow = await self._ask(lambda it: it.start_device(scopes))
        return PendingSignIn(
            account=account,
            anyone=anyone,
            scopes=tuple(scopes),
            url=flow["verification_uri"],
            user_code=flow["user_code"],
            flow=flow,
        )

    async def finish_device(self, pending: PendingSignIn) -> Connection:
        """Wait until the person has signed in, keep the tokens, and return the connection.

        Raises:
            SignInNeeded: Also for `wrong_account`, and where nobody came in time.
        """
        flow = pending.flow
        while True:
            pause = float(flow.get("interval", 5))
            try:
                granted = await self._ask(lambda it: it.finish_device(flow, pending.scopes))
            except TransientError as error:  # RFC 8628 section 3.5: wait longer, go on
                granted, pause = None, getattr(error, "retry_after", 2 * pause)
            if granted:
                return await self._connected(pending, granted)
            if time.time() + pause > flow["expires_at"]:
                raise refusals.refusal({"error": "expired_token"})
            await asyncio.sleep(pause)

    async def start_browser(
        self,
        scopes: Sequence[str],
        redirect_uri: str,
        *,
        account: str = "",
        anyone: bool = False,
    ) -> PendingSignIn:
        """Begin a sign-in in a browser (authorization code with PKCE).

        The answer comes as a form, POSTed to *redirect_uri*; its field `state` tells to
        which sign-in it belongs.
        """
        flow = await self._ask(lambda it: it.start_browser(scopes, redirect_uri, account))
        return PendingSignIn(
            account=account,
            anyone=anyone,
            scopes=tuple(scopes),
            url=flow["auth_uri"],
            state=flow["state"],
            flow=flow,
        )

    async def finish_browser(
        self, pending: PendingSignIn, query: Mapping[str, str]
    ) -> Connection:
        """Take the fields that came to the redirect address, and return the connection.

        Raises:
            SignInNeeded: Also for `wrong_account`.
            AdministratorError: The fields are not an answer to this sign-in.
        """
        granted = await self._ask(
            lambda it: it.finish_browser(pending.flow, query, pending.scopes)
        )
        return await self._connected(pending, granted)

    async def on_behalf_of(
        self, assertion: str, scopes: Sequence[str], *, account: str = "", anyone: bool = False
    ) -> Connection:
        """Connect the account of a person who has signed in to JigAjob itself.

        *assertion* is the access token for JigAjob; the app needs a secret or certificate.
        """
        granted = await self._ask(lambda it: it.on_behalf_of(assertion, scopes))
        pending = PendingSignIn(account=account, anyone=anyone, scopes=tuple(scopes), url="")
        return await self._connected(pending, granted)

    async def forget(self, account: str) -> bool:
        """Remove all that is kept of an account; return whether there was anything.

        The provider goes on knowing of the consent; the person takes it back there.
        """
        found = [
            row_id
            async for row_id, each in self._connections.each()
            if _same(each.account, account)
        ]
        for row_id in found:
            await self._rows.remove(row_id)
            await self._connections.forget(row_id)
        return bool(found)

    async def connection(
        self, account: str, scopes: Sequence[str], *, app_only: bool = False
    ) -> Connection | None:
        """Return how the connection stands that `tokens` would use; None for none."""
        wanted = _Wanted(account, tuple(scopes), app_only)
        return await self._connections.get(await self._row_id(wanted))

    async def connections(self) -> tuple[Connection, ...]:
        """Return every connection of the business, by account."""
        found = [each async for _, each in self._connections.each()]
        return tuple(sorted(found, key=lambda each: (each.account, each.connected_at)))

    # -- for `_AccountTokens` ---------------------------------------------------------------

    async def _token(self, wanted: _Wanted, refused: str) -> str:
        """Return a token from the row, or a new one; note how it went."""
        row_id = await self._row_id(wanted)
        if wanted.app_only:
            await self._connections.ensure(row_id, wanted.account, wanted.scopes)
        try:
            token = await self._obtain(row_id, wanted, refused)
        except AdministratorError as error:
            await self._connections.bad(row_id, error)
            raise
        await self._connections.good(row_id)
        return token

    async def _obtain(self, row_id: str, wanted: _Wanted, refused: str) -> str:
        patience = time.monotonic() + _LONGEST_WAIT
        while True:
            row, token = await self._kept(row_id, wanted, refused)
            if token:
                return token
            if row is None and not wanted.app_only:
                raise refusals.not_connected()
            async with self._rows.lease(row_id) as ours:
                if ours:
                    try:
                        return await _to_the_end(self._renew(row_id, wanted, refused))
                    except (RecordExists, RecordMissing, StaleRecord):
                        continue  # somebody signed in, or out, meanwhile
            if time.monotonic() > patience:
                raise TransientError("another worker has been renewing this sign-in for long")
            await asyncio.sleep(random.uniform(0.05, 0.25))  # noqa: S311 - no secret

    async def _kept(self, row_id: str, wanted: _Wanted, refused: str) -> tuple[Row | None, str]:
        row = await self._rows.read(row_id)
        if row is None:
            return None, ""
        return row, await self._ask(lambda it: it.kept(row.cache, wanted.scopes, refused))

    async def _renew(self, row_id: str, wanted: _Wanted, refused: str) -> str:
        """Get a new token and keep it; the lease is ours, but others may have been quicker."""
        row, token = await self._kept(row_id, wanted, refused)
        if token:
            return token
        if wanted.app_only:
            granted = await self._ask(lambda it: it.for_itself(wanted.scopes))
        elif row:
            granted = await self._refreshed(row_id, row, wanted)
        else:
            raise refusals.not_connected()
        await self._rows.renew(row_id, granted.cache, row.etag if row else "")
        return granted.token

    async def _refreshed(self, row_id: str, row: Row, wanted: _Wanted) -> Granted:
        try:
            return await self._ask(lambda it: it.refresh(row.cache, wanted.scopes))
        except SignInNeeded:
            now = await self._rows.read(row_id)
            if now and now.etag != row.etag:
                raise StaleRecord("somebody has just signed in anew") from None
            raise

    async def _connected(self, pending: PendingSignIn, granted: Granted) -> Connection:
        signed_in_by = granted.names[0] if granted.names else ""
        account = pending.account or signed_in_by
        known = any(_same(name, account) for name in granted.names)
        if not account or not (known or pending.anyone):
            raise refusals.wrong_account()
        now = self._clock.now()
        made = Connection(
            account=account,
            signed_in_by=signed_in_by,
            scopes=granted.scopes,
            connected_at=now,
            last_good=now,
        )
        row_id = await self._row_id(_Wanted(account, pending.scopes))
        record = await self._connections.record(row_id, made)
        await self._rows.replace(row_id, granted.cache, record)
        return made

    async def _row_id(self, wanted: _Wanted) -> str:
        app = self._app
        # Tokens of the app itself are kept apart for each service, as MSAL gives no other way
        # to renew one of them before its end.
        whose = ("app", *sorted(wanted.scopes)) if wanted.app_only else ("person",)
        account = wanted.account.casefold()
        return await self._records.record_id(
            "identity", app.authority, app.tenant, app.client_id, account, *whose
        )

    async def _ask(self, question: Callable[[Exchange], T]) -> T:
        """Ask in a thread: loading MSAL takes long, and it waits for its answers."""
        if self._made is None:
            self._made = await asyncio.to_thread(self._exchange)
        return await asyncio.to_thread(partial(question, self._made))

    def _exchange(self) -> Exchange:
        from connectors.identity.exchange import Exchange  # noqa: PLC0415 - loads MSAL
        from connectors.identity.wire import Trust  # noqa: PLC0415

        return Exchange(self._app, Trust(self._ca))


@dataclass(frozen=True, slots=True)
class _Wanted:
    account: str
    scopes: tuple[str, ...]
    app_only: bool = False


@dataclass(frozen=True, slots=True)
class _Held:
    token: str = field(repr=False)
    until: float


class _AccountTokens:
    """The `Tokens` port of one account."""

    def __init__(
        self, identity: Identity, account: str, scopes: tuple[str, ...], *, app_only: bool
    ) -> None:
        self._identity = identity
        self._wanted = _Wanted(account, scopes, app_only)
        self._held: _Held | None = None

    async def token(self, *, refused: str = "") -> str:
        """Return an access token; see the port."""
        held = self._held
        if held and held.token != refused and time.monotonic() < held.until:
            return held.token
        token = await self._identity._token(self._wanted, refused)  # noqa: SLF001 - its other half
        self._held = _Held(token, time.monotonic() + _HELD_SECONDS)
        return token


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


async def _to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Do *work* to its end even when cancelled: a refresh token is used up by being sent."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # taken, so that nobody is told that it was not
        raise
