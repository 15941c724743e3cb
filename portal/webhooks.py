"""Webhooks of the flows file: what is posted to them is checked, stored, and then acknowledged.

`jigajob watch` serves them: the cleaner through which their texts go is at work there, and a
call wakes the next sweep. Each has its name as its path. The answer says what is wrong and
never repeats what came; only a call that is stored is answered with 2xx, and one that was
not may be sent again under its id.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from http import HTTPStatus
from typing import Any, NoReturn

from flows.errors import AdministratorError, JigajobError
from flows.language.sources import WebhookSource
from flows.language.spec import FlowSpec
from flows.ports import Clock
from flows.signing import Unsigned, key_of, verified
from flows.starting.calls import Calls, Conflict, InputsWrong, Taken
from portal.door import Handler, Posted
from portal.wiring import App

Answer = tuple[int, str]


class Hook:
    """One webhook, served from the thread of a door; its calls are taken in *loop*.

    It hints at what came, as a mailbox does (`flows.ports.Hints`).
    """

    def __init__(self, name: str, calls: Calls, key: Callable[[], bytes], clock: Clock) -> None:
        self._name, self._calls, self._key, self._clock = name, calls, key, clock
        self._loop = asyncio.get_running_loop()
        self._flows: tuple[FlowSpec, ...] = calls.of_webhook(name)
        self._came = asyncio.Event()

    async def changed(self, seconds: float) -> bool:
        """Return whether a call came, after *seconds* at the latest."""
        try:
            async with asyncio.timeout(seconds):
                await self._came.wait()
        except TimeoutError:
            return False
        self._came.clear()
        return True

    async def handle(self, posted: Posted) -> Answer:
        """Return the answer to what was posted; called in any event loop."""
        taking = asyncio.run_coroutine_threadsafe(self._take(posted), self._loop)
        return await asyncio.wrap_future(taking)

    async def _take(self, posted: Posted) -> Answer:
        try:
            key = self._key()
            call_id = verified(key, posted.headers, posted.body, self._clock.now())
            given = _object(posted.body)
            taken = await self._calls.take(self._flows, given, by=self._name, key=call_id)
        except Unsigned as error:
            return HTTPStatus.UNAUTHORIZED, f"{error}\n"
        except ValueError as error:
            return HTTPStatus.BAD_REQUEST, f"{error}\n"
        except InputsWrong as error:
            told = (f"{each.name} {each.fix}" for each in error.wrong)
            return HTTPStatus.UNPROCESSABLE_ENTITY, "\n".join((error.what, *told, ""))
        except Conflict as error:
            return HTTPStatus.CONFLICT, f"{error}\n"
        except JigajobError:
            return HTTPStatus.SERVICE_UNAVAILABLE, "it was not taken: send it again\n"
        self._came.set()
        return _told(taken)


def hooks(app: App, calls: Calls) -> dict[str, Hook]:
    """Return the webhooks that start a flow, by name.

    Raises:
        AdministratorError: The secret of one of them is missing or too short.
    """
    made: dict[str, Hook] = {}
    for name, source in app.file.sources.items():
        if isinstance(source, WebhookSource) and calls.of_webhook(name):
            key = partial(_key, name, app.accounts.secret(source.secret))
            key()  # somebody who starts a watch is told at once
            made[name] = Hook(name, calls, key, app.clock)
    return made


def handlers(served: Mapping[str, Hook]) -> dict[str, Handler]:
    """Return what the door is to serve, by path."""
    return {name: hook.handle for name, hook in served.items()}


def _key(name: str, secret: Callable[[], str]) -> bytes:
    try:
        return key_of(secret())
    except ValueError as error:
        raise AdministratorError(
            f"the secret of the webhook {name} cannot be used: {error}",
            fix="make another one, for example with: openssl rand -hex 32",
        ) from None


def _object(body: bytes) -> dict[str, object]:
    """Return the JSON object in *body*.

    Raises:
        ValueError: It is none; says so without its words.
    """
    try:
        found = json.loads(
            body.decode("utf-8"),
            parse_float=Decimal,
            parse_constant=_refused,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError):
        raise ValueError("the body must be one JSON object in UTF-8, no key twice") from None
    if not isinstance(found, dict):
        raise ValueError("the body must be a JSON object: {...}")  # noqa: TRY004 - of the caller
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refused(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


def _told(taken: Taken) -> Answer:
    left = f"; {taken.left_out} left out, for which no flow asks" if taken.left_out else ""
    if taken.again:
        return HTTPStatus.OK, "taken before\n"
    return HTTPStatus.ACCEPTED, f"taken{left}\n"
