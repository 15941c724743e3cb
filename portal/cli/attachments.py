"""`jigajob attachment`: a sealed attachment back as a file, for the owner."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.errors import OperatorError
from portal.cli.options import FlowsOption, HomeOption, settings_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from portal.settings import Settings
    from portal.wiring import App

LOOK = "look at the mail with `jigajob show`"


def add_to(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(attachment)


def attachment(
    context: typer.Context,
    message_id: Annotated[
        str, typer.Argument(metavar="ID", help="The id of the mail, or how it begins.")
    ],
    number: Annotated[
        int, typer.Argument(metavar="N", min=1, help="Which attachment; the first is 1.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Where to write it; a new file.")],
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Write a sealed attachment to a file, uncleaned.

    Only flows with `attachments: seal` keep files, and only those that were not read.
    """
    written = asyncio.run(_write(settings_of(context, home, flows), message_id, number, out))
    typer.echo(f"wrote {written:,} bytes to {out}; it holds what the cleaner never saw")


async def _write(settings: Settings, start: str, number: int, out: Path) -> int:
    """Write the file piece by piece; where it turns out not to be whole, leave none."""
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app:
        pieces = await _pieces(app, start, number)
        try:
            # Nobody but the owner may read it, from the first byte on.
            descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise OperatorError(
                f"cannot write {out} ({error.strerror})",
                fix="give --out a file that is not there",
            ) from None
        try:
            with os.fdopen(descriptor, "wb") as file:
                async for piece in pieces:
                    file.write(piece)
                return file.tell()
        except BaseException:
            out.unlink(missing_ok=True)
            raise


async def _pieces(app: App, start: str, number: int) -> AsyncIterator[bytes]:
    from flows.audit import Act
    from flows.intake.sealed_files import SealedFiles
    from flows.model import CleanMessage
    from portal.finding import find_records

    found = [noun for _, noun in await find_records(app, start)]
    mails = [noun for noun in found if isinstance(noun, CleanMessage)]
    if len(mails) != 1:
        many = "several mails begin" if mails else "no mail begins"
        raise OperatorError(f"{many} with {start!r}", fix=f"give more of the id; {LOOK}")
    (mail,) = mails
    if number > len(mail.attachments):
        raise OperatorError(
            f"that mail has {len(mail.attachments)} attachments", fix=f"choose one; {LOOK}"
        )
    pieces = await SealedFiles(app.records).get(mail.id, number - 1)
    if pieces is None:
        raise OperatorError(
            f"attachment {number} of that mail is not kept",
            fix="set `attachments: seal` in a flow of that mail, before it comes",
        )
    await app.audit.note(
        Act(
            action="record.export",
            authority="command attachment",
            subjects=[mail.id],
            details={"what": "attachment", "number": number},
        )
    )
    return pieces
