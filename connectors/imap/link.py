"""One connection that is kept for the next call, and made again when it was lost."""

from __future__ import annotations

import asyncio
import imaplib
from collections.abc import Callable
from typing import TypeVar

from connectors.imap.account import Account
from connectors.imap.session import Session
from connectors.imap.threads import in_thread
from flows.errors import JigajobError, TransientError

T = TypeVar("T")


class _Lost(Exception):
    """The connection broke under a call."""


class ConnectionLost(TransientError):
    """The server took the sign-in, and then the connection broke under the call."""


class Link:
    """Runs blocking work on a session of one account, one call at a time."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._session: Session | None = None
        self._busy: Session | None = None
        self._lock = asyncio.Lock()

    @property
    def session(self) -> Session | None:
        """Return the session that is kept now, for waiting on its socket."""
        return self._session

    async def run(self, work: Callable[[Session], T]) -> T:
        """Return what *work* returns; it is done again if a kept connection turns out dead.

        Raises:
            TransientError: The server is away, refused a command, or hung up on a new
                connection too (`ConnectionLost`).
            SignInNeeded, AdministratorError: As `Account.open`.
        """
        async with self._lock:
            if self._session is not None:
                try:
                    return await self._attempt(work, self._session)
                except _Lost:
                    pass  # servers close connections that were quiet for long
            try:
                return await self._attempt(work, await self._account.open())
            except _Lost:
                raise ConnectionLost(
                    f"the connection to {self._account.server} was lost"
                ) from None

    async def close(self) -> None:
        """End the connection, and a call that is under way with it."""
        if self._busy is not None:
            self._busy.cut()
        async with self._lock:
            session, self._session = self._session, None
            if session is not None:
                await in_thread(session.end, stop=session.cut)

    async def _attempt(self, work: Callable[[Session], T], session: Session) -> T:
        self._session, self._busy = None, session
        try:
            result = await in_thread(lambda: work(session), stop=session.cut)
        except JigajobError:
            self._session = session
            raise
        except (imaplib.IMAP4.abort, OSError):
            session.cut()
            raise _Lost from None
        except imaplib.IMAP4.error as error:
            session.cut()
            raise TransientError(
                f"{self._account.server} refused a command ({type(error).__name__})"
            ) from None
        except BaseException:
            session.cut()
            raise
        finally:
            self._busy = None
        self._session = session
        return result
