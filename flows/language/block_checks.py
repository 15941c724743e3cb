"""What is wrong with blocks and with their use.

A fault of the block itself is told where the block stands, once; what does not fit only the
flow that uses it (a field that the flow does not keep) is told where it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from flows.errors import Problem
from flows.language.block_graph import BlockGraph, block_of
from flows.language.blocks import (
    BETWEEN,
    WHOLE_INPUT,
    filled,
    given,
    is_template,
    literals,
)
from flows.language.checks import Findings, mappings
from flows.language.filters import Unfit
from flows.language.fitting import is_group, told
from flows.language.kinds import ANY, Group, Leaf, Tree
from flows.language.naming import kind_of
from flows.language.places import Path as TreePath
from flows.language.places import Plain
from flows.language.reach import Reach
from flows.language.spec import Block
from flows.language.table_names import leaf_of
from flows.language.tables import ValueKind
from flows.language.values import typed
from flows.language.vocabulary import Scope
from flows.language.words import kind_of as spelled
from flows.language.words import quoted, suggestion

if TYPE_CHECKING:
    from flows.language.step_checks import FlowCheck

MAX_ID: Final = 63
Step = Mapping[str, Plain]


class Blocks:
    """The blocks of a file, as plain data of any shape, and what was found out of each."""

    def __init__(self, written: Plain) -> None:
        known = written if isinstance(written, dict) else {}
        self.written: dict[str, Step] = {
            name: block for name, block in known.items() if isinstance(block, dict)
        }
        self._names = list(known)
        self._graph = BlockGraph(self.written)
        self._models: dict[str, Block | None] = {}
        self._own: dict[str, frozenset[Problem]] = {}

    def declared(self, check: FlowCheck) -> None:
        """Find the faults of the blocks themselves; *check* is of no flow in particular."""
        for name in self.written:
            for index, what, fix in self._graph.faults(name):
                where = ("blocks", name, "steps", index, "uses")
                check.findings.value(where, what, fix, "step")
        for name in self.written:
            found = Findings(check.findings.document)
            self._inside(check, name, {}, found, "").check()
            self._own[name] = frozenset(found.problems)
            check.findings.problems.extend(found.problems)

    def used(
        self, check: FlowCheck, step: Step, where: TreePath, scope: Scope, reach: Reach
    ) -> Tree:
        """Find what is wrong with a step that uses a block; return what later steps read.

        What its steps do goes to *reach*, as that of the flow's own.
        """
        name = block_of(step) or ""
        if name not in self.written:
            if name not in self._names:
                what = f"there is no block {quoted(name)}"
                fix = suggestion(name, self._names) if self._names else "add it under `blocks`"
                check.findings.value((*where, "uses"), what, fix, "step")
            return ANY
        options = self._given(check, name, step, where, scope)
        if "foreach" in step:
            what = "a block is not done once for each"
            fix = "put `foreach` on a step in the block, and give the list as an input"
            check.findings.key((*where, "foreach"), what, fix, "step")
        if name not in self._graph.sound:
            return ANY  # told where the block stands
        self._named(check, name, step, where)
        inner = self._fits(check, name, options, where, str(step.get("id")))
        if inner is not None:
            reach.inner(inner, str(step.get("id")))
        return self._returned(check, name)

    def uses_of(self, steps: Plain) -> Iterator[str]:
        """Yield what the steps use, and what the blocks in them use."""
        for step in self._graph.every(steps):
            uses = step.get("uses")
            if isinstance(uses, str):
                yield uses

    @property
    def sound(self) -> frozenset[str]:
        """Return the names of the blocks whose steps come to an end."""
        return self._graph.sound

    def size(self, steps: Plain) -> int:
        """Return how many steps they are once those of their blocks stand in their places."""
        return self._graph.size(steps)

    def whole(self, steps: Plain) -> Iterator[tuple[str, Step]]:
        """Yield all steps by their whole ids, those of blocks in the place of their use."""
        for path, step in self._graph.whole(steps):
            yield BETWEEN.join(path), step

    def bodies(self, flow: Step, at: TreePath) -> Iterator[tuple[Step, TreePath]]:
        """Yield a flow with its place, and then as each block that it uses would have it."""
        yield flow, at
        for name, options in self._graph.calls(flow.get("steps")):
            block = self._model(name)
            fixed = literals(given(options, block)) if block else {}
            steps = filled(self.written[name].get("steps"), fixed)
            yield {"triggers": flow.get("triggers"), "steps": steps}, ("blocks", name)

    def _model(self, name: str) -> Block | None:
        """Return the block as its model, or None where it has the wrong shape."""
        if name not in self._models:
            try:
                self._models[name] = Block.model_validate(self.written[name])
            except ValidationError:
                self._models[name] = None
        return self._models[name]

    def _given(
        self, check: FlowCheck, name: str, step: Step, where: TreePath, scope: Scope
    ) -> dict[str, Plain]:
        """Check what stands under `with`, and return it."""
        options = step.get("with")
        if options is not None and not isinstance(options, dict):
            return {}  # the shape says so
        options, at, block = options or {}, (*where, "with"), self._model(name)
        check.templates(options, at, scope)
        if block is None:
            return options
        for key, value in options.items():
            if key not in block.inputs:
                what = f"{quoted(key)} is no input of the block {quoted(name)}"
                fix = suggestion(key, block.inputs) if block.inputs else "remove it"
                check.findings.key((*at, key), what, fix, "key")
            elif fault := _fault(value, block.inputs[key].type, scope):
                what = f"the input {quoted(key)} must be {fault[0]}"
                check.findings.value((*at, key), what, fault[1], "type")
        for key, spec in block.inputs.items():
            if key not in options and spec.default is None:
                what = f"the block {quoted(name)} needs {quoted(key)}"
                said = f" ({spec.description})" if spec.description else ""
                place = at if options else where
                check.findings.key(place, what, f"add `{key}:` under `with`{said}", "key")
        return options

    def _named(self, check: FlowCheck, name: str, step: Step, where: TreePath) -> None:
        """Check that the ids of the block's steps are free, and short enough."""
        siblings = {each.get("id") for _, each in mappings(check.flow.get("steps"))}
        for path in self._graph.paths(name):
            whole = BETWEEN.join((str(step.get("id")), *path))
            if whole in siblings:
                what = f"the id {quoted(whole)} is that of a step in the block {quoted(name)}"
                fix = "choose another id for one of them"
                check.findings.value((*where, "id"), what, fix, "duplicate")
            if len(whole) > MAX_ID:
                what = f"with the steps of its block this id is longer than {MAX_ID} characters"
                check.findings.value((*where, "id"), what, "choose shorter ids", "invalid")
                return

    def _fits(
        self,
        check: FlowCheck,
        name: str,
        options: dict[str, Plain],
        where: TreePath,
        call: str,
    ) -> Reach | None:
        """Check the block as this flow would have it; return what is understood of it."""
        block = self._model(name)
        if block is None or name not in self._own:
            return None
        found = Findings(check.findings.document)
        reach = self._inside(check, name, literals(given(options, block)), found, call).check()
        own_file = check.findings.document.key(("blocks", name)).file
        place = check.findings.document.value((*where, "uses"))
        for each in dict.fromkeys(found.problems):
            if each in self._own[name]:
                continue
            # In a template file that the caller names, it is told there.
            if each.where.file == own_file:
                what = f"the block {quoted(name)} does not fit here: {each.what} ({each.where})"
                each = replace(each, where=place, what=what)  # noqa: PLW2901 - told otherwise
            check.findings.problems.append(each)
        return reach

    def _inside(
        self,
        check: FlowCheck,
        name: str,
        fixed: Mapping[str, str],
        found: Findings,
        call: str,
    ) -> FlowCheck:
        """Return the check of the block's steps in the flow that *check* is of."""
        block = self.written[name]
        return replace(
            check,
            flow={
                "id": f"{check.flow.get('id')}/{call}",
                "steps": filled(block.get("steps"), fixed),
            },
            at=("blocks", name),
            keeps=check.kept(),
            inputs=self._inputs(name),
            findings=found,
        )

    def _inputs(self, name: str) -> Tree:
        block = self._model(name)
        if block is None:
            return ANY
        return Group({each: leaf_of(spec.type) for each, spec in block.inputs.items()})

    def _returned(self, check: FlowCheck, name: str) -> Tree:
        made: dict[str, Tree] = {}
        for _, step in mappings(self.written[name].get("steps")):
            inner, mine = block_of(step), step.get("id")
            if not isinstance(mine, str):
                continue
            if inner is None:
                made[mine] = check.returned(step)
            elif inner in self._graph.sound:
                made[mine] = self._returned(check, inner)
        return Group(made)


