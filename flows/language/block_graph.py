"""Which blocks use which, and how many steps that makes: no circles, no bombs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from flows.language.blocks import PREFIX
from flows.language.places import Plain
from flows.language.words import listed, quoted

MAX_DEPTH: Final = 5
MAX_STEPS: Final = 200
"""Steps of one block, those of the blocks in it counted."""

Step = Mapping[str, Plain]


def block_of(step: Step) -> str | None:
    """Return the name of the block that a step uses, or None."""
    uses = step.get("uses")
    if isinstance(uses, str) and uses.startswith(PREFIX):
        return uses.removeprefix(PREFIX)
    return None


class BlockGraph:
    """The blocks of a file. `sound` are those that end: all else walks only into these."""

    def __init__(self, written: Mapping[str, Step]) -> None:
        self._written = written
        self._calls = {name: list(_calls(block)) for name, block in written.items()}
        self._depths: dict[str, int] = {}
        self._sizes: dict[str, int] = {}
        self._measure()
        self._circles = self._closed()
        self.sound = frozenset(
            name
            for name, size in self._sizes.items()
            if self._depths[name] <= MAX_DEPTH and size <= MAX_STEPS
        )

    def faults(self, name: str) -> Iterator[tuple[int, str, str]]:
        """Yield each step by which the block does not end: its index, what, fix."""
        circle = self._circles.get(name)
        if circle is not None:
            index, way = circle
            by = f" by way of {listed(way)}" if way else ""
            what = f"the block {quoted(name)} uses itself{by}"
            yield index, what, "remove this step, or use another block"
        deepest = [
            index for index, inner in self._calls[name] if self._depths.get(inner) == MAX_DEPTH
        ]
        if self._depths.get(name) == MAX_DEPTH + 1:
            what = f"blocks use each other more than {MAX_DEPTH} deep"
            yield deepest[0], what, "write the steps out in one of them"
        elif self._sizes.get(name, 0) > MAX_STEPS and self._calls[name]:
            what = f"the block {quoted(name)} comes to more than {MAX_STEPS} steps"
            if all(self._sizes.get(inner, 0) <= MAX_STEPS for _, inner in self._calls[name]):
                yield self._calls[name][0][0], what, "use fewer blocks in it"

    def size(self, steps: Plain) -> int:
        """Return how many steps they are with those of their blocks."""
        return sum(
            self._sizes[name] if (name := block_of(step)) in self.sound else 1
            for _, step in _mappings(steps)
        )

    def every(self, steps: Plain) -> Iterator[Step]:
        """Yield all steps, those of blocks in the place of the steps that use them."""
        yield from (step for _, step in self.whole(steps))

    def calls(self, steps: Plain) -> Iterator[tuple[str, dict[str, Plain]]]:
        """Yield each use of a block with what stands under its `with`."""
        for _, step in _mappings(steps):
            name, options = block_of(step), step.get("with")
            if name in self.sound:
                yield name, options if isinstance(options, dict) else {}
                yield from self.calls(self._written[name].get("steps"))

    def whole(self, steps: Plain) -> Iterator[tuple[tuple[str, ...], Step]]:
        """Yield all steps as `every` does, each with the ids that lead to it."""
        for _, step in _mappings(steps):
            name, mine = block_of(step), str(step.get("id"))
            if name in self.sound:
                inner = self.whole(self._written[name].get("steps"))
                yield from (((mine, *path), each) for path, each in inner)
            else:
                yield (mine,), step

    def paths(self, name: str) -> Iterator[tuple[str, ...]]:
        """Yield the ids that lead to each step of a block that is `sound`."""
        for _, step in _mappings(self._written[name].get("steps")):
            inner, mine = block_of(step), str(step.get("id"))
            if inner is None:
                yield (mine,)
            elif inner in self.sound:
                for path in self.paths(inner):
                    yield (mine, *path)

    def _measure(self) -> None:
        """Find depth and size of each block that ends, from those below to those above."""
        above: dict[str, list[str]] = {}
        left: dict[str, int] = {}
        for name, calls in self._calls.items():
            inner = [each for _, each in calls if each in self._written]
            left[name] = len(inner)
            for each in inner:
                above.setdefault(each, []).append(name)
        ready = [name for name, count in left.items() if count == 0]
        while ready:
            name = ready.pop()
            inner = [each for _, each in self._calls[name] if each in self._written]
            steps = len(list(_mappings(self._written[name].get("steps"))))
            self._depths[name] = 1 + max((self._depths[each] for each in inner), default=0)
            size = steps - len(inner) + sum(self._sizes[each] for each in inner)
            self._sizes[name] = min(size, MAX_STEPS + 1)
            for each in above.get(name, ()):
                left[each] -= 1
                if left[each] == 0:
                    ready.append(each)

    def _closed(self) -> dict[str, tuple[int, list[str]]]:
        """Return one block of each circle: the step that leads into it, and the way round.

        What has no depth is in a circle, or leads to one; following any such step gets there.
        """
        onward: dict[str, tuple[int, str]] = {}
        for name, calls in self._calls.items():
            on = [(i, each) for i, each in calls if each in self._written]
            if name not in self._depths:
                onward[name] = next(each for each in on if each[1] not in self._depths)
        found: dict[str, tuple[int, list[str]]] = {}
        seen: set[str] = set()
        for start in onward:
            way: list[str] = []
            name = start
            while name not in seen:
                seen.add(name)
                way.append(name)
                name = onward[name][1]
            if name in way:
                found[name] = onward[name][0], way[way.index(name) + 1 :]
        return found


def _calls(block: Step) -> Iterator[tuple[int, str]]:
    for index, step in _mappings(block.get("steps")):
        name = block_of(step)
        if name is not None:
            yield index, name


def _mappings(steps: Plain) -> Iterator[tuple[int, Step]]:
    for index, step in enumerate(steps if isinstance(steps, list) else []):
        if isinstance(step, dict):
            yield index, step
