"""Trouble with money, in a family and matters of belief, told by how they are said, as rows."""

from __future__ import annotations

from anonymizer.text.body_rules_abroad import FRENCH, GERMAN, SPANISH
from anonymizer.text.health_rules import PEOPLE
from anonymizer.text.rule import NEEDS_CONTEXT, Rule

_BILL = (
    r"(?:rent|mortgage|bills?|house (?:note|payments?)|car (?:note|payments?)|payments?|loans?"
    r"|taxes"
    r"|child support|alimony|utilities|groceries|ends meet|tuition|light bill|electric bill"
    r"|credit cards?"
    r"|hoa|condo fees|student loans)"
)
_KIN = (
    r"(?:husband|wife|mother|mom|mum|mama|father|dad|daddy|brother|sister|son|daughter"
    r"|grand\w{2,6}|nan|aunt"
    r"|uncle|cousin|partner|fianc[ée]e?|parents?|spouse|friend|baby|child|boyfriend|girlfriend"
    r"|in-laws?)"
)
_SUBJECT = (
    r"(?:i|he|she|we|they|who|husband|wife|mom|mum|dad|mother|father|son|daughter|brother"
    r"|sister|tenant"
    r"|partner|roommate|neighbou?r|uncle|aunt|cousin|boyfriend|girlfriend"
    r"|(?-i:\p{Lu}\p{Ll}{2,14}))"
)

