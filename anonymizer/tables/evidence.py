"""What attacks on releases came to, and whether it was this very code that they were run on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

FILE: Final = "attack_results.json"
"""Beside this file, written by whoever ran the attacks; the code in use never changes it."""


@cache
def evidence() -> Mapping[str, Any]:
    """Return what the attacks came to, as the manifest of a release says it; JSON-able.

    `attacks` of which `passed` were withstood, `sabotages` of the pipeline of which `caught`
    were noticed, `code` as `code_digest` was then, `results` with what was measured by attack,
    and `of_this_code`: whether the digest is still the same. Without the file, no more than
    that: `of_this_code` is false.
    """
    file = files(__package__).joinpath(FILE)
    found: dict[str, Any] = json.loads(file.read_bytes()) if file.is_file() else {}
    return {**found, "of_this_code": found.get("code") == code_digest()}


def code_digest() -> str:
    """Return SHA-256 over name and text of every module that makes releases, in hexadecimal."""
    modules = (file for file in files(__package__).iterdir() if file.name.endswith(".py"))
    digest = hashlib.sha256()
    for module in sorted(modules, key=lambda file: file.name):
        text = module.read_bytes()
        digest.update(f"{module.name} {len(text)}\n".encode() + text)
    return digest.hexdigest()
