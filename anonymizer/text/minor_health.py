"""What ails a child: read only where a sentence speaks of one."""

from __future__ import annotations

from anonymizer.text.minor_words import CHILD_WORD, NAMES_1, Row, row

_QUALITY = (
    r"(?:(?:a|an|une?|una|eine[nr]?|the|his|her|some|really|very|quite|bad|badly|severe|severely"
    r"|mild|mildly|chronic|acute|serious|terrible|awful|nasty|high|type [12]"
    r"|juvenile|childhood|seasonal|recurrent|frequent|double|another|little"
    r"|slight|broken|fractured|sprained|congenital|rare|life-threatening"
    r"|sensory|slightly|highly|extremely|deathly|profoundly|partially|also"
    r"|newly|both)\s){0,4}"
)
_ILL = (
    r"(?:asthma(?:tic)?(?: attacks?)?|allerg(?:y|ies|ic)(?: to (?!be "
    r"|get )[\w']+(?:(?:,|,? and|,? or)?\s(?!(?:he|she|they|so|but|we|the|is|in"
    r"|at|who|i|and|or|please|can|has|have|for|carries|that"
    r"|which)\b)[\w']+){0,3})?|(?:(?:peanut|nut|tree[- ]nut|latex|dust|mold"
    r"|pollen|bee|milk|dairy|egg|pet|food|cat|dog|gluten|wheat"
    r"|shellfish)\s?)+allerg(?:y|ies)"
    r"|autis(?:m|tic)(?: spectrum(?: disorder)?)?(?: and non-?verbal)?"
    r"|on the (?:autism )?spectrum|asperger'?s?|non-?verbal|adhd|(?-i:ADD)\b"
    r"|dyslexi[ac]|dyspraxia|tourette'?s?|down(?:'s)? syndrome|special needs"
    r"|developmental(?:ly)? (?:delays?|delayed)|learning (?:disability"
    r"|disabilities|difficulties)|speech (?:delay|impediment)"
    r"|cerebral palsy|epilep(?:sy|tic)|seizures?|spina bifida"
    r"|muscular dystrophy|cystic fibrosis|sickle cell(?: disease| anemia)?"
    r"|leuk(?:a)?emia|cancer|tumou?r|brain tumor|diabet(?:es|ic)(?: type [12])?"
    r"|h(?:a)?emophilia|celiac(?: disease)?|coeliac|crohn'?s|eczema|psoriasis"
    r"|hives|rash"
    r"|croup|rsv|whooping cough|bronchi(?:tis|olitis)|pneumonia"
    r"|strep(?: throat)?|tonsillitis|tonsils (?:out|removed)|ear infections?"
    r"|ear tubes?|pink ?eye|conjunctivitis|chicken ?pox|measles|mumps"
    r"|scarlet fever|hand[, ]foot[, ]and[ -]mouth(?: disease)?|head lice|lice"
    r"|nits|pinworms|impetigo|flu|influenza|covid(?:-19)?"
    r"|(?:the )?stomach (?:bug|flu|virus)|gastro|norovirus|mono"
    r"|lyme(?: disease)?|meningitis|bug"
    r"|(?:running )?(?:a )?(?:low |slight |high"
    r" )?fever(?: of \d{2,3}(?:\.\d)?)?|temperature of \d{2,3}(?:\.\d)?"
    r"|(?:a )?cold|cough|sore throat|throwing up|vomiting|diarrhea|concussion"
    r"|stitches|(?:a )?(?:broken|fractured|sprained) (?:arm|leg|wrist|ankle"
    r"|foot|toe|finger|collarbone|elbow|nose|bone|hip)|(?:arm|leg|foot"
    r"|wrist) (?:is )?in a cast|(?:a )?cast"
    r"|wheelchair|power ?chair|walker|crutches|braces|back brace|hearing aids?"
    r"|cochlear implants?|deaf|blind|hard of hearing|feeding (?:tube|pump)"
    r"|g-tube|trach(?:eostomy)?|apnea monitor|oxygen|ventilator|nebuli[sz]er"
    r"|inhaler|epi-?pens?|insulin(?: pump)?|heart (?:condition|defect|murmur"
    r"|surgery)|surgery|operation|chemo(?:therapy)?|dialysis|transplant"
    r"|premature|preemie|in the (?:NICU|PICU|ER|hospital)(?: (?:once|twice"
    r"|three times|again|last (?:week|month|night)))?(?: in \w+)?|colic(?:ky)?"
    r"|reflux|jaundice|teething|elevated (?:blood"
    r" )?lead(?: levels?)?(?: \([^)\n]{1,24}\))?|lead poisoning"
    r"|high lead levels?|lead level(?:s)?(?: of [\w./ ]{1,12})?"
    r"|speech(?: and language)? therap(?:y|ist)|physical therap(?:y|ist)"
    r"|occupational therap(?:y|ist)|play therap(?:y|ist)"
    r"|behaviou?ral therap(?:y|ist)|ABA therapy|therap(?:y|ist)|counseling"
    r"|psychologist|psychiatrist|anxiety|depression|depressed|anxious"
    r"|panic attacks?|night terrors|nightmares|bed[- ]?wetting|wets the bed"
    r"|sleepwalk\w*|ocd|eating disorder|anorexi[ac]|self[- ]harm|meltdowns?"
    r"|sensory (?:issues|processing disorder)"
    r"|immunocompromised|immune (?:deficiency|disorder|compromised)|an? IEP"
    r"|stutters?|vaccin(?:ation|ations|es?)|immuni[sz]ations?|shots|disabled"
    r"|disability|scoliosis|clubfoot|cleft (?:palate|lip)|gluten intoleran\w+"
    r"|lactose intoleran\w+|migraines?|poisoned|burn(?:s|ed his hand"
    r"|ed her hand)|pregnant|sick"
    r"|asma|autismo|autista|alérgic[oa](?: a[l]? (?:l[oa]s? )?[\w ]{3,24})?"
    r"|alergias?|fiebre|varicela|gripe|epilepsia|diabetes|síndrome de down"
    r"|silla de ruedas|parálisis cerebral|febre|bronquitis|bronquiolitis|otitis"
    r"|TDAH|el brazo roto|un brazo roto"
    r"|asthm(?:e|atique)|autis(?:te|me)|allerg(?:ique|ie)(?: (?:aux?|à la"
    r"|à l') ?[\w ]{3,24})?|fièvre|varicelle|grippe|épilep(?:sie|tique)"
    r"|diab(?:ète|étique)|trisomi(?:e|que)(?: 21)?|fauteuil roulant|otite"
    r"|bronchiolite|TDAH|le bras cassé|trisomie 21|dyslexique"
    r"|Autis(?:mus|t|tin)|Allergie(?: gegen \w+)?|allergisch(?: (?:auf"
    r"|gegen) \w+)?|Fieber|Windpocken|Grippe|Epilepsie|Diabetes|Rollstuhl"
    r"|Down-Syndrom|Neurodermitis|krank|Scharlach|Magen-Darm)"
)
_LISTED_1 = """
    asthma asthmatic allergy allergies allergic autism autistic spectrum asperger
    aspergers nonverbal non adhd add dyslexia dyslexic dyspraxia tourette tourettes down
    special developmental developmentally learning speech cerebral epilepsy epileptic
    seizure seizures spina muscular cystic sickle leukemia leukaemia cancer tumor tumour
    diabetes diabetic hemophilia haemophilia celiac coeliac crohn crohns eczema psoriasis
    hives rash croup rsv whooping bronchitis bronchiolitis pneumonia strep tonsillitis
    tonsils ear pink pinkeye conjunctivitis chicken chickenpox measles mumps scarlet hand
    lice nits impetigo flu influenza covid stomach gastro norovirus mono lyme meningitis
    bug fever temperature cold cough sore throwing vomiting diarrhea concussion stitches
    broken fractured sprained cast wheelchair power walker crutches braces brace hearing
    cochlear deaf blind hard feeding tube trach apnea oxygen ventilator nebulizer
    nebuliser inhaler epipen epipens epi insulin heart surgery operation chemo
    chemotherapy dialysis transplant premature preemie nicu picu er hospital colic colicky
    reflux jaundice teething lead therapy therapist counseling psychologist psychiatrist
    anxiety depression depressed anxious panic night nightmares wets bedwetting wetting
    sleepwalks sleepwalking ocd eating anorexia anorexic self meltdown meltdowns sensory
    immunocompromised immune iep stutter stutters vaccine vaccines vaccination
    vaccinations immunization immunizations shots disabled disability scoliosis clubfoot
    cleft gluten lactose migraine migraines poisoned burn burns pregnant sick
    bronquiolitis otitis asma autismo autista alérgico alérgica alergia alergias fiebre
    varicela gripe epilepsia síndrome silla parálisis febre bronquitis tdah brazo asthme
    asthmatique autiste autisme allergique allergie fièvre varicelle grippe épilepsie
    épileptique diabète diabétique trisomie trisomique fauteuil otite bras autismus autist
    autistin allergisch fieber windpocken epilepsie rollstuhl syndrom neurodermitis krank
    scharlach magen broke broken pediatrician paediatrician pediatric orthodontist peds
    checkup vet ped peanut nut powerchair insulin pox
"""
_WAKE = frozenset(_LISTED_1.split())
_DOCTOR = (
    r"(?:pa?ediatric(?:ian|s| (?:dentist|cardiologist|neurologist|oncologist"
    r"|surgeon|clinic|ward|appointment|urgent care))|orthodontist"
    r"|child psychologist|ENT|speech therapist|ped)"
)

