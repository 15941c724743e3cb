"""What is wrong between the parts of a flows file: names, sources, steps, expressions.

Works on plain data that may have any shape, so that a file with a misspelt key still gets
all its other problems named; what has the wrong shape is left to `flows.language.shape`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from flows.errors import Place, Problem
from flows.language.places import Document, Plain
from flows.language.places import Path as TreePath
from flows.language.words import quoted, suggestion
from flows.language.world import countries, time_zones

_GIVES: Final[Mapping[str, str]] = {
    "folder": "mail",
    "imap": "mail",
    "outlook": "mail",
    "bank": "transaction",
    "stripe": "transaction",
    "business_central": "transaction",
    "workbook": "transaction",
}
"""What a kind of source gives: mail or transactions."""

DELIVERED: Final[Mapping[str, str]] = {
    "reply.send": "use reply.draft, or connect the mailbox: `uses: imap` or `uses: outlook`",
    "mail.send": "use mail.draft, or connect the mailbox: `uses: imap` or `uses: outlook`",
    "mail.mark": "leave the step out, or connect the mailbox: `uses: imap` or `uses: outlook`",
}
"""Steps that only a mailbox on a server can carry out, and what to do where there is none."""

BOOKED: Final[Mapping[str, str]] = {"quote.send": "send", "invoice.open": "post"}
"""Steps that write to a firm's books, and the option that makes more than a draft of it."""


@dataclass(slots=True)
class Findings:
    """Problems as they are found; of several at one place the first stays."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def value(self, path: TreePath, what: str, fix: str) -> None:
        """Add a problem of the value at *path*."""
        self.problems.append(Problem(self.document.value(path), what, fix))

    def key(self, path: TreePath, what: str, fix: str) -> None:
        """Add a problem of the key at *path*."""
        self.problems.append(Problem(self.document.key(path), what, fix))

    def inside(self, path: TreePath, offset: int, what: str, fix: str) -> None:
        """Add a problem of one character of the text at *path*."""
        self.problems.append(Problem(self.document.inside(path, offset), what, fix))

    def elsewhere(self, place: Place, what: str, fix: str) -> None:
        """Add a problem of another file."""
        self.problems.append(Problem(place, what, fix))


def cross_problems(document: Document, folder: Path) -> list[Problem]:
    """Return what does not fit together; *folder* is where template files are looked for."""
    # Expressions need Jinja, steps their models: imported here, since the shape needs neither.
    from flows.language.step_checks import FlowCheck  # noqa: PLC0415

    findings = Findings(document)
    data = document.data if isinstance(document.data, dict) else {}
    _business(data.get("business"), findings)
    sources = _sources(data.get("sources"), findings)
    if data.get("anonymizer"):
        from flows.language.own_rules import own_rule_problems  # noqa: PLC0415 - it needs us

        own_rule_problems(data["anonymizer"], findings)
    _ids(data.get("flows"), ("flows",), "flow", findings)
    for index, flow in mappings(data.get("flows")):
        kinds = _triggers(flow, ("flows", index), sources, findings)
        _ids(flow.get("steps"), ("flows", index, "steps"), "step", findings)
        checker = FlowCheck(
            flow=flow,
            at=("flows", index),
            kinds=kinds,
            sources=sources,
            folder=folder,
            findings=findings,
        )
        checker.check()
        _deliverable(flow, ("flows", index), data.get("sources"), findings)
        _booked(flow, ("flows", index), data.get("sources"), findings)
        _workbooks(flow, ("flows", index), data.get("sources"), findings)
    return findings.problems


def mappings(value: Plain) -> Iterator[tuple[int, dict[str, Plain]]]:
    """Yield the mappings in a list, with their index; nothing where *value* is no list."""
    for index, each in enumerate(value if isinstance(value, list) else []):
        if isinstance(each, dict):
            yield index, each


def _business(business: Plain, findings: Findings) -> None:
    if not isinstance(business, dict):
        return
    region = business.get("region")
    country = region[:2] if isinstance(region, str) else ""
    if re.fullmatch("[A-Z]{2}", country) and country not in countries():
        what = f"{quoted(country)} is not a country"
        fix = "start the region with the ISO 3166-1 code, for example US-NY"
        findings.value(("business", "region"), what, fix)
    zone = business.get("time_zone")
    if isinstance(zone, str) and zone.strip() not in time_zones():
        from flows.language.words import nearest  # noqa: PLC0415 - only a wrong file pays

        meant = nearest(zone, time_zones())
        offer = f"did you mean {quoted(meant)}? " if meant else ""
        fix = f"{offer}use a name of the IANA database, for example America/New_York"
        findings.value(("business", "time_zone"), f"{quoted(zone)} is not a time zone", fix)


def _sources(sources: Plain, findings: Findings) -> dict[str, str]:
    """Return what each source gives, and check the columns of bank files."""
    given: dict[str, str] = {}
    for name, source in (sources if isinstance(sources, dict) else {}).items():
        uses = source.get("uses") if isinstance(source, dict) else None
        given[name] = _GIVES.get(uses, "any") if isinstance(uses, str) else "any"
        columns = source.get("columns") if isinstance(source, dict) else None
        if isinstance(columns, dict) and not columns.keys() & {"amount", "paid_in", "paid_out"}:
            what = "columns do not say where the money stands"
            fix = "add `amount`, or `paid_in` and `paid_out`"
            findings.key(("sources", name, "columns"), what, fix)
    return given


def _deliverable(
    flow: Mapping[str, Plain], at: TreePath, sources: Plain, findings: Findings
) -> None:
    """Find steps that send or mark where the flow's own source can do neither."""
    known = sources if isinstance(sources, dict) else {}
    names = [each.get("mail") for _, each in mappings(flow.get("triggers"))]
    for index, step in mappings(flow.get("steps")):
        uses = step.get("uses")
        for name in names:
            source = known.get(name) if isinstance(name, str) else None
            if not isinstance(source, dict) or str(uses) not in DELIVERED:
                continue
            where, kind = (*at, "steps", index, "uses"), source.get("uses")
            if kind == "folder":
                what = f"{quoted(uses)} needs a mailbox, and {quoted(name)} is a folder"
                findings.value(where, what, DELIVERED[str(uses)])
            elif kind == "imap" and uses != "mail.mark" and not source.get("smtp"):
                what = f"{quoted(uses)} needs a server that sends, and {quoted(name)} has none"
                findings.value(where, what, f"add `smtp: {{host: ...}}` to {name}")
        if uses == "mail.send" and not _only_sender(known) and _without_mailbox(flow):
            what = "'mail.send' needs one mailbox that sends, and there is not one alone"
            findings.value((*at, "steps", index, "uses"), what, DELIVERED["mail.send"])


