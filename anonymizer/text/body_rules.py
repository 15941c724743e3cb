"""Health told by its parts, as rows: a part of the body and a complaint, an act of medicine.

Nobody lists every illness. What does not change is the grammar: somebody broke, hurt or had
something done to a part of the body, takes or waits for a treatment, can no longer do what
everybody does. Words of medicine are also told by their endings.
"""

from __future__ import annotations

from anonymizer.text.health_rules import PEOPLE
from anonymizer.text.rule import NEEDS_CONTEXT, Rule, stems

_PART = (
    r"(?:backs?|knees?|hips?|shoulders?|necks?|ankles?|wrists?|legs?|arms?|foot|feet|hands?"
    r"|heart|lungs?|kidneys?|liver|eyes?|eyesight|vision|hearing|ears?|memory|balance|spine"
    r"|ribs?"
    r"|nerves|stomach|joints|elbows?|fingers?|thumbs?|toes?|collar ?bone|jaw|hamstring|achilles"
    r"|meniscus|rotator cuff|acl|discs?|disks?|sinuses|prostate|gall ?bladder|appendix|tonsils"
    r"|blood (?:pressure|sugar)|thyroid|pelvis|tailbone|femur|tibia|skull|nose|teeth|tooth"
    r"|bladder"
    r"|mobility|sciatic nerve|health)"
)
_NO_THING = (
    r"(?![ -](?:yard|door|porch|deck|room|gate|neighbou?rs?|bath\w{0,4}|hall|tools?|saws?"
    r"|rails?"
    r"|wall|stairs?|steps|garden|patio|entrance|side|up|flow|plate|held|valve|rest|truck|drill"
    r"|print|pump|unit|half|lane|lot|alley|window|bedroom|of (?:the|my|our) (?:house|sink|unit"
    r"|garage|yard|lot)))"
)
_SIDE = (
    r"(?:(?:left|right|lower|upper|bad|good|other|whole|poor|own|big|little|both|two"
    r"|old) ){0,2}"
)
_WHOSE = (
    r"(?:my|his|her|their|both(?: of)?(?: my| his| her)?|a|an|two|three|one of (?:my|his|her))"
)
_HURT = (
    r"(?:broke|broken|breaking|breaks|fractur\w{1,3}|sprain\w{0,3}|twisted|tore|torn|hurts?"
    r"|hurting|injur\w{1,3}|threw|thrown|pulled|strained|burn(?:ed|t)|burned|cut|sliced|smashed"
    r"|dislocated|blew out|wrecked|messed up|bruised|banged up|lost|slipped|pinched|shattered"
    r"|busted|jammed|rolled|wrenched|tweaked|crushed|chopped|scalded|hit|bumped|split|cracked)"
)
_COMPLAINT = (
    r"(?:(?:is|are|was|were|isn'?t|aren'?t|has been|have been|'s been|'s|'re|just|really|still"
    r"|getting|got|have|has|keeps?|so|not|all|been|very|pretty) ){0,4}"
    r"(?:shot|bad|weak|failing|going|gone|good|great|swollen|broken|sore|stiff|numb|worn"
    r"|out|giving out|gave out|give out|acting up|killing (?:me|him|her)|messed up|wrecked"
    r"|hurts?|hurting|aches?|aching|worse|trouble|problems?|pains?|issues?|injur(?:y|ies)"
    r"|surgery"
    r"|operation|condition|disease|failure|replacements?|replaced|disorder|cancer|infection"
    r"|defect"
    r"|bypass|attack|transplant|stones|spasms?|cramps?|loss|implants?|scan|specialist|doctor"
    r"|poor|terrible|declining|deteriorat\w{2,4})\b"
)
_BAD = (
    r"(?:bad|sore|weak|busted|broken|fractured|swollen|artificial|replaced|twisted|sprained"
    r"|torn"
    r"|injured|slipped|herniated|bulging|pinched|dislocated|wonky|dodgy|gammy|bruised|cracked"
    r"|frozen|prosthetic|false|glass|new|titanium|poor|failing|lazy|burnt|enlarged|heavy"
    r"|crushed"
    r"|ruptured|burst|black|pulled|stiff|arthritic|phantom|irregular|heart|high|low)"
)
_ACT = (
    r"(?:surger(?:y|ies)|operations?|procedure|stents?|pace ?maker|mri\b|ct scans?|cat scans?"
    r"|pet scans?|bone scans?"
    r"|biops(?:y|ies)|bypass|transplant|transfusions?|chemo\w{0,7}|dialysis|radiation"
    r"|radiotherapy|cortisone (?:shot|injection)s?|epidural|catheter|ultrasound|blood ?work"
    r"|blood tests?|check-?up|physical therapy|physio\w{0,8}|infusions?|stitches|staples"
    r"|sutures"
    r"|root canal|amputation|angioplasty|endoscopy|hip replacement|knee replacement"
    r"|joint replacement"
    r"|c-section|csection|hysterectomy|tubes in (?:his|her) ears|ear tubes|ventilator"
    r"|feeding tube|oxygen"
    r"|nebuli[sz]er|inhaler|iv\b|cast|splint|walker|cane|crutch(?:es)?"
    r"|wheel ?chair|walking frame|zimmer frame|hearing aids?|prosthesis|stair ?lift"
    r"|hospital bed"
    r"|home (?:nurse|health aide|ventilator)|visiting nurse|caregiver|carer|eye drops"
    r"|concussion"
    r"|sleep apnea|seizures?|black-?outs?|fainting spells?|rash|hives|fever|flu"
    r"|vertigo|tinnitus|gout|ulcers?|hernia|cataracts?|anemia|eczema|psoriasis|ms|als|ocd|rsv"
    r"|uti"
    r"|tb|copd|mrsa|ibs|tumou?rs?|cyst|stroke|fall|accident|heart attack|illness|injury"
    r"|cold"
    r"|stomach bug|food poisoning|nosebleeds?|headaches?|migraines?|cramps|nausea"
    r"|diarrh?ea)"
)
_MANY_PEOPLE = (
    r"(?:i|he|she|we|they|wife|husband|mom|mum|dad|mother|father|son|daughter|brother|sister"
    r"|kid"
    r"|boy|girl|baby|partner|tenant|uncle|aunt|grandma|grandpa|nan|gran|neighbou?r|roommate|who"
    r"|boyfriend|girlfriend|cousin|nephew|niece|friend|owner|lady|man|guy|resident"
    r"|(?-i:\p{Lu}\p{Ll}{2,14}))"
)
_AM = r"(?:'m|'s|'re|m| am| is| are| was| were| has been| have been|'ve been|'s been| been)"
_ADVERB = (
    r"(?: (?:just|still|also|now|currently|really|only|recently|always|both"
    r"|very|pretty|back)){0,2}"
)

