"""What every outlet promises. Subclass `OutletContract`, say how to open one, and run it.

    class TestMyOutlet(OutletContract):
        @pytest.fixture
        def open_outlet(self, tmp_path):
            return lambda: MyOutlet(tmp_path)

        @pytest.fixture
        def outputs(self):
            return [output("my.step", number, {...}) for number in range(3)]

        async def shown(self, outlet):
            return [...]

`open_outlet` opens the same place as often as it is asked to, each time as after a restart.
`outputs` are three that differ, `shown` is what a reader finds there, in any order: for each
the whole of what tells it from others, the id of the output too.

An outlet that sends mail cannot promise that twice is once; it passes `ResumingContract`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from flows.errors import DeliveryUnknown, JigajobError
from flows.model import Output
from flows.outbox import Outbox
from flows.ports import Gathering, Outlet, Resuming
from tests.flows.business import TestClock
from tests.flows.outputs import Crash, put, records_in

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


def output(
    uses: str, number: int | str, body: Mapping[str, JsonValue], *, step: str = "step"
) -> Output:
    """Return an approved output; the same number gives the same id."""
    return Output(
        id=number if isinstance(number, str) else f"o{number:024x}",
        flow="some-flow",
        flow_version="1",
        trigger="trigger",
        step=step,
        uses=uses,
        state="approved",
        body=body,
        summary="",
        created_at=AT,
    )


class EveryOutletContract:
    """What every outlet promises, whatever it does with an output given to it twice."""

    @pytest.fixture
    def open_outlet(self) -> Callable[[], Outlet]:
        raise NotImplementedError

    @pytest.fixture
    def outputs(self) -> Sequence[Output]:
        raise NotImplementedError

    async def shown(self, outlet: Outlet) -> list[str]:
        raise NotImplementedError

    def key_of(self, each: Output) -> str:
        """Return what of the output's id stands in what `shown` finds."""
        return each.id

    async def test_what_it_leaves_bears_the_id_of_its_output(self, open_outlet, outputs):
        """By it the outlet, and whoever looks there, knows what is out already."""
        for each in outputs:
            await open_outlet().deliver(each)
        shown = " ".join(await self.shown(open_outlet()))
        assert {each.id for each in outputs if self.key_of(each) in shown} == {
            each.id for each in outputs
        }

    async def test_it_names_the_steps_that_it_takes(self, open_outlet, outputs):
        assert {each.uses for each in outputs} <= open_outlet().uses

    async def test_each_output_is_shown_once(self, open_outlet, outputs):
        outlet = open_outlet()
        for each in outputs:
            assert await outlet.deliver(each)
        shown = await self.shown(outlet)
        assert len(shown) == len(set(shown)) == len(outputs)

    async def test_the_order_of_delivery_does_not_matter(self, open_outlet, outputs):
        for each in reversed(outputs):
            await open_outlet().deliver(each)
        assert len(await self.shown(open_outlet())) == len(outputs)

    async def test_an_empty_body_is_refused_or_delivered_but_never_a_traceback(
        self, open_outlet, outputs
    ):
        outlet = open_outlet()
        for number, uses in enumerate(sorted(outlet.uses)):
            with contextlib.suppress(JigajobError):
                await outlet.deliver(output(uses, 900 + number, {}))
        for each in outputs:
            assert await outlet.deliver(each)

    async def test_a_crash_between_delivery_and_its_mark_sends_nothing_twice(
        self, open_outlet, outputs, tmp_path
    ):
        """Through a real outbox: the next worker ends it as sent, or a person decides."""
        clock = TestClock()
        (tmp_path / "outbox").mkdir()
        async with records_in(tmp_path / "outbox") as records:
            await put(records, *outputs)
            for each in outputs:
                with contextlib.suppress(Crash):
                    box = Outbox(records, [_dying(open_outlet(), each.id)], clock)
                    await box.deliver()
                clock.passes(hours=1)
            for _ in range(3):
                await Outbox(records, [open_outlet()], clock).deliver()
                clock.passes(hours=1)
            ended = {each.output.state async for each in box.list()}
        assert ended <= self.ends_after_a_crash
        shown = await self.shown(open_outlet())
        assert len(shown) == len(set(shown)) == len(outputs)

    ends_after_a_crash = frozenset({"sent", "unknown"})


