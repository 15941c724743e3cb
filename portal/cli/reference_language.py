"""The reference of flows.yaml as one page, derived from the models that validate it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from textwrap import indent
from typing import Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from anonymizer.text.fields import FIELDS
from flows.language import control, inputs, node, outlets, sources, spec, tables, triggers
from flows.language.codes import CODES, WARNINGS
from flows.language.filter_examples import EXAMPLES
from flows.language.filters import FILTERS, METHODS
from flows.language.fitting import told
from flows.language.grammar import FILTER_NAMES
from flows.language.kinds import Group, Items, Leaf, Refused, Tree
from flows.language.regional import REGIONAL
from flows.language.sandbox import lookup
from flows.language.vocabulary import condition_scope, step_scope
from flows.steps.contract import ANY, Step
from flows.steps.examples import EXAMPLES as STEP_EXAMPLES
from flows.steps.registry import STEPS
from portal.cli.markdown import code, table

_DEADLINE: Final = """\
Whoever comes first decides, a person or the deadline, which the next sweep keeps. What that
did is recorded with the authority `deadline`, and told to who had to decide, or to who is asked
then. A mail that it lets go is automatic mail, and says so."""
_TRIGGERS: Final[tuple[tuple[str, type[node.Node]], ...]] = (
    ("mail", triggers.MailTrigger),
    ("transaction", triggers.TransactionTrigger),
    ("overdue", triggers.OverdueTrigger),
    ("schedule", triggers.ScheduleTrigger),
    ("webhook", triggers.WebhookTrigger),
    ("manual", triggers.ManualTrigger),
    ("output", triggers.OutputTrigger),
)
_WEBHOOK: Final = "How a caller signs and what it is answered: [sources](sources.md#webhooks)."
_CHAIN: Final = (
    "Steps see it as `output.flow`, `.step`, `.state`, `.uses`, `.summary` and `.body`. Of what"
    " the other flow keeps, the body holds what this one keeps, too; a stand-in is in place of"
    " the rest. At most 10 flows start one another in a row, never in a circle."
)
_PARTS: Final[tuple[tuple[str, type[node.Node], str], ...]] = (
    ("The file", spec.FlowsFile, ""),
    ("`business`", spec.Business, ""),
    ("A source that `uses: folder`", sources.FolderSource, ""),
    ("A source that `uses: outlook`", sources.OutlookSource, ""),
    ("A source that `uses: imap`", sources.ImapSource, "Give `password` or `sign_in`."),
    ("`sign_in` of a source", sources.SignIn, "`jigajob connect SOURCE` signs in."),
    ("`smtp` of an IMAP source", sources.SmtpServer, ""),
    ("A source that `uses: bank`", sources.BankSource, ""),
    ("`columns` of a bank source", sources.ColumnMap, "Give `amount`, or both others."),
    ("A source that `uses: stripe`", sources.StripeSource, ""),
    ("A source that `uses: business_central`", sources.BusinessCentralSource, ""),
    (
        "A source that `uses: workbook`",
        sources.WorkbookSource,
        "Give `path`, or `address` and `file`.",
    ),
    ("`columns` of a workbook", sources.MoneyColumns, "Give `amount`, or both others."),
    ("A source that `uses: webhook`", sources.WebhookSource, _WEBHOOK),
    (
        "A table under `data`",
        tables.Table,
        "Give `file` or `rows`. `data.prices['PUMP-2'].price` reads it, `{% for row in"
        " data.prices %}` goes through it. What a wrong cell holds is never repeated.",
    ),
    ("A column", tables.Column, "The short form is its type alone: `price: number`."),
    (
        "A block",
        spec.Block,
        "`uses: block.NAME` puts its steps in. An `if` there holds for all of them, and"
        " `approve` for those that say nothing of it; later steps read `steps.ID.INNER`.",
    ),
    ("`inputs` of a block", spec.BlockInput, "The short form is its type alone."),
    (
        "A file that is included",
        spec.PartFile,
        "For editors: `jigajob schema --part`. Names are unique over all files.",
    ),
    (
        "An outlet that `uses: http`",
        outlets.HttpOutlet,
        "[outlets.md](outlets.md) says what is called, how, and what is refused.",
    ),
    (
        "An outlet that `uses: teams`",
        outlets.TeamsOutlet,
        "Give `source`, `team` and `channel`; or `source` and `chat`; or `workflow`.",
    ),
    ("An outlet that `uses: folder`", outlets.FolderOutlet, ""),
    ("A flow", spec.FlowSpec, "`triggers` lists what follows, each as an item of its own."),
    *(
        (f"Trigger `{word}`", model, " ".join((model.__doc__ or "").split()))
        for word, model in _TRIGGERS
    ),
    ("`output` of a trigger", triggers.OutputRef, _CHAIN),
    (
        "An input",
        inputs.InputSpec,
        " ".join((inputs.InputSpec.__doc__ or "").partition("\n\n")[2].split()),
    ),
    ("A step", spec.StepSpec, ""),
    ("`retry` of a step", control.Retry, "Give one or both; the first one reached ends it."),
    ("`approve` of a step, with a deadline", control.Approval, _DEADLINE),
    ("`anonymizer`", spec.Anonymizer, "What the cleaner takes out besides what it knows."),
    (
        "A recogniser",
        spec.Recogniser,
        "`jigajob validate` tries its pattern on its tests and on hostile text; one that may"
        " never end is refused.",
    ),
    ("`tests` of a recogniser", spec.RecogniserTests, ""),
)
_KINDS: Final[Mapping[str, str]] = {
    "text": "text",
    "number": "number",
    "date": "date",
    "flag": "true or false",
    "any": "any value",
}
_START: Final = """\
For editors the same comes from `jigajob schema`; the README shows how the parts work together.
"""
_SEEN: Final = """\
They see the mail as it came in, in memory. `new_text` is what the sender wrote this time,
without quoted mail and signature.
"""
_CLEAN: Final = """\
They see the clean mail, what the flow keeps (also as `kept.customer.name`), and what earlier
steps returned, as `steps.ID.VALUE`. A kept field that this mail did not have is an empty text.
"""
_TURNS: Final = """\
A step with `foreach` also has `item` and `loop`, with `loop.index` from 1, `loop.index0`,
`loop.first`, `loop.last` and `loop.length`. Later steps read what it returned each time that it
ran as `steps.ID.items`, a list. With `on_error: continue` a step also returns `status`: `done`
(or its own word), `failed`, or an empty text where its `if` did not hold.
"""
_LANGUAGE: Final = """\
A condition is true or false: `mail.kind == 'complaint' and not mail.automatic`. It is built
from `== != < <= > >= in and or not + - * / ~`, brackets and filters. Templates are texts with
`{{ names }}`, `{% if %}` and `{% for %}`, a small part of Jinja. Both run in a sandbox: no
code, no files, bounded time and size. A name that does not exist is found by
`jigajob validate`, before any mail is read.

