"""Trouble in the family and with money, as rows; only where they are said of a person."""

from __future__ import annotations

from anonymizer.text.health_rules import PEOPLE
from anonymizer.text.rule import NEEDS_CONTEXT, Rule, stems

_KIN = (
    r"(?:husband|wife|mother|mom|mum|father|dad|brother|sister|son|daughter|grand\w{2,6}|aunt"
    r"|uncle"
    r"|cousin|partner|fianc[ée]e?|parents?|spouse|neighbou?r|tenant|friend|boss|in-laws?"
    r"|niece|nephew"
    r"|boyfriend|girlfriend|baby|child)"
)
_FAMILY = (
    r"divorc(?:e|ed|es|ing|ee)\b|ex-(?:wife|husband|spouse|partner|boyfriend|girlfriend)"
    r"|custody(?! of (?:the |your |our )?(?:keys|evidence|records|funds|documents|samples)"
    r"| transfer| seal)"
    r"|widow(?:ed|er)?\b|passed away|pass(?:ed|ing) on (?:friday|sunday|monday)|funeral"
    r"|memorial service"
    r"|obituary|restraining order|order of protection|protection order"
    r"|no-contact order"
    r"|domestic (?:violence|abuse|dispute)|women's shelter|abusive|county jail|jail(?:ed"
    r"|time)?\b|prison\b"
    r"|incarcerat(?:ed|ion)|arrested|arrest warrant|dui\b|dwi\b|on parole|on probation"
    r"|parole officer"
    r"|probation officer|convicted|felony|felon\b|criminal record|alimony|child support"
    r"|estranged"
    r"|took (?:his|her|their) own life|killed (?:himself|herself|themselves)|buried (?:his"
    r"|her|my|their|our) (?:wife|husband|mother|father|son|daughter|brother|sister|mom|dad)"
    r"|lost (?:my|his|her|our|their) (?:husband|wife|mother|mom|mum|father|dad|brother|sister"
    r"|son|daughter|baby|parents?)"
    r"|deported|deportation|condolences|bereave(?:d|ment)|grieving|in mourning|sitting shiva"
    r"|in mediation"
    r"|marriage counsel\w{2,6}|broke up|split up|breakup|adoption\b(?! (?:of (?:the|a|this)"
    r"|rate))|foster (?:care|child|kid"
    r"|home|parents?)"
    r"|rehab center|child protective|cps\b|stalk(?:ed|er|ing)|hospice|hit and run"
    r"|divorçons|divorcent|scheiden lassen|uns scheiden|beat me\b|beats me\b|hits me\b"
    r"|hit me and|lost the baby|lost our baby|lost a baby|divorcio|divorciad[oa]s?"
    r"|divorciando|visitation|legal guardian\b|guardianship|viud[oa]"
    r"|falleci(?:ó|do|da|eron|miento)|entierro|orden de alejamiento"
    r"|cárcel|violencia (?:doméstica|de género|machista)|pensión alimenticia|manutención"
    r"|la custodia|murió"
    r"|velorio|sepelio|deportad[oa]|nos separamos|nos estamos separando|separación"
    r"|veuve\b|veuf\b|décéd(?:é|ée|er)\b|décès|enterrement|obsèques|funérailles"
    r"|garde (?:partagée|alternée|des enfants)"
    r"|pension alimentaire|violence conjugale|en prison|séparés\b|notre séparation"
    r"|séparé(?:e)? d"
    r"|scheidung\w{0,6}|geschieden\w{0,2}|witwer?\b|verstorben\w{0,2}|gestorben|beerdigung"
    r"|beisetzung|trauerfall"
    r"|sorgerecht\w{0,8}|gefängnis|häusliche gewalt|getrennt leb\w{2,4}|leben getrennt"
    r"|lebe getrennt|طلاق|توفي|توفت|جنازة|السجن"
)  # fmt: skip
_FAMILY_WEAK = (
    r"separat(?:ed|ing|ion)\b|mediation|died\b|dead\b|probation|theft\b|court date"
    r"|court hearing|bail\b"
    r"|custodia|murió|muerto|prison\b|funérailles|séparé(?:e|s)?\b|mort(?:e)?\b|getrennt"
    r"|tod\b|unterhalt\b|in haft"
    r"|the wake\b|grave\b|cemetery|lawyer says"
)
_MONEY = (
    r"bankrupt(?:cy)?\b|filed (?:for )?chapter (?:7|11|13)|chapter (?:7|13)\b|foreclos(?:ed"
    r"|ure|ing)\b|evict(?:ed|ion)\b|repossess\w{0,4}|laid off|lay-?off\b|unemploy(?:ed"
    r"|ment)\b|food stamps|ebt card|on welfare|welfare check|section 8|disability (?:check"
    r"|benefits?|payments?|pay)|credit (?:score|rating) (?:is|of|was|dropped)|credit score"
    r"|bad credit\b|poor credit\b|terrible credit\b|ruined credit\b|garnish(?:ed|ment|ing)"
    r"|payday loan|credit card debts?|debt collectors?|in debt\b|my debts?|his debts?"
    r"|her debts?|their debts?|our debts?|three-day notice|pay or quit|loan shark"
    r"|medical bills|medical debt|behind (?:\w{1,9} ){0,3}(?:on|with|in) (?:the |my |our "
    r"|his |her |their |two |three )?(?:months )?(?:rent|mortgage|payments?|bills?"
    r"|child support|car payments?|loan|alimony|utilities)|months? behind on"
    r"|weeks? behind on(?! (?:the |this |our )?(?:job|schedule|project|work|order)s?\b)"
    r"|money is (?:very |so |really )?tight|on ssi\b|on ssdi\b|on social security"
    r"|on a fixed income|my credit is|his credit is|her credit is|our credit is"
    r"|debemos (?:\w{1,8} ){0,2}(?:rentas?|meses|recibos|cuotas)"
    r"|debo (?:\w{1,8} ){0,2}(?:rentas?|meses|recibos|cuotas)|back rent|rent arrears"
    r"|owing (?:\w{1,9} ){0,4}(?:months?|rent)(?: of rent| rent)?"
    r"|owes? (?:\w{1,9} ){0,4}(?:months? of rent|rent|child support|back rent)|unpaid rent"
    r"|lost (?:my|his|her|their|our) (?:job|jobs|business|house|home)|out of work"
    r"|between jobs|can't (?:pay|afford)(?! (?:by|with|online|cash|through"
    r"|via)\b)(?: (?:the |my |our |his |her )?(?:rent|mortgage|bills?|it))?|cant (?:pay"
    r"|afford)(?! (?:by|with|online|cash|through|via)\b)(?: (?:the |my |our |his "
    r"|her )?(?:rent|mortgage|bills?|it))?|cannot (?:pay|afford)|could(?:n't| not) (?:pay"
    r"|afford)|living paycheck|paycheck to paycheck|maxed out|overdraft|overdrawn"
    r"|struggling financially|financial(?:ly)? (?:trouble|hardship|difficult\w{2,4}"
    r"|struggling)|tight on money|short on (?:cash|money|rent)|got fired|was fired"
    r"|been fired|hours (?:were|got) cut|pawn(?:ed|shop)|gambling|gofundme|tax lien"
    r"|wage garnishment|desahuci(?:o|ad[oa]s?)|desemplead[oa]|en el paro|en paro\b"
    r"|bancarrota|deudas\b|embarg(?:o|ad[oa]|aron)|debe (?:\w{1,8} ){0,2}(?:recibos|meses"
    r"|rentas?|cuotas)|atrasad[oa]s? (?:en|con) (?:la|el) \w{3,10}|me despidieron"
    r"|despidieron a|sin trabajo|no puedo pagar|no podemos pagar|no puede pagar"
    r"|meses de (?:renta|alquiler)|hipoteca atrasada|chômage|loyers? (?:en retard|impayés?)"
    r"|surendett\w{2,5}|expuls(?:é|ée|ion)|licencié(?:e)?\b|licenciement|mes dettes"
    r"|ses dettes|nos dettes|faillite|huissier|saisie sur|interdit bancaire"
    r"|en retard (?:dans|sur|de) (?:le|mon|son|notre|deux) (?:loyer|mois)|perdu (?:mon"
    r"|son) emploi|arbeitslos(?:igkeit)?|privatinsolvenz|schulden\b|mietrückst\w{2,4}"
    r"|miete im rückstand|mit der miete|geräumt|räumungsklage|zwangsräumung|hartz|bürgergeld"
    r"|pfändung|gepfändet|jobcenter|schufa|job verloren|zahlungsunfähig|عاطل|ديون|إفلاس"
)
_PAY = (
    r"\$ ?\d[\d,.]{0,9}k?(?: ?(?:/|per|an?|each) ?(?:h(?:r|our)?|year|yr|month|mo|week|wk"
    r"|annum)\b)"
    r"|\d[\d,.]{0,8}k (?:a|per|/) ?(?:year|yr|month)"
)

