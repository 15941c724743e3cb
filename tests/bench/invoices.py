"""How many fields of PDF invoices are read rightly, beside a library that reads by templates.

    python -m tests.bench.invoices                     the four layouts that were held out
    python -m tests.bench.invoices --seen              those that it was written with
    python -m tests.bench.invoices --libraries DIR     the peer as well

The peer is invoice2data with the templates that it brings; it is no dependency of the project:

    pip install --target DIR --no-deps invoice2data python-stdnum iso4217

It reads by a template for each issuer, so of issuers that it does not know it can tell nothing:
its figures say what reading without templates is worth, not how good its templates are.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from flows.intake.invoices.reading import SURE, InvoiceDocument
from flows.intake.reader_process import READER
from tests.bench.libraries import add_folder, library
from tests.bench.steps import say
from tests.flows.intake.invoices.layouts import PAPERS
from tests.flows.intake.invoices.layouts_held_out import HELD_OUT
from tests.flows.intake.invoices.papers import Paper

REPEATS: Final = 3
Told = Mapping[str, object]


def truth(paper: Paper) -> Told:
    """Return the fields of a paper that every layout shows."""
    return {
        "number": paper.number,
        "issued": paper.issued,
        "due": paper.due,
        "currency": paper.currency,
        "net": paper.net,
        "tax": paper.tax,
        "gross": paper.gross,
        "payable": paper.payable,
        "supplier": paper.seller[0],
        "customer": paper.buyer[0],
        "tax id": paper.seller_tax,
        "account": paper.iban,
        "credit": paper.credit,
        "lines": [item.amount for item in paper.items],
        "taxes": sorted(paper.taxes.values()),
    }


def told(invoice: InvoiceDocument | None) -> Told:
    """Return the same fields as our reader tells them."""
    if invoice is None:
        return {}
    found = {
        name: getattr(invoice, field).value
        for name, field in {
            **{each: each for each in ("number", "issued", "due", "currency", "net", "tax")},
            **{each: each for each in ("gross", "supplier", "customer")},
            "tax id": "supplier_tax_id",
        }.items()
        if getattr(invoice, field) is not None
    }
    total = invoice.payable or invoice.gross
    return {
        **found,
        "payable": total.value if total is not None else None,
        "account": invoice.accounts[0].value if invoice.accounts else "",
        "credit": invoice.credit,
        "lines": [line.value.amount for line in invoice.lines],
        "taxes": sorted(tax.value.amount for tax in invoice.taxes),
    }


def asked(invoice: InvoiceDocument | None) -> bool:
    """Return whether a person is asked before anything is done with an invoice."""
    return invoice is None or bool(invoice.doubts) or invoice.confidence < SURE


class Peer:
    """invoice2data with its own templates, in this process."""

    def __init__(self) -> None:
        logging.disable(logging.ERROR)  # one for each file without a template
        self._peer = library("invoice2data")
        self._templates = library("invoice2data.extract.loader").read_templates()
        self.count = len(self._templates)

    def read(self, path: Path) -> Told:
        """Return the fields that it tells of a file."""
        found = self._peer.extract_data(str(path), templates=self._templates) or {}
        names = {"number": "invoice_number", "issued": "date", "due": "date_due"}
        names |= {"currency": "currency", "net": "amount_untaxed", "tax": "amount_tax"}
        names |= {"gross": "amount", "supplier": "issuer", "account": "iban", "tax id": "vat"}
        told = {name: found[key] for name, key in names.items() if key in found}
        for name in ("issued", "due"):
            if hasattr(told.get(name), "date"):
                told[name] = told[name].date()
        return told


def _drawn(folder: Path, *, seen: bool) -> Iterator[tuple[str, Paper, Path]]:
    for layout, (draw, papers) in (PAPERS if seen else HELD_OUT).items():
        for number, paper in enumerate(papers):
            path = folder / f"{layout}-{number}.pdf"
            path.write_bytes(bytes(draw(paper).output()))
            yield layout, paper, path


def _score(
    name: str, drawn: list[tuple[str, Paper, Path]], read: Callable[[Path], Told]
) -> None:
    right: Counter[str] = Counter()
    asked_for: Counter[str] = Counter()
    for layout, paper, path in drawn:
        found = read(path)
        for field, value in truth(paper).items():
            if value == "":
                continue  # papers from the United States have no IBAN
            for key in (field, f"layout {layout}"):
                asked_for[key] += 1
                right[key] += found.get(field) == value
    for start in ("", "layout "):
        keys = [key for key in asked_for if key.startswith("layout ") == bool(start)]
        if not start:
            made, all_ = sum(right[key] for key in keys), sum(asked_for[key] for key in keys)
            say(f"\n{name}: {made} of {all_} fields of {len(drawn)} papers")
        say("  " + ", ".join(f"{key} {right[key]}/{asked_for[key]}" for key in keys))
    began = time.perf_counter()
    for _ in range(REPEATS):
        for _, _, path in drawn:
            read(path)
    spent = (time.perf_counter() - began) / (REPEATS * len(drawn))
    say(f"  {1000 * spent:.1f} ms a document")


def main() -> None:
    """Print the figures of our reader, and of the peer where its folder is given."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seen", action="store_true", help="the layouts written with")
    parser.add_argument("--libraries", type=Path, help="where invoice2data is installed")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        drawn = list(_drawn(Path(folder), seen=arguments.seen))

        def ours(path: Path) -> Told:
            return told(READER.read("pdf", path.read_bytes()).invoice)

        _score("jigajob", drawn, ours)
        wrong = unneeded = 0
        for _, paper, path in drawn:
            invoice = READER.read("pdf", path.read_bytes()).invoice
            found, right = told(invoice), truth(paper)
            correct = all(found.get(name) == right[name] for name in ("number", "payable"))
            wrong += not correct and not asked(invoice)
            unneeded += correct and asked(invoice)
        say(f"  wrong and nobody asked: {wrong}; right and somebody asked: {unneeded}")
        if arguments.libraries is not None:
            add_folder(arguments.libraries)
            peer = Peer()
            _score(f"invoice2data with its {peer.count} templates", drawn, peer.read)


if __name__ == "__main__":
    main()
