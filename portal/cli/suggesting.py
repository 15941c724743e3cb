"""`jigajob suggest`: flows that the business's own history speaks for."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Optional

import typer

from flows.errors import OperatorError
from portal.cli.options import FlowsOption, HomeOption, JsonOption, settings_of
from portal.cli.progress import counting

if TYPE_CHECKING:
    from flows.suggest import Proposal
    from flows.suggest.rules import Tried
    from portal.settings import Settings

_HEAD: Final = "# Proposed by `jigajob suggest`. Read each flow before you use it.\nflows:\n"


def add_to(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(suggest)


def suggest(
    context: typer.Context,
    write: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads this at run time
        typer.Option(
            "--write",
            metavar="FILE",
            help="Write the flows to a new file, too, which flows.yaml can `include`.",
        ),
    ] = None,
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Propose flows for what comes again and again.

    Out of the cleaned history alone: alike mails, the answers that people gave to them,
    papers that one sender sends, invoices that stay unpaid. Each comes with its evidence, how
    it would have done, and what it would keep. Nothing is changed and nothing goes out.
    """
    found = asyncio.run(_suggested(settings_of(context, home, flows)))
    if write is not None and found:
        _write(write, found)
    if as_json:
        for proposal in found:
            typer.echo(json.dumps(_as_json(proposal), ensure_ascii=False))
        return
    if not found:
        typer.echo("nothing comes often enough, and alike enough, to propose a flow for it")
        return
    for proposal in found:
        typer.echo(_shown(proposal))


async def _suggested(settings: Settings) -> list[Proposal]:
    from portal.suggesting import suggested
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app:
        found = await suggested(app, counting("mails"))
        examples = [each for proposal in found for each in proposal.evidence.examples]
        await app.audit.seen("suggest", examples, "message")
        return found


def _shown(proposal: Proposal) -> str:
    evidence = proposal.evidence
    lines = [
        f"# {proposal.flow['name']}",
        f"# why: {evidence.why},",
        f"#   {evidence.first:%Y-%m-%d} to {evidence.last:%Y-%m-%d},"
        f" {evidence.people} correspondent{'s' if evidence.people != 1 else ''};"
        f" see {', '.join(f'`jigajob show {each[:12]}`' for each in evidence.examples)}",
        *_back_test(proposal),
        f"# privacy: {_privacy(proposal)}",
        proposal.yaml,
    ]
    return "\n".join(lines)


def _back_test(proposal: Proposal) -> list[str]:
    if proposal.backtest is None:
        return ["# back-test: none; connect the folder of sent mail to learn from your answers"]
    older, newest = proposal.backtest
    return [
        f"# on the older ones, out of which it was made: {_told(older)}",
        f"# on the newest, which it had not seen: {_told(newest)}",
    ]


def _told(tried: Tried) -> str:
    return f"would have handled {tried.right} of {tried.wanted}, wrong on {tried.wrong}"


def _privacy(proposal: Proposal) -> str:
    kept = f"keeps {', '.join(proposal.keeps)}" if proposal.keeps else "keeps nothing personal"
    told = f"; writes {', '.join(proposal.names)} down in flows.yaml" if proposal.names else ""
    return f"{kept}, for {proposal.flow['retention']}{told}"


def _as_json(proposal: Proposal) -> dict[str, Any]:
    evidence = proposal.evidence
    return {
        "flow": proposal.flow,
        "why": evidence.why,
        "count": evidence.count,
        "first": evidence.first.isoformat(),
        "last": evidence.last.isoformat(),
        "correspondents": evidence.people,
        "examples": evidence.examples,
        "older": _counts(proposal.backtest.older) if proposal.backtest else None,
        "newest": _counts(proposal.backtest.newest) if proposal.backtest else None,
        "keeps": proposal.keeps,
        "names": proposal.names,
    }


def _counts(tried: Tried) -> dict[str, int]:
    return {"wanted": tried.wanted, "right": tried.right, "wrong": tried.wrong}


def _write(path: Path, found: list[Proposal]) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_HEAD + "".join(each.yaml for each in found))
    except OSError as error:
        raise OperatorError(
            f"cannot write {path} ({error.strerror})",
            fix="name a new file in a folder of yours",
        ) from None
