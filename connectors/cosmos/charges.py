"""What the calls of one store have cost, by what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CHARGE: Final = "x-ms-request-charge"


@dataclass(slots=True)
class Charge:
    """What was spent on one operation.

    Attributes:
        calls: Requests that were answered, refusals among them.
        units: Request units, as the service counted them.
        again: Attempts after one that failed.
        throttled: Answers that asked for a pause (429).
    """

    calls: int = 0
    units: float = 0.0
    again: int = 0
    throttled: int = 0


class Charges(dict[str, Charge]):
    """Counts by operation: `get`, `create`, `put`, `delete`, `batch`, `query`, and so on."""

    def of(self, operation: str) -> Charge:
        """Return the counts of an operation, to be added to."""
        return self.setdefault(operation, Charge())

    def answered(self, operation: str, headers: Mapping[str, str]) -> None:
        """Count one answer."""
        charge = self.of(operation)
        charge.calls += 1
        charge.units += float(headers.get(CHARGE) or 0)

    @property
    def units(self) -> float:
        """Return the request units of all operations together."""
        return sum(charge.units for charge in self.values())
