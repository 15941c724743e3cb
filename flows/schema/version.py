"""The schema that this release writes, and what every record tells of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.errors import AdministratorError
from flows.ports import Record, Scalar
from flows.store_rules import damaged

SCHEMA: Final = 2
"""Goes up by one with a change of records that a release before could not read."""

FIRST: Final = 1
"""The schema of records without the field."""

_FIELD: Final = "v"


def marked(fields: Mapping[str, Scalar], version: int = SCHEMA) -> dict[str, Scalar]:
    """Return *fields* with the schema in them."""
    found = {name: value for name, value in fields.items() if name != _FIELD}
    return found if version == FIRST else {**found, _FIELD: version}


def version_of(record: Record) -> int:
    """Return the schema under which a record was written.

    Raises:
        AdministratorError: The record is damaged.
    """
    found = record.fields.get(_FIELD) or FIRST
    if not isinstance(found, int):
        raise damaged(record.kind, record.id)
    return found


def check_known(record: Record) -> None:
    """Refuse a record that this release might misread.

    Raises:
        AdministratorError: A newer release has written it.
    """
    if version_of(record) > SCHEMA:
        raise newer(f"a record of kind '{record.kind}'", version_of(record))


def newer(what: str, version: int) -> AdministratorError:
    """Return the error for what a newer release has written."""
    return AdministratorError(
        f"{what} was written by a newer JigAjob (schema {version}; this one knows {SCHEMA})",
        fix="upgrade JigAjob here, too; or let the newer one go back: `jigajob migrate --back`",
    )
