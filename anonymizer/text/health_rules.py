"""Somebody's health, as rows: illness, treatment, disability, pregnancy, addiction.

Three strengths: words that are never said of a machine, words that need a person nearby, and
words of the trades as well (a stroke, a depression, blind, oxygen) that need a whole phrase.
"""

from __future__ import annotations

from anonymizer.text.rule import NEEDS_CONTEXT, Rule, stems

PEOPLE = (
    "i", "i'm", "i've", "i'll", "i'd", "im", "me", "my", "myself", "he", "he's", "his", "him",
    "she", "she's", "her", "they", "they're", "their", "them", "we", "we're", "we've", "our",
    "us", "who", "who's", "patient", "husband", "wife", "mother", "mom", "mum", "father", "dad",
    "brother", "sister", "son", "daughter", "grandmother", "grandma", "grandfather", "grandpa",
    "aunt", "uncle", "neighbor", "neighbour", "tenant", "partner", "boyfriend", "girlfriend",
    "mr", "mrs", "ms", "lady", "gentleman", "guy", "owner", "sister-in-law", "landlord",
    "mother-in-law", "father-in-law", "brother-in-law", "nephew", "niece", "cousin", "boss",
    "mi", "su", "sus", "soy", "estoy", "está", "tengo", "tiene", "ella", "él", "nos", "nuestro",
    "nuestra", "marido", "mujer", "esposa", "esposo", "madre", "padre", "abuela", "abuelo",
    "hermano", "hermana", "hijo", "hija", "señora", "señor", "inquilino", "inquilina",
    "je", "j'ai", "mon", "ma", "mes", "sa", "ses", "elle", "il", "nous", "mari", "femme",
    "mère",
    "père", "frère", "sœur", "soeur", "fils", "fille", "locataire", "voisine", "voisin",
    "madame",
    "ich", "wir", "er", "sie", "mein", "meine", "meiner", "meinem", "meinen", "unser", "unsere",
    "sein", "seine", "ihr", "ihre", "ihrem", "ihrer", "mann", "frau", "mutter", "vater", "mir",
    "oma", "opa", "bruder", "schwester", "sohn", "tochter", "mieter", "mieterin", "nachbarin",
    "أنا", "زوجي", "زوجتي", "أمي", "أبي", "والدي", "والدتي", "ابني", "ابنتي",
)  # fmt: skip
"""Words that say that a person is spoken of."""