_STATE = (
    r"(?:on oxygen|on (?:bed ?rest|crutches|a walker|dialysis|disability|painkillers|pain meds"
    r"|meds|medication|antibiotics|steroids|insulin|methadone|suboxone|chemo|hospice|lithium"
    r"|prozac|a ventilator|a drip|sick leave|sick|strong pills|the spectrum)|in (?:labou?r"
    r"|pain|recovery|remission|rehab|detox|hospital|a coma|a wheelchair|a cast|a sling"
    r"|intensive care"
    r"|icu|traction|therapy|a boot|a psych ward|hospice|a care home|a nursing home|memory care)"
    r"|into rehab|off sick|off work sick|home sick|sick|ill|unwell|poorly|not well"
    r"|under the weather"
    r"|bed-?bound|bed-?ridden|house-?bound|wheelchair-?bound|disabled|handicapped|paraly[sz]ed"
    r"|deaf|going (?:blind|deaf)|blind|hard of hearing|near-?sighted|partially sighted|frail"
    r"|immuno\w{6,12}|pregnant|expecting|postpartum|months? (?:along|pregnant)|weeks? (?:along"
    r"|pregnant)"
    r"|sober|clean (?:for|since)|relaps\w{2,3}|using again|addicted|suicidal|sectioned"
    r"|depress\w{2,3}|bipolar|autistic|manic|schizo\w{4,8}|diabetic|asthmatic|epileptic"
    r"|anorexic"
    r"|allergic|contagious|infectious|concussed|nauseous|dizzy|light-?headed|feverish|terminal"
    r"|dying|dying of \w{3,12}|post-?op|pre-?op|nonverbal|incontinent|hospitali[sz]ed|intubated"
    r"|sedated|admitted|discharged|diagnosed(?: with [\w ]{3,24}?\b)?|a (?:double "
    r"|below-knee )?amputee"
    r"|an (?:addict|alcoholic|epileptic|amputee)|a (?:diabetic|cancer survivor"
    r"|recovering \w{4,9}"
    r"|dialysis patient|stroke survivor|hoarder|paraplegic|quadriplegic|burn victim)"
    r"|in a (?:car|bike|motorcycle|bad) (?:accident|crash|wreck)|recovering|recuperating"
    r"|healing"
    r"|laid up|not (?:feeling|doing) (?:well|good|great)|throwing up|vomiting|coughing|wheezing"
    r"|limping|bleeding|seeing (?:a|an|my|her|his) (?:therapist|shrink|psychiatrist|specialist"
    r"|counsel\w{2,4}|oncologist|cardiologist|psychologist))"
)

