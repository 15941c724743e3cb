"""A flows file that uses what steps, triggers and outlets can be told, and mail for it."""

from __future__ import annotations

from tests.flows.business import FLOWS

HEAD = FLOWS[: FLOWS.index("flows:\n")]
WORDS = (
    HEAD
    + """\
outlets:
  given: {uses: folder, path: given}
flows:
  - id: papers
    name: Write down each file, and ask before answering
    triggers: [{mail: office}]
    conditions: ["mail.subject | mentions('boiler')"]
    keep: [customer.name]
    concurrency: customer
    steps:
      - id: job
        uses: job.open
        with: {title: "{{ mail.subject }}", customer: "{{ customer.name }}"}
      - id: file
        uses: notify
        foreach: mail.attachments
        on_error: continue
        with: {to: owner, text: "{{ loop.index }}: {{ item.media_type }}"}
      - {id: paper, uses: file.write, with: {to: given, name: a.txt, text: "A job."}}
      - id: answer
        uses: reply.draft
        retry: {attempts: 3, within: 1d}
        timeout: 2m
        on_error: {notify: owner}
        with: {text: "{{ steps.file.items | length }} files came."}
        approve: {by: owner, within: 2d, then: {ask: dispatcher}}
  - id: chained
    name: Tell the dispatcher
    triggers: [{output: {flow: papers, step: job}}]
    conditions: ["output.body.title | mentions('boiler')"]
    steps:
      - {id: tell, uses: notify, with: {to: dispatcher, text: "{{ output.body.title }}"}}
  - id: weekly
    name: Tell the crew on Mondays
    triggers: [{schedule: "0 8 * * mon"}]
    steps:
      - {id: tell, uses: notify, with: {to: crew, text: "{{ schedule.at | date('%d %B') }}"}}
  - id: remind
    name: Remind of an invoice
    triggers: [{overdue: 14d}]
    conditions: ["invoice.direction == 'receivable'"]
    keep: [customer.email]
    steps:
      - id: letter
        uses: mail.draft
        with:
          to: "{{ customer.email }}"
          subject: "{{ invoice.number }}"
          text: "It has been due for {{ invoice.days_overdue }} days."
  - id: booking
    name: Open a job that came by phone
    triggers: [{manual: true}]
    inputs: {who: {type: name}, notes: {type: text}}
    conditions: ["inputs.notes | mentions('drain')"]
    keep: [customer.name]
    steps:
      - id: job
        uses: job.open
        with: {title: "{{ inputs.notes }}", customer: "{{ inputs.who }}"}
"""
)

CASES = """\
version: 1
now: 2026-10-05T09:30:00-04:00
cases:
  - name: each file is told, and a chain begins
    given:
      mails:
        - from: Maria Lopez <maria@lopez.example>
          subject: The boiler is cold
          text: No heat since Monday.
          attachments: [{name: a.txt, text: One.}, {name: b.txt, text: Two.}]
    expect:
      flows: [papers, chained]
      outputs:
        - {uses: notify, step: file, body: {text: "1: text/plain"}}
        - {uses: notify, step: file, body: {text: "2: text/plain"}}
        - {uses: reply.draft, approver: owner, body: {text: 2 files came.}}
        - {uses: file.write, step: paper}
        - {uses: notify, flow: chained, body: {to: dispatcher, text: The boiler is cold}}
  - name: who owes for two weeks is reminded, who does for less is not
    given:
      invoices:
        - {number: HP-1, amount: 80, due: 2026-09-20, party: Ada, email: ada@byrne.example}
        - {number: HP-2, amount: 80, due: 2026-09-30, party: Tom, email: tom@byrne.example}
        - {number: HP-3, amount: 80, due: 2026-09-20, party: Joe, email: joe@byrne.example,
           direction: payable}
    expect:
      flows: [remind]
      outputs:
        - {uses: mail.draft, body: {to: ada@byrne.example, subject: HP-1, text: 15 days}}
      gone: [HP-2, HP-3]
"""
"""Cases for it."""
