"""What the flows of a business are, in plain words: Markdown for who answers for them.

Names, conditions and fields are told as flows.yaml has them. What is no matter of a reader is
left out: secrets, the addresses and names of people, and the texts that steps write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from anonymizer.text.fields import KEEP_FIELDS
from flows.language.control import Approval, Ask, Notify
from flows.language.inputs import PERSONAL
from flows.language.node import Node
from flows.language.spec import FlowsFile, FlowSpec, StepSpec
from flows.steps.registry import STEPS
from portal.cli.markdown import table
from portal.telling import code, code_list, free, lasting
from portal.ways_out import told_fields, way_of

_SHOWN: Final = (
    "path",
    "host",
    "folders",
    "account",
    "company",
    "environment",
    "site",
    "file",
    "table",
    "since",
)
"""What is told of a source: where it reads, never as whom or with which key."""

_MEANS: Final[Mapping[str, str]] = {
    field.name: free(field.summary.removesuffix(".")) for field in KEEP_FIELDS
}
_ATTACHED: Final[Mapping[str, str]] = {
    "drop": "",
    "seal": "Attachments that cannot be read are kept sealed, for the owner alone.",
}


def described(file: FlowsFile, templates: Mapping[str, str]) -> str:
    """Return the sections about *file*, of the second level; *templates* are texts by name."""
    parts = [f"## Where it reads\n\n{_sources(file)}"]
    parts += [_flow(flow, file, templates) for flow in file.flows]
    parts.append(f"## What leaves, and to whom\n\n{_ways(file, templates)}")
    return "\n".join(parts)


def _sources(file: FlowsFile) -> str:
    rows = ((code(name), _kind(each), _place(each)) for name, each in file.sources.items())
    return table(("source", "is", "reads"), rows)


def _kind(source: Node) -> str:
    """Return what the language says of its kind."""
    return " ".join((source.__doc__ or "").partition("\n\n")[0].split())


def _place(source: Node) -> str:
    given = ((name, getattr(source, name, None)) for name in _SHOWN)
    return "; ".join(
        f"{name} {code_list(map(str, value)) if isinstance(value, tuple) else code(str(value))}"
        for name, value in given
        if value
    )


def _flow(flow: FlowSpec, file: FlowsFile, templates: Mapping[str, str]) -> str:
    lines = [f"## {free(flow.name)}\n", f"{code(flow.id)}{'' if flow.enabled else ', off'}\n"]
    if flow.description:
        lines.append(f"{free(flow.description)}\n")
    lines += [f"- {_first_line(each)}{_given(each)}." for each in flow.triggers]
    if flow.inputs:
        lines.append(f"- Takes {code_list(flow.inputs)}.")
    lines += [f"- Only if {code(each)}" for each in flow.conditions]
    lines += [f"- {each}" for each in _kept(flow)]
    if flow.concurrency:
        lines.append(f"- Goes out one at a time, in order, for each {code(flow.concurrency)}.")
    lines.append("")
    lines += [
        f"{number}. {_step(step, file)}" for number, step in enumerate(flow.steps, start=1)
    ]
    return "\n".join([*lines, ""])


def _first_line(trigger: Node) -> str:
    return (trigger.__doc__ or "").partition("\n")[0].strip().removesuffix(".")


def _given(trigger: Node) -> str:
    """Return what the flow says of it: a source, a time, or whose output."""
    said = list(_words(trigger.model_dump(exclude_unset=True)))
    return f": {code_list(said)}" if said else ""


def _words(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _words(each)
    elif isinstance(value, str):
        yield value


def _kept(flow: FlowSpec) -> Iterator[str]:
    """Yield what is kept, of whom, and how long."""
    last = lasting(flow.retention, m="month")
    if flow.keep:
        named = (f"{code(name)} ({_MEANS.get(name, name)})" for name in flow.keep)
        yield f"Keeps {', '.join(named)}, for {last}."
    given = [name for name, spec in flow.inputs.items() if spec.type in PERSONAL]
    if given:
        yield f"Keeps as given what comes as {code_list(given)}, for {last}."
    if not flow.keep and not given:
        yield f"Keeps no personal field; its records stay for {last}."
    known = (STEPS[step.uses].needs for step in flow.steps)
    if more := sorted(frozenset[str]().union(*known) - {*flow.keep}):
        yield f"Keeps as well what its steps need: {code_list(more)}."
    if flow.generalise:
        yield f"Keeps coarser: {code_list(flow.generalise)}."
    if said := _ATTACHED[flow.attachments]:
        yield said


def _step(step: StepSpec, file: FlowsFile) -> str:
    said = [f"{code(step.id)}: {free(STEPS[step.uses].summary)}"]
    if step.foreach:
        said.append(f"Once for each of {code(step.foreach)}.")
    if step.condition:
        said.append(f"Only if {code(step.condition)}.")
    if way := way_of(step, file):
        said.append(f"Goes to {way}.")
    said += [*_decided(step), *_failing(step)]
    return " ".join(said)


def _decided(step: StepSpec) -> Iterator[str]:
    if isinstance(step.approve, Approval):
        then, within = step.approve.then, lasting(step.approve.within, m="minute")
        late = f"{code(then.ask)} is asked" if isinstance(then, Ask) else _LATE[then]
        yield f"{code(step.approve.by)} approves; {within} without an answer, and {late}."
    elif step.approve:
        yield f"{code(step.approve)} approves."


_LATE: Final = {"reject": "it is closed", "approve": "it goes out"}


def _failing(step: StepSpec) -> Iterator[str]:
    if isinstance(step.on_error, Notify):
        yield f"If it fails, {code(step.on_error.notify)} is told."
    elif step.on_error == "continue":
        yield "If it fails, the later steps run."
    if step.retry is not None:
        tries = [f"{step.retry.attempts} times"] if step.retry.attempts else []
        if step.retry.within:
            tries.append(f"for {lasting(step.retry.within, m='minute')}")
        yield f"Tried {' or '.join(tries)} at most."


def _ways(file: FlowsFile, templates: Mapping[str, str]) -> str:
    rows = [
        (
            code(f"{flow.id}/{step.id}"),
            way,
            code_list(told_fields(step, flow, templates)) or "none",
            code(_who(step)) if _who(step) else "nobody, by this file",
        )
        for flow in file.flows
        if flow.enabled
        for step in flow.steps
        if (way := way_of(step, file))
    ]
    if not rows:
        return "Nothing leaves.\n"
    head = ("step", "to whom", "personal fields that its texts name", "approves")
    return f"{_OUT}\n{table(head, rows)}"


_OUT: Final = """\
All else stays in the files and the store of this business. A text of a mail that is passed on
is clean: of personal data it holds what the flow keeps. A doubt about a sender puts what is
made before a person in any case.
"""


def _who(step: StepSpec) -> str:
    return step.approve.by if isinstance(step.approve, Approval) else step.approve or ""
