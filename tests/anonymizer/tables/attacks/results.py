"""What the attacks came to: as the file that ships, and as the table of the documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from anonymizer.tables import evidence
from tests.anonymizer.tables.attacks.attack import Attack, Outcome
from tests.anonymizer.tables.attacks.every import ATTACKS

ROOT: Final = Path(__file__).parents[4]
SHIPPED: Final = ROOT / "anonymizer" / "tables" / evidence.FILE
PAGE: Final = ROOT / "docs" / "aggregates-attacks.md"
BEGIN: Final = "<!-- python -m tests.bench.attacks --write -->\n"
END: Final = "<!-- end -->\n"

Results = Mapping[str, Any]


def attacked(tell: Callable[[str], None] = lambda _: None) -> Results:
    """Run every attack on the pipeline as it is, and on each sabotage of it."""
    results: dict[str, Any] = {}
    for attack in ATTACKS:
        outcome = attack.run()
        tell(
            f"{'withstood' if outcome.passed else 'FAILED'}: {attack.name}: {outcome.measured}"
        )
        caught: dict[str, str] = {}
        for sabotage in attack.sabotages:
            broken = attack.sabotaged(sabotage)
            tell(f"  {_verdict(broken)}: {sabotage.name}: {broken.measured}")
            caught[sabotage.name] = _verdict(broken)
        results[attack.name] = {
            "passed": outcome.passed,
            "measured": outcome.measured,
            "sabotages": caught,
        }
    verdicts = [v for each in results.values() for v in each["sabotages"].values()]
    return {
        "attacks": len(results),
        "passed": sum(each["passed"] for each in results.values()),
        "sabotages": len(verdicts),
        "caught": verdicts.count("caught"),
        "code": evidence.code_digest(),
        "results": results,
    }


def _verdict(broken: Outcome) -> str:
    return "missed" if broken.passed else "caught"


def shipped() -> Results:
    """Return the results that ship."""
    found: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return found


def ship(results: Results) -> None:
    """Write the results beside the code, and into the page."""
    SHIPPED.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + BEGIN + table(results) + END + after, encoding="utf-8")


def told() -> str:
    """Return the table that stands in the page."""
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return rest.partition(END)[0]


def table(results: Results) -> str:
    """Return the results for analysts and privacy officers, as Markdown."""
    summary = (
        f"\n{results['passed']} of {results['attacks']} attacks withstood; "
        f"{results['caught']} of {results['sabotages']} sabotages caught.\n\n"
    )
    rows = [
        ("Attack", "The attacker knows", "Withstood if", "Measured", "Sabotages caught"),
        ("---",) * 5,
        *(_row(attack, results["results"][attack.name]) for attack in ATTACKS),
    ]
    return summary + "".join(f"| {' | '.join(row)} |\n" for row in rows) + "\n"


def _row(attack: Attack, found: Mapping[str, Any]) -> Sequence[str]:
    caught = [name for name, verdict in found["sabotages"].items() if verdict == "caught"]
    missed = [f"MISSED {name}" for name in found["sabotages"] if name not in caught]
    return (
        f"**{attack.name}**<br>{', '.join(attack.against)}",
        attack.knows,
        attack.criterion,
        found["measured"] if found["passed"] else f"FAILED: {found['measured']}",
        "; ".join([*caught, *missed]),
    )