_NEVER_A_MACHINE = (
    r"speech therapy|occupational therapy|physical therapy|feeding (?:pump|tube)|cpap\b"
    r"|power chair|apnea(?: monitor)?|nonverbal|non-verbal|eczema|strep(?: throat)?\b"
    r"|tonsillitis|bronchiolitis|bronquiolitis|croup\b|ear infections?|night terrors"
    r"|on the spectrum|fever(?:ish)?\b|chickenpox|in hospital\b|in the hospital\b"
    r"|hospitali[sz]\w{2,6}|allergic to (?!two|four)\w{3,12}(?: nuts?)?|breast cancer"
    r"|lung cancer"
    r"|prostate cancer|colon cancer|skin cancer|pancreatic cancer|ovarian cancer"
    r"|padece d\w{1,3} \w{4,14}|sufre d\w{1,2} \w{4,14}|cancer (?:treatment|patient"
    r"|diagnosis)s?|has cancer|blood thinners?|blood pressure (?:meds|pills|medication)"
    r"|my doctor (?:says?|said|told|wants|thinks|ordered)|my cardiologist (?:says?|said|told"
    r"|wants|thinks|ordered)|my surgeon (?:says?|said|told|wants|thinks|ordered)"
    r"|my therapist (?:says?|said|told|wants|thinks|ordered)|my neurologist (?:says?|said"
    r"|told|wants|thinks|ordered)|expecting (?:a baby|our|twins|in)|wife is (?:expecting"
    r"|due)|baby is due|having a baby|have cancer|had cancer|had a stroke"
    r"|had a heart \w{4,9}|had a fall|had surgery|is pregnant|multiple sclerosis"
    r"|rheumatoid(?: arthritis)?|rheumatic fever|arthriti[cs]|parkinson'?s|alzheimer'?s"
    r"|dementia|leuk[a]?emia|lymphoma|melanoma|myeloma|chemo(?:therapy)?|radiotherapy"
    r"|radiation (?:therapy|treatment)s?|dialysis|diabet(?:es|ic)|epilep(?:sy|tic)"
    r"|asthma(?:tic)?|copd\b|emphysema|schizophreni\w{1,2}|bipolar disorder|ptsd\b|adhd\b"
    r"|autis(?:m|tic)|asperger'?s|hiv\b|hepatitis|miscarriage|cystic fibrosis|crohn'?s"
    r"|lupus\b|fibromyalgia|cerebral palsy|down syndrome|heart attacks?|heart (?:failure"
    r"|disease|condition|surgery|trouble|problems?|patient)|kidney (?:failure|disease"
    r"|stones?)|hip replacement|knee (?:replacement|surgery)|hospice|palliative|bedridden"
    r"|bed rest|hard of hearing|hearing aids?|macular degeneration|glaucoma|concussion"
    r"|pneumonia|covid(?:-19)?|insulin|antidepressants?|methadone|opioids?|alcoholic"
    r"|alcoholism|overdosed?|suicid(?:e|al)|self-harm|eating disorder|anorexi[ac]|bulimi[ac]"
    r"|panic attacks?|psychiatr\w{2,4}|oncolog\w{1,4}|cardiologist|psychotherap\w{1,4}"
    r"|chronic (?:pain|fatigue|illness)|oxygen concentrator|immunocompromised"
    r"|compromised immune system|high blood pressure|legally blind|blood clots?"
    r"|brain tumou?rs?|aneurysm|migraines?|sciatica|osteoporosis|mental (?:health|illness)"
    r"|nervous breakdown|postpartum|vasectomy|ivf\b|fertility treatments?|menopause"
    r"|mastectomy|hysterectomy|caesarean|c-section|preeclampsia|broken (?:leg|arm|hip|wrist"
    r"|ankle|collarbone|rib)s?|broke (?:my|his|her) (?:leg|arm|hip|wrist|ankle|back)"
    r"|colonoscopy|biopsy|transfusion|pacemaker|defibrillator|prosthe(?:sis|tic leg)"
    r"|amputat\w{2,4}|losing (?:my|his|her|their) memory|lost (?:my|his|her) (?:sight"
    r"|hearing|leg|memory)|memory care|assisted living|nursing home|in remission"
    r"|terminally ill|long covid|drug (?:addict\w{0,4}|problem|abuse)|addict(?:ed|ion"
    r"|ions)?\b|detox\b|narcotics anonymous|alcoholics anonymous|aa meetings?"
    r"|anaphyla\w{2,4}|epi-?pens?|peanut allergy|nut allergy|mold allergy|quimio(?:terapia)?"
    r"|diálisis|diabétic[oa]|embarazada|silla de ruedas|infarto|derrame cerebral"
    r"|alzh[eé]imer|demencia|epilepsia|esquizofrenia|discapacitad[oa]|minusválid[oa]"
    r"|marcapasos|chimio(?:thérapie)?|diabétique|diabète|fauteuil roulant|infarctus"
    r"|crise cardiaque|sclérose en plaques|démence|épilepsie|hospitalisé(?:e)?"
    r"|maladie de parkinson|handicapé(?:e)?|dialyse\b|schwanger(?:schaft)?|rollstuhl"
    r"|herzinfarkt|schlaganfall|brustkrebs|krebs(?:erkrankung|kranke?|diagnose)\b|demenz"
    r"|rheuma\b|diabetiker(?:in)?|schwerbehindert\w{0,2}|pflegegrad|bandscheibenvorfall"
    r"|epileptiker|herzschrittmacher|chemotherapie|herzkrank|lungenentzündung"
    r"|مريض(?:ة)?(?: ب\w{3,12})?|السكري|سرطان|القلب"
)
_OF_A_PERSON = (
    r"tumou?rs?|strokes?|seizures?|anxiety|pregnan(?:t|cy)"
    r""
    r""
    r"|orthodontist"
    r"|elevated lead|lead poisoning|drinking heavily|tested positive|the er\b|icu\b|nicu\b"
    r"|on a walker|catheter|bronquitis|fieber|husten"
    r"|tos\b|fiebre|fièvre|angine|grippe\b|gripe\b|operation on (?:my"
    r"|his|her) \w{3,12}"
    r"|emergency room|therap(?:ist|y)\b|counsel(?:l)?ing"
    r"|physio(?:therapy|therapist)?"
    r"|wheelchair|crutches|walker|allerg(?:y|ies|ic)|sober|relapsed?|diagnos(?:is|ed)"
    r"|medications?"
    r"|meds\b|prescriptions?|the flu\b|transplant|disabilit(?:y|ies)|autoimmune|vertigo"
    r"|faint(?:ed|ing)"
    r"|blind\b|deaf\b|oxygen\b|rehab\b|aids\b|maternity leave|paternity leave"
    r"|sick leave"
    r"|depress(?:ion|ed)|bad (?:back|knee|hip|heart)s?|back (?:surgery|injury|pain)"
    r"|chest pains?|headaches?"
    r"|stomach pains?|ill\b|unwell|illness|injur(?:y|ies|ed)\b|memory loss|alcohol\b"
    r"|drinking problem|cast on"
    r"|cáncer|corazón|depresión|ansiedad|cirugía|operad[oa]|ingresad[oa] en|en el hospital\b"
    r"|discapacidad"
    r"|enferm[oa]\b|embarazo|asma\b"
    r"|alergi[ac]o?|enceinte|grossesse|hôpital|cancer du|malad(?:e|ie)\b|opér(?:é|ée|ation)"
    r"|asthme|dépression"
    r"|allergique|avc\b|krank\b|krebs\b|krankenhaus|operiert|behinderung|reha\b|burnout"
    r"|therapeut\w{0,2}|klinik\b"
    r"|allergisch|depressionen|حامل|المستشفى"
)
_NO_TRADE = (
    r"(?! ?-?(?:ramp|access\w{0,5}|lift|length|engine|cycle|in (?:the|our|my) (?:lawn|yard"
    r"|grass|driveway|slab"
    r"|concrete|floor|wall|asphalt|ground|roof|pavement)|flanges?|caps?|nuts?|rivets?"
    r"|corners?|holes?|spots?"
    r"|bids?|copy|sensor|barrier|tank rental|grade|job|building|site|account|wing|project"
    r"|contract|valve|bolts?"
    r"|stops?|pump|switch|relay|code|report|tree|dates? for|schedule|fee|permit|invoice|door"
    r"|size|bed frame"
    r"|of (?:work|the invoice|the bill|payment|the furnace|the boiler)|at (?:no|your)|rinse"
    r"|cleaner|bleach))"
)

