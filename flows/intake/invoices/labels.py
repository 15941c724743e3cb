"""What invoices call their fields: rows of labels in English, Spanish, French, German, Dutch.

Labels are compared in small letters, without accents and marks: `N.º de factura` is
`n o de factura`. The longest that stands at the start of a field counts, so that `total excl
vat` is no `total`, and `order no` keeps the number beside it from being the invoice's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

ROWS: Final[Mapping[str, Mapping[str, str]]] = {
    "number": {
        "en": "invoice no, invoice number, invoice num, invoice nr, invoice #, invoice id, "
        "invoice ref, invoice reference, inv no, inv #, inv number, tax invoice no, "
        "tax invoice number, bill no, bill number, bill #, credit note no, credit note number, "
        "credit note #, credit memo no, credit memo number, document no, document number",
        "de": "rechnungsnummer, rechnungs nummer, rechnungsnr, rechnungs nr, rechnung nr, "
        "rechnung nummer, re nr, rg nr, belegnummer, beleg nr, gutschriftnummer, "
        "gutschriftsnummer, gutschrift nr, gutschrifts nr, stornorechnung nr, nr der rechnung",
        "fr": "facture n, facture n o, facture no, facture numero, numero de facture, "
        "n de facture, n o de facture, n facture, n o facture, no facture, no de facture, "
        "num facture, reference facture, ref facture, avoir n, avoir n o, avoir numero, "
        "numero d avoir, n d avoir",
        "es": "n de factura, n o de factura, no de factura, no factura, num factura, "
        "num de factura, numero de factura, numero factura, factura n, factura n o, "
        "factura no, factura num, factura numero, n factura, n o factura, n rectificativa, "
        "n o rectificativa, factura rectificativa n, factura rectificativa n o, "
        "numero rectificativa, nota de credito n, nota de credito n o",
        "nl": "factuurnummer, factuur nummer, factuurnr, factuur nr, factuur no, nota nummer, "
        "notanummer, creditnotanummer, creditnota nummer, creditnota nr, creditfactuurnummer, "
        "creditnummer",
    },
    "title": {
        "en": "invoice, tax invoice, sales invoice, bill",
        "de": "rechnung, abschlagsrechnung, schlussrechnung, teilrechnung",
        "fr": "facture",
        "es": "factura",
        "nl": "factuur",
    },
    "credit": {
        "en": "credit note, credit memo, credit invoice",
        "de": "gutschrift, rechnungskorrektur, stornorechnung, korrekturrechnung",
        "fr": "avoir, facture d avoir, note de credit",
        "es": "factura rectificativa, nota de credito, nota de abono, abono",
        "nl": "creditnota, creditfactuur",
    },
    "issued": {
        "en": "invoice date, date of invoice, date of issue, issue date, issued, issued on, "
        "date issued, date, dated, billing date, bill date, tax point, credit note date, "
        "document date",
        "de": "rechnungsdatum, datum, ausstellungsdatum, belegdatum, datum der rechnung, "
        "rechnung vom, gutschriftdatum, gutschriftsdatum, ausgestellt am",
        "fr": "date de facture, date de la facture, date facture, date d emission, emise le, "
        "emis le, date de facturation, date de l avoir, facture du",
        "es": "fecha de factura, fecha factura, fecha de la factura, fecha de emision, fecha, "
        "fecha emision, emitida el, fecha de expedicion",
        "nl": "factuurdatum, factuur datum, datum factuur, notadatum, creditnotadatum, "
        "datum van uitgifte",
    },
    "due": {
        "en": "due date, date due, payment due, payment due date, payment due by, due, due on, "
        "due by, pay by, please pay by, payable by, payable on, payment date, "
        "payment deadline, invoice due",
        "de": "fallig am, falligkeitsdatum, falligkeit, fallig, fallig bis, zahlbar bis, "
        "zahlbar bis zum, zahlungsziel, zu zahlen bis, zahlung bis, zahlungsfrist, "
        "falligkeitstag, bitte zahlen sie bis",
        "fr": "date d echeance, echeance, date limite de paiement, a payer avant le, "
        "payable le, a regler avant le, echeance le, date de reglement, payable avant le, "
        "date echeance",
        "es": "fecha de vencimiento, vencimiento, vence, vence el, fecha vencimiento, "
        "pagar antes del, fecha limite de pago, fecha de pago",
        "nl": "vervaldatum, vervaldag, betalen voor, te betalen voor, uiterlijk betalen op, "
        "uiterste betaaldatum, betaaldatum, gelieve te betalen voor, betalen uiterlijk, "
        "te betalen uiterlijk",
    },
    "other day": {
        "en": "delivery date, date of delivery, order date, ship date, service date, "
        "date of supply, period, print date, po date, date of birth, statement date, "
        "date of order, shipped on, paid on",
        "de": "lieferdatum, leistungsdatum, bestelldatum, auftragsdatum, leistungszeitraum, "
        "bestellung vom, auftrag vom, lieferschein vom, druckdatum, valuta",
        "fr": "date de livraison, date de commande, date de la commande, periode, "
        "date de prestation, date d impression, date de valeur",
        "es": "fecha de entrega, fecha de pedido, fecha del pedido, fecha operacion, periodo, "
        "fecha de operacion, fecha de impresion",
        "nl": "leverdatum, orderdatum, besteldatum, leveringsdatum, datum levering, periode, "
        "datum bestelling",
    },
    "reference": {
        "en": "your order, your order no, your reference, your ref, po, po number, po no, "
        "po #, purchase order, purchase order no, purchase order number, customer order, "
        "order no, order number, order #, reference, ref, payment reference, our reference, "
        "our ref, customer reference",
        "de": "ihre bestellung, bestellnummer, bestell nr, ihre bestellnummer, ihr zeichen, "
        "ihre referenz, auftragsnummer, auftrags nr, referenz, verwendungszweck, "
        "ihre bestellung nr, unser zeichen, auftrag",
        "fr": "votre commande, commande n, commande n o, n de commande, n o de commande, "
        "numero de commande, reference, votre reference, bon de commande, ref client, "
        "n commande, bon de commande n",
        "es": "su pedido, pedido n, pedido n o, n de pedido, n o de pedido, numero de pedido, "
        "referencia, su referencia, ref, pedido, orden de compra",
        "nl": "uw bestelling, bestelnummer, ordernummer, uw referentie, referentie, "
        "betalingskenmerk, uw kenmerk, ons kenmerk, order nr, inkoopordernummer",
    },
    "other number": {
        "en": "customer no, customer number, customer id, customer #, account no, "
        "account number, quote no, quote number, quotation no, delivery note, "
        "delivery note no, job no, job number, serial no, company no, company number, "
        "registration no, company registration, company registration no, phone, tel, "
        "telephone, fax, mobile, contract no, contract number, project no, client id, "
        "routing number, sort code, bic, swift, page, meter no, license no, original invoice, "
        "original invoice no, dated invoice, item no, part no",
        "de": "kundennummer, kunden nr, kundennr, kd nr, lieferschein nr, lieferscheinnummer, "
        "angebotsnummer, angebot nr, steuernummer, steuer nr, st nr, handelsregister, hrb, "
        "hra, telefon, tel, telefax, fax, mobil, vertragsnummer, projektnummer, bic, blz, "
        "kontonummer, konto nr, seite, debitor nr, debitorennummer, ursprungsrechnung, "
        "zur rechnung nr, artikelnummer",
        "fr": "n client, n o client, numero client, code client, siret, siren, rcs, ape, naf, "
        "telephone, tel, fax, mobile, devis n, devis n o, n de devis, bon de livraison, "
        "n de contrat, bic, page, capital",
        "es": "n de cliente, n o de cliente, numero de cliente, cliente n, cliente n o, "
        "cod cliente, codigo cliente, codigo de cliente, presupuesto n, presupuesto n o, "
        "albaran, albaran n, n de albaran, telefono, tel, fax, movil, pagina, bic, "
        "registro mercantil",
        "nl": "klantnummer, klantnr, klant nr, debiteurnummer, debiteur nr, debiteurennummer, "
        "offertenummer, kvk, kvk nummer, kvk nr, telefoon, tel, fax, mobiel, pagina, bic, "
        "projectnummer, pakbonnummer, contractnummer",
    },
    "net": {
        "en": "net total, net amount, net, total net, total excl vat, total ex vat, "
        "total excluding vat, total excl tax, total before tax, amount excl vat, "
        "total excluding tax, taxable amount, total exclusive of vat, amount before tax, "
        "total without vat, net value, nett, total ex tax, total excl gst",
        "de": "nettobetrag, netto, summe netto, nettosumme, gesamt netto, gesamtbetrag netto, "
        "nettogesamtbetrag, gesamtnetto, zwischensumme netto, rechnungsbetrag netto, "
        "warenwert netto, netto gesamt, total netto, summe ohne mwst, nettowert, "
        "summe positionen netto, betrag netto",
        "fr": "total ht, montant ht, total hors taxes, montant total ht, net ht, base ht, "
        "total net ht, montant hors taxes, total hors taxe, total h t, montant net ht",
        "es": "base imponible, importe neto, total neto, total sin iva, neto, "
        "total base imponible, importe sin iva, total antes de impuestos",
        "nl": "totaal excl btw, totaal exclusief btw, netto, netto bedrag, nettobedrag, "
        "totaal netto, bedrag excl btw, totaal excl, bedrag exclusief btw, totaal ex btw, "
        "grondslag, netto totaal, subtotaal excl btw",
    },
    "lines": {
        "en": "subtotal, sub total, items total, total items, goods total, sum of lines",
        "de": "zwischensumme, summe positionen, warenwert, summe der positionen",
        "fr": "sous total, sous total ht, total brut ht",
        "es": "subtotal, sub total, suma, importe bruto, total bruto",
        "nl": "subtotaal, sub totaal, totaal regels",
    },
    "tax": {
        "en": "vat, sales tax, tax, gst, hst, tax amount, vat amount, total tax, total vat, "
        "state tax, plus vat, vat total, tax total",
        "de": "mwst, ust, umsatzsteuer, mehrwertsteuer, zzgl mwst, zzgl ust, mwst betrag, "
        "zzgl umsatzsteuer, zzgl mehrwertsteuer, summe mwst, steuerbetrag, ust betrag, "
        "zuzuglich mwst, gesetzliche mwst, steuer, enthaltene mwst, summe ust",
        "fr": "tva, montant tva, total tva, montant de la tva, t v a",
        "es": "iva, cuota iva, importe iva, total iva, cuota, i v a, igic",
        "nl": "btw, btw bedrag, totaal btw, bedrag btw, b t w, btw hoog, btw laag",
    },
    "gross": {
        "en": "total, grand total, invoice total, total amount, total incl vat, gross total, "
        "total including vat, total inc vat, total including tax, total incl tax, "
        "gross amount, invoice amount, amount total, total invoice, total gross, "
        "total invoice amount, total credit, credit total, total inc gst, gross",
        "de": "gesamtbetrag, rechnungsbetrag, gesamtsumme, endbetrag, bruttobetrag, summe, "
        "brutto, gesamt, gesamt brutto, summe brutto, gesamtbetrag brutto, endsumme, total, "
        "rechnungssumme, rechnungsbetrag brutto, rechnungsendbetrag, gesamtbetrag inkl mwst, "
        "bruttosumme, gutschriftbetrag, gutschriftsbetrag, gesamt inkl mwst",
        "fr": "total ttc, montant ttc, montant total ttc, montant total, total facture, total, "
        "total general, total t t c, montant de la facture, total toutes taxes comprises",
        "es": "total factura, importe total, total, total con iva, total iva incluido, "
        "total general, total importe, importe factura, total eur, importe total factura",
        "nl": "totaal incl btw, totaal inclusief btw, totaalbedrag, totaal, factuurbedrag, "
        "totaal bedrag, eindbedrag, factuurtotaal, bedrag incl btw, totaal incl, "
        "bedrag inclusief btw, eindtotaal",
    },
    "payable": {
        "en": "amount due, balance due, total due, amount payable, total payable, "
        "outstanding balance, amount outstanding, balance, to pay, amount to pay, "
        "total amount due, total to pay, balance to pay, please pay, outstanding, "
        "remaining balance, total amount payable, amount owed, balance outstanding",
        "de": "zahlbetrag, zu zahlen, zu zahlender betrag, offener betrag, restbetrag, "
        "zahlungsbetrag, falliger betrag, noch zu zahlen, offener restbetrag, "
        "verbleibender betrag, auszahlungsbetrag, zu zahlender gesamtbetrag, restzahlung",
        "fr": "net a payer, reste a payer, solde a payer, solde du, montant du, total a payer, "
        "montant a payer, reste du, a payer, net a payer ttc, solde, total du, "
        "somme a payer, reste a regler",
        "es": "total a pagar, pendiente de pago, importe a pagar, saldo pendiente, a pagar, "
        "importe pendiente, saldo a pagar, liquido a percibir, resto a pagar, pendiente",
        "nl": "te betalen, openstaand bedrag, te voldoen, nog te betalen, te betalen bedrag, "
        "totaal te betalen, restbedrag, openstaand, nog te voldoen, totaal te voldoen",
    },
    "paid": {
        "en": "deposit paid, deposit, paid, amount paid, payments received, payment received, "
        "less deposit, prepaid, less paid, already paid, payments, advance payment, "
        "prepayment, less payments, paid to date, down payment, received, less prepayment",
        "de": "anzahlung, bereits gezahlt, abzgl anzahlung, erhaltene anzahlung, gezahlt, "
        "vorauszahlung, abzuglich anzahlung, bereits bezahlt, geleistete anzahlung, "
        "abschlagszahlung, abzgl abschlagszahlung, erhaltene zahlungen, teilzahlung",
        "fr": "acompte, acompte verse, acomptes, acomptes verses, deja paye, deja regle, "
        "avance, montant verse, deja verse, acompte recu, acompte deduit, arrhes",
        "es": "anticipo, pagado a cuenta, pagado, entrega a cuenta, a cuenta, ya pagado, "
        "anticipos, senal, importe pagado, pagos recibidos",
        "nl": "aanbetaling, reeds voldaan, reeds betaald, voldaan, vooruitbetaling, "
        "al betaald, betaald, voorschot, ontvangen",
    },
    "discount": {
        "en": "discount, less discount, rebate, trade discount, discounts",
        "de": "rabatt, nachlass, abzgl rabatt, gesamtrabatt, mengenrabatt",
        "fr": "remise, remises, rabais, remise commerciale",
        "es": "descuento, dto, descuentos, bonificacion",
        "nl": "korting, kortingen, factuurkorting",
    },
    "charges": {
        "en": "shipping, freight, postage, carriage, delivery charge, handling, shipping cost, "
        "shipping and handling",
        "de": "versand, versandkosten, fracht, porto, frachtkosten",
        "fr": "frais de port, port, transport, frais de livraison, frais d envoi",
        "es": "portes, gastos de envio, transporte",
        "nl": "verzendkosten, vrachtkosten, porto, bezorgkosten",
    },
    "not a sum": {
        "en": "carried forward, brought forward, previous balance, last invoice, "
        "total discount, total savings, you saved, total hours, total quantity, "
        "total weight, total items, page total, order total, opening balance, "
        "previous invoice, total qty, credit limit, early payment discount, if paid by",
        "de": "ubertrag, summe ubertrag, seitensumme, vortrag, gesamtgewicht, gesamtrabatt, "
        "skonto, skontobetrag, abzgl skonto, summe stunden, bei zahlung bis, kreditlimit",
        "fr": "report, a reporter, total page, escompte, poids total, total remise, "
        "solde precedent, sous total page, total remises",
        "es": "suma y sigue, suma anterior, total descuento, total horas, saldo anterior, "
        "total pagina, peso total, total descuentos",
        "nl": "transport, overdracht, totaal gewicht, totaal korting, totaal uren, "
        "vorig saldo, betalingskorting",
    },
    "buyer": {
        "en": "bill to, billed to, invoice to, invoiced to, customer, customer name, sold to, "
        "buyer, client, to, invoice address, billing address, attn, prepared for",
        "de": "rechnung an, kunde, rechnungsempfanger, empfanger, rechnungsadresse, an, "
        "auftraggeber, kaufer, rechnungsanschrift, leistungsempfanger",
        "fr": "facture a, client, destinataire, adresse de facturation, adresse facturation, "
        "acheteur, adresse a",
        "es": "facturar a, cliente, datos del cliente, destinatario, facturado a, comprador, "
        "datos cliente, direccion de facturacion",
        "nl": "factuur aan, klant, factuuradres, gefactureerd aan, aan, koper, afnemer, "
        "opdrachtgever",
    },
    "elsewhere": {
        "en": "ship to, deliver to, delivery address, shipped to, site, job site, "
        "shipping address, remit to, payment to",
        "de": "lieferadresse, lieferanschrift, lieferung an, versandadresse",
        "fr": "livre a, adresse de livraison, livraison a, lieu de livraison",
        "es": "enviar a, direccion de entrega, direccion de envio, entregar en",
        "nl": "afleveradres, leveradres, verzenden naar, bezorgadres",
    },
    "seller": {
        "en": "from, seller, supplier, vendor, sold by, issued by, bill from, pay to",
        "de": "absender, verkaufer, lieferant, rechnungssteller, von, aussteller",
        "fr": "emetteur, vendeur, fournisseur, emis par, de la part de, prestataire",
        "es": "emisor, vendedor, proveedor, emitida por, datos del emisor",
        "nl": "afzender, verkoper, leverancier, van, opgesteld door",
    },
    "tax id": {
        "en": "vat no, vat number, vat reg no, vat registration number, vat registration no, "
        "vat id, tax id, ein, tax number, vat reg, gst no, fein, vat registration, "
        "federal tax id, tin, vat id no, vat identification number, abn, gst number",
        "de": "ust idnr, ust id nr, ust id, umsatzsteuer id, ust identifikationsnummer, "
        "umsatzsteuer identifikationsnummer, ustid, ustid nr, umsatzsteuer idnr, mwst nr, uid, "
        "umsatzsteuer id nr, uid nummer, uid nr",
        "fr": "n tva, n o tva, tva intracommunautaire, numero de tva, n de tva, tva intra, "
        "n tva intracommunautaire, no tva, numero tva, n o tva intracommunautaire, "
        "n de tva intracommunautaire, id tva",
        "es": "nif, cif, n i f, c i f, nif cif, cif nif, nif iva, n iva, vat, rfc",
        "nl": "btw nummer, btw nr, btw id, btw identificatienummer, btw no",
    },
    "iban": {
        "en": "iban, bank account, account iban",
        "de": "bankverbindung, konto",
        "fr": "compte, rib, coordonnees bancaires",
        "es": "cuenta, cuenta bancaria, n de cuenta, numero de cuenta",
        "nl": "rekening, rekeningnummer, bankrekening",
    },
}
"""By field, then by language."""

WEAK: Final = frozenset(
    {"to", "an", "aan", "de", "von", "van", "from", "po", "ref", "due", "date"}
)
"""Labels that are plain words as well: what follows has to be beside them."""

LEGAL_FORMS: Final = re.compile(
    r"(?<![^\W_])(?:gmbh|ag|kg|ohg|ug|e\.\s?k\.|gbr|ltd\.?|limited|llp|plc|llc|inc\.?|corp\.?|co\.|"
    r"corporation|company|sarl|s\.a\.r\.l\.|sas|sasu|eurl|sa|s\.a\.|s\.l\.|sl|s\.l\.u\.|slu|"
    r"b\.\s?v\.|bv|n\.v\.|nv|vof|v\.o\.f\.|s\.r\.l\.|srl|s\.p\.a\.)(?![^\W_])",
    re.IGNORECASE,
)
"""Words by which a name is a firm's."""

CREDIT_WORDS: Final = re.compile(r"credit|gutschrift|storno|avoir|rectificativa|abono")
"""Words in the label of a number by which the paper is a credit note."""

_SIGN: Final = re.compile(r"\b(?:n o|no|n)\b")


def spread(rows: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    """Return the field and language of each label of *rows*, in all its spellings."""
    found: dict[str, tuple[str, str]] = {}
    for kind, languages in rows.items():
        for language, labels in languages.items():
            for label in labels.split(","):
                for spelling in _spellings(label.strip()):
                    found.setdefault(spelling, (kind, language))
    return found


def _spellings(label: str) -> Iterator[str]:
    """Yield *label* with each way to write a number's sign: `N.`, `No`, `N.º`, `Num.`, `#`."""
    yield label
    sign = _SIGN.search(label)
    for other in ("n", "no", "n o", "num", "nr", "#") if sign else ():
        yield f"{label[: sign.start()]}{other}{label[sign.end() :]}" if sign else label


LABELS: Final = spread(ROWS)
"""By label: its field, and the language in which it was met first."""

LONGEST_LABEL: Final = max(label.count(" ") + 1 for label in LABELS)
"""Words of the longest label."""
