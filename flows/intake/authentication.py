"""What the receiving host found out about the sender of a mail, as `Authentication-Results`.

Anybody can write such a field. It counts only where the sender of a mail cannot have put it:

    above the `Received` of the receiving host      Exim, Microsoft 365, most filters
    below it, first after a field that holds the    Postfix with OpenDMARC or rspamd: the
    queue id, which no sender knows beforehand      id is in `DMARC-Filter`, `X-Rspamd-Queue-Id`
    below it, first of that name, for hosts that    Gmail; others where flows.yaml says
    take out what others wrote under their name     `received_by: mx.hudson.example below`

Everything else is ignored, and what cannot be read counts as failed.

Source: https://www.rfc-editor.org/rfc/rfc8601 sections 2.2 and 5;
https://www.rfc-editor.org/rfc/rfc7489 sections 3.1 and 6.6.1; Microsoft's form:
https://learn.microsoft.com/defender-office-365/message-headers-eop-mdo
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flows.intake.headers import LONGEST, readable
from flows.intake.look_alike import registrable
from flows.model import Dmarc

MICROSOFT: Final = "microsoft"
"""`received_by` of Microsoft 365, whose results bear no name of a host."""

BELOW: Final = frozenset({"mx.google.com"})
"""Hosts that write below their own `Received`, and take out forged results."""

MOST_FIELDS: Final = 2_000
PASSED: Final = frozenset({"pass", "bestguesspass"})

_RESULT = re.compile(r"([a-z][a-z0-9_-]*)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(
    r"([a-z]+\.[a-z0-9_-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;\"]*))", re.IGNORECASE
)
_BY = re.compile(r"(?:^|\s)by\s+([^\s;()]+)", re.IGNORECASE)
_QUEUE_ID = re.compile(r"\sid\s+([A-Za-z0-9.-]{6,80})(?=[\s;]|$)", re.IGNORECASE)
_MARKS: Final = frozenset({"dmarc-filter", "x-rspamd-queue-id"})

Items = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a method: `dmarc`, `pass`, and what it was found for."""

    method: str
    result: str
    properties: Mapping[str, str]


def dmarc_of(items: Items, *, received_by: str, senders: Sequence[str]) -> Dmarc:
    """Return what the receiving host says of the sender.

    *items* are the header fields as they stand, topmost first; *senders* the addresses in
    all From fields: more or fewer than one fail. `pass` also where the sender's domain has
    no DMARC policy, but SPF or DKIM passed for it. `none` where it has none and nothing
    passed; `unknown` where no word of the host is found. Without *received_by* nobody is
    believed who says `pass`; whoever says `fail` is.

    Never raises for what stands in *items*.
    """
    if len(set(senders)) != 1:
        return "fail"
    domain = senders[0].rpartition("@")[2].lower()
    fields = [(name.strip().lower(), _line(value)) for name, value in items[:MOST_FIELDS]]
    if not received_by.strip():
        topmost = [value for name, value in fields if name == "authentication-results"][:1]
        return "fail" if _verdict(topmost, domain) == "fail" else "unknown"
    return _verdict(_believed(fields, received_by), domain)


