"""What is wrong with what flows run for: their triggers, and the inputs that they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import ValidationError

from flows.language.block_checks import Blocks
from flows.language.checks import Findings, mappings
from flows.language.inputs import InputSpec
from flows.language.kinds import ANY, DAY, FLAG, NUMBER, PROSE, Group, Leaf, Tree
from flows.language.places import Path as TreePath
from flows.language.places import Plain
from flows.language.triggers import TRIGGERS
from flows.language.vocabulary import STARTS
from flows.language.words import quoted, suggestion

_SOURCES: Final = ("mail", "transaction", "webhook")
"""Triggers that name a source, and so what sources give."""

_CALLS: Final = frozenset({"webhook", "manual"})
"""Triggers with inputs."""


LONGEST_CHAIN: Final = 10
"""Flows that may start one another in a row."""


_LEAVES: Final[Mapping[str, Leaf]] = {
    "text": PROSE,
    "number": NUMBER,
    "date": DAY,
    "flag": FLAG,
    "name": Leaf("text", holds="name"),
    "phone": Leaf("text", holds="phone"),
    "email": Leaf("text", holds="email"),
    "address": Leaf("text", holds="address"),
}
"""What inputs are to expressions, by their type."""


class TriggerCheck:
    """The triggers and inputs of all flows of a file, under check.

    *data* is the file as plain data with the *blocks* in it, *sources* says what each source
    gives.
    """

    def __init__(
        self,
        data: Mapping[str, Plain],
        sources: Mapping[str, str],
        blocks: Blocks,
        findings: Findings,
    ) -> None:
        self._sources, self._blocks, self._findings = sources, blocks, findings
        self._flows = {
            str(flow["id"]): (index, flow)
            for index, flow in mappings(data.get("flows"))
            if isinstance(flow.get("id"), str)
        }
        business = data.get("business")
        region = business.get("region") if isinstance(business, dict) else ""
        self._country = region[:2] if isinstance(region, str) else ""
        self._asked: dict[tuple[str, str], Plain] = {}
        self._chains()

    def check(self, flow: Mapping[str, Plain], at: TreePath) -> frozenset[str]:
        """Find what is wrong with the triggers and inputs; return the kinds of triggers."""
        kinds: set[str] = set()
        for index, trigger in mappings(flow.get("triggers")):
            kinds |= {kind for kind in TRIGGERS if kind in trigger}
            where = (*at, "triggers", index)
            for kind in _SOURCES:
                self._source(trigger.get(kind), kind, (*where, kind))
            if isinstance(trigger.get("output"), dict):
                self._output(trigger["output"], (*where, "output"))
        self._inputs(flow, at, frozenset(kinds))
        return frozenset(kinds)

    def _chains(self) -> None:
        """Find flows that start one another in a circle, each circle once."""
        done: set[str] = set()
        for start in self._flows:
            chain: list[str] = []
            self._follow(start, chain, done)

    def names(self, flow: Mapping[str, Plain]) -> dict[str, Tree]:
        """Return what `inputs` and `output` hold in the flow."""
        specs = flow.get("inputs")
        given = specs if isinstance(specs, dict) else {}
        inputs = {str(name): _leaf(spec) for name, spec in given.items()}
        bodies = [self._body(of) for of, _ in _outputs(flow)]
        output = STARTS["output"]
        if bodies and all(isinstance(each, Group) for each in bodies):
            # A name that only some of them have may not be there.
            trees = [each.names for each in bodies if isinstance(each, Group)]
            shared = set(trees[0]).intersection(*trees[1:])
            body = Group({name: trees[0][name] for name in trees[0] if name in shared})
            assert isinstance(output, Group)  # noqa: S101 - as it is written down
            output = Group({**output.names, "body": body})
        return {"inputs": Group(inputs), "output": output}

    def _source(self, name: Plain, kind: str, where: TreePath) -> None:
        if not isinstance(name, str):
            return
        fitting = [each for each, gives in self._sources.items() if gives in {kind, "any"}]
        if name not in self._sources:
            what = f"there is no source {quoted(name)}"
            self._findings.value(where, what, suggestion(name, fitting), "source")
        elif name not in fitting:
            verb = "is" if kind == "webhook" else "gives"
            what = f"the source {quoted(name)} {verb} no {kind}"
            fix = f"write `{self._sources[name]}: {name}`"
            self._findings.value(where, what, fix, "source")

    def _output(self, of: Mapping[str, Plain], where: TreePath) -> None:
        flow, step = of.get("flow"), of.get("step")
        if not isinstance(flow, str):
            return
        if flow not in self._flows:
            what = f"there is no flow {quoted(flow)}"
            fix = suggestion(flow, self._flows)
            self._findings.value((*where, "flow"), what, fix, "trigger")
            return
        _, other = self._flows[flow]
        steps = dict(self._blocks.whole(other.get("steps")))
        if not isinstance(step, str):
            return
        if step not in steps:
            what = f"the flow {quoted(flow)} has no step {quoted(step)}"
            self._findings.value((*where, "step"), what, suggestion(step, steps), "trigger")
            return
        if steps[step].get("uses") == "extract":
            what = f"the step {quoted(step)} puts nothing out"
            fix = "name a step with an output"
            self._findings.value((*where, "step"), what, fix, "trigger")

    def _follow(self, flow: str, chain: list[str], done: set[str]) -> None:
        if flow in done or flow not in self._flows:
            return
        chain.append(flow)
        index, spec = self._flows[flow]
        for of, number in _outputs(spec):
            other = str(of.get("flow"))
            if other in chain:
                circle = [*chain[chain.index(other) :], other]
                what = f"flows start one another in a circle: {' after '.join(circle)}"
                where = ("flows", index, "triggers", number, "output")
                fix = "take one of these triggers out"
                self._findings.value((*where, "flow"), what, fix, "trigger")
            elif len(chain) == LONGEST_CHAIN:
                what = f"more than {LONGEST_CHAIN} flows start one another in a row"
                where = ("flows", index, "triggers", number, "output")
                fix = "let one flow do the work of several"
                self._findings.value(where, what, fix, "trigger")
            else:
                self._follow(other, chain, done)
        chain.pop()
        done.add(flow)

    def _inputs(self, flow: Mapping[str, Plain], at: TreePath, kinds: frozenset[str]) -> None:
        specs = flow.get("inputs")
        if not isinstance(specs, dict):
            return
        if specs and kinds and not kinds & _CALLS:
            what = "nobody gives these inputs: no webhook and nobody by hand starts the flow"
            fix = "add `- manual: true` or `- webhook: ` to its triggers, or take them out"
            self._findings.key((*at, "inputs"), what, fix, "trigger")
        hooks = {
            str(each["webhook"])
            for _, each in mappings(flow.get("triggers"))
            if "webhook" in each
        }
        for name, spec in specs.items():
            if not isinstance(spec, dict):
                continue
            where = (*at, "inputs", name)
            self._default(spec, where)
            for hook in sorted(hooks):
                same = (spec.get("type"), spec.get("one_of"))
                if self._asked.setdefault((hook, str(name)), same) != same:
                    what = f"another flow of {quoted(hook)} takes {quoted(name)} otherwise"
                    fix = "one call serves both: give it the same type, or another name"
                    self._findings.key(where, what, fix, "duplicate")

    def _default(self, spec: Mapping[str, Plain], where: TreePath) -> None:
        from flows.inputs import read, wanted  # noqa: PLC0415 - phone numbers weigh something

        if spec.get("default") is None:
            return
        try:
            known = InputSpec.model_validate(spec)
        except ValidationError:
            return  # the shape says so
        try:
            read(known, known.default, self._country)
        except ValueError:
            what = f"this is not {wanted(known)}"
            fix = f"give a default that fits `type: {known.type}`"
            self._findings.value((*where, "default"), what, fix, "type")

    def _body(self, of: Mapping[str, Plain]) -> Tree:
        from flows.steps.bodies import BODIES  # noqa: PLC0415 - keeps this module light

        _, flow = self._flows.get(str(of.get("flow")), (0, {}))
        step = dict(self._blocks.whole(flow.get("steps"))).get(str(of.get("step")), {})
        body = BODIES.get(str(step.get("uses")))
        if body is None or of.get("state") == "failed":
            return ANY  # what failed may hold its problem instead
        return Group({name: Leaf(kind) for name, kind in body.items()})


def _leaf(spec: Plain) -> Tree:
    kind = spec.get("type") if isinstance(spec, dict) else None
    if not isinstance(spec, dict) or not isinstance(kind, str):
        return ANY
    choices = spec.get("one_of")
    if kind == "choice" and isinstance(choices, list):
        return Leaf("text", tuple(str(each) for each in choices))
    return _LEAVES.get(kind, ANY)


def _outputs(flow: Mapping[str, Plain]) -> Iterator[tuple[Mapping[str, Plain], int]]:
    for index, trigger in mappings(flow.get("triggers")):
        of = trigger.get("output")
        if isinstance(of, dict):
            yield of, index
