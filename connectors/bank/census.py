"""Which entries the bank files hold, read anew by a second and simpler path.

It shares with the pages the reading of files, cells and rows and the rules of identity and
of versions; it opens the files, reads OFX without a tree, and numbers equal entries by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from connectors.bank import files, ofx
from connectors.bank.entries import Entry, file_entry, native_id
from connectors.bank.reader import entries_or_misfit, raise_if_none_fits
from connectors.bank.versions import Numbered, settled
from flows.errors import OperatorError
from flows.language.sources import BankSource


def count(path: Path, spec: BankSource, *, source: str, currency: str) -> Iterator[str]:
    """Yield the native id of every entry below *path*, each once, in no order to rely on.

    Raises:
        AdministratorError: The path is missing or closed to us.
        OperatorError: The mapped columns fit none of the files.
    """
    read: list[Numbered] = []
    misfits: list[OperatorError | None] = []
    for file in files.load(path):
        if file.is_ofx and not file.reason:
            entries, misfit = _ofx_entries(file, currency), None
        else:
            entries, misfit = entries_or_misfit(file, spec, source=source, currency=currency)
        misfits.append(misfit)
        read.append(list(_numbered(entries)))
    raise_if_none_fits(misfits)
    yield from settled(read).entries


def _ofx_entries(file: files.BankFile, currency: str) -> list[Entry]:
    body = ofx.mended(files.decoded(file.content))
    if not body:
        return [file_entry(file.name, "not_a_bank_file", file.content)]
    postings = ofx.postings_one_by_one(body)
    whole = len(postings) if ofx.is_ended(body) else len(postings) - 1
    return [
        ofx.entry_of(posting, "", currency, cut_off=number >= whole)
        for number, posting in enumerate(postings)
    ]


def _numbered(entries: list[Entry]) -> Iterator[tuple[str, Entry]]:
    """Yield one file's entries with ids: equal ones are counted, re-listed ones are not."""
    alike: dict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
    for entry in entries:
        movement = entry.movement
        identity = movement.identity if movement else ("raw", *entry.raw)
        text = (movement.counterparty, movement.reference) if movement else ("", "")
        if not (movement and movement.bank_id and text in alike[identity]):
            alike[identity].append(text)
            yield native_id(identity, len(alike[identity]) - 1), entry
