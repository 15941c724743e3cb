"""How soon the command line answers: `python -m tests.bench.start`.

Medians of fifteen starts, each in a process of its own, beside the goals, and beside what
Python itself takes to start.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[2]
TIMES: Final = 15
FLOWS: Final = 50

HEAD = """\
version: 1
business:
  id: hudson
  name: Hudson Plumbing
  industry: "238220"
  region: US-NY
  time_zone: America/New_York
  domains: [hudson.example]
sources:
  office: {uses: folder, path: mail}
  bank: {uses: bank, path: bank}
flows:
"""

FLOW = """\
  - id: flow-NUMBER
    name: Flow NUMBER
    triggers: [{mail: office}]
    conditions:
      - mail.kind in ['service_request', 'complaint']
      - mail.subject | mentions('word NUMBER', 'heat') and not mail.automatic
    keep: [customer.name, customer.phone, site.address]
    retention: 1y
    steps:
      - id: details
        uses: extract
        with: {fields: {site: address, wanted: date, phone: phone}}
      - id: job
        uses: job.open
        with:
          title: "{{ mail.subject }} (NUMBER)"
          customer: "{{ customer.name }}"
          site: "{{ steps.details.site }}"
          phone: "{{ steps.details.phone }}"
          wanted: "{{ steps.details.wanted }}"
      - id: confirm
        uses: reply.draft
        if: mail.received_at.year > 2000
        with:
          text: |
            Hello {{ customer.name | default('there') }},
            {% if steps.details.wanted %}we come on {{ steps.details.wanted | date }}
            {% else %}we call you{% endif %} about job {{ steps.job.job }}, flow NUMBER.
        approve: owner
"""


def flows_file(flows: int) -> str:
    """Return a flows file with so many flows, each with conditions and templates of its own."""
    return HEAD + "".join(FLOW.replace("NUMBER", str(number)) for number in range(flows))


def median(command: Sequence[str]) -> tuple[float, float]:
    """Return the median and the longest wall time of the command, in seconds."""
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        took.append(time.perf_counter() - began)
    return statistics.median(took), max(took)


def main() -> None:
    """Print the table."""
    program = [sys.executable, "-c", "from portal.cli import main; main()"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flows.yaml"
        path.write_text(flows_file(FLOWS))
        asked: dict[str, tuple[list[str], str]] = {
            "python -c pass": ([sys.executable, "-c", "pass"], ""),
            "jigajob --help": ([*program, "--help"], "0.40 s"),
            f"jigajob validate, {FLOWS} flows": ([*program, "validate", str(path)], "0.60 s"),
        }
        sys.stdout.write(
            f"{'median of ' + str(TIMES):32} {'median':>8} {'most':>8} {'goal':>8}\n"
        )
        for name, (command, goal) in asked.items():
            middle, most = median(command)
            sys.stdout.write(f"{name:32} {middle:6.3f} s {most:6.3f} s {goal:>8}\n")


if __name__ == "__main__":
    main()
