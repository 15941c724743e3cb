"""Which of the movements of all files are one, told twice, and which take another's place.

Only sure signs count. One movement in files of two kinds: the same last four digits of the
account, day, amount and currency, and the same bank id or the same words of the payer. A
movement that the bank has corrected: it names the one that it replaces (OFX CORRECTFITID),
or one bank id has stood on one day with the same words and different amounts, never in one
file; then the file that the bank made last counts, and where that is not said a person has
to look at both.

And whether the balances of an account's OFX files follow from one another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, get_args

from connectors.bank.entries import Entry, Form, Ledger, Movement, native_id

_FORMS: Final[tuple[Form, ...]] = get_args(Form)

Numbered = Sequence[tuple[str, Entry]]
"""The entries of one file, each once, with their ids."""


@dataclass(slots=True)
class Versions:
    """What the entries of all files come to, by id.

    `same_as` and `corrects` name entries that are not among `entries` any more: other
    tellings and earlier versions of the same movement.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    same_as: dict[str, tuple[str, ...]] = field(default_factory=dict)
    corrects: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def drop(self, ids: Iterable[str], *, for_the_sake_of: str) -> None:
        """Let one entry take the place of others, and of what those had taken the place of."""
        for each in ids:
            if self.entries.pop(each, None) is not None:
                older = (*self.corrects.pop(each, ()), *self.same_as.pop(each, ()))
                _add(self.corrects, for_the_sake_of, each, *older)

    def refuse(self, native: str, reason: str) -> None:
        """Put an entry before a person instead of taking it."""
        self.entries[native] = replace(self.entries[native], movement=None, reason=reason)


def settled(files: Sequence[Numbered]) -> Versions:
    """Return what the entries of all files come to, whatever their order.

    Reasons: `withdrawn` (the bank takes a movement back), `unclear_correction` (what it
    corrects cannot be told), `two_versions`, `does_not_add_up`.
    """
    versions = Versions()
    for file in files:
        for native, entry in file:
            versions.entries.setdefault(native, entry)
    for trouble in _broken_chains(files):
        versions.entries.setdefault(native_id(("raw", *trouble.raw), 0), trouble)
    _correct(versions)
    _choose_versions(versions, files)
    _join_tellings(versions)
    return versions


def _correct(versions: Versions) -> None:
    """Carry out what the bank says of its own corrections, oldest file first."""
    corrections = [
        (movement.made_at, native, movement)
        for native, entry in versions.entries.items()
        if (movement := entry.movement) and movement.replaces
    ]
    if not corrections:
        return
    by_bank_id: dict[tuple[str, str], list[str]] = defaultdict(list)
    for native, entry in versions.entries.items():
        if entry.movement:
            by_bank_id[entry.movement.account, entry.movement.bank_id].append(native)
    for _, native, movement in sorted(corrections, key=lambda each: each[:2]):
        known = by_bank_id[movement.account, movement.replaces]
        targets = [each for each in known if each != native and each in versions.entries]
        if len(targets) == 1:
            versions.drop(targets, for_the_sake_of=native)
        if movement.deletes:
            versions.refuse(native, "withdrawn")
        elif len(targets) != 1:
            versions.refuse(native, "unclear_correction")


def _choose_versions(versions: Versions, files: Sequence[Numbered]) -> None:
    groups: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for native, entry in versions.entries.items():
        movement = entry.movement
        # Zeros are no id, and an empty reference is nobody's.
        if movement and movement.bank_id.strip("0") and movement.reference:
            groups[_told(movement)].add(native)
    rivals = {key: ids for key, ids in groups.items() if len(ids) > 1}
    if not rivals:
        return
    together: set[tuple[str, ...]] = set()
    made_at: dict[str, str] = defaultdict(str)
    for file in files:
        here: dict[tuple[str, ...], str] = {}
        for native, entry in file:
            if (movement := entry.movement) and (key := _told(movement)) in rivals:
                made_at[native] = max(made_at[native], movement.made_at)
                if here.setdefault(key, native) != native:
                    together.add(key)
    for key in rivals.keys() - together:
        *older, newest = sorted(rivals[key], key=lambda native: (made_at[native], native))
        if made_at[older[-1]] < made_at[newest] and all(made_at[each] for each in older):
            versions.drop(older, for_the_sake_of=newest)
        else:
            for native in rivals[key]:
                versions.refuse(native, "two_versions")


