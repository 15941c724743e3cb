"""A bank file as entries, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.bank import camt, mt940, ofx, table
from connectors.bank.entries import Entry, file_entry
from connectors.bank.files import BankFile, decoded
from connectors.bank.header import find_header
from flows.errors import OperatorError
from flows.language.sources import BankSource


def entries_of(file: BankFile, spec: BankSource, *, source: str, currency: str) -> list[Entry]:
    """Return the entries of a file in its order; one that says why, if there can be none.

    Reasons for a whole file: `unreadable`, `too_large`, `empty`, `not_a_bank_file`,
    `not_a_statement` (a report or notice of movements that a statement will list),
    `unsafe_xml` (it declares entities).

    Raises:
        OperatorError: The mapped columns and the file do not fit.
    """
    found = None
    if file.reason:
        return [file_entry(file.name, file.reason)]
    if not file.content.strip():
        return [file_entry(file.name, "empty", file.name.encode())]
    if file.is_ofx:
        found = ofx.entries(decoded(file.content), file=file.name, currency=currency)
    elif file.is_camt:
        found = camt.entries(file.content, file=file.name, currency=currency)
    elif file.is_mt940:
        found = mt940.entries(decoded(file.content), file=file.name, currency=currency)
    elif file.text is not None:
        found = _table_entries(file, file.text, spec, source, currency)
    if found is None:
        return [file_entry(file.name, "not_a_bank_file", file.content)]
    return found


def entries_or_misfit(
    file: BankFile, spec: BankSource, *, source: str, currency: str
) -> tuple[list[Entry], OperatorError | None]:
    """Return the entries of a file, or one entry `wrong_columns` and the error that says why.

    One file that does not fit must not keep its neighbours from being read.
    """
    try:
        return entries_of(file, spec, source=source, currency=currency), None
    except OperatorError as misfit:
        return [file_entry(file.name, "wrong_columns", file.content)], misfit


def raise_if_none_fits(misfits: Sequence[OperatorError | None]) -> None:
    """Raise the first of *misfits*, one for each file, if no file is without.

    Then the column map is wrong, and not a file that was put beside the others.

    Raises:
        OperatorError: The mapped columns fit none of the files.
    """
    first = next(iter(misfits), None)
    if first is not None and all(misfits):
        raise first


def _table_entries(
    file: BankFile, text: str, spec: BankSource, source: str, currency: str
) -> list[Entry] | None:
    certain = file.is_certainly_table
    if spec.columns is None and not certain:
        return None
    rows = list(table.rows(text, spec))
    header = find_header(rows, spec, file=file.name, source=source, certain=certain)
    if header is None:
        return None
    return list(table.entries(rows, header, spec, file=file.name, currency=currency))
