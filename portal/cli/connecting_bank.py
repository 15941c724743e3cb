"""`jigajob connect NAME FILE`: a bank's file looked at, and its source put into flows.yaml."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import typer

from flows.errors import AdministratorError, OperatorError
from portal.cli.options import again

if TYPE_CHECKING:
    from rich.table import Table

    from flows.language.spec import FlowsFile
    from portal.settings import Settings
    from portal.wiring.bank_proposals import Proposal

DateOrder = Literal["", "year-first", "month-first", "day-first"]
DecimalSign = Literal["", ".", ","]
T = TypeVar("T", bound=str)

_FIELDS: Final = {
    "date": "day of booking",
    "amount": "amount, signed",
    "direction": "in or out, in a word",
    "paid_in": "money in",
    "paid_out": "money out",
    "counterparty": "who paid or was paid",
    "reference": "what the payer wrote",
    "id": "the bank's id",
    "currency": "currency",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the command line says about the file: how it is read, and whether to ask."""

    dates: DateOrder = ""
    decimal: DecimalSign = ""
    account: str = ""
    whole_folder: bool = False
    yes: bool = False


def connect_bank(settings: Settings, name: str, file: Path, wish: Wish) -> None:
    """Propose how *file* is read, show it, ask, and save it as the source *name*.

    Raises:
        OperatorError: The file cannot be read so, something is open and nobody may be
            asked, or the name is taken.
    """
    from flows.language.load import load

    flows = load(settings.flows)
    _check(file, again(settings), name)
    found = _proposed(flows, file, wish)
    source = _source(settings, file, found, wish)
    _with_source(settings, name, source)
    _show(file, found)
    if found.unsure and wish.yes:
        raise OperatorError(
            f"{file.name} leaves open {_open(found)}, and --yes answers no questions",
            fix="say it: " + " or ".join(_options(found)),
        )
    if found.unsure:
        found, wish = _asked(flows, file, found, wish)
        source = _source(settings, file, found, wish)
        _show(file, found)
    if not wish.yes and not typer.confirm(f"Save this as source '{name}' in {settings.flows}?"):
        typer.echo("nothing was saved")
        raise typer.Exit(1)
    _save(settings, name, source)


def _check(file: Path, command: str, name: str) -> None:
    if file.is_dir():
        raise OperatorError(
            f"{file} is a folder",
            fix=f"give one file of it: {command} connect {name} FILE --folder",
        )
    if not file.exists():
        raise OperatorError(
            f"there is no file {file}", fix="give the file that you downloaded from the bank"
        )


def _proposed(flows: FlowsFile, file: Path, wish: Wish) -> Proposal:
    from portal.wiring.bank_proposals import proposal_for

    return proposal_for(
        file, flows.business, dates=wish.dates, decimal=wish.decimal, account=wish.account
    )


def _source(settings: Settings, file: Path, found: Proposal, wish: Wish) -> dict[str, Any]:
    """Return the source as it is to stand in the flows file: only what is not usual."""
    base = settings.flows.resolve().parent
    path = (file.parent if wish.whole_folder else file).resolve()
    shown = path.relative_to(base).as_posix() if path.is_relative_to(base) else str(path)
    said = found.spec.model_dump(exclude_defaults=True, exclude_none=True)
    if found.kind == "CSV":
        said["dates"] = found.spec.dates
    return {
        "uses": "bank",
        "path": shown,
        **{k: v for k, v in said.items() if k not in {"uses", "path"}},
    }


def _show(file: Path, found: Proposal) -> None:
    from portal.cli import screens

    out = screens.console()
    where = f", columns named in line {found.header_line}" if found.header_line else ""
    out.print(screens.plain(f"{file.name}: {found.kind}, {found.encoding}{where}"))
    spec = found.spec
    if spec.columns:
        signs = {"\t": "tab"}
        out.print(
            screens.plain(
                f"columns apart by {signs.get(spec.delimiter, spec.delimiter)}   dates"
                f" {spec.dates}{_guess(found, 'dates')}   before cents"
                f" {spec.decimal}{_guess(found, 'decimal')}"
            )
        )
        columns = screens.table("Columns", "field", "column of the file")
        for field, column in spec.columns.model_dump(exclude_none=True).items():
            columns.add_row(screens.plain(_FIELDS[field]), screens.plain(column))
        out.print()
        out.print(columns)
    out.print()
    out.print(_first(found))
    out.print()
    out.print(screens.plain(f"{found.movements} movements; not read: {_refused(found)}"))


