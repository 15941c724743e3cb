"""Everything that a flows.yaml is made of, as one thing: what is deployed, and compared."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flows.errors import AdministratorError
from flows.language.tables import is_workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The text of every file that was read for a flows file.

    `texts` is by the path of each file below the folder of the flows file, with `/` between
    its parts; `main` is the flows file among them. Line ends are those of Unix; of a workbook,
    it is the Base64 of its bytes. Secrets are none of it: flows files hold references to them.
    """

    main: str
    texts: Mapping[str, str]

    @property
    def hash(self) -> str:
        """Return the SHA-256 of all of it, in hexadecimal."""
        written = json.dumps([self.main, sorted(self.texts.items())], separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()

    @contextmanager
    def laid_out(self) -> Iterator[Path]:
        """Give the path of the flows file in a folder of this account's, gone at the end.

        Raises:
            AdministratorError: The folder cannot be made, or a file would lie outside of it.
        """
        try:
            with tempfile.TemporaryDirectory(prefix="jigajob-") as folder:
                for name, text in self.texts.items():
                    place = Path(folder, _inside(name))
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(_bytes(name, text))
                yield Path(folder, _inside(self.main))
        except OSError as error:
            raise AdministratorError(
                f"the deployed flows cannot be laid out in {tempfile.gettempdir()}"
                f" ({error.strerror})",
                fix="give this account a folder for temporary files (TMPDIR)",
            ) from None


def bundle_of(path: Path, read: Mapping[Path, bytes]) -> Bundle:
    """Return the bundle of the flows file at *path*; *read* is what was read of each file.

    That is: of the flows file itself, and of every other file by its path, below its folder.
    """
    texts: dict[str, str] = {}
    for place, content in read.items():
        name = os.path.relpath(place, path.parent).replace(os.sep, "/")
        texts[name] = _text(name, content)
    return Bundle(main=path.name, texts=dict(sorted(texts.items())))


def _text(name: str, content: bytes) -> str:
    if is_workbook(name):
        return b64encode(content).decode()
    return content.decode("utf-8-sig").replace("\r\n", "\n")


def _bytes(name: str, text: str) -> bytes:
    return b64decode(text) if is_workbook(name) else text.encode()


def _inside(name: str) -> str:
    """Return the name of a file, which is below the folder and nowhere else."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\0" in name:
        raise AdministratorError(
            "a file of the deployed flows would lie outside their folder",
            fix="deploy them again: `jigajob apply`",
        )
    return name