HARDSHIP: tuple[Rule, ...] = (
    Rule(
        label="MONEY_TROUBLE",
        name="cannot pay a bill of a home",
        pattern=r"\b(?:can'?t|cannot|can not|couldn'?t|can (?:barely|hardly)|(?:could "
        r"|can )?barely|won'?t be able to"
        r"|unable to|not able to|struggl\w{2,3} (?:to|with)|trouble|hard time|missed|missing"
        r"|skipped|late (?:on|with)"
        r"|behind (?:on|in|with)|short (?:on|for)|owed? (?:\w{1,8} ){0,3}(?:in|of)|past due on"
        r"|defaulted on|default on"
        r"|fell behind (?:on|in|with)|falling behind (?:on|in|with)|delinquent on"
        r"|in arrears (?:on|with)|scrap\w{2,4} together)"
        r" (?:(?:make|making|pay|paying|cover|covering|meet|meeting|afford|affording"
        r"|keep up with|come up with|manage) ?)?"
        rf"(?:(?:the|our|my|his|her|their|this month'?s|last month'?s|next month'?s|two|three"
        rf"|a few|several|some|months?|of) ){{0,3}}{_BILL}\b"
        r"|\b(?:one|two|three|four|five|six|several|a few|\d) (?:months?|payments?"
        r"|weeks?) (?:behind|late|in arrears"
        r"|past due|overdue)\b(?! (?:on|with) (?:the |this |our )?(?:job|schedule|project|work"
        r"|order|delivery))"
        r"|\b(?:don'?t|doesn'?t|won'?t|do not) get paid (?:again )?(?:until|til|till)",
        score=NEEDS_CONTEXT,
        context=PEOPLE,
        source="https://gdpr-info.eu/recitals/no-75/",
        needs=("can", "could", "couldn", "barely", "won", "unable", "not", "strugg",
               "trouble", "hard", "miss",
               "skip", "late", "behind", "short", "owe", "past", "default", "fell",
               "falling", "delinq", "in arr",
               "scrap", "month", "payment", "week", "don", "doesn", "do not"),
    ),
    Rule(
        label="MONEY_TROUBLE",
        name="loss of work",
        pattern=rf"\b{_SUBJECT}(?:'s|'ve|'m|'re|ve|m)?(?: both| just| recently| also| all)?"
        r" (?:got|gets|was|were|been|is|are|getting|am|being|has been|have been"
        r"|had been)?(?: been| being| just| recently)? ?"
        r"\K(?:let go(?! of)|fired|laid off|furloughed|made redundant|downsized|canned|sacked"
        r"|unemployed|jobless"
        r"|out of (?:a job|work|money)|between jobs|in debt|broke(?= (?:right|at|until|till"
        r"|and|,|\.|$))|homeless"
        r"|couch ?surfing|bankrupt|insolvent|penniless|destitute|tapped out"
        r"|strapped(?: for cash)?|hard up|skint"
        r"|living in (?:my|his|her|our) car)\b"
        r"|\b(?:lost|losing|lose) (?:my|his|her|their|our|the) (?:job|jobs|income|business"
        r"|house|home|apartment|benefits|hours|paycheck)\b"
        r"|\b(?:my|his|her|our|their) (?:hours|pay|wages|shifts?|salary|benefits) (?:got|were"
        r"|was|have been|has been|are being|is being) (?:cut|reduced|slashed|stopped)\b"
        r"|\bcut (?:my|his|her) (?:hours|pay|shifts?)\b|\b(?:no income|no paycheck"
        r"|not working right now|looking for work|lost his contract)\b",
        source="https://gdpr-info.eu/recitals/no-75/",
        needs=("let go", "let", "fired", "laid", "furl", "made red", "down", "cann", "sack",
               "unemp", "jobl", "out of",
               "between", "in debt", "broke", "homel", "couch", "bankr", "insol", "penni",
               "dest", "tapp", "strapp",
               "hard up", "skint", "living", "lost", "losing", "lose", "hours", "pay",
               "wage", "shift", "salary",
               "benefit", "cut", "no inc", "no pay", "not work", "looking"),
    ),
    Rule(
        label="MONEY_TROUBLE",
        name="debt and help of a person",
        pattern=r"\b(?:(?:drowning|deep|buried|swimming|up to (?:my|our) (?:ears"
        r"|eyeballs)) in (?:debt|bills)|in collections"
        r"|(?:sent|went|gone|go|going) to collections|collection agenc\w{1,3}|creditors?"
        r"|bailiffs?|liens? on the house"
        r"|bill collectors?"
        r"|(?:bank|lender|landlord) (?:took|is taking|repossessed|wants to take"
        r"|is foreclosing on|is kicking us out)(?: (?:the|our|my|back))? ?(?:house|home|car"
        r"|truck)?"
        r"|eviction(?: (?:notice|hearing|court|papers))?|being evicted|notice to quit"
        r"|foreclosure notice|repo'?d|repo man"
        r"|paycheck to paycheck|living (?:off|on) (?:savings|credit cards?|my savings"
        r"|our savings|benefits)|maxed[- ]out"
        r"|went (?:bankrupt|under|broke)|fil\w{1,3} (?:for )?(?:bankruptcy|chapter (?:7|11|13)"
        r"|unemployment)"
        r"|on (?:food stamps|snap|wic|welfare|ssi|ssdi|unemployment|universal credit"
        r"|housing benefit|the dole|section 8"
        r"|public assistance|tanf|a pension|a fixed income|benefits"
        r"|a payment plan with the irs)"
        r"|garnish\w{2,4}(?: (?:my|his|her|our) (?:wages|paycheck|pay))?|food (?:bank|pantry)"
        r"|payday loans?|debt (?:relief|consolidation|counsel\w{2,4})"
        r"|(?:shut|cut|turned) off (?:our|my|his|her|the) (?:power|water|lights|gas"
        r"|electric\w{0,3}|heat|phone)(?= (?:for non-?pay\w{0,4}|because (?:we|i) (?:did"
        r"|could)))"
        r"|bounced (?:a |the |my )?check|insufficient funds|(?:my|our|his|her) (?:card"
        r"|debit card|credit card) (?:got|was|keeps getting|is getting|is) declined"
        r"|credit (?:is|was|got) (?:shot|bad|terrible|ruined|trashed|wrecked|awful"
        r"|in the toilet)"
        r"|(?:money|cash|things|finances|budget)(?:'s| is| are| has been"
        r"| have been) (?:really |very |so |super |a bit |kind of )?(?:tight"
        r"|short)(?! (?:against|at|in the))"
        r"|(?:gambl\w{2,3}|tax) debts?|overdrawn|overdraft|financial hardship"
        r"|hardship (?:letter|program|application))\b",
        score=NEEDS_CONTEXT,
        context=PEOPLE,
        needs=("debt", "bills", "bailiff", "lien", "collect", "credit", "bank", "lender",
               "landlord", "evict",
               "being ev", "notice", "foreclos", "repo", "paycheck", "living", "maxed",
               "went", "fil", "garnish", "food", "snap", "wic", "welfare", "ssi", "ssdi",
               "unemp", "universal", "housing", "dole", "section 8", "public", "tanf",
               "pension", "fixed", "benefit", "payday", "shut", "cut", "turned", "bounced",
               "insuff", "card", "debit", "money", "cash", "things", "finances", "budget",
               "gambl", "tax", "overd", "hardship", "in coll", "payment plan", "financial",
               "sent", "drown", "deep", "buried", "swim"),
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
    Rule(
        label="MONEY_TROUBLE",
        name="money trouble in other languages",
        abroad=True,
        pattern=r"\b(?:no (?:nos|me|le|les) alcanza|(?:debo|debemos|debe"
        r"|deben) (?:\w{1,8} ){0,2}(?:meses|rentas?|recibos|cuotas"
        r"|alquiler\w{0,2})(?: de (?:renta|alquiler))?"
        r"|(?:me |se )?qued[éóe] sin (?:trabajo|empleo|casa)|sin (?:trabajo|empleo"
        r"|dinero)(?! previo)|me (?:corrieron|echaron|despidieron|botaron)(?: del trabajo)?"
        r"|atrasad[oa]s? (?:con|en) (?:la|el|los|las) (?:renta|alquiler|pagos?|hipoteca"
        r"|cuotas?)|no (?:tengo|tenemos) (?:dinero|trabajo|para (?:pagar|la renta))"
        r"|desempleo|(?:lo|nos|me|los) desaloj\w{2,4}|desalojo|en la ruina|ando (?:corto"
        r"|mal) de dinero|estamos (?:mal|cortos) de dinero|endeudad[oa]s?"
        r"|(?:en retard|en retards?) (?:sur|pour|de|dans) (?:le |mon |notre |deux |trois "
        r"|les )?(?:mois de )?loyers?|au (?:rsa|ch[ôo]mage)|perdu (?:mon|son|notre"
        r"|leur) (?:travail|emploi|boulot|logement)"
        r"|(?:licenci|vir)[ée]{1,2}s? (?:de (?:mon|son)|en|depuis|le mois)|ne (?:peux|pouvons"
        r"|peut) (?:plus|pas) payer|fins? de mois (?:sont )?difficiles?|[àa] d[ée]couvert"
        r"|surendett\w{2,5}|fauch[ée]e?s?|expulsion|interdits? bancaires?|loyers? impay[ée]s?"
        r"|mit (?:der|den|zwei|drei) (?:miete|mieten|raten|monatsmieten) (?:im (?:r(?:ü"
        r"|ue)ckstand|verzug)|hinterher)|im r(?:ü|ue)ckstand|(?:wurde|bin|worden"
        r"|mir wurde)(?: \w{2,10}){0,2} (?:gek(?:ü|ue)ndigt|entlassen)(?! worden,? der vertrag)"
        r"|pleite|job verloren|(?:meine|seine|ihre|die) (?:arbeit|stelle|wohnung) verloren"
        r"|k(?:ö|oe)nnen (?:die|unsere) miete nicht (?:zahlen|bezahlen)|knapp bei kasse"
        r"|kein geld|b(?:ü|ue)rgergeld|arbeitsamt|verschuldet|insolvenz angemeldet|vom amt"
        r"|grundsicherung|gerichtsvollzieher|kurzarbeit|privatinsolvenz)\b",
        score=NEEDS_CONTEXT,
        context=(*SPANISH, *FRENCH, *GERMAN),
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
    Rule(
        label="FAMILY",
        name="a family comes apart",
        pattern=rf"\b(?:my|our|his|her|their) (?:{_KIN} )?(?:just |recently |finally |has "
        rf"|and i (?:are |have |just )?)?"
        r"\K(?:left (?:me|him|her|us)\b(?! (?:a|an|the|with|some|your|this|on read))"
        r"|walked out on (?:me|us|him|her)|moved out on (?:me|us)|kicked (?:me|him|her) out"
        r"|cheated on (?:me|him|her)|split(?: up)?\b|broke up|broke it off|are done"
        r"|don'?t (?:speak|talk)\b"
        r"|aren'?t (?:speaking|together)|no longer together|not together(?: any ?more)?"
        r"|on a break|separat(?:ed|ing)|divorc\w{2,3}|calling off the wedding)"
        r"|\b(?:cheated|cheating|walked out|stepped out) on (?:me|him|her|us)\b"
        r"|\bgoing through a (?:split|breakup|separation|rough patch|nasty split|divorce)"
        r"|\b(?:i|we|he|she|they|i've|we've|kids|parents)(?: have| just"
        r"| recently)? \K(?:split up|broke up|separated)\b(?! (?:the|in|into|a|an|your"
        r"|our) (?!january|february|march|april|june|july|august))"
        r"|\b(?:my|his|her|their|our) \K(?:soon[- ]to[- ]be[- ]ex|ex)\b(?!-?(?:display|demo"
        r"|rental|works?|factory))(?:[- ]?(?:wife|husband|partner|boyfriend|girlfriend"
        r"|in-laws?|mother-in-law))?"
        r"|\b(?:baby ?(?:daddy|mama)|step-?(?:mom|dad|mother|father)'?s? (?:passed|died)"
        r"|full custody|joint custody|sole custody|custody (?:battle|hearing|agreement|order)"
        r"|supervised visits?"
        r"|protective order|restraining order|no-contact order|estranged|disowned|(?:he|she"
        r"|they) (?:used to |would |also |just )?(?:hits?|beats?|beat|chokes?|choked"
        r"|threatens?|threatened|stalks?|abuses?|abused|raped|assaulted) (?:me|her|him|us"
        r"|the kids|my mom)\b"
        r"|single (?:mom|mum|dad|mother|father|parent)(?! (?:board|unit)))\b",
        needs=("left", "walk", "moved out", "kick", "cheat", "split", "broke", "done",
               "speak", "talk", "together", "break", "separat", "divorc", "calling",
               "stepp", "rough", "nasty", "ex ", "ex-", "ex.", "ex,", "ex'", "ex?", "ex)",
               "ex\n", "soon", "baby", "step", "full cust", "custody", "joint cust",
               "sole cust", "supervis", "protect", "restrain", "no-contact", "estrang",
               "disown", "hit", "beat", "chok", "threat", "stalk", "abus", "rape",
               "assault", "single", "kicked"),
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
    Rule(
        label="FAMILY",
        name="death and prison in a family",
        pattern=rf"\b(?:{_KIN}|he|she|who)(?:'s)?(?: has| had| have| just| recently| sadly"
        rf"| suddenly| finally){{0,2}} \K(?:passed(?: on| away| last| in| this"
        rf"| suddenly)?\b(?! (?:by|the|along|out|inspection|me|on (?:to|your)|your|through|it))"
        r"|died|(?:was|were|got) (?:murdered|killed|shot|arrested|locked up|jailed|deported"
        r"|detained|evicted)|is (?:dead|in (?:jail|prison|custody|hospice)|locked up|deceased"
        r"|no longer with us)|took (?:his|her) (?:own )?life|overdosed|drowned|(?:went"
        r"|is going|goes|going) to (?:jail|prison))\b"
        rf"|\b(?:burying|buried|bury|cremat\w{{2,3}}|lost|losing|lose|mourning|grieving"
        rf"|cremating) (?:(?:my|his|her|our|their) )?{_KIN}\b"
        rf"|\blost (?:my|his|her|our|their) {_KIN}\b"
        r"|\b(?:the |a |his |her |my mom's |my dad's )\K(?:funeral|wake|burial"
        r"|memorial(?: service)?|viewing at the|celebration of life|cremation"
        r"|eulogy)\b(?! (?:home (?:hvac|job|roof|boiler)))"
        r"|\b(?:in|to|from|out of) (?:jail|prison|juvie|county lock-?up)\b|\b(?:on"
        r"|violated) (?:parole|probation|bail|house arrest)\b|\bankle monitor\b"
        rf"|\b(?:my|our|his|her|their|your) \Klate {_KIN}\b",
        needs=("passed", "died", "murder", "killed", "shot", "arrest", "locked", "jail",
               "deport", "detain", "evict", "dead", "deceas", "longer", "took", "overd",
               "drown", "prison", "bury", "buri", "crem", "lost", "losing", "lose", "mourn",
               "griev", "funeral", "wake", "memorial", "viewing", "celeb", "eulogy",
               "juvie", "county", "parole", "probation", "bail", "ankle", "late", "custody",
               "hospice"),
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
    Rule(
        label="FAMILY",
        name="family in other languages",
        abroad=True,
        pattern=r"\b(?:(?:me|lo|la|nos) (?:dej[óo]|abandon[óo]|enga[ñn][óo]|pegaba?"
        r"|golpeaba?)(?! (?:un|una|el|la|los|las|su|sin|en|con) (?:mensaje|agua|luz|n[úu]mero"
        r"|tarjeta))|se muri[óo]|(?:mi|su) ex\b(?:-?(?:esposo|esposa|marido|mujer|pareja))?"
        r"|(?:se |nos )?(?:separ(?:amos|aron|[óo])|divorci(?:amos|aron|[óo])"
        r"|separad[oa]s? de (?:mi|su))|divorciad[oa]s?|en la c[áa]rcel|lo metieron preso"
        r"|pres[oa](?= (?:en|por|desde))|lo deportaron|viud[oa]|madre soltera"
        r"|orden de restricci[óo]n"
        r"|m'a quitt[ée]e?|nous a quitt[ée]s|m'a tromp[ée]e?|perdu (?:mon|ma|son|sa"
        r"|notre) (?:p[èe]re|m[èe]re|mari|femme|fils|fille|fr[èe]re|s(?:œ|oe)ur|b[ée]b[ée])"
        r"|mon ex(?:-(?:mari|femme|compagnon|compagne|conjoint))?|en instance de divorce"
        r"|me frappait|il me bat|en prison|veu(?:ve|f)|mort(?:e)? (?:le mois|en|l'an|cette"
        r"|hier|subitement)|est mort(?:e)?"
        r"|hat mich (?:verlassen|geschlagen|betrogen)|(?:mein|meine|meinem|meinen"
        r"|meiner) ex\b(?:-?(?:mann|frau|freund(?:in)?|partner(?:in)?))?|ex-(?:mann|frau"
        r"|freund(?:in)?)|getrennt(?= (?:lebend|von meine|von seine|seit|und))"
        r"|haben uns getrennt|witwer?|witwe|gestorben|verstorben|im gef(?:ä|ae)ngnis|im knast"
        r"|alleinerziehend\w{0,2}|sorgerechtsstreit)\b",
        score=NEEDS_CONTEXT,
        context=(*SPANISH, *FRENCH, *GERMAN),
        source="https://gdpr-info.eu/recitals/no-75/",
    ),
    Rule(
        label="BELIEF",
        name="worship of a person",
        pattern=rf"\b(?:{_SUBJECT}|my|our)(?:'m|'re|'s|'ll|ll"
        rf"|re)?(?: \w{{1,9}}){{0,4}}? \K(?:jumu?'?ah?|church(?! (?:needs?|boiler|roof"
        rf"|building|hall|street|st|rd|road|kitchen|basement|job|project|lane|avenue|on (?:elm"
        rf"|main)))|mosque|masjid|temple|synagogue|shul|mass|bible study|choir practice"
        rf"|sabbath|shabb(?:at|os|es)|ramadan|iftar|fasting|lent|namaz|prayers?|pray(?:ing|s)?"
        rf"|communion|confession|mikveh|minyan|diwali|puja|passover|seder|sukk(?:ot|ah)|eid"
        rf"|rabbi|imam|priest|pastor|deacon|deaconess|minister|nun|monk|kosher|halal|hijab"
        rf"|veil|turban|kippah|christening|bapti[sz]\w{2,3}|sunday school"
        rf"|kingdom hall)\b(?! (?:street|st|road|rd|ave|avenue|lane|boiler|roof|hall))",
        source="https://gdpr-info.eu/art-9-gdpr/",
        needs=("jum", "church", "mosque", "masjid", "temple", "synag", "shul", "mass",
               "bible", "choir", "sabb", "shab", "ramad",
               "ift", "fast", "lent", "namaz", "pray", "commun", "confess", "mikv", "miny",
               "diwali", "puja", "passover", "seder",
               "sukk", "eid", "rabbi", "imam", "priest", "pastor", "deacon", "minister",
               "nun", "monk", "kosher", "halal", "hijab",
               "veil", "turban", "kippah", "christen", "bapti", "sunday", "kingdom"),
    ),
    Rule(
        label="BELIEF",
        name="who somebody is",
        pattern=r"\b(?:trans (?:woman|man|girl|boy|person|kid)|transgender|lesbian(?: couple)?"
        r"|gay (?:couple|man|men|guy|bar|marriage)|same-sex couple|two (?:moms|mums|dads)"
        r"|queer|non-?binary|bisexual|lgbtq?\+?|drag queen|came out (?:as|to)|closeted"
        r"|(?:syrian|afghan|ukrainian|somali|haitian|venezuelan|sudanese|iraqi|cuban"
        r"|rohingya) refugees?|(?:without|no) papers|undocumented|asylum seekers?"
        r"|dreamers?(?= (?:and|who|with))|green card|overstayed (?:my|his|her|their) visa"
        r"|crossed the border|immigration (?:lawyer|court|hearing|raid)|ice (?:raid|came"
        r"|picked|took|detained)"
        r"|testig[oa]s? de jehov[áa]|cristian[oa]s?|cat[óo]lic[oa]s?|evang[ée]lic[oa]s?"
        r"|musulm[áa]n(?:a|es|as)?|jud[íi][oa]s?|ate[oa]s?|(?:a|de|la) misa|sin papeles"
        r"|indocumentad[oa]s?|ramad[áa]n|sikh|hindu"
        r"|musulmane?s?|catholiques?|juifs?|juive|chr[ée]tien(?:ne)?s?|protestante?s?"
        r"|t[ée]moins? de j[ée]hovah|homosexuel(?:le)?s?|sans[- ]papiers|r[ée]fugi[ée]e?s?"
        r"|shabbat|à la messe|à la mosqu[ée]e"
        r"|zeuge?n? jehovas?|evangelisch|katholisch|muslimisch|j(?:ü|ue)disch|muslima?|schwul"
        r"|lesbisch|gefl(?:ü|ue)chtet|moschee|in die kirche|gottesdienst|asylbewerber(?:in)?"
        r"|(?:a |an |lifelong |registered |proud |staunch )(?:republican|democrat|libertarian"
        r"|socialist|communist|conservative|liberal|marxist|anarchist|atheist|trump voter)"
        r"|voted (?:for )?(?:trump|biden|harris|labour|tory|green|republican|democrat)"
        r"|trump supporter|maga)\b"
        r"(?! (?:church|school|hospital|kirche|schule|kita|cemetery|charities|style|revival"
        r"|era|hymnal|cross|book|parish|diocese|kindergarten|gemeinde))",
        score=NEEDS_CONTEXT,
        context=(*PEOPLE, "as a", "somos", "son", "wir sind", "bin", "we are",
                  "suis", "sommes", "est", "downstairs", "vamos"),
        needs=("trans", "lesb", "gay", "same-sex", "two moms", "two mums", "two dads",
               "queer", "nonbin", "non-bin", "bisex", "lgbt", "drag", "came out",
               "closeted", "refugee", "papers", "undocu", "asyl", "dreamer", "green card",
               "overst", "crossed", "immig", "ice ", "testig", "cristian", "catól", "catol",
               "evang", "musul", "jud", "ateo", "atea", "misa", "sin pap", "indocu",
               "ramad", "sikh", "hindu", "cathol", "juif", "juive", "chr", "protest",
               "témoin", "temoin", "homosex", "sans", "réfug", "refug", "messe", "mosqu",
               "zeug", "kathol", "muslim", "jüd", "jued", "schwul", "gefl", "mosch",
               "kirche", "gottes", "republic", "democ", "libert", "social", "commun",
               "conserv", "liberal", "marx", "anarch", "atheis", "trump", "voted", "maga",
               "shab"),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
)  # fmt: skip
