"""What differs between two flows files, flow by flow: what a deployment changes, and drift."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import yaml

from flows.language.load import Loaded
from flows.language.spec import FlowsFile, FlowSpec
from flows.language.templates import template_names
from flows.language.versions import flow_version

How = Literal["new", "changed", "removed"]

_CONTEXT: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One flow, or one other part of the file, that differs.

    Attributes:
        name: The id of the flow; `business`, `sources.office` or the like of other parts.
        how: Whether it is new, changed or removed.
        parts: What of a flow changed, in words: `conditions`, `step answer (new)`.
        renamed: Steps that seem to have another id than before, old and new: what the old one
            has sent, nobody can tell of the new one.
        diff: Lines of both as YAML, as `diff -u` shows them.
    """

    name: str
    how: How
    parts: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    diff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs: flows in the order of the new file, then what is removed."""

    flows: tuple[Change, ...]
    others: tuple[Change, ...]
    unchanged: int

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.flows or self.others)

    @property
    def told(self) -> str:
        """Return what differs in a few words: `2 flows`, `1 flow, business`."""
        number = len(self.flows)
        words = [f"{number} flow{'s' * (number != 1)}"] if number else []
        return ", ".join([*words, *(change.name for change in self.others)])


def compared(before: Loaded | None, after: Loaded) -> Changes:
    """Return what *after* changes; all of it is new where there is nothing *before*."""
    old = {flow.id: flow for flow in before.file.flows} if before else {}
    new = {flow.id: flow for flow in after.file.flows}
    flows = [
        found
        for name in [*new, *(name for name in old if name not in new)]
        if (found := _flow(name, (before, old.get(name)), (after, new.get(name))))
    ]
    unchanged = len(new) - sum(change.how != "removed" for change in flows)
    others = tuple(_others(before, after)) if before else ()
    return Changes(tuple(flows), others, unchanged)


def _flow(
    name: str,
    before: tuple[Loaded | None, FlowSpec | None],
    after: tuple[Loaded, FlowSpec | None],
) -> Change | None:
    (was, old), (now, new) = before, after
    shown = (_shown(was, old), _shown(now, new))
    if was is None or old is None or new is None:
        return Change(name=name, how="new" if new else "removed", diff=_diff(*shown))
    parts = tuple(_parts(was, old, now, new))
    if shown[0] == shown[1] and not parts:
        return None
    return Change(
        name=name,
        how="changed",
        parts=parts,
        renamed=tuple(_renamed(old, new)),
        diff=_diff(*shown),
    )


def _parts(was: Loaded, old: FlowSpec, now: Loaded, new: FlowSpec) -> Iterator[str]:
    before, after = _plain(old), _plain(new)
    for key in dict.fromkeys([*before, *after]):
        if key == "steps":
            yield from _steps(before, after)
        elif before.get(key) != after.get(key):
            yield key
    texts = [
        {n: w.templates[n] for n in template_names(f)} for w, f in ((was, old), (now, new))
    ]
    changed = {
        name
        for name in texts[0].keys() & texts[1].keys()
        if texts[0][name].replace("\r\n", "\n") != texts[1][name].replace("\r\n", "\n")
    }
    yield from (f"template {name}" for name in sorted(changed))
    versions = {flow_version(f, w.templates, w.file.data) for w, f in ((was, old), (now, new))}
    if before == after and not changed and len(versions) > 1:
        yield "the files that it reads"


def _steps(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = ({step["id"]: step for step in each["steps"]} for each in (before, after))
    for name, step in new.items():
        if name not in old:
            yield f"step {name} (new)"
        elif step != old[name]:
            keys = [
                k for k in dict.fromkeys([*old[name], *step]) if old[name].get(k) != step.get(k)
            ]
            yield f"step {name} ({', '.join(keys)})"
    yield from (f"step {name} (removed)" for name in old if name not in new)
    kept = [[name for name in each if name in old and name in new] for each in (old, new)]
    if kept[0] != kept[1]:
        yield "order of the steps"


def _renamed(old: FlowSpec, new: FlowSpec) -> Iterator[tuple[str, str]]:
    """Yield pairs of a step that is gone and a new one that does the same kind of work."""
    gone = [step for step in old.steps if step.id not in {each.id for each in new.steps}]
    for step in new.steps:
        if step.id not in {each.id for each in old.steps}:
            same = next((each for each in gone if each.uses == step.uses), None)
            if same is not None:
                gone.remove(same)
                yield same.id, step.id


def _others(before: Loaded, after: Loaded) -> Iterator[Change]:
    """Yield what differs beside the flows, source by source."""
    old, new = (dict(_sections(each.file)) for each in (before, after))
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            how: How = "changed" if name in old and name in new else "removed"
            how = how if name in old else "new"
            diff = _diff(
                *(_yaml({name: each[name]}) if name in each else [] for each in (old, new))
            )
            yield Change(name=name, how=how, diff=diff)


def _sections(file: FlowsFile) -> Iterator[tuple[str, Any]]:
    for name, section in file.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude={"flows"}
    ).items():
        if isinstance(section, Mapping) and name not in ("business", "anonymizer"):
            yield from ((f"{name}.{each}", value) for each, value in section.items())
        else:
            yield name, section


def _plain(flow: FlowSpec) -> dict[str, Any]:
    """Return the flow as plain data; a step of a block says by `block` how it got there."""
    found: dict[str, Any] = flow.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, serialize_as_any=True
    )
    for step in found["steps"]:
        step.pop("own_id", None)
        if "frames" in step:
            step["block"] = step.pop("frames")
    return found


def _shown(loaded: Loaded | None, flow: FlowSpec | None) -> list[str]:
    """Return the flow as YAML, with the text of the templates that it names."""
    if loaded is None or flow is None:
        return []
    lines = _yaml(_plain(flow))
    for name in template_names(flow):
        text = loaded.templates[name].replace("\r\n", "\n")
        lines += [f"# {name}", *(f"#   {line}" for line in text.split("\n"))]
    return lines


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as people do: line by line, after `|`."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _yaml(value: object) -> list[str]:
    written: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    return written.splitlines()


def _diff(before: list[str], after: list[str]) -> tuple[str, ...]:
    lines = [*difflib.unified_diff(before, after, lineterm="", n=_CONTEXT)]
    return tuple(line for line in lines if not line.startswith(("---", "+++")))
