"""What is wrong with a flow's conditions, kept fields, steps, options and templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from jinja2 import nodes
from pydantic import ValidationError

from anonymizer.text.fields import GENERALISATIONS
from flows.errors import Place, Problem, Severity
from flows.language.block_checks import Blocks, is_open
from flows.language.block_graph import block_of
from flows.language.chains import chains
from flows.language.checks import Beside, Findings, mappings
from flows.language.codes import WARNINGS
from flows.language.constants import constant_faults
from flows.language.control_checks import (
    before_steps,
    concurrency_faults,
    returned_by,
    step_faults,
    turn_scope,
)
from flows.language.keeping import texts_in, unused
from flows.language.kinds import ANY, Refused, Tree
from flows.language.naming import name_faults
from flows.language.option_checks import option_faults
from flows.language.places import Path as TreePath
from flows.language.places import Plain
from flows.language.reach import Reach
from flows.language.reading import all_there, parsed
from flows.language.scopes import FIELDS, names_in_conditions, names_in_steps
from flows.language.shape import Shape
from flows.language.spec import StepSpec
from flows.language.syntax import Broken, Fault
from flows.language.table_names import data_tree
from flows.language.templates import OPTION, TemplateFault, read_template
from flows.language.vocabulary import NO_DATA, Scope, by_kind
from flows.language.words import nearest, quoted, suggestion
from flows.steps.contract import Step
from flows.steps.registry import STEPS

_KEYS = frozenset(field.alias or name for name, field in StepSpec.model_fields.items())

COARSE = tuple(row.name for row in GENERALISATIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCheck:
    """One flow under check.

    `flow` is plain data at `at`; `kinds` says what triggers it, `starts` what its inputs and
    the output that triggers it hold, `sources` what each source gives, `beside` what lies
    there. Problems go to `findings`, the text of template files to `shown`. `data` are the
    names of the tables. For the steps of a block, `inputs` are the names that it is given and
    `keeps` what the flow that uses it keeps.
    """

    flow: Mapping[str, Plain]
    at: TreePath
    kinds: frozenset[str]
    starts: Mapping[str, Tree]
    sources: Mapping[str, str]
    beside: Beside
    findings: Findings
    blocks: Blocks
    shown: list[str] = field(default_factory=list)
    data: Tree = NO_DATA
    inputs: Tree | None = None
    keeps: frozenset[str] = frozenset()

    def check(self) -> Reach:
        """Find what is wrong with the flow, in the order of the file.

        Returns what is understood of it, to be compared with other flows.
        """
        reach = Reach(flow=self.flow, findings=self.findings)
        self._listed("keep", FIELDS, "is not a field that can be kept")
        keep = self.kept()
        self._listed("generalise", COARSE, "cannot be generalised")
        scope = names_in_conditions(self.kinds, self.sources, self.starts, self.data)
        for index, text in enumerate(self._list("conditions")):
            where = (*self.at, "conditions", index)
            if self._expression(text, where, scope, condition=True):
                reach.condition(where, parsed(text, condition=True), scope)
        concurrency_faults(self.flow, self.at, self.kinds, keep, self.findings)
        early = before_steps(step for _, step in self._steps())
        at, early_scope = (*self.at, "concurrency"), self._names(early, keep)
        self._expression(self.flow.get("concurrency"), at, early_scope, condition=False)
        ran: dict[str, Tree] = {}
        for index, step in self._steps():
            where = (*self.at, "steps", index)
            scope = turn_scope(step, where, self._step_scope(ran, index, keep), self.findings)
            step_faults(step, where, self.findings)
            clear = self._expression(step.get("if"), (*where, "if"), scope, condition=True)
            tree = parsed(step["if"], condition=True) if clear else None
            asked = frozenset(".".join(each) for each in chains(tree)) if tree else frozenset()
            returned: Tree = ANY
            if block_of(step) is None:
                returned = self._step(step, where, tree, replace(scope, asked=asked), reach)
            else:
                reach.step(where, step, tree, scope, {})
                returned = self.blocks.used(self, step, where, scope, reach)
            if isinstance(step.get("id"), str):
                ran[step["id"]] = returned
        unused(self.flow, self.at, self.blocks, self.shown, self.findings)
        return reach

    def _step(
        self,
        step: Mapping[str, Plain],
        where: TreePath,
        condition: nodes.Node | None,
        scope: Scope,
        reach: Reach,
    ) -> Tree:
        """Check a step of one kind; return what later steps read of it."""
        known = self._uses(step, where)
        self._options(step, where, known, scope)
        returned = known.returns(_mapping(step.get("with"))) if known else {}
        reach.step(where, step, condition, scope, returned)
        return self.returned(step)

    def _steps(self) -> list[tuple[int, dict[str, Plain]]]:
        return list(mappings(self.flow.get("steps")))

    def kept(self) -> frozenset[str]:
        """Return what the flow keeps, with what its steps and those of its blocks need."""
        keep = self.flow.get("keep")
        names = self.blocks.uses_of(self.flow.get("steps"))
        needed = self.keeps.union(*(STEPS[name].needs for name in names if name in STEPS))
        written = keep if isinstance(keep, list) else []
        return needed.union(name for name in written if isinstance(name, str))

    def returned(self, step: Mapping[str, Plain]) -> Tree:
        """Return what later steps read of *step*, which uses no block."""
        uses = step.get("uses")
        known = STEPS.get(uses) if isinstance(uses, str) else None
        if known is None:
            return ANY
        return returned_by(step, known.returns(_mapping(step.get("with"))))

    def _listed(self, key: str, known: Sequence[str], fault: str) -> None:
        """Tell of names in the list under *key* that are not *known*."""
        for index, name in enumerate(self._list(key)):
            if isinstance(name, str) and name not in known:
                what = f"{quoted(name)} {fault}"
                self.findings.value(
                    (*self.at, key, index), what, suggestion(name, known), "field"
                )

    def _list(self, key: str) -> list[Plain]:
        listed = self.flow.get(key)
        return listed if isinstance(listed, list) else []

    def _step_scope(self, ran: Mapping[str, Tree], index: int, keep: frozenset[str]) -> Scope:
        steps = dict(ran)
        for later, step in self._steps():
            name = step.get("id")
            if later < index or not isinstance(name, str) or name in steps:
                continue
            when = "is this step itself" if later == index else "runs after this step"
            fix = "use a step that stands above" if later == index else f"move {name} above it"
            steps[name] = Refused(f"'steps.{name}' {when}", fix)
        return self._names(steps, keep)

    def _names(self, steps: Mapping[str, Tree], keep: frozenset[str]) -> Scope:
        return names_in_steps(
            self.kinds,
            self.sources,
            self.starts,
            keep=keep,
            steps=steps,
            data=self.data,
            inputs=self.inputs,
        )

    def _uses(self, step: Mapping[str, Plain], where: TreePath) -> Step | None:
        uses = step.get("uses")
        if not isinstance(uses, str):
            return None
        known = STEPS.get(uses)
        if known is None:
            what = f"there is no step {quoted(uses)}"
            self.findings.value((*where, "uses"), what, suggestion(uses, STEPS), "step")
            return None
        for kind in sorted(self.kinds - known.on):
            what = f"{uses} cannot be used in a flow that {by_kind(kind)}"
            fix = f"trigger the flow by {' or '.join(sorted(known.on))} alone"
            self.findings.value((*where, "uses"), what, fix, "step")
        return known

    def _options(
        self, step: Mapping[str, Plain], where: TreePath, known: Step | None, scope: Scope
    ) -> None:
        options, at = step.get("with"), (*where, "with")
        if "with" in step and not isinstance(options, dict):
            return  # the shape says so
        misspelt = {nearest(key, ("with",)) for key in step.keys() - _KEYS}
        if known is not None and "with" not in misspelt:
            self._shape(known, options or {}, at if "with" in step else where)
            for path, what, fix in option_faults(known.options, options, at, scope):
                self.findings.value(path, what, fix, "type")
        self.templates(options, at, scope)
        name = (options or {}).get(OPTION)
        if known is not None and OPTION in known.options.model_fields and isinstance(name, str):
            self._template(name, (*at, OPTION), scope)

    def templates(self, options: Plain, at: TreePath, scope: Scope) -> None:
        """Find what is wrong with the texts under `with`."""
        for path, text in texts_in(options, at):
            self._expression(text, path, scope, condition=False)

    def _shape(self, step: Step, options: dict[str, Plain], at: TreePath) -> None:
        try:
            step.options.model_validate(options)
        except ValidationError as error:
            document = self.findings.document
            shape = Shape(document, step.options, at, step.uses, templates=True)
            self.findings.problems.extend(shape.problems(error))

    def _template(self, name: str, at: TreePath, scope: Scope) -> None:
        if not name or (not self.kinds and is_open(name)):
            return  # of no flow in particular: whoever uses the block names the file
        if "{{" in name or "{%" in name:
            what = "the name of a template file is fixed"
            self.findings.value(
                at, what, "use `if` on two steps to choose between two files", "template"
            )
            return
        try:
            place, text = read_template(self.beside.folder, name)
        except TemplateFault as error:
            self.findings.value(at, error.what, error.fix, "template")
            return
        self.beside.read[place] = text.encode()
        text = text.replace("\r\n", "\n")
        self.shown.append(text)
        for fault in _faults(text, scope, condition=False):
            before = text[: fault.offset]
            line, column = before.count("\n") + 1, fault.offset - before.rfind("\n")
            self._tell(Place(str(place), line, column), fault)

    def _tell(self, place: Place, fault: Fault) -> None:
        severity: Severity = "warning" if fault.code in WARNINGS else "error"
        problem = Problem(place, fault.what, fault.fix, fault.code, severity)
        self.findings.problems.append(problem)

    def _expression(self, text: Plain, at: TreePath, scope: Scope, *, condition: bool) -> bool:
        """Tell what is wrong with an expression; return whether it is one, and right."""
        if not isinstance(text, str) or (condition and not text.strip()):
            return False
        faults = _faults(text, scope, condition=condition)
        for fault in faults:
            self._tell(self.findings.document.inside(at, fault.offset), fault)
        return all(fault.code in WARNINGS for fault in faults)


def general_check(
    data: Mapping[str, Plain],
    sources: Mapping[str, str],
    beside: Beside,
    findings: Findings,
) -> FlowCheck:
    """Return the check of no flow in particular: of any trigger, with all fields kept."""
    return FlowCheck(
        flow={},
        at=(),
        kinds=frozenset(),
        starts={},
        sources=sources,
        beside=beside,
        findings=findings,
        blocks=Blocks(data.get("blocks")),
        data=data_tree(data.get("data"), beside.tables),
        keeps=frozenset(FIELDS),
    )


def _faults(text: str, scope: Scope, *, condition: bool) -> list[Fault]:
    if not condition and ("{" not in text or all_there(text, scope)):
        return []
    try:
        tree = parsed(text, condition=condition)
    except Broken as broken:
        names = name_faults(broken.tree, text, scope) if broken.tree else []
        return _once(*broken.faults, *names)
    return _once(*name_faults(tree, text, scope), *constant_faults(tree, text))


def _once(*faults: Fault) -> list[Fault]:
    """Return the first fault of each character."""
    at: dict[int, Fault] = {}
    for fault in faults:
        at.setdefault(fault.offset, fault)
    return [*at.values()]


def _mapping(value: Plain) -> dict[str, Plain]:
    return value if isinstance(value, dict) else {}
