"""The sums of an invoice: of all that its labels name, those that make a whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Final

from flows.intake.invoices.check import adds_up
from flows.intake.invoices.figures import CODES, Figure, figure, fold, last_figure, percent
from flows.intake.invoices.labelled import BEHIND, BELOW, BESIDE, Label, Page
from flows.intake.invoices.layout import Cell
from flows.intake.invoices.reading import Found, Tax
from flows.intake.invoices.table import SUMS

DERIVED: Final = 0.8
DOLLAR: Final = 0.6
"""Confidence that `$` is the US dollar."""

MOST: Final = 12
"""Candidates of one kind that are tried against the others."""

_FILLERS: Final = frozenset(
    {
        "incl", "inc", "including", "inkl", "inklusive", "enthaltene", "excl", "zzgl", "vat",
        "mwst", "ust", "tva", "iva", "btw", "gst", "tax", "on", "of", "from", "auf", "von",
        "aus", "de", "sur", "sobre", "van", "over", "at", "a", "zu", "op", "la", "le", "das",
        "the", "der", "el", "in", "steuer", "base", "basis", "reduced", "standard", "rate",
        "satz", "reduziert", "ermassigt", "normal", "tarief", "hoog", "laag", "ttc", "ht",
        "rest", "total", "tipo", "taux", "nl", "uk", "state", "city", "county", "sales", "eur",
        "usd",
    }
)  # fmt: skip
"""Words that may stand between the label of a sum and its amount."""

_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An amount that a label names: its field, its row, its rate and base if it is a tax."""

    kind: str
    found: Found[Decimal]
    row: int
    currency: str
    rate: Decimal | None = None
    base: Decimal | None = None

    @property
    def value(self) -> Decimal:
        """Return the amount."""
        return self.found.value


@dataclass(frozen=True, slots=True)
class Sums:
    """What a page says of amounts; None is what it does not."""

    net: Found[Decimal] | None = None
    tax: Found[Decimal] | None = None
    gross: Found[Decimal] | None = None
    paid: Found[Decimal] | None = None
    payable: Found[Decimal] | None = None
    discount: Found[Decimal] | None = None
    charges: Found[Decimal] | None = None
    taxes: tuple[Found[Tax], ...] = ()
    several: bool = False


def candidates(page: Page, lines: Container[int]) -> tuple[Candidate, ...]:
    """Return every amount that a label of a sum names, in order; not in the rows of *lines*."""
    labels = (label for label in page.of(*SUMS) if label.row not in lines)
    return tuple(candidate for label in labels for candidate in _of(page, label))


def _of(page: Page, label: Label) -> Iterator[Candidate]:
    rest = label.rest.text if label.rest is not None else ""
    rate = percent(rest) if label.kind == "tax" else None
    alone = figure(rest) if rest else None
    if label.rest is not None and alone is not None:
        yield _candidate(label, alone, label.rest, BEHIND, rate=rate)
        return
    if not all(word in _FILLERS for word in _WORD.findall(fold(rest))):
        return
    right = list(_figures_beside(page, label))
    if right:
        cell, read = right[-1]
        base = right[-2][1].value if label.kind == "tax" and len(right) > 1 else None
        rate = rate or next(
            (p for c in page.rows[label.row].cells[label.at + 1 :] if (p := percent(c.text))),
            None,
        )
        yield _candidate(label, read, cell, BESIDE, rate=rate, base=base)
        return
    if label.rest is not None and (end := last_figure(rest)) is not None:
        yield _candidate(label, end, label.rest, BEHIND - 0.05, rate=rate)
        return
    below = page.below(label, lambda cell: figure(cell.text))
    if below is not None and not (rest and percent(rest) is None and label.kind != "tax"):
        read, cell, sure = below
        yield _candidate(label, read, cell, sure, rate=rate)


def _figures_beside(page: Page, label: Label) -> Iterator[tuple[Cell, Figure]]:
    for at in range(label.at + 1, len(page.rows[label.row].cells)):
        if page.label_at(label.row, at) is not None:
            return
        cell = page.rows[label.row].cells[at]
        read = figure(cell.text)
        if read is not None:
            yield cell, read


