"""The month: the sample mailbox and accounts, and beside them 25 PDFs, Stripe and two banks.

Everything is written into a folder of its own, with what each payment is for (`truth`).
"""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import yaml

from tests.connectors.bank_files import HEADER, posting, statement
from tests.flows.intake.invoices.layouts import PAPERS, ruled
from tests.flows.intake.invoices.papers import BUYERS, Item, Paper
from tests.servers.stripe import Account

ROOT: Final = Path(__file__).resolve().parents[2]
HUDSON: Final = BUYERS["en-US"]
KEY: Final = "rk_test_hudson"
DAY: Final = 86_400
NOON: Final = 12 * 3_600
FEE: Final = Decimal("12.00")

Movement = tuple[str, date, Decimal]
"""A movement by its source, day and signed amount, as reports name it."""


@dataclass
class Month:
    """A folder with all that happened, and which invoices each movement is for.

    `truth` has only what is for something; a payout is for `payout`. `invoices` are the
    numbers and amounts of the papers that were added.
    """

    folder: Path
    account: Account = field(default_factory=Account)
    truth: dict[Movement, frozenset[str]] = field(default_factory=dict)
    invoices: dict[str, Decimal] = field(default_factory=dict)
    moved: dict[str, list[str]] = field(default_factory=dict)

    @property
    def flows(self) -> Path:
        return self.folder / "flows.yaml"

    def pays(
        self, day: date, amount: Decimal, who: str, words: str, *numbers: str, currency: str
    ) -> None:
        """Let money move on the account of its currency."""
        entries = self.moved.setdefault(currency, [])
        number = f"{currency}{len(entries):03d}"
        entries.append(posting(number, f"{day:%Y%m%d}", str(amount), name=who[:32], memo=words))
        if numbers:
            self.truth["bank", day, amount] = frozenset(numbers)


def written(folder: Path) -> Month:
    """Write the whole month, and return it."""
    month = Month(folder)
    shutil.copytree(ROOT / "templates", folder / "templates")
    shutil.copytree(ROOT / "tests/mails", folder / "tests/mails")
    _expected(month)
    papers: list[Paper] = []
    for layout, (draw, several) in PAPERS.items():
        for each in several:
            # A supplier has one account and one tax number, whichever paper shows them.
            first = next((known for known in papers if known.seller == each.seller), each)
            paper = replace(each, buyer=HUDSON, iban=first.iban, seller_tax=first.seller_tax)
            _mails(month, f"{len(papers):02d}-{layout}", bytes(draw(paper).output()), paper)
            papers.append(paper)
    _pay_suppliers(month, [paper for paper in papers if not paper.credit])
    _sell_by_card(month)
    for currency, entries in month.moved.items():
        text = statement(*entries, account=f"7700{currency}", currency=currency)
        text = text[: text.index("<LEDGERBAL>")] + "</STMTRS>\n"  # nothing before it is known
        (folder / "tests/mails/bank/checking" / f"{currency}.ofx").write_text(_whole(text))
    _flows(month)
    return month


def _expected(month: Month) -> None:
    """Take over what the sample accounts are known to hold."""
    known = yaml.safe_load((ROOT / "tests/mails/expected.yaml").read_text("utf-8"))
    for source, movements in known["transactions"].items():
        for when, answer in movements.items():
            day, amount = when.split()
            numbers = frozenset(answer.values())
            month.truth[source, date.fromisoformat(day), Decimal(amount)] = numbers


def _mails(month: Month, name: str, pdf: bytes, paper: Paper) -> None:
    month.invoices[paper.number] = paper.payable
    firm = paper.seller[0]
    domain = "".join(char for char in firm.lower() if char.isascii() and char.isalnum())
    head = (
        f"From: {firm} <accounts@{domain[:24]}.example>\nTo: office@hudson-plumbing.example\n"
        f"Subject: Invoice {paper.number}\n"
    )
    text = f"Dear Sir or Madam,\n\nplease find our invoice attached.\n\nKind regards,\n{firm}"
    _write(month.folder, name, head=head, text=text, pdf=pdf, issued=paper.issued)


def _write(folder: Path, name: str, *, head: str, text: str, pdf: bytes, issued: date) -> None:
    boundary = "=_month"
    encoded = base64.encodebytes(pdf).decode()
    raw = (
        f"{head}Message-ID: <{name}@month.example>\n"
        f"Date: {issued:%a, %d %b %Y} 13:00:00 +0000\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n'
        f"--{boundary}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        f'--{boundary}\nContent-Type: application/pdf; name="invoice.pdf"\n'
        "Content-Transfer-Encoding: base64\n"
        f'Content-Disposition: attachment; filename="invoice.pdf"\n\n{encoded}'
        f"--{boundary}--\n"
    )
    place = folder / "tests/mails/inbox/month" / f"{name}.eml"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(raw, encoding="utf-8")


