"""What banks call the columns of their CSV files: English, Spanish, French, German, Dutch.

Rows of data: for each field of a column map the names that it goes by, the surest first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from flows.currencies import CURRENCIES

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    field: tuple(name.strip() for name in names.replace("\n", " ").split("|"))
    for field, names in {
        "date": """booking date|booked on|posting date|posted date|date posted|posted
            |post date|transaction date|trans date|date|fecha operacion
            |fecha de operacion|fecha contable|fecha|date operation
            |date de l operation|date d operation|date comptable
            |date de comptabilisation|buchungstag|buchungsdatum|buchung|datum
            |boekdatum|boekingsdatum|transactiedatum|completed date|started date
            |value date|fecha valor|date valeur|date de valeur|valuta|valutadatum
            |wertstellung|rentedatum""",
        "amount": """amount|transaction amount|importe|monto|cantidad|montant|betrag|umsatz
            |bedrag|transactiebedrag""",
        "paid_in": """paid in|money in|credit|credits|credit amount|deposit|deposits
            |received|abono|abonos|haber|ingreso|ingresos|montant credit
            |gutschrift|haben|eingang|bij|bijschrijving|in""",
        "paid_out": """paid out|money out|debit|debits|debit amount|withdrawal|withdrawals
            |spent|cargo|cargos|debe|gasto|gastos|montant debit|lastschrift
            |belastung|soll|ausgang|af|afschrijving|out""",
        "direction": """debit credit|credit debit|credit debit indicator|dr cr|cr dr|d c
            |af bij|bij af|soll haben|s h|debe haber|sens|direction|type|details
            |transaction type""",
        "counterparty": """counterparty|counterparty name|payee|payee name|payer|merchant
            |merchant name|beneficiary|beneficiary name|other party|partner name
            |name|beneficiario|ordenante|contraparte|comercio|nombre|beneficiaire
            |contrepartie|tiers|nom|begunstigter zahlungspflichtiger
            |beguenstigter zahlungspflichtiger|auftraggeber empfanger
            |name zahlungsbeteiligter|zahlungsempfanger|zahlungspflichtiger
            |empfanger|auftraggeber|naam tegenpartij|tegenpartij|naam omschrijving
            |begunstigde|naam""",
        "reference": """reference|payment reference|remittance information|memo|description
            |transaction description|narrative|details|note|notes|concepto
            |descripcion|referencia|observaciones|libelle|libelle operation|motif
            |communication|detail|verwendungszweck|zweck|mededelingen|mededeling
            |omschrijving|betalingskenmerk|kenmerk|buchungstext""",
        "id": """transaction id|bank id|id|fitid|entry reference|transaction number
            |bank reference|reference number|reference no|id operacion
            |numero de operacion|reference operation|numero operation
            |transaktions id|umsatz id|buchungsnummer|transactie id
            |transactiereferentie|volgnr|volgnummer""",
        "currency": """currency|currency code|ccy|divisa|moneda|devise|wahrung|waehrung|munt
            |muntsoort|valuta""",
    }.items()
}


def plain_name(cell: str) -> str:
    """Return a column's name as it stands in `NAMES`: no case, accents, signs, currency."""
    letters = unicodedata.normalize("NFKD", cell.casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    words = re.sub(r"[^a-z0-9]+", " ", bare).split()
    if len(words) > 1 and words[-1].upper() in CURRENCIES:
        words.pop()
    return " ".join(words)


def fits(cell: str, name: str) -> bool:
    """Tell whether a column goes by *name*, or by more words that begin so."""
    found = plain_name(cell)
    return found == name or (len(name) > 3 and found.startswith(f"{name} "))  # noqa: PLR2004
