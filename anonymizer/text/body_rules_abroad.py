"""Health told by its parts in Spanish, French, German and Arabic, as rows."""

from __future__ import annotations

from anonymizer.text.rule import NEEDS_CONTEXT, Rule

_SPANISH = """mi está esta tengo tiene tenemos para una los las que debo sufro quedé es
    somos soy del mamá papá mis nos"""
_FRENCH = """je j'ai mon ma elle nous une chez pas c'est suis sommes est père mère mari notre
    les femme"""
_GERMAN = """ich mein meine meinem meiner hat sich nicht eine einen wir ist der dem sie oma
    opa und frau sind"""
SPANISH = tuple(_SPANISH.split())
FRENCH = tuple(_FRENCH.split())
GERMAN = tuple(_GERMAN.split())
"""Words one of which every text in the language has: its rows count only near one."""

_ES = (
    r"(?:espalda|rodillas?|caderas?|hombros?|cuello|tobillos?|muñecas?|piernas?|brazos?|pies?"
    r"|manos?"
    r"|coraz[óo]n|pulm[óo]n(?:es)?|ri[ñn][óo]n(?:es)?|h[íi]gado|ojos?|vista|o[íi]dos?|cabeza"
    r"|costillas?"
    r"|columna|cintura|est[óo]mago|dedos?|codo|nariz|pr[óo]stata|ves[íi]cula|ap[ée]ndice"
    r"|cerebro|muelas?"
    r"|garganta|pecho|huesos|nervios|presi[óo]n)"
)
_FR = (
    r"(?:dos|genoux?|hanches?|[ée]paules?|cou|chevilles?|poignets?|jambes?|bras|pieds?|mains?"
    r"|c(?:œ|oe)ur"
    r"|poumons?|reins?|foie|yeux|[œo]e?il|vue|oreilles?|t[êe]te|c[ôo]tes?|colonne|ventre"
    r"|doigts?|coudes?"
    r"|nez|prostate|v[ée]sicule|appendicite|cerveau|dents?|gorge|poitrine|cataracte|estomac)"
)
_DE = (
    r"(?:r(?:ü|ue)cken|knie|h(?:ü|ue)fte|schulter|hals|kn(?:ö|oe)chel|handgelenk|beine?|arme?"
    r"|f(?:u|ü)(?:ß|ss)e?"
    r"|h(?:a|ä)nde?|herz|lungen?|nieren?|leber|augen?|ohr(?:en)?|kopf|rippen?|wirbels(?:ä"
    r"|ae)ule|magen"
    r"|finger|ellbogen|nase|prostata|galle|blinddarm|gehirn|z(?:a|ä)hne?|kreuzband"
    r"|bandscheiben?|meniskus"
    r"|schl(?:ü|ue)sselbein|oberschenkel|unterarm|zeh(?:en)?|bauch|brust)"
)