def _pay_suppliers(month: Month, papers: Sequence[Paper]) -> None:
    """Pay most of them as they ask; and some as people do: together, in parts, short, mute."""
    left = list(papers)
    for one, other in _pairs(left):
        left.remove(one)
        left.remove(other)
        words = f"{one.number} {other.number}"
        _pays(month, one, one.payable + other.payable, words, one, other)
        break
    part, mute, swapped, short, _unpaid, *exact = left
    half = (part.payable / 2).quantize(Decimal("0.01"))
    _pays(month, part, half, f"first part {part.number}", part)
    _pays(month, part, part.payable - half, f"rest of {part.number}", part, later=9)
    _pays(month, mute, mute.payable, "thank you", mute)
    _pays(month, swapped, swapped.payable + 9, swapped.number, swapped)
    _pays(month, short, short.payable - FEE, f"{short.number} less fee", short)
    for each in exact:
        _pays(month, each, each.payable, f"Inv. {each.number}", each)


def _pairs(papers: Sequence[Paper]) -> Iterator[tuple[Paper, Paper]]:
    for index, one in enumerate(papers):
        for other in papers[index + 1 :]:
            if one.seller == other.seller and one.currency == other.currency:
                yield one, other


def _pays(
    month: Month, paper: Paper, amount: Decimal, words: str, *of: Paper, later: int = 0
) -> None:
    day = paper.issued + timedelta(days=11 + later)
    numbers = [each.number for each in of]
    who = paper.seller[0].upper()
    month.pays(day, -amount, who, words, *numbers, currency=paper.currency)


def _sell_by_card(month: Month) -> None:
    """Send four invoices to customers who pay by card; one of them gets the money back."""
    opened, total = date(2026, 10, 5), Decimal(0)
    for number in range(4):
        issued = opened + timedelta(days=number)
        paper = replace(
            PAPERS["ruled"][1][0],
            number=f"HP-{2151 + number}",
            issued=issued,
            due=issued + timedelta(days=14),
            seller=HUDSON,
            buyer=("Ida Marlowe", "3 Quarry Road", "Ashbury, NY 12555"),
            items=(Item("Boiler service", Decimal(1), Decimal(210 + 35 * number), Decimal(0)),),
        )
        month.invoices[paper.number] = paper.payable
        head = (
            "From: Hudson Books <books@hudson-plumbing.example>\n"
            "To: Ida Marlowe <ida@marlowmail.example>\n"
            f"Subject: Invoice {paper.number} from Hudson Plumbing & Heating\n"
        )
        text = f"Dear Ida Marlowe,\n\nInvoice {paper.number} is attached."
        pdf = bytes(ruled(paper).output())
        _write(
            month.folder, f"own-{paper.number}", head=head, text=text, pdf=pdf, issued=issued
        )
        at = _seconds(issued) + DAY
        cents = int(paper.payable * 100)
        charge = month.account.charge(at, cents, fee=300, description=f"Invoice {paper.number}")
        month.truth["shop", issued + timedelta(days=1), paper.payable] = frozenset(
            {paper.number}
        )
        total += paper.payable - 3
        if number == 2:
            month.account.refund(at + DAY, charge, cents)
            month.truth["shop", issued + timedelta(days=2), -paper.payable] = frozenset(
                {paper.number}
            )
            total -= paper.payable
    arrives = date(2026, 10, 14)
    month.account.payout(
        _seconds(arrives) - 2 * DAY, int(total * 100), arrives=_seconds(arrives)
    )
    month.pays(arrives, total, "STRIPE", "TRANSFER ST-Q1W2", "payout", currency="USD")


def _seconds(day: date) -> int:
    return int(datetime.combine(day, datetime.min.time(), UTC).timestamp()) + NOON


def _whole(text: str) -> str:
    return (
        f"{HEADER}<OFX>\n<BANKMSGSRSV1>\n<STMTTRNRS>\n{text}</STMTTRNRS>\n</BANKMSGSRSV1>\n"
        "</OFX>\n"
    )


def _flows(month: Month) -> None:
    """Write the example's flows, with a Stripe account beside its bank and its card."""
    text = (ROOT / "flows.yaml").read_text("utf-8")
    text = text.replace(
        "\nsources:\n", "\nsources:\n  shop: {uses: stripe, key: file:key}\n", 1
    )
    text = text.replace("{transaction: card}]", "{transaction: card}, {transaction: shop}]", 1)
    month.flows.write_text(text, encoding="utf-8")
    (month.folder / "key").write_text(KEY)
