"""Attacks on releases: `python -m tests.bench.attacks [--write]`.

Runs each attack of `tests/anonymizer/tables/attacks` on the pipeline as it is and on every
sabotage of it, and prints what was measured, then the table of the documents. With `--write`,
the results also go beside the code, for manifests, and into the page. Takes half a minute.
"""

from __future__ import annotations

import argparse
import sys

from tests.anonymizer.tables.attacks import results


def main() -> int:
    """Run all attacks; return 1 if one succeeded, or one overlooked a sabotage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the results for releases")
    options = parser.parse_args()
    found = results.attacked(tell=_say)
    _say(results.table(found))
    good = found["passed"] == found["attacks"] and found["caught"] == found["sabotages"]
    if options.write and good:
        results.ship(found)
    return not good


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
