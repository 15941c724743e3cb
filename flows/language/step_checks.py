"""What is wrong with a flow's conditions, kept fields, steps, options and templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import nodes
from pydantic import ValidationError

from anonymizer.text.fields import GENERALISATIONS, KEEP_FIELDS
from flows.errors import Place
from flows.language.checks import Findings, mappings
from flows.language.grammar import parse_condition, parse_template
from flows.language.naming import name_faults
from flows.language.places import Path as TreePath
from flows.language.places import Plain
from flows.language.shape import Shape
from flows.language.spec import StepSpec
from flows.language.syntax import Broken, Fault
from flows.language.templates import OPTION, TemplateFault, read_template
from flows.language.vocabulary import (
    ANY,
    Group,
    Refused,
    Scope,
    Tree,
    a,
    condition_scope,
    step_scope,
)
from flows.language.words import nearest, quoted, suggestion
from flows.steps.contract import Step
from flows.steps.registry import STEPS

_KEYS = frozenset(field.alias or name for name, field in StepSpec.model_fields.items())

FIELDS = tuple(field.name for field in KEEP_FIELDS)
COARSE = tuple(row.name for row in GENERALISATIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCheck:
    """One flow under check.

    `flow` is plain data at `at`; `kinds` says what triggers it, `sources` what each source
    gives, `folder` where template files are looked for. Problems go to `findings`.
    """

    flow: Mapping[str, Plain]
    at: TreePath
    kinds: frozenset[str]
    sources: Mapping[str, str]
    folder: Path
    findings: Findings

    def check(self) -> None:
        """Find what is wrong with the flow, in the order of the file."""
        keep = self._kept()
        self._listed("generalise", COARSE, "cannot be generalised")
        conditions = self.flow.get("conditions")
        scope = condition_scope(self.kinds, self.sources, fields=FIELDS)
        for index, text in enumerate(conditions if isinstance(conditions, list) else []):
            self._expression(text, (*self.at, "conditions", index), scope, condition=True)
        ran: dict[str, Tree] = {}
        for index, step in self._steps():
            where = (*self.at, "steps", index)
            scope = self._step_scope(ran, index, keep)
            self._expression(step.get("if"), (*where, "if"), scope, condition=True)
            known = self._uses(step, where)
            self._options(step, where, known, scope)
            if isinstance(step.get("id"), str):
                ran[step["id"]] = _returned(known, step.get("with"))

    def _steps(self) -> list[tuple[int, dict[str, Plain]]]:
        return list(mappings(self.flow.get("steps")))

    def _kept(self) -> frozenset[str]:
        """Check `keep`, and return what the flow keeps with what its steps need."""
        keep = self._listed("keep", FIELDS, "is not a field that can be kept")
        names = [step.get("uses") for _, step in self._steps()]
        used = [STEPS.get(name) for name in names if isinstance(name, str)]
        needed = frozenset[str]().union(*(step.needs for step in used if step))
        return needed.union(name for name in keep if isinstance(name, str))

    def _listed(self, key: str, known: Sequence[str], fault: str) -> list[Plain]:
        """Return the list under *key*, and tell of names in it that are not *known*."""
        listed = self.flow.get(key)
        names = listed if isinstance(listed, list) else []
        for index, name in enumerate(names):
            if isinstance(name, str) and name not in known:
                what = f"{quoted(name)} {fault}"
                self.findings.value((*self.at, key, index), what, suggestion(name, known))
        return names

    def _step_scope(self, ran: Mapping[str, Tree], index: int, keep: frozenset[str]) -> Scope:
        steps = dict(ran)
        for later, step in self._steps():
            name = step.get("id")
            if later < index or not isinstance(name, str) or name in steps:
                continue
            when = "is this step itself" if later == index else "runs after this step"
            fix = "use a step that stands above" if later == index else f"move {name} above it"
            steps[name] = Refused(f"'steps.{name}' {when}", fix)
        return step_scope(self.kinds, self.sources, fields=FIELDS, keep=keep, steps=steps)

    def _uses(self, step: Mapping[str, Plain], where: TreePath) -> Step | None:
        uses = step.get("uses")
        if not isinstance(uses, str):
            return None
        known = STEPS.get(uses)
        if known is None:
            what = f"there is no step {quoted(uses)}"
            self.findings.value((*where, "uses"), what, suggestion(uses, STEPS))
            return None
        for kind in sorted(self.kinds - known.on):
            what = f"{uses} cannot be used in a flow that {a(kind)} triggers"
            fix = f"trigger the flow by {' or '.join(sorted(known.on))} alone"
            self.findings.value((*where, "uses"), what, fix)
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
        for path, text in _texts(options, at):
            self._expression(text, path, scope, condition=False)
        name = (options or {}).get(OPTION)
        if known is not None and OPTION in known.options.model_fields and isinstance(name, str):
            self._template(name, (*at, OPTION), scope)

    def _shape(self, step: Step, options: dict[str, Plain], at: TreePath) -> None:
        try:
            step.options.model_validate(options)
        except ValidationError as error:
            document = self.findings.document
            shape = Shape(document, step.options, at, step.uses, templates=True)
            self.findings.problems.extend(shape.problems(error))

    def _template(self, name: str, at: TreePath, scope: Scope) -> None:
        if not name:
            return
        if "{{" in name or "{%" in name:
            what = "the name of a template file is fixed"
            self.findings.value(at, what, "use `if` on two steps to choose between two files")
            return
        try:
            place, text = read_template(self.folder, name)
        except TemplateFault as error:
            self.findings.value(at, error.what, error.fix)
            return
        text = text.replace("\r\n", "\n")
        for fault in _faults(text, scope, condition=False):
            before = text[: fault.offset]
            line, column = before.count("\n") + 1, fault.offset - before.rfind("\n")
            self.findings.elsewhere(Place(str(place), line, column), fault.what, fault.fix)

    def _expression(self, text: Plain, at: TreePath, scope: Scope, *, condition: bool) -> None:
        if not isinstance(text, str) or (condition and not text.strip()):
            return
        for fault in _faults(text, scope, condition=condition):
            self.findings.inside(at, fault.offset, fault.what, fault.fix)


def _faults(text: str, scope: Scope, *, condition: bool) -> list[Fault]:
    if not condition and "{" not in text:
        return []
    try:
        tree = _parsed(text, condition=condition)
    except Broken as broken:
        told = {fault.offset for fault in broken.faults}
        names = name_faults(broken.tree, text, scope) if broken.tree else []
        return [*broken.faults, *(fault for fault in names if fault.offset not in told)]
    return name_faults(tree, text, scope)


@lru_cache(maxsize=1024)
def _parsed(text: str, *, condition: bool) -> nodes.Node:
    return parse_condition(text) if condition else parse_template(text)


def _texts(value: Plain, at: TreePath) -> Iterator[tuple[TreePath, str]]:
    """Yield every text under *value* with its path; the depth of the file is bounded."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, (*at, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, (*at, index))


def _returned(step: Step | None, options: Plain) -> Tree:
    if step is None:
        return ANY
    given = options if isinstance(options, dict) else {}
    return Group(dict.fromkeys(sorted(step.returns(given)), ANY))
