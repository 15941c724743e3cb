"""Mistakes that people make in the ten tasks, each seeded into a flow that works."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flows.errors import FlowsFileError, Problem
from flows.language.load import checked
from tests.tasks.mistakes_n8n import N8N

HERE: Final = Path(__file__).parent
HEAD: Final = """\
version: 1
business: {id: hudson, name: Hudson, industry: "238220", region: US-NY, time_zone: America/New_York, domains: [hudson.example]}
sources:
  office: {uses: imap, address: office@hudson.example, host: imap.hudson.example, password: "env:P", smtp: {host: smtp.hudson.example}}
  bank: {uses: bank, path: bank}
"""
TASKS: Final = tuple(sorted(path.stem for path in (HERE / "ours").glob("*.yaml")))


@dataclass(frozen=True, slots=True)
class Mistake:
    """One change to a task: what somebody wrote instead, and at which text it is to be told.

    `told` is where the operator should look, where that is not what was changed.
    """

    kind: str
    task: str
    right: str
    wrong: str
    told: str = ""

    def among(self, peer: str) -> tuple[str, str] | None:
        """Return the text in the task as *peer* has it and what stands instead, or None.

        *peer* is `actions` or `n8n`; not every mistake can be made there.
        """
        changes = {"actions": _ACTIONS, "n8n": N8N}
        return changes[peer].get((self.task, self.kind))


MISTAKES: Final = (
    Mistake("misspelt value", "quote-accepted", "steps.said.day != ''", "steps.said.dya != ''"),
    Mistake(
        "step before it ran",
        "quote-accepted",
        "Quote {{ steps.said.quote }}",
        "{{ steps.visit.start }}",
    ),
    Mistake("unknown step", "quote-accepted", "uses: event.add", "uses: event.create"),
    Mistake("wrong kind of field", "quote-accepted", "day: date", "day: datum"),
    Mistake("another key", "quote-accepted", "approve: dispatcher", "approval: dispatcher"),
    Mistake(
        "missing keep",
        "repair-request",
        "keep: [customer.name, customer.phone]",
        "keep: [customer.phone]",
        'customer: "{{ customer.name }}"',
    ),
    Mistake("unknown filter", "repair-request", "| default('there')", "| defualt('there')"),
    Mistake(
        "= for ==",
        "repair-request",
        "mail.kind == 'service_request'",
        "mail.kind = 'service_request'",
    ),
    Mistake("unclosed if", "repair-request", "{% endif %}", ""),
    Mistake(
        "may be empty",
        "repair-request",
        "{% if steps.said.wanted %}We try to come on",
        "We try to come on {{ steps.said.wanted | date }}. {% if true %}",
    ),
    Mistake("choice that is none", "supplier-invoice", "== 'unsure'", "== 'uncertain'"),
    Mistake(
        "text compared as number",
        "supplier-invoice",
        "steps.invoice.amount | default(0) | number > 5000",
        "steps.invoice.amount > 5000",
    ),
    Mistake("duration that is none", "supplier-invoice", "retention: 7y", "retention: 7 years"),
    Mistake("option that is none", "supplier-invoice", "direction: payable", "direction: owed"),
    Mistake("wrong source", "payments", "transaction: bank", "transaction: bnak"),
    Mistake("source of another kind", "payments", "transaction: bank", "transaction: office"),
    Mistake(
        "step of another trigger",
        "payments",
        "uses: row.append",
        "uses: reply.draft",
        "uses: reply.draft",
    ),
    Mistake(
        "money of a text",
        "payments",
        "{{ transaction.amount | money(transaction.currency) }}",
        "{{ transaction.reference | money }}",
    ),
    Mistake(
        "never true",
        "payments",
        "transaction.incoming, ",
        "transaction.incoming, transaction.amount < 100 and transaction.amount > 500, ",
    ),
    Mistake("bad duration of trigger", "reminder", "overdue: 14d", "overdue: two weeks"),
    Mistake(
        "phone as address",
        "reminder",
        'to: "{{ customer.email }}"',
        'to: "{{ customer.name }}"',
    ),
    Mistake(
        "day compared with time",
        "reminder",
        "invoice.owed > 20",
        "invoice.due < invoice.number",
    ),
    Mistake(
        "template without quotes",
        "reminder",
        'subject: "Invoice {{ invoice.number }}"',
        "subject: {{ invoice.number }}",
    ),
    Mistake(
        "contradicts the conditions",
        "reschedule",
        "steps.wish.day != '' and not",
        "mail.automatic == 'list' and not",
    ),
    Mistake(
        "subject as a date",
        "reschedule",
        'start: "{{ steps.wish.day }} {{ steps.wish.hour }}"',
        'start: "{{ mail.subject }}"',
    ),
    Mistake("required option missing", "leads", "table: leads", "tabel: leads"),
    Mistake("group as text", "leads", '"{{ customer.name }}"', '"{{ customer }}"'),
    Mistake(
        "always true",
        "complaint",
        "mail.kind == 'complaint'",
        "mail.kind != 'spam' or mail.kind != 'newsletter'",
    ),
    Mistake(
        "nothing uses it",
        "complaint",
        ', phone: "{{ customer.phone }}"',
        "",
        "keep: [customer.name, customer.phone]",
    ),
    Mistake(
        "and for or",
        "at-night",
        "mail.received_at.hour >= 22 or mail.received_at.hour < 6",
        "mail.received_at.hour >= 22 and mail.received_at.hour < 6",
    ),
    Mistake(
        "list as one value",
        "papers",
        "{% for each in mail.attachments %}{{ each.name }} {% endfor %}",
        "{{ mail.attachments.name }}",
    ),
    Mistake(
        "the key twice",
        "papers",
        "uses: mail.mark",
        "uses: mail.mark\n        uses: notify",
        "uses: notify",
    ),
)


_ACTIONS: Final = {
    ("quote-accepted", "misspelt value"): ("steps.said.outputs.day != ''", "steps.said.outputs.dya != ''"),
    ("quote-accepted", "step before it ran"): ("Quote ${{ steps.said.outputs.quote }}", "${{ steps.visit.outputs.start }}"),
    ("quote-accepted", "unknown step"): ("acme/calendar-add@v1", "acme/calendar-create"),
    ("quote-accepted", "wrong kind of field"): ("quote day hour", "quote datum hour"),
    ("quote-accepted", "another key"): ("        uses: acme/calendar-add", "        use: acme/calendar-add"),
    ("repair-request", "= for =="): ("kind == 'service_request'", "kind = 'service_request'"),
    ("repair-request", "unknown filter"): ("format('We", "fromat('We"),
    ("repair-request", "unclosed if"): ("{0}.', steps.said.outputs.wanted)", "{0}.', steps.said.outputs.wanted"),
    ("supplier-invoice", "choice that is none"): ("== 'unsure'", "== 'uncertain'"),
    ("supplier-invoice", "option that is none"): ("direction: payable", "direction: owed"),
    ("payments", "wrong source"): ("types: [transaction]", "types: [transactoin]"),
    ("payments", "never true"): ("payload.amount > 0", "payload.amount < 100 && github.event.client_payload.amount > 500"),
    ("reminder", "bad duration of trigger"): ("0 8 * * *", "two weeks"),
    ("reminder", "template without quotes"): ('"Invoice ${{ matrix.invoice.number }}"', "{{ matrix.invoice.number }}"),
    ("reminder", "phone as address"): ("matrix.invoice.email", "matrix.invoice.party"),
    ("reschedule", "contradicts the conditions"): ("steps.wish.outputs.day != '' &&", "github.event.client_payload.automatic == 'list' &&"),
    ("reschedule", "subject as a date"): ("${{ steps.wish.outputs.day }} ${{ steps.wish.outputs.hour }}", "${{ github.event.client_payload.subject }}"),
    ("leads", "required option missing"): ("table: leads", "tabel: leads"),
    ("complaint", "always true"): ("kind == 'complaint'", "kind != 'spam' || github.event.client_payload.kind != 'newsletter'"),
    ("at-night", "and for or"): (">= 22 ||", ">= 22 &&"),
    ("papers", "the key twice"): ("uses: acme/move-mail@v1", "uses: acme/move-mail@v1\n        uses: acme/notify@v1"),
}  # fmt: skip


def text_of(task: str) -> str:
    """Return the flows file of a task."""
    return HEAD + (HERE / "ours" / f"{task}.yaml").read_text(encoding="utf-8")


def seeded(mistake: Mistake) -> tuple[str, int]:
    """Return the file with the mistake, and the line at which it is to be told."""
    text = text_of(mistake.task)
    at = text.index(mistake.right)
    changed = text[:at] + mistake.wrong + text[at + len(mistake.right) :]
    shown = changed.index(mistake.told) if mistake.told else at
    return changed, changed.count("\n", 0, shown) + 1


def problems(text: str) -> tuple[Problem, ...]:
    """Return all that `jigajob validate` tells of a file."""
    try:
        return checked(text, Path("flows.yaml")).problems
    except FlowsFileError as error:
        return error.problems
