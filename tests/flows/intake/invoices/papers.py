"""Invented invoices as facts: what a reader of their PDF, HTML or XML should come back with.

A seed and a language give a whole paper, always the same one.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

CENT: Final = Decimal("0.01")


@dataclass(frozen=True)
class Item:
    """One line: so many of something at a price, taxed at a rate in percent."""

    text: str
    quantity: Decimal
    price: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        return rounded(self.quantity * self.price)


@dataclass(frozen=True)
class Paper:
    """One invoice; `seller` and `buyer` are name and address lines."""

    locale: str
    number: str
    issued: date
    due: date
    currency: str
    seller: tuple[str, ...]
    seller_tax: str
    buyer: tuple[str, ...]
    iban: str
    reference: str
    phone: str
    items: tuple[Item, ...]
    discount: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    credit: bool = False
    style: Mapping[str, object] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return self.locale[:2]

    @property
    def lines_total(self) -> Decimal:
        return sum((item.amount for item in self.items), Decimal(0))

    @property
    def net(self) -> Decimal:
        return self.lines_total - self.discount

    @property
    def bases(self) -> dict[Decimal, Decimal]:
        """Net by rate, highest first; a discount is taken off the highest."""
        rates = sorted({item.rate for item in self.items}, reverse=True)
        found = {
            rate: sum((i.amount for i in self.items if i.rate == rate), Decimal(0))
            for rate in rates
        }
        found[rates[0]] -= self.discount
        return found

    @property
    def taxes(self) -> dict[Decimal, Decimal]:
        return {rate: rounded(base * rate / 100) for rate, base in self.bases.items()}

    @property
    def tax(self) -> Decimal:
        return sum(self.taxes.values(), Decimal(0))

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    @property
    def payable(self) -> Decimal:
        return self.gross - self.paid


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def iban(country: str, rest: str) -> str:
    """Return the account with its check digits."""
    number = "".join(str(int(char, 36)) for char in f"{rest}{country}00")
    return f"{country}{98 - int(number) % 97:02}{rest}"


SELLERS: Final[Mapping[str, Sequence[tuple[str, ...]]]] = {
    "en-US": [
        ("Bramble Pipe Supply LLC", "410 Foundry Road", "Ashbury, NY 12555"),
        ("Tillerman Electrical Wholesale Inc.", "88 Canal Street", "Marlow Falls, NY 12598"),
        ("Copperline Heating Parts Co.", "7 Mill Plaza", "Oakhaven, NJ 07099"),
    ],
    "en-GB": [
        ("Penhallow Fittings Ltd", "Unit 4, Quay Works", "Truro TR1 2ZZ"),
        ("Wexcombe Tool Hire Limited", "19 Station Approach", "Bath BA1 9ZZ"),
    ],
    "de-DE": [
        ("Rohrwerk Altmann GmbH", "Industriestraße 14", "50999 Köln"),
        ("Elektro Brandhuber KG", "Lindenweg 3", "80999 München"),
    ],
    "fr-FR": [
        ("Sanitaire Delcourt SARL", "12 rue des Ateliers", "69009 Lyon"),
        ("Chauffage Morvan SAS", "4 quai du Port", "44000 Nantes"),
    ],
    "es-ES": [
        ("Suministros Olmedo S.L.", "Calle del Taller 22", "28099 Madrid"),
        ("Calefacciones Ribera S.A.", "Avenida del Puerto 7", "46099 Valencia"),
    ],
    "nl-NL": [
        ("Leidingwerk Van Houten B.V.", "Havenkade 31", "3099 AB Rotterdam"),
        ("Installatiehuis De Brug B.V.", "Molenpad 8", "1099 ZX Amsterdam"),
    ],
}
BUYERS: Final[Mapping[str, tuple[str, ...]]] = {
    "en-US": ("Hudson Plumbing & Heating", "41 Ferry Street", "Marlow Falls, NY 12598"),
    "en-GB": ("Kestrel Building Services Ltd", "2 Old Dairy Yard", "Frome BA11 9ZZ"),
    "de-DE": ("Haustechnik Seidel GmbH", "Am Anger 9", "04999 Leipzig"),
    "fr-FR": ("Plomberie Garnier SARL", "8 allée des Tilleuls", "69999 Lyon"),
    "es-ES": ("Fontanería Salas S.L.", "Plaza Mayor 5", "28098 Madrid"),
    "nl-NL": ("Loodgietersbedrijf Kuiper B.V.", "Dorpsstraat 12", "3599 CD Utrecht"),
}
ITEMS: Final[Mapping[str, Sequence[str]]] = {
    "en": [
        "Copper elbow 22 mm", "Circulator pump CP-40", "Thermostat, wall type",
        "Pipe insulation 2 m", "Flange set DN25", "Solder, lead free, 500 g",
        "Ball valve 3/4 in",
        "Delivery to site", "Hire of core drill, 2 days",
    ],
    "de": [
        "Kupferbogen 22 mm", "Umwälzpumpe UP 40", "Raumthermostat weiß", "Rohrisolierung 2 m",
        "Flanschsatz DN25", "Weichlot bleifrei 500 g", "Kugelhahn 3/4 Zoll",
        "Lieferung frei Baustelle",
        "Miete Kernbohrgerät, 2 Tage",
    ],
    "fr": [
        "Coude cuivre 22 mm", "Circulateur CP 40", "Thermostat mural", "Isolant tube 2 m",
        "Jeu de brides DN25", "Soudure sans plomb 500 g", "Robinet à bille 3/4",
        "Livraison chantier",
        "Location carotteuse, 2 jours",
    ],
    "es": [
        "Codo de cobre 22 mm", "Bomba circuladora CP 40", "Termostato de pared",
        "Aislante de tubería 2 m", "Juego de bridas DN25", "Soldadura sin plomo 500 g",
        "Válvula de bola 3/4", "Portes a obra", "Alquiler de taladro, 2 días",
    ],
    "nl": [
        "Koperen bocht 22 mm", "Circulatiepomp CP 40", "Kamerthermostaat wit",
        "Leidingisolatie 2 m",
        "Flensset DN25", "Loodvrij soldeer 500 g", "Kogelkraan 3/4 inch", "Levering op de bouw",
        "Huur kernboor, 2 dagen",
    ],
}  # fmt: skip
RATES: Final[Mapping[str, tuple[str, str]]] = {
    "en-US": ("8.125", "0"), "en-GB": ("20", "5"), "de-DE": ("19", "7"),
    "fr-FR": ("20", "5.5"), "es-ES": ("21", "10"), "nl-NL": ("21", "9"),
}  # fmt: skip
CURRENCIES: Final = {"en-US": "USD", "en-GB": "GBP"}
NUMBERS: Final = {
    "en-US": "INV-{n}", "en-GB": "{y}/{n}", "de-DE": "RE-{y}-{n}", "fr-FR": "F{y}-{n}",
    "es-ES": "A/{n}", "nl-NL": "{y}{n}",
}  # fmt: skip


def _account(locale: str, chance: random.Random) -> str:
    def figures(count: int) -> str:
        return "".join(chance.choice("0123456789") for _ in range(count))

    match locale:
        case "en-GB":
            return iban("GB", f"PENH{figures(14)}")
        case "de-DE":
            return iban("DE", figures(18))
        case "fr-FR":
            return iban("FR", figures(23))
        case "es-ES":
            return iban("ES", figures(20))
        case "nl-NL":
            return iban("NL", f"BRUG{figures(10)}")
        case _:
            return ""


def _tax_id(locale: str, chance: random.Random) -> str:
    number = str(chance.randrange(10**8, 10**9))
    return {
        "en-US": f"{number[:2]}-{number[2:]}",
        "en-GB": f"GB{number}",
        "de-DE": f"DE{number}",
        "fr-FR": f"FR{number[:2]}{number}",
        "es-ES": f"B{number[:8]}",
        "nl-NL": f"NL{number}B01",
    }[locale]


def paper(
    seed: int,
    locale: str,
    *,
    lines: int = 3,
    two_rates: bool = False,
    discount: str = "0",
    paid: str = "0",
    credit: bool = False,
    **style: object,
) -> Paper:
    """Return the invoice of this seed; *style* is for the layout that draws it."""
    chance = random.Random(seed)
    texts = ITEMS[locale[:2]]
    high, low = (Decimal(rate) for rate in RATES[locale])
    items = tuple(
        Item(
            text=texts[n] if n < len(texts) else f"{texts[n % len(texts)]} ({n})",
            quantity=Decimal(chance.choice(["1", "2", "3", "4", "10", "12", "1.5"])),
            price=Decimal(chance.randrange(250, 42_000)) / 100,
            rate=low if two_rates and n % 3 == 1 else high,
        )
        for n in range(lines)
    )
    issued = date(2026, 1, 5) + timedelta(days=chance.randrange(0, 280))
    number = NUMBERS[locale].format(y=issued.year, n=chance.randrange(1000, 99999))
    return Paper(
        locale=locale,
        number=f"CN-{number}" if credit else number,
        issued=issued,
        due=issued + timedelta(days=chance.choice([14, 30, 45])),
        currency=CURRENCIES.get(locale, "EUR"),
        seller=SELLERS[locale][seed % len(SELLERS[locale])],
        seller_tax=_tax_id(locale, chance),
        buyer=BUYERS[locale],
        iban=_account(locale, chance),
        reference=f"PO-{chance.randrange(1000, 9999)}",
        phone=f"555-01{chance.randrange(10, 99)}",
        items=items,
        discount=Decimal(discount),
        paid=Decimal(paid),
        credit=credit,
        style=style,
    )
