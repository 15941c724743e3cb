"""`jigajob backup` and `jigajob restore`: all records of the business, sealed, in two files."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final, Optional

import typer

from flows.errors import OperatorError
from portal.cli.options import FlowsOption, HomeOption, again, settings_of
from portal.cli.progress import counting

if TYPE_CHECKING:
    from flows.backup import Manifest
    from portal.settings import Settings

SUFFIX: Final = ".jigajob"
KEYS_SUFFIX: Final = ".keys"

KeysOption = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads this at run time
    typer.Option("--keys", help="The file of keys. [default: beside the archive, FILE.keys]"),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command()(backup)
    app.command()(restore)


def backup(
    context: typer.Context,
    to: Annotated[
        str, typer.Argument(metavar="FILE|FOLDER", help="A new file, or a folder for it.")
    ],
    keys: KeysOption = None,
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Back up all records, sealed, and their keys apart.

    Nobody has to stop working. Keep the two files apart: neither opens anything alone, and
    both need the wrapping key (`keys/wrapping.key` in the home, or Key Vault).
    """
    settings = settings_of(context, home, flows)
    archive = _archive(to, settings)
    keys = keys or archive.with_name(archive.name + KEYS_SUFFIX)
    manifest = asyncio.run(_made(settings, archive, keys))
    typer.echo(f"backed up {manifest.entries} records of {manifest.business} to {archive}")
    typer.echo(f"their keys, wrapped, are in {keys}: keep it apart from the archive")
    typer.echo(f"the audit log stood at {manifest.audit_root}: note that down elsewhere")
    typer.echo(f"keep a copy of {settings.roots} apart from both")


def restore(
    context: typer.Context,
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="The archive.")],
    keys: KeysOption = None,
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Bring a backup back into a home that has no records yet.

    The wrapping key must be there first. Interrupted, run it again.
    """
    settings = settings_of(context, home, flows)
    keys = keys or archive.with_name(archive.name + KEYS_SUFFIX)
    manifest = asyncio.run(_restored(settings, archive, keys))
    typer.echo(
        f"restored {manifest.entries} records of {manifest.business}, as they were at"
        f" {manifest.made_at}"
    )
    typer.echo(f"look at them: {again(settings)} status")
    if manifest.audit_root:
        typer.echo("see that their audit log is whole up to the backup:")
        typer.echo(f"  {again(settings)} audit verify --root {manifest.audit_root}")


def _archive(to: str, settings: Settings) -> Path:
    """Return the file of the archive; where its name has no suffix, it gets one.

    Raises:
        OperatorError: A folder is meant that is not there, such as a disk not mounted.
    """
    path = Path(to)
    if path.is_dir():
        return path / _name(settings)
    if to.endswith(os.sep):
        raise OperatorError(f"there is no folder {to}", fix="make it first, or name a file")
    return path if path.suffix else path.with_name(path.name + SUFFIX)


def _name(settings: Settings) -> str:
    from datetime import UTC, datetime

    from flows.language.load import business_of

    business = business_of(settings.flows)
    return f"{business}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"


async def _made(settings: Settings, archive: Path, keys: Path) -> Manifest:
    from flows.audit import Act
    from flows.backup import back_up
    from portal.wiring import open_custody

    act = Act(
        action="store.backup", authority="command backup", details={"archive": str(archive)}
    )
    async with open_custody(settings, new=False) as custody, custody.audit.act(act):
        root = await custody.audit.log.root()
        with _new(archive) as archive_file, _new(keys) as keys_file:
            manifest, made = await back_up(
                custody.business,
                custody.store,
                custody.vault,
                custody.clock,
                archive_file,
                audit_root=str(root or ""),
                tell=counting("records"),
            )
            keys_file.write(made.as_bytes())
        return manifest


async def _restored(settings: Settings, archive: Path, keys: Path) -> Manifest:
    from flows.audit import Act
    from flows.backup import restore as restoring
    from portal.cli.running import alone
    from portal.wiring import open_custody

    try:
        with archive.open("rb") as file:
            content = keys.read_bytes()
            async with open_custody(settings, half=True) as custody:
                with alone(settings.home):
                    manifest = await restoring(
                        custody.business,
                        custody.store,
                        custody.vault,
                        custody.clock,
                        file,
                        keys=content,
                        tell=counting("records"),
                    )
                # Not before: it is recorded in the log that came back.
                details = {"archive": str(archive), "made_at": manifest.made_at}
                act = Act(action="store.restore", authority="command restore", details=details)
                await custody.audit.note(act)
                return manifest
    except OSError as error:
        raise OperatorError(
            f"cannot read {error.filename} ({error.strerror})",
            fix="give the archive, and with --keys the file of keys that belongs to it",
        ) from None


@contextmanager
def _new(path: Path) -> Iterator[BinaryIO]:
    """Give a file for its owner alone, that has its name only once it is whole."""
    draft = path.with_name(f".{path.name}.part")
    try:
        if path.exists():
            raise FileExistsError(17, "it is there already", str(path))
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError as error:
        raise OperatorError(
            f"cannot write {path} ({error.strerror})",
            fix="name a new file in a folder of yours",
        ) from None
    finally:
        draft.unlink(missing_ok=True)
