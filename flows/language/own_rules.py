"""What is wrong with the recognisers under `anonymizer`, and the rules that they become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.language.checks import Findings, mappings
from flows.language.places import Plain
from flows.language.spec import FlowsFile, Recogniser
from flows.language.words import quoted

if TYPE_CHECKING:
    from anonymizer.text.own_rules import OwnRule, Row

_AT = ("anonymizer", "recognisers")


def own_rules(file: FlowsFile) -> tuple[OwnRule, ...]:
    """Return the file's own recognisers as the cleaner takes them, in their order."""
    return tuple(_row(each).rule() for each in file.anonymizer.recognisers)


def own_rule_problems(block: Plain, findings: Findings) -> None:
    """Find what is wrong with the rows of the block *block*, whatever shape it has."""
    rows = block.get("recognisers") if isinstance(block, dict) else None
    names: dict[str, int] = {}
    labels: dict[str, tuple[str, int]] = {}
    for index, row in mappings(rows):
        at = (*_AT, index)
        name, label, reason = row.get("name"), row.get("label"), row.get("reason")
        line = findings.document.value(at).line
        if isinstance(name, str) and names.setdefault(name, line) != line:
            what = f"another recogniser has the name {quoted(name)}"
            fix = f"choose another one; the first is in line {names[name]}"
            findings.value((*at, "name"), what, fix, "duplicate")
        if isinstance(label, str) and isinstance(reason, str):
            first, where = labels.setdefault(label, (reason, line))
            if first != reason:
                what = f"another recogniser gives {quoted(label)} another reason"
                fix = (
                    f"give both one reason, or one of them a label of its own; see line {where}"
                )
                findings.value((*at, "label"), what, fix, "duplicate")
        _tried(row, index, findings)


def _tried(row: dict[str, Plain], index: int, findings: Findings) -> None:
    """Try a row of the right shape; the shape of others is told elsewhere."""
    from pydantic import ValidationError  # noqa: PLC0415 - only files with own rows pay

    from anonymizer.text.own_rules import faults  # noqa: PLC0415 - only files with own rows pay

    try:
        given = Recogniser.model_validate(row)
    except ValidationError:
        return
    for fault in faults(_row(given)):
        findings.inside(
            (*_AT, index, *fault.path), fault.offset, fault.what, fault.fix, "recogniser"
        )


def _row(given: Recogniser) -> Row:
    from anonymizer.text.own_rules import Row  # noqa: PLC0415 - only files with own rows pay

    return Row(
        name=given.name,
        label=given.label,
        pattern=given.pattern,
        reason=given.reason,
        cased=given.cased,
        check=given.check or "",
        context=given.context,
        unless=given.unless,
        finds=given.tests.finds,
        leaves=given.tests.leaves,
    )
