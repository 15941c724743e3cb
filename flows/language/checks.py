"""What is wrong between the parts of a flows file: names, sources, steps, expressions.

Works on plain data that may have any shape, so that a file with a misspelt key still gets
all its other problems named; what has the wrong shape is left to `flows.language.shape`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flows.errors import Place, Problem
from flows.language.places import Document, Plain
from flows.language.places import Path as TreePath
from flows.language.tables import Table
from flows.language.words import quoted, suggestion
from flows.language.world import countries, time_zones

if TYPE_CHECKING:
    from flows.language.reach import Reach
    from flows.language.step_checks import FlowCheck
    from flows.language.trigger_checks import TriggerCheck

_GIVES: Final[Mapping[str, str]] = {
    "folder": "mail",
    "imap": "mail",
    "outlook": "mail",
    "bank": "transaction",
    "stripe": "transaction",
    "business_central": "transaction",
    "workbook": "transaction",
    "webhook": "webhook",
}
"""What a kind of source gives: mail, transactions or calls."""

DELIVERED: Final[Mapping[str, str]] = {
    "reply.send": "use reply.draft, or connect the mailbox: `uses: imap` or `uses: outlook`",
    "mail.send": "use mail.draft, or connect the mailbox: `uses: imap` or `uses: outlook`",
    "mail.mark": "leave the step out, or connect the mailbox: `uses: imap` or `uses: outlook`",
}
"""Steps that only a mailbox on a server can carry out, and what to do where there is none."""

BOOKED: Final[Mapping[str, str]] = {"quote.send": "send", "invoice.open": "post"}
"""Steps that write to a firm's books, and the option that makes more than a draft of it."""


MAX_STEPS: Final = 1_000
"""Steps of one flow, those of its blocks counted."""


@dataclass(slots=True)
class Findings:
    """Problems as they are found; of several at one place the first stays."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def value(self, path: TreePath, what: str, fix: str, code: str = "invalid") -> None:
        """Add a problem of the value at *path*."""
        self.problems.append(Problem(self.document.value(path), what, fix, code))

    def key(self, path: TreePath, what: str, fix: str, code: str = "invalid") -> None:
        """Add a problem of the key at *path*."""
        self.problems.append(Problem(self.document.key(path), what, fix, code))

    def inside(
        self, path: TreePath, offset: int, what: str, fix: str, code: str = "invalid"
    ) -> None:
        """Add a problem of one character of the text at *path*."""
        self.problems.append(Problem(self.document.inside(path, offset), what, fix, code))

    def elsewhere(self, place: Place, what: str, fix: str, code: str = "invalid") -> None:
        """Add a problem of another file."""
        self.problems.append(Problem(place, what, fix, code))

    def warn(self, place: Place, what: str, fix: str, code: str) -> None:
        """Add a warning: the file runs, and may not do what its author wants."""
        self.problems.append(Problem(place, what, fix, code, "warning"))


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside a flows file.

    `folder` is where template files are looked for, `tables` are those that could be read;
    what is in the templates that are found is added to `read`.
    """

    folder: Path
    tables: Mapping[str, Table]
    read: dict[Path, bytes]


def cross_problems(document: Document, beside: Beside) -> list[Problem]:
    """Return what does not fit together in a file, with what lies *beside* it."""
    from flows.language.outlet_checks import outlet_problems  # noqa: PLC0415 - it needs us

    # Expressions need Jinja, steps their models: imported here, since the shape needs neither.
    from flows.language.reach import conflicts  # noqa: PLC0415
    from flows.language.step_checks import general_check  # noqa: PLC0415
    from flows.language.trigger_checks import TriggerCheck  # noqa: PLC0415

    findings = Findings(document)
    data = document.data if isinstance(document.data, dict) else {}
    _business(data.get("business"), findings)
    sources = _sources(data.get("sources"), findings)
    if data.get("anonymizer"):
        from flows.language.own_rules import own_rule_problems  # noqa: PLC0415 - it needs us

        own_rule_problems(data["anonymizer"], findings)
    outlet_problems(data, findings)
    general = general_check(data, sources, beside, findings)
    general.blocks.declared(general)
    for name, block in general.blocks.written.items():
        _ids(block.get("steps"), ("blocks", name, "steps"), "step", findings)
    _ids(data.get("flows"), ("flows",), "flow", findings)
    triggers = TriggerCheck(data, sources, general.blocks, findings)
    reaches = [
        _flow(flow, ("flows", index), data, general, triggers)
        for index, flow in mappings(data.get("flows"))
    ]
    conflicts(list(filter(None, reaches)))
    return findings.problems


