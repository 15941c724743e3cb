"""Checking a file costs little: nothing heavy is imported, and good files are fast."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from flows.language.starter import STARTER

HEAVY = (
    "presidio_analyzer",
    "spacy",
    "prefect",
    "dateparser",
    "numpy",
    "pypdfium2",
    "rapidfuzz",
)


def test_a_good_file_is_checked_without_heavy_imports(tmp_path: Path) -> None:
    (tmp_path / "flows.yaml").write_text(STARTER)
    script = (
        "import sys; from pathlib import Path; from flows.language.load import load\n"
        "from flows.language.schema import json_schema\n"
        "load(Path('flows.yaml')); json_schema()\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