def is_open(text: str) -> bool:
    """Return whether a block's option is one input, so that its caller decides."""
    return WHOLE_INPUT.fullmatch(text) is not None


def _fault(value: Plain, kind: ValueKind, scope: Scope) -> tuple[str, str] | None:
    """Return what an input of *kind* must be and is not, and what to do; None where it fits."""
    if is_template(value):
        found = kind_of(value, scope)
        if found is None or _may_be(found[1], kind):
            return None
        return f"{_NEEDED[kind]}, and {quoted(found[0])} is {told(found[1])}", _WRITE[kind]
    wrong = isinstance(value, dict | list) or value is None
    wrong |= kind == "text" and not isinstance(value, str)
    wrong |= isinstance(value, bool) and kind != "flag"
    if not wrong:
        try:
            typed(value, kind)
        except Unfit:
            wrong = True
    return (f"{_NEEDED[kind]}, not {spelled(value)}", _WRITE[kind]) if wrong else None


def _may_be(tree: Tree, kind: ValueKind) -> bool:
    """Return whether some value of *tree* can be taken for *kind*."""
    if kind == "text":
        return not is_group(tree)
    if not isinstance(tree, Leaf):
        return False
    if tree.kind != "text":
        return tree.kind in {kind, "any"}
    return tree.holds in {"", kind} and not tree.choices


_NEEDED: Final = {
    "text": "text",
    "number": "a number",
    "date": "a date",
    "flag": "true or false",
}
_WRITE: Final = {
    "text": "put it in quotes",
    "number": 'write digits, or a template: "{{ transaction.amount }}"',
    "date": 'write 2026-11-23, or a template: "{{ now }}"',
    "flag": "write true or false",
}