def _without_mailbox(flow: Mapping[str, Plain]) -> bool:
    """Whether something triggers the flow that did not come by mail."""
    return any("mail" not in each for _, each in mappings(flow.get("triggers")))


def _only_sender(sources: Mapping[str, Plain]) -> bool:
    """Whether exactly one source can send mail that answers none."""
    senders = [
        each
        for each in sources.values()
        if isinstance(each, dict)
        and (each.get("uses") == "outlook" or (each.get("uses") == "imap" and each.get("smtp")))
    ]
    return len(senders) == 1


def _booked(
    flow: Mapping[str, Plain], at: TreePath, sources: Plain, findings: Findings
) -> None:
    """Find steps whose `books` are none, and those that go out with nobody's approval."""
    known = sources if isinstance(sources, dict) else {}
    books = [
        name
        for name, source in known.items()
        if isinstance(source, dict) and source.get("uses") == "business_central"
    ]
    for index, step in mappings(flow.get("steps")):
        options, wish = step.get("with"), BOOKED.get(str(step.get("uses")))
        if wish is None or not isinstance(options, dict):
            continue
        where, name = (*at, "steps", index, "with"), options.get("books")
        if isinstance(name, str) and name not in books:
            what = f"{quoted(name)} is no source that `uses: business_central`"
            fix = suggestion(name, books) if books else "add one under `sources`"
            findings.value((*where, "books"), what, fix)
        if options.get(wish) is True and not step.get("approve"):
            what = f"`{wish}: true` needs somebody's approval"
            fix = "add `approve: owner` to the step, or leave the draft in the books"
            findings.value((*where, wish), what, fix)


def _workbooks(
    flow: Mapping[str, Plain], at: TreePath, sources: Plain, findings: Findings
) -> None:
    """Find rows that go into no workbook, or over its key, and workbooks that tell nothing."""
    known = sources if isinstance(sources, dict) else {}
    books = {
        name: source
        for name, source in known.items()
        if isinstance(source, dict) and source.get("uses") == "workbook"
    }
    for index, trigger in mappings(flow.get("triggers")):
        name = trigger.get("transaction")
        if isinstance(name, str) and name in books and not books[name].get("columns"):
            where = (*at, "triggers", index, "transaction")
            what = f"the workbook {quoted(name)} does not say what its columns hold"
            findings.value(where, what, f"add `columns: {{date: ..., amount: ...}}` to {name}")
    for index, step in mappings(flow.get("steps")):
        options = step.get("with")
        to = options.get("to") if isinstance(options, dict) else None
        if step.get("uses") != "row.append" or not isinstance(to, str):
            continue
        where = (*at, "steps", index, "with")
        if to not in books:
            what = f"there is no workbook {quoted(to)} under sources"
            findings.value((*where, "to"), what, suggestion(to, books))
            continue
        columns, key = options.get("columns"), books[to].get("key")  # type: ignore[union-attr]  # it has `to`
        if isinstance(columns, dict) and key in columns:
            what = f"{quoted(key)} is the key of the workbook {quoted(to)}"
            fix = "leave it out: the id of the row is written there"
            findings.key((*where, "columns", str(key)), what, fix)


def _ids(items: Plain, path: TreePath, noun: str, findings: Findings) -> None:
    first: dict[str, TreePath] = {}
    for index, item in mappings(items):
        name, where = item.get("id"), (*path, index, "id")
        if not isinstance(name, str):
            continue
        if name in first:
            line = findings.document.value(first[name]).line
            what = f"another {noun} has the id {quoted(name)}"
            findings.value(where, what, f"choose another one; the first is in line {line}")
        first.setdefault(name, where)


def _triggers(
    flow: Mapping[str, Plain], at: TreePath, sources: Mapping[str, str], findings: Findings
) -> frozenset[str]:
    """Return what triggers the flow: `mail`, `transaction`, `overdue`, or some of them."""
    kinds: set[str] = set()
    for index, trigger in mappings(flow.get("triggers")):
        if "overdue" in trigger:
            kinds.add("overdue")
        for kind, other in (("mail", "transaction"), ("transaction", "mail")):
            name = trigger.get(kind)
            if kind in trigger:
                kinds.add(kind)
            if not isinstance(name, str):
                continue
            where = (*at, "triggers", index, kind)
            fitting = [each for each, gives in sources.items() if gives in {kind, "any"}]
            if name not in sources:
                what = f"there is no source {quoted(name)}"
                findings.value(where, what, suggestion(name, fitting))
            elif name not in fitting:
                what = f"the source {quoted(name)} gives no {kind}"
                fix = f"write `{other}: {name}`"
                findings.value(where, what, fix)
    return frozenset(kinds)
