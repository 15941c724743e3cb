"""One step of each kind as an operator writes it, for the reference: YAML, checked and run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

EXAMPLES: Final[Mapping[str, str]] = {
    "extract": """\
- id: said
  uses: extract
  with:
    fields: {site: address, wanted: date, phone: phone}
""",
    "job.open": """\
- id: job
  uses: job.open
  with:
    title: "{{ mail.subject }}"
    customer: "{{ customer.name }}"
    notes: "{{ mail.new_text }}"
""",
    "reply.draft": """\
- id: answer
  uses: reply.draft
  if: mail.automatic == ''
  with:
    text: |
      Hello {{ customer.name | default('there') }}, we have your mail and will call you.
  approve: owner
""",
    "reply.send": """\
- id: answer
  uses: reply.send
  if: mail.automatic == ''
  with: {text: "We have your mail, and will call you."}
  approve: {by: owner, within: 2d, then: reject}
""",
    "mail.draft": """\
- id: order
  uses: mail.draft
  with:
    to: parts@supplier.example
    subject: Order of parts
    text: "Please send what this asks for: {{ mail.subject }}"
  approve: owner
""",
    "mail.send": """\
- id: thanks
  uses: mail.send
  with:
    to: "{{ customer.email }}"
    subject: Thank you
    text: "Hello {{ customer.name }}, your money has come in."
  approve: owner
""",
    "mail.mark": """\
- id: filed
  uses: mail.mark
  with: {category: JigAjob, move_to: Inbox/Jobs}
""",
    "invoice.record": """\
- id: invoice
  uses: invoice.record
  with: {direction: payable}
""",
    "quote.send": """\
- id: quote
  uses: quote.send
  with:
    books: books
    new_customer: "{{ customer.name }}"
    lines: [{account: "40100", text: Boiler service, price: "480.00"}]
    send: true
  approve: owner
""",
    "invoice.open": """\
- id: invoice
  uses: invoice.open
  with:
    books: books
    lines: [{account: "40100", text: Boiler service, price: "480.00"}]
""",
    "payment.match": """\
- id: match
  uses: payment.match
  with: {days: 60, tolerance: "0.50"}
""",
    "event.add": """\
- id: visit
  uses: event.add
  with:
    title: "Visit: {{ mail.subject }}"
    start: 2026-03-14 09:30
    duration: 1h30m
    to: office
  approve: dispatcher
""",
    "task.add": """\
- id: call
  uses: task.add
  with: {to: office, title: "Call back: {{ mail.subject }}", list: Calls}
""",
    "row.append": """\
- id: list
  uses: row.append
  with:
    table: leads
    columns:
      received: "{{ mail.received_at | date('%Y-%m-%d') }}"
      customer: "{{ customer.name }}"
""",
    "file.write": """\
- id: paper
  uses: file.write
  with: {to: papers, folder: new, name: "{{ mail.subject }}.txt", text: "{{ mail.new_text }}"}
""",
    "notify": """\
- id: tell
  uses: notify
  with: {to: owner, text: "Look at this: {{ mail.subject }}"}
""",
    "teams.post": """\
- id: post
  uses: teams.post
  with: {to: team, title: New mail, text: "{{ mail.subject }}"}
""",
    "webhook.call": """\
- id: call
  uses: webhook.call
  with:
    to: dispatch
    event: mail.came
    data: {subject: "{{ mail.subject }}", customer: "{{ customer.name }}"}
""",
}
"""By what the step uses. They read mail, except where a step runs on movements alone, and name
the sources `office` (Microsoft 365) and `books` (Business Central), and the outlets `papers`,
`team` and `dispatch`."""
