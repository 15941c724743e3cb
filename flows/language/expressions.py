"""Conditions and templates of flows.yaml, compiled once and run in a sandbox.

Only text written by the operator is ever compiled. Mail is data: what a mail says is a
value, whatever it looks like. An error names what the operator wrote, never a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from jinja2 import Template, TemplateError, UndefinedError

from flows.errors import OperatorError
from flows.language.filters import Unfit
from flows.language.grammar import RESULT, parse_condition, parse_template, runnable
from flows.language.sandbox import BUDGET, Budget, sandbox
from flows.language.syntax import Broken
from flows.language.words import quoted

MAX_OUTPUT: Final = 64_000
"""Characters that one template may write."""

_FAILURES: Final = (
    *(Unfit, TemplateError, TypeError, ValueError, ArithmeticError, LookupError),
    *(AttributeError, RecursionError, MemoryError),
)


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
        template = _compiled(self.text, condition=True)
        failure: tuple[str, str]
        try:
            context = template.new_context({**names, BUDGET: Budget()})
            for _ in template.root_render_func(context):
                pass
            return bool(context.vars[RESULT])
        except _FAILURES as error:
            failure = _explained(error, self.text)
        # Raised out here, so that the error that may hold values is not its context.
        what, fix = failure
        raise OperatorError(f"the condition {quoted(self.text)} {what}", fix=fix)


def compile_condition(text: str) -> Condition:
    """Return the condition that *text* states, ready to be called.

    Raises:
        OperatorError: It is not a condition of the language.
    """
    _compiled(text, condition=True)
    return Condition(text)


def render(template: str, names: Mapping[str, object]) -> str:
    """Return *template*, a text of the operator's, filled with *names*.

    Raises:
        OperatorError: It is not a template, asks for what is not there, or makes too much.
    """
    if "{" not in template:
        return template
    compiled = _compiled(template, condition=False)
    failure: tuple[str, str]
    try:
        return _written(compiled, names)
    except _FAILURES as error:
        failure = _explained(error, template)
    what, fix = failure
    raise OperatorError(f"the template {quoted(template.strip())} {what}", fix=fix)


def _written(template: Template, names: Mapping[str, object]) -> str:
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
    return "".join(parts)


@lru_cache(maxsize=2048)
def _compiled(text: str, *, condition: bool) -> Template:
    word = "condition" if condition else "template"
    broken: Broken | None = None
    try:
        tree = parse_condition(text) if condition else parse_template(text)
        code = sandbox().compile(runnable(tree))
        return sandbox().template_class.from_code(sandbox(), code, {})
    except Broken as error:
        broken = error
    except (SyntaxError, RecursionError, MemoryError, TemplateError):
        what = f"the {word} {quoted(text.strip())} is nested too deeply"
        raise OperatorError(what, fix="split it into several") from None
    fault = broken.faults[0]
    what = f"the {word} {quoted(text.strip())} cannot be used: {fault.what}"
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