def _guess(found: Proposal, what: str) -> str:
    return " (a guess)" if what in found.unsure else ""


def _first(found: Proposal) -> Table:
    from portal.cli import screens

    title = "The first movements as they are read"
    made = screens.table(title, "day", "amount", "who", "reference", right=["amount"])
    for each in found.first:
        cells = (
            f"{each.booked_on:%d %B %Y}",
            str(each.money),
            each.counterparty,
            each.reference,
        )
        made.add_row(*(screens.plain(cell or "-") for cell in cells))
    return made


def _refused(found: Proposal) -> str:
    from collections import Counter

    from portal.cli import screens

    return screens.said(Counter(found.refused))


def _open(found: Proposal) -> str:
    words = {
        "dates": "which of two numbers in its dates is the month",
        "decimal": "whether a comma or a point stands before the cents",
    }
    return " and ".join(words[each] for each in found.unsure)


def _options(found: Proposal) -> list[str]:
    words = {
        "dates": "--dates day-first, --dates month-first",
        "decimal": "--decimal ., --decimal ,",
    }
    return [words[each] for each in found.unsure]


def _asked(flows: FlowsFile, file: Path, found: Proposal, wish: Wish) -> tuple[Proposal, Wish]:
    """Ask what the file leaves open; the guess of the region is the answer to Enter."""
    from dataclasses import replace

    if "dates" in found.unsure:
        typer.echo(
            f"No date in the file tells whether {found.example} begins with the day or the"
            f" month; {found.spec.dates} is a guess by your region, {flows.business.region}."
        )
        orders: tuple[DateOrder, ...] = ("day-first", "month-first")
        wish = replace(wish, dates=_chosen("Which is it", orders, found.spec.dates))
    if "decimal" in found.unsure:
        typer.echo("No amount in the file tells a comma for thousands from one for cents.")
        signs: tuple[DecimalSign, ...] = (".", ",")
        wish = replace(
            wish, decimal=_chosen("What stands before the cents", signs, found.spec.decimal)
        )
    return _proposed(flows, file, wish), wish


def _chosen(question: str, choices: Sequence[T], usual: T) -> T:
    def one_of(answer: str) -> T:
        for choice in choices:
            if answer.strip() == choice:
                return choice
        raise typer.BadParameter(f"it is one of {' '.join(choices)}")

    shown = f"{question} ({' or '.join(choices)})"
    chosen: T = typer.prompt(shown, default=usual, value_proc=one_of)
    return chosen


def _with_source(
    settings: Settings, name: str, source: dict[str, Any]
) -> tuple[bytes, str, str]:
    """Return the flows file as it is and as text, without and with the source."""
    from flows.language.additions import with_source
    from flows.language.load import decoded

    raw = settings.flows.read_bytes()
    text = decoded(raw, str(settings.flows))
    return raw, text, with_source(text, settings.flows, name, source)


def _save(settings: Settings, name: str, source: dict[str, Any]) -> None:
    raw, text, added = _with_source(settings, name, source)
    if added == text:
        typer.echo(f"{name}: {settings.flows} says so already")
        return
    path = settings.flows.resolve()
    draft = path.with_name(f".{path.name}.new")
    mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
    try:
        draft.write_bytes(mark + added.encode())
        shutil.copymode(path, draft)
        os.replace(draft, path)  # noqa: PTH105 - Path.replace says the same in more steps
    except OSError as error:
        raise AdministratorError(
            f"cannot write {path} ({error.strerror})", fix="let this account write it"
        ) from None
    typer.echo(
        f"{name}: saved in {settings.flows}; let a flow begin with it:"
        f" triggers: [{{transaction: {name}}}]"
    )
