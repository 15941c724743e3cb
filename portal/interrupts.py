"""Ctrl-C while something is done in one piece, such as importing what reads mail."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def heard_at_once() -> Iterator[None]:
    """Let Ctrl-C end the block where it stands.

    asyncio has it wait for the next pause of its task, and a block of imports or one that
    waits for a child has none for many seconds. What is open is closed as after any error.
    """
    usual = signal.getsignal(signal.SIGINT)
    # Nobody hears it in a thread, or where whoever started us had it ignored.
    if threading.current_thread() is not threading.main_thread() or usual is signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
