"""Runs a sweep under Prefect, on a server of its own when none is given.

The own server is a child on loopback that keeps its data under `HOME/prefect` and lives as
long as its standard input is open: when the parent dies, however it dies, the child goes too.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flows.errors import AdministratorError
from portal.interrupts import heard_at_once
from portal.settings import Settings

if TYPE_CHECKING:
    from flows.replays import Chosen, ReplayDone, Replays
    from flows.sweep import Progress, Sweep, SweepDone

START_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class PrefectServer:
    """A Prefect server: the address of its API, and its process where it is our own.

    *answered* is set once it has answered, and may have been told something.
    """

    api: str
    child: subprocess.Popen[str] | None = None
    answered: threading.Event = field(default_factory=threading.Event)


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which Prefect keeps to this machine.

    Source: what Prefect 3.8 contacts by itself and the switch for each:
    https://docs.prefect.io/v3/concepts/telemetry
    """
    return {
        "PREFECT_HOME": str((settings.home / "prefect").resolve()),
        "PREFECT_PROFILES_PATH": str((settings.home / "prefect" / "profiles.toml").resolve()),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # Prefect logs what it also raises, with a traceback; our errors speak for themselves.
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_CLI_PROMPT": "false",
    }


@contextmanager
def prefect_server(settings: Settings) -> Iterator[PrefectServer]:
    """Give a Prefect server: the one that the settings name, or a child process.

    Entering does not wait until the child answers; `wait_until_ready` does. On leaving, the
    child has written what it was told and is gone; where it has not answered yet, it goes by
    itself, since starting takes it long and stopping in the middle of that is not safe.

    Raises:
        AdministratorError: The folder for its data cannot be made.
    """
    if settings.prefect_api:
        yield PrefectServer(settings.prefect_api)
        return
    log = settings.home / "prefect" / "server.log"
    child = _start_child(settings, log)
    answered = threading.Event()
    try:
        assert child.stdout is not None  # noqa: S101 - it is a pipe, for the type checker
        port = child.stdout.readline().strip()
        if not port:
            raise AdministratorError(
                "Prefect's server did not start",
                fix=f"see {log}; `make setup` mends the install",
            )
        yield PrefectServer(f"http://127.0.0.1:{port}/api", child, answered)
    finally:
        if answered.is_set():
            child.communicate()  # closes its standard input and waits
        else:
            _let_go(child)


def _start_child(settings: Settings, log: Path) -> subprocess.Popen[str]:
    try:
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        errors = log.open("w")
    except OSError as error:
        raise AdministratorError(
            f"cannot write to {log.parent} ({error.strerror})", fix="choose another --home"
        ) from None
    with errors:
        return subprocess.Popen(
            [sys.executable, "-m", "portal.worker"],
            env=_child_environment(environment(settings)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            umask=0o077,  # its database and log are for the owner of the home alone
            # Ctrl-C is for us alone: while we stop, the server still writes that down.
            start_new_session=True,
        )


def _let_go(child: subprocess.Popen[str]) -> None:
    """Close what connects us with the child, upon which it ends."""
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()


def _child_environment(own: Mapping[str, str]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return {**kept, **own, "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}


async def wait_until_ready(server: PrefectServer) -> None:
    """Return as soon as the Prefect server answers.

    Raises:
        AdministratorError: It has ended, or does not answer within two minutes.
    """
    deadline = time.monotonic() + START_SECONDS
    # One question a thread: a thread that asked on and on would outlive Ctrl-C.
    while not await asyncio.to_thread(_answers, server.api):
        ended = server.child is not None and server.child.poll() is not None
        if ended or time.monotonic() > deadline:
            own = "see server.log in the folder prefect of the home"
            raise AdministratorError(
                f"the Prefect server at {server.api} {'has ended' if ended else 'is silent'}",
                fix=own if server.child else "start it, or set PREFECT_API_URL right",
            )
        await asyncio.sleep(0.1)
    server.answered.set()


def _answers(api: str) -> bool:
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=1) as answer:  # noqa: S310 - set by settings
            return bool(answer.status == HTTPStatus.OK)
    except (OSError, HTTPException, ValueError):  # away, no HTTP, no address
        return False


async def replay_under_prefect(
    settings: Settings,
    api: str,
    replays: Replays,
    chosen: Chosen,
    tell: Callable[[int], None],
) -> ReplayDone:
    """Run a replay as a Prefect flow and return what it did; *tell* of how many are done.

    Raises:
        JigajobError: What stopped it.
    """
    _keep_to(settings, api)
    from flows.run import run_replay  # noqa: PLC0415 - a second of imports that only runs need

    return await run_replay(replays, chosen, tell)


def _keep_to(settings: Settings, api: str) -> None:
    """Have Prefect work with this server; it reads its settings when it is first imported."""
    os.environ.update(environment(settings), PREFECT_API_URL=api)


async def sweep_under_prefect(
    settings: Settings, api: str, sweep: Sweep, progress: Progress
) -> SweepDone:
    """Run one sweep as a Prefect flow and return what it did.

    Raises:
        JigajobError: What stopped the sweep.
    """
    _keep_to(settings, api)
    with heard_at_once():
        from flows.run import run_sweep  # noqa: PLC0415 - a second of imports for runs alone

    return await run_sweep(sweep, progress)


def show_runs(settings: Settings, port: int) -> int:
    """Serve Prefect's own pages over the runs of this home until interrupted."""
    command = [sys.executable, "-m", "prefect", "server", "start"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    own = {k: v for k, v in _child_environment(environment(settings)).items() if "__" not in k}
    # The pages ask the server at this address, and would else ask at the default port.
    own["PREFECT_UI_API_URL"] = f"http://127.0.0.1:{port}/api"
    own["PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT"] = "false"
    return subprocess.call(command, env=own)  # noqa: S603 - our own interpreter, no shell


def _serve() -> None:
    """Serve Prefect's API on a free port of loopback until standard input closes."""
    import uvicorn  # noqa: PLC0415 - only the child needs it
    from prefect.server.api.server import create_app  # noqa: PLC0415

    listener = socket.create_server(("127.0.0.1", 0))
    with suppress(BrokenPipeError):  # the parent has gone
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
    server = uvicorn.Server(
        uvicorn.Config(create_app, factory=True, log_level="error", lifespan="on")
    )

    def leave_with_parent() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=leave_with_parent, daemon=True).start()
    server.run(sockets=[listener])


if __name__ == "__main__":
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)
    _serve()