def _candidate(
    label: Label,
    read: Figure,
    cell: Cell,
    sure: float,
    *,
    rate: Decimal | None = None,
    base: Decimal | None = None,
) -> Candidate:
    found = Found(read.value, cell.place(), sure)
    return Candidate(label.kind, found, label.row, read.currency, rate, base)


def resolve(named: Sequence[Candidate], currency: str) -> Sums:
    """Return the amounts of *named* that fit together best."""
    of = {kind: [each for each in named if each.kind == kind] for kind in SUMS}
    paid, discount = _only(of["paid"]), _only(of["discount"])
    charges = _only(of["charges"])
    shared = Sums(
        paid=_positive(paid), discount=_positive(discount), charges=_positive(charges)
    )
    whole = _whole(of, currency)
    if whole is not None:
        net, taxes, gross = whole
        shared = replace(shared, net=net.found, gross=gross.found)
        shared = _taxed(shared, taxes, net)
    else:
        shared = _in_part(of, shared)
    return _with_payable(shared, of["payable"], currency)


def _whole(
    of: dict[str, list[Candidate]], currency: str
) -> tuple[Candidate, tuple[Candidate, ...], Candidate] | None:
    """Return net, taxes and total that add up: as many taxes as can be, and the last total."""
    totals = _each_once([*of["gross"], *of["payable"]])
    # What is called a sum may be the one before tax.
    nets = _each_once([*of["net"], *of["lines"], *of["gross"]])
    best: tuple[tuple[float, ...], Candidate, tuple[Candidate, ...], Candidate] | None = None
    for net, taxes, gross in product(nets[-MOST:], _tax_sets(of["tax"]), totals[-MOST:]):
        made = sum((tax.value for tax in taxes), Decimal(0))
        if gross is net or not adds_up(net.value, made, gross.value, currency, len(taxes)):
            continue
        rank = (
            float(abs(gross.value) > 0),
            float(abs(net.value + made - gross.value) == 0),
            float(net.kind == "net") + float(gross.kind == "gross"),
            float(len(taxes)),
            net.found.confidence + gross.found.confidence,
        )
        if best is None or rank > best[0]:
            best = rank, net, taxes, gross
    return best[1:] if best is not None else None


def _tax_sets(taxes: Sequence[Candidate]) -> list[tuple[Candidate, ...]]:
    """Return what together may be the tax: all rows, those of one block, one row."""
    beside = [tax for tax in taxes if tax.found.confidence > BELOW]
    below = [tax for tax in taxes if tax.found.confidence <= BELOW]
    sets = [tuple(block) for block in (beside, below, _last_block(beside)) if block]
    sets += [(tax,) for tax in taxes[:MOST]]
    return list(dict.fromkeys(sets))


def _last_block(taxes: Sequence[Candidate]) -> list[Candidate]:
    """Return the taxes that follow one another down to the last."""
    block: list[Candidate] = []
    for tax in reversed(taxes):
        if block and block[0].row - tax.row > 2:  # noqa: PLR2004 - rows of one block
            break
        block.insert(0, tax)
    return block


def _each_once(named: Sequence[Candidate]) -> list[Candidate]:
    found: dict[tuple[str, Decimal], Candidate] = {}
    for each in named:
        before = found.get((each.kind, each.value))
        if before is None or before.found.confidence < each.found.confidence:
            found[each.kind, each.value] = each
    return list(found.values())


def _taxed(shared: Sums, taxes: Sequence[Candidate], net: Candidate) -> Sums:
    found = tuple(
        Found(
            Tax(
                amount=tax.value,
                rate=tax.rate,
                base=tax.base if tax.base is not None or len(taxes) > 1 else net.value,
            ),
            tax.found.place,
            tax.found.confidence,
        )
        for tax in taxes
    )
    made = sum((tax.value for tax in taxes), Decimal(0))
    place = taxes[0].found.place if taxes else net.found.place
    sure = min((tax.found.confidence for tax in taxes), default=DERIVED)
    return replace(shared, tax=Found(made, place, sure), taxes=found)