BODY: tuple[Rule, ...] = (
    Rule(
        label="HEALTH",
        name="hurt part of the body",
        pattern=rf"\b{_HURT}(?: (?:up|out|off))? {_WHOSE} {_SIDE}{_PART}\b{_NO_THING}(?: out)?"
        rf"|\b(?:sprained|fractured|broken|torn|twisted|bruised|dislocated|ruptured|scraped"
        rf"|burnt)"
        rf" {_SIDE}{_PART}\b{_NO_THING}",
        score=NEEDS_CONTEXT,
        context=(*PEOPLE, "kid", "boy", "girl", "baby", "friend", "neighbor", "jumping",
                 "fell"),
        needs=("bro", "break", "fract", "sprain", "twist", "tor", "hurt", "injur", "threw",
               "throw",
               "pull", "strain", "burn", "cut", "slic", "smash", "disloc", "blew", "wreck",
               "mess",
               "bruis", "bang", "lost", "slip", "pinch", "shatt", "bust", "jam", "roll",
               "wrench",
               "tweak", "crush", "chop", "scald", "hit", "bump", "split", "crack"),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="HEALTH",
        name="complaint of a part of the body",
        pattern=rf"\b(?:my|his|her|their|[\w-]{{3,14}}'s) \K{_SIDE}{_PART}\b{_NO_THING}"
        rf"(?: and {_PART})? ?{_COMPLAINT}",
        needs=stems(_PART[3:-1]),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="HEALTH",
        name="bad part of the body",
        pattern=rf"\b(?:ha(?:s|ve|d)|got|with|'ve|'s got|my|his|her|from|to|after|of|a|two"
        rf"|getting)"
        rf" (?:an? |his |her |my |two |some |got |really |very |such ){{0,3}}\K(?:{_BAD} )"
        rf"{_SIDE}{_PART}\b{_NO_THING}(?! (?:is|for) (?:on|the (?:unit|clock)))",
        score=NEEDS_CONTEXT,
        context=PEOPLE,
        needs=("bad", "sore", "weak", "bust", "brok", "fract", "swoll", "artif", "replac",
               "twist",
               "sprain", "torn", "injur", "slip", "herni", "bulg", "pinch", "disloc", "wonky",
               "dodgy", "gammy", "bruis", "crack", "frozen", "prosth", "false", "glass", "new",
               "titan", "poor", "fail", "lazy", "burn", "enlarg", "heavy", "crush", "ruptur",
               "burst", "black", "pull", "stiff", "arthr", "phantom", "irreg", "heart", "high",
               "low"),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="HEALTH",
        name="state of a person",
        pattern=rf"(?={_STATE}(?!\w))(?:(?<=\b{_MANY_PEOPLE}{_AM}{_ADVERB} (?:\w{{2,8}} )?)"
        rf"|(?<=\b{_MANY_PEOPLE} (?:just )?(?:got|went|came (?:down|home)|fell|is going|gets"
        rf"|feels?|felt"
        rf"|wound up|ended up|landed|checked)(?: back)? )){_STATE}"
        r"(?! (?:of (?:the|this|it|waiting)|leave policy|pay\b))",
        starts=stems(_STATE[3:-1]),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="HEALTH",
        name="treatment of a person",
        pattern=rf"(?={_ACT}\b)(?<=\b{_MANY_PEOPLE}(?:'s|'ve|'d|'m|'re)?{_ADVERB} (?:ha(?:s|ve"
        rf"|d|ving)|got|gets?"
        r"|getting|needs?|needed|had to (?:have|get)|uses?|using|wears?|wearing|is on|am on"
        r"|are on"
        r"|caught|suffers? from|suffered|suffering from|struggl\w{2,3} with|lives? with"
        r"|living with"
        r"|waiting (?:on|for)|scheduled for|in for|down with|came down with|diagnosed with"
        r"|recovering from|fighting|battl\w{2,3}|under\w{2,5}|taken for|due for|goes to"
        r"|going to"
        r"|going for|went for|go for|going through|start(?:s|ed|ing)?)"
        r" (?:(?:an?|his|her|my|the|another|some|to have|two|three|bad|mild|major|minor|severe"
        r"|really|open|emergency|nasty|home|portable|chronic|terrible|serious|from|more|stage"
        r"|\d|iv|spinal|heart|hip|knee|eye|back|brain) ){0,3})"
        rf"{_ACT}\b(?! (?:permit|approval|line|leak|sensor|iron|pipe|of (?:the|a|our) (?:pipe"
        rf"|wall"
        r"|house|lawn)|valve|tank|test|day|water|room|air|snap|front|weather))(?: put in"
        r"| removed"
        r"| placed)?",
        starts=stems(_ACT[3:-1]),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="HEALTH",
        name="after an illness",
        pattern=r"\b(?:recover\w{0,3}|recuperat\w{2,3}|heal(?:ing|ed)|home|back|coming back"
        r"|weak|laid up"
        r"|off work|resting) (?:from|after|since) (?:an? |his |her |my |the |major |open ){0,2}"
        rf"\K(?:\w{{3,12}} )?{_ACT}\b"
        r"|\b(?:since|after|before|because of|due to|until) (?:my|his|her|their|mom's|dad's)"
        rf" (?:\w{{3,12}} )?\K{_ACT}\b",
        needs=("recover", "recup", "heal", "home", "back", "coming", "weak", "laid", "off",
               "rest", "since", "after", "before", "because", "due", "until"),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="HEALTH",
        name="what somebody can no longer do",
        pattern=rf"\b{_MANY_PEOPLE}(?: \w{{2,12}})? ?\b\K(?:can'?t|cannot|can not|can no longer"
        r"|can (?:barely|hardly)|couldn'?t|(?:is|am|'m|'s|isn't|not) (?:un)?able to"
        r"|has (?:trouble|a hard time|difficulty)|have (?:trouble|a hard time|difficulty)"
        r"|struggles?"
        r" (?:to|with)|shouldn'?t|(?:is|am|'m|'s) not (?:supposed|allowed) to)(?: really| even"
        r"| currently| easily| safely)? (?:(?:do|climb|use|manage|take|go up|get up|handle"
        r"|walk|go down"
        r"|climbing|walking|with)(?: up| down)? (?:the |any |many |too many )?(?:stairs|steps)"
        r"|walk(?:ing)?(?: far| well| without \w{3,10}| much| very far| unaided)?(?! (?:the"
        r"|through"
        r"|you|on|in|around|away|over))|bend(?:ing)?(?: down| over)|kneel\w{0,3}|stand(?:ing)?"
        r" (?:long|for long|up|very)|get out of bed|breath(?:e|ing)|lift(?:ing)? (?:anything"
        r"|more than|heavy)|leave (?:the house|her bed|his bed|bed)|feed (?:him|her)self"
        r"|see (?:well|very|much|any ?more)|hear (?:well|very|much|any ?more)"
        r"|swallow\w{0,3})\b",
        needs=("stair", "step", "walk", "climb", "bend", "kneel", "stand", "out of bed",
               "bed", "breath", "lift", "leave", "feed", "see ", "hear ", "swallow"),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="HEALTH",
        name="visit to a doctor",
        pattern=r"\b(?:doctor|dr\.?|dentist|physio|therap(?:y|ist)|chemo|hospital|clinic"
        r"|medical"
        r"|oncology|cardiology|prenatal|ob-?gyn|midwife|eye doctor|psychiatrist|specialist"
        r"|surgeon"
        r"|mri|surgery|dialysis|radiation|vaccin\w{2,6}|physical therapy|pt)(?:'?s)?"
        r" (?:appointments?|appt\.?s?|visits?|check-?ups?|follow-?ups?|referral)\b"
        r"|\b(?:at|to|seeing|see|from|by) (?:the|my|his|her|a|our) (?:doctor|doctors|dr"
        r"|dentist|er"
        r"|e\.r\.|urgent care|emergency room|hospital|oncologist|cardiologist|neurologist"
        r"|therapist"
        r"|shrink|psychiatrist|ob-?gyn|midwife|surgeon|gp|urologist|dermatologist"
        r"|orthop\w{3,10}"
        r"|podiatrist|pain clinic|methadone clinic)\b(?! (?:building|project|job|site|roof"
        r"|contract))",
        score=NEEDS_CONTEXT,
        context=PEOPLE,
        needs=("doctor", "dr", "dentist", "physio", "therap", "chemo", "hospital", "clinic",
               "medic",
               "oncol", "cardio", "prenatal", "ob", "midwife", "eye", "psychi", "special",
               "surg",
               "mri", "dialys", "radia", "vaccin", "physical", "pt", "er", "e.r", "urgent",
               "emerg",
               "neuro", "shrink", "gp", "urolog", "dermat", "orthop", "podia", "pain",
               "methad"),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
    Rule(
        label="HEALTH",
        name="addiction",
        pattern=r"\b\K(?:drink(?:ing)?|drugs?|heroin|cocaine|coke|meth|fentanyl|oxy|pills?"
        r"|alcohol"
        r"|crack|gambling|painkiller|substance|booze) (?:problem|addict\w{0,3}|habit|abuse"
        r"|issues?"
        r"|dependen\w{2,3})\b|\b(?:addicted to|hooked on|strung out on|od'?d on"
        r"|overdosed on) \w{3,14}|\boverdosed\b|\b(?:he|she) (?:drinks|uses"
        r"|shoots up)\b(?! (?:the|a"
        r"|our|it|water|coffee|tea|my|his|her|your|an?|this|that|only|less|more|up)\b)"
        r"|\b(?:threw|thrown|throwing) up\b(?! (?:an?|the|some|error|code|any|our|fault)\b)"
        r"|\bmiscarr\w{2,5}|\bdown'?s syndrome|\b\w{4,14}'s (?:disease|syndrome|palsy)\b"
        r"|\b(?:lewy body|vascular|early[- ]onset|sickle cell|spinal muscular|muscular|contact)"
        r"(?: (?:dementia|disease|an(?:a)?emia|alzheimer'?s|atrophy|dystrophy|dermatitis))"
        r"|\bmemory[- ]care(?: home| unit)?|\bhearing loss|\bpost-?op\b",
        needs=("drink", "drug", "heroin", "cocain", "coke", "meth", "fent", "oxy", "pill",
               "alcohol", "crack", "gambl", "painkill", "subst", "booze", "addict",
               "hooked", "strung", "od'd", "od on", "overd", "uses", "shoots", "threw",
               "throw", "miscarr", "down's", "downs ", "disease", "syndrome", "palsy",
               "lewy", "vascul", "early", "sickle", "spinal", "muscul", "contact d",
               "memory", "hearing", "post"),
        source="https://gdpr-info.eu/art-9-gdpr/",
    ),
)  # fmt: skip
