"""What a case expects against what came of it: each difference with its place and a diff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from flows.cases.happened import Happened
from flows.cases.spec import Expected, ExpectedOutput
from flows.model import Output


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is otherwise than expected.

    `at` is where the expectation stands below `expect`; `lines` are those of a diff: `-` was
    expected, `+` is there.
    """

    at: tuple[str | int, ...]
    what: str
    lines: tuple[str, ...] = ()


def differences(expected: Expected, found: Happened) -> list[Difference]:
    """Return all differences, in the order in which expectations are described."""
    return [
        *_flows(expected, found),
        *_outputs(expected, found),
        *_kept(expected, found),
        *_removed(expected, found),
        *_words(expected, found),
        *_skipped(expected, found),
    ]


def _flows(expected: Expected, found: Happened) -> Iterator[Difference]:
    if expected.flows is not None and set(expected.flows) != found.flows:
        lines = [f"- {flow}" for flow in expected.flows if flow not in found.flows]
        lines += [f"+ {flow}" for flow in sorted(found.flows - set(expected.flows))]
        yield Difference(("flows",), "other flows ran", tuple(lines))
    if expected.nothing and (found.flows or found.outputs):
        lines = [f"+ flow {flow}" for flow in sorted(found.flows)]
        lines += [f"+ {_named(output)}" for output in found.outputs]
        yield Difference(("nothing",), "something happened", tuple(lines))


def _outputs(expected: Expected, found: Happened) -> Iterator[Difference]:
    left = list(found.outputs)
    for number, wanted in enumerate(expected.outputs):
        faults = [(output, list(_faults(wanted, output))) for output in left]
        whole = next((output for output, wrong in faults if not wrong), None)
        if whole is not None:
            left.remove(whole)
            continue
        alike = [each for each in faults if each[0].uses == wanted.uses]
        if alike:
            output, wrong = min(alike, key=lambda each: len(each[1]))
            what = f"the output of {wanted.uses} is another one ({_named(output)})"
            yield Difference(("outputs", number), what, tuple(wrong))
        else:
            others = (f"+ {_named(output)}" for output in left)
            what = f"no output of {wanted.uses} was made"
            yield Difference(("outputs", number), what, (f"- {wanted.uses}", *others))
    for number, uses in enumerate(expected.no_outputs):
        made = [output for output in found.outputs if output.uses == uses]
        if made:
            lines = tuple(f"+ {_named(output)}" for output in made)
            yield Difference(("no_outputs", number), f"an output of {uses} was made", lines)


def _faults(wanted: ExpectedOutput, output: Output) -> Iterator[str]:
    """Yield the lines of a diff between an output and what is wanted of it."""
    told = (("uses", output.uses), ("flow", output.flow), ("step", output.step))
    for name, value in (*told, ("approver", output.approver)):
        asked = getattr(wanted, name)
        if asked is not None and asked != value:
            yield from (f"- {name}: {asked}", f"+ {name}: {value}")
    if wanted.summary is not None and wanted.summary not in output.summary:
        yield from (f"- summary: …{wanted.summary}…", f"+ summary: {output.summary}")
    if output.state == "failed" and output.item < 0:
        yield f"+ it failed: {output.body.get('problem', '')}"
    for name, asked in wanted.body.items():
        yield from _beside(f"body.{name}", asked, output.body.get(name))


def _beside(name: str, asked: Any, value: JsonValue) -> Iterator[str]:  # noqa: ANN401 - as YAML has it
    if isinstance(asked, Mapping) and isinstance(value, Mapping):
        for key, inner in asked.items():
            yield from _beside(f"{name}.{key}", inner, value.get(key))
    elif not _fits(asked, value):
        yield from (f"- {name}: {_shown(asked)}", f"+ {name}: {_shown(value)}")


def _fits(asked: Any, value: JsonValue) -> bool:  # noqa: ANN401 - as YAML has it
    if isinstance(asked, str) and isinstance(value, str):
        return asked in value if asked else not value
    if isinstance(asked, list) and isinstance(value, list):
        return len(asked) == len(value) and all(map(_fits, asked, value))
    if (
        not isinstance(asked, bool)
        and isinstance(asked, int | float)
        and isinstance(value, str)
    ):
        return str(asked) == value  # amounts are texts in a body
    return bool(asked == value)


def _kept(expected: Expected, found: Happened) -> Iterator[Difference]:
    for name, value in (expected.kept or {}).items():
        there = found.kept.get(name, "")
        if there != value:
            lines = (f"- {name}: {_shown(value)}", f"+ {name}: {_shown(there)}")
            yield Difference(("kept", name), f"{name} is kept otherwise", lines)


def _removed(expected: Expected, found: Happened) -> Iterator[Difference]:
    for label, number in (expected.removed or {}).items():
        if found.removed[label] != number:
            lines = (f"- {label}: {number}", f"+ {label}: {found.removed[label]}")
            what = f"{label} was taken out {found.removed[label]} times"
            yield Difference(("removed", label), what, lines)


def _words(expected: Expected, found: Happened) -> Iterator[Difference]:
    for number, word in enumerate(expected.gone):
        if any(word.casefold() in text.casefold() for text in found.written):
            yield Difference(("gone", number), f"{_shown(word)} is still there")
    for number, word in enumerate(expected.stays):
        if not any(word.casefold() in text.casefold() for text in found.stored):
            yield Difference(("stays", number), f"{_shown(word)} is in no stored text")


def _skipped(expected: Expected, found: Happened) -> Iterator[Difference]:
    if expected.skipped and sorted(expected.skipped) != sorted(found.skipped):
        lines = [f"- {reason}" for reason in _without(expected.skipped, found.skipped)]
        lines += [f"+ {reason}" for reason in _without(found.skipped, expected.skipped)]
        yield Difference(("skipped",), "other mails were left out", tuple(lines))


def _without(these: Sequence[str], those: Sequence[str]) -> list[str]:
    left = list(those)
    return [each for each in these if each not in left or left.remove(each)]  # type: ignore[func-returns-value]  # each once


def _named(output: Output) -> str:
    return f"{output.uses} of {output.flow}/{output.step}: {output.summary}"


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    return f"'{value}'" if isinstance(value, str) else str(value)
