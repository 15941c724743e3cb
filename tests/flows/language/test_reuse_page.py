"""What docs/reuse.md shows is a sound set of files."""

from __future__ import annotations

import re
from pathlib import Path

from flows.language.load import load

PAGE = Path(__file__).parents[3] / "docs" / "reuse.md"
TABLE = "Item,name,Unit price\nPUMP-2,Circulator pump,480.00\n"


def test_the_page_shows_files_that_load(tmp_path: Path) -> None:
    shown = re.findall(
        r"```yml\n# (\S+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert [name for name, _ in shown] == [
        "flows.yaml",
        "shared/blocks.yaml",
        "shared/data.yaml",
    ]
    (tmp_path / "shared").mkdir()
    for name, text in shown:
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "shared" / "prices.csv").write_text(TABLE)
    (tmp_path / "accepted.txt.j2").write_text("Thank you. Job {{ inputs.job }}.\n")
    file = load(tmp_path / "flows.yaml")
    assert [step.id for step in file.flows[0].steps] == [
        *("details", "job", "confirm--answer", "confirm--remind", "list")
    ]
    assert len(file.data["prices"].rows or ()) == 1
