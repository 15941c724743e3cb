"""What invoices call the columns of their lines, as rows in five languages.

Compared as `flows.intake.invoices.labels` are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.intake.invoices.labels import spread

COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "text": {
        "en": "description, item, product, details, item description, service, particulars, "
        "product description, services, work done",
        "de": "bezeichnung, beschreibung, leistung, artikel, artikelbezeichnung, position, "
        "produkt, text, leistungsbeschreibung",
        "fr": "designation, description, libelle, article, prestation, produit, reference",
        "es": "concepto, descripcion, articulo, detalle, producto, servicio",
        "nl": "omschrijving, artikel, product, beschrijving, dienst",
    },
    "quantity": {
        "en": "qty, quantity, hours, units, hrs, no of units",
        "de": "menge, anzahl, stk, stuck, std, stunden, mge",
        "fr": "qte, quantite, nombre, qt",
        "es": "cant, cantidad, uds, unidades, ud, horas",
        "nl": "aantal, hoeveelheid, uren, stuks",
    },
    "price": {
        "en": "unit price, price, rate, unit cost, price each, unit, each, unit price usd",
        "de": "einzelpreis, preis, e preis, stuckpreis, ep, preis einheit, einzel",
        "fr": "prix unitaire, p u, prix, pu ht, p u ht, prix unit, prix unitaire ht, "
        "pu, prix ht",
        "es": "precio, p unitario, precio unitario, p unit, precio ud",
        "nl": "prijs, stukprijs, eenheidsprijs, prijs per stuk, tarief",
    },
    "rate": {
        "en": "tax, vat, tax rate, vat rate",
        "de": "mwst, ust, mwst satz, steuersatz, steuer",
        "fr": "tva, taux tva, taux",
        "es": "iva, tipo iva",
        "nl": "btw, btw tarief",
    },
    "amount": {
        "en": "amount, total, line total, total price, net amount, amount usd, net, sum, "
        "line amount, amount gbp, amount eur, price total",
        "de": "betrag, gesamt, gesamtpreis, summe, g preis, gesamt eur, betrag eur, "
        "gesamtbetrag, gp, netto, total",
        "fr": "montant, montant ht, total, total ht, prix total, prix total ht, montant net",
        "es": "importe, total, importe total, subtotal, importe eur",
        "nl": "bedrag, totaal, regeltotaal, totaal excl btw, totaalprijs",
    },
}
"""Heads of the columns of a table of lines."""

HEADS: Final = spread(COLUMNS)
"""By head of a column: the column, and the language."""
