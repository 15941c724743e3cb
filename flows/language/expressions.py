"""Conditions and templates of flows.yaml, compiled once and run in a sandbox.

Only text written by the operator is ever compiled. Mail is data: what a mail says is a
value, whatever it looks like. An error names what the operator wrote, never a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, TypeVar

from jinja2 import Template, TemplateError, UndefinedError, nodes

from flows.errors import OperatorError
from flows.language.filters import Unfit, Value, present
from flows.language.grammar import RESULT, alone, parse_condition, parse_template, runnable
from flows.language.sandbox import BUDGET, Budget, sandbox
from flows.language.syntax import Broken
from flows.language.words import quoted

T = TypeVar("T")

Noun = Literal["condition", "list", "template"]

MAX_OUTPUT: Final = 64_000
"""Characters that one template may write."""

FAILURES: Final = (
    *(Unfit, TemplateError, TypeError, ValueError, ArithmeticError, LookupError),
    *(AttributeError, RecursionError, MemoryError),
)
"""What an expression may end in for one item."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition; called with the names of one item it says whether it holds."""

    text: str

    def __call__(self, names: Mapping[str, object]) -> bool:
        """Return whether the condition holds.

        Raises:
            OperatorError: It asks for what the item does not have, or compares what cannot
                be compared.
        """
        return _worked_out(self.text, names, "condition", bool)


@dataclass(frozen=True, slots=True)
class Listing:
    """A compiled expression that gives a list, of one item as all its names have it."""

    text: str

    def __call__(self, names: Mapping[str, object]) -> list[Any]:
        """Return the list: text, numbers, dates, truth values, mappings and lists of these.

        Raises:
            OperatorError: It gives no list, or asks for what the item does not have.
        """
        return _worked_out(self.text, names, "list", _listed)


def value_of(template: Template, names: Mapping[str, object]) -> Value:
    """Return what a compiled expression gives for *names*, within a budget of its own.

    Raises:
        FAILURES: One of these, whose text may hold values.
    """
    context = template.new_context({**names, BUDGET: Budget()})
    for _ in template.root_render_func(context):
        pass
    return context.vars[RESULT]


def filtered(name: str, value: Value, arguments: Sequence[Value]) -> Value:
    """Return what a filter gives, within a budget of its own, wherever the business is.

    Raises:
        FAILURES: One of these, whose text may hold values.
    """
    context = sandbox().context_class(sandbox(), {BUDGET: Budget()}, None, {})
    return sandbox().call_filter(name, value, arguments, context=context)


def compiled(tree: nodes.Template | nodes.Expr) -> Template:
    """Return a checked tree ready to run in the sandbox; *tree* is used up."""
    code = sandbox().compile(runnable(tree))
    return sandbox().template_class.from_code(sandbox(), code, {})


def compile_condition(text: str) -> Condition:
    """Return the condition that *text* states, ready to be called.

    Raises:
        OperatorError: It is not a condition of the language.
    """
    _compiled(text, "condition")
    return Condition(text)


def compile_list(text: str) -> Listing:
    """Return the expression *text* of a `foreach`, ready to be called.

    Raises:
        OperatorError: It is not an expression of the language.
    """
    _compiled(text, "list")
    return Listing(text)


def _worked_out(
    text: str, names: Mapping[str, object], noun: Noun, take: Callable[[Any], T]
) -> T:
    """Return what *take* makes of the value of an expression."""
    template = _compiled(text, noun)
    failure: tuple[str, str]
    try:
        return take(value_of(template, names))
    except FAILURES as error:
        failure = _explained(error, text)
    # Raised out here, so that the error that may hold values is not its context.
    what, fix = failure
    raise OperatorError(f"the {noun} {quoted(text)} {what}", fix=fix)


def _listed(value: Value) -> list[Any]:
    if not isinstance(present(value), list | tuple):
        raise Unfit("it gives one value, and no list")
    return [present(each) for each in value]


def render(template: str, names: Mapping[str, object]) -> str:
    """Return *template*, a text of the operator's, filled with *names*.

    Raises:
        OperatorError: It is not a template, asks for what is not there, or makes too much.
    """
    if "{" not in template:
        return template
    ready = _compiled(template, "template")
    failure: tuple[str, str]
    try:
        return _written(ready, names)[0]
    except FAILURES as error:
        failure = _explained(error, template)
    what, fix = failure
    raise OperatorError(f"the template {quoted(template.strip())} {what}", fix=fix)


def evaluate(template: str, names: Mapping[str, object]) -> object:
    """Return the value of a *template* that is one `{{ expression }}`; else its text.

    So a date stays a date and a number a number.

    Raises:
        OperatorError: As `render`.
    """
    if "{" not in template:
        return template
    ready = _compiled(template, "template", value=True)
    failure: tuple[str, str]
    try:
        text, made = _written(ready, names)
        return present(made[RESULT]) if RESULT in made else text
    except FAILURES as error:
        failure = _explained(error, template)
    what, fix = failure
    raise OperatorError(f"the template {quoted(template.strip())} {what}", fix=fix)


def _written(template: Template, names: Mapping[str, object]) -> tuple[str, dict[str, Any]]:
    """Return what the template writes, and the variables that it leaves."""
    budget = Budget()
    context = template.new_context({**names, BUDGET: budget})
    parts: list[str] = []
    size = 0
    for part in template.root_render_func(context):
        size += len(part)
        budget.spend()
        if size > MAX_OUTPUT:
            raise Unfit(f"writes more than {MAX_OUTPUT:,} characters")
        parts.append(part)
    return "".join(parts), context.vars


@lru_cache(maxsize=2048)
def _compiled(text: str, noun: Noun, *, value: bool = False) -> Template:
    broken: Broken | None = None
    try:
        tree = parse_template(text) if noun == "template" else parse_condition(text, noun)
        only = alone(tree) if value and isinstance(tree, nodes.Template) else None
        return compiled(only or tree)
    except Broken as error:
        broken = error
    except (SyntaxError, RecursionError, MemoryError, TemplateError):
        what = f"the {noun} {quoted(text.strip())} is nested too deeply"
        raise OperatorError(what, fix="split it into several") from None
    fault = broken.faults[0]
    what = f"the {noun} {quoted(text.strip())} cannot be used: {fault.what}"
    raise OperatorError(what, fix=fault.fix) from None


def _explained(error: BaseException, text: str) -> tuple[str, str]:
    """Return what happened and what to do, in words that hold no value."""
    if isinstance(error, Unfit):
        return f"cannot be worked out: {error}", "check it with `jigajob validate`"
    if isinstance(error, UndefinedError):
        name = _missing_name(error, text)
        fix = "correct the name, or ask first whether it `is defined`"
        return f"uses {name}, which is not there for this item", fix
    if isinstance(error, TypeError):
        fix = "compare text with text, numbers with numbers, dates with dates"
        return "puts together values that do not go together", fix
    if isinstance(error, ArithmeticError):
        return "cannot be calculated", "check for division by nothing"
    return "cannot be worked out for this item", "check it with `jigajob validate`"


def _missing_name(error: UndefinedError, text: str) -> str:
    """Return the missing name where the operator wrote it; a computed one may be a value."""
    found: Any = re.search(r"'(\w+)'(?: is undefined)?$", str(error))
    if found and re.search(rf"\b{re.escape(found[1])}\b", text):
        return quoted(found[1])
    return "a name"
