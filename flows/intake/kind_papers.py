"""What papers, circulars and spam say: weighted phrases in four languages.

One row is a weight and a regular expression for whole words. A row counts once in a place,
and a little more for each other phrase of it there. Weights: 4 says it outright, 2 points to
it, 1 is a hint.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.intake.kind_rows import Row, rows
from flows.model import MessageKind

NUMBER: Final = (
    r"(?:#|no\.?|nr\.?|n[º°o]\.?|number|nummer|número)?\s*:?\s*"
    r"[A-Z]{0,6}[- ]?\d[\w/-]{1,20}"
)
"""The number of an invoice, with what stands before it."""

PAPERS: Final[Mapping[MessageKind, tuple[Row, ...]]] = {
    "supplier_invoice": rows(
        (
            4,
            r"(?:please )?(?:find|see) (?:\w+ ){0,3}(?:attached|enclosed|"
            r"below)? ?(?:\w+ ){0,4}invoice|(?:attached|enclosed|here|"
            r"below) (?:please find |is |are |you will find )?(?:\w+ ){0,4}invoices?|"
            r"invoices? (?:\S+ ){0,4}(?:is |are )?(?:attached|enclosed|ready|available|due|"
            r"below|for your)|your (?:\w+ )?(?:invoice|bill|statement)(?: \S+)? (?:from|"
            r"is (?:ready|available|attached|due|now)|for|no)|new invoice|our invoice|"
            r"invoice "
            rf"{NUMBER}"
            r"(?: from| over| for| /|$)|e-?invoice|invoiced? you",
        ),
        (
            3,
            r"(?:amount|balance|total|payment) (?:now )?due|amount payable|payable (?:by|"
            r"until|to|within|upon)|due (?:date|upon receipt|on receipt|in \d+ days)|"
            r"net (?:\d{2}|thirty|fifteen)|terms:? net|remit(?:tance)? (?:to|address|"
            r"payment)|bill(?:ed)? to|past due|overdue|statement of account|direct debit|"
            r"autopay|will be (?:charged|debited)|please pay",
        ),
        (
            2,
            r"invoices?|billing (?:period|statement|summary)|statement|credit (?:note|memo)|"
            r"vendor bill|(?:invoice|inv)[- ]?(?:no|nr|#|number|date)",
        ),
        (
            4,
            r"(?:adjunt[ao]\w*|adjuntamos|adjunto|le enviamos|enviamos|remitimos|nuestra|"
            r"su) (?:\w+ ){0,5}factura|factura (?:adjunta|"
            rf"{NUMBER}"
            r")|factura electrónica|fecha de vencimiento|importe total|total a pagar|"
            r"facturación",
        ),
        (2, r"facturas?|vencimiento|importe"),
        (
            4,
            r"(?:ci-joint\w*|veuillez trouver|trouverez|notre|"
            r"votre) (?:[\w'\u2019-]+ ){0,5}facture|facture (?:ci-jointe|"
            rf"{NUMBER}"
            r")|montant (?:dû|total|à (?:payer|régler))|date d'échéance|à régler|net à payer",
        ),
        (2, r"factures?|échéance"),
        (
            4,
            r"(?:anbei|im anhang|beigefügt|hiermit|unsere|ihre|"
            r"sende\w*) (?:[\wäöüß]+ ){0,5}rechnung|rechnung "
            rf"{NUMBER}"
            r"|rechnungs?(?:nummer|betrag|datum|nr)|zahlbar (?:bis|innerhalb|sofort)|"
            r"zahlungsziel|fällig (?:am|bis)|zahlungserinnerung|mahnung|bitte überweisen",
        ),
        (2, r"rechnung(?:en)?|fällig\w*|gesamtbetrag"),
        (3, r"fattura|factuur|fatura"),
    ),
    "payment_notice": rows(
        (
            4,
            r"payment (?:\w+ ){0,3}(?:received|sent|confirmation|confirmed|notification|"
            r"advice|posted|processed|successful|completed|on its way|made|went through|"
            r"of [$€£]?\d)|(?:received|sent|made|posted|mailed|initiated|issued|processed|"
            r"scheduled) (?:\w+ ){0,4}(?:payment|deposit|wire|transfer|check|ach)|you(?:'ve|"
            r" have)? (?:received|been paid|got paid|got money)|(?:deposit|direct deposit|"
            r"funds?|transfer) (?:\w+ ){0,2}(?:received|posted|credited|completed)|(?:paid|"
            r"sent) you [$€£]?\d|remittance(?: advice)?|payment from|payment for (?:invoice|"
            r"inv|your)|receipt for your payment|thank you for your payment",
        ),
        (
            4,
            r"(?:i|we|just|have|'ve|has|been|was|"
            r"is) (?:\w+ ){0,2}paid (?:\w+ ){0,3}(?:invoice|bill|it|hp|inv|today|yesterday|"
            r"by|via|online|in full|the)|invoice (?:\S+ ){0,3}(?:is |was |has been )?paid|"
            r"paid (?:in full|by (?:check|card|wire|transfer|zelle|venmo))|"
            r"check (?:\S+ ){0,4}(?:is )?(?:in the mail|mailed|sent|enclosed|went out|"
            r"on its way)|(?:mailed|sent|dropped off|put) (?:\w+ ){0,3}(?:check|cheque)|"
            r"(?:zelle|venmo|paypal|wire|ach|bank transfer) (?:\w+ ){0,3}(?:sent|payment|"
            r"today|completed|for)|wired (?:you |the )?|transferred",
        ),
        (2, r"payments?|paid|deposit(?:ed)?|remitted|zelle|venmo|cheque|credited"),
        (
            4,
            r"(?:ya )?(?:pagu[eé]|pagamos|hemos pagado|he pagado|pagado)|"
            r"transferencia (?:\w+ ){0,3}(?:realizada|hecha|enviada|recibida|bancaria)|"
            r"(?:hice|hicimos|realicé|envié) (?:\w+ ){0,2}(?:transferencia|pago|depósito)|"
            r"pago (?:de (?:la )?factura|recibido|realizado|confirmado|enviado)|"
            r"comprobante (?:de )?(?:pago|transferencia)|(?:hemos )?recibido su pago|abono",
        ),
        (
            4,
            r"(?:j'ai|nous avons|avons|ai) (?:bien )?(?:payé|réglé|effectué|viré)|"
            r"paiement (?:\w+ ){0,2}(?:reçu|effectué|envoyé|confirmé)|"
            r"virement (?:\w+ ){0,2}(?:effectué|envoyé|reçu|bancaire|fait)|"
            r"avis de (?:paiement|virement)|règlement de (?:la|votre|notre)",
        ),
        (
            4,
            r"überwiesen|(?:habe|haben|wurde|ist) (?:[\wäöüß]+ ){0,6}bezahlt|"
            r"zahlung(?:s(?:eingang|bestätigung|avis))? (?:[\wäöüß]+ ){0,3}(?:erhalten|"
            r"eingegangen|veranlasst|gebucht|bestätigt)|zahlungs(?:eingang|bestätigung|"
            r"avis)|gutgeschrieben|gutschrift|überweisung (?:ist|wurde|veranlasst)",
        ),
        (3, r"pagamento (?:ricevuto|effettuato)|betaald|betaling ontvangen"),
    ),
    "newsletter": rows(
        (
            3,
            r"unsubscribe|to stop receiving|opt[- ]out|stop these (?:e-?)?mails|(?:manage|"
            r"update|change) (?:your |my )?(?:e-?mail )?(?:preferences|subscription|"
            r"settings)|you(?:'re| are)? (?:receiving|getting|get|received) this (?:e-?mail|"
            r"message|newsletter|because)|(?:view|read|open) (?:this |it )?(?:e-?mail |"
            r"message )?(?:in|online|your)(?: your| a)? ?browser|no longer wish to receive|"
            r"darse de baja|cancelar (?:la )?suscripción|se désabonner|désinscri\w+|"
            r"désinscription|abmelden|abbestellen|disiscriviti",
        ),
        (
            3,
            r"newsletter|webinar|(?:weekly|monthly|daily) (?:digest|update|news|roundup|"
            r"bulletin)|what'?s new(?: in)?|in this issue|this (?:week|month) in|boletín|"
            r"lettre d'information|infolettre|rundbrief",
        ),
        (
            2,
            r"\d{1,2} ?% (?:off|discount|rabatt|de descuento|de réduction)|sale|blow-?out|"
            r"(?:limited|special|exclusive|seasonal) offers?|promo(?:tion)? code|coupon|"
            r"shop now|register now|save (?:up to|big|\$)|deals?|black friday|clearance|"
            r"learn more|read more|sign up|oferta|soldes|sonderangebot|angebot der woche",
        ),
    ),
    "spam": rows(
        (
            4,
            r"v\W{0,3}[i1!|]\W{0,3}a\W{0,3}g\W{0,3}r\W{0,3}a|"
            r"c\W{0,3}[i1!|]\W{0,3}a\W{0,3}l\W{0,3}[i1!|]\W{0,3}s|cialis|levitra|xanax|"
            r"tramadol|online pharmacy|no prescription|without (?:a )?prescription|penis|"
            r"enlarge(?:ment)?|male enhancement|erectile|hot (?:singles|girls|babes|women)|"
            r"xxx|porn|nude|escort service|adult (?:dating|site)|casino|online betting",
        ),
        (
            4,
            r"next of kin|(?:late|deceased) (?:client|husband|father|customer)|inheritance|"
            r"beneficiary|unclaimed (?:fund|estate|sum)\w*|(?:sum|amount|"
            r"transfer) of (?:usd|us\$|\$|eur|€)?\s?\d+(?:[.,]\d+)* ?(?:million|m\b)|"
            r"barrister|diplomat(?:ic)? (?:courier|agent)|"
            r"confidential (?:business )?(?:proposal|transaction|deal)|lottery (?:winner|"
            r"winning|prize|board|international)|you(?:'ve| have) won (?:a|an|the|[$€£]|us)|"
            r"prize (?:claim|winner)|claim your (?:prize|reward|winnings|fund)|"
            r"western union|atm card|god bless you as|dear (?:beloved|friend in christ)",
        ),
        (
            4,
            r"(?:1st|first|page (?:1|one)|top) (?:page |of |on )?(?:ranking|rankings|"
            r"of google|on google|google)|not on page 1|rank(?:ed|ing)? (?:your (?:site|"
            r"website)|higher|#1)|backlinks|white hat|seo (?:services?|audit|company|expert|"
            r"package)|search engine optimi[sz]ation|website (?:owner|traffic)|"
            r"(?:guarantee\w*) (?:\w+ ){0,3}(?:ranking|traffic|leads|results|page)|"
            r"guest post|domain authority|(?:buy|purchase) (?:email|mailing) lists?|"
            r"lead generation|mobile app development|web (?:design|development) (?:services|"
            r"company)|business loan|(?:unsecured|fast|instant) (?:loan|cash|funding)|"
            r"merchant cash advance|\d+ leads",
        ),
        (
            2,
            r"(?:verify|confirm|validate|update|re-?activate|upgrade) (?:your )?(?:account|"
            r"mailbox|password|identity|e-?mail|billing information|information)(?: now|"
            r" immediately| below| here| to avoid| within| or)?|verify now",
        ),
        (
            3,
            r"(?:mailbox|inbox|quota|storage) (?:\S+ ){0,4}(?:full|exceeded|limit|"
            r"almost full|over)|account (?:\w+ ){0,3}(?:suspend\w*|deactivat\w*|terminat\w*|"
            r"limited|be closed)|(?:suspend|deactivat|terminat)\w* (?:\w+ ){0,3}(?:account|"
            r"mailbox)|unusual (?:sign-?in|activity|login)|click (?:here|below|"
            r"the link)(?: below| now)? to (?:verify|confirm|restore|keep|avoid|claim|"
            r"unlock|upgrade|release)|password (?:expire[sd]?|expir\w+)|"
            r"undelivered messages are",
        ),
        (
            3,
            r"bitcoin|crypto(?:currency)? (?:investment|trading|wallet)|forex|"
            r"double your (?:money|income|investment)|make (?:money|\$\d+) (?:fast|"
            r"from home|online|per (?:day|week))|work from home|financial freedom|"
            r"earn (?:\$|up to \$)\d+|i (?:recorded|hacked) (?:you|your)|webcam|weight loss|"
            r"lose (?:weight|\d+ (?:lbs|pounds|kilos))|miracle|replica (?:watches|handbags)|"
            r"rolex|once in a lifetime|cheap (?:pills|meds|software)|buy now|gewinnspiel|"
            r"millionen euro|préstamo|prêt entre particulier",
        ),
        (
            1,
            r"click (?:here|below)|100% (?:free|guaranteed|risk[- ]free)|risk[- ]free|"
            r"act now|limited time|dear (?:friend|sir/madam|customer|user|winner|"
            r"website owner|owner)|kindly|urgent (?:reply|response|attention)|reply yes|"
            r"congratulations|free (?:audit|report|trial|gift|money)|\$\$\$|!{3,}|100%",
        ),
    ),
}