_WHERE = (
    r"(?:breast|lung|prostate|colon|skin|pancreatic|ovarian|cervical|thyroid|bladder|kidney"
    r"|liver"
    r"|brain|bone|throat|stomach|blood|heart|open-heart|knee|hip|back|shoulder|eye|cataract"
    r"|ear|sinus"
    r"|urinary|chest|neck|foot|hand|spinal|spine|gallbladder|hernia|bypass|dental|oral"
    r"|emergency|major"
    r"|minor|plastic|stage \w{1,5}|terminal|chronic|severe|metastatic|staph|c-section"
    r"|carpal tunnel)"
)

HEALTH: tuple[Rule, ...] = (
    Rule(
        label="HEALTH",
        name="illness that no machine has",
        pattern=rf"\b(?:{_NEVER_A_MACHINE})(?!\w)" + _NO_TRADE,
        starts=stems(_NEVER_A_MACHINE),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="HEALTH",
        name="illness of a part of the body",
        pattern=rf"(?<!(?:tree|pump|two|four|2|4|piston) )\b(?:{_WHERE} ){{0,2}}(?:cancers?"
        rf"|surger(?:y|ies)"
        r"|infections?|transplants?|replacement surgery|injur(?:y|ies))(?!\w)" + _NO_TRADE,
        score=NEEDS_CONTEXT,
        context=PEOPLE,
        needs=("cancer", "surger", "infection", "transplant", "injur"),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="HEALTH",
        name="illness beside a person",
        pattern=r"(?<!(?:tree|pump|two|four|2|4|piston|down|the new|st\.|master|general"
        r"|animal|memorial"
        r"|computer|window|venetian|roller|roman) )(?<![-\w])"
        rf"(?:{_OF_A_PERSON})(?!\w)" + _NO_TRADE,
        score=NEEDS_CONTEXT,
        context=PEOPLE,
        starts=stems(_OF_A_PERSON),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
)