ROWS: tuple[Row, ...] = (
    row(
        "illness of a child",
        _WAKE,
        rf"(?P<HEALTH>(?:\b(?:has|have|had|got|gets|having|suffers from"
        rf"|diagnosed with|uses|wears"
        rf"|needs)\s(?=[^.!?\n]{{0,60}}))?{_QUALITY}(?<![\w-])(?<!children's"
        rf" ){_ILL}(?![\w-])(?!\s(?:water|weather|air|feed|snap|day|tap|spot|side"
        rf"|front|machine|tile|pipe|paint|storage|saw|strip|bedroom in the))(?:(?:,"
        rf"| and| &)\s(?:an?\s)?{_ILL}(?![\w-])){{0,2}})",
        child_near=True,
    ),
    row(
        "broke a bone",
        "broke broken fractured sprained cut burned hit",
        r"(?P<HEALTH>\b(?:broke|fractured|sprained|dislocated|burned|twisted"
        r"|cracked)\s(?:his|her|their|an?)\s(?:\w+\s)?(?:arm|leg|wrist|ankle|foot"
        r"|toe|finger|collarbone|elbow|nose|hand|knee|skull|tooth)\b)",
        child_near=True,
    ),
    row(
        "name's illness",
        _WAKE,
        rf"(?<![\w-]){NAMES_1}'s?\s(?P<HEALTH>ADHD|asthma|autism|inhaler|EpiPen"
        rf"|allergies|allergy|braces|wheelchair|insulin|nebulizer|speech therapy|IEP"
        rf"|croup|eczema|ear infection|seizures?)\b",
        child_near=True,
    ),
    row(
        "at the pediatrician",
        "pediatrician paediatrician pediatric orthodontist"
        " pediatrics peds vaccinations vaccination"
        " immunizations immunization ped shots checkup",
        rf"\b(?:tak(?:e|ing)|bring(?:ing)?|driv(?:e|ing)"
        rf"|get(?:ting)?)\s{NAMES_1}\s(?:in\s)?(?:to|at)\s(?:the\s|his\s|her\s"
        rf"|a\s)?(?P<HEALTH>{_DOCTOR})|(?<![\w-]){NAMES_1}\s(?:sees|has|is seeing"
        rf"|is at|goes to|visits|is due (?:for|at)|gets?|is getting|needs|has to see"
        rf"|just saw)\s(?:(?:an?|the|his|her)\s)?(?:[^.!?\n]{{0,20}},\s(?:his"
        rf"|her)\s)?(?P<HEALTH>{_DOCTOR}|speech therapy|ABA therapy|vaccinations?"
        rf"|immuni[sz]ations?)(?:\sappointment)?\b"
        rf"|(?<![\w-]){NAMES_1}'s?\s(?P<HEALTH>{_DOCTOR}|vaccinations?"
        rf"|immuni[sz]ations?)",
    ),
    row(
        "his pediatrician",
        "pediatrician paediatrician ped orthodontist",
        r"(?P<pronoun>\b(?:his|her|their))\s(?:pa?ediatrician|orthodontist|ped)\b",
    ),
    row(
        "due for shots",
        "vaccinations vaccination immunizations immunization checkup shots",
        rf"(?<![\w-]){NAMES_1}\s(?:is\s)?(?:due for|getting|gets|got|needs)\s(?:his"
        rf"|her)\s(?P<HEALTH>vaccin\w+|immuni[sz]ations?|shots|(?:\w+-)?(?:month"
        rf"|year) check-?up)",
    ),
    row(
        "name's doctor",
        "pediatrician paediatrician pediatrician's orthodontist",
        r"\b(?:his|her|our)\s(?:pa?ediatrician|orthodontist"
        r"|ped),?\s(?P<PERSON>(?-i:Dr\.?\s\p{Lu}[\p{L}'-]+))"
        r"|(?P<PERSON>(?-i:Dr\.?\s\p{Lu}[\p{L}'-]+)),\s(?:his|her"
        r"|our)\s(?:pa?ediatrician|orthodontist)",
    ),
    row(
        "sick child",
        "sick fever flu strep braces stitches tubes lice rsv croup pox",
        rf"(?<![\w-]){NAMES_1}\s(?:has|is|got|caught|came down with|is down with"
        rf"|woke up with)\s(?P<HEALTH>(?:a\s)?(?:fever(?: of \d{{2,3}})?"
        rf"|strep(?: throat)?|croup|pink ?eye|chicken ?pox"
        rf"|hand[, ]foot[, ]and[ -]mouth|lice|RSV|braces|ear tubes|stitches))\b",
    ),
    row(
        "kin is ill",
        _WAKE,
        rf"\b(?:my|our|his|her"
        rf"|their)\s(?:\w+\s){{0,2}}(?P<kin>{CHILD_WORD})(?:,?\s{NAMES_1},?)?\s(?:has"
        rf"|have|is|suffers from|got|uses"
        rf"|was)\s(?P<HEALTH>{_QUALITY}{_ILL})(?![\w-])",
    ),
)
