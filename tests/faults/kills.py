"""Sweeps and whole commands that are killed (SIGKILL) at random moments, again and again.

`python -m tests.faults.kills sending FOLDER SEED KILLS` forks sweeps whose outputs go out
through a door that cannot look up what it sent; `commands` runs `jigajob run` with Prefect.
Each prints one JSON object. Sweeps of everything that flows can do: `tests.flows.rig`.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from flows.model import Output
from portal.settings import Settings
from portal.wiring import open_app
from tests.faults.path_power import PathFound, judge
from tests.faults.path_work import START, opened, sweep
from tests.portal.conftest import PROGRAM, ROOT
from tests.portal.marked import write_marked

LETTERS: Final = 40
A_HOME: Final = 20
"""Kills of one home; then it may come to its end."""


async def _sweep(image: Path) -> None:
    async with opened(image / "disk" / "home", image / "sent", LETTERS, START) as app:
        await sweep(app)


def _forked(image: Path) -> int:
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(_sweep(image))
        except BaseException:  # noqa: BLE001 - a child must never return into the parent's code
            os._exit(1)
        os._exit(0)
    return child


def _image(folder: Path) -> Path:
    (folder / "disk").mkdir(parents=True)
    (folder / "sent").touch()
    return folder


def sending(work: Path, seed: int, kills: int) -> dict[str, Any]:
    """Kill forked sweeps, and return what is found wrong after as many have been hit."""
    seconds = 0.0
    for name in ("warm", "undisturbed"):  # the first imports what every fork then has
        began = time.monotonic()
        os.waitpid(_forked(_image(work / name)), 0)
        asyncio.run(_sweep(_image(work / f"here-{name}")))
        seconds = (time.monotonic() - began) / 2
    chance, found, hits, home = random.Random(seed), PathFound(), 0, 0
    during = 0
    while hits < kills:
        image = _image(work / f"home{home}")
        for _ in range(min(A_HOME, kills - hits)):
            child, size = _forked(image), (image / "sent").stat().st_size
            if hits % 2:
                during += _began_to_send(child, image / "sent", size, 3 * seconds)
                time.sleep(chance.uniform(0.0, 0.02))
            else:
                time.sleep(chance.uniform(0.0, 3 * seconds / A_HOME))
            os.kill(child, signal.SIGKILL)
            hits += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        asyncio.run(judge(image, LETTERS, found, f"seed {seed}, home {home}"))
        shutil.rmtree(image)
        home += 1
    return {"hits": hits, "during": during, "seconds": seconds, **asdict(found)}


def _began_to_send(child: int, sent: Path, size: int, seconds: float) -> bool:
    """Wait until the child sends; False where it ends first, or takes too long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if sent.stat().st_size > size:
            return True
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return False
        time.sleep(0.0005)
    return False


def commands(work: Path, seed: int, kills: int) -> dict[str, Any]:
    """Kill `jigajob run`, let it end, and compare with a home that was left alone."""
    write_marked(work, 40)
    flows = work / "flows.yaml"
    template = Settings(home=work / "template", flows=flows)
    asyncio.run(_make_key(template))
    alone = replace(template, home=work / "alone")
    shutil.copytree(template.home, alone.home)
    began = time.monotonic()
    _run(alone).wait()
    seconds = time.monotonic() - began
    expected = asyncio.run(outline(alone))
    killed = replace(template, home=work / "killed")
    shutil.copytree(template.home, killed.home)
    chance, hits, at_work = random.Random(seed), 0, 0
    while hits < kills:
        command = _run(killed)
        if hits % 2:
            at_work += _began_work(command, killed, seconds)
            time.sleep(chance.uniform(0, 0.5))
        else:
            time.sleep(chance.uniform(0.2, 0.9 * seconds))
        command.kill()
        hits += command.wait() == -signal.SIGKILL
    code = _run(killed).wait()
    found = asyncio.run(outline(killed))
    return {
        "hits": hits,
        "at_work": at_work,
        "seconds": seconds,
        "code": code,
        "records": len(expected),
        "lost": sorted(expected - found),
        "doubled": sorted(found - expected),
    }


def _run(settings: Settings) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*PROGRAM, "run", "--home", settings.home, "--flows", settings.flows],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _began_work(command: subprocess.Popen[bytes], settings: Settings, seconds: float) -> bool:
    """Wait until the command writes to the store; False where it ends first."""
    log = settings.database.with_name(settings.database.name + "-wal")
    until = time.monotonic() + 3 * seconds
    while command.poll() is None and time.monotonic() < until:
        if log.exists() and log.stat().st_size > 0:
            return True
        time.sleep(0.005)
    return False


async def outline(settings: Settings) -> set[str]:
    """Return what is in a home, but for times: ids, states, and the number of lines."""
    there: set[str] = set()
    async with open_app(settings) as app:
        for kind in ("message", "transaction", "arrival"):
            async for record in app.records.each(kind):
                reason = record.fields.get("reason", "")
                there.add(f"{kind} {record.id} {record.fields.get('state', '')} {reason}")
        async for record in app.records.each("output"):
            output = await app.records.open(record, Output)
            there.add(f"output {output.id} {record.fields['state']}")
        there |= {f"job {job.id}" for job in await app.register.jobs()}
        there |= {f"{each.source} {each.total.unaccounted}" async for each in app.ledgers()}
    for path in [settings.home / "notices.log", *sorted((settings.home / "rows").glob("*"))]:
        if path.exists():
            there.add(f"{path.name} {len(path.read_bytes().splitlines())}")
    return there


async def _make_key(settings: Settings) -> None:
    async with open_app(settings) as app:
        await app.records.record_id("arrival", "any")


if __name__ == "__main__":
    what, folder, seed_, kills_ = sys.argv[1:]
    campaign = {"sending": sending, "commands": commands}[what]
    sys.stdout.write(json.dumps(campaign(Path(folder), int(seed_), int(kills_))))
