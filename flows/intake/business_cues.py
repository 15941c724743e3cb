"""What makes a mail business: rows of cues in English, Spanish, French, German.

Rows as in `personal_cues`. Weights below 3 are words of any office letter.
"""

from __future__ import annotations

import re
from typing import Final

from flows.intake.personal_cues import cues

BUSINESS: Final = cues(
    (
        "request",
        3,
        r"(?:looking for|need|want|hire|book|order|reserve) (?:a|an|some|someone|somebody) "
        r"(?:\w+ ){0,2}(?:caterer|photographer|plumber|electrician|handyman|cleaner|painter|"
        r"contractor|gardener|mechanic|lawyer|dentist|doctor|room|table|cake|new \w+)|"
        r"are you available|availab(?:le|ility) (?:on|for|from|in|at|this|next)|availability|"
        r"do you (?:have (?:any )?(?:openings|rooms?|a room|a table)|offer|cater|"
        r"service|deliver|"
        r"repair|install|fix|do (?:free )?estimates)|(?:give|send) (?:us|me) (?:a|an|your|the) "
        r"(?:price|quote|estimate|idea|invoice)|i(?:'d| would) like to (?:order|book|schedule|"
        r"buy|reserve|make an? appointment|cancel|return)|booking|reservations?|redo(?:ing)? "
        r"(?:our|the|my)|caterers?|catering|florist|grooming|tim?e off|disponible|libre el",
    ),
    (
        "arrangement",
        2,
        r"missed your call|call (?:me|us) back|returning your call|"
        r"(?:mon|tues|wednes|thurs|fri|satur|sun)day (?:at \d{1,2}(?::\d\d)? |"
        r"morning |afternoon )?"
        r"(?:works|is (?:fine|good|ok))|thanks for (?:coming|your (?:quick|prompt|"
        r"work|help|call))|"
        r"(?:the )?work you did|five[- ]star|(?:lesson|class) to (?:mon|tues|wednes|"
        r"thurs|fri)\w+|"
        r"price|my husband will|my wife will|let you in|under the (?:flower pot|mat)|lock ?box",
    ),
    (
        "money",
        3,
        r"[$€£]\s?\d[\d,.]*|\d[\d.,]* ?(?:€|eur|usd|dollars|euros|dólares|pesos)|"
        r"\d+ ?(?:k|mm|million|billion)",
    ),
    (
        "invoice",
        4,
        r"invoices?|invoiced|factura|facturas|facture|factures|rechnung|rechnungen|"
        r"remittance|receipt|billing|accounts (?:payable|receivable)|p\.?o\.? ?(?:#|no|"
        r"number|box|\d)|purchase orders?|net 30|net 15|amount due|past due|balance due|"
        r"payable|overcharg\w*",
    ),
    (
        "payment",
        2,
        r"payments?|paid|pay(?:ing)?|refund|deposit|wire transfer|bank details|"
        r"checks? (?:for|is|no|#)|pago|pagar|pagué|paiement|virement|zahlung|"
        r"überweis\w+|bezahlt|überwiesen|credit card",
    ),
    (
        "quote",
        4,
        r"quotes?|quotation|estimates?|estimator|bids?|ballpark|pricing|price (?:for|"
        r"list|of)|how much (?:for|would|do you|does it|to)|presupuesto|cotización|"
        r"cuánto (?:cuesta|cobran|sería)|devis|combien|angebot|kostenvoranschlag|"
        r"was kostet",
    ),
    (
        "repair",
        4,
        r"repairs?|repaired|repairing|leak(?:s|ing|y|ed)?|drip(?:s|ping)?|burst|"
        r"plumb(?:er|ing|ers)|electrician|contractors?|technicians?|install(?:s|ed|"
        r"ation|ing|er)?|replace(?:d|ment|ment of)?|boiler|furnace|water heater|"
        r"radiators?|thermostat|faucet|toilet|drains?|clog(?:ged)?|pipes?|sump pump|"
        r"hvac|air condition\w*|wiring|breaker|roof(?:er|ing)?|gutters?|warranty|"
        r"maintenance|inspect(?:ion|or)|out of order|no (?:hot )?water|no heat|"
        r"broken (?:pipe|valve|window|lock|heater|unit)|fix (?:the|it|my|our|this|a)|"
        r"renovat\w+|remodel\w*|reparar|reparación|fuga|gotea|fontaner\w+|plomer\w+|"
        r"caldera|calentador|tubería|instalar|fuite|réparer|réparation|plombier|"
        r"chaudière|chauffe-eau|robinet|installer|reparatur|reparieren|undicht|tropft|"
        r"heizung|klempner|installateur|wasserhahn|rohr|einbauen|montage|handwerker",
    ),
    (
        "visit",
        3,
        r"appointments?|(?:re)?schedul(?:e|ed|ing)|dispatch(?:ed)?|service call|"
        r"site visit|your (?:technician|crew|team|company|service|services|website|"
        r"office|men|guys|people|work|staff)|send (?:someone|somebody|a (?:plumber|"
        r"technician|guy|man))|time slot|arrival window|cita|rendez-vous|termin|"
        r"intervention|come (?:by|out) (?:to|and) (?:look|fix|check|see|give)|"
        r"work orders?|job site",
    ),
    (
        "order",
        3,
        r"orders? (?:#|no|number|for|is|has|\d|confirm\w*|status)|your order|shipment|"
        r"shipped|shipping|deliver(?:y|ed|ies)|tracking (?:number|#)|back-?order(?:ed)?|"
        r"in stock|pedido|envío|commande|livraison|bestellung|lieferung|"
        r"account (?:number|no|#|manager)|case (?:number|#)|ticket (?:number|#)|"
        r"reference number|customer service|customer number",
    ),
    (
        "contract",
        3,
        r"contracts?|agreements?|proposals?|terms and conditions|terms of|signed|"
        r"signature required|lease|tenants?|landlord|property manage\w+|permits?|"
        r"licen[sc]e[ds]?|insurance|policy|liabilit\w+|attorneys?|counsel|legal|lawsuit|"
        r"litigation|compliance|audit\w*|tax(?:es)?|w-?9|irs|contrato|contrat|vertrag|"
        r"mieter|vermieter|versicherung|steuer\w*|seguro|impuestos|assurance",
    ),
    (
        "company",
        2,
        r"inc\.?|llc|l\.l\.c\.?|ltd\.?|gmbh|corp(?:oration)?\.?|s\.?a\.?r\.?l|s\.l\.|"
        r"plc|company|companies|firm|vice president|director|ceo|cfo|president|manager|"
        r"managing|supervisor|department|dept\.?|headquarters|subsidiary|ext\. ?\d+|"
        r"fax:?|x\d{4,5}",
    ),
    (
        "work",
        2,
        r"clients?|customers?|suppliers?|vendors?|projects?|budgets?|deadlines?|"
        r"meetings?|agenda|minutes|conference (?:call|room)|conference|presentations?|"
        r"slides|reports?|draft|memo|spreadsheet|review(?:ed)?|analysis|markets?|sales|"
        r"marketing|business|strategy|regulat\w+|commission|deals?|trad(?:e|ing|er|ers)|"
        r"employees?|employment|payroll|staff(?:ing)?|hr|human resources|resume|résumé|"
        r"cv|candidates?|interview|salary|hire[ds]?|hiring|training|shift|overtime|boss|"
        r"coworkers?|colleagues?|the office|at work|kunden?|projekt|besprechung|arbeit|"
        r"büro|cliente|proyecto|reunión|oficina|trabajo|réunion|projet|bureau|travail|"
        r"mitarbeiter",
    ),
    (
        "attached",
        2,
        r"attached|attachment|enclosed|please find|adjunto|ci-joint|pièce jointe|anbei|"
        r"im anhang|as requested|per your request|as per|please (?:review|advise|"
        r"confirm|sign|send|let us know|contact|forward|provide|call me|call us|"
        r"be advised)|let me know if you have any questions|regarding|pursuant|"
        r"with respect to|follow(?:ing)? up|at your earliest|asap|kindly|"
        r"for your (?:review|records|approval|reference)",
    ),
    (
        "formal",
        1,
        r"sincerely|yours truly|best regards|kind regards|dear (?:sir|madam|sirs|mr|mrs|"
        r"ms|dr|team|customer|valued)|to whom it may|sehr geehrte\w*|"
        r"mit freundlichen grüßen|estimad[oa]s?|atentamente|madame|monsieur|cordialement",
    ),
    (
        "account",
        3,
        r"(?:your|our) (?:account|subscription|password|order|statement|membership|"
        r"reservation|booking|rental|shipment)|unsubscribe|log ?in|sign ?in|username|"
        r"verification code|one-time code|click here|privacy policy|newsletter|"
        r"web ?site|software|server|database|e-?commerce|confirmation (?:number|code|#)|"
        r"will ship|dvd|flight|itinerary|reservation",
    ),
    (
        "public life",
        1,
        r"power|energy|gas|electricity|electric|california|governor|senator|congress|"
        r"ferc|puc|legislat\w+|government|commissioners?|committee|board|university|"
        r"school of|professor|professors?|course|students?|faculty|research|conference|"
        r"seminar|association|foundation|editorial|article|newspaper|times|post|"
        r"democrats?|republicans?|election|bill|stock|shares|options|investors?|"
        r"bankers?|portfolio|risk|credit|transaction|transmission|pipeline|asset|"
        r"capacity",
    ),
)

TRADE_SENDERS: Final = re.compile(
    r"(?:info|office|sales|service|support|billing|accounts?|invoices?|orders?|contact|admin|"
    r"hr|jobs|dispatch|accounting|bookings?|reservations?|estimates?|quotes?|team|hello|help|"
    r"news|offers|no-?reply|do-?not-?reply|notifications?|alerts?|payments?|finance|marketing|"
    r"customer\w*)@"
)
"""Addresses of offices, not of persons."""