def _in_part(of: dict[str, list[Candidate]], shared: Sums) -> Sums:
    """Return the amounts where nothing adds up, or where the page names but some."""
    gross, several = _best(of["gross"])
    if gross is None:
        gross, several = _best(of["payable"]) if not of["paid"] else (None, False)
    net, _ = _best(of["net"])
    if of["tax"] and net is not None:
        block = _last_block([t for t in of["tax"] if t.found.confidence > BELOW]) or of["tax"]
        shared = _taxed(shared, block, net)
    elif len(of["tax"]) == 1:
        # Without a net beside it, the tax is one that the total includes.
        tax = of["tax"][0]
        found = Found(
            Tax(amount=tax.value, rate=tax.rate), tax.found.place, tax.found.confidence
        )
        shared = replace(shared, tax=tax.found, taxes=(found,))
        if gross is not None:
            left = Found(gross.value - tax.value, gross.found.place, DERIVED)
            shared = replace(shared, net=left)
    return replace(
        shared,
        net=shared.net or (net.found if net is not None else None),
        gross=gross.found if gross is not None else None,
        several=several,
    )


def _best(named: Sequence[Candidate]) -> tuple[Candidate | None, bool]:
    """Return the likeliest of several, and whether they differ: then it is not likely."""
    if not named:
        return None, False
    best = max(reversed(named), key=lambda each: each.found.confidence)
    if len({each.value for each in named}) == 1:
        return best, False
    return replace(best, found=replace(best.found, confidence=0.5)), True


def _with_payable(sums: Sums, named: Sequence[Candidate], currency: str) -> Sums:
    paid = sums.paid.value if sums.paid is not None else Decimal(0)
    if not named:
        if sums.gross is None or sums.paid is None:
            return sums
        rest = sums.gross.value - paid
        return replace(sums, payable=Found(rest, sums.paid.place, DERIVED))
    if sums.gross is not None:
        left = sums.gross.value - paid
        for each in named:
            if adds_up(left, Decimal(0), each.value, currency):
                return replace(sums, payable=each.found)
    best, several = _best(named)
    if best is None:
        return sums
    if sums.gross is None:
        whole = Found(best.value + paid, best.found.place, min(best.found.confidence, DERIVED))
        return replace(sums, payable=best.found, gross=whole, several=several)
    return replace(sums, payable=best.found, several=sums.several or several)


def _only(named: Sequence[Candidate]) -> Candidate | None:
    values = {abs(each.value) for each in named}
    return named[0] if len(values) == 1 else None


def _positive(candidate: Candidate | None) -> Found[Decimal] | None:
    if candidate is None:
        return None
    return replace(candidate.found, value=abs(candidate.value))


def currency_in(page: Page, named: Sequence[Candidate]) -> Found[str] | None:
    """Return the currency of the sums, else the one that most amounts of the paper name."""
    marked = [each for each in named if each.currency]
    if marked:
        code = Counter(each.currency for each in marked).most_common(1)[0][0]
        place = next(each.found.place for each in marked if each.currency == code)
        sure = DOLLAR if code == "USD" else BEHIND
        text = " ".join(row.text for row in page.rows)
        return Found(code, place, BEHIND if re.search(rf"\b{code}\b", text) else sure)
    votes: Counter[str] = Counter()
    places: dict[str, Cell] = {}
    for row in page.rows:
        for cell in row.cells:
            read = figure(cell.text)
            code = read.currency if read is not None else ""
            codes = (
                [code]
                if code
                else [w for w in re.findall(r"\b[A-Z]{3}\b", cell.text) if w in CODES]
            )
            for each in codes:
                votes[each] += 1
                places.setdefault(each, cell)
    if not votes:
        return None
    code = votes.most_common(1)[0][0]
    return Found(code, places[code].place(), BELOW if len(votes) == 1 else DOLLAR)
