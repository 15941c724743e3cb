"""What customers write of: weighted phrases in English, Spanish, French and German.

One row is a weight and a regular expression for whole words. A row counts once in a place,
and a little more for each other phrase of it there. Weights: 4 says it outright, 2 points to
it, 1 is a hint.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from flows.model import MessageKind

Row = tuple[int, str]


def rows(*given: tuple[int, str]) -> tuple[Row, ...]:
    """Return rows with their expressions in small letters, for text in small letters.

    To make a text small once costs half of what it costs each row to take any case.
    """
    return tuple((weight, _small(pattern)) for weight, pattern in given)


def _small(pattern: str) -> str:
    return re.sub(r"(?<!\\)[A-Z]", lambda capital: capital[0].lower(), pattern)


FIXTURES: Final = (
    r"pipes?|sink|faucet|tap|toilet|drain|shower|tub|boiler|furnace|water heater|"
    r"heater|radiators?|thermostat|sump pump|pump|valve|sewer|septic|dishwasher|"
    r"washer|dryer|fridge|refrigerator|oven|stove|ac|a/c|air condition\w*|hvac|"
    r"heat pump|ceiling|roof|gutter|window|door|lock|garage door|outlet|breaker|"
    r"panel|light|lights|wiring|wall|fence|deck|chimney|basement|hot water|heat|"
    r"water|power|gas|elevator|alarm|printer|computer|laptop|network|internet|"
    r"machine|unit|car|spigot|hydrant|hose bib|commode|garbage disposal|engine|"
    r"brakes|screen|hose|fixture|disposal|riser"
)
"""What breaks in a house or a shop."""

REQUESTS: Final[Mapping[MessageKind, tuple[Row, ...]]] = {
    "complaint": rows(
        (
            4,
            r"(?:formal|serious|file a|making a|make a|my|our) complaint|complaint (?:about|"
            r"regarding|against) (?:you|your)|unacceptable|(?:we|"
            r"i) (?:\w+ ){0,3}(?:disappointed|dissatisfied|disgusted)|(?:disappointed|"
            r"dissatisfied) (?:with|in|by) (?:you|your|the (?:work|job|service|repair|"
            r"quality))|(?:was|were|been|being|got|am|are|you|you've) (?:\w+ )?overcharged|"
            r"overcharged (?:me|us|for)|double[- ]charged|billed (?:me|us) (?:twice|"
            r"double|wrong)|charged (?:\w+ ){0,3}(?:twice|"
            r"too much|double)|(?:want|demand|expect|like|deserve) (?:\w+ ){0,3}(?:refund|"
            r"my money back|money back|compensation)|never again|rip-?off|scam(?:med)? me|"
            r"small claims|better business bureau|bbb|(?:bad|negative|one[- ]star|"
            r"1[- ]star) review|not (?:at all )?(?:happy|satisfied|pleased|impressed)|"
            r"(?:very|so|extremely|really) (?:unhappy|upset|angry|frustrated)|unhappy with|"
            r"poor (?:service|workmanship|job|quality)|shoddy|unprofessional|what (?:we|"
            r"i) pay",
        ),
        (
            2,
            r"complaint|complain(?:ing)?|overcharge[sd]?|disappoint\w+|terrible|appalled|"
            r"horrible|outrag\w+|disgust\w+",
        ),
        (
            3,
            r"(?:still|again|already) (?:leak\w*|broken|not (?:fixed|working)|drip\w*|"
            r"no (?:heat|hot water))|(?:same|leak\w*|broke|drip\w*) (?:\w+ ){0,3}again|"
            r"(?:worse|leaking|leaks|broken) (?:than before|since|"
            r"after) (?:\w+ ){0,3}(?:you|your|visit|repair)|(?:since|after) your (?:visit|"
            r"people|men|guys|technician|plumber|repair|work)|nobody (?:came|showed|called|"
            r"shows)|no[- ]?show(?:ed)?|never (?:showed|came|called|fixed|returned)|"
            r"stood (?:me|us) up|(?:second|third|fourth|2nd|"
            r"3rd) time (?:\w+ ){0,4}(?:called|wrote|written|fixed|repaired|came|this|in)|"
            r"(?:scratch|damag|dent|ruin|crack|stain)(?:ed|s|ing)? (?:\w+ ){0,3}(?:my|our|"
            r"the) (?:\w+ )?(?:floor|wall|ceiling|carpet|cabinet|car|door|tile|tiles|garden|"
            r"lawn|furniture)|left (?:a|the) (?:mess|dirt|hole)|make (?:it|this) right|"
            r"refund (?:me|us|my|our|the)",
        ),
        (
            1,
            r"problem with (?:the|your)|wrong|mistake|rude|waited all day|as promised|"
            r"issue with",
        ),
        (
            4,
            r"queja|reclamaci[oó]n|inaceptable|decepcionad[oa]s?|reembolso|"
            r"devoluci[oó]n del? (?:dinero|importe)|muy molest[oa]s?|pésimo|mal servicio|"
            r"me cobraron (?:de más|dos veces|doble)|insatisfech[oa]|indignad[oa]",
        ),
        (
            4,
            r"réclamation|plainte|inacceptable|remboursement|mécontente?s?|déçue?s?|"
            r"surfactur\w+|scandaleux|pas (?:du tout )?(?:content|satisfait)\w*|"
            r"insatisfait\w*|mauvais travail|malfaçon",
        ),
        (
            4,
            r"beschwerde|reklamation|reklamieren|unzufrieden|inakzeptabel|unverschämt\w*|"
            r"enttäuscht|mangelhaft|mängel|rückerstattung|geld zurück|zu viel berechnet|"
            r"doppelt (?:berechnet|abgebucht)|schlechte arbeit|pfusch",
        ),
        (3, r"reclamo|klacht|reclamação"),
    ),
    "quote_request": rows(
        (
            4,
            r"(?:send|give|e?-?mail|tell) (?:us|me) (?:your |the |some |a )?(?:\w+ and )?"
            r"(?:prices?|price list|rates|pricing|packages)|come (?:out |by |"
            r"over )?(?:and |to )"
            r"measure|what would (?:that|it|this) (?:\w+ )?cost",
        ),
        (
            3,
            r"interested in (?:\w+ ){1,4}(?:for|at|on) (?:our|my|the)|"
            r"discuss (?:the )?(?:price|"
            r"pricing|cost)|looking for (?:a |an |some )?(?:\w+ )?(?:catering|caterer|company|"
            r"contractor|someone to|provider|vendor|cleaning|service)",
        ),
        (
            2,
            r"price and options|packages and prices|we (?:want|would like|plan) to (?:build|"
            r"install|replace|renovate|remodel|add|put in)",
        ),
        (
            4,
            r"(?:free |written |rough |a |an |your |some )?(?:quotes?|quotation|estimates?|"
            r"bids?) (?:for|on|to|request|requested|needed|please|from you)|"
            r"request (?:for )?(?:a |an )?(?:quote|quotation|estimate|proposal|pricing|bid)|"
            r"(?:get|have|send|give|need|want|like|provide|prepare|receive|looking for|"
            r"expect) (?:me |us |you |to get |to have )?(?:an? |the |your |some )?(?:free |"
            r"written |rough |formal )?(?:quotes?|quotation|estimates?|pricing|price|bid|"
            r"ballpark)",
        ),
        (
            4,
            r"how much (?:for|would|do you charge|does it|to|is it|will)|what (?:would|do|"
            r"will|does) (?:it|you|that|this|one) (?:cost|charge|run)|what would you charge|"
            r"cost (?:of|to|for) (?:a |an |the )?(?:install|replac|new|hav)\w*|ballpark|"
            r"price for|could you beat|what are your (?:rates|prices)|"
            r"your (?:hourly )?rates?",
        ),
        (2, r"quotes?|quotation|estimates?|bids?|proposal|pricing|price range|rfq|rfp|tender"),
        (
            2,
            r"(?:remodel|renovat|new (?:bathroom|kitchen|boiler|roof|build|construction|"
            r"system)|addition|upgrade|convert|conversion|hook-?up|rough-in)\w*|"
            r"thinking (?:about|of) (?:replacing|installing|adding)|planning to (?:replace|"
            r"install|add|build)",
        ),
        (
            4,
            r"presupuestos?|cotizaci[oó]n(?:es)?|cotizar|cu[aá]nto (?:cuesta|costar[ií]a|"
            r"cobran|cobra|sale|ser[ií]a|vale)|qu[eé] precio",
        ),
        (
            4,
            r"devis|combien (?:co[uû]te|co[uû]terait|prenez|demandez|cela|ça)|"
            r"prix approximatif|quel (?:serait|est) (?:le|votre) (?:prix|tarif)|estimation|"
            r"vos tarifs",
        ),
        (
            4,
            r"angebote?s?|kostenvoranschlag|kostenvoranschläge|preisanfrage|was (?:kostet|"
            r"würde|kosten)|wie ?viel (?:kostet|würde|kosten)|preisvorstellung|"
            r"unverbindlich\w*",
        ),
        (3, r"preventivo|offerte|orçamento|quanto costa|wat kost"),
    ),
    "service_request": rows(
        (
            3,
            r"(?:can|could|would|will) (?:you|somebody|someone|anyone|one of you) (?:please )?"
            r"(?:come|have a look|take a look|look|check|remove|help|clean|cut|send|stop by|"
            r"swing by|drop by)|(?:have|take) a look|how (?:fast|soon|quickly) can (?:you|"
            r"some\w+)|"
            r"(?:please )?send (?:us |me |over |out )?(?:someone|somebody|a (?:tech\w*|plumber|"
            r"electrician|crew|guy|man|mechanic|locksmith|roofer|cleaner))",
        ),
        (
            3,
            r"please (?:mow|clean|trim|cut|paint|haul|unclog|service|mount|install|replace|"
            r"winterize|tow|spray|treat|plow|rake|remove|fix|repair|unlock|reset|restore)",
        ),
        (
            2,
            r"puddles?|squeal\w*|squeak\w*|rattl\w+|grinding|hums|flicker\w*|blue screen|"
            r"crash\w*|"
            r"locked (?:\w+ )?out|(?:wasp|hornet|rat|mouse|mice|ant|termite)s?|nest|"
            r"jammed|trapped|"
            r"stuck|warm air|cold air|frozen|moldy?|mildew|mouldy?|missing shingles|torn|"
            r"snapped|"
            r"smoke|burning smell|smells?|tripped|dead|virus|hacked|flat tire|won't start|"
            r"water (?:comes|coming|came|is coming) (?:through|in|down|up)|knee high|overgrown",
        ),
        (
            3,
            r"(?:"
            rf"{FIXTURES}"
            r") (?:is|are|was|has|have|keeps?|started|won'?t|will not|does(?:n'?t| not)|"
            r"dosnt|stopped|not|isn'?t|still|may be|might be|must be|in the \w+ (?:is|"
            r"has)) (?:\w+ ){0,4}(?:leak\w*|drip\w*|broken|burst|clogged|blocked|stuck|dead|"
            r"out|off|cold|rusty|loose|cracked|backing up|backed up|overflow\w*|running|"
            r"nois\w+|bang\w*|work(?:ing)?|heat|turn|start|drain|flush\w*|stop|close|shut|"
            r"open|fail\w*|making|smell\w*|slow|down)",
        ),
        (
            3,
            r"leak(?:s|ing|y|ed)?|drip(?:s|ping)?|burst (?:pipe|hose)|flood(?:s|ed|ing)?|"
            r"clog(?:s|ged)?|overflow(?:s|ing|ed)?|backed up|backing up|no (?:heat|"
            r"hot water|water|power|ac|cooling|pressure)|smell of gas|gas smell|"
            r"carbon monoxide|sparks?|tripping|came off|fell off|stopped working|"
            r"not working|does(?:n'?t| not) work|isn'?t working|won'?t (?:start|turn on|"
            r"drain|flush|shut off|close|open|heat|light)|broke(?: down)?|out of order|"
            r"pilot (?:light )?(?:is |went )?out|(?:wont|won't) (?:\w+ )?(?:shut|"
            r"stop)(?: off)?|stuck (?:in|on|open|closed|shut)|runs? (?:all night|constantly|"
            r"nonstop|non-stop|all day)|running toilet|spits? water|keeps (?:running|"
            r"leaking|dripping|tripping|shutting|making)|hissing|gurgl\w+|banging|scalding|"
            r"rusty|shut ?off|water is off",
        ),
        (
            3,
            r"(?:please|can|could|would|need|want|to) (?:you |somebody |someone |have |us |"
            r"get )?(?:\w+ ){0,3}(?:fix|repair|service|unclog|look at|take a look|replace|"
            r"inspect|check (?:on|out|the|our|my|it))|(?:needs?|"
            r"in need of) (?:a )?(?:repair|repairs|fixing|replacing|service|maintenance)|"
            r"must it be replaced|repair or replace|(?:like|want|need|have) (?:it|this|them|"
            r"that|to have it|to get it) (?:fixed|repaired|replaced|looked at|checked)|"
            r"for a repair|repair request|service (?:request|call|visit)|"
            r"maintenance request|work orders?",
        ),
        (
            3,
            r"(?:send|have|get|is) (?:\w+ )?(?:someone|somebody|a (?:plumber|technician|guy|"
            r"man|tech|electrician|crew)|one of your (?:guys|men|"
            r"people)) (?:\w+ ){0,2}(?:out|over|by|come|to|here|asap|please|today|tomorrow)|"
            r"come (?:by|out|over|and (?:look|fix|see)|take a look|have a look|as soon as)|"
            r"when can you come|how soon can",
        ),
        (
            2,
            r"emergency|urgent|asap|as soon as (?:possible|you can)|same-day|right away|"
            r"please call(?: me| us| back)?|please schedule|annual (?:service|tune-?up|"
            r"inspection|maintenance)|tune-?up|winteriz\w+|backflow test|install(?:ation|"
            r"ed)?|replacement|new tenant",
        ),
        (
            1,
            r"(?:"
            rf"{FIXTURES}"
            r"|repair|plumb(?:er|ing)|technician|electrician)",
        ),
        (
            3,
            r"fugas?|gotea\w*|goteras?|(?:tubería|tubo|caño|cañería) (?:rot[oa]|"
            r"reventad[oa])|se (?:rompió|averió|dañó|descompuso)|no (?:funciona|calienta|"
            r"hay agua|sale agua|prende|enciende)|sin agua(?: caliente)?|tapad[oa]|"
            r"atascad[oa]|averiad[oa]|avería|inundad[oa]|inundación|reparar|reparación|"
            r"arreglar|(?:mandar|enviar) (?:a )?(?:alguien|un (?:técnico|plomero|"
            r"fontanero))|pueden (?:venir|pasar|mandar|enviar)|podrían (?:venir|pasar)|"
            r"urgente|emergencia",
        ),
        (
            1,
            r"calentador|caldera|grifo|llave|baño|cocina|inodoro|tubería|plomer\w+|"
            r"fontaner\w+|técnico|calefacción",
        ),
        (
            3,
            r"fuites?|fuit|coule|goutte|en panne|ne (?:marche|fonctionne|chauffe) (?:pas|"
            r"plus)|plus d'eau chaude|plus de chauffage|bouchée?s?|dégât des eaux|inond\w+|"
            r"réparer|réparation|dépann\w+|(?:envoyer|passer) (?:quelqu'un|un (?:plombier|"
            r"technicien))|pouvez-vous (?:venir|passer)|pourriez-vous (?:venir|passer)|"
            r"urgence|urgent",
        ),
        (
            1,
            r"chauffe-eau|chaudière|robinet|évier|toilettes|lavabo|plombier|plomberie|"
            r"chauffage|technicien|tuyau",
        ),
        (
            3,
            r"undicht|tropft|leckt|leck|wasserschaden|rohrbruch|verstopft|verstopfung|"
            r"läuft über|ausgefallen|defekt|kaputt|störung|(?:geht|funktioniert|läuft|"
            r"heizt) nicht(?: mehr)?|kein (?:warmwasser|warmes wasser|wasser|strom)|"
            r"keine heizung|reparieren|reparatur|notfall|dringend|(?:jemanden|techniker|"
            r"monteur|installateur) (?:\w+ )?(?:schicken|vorbei\w*|kommen)|vorbeikommen|"
            r"(?:können|könnten) sie (?:\w+ ){0,3}(?:kommen|schicken|reparieren|nachsehen)",
        ),
        (
            1,
            r"heizung|heizkörper|wasserhahn|therme|boiler|toilette|abfluss|rohr|klempner|"
            r"installateur|warmwasser|monteur",
        ),
        (3, r"perdita|guasto|non funziona|vazamento|não funciona|lekkage|lekt|verstopt"),
    ),
    "schedule_change": rows(
        (
            4,
            r"confirm(?:ing|ed)? (?:for |our |your )?(?:mon|tues|wednes|thurs|fri|satur|"
            r"sun)day|"
            r"(?:is|would|could) (?:mon|tues|wednes|thurs|fri|satur|sun)day (?:\w+ ){0,3}"
            r"(?:possible|ok|okay|work|better|instead)|possible instead of|something came up",
        ),
        (
            4,
            r"(?:updated |canceled |cancelled )?(?:invitation|event|appointment):|"
            r"(?:accepted|declined|tentative):|re-?schedul\w+|(?:cancel|move|change|"
            r"postpone|push(?: back)?|shift|switch|swap|bump) (?:\w+ ){0,4}(?:appointment|"
            r"visit|booking|service call|slot|time|date|day|tomorrow|monday|tuesday|"
            r"wednesday|thursday|friday|saturday|install(?:ation)?|tune-?up)|(?:cancel|"
            r"postpone) (?:tomorrow|today|it|this|for)|need to cancel|have to cancel|"
            r"postponed?",
        ),
        (
            3,
            r"(?:can|could|may) (?:we|you|i|it) (?:\w+ ){0,4}(?:instead|ins?tea?d|earlier|"
            r"later|another (?:day|time)|a different (?:day|time)|next week instead)|"
            r"(?:another|a different|some other) (?:day|time|date|week)(?: work)?|"
            r"inste?a?d of (?:\d|mon|tues|wednes|thurs|fri|satur|sun|tomorrow|today|the \d|"
            r"at|2|your)\w*|running (?:\w+ )?late|push(?:ed)? (?:it |us |that )?(?:back|to)|"
            r"no longer (?:need|available|able|home|works)|(?:ca'?nt|can'?t|cannot|"
            r"won'?t be able to|unable to) (?:make (?:it|the)|be (?:there|home)|"
            r"do (?:it )?(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun|tomorrow|the \d))|"
            r"won'?t be (?:home|there|in)|not be (?:home|there)",
        ),
        (
            3,
            r"(?:confirm(?:ing|ed|s)?|about|regarding|for|keep|before|"
            r"reminder of) (?:\w+ ){0,3}(?:appointment|visit|booking)|(?:appointment|"
            r"visit) (?:\w+ ){0,3}(?:confirm\w*|reminder|changed?|moved|on|at|time)|"
            r"(?:thursday|monday|tuesday|wednesday|friday|saturday|sunday|tomorrow|morning|"
            r"afternoon|that (?:time|day)|"
            r"(?:\d{1,2}(?::\d\d)?(?: ?[ap]\.?m\.?)?)) (?:\w+ ){0,4}(?:works|is (?:perfect|"
            r"fine|good|ok|okay|great)|suits|will do)|see you (?:then|on|at|tomorrow|mon|"
            r"tue|wed|thu|fri)\w*",
        ),
        (1, r"appointment|booked|slot|time window|calendar|rain check|arriv(?:e|al|ing)"),
        (
            4,
            r"(?:cambiar|mover|posponer|aplazar|reprogramar|cancelar|anular|adelantar|"
            r"pasar) (?:\w+ ){0,4}(?:cita|visita|fecha|hora|día|lunes|martes|miércoles|"
            r"jueves|viernes|sábado)|reprogramar|aplazar la|(?:otro día|otra hora|"
            r"otra fecha)|cancelar la",
        ),
        (1, r"citas?|visita"),
        (
            4,
            r"(?:reporter|décaler|déplacer|annuler|changer|repousser|"
            r"avancer) (?:[\w'\u2019]+ ){0,4}(?:rendez-vous|rdv|visite|date|heure|jour|passage|"
            r"intervention|lundi|mardi|mercredi|jeudi|vendredi|samedi)|autre (?:jour|date|"
            r"moment|heure)|(?:annuler|reporter|décaler) (?:notre|mon|le|la)",
        ),
        (1, r"rendez-vous|rdv"),
        (
            4,
            r"(?:termin|besuch)\w* (?:[\wäöüß.]+ ){0,6}(?:verschieben|verlegen|absagen|"
            r"ändern|stornieren|vorziehen|umbuchen)|(?:verschieben|verlegen|absagen|"
            r"umbuchen|terminverschiebung|terminabsage|terminänderung|neuer termin|"
            r"anderer? (?:termin|tag))",
        ),
        (1, r"termine?s?"),
        (3, r"spostare|disdire|appuntamento|afspraak|verzetten|remarcar"),
    ),
}