def _flow(
    flow: dict[str, Plain],
    at: TreePath,
    data: Mapping[str, Plain],
    general: FlowCheck,
    triggers: TriggerCheck,
) -> Reach | None:
    """Check one flow; return what is understood of it, None where it is too long for that."""
    from flows.language.outlet_checks import receivers  # noqa: PLC0415 - it needs us

    findings, sources = general.findings, data.get("sources")
    kinds = triggers.check(flow, at)
    _ids(flow.get("steps"), (*at, "steps"), "step", findings)
    if general.blocks.size(flow.get("steps")) > MAX_STEPS:
        what = f"with those of its blocks the flow has more than {MAX_STEPS:,} steps"
        fix = "make two flows of it, or use fewer blocks"
        findings.key((*at, "steps"), what, fix, "step")
        return None
    checker = replace(
        general,
        flow=flow,
        at=at,
        kinds=kinds,
        starts=triggers.names(flow),
        keeps=frozenset(),
        shown=[],
    )
    reach = checker.check()
    _readable(flow, at, sources, findings)
    for body, place in general.blocks.bodies(flow, at):
        _deliverable(body, place, sources, findings)
        _booked(body, place, sources, findings)
        _workbooks(body, place, sources, findings)
        receivers(body, place, data, findings)
    return reach


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
        findings.value(("business", "region"), what, fix, "business")
    zone = business.get("time_zone")
    if isinstance(zone, str) and zone.strip() not in time_zones():
        from flows.language.words import nearest  # noqa: PLC0415 - only a wrong file pays

        meant = nearest(zone, time_zones())
        offer = f"did you mean {quoted(meant)}? " if meant else ""
        what = f"{quoted(zone)} is not a time zone"
        fix = f"{offer}use a name of the IANA database, for example America/New_York"
        findings.value(
            ("business", "time_zone"), f"{quoted(zone)} is not a time zone", fix, "business"
        )


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
            findings.key(("sources", name, "columns"), what, fix, "source")
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
                findings.value(where, what, DELIVERED[str(uses)], "mailbox")
            elif kind == "imap" and uses != "mail.mark" and not source.get("smtp"):
                what = f"{quoted(uses)} needs a server that sends, and {quoted(name)} has none"
                findings.value(where, what, f"add `smtp: {{host: ...}}` to {name}", "mailbox")
        if uses == "mail.send" and not _only_sender(known) and _without_mailbox(flow):
            what = "'mail.send' needs one mailbox that sends, and there is not one alone"
            findings.value(
                (*at, "steps", index, "uses"), what, DELIVERED["mail.send"], "mailbox"
            )


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
            findings.value((*where, "books"), what, fix, "books")
        if options.get(wish) is True and not step.get("approve"):
            what = f"`{wish}: true` needs somebody's approval"
            fix = "add `approve: owner` to the step, or leave the draft in the books"
            findings.value((*where, wish), what, fix, "books")


def _books(sources: Plain) -> dict[str, Mapping[str, Plain]]:
    return {
        name: source
        for name, source in (sources if isinstance(sources, dict) else {}).items()
        if isinstance(source, dict) and source.get("uses") == "workbook"
    }


def _readable(
    flow: Mapping[str, Plain], at: TreePath, sources: Plain, findings: Findings
) -> None:
    """Find triggers by workbooks that tell nothing."""
    books = _books(sources)
    for index, trigger in mappings(flow.get("triggers")):
        name = trigger.get("transaction")
        if isinstance(name, str) and name in books and not books[name].get("columns"):
            where = (*at, "triggers", index, "transaction")
            what = f"the workbook {quoted(name)} does not say what its columns hold"
            findings.value(
                where, what, f"add `columns: {{date: ..., amount: ...}}` to {name}", "source"
            )


def _workbooks(
    flow: Mapping[str, Plain], at: TreePath, sources: Plain, findings: Findings
) -> None:
    """Find rows that go into no workbook, or over its key."""
    books = _books(sources)
    for index, step in mappings(flow.get("steps")):
        options = step.get("with")
        to = options.get("to") if isinstance(options, dict) else None
        if step.get("uses") != "row.append" or not isinstance(to, str):
            continue
        where = (*at, "steps", index, "with")
        if to not in books:
            what = f"there is no workbook {quoted(to)} under sources"
            findings.value((*where, "to"), what, suggestion(to, books), "source")
            continue
        columns, key = options.get("columns"), books[to].get("key")  # type: ignore[union-attr]  # it has `to`
        if isinstance(columns, dict) and key in columns:
            what = f"{quoted(key)} is the key of the workbook {quoted(to)}"
            fix = "leave it out: the id of the row is written there"
            findings.key((*where, "columns", str(key)), what, fix, "value")


def _ids(items: Plain, path: TreePath, noun: str, findings: Findings) -> None:
    first: dict[str, TreePath] = {}
    for index, item in mappings(items):
        name, where = item.get("id"), (*path, index, "id")
        if not isinstance(name, str):
            continue
        if name in first:
            document = findings.document
            line = document.said(document.value(first[name]), document.value(where))
            what = f"another {noun} has the id {quoted(name)}"
            fix = f"choose another one; the first is in {line}"
            findings.value(where, what, fix, "duplicate")
        first.setdefault(name, where)
