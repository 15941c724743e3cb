"""What a plan works on: what is stored, to be read and nothing else; or a store in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.folder import FolderMailbox
from connectors.memory import MemoryMailbox, MemoryStore, MemoryTransactions, MemoryVault
from flows.audit import Audit
from flows.plan.history import History
from flows.plan.read_only import ReadOnly
from flows.records import INTAKE, Records
from flows.schema import Standings
from flows.sealing import Keyring
from flows.work.register import Register
from portal.settings import Settings
from portal.wiring.custody import open_custody

if TYPE_CHECKING:
    from pathlib import Path

    from anonymizer.text.cleaner import Cleaner
    from flows.language.spec import FlowsFile
    from flows.model import Transaction
    from flows.plan.rehearsal import Rehearsal
    from flows.ports import Clock, Mailbox, TransactionSource


@dataclass(frozen=True, slots=True)
class OpenHistory:
    """What is stored, without a way to change it; the audit log alone is written to."""

    history: History
    audit: Audit
    clock: Clock


@asynccontextmanager
async def open_history(
    settings: Settings, clock: Clock | None = None
) -> AsyncIterator[OpenHistory]:
    """Give what is stored of the business of the flows file; neither sources nor outlets.

    Raises:
        FlowsFileError: The flows file has problems.
        NothingKept: Nothing is kept of the business there.
        AdministratorError: The home cannot be used, or its key does not fit its data.
    """
    async with open_custody(settings, clock, new=False) as custody:
        custody.keys.checked()
        await Standings(custody.store, custody.business).check()
        store = ReadOnly(custody.store)
        keyring = Keyring(store, custody.vault, clock=custody.clock)
        records = Records(store, keyring, custody.business, INTAKE)
        history = History(records, Register(records), custody.audit.log)
        yield OpenHistory(history, custody.audit, custody.clock)


def rehearsal_of_folder(
    file: FlowsFile,
    templates: Mapping[str, str],
    *,
    cleaner: Cleaner,
    clock: Clock,
    source: str,
    folder: Path,
) -> Rehearsal:
    """Return a rehearsal of the mail in *folder*, which came by *source*."""
    mailbox = FolderMailbox(folder, settle=0)
    return _rehearsal(file, templates, cleaner, clock, mailboxes={source: mailbox}, banks={})


def rehearsal_of_given(
    file: FlowsFile,
    templates: Mapping[str, str],
    *,
    cleaner: Cleaner,
    clock: Clock,
    mails: Mapping[str, Sequence[bytes]],
    movements: Mapping[str, Sequence[Transaction]],
) -> Rehearsal:
    """Return a rehearsal of these mails and movements, by the sources by which they came."""
    return _rehearsal(
        file,
        templates,
        cleaner,
        clock,
        mailboxes={name: MemoryMailbox(raw) for name, raw in mails.items()},
        banks={name: MemoryTransactions(told) for name, told in movements.items()},
    )


def _rehearsal(
    file: FlowsFile,
    templates: Mapping[str, str],
    cleaner: Cleaner,
    clock: Clock,
    *,
    mailboxes: Mapping[str, Mailbox],
    banks: Mapping[str, TransactionSource],
) -> Rehearsal:
    """Return a rehearsal on a store that is gone with it."""
    from flows.plan.rehearsal import Rehearsal  # noqa: PLC0415 - a second of imports

    store = MemoryStore(clock=clock)
    keyring = Keyring(store, MemoryVault(), clock=clock)
    records = Records(store, keyring, file.business.id, INTAKE)
    return Rehearsal(
        file,
        templates,
        records=records,
        register=Register(records),
        cleaner=cleaner,
        clock=clock,
        mailboxes=mailboxes,
        banks=banks,
    )
