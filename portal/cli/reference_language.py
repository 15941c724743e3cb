"""The reference of flows.yaml as one page, derived from the models that validate it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from anonymizer.text.fields import FIELDS
from flows.language import node, sources, spec
from flows.language.filters import FILTERS, METHODS
from flows.language.vocabulary import (
    Group,
    Items,
    Leaf,
    Refused,
    Tree,
    condition_scope,
    step_scope,
)
from flows.steps.contract import Step
from flows.steps.registry import STEPS
from portal.cli.markdown import code, table

_PARTS: Final = (
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
    ("A flow", spec.FlowSpec, "`triggers` lists `mail: SOURCE` and `transaction: SOURCE`."),
    ("A step", spec.StepSpec, ""),
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
_LANGUAGE: Final = """\
A condition is true or false: `mail.kind == 'complaint' and not mail.automatic`. It is built
from `== != < <= > >= in and or not + - * / ~`, brackets and filters. Templates are texts with
`{{ names }}`, `{% if %}` and `{% for %}`, a small part of Jinja. Both run in a sandbox: no
code, no files, bounded time and size. A name that does not exist is found by
`jigajob validate`, before any mail is read.

A filter stands behind a bar: `mail.text | mentions('leak', 'drip')`.
"""
_SHORT: Final[Mapping[str, str]] = {
    "abs": "the number without its sign",
    "capitalize": "the text, its first letter large",
    "date": "a date or time in words; `date('%Y-%m-%d')` for another form",
    "int": "the whole part of a number",
    "lower": "the text in small letters",
    "title": "the text, the first letter of each word large",
    "trim": "the text without blanks around it",
    "upper": "the text in capitals",
}
"""Filters that say in code what they do, and so have no words of their own."""


def page(note: str) -> str:
    """Return the page; *note* stands under its title."""
    conditions = condition_scope((), {}, fields=FIELDS).names
    steps = step_scope((), {}, fields=FIELDS, keep=FIELDS, steps={}).names
    parts = [
        f"# flows.yaml, word for word\n\n{note}\n\n{_START}",
        *(_model(title, model, extra) for title, model, extra in _PARTS),
        "## Steps\n",
        *map(_step, STEPS.values()),
        f"## Names in `conditions`\n\n{_SEEN}",
        _names(conditions),
        f"## Names in steps: `if`, and texts under `with`\n\n{_CLEAN}",
        _names(steps),
        f"## Conditions, templates and filters\n\n{_LANGUAGE}",
        table(("filter", "what comes out"), sorted(_filters())),
        f"Texts also have {code(f'.{name}()' for name in METHODS)}.\n",
    ]
    return "\n".join(parts)


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
    tail = f"Runs on {' and '.join(sorted(step.on))}. {_returned(step)}\n"
    return "\n".join((head, _keys(step.options.model_fields), tail))


def _returned(step: Step) -> str:
    if step.uses == "extract":
        return "Returns each of its fields, and `NAME_text` for each date."
    return f"Returns {code(sorted(step.returns(None)))}."


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


def _filters() -> Iterator[tuple[str, str]]:
    for name, function in {**FILTERS, "date": None}.items():
        first = " ".join((getattr(function, "__doc__", "") or "").partition("\n\n")[0].split())
        does = first.removeprefix("Return ").rstrip(".").replace("*", "`")
        yield f"`{name}`", does or _SHORT[name]
