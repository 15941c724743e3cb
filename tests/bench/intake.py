"""How fast mail is read, beside the standard library: `python -m tests.bench.intake`.

The peer parses with `email` and its default policy and takes the plain text of the body: no
HTML, no attachments, no quotes cut, no kind, no verdict. One thread each, CPU time, the same
bytes; the corpora where they are present, else the sample mails.
"""

from __future__ import annotations

import email
import email.policy
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from flows.errors import SkipItem
from flows.intake.parse import parse
from flows.intake.parties import OwnAddresses

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("JIGAJOB_CORPORA", ROOT / "../shared/data"))
MOST: Final = 300
OWN = OwnAddresses(("hudson.example",), ())

Read = Callable[[bytes], str]


def ours(raw: bytes) -> str:
    """Read a mail as a sweep does, up to the cleaner."""
    try:
        return parse(raw, source="office", folder=".", own=OWN).kind
    except SkipItem as skip:
        return skip.reason


def peer(raw: bytes) -> str:
    """Read a mail as the standard library does."""
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        text = body.get_content() if body is not None else ""
    except Exception as error:  # noqa: BLE001 - what it cannot read is a figure of its own
        return f"raised {type(error).__name__}"
    return "read" if text or message["subject"] else "empty"


def mails() -> dict[str, list[bytes]]:
    """Return the mails by where they come from."""
    places = {"sample mails": ROOT / "tests/mails/inbox"}
    for name in ("spamassassin", "enron-berkeley", "mail-parser"):
        if (CORPORA / name).is_dir():
            places[name] = CORPORA / name
    return {name: _files(place) for name, place in places.items()}


def _files(place: Path) -> list[bytes]:
    names = {".json", ".md", ".mbox", ".py"}
    paths = [path for path in sorted(place.rglob("*")) if path.is_file()]
    return [path.read_bytes() for path in paths if path.suffix not in names][:MOST]


def measured(read: Read, given: Sequence[bytes]) -> tuple[float, Counter[str]]:
    """Return mails per CPU second, and what they came to; the better of two."""
    best, ends = float("inf"), Counter[str]()
    for _ in range(2):
        began = time.process_time()
        ends = Counter(read(raw) for raw in given)
        best = min(best, time.process_time() - began)
    return len(given) / best, ends


def main() -> None:
    """Print the table."""
    say = sys.stdout.write
    say(f"{'':16} {'mails':>6} {'MB':>6} {'ours':>10} {'email':>10}  not read by email\n")
    for name, given in mails().items():
        for read in (ours, peer):
            read(given[0])  # imports on first use
        mine, _ = measured(ours, given)
        theirs, ends = measured(peer, given)
        size = sum(map(len, given)) / 1e6
        raised = sum(number for end, number in ends.items() if end.startswith("raised"))
        say(f"{name:16} {len(given):6} {size:6.1f} {mine:8,.0f}/s {theirs:8,.0f}/s  {raised}\n")


if __name__ == "__main__":
    main()