def without_comments(value: str) -> str | None:
    """Return *value* without its comments, which nest; None where one never ends."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in value:
        if escaped:
            escaped = False
        elif char == "\\" and (quoted or depth):
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif char == "(" and not quoted:
            depth += 1
            kept.append(" ")
            continue
        elif char == ")" and not quoted:
            if depth == 0:
                return None
            depth -= 1
            continue
        if not depth:
            kept.append(char)
    return None if depth or quoted else "".join(kept)


def read_results(value: str) -> tuple[str, list[Result]] | None:
    """Return who speaks in a field ("" where it bears no name), and what it found.

    None where it cannot be read. What is no result, such as the recipient's domain that
    Microsoft puts between them, is passed over.
    """
    plain = without_comments(value)
    if plain is None:
        return None
    first, *rest = _pieces(plain)
    host = ""
    if "=" in first:
        rest = [first, *rest]
    else:
        host = (first.split() or [""])[0].strip('"').lower()
    results = []
    for piece in rest:
        found = _RESULT.match(piece.strip())
        if found:
            properties = {
                each[1].lower(): (each[2] or each[3] or "").lower()
                for each in _PROPERTY.finditer(piece, found.end())
            }
            results.append(Result(found[1].lower(), found[2].lower(), properties))
    return host, results


def _line(value: str) -> str:
    return readable(str(value)[:LONGEST])


def _pieces(plain: str) -> list[str]:
    """Cut at semicolons outside quotes."""
    pieces, start, quoted = [], 0, False
    for at, char in enumerate(plain):
        if char == '"':
            quoted = not quoted
        elif char == ";" and not quoted:
            pieces.append(plain[start:at])
            start = at + 1
    return [*pieces, plain[start:]]


def _believed(fields: Items, received_by: str) -> list[str]:
    """Return the results that only the receiving host can have written, topmost first."""
    host, *words = received_by.strip().lower().split()
    received = [at for at, (name, _) in enumerate(fields) if name == "received"]
    border = next((at for at in received if _is_by(fields[at][1], host)), None)
    end = border if border is not None else next(iter(received), 0)
    above = [value for name, value in fields[:end] if _speaks(name, value, host)]
    if above or border is None or host == MICROSOFT:
        return above
    following = next((at for at in received if at > border), len(fields))
    below = fields[border + 1 : following]
    if host not in BELOW and "below" not in words:
        below = _after_mark(below, fields[border][1])
    return [value for name, value in below if _speaks(name, value, host)][:1]


def _after_mark(fields: Items, border: str) -> Items:
    """Return what follows the field with the queue id under which the host took the mail."""
    queue_id = _QUEUE_ID.search(without_comments(border) or "")
    if queue_id is None:
        return []
    for at, (name, value) in enumerate(fields):
        if name in _MARKS and queue_id[1] in value.split():
            return fields[at + 1 :]
    return []


def _is_by(value: str, host: str) -> bool:
    """Tell whether a Received field was written by *host*."""
    by = _BY.search(without_comments(value) or "")
    if by is None:
        return False
    name = by[1].lower().rstrip(".")
    if host == MICROSOFT:
        return name.endswith(".protection.outlook.com")
    return name == host or name.endswith(f".{host}")


def _speaks(name: str, value: str, host: str) -> bool:
    if name != "authentication-results":
        return False
    read = read_results(value)
    if read is None:  # whoever it is from: who may have written here must be readable
        return True
    return read[0] == ("" if host == MICROSOFT else host)


def _verdict(values: Sequence[str], domain: str) -> Dmarc:
    read = [read_results(value) for value in values]
    if any(each is None for each in read):
        return "fail"
    results = [result for each in read if each for result in each[1]]
    found = [_dmarc(result, domain) for result in results if result.method == "dmarc"]
    if "fail" in found:
        return "fail"
    if "pass" in found:
        return "pass"
    if any(_aligned(results, domain)):
        return "pass"
    return "none" if results else "unknown"


def _dmarc(result: Result, domain: str) -> Dmarc:
    about = result.properties.get("header.from", "")
    if about and about.rpartition("@")[2] not in (domain, registrable(domain)):
        return "fail"  # a result about somebody else
    if result.result in PASSED:
        return "pass"
    return "none" if result.result == "none" else "fail"


def _aligned(results: Sequence[Result], domain: str) -> Iterator[bool]:
    """Yield what DMARC would have asked: whether SPF or DKIM passed for this domain."""
    names = {"spf": ("smtp.mailfrom",), "dkim": ("header.d", "header.i")}
    for result in results:
        if result.result != "pass":
            continue
        for name in names.get(result.method, ()):
            about = result.properties.get(name, "").rpartition("@")[2]
            yield bool(about) and registrable(about) == registrable(domain)
