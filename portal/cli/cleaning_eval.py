"""`jigajob clean eval`: how right the cleaner is on mails that somebody has labelled."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from flows.errors import OperatorError
from portal.cli.options import JsonOption

if TYPE_CHECKING:
    from rich.table import Table

    from anonymizer.text.gold import LabelledMail
    from anonymizer.text.scoring import Figures, Miss, Score

EVERY: Final = "all"
AROUND: Final = 30
"""Characters shown on each side of a miss."""


def evaluate(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Labelled files.")],
    show: Annotated[
        list[str] | None,
        typer.Option(help=f"List the misses of a label, or `{EVERY}`. Repeatable."),
    ] = None,
    text: Annotated[
        bool, typer.Option("--text", help="With --show: quote the text as well.")
    ] = False,
    flows: Annotated[
        Path | None, typer.Option("--flows", help="Take own recognisers from here.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Score the cleaner on labelled mails.

    Told are what it leaves and what it takes too much.

    Reads `.yaml` files of marked mails and `.txt` files of marked lines (docs/labelling.md),
    presidio-research's `.json`, emailcoref's `.conll`.
    """
    from anonymizer.text.scoring import score
    from flows.language.load import load
    from portal.cleaning_files import cleaner_for

    mails = _read(folders)
    found = score(mails, cleaner_for(load(flows) if flows else None))
    wanted = {label.upper() for label in show or ()}
    misses = [
        miss for miss in found.misses if EVERY.upper() in wanted or miss.label.upper() in wanted
    ]
    texts = _texts(mails) if text else {}
    if as_json:
        typer.echo(json.dumps(_as_json(found, misses if show else None, texts)))
        return
    _print(found, misses if show else None, texts)


def _read(folders: Sequence[Path]) -> list[LabelledMail]:
    from anonymizer.text.gold import LabelError, unique
    from anonymizer.text.public_sets import read_labelled

    mails = []
    for folder in folders:
        try:
            read = read_labelled(folder)
        except LabelError as error:
            raise OperatorError(f"{error.where}: {error.what}", fix=error.fix) from None
        except OSError as error:
            what = f"cannot read {folder} ({error.strerror})"
            raise OperatorError(what, fix="give folders that exist") from None
        if not read:
            what = f"there are no labelled mails in {folder}"
            fix = "give a folder with .yaml files of marked mails, .json or .conll"
            raise OperatorError(what, fix=fix)
        mails += read
    try:
        return list(unique(mails))
    except LabelError as error:
        raise OperatorError(f"{error.where}: {error.what}", fix=error.fix) from None


def _texts(mails: Sequence[LabelledMail]) -> dict[tuple[str, str], str]:
    return {(mail.id, part.name): part.text for mail in mails for part in mail.request.parts}


def _row(figures: Figures) -> dict[str, float]:
    """Return the figures of one set: shares from 0 to 1 by the names of the columns."""
    minor, out = figures.of("minor"), figures.of("out")
    row: dict[str, float] = {"mails": figures.mails, "leak": figures.leak}
    if minor.marks:
        row |= {"minors_out": 1 - minor.leak, "minors_marks_out": minor.share}
    if out.marks:
        row |= {"others_out": 1 - out.leak, "others_marks_out": out.share}
    if figures.of("trap").marks:
        row["traps_kept"] = figures.of("trap").share
    if figures.of("keep").marks:
        row["fields_kept"] = figures.of("keep").share
    return row | {"over_masking": figures.over}


def _as_json(
    score: Score, misses: Sequence[Miss] | None, texts: dict[tuple[str, str], str]
) -> dict[str, Any]:
    total = score.total
    found: dict[str, Any] = {
        "total": _rounded(_row(total)),
        "sets": {name: _rounded(_row(each)) for name, each in score.groups.items()},
        "languages": {name: _rounded(_row(each)) for name, each in score.languages.items()},
        "labels": {
            name: {"marks": tally.marks, "gone": tally.right, "leak": round(tally.leak, 4)}
            for name, tally in total.labels().items()
        },
    }
    if misses is not None:
        found["misses"] = [_miss(miss, texts) for miss in misses]
    return found


def _rounded(row: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in row.items()}


def _miss(miss: Miss, texts: dict[tuple[str, str], str]) -> dict[str, Any]:
    about: dict[str, Any] = {
        "mail": miss.mail,
        "where": miss.where,
        "part": miss.part,
        "start": miss.start,
        "end": miss.end,
        "what": miss.what,
        "mark": miss.kind,
        "label": miss.label,
    }
    text = texts.get((miss.mail, miss.part))
    return about if text is None else about | {"text": text[miss.start : miss.end]}


def _print(
    score: Score, misses: Sequence[Miss] | None, texts: dict[tuple[str, str], str]
) -> None:
    from portal.cli import screens

    out = screens.console()
    out.print(_sets("set", score.groups, total=score.total))
    if len(score.languages) > 1:
        out.print(_sets("language", score.languages))
    out.print(_labels(score.total))
    out.print(
        screens.plain(
            "\nleft: of letters and digits that must go; gone: marks of which nothing is left;"
            "\nover-masking: words without a mark that were touched"
        )
    )
    if misses is None:
        return
    made = screens.table("\nMisses", "mail", "where", "part", "stretch", "what", "label")
    if texts:
        made.add_column("text", overflow="fold")
    for miss in misses:
        cells = [miss.mail, miss.where, miss.part, f"{miss.start}-{miss.end}"]
        cells += [f"{miss.kind or 'unmarked'} {miss.what}", miss.label]
        if texts:
            cells.append(_quoted(miss, texts[miss.mail, miss.part]))
        made.add_row(*(screens.plain(cell) for cell in cells))
    out.print(made if misses else "\nNo misses of these labels")


def _quoted(miss: Miss, text: str) -> str:
    """Return the stretch between bars, with what stands around it, on one line."""
    before = text[max(0, miss.start - AROUND) : miss.start]
    after = text[miss.end : miss.end + AROUND]
    return " ".join(f"{before}|{text[miss.start : miss.end]}|{after}".split())


def _sets(what: str, groups: Mapping[str, Figures], total: Figures | None = None) -> Table:
    from portal.cli import screens

    numbers = ("mails", "left", "minors gone", "others gone", "traps kept", "fields kept")
    columns = (*numbers, "over-masking")
    made = screens.table(f"\nBy {what}", what, *columns, right=columns)
    rows = list(groups.items())
    if total is not None and len(rows) > 1:
        rows.append(("all", total))
    for name, figures in rows:
        shares = [
            _percent(figures.of(kind).share) if figures.of(kind).marks else "-"
            for kind in ("minor", "out", "trap", "keep")
        ]
        made.add_row(
            screens.plain(name),
            str(figures.mails),
            _percent(figures.leak),
            *shares,
            _percent(figures.over),
        )
    return made


def _labels(figures: Figures) -> Table:
    from portal.cli import screens

    columns = ("marks", "gone", "left")
    made = screens.table("\nBy label", "label", *columns, right=columns)
    for name, tally in figures.labels().items():
        made.add_row(name, str(tally.marks), _percent(tally.share), _percent(tally.leak))
    apart = sorted({name for kind, name in figures.tallies if kind == "apart"})
    for name in apart:
        tally = figures.of("apart", label=name)
        counted = (str(tally.marks), _percent(tally.share), _percent(tally.leak))
        made.add_row(f"{name} (apart)", *counted)
    return made


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
