"""A sweep as a Prefect flow: one flow run per sweep, one task per page, ids and counts only.

Prefect schedules, retries and shows; that nothing happens twice is the store's doing. Nothing
of a mail may reach Prefect's database: tasks take source names and return counts, results are
not persisted, and what they raise is scrubbed at their edge.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from inspect import isawaitable
from typing import Any, Final, ParamSpec, TypeVar

from prefect import flow, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas import TaskRun
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.events.worker import EventsWorker
from prefect.tasks import Task, exponential_backoff

from flows.errors import AdministratorError, JigajobError, TransientError
from flows.replays import PAGE, Chosen, ReplayDone, Replays
from flows.sweep import Progress, Sweep, SweepDone

P = ParamSpec("P")
R = TypeVar("R")

RETRIES: Final = 4
DRAIN_SECONDS: Final = 10.0


async def run_replay(
    replays: Replays, chosen: Chosen, tell: Callable[[int], None]
) -> ReplayDone:
    """Run a replay under Prefect and return what it did.

    Raises:
        JigajobError: What stopped it; everything committed before it stays.
    """
    done: list[ReplayDone] = []

    @flow(name="replay", persist_result=False, retries=0, log_prints=False)
    async def run(business: str, deployment: int, flow: str, step: str, items: int) -> None:
        done.append(await replays.run(chosen, runner=_as_task, tell=tell))
        await _recorded(-(-items // PAGE) + 1)

    wish = chosen.wish
    async with _told_to_its_end():
        await run(replays.business, replays.deployment, wish.flow, wish.step, len(chosen.items))
    return done[0]


async def run_sweep(sweep: Sweep, progress: Progress) -> SweepDone:
    """Run one sweep under Prefect and return what it did.

    Where a source failed, the flow run ends as failed, and what was done is returned.

    Raises:
        JigajobError: What stopped the sweep; everything committed before it stays.
    """
    done: list[SweepDone] = []

    @flow(name="sweep", persist_result=False, retries=0, log_prints=False)
    async def run(business: str, deployment: int) -> None:
        done.append(await sweep.run(_as_task, progress))
        await _show(done[0])
        await _recorded(done[0].pieces)
        for trouble in done[0].troubles.values():
            raise trouble

    async with _told_to_its_end():
        try:
            await run(sweep.business, sweep.deployment)
        except JigajobError:
            if not done:
                raise
    return done[0]


@asynccontextmanager
async def _told_to_its_end() -> AsyncIterator[None]:
    """Keep Prefect from printing, and let it tell its server everything while that is there."""
    # This one logger of Prefect's heeds no setting of it, and prints into people's terminals.
    logging.getLogger("EventsWorker").setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        told = EventsWorker.drain_all(timeout=DRAIN_SECONDS)
        if isawaitable(told):
            await told


def _as_task(name: str, piece: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    async def scrubbed(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await piece(*args, **kwargs)
        except JigajobError:
            raise  # by the rule of flows.errors these never hold mail text
        except Exception as error:  # noqa: BLE001 - its text may quote a mail; Prefect stores text
            raise AdministratorError(
                f"{name} stopped on an unforeseen {type(error).__name__}",
                fix="run again: what was done stays done; if it comes back, report it with"
                " the version from `jigajob --version`",
            ) from None

    # `retry_condition_fn` decides by class: only what nobody needs to act on is tried again.
    made: Task[P, Any] = task(
        name=name,
        retries=RETRIES,
        retry_delay_seconds=exponential_backoff(backoff_factor=1),
        retry_jitter_factor=0.5,
        retry_condition_fn=_worth_retrying,
        cache_policy=NO_CACHE,
        persist_result=False,
    )(scrubbed)
    return made


async def _worth_retrying(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    try:
        await state.aresult()
    except TransientError:
        return True
    except Exception:  # noqa: BLE001 - anything else needs somebody to act
        return False
    return False


async def _show(done: SweepDone) -> None:
    """Leave a table of counts with the run, for Prefect's UI."""
    rows = [
        {
            "source": source,
            "listed": counts.listed,
            "stored": counts.stored,
            "skipped": counts.skipped.total(),
            "quarantined": counts.quarantined.total(),
            "outputs": counts.outputs,
            "removed": counts.removed.total(),
        }
        for source, counts in done.sources.items()
    ]
    states = ", ".join(f"{number} {state}" for state, number in sorted(done.delivered.items()))
    await acreate_table_artifact(
        table=rows, key="sweep", description=f"Outputs: {states or 'nothing to deliver'}"
    )


async def _recorded(pieces: int) -> None:
    """Wait a little until the server has written down the tasks that it was told of.

    Task runs travel as events; a server of our own that stops too early would show none.
    """
    run_id = FlowRunContext.get().flow_run.id  # type: ignore[union-attr]  # we are in a flow
    wanted = FlowRunFilter(id=FlowRunFilterId(any_=[run_id]))
    async with get_client() as client:
        for _ in range(50):
            if len(await client.read_task_runs(flow_run_filter=wanted, limit=200)) >= min(
                pieces, 200
            ):
                return
            await asyncio.sleep(0.1)
