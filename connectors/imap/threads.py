"""Blocking calls in threads, which can be given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(
    work: Callable[[], T],
    *,
    stop: Callable[[], None] = lambda: None,
    left_over: Callable[[T], None] = lambda _result: None,
) -> T:
    """Return what *work* returns, from a thread.

    If the caller is cancelled, *stop* is called, which should make *work* end at once, and
    what it still returns goes to *left_over*.
    """
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:

        def settle(done: asyncio.Future[T]) -> None:
            if not done.cancelled() and done.exception() is None:
                left_over(done.result())

        stop()
        running.add_done_callback(settle)
        raise
