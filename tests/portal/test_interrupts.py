"""Ctrl-C is heard in the middle of a long piece of work, and what is open is closed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from portal.interrupts import heard_at_once
from tests.portal.conftest import ROOT

PROGRAM = """
import asyncio, signal, time
from contextlib import asynccontextmanager
from portal.interrupts import heard_at_once

signal.signal(signal.SIGINT, signal.default_int_handler)

async def main():
    try:
        async with store_open():
            with heard_at_once():
                print("at work", flush=True)
                time.sleep(60)
    finally:
        is_back = signal.getsignal(signal.SIGINT) is not signal.default_int_handler
        print("handler is back:", is_back)

@asynccontextmanager
async def store_open():
    try:
        yield
    finally:
        await asyncio.sleep(0.05)
        print("closed", flush=True)

asyncio.run(main())
"""


def test_a_block_without_a_pause_ends_at_once_and_what_is_open_is_closed() -> None:
    """It would take a minute; asyncio alone would wait for its end."""
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "at work\n"
        program.send_signal(signal.SIGINT)
        out, _ = program.communicate()
    assert out == "closed\nhandler is back: True\n"
    assert program.returncode == -signal.SIGINT
    assert time.monotonic() - began < 50


def test_whoever_has_ctrl_c_ignored_goes_on_ignoring_it() -> None:
    """As what a shell has put into the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with heard_at_once():
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
