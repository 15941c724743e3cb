"""What a bank says of a movement in `:86:`: who, what for, under which numbers.

Three kinds are known: subfields by number, as German banks write them (`?20` to `?33`, and
in them `EREF+`, `SVWZ+`); words between slashes, as Dutch banks and the MT940 of ING write
them (`/NAME/`, `/REMI/`); and plain text, which is a reference as a whole.

Source: Deutsche Kreditwirtschaft, DFÜ agreement, annex 3, chapter 8 (GVC, subfields);
    SWIFT MT940 usage guidelines of Dutch banks (`/EREF/`, `/REMI/`, `/CNTP/`, `/ORDP/`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flows.cells import tidy

_FULL_SUBFIELD: Final = 27
_NUMBERED: Final = re.compile(r"\d{3}([?>@~^|<+])(?:00|10|20|30|60)", re.ASCII)
_PURPOSE: Final = (*range(20, 30), *range(60, 64))
_KEYWORD: Final = re.compile(
    r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|RREF|RTRN)\+"
)
_CODES: Final = (
    "ACCW|ADDR|BENM|BIC|CHGS|CNTP|CSID|EREF|EXCH|IBAN|ID|INFO|ISDT|MARF|NAME|OCMT|ORDP|PREF|PURP"
    "|REMI|RREF|RTRN|SVCL|TRCD|TRTP|UCRD|UDTR|ULTB|ULTC|ULTD"
)
_SLASHED: Final = re.compile(rf"/({_CODES})/")
_REMITTANCE: Final = re.compile(r"(?:USTD|STRD/CUR|STRD/ISO|STRD)?/+|/+$")
_NONE_GIVEN: Final = frozenset({"", "NOTPROVIDED", "NONREF"})


@dataclass(frozen=True, slots=True)
class Details:
    """What `:86:` says; `ids` are the payer's own numbers, the amounts as written."""

    counterparty: str = ""
    reference: str = ""
    ids: tuple[str, ...] = ()
    original: str = ""
    rate: str = ""
    charges: str = ""


def read_details(text: str, supplement: str) -> Details:
    """Return what the field says, and what the second line of `:61:` adds to it."""
    amounts = dict(_words_between(_SLASHED, supplement.replace("\n", "")))
    plain = " ".join(text.split("\n"))
    # Lines are cut at 65 characters, wherever that falls.
    joined = text.replace("\n", "")
    if match := _NUMBERED.match(joined):
        found = _numbered(joined, match[1])
    elif _SLASHED.match(joined):
        found = _slashed(joined)
    else:
        found = Details(reference=tidy(plain or ("" if amounts else supplement)))
    return Details(
        counterparty=found.counterparty,
        reference=found.reference,
        ids=found.ids,
        original=found.original or amounts.get("OCMT", ""),
        rate=found.rate or amounts.get("EXCH", ""),
        charges=found.charges or amounts.get("CHGS", ""),
    )


def _numbered(text: str, sign: str) -> Details:
    parts = re.split(rf"{re.escape(sign)}(\d\d)", text[3:])
    subfields: dict[int, str] = {}
    for number, value in zip(map(int, parts[1::2]), parts[2::2], strict=True):
        subfields[number] = subfields.get(number, "") + value
    purpose = _run(subfields, _PURPOSE)
    said = dict(_words_between(_KEYWORD, purpose))
    before = purpose[: first.start()] if (first := _KEYWORD.search(purpose)) else purpose
    return Details(
        counterparty=tidy(said.get("ABWA") or _run(subfields, (32, 33))),
        reference=tidy(f"{before} {said.get('SVWZ', '')}")
        or tidy("" if said else subfields.get(0, "")),
        ids=_given(said.get("EREF"), said.get("KREF")),
    )


def _run(subfields: Mapping[int, str], numbers: Iterable[int]) -> str:
    """Return text that runs over subfields; only one that is full may end within a word."""
    parts = [subfields[number] for number in numbers if number in subfields]
    return "".join(part if len(part) == _FULL_SUBFIELD else f"{part} " for part in parts)


def _slashed(text: str) -> Details:
    said = dict(_words_between(_SLASHED, text))
    remittance = said.get("REMI", "")
    while (bare := _REMITTANCE.sub("", remittance.strip())) != remittance:
        remittance = bare
    partner = said.get("CNTP", "").split("/")
    name = said.get("NAME") or (partner[2] if len(partner) > 2 else "")  # noqa: PLR2004 (its place)
    reference = remittance or said.get("INFO", "")
    return Details(
        counterparty=tidy(name.strip("/")),
        reference=tidy(reference),
        ids=_given(said.get("EREF"), said.get("PREF")),
        original=said.get("OCMT", ""),
        rate=said.get("EXCH", ""),
        charges=said.get("CHGS", ""),
    )


def _words_between(sign: re.Pattern[str], text: str) -> list[tuple[str, str]]:
    """Return each word with what follows it; the first of two with a value counts."""
    parts = sign.split(text)
    pairs = [
        (word, value.strip(" /")) for word, value in zip(parts[1::2], parts[2::2], strict=True)
    ]
    return [pair for pair in reversed(pairs) if pair[1]]


def _given(*ids: str | None) -> tuple[str, ...]:
    known = (tidy(each or "") for each in ids)
    return tuple(each for each in known if each.upper() not in _NONE_GIVEN)
