"""Where the work of a step goes, and which personal fields its texts name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from flows.language.chains import chains
from flows.language.grammar import parse_template
from flows.language.inner_steps import Frame, InnerStep
from flows.language.inputs import PERSONAL
from flows.language.outlets import FolderOutlet, HttpOutlet, OutletSpec
from flows.language.spec import FlowsFile, FlowSpec, StepSpec
from flows.language.templates import OPTION
from flows.steps.registry import STEPS
from portal.telling import code, free

_PASSED_ON: Final = ("mail.text", "mail.new_text", "mail.subject")
Options = Mapping[str, Any]
Way = Callable[[Options, FlowsFile], str]


def way_of(step: StepSpec, file: FlowsFile) -> str:
    """Return who or what gets the work of *step*, as Markdown; nothing where it stays here."""
    return WAYS[step.uses](step.options, file)


def told_fields(
    step: StepSpec, flow: FlowSpec, templates: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the personal fields that the texts of *step* name, in the order of the alphabet.

    They are what the flow keeps, and inputs of a personal type (`inputs.who`). A text of the
    mail or of an input may hold what the flow keeps, so a step that passes it on names all.
    """
    kept = {*flow.keep, *STEPS[step.uses].needs}
    given = {f"inputs.{name}": spec.type for name, spec in flow.inputs.items()}
    template = templates.get(step.options.get(OPTION, ""))
    frames = step.frames if isinstance(step, InnerStep) else ()
    named = _named({**step.options, OPTION: template}, frames)
    told = {name for name in kept if {name, f"kept.{name}"} & named}
    if named & {*_PASSED_ON, *(name for name, kind in given.items() if kind == "text")}:
        told = {*flow.keep}
    told |= {name for name in named if given.get(name) in PERSONAL}
    return tuple(sorted(told))


def _named(value: object, frames: Sequence[Frame]) -> set[str]:
    """Return the names in every text of *value*; for inputs of a block, what it is given."""
    found = {".".join(each) for text in _texts(value) for each in chains(parse_template(text))}
    if not frames:
        return found
    inputs = {name for name in found if name.startswith("inputs.")}
    given = [frames[-1].inputs.get(name.removeprefix("inputs.")) for name in inputs]
    return (found - inputs) | (_named(given, frames[:-1]) if given else set())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _nowhere(_options: Options, _file: FlowsFile) -> str:
    return ""


def _writer(_options: Options, _file: FlowsFile) -> str:
    return "whoever wrote the mail"


def _drafted(_options: Options, _file: FlowsFile) -> str:
    return "the drafts of the mailbox, where a person sends it to whoever wrote the mail"


def _addressed(options: Options, _file: FlowsFile) -> str:
    to = str(options.get("to", ""))
    return f"the address {code(to)}" if "{{" in to else "one address, written in flows.yaml"


def _draft_addressed(options: Options, file: FlowsFile) -> str:
    return f"the drafts of the mailbox, where a person sends it to {_addressed(options, file)}"


def _marked(_options: Options, _file: FlowsFile) -> str:
    return "the mailbox that the mail lies in"


def _books(options: Options, _file: FlowsFile) -> str:
    mailed = ", which mail it to the customer" if options.get("send") else ""
    return f"the books {code(str(options['books']))} at Microsoft{mailed}"


def _planned(options: Options, _file: FlowsFile) -> str:
    to = options.get("to")
    return f"the mailbox {code(str(to))} at Microsoft" if to else ""


def _row(options: Options, file: FlowsFile) -> str:
    to = options.get("to")
    if not to:
        return ""
    online = getattr(file.sources[to], "address", None)
    return f"the workbook {code(to)}{' at Microsoft' if online else ''}"


def _person(options: Options, _file: FlowsFile) -> str:
    return f"the {code(str(options.get('to') or 'owner'))} of the business"


def _outlet(options: Options, file: FlowsFile) -> str:
    name = str(options["to"])
    return f"{code(name)}, {_place(file.outlets[name])}"


def _place(outlet: OutletSpec) -> str:
    if isinstance(outlet, FolderOutlet):
        return f"the folder {code(outlet.path)}"
    if isinstance(outlet, HttpOutlet):
        if not outlet.url.startswith("https://"):
            return "a program at an address that is kept outside flows.yaml"
        return f"a program at {code(urlsplit(outlet.url).hostname or '')}"
    return f"{free('Microsoft Teams')}, a {'chat' if outlet.chat else 'channel'}"


WAYS: Final[Mapping[str, Way]] = {
    "extract": _nowhere,
    "job.open": _nowhere,
    "reply.draft": _drafted,
    "reply.send": _writer,
    "mail.draft": _draft_addressed,
    "mail.send": _addressed,
    "mail.mark": _marked,
    "invoice.record": _nowhere,
    "quote.send": _books,
    "invoice.open": _books,
    "payment.match": _nowhere,
    "event.add": _planned,
    "task.add": _planned,
    "row.append": _row,
    "file.write": _outlet,
    "notify": _person,
    "teams.post": _outlet,
    "webhook.call": _outlet,
}
"""By what a step uses."""