A filter stands behind a bar: `mail.text | mentions('leak', 'drip')`.
"""
_FOUND: Final = """\
Each problem has a place, a cure and a stable code. `--format json` prints one diagnostic a line
as editors take them: `range` counts from 0, in UTF-16 units; `severity` is 1 for an error, 2
for a warning. A warning lets the file run; `--strict` fails at it. `--format github` annotates
the files of a pull request. Conditions are weighed where they compare a name with a constant;
what cannot be decided so is taken for possible.
"""
_SHORT: Final[Mapping[str, str]] = {
    "abs": "the number without its sign",
    "capitalize": "the text, its first letter large",
    "int": "the whole part of a number",
    "lower": "the text in small letters",
    "title": "the text, the first letter of each word large",
    "trim": "the text without blanks around it",
    "upper": "the text in capitals",
}
"""Filters that say in code what they do, and so have no words of their own."""


def page(note: str) -> str:
    """Return the page; *note* stands under its title."""
    return f"# flows.yaml, word for word\n\n{note}\n\n{_START}\n{language()}"


def language() -> str:
    """Return every word of the language, as sections of the second level."""
    conditions = condition_scope((), {}, fields=FIELDS).names
    steps = step_scope((), {}, fields=FIELDS, keep=FIELDS, steps={}).names
    parts = [
        *(_model(title, model, extra) for title, model, extra in _PARTS),
        "## Steps\n",
        *map(_step, STEPS.values()),
        f"## Names in `conditions`\n\n{_SEEN}",
        _names(conditions),
        f"## Names in steps: `if`, and texts under `with`\n\n{_CLEAN}",
        _names(steps),
        _TURNS,
        f"## Conditions, templates and filters\n\n{_LANGUAGE}",
        table(("filter", "what comes out", "example", "gives"), sorted(_filters())),
        f"Texts also have {code(f'.{name}()' for name in METHODS)}.\n",
        f"## What `jigajob validate` finds\n\n{_FOUND}",
        table(("code", "means", "weight"), _codes()),
    ]
    return "\n".join(parts)


def _codes() -> Iterator[tuple[str, str, str]]:
    for name, means in sorted(CODES.items()):
        yield f"`{name}`", means, "warning" if name in WARNINGS else "error"


def _model(title: str, model: type[node.Node], extra: str) -> str:
    lines = [f"## {title}\n", f"{extra}\n" if extra else "", _keys(model.model_fields)]
    return "\n".join(filter(None, lines))


def _keys(fields: Mapping[str, FieldInfo]) -> str:
    return table(
        ("key", "needed", "meaning"),
        (
            (f"`{field.alias or name}`", "yes" if field.is_required() else "", _said(field))
            for name, field in fields.items()
        ),
    )


def _said(field: FieldInfo) -> str:
    parts = [field.description or ""]
    default = None if field.is_required() else field.get_default(call_default_factory=False)
    if get_origin(field.annotation) is Literal and len(get_args(field.annotation)) > 1:
        parts.append(f"One of {code(get_args(field.annotation))}.")
    if isinstance(default, str | bool | int) and default != "":
        parts.append(f"Default: `{json.dumps(default).strip(chr(34))}`.")
    if field.examples:
        parts.append(f"Example: `{json.dumps(field.examples[0], ensure_ascii=False)}`.")
    return " ".join(filter(None, parts))


def _step(step: Step) -> str:
    doc = " ".join((step.options.__doc__ or "").split())
    head = f"### {step.uses}\n\n{step.summary} {doc}\n"
    tail = f"Runs on {runs_on(step, ' and ')}. {_returned(step)}\n"
    example = f"```yaml\nsteps:\n{indent(STEP_EXAMPLES[step.uses], '  ')}```\n"
    return "\n".join((head, _keys(step.options.model_fields), tail, example))


def runs_on(step: Step, joined: str) -> str:
    """Return which kinds of triggers a step can be used with, *joined* by a word."""
    return "anything" if step.on == ANY else joined.join(sorted(step.on))


def _returned(step: Step) -> str:
    if step.uses == "extract":
        return "Returns each of its fields, and `NAME_text` for each date."
    shown = (f"`{name}`{_kind_of(leaf)}" for name, leaf in sorted(step.returns(None).items()))
    return f"Returns {', '.join(shown)}."


def _kind_of(leaf: Leaf) -> str:
    """Return what a value of a step is, where that is more than text."""
    if leaf.choices:
        return f" ({code(choice or repr('') for choice in leaf.choices)})"
    said = told(leaf)
    return "" if said == "text" else f" ({said})"


def _names(scope: Group) -> str:
    first = {"mail": 0, "transaction": 1, "business": 3}
    groups = sorted(scope.names.items(), key=lambda named: first.get(named[0], 2))
    rows = (row for name, tree in groups if name != "kept" for row in _leaves(tree, name))
    return table(("name", "is"), rows)


def _leaves(tree: Tree, path: str) -> Iterator[tuple[str, str]]:
    match tree:
        case Group(names=names):
            for name, below in names.items():
                yield from _leaves(below, f"{path}.{name}")
        case Leaf(kind=kind, choices=choices):
            shown = (f"`{choice or repr('')}`" for choice in choices)
            yield f"`{path}`", ", ".join(shown) or _KINDS[kind]
        case Items(item=Group(names=names)):
            yield f"`{path}`", f"a list; each has {code(names)}"
        case Items():
            yield f"`{path}`", "a list of texts"
        case Refused():
            return


def _filters() -> Iterator[tuple[str, str, str, str]]:
    for name in FILTER_NAMES:
        doc = getattr({**FILTERS, **REGIONAL, "lookup": lookup}[name], "__doc__", "") or ""
        first = " ".join(doc.partition("\n\n")[0].split())
        does = first.removeprefix("Return ").rstrip(".").replace("*", "`")
        example = EXAMPLES[name]
        shown = json.dumps(example.gives, ensure_ascii=False)[1:-1]
        yield f"`{name}`", does or _SHORT[name], f"`{example.expression}`", f"`{shown}`"
