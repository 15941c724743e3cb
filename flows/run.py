"""A sweep as a Prefect flow: one flow run per sweep, one task per page, ids and counts only.

Prefect schedules, retries and shows; that nothing happens twice is the store's doing. Nothing
of a mail may reach Prefect's database: tasks take source names and return counts, results are
not persisted, and what they raise is scrubbed at their edge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, Final, ParamSpec, TypeVar

from prefect import flow, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas import TaskRun
from prefect.states import State
from prefect.tasks import Task, exponential_backoff

from flows.errors import AdministratorError, JigajobError, TransientError
from flows.intake.arrivals import Counts
from flows.sweep import PageDone, Sweep

P = ParamSpec("P")
R = TypeVar("R")

Progress = Callable[[str, Counts], None]
"""Told after each page: the source, and what the page did."""

RETRIES: Final = 4


async def run_sweep(sweep: Sweep, progress: Progress) -> dict[str, Counts]:
    """Run one sweep under Prefect and return what it did, by source.

    Raises:
        JigajobError: What stopped the sweep; everything committed before it stays.
    """

    @flow(name="sweep", persist_result=False, retries=0, log_prints=False)
    async def run(business: str) -> None:  # noqa: ARG001 - Prefect shows it beside the run
        await _Sweeper(sweep, progress, done).run()

    done: dict[str, Counts] = {}
    await run(sweep.business)
    return done


class _Sweeper:
    """Walks through a sweep, a task per page."""

    def __init__(self, sweep: Sweep, progress: Progress, done: dict[str, Counts]) -> None:
        self._sweep, self._progress, self._done = sweep, progress, done
        self._delivered: Counter[str] = Counter()

    async def run(self) -> None:
        sweep = self._sweep
        for source in sweep.mail:
            await self._pages(source, _task("mail page", sweep.mail_page))
        await self._deliver()
        for source in sweep.banks:
            await self._pages(source, _task("bank page", sweep.bank_page))
        for source in sweep.banks:
            self._add(source, await _task("match", sweep.match)(source))
        await self._deliver()
        await _show(self._done, self._delivered)

    async def _pages(self, source: str, page: Callable[[str], Awaitable[PageDone]]) -> None:
        more = True
        while more:
            done = await page(source)
            self._add(source, done.counts)
            more = done.more

    async def _deliver(self) -> None:
        self._delivered += await _task("deliver", self._sweep.deliver)()

    def _add(self, source: str, counts: Counts) -> None:
        self._done.setdefault(source, Counts()).add(counts)
        self._progress(source, counts)


def _task(name: str, call: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    async def scrubbed(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await call(*args, **kwargs)
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


async def _show(done: dict[str, Counts], delivered: Counter[str]) -> None:
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
        for source, counts in done.items()
    ]
    states = ", ".join(f"{number} {state}" for state, number in sorted(delivered.items()))
    await acreate_table_artifact(
        table=rows, key="sweep", description=f"Outputs: {states or 'nothing to deliver'}"
    )
