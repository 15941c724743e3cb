"""Looks for secrets in bytes, in every form in which a program lets one slip."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from connectors.key_file import NAME, KeyFileVault, _key_of
from flows.keys.records import KEY_SCOPE
from flows.ports import Key
from flows.sealing import _subkey
from portal.wiring import App

_DEFLATED = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_LONGEST = 1 << 20


def forms(secret: bytes) -> set[bytes]:
    """Return *secret* raw, in hex, in base64 wherever it begins, and as Python shows it."""
    found = {secret, secret.hex().encode(), secret.hex().upper().encode()}
    found.add(repr(secret)[2:-1].encode())
    found.add(", ".join(map(str, secret)).encode())
    for before in range(3):
        # Behind other bytes other characters come out; those that depend on them are left out.
        text = base64.b64encode(bytes(before) + secret)
        inner = text[(0, 2, 3)[before] :].rstrip(b"=")
        whole = inner[: -1 if (before + len(secret)) % 3 else None]
        found |= {whole, whole.replace(b"+", b"-").replace(b"/", b"_")}
    return found


def read(content: bytes) -> str:
    """Return *content* as text, with what is within its base64, its escapes and its zlib."""
    texts = [content, *_inflated(content)]
    return "\n".join(
        shown for text in texts for shown in _shown(text.decode("utf-8", "replace"))
    )


def words_in(content: bytes, words: Iterable[str]) -> set[str]:
    """Return those of *words* that are in *content*, whatever their case."""
    text = read(content).lower()
    return {word for word in words if word.lower() in text}


def _inflated(content: bytes) -> Iterator[bytes]:
    for start in _DEFLATED.finditer(content):
        try:
            plain = zlib.decompressobj().decompress(content[start.start() :], _LONGEST)
        except zlib.error:
            continue
        yield plain


def _shown(text: str) -> Iterator[str]:
    yield text
    for stretch in re.findall(r"[A-Za-z0-9+/_-]{12,}", text):
        plain = stretch.replace("-", "+").replace("_", "/")
        for start in range(min(4, len(plain))):
            part = plain[start:]
            # One character more says nothing; two or three are a part, without its end.
            part = part[:-1] if len(part) % 4 == 1 else part + "=" * (-len(part) % 4)
            yield base64.b64decode(part).decode("utf-8", "replace")
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def files(*folders: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield every file below *folders* with its content, but for the key file itself."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != NAME:
                yield path, path.read_bytes()


async def keys_of(app: App) -> dict[str, bytes]:
    """Return every key of the business of *app*, each by what it is."""
    business, folder = app.file.business.id, Path(app.settings.keys)
    installation = (folder / NAME).read_bytes()
    keys = {"installation": installation, "wrapping": _key_of(installation, business)}
    store, vault = app.records.store, KeyFileVault(folder)
    page = await store.query(Key(business, KEY_SCOPE), "key")
    for number, record in enumerate(page.records):
        secret = await vault.unwrap(business, record.sealed)
        keys[f"data {number}"] = secret
        for purpose in ("seal", "blind/arrival", "blind/message", "derive/roster"):
            keys[f"{purpose} {number}"] = _subkey(secret, purpose)
    return keys


def tokens_in(cache: str) -> set[str]:
    """Return every token in a cache of MSAL."""
    kept = json.loads(cache)
    return {
        entry["secret"]
        for kind in ("AccessToken", "RefreshToken", "IdToken")
        for entry in kept.get(kind, {}).values()
    }