def _dying(outlet: Outlet, last: str) -> Outlet:
    """Return the outlet on a machine that goes down right after the delivery of *last*."""

    class Dying:
        uses = outlet.uses

        async def deliver(self, output: Output) -> str:
            place = await outlet.deliver(output)
            if output.id == last:
                raise Crash
            return place

    class DyingSender(Dying):
        async def resume(self, output: Output) -> str:
            assert isinstance(outlet, Resuming)
            return await outlet.resume(output)

    return DyingSender() if isinstance(outlet, Resuming) else Dying()


class OutletContract(EveryOutletContract):
    """The promises of `flows.ports.Outlet`."""

    ends_after_a_crash = frozenset({"sent"})

    async def test_delivering_again_changes_nothing_and_returns_the_same(
        self, open_outlet, outputs
    ):
        outlet = open_outlet()
        first = [await outlet.deliver(each) for each in outputs]
        before = sorted(await self.shown(outlet))
        again = [await outlet.deliver(each) for each in reversed(outputs)]
        assert again[::-1] == first
        assert sorted(await self.shown(outlet)) == before

    async def test_delivering_again_after_a_restart_changes_nothing(self, open_outlet, outputs):
        first = [await open_outlet().deliver(each) for each in outputs]
        before = sorted(await self.shown(open_outlet()))
        assert [await open_outlet().deliver(each) for each in outputs] == first
        assert sorted(await self.shown(open_outlet())) == before

    async def test_two_at_a_time_deliver_as_one(self, open_outlet, outputs):
        one, other = open_outlet(), open_outlet()
        await asyncio.gather(
            *(outlet.deliver(each) for each in outputs for outlet in (one, other, one))
        )
        assert len(await self.shown(open_outlet())) == len(outputs)


class GatheringContract(OutletContract):
    """The promises of an outlet that is `flows.ports.Gathering`, too."""

    async def test_all_at_once_ends_as_one_after_another(self, open_outlet, outputs):
        outlet = open_outlet()
        assert isinstance(outlet, Gathering)
        places = await outlet.deliver_all(outputs)
        shown = await self.shown(outlet)
        assert len(shown) == len(set(shown)) == len(outputs)
        assert [await open_outlet().deliver(each) for each in outputs] == [*places]
        assert await self.shown(open_outlet()) == shown

    async def test_of_those_delivered_again_each_is_shown_once(self, open_outlet, outputs):
        outlet = open_outlet()
        await outlet.deliver(outputs[1])
        await outlet.deliver_all([*outputs, outputs[0]])
        await open_outlet().deliver_all(outputs)
        shown = await self.shown(outlet)
        assert len(shown) == len(set(shown)) == len(outputs)

    async def test_two_that_deliver_all_at_a_time_deliver_as_one(self, open_outlet, outputs):
        one, other = open_outlet(), open_outlet()
        await asyncio.gather(
            *(outlet.deliver_all(outputs) for outlet in (one, other, one)),
            *(other.deliver(each) for each in outputs),
        )
        assert len(await self.shown(open_outlet())) == len(outputs)


class ResumingContract(EveryOutletContract):
    """The promises of an outlet that is `flows.ports.Resuming`, too."""

    async def _resumed(self, outlet: Outlet, each: Output) -> bool:
        """Tell whether the outlet found out that *each* went out."""
        assert isinstance(outlet, Resuming)
        try:
            return bool(await outlet.resume(each))
        except DeliveryUnknown:
            return False

    async def test_what_went_out_is_never_sent_again_by_resuming(self, open_outlet, outputs):
        for each in outputs:
            await open_outlet().deliver(each)
        before = sorted(await self.shown(open_outlet()))
        for each in (*outputs, *outputs):
            await self._resumed(open_outlet(), each)
        assert sorted(await self.shown(open_outlet())) == before

    async def test_what_never_went_out_is_not_taken_for_sent(self, open_outlet, outputs):
        for each in outputs:
            found = await self._resumed(open_outlet(), each)
            assert found == (each.id in " ".join(await self.shown(open_outlet())))
