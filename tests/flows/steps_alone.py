"""A whole flows file around steps that are shown alone, with all that they may name."""

from __future__ import annotations

from textwrap import indent

HEAD = """\
version: 1
business: {id: docs, name: Docs, industry: "238220", region: US-NY, time_zone: America/New_York}
sources:
  office: {uses: outlook, address: office@docs.example}
  bank: {uses: bank, path: bank}
  books: {uses: business_central, company: Docs, address: books@docs.example}
outlets:
  papers: {uses: folder, path: papers}
  team: {uses: teams, workflow: env:TEAMS_WORKFLOW}
  dispatch: {uses: http, url: "https://dispatch.example/hooks/jobs"}
flows:
  - id: shown
    name: Shown
    triggers: [TRIGGER]
"""


def around(shown: str) -> str:
    """Return a flows file that runs *shown*, which begins with `steps:`."""
    trigger = "{transaction: bank}" if "uses: payment.match" in shown else "{mail: office}"
    kept = [name for name in ("customer.name", "customer.email") if name in shown]
    keep = f"    keep: [{', '.join(kept)}]\n" if kept else ""
    return HEAD.replace("TRIGGER", trigger) + keep + indent(shown, "    ")