_SURELY_MONEY = (
    r"evict(?:ed|ion)\b(?! moratorium)|repossessed|laid off|food stamps|unemployed\b"
    r"|privatinsolvenz|arbeitslos(?:igkeit)?"
    r"|mietrückst\w{2,4}|au chômage|surendett\w{2,5}|desemplead[oa]|desahuciad[oa]s?"
    r"|bürgergeld|foreclosed on"
    r"|debe (?:\w{1,8} ){0,2}(?:recibos|rentas?|cuotas|meses de)|loyers? (?:en retard"
    r"|impayés?)|räumungsklage|owing (?:\w{1,9} ){0,2}months?"
)
_MACHINE = (
    r"(?:pump|compressor|batter(?:y|ies)|motor|boiler|furnace|heater|unit|fan|blower"
    r"|thermostat|light|switch"
    r"|outlet|phone|car|truck|van|fridge|freezer|dishwasher|washer|dryer|oven|stove|it|that"
    r"|this|the|which"
    r"|system|panel|breaker|generator|charger|sensor|timer|grass|lawn|tree|plant|shrub|hedge"
    r"|laptop|one|they)"
)

TROUBLE: tuple[Rule, ...] = (
    Rule(
        label="FAMILY",
        name="trouble in a family",
        pattern=rf"(?<![-\w])(?:{_FAMILY})(?!\w)(?! ?-?(?:home job|lawyer's office job"
        rf"|attorney))",
        unless=("chain of", "protective"),
        starts=stems(_FAMILY),
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
    Rule(
        label="FAMILY",
        name="the dead of a family",
        pattern=rf"\b(?:my|our|his|her|their|your) \Klate (?={_KIN}\b)"
        rf"|\b(?:he|she|who|{_KIN}|mr\.? \w{{2,20}}|mrs\.? \w{{2,20}})(?:'s)?(?: \w{{2,14}})?"
        r"(?: just| suddenly| recently| sadly| also){0,2} \K(?:(?:has|had|have) (?:just "
        r"|recently |sadly )?)?(?:died|passed"
        r"|is dead|was killed)\b"
        r"(?! (?:by|on (?:to|me)|out|the|along|through|inspection|a (?:test|kidney)))"
        rf"|\b(?:death|loss|passing|burial) of (?:my|our|his|her|their|your) (?:late )?{_KIN}\b"
        rf"|\b(?:my|our|his|her|their|your) {_KIN}'s (?:death|passing|burial|wake|estate"
        rf"|suicide)\b",
        needs=("late", "died", "passed", "dead", "killed", "death", "loss", "passing",
               "burial",
               "wake", "estate", "suicide"),
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
    Rule(
        label="FAMILY",
        name="separation of people",
        pattern=r"\b(?:i|i'm|we|we're|we've|they|they're|he|he's|she|she's|couple|parents"
        r"|wife|husband|"
        rf"{_KIN})(?: and i| and me)?(?: (?:are|am|is|have|has|had|were|was|been|got|just|now"
        rf"|recently|legally|getting)){{1,4}}"
        r" \Kseparat(?:ed|ing)\b|\b(?:our|my|his|her|their|legal|marital"
        r"|the) \Kseparation\b(?= (?:agreement|from|is|was|has|last|this|and i))"
        r"|\b(?:me|se|nos) (?:estoy|está|estamos|he|ha|hemos) \K(?:separ\w{2,5}|divorci\w{2,5})"
        r"|\b(?:and i|and me|and my \w{4,7}|my \w{4,8}|we) \Kseparated\b(?= (?:in|last|this|a"
        r"|two|three|four|five|six|after|and i|,|\.|years?))"
        r"|, \Ks[ée]parée?(?=,)|\b(?:je suis|on est|elle est|il est|nous sommes|s'est"
        r"|se sont) \Kséparée?s?\b"
        r"|\b(?:lebe[n]?|wir sind|ich bin|leben|sind) \Kgetrennt\b"
        rf"|\b(?:i|we|he|she|they|{_KIN})[^.!?\n]{{0,40}}\b(?:in|for|about|of|charged with"
        rf"|convicted of|arrested for) \K(?:mediation|theft|assault|fraud|battery)\b",
        needs=("separat", "separ", "divorci", "séparé", "getrennt", "mediation", "theft",
               "assault",
               "fraud", "battery"),
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
    Rule(
        label="FAMILY",
        name="death of somebody named",
        pattern=rf"(?-i:\b(?!(?i:{_MACHINE})s?\b)\p{{Lu}}\p{{Ll}}{{2,16}}) \K(?:has |had )?died"
        r"(?= (?:on|in (?:his|her|their|hospital|january|february|march|april|may|june|july"
        r"|august|september|october"
        r"|november|december|20)|of|peacefully|suddenly|from|last (?:week|month|year)|this)\b)",
        needs=("died",),
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
    Rule(
        label="MONEY_TROUBLE",
        name="trouble with money that only people have",
        pattern=rf"(?<![-\w])(?:{_SURELY_MONEY})(?!\w)",
        starts=stems(_SURELY_MONEY),
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
    Rule(
        label="MONEY_TROUBLE",
        name="trouble with money",
        pattern=rf"(?<![-\w])(?:{_MONEY})(?!\w)"
        r"(?! ?(?:invoices?|insurance|law(?:yer)?|attorney|court filing|sale|estimate"
        r"|software|number))",
        score=NEEDS_CONTEXT,
        context=PEOPLE,
        starts=stems(_MONEY),
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
    Rule(
        label="MONEY_TROUBLE",
        name="what somebody earns",
        pattern=r"\b(?:i|we|he|she|they|wife|husband|tenant|applicant)(?:'m|'re"
        r"|'s)?(?: \w{2,10}){0,2}? "
        r"(?:make|makes|made|earn|earns|earned|bring home|brings home|take home|takes home"
        r"|clears?|gets? paid|paid|paying)"
        rf"(?: \w{{2,10}}){{0,2}}? \K(?:{_PAY})"
        r"|\b(?:salary|wages?|income|take-home|pension|paycheck|sueldo|salario|salaire|gehalt"
        r"|lohn|rente|nómina)\b"
        r"(?: (?:is|was|of|at|es|de|est|ist|von|about|around|only|just"
        r"|:)){0,3} ?[$€£]? ?\K\d[\d,. ]{1,10}k?\b",
        needs=("make", "made", "earn", "home", "clear", "paid", "paying", "salary", "wage",
               "income", "pension", "paycheck", "sueldo", "salario", "salaire", "gehalt",
               "lohn",
               "rente", "nómina"),
        digits=2,
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
    Rule(
        label="MONEY_TROUBLE",
        name="credit score",
        pattern=r"\b(?:credit|fico) ?(?:score|rating)?\b[^\d\n.]{0,24}\K[3-8]\d\d\b",
        score=NEEDS_CONTEXT,
        context=("credit score", "fico", "credit rating", "score"),
        digits=3,
        source="https://en.wikipedia.org/wiki/Credit_score_in_the_United_States",
    ),
    Rule(
        label="MONEY_TROUBLE",
        name="no money",
        pattern=r"\b(?:i|i'm|i am|we|we're|we are|he's|she's|they're) \K(?:(?:totally "
        r"|completely |flat |dead )?broke)\b(?! ?(?:the|a|my|our|it|his|her|down|off|into"
        r"|ground|in|up|an|two|one|through))",
        needs=("broke",),
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
)  # fmt: skip
