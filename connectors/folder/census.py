"""How many messages the mailbox holds, counted by a second and simpler reader.

It walks with os.walk and reads an mbox line by line. It shares with the listing the rules
(which names are mail, what separates messages, what identifies them) and no state.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from connectors.folder.contents import mark_of, open_regular
from connectors.folder.identity import UNREADABLE, Kind, MboxDigest, Native, shown
from connectors.folder.mbox import FROM_LINE, HEADER_START
from connectors.folder.walk import (
    Found,
    Root,
    is_mail_name,
    is_maildir,
    is_server_file,
    unique_name,
)
from flows.ports import MailRef

_LINE_BYTES = 65_536


def count(path: Path, max_bytes: int) -> Iterator[MailRef]:
    """Yield every message below *path*, in no order to rely on.

    Raises:
        AdministratorError: The path is missing or closed to us.
    """
    root = Root.at(path)
    if root.only:
        yield from _file(root.base, Found(root.only, root.only, "file", "."), max_bytes)
        return
    closed: list[OSError] = []
    for top, directories, files in os.walk(root.base, onerror=closed.append):
        here = os.path.relpath(top, root.base)
        here = "" if here == "." else here
        inside = is_maildir(set(directories))
        if inside:
            yield from _maildir(root, here, max_bytes)
        directories[:] = [
            name
            for name in directories
            if not (inside and name in {"cur", "new", "tmp"})
            and (not name.startswith(".") or _holds_maildir(Path(top, name)))
        ]
        for name in files:
            if is_mail_name(name) and not (inside and is_server_file(name)):
                key = str(Path(here, name))
                found = Found(key, key, "file", shown(here) or ".")
                yield from _file(root.base, found, max_bytes)
    for error in closed:
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            key = os.path.relpath(error.filename, root.base)
            yield _ref("directory", key, UNREADABLE, shown(key), 0)


def _maildir(root: Root, here: str, max_bytes: int) -> Iterator[MailRef]:
    seen: set[str] = set()
    for part in ("new", "cur"):
        directory = root.base / here / part
        try:
            names = [entry.name for entry in directory.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            key = str(Path(here, part))
            yield _ref("directory", key, UNREADABLE, shown(here) or ".", 0)
            continue
        for name in filter(is_mail_name, names):
            key, path = str(Path(here, unique_name(name))), str(Path(here, part, name))
            found = Found(key, path, "maildir", shown(here) or ".")
            for ref in _file(root.base, found, max_bytes):
                if ref.native_id not in seen:
                    seen.add(ref.native_id)
                    yield ref


def _file(base: Path, found: Found, max_bytes: int) -> Iterator[MailRef]:
    kind, key, folder = found.kind, found.key, found.folder
    try:
        with open_regular(base / found.path) as stream:
            size = os.fstat(stream.fileno()).st_size
            messages = list(_mbox(stream)) if kind == "file" else []
            where = folder if len(messages) == 1 else shown(key)
            for mark, length in messages:
                yield _ref("mbox", key, mark, where, length)
            if not messages:
                yield _ref(kind, key, mark_of(stream, size, max_bytes), folder, size)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError:
        yield _ref(kind, key, UNREADABLE, folder, 0)


def _mbox(stream: BinaryIO) -> Iterator[tuple[str, int]]:
    """Yield mark and length of each message of an mbox; nothing for any other file."""
    line = stream.readline(_LINE_BYTES)
    following = stream.readline(_LINE_BYTES)
    if not FROM_LINE.fullmatch(line) or not HEADER_START.match(following):
        return
    counted: Counter[str] = Counter()
    digest, length, blank, fresh = MboxDigest(), 0, b"", True
    while following:
        line, following = following, stream.readline(_LINE_BYTES)
        if blank and FROM_LINE.fullmatch(line) and HEADER_START.match(following):
            yield _marked(digest, counted), length
            digest, length, blank, fresh = MboxDigest(), 0, b"", True
            continue
        digest.feed(blank)
        length += len(blank)
        # Only a whole line can be blank: the end of an overlong one is not.
        blank = line if fresh and line in {b"\n", b"\r\n"} else b""
        fresh = line.endswith(b"\n")
        if not blank:
            digest.feed(line)
            length += len(line)
    yield _marked(digest, counted), length


def _marked(digest: MboxDigest, counted: Counter[str]) -> str:
    mark = digest.finish()
    counted[mark] += 1
    return f"{mark}.{counted[mark] - 1}"


def _ref(kind: Kind, key: str, mark: str, folder: str, size: int) -> MailRef:
    native_id = str(Native(kind, key, mark))
    return MailRef(native_id=native_id, folder=folder, size=size)


def _holds_maildir(directory: Path) -> bool:
    try:
        with os.scandir(directory) as entries:
            return is_maildir({e.name for e in entries if e.is_dir(follow_symlinks=False)})
    except OSError:
        return False