BODY_ABROAD: tuple[Rule, ...] = (
    Rule(
        label="HEALTH",
        name="health in Spanish",
        abroad=True,
        pattern=r"\b(?:(?:me|se|te|le|nos|les|se me|se le) (?:ha |han )?)?(?:romp(?:i[óo]|í"
        r"|ieron)|roto"
        r"|quebr(?:[óo]|é|ado)|fractur(?:[óo]|é|ado)|torci(?:[óo]|do)|torcí|lastim(?:[óo]|é"
        r"|ado)"
        r"|lesion(?:[óo]|é|ado)|quem(?:[óo]|é)|duelen?|operaron|operan|opera[rn]?|operad[oa]"
        r"|cort[óo])"
        rf" (?:de |del )?(?:el |la |los |las |un |una )?{_ES}\b"
        r"|\b(?:dolor(?:es)?|problemas?|mal|enferm[oa]s?|delicad[oa]s?|fractura|lesi[óo]n"
        r"|cirug[íi]a"
        r"|operaci[óo]n|infecci[óo]n|c[áa]ncer|ataque|trasplante|reci[ée]n operad[oa]) (?:del?"
        r"|en|al)"
        rf" (?:la |el |los |las |un |una )?{_ES}\b"
        r"|\bno pued[eo] (?:caminar|andar|moverse|subir (?:las )?escaleras|agacharse|respirar"
        r"|o[íi]r bien"
        r"|ver bien|salir de la cama|levantarse|hacer esfuerzos)\b|\bpresi[óo]n alta\b"
        r"|\baz[úu]car alta\b"
        r"|\bcita (?:con|en|del?) (?:el |la |mi |su )?(?:m[ée]dic[oa]|doctor\w?|dentista"
        r"|hospital|cl[íi]nica"
        r"|psic[óo]log\w|cardi[óo]log\w|onc[óo]log\w|ginec[óo]log\w|terapeuta|especialista)"
        r"|\bcita m[ée]dica\b"
        r"|\b(?:recuper[áa]ndo(?:se|me) de|sale de|salir de|sali[óo] de|por|tras"
        r"|despu[ée]s de) (?:una |la |su )?"
        r"\K(?:operaci[óo]n|cirug[íi]a|ces[áa]rea|quimio\w{0,8}|derrame|ca[íi]da|accidente)\b"
        r"|\b(?:sufr[eo]|padec[eo]|sufrimos|muri[óo]) (?:de|del) \K(?:la |los |el )?\w{4,16}\b"
        r"|\b(?:asm[áa]tic[oa]s?|diab[ée]tic[oa]s?|epil[ée]ptic[oa]s?|neumon[íi]a|ansiedad"
        r"|artritis"
        r"|hipertens[oa]|hipertensi[óo]n|sord[oa]s?(?= (?:y|de|desde))|cieg[oa]s?(?= (?:y|de"
        r"|desde))"
        r"|en cama|dado de baja|de baja(?: m[ée]dica)?(?= (?:por|desde|hasta|m))|di[áa]lisis"
        r"|muletas"
        r"|andador|embarazad[oa]|embarazo|convaleciente|terapia|psiquiatra|autista|autismo"
        r"|hospitalizad[oa]"
        r"|internad[oa]|en urgencias|migra[ñn]as?|ox[íi]geno(?! (?:para|de) (?:soldar|corte))"
        r"|adict[oa]|alcoh[óo]lic[oa]|rehabilitaci[óo]n(?= (?:por|de su|desde|f[íi]sica)))\b",
        score=NEEDS_CONTEXT,
        context=SPANISH,
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="HEALTH",
        name="health in French",
        abroad=True,
        pattern=r"\b(?:cass[ée]e?|foul[ée]e?|fait mal|br[ûu]l[ée]e?|tordue?|coup[ée]e?"
        r"|bless[ée]e?|luxé|froiss[ée]e?)"
        rf" (?:(?:le|la|les|au|à la|aux|un|une|à l'|son|sa) ?)?{_FR}\b(?! (?:de la (?:porte"
        rf"|cuve|pompe)))"
        rf"|\bmal (?:au|à la|aux|de|à l'|à) ?{_FR}\b"
        r"|\b(?:se faire |[êe]tre |été )?op[ée](?:r[ée]e?s?|rer|ration)"
        rf" (?:de la|du|des|de l'|au|à la|d'un[e]?|de) ?{_FR}\b"
        rf"|\b(?:probl[èe]mes?|douleurs?|maladie|cancer|fracture|infection|malade"
        rf"|greffe) (?:de |d'|du |des |au |aux "
        rf"|à la |à l'){{1,2}}(?:la |l'|les )?{_FR}\b"
        r"|\bne (?:peut|peux|pouvons) (?:plus|pas) (?:marcher|monter (?:les |l')?escaliers?"
        r"|se d[ée]placer|bouger"
        r"|se lever|se baisser|respirer|porter|conduire)\b"
        r"|\b(?:rendez-vous|rdv) (?:chez|avec|à) (?:le |la |l'|mon |ma |son "
        r"|sa )?(?:m[ée]decin|docteur|dentiste"
        r"|h[ôo]pital|clinique|kin[ée]|cardiologue|psy\w{0,9}|gyn[ée]co\w{0,6}|oncologue"
        r"|sp[ée]cialiste)"
        r"|\b(?:(?:en )?arr[êe]t (?:de )?(?:maladie|travail)|sous (?:oxyg[èe]ne"
        r"|antid[ée]presseurs|morphine|chimio|perfusion)"
        r"|malentendante?s?|malvoyante?s?|non-?voyante?s?|sourde?(?= (?:et|de|comme|depuis"
        r"|d'une))|aveugle(?= (?:et|de|depuis))"
        r"|asthmatiques?|[ée]pileptiques?|otite|bronchite|angine|cong[ée] maternit[ée]"
        r"|b[ée]quilles|d[ée]ambulateur"
        r"|alit[ée]e?s?|aux urgences|(?<=fait )(?:un avc|une chute)|en r[ée][ée]ducation"
        r"|chimioth[ée]rapie|convalescen\w{2}"
        r"|burn-?out|fausse couche|enceinte(?= (?:de|et|,|\.|$))|alcoolique|toxicomane|en cure"
        r"|trisomi\w{2,3}|autiste"
        r"|d[ée]pressi(?:f|ve)|anxi(?:eux|euse|[ée]t[ée])"
        r"|handicap(?:[ée]e?s?)?\b(?! (?:parking|acc))|à mobilit[ée] r[ée]duite)\b",
        score=NEEDS_CONTEXT,
        context=FRENCH,
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="HEALTH",
        name="health in German",
        abroad=True,
        pattern=rf"\b(?:(?:den|die|das|am|an der|sein|seinen|ihren|beide|ein"
        rf"|einen) )?(?:rechte\w? |linke\w? )?{_DE}"
        r" (?:gebrochen|verstaucht|geprellt|aufgeschnitten|verbrannt|verletzt|verdreht|gezerrt"
        r"|operiert|gestaucht"
        r"|ausgekugelt|geschnitten|gequetscht|gestochen|kaputt)\b"
        rf"|\b(?:{_DE}|zahn|glieder)-?(?:op|operation|schmerzen|leiden|problemen?|infarkt"
        rf"|insuffizienz|entz(?:ü|ue)ndung"
        r"|krebs|fehler|verletzung|schaden|bruch|patient(?:in)?|krank\w{0,5})\b"
        r"|\b(?:kann|konnte|können) (?:\w{2,10} ){0,3}(?:nicht(?: mehr)?|kaum(?: noch)?"
        r"|schlecht) (?:mehr )?"
        r"(?:(?:gut |richtig )?(?:laufen|gehen|h(?:ö|oe)ren|sehen|stehen|atmen|treppen steigen"
        r"|aufstehen))\b"
        r"|\b(?:arzt|zahnarzt|krankenhaus|op|facharzt|physio\w{0,9}|therapie"
        r"|chemo)-?termine?\b|\btermin(?: \w{2,6})?"
        r" beim (?:\w{0,8}arzt|orthop\w{3,6}|kardio\w{3,6}|frauenarzt|psych\w{4,9})"
        r"|\b(?:krankgeschrieben|krankschreibung|schwerh(?:ö|oe)rig|geh(?:ö|oe)rlos"
        r"|blind(?= (?:und|auf|seit|ist))|taub(?= (?:und|auf))"
        r"|r(?:ü|ue)ckenschmerzen|gehbehindert|rollator|kr(?:ü|ue)cken|pflegebed(?:ü|ue)rftig"
        r"|bettl(?:ä|ae)gerig"
        r"|sitzt im rollstuhl|im rollstuhl|im krankenhaus|auf (?:der )?reha\b|notaufnahme"
        r"|asthma(?:tiker(?:in)?)?"
        r"|diabetes|migr(?:ä|ae)ne|depressi(?:v|on(?:en)?)|angstst(?:ö|oe)rung|panikattacken"
        r"|alkoholiker(?:in)?|alkoholkrank"
        r"|drogens(?:ü|ue)chtig|entzug|trockener alkoholiker|fehlgeburt"
        r"|in der \d{1,2}\. (?:ssw|woche)|mutterschutz|hochschwanger"
        r"|autist(?:isch)?|adhs|krebskrank|todkrank|erk(?:ä|ae)ltet|grippe|fieber|herzkrank"
        r"|kreislaufprobleme\w?|h(?:ö|oe)rger(?:ä|ae)t\w{0,2}"
        r"|sauerstoffger(?:ä|ae)t|schwindel(?:anf(?:ä|ae)lle)?|magen-darm|pflegeheim"
        r"|psychiatrie|nervenzusammenbruch)\b",
        check=lambda text: "rohr" not in text.casefold(),
        score=NEEDS_CONTEXT,
        context=GERMAN,
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="HEALTH",
        name="health in Arabic",
        abroad=True,
        pattern=r"(?:جهاز (?:أكسجين|الأكسجين|تنفس)|مريض(?:ة)?(?: ب\w{3,12})?|حامل|كرسي متحرك"
        r"|غسيل (?:كلى|الكلى)"
        r"|عملية (?:في|جراحية)(?: \w{3,10})?|المستشفى|مستشفى|سرطان|السكري|الضغط|جلطة|ربو|الربو"
        r"|كسرت?\w? (?:رجل|يد|ساق)\w?\w?"
        r"|موعد (?:عند|مع) (?:الطبيب|الدكتور)|اكتئاب|الزهايمر|صرع|معاق(?:ة)?)",
        source="https://gdpr-info.eu/art-9-gdpr/",
        needs=("جهاز", "مريض", "ومريض", "حامل", "كرسي", "غسيل", "عملية", "المستشفى",
               "مستشفى", "سرطان",
               "السكري", "الضغط", "جلطة", "ربو", "الربو", "كسر", "موعد", "اكتئاب",
               "الزهايمر", "صرع", "معاق"),
    ),
)  # fmt: skip
