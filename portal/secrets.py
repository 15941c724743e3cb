"""Secrets by reference: where flows.yaml says that one stands, and the text found there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from flows.errors import AdministratorError


def secret_reader(reference: str, base: Path, vault: Callable[[str], str]) -> Callable[[], str]:
    """Return a function that reads the secret anew at each call, so that it may be changed.

    *reference* is `env:NAME`, `file:PATH`, the path relative to *base*, or `vault:NAME`, which
    *vault* reads. A line end after the secret does not belong to it. The function raises
    `AdministratorError` where there is nothing to read.
    """
    kind, _, where = reference.partition(":")

    def from_environment() -> str:
        value = os.environ.get(where, "")
        if not value:
            raise AdministratorError(
                f"the variable {where} is not set, and flows.yaml takes a secret from it",
                fix=f"set {where} where jigajob runs, or correct the reference",
            )
        return value

    def from_file() -> str:
        try:
            value = (base / where).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise AdministratorError(
                f"the secret in {where} cannot be read ({why})",
                fix="put it there, readable for this user alone, or correct the reference",
            ) from None
        if not value:
            raise AdministratorError(
                f"the file {where} is empty, and flows.yaml takes a secret from it",
                fix="put the secret there, readable for this user alone",
            )
        return value

    readers = {"env": from_environment, "file": from_file}
    return readers.get(kind, lambda: vault(where))
