"""What is wrong with how a flow's steps run, and the names that a step with `foreach` has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final

from flows.language.checks import BOOKED, Findings
from flows.language.codes import WARNINGS
from flows.language.constants import constant_faults
from flows.language.grammar import parse_condition
from flows.language.kinds import ANY, Group, Items, Refused, Returned, Tree, one_of, skippable
from flows.language.naming import name_faults, tree_of
from flows.language.places import Path as TreePath
from flows.language.places import Plain
from flows.language.syntax import Broken, Fault
from flows.language.vocabulary import LOOP, Scope
from flows.language.words import quoted

_CUSTOMER: Final = ("customer.email", "customer.name")
_NO_TURN: Final[Mapping[str, Tree]] = {
    name: Refused(f"'{name}' is there only in a step with `foreach`", "add one: a list")
    for name in ("item", "loop")
}


def turn_scope(
    step: Mapping[str, Plain], where: TreePath, scope: Scope, findings: Findings
) -> Scope:
    """Return the names in a step, `item` and `loop` among them; its `foreach` is checked."""
    text = step.get("foreach")
    if "foreach" not in step:
        added: Mapping[str, Tree] = _NO_TURN
    else:
        at = (*where, "foreach")
        known = isinstance(text, str) and text.strip()
        added = {"item": _item(str(text), at, scope, findings) if known else ANY, "loop": LOOP}
    return Scope(Group({**scope.names.names, **added}), scope.optional, scope.asked)


def _item(text: str, at: TreePath, scope: Scope, findings: Findings) -> Tree:
    """Return what each item of the list *text* is, and find what is wrong with that."""
    try:
        tree = parse_condition(text, "list")
    except Broken as broken:
        _tell(broken.faults, at, findings)
        return ANY
    faults = [*name_faults(tree, text, scope), *constant_faults(tree, text)]
    _tell(faults, at, findings)
    found = tree_of(tree, text, scope)
    if isinstance(found, Items):
        return found.item
    if found is not ANY and not faults:
        what = f"{quoted(text.strip())} is not a list"
        findings.value(
            at, what, "name a list, such as mail.attachments or steps.ID.items", "type"
        )
    return ANY


def _tell(faults: Iterable[Fault], at: TreePath, findings: Findings) -> None:
    for fault in faults:
        place = findings.document.inside(at, fault.offset)
        tell = findings.warn if fault.code in WARNINGS else findings.elsewhere
        tell(place, fault.what, fault.fix, fault.code)


def returned_by(step: Mapping[str, Plain], returned: Returned) -> Group:
    """Return what later steps read of a step that returns this each time that it runs."""
    goes_on, each = step.get("on_error") == "continue", "foreach" in step
    leaves = dict(returned)
    if goes_on:
        status = leaves.get("status", one_of("done"))
        failed = replace(status, choices=(*status.choices, "failed"))
        leaves["status"] = failed if status.choices else status
    if goes_on or ("if" in step and not each):  # of a list, what does not run is left out
        leaves = {name: skippable(leaf) for name, leaf in leaves.items()}
    tree = Group(dict(sorted(leaves.items())))
    return Group({"items": Items(tree)}) if each else tree


def step_faults(step: Mapping[str, Plain], where: TreePath, findings: Findings) -> None:
    """Find what is wrong with what becomes of outputs that nobody decides about."""
    approve, uses = step.get("approve"), step.get("uses")
    if not isinstance(approve, dict):
        return
    at, then = (*where, "approve", "then"), approve.get("then")
    if isinstance(then, dict) and then.get("ask") == approve.get("by", ""):
        what = f"{quoted(then['ask'])} is asked in the first place"
        findings.value((*at, "ask"), what, "ask another role, or write reject", "value")
    wish, options = BOOKED.get(str(uses)), step.get("with")
    if then == "approve" and isinstance(options, dict) and options.get(wish or "") is True:
        what = f"`{wish}: true` needs a person's approval, and has none if a deadline gives it"
        findings.value(at, what, "write reject, or {ask: ROLE}", "books")


def concurrency_faults(
    flow: Mapping[str, Plain],
    at: TreePath,
    kinds: Collection[str],
    keep: Collection[str],
    findings: Findings,
) -> None:
    """Find a key of `concurrency` that nothing in the flow can have."""
    key, where = flow.get("concurrency"), (*at, "concurrency")
    if key == "thread" and kinds and "mail" not in kinds:
        what = "'thread' is that of a mail, and no mail triggers this flow"
        findings.value(where, what, "use customer, or an expression in {{ }}", "value")
    if key == "customer" and not any(name in keep for name in _CUSTOMER):
        what = "'customer' is known by name or address, and this flow keeps neither"
        findings.value(where, what, "add customer.email to its `keep`", "value")


def before_steps(flow_steps: Iterable[Mapping[str, Plain]]) -> dict[str, Tree]:
    """Return the steps as an expression of `concurrency` finds them: not there yet."""
    names = [step.get("id") for step in flow_steps]
    return {
        name: Refused(
            f"'steps.{name}' is not there: the key is worked out before any step runs",
            "use the item that came in, or a kept field",
        )
        for name in names
        if isinstance(name, str)
    }