def _told(movement: Movement) -> tuple[str, ...]:
    """Return all that identifies a movement with a bank id, but its amount."""
    account, day = movement.account, movement.booked_on.isoformat()
    words = movement.counterparty, movement.reference
    return account, movement.bank_id, day, movement.currency, *words


def _join_tellings(versions: Versions) -> None:
    forms = {entry.movement.form for entry in versions.entries.values() if entry.movement}
    if len(forms) == 1:
        return
    tellings: dict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
    for native, entry in versions.entries.items():
        for key in _keys(entry.movement) if entry.movement else ():
            tellings[key].append((_FORMS.index(entry.movement.form), native))  # type: ignore[union-attr]
    for key in sorted(key for key, found in tellings.items() if len(found) > 1):
        alive = sorted(each for each in tellings[key] if each[1] in versions.entries)
        best = [native for form, native in alive if form == alive[0][0]]
        for form in {form for form, _ in alive} - {alive[0][0]}:
            others = [native for each, native in alive if each == form]
            for kept, other in zip(best, others, strict=False):
                del versions.entries[other]
                _add(versions.same_as, kept, other, *versions.same_as.pop(other, ()))
                _add(versions.corrects, kept, *versions.corrects.pop(other, ()))


def _add(known: dict[str, tuple[str, ...]], native: str, *more: str) -> None:
    if more:
        known[native] = (*known.get(native, ()), *more)


def _keys(movement: Movement) -> Iterable[tuple[str, ...]]:
    last_four = re.sub(r"[^0-9A-Za-z]", "", movement.account)[-4:]
    if not re.fullmatch(r"\d{4}", last_four, re.ASCII):
        return
    day, amount = movement.booked_on.isoformat(), format(movement.amount.normalize(), "f")
    if movement.bank_id:
        yield last_four, day, amount, movement.currency, "id", movement.bank_id
    if words := " ".join(movement.reference.casefold().split()):
        yield last_four, day, amount, movement.currency, "words", words


def _broken_chains(files: Sequence[Numbered]) -> Iterable[Entry]:
    """Yield a trouble for each balance that does not follow from the one before it."""
    lists: dict[str, dict[Ledger, dict[str, Entry]]] = defaultdict(dict)
    for file in files:
        whole = all(entry.movement for _, entry in file)
        for native, entry in file if whole else ():
            if (movement := entry.movement) and movement.ledger:
                lists[movement.account].setdefault(movement.ledger, {})[native] = entry
    for account, found in lists.items():
        ordered = sorted(found, key=lambda ledger: (ledger.day, ledger.start, ledger.balance))
        for at, later in enumerate(ordered):
            before = [each for each in ordered[:at] if later.start <= each.day < later.day]
            for earlier in before[-1:]:
                moved = _moved(found[later], found[earlier])
                if moved is None or earlier.balance + moved == later.balance:
                    continue
                raw = (account, str(earlier.balance), str(moved), str(later.balance))
                pointer = next(iter(found[later].values())).pointer.rpartition(":")[0]
                yield Entry(
                    pointer=f"{pointer}: balance of {later.day}",
                    reason="does_not_add_up",
                    raw=("balances", later.day.isoformat(), *raw),
                )


def _moved(later: Mapping[str, Entry], earlier: Mapping[str, Entry]) -> Decimal | None:
    """Return what the later list adds to the earlier one; None if currencies differ."""
    total = Decimal(0)
    for native in later.keys() - earlier.keys():
        movement = later[native].movement
        if movement is None or movement.ledger is None:
            return None
        if movement.currency != movement.ledger.currency:
            return None
        total += movement.amount
    return total
