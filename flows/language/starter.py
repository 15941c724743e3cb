"""The flows.yaml that `jigajob init` writes: it validates as it is, and shows the language."""

from __future__ import annotations

from typing import Final

STARTER: Final = """\
# What JigAjob does for one business: where its mail and bank movements come from, and what
# is done about them. Check this file with `jigajob validate`; it names every problem with
# its line and column. For completion in an editor:
#   jigajob schema > flows.schema.json
# yaml-language-server: $schema=flows.schema.json
version: 1

business:
  id: my-business                 # data is kept under it: choose once
  name: My Business
  industry: "238220"              # NAICS 2022 code, in quotes
  region: US-NY                   # ISO 3166-2: decides how dates and phone numbers are read
  time_zone: America/New_York
  domains: [my-business.example]  # whoever writes from there is one of yours
  suppliers: []                   # firms whose names stay readable

sources:
  office:                         # a name of your choice; triggers use it
    uses: folder
    path: mail                    # .eml files, Maildirs or mbox files, at any depth
  # bank:
  #   uses: bank                  # OFX, QFX or CSV files
  #   path: bank
  #   columns: {date: Date, amount: Amount, counterparty: Name, reference: Memo}

flows:
  # Everything personal is taken out of a mail before it is stored, save what `keep` names.
  # Conditions see the mail as it came in; steps see what is left of it.
  - id: repair-request            # stable: what was done is remembered under it
    name: Open a job and draft a confirmation
    triggers:
      - mail: office
    conditions:                   # all of them must hold
      - mail.kind in ['service_request', 'complaint']
      - not mail.automatic
    keep: [customer.name, customer.phone, site.address]
    retention: 180d
    steps:
      - id: details
        uses: extract             # reads values by their type
        with:
          fields: {site: address, wanted: date, phone: phone}
      - id: job
        uses: job.open
        with:
          title: "{{ mail.subject }}"
          site: "{{ steps.details.site }}"
          phone: "{{ steps.details.phone }}"
          wanted: "{{ steps.details.wanted }}"
      - id: confirm
        uses: reply.draft
        with:
          # Longer answers go to a file beside this one: template: confirm.txt.j2
          text: |
            Hello {{ customer.name | default('there') }},

            thank you for your message. We have opened job {{ steps.job.job }}
            {% if steps.details.wanted %}
            and will try to come on {{ steps.details.wanted | date }}.
            {% else %}
            and will call you to agree on a day.
            {% endif %}

            {{ business.name }}
        approve: owner            # waits in `jigajob outbox` until somebody says yes

  - id: leads
    name: List who asks for a quote
    triggers:
      - mail: office
    conditions:
      - mail.kind == 'quote_request'
    steps:
      - id: row
        uses: row.append
        with:
          table: leads
          columns:
            received: "{{ mail.received_at | date('%Y-%m-%d') }}"
            subject: "{{ mail.subject }}"

  - id: supplier-invoice
    name: Record supplier invoices and tell the owner
    triggers:
      - mail: office
    conditions:
      - mail.kind == 'supplier_invoice'
    steps:
      - id: invoice
        uses: invoice.record      # number, total and due date are read from the PDF
      - id: tell
        uses: notify
        if: steps.invoice.status == 'unsure'
        with:
          to: owner
          text: "An invoice needs a look: {{ mail.subject }}"

  # With the bank source above switched on, payments find their invoices:
  # - id: payments
  #   name: Match payments to open invoices
  #   triggers:
  #     - transaction: bank
  #   steps:
  #     - id: match
  #       uses: payment.match
"""
